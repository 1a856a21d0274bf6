//! The rules of the house, enforced on the source text. A rule that breaks says which file, and each rule is shown to
//! go red.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

#[path = "architecture/circles.rs"]
mod circles;
#[path = "architecture/events.rs"]
mod events;
#[path = "architecture/graph.rs"]
mod graph;
#[path = "architecture/manifests.rs"]
mod manifests;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/style.rs"]
mod style;
#[path = "architecture/tables.rs"]
mod tables;
#[path = "architecture/views.rs"]
mod views;

use source::Source;

/// A rule looks at the whole house and says what is wrong with it.
type Rule = fn(&[Source]) -> Vec<String>;

/// Runs a rule over the house.
#[track_caller]
fn holds(rule: Rule) {
    let faults = rule(&source::house());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// A rule that cannot go red holds nothing: it must find fault with `bad` and none with `good`.
#[track_caller]
fn shows(rule: Rule, bad: &[(&str, &str)], good: &[(&str, &str)]) {
    for &(path, text) in bad {
        assert!(!rule(&[Source::new(path, text)]).is_empty(), "not seen in {path}: {text}");
    }
    for &(path, text) in good {
        assert_eq!(rule(&[Source::new(path, text)]), Vec::<String>::new(), "{path}: {text}");
    }
}
