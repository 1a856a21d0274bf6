//! Events: what is declared is registered with a manifest, and somebody records it.

use clientele::app;

use super::source::Source;
use super::{holds, shows};

/// The types a file declares with `events!`.
fn declared(file: &Source) -> Vec<&str> {
    let of =
        |words: &[String]| words[1] == "=" && words[2] == "of" && ["published", "audited"].contains(&words[3].as_str());
    file.tokens.windows(4).filter(|words| of(words)).map(|words| words[0].as_str()).collect()
}

/// Whether a file names a type, and does not only import it.
fn names(file: &Source, name: &str) -> bool {
    let statements = file.tokens.split(|token| token == ";" || token == "}");
    let imports = |words: &[String]| words.iter().any(|word| word == "use");
    statements.filter(|words| !imports(words)).flatten().any(|word| word == name)
}

/// A kind nobody records promises what never comes.
fn recorded(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        for name in declared(file) {
            let mut elsewhere = files.iter().filter(|other| other.path != file.path);
            if !elsewhere.any(|other| names(other, name)) {
                faults.push(format!("{}: nobody records {name}", file.path));
            }
        }
    }
    faults
}

#[test]
fn every_event_is_recorded_by_somebody() {
    holds(recorded);
    let bad = [("book/x/events.rs", r#"platform::events! { Made = "x.made" of "x" published c1 "M" "M" {} }"#)];
    shows(recorded, &bad, &[("book/x/service.rs", "fn f() { uow.record(Event::new(Made {}, None)); }")]);
}

#[test]
fn every_event_is_in_a_manifest() {
    let files = super::source::house();
    let mut declared: Vec<&str> = files.iter().flat_map(declared).collect();
    let mut registered: Vec<&str> = app::events().map(|event| event.name).collect();
    declared.sort_unstable();
    registered.sort_unstable();
    assert!(declared.len() > 50, "the declarations were not found");
    assert_eq!(declared, registered);
}
