//! A table is written by its owner only. Others read the views its owner publishes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clientele::app::SLICES;
use clientele::platform::{self, slice::Slice};

use super::source::Source;
use super::{holds, shows};

/// Tables of others that may be read in place: `(reader, table, why)`.
const READS: &[(&str, &str)] = &[
    // The key under which an answer was kept is fetched with the answer.
    ("platform", "data_key"),
];

/// Who owns which table: folders of `src/`, as the manifests say.
pub fn owners() -> BTreeMap<&'static str, &'static str> {
    let of_slice = |slice: &'static Slice| {
        let of_clients = slice.client_tables.iter().map(|table| table.name);
        slice.tables.iter().copied().chain(of_clients).map(|table| (table, slice.name))
    };
    let mechanisms = platform::TABLES.iter().map(|table| (*table, "platform"));
    mechanisms.chain(SLICES.iter().flat_map(of_slice)).collect()
}

/// What a statement does to which tables.
pub fn uses(sql: &str) -> Vec<(&'static str, String)> {
    let words: Vec<&str> =
        sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let mut found = Vec::new();
    for (at, keyword) in words.iter().enumerate() {
        let next = word(at + 1).to_owned();
        let before = if at == 0 { "" } else { word(at - 1) };
        match (*keyword, before) {
            ("INTO", "INSERT" | "MERGE") | ("FROM", "DELETE") | ("TRUNCATE" | "COPY", _) => {
                found.push(("writes", next))
            }
            ("UPDATE", "FOR" | "DO" | "KEY") => {}
            ("UPDATE", _) if word(at + 2) == "SET" || word(at + 3) == "SET" || word(at + 4) == "SET" => {
                found.push(("writes", next));
            }
            ("FROM" | "JOIN", _) => found.push(("reads", next)),
            _ => {}
        }
    }
    found
}

fn own_tables_only(files: &[Source]) -> Vec<String> {
    let owners = owners();
    let mut faults = Vec::new();
    for file in files {
        for (does, table) in file.strings.iter().flat_map(|text| uses(text)) {
            let Some(owner) = owners.get(table.as_str()) else { continue };
            let may_read = does == "reads" && READS.iter().any(|(who, what)| file.within(&[who]) && *what == table);
            if !file.within(&[owner]) && !may_read {
                faults.push(format!("{}: {does} {table}, which belongs to {owner}", file.path));
            }
        }
    }
    faults
}

#[test]
fn tables_are_written_and_read_by_their_owner() {
    holds(own_tables_only);
    let bad = [
        ("book/clients/store.rs", r##"const A: &str = r#"INSERT INTO staff (a) VALUES ($1)"#;"##),
        ("book/clients/store.rs", r#"const A: &str = "UPDATE staff SET a = 1";"#),
        ("book/clients/store.rs", r#"const A: &str = "WITH x AS (DELETE FROM ONLY_ x) DELETE FROM trade t";"#),
        ("insight/needs/store.rs", r#"const A: &str = "SELECT 1 FROM x JOIN trade t USING (client_id)";"#),
    ];
    let good = [
        (
            "firm/access/store.rs",
            r#"const A: &str = "INSERT INTO staff (a) VALUES ($1) ON CONFLICT DO UPDATE SET a = 1";"#,
        ),
        ("insight/needs/store.rs", r#"const A: &str = "SELECT 1 FROM effective_trade FOR UPDATE";"#),
    ];
    shows(own_tables_only, &bad, &good);
}

#[test]
fn every_table_has_an_owner() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let texts = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let (mut tables, mut dropped): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for text in texts {
        let words: Vec<&str> = text.split_whitespace().collect();
        tables.extend(words.windows(3).filter(|w| w[0] == "CREATE" && w[1] == "TABLE").map(|w| w[2].to_owned()));
        let gone = text.lines().filter_map(|line| line.strip_prefix("DROP TABLE "));
        dropped.extend(gone.flat_map(|names| names.trim_end_matches(';').split(", ")).map(str::to_owned));
    }
    assert!(tables.len() > 20, "the migrations were not found");
    tables.retain(|table| !dropped.contains(table));
    let owners = owners();
    let orphans: Vec<&String> = tables.iter().filter(|table| !owners.contains_key(table.as_str())).collect();
    assert!(orphans.is_empty(), "tables without an owner: {orphans:?}");
    let gone: Vec<&&str> = owners.keys().filter(|table| !tables.iter().any(|known| known == **table)).collect();
    assert!(gone.is_empty(), "tables that are not there: {gone:?}");
}
