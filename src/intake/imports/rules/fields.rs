//! How files write values, rewritten as items have them. What cannot be rewritten stays as it is, for the rules of
//! items and clients to refuse; refused here is only what must not be guessed.

use std::borrow::Cow;

use chrono_tz::Tz;
use rust_decimal::{Decimal, RoundingStrategy};

use super::text::{folded, is_empty_mark, unarmoured};
use super::when;
use super::words;
use crate::imports::faults;
use platform::kernel::error::Fault;

/// Decimals kept; more are rounded half to even.
const DECIMALS: u32 = 8;

/// What a field holds, as far as its spelling goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Free text, kept as it is.
    Text,
    /// A code or a number that is a name.
    Code,
    /// A number.
    Decimal,
    /// A day.
    Day,
    /// An instant.
    Instant,
    /// A word of a closed list.
    Word,
}

impl Spelling {
    /// Of a field.
    pub fn of(field: &str) -> Self {
        match field {
            "executed_at" => Self::Instant,
            "trade_day" | "opened_on" => Self::Day,
            "side" | "kind" | "document_type" | "currency" => Self::Word,
            "quantity" | "price" | "amount" | "commission" | "exchange_fee" | "stamp_duty" | "transfer_fee"
            | "total_assets" | "net_assets" | "cash" | "market_value" | "liabilities" => Self::Decimal,
            "name" | "address" => Self::Text,
            _ => Self::Code,
        }
    }
}

/// A cell as it stands in a file, freed of what was wrapped around it; none when it says nothing.
pub fn cell(field: &str, text: &str) -> Option<String> {
    let bare = unarmoured(text);
    if bare.is_empty() || is_empty_mark(bare) {
        return None;
    }
    match Spelling::of(field) {
        Spelling::Text => Some(bare.to_owned()),
        _ => {
            let bare = folded(bare);
            // An apostrophe makes a spreadsheet keep a number as text.
            let bare = bare.strip_prefix('\'').map_or(bare.trim(), str::trim);
            if bare.is_empty() || is_empty_mark(bare) { None } else { Some(bare.to_owned()) }
        }
    }
}

/// The value of a field, as an item has it.
pub fn value(field: &str, text: String, zone: Tz) -> Result<String, Fault> {
    let pointer = || format!("/{field}");
    match Spelling::of(field) {
        Spelling::Text => Ok(text),
        Spelling::Instant => when::instant(&pointer(), text, zone),
        Spelling::Day => when::day(&pointer(), text),
        Spelling::Word => Ok(words::word(field, &text)),
        Spelling::Decimal => Ok(decimal(text)),
        Spelling::Code if is_shortened(&text) => Err(faults::SHORTENED.with(pointer(), &[("text", &text)])),
        Spelling::Code if is_of_a_number_column(&text) => {
            Err(faults::CODE_AS_NUMBER.with(pointer(), &[("text", &text)]))
        }
        Spelling::Code => Ok(text),
    }
}

/// 600000.0: a column of codes that somebody's program kept as numbers, without the zeros before them.
fn is_of_a_number_column(text: &str) -> bool {
    let Some((whole, zeros)) = text.split_once('.') else { return false };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0')
}

/// A long number that a spreadsheet shows as 6.2E+17: its last digits are gone.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number(mantissa) && is_number(exponent)
}

/// A decimal with up to eight decimals, rounded half to even: what spreadsheets and floats leave behind them. Printed
/// zeros at its end stay: they say how far it is good. Groups of
/// thousands, a currency's sign or a unit, and parentheses for what is below zero are understood.
pub fn decimal(text: String) -> String {
    let Some(plain) = plain_decimal(&text) else { return text };
    plain.parse::<Decimal>().map_or(text, |number| match number.scale() {
        0..=DECIMALS => number.to_string(),
        _ => number.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointNearestEven).normalize().to_string(),
    })
}

fn plain_decimal(text: &str) -> Option<Cow<'_, str>> {
    let is_plain = |text: &str| {
        text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte))
    };
    if is_plain(text) {
        return Some(Cow::Borrowed(text));
    }
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let mut number = inner.unwrap_or(text).trim();
    let mut sign = if inner.is_some() { "-" } else { "" };
    if let (Some(rest), "") = (number.strip_prefix('-'), sign) {
        (number, sign) = (rest.trim_start(), "-");
    }
    for mark in ["HK$", "US$", "CNY", "RMB", "USD", "HKD", "人民币", "￥", "¥", "$", "€", "£"] {
        number = number.strip_prefix(mark).map_or(number, str::trim_start);
    }
    for unit in ["元", "股", "份", "张"] {
        number = number.strip_suffix(unit).map_or(number, str::trim_end);
    }
    if let (Some(rest), "") = (number.strip_prefix('-'), sign) {
        (number, sign) = (rest, "-");
    }
    let number = without_groups(number)?;
    is_plain(&number).then(|| Cow::Owned(format!("{sign}{number}")))
}

/// A number without the marks between its thousands, which stand every three digits or mean something else.
fn without_groups(number: &str) -> Option<String> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let Some(mark) = whole.chars().find(|char| !char.is_ascii_digit()) else { return Some(number.to_owned()) };
    let groups: Vec<&str> = whole.split(mark).collect();
    let is_grouped = [',', ' ', '\'', '\u{2019}', '，'].contains(&mark)
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3)
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let point = if number.contains('.') { "." } else { "" };
    is_grouped.then(|| format!("{}{point}{fraction}", groups.concat()))
}

/// A number of JSON (RFC 8259, §6) written out, so that an exponent is exact.
pub fn written_out(number: &str) -> Option<String> {
    if !number.contains(['e', 'E']) {
        return Some(number.to_owned());
    }
    Decimal::from_scientific(number).ok().map(|number| number.to_string())
}

/// A part of an id that several columns make up: a date in digits, a number without the zeros a spreadsheet takes away.
pub fn part_of_id(cell: &str) -> String {
    let cell = when::in_digits(cell);
    if !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        let bare = cell.trim_start_matches('0');
        return if bare.is_empty() { "0".to_owned() } else { bare.to_owned() };
    }
    cell
}
