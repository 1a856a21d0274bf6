//! How files write values, rewritten as items have them. Nothing is judged here: what cannot be rewritten stays as it
//! is, for the rules of items and clients to refuse.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone};
use chrono_tz::Tz;
use rust_decimal::{Decimal, RoundingStrategy};

/// Decimals kept; more are rounded half to even.
const DECIMALS: u32 = 8;

/// The text of a field of a trade or balance, as an item has it.
pub fn as_item(field: &str, text: String, zone: Tz) -> String {
    match field {
        "executed_at" => instant(text, zone),
        "trade_day" => day(text),
        "side" => code(&text),
        "quantity" | "price" | "amount" | "commission" | "exchange_fee" | "stamp_duty" | "transfer_fee"
        | "total_assets" | "net_assets" | "cash" | "market_value" | "liabilities" => decimal(text),
        _ => text,
    }
}

/// A decimal with up to eight decimals, rounded half to even: what spreadsheets and floats leave behind them.
pub fn decimal(text: String) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
    let parsed = if is_plain { text.parse::<Decimal>().ok() } else { None };
    parsed.map_or(text, |number| {
        number.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointNearestEven).normalize().to_string()
    })
}

/// A date: 2026-03-31, 2026/03/31 or 20260331.
pub fn day(text: String) -> String {
    date(&text).map_or(text, |day| day.to_string())
}

fn date(text: &str) -> Option<NaiveDate> {
    let is_short = text.len() <= 10;
    let forms = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"];
    forms.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok()).filter(|_| is_short)
}

/// An instant: RFC 3339, or a date with or without a time of the exchange's own clock. A time over which that clock was
/// put forward is none.
pub fn instant(text: String, zone: Tz) -> String {
    if DateTime::parse_from_rfc3339(&text).is_ok() {
        return text;
    }
    let instant = local(&text).and_then(|local| zone.from_local_datetime(&local).earliest());
    instant.map_or(text, |instant| instant.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

fn local(text: &str) -> Option<NaiveDateTime> {
    const FORMS: [&str; 6] = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %H:%M:%S%.f",
        "%Y/%m/%d %H:%M",
    ];
    FORMS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| date(text).map(|day| day.and_time(NaiveTime::MIN)))
}

/// A word of a closed list, in any case.
pub fn code(text: &str) -> String {
    text.to_ascii_lowercase().replace([' ', '-'], "_")
}
