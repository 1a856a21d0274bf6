//! Every statement about tier policies, records and periods.

mod periods;
mod policies;
mod record;

pub use self::periods::{Changes, apply, history, periods, periods_from};
pub use self::policies::list_policies;
pub use self::record::{Reach, begun, concerned_by_trades, due, records};
