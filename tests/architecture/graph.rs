//! Slices see each other only through their facades and the views they publish, along the lines written here, which
//! never form a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;
use super::{holds, shows, views};

/// The wings of the house.
pub const WINGS: [&str; 6] = ["firm", "book", "insight", "intake", "contact", "desk"];

/// The crates of the workspace beside the root: the compiler holds the walls between them.
pub const CRATES: [&str; 9] = ["platform", "science", "firm", "book", "insight", "intake", "contact", "desk", "demo"];

/// Who sees whom. A new line is a decision: keep it acyclic, and let it point downwards.
const SEES: &[(&str, &[&str])] = &[
    ("firm/access", &[]),
    ("firm/audit", &[]),
    ("firm/calendars", &[]),
    ("book/clients", &["firm/access"]),
    ("book/accounts", &["book/clients"]),
    ("book/trades", &["book/clients"]),
    ("book/balances", &["book/clients", "book/trades"]),
    ("contact/interactions", &["book/clients"]),
    ("insight/needs", &["book/clients", "book/trades"]),
    ("insight/tiers", &["book/balances", "book/clients", "book/trades", "insight/decisions"]),
    ("insight/scoring", &["book/clients", "book/trades"]),
    ("insight/value", &["book/balances", "book/clients", "book/trades", "insight/scoring"]),
    (
        "insight/churn",
        &["book/balances", "book/clients", "firm/calendars", "insight/decisions", "insight/scoring", "insight/value"],
    ),
    ("insight/decisions", &["book/clients"]),
    ("intake/ingestion", &["book/accounts", "book/balances", "book/clients", "book/trades", "insight/tiers"]),
    ("desk/figures", &["book/clients", "firm/access"]),
    (
        "desk/overview",
        &[
            "book/accounts",
            "book/clients",
            "contact/interactions",
            "insight/churn",
            "insight/needs",
            "insight/scoring",
            "insight/tiers",
            "insight/value",
        ],
    ),
    ("firm/jobs", &["firm/audit", "firm/calendars"]),
    ("intake/imports", &["book/balances", "book/clients", "firm/access", "firm/jobs", "intake/ingestion"]),
    ("demo", &["book/clients", "contact/interactions", "firm/access", "intake/ingestion"]),
];

/// Slices whose modules are open, so that what nobody calls yet does not look dead.
const OPEN: &[&str] = &["demo"];

/// The slice a path leads into and the path within it.
fn target(path: &[String]) -> Option<(String, &[String])> {
    let [wing, slice, inner @ ..] = path else { return None };
    WINGS.contains(&wing.as_str()).then(|| (format!("{wing}/{slice}"), inner))
}

/// Every other slice a file names or whose views its statements read.
fn others(file: &Source, own: &str) -> BTreeSet<String> {
    let named = file.paths().iter().filter_map(|path| target(path).map(|(other, _)| other)).collect::<Vec<_>>();
    let read = file.strings.iter().flat_map(|sql| views::owners_read(sql));
    named.into_iter().chain(read).filter(|other| other != own && !other.starts_with("platform/")).collect()
}

fn only_along_the_lines(files: &[Source]) -> Vec<String> {
    let sees: BTreeMap<&str, &[&str]> = SEES.iter().copied().collect();
    let mut faults = BTreeSet::new();
    for file in files {
        let Some(own) = file.slice() else { continue };
        let Some(seen) = sees.get(own.as_str()) else {
            faults.insert(format!("{own} is not in the graph of slices: write down whom it may see"));
            continue;
        };
        for other in others(file, &own).iter().filter(|other| !seen.contains(&other.as_str())) {
            faults.insert(format!("{}: {own} does not see {other}", file.path));
        }
    }
    // Mechanisms are beneath every slice, their own views included.
    let beneath = views::owners_beneath().into_iter().filter(|(_, other)| !other.starts_with("platform"));
    let unseen = beneath.filter(|(own, other)| !sees.get(own).is_some_and(|seen| seen.contains(other)));
    faults.extend(unseen.map(|(own, other)| format!("a view of {own} reads {other}, which it does not see")));
    faults.into_iter().collect()
}

/// A line that nobody walks any more is struck out.
fn every_line_is_walked(files: &[Source]) -> Vec<String> {
    let mut walked = BTreeSet::new();
    for file in files {
        let Some(own) = file.slice() else { continue };
        walked.extend(others(file, &own).into_iter().map(|other| (own.clone(), other)));
    }
    walked.extend(views::owners_beneath().into_iter().map(|(own, other)| (own.to_owned(), other.to_owned())));
    let lines = SEES.iter().flat_map(|(own, seen)| seen.iter().map(move |other| (own.to_string(), other.to_string())));
    lines.filter(|line| !walked.contains(line)).map(|(own, other)| format!("{own} sees {other} in vain")).collect()
}

