//! Rust source as far as the rules need it: tokens without comments and tests, string literals, and resolved paths.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of `src/`.
pub struct Source {
    /// Relative to `src/`.
    pub path: String,
    /// The text as it is.
    pub text: String,
    /// Identifiers and single punctuation marks (`::` is one), without comments, strings and `#[cfg(test)]` modules.
    pub tokens: Vec<String>,
    /// The string literals outside test modules.
    pub strings: Vec<String>,
}

/// A path a file names, and what it calls it.
pub struct Named {
    pub name: String,
    pub path: Vec<String>,
}

/// Every file of `src/`.
pub fn house() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    assert!(files.len() > 50, "the house was not found");
    let relative = |file: &PathBuf| file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
    files.iter().map(|file| Source::new(&relative(file), &fs::read_to_string(file).unwrap())).collect()
}

pub fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            walk(&entry, files);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let all = if path.ends_with("tests.rs") { Vec::new() } else { without_tests(lexed(text)) };
        let (mut tokens, mut strings) = (Vec::new(), Vec::new());
        for token in all {
            match token {
                Token::Code(code) => tokens.push(code),
                Token::Text(text) => strings.push(text),
            }
        }
        Self { path: path.to_owned(), text: text.to_owned(), tokens, strings }
    }

    /// Whether the file lies below one of these folders, or is one of these files.
    pub fn within(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || self.path.starts_with(&format!("{place}/")))
    }

    /// The crate a file belongs to: its wing, or none for the root.
    fn wing(&self) -> Option<&str> {
        self.path.split_once('/').map(|(wing, _)| wing).filter(|wing| super::graph::CRATES.contains(wing))
    }

    /// `wing/slice`, if the file belongs to one. The demonstration book is one slice.
    pub fn slice(&self) -> Option<String> {
        let parts: Vec<&str> = self.path.split('/').collect();
        if parts[0] == "demo" {
            return Some("demo".to_owned());
        }
        let slice = parts.get(1)?;
        (super::graph::WINGS.contains(&parts[0]) && *slice != "mod.rs").then(|| format!("{}/{slice}", parts[0]))
    }

    /// The mechanism of the platform a file belongs to: `platform/metadata`.
    fn mechanism(&self) -> Option<String> {
        let (mechanism, _) = self.path.strip_prefix("platform/")?.split_once('/')?;
        Some(format!("platform/{mechanism}"))
    }

    /// The file's name within its slice or mechanism is this, or it lies in the folder of that name.
    pub fn is_part(&self, name: &str) -> bool {
        let slice = self.slice().or_else(|| self.mechanism()).unwrap_or_default();
        self.within(&[&format!("{slice}/{name}.rs"), &format!("{slice}/{name}")])
    }

    /// Everything of ours the file names, as paths from `src/`: `crate::…`, `super::…`, `platform::…`, groups expanded.
    pub fn paths(&self) -> Vec<Vec<String>> {
        self.named().into_iter().map(|named| named.path).collect()
    }

    /// The same, with the names under which the file knows them.
    pub fn named(&self) -> Vec<Named> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let token = self.tokens[at].as_str();
            let foreign = super::graph::CRATES.contains(&token) && Some(token) != self.wing();
            let starts = (foreign || matches!(token, "crate" | "super" | "self"))
                && self.tokens.get(at + 1).is_some_and(|next| next == "::")
                && (at == 0 || self.tokens[at - 1] != "::");
            if starts {
                let home = if foreign { Vec::new() } else { self.module() };
                at = self.tree(at, home, &mut found);
            } else {
                at += 1;
            }
        }
        found
    }

    /// Its module, as a path from `src/`.
    pub fn module(&self) -> Vec<String> {
        let stem = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        stem.split('/').filter(|part| !["lib", "main", "mod"].contains(part)).map(str::to_owned).collect()
    }

    /// Reads one path or group from `at`, below `base`; gives where it ends.
    fn tree(&self, mut at: usize, mut base: Vec<String>, found: &mut Vec<Named>) -> usize {
        loop {
            match self.tokens.get(at).map(String::as_str) {
                Some("crate") => base = self.wing().map(str::to_owned).into_iter().collect(),
                Some("self") => {}
                Some("super") => drop(base.pop()),
                Some("{") => {
                    at += 1;
                    while self.tokens.get(at).is_some_and(|token| token != "}") {
                        at = self.tree(at, base.clone(), found);
                        // `as name`, and the comma.
                        while self.tokens.get(at).is_some_and(|token| token != "}" && token != ",") {
                            at += 1;
                        }
                        at += usize::from(self.tokens.get(at).is_some_and(|token| token == ","));
                    }
                    return at + 1;
                }
                Some(name) => base.push(name.to_owned()),
                None => return at,
            }
            at += 1;
            if self.tokens.get(at).is_none_or(|token| token != "::") {
                let token = |at: usize| self.tokens.get(at).map(String::as_str);
                let name = if token(at) == Some("as") { token(at + 1) } else { base.last().map(String::as_str) };
                found.push(Named { name: name.unwrap_or_default().to_owned(), path: base });
                return at;
            }
            at += 1;
        }
    }
}

