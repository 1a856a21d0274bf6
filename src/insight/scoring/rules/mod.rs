//! What a model says of a client and why, and how well it said it.

mod evaluate;
mod forecast;
mod reasons;
mod words;

pub use evaluate::{Prediction, evaluate};
pub use forecast::{assess, cells, no_risk};
pub use reasons::{explain, observed_changes};
