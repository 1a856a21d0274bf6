//! Items out of text, member by member: what can be read is read, what cannot is a fault at its place. The API's
//! objects and the rows of files come through here alike.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::super::faults;
use super::super::model::{BalanceInput, TradeInput};
use super::found::Found;
use book::trades::Side;
use platform::kernel::batch::Pending;
use platform::kernel::error::Fault;
use platform::kernel::ids::ClientId;
use platform::kernel::label::Labelled;
use platform::kernel::money::Currency;

/// Digits before the point that a decimal may have.
const WHOLE_DIGITS: usize = 16;

/// The members of one item that are there.
#[derive(Debug, Default)]
pub struct Members {
    texts: Vec<(Cow<'static, str>, String)>,
    found: Found,
}

impl Members {
    /// Of a row whose fields are known to be those of an item.
    pub fn of_row(texts: impl Iterator<Item = (&'static str, Result<String, Fault>)>) -> Self {
        let mut members = Self::default();
        for (name, text) in texts {
            members.texts.extend(members.found.keep(text).map(|text| (Cow::Borrowed(name), text)));
        }
        members
    }

    /// Of an object that may have any members; null is as good as absent.
    pub fn of_object(object: Map<String, Value>, is_known: impl Fn(&str) -> bool) -> Self {
        let mut members = Self::default();
        for (name, value) in object {
            match value {
                _ if !is_known(&name) => members.found.add(faults::UNKNOWN.at(pointer(&name))),
                Value::Null => {}
                Value::String(text) => members.texts.push((Cow::Owned(name), trimmed(text))),
                _ => members.found.add(faults::NOT_TEXT.at(pointer(&name))),
            }
        }
        members
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let place = self.texts.iter().position(|(known, _)| known == name)?;
        Some(self.texts.swap_remove(place).1)
    }

    fn read<T>(&mut self, name: &str, read: impl FnOnce(&str, &str) -> Result<T, Fault>) -> Option<T> {
        let text = self.take(name)?;
        self.found.keep(read(&pointer(name), &text))
    }

    fn has(&self, name: &str) -> bool {
        self.texts.iter().any(|(known, _)| known == name) || self.found.has(&pointer(name))
    }

    fn into_item<T, P>(self, place: P, item: T) -> Pending<T, P> {
        Pending { place, item, faults: self.found.into() }
    }
}

/// A trade, or the reversal of one, of which nothing but client, source and ids is read. `source` is where it comes
/// from unless it says so itself.
pub fn trade<P>(place: P, mut members: Members, source: &str) -> Pending<TradeInput, P> {
    let mut item = TradeInput {
        client_no: members.take("client_no"),
        client_id: members.read("client_id", client_id),
        source: Some(members.take("source").unwrap_or_else(|| source.to_owned())),
        external_id: members.take("external_id"),
        ..TradeInput::default()
    };
    if members.has("reverses") {
        item.reverses = members.take("reverses");
        return members.into_item(place, item);
    }
    let item = TradeInput {
        executed_at: members.read("executed_at", instant),
        side: members.read("side", side),
        instrument: members.take("instrument"),
        product_type: members.take("product_type"),
        fund_account_no: members.take("fund_account_no"),
        currency: members.read("currency", currency),
        quantity: members.read("quantity", decimal),
        price: members.read("price", decimal),
        amount: members.read("amount", decimal),
        commission: members.read("commission", decimal),
        exchange_fee: members.read("exchange_fee", decimal),
        stamp_duty: members.read("stamp_duty", decimal),
        transfer_fee: members.read("transfer_fee", decimal),
        ..item
    };
    members.into_item(place, item)
}

/// A balance. `source` is where it comes from unless it says so itself.
pub fn balance<P>(place: P, mut members: Members, source: &str) -> Pending<BalanceInput, P> {
    let item = BalanceInput {
        client_no: members.take("client_no"),
        client_id: members.read("client_id", client_id),
        source: Some(members.take("source").unwrap_or_else(|| source.to_owned())),
        trade_day: members.read("trade_day", day),
        fund_account_no: members.take("fund_account_no"),
        currency: members.read("currency", currency),
        total_assets: members.read("total_assets", decimal),
        net_assets: members.read("net_assets", decimal),
        cash: members.read("cash", decimal),
        market_value: members.read("market_value", decimal),
        liabilities: members.read("liabilities", decimal),
    };
    members.into_item(place, item)
}

/// Blanks around a text mean nothing, in an object as in a cell.
fn trimmed(text: String) -> String {
    let inner = text.trim();
    if inner.len() == text.len() { text } else { inner.to_owned() }
}

/// The pointer of a member (RFC 6901), its name cut to what a message can bear.
fn pointer(name: &str) -> String {
    if name.len() <= 64 && !name.contains(['~', '/']) {
        return format!("/{name}");
    }
    let name: String = name.chars().take(64).collect();
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn client_id(pointer: &str, text: &str) -> Result<ClientId, Fault> {
    text.parse().map(ClientId).map_err(|_| faults::NOT_AN_ID.at(pointer))
}

fn side(pointer: &str, text: &str) -> Result<Side, Fault> {
    Side::from_code(text).ok_or_else(|| faults::NOT_A_SIDE.at(pointer))
}

fn instant(pointer: &str, text: &str) -> Result<DateTime<Utc>, Fault> {
    let instant = DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc());
    instant.map_err(|_| faults::NOT_AN_INSTANT.at(pointer))
}

fn day(pointer: &str, text: &str) -> Result<NaiveDate, Fault> {
    let day = text.parse().ok().filter(|_| text.len() == 10);
    day.ok_or_else(|| faults::NOT_A_DAY.at(pointer))
}

fn currency(pointer: &str, text: &str) -> Result<Currency, Fault> {
    text.parse().map_err(|_| faults::NOT_A_CURRENCY.at(pointer))
}

/// Digits, perhaps a minus before them and a point among them. Bounds are for the rules, but for a number too long to
/// hold.
fn decimal(pointer: &str, text: &str) -> Result<Decimal, Fault> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return Err(faults::NOT_A_DECIMAL.at(pointer));
    }
    let is_long = whole.trim_start_matches('0').len() > WHOLE_DIGITS;
    Decimal::from_str_exact(text)
        .map_err(|_| if is_long { faults::TOO_LARGE.at(pointer) } else { faults::TOO_PRECISE.at(pointer) })
}