/// A facade is what `mod.rs` re-exports: one name, or an item of a type (`Role::Advisor`), never a module inside.
fn only_through_facades(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        let own = file.slice();
        for path in file.paths() {
            let Some((other, inner)) = target(&path) else { continue };
            let is_type = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
            if own.as_ref() != Some(&other) && inner.len() > 1 && !is_type(&inner[0]) {
                faults.push(format!("{}: {} reaches behind the facade of {other}", file.path, path.join("::")));
            }
        }
        let opened = |w: &[String]| w[0] == "pub" && w[1] == "mod";
        let own = own.filter(|own| !OPEN.contains(&own.as_str()));
        if own.is_some_and(|own| file.path == format!("{own}/mod.rs")) && file.tokens.windows(2).any(opened) {
            faults.push(format!("{}: a slice keeps its modules to itself", file.path));
        }
    }
    faults
}

/// A circle in the graph, if there is one.
fn circle(sees: &[(&str, &[&str])]) -> Option<String> {
    let mut left: BTreeMap<&str, &[&str]> = sees.iter().copied().collect();
    loop {
        let before = left.len();
        let free: Vec<&str> =
            left.iter().filter(|(_, seen)| !seen.iter().any(|s| left.contains_key(s))).map(|(name, _)| *name).collect();
        left.retain(|name, _| !free.contains(name));
        if left.is_empty() {
            return None;
        }
        if left.len() == before {
            return Some(left.keys().copied().collect::<Vec<_>>().join(", "));
        }
    }
}

#[test]
fn slices_see_each_other_along_the_written_lines() {
    holds(only_along_the_lines);
    let up = [
        ("firm/access/service.rs", "use book::clients;"),
        ("firm/access/store.rs", r#"const A: &str = "SELECT 1 FROM client_scope";"#),
        ("insight/scoring/store.rs", "use crate::value;"),
        ("desk/unheard_of/mod.rs", ""),
    ];
    let down = [
        ("book/clients/service.rs", "use firm::access::Role; use super::store;"),
        ("insight/value/store.rs", r#"const A: &str = "SELECT 1 FROM usable_churn_model";"#),
    ];
    shows(only_along_the_lines, &up, &down);
}

#[test]
fn no_line_is_written_in_vain() {
    holds(every_line_is_walked);
    let faults = every_line_is_walked(&[Source::new("book/clients/service.rs", "use firm::access::Role;")]);
    assert!(!faults.contains(&"book/clients sees firm/access in vain".to_owned()));
    assert!(faults.contains(&"book/trades sees book/clients in vain".to_owned()));
}

#[test]
fn slices_see_each_other_through_facades() {
    holds(only_through_facades);
    let bad = [
        ("book/clients/service.rs", "use firm::access::{Role, store::staff};"),
        ("app.rs", "fn f() { firm::access::model::anything() }"),
        ("firm/access/mod.rs", "pub mod store;"),
    ];
    let good = [
        ("book/clients/service.rs", "use firm::access::{self, Role}; const A: Role = firm::access::Role::Advisor;"),
        ("firm/access/service.rs", "use super::store::staff; use crate::access::model::Staff;"),
        ("firm/mod.rs", "pub mod access;"),
    ];
    shows(only_through_facades, &bad, &good);
}

#[test]
fn the_graph_of_slices_has_no_circle() {
    assert_eq!(circle(SEES), None);
    assert_eq!(circle(&[("a", &["b"]), ("b", &["c"]), ("c", &["a"]), ("d", &[])]).unwrap(), "a, b, c");
}

/// A slice is called as its folder, and each folder of a wing that is a slice is listed in the composition root.
#[test]
fn every_slice_is_mounted_under_its_name() {
    let mounted: BTreeSet<String> = clientele::app::SLICES.iter().map(|slice| slice.name.to_owned()).collect();
    let folders: BTreeSet<String> =
        super::source::house().iter().filter_map(Source::slice).filter(|slice| slice != "demo").collect();
    let known: BTreeSet<String> =
        mounted.into_iter().filter(|slice| SEES.iter().any(|(own, _)| own == slice)).collect();
    assert_eq!(
        folders.difference(&known).collect::<Vec<_>>(),
        [""; 0],
        "in no line of app::SLICES, or called otherwise"
    );
    assert_eq!(known.difference(&folders).collect::<Vec<_>>(), [""; 0], "mounted, and there is no such folder");
}
