//! # clientele
//!
//! Client management for securities firms. One binary, one PostgreSQL, a crate a wing; inside, a kernel that knows
//! nothing, a platform that knows the machine, and slices that know the business.
//!
//! | wing | holds |
//! | --- | --- |
//! | [`platform`] | kernel, HTTP, database, workers: knows no slice |
//! | [`firm`] | who works here and what they may do |
//! | [`book`] | the firm's record of its clients |
//! | [`insight`] | what the record means: decisions |
//! | [`intake`] | what comes in, taken through all it moves in one transaction |
//! | [`contact`] | what people do about it |
//! | [`desk`] | how people work with it |
//! | [`science`] | pure mathematics |
//!
//! One slice is `mod.rs` (invariants, facade), `http.rs`, `model.rs`, `rules.rs` (pure decisions), `service.rs` (use
//! cases), `store.rs` (every SQL statement), `jobs.rs`. `tests/architecture.rs` holds the rules.

#[cfg(feature = "demo")]
pub use demo;
pub use {book, contact, desk, firm, insight, intake, platform, science};

pub mod app;
pub mod cli;
mod health;
pub mod openapi;
mod operations;
pub mod server;
