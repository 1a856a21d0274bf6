//! The tables of what belongs to a client, as the manifests list them and as the database has them.

use std::collections::{BTreeMap, BTreeSet};

use clientele::app::SLICES;
use clientele::platform;

use crate::support::TestApp;

/// Columns of each table: whether it has `client_id`, and the first column of its primary key.
const TABLES: &str = "SELECT c.relname::text,
        EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'client_id' AND NOT a.attisdropped),
        (SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
         WHERE i.indrelid = c.oid AND i.indisprimary)
    FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace";

/// Columns that refer to staff.
const OF_STAFF: &str = "SELECT c.conrelid::regclass::text, a.attname::text
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.contype = 'f' AND c.confrelid = 'staff'::regclass";

/// Members of staff who are not to act: they stay when clients are handed over.
const NOT_TO_ACT: [(&str, &str, &str); 3] = [
    ("client", "advisor_id", "the hand-over itself moves it, with its history"),
    ("client_assignment", "advisor_id", "who was in charge, and when"),
    ("interaction", "staff_id", "who recorded it"),
];

#[tokio::test]
async fn every_member_of_staff_named_for_a_client_is_to_act_or_stays() {
    let app = TestApp::start().await;
    let columns: Vec<(String, String)> = sqlx::query_as(OF_STAFF).fetch_all(&mut app.connect().await).await.unwrap();
    let tables = SLICES.iter().flat_map(|slice| slice.client_tables);
    let assignee: BTreeMap<&str, Option<&str>> = tables.map(|table| (table.name, table.assignee)).collect();
    let of_clients = columns.iter().filter(|(table, _)| assignee.contains_key(&**table));
    let stays = |table: &str, column: &str| NOT_TO_ACT.iter().any(|(t, c, _)| (*t, *c) == (table, column));
    let open: Vec<_> =
        of_clients.filter(|(table, column)| (assignee[&**table] == Some(&**column)) == stays(table, column)).collect();
    assert!(open.is_empty(), "ClientTable::assigned, or NOT_TO_ACT with the reason: {open:?}");
    let there = |table: &str, column: &str| columns.iter().any(|(t, c)| (&**t, &**c) == (table, column));
    let named = assignee.iter().filter_map(|(table, column)| Some((*table, (*column)?)));
    let gone: Vec<_> =
        named.chain(NOT_TO_ACT.map(|(table, column, _)| (table, column))).filter(|(t, c)| !there(t, c)).collect();
    assert!(gone.is_empty(), "not there, or no reference to staff: {gone:?}");
}

#[tokio::test]
async fn every_table_of_a_client_is_in_a_manifest_and_keyed_by_client() {
    let app = TestApp::start().await;
    let tables: Vec<(String, bool, Option<String>)> =
        sqlx::query_as(TABLES).fetch_all(&mut app.connect().await).await.unwrap();
    let there: BTreeSet<&str> =
        tables.iter().filter(|(_, of_client, _)| *of_client).map(|(name, ..)| &**name).collect();
    let listed: BTreeSet<&str> = SLICES.iter().flat_map(|slice| slice.client_tables).map(|table| table.name).collect();
    let unlisted: Vec<_> =
        there.iter().filter(|name| !listed.contains(*name) && !platform::TABLES.contains(*name)).collect();
    assert!(unlisted.is_empty(), "merge, erasure and export would miss {unlisted:?}");
    let gone: Vec<_> = listed.iter().filter(|name| !there.contains(*name)).collect();
    assert!(gone.is_empty(), "not there, or without client_id: {gone:?}");
    // A value claimed across clients is keyed by the value.
    let key_first = tables.iter().filter(|(name, ..)| listed.contains(&**name) && !name.ends_with("_claim"));
    let odd: Vec<_> = key_first.filter(|(_, _, key)| key.as_deref() != Some("client_id")).collect();
    assert!(odd.is_empty(), "client_id comes first in the primary key: {odd:?}");
}
