//! `FILE.errors.csv`: the lines that were not taken, with what is wrong and what they held.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use intake::imports::{Rejection, write_row};

/// Kinds of fault that are printed.
const PRINTED: usize = 5;

/// The error file of an import; made when the first line is rejected.
pub struct ErrorFile {
    places: Vec<PathBuf>,
    open: Option<(PathBuf, csv::Writer<File>)>,
    seen: BTreeMap<(&'static str, String), (u64, String)>,
}

impl ErrorFile {
    /// Beside the file, or in the working directory, or among temporary files: the first that can be written.
    pub fn beside(file: &Path) -> Self {
        let is_stdin = file == Path::new("-");
        let name = if is_stdin { "stdin".into() } else { file.file_name().unwrap_or(file.as_os_str()).to_os_string() };
        let name = PathBuf::from(format!("{}.errors.csv", name.to_string_lossy()));
        let beside = if is_stdin { name.clone() } else { file.with_file_name(&name) };
        let elsewhere = std::env::temp_dir().join(&name);
        Self { places: vec![beside, name, elsewhere], open: None, seen: BTreeMap::new() }
    }

    /// Writes rejected lines, one row a fault.
    pub fn add(&mut self, rejected: Vec<Rejection>) -> Result<(), Failure> {
        for rejection in rejected {
            let Rejection { line, faults, raw } = rejection;
            let line = line.to_string();
            for fault in faults {
                let writer = self.writer()?;
                let (code, pointer) = (fault.code.as_bytes(), fault.pointer.as_bytes());
                write_row(writer, [line.as_bytes(), code, pointer, fault.message.en.as_bytes(), &raw])?;
                let seen = self.seen.entry((fault.code, fault.pointer)).or_insert((0, fault.message.en));
                seen.0 += 1;
            }
        }
        Ok(())
    }

    fn writer(&mut self) -> Result<&mut csv::Writer<File>, Failure> {
        if self.open.is_none() {
            let made = self.places.iter().find_map(|path| Some((path.clone(), File::create(path).ok()?)));
            let (path, file) =
                made.ok_or_else(|| format!("the error file {} cannot be written", self.places[0].display()))?;
            let mut writer = csv::Writer::from_writer(file);
            write_row(&mut writer, ["line", "code", "pointer", "message", "content"])?;
            self.open = Some((path, writer));
        }
        match &mut self.open {
            Some((_, writer)) => Ok(writer),
            None => Err("the error file is not open".into()),
        }
    }

    /// Closes the file; says where it is and what was wrong most often. Nothing when nothing was rejected.
    pub fn finish(self) -> Result<Option<String>, Failure> {
        let Some((path, mut writer)) = self.open else { return Ok(None) };
        writer.flush()?;
        let mut seen: Vec<_> = self.seen.into_iter().collect();
        seen.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let mut text = format!("Rejected lines: {}", path.display());
        for ((code, pointer), (count, message)) in seen.iter().take(PRINTED) {
            text.push_str(&format!("\n  {count:>8} × {code} {pointer}: {message}"));
        }
        if seen.len() > PRINTED {
            text.push_str(&format!("\n  and {} other kinds", seen.len() - PRINTED));
        }
        Ok(Some(text))
    }
}
