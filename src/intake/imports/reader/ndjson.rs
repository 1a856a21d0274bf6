//! One JSON object a line.

use std::collections::BTreeMap;
use std::io::{self, Read};

use serde_json::value::RawValue;

use super::lines::Lines;
use super::record::{Record, not_text, too_long};
use crate::imports::faults;
use crate::imports::rules::members::{Member, Members, NoValue, Scalar};
use platform::kernel::error::Fault;

/// The objects of a file.
pub struct NdjsonRecords<R> {
    lines: Lines<R>,
}

impl<R: Read> NdjsonRecords<R> {
    /// From the beginning of a file.
    pub fn new(input: R) -> Self {
        Self { lines: Lines::new(input) }
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.lines.bytes()
    }

    /// The next object.
    pub fn next(&mut self) -> io::Result<Option<Record<Members>>> {
        loop {
            let Some(line) = self.lines.next()? else { return Ok(None) };
            if line.bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let content = if line.too_long { Err(too_long()) } else { members(&line.bytes) };
            return Ok(Some(Record { line: line.no, raw: line.bytes, content }));
        }
    }
}

fn members(line: &[u8]) -> Result<Members, Fault> {
    let text = std::str::from_utf8(line).ok().filter(|text| !text.contains('\u{FFFD}')).ok_or_else(not_text)?;
    // Raw values, so that a number keeps every digit it was written with.
    let object: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|_| faults::JSON.at(""))?;
    Ok(object.into_iter().map(|(name, value)| (name, scalar(value.get()))).collect())
}

fn scalar(json: &str) -> Member {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).map(Scalar::Text).map_err(|_| NoValue),
        Some(b'-' | b'0'..=b'9') => Ok(Scalar::Number(json.to_owned())),
        Some(b'n') => Ok(Scalar::Nothing),
        _ => Err(NoValue),
    }
}
