//! Views and functions that slices publish over their tables: who reads one sees its slice, as if by a path.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use clientele::app::SLICES;

use super::tables::{owners, uses};

/// Who publishes which view, as the manifests say.
fn published() -> BTreeMap<&'static str, &'static str> {
    SLICES.iter().flat_map(|slice| slice.views.iter().map(|view| (*view, slice.name))).collect()
}

/// The slices whose views a statement reads.
pub fn owners_read(sql: &str) -> Vec<String> {
    let published = published();
    let read = uses(sql).into_iter().filter(|(does, _)| *does == "reads");
    read.filter_map(|(_, view)| published.get(view.as_str()).map(|owner| (*owner).to_owned())).collect()
}

/// Every view and table-valued function the migrations create, with the statement that does, newest first.
fn created() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().rev().map(|file| fs::read_to_string(file).unwrap());
    let code =
        texts.map(|text| text.lines().map(|line| line.split("--").next().unwrap()).collect::<Vec<_>>().join("\n"));
    code.flat_map(|text| statements(&text).filter_map(|sql| Some((name(&sql)?, sql))).collect::<Vec<_>>()).collect()
}

/// The statements of a migration; the body of a function belongs to its statement.
fn statements(text: &str) -> impl Iterator<Item = String> {
    let mut found = vec![String::new()];
    for part in text.split_inclusive(';') {
        let open = found.last().unwrap().contains("BEGIN ATOMIC") && !found.last().unwrap().contains("END;");
        if open { found.last_mut().unwrap().push_str(part) } else { found.push(part.to_owned()) }
    }
    found.into_iter()
}

fn name(sql: &str) -> Option<String> {
    let words: Vec<&str> = sql.split(|c: char| c.is_whitespace() || c == '(').filter(|word| !word.is_empty()).collect();
    let words = match words.as_slice() {
        ["CREATE", "OR", "REPLACE", rest @ ..] | ["CREATE", rest @ ..] => rest,
        _ => return None,
    };
    match words {
        ["VIEW", name, ..] => Some((*name).to_owned()),
        ["FUNCTION", name, ..] if sql.contains("RETURNS TABLE") => Some((*name).to_owned()),
        _ => None,
    }
}

/// Slices whose tables or views lie beneath a view of another slice: `(publisher, owner)`.
pub fn owners_beneath() -> BTreeSet<(&'static str, &'static str)> {
    let (published, tables) = (published(), owners());
    let mut beneath = BTreeSet::new();
    for (view, sql) in created() {
        let Some(publisher) = published.get(view.as_str()) else { continue };
        let read = uses(&sql)
            .into_iter()
            .filter_map(|(_, read)| published.get(read.as_str()).or_else(|| tables.get(read.as_str())).copied());
        beneath.extend(read.filter(|owner| owner != publisher).map(|owner| (*publisher, owner)));
    }
    beneath
}

#[test]
fn every_view_is_published_by_a_slice() {
    let (published, created) = (published(), created());
    assert!(created.len() > 5, "the migrations were not found");
    let orphans: Vec<_> = created.iter().filter(|(view, _)| !published.contains_key(view.as_str())).collect();
    assert!(orphans.is_empty(), "views that no manifest names: {orphans:?}");
    let gone: Vec<_> = published.keys().filter(|view| !created.iter().any(|(name, _)| name == **view)).collect();
    assert!(gone.is_empty(), "views that are not there: {gone:?}");
}

#[test]
fn statements_that_read_a_view_are_seen() {
    assert_eq!(
        owners_read("SELECT 1 FROM wanted JOIN LATERAL_ x JOIN client_scope c USING (client_id)"),
        ["book/clients"]
    );
    assert_eq!(owners_read("SELECT 1 FROM activity_as_of($1)"), ["book/trades"]);
    assert_eq!(owners_read("SELECT 1 FROM client"), Vec::<String>::new());
}
