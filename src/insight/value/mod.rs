//! What a client is worth, part by part.
//!
//! Invariants: the parts add up to the score exactly; a part without data earns nothing and says so; a score never moves
//! because other clients joined, only its percentile does. The score is computed on read, from the policy in force.

mod decisions;
mod http;
mod model;
mod rules;
mod service;
mod store;

pub use http::ValueScoreView;
pub use model::ValueStanding;
pub use service::{BookValue, book_value, expected_revenue, score};

use platform::decisions::DecisionKind;
use platform::policies::PolicyKind;
use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("value", "What a client is worth 客户价值")],
    routes: http::routes,
    decisions: &[DecisionKind {
        kind: decisions::KIND,
        en: "Value of a client",
        zh: "客户价值",
        decide: Some(|read, client_id| Box::pin(decisions::decide(read, client_id))),
        replay: |read, stored| Box::pin(decisions::replay(read, stored)),
    }],
    policies: &[PolicyKind::of::<model::ValuePolicy>()],
    ..Slice::named("insight/value")
};
