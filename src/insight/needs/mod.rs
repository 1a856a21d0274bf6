//! What a client does and prefers, from the trades.
//!
//! Invariants: a profile is a pure function of the trades that stand up to `as_of` and of the window; what is sold
//! without a known purchase is reported, never guessed; amounts in another currency than the book's are counted, never
//! added up.

mod http;
mod model;
mod rules;
mod service;
mod store;

pub use http::TradingProfileView;
pub use model::Side;
pub use service::{ClientProfile, profile};

use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("needs", "What the client does and prefers 客户需求分析")],
    routes: http::routes,
    ..Slice::named("insight/needs")
};
