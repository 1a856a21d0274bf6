//! What every test of the API stands on: a PostgreSQL of its own (`cluster`), the application on a free port (`app`),
//! callers (`client`), things to work with (`builders`),
//! and the document that every answer is held against (`document`).
//!
//! ```text
//! let app = TestApp::start().await;                                     // own database, real HTTP, the machine's
//! clock let app = TestApp::at("2026-03-02T02:00:00Z").await;                  // a clock that stands until
//! app.clock.set(…) let branch = app.branch("SH001", BranchId::ROOT).await; let advisor = app.client_as(Role::Advisor,
//! DataScope::Own, branch).await; let made = app.admin().post("/v1/clients").json(json!({…})).send().await.is(201);
//! app.run_jobs().await;
//! ```

mod app;
mod builders;
mod client;
mod cluster;
pub mod document;
pub mod events;

pub use app::{PASSWORD, TestApp};
pub use builders::{seed, unique};
pub use client::{Answer, Call, Client, encoded, session_of};
