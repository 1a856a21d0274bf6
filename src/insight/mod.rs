//! What the record means: decisions.

pub mod churn;
pub mod decisions;
pub mod needs;
pub mod scoring;
pub mod tiers;
pub mod value;
