//! Use cases of tiers.

mod assess;
mod decided;
mod derive;
mod policies;
mod read;
mod simulate;
mod verify;

pub use self::assess::{assess, decide_begun};
pub use self::decided::decided;
pub use self::derive::{derive_all, reassess_after_balances, reassess_after_trades};
pub use self::policies::{has_new_rules, policies};
pub use self::read::{current, history};
pub use self::simulate::{simulate, simulate_rules};
pub use self::verify::verify;
