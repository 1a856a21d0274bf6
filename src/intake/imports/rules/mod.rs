//! From a file's columns to what the book takes: pure, so that the same bytes always mean the same.

pub mod columns;
pub mod fields;
pub mod header;
pub mod identity;
pub mod mapping;
pub mod members;
pub mod objects;
pub mod rows;
pub mod text;
pub mod when;
pub mod words;

#[cfg(test)]
mod tests;
