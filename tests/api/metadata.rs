//! Codes and what they mean.

use std::collections::{BTreeMap, BTreeSet};

use clientele::app;
use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};
use sqlx::Row;

use crate::support::TestApp;

/// `table.column` → the codes its CHECK lists.
async fn checked(app: &TestApp) -> BTreeMap<String, BTreeSet<String>> {
    let rows = sqlx::query(
        "SELECT format('%s.%s', k.conrelid::regclass, a.attname) AS place, pg_get_constraintdef(k.oid) AS rule
         FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
         WHERE k.contype = 'c' AND cardinality(k.conkey) = 1 AND a.atttypid = 'text'::regtype",
    );
    let rows = rows.fetch_all(&mut app.connect().await).await.unwrap();
    let listed = |rule: &str| -> Option<BTreeSet<String>> {
        let one = rule.contains("= ANY (ARRAY[") || (rule.starts_with("CHECK ((") && rule.contains(" = '"));
        one.then(|| rule.split('\'').skip(1).step_by(2).map(str::to_owned).collect())
    };
    rows.iter().filter_map(|row| Some((row.get("place"), listed(row.get("rule"))?))).collect()
}

#[tokio::test]
async fn every_column_of_codes_takes_exactly_the_codes_of_its_set() {
    let app = TestApp::start().await;
    let checked = checked(&app).await;
    let mut labelled = BTreeSet::new();
    for set in app::SLICES.iter().flat_map(|slice| slice.labels) {
        let codes: BTreeSet<String> = (set.codes)().into_iter().map(|(code, _)| code.to_owned()).collect();
        for column in set.columns {
            assert_eq!(checked.get(*column), Some(&codes), "{} and the CHECK of {column}", set.name);
            labelled.insert((*column).to_owned());
        }
    }
    let unlabelled: Vec<&String> = checked.keys().filter(|column| !labelled.contains(*column)).collect();
    assert!(unlabelled.is_empty(), "columns that list codes, and that no manifest names in `labels`: {unlabelled:?}");
}

#[test]
fn every_set_has_a_name_of_its_own_and_words_for_every_code() {
    let mut names = BTreeSet::new();
    for set in app::SLICES.iter().flat_map(|slice| slice.labels) {
        assert!(names.insert(set.name), "there is another set named {}", set.name);
        let texts = (set.codes)().into_iter().map(|(_, text)| text).chain([(set.title)()]);
        for text in texts {
            let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || c.is_ascii_uppercase();
            assert!(text.en.is_ascii() && text.zh.contains(chinese), "{}: {text:?}", set.name);
        }
    }
}

#[tokio::test]
async fn labels_name_every_set_problem_and_permission() {
    let app = TestApp::start().await;
    app.anonymous().get("/v1/labels").send().await.is_problem(401, "unauthenticated");
    let admin = app.admin().await;
    let labels = admin.get("/v1/labels").send().await.is(200);
    let of = |member: &str| labels.json[member].as_array().unwrap().clone();
    let channel = of("enums").into_iter().find(|set| set["name"] == "interaction_channel").unwrap();
    let call = &channel["codes"][0];
    assert_eq!(
        (&call["code"], &call["label"]["en"], &call["label"]["zh"]),
        (&"call".into(), &"Telephone".into(), &"电话".into())
    );
    let digit = of("faults").into_iter().find(|fault| fault["code"] == "check_digit").unwrap();
    assert_eq!(digit["label"]["zh"], "身份证号码校验位不正确");
    let stale = of("problems").into_iter().find(|problem| problem["code"] == "version_mismatch").unwrap();
    assert_eq!(stale["status"], 412);
    assert_eq!(of("problems").len(), app::codes().count());
    assert!(of("permissions").iter().any(|permission| permission["code"] == "clients:reveal"));
}

