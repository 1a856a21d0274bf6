//! The API over real HTTP against a real PostgreSQL: one binary, one file a slice, `support` for all of them.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say so and stop")]

<<<<<<< HEAD
mod balances;
=======
mod access;
>>>>>>> tests
mod clients;
<<<<<<< HEAD
mod contract;
mod explain;
=======
mod ingestion;
>>>>>>> trades
mod interactions;
mod matrix;
mod smoke;
mod support;
mod tiers;
mod trades;
