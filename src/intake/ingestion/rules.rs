//! What makes an item good: pure checks, the same for the API, for files and for everything else that brings items.

mod amount;
mod faults;
mod found;
pub mod read;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use rust_decimal::{Decimal, dec};

use super::model::{BalanceItem, ClientKey, ReversalItem, Sent, TradeItem};
use book::balances::NewBalance;
use book::trades::{NewReversal, NewTrade, SourceKey};
use platform::kernel::clock::TradingCalendar;
use platform::kernel::error::Fault;
use platform::kernel::ids::ClientId;
use platform::kernel::money::Currency;

pub use faults::{already_reversed, id_reused};
pub use found::Found;

/// Characters of a code or a number.
pub const TEXT_MAX: usize = 64;
/// Characters of a source or of an id given by it.
pub const KEY_MAX: usize = 128;
/// How far clocks may differ.
const TOLERATED_FUTURE: Duration = Duration::minutes(5);
/// Money and quantities stay below this: 16 digits before the point.
const TOO_LARGE: Decimal = dec!(10_000_000_000_000_000);
/// Digits after the point.
const SCALE: u32 = 8;
/// How far net assets may lie from the total less all debts: a cent.
const CENT: Decimal = dec!(0.01);

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

/// A trade ready to be booked, or all that is wrong with it.
pub fn trade(sent: Sent<TradeItem>, client_id: Option<ClientId>, terms: &Terms) -> Result<NewTrade, Vec<Fault>> {
    let Sent { item, faults } = sent;
    let mut found = Found::from(faults);
    let client_id = whose(&mut found, &item.client, client_id);
    found.keep(text("/source", &item.source, KEY_MAX));
    found.keep(text("/external_id", &item.external_id, KEY_MAX));
    found.keep(text("/instrument", &item.instrument, TEXT_MAX));
    found.keep(optional_text("/product_type", item.product_type.as_deref()));
    found.keep(optional_text("/fund_account_no", item.fund_account_no.as_deref()));
    let executed_at = found.keep(instant(item.executed_at, terms.now));
    let figures = [
        ("/quantity", item.quantity),
        ("/price", item.price),
        ("/amount", item.amount),
        ("/commission", item.commission),
        ("/exchange_fee", item.exchange_fee),
        ("/stamp_duty", item.stamp_duty),
        ("/transfer_fee", item.transfer_fee),
    ];
    for (pointer, figure) in figures {
        figure.map(|figure| found.keep(not_negative(pointer, figure)));
    }
    // What is made of figures is judged when each of them is good.
    let whole = !["/quantity", "/price", "/amount"].iter().any(|pointer| found.has(pointer));
    let amount = if whole { found.keep(amount::amount(item.amount, item.quantity, item.price)) } else { None };
    let (Some(client_id), Some(executed_at), Some(amount)) = (client_id, executed_at, amount) else {
        return Err(found.into());
    };
    found.nothing()?;
    Ok(NewTrade {
        key: SourceKey { client_id, source: item.source, external_id: item.external_id },
        executed_at,
        trade_day: terms.calendar.day_of(executed_at),
        side: item.side,
        instrument: item.instrument,
        product_type: item.product_type,
        fund_account_no: item.fund_account_no,
        currency: item.currency.map_or_else(|| terms.currency.0.clone(), |currency| currency.0),
        quantity: item.quantity,
        price: item.price,
        amount,
        commission: item.commission,
        exchange_fee: item.exchange_fee,
        stamp_duty: item.stamp_duty,
        transfer_fee: item.transfer_fee,
    })
}

/// A reversal ready to be booked, or all that is wrong with it.
pub fn reversal(sent: Sent<ReversalItem>, client_id: Option<ClientId>) -> Result<NewReversal, Vec<Fault>> {
    let Sent { item, faults } = sent;
    let mut found = Found::from(faults);
    let client_id = whose(&mut found, &item.client, client_id);
    found.keep(text("/source", &item.source, KEY_MAX));
    found.keep(text("/external_id", &item.external_id, KEY_MAX));
    found.keep(text("/reverses", &item.reverses, KEY_MAX));
    let Some(client_id) = client_id else { return Err(found.into()) };
    found.nothing()?;
    let key = SourceKey { client_id, source: item.source, external_id: item.external_id };
    Ok(NewReversal { key, reverses: item.reverses })
}

/// The same, unless its day lies after the last of its client.
pub fn of_open_client<T>(is_open: bool, pointer: &str, item: T) -> Result<T, Vec<Fault>> {
    if is_open { Ok(item) } else { Err(vec![faults::client_closed(pointer)]) }
}

