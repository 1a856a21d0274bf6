//! Scoring runs asked for, and the policy they start with.

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::super::model::{ChurnPolicy, HORIZON_DAYS};
use super::super::{DAY_NOT_OVER, jobs, store};
use platform::db::Uow;
use platform::kernel::error::{self, Error, Fault};
use platform::kernel::event::Event;
use platform::kernel::ids::{ChurnPolicyId, JobId};
use platform::worker::{NewJob, enqueue};

/// Tries of a run before it is given up.
const TRIES: i32 = 3;

/// The policy a book starts with, if it has none.
pub async fn seed(uow: &mut Uow) -> Result<(), Error> {
    if store::models::has_policy(uow.conn()).await? {
        return Ok(());
    }
    let policy = ChurnPolicy::default();
    policy.check().map_err(|faults| Error::internal(format!("the starting policy is not valid: {faults:?}")))?;
    let (id, now): (ChurnPolicyId, _) = (uow.id(), uow.now());
    if store::models::insert_policy(uow.conn(), id, &policy, now).await? {
        let event = Event::new("churn_policy.activated", "churn_policy", id.0);
        uow.record(event.data(json!({ "version": policy.version })));
    }
    Ok(())
}

/// Asks for a run over the book as of the end of a day: yesterday's when none is given, none after today's.
pub async fn request_run(uow: &mut Uow, as_of: Option<NaiveDate>, horizon_days: u32) -> Result<JobId, Error> {
    // It opens and ends alerts of everybody's clients.
    if !uow.visibility().firm {
        let (en, zh) = ("It takes sight of the whole firm.", "需要全公司的数据范围。");
        return Err(Error::detailed(&error::FORBIDDEN, en, zh));
    }
    let today = uow.db().calendar().day_of(uow.now());
    let as_of = as_of.unwrap_or_else(|| today.checked_sub_days(Days::new(1)).unwrap_or(today));
    if as_of > today {
        return Err(Error::detailed(
            &DAY_NOT_OVER,
            format!("The latest day that can be scored is {today}."),
            format!("可评分的最晚日期为{today}。"),
        ));
    }
    if !HORIZON_DAYS.contains(&horizon_days) {
        let (least, most) = (HORIZON_DAYS.start(), HORIZON_DAYS.end());
        let (en, zh) = (format!("{least} to {most} days"), format!("应为{least}至{most}天"));
        return Err(Error::fault(Fault::new("/horizon_days", "out_of_range", en, zh)));
    }
    let payload = json!({ "as_of": as_of, "horizon_days": horizon_days });
    enqueue(uow, NewJob { kind: jobs::KIND, payload, max_attempts: TRIES }).await
}
