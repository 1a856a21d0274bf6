//! Rates per caller and per address: token buckets in memory, shown in `RateLimit-*` headers.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::allowance::{Taken, network};
use super::sign_ins::SignIns;

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// Quiet buckets are forgotten this often.
pub const SHRINK_EVERY: Duration = Duration::from_secs(60);

/// The limits of one server.
pub struct Limits {
    callers: Buckets<String>,
    addresses: Buckets<IpAddr>,
    /// Those of signing in.
    pub sign_ins: SignIns,
}

impl Limits {
    /// `per_second` requests a caller; an address, which may stand for many callers, four times as many.
    pub fn new(per_second: NonZeroU32) -> Self {
        let quota = |rate: NonZeroU32| Quota::per_second(rate).allow_burst(rate);
        let per_address = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(3));
        Self {
            callers: RateLimiter::dashmap(quota(per_second)).with_middleware(),
            addresses: RateLimiter::dashmap(quota(per_address)).with_middleware(),
            sign_ins: SignIns::default(),
        }
    }

    /// One more request from this address.
    pub fn address(&self, address: IpAddr) -> Taken {
        taken(self.addresses.check_key(&network(address)))
    }

    /// One more request of this caller.
    pub fn caller(&self, name: &str) -> Taken {
        taken(self.callers.check_key(&name.to_owned()))
    }

    /// Forgets whoever has been quiet. Anybody can make a bucket, so this must be called from time to time.
    pub fn shrink(&self) {
        self.callers.retain_recent();
        self.addresses.retain_recent();
        self.sign_ins.shrink();
    }

    /// Buckets kept just now.
    pub fn kept(&self) -> usize {
        self.callers.len() + self.addresses.len() + self.sign_ins.kept()
    }
}

type Outcome =
    Result<governor::middleware::StateSnapshot, governor::NotUntil<<DefaultClock as governor::clock::Clock>::Instant>>;

fn taken(outcome: Outcome) -> Taken {
    match outcome {
        Ok(state) => {
            let (limit, remaining) = (state.quota().burst_size().get(), state.remaining_burst_capacity());
            let full_in = state.quota().replenish_interval() * limit.saturating_sub(remaining);
            Taken::one_of(limit, remaining, full_in)
        }
        Err(not_until) => {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Taken::none_of(not_until.quota().burst_size().get(), wait)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::allowance::Allowance;
    use super::*;

    fn limits(per_second: u32) -> Limits {
        Limits::new(NonZeroU32::new(per_second).expect("a rate"))
    }

    #[test]
    fn an_allowance_says_what_is_left_and_when_more_comes() {
        let limits = limits(2);
        let first = limits.caller("a");
        assert_eq!((first.refused, first.allowance.limit, first.allowance.remaining), (false, 2, 1));
        assert!(!limits.caller("a").refused);
        let none = limits.caller("a");
        assert!(none.refused);
        assert_eq!(none.allowance, Allowance { limit: 2, remaining: 0, reset_s: 1 });
        assert!(!limits.caller("b").refused);
    }

    #[test]
    fn quiet_buckets_are_forgotten() {
        let limits = limits(1000);
        for last in 0..50u8 {
            assert!(!limits.address([10, 0, 0, last].into()).refused);
        }
        assert_eq!(limits.kept(), 50);
        std::thread::sleep(Duration::from_millis(50));
        limits.shrink();
        assert_eq!(limits.kept(), 0);
    }
}
