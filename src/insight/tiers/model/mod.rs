//! Tier policies as data, the record tiers are derived from, and the periods and decisions that follow.

mod check;
mod decision;
mod kind;
mod period;
mod policy;
mod simulation;

pub use self::decision::*;
pub use self::period::*;
pub use self::policy::*;
pub use self::simulation::*;
pub use book::clients::Tier;
