//! Checks that items share.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use rust_decimal::{Decimal, dec};

use super::super::faults;
use super::super::model::{KEY_MAX, OfClient, TEXT_MAX};
use super::found::Found;
use platform::kernel::clock::TradingCalendar;
use platform::kernel::error::Fault;
use platform::kernel::fault;
use platform::kernel::ids::ClientId;
use platform::kernel::money::Currency;

/// How far clocks may differ.
const TOLERATED_FUTURE: Duration = Duration::minutes(5);
/// Money and quantities stay below this: 16 digits before the point.
pub const TOO_LARGE: Decimal = dec!(10_000_000_000_000_000);
/// Digits after the point.
pub const SCALE: u32 = 8;

/// What checks depend on beside the item.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Now.
    pub now: DateTime<Utc>,
    /// Which trading day an instant belongs to.
    pub calendar: TradingCalendar,
    /// The book's currency.
    pub currency: Currency,
}

impl Terms {
    /// The trading day it is.
    pub fn today(&self) -> NaiveDate {
        self.calendar.day_of(self.now)
    }
}

/// The same, unless its day lies after the last of its client.
pub fn of_open_client<T>(is_open: bool, pointer: &str, item: T) -> Result<T, Vec<Fault>> {
    if is_open { Ok(item) } else { Err(vec![faults::CLIENT_CLOSED.at(pointer)]) }
}

/// Whose the item is. `client_id` is the client it names, if there is one in the caller's scope.
pub fn whose(found: &mut Found, item: &impl OfClient, client_id: Option<ClientId>) -> Option<ClientId> {
    let by_no = item.client_no().is_some() || found.has("/client_no");
    let by_id = item.client_id().is_some() || found.has("/client_id");
    if by_no == by_id {
        found.add(faults::ONE_CLIENT.at("/client_no"));
        return None;
    }
    found.keep(item.client_no().map_or(Ok(()), |number| text("/client_no", number, KEY_MAX)));
    let pointer = if by_id { "/client_id" } else { "/client_no" };
    found.keep(client_id.ok_or_else(|| faults::UNKNOWN_CLIENT.at(pointer)))
}

/// A source or an id given by it, which must be there.
pub fn key(found: &mut Found, pointer: &str, value: Option<String>) -> Option<String> {
    let value = found.need(pointer, value)?;
    found.keep(text(pointer, &value, KEY_MAX).map(|()| value))
}

/// A code or a number, where there is one.
pub fn code(found: &mut Found, pointer: &str, value: Option<&String>) {
    found.keep(value.map_or(Ok(()), |value| text(pointer, value, TEXT_MAX)));
}

/// Not blank, of limited length, on one line.
fn text(pointer: &str, text: &str, most: usize) -> Result<(), Fault> {
    if text.trim().is_empty() {
        Err(faults::REQUIRED.at(pointer))
    } else if text.len() > most && text.chars().count() > most {
        Err(faults::LENGTH.with(pointer, &[("limit", &most)]))
    } else if text.chars().any(char::is_control) {
        Err(faults::CONTROL_CHARACTER.at(pointer))
    } else {
        Ok(())
    }
}

/// To the microsecond, which is what PostgreSQL keeps.
pub fn instant(pointer: &str, instant: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    let micros = instant.timestamp_micros();
    if micros < 0 {
        return Err(fault::TOO_EARLY.at(pointer));
    }
    if instant > now + TOLERATED_FUTURE {
        return Err(faults::FUTURE.at(pointer));
    }
    Ok(DateTime::from_timestamp_micros(micros).unwrap_or(instant))
}

/// From 1970 until today.
pub fn day(pointer: &str, day: NaiveDate, terms: &Terms) -> Result<NaiveDate, Fault> {
    if day < NaiveDate::default() {
        return Err(fault::TOO_EARLY.at(pointer));
    }
    if day > terms.today() {
        return Err(faults::FUTURE.at(pointer));
    }
    Ok(day)
}

/// Zero or more, and in range.
pub fn not_negative(pointer: &str, figure: Decimal) -> Result<(), Fault> {
    if figure.is_sign_negative() && !figure.is_zero() {
        return Err(faults::NEGATIVE.at(pointer));
    }
    in_range(pointer, figure)
}

/// What the book can hold.
pub fn in_range(pointer: &str, figure: Decimal) -> Result<(), Fault> {
    if figure.abs() >= TOO_LARGE {
        return Err(faults::TOO_LARGE.at(pointer));
    }
    if figure.normalize().scale() > SCALE {
        return Err(faults::TOO_PRECISE.at(pointer));
    }
    Ok(())
}
