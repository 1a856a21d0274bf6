//! What each part of the house may know.

use super::graph::WINGS;
use super::source::{Source, walk};
use super::{holds, shows};

/// Lines of a file.
const ROOM: usize = 250;

fn said(file: &Source, fault: impl std::fmt::Display) -> String {
    format!("{}: {fault}", file.path)
}

/// Kernel: nothing of ours, no I/O. Platform: no slice. Science: only the kernel.
fn layers(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        for path in file.paths() {
            let starts = |prefix: &[&str]| path.iter().zip(prefix).filter(|(a, b)| a == b).count() == prefix.len();
            // The macros are made for every layer: what they write of columns and schemas stays inside them.
            let macros = ["labels", "events"].iter().any(|name| starts(&["platform", name]));
            let kernel = starts(&["platform", "kernel"]) || macros;
            let above = WINGS.iter().chain(&["app", "cli", "openapi"]).any(|wing| starts(&[wing]));
            let broken = match file.path.split('/').collect::<Vec<_>>().as_slice() {
                ["platform", "kernel", ..] => !kernel,
                ["platform", ..] => above || starts(&["science"]),
                ["science", ..] => !kernel && !starts(&["science"]),
                _ => false,
            };
            if broken {
                faults.push(said(file, format_args!("must not know {}", path.join("::"))));
            }
        }
    }
    faults
}

#[test]
fn layers_point_downwards() {
    holds(layers);
    let bad = [
        ("platform/kernel/x.rs", "use crate::db::Db;"),
        ("platform/kernel/x.rs", "use super::super::db::Db;"),
        ("platform/db/x.rs", "fn f() { firm::access::sign_in() }"),
        ("science/x.rs", "use platform::db::Db;"),
    ];
    let good = [
        ("platform/kernel/x.rs", "use super::decision::Text;"),
        ("science/btyd/x.rs", "use super::super::newton; use platform::kernel::decision::Text;"),
        ("app.rs", "use firm::access;"),
    ];
    shows(layers, &bad, &good);
}

/// The names that make a function depend on more than its arguments.
const IMPURE: [&str; 12] =
    ["async", "await", "sqlx", "actix_web", "tokio", "reqwest", "rand", "fs", "env", "net", "Uow", "Db"];

/// Decisions and mathematics take values and give values.
fn purity(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    let pure = |file: &&Source| file.is_part("rules") || file.within(&["science", "platform/kernel"]);
    for file in files.iter().filter(pure) {
        let kernel = file.within(&["platform/kernel"]);
        // The kernel has the clock.
        let found = IMPURE.iter().filter(|name| file.tokens.iter().any(|token| token == *name));
        faults.extend(found.map(|name| said(file, format_args!("must not know {name}"))));
        let asks_time = |w: &[String]| {
            ["Utc", "Local", "Instant", "SystemTime"].contains(&w[0].as_str()) && w[1] == "::" && w[2] == "now"
        };
        if !kernel && file.tokens.windows(3).any(asks_time) {
            faults.push(said(file, "must not ask for the time"));
        }
        if file.is_part("rules") {
            for path in file.paths() {
                let path = path.join("::");
                let inner = ["service", "store", "http", "jobs"]
                    .iter()
                    .any(|part| path.contains(&format!("::{part}::")) || path.ends_with(&format!("::{part}")));
                // The closed set of permissions is names only.
                let names = path.starts_with("platform::http::permission") || path.starts_with("platform::kernel");
                if !names && (inner || path.starts_with("platform::")) {
                    faults.push(said(file, format_args!("must not know {path}")));
                }
            }
        }
    }
    faults
}

#[test]
fn decisions_and_mathematics_are_pure() {
    holds(purity);
    let bad = [
        ("insight/tiers/rules.rs", "async fn f() {}"),
        ("insight/tiers/rules/words.rs", "use platform::db::Uow;"),
        ("insight/tiers/rules.rs", "use super::store;"),
        ("insight/tiers/rules.rs", "fn f() { chrono::Utc::now(); }"),
        ("science/x.rs", "fn f() { rand::random(); }"),
        ("platform/kernel/x.rs", "use sqlx::PgConnection;"),
    ];
    let good = [
        ("insight/tiers/rules.rs", "use super::model::Tier; use platform::kernel::decision::Reason; // async, sqlx"),
        ("insight/tiers/service.rs", "async fn f() {}"),
        ("platform/kernel/clock.rs", "fn f() { Utc::now(); }"),
    ];
    shows(purity, &bad, &good);
}

