//! The file to be imported, known by its hash before it is read.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use crate::cli::Failure;
use intake::imports::{FileFacts, Format, digest};

/// A file, read once for its hash and back at its beginning.
pub struct Input {
    /// The file.
    pub file: File,
    /// What it is called.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// Its size and hash.
    pub facts: FileFacts,
}

impl Input {
    /// Opens a file, or keeps standard input (`-`) in one.
    pub fn open(path: &Path, format: Option<Format>) -> Result<Self, Failure> {
        let (mut file, name) = if path == Path::new("-") {
            (spooled(io::stdin().lock())?, "stdin".to_owned())
        } else {
            let failed = |error| format!("{} cannot be read: {error}", path.display());
            let file = File::open(path).map_err(failed)?;
            if file.metadata().map_err(failed)?.is_dir() {
                return Err(format!("{} is a directory; name a file", path.display()).into());
            }
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            // A pipe cannot be read twice.
            (if file.metadata().map_err(failed)?.is_file() { file } else { spooled(file)? }, name)
        };
        let (facts, found) = digest(&mut file)?;
        file.rewind()?;
        let format = format.or_else(|| by_name(path)).unwrap_or(found);
        Ok(Self { file, name, format, facts })
    }
}

fn spooled(mut input: impl Read) -> Result<File, Failure> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut input, &mut file)?;
    file.rewind()?;
    Ok(file)
}

fn by_name(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "csv" => Some(Format::Csv),
        "ndjson" | "jsonl" => Some(Format::Ndjson),
        _ => None,
    }
}
