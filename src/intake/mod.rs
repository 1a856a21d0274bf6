//! What comes in, taken through all it moves in one transaction.

pub mod imports;
pub mod ingestion;
