//! Whose a client is over time: what an edit makes of the periods it touches.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use platform::kernel::ids::{BranchId, StaffId};

/// Whose a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Branch.
    pub branch_id: BranchId,
    /// Advisor.
    pub advisor_id: Option<StaffId>,
}

/// What a change for a later day names; the rest follows from what holds before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The branch.
    pub branch_id: Option<BranchId>,
    /// The advisor, or that there is none.
    pub advisor_id: Option<Option<StaffId>>,
}

impl Named {
    fn over(self, before: Holder) -> Holder {
        Holder {
            branch_id: self.branch_id.unwrap_or(before.branch_id),
            advisor_id: self.advisor_id.unwrap_or(before.advisor_id),
        }
    }
}

/// A period, until the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its beginning; none for what the record had first.
    pub from: Option<DateTime<Utc>>,
    /// Whose the client is.
    pub holder: Holder,
    /// What the change named, of one that was scheduled.
    pub named: Option<Named>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: String,
}

/// What becomes of the periods. Only instants to come are scheduled or cancelled, only others corrected.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    /// So from now on.
    Now(Holder),
    /// So since then.
    Since(DateTime<Utc>, Holder),
    /// So from then on.
    Schedule(DateTime<Utc>, Named),
    /// What was scheduled for then is not to be.
    Cancel(DateTime<Utc>),
    /// Nothing that was scheduled is to be.
    CancelAll,
}

impl Edit {
    /// The edit concerns periods that reach beyond this instant.
    pub fn touches(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Since(from, _) => from.min(now),
            _ => now,
        }
    }
}

/// The periods an edit touches, in their order, as they are after it. What was scheduled for later stays so, and
/// follows from what holds before it.
pub fn edited(touched: Vec<Period>, edit: Edit, now: DateTime<Utc>, by: &str) -> Vec<Period> {
    let is_to_come = |period: &Period| period.named.is_some() && period.from.is_some_and(|from| from > now);
    let (to_come, mut periods): (Vec<Period>, Vec<Period>) = touched.into_iter().partition(is_to_come);
    let mut scheduled: BTreeMap<_, _> = to_come.into_iter().map(|period| (period.from, period)).collect();
    let recorded =
        |from, holder, named| Period { from: Some(from), holder, named, recorded_at: now, recorded_by: by.to_owned() };
    match edit {
        Edit::Now(holder) => {
            // Just after what another unit of work began later.
            let latest = periods.last().and_then(|period| period.from);
            let from = latest.map_or(now, |latest| now.max(latest + Duration::microseconds(1)));
            periods.push(recorded(from, holder, None));
        }
        Edit::Since(since, holder) => {
            periods.retain(|period| period.from.is_none_or(|from| from < since));
            periods.push(recorded(since, holder, None));
        }
        Edit::Schedule(from, named) => {
            // The holder follows below.
            if let Some(holder) = periods.last().map(|period| period.holder) {
                scheduled.insert(Some(from), recorded(from, holder, Some(named)));
            }
        }
        Edit::Cancel(from) => drop(scheduled.remove(&Some(from))),
        Edit::CancelAll => scheduled.clear(),
    }
    for mut period in scheduled.into_values() {
        if let (Some(before), Some(named)) = (periods.last(), period.named) {
            period.holder = named.over(before.holder);
        }
        periods.push(period);
    }
    periods
}