#[tokio::test]
async fn a_caller_who_has_the_labels_gets_them_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let first = admin.get("/v1/labels").send().await.is(200);
    assert_eq!(first.header("cache-control"), Some("private, max-age=60"));
    let tag = first.header("etag").unwrap().to_owned();
    for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
        let again = admin.get("/v1/labels").header("If-None-Match", &known).send().await.is(304);
        assert_eq!((again.text().as_str(), again.header("etag")), ("", Some(tag.as_str())));
    }
    admin.get("/v1/labels").header("If-None-Match", "\"x\"").send().await.is(200);
}

/// The field or filter of that name.
fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}

#[tokio::test]
async fn a_resource_says_what_it_holds_and_what_this_caller_may() {
    let app = TestApp::start().await;
    app.anonymous().get("/v1/metadata/resources/interactions").send().await.is_problem(401, "unauthenticated");
    let path = "/v1/metadata/resources/interactions";
    let advisor = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let seen = advisor.get(path).send().await.is(200).json;
    let channel = named(&seen["fields"], "channel");
    assert_eq!(channel["label"], json!({ "en": "How they met", "zh": "沟通渠道" }));
    assert_eq!((&channel["labels"], &channel["options"][0]["code"]), (&json!("interaction_channel"), &json!("call")));
    let may = |field: &Value| [&field["readable"], &field["creatable"], &field["writable"]].map(|may| may == true);
    assert_eq!(may(channel), [true, true, false]);
    let next = named(&seen["fields"], "next_step");
    assert_eq!((may(next), &next["nullable"], &next["data_class"]), ([true, true, true], &json!(true), &json!("c2")));
    assert_eq!((&next["type"], &next["label"]["zh"]), (&json!("string"), &json!("下一步")));
    assert_eq!(may(named(&seen["fields"], "staff_id")), [true, false, false]);
    let filter = named(&seen["filters"], "channel");
    assert_eq!((&filter["repeated"], &filter["options"][1]["code"]), (&json!(true), &json!("email")));
    let analyst = app.client_as(Role::Analyst, DataScope::Firm, BranchId::ROOT).await;
    assert!(!may(named(&analyst.get(path).send().await.is(200).json["fields"], "next_step"))[2]);
    advisor.get("/v1/metadata/resources/no-such-thing").send().await.is_problem(404, "not_found");
}

#[tokio::test]
async fn resources_have_the_sorts_and_states_of_the_house() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let names = admin.get("/v1/metadata/resources").send().await.is(200).json;
    for name in names["items"].as_array().unwrap() {
        let one = format!("/v1/metadata/resources/{}", name["name"].as_str().unwrap());
        let found = admin.get(&one).send().await.is(200).json;
        assert!(!found["fields"].as_array().unwrap().is_empty(), "{one}");
        assert_eq!(name["readable"], true, "an administrator reads everything");
    }
    let alerts = admin.get("/v1/metadata/resources/churn-alerts").send().await.is(200).json;
    assert!(!alerts["sorts"].as_array().unwrap().is_empty());
    assert_eq!(alerts["states"]["field"], "status");
    let steps = alerts["states"]["steps"].as_array().unwrap();
    let cycle = app::SLICES.iter().flat_map(|slice| slice.lifecycles).find(|cycle| cycle.table == "churn_alert");
    assert_eq!(steps.len(), (cycle.unwrap().steps)().len());
}

/// A screen in Chinese shows every field and filter by a word.
#[tokio::test]
async fn every_field_and_filter_has_a_word_in_both_languages() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let names = admin.get("/v1/metadata/resources").send().await.is(200).json;
    let mut without = BTreeSet::new();
    for name in names["items"].as_array().or(names["resources"].as_array()).expect("resources") {
        let name = name["name"].as_str().unwrap();
        let one = admin.get(&format!("/v1/metadata/resources/{name}")).send().await.is(200).json;
        for list in ["fields", "filters"] {
            let members = one[list].as_array().unwrap().iter();
            let bare = members.filter(|member| member["label"]["zh"].is_null() || member["label"]["en"] == "");
            without.extend(bare.map(|member| format!("{name} {list} {}", member["name"].as_str().unwrap())));
        }
    }
    assert_eq!(without, BTreeSet::new(), "give them a word in platform/metadata/glossary.txt, or in their comment");
}
