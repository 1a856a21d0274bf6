//! What a client is worth, part by part.
//!
//! Invariants: the parts add up to the score exactly; a part without data earns nothing and says so; a score never
//! moves because other clients joined, only its percentile does. The score is computed on read, from the policy in
//! force.

mod decisions;
mod http;
mod model;
mod rules;
mod service;
mod store;

pub use http::ValueScoreView;
pub use model::ScoredValue;
pub use service::{BookForecast, BookValue, book_value, revenue_if_kept, score};

use platform::decisions::DecisionKind;
use platform::policies::PolicyKind;
use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("value", "What a client is worth 客户价值")],
    routes: http::routes,
    faults: faults::FAULTS,
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

/// What can be wrong with a value policy.
mod faults {
    platform::faults! {
        WEIGHTS = "weights" "Must make 1 together, none below 0" "各权重不得为负，合计应为 1";
        ANCHOR = "anchor" "Must have 0 < lo < hi" "须满足 0 < lo < hi";
        BASIS_POINTS = "out_of_range" "0 to 10000" "应为 0 至 10000";
        NOT_ABOVE_ZERO = "not_above_zero" "Must be above 0" "须大于 0";
        GRADES = "grades" "Must start at 100 or below, fall strictly and end at 0" "起始分须不高于 100，严格递减，末级为 0";
    }
}
