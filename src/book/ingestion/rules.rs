//! What makes an item good: pure checks, the same for the API, for files and for everything else that brings items.

mod faults;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use rust_decimal::{Decimal, dec};

use super::model::{BalanceItem, ReversalItem, TradeItem};
use crate::book::balances::NewBalance;
use crate::book::trades::{NewReversal, NewTrade, SourceKey};
use crate::platform::kernel::clock::TradingCalendar;
use crate::platform::kernel::error::Fault;
use crate::platform::kernel::ids::ClientId;
use crate::platform::kernel::money::Currency;

pub use faults::{already_reversed, id_reused, impossible, missing, one_client, unknown_client};

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
/// How far an amount may lie from quantity × price: a cent, or a ten-thousandth of it.
const ROUNDING: (Decimal, Decimal) = (dec!(0.01), dec!(0.0001));

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

/// A trade ready to be booked.
pub fn trade(item: TradeItem, client_id: ClientId, terms: &Terms) -> Result<NewTrade, Fault> {
    let key = source_key(client_id, item.source, item.external_id)?;
    text("/instrument", &item.instrument, TEXT_MAX)?;
    optional_text("/product_type", item.product_type.as_deref())?;
    optional_text("/fund_account_no", item.fund_account_no.as_deref())?;
    let executed_at = instant(item.executed_at, terms.now)?;
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
        figure.map_or(Ok(()), |figure| not_negative(pointer, figure))?;
    }
    let amount = amount(item.amount, item.quantity, item.price)?;
    Ok(NewTrade {
        key,
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

/// A reversal ready to be booked.
pub fn reversal(item: ReversalItem, client_id: ClientId) -> Result<NewReversal, Fault> {
    let key = source_key(client_id, item.source, item.external_id)?;
    text("/reverses", &item.reverses, KEY_MAX)?;
    Ok(NewReversal { key, reverses: item.reverses })
}

/// A balance ready to be kept.
pub fn balance(item: BalanceItem, client_id: ClientId, terms: &Terms) -> Result<NewBalance, Fault> {
    text("/source", &item.source, KEY_MAX)?;
    optional_text("/fund_account_no", item.fund_account_no.as_deref())?;
    day(item.trade_day, terms)?;
    if item.currency.as_ref().is_some_and(|currency| *currency != terms.currency) {
        return Err(faults::other_currency(&terms.currency));
    }
    not_negative("/total_assets", item.total_assets)?;
    let signed = [
        ("/net_assets", Some(item.net_assets)),
        ("/cash", item.cash),
        ("/market_value", item.market_value),
        ("/liabilities", item.liabilities),
    ];
    for (pointer, figure) in signed {
        figure.map_or(Ok(()), |figure| in_range(pointer, figure))?;
    }
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

/// Net assets as sent, or what is left of the total after all debts.
pub fn net_assets(sent: Option<Decimal>, total_assets: Decimal, liabilities: Option<Decimal>) -> Decimal {
    // What overflows is out of range either way, and refused as such.
    sent.or_else(|| total_assets.checked_sub(liabilities.unwrap_or_default())).unwrap_or(Decimal::MAX)
}

fn source_key(client_id: ClientId, source: String, external_id: String) -> Result<SourceKey, Fault> {
    text("/source", &source, KEY_MAX)?;
    text("/external_id", &external_id, KEY_MAX)?;
    Ok(SourceKey { client_id, source, external_id })
}

fn text(pointer: &str, text: &str, most: usize) -> Result<(), Fault> {
    let length_fits = !text.is_empty() && text.len() <= 4 * most && text.chars().count() <= most;
    if length_fits && !text.contains('\0') { Ok(()) } else { Err(faults::length(pointer, most)) }
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

/// The amount sent, which must be what quantity × price says if both are there; or else quantity × price.
fn amount(amount: Option<Decimal>, quantity: Option<Decimal>, price: Option<Decimal>) -> Result<Decimal, Fault> {
    let product = match (quantity, price) {
        (Some(quantity), Some(price)) => Some(product(quantity, price)),
        _ => None,
    };
    match (amount, product) {
        (Some(amount), None) => Ok(amount),
        (None, Some(Some(product))) => Ok(product),
        (None, Some(None)) => Err(faults::too_large("/amount")),
        (Some(amount), Some(product)) => {
            let agrees = |product: Decimal| {
                let off = (amount - product).abs();
                off <= ROUNDING.0 || off <= product * ROUNDING.1
            };
            if product.is_some_and(agrees) { Ok(amount) } else { Err(faults::amount_disagrees()) }
        }
        (None, None) => Err(faults::no_amount()),
    }
}

/// Exact quantity × price, rounded half to even to eight decimals; none when it is too large to keep.
fn product(quantity: Decimal, price: Decimal) -> Option<Decimal> {
    let (quantity, price) = (quantity.normalize(), price.normalize());
    let exact = quantity.mantissa().checked_mul(price.mantissa())?;
    let scale = quantity.scale() + price.scale();
    let rounded = match scale.checked_sub(SCALE) {
        None | Some(0) => exact,
        Some(surplus) => half_even(exact, 10_i128.checked_pow(surplus)?),
    };
    let product = Decimal::try_from_i128_with_scale(rounded, scale.min(SCALE)).ok()?;
    (product < TOO_LARGE).then_some(product)
}

fn half_even(dividend: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient % 2,
    }
}
