//! Rates per caller and per address: token buckets in memory, shown in `RateLimit-*` headers.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::platform::kernel::error::{self, Error};

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// What is left of a caller's allowance.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Requests at once.
    pub limit: u32,
    /// Of those left now.
    pub remaining: u32,
}

/// The limits of one server.
pub struct Limits {
    callers: Buckets<String>,
    addresses: Buckets<IpAddr>,
    sign_ins: Buckets<String>,
    /// Bursts: what a bucket holds when full.
    caller_burst: u32,
    address_burst: u32,
}

/// Sign-ins an account or address may try at once; one more every [`SIGN_IN_EVERY_S`].
const SIGN_IN_BURST: NonZeroU32 = NonZeroU32::new(10).expect("ten");
const SIGN_IN_EVERY_S: u64 = 6;

impl Limits {
    /// `per_second` requests a caller; an address, which may stand for many callers, four times as many.
    pub fn new(per_second: NonZeroU32) -> Self {
        let quota = |rate: NonZeroU32| Quota::per_second(rate).allow_burst(rate);
        let sign_in = Quota::with_period(std::time::Duration::from_secs(SIGN_IN_EVERY_S))
            .unwrap_or(Quota::per_minute(SIGN_IN_BURST))
            .allow_burst(SIGN_IN_BURST);
        let per_address = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(3));
        Self {
            callers: RateLimiter::dashmap(quota(per_second)).with_middleware(),
            addresses: RateLimiter::dashmap(quota(per_address)).with_middleware(),
            sign_ins: RateLimiter::dashmap(sign_in).with_middleware(),
            caller_burst: per_second.get(),
            address_burst: per_address.get(),
        }
    }

    /// One more request from this address.
    pub fn address(&self, address: IpAddr) -> Result<Allowance, Error> {
        taken(self.addresses.check_key(&address), self.address_burst)
    }

    /// One more request of this caller.
    pub fn caller(&self, name: &str) -> Result<Allowance, Error> {
        taken(self.callers.check_key(&name.to_owned()), self.caller_burst)
    }

    /// One more sign-in for this account or address. Slowed, never locked for good.
    pub fn sign_in(&self, who: &str) -> Result<(), Error> {
        taken(self.sign_ins.check_key(&who.to_owned()), SIGN_IN_BURST.get()).map(drop)
    }

    /// Forgets callers that have been quiet.
    pub fn shrink(&self) {
        self.callers.retain_recent();
        self.addresses.retain_recent();
        self.sign_ins.retain_recent();
    }
}

type Outcome =
    Result<governor::middleware::StateSnapshot, governor::NotUntil<<DefaultClock as governor::clock::Clock>::Instant>>;

fn taken(outcome: Outcome, limit: u32) -> Result<Allowance, Error> {
    outcome.map(|state| Allowance { limit, remaining: state.remaining_burst_capacity() }).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        let seconds = u32::try_from(wait.as_secs() + 1).unwrap_or(60);
        Error::code(&error::TOO_MANY).with(|refusal| refusal.retry_after_s = Some(seconds))
    })
}
