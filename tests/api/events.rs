//! Kinds of events: declared once, described in both languages, and read as they were written, however long ago.

use std::collections::BTreeSet;

use clientele::app::{self, SLICES};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::document::validator;
use crate::support::events::fault;

/// A row of each kind as it was first written. Rows are kept for years: what is here stays readable.
const KEPT: &str = include_str!("../fixtures/events.ndjson");

fn kept() -> Vec<(String, Value)> {
    let row = |line: &str| -> (String, Value) {
        let mut row: Value = serde_json::from_str(line).unwrap();
        (row["kind"].as_str().unwrap().to_owned(), row["data"].take())
    };
    KEPT.lines().map(row).collect()
}

#[test]
fn every_kind_is_declared_once_and_says_what_happened() {
    let (mut kinds, mut names) = (BTreeSet::new(), BTreeSet::new());
    for event in app::events() {
        let (subject, verb) = event.kind.split_once('.').unwrap();
        let snake = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(snake(subject) && snake(verb) && snake(event.subject_kind), "{}", event.kind);
        assert!(kinds.insert(event.kind), "{} is declared twice", event.kind);
        assert!(names.insert(event.name), "{} is declared twice", event.name);
        let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(event.en.is_ascii() && event.zh.contains(chinese), "{}: {} {}", event.kind, event.en, event.zh);
        assert!(["c1", "c2"].contains(&event.data_class), "{}: nothing more sensitive is published", event.kind);
    }
}

#[test]
fn rows_of_every_kind_are_read_as_they_were_written() {
    let rows = kept();
    let faults: Vec<String> = rows
        .iter()
        .filter_map(|(kind, data)| {
            let subject = app::events().find(|event| event.kind == kind).map_or("", |event| event.subject_kind);
            fault(kind, subject, false, data)
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let known: BTreeSet<&str> = rows.iter().map(|(kind, _)| kind.as_str()).collect();
    let without: Vec<&str> = app::events().map(|event| event.kind).filter(|kind| !known.contains(kind)).collect();
    assert_eq!(without, Vec::<&str>::new(), "kinds without a row in tests/fixtures/events.ndjson");
    // A later version's new member is none of our business; a missing one is a fault.
    let opened = app::events().find(|event| event.kind == "client.opened").unwrap();
    let mut row = rows.iter().find(|(kind, _)| kind == opened.kind).unwrap().1.clone();
    row["added_later"] = json!(1);
    assert!((opened.read)(&row).is_ok());
    row.as_object_mut().unwrap().remove("branch_id");
    assert!((opened.read)(&row).is_err() && fault(opened.kind, "client", true, &row).is_some());
}

#[test]
fn subscribers_handle_what_is_published_under_a_name_of_their_own() {
    let mut consumers = BTreeSet::new();
    for subscriber in SLICES.iter().flat_map(|slice| slice.subscribers) {
        assert!(consumers.insert(subscriber.consumer), "{} is there twice", subscriber.consumer);
        for kind in subscriber.kinds {
            assert!(app::events().any(|event| event.kind == *kind && event.published), "{kind} is published by nobody");
        }
    }
    assert!(!consumers.is_empty());
}

#[tokio::test]
async fn event_types_are_listed_with_schemas_that_stand_alone() {
    let app = TestApp::start().await;
    app.anonymous().get("/v1/event-types").send().await.is_problem(401, "unauthenticated");
    let admin = app.admin().await;
    let answer = admin.get("/v1/event-types").send().await.is(200);
    let items = answer.json["items"].as_array().unwrap();
    assert_eq!(items.len(), app::events().count());
    for (kind, data) in kept() {
        let item = items.iter().find(|item| item["kind"] == kind.as_str()).unwrap();
        assert!(!item["schema"].to_string().contains("$ref"), "{item}");
        assert!(jsonschema::validator_for(&item["schema"]).unwrap().is_valid(&data), "{kind}: {data}");
        assert!(
            validator(&json!({ "$ref": format!("#/components/schemas/{}", item["schema_name"].as_str().unwrap()) }))
                .is_valid(&data)
        );
    }
    let opened = items.iter().find(|item| item["kind"] == "client.opened").unwrap();
    assert_eq!(opened["label"], json!({ "en": "A client was opened", "zh": "客户已开户" }));
    assert_eq!(opened["schema"]["properties"]["branch_id"]["x-data-class"], "c1");
    assert_eq!((&opened["published"], &opened["subject_kind"]), (&json!(true), &json!("client")));
    let not_modified = admin.get("/v1/event-types").header("If-None-Match", answer.etag()).send().await;
    assert_eq!(not_modified.status, 304);
}
