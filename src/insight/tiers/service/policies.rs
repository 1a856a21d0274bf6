//! Which policy rules when.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::super::model::*;
use super::super::store::{self, Reach};
use platform::db::Read;
use platform::kernel::clock::TradingCalendar;
use platform::kernel::error::Error;
use platform::kernel::ids::TierPolicyId;
use platform::kernel::page::{Page, PageRequest};
use platform::policies::{self, Stored};

/// Versions of the policy, newest first.
pub async fn policies(read: &mut Read, page: &PageRequest<i32>) -> Result<Page<StoredPolicy, i32>, Error> {
    store::list_policies(read.conn(), page).await
}

/// Who rules from when, oldest first: a day is decided by what rules at its end.
pub(super) async fn rulings(read: &mut Read) -> Result<Vec<Ruling>, Error> {
    let ruling = |(since, stored): (Option<DateTime<Utc>>, Stored<TierPolicy>), calendar: &TradingCalendar| Ruling {
        from: since.map_or(NaiveDate::MIN, |since| calendar.day_of(since)),
        tier_policy_id: TierPolicyId(stored.policy_id.0),
        policy: stored.rules,
    };
    let all = policies::timeline::<TierPolicy>(read).await?;
    Ok(all.into_iter().map(|one| ruling(one, read.calendar())).collect())
}

/// Days after the first of a policy or a period on which the assessment looks at it: a night or two may be missed.
pub(super) const NEW_FOR: u64 = 7;

/// Whether a policy has begun to rule lately, so that periods may follow from another.
pub async fn has_new_rules(read: &mut Read) -> Result<bool, Error> {
    let today = read.today();
    let rulings = rulings(read).await?;
    Ok(rulings.iter().any(|ruling| ruling.from <= today && ruling.from >= today - Days::new(NEW_FOR)))
}

/// As far back as any of these policies looks.
pub(super) fn reach(rulings: &[Ruling], until: Option<NaiveDate>) -> Reach {
    let most = |pick: fn(&TierPolicy) -> u32| rulings.iter().map(|ruling| pick(&ruling.policy)).max().unwrap_or(0);
    Reach {
        balance_days: most(|policy| policy.window_trading_days),
        months: most(|policy| policy.downgrade_after_months + 1),
        active_days: most(|policy| policy.frequency.days),
        until,
    }
}
