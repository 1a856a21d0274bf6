//! What a slice has, its manifest says: a type that no manifest names compiles, and is not there.

use std::collections::BTreeMap;

use super::source::Source;
use super::{holds, shows};

/// A trait whose implementations a manifest names, and how.
const REGISTERED: [(&str, &str); 3] =
    [("Lifecycle", "LifecycleInfo"), ("Policy", "PolicyKind"), ("Report", "ReportInfo")];

/// Where these tokens begin.
fn places<'a>(file: &'a Source, wanted: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
    let found = |at: &usize| wanted.iter().enumerate().all(|(step, token)| token_at(file, at + step) == *token);
    (0..file.tokens.len()).filter(found)
}

fn token_at(file: &Source, at: usize) -> &str {
    file.tokens.get(at).map_or("", String::as_str)
}

/// The types `T` of `Info::of::<path::T>(…)`.
fn named<'a>(file: &'a Source, info: &'a str) -> Vec<&'a str> {
    let last =
        |at: usize| (at + 5..).find(|at| [">", ""].contains(&token_at(file, *at))).map(|at| token_at(file, at - 1));
    places(file, &[info, "::", "of", "::", "<"]).filter_map(last).collect()
}

/// The names before an opening brace within a macro: `labels! { Colour = "colour" … { … } }` has `Colour`.
fn labelled(file: &Source) -> Vec<&str> {
    let mut found = Vec::new();
    for start in places(file, &["labels", "!", "{"]) {
        let mut depth = 0;
        for at in start + 2.. {
            match token_at(file, at) {
                "{" => depth += 1,
                "}" => depth -= 1,
                "" => break,
                name if depth == 1 && token_at(file, at + 1) == "=" && token_at(file, at + 2) == "{" => {
                    found.push(name)
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

/// Everything between `member:` and the end of its value, in every manifest.
fn listed<'a>(file: &'a Source, member: &'a str) -> Vec<&'a str> {
    let value = |at: usize| {
        let mut depth = 0;
        let inside = (at + 2..file.tokens.len()).map(|at| token_at(file, at)).take_while(move |token| {
            depth += i32::from(["[", "(", "{"].contains(token)) - i32::from(["]", ")", "}"].contains(token));
            depth >= 0 && !(depth == 0 && [",", ";"].contains(token))
        });
        inside.collect::<Vec<_>>()
    };
    places(file, &[member, ":"]).flat_map(value).collect()
}

/// Types of `impl Trait for T`.
fn implemented<'a>(file: &'a Source, name: &'a str) -> Vec<&'a str> {
    places(file, &["impl", name, "for"]).map(|at| token_at(file, at + 3)).collect()
}

/// `static X: Code = Code::new(…)`.
fn codes(file: &Source) -> Vec<&str> {
    let declared = places(file, &[":", "Code", "=", "Code", "::", "new"]).filter(|at| token_at(file, at - 2) != "$");
    declared.map(|at| token_at(file, at - 1)).collect()
}

/// What a slice calls a type: `use alert::ChurnAlertSeverity as Severity` calls it `Severity`.
fn called<'a>(files: &'a [Source], file: &'a Source, name: &'a str) -> &'a str {
    let own = files.iter().filter(|other| home(other) == home(file));
    let alias = |other: &'a Source| places(other, &[name, "as"]).next().map(|at| token_at(other, at + 2));
    own.filter_map(alias).next().unwrap_or(name)
}

/// The slice of a wing, or the mechanism of the platform.
fn home(file: &Source) -> String {
    file.slice().unwrap_or_else(|| file.path.split('/').take(2).collect::<Vec<_>>().join("/"))
}

fn forgotten(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut compare = |has: Vec<(&Source, &str)>, names: Vec<&str>, list: &str| {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names {
            *left.entry(name).or_default() += 1;
        }
        for (file, name) in has {
            match left.get_mut(name) {
                Some(count) if *count > 0 => *count -= 1,
                _ => faults.push(format!("{}: {name} is in no manifest: put it into `{list}`", file.path)),
            }
        }
    };
    fn each<'a>(files: &'a [Source], read: impl Fn(&'a Source) -> Vec<&'a str>) -> Vec<(&'a Source, &'a str)> {
        files.iter().flat_map(|file| read(file).into_iter().map(move |name| (file, name)).collect::<Vec<_>>()).collect()
    }
    for ((name, info), list) in REGISTERED.into_iter().zip(["lifecycles", "policies", "reports"]) {
        compare(each(files, |file| implemented(file, name)), files.iter().flat_map(|f| named(f, info)).collect(), list);
    }
    let labels = each(files, labelled).into_iter().map(|(file, name)| (file, called(files, file, name)));
    compare(labels.collect(), files.iter().flat_map(|file| named(file, "LabelSet")).collect(), "labels");
    compare(
        each(files, codes),
        files.iter().flat_map(|file| listed(file, "codes")).filter(|t| *t != "&").collect(),
        "codes",
    );
    // The faults of schemas themselves are beneath every slice.
    let tables = files.iter().filter(|file| places(file, &["faults", "!", "{"]).next().is_some());
    for file in tables.filter(|file| !file.within(&["platform/kernel"])) {
        let own = files.iter().filter(|other| home(other) == home(file));
        if !own.flat_map(|other| listed(other, "faults")).any(|token| token == "FAULTS") {
            faults.push(format!("{}: its table is in no manifest: put FAULTS into `faults`", file.path));
        }
    }
    faults
}

#[test]
fn what_a_slice_has_its_manifest_says() {
    holds(forgotten);
    let bad = [
        ("book/x/model.rs", "impl Lifecycle for Door { }"),
        ("book/x/mod.rs", "impl Lifecycle for Door { } lifecycles: &[LifecycleInfo::of::<Gate>(\"door\", \"state\")],"),
        ("book/x/model.rs", "impl Policy for Rules { }"),
        ("book/x/report.rs", "impl Report for Doors { }"),
        ("book/x/model.rs", "labels! { Colour = \"colour\" \"A\" \"B\" { Red = \"red\" \"Red\" \"红\", } }"),
        (
            "book/x/mod.rs",
            "labels! { #[derive(Default)] A = \"a\" { X = \"x\" } B = \"b\" { Y = \"y\" } } labels: &[LabelSet::of::<A>(&[])],",
        ),
        ("book/x/mod.rs", "const S: Slice = Slice { codes: &[&OTHER], }; static TAKEN: Code = Code::new(\"taken\");"),
        ("book/x/mod.rs", "mod faults { platform::faults! { LATE = \"late\" \"Late\" \"迟\"; } }"),
    ];
    let good = [
        (
            "book/x/mod.rs",
            "impl Lifecycle for Door { } lifecycles: &[LifecycleInfo::of::<model::Door>(\"door\", \"state\")],",
        ),
        ("book/x/mod.rs", "impl Policy for Rules { } policies: &[PolicyKind::of::<Rules>().simulated(f)],"),
        ("book/x/mod.rs", "labels! { A = \"a\" { X = \"x\", } } labels: &[LabelSet::of::<A>(&[])],"),
        ("book/x/mod.rs", "Slice { codes: &[&OTHER, &TAKEN], }; pub static TAKEN: Code = Code::new(\"taken\");"),
        (
            "book/x/mod.rs",
            "faults: faults::FAULTS, mod faults { platform::faults! { LATE = \"late\" \"Late\" \"迟\"; } }",
        ),
        ("platform/kernel/fault/mod.rs", "faults! { LATE = \"late\" \"Late\" \"迟\"; }"),
    ];
    shows(forgotten, &bad, &good);
}
