//! By when to act. Working days are Monday to Friday until a firm's calendar says more.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::super::model::{ChurnPolicy, Severity};

/// The last day to act on an alert opened on `opened_on`.
pub fn due_on(policy: &ChurnPolicy, severity: Severity, opened_on: NaiveDate) -> NaiveDate {
    match policy.due.working_days(severity) {
        Some(days) => working_days_after(opened_on, days),
        None => days_after(opened_on, policy.due.campaign_days),
    }
}

/// The day on which an alert opened on `opened_on` expires: the forecast's window is over.
pub fn expires_on(policy: &ChurnPolicy, opened_on: NaiveDate) -> NaiveDate {
    days_after(opened_on, policy.horizon_days)
}

/// The `n`-th working day after `date`, which itself never counts; `date` for 0.
pub fn working_days_after(date: NaiveDate, n: u32) -> NaiveDate {
    let mut day = date;
    let mut left = n;
    while left > 0 {
        day = days_after(day, 1);
        left -= u32::from(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
        if day == NaiveDate::MAX {
            break;
        }
    }
    day
}

fn days_after(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(days: i32) -> NaiveDate {
        NaiveDate::from_epoch_days(days).unwrap_or_default()
    }

    #[test]
    fn weekends_do_not_count() {
        let friday = day(20_602);
        assert_eq!(friday.weekday(), Weekday::Fri);
        assert_eq!(working_days_after(friday, 0), friday);
        assert_eq!(working_days_after(friday, 1), day(20_605));
        assert_eq!(working_days_after(day(20_603), 1), day(20_605));
        assert_eq!(working_days_after(friday, 7), day(20_613));
        assert_eq!(working_days_after(NaiveDate::MAX, 3), NaiveDate::MAX);
        let policy = ChurnPolicy::default();
        assert_eq!(due_on(&policy, Severity::Critical, friday), day(20_605));
        assert_eq!(due_on(&policy, Severity::High, friday), day(20_607));
        assert_eq!(due_on(&policy, Severity::Low, friday), day(20_632));
        assert_eq!(expires_on(&policy, friday), day(20_692));
    }

    proptest! {
        #[test]
        fn exactly_n_working_days_lie_between(start in 0_i32..30_000, n in 1_u32..60) {
            let due = working_days_after(day(start), n);
            let works = |date: NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            let counted = day(start).iter_days().skip(1).take_while(|date| *date <= due).filter(|date| works(*date)).count();
            prop_assert!(works(due));
            prop_assert_eq!(counted, n as usize);
        }
    }
}
