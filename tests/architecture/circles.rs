//! Files of a slice, of the platform and of the root see each other in one direction. Where two need each other, what
//! both need is a file of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::holds;
use super::source::Source;

/// What a file sees within its slice (or its crate, where that has none), looked at through re-exports: whoever names
/// `super::Counts` sees the file that has it, not the `mod.rs` it passes through.
fn seen(files: &[Source]) -> BTreeMap<&str, BTreeSet<&str>> {
    let by_module: BTreeMap<Vec<String>, &Source> = files.iter().map(|file| (file.module(), file)).collect();
    let house = |file: &Source| file.slice().unwrap_or_else(|| root(file));
    let mut graph = BTreeMap::new();
    for file in files {
        let edges: &mut BTreeSet<&str> = graph.entry(file.path.as_str()).or_default();
        // The face of a slice tells what is in it: that is its purpose, and nothing within depends on the telling.
        let is_manifest = file.path.ends_with("/mod.rs") && file.text.contains("pub const SLICE: Slice");
        if is_manifest || file.slice().is_some_and(|slice| file.path == format!("{slice}/mod.rs")) {
            continue;
        }
        for path in file.paths().into_iter().chain(children(file)) {
            let target = home(&by_module, &path, 0);
            edges.extend(
                target.filter(|to| to.path != file.path && house(to) == house(file)).map(|to| to.path.as_str()),
            );
        }
    }
    graph
}

/// The crate a file belongs to.
fn root(file: &Source) -> String {
    let first = file.path.split('/').next().unwrap_or_default();
    if super::graph::CRATES.contains(&first) { first.to_owned() } else { String::new() }
}

/// Modules inside a file's own that it names as they are: `store::insert(…)`, `use inner::Thing`.
fn children(file: &Source) -> Vec<Vec<String>> {
    let tokens = &file.tokens;
    let declared: BTreeSet<&String> = tokens.windows(2).filter(|w| w[0] == "mod").map(|w| &w[1]).collect();
    let named = (0..tokens.len()).filter(|at| {
        let near = |step: usize| tokens.get(at + step).map_or("", String::as_str);
        let is_face = at.checked_sub(1).is_some_and(|before| tokens[before] == "use")
            && at.checked_sub(2).is_some_and(|before| tokens[before] == "pub" || tokens[before] == ")");
        declared.contains(&tokens[*at]) && near(1) == "::" && !is_face && (*at == 0 || tokens[at - 1] != "::")
    });
    named.map(|at| file.module().into_iter().chain([tokens[at].clone(), tokens[at + 2].clone()]).collect()).collect()
}

/// The file that has what a path leads to.
fn home<'a>(by_module: &BTreeMap<Vec<String>, &'a Source>, path: &[String], depth: u8) -> Option<&'a Source> {
    let (module, rest) =
        (1..=path.len()).rev().map(|end| path.split_at(end)).find(|(m, _)| by_module.contains_key(*m))?;
    let file = *by_module.get(module)?;
    let Some(name) = rest.first().filter(|_| depth < 8) else { return Some(file) };
    let own = file.module();
    let through = file.named().into_iter().map(|named| (named.name, named.path)).chain(reexported(file));
    let mut through = through.filter(|(known, to)| known == name && to.starts_with(&own) && to.len() > own.len() + 1);
    match through.next() {
        Some((_, to)) => home(by_module, &to, depth + 1),
        None => Some(file),
    }
}

/// Names that a file takes from modules inside its own: `use inner::{Thing, other as another};`.
fn reexported(file: &Source) -> Vec<(String, Vec<String>)> {
    let (tokens, mut found) = (&file.tokens, Vec::new());
    for at in 1..tokens.len().saturating_sub(2) {
        if tokens[at - 1] != "use"
            || tokens[at + 1] != "::"
            || ["crate", "super", "self"].contains(&tokens[at].as_str())
        {
            continue;
        }
        let module: Vec<String> = file.module().into_iter().chain([tokens[at].clone()]).collect();
        let names = tokens[at + 2..].iter().take_while(|token| *token != ";");
        let names: Vec<&String> = names.filter(|token| !["{", "}", ","].contains(&token.as_str())).collect();
        for (place, name) in names.iter().enumerate() {
            let alias = names.get(place + 1).filter(|next| **next == "as").and_then(|_| names.get(place + 2));
            let path = module.iter().cloned().chain([(*name).clone()]).collect();
            found.push(((*alias.unwrap_or(name)).clone(), path));
        }
    }
    found
}

type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Every file that can be reached from one.
fn reached<'a>(graph: &Graph<'a>, from: &'a str) -> BTreeSet<&'a str> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        open.extend(graph.get(file).into_iter().flatten().copied().filter(|next| found.insert(*next)));
    }
    found
}

/// Files that see each other, however long the way round: each with what it sees on that way.
fn circles(files: &[Source]) -> Vec<String> {
    let graph = seen(files);
    let reach: Graph = graph.keys().map(|file| (*file, reached(&graph, file))).collect();
    let mut faults = Vec::new();
    for (file, sees) in &graph {
        let back = sees.iter().filter(|other| reach.get(*other).is_some_and(|from| from.contains(file)));
        let back: Vec<&str> = back.copied().collect();
        if !back.is_empty() {
            faults.push(format!("{file} sees {}, from where the way leads back", back.join(" and ")));
        }
    }
    faults
}

#[test]
fn files_see_each_other_in_one_direction() {
    holds(circles);
    let made_up =
        |texts: &[(&str, &str)]| -> Vec<Source> { texts.iter().map(|(path, text)| Source::new(path, text)).collect() };
    let round = [
        &[("book/x/store.rs", "use super::model::X;"), ("book/x/model.rs", "use super::store;")][..],
        &[("book/x/service/mod.rs", "mod a; pub fn f() { a::g() }"), ("book/x/service/a.rs", "fn g() { super::f() }")],
        &[
            ("platform/db/mod.rs", "mod a; mod b; pub use a::A; pub use b::{B as C};"),
            ("platform/db/a.rs", "use super::C;"),
            ("platform/db/b.rs", "use crate::db::A;"),
        ],
        &[("app.rs", "use crate::openapi;"), ("openapi.rs", "use crate::app;")],
    ];
    for texts in round {
        assert!(!circles(&made_up(texts)).is_empty(), "not seen: {texts:?}");
    }
    let one_way = [
        &[("book/x/mod.rs", "mod a; mod b; pub use a::A; static S: u8 = a::N;"), ("book/x/a.rs", "use super::{B, S};")]
            [..],
        &[
            ("book/x/mod.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
            ("book/x/a.rs", "use super::B;"),
            ("book/x/b.rs", ""),
        ],
        &[("book/x/store.rs", "use super::model::X;"), ("book/x/model.rs", "use book::y::store;")],
    ];
    for texts in one_way {
        assert_eq!(circles(&made_up(texts)), Vec::<String>::new(), "{texts:?}");
    }
}
