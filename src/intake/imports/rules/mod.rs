//! From a file's columns to what the book takes: pure, so that the same bytes always mean the same.

pub mod columns;
pub mod fields;
pub mod identity;
pub mod members;
pub mod rows;

#[cfg(test)]
mod tests;
