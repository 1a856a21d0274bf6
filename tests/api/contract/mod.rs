//! Tests driven by the document itself: what it says is whole, and what it says is what happens.

mod compatibility;
mod requests;
mod shape;
