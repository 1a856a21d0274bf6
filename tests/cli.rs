//! The command line as people run it: the real binary, a real PostgreSQL, and kill -9.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say so and stop")]
#![expect(clippy::print_stdout, reason = "figures are printed; noise is cut from numbers")]

#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/house.rs"]
mod house;
#[path = "cli/kills.rs"]
mod kills;
