//! What was wrong with the lines of a file, by kind.

use crate::imports::model::{FaultKind, Rejection};

/// Kinds kept; more say that the file is another.
const MOST_KINDS: usize = 100;
/// Lines named of each kind.
const FIRST_LINES: usize = 5;

/// Adds what was wrong with these lines.
pub fn add(kinds: &mut Vec<FaultKind>, rejected: &[Rejection]) {
    for Rejection { line, faults, .. } in rejected {
        for fault in faults {
            let place = kinds.iter().position(|kind| kind.code == fault.code && kind.pointer == fault.pointer);
            match place {
                Some(place) => {
                    let kind = &mut kinds[place];
                    kind.lines += 1;
                    if kind.first_lines.len() < FIRST_LINES {
                        kind.first_lines.push(*line);
                    }
                }
                None if kinds.len() < MOST_KINDS => kinds.push(FaultKind {
                    code: fault.code.to_owned(),
                    pointer: fault.pointer.clone(),
                    message: fault.message.en.clone(),
                    lines: 1,
                    first_lines: vec![*line],
                }),
                None => {}
            }
        }
    }
}

/// The same, the most frequent first.
pub fn most_frequent_first(mut kinds: Vec<FaultKind>) -> Vec<FaultKind> {
    kinds.sort_by(|one, other| other.lines.cmp(&one.lines).then_with(|| one.first_lines.cmp(&other.first_lines)));
    kinds
}
