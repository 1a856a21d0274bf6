//! The demonstration book: seeded, realistic, loaded through the same services as everything else.
//!
//! Invariants: only an empty book takes one; which book it is stands in the database from the first row on, so that a
//! load that was interrupted goes on with the same one.

pub mod generator;
mod load;
mod store;

pub use generator::Generator;
pub use load::{Loaded, Request, Status, load, status};