/// How many characters of each line are not those of a string literal.
pub fn widths(text: &str) -> Vec<usize> {
    let mut chars: Vec<Option<char>> = text.chars().map(Some).collect();
    for (from, to) in literals(text) {
        chars[from..to].iter_mut().filter(|c| **c != Some('\n')).for_each(|c| *c = None);
    }
    chars.split(|c| *c == Some('\n')).map(|line| line.iter().flatten().count()).collect()
}

/// Where string literals begin and end, in characters.
fn literals(text: &str) -> Vec<(usize, usize)> {
    let spans = spanned(text).into_iter();
    spans.filter_map(|(token, from, to)| matches!(token, Token::Text(_)).then_some((from, to))).collect()
}

fn lexed(text: &str) -> Vec<Token> {
    spanned(text).into_iter().map(|(token, ..)| token).collect()
}

enum Token {
    Code(String),
    Text(String),
}

/// Each token, with where its text begins and ends.
fn spanned(text: &str) -> Vec<(Token, usize, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    let ahead = |at: usize, wanted: &str| wanted.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
    while let Some(&c) = chars.get(at) {
        if ahead(at, "//") {
            while chars.get(at).is_some_and(|c| *c != '\n') {
                at += 1;
            }
        } else if ahead(at, "/*") {
            while at < chars.len() && !ahead(at, "*/") {
                at += 1;
            }
            at += 2;
        } else if c == '"' {
            let from = at + 1;
            at = from;
            while chars.get(at).is_some_and(|c| *c != '"') {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            let to = at.min(chars.len());
            tokens.push((Token::Text(chars[from..to].iter().collect()), from, to));
            at += 1;
        } else if ahead(at, "r\"") || ahead(at, "r#") && chars.get(at + 2) == Some(&'"') {
            let hash = chars[at + 1] == '#';
            let from = at + 2 + usize::from(hash);
            at = from;
            while at < chars.len() && !(chars[at] == '"' && (!hash || chars.get(at + 1) == Some(&'#'))) {
                at += 1;
            }
            tokens.push((Token::Text(chars[from..at].iter().collect()), from, at));
            at += 1 + usize::from(hash);
        } else if c == '\'' && (chars.get(at + 2) == Some(&'\'') || chars.get(at + 1) == Some(&'\\')) {
            // A character, not a lifetime.
            at += 2;
            while chars.get(at).is_some_and(|c| *c != '\'') {
                at += 1;
            }
            at += 1;
        } else if c.is_alphanumeric() || c == '_' {
            let from = at;
            while chars.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
                at += 1;
            }
            tokens.push((Token::Code(chars[from..at].iter().collect()), from, at));
        } else if ahead(at, "::") {
            tokens.push((Token::Code("::".to_owned()), at, at + 2));
            at += 2;
        } else {
            if !c.is_whitespace() {
                tokens.push((Token::Code(c.to_string()), at, at + 1));
            }
            at += 1;
        }
    }
    tokens
}

/// Leaves out `#[cfg(test)] mod … { … }`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let opening = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let is = |token: &Token, wanted: &str| matches!(token, Token::Code(code) if code == wanted);
    let (mut kept, mut depth, mut skipping) = (Vec::new(), 0usize, false);
    let starts: Vec<bool> = (0..tokens.len())
        .map(|at| opening.iter().enumerate().all(|(i, wanted)| tokens.get(at + i).is_some_and(|t| is(t, wanted))))
        .collect();
    for (at, token) in tokens.into_iter().enumerate() {
        skipping |= starts[at];
        if !skipping {
            kept.push(token);
            continue;
        }
        match &token {
            Token::Code(code) if code == "{" => depth += 1,
            Token::Code(code) if code == "}" => depth -= 1,
            _ => {}
        }
        // `mod tests;` has no braces.
        skipping = !(depth == 0 && (is(&token, "}") || is(&token, ";")));
    }
    kept
}

#[test]
fn paths_are_resolved_and_tests_left_out() {
    let text = r#"
        use super::super::model::{Staff, self as m, deep::Er}; // crate::comment
        use platform::db::{Db, Uow};
        use crate::jobs;
        fn f<'a>(_: char) { let _ = ('"', "crate::text", book::x()); }
        #[cfg(test)] mod tests { use crate::hidden; }
        use science::after;
    "#;
    let source = Source::new("firm/access/http/auth.rs", text);
    let paths: Vec<String> = source.paths().iter().map(|path| path.join("::")).collect();
    assert_eq!(
        paths,
        [
            "firm::access::model::Staff",
            "firm::access::model",
            "firm::access::model::deep::Er",
            "platform::db::Db",
            "platform::db::Uow",
            "firm::jobs",
            "book::x",
            "science::after"
        ]
    );
    assert_eq!(source.strings, ["crate::text"]);
}
