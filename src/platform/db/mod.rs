//! PostgreSQL: the only store. Pools, the unit of work, and what every table shares.

pub mod constraint;
pub mod embedded;
mod gather;
mod pool;
pub mod scope;
pub mod setting;

mod types;
mod uow;
pub mod vault;

pub use gather::Gather;
pub use pool::{Db, DbOptions, Lane, migrate};
pub use uow::{Answer, Uow};
