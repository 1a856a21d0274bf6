//! What a model says of a client and why, and how well it said it.

mod evaluate;
mod forecast;
mod reasons;
mod words;

pub use evaluate::{Prediction, evaluate, p_rfm, rfm_logistic};
pub use forecast::assess;
pub use words::{no_risk, percent, refused};
