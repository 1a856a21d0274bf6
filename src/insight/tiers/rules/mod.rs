//! Which tier a client is on: up at once, down only after months of grace.
//!
//! One day is decided by [`decide`]; [`fold`] walks the days of a record and gives the periods. Exactly:
//! - **Measured** at the end of a day: the mean of the latest balance days (as many as the policy's window), the means
//!   of the complete months with balances, the days with a trade within the frequency window that ends with the day.
//!   All means are rounded to eight decimals, half away from zero.
//! - **The record begins** with its first balance or trade; before it there is no tier. Without balances the client is
//!   on the first rung.
//! - **Up**: on the balance day on which the mean reaches a higher rung.
//! - **Down**: a month counts against the client when it is complete, its mean is below the rung, and it began on or
//!   after the client's first day on the rung. The newest months with balances that do so without a gap are the run.
//!   From the policy's number of months on the client is on watch; when the run is as long as the grace, the client
//!   goes down to the rung of the best of those months, but not below the one the mean of the day reaches. A month is
//!   complete on the first day of the next; so that is the day of a downgrade, unless the mean itself falls below the
//!   rung on a later one.
//! - **No news is no bad news**: months without balances neither count nor are waited for. When balances stop, the run
//!   stays as long as it is.
//! - **Service level**: that of the tier, lifted while trades are frequent.
//! - **Policies**: each day is decided by the policy that rules on it, the first one also for the days before it. A
//!   client whose rung is not on a new ladder is assigned anew.
//!
//! Deciding a day again, or another day on which nothing happened, changes nothing. So the periods follow from the
//! record and the policies alone, whatever came in when, and reach beyond the last day of the record: what time alone
//! will change is in them, until the record says otherwise.

mod conclusion;
mod decide;
mod fold;
mod ladder;
mod record;
mod simulation;
mod step;
mod words;

#[cfg(test)]
mod fold_tests;
#[cfg(test)]
mod tests;

pub use self::conclusion::{KIND, POLICY, conclusion, decision, grounds};
pub use self::decide::decide;
pub use self::fold::{fold, ruling_on};
pub use self::record::measure;
pub use self::simulation::Simulation;
