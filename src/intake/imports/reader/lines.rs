//! Physical lines: LF or CRLF, a byte order mark skipped, and none longer than memory should hold.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

/// A longer line, or a longer row of several lines, is refused.
pub const LONGEST: usize = 64 * 1024;
/// What is kept of a line that is too long, to recognise it by.
const KEPT: usize = 200;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One line, without its end.
pub struct Line {
    /// From 1.
    pub no: u64,
    /// The line; its beginning, if it is too long.
    pub bytes: Vec<u8>,
    /// Whether it is longer than [`LONGEST`].
    pub too_long: bool,
}

/// The lines of a file.
pub struct Lines<R> {
    input: BufReader<R>,
    read: u64,
    bytes: u64,
    back: VecDeque<Line>,
}

impl<R: Read> Lines<R> {
    /// From the beginning of a file.
    pub fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(LONGEST, input), read: 0, bytes: 0, back: VecDeque::new() }
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Puts lines back, to be read again in their order.
    pub fn put_back(&mut self, lines: impl DoubleEndedIterator<Item = Line>) {
        lines.rev().for_each(|line| self.back.push_front(line));
    }

    /// The next line; none at the end of the file.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.back.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Line { no: self.read + 1, bytes: Vec::new(), too_long: false };
        if !self.fill(&mut line)? {
            return Ok(None);
        }
        self.read += 1;
        if line.no == 1 && line.bytes.starts_with(BYTE_ORDER_MARK) {
            line.bytes.drain(..BYTE_ORDER_MARK.len());
        }
        if line.bytes.last() == Some(&b'\r') {
            line.bytes.pop();
        }
        if line.too_long {
            line.bytes.truncate(KEPT);
        }
        Ok(Some(line))
    }

    /// Reads up to the end of the line; false when there was nothing left to read.
    fn fill(&mut self, line: &mut Line) -> io::Result<bool> {
        let mut any = false;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            line.too_long |= line.bytes.len() + part.len() > LONGEST;
            if !line.too_long {
                line.bytes.extend_from_slice(part);
            } else if line.bytes.len() < KEPT {
                line.bytes.extend_from_slice(&part[..part.len().min(KEPT)]);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            self.bytes += used as u64;
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}
