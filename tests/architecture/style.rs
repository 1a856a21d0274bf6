//! How source is written: lines people can read, words of the field, handlers that call services, faults from tables.

use super::source::{Source, walk, widths};
use super::{holds, shows};

/// The longest line, what stands in string literals not counted.
const WIDTH: usize = 120;

/// Wings whose comments are still longer. The list only gets shorter.
const STILL_LONG: &[&str] = &["book", "desk"];

fn long_lines(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| !file.within(STILL_LONG)) {
        for (at, (width, line)) in widths(&file.text).into_iter().zip(file.text.lines()).enumerate() {
            // Rows of a table cannot be broken.
            let is_row = line.trim_start().starts_with("//") && line.ends_with('|');
            if width > WIDTH && !is_row {
                faults.push(format!("{}:{}: {width} characters", file.path, at + 1));
            }
            if line.trim_start().starts_with("#[utoipa::path(") && !line.ends_with('(') {
                faults.push(format!("{}:{}: one line for each argument of utoipa::path", file.path, at + 1));
            }
        }
    }
    faults
}

/// The tests' own source.
fn tests() -> Vec<Source> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut files = Vec::new();
    walk(&root, &mut files);
    let text = |file: &std::path::PathBuf| std::fs::read_to_string(file).unwrap();
    files.iter().map(|file| Source::new(&file.display().to_string(), &text(file))).collect()
}

#[test]
fn a_line_fits_a_screen() {
    holds(long_lines);
    assert_eq!(long_lines(&tests()), Vec::<String>::new());
    let (comment, code) = (format!("/// {}", "x ".repeat(60)), format!("fn {}() {{}}", "x".repeat(120)));
    let bad = [("a.rs", &*comment), ("a.rs", &*code), ("a.rs", "#[utoipa::path(tag = \"x\")]")];
    let literal = format!("const A: &str = \"{}\";", "x".repeat(120));
    let raw = format!("const A: &str = r#\"\n{}\n\"#;", "x".repeat(130));
    let row = format!("//! | {} |", "x".repeat(120));
    let good =
        [("a.rs", &*literal), ("a.rs", &*raw), ("a.rs", &*row), ("a.rs", "#[utoipa::path(\n    tag = \"x\"\n)]")];
    shows(long_lines, &bad, &good);
}

/// Words that say less than those of the field: scope, action, outcome, client locks, status, prediction, capacity,
/// quota, purge.
const WORDS: &[&str] = &["sight", "deed", "fate", "speaker", "desks", "patience", "housekeeping"];

/// Names that are one of the words, or have one in them.
fn words(files: &[Source]) -> Vec<String> {
    let has = |token: &str| token.to_lowercase().split('_').any(|part| WORDS.contains(&part));
    let camel = |token: &str| WORDS.iter().any(|word| token == word[..1].to_uppercase() + &word[1..]);
    let mut faults = Vec::new();
    for file in files {
        let found = file.tokens.iter().filter(|token| has(token) || camel(token));
        faults.extend(found.map(|token| format!("{}: there is a better word than {token}", file.path)));
    }
    faults
}

#[test]
fn names_are_words_of_the_field() {
    holds(words);
    assert_eq!(words(&tests()), Vec::<String>::new());
    let bad = [("a.rs", "fn in_sight() {}"), ("a.rs", "struct Desks;"), ("a.rs", "let patience = 1;")];
    shows(words, &bad, &[("a.rs", "use insight::x; struct Foresight; fn visible() {}")]);
}

/// A handler extracts, calls one service and answers: no statement is seen from there.
fn handlers_call_services(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.is_part("http")) {
        let seen = file.paths().into_iter().filter(|path| path.iter().any(|part| part == "store"));
        faults.extend(seen.map(|path| format!("{}: a handler calls a service, not {}", file.path, path.join("::"))));
        if file.tokens.windows(3).any(|w| w[0] == "." && w[1] == "connection" && w[2] == "(") {
            faults.push(format!("{}: a handler opens a read or a unit of work, no connection", file.path));
        }
    }
    faults
}

#[test]
fn a_handler_knows_no_statement() {
    holds(handlers_call_services);
    let bad = [
        ("firm/access/http/me.rs", "use super::super::store;"),
        ("firm/access/http.rs", "fn f() { crate::access::store::staff() }"),
        ("firm/access/http.rs", "fn f() { db.connection().await }"),
    ];
    let good = [
        ("firm/access/http/me.rs", "use super::super::service; fn f() { db.read(&actor) }"),
        ("firm/access/service.rs", "use super::store;"),
    ];
    shows(handlers_call_services, &bad, &good);
}

/// Services that take something else than a read or a unit of work, and why.
const SHAPES: &[(&str, &str)] = &[
    ("book/clients/service/mod.rs", "reads that arrive together share one statement"),
    ("firm/access/service/sessions.rs", "no connection waits for a password to be checked"),
    ("intake/imports/service/mod.rs", "an import is many units of work"),
    ("intake/imports/service/plan.rs", "seals with the keys of the house"),
    ("intake/imports/service/rehearse.rs", "a dry run is many reads"),
    ("intake/imports/service/upload.rs", "parts are read while others are worked on"),
    ("platform/policies/service/ruling.rs", "asked for by whoever has a connection only"),
];

/// Services take `&mut Read` or `&mut Uow`: caller, scope, time and transaction come along.
fn services_take_a_read_or_a_unit_of_work(files: &[Source]) -> Vec<String> {
    let services = files.iter().filter(|file| file.is_part("service"));
    let other = services.filter(|file| file.tokens.iter().any(|token| token == "PgConnection" || token == "Db"));
    let other = other.filter(|file| !SHAPES.iter().any(|(path, _)| file.path == *path));
    other.map(|file| format!("{}: a service takes a read or a unit of work", file.path)).collect()
}

#[test]
fn services_have_one_shape() {
    holds(services_take_a_read_or_a_unit_of_work);
    let bad = [
        ("firm/access/service/staff.rs", "fn f(conn: &mut PgConnection) {}"),
        ("firm/x/service.rs", "fn f(db: &Db) {}"),
    ];
    shows(
        services_take_a_read_or_a_unit_of_work,
        &bad,
        &[("firm/x/service.rs", "fn f(read: &mut Read, uow: &mut Uow) {}")],
    );
}

/// Places that write a fault's words themselves. The list only gets shorter.
const STILL_WORDED: &[&str] = &[];

/// What can be wrong stands in tables (`platform::faults!`), so that `/v1/labels` has it.
fn faults_by_hand(files: &[Source]) -> Vec<String> {
    let tables = ["platform/kernel/error.rs", "platform/kernel/fault"];
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| !file.within(&tables) && !file.within(STILL_WORDED)) {
        if file.tokens.windows(3).any(|w| w[0] == "Fault" && w[1] == "::" && w[2] == "new") {
            faults.push(format!("{}: name the fault in a table of platform::faults!", file.path));
        }
    }
    faults
}

#[test]
fn faults_come_from_tables() {
    holds(faults_by_hand);
    let bad = [("intake/imports/x.rs", r#"fn f() { Fault::new("", "a", "b", "c") }"#)];
    shows(faults_by_hand, &bad, &[("intake/imports/x.rs", r#"fn f() { faults::UTF8.at("") }"#)]);
}
