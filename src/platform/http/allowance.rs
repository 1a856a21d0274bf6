//! What a caller or an address has left of what it may ask for.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::HttpMessage;

use crate::kernel::error::{self, Error};

/// What is left of an allowance; the `RateLimit-*` headers of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests at once.
    pub limit: u32,
    /// Of those left now.
    pub remaining: u32,
    /// Seconds until all of them are back; when none is left, until the next one is.
    pub reset_s: u32,
}

/// What came of asking for one more: the allowance either way, and whether it was refused.
#[derive(Debug)]
#[must_use = "a refusal is in it"]
pub struct Taken {
    pub(super) allowance: Allowance,
    pub(super) refused: bool,
}

impl Taken {
    /// One more was taken.
    pub(super) fn one_of(limit: u32, remaining: u32, full_in: Duration) -> Self {
        Self { allowance: Allowance { limit, remaining, reset_s: seconds(full_in) }, refused: false }
    }

    /// There was none left.
    pub(super) fn none_of(limit: u32, wait: Duration) -> Self {
        Self { allowance: Allowance { limit, remaining: 0, reset_s: seconds(wait) }, refused: true }
    }

    /// Puts the allowance where the answer's headers are made from it, and refuses if there was none left.
    pub fn shown_on(self, request: &impl HttpMessage) -> Result<(), Error> {
        request.extensions_mut().insert(self.allowance);
        if self.refused {
            return Err(
                Error::code(&error::TOO_MANY).with(|refusal| refusal.retry_after_s = Some(self.allowance.reset_s))
            );
        }
        Ok(())
    }
}

/// Whole seconds, rounded up: who waits that long need not wait again.
fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

/// The part of an address that its holder did not choose: of IPv6, the first 64 bits.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_up() {
        assert_eq!([1, 1000, 1001, 60_000].map(|ms| seconds(Duration::from_millis(ms))), [1, 1, 2, 60]);
    }

    #[test]
    fn an_address_is_as_much_of_it_as_was_given_out() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
