//! How a file is to be taken in.

use serde::{Deserialize, Serialize};

use super::kinds::{Format, Kind, OnExisting};

/// What a person says about a file whose columns and words are not those of the kind. Saved under a name at
/// `/v1/import-mappings`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Declared {
    /// Field and the column that feeds it; several columns with `+` between.
    pub map: Vec<(String, String)>,
    /// Field and value, for columns the file lacks.
    pub set: Vec<(String, String)>,
    /// Field, word of the file, and the code it stands for.
    pub values: Vec<(String, String, String)>,
    /// The label of its encoding (WHATWG Encoding, §4.2); found from its bytes when absent.
    pub encoding: Option<String>,
    /// What separates cells; found from its first lines when absent.
    pub separator: Option<char>,
}

/// How a file is to be taken in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Options {
    /// What its rows are.
    pub kind: Kind,
    /// How it is written.
    pub format: Format,
    /// What was said about its columns and words.
    #[serde(flatten)]
    pub declared: Declared,
    /// Makes clients that are not there yet.
    pub create_clients: bool,
    /// What becomes of clients that are there already: when nothing is said, those of the same name are changed to what
    /// the file says, and a number under another name is refused.
    #[serde(default)]
    pub on_existing: Option<OnExisting>,
    /// The same checks and counts, nothing written.
    pub dry_run: bool,
    /// Where the rows come from: part of their identity.
    pub source: String,
    /// Whether somebody said so, or it follows from the file.
    pub source_is_explicit: bool,
    /// One rejected line fails the whole, though what could be applied is.
    pub strict: bool,
}

/// What a file is, before it is read row by row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// The encoding of its text, as its bytes say.
    #[serde(default = "utf8")]
    pub encoding: String,
}

fn utf8() -> String {
    "UTF-8".to_owned()
}