/// A balance ready to be kept, or all that is wrong with it.
pub fn balance(sent: Sent<BalanceItem>, client_id: Option<ClientId>, terms: &Terms) -> Result<NewBalance, Vec<Fault>> {
    let Sent { item, faults } = sent;
    let mut found = Found::from(faults);
    let client_id = whose(&mut found, &item.client, client_id);
    found.keep(text("/source", &item.source, KEY_MAX));
    found.keep(optional_text("/fund_account_no", item.fund_account_no.as_deref()));
    found.keep(day(item.trade_day, terms));
    if item.currency.as_ref().is_some_and(|currency| *currency != terms.currency) {
        found.add(faults::other_currency(&terms.currency));
    }
    found.keep(not_negative("/total_assets", item.total_assets));
    if item.liabilities.is_some_and(|debts| debts < Decimal::ZERO) {
        found.add(faults::negative_debts());
    }
    let signed = [
        ("/net_assets", Some(item.net_assets)),
        ("/cash", item.cash),
        ("/market_value", item.market_value),
        ("/liabilities", item.liabilities),
    ];
    for (pointer, figure) in signed {
        figure.map(|figure| found.keep(in_range(pointer, figure)));
    }
    if !["/total_assets", "/net_assets", "/liabilities"].iter().any(|pointer| found.has(pointer)) {
        found.keep(agrees(&item));
    }
    let Some(client_id) = client_id else { return Err(found.into()) };
    found.nothing()?;
    Ok(NewBalance {
        client_id,
        trade_day: item.trade_day,
        fund_account_no: item.fund_account_no.unwrap_or_default(),
        source: item.source,
        currency: terms.currency.0.clone(),
        total_assets: item.total_assets,
        net_assets: item.net_assets,
        cash: item.cash,
        market_value: item.market_value,
        liabilities: item.liabilities,
    })
}

/// Whether the figures of a balance can all be true.
fn agrees(item: &BalanceItem) -> Result<(), Fault> {
    if item.net_assets > item.total_assets {
        return Err(faults::net_above_total());
    }
    let off = item.liabilities.map(|debts| (item.total_assets - debts - item.net_assets).abs());
    if off.is_some_and(|off| off > CENT) { Err(faults::net_disagrees()) } else { Ok(()) }
}

fn whose(found: &mut Found, key: &ClientKey, client_id: Option<ClientId>) -> Option<ClientId> {
    if let ClientKey::No(number) = key {
        found.keep(text("/client_no", number, KEY_MAX));
    }
    found.keep(client_id.ok_or_else(|| faults::unknown_client(key)))
}

/// Net assets as sent, or what is left of the total after all debts.
pub fn net_assets(sent: Option<Decimal>, total_assets: Decimal, liabilities: Option<Decimal>) -> Decimal {
    // What overflows is out of range either way, and refused as such.
    sent.or_else(|| total_assets.checked_sub(liabilities.unwrap_or_default())).unwrap_or(Decimal::MAX)
}

/// A code or a name: not blank, of limited length, on one line.
fn text(pointer: &str, text: &str, most: usize) -> Result<(), Fault> {
    if text.trim().is_empty() {
        Err(faults::missing(pointer))
    } else if text.len() > most && text.chars().count() > most {
        Err(faults::length(pointer, most))
    } else if text.chars().any(char::is_control) {
        Err(faults::control_character(pointer))
    } else {
        Ok(())
    }
}

fn optional_text(pointer: &str, value: Option<&str>) -> Result<(), Fault> {
    value.map_or(Ok(()), |value| text(pointer, value, TEXT_MAX))
}

/// To the microsecond, which is what PostgreSQL keeps.
fn instant(executed_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    let micros = executed_at.timestamp_micros();
    if micros < 0 {
        return Err(faults::too_early("/executed_at"));
    }
    if executed_at > now + TOLERATED_FUTURE {
        return Err(faults::future("/executed_at"));
    }
    Ok(DateTime::from_timestamp_micros(micros).unwrap_or(executed_at))
}

fn day(day: NaiveDate, terms: &Terms) -> Result<(), Fault> {
    if day < NaiveDate::default() {
        return Err(faults::too_early("/trade_day"));
    }
    if day > terms.calendar.day_of(terms.now) {
        return Err(faults::future("/trade_day"));
    }
    Ok(())
}

fn not_negative(pointer: &str, figure: Decimal) -> Result<(), Fault> {
    if figure.is_sign_negative() && !figure.is_zero() {
        return Err(faults::negative(pointer));
    }
    in_range(pointer, figure)
}

fn in_range(pointer: &str, figure: Decimal) -> Result<(), Fault> {
    if figure.abs() >= TOO_LARGE {
        return Err(faults::too_large(pointer));
    }
    if figure.normalize().scale() > SCALE {
        return Err(faults::too_precise(pointer));
    }
    Ok(())
}
