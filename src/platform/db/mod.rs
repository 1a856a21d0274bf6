//! PostgreSQL: the only store. Pools, the unit of work, and what every table shares.

mod answers;
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

pub use gather::Gather;
pub use pool::{Db, DbOptions, Lane, migrate};
pub use read::Read;
pub use uow::{Answer, Uow};
