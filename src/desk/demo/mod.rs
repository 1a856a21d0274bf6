//! The demonstration book: seeded, realistic, loaded through the same services as everything else.

pub mod generator;
