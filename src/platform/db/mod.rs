//! PostgreSQL: the only store. Pools, the unit of work, and what every table shares.

mod answers;
pub mod audit;
pub mod columns;
pub mod constraint;
pub mod embedded;
mod gather;
pub mod period;
mod pool;
mod read;
pub mod scope;
pub mod setting;

mod types;
mod uow;
pub mod vault;

/// Where the values of a row are pushed, one after the other.
pub type Values<'a> = sqlx::query_builder::Separated<'a, sqlx::Postgres, &'static str>;

pub use gather::Gather;
pub use pool::{Db, DbOptions, Lane, migrate};
pub use read::Read;
pub use uow::{Answer, Uow};
