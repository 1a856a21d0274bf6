//! The tables of what belongs to a client, as the manifests list them and as the database has them.

use std::collections::BTreeSet;

use clientele::app::SLICES;
use clientele::platform;

use crate::support::TestApp;

/// Columns of each table: whether it has `client_id`, and the first column of its primary key.
const TABLES: &str = "SELECT c.relname::text,
        EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'client_id' AND NOT a.attisdropped),
        (SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
         WHERE i.indrelid = c.oid AND i.indisprimary)
    FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace";

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
