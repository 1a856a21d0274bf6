//! Guessing passwords is slowed by address, by account from one address, and by account. Only failures count, and a
//! refused attempt counts nowhere: hammering an account from one address leaves it open from every other.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::allowance::{Taken, network};

/// What failures are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Cell {
    Address(IpAddr),
    AccountFrom(String, Option<IpAddr>),
    Account(String),
}

/// Failures at once, and how long until one is forgiven.
#[derive(Clone, Copy)]
struct Quota {
    failures: u32,
    forgiven_after: Duration,
}

const TIGHT: Quota = Quota { failures: 10, forgiven_after: Duration::from_secs(6) };
/// Against many addresses at once; six of them at their own limit do not use it up.
const LOOSE: Quota = Quota { failures: 100, forgiven_after: Duration::from_secs(1) };

impl Cell {
    fn quota(&self) -> Quota {
        match self {
            Self::Account(_) => LOOSE,
            Self::Address(_) | Self::AccountFrom(..) => TIGHT,
        }
    }
}

/// Failed sign-ins of late. For each cell, when its last failure will be forgiven; who is not here has none.
#[derive(Default)]
pub struct SignIns(Mutex<HashMap<Cell, Instant>>);

/// An attempt that counts as a failure until it is given back.
pub struct Attempt(Vec<Cell>);

impl SignIns {
    /// One more attempt at this account from this address.
    pub fn attempt(&self, account: &str, address: Option<IpAddr>) -> (Taken, Attempt) {
        self.attempt_at(account, address, Instant::now())
    }

    fn attempt_at(&self, account: &str, address: Option<IpAddr>, now: Instant) -> (Taken, Attempt) {
        let address = address.map(network);
        let mut cells = vec![Cell::AccountFrom(account.to_owned(), address), Cell::Account(account.to_owned())];
        // Behind a proxy on this machine everybody has its address.
        cells.extend(address.filter(|address| !address.is_loopback()).map(Cell::Address));
        let mut forgiven = self.locked();
        let left = |cell: &Cell| {
            let Quota { failures, forgiven_after } = cell.quota();
            let owed = forgiven.get(cell).map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
            (forgiven_after * failures).saturating_sub(owed)
        };
        let wait = cells.iter().map(|cell| cell.quota().forgiven_after.saturating_sub(left(cell))).max();
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            return (Taken::none_of(TIGHT.failures, wait), Attempt(Vec::new()));
        }
        for cell in &cells {
            let at = forgiven.entry(cell.clone()).or_insert(now);
            *at = (*at).max(now) + cell.quota().forgiven_after;
        }
        let owed = forgiven[&cells[0]].saturating_duration_since(now);
        let used = owed.as_millis().div_ceil(TIGHT.forgiven_after.as_millis());
        let remaining = TIGHT.failures.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
        (Taken::one_of(TIGHT.failures, remaining, owed), Attempt(cells))
    }

    /// The attempt was no failure after all.
    pub fn give_back(&self, attempt: Attempt) {
        let mut forgiven = self.locked();
        for cell in attempt.0 {
            let forgiven_after = cell.quota().forgiven_after;
            forgiven.entry(cell).and_modify(|at| *at = at.checked_sub(forgiven_after).unwrap_or(*at));
        }
    }

    /// Forgets what is forgiven.
    pub(super) fn shrink(&self) {
        let now = Instant::now();
        self.locked().retain(|_, at| *at > now);
    }

    pub(super) fn kept(&self) -> usize {
        self.locked().len()
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Cell, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(last: u8) -> Option<IpAddr> {
        Some([192, 0, 2, last].into())
    }

    /// How many of so many attempts, all failures, are let through.
    fn let_through(sign_ins: &SignIns, account: &str, address: Option<IpAddr>, now: Instant, tries: u32) -> usize {
        (0..tries).filter(|_| !sign_ins.attempt_at(account, address, now).1.0.is_empty()).count()
    }

    #[test]
    fn an_account_hammered_from_one_address_stays_open_from_another() {
        let (sign_ins, now) = (SignIns::default(), Instant::now());
        assert_eq!(let_through(&sign_ins, "victim", from(1), now, 1000), 10);
        assert_eq!(let_through(&sign_ins, "victim", from(2), now, 1), 1);
        assert_eq!(sign_ins.kept(), 5, "refused attempts leave nothing behind");
        // The address is slowed whatever account it tries next, and no account pays for it.
        assert_eq!(let_through(&sign_ins, "other", from(1), now, 5), 0);
        assert_eq!(sign_ins.kept(), 5);
    }

    #[test]
    fn many_addresses_share_what_an_account_puts_up_with() {
        let (sign_ins, now) = (SignIns::default(), Instant::now());
        let through: usize = (0..50).map(|last| let_through(&sign_ins, "victim", from(last), now, 10)).sum();
        assert_eq!(through, 100);
        let later = now + LOOSE.forgiven_after;
        assert_eq!(let_through(&sign_ins, "victim", from(99), later, 10), 1, "slowed, never locked for good");
    }

    #[test]
    fn success_costs_nothing_and_time_forgives() {
        let (sign_ins, now) = (SignIns::default(), Instant::now());
        for _ in 0..100 {
            let (taken, attempt) = sign_ins.attempt_at("user", from(1), now);
            drop(taken);
            sign_ins.give_back(attempt);
        }
        assert_eq!(let_through(&sign_ins, "user", from(1), now, 20), 10);
        assert_eq!(let_through(&sign_ins, "user", from(1), now + TIGHT.forgiven_after, 20), 1);
        assert_eq!(let_through(&sign_ins, "user", from(1), now + TIGHT.forgiven_after * 30, 20), 10);
    }
}
