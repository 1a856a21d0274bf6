//! The API over real HTTP against a real PostgreSQL: one binary, one file a slice, `support` for all of them.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say so and stop")]

mod access;
mod approvals;
mod audit;
mod balances;
mod bulk;
mod calendars;
mod churn;
mod clients;
mod contract;
mod edge;
mod explain;
mod firm;
mod idempotency;
mod imports;
mod ingestion;
mod interactions;
mod lifecycle;
mod matrix;
mod metadata;
mod needs;
mod periods;
mod policies;
mod reports;
mod scope;
mod smoke;
mod storm;
mod support;
mod tables;
mod tiers;
mod trades;
mod uow;
mod value;
mod worker;