const SQL: [&str; 8] =
    ["QueryBuilder", "query", "query_as", "query_scalar", "query_with", "query_as_with", "query_file", "raw_sql"];

/// Statements are in one place a slice; what speaks HTTP is, too.
fn sql_and_http_in_their_places(files: &[Source]) -> Vec<String> {
    let http = [
        "app.rs",
        "health.rs",
        "openapi.rs",
        "operations.rs",
        "server.rs",
        "cli/serve.rs",
        "platform/http",
        "firm/access/authenticate.rs",
    ];
    let mut faults = Vec::new();
    for file in files {
        let sql_here = file.is_part("store") || file.within(&["platform/db", "platform/worker"]);
        let http_here = file.is_part("http") || file.within(&http);
        for (at, token) in file.tokens.iter().enumerate() {
            let near = |step: usize| file.tokens.get(at + step).map_or("", String::as_str);
            let of_sqlx = at >= 2 && file.tokens[at - 1] == "::" && file.tokens[at - 2] == "sqlx";
            let is_sql = SQL.contains(&token.as_str()) && (of_sqlx || near(1) == "!" || token == "QueryBuilder");
            if is_sql && !sql_here {
                faults.push(said(file, format_args!("{token} belongs into store.rs")));
            }
            if token.starts_with("actix_") && !http_here {
                faults.push(said(file, format_args!("{token} belongs into http.rs")));
            }
        }
    }
    faults
}

#[test]
fn statements_are_in_stores_and_http_at_the_edge() {
    holds(sql_and_http_in_their_places);
    let bad = [
        ("book/clients/service.rs", r#"fn f() { sqlx::query("SELECT 1") }"#),
        ("book/clients/service.rs", r#"fn f() { query_as!(X, "SELECT 1") }"#),
        ("book/clients/http.rs", "use sqlx::QueryBuilder;"),
        ("platform/http/x.rs", r#"fn f() { sqlx::query_scalar("SELECT 1") }"#),
        ("book/clients/service.rs", "use actix_web::web;"),
    ];
    let good = [
        ("book/clients/store.rs", r#"fn f() { sqlx::query!("SELECT 1") }"#),
        ("book/clients/store/list.rs", "use sqlx::QueryBuilder;"),
        ("platform/metadata/http.rs", "use actix_web::get;"),
        ("platform/policies/store.rs", "use sqlx::QueryBuilder;"),
        ("book/clients/http/list.rs", "use actix_web::web; use platform::http::extract::query;"),
        ("book/clients/service.rs", "use sqlx::PgConnection;"),
    ];
    shows(sql_and_http_in_their_places, &bad, &good);
}

fn rooms(files: &[Source]) -> Vec<String> {
    let long = |file: &&Source| file.text.lines().count() > ROOM;
    let fault = |file: &Source| said(file, format_args!("more than {ROOM} lines: split it by resource"));
    files.iter().filter(long).map(fault).collect()
}

#[test]
fn a_file_is_a_room() {
    holds(rooms);
    let long = "//\n".repeat(ROOM + 1);
    shows(rooms, &[("book/clients/http.rs", &long)], &[("book/clients/http.rs", "//\n")]);
}

/// `#[expect(…, reason)]` tells when it is no longer needed; `#[allow]` never does.
fn no_allow(files: &[Source]) -> Vec<String> {
    let starts = |w: &[String]| w[0] == "allow" && w[1] == "(" && w[2] != ")";
    files
        .iter()
        .filter(|file| file.tokens.windows(3).any(starts))
        .map(|file| said(file, "expect, do not allow"))
        .collect()
}

#[test]
fn lints_are_expected_never_allowed() {
    holds(no_allow);
    let bad = [("a.rs", "#[allow(dead_code)] fn f() {}"), ("a.rs", "#![cfg_attr(test, allow(unused))]")];
    shows(no_allow, &bad, &[("a.rs", "#[expect(dead_code, reason = \"allow(x)\")] fn f() {}")]);
    let mut files = Vec::new();
    walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut files);
    let tests: Vec<Source> =
        files.iter().map(|file| Source::new("tests", &std::fs::read_to_string(file).unwrap())).collect();
    assert_eq!(no_allow(&tests), Vec::<String>::new());
}

/// A file that nothing mounts is never compiled, and its tests never run.
#[test]
fn every_file_of_the_api_tests_is_mounted() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api");
    let mounted = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(name == "main" || mounted.lines().any(|line| line == format!("mod {name};")), "mod {name}; is missing");
    }
}
