//! Items out of text, member by member: what can be read is read, what cannot is a fault at its place. The API's objects
//! and the rows of files come through here alike.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{IntoDeserializer, value};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::model::{BalanceItem, ClientKey, Item, ReversalItem, Sent, TradeItem};
use super::{Found, faults, net_assets};
use book::trades::Side;
use platform::kernel::error::Fault;
use platform::kernel::ids::ClientId;
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
    pub fn of_row(texts: impl Iterator<Item = (&'static str, String)>) -> Self {
        Self { texts: texts.map(|(name, text)| (Cow::Borrowed(name), text)).collect(), found: Found::default() }
    }

    /// Of an object that may have any members; null is as good as absent.
    pub fn of_object(object: Map<String, Value>, is_known: impl Fn(&str) -> bool) -> Self {
        let mut members = Self::default();
        for (name, value) in object {
            match value {
                _ if !is_known(&name) => members.found.add(faults::unknown(&pointer(&name))),
                Value::Null => {}
                Value::String(text) => members.texts.push((Cow::Owned(name), text)),
                _ => members.found.add(faults::not_text(&pointer(&name))),
            }
        }
        members
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let place = self.texts.iter().position(|(known, _)| known == name)?;
        Some(self.texts.swap_remove(place).1)
    }

    fn has(&self, name: &str) -> bool {
        self.texts.iter().any(|(known, _)| known == name) || self.found.has(&pointer(name))
    }

    /// Absent, it is a fault, and an empty text stands in.
    fn need(&mut self, name: &str) -> String {
        self.take(name).unwrap_or_else(|| {
            self.found.add(faults::missing(&pointer(name)));
            String::new()
        })
    }

    fn read<T>(&mut self, name: &str, read: impl FnOnce(&str, &str) -> Result<T, Fault>) -> Option<T> {
        let text = self.take(name)?;
        self.found.keep(read(&pointer(name), &text))
    }

    fn read_needed<T>(&mut self, name: &str, read: impl FnOnce(&str, &str) -> Result<T, Fault>) -> Option<T> {
        if !self.has(name) {
            self.found.add(faults::missing(&pointer(name)));
        }
        self.read(name, read)
    }

    fn client(&mut self) -> ClientKey {
        match (self.has("client_no"), self.has("client_id")) {
            (true, false) => ClientKey::No(self.need("client_no")),
            (false, true) => ClientKey::Id(self.read("client_id", client_id).unwrap_or(ClientId(Uuid::nil()))),
            _ => {
                self.found.add(faults::one_client());
                ClientKey::No(String::new())
            }
        }
    }
}

/// A trade, or the reversal of one. `source` is where it comes from unless it says so itself.
pub fn trade(mut members: Members, source: &str) -> Sent<Item> {
    let client = members.client();
    let source = members.take("source").unwrap_or_else(|| source.to_owned());
    let external_id = members.need("external_id");
    let item = if members.has("reverses") {
        let reverses = members.need("reverses");
        Item::Reversal(ReversalItem { client, source, external_id, reverses })
    } else {
        Item::Trade(TradeItem {
            client,
            source,
            external_id,
            executed_at: members.read_needed("executed_at", instant).unwrap_or_default(),
            side: members.read_needed("side", side).unwrap_or(Side::Buy),
            instrument: members.need("instrument"),
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
        })
    };
    Sent { item, faults: members.found.into() }
}

/// A balance. `source` is where it comes from unless it says so itself.
pub fn balance(mut members: Members, source: &str) -> Sent<BalanceItem> {
    let total_assets = members.read_needed("total_assets", decimal).unwrap_or_default();
    let liabilities = members.read("liabilities", decimal);
    let sent = members.read("net_assets", decimal);
    let item = BalanceItem {
        client: members.client(),
        source: members.take("source").unwrap_or_else(|| source.to_owned()),
        trade_day: members.read_needed("trade_day", day).unwrap_or_default(),
        fund_account_no: members.take("fund_account_no"),
        currency: members.read("currency", currency),
        total_assets,
        net_assets: net_assets(sent, total_assets, liabilities),
        cash: members.read("cash", decimal),
        market_value: members.read("market_value", decimal),
        liabilities,
    };
    Sent { item, faults: members.found.into() }
}

/// Where a member stands (RFC 6901), its name cut to what a message can bear.
fn pointer(name: &str) -> String {
    if name.len() <= 64 && !name.contains(['~', '/']) {
        return format!("/{name}");
    }
    let name: String = name.chars().take(64).collect();
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn client_id(pointer: &str, text: &str) -> Result<ClientId, Fault> {
    let en = "Not an id (a UUID); numbers of the firm go into client_no";
    text.parse()
        .map(ClientId)
        .map_err(|_| faults::impossible(pointer, "format", en, "不是合法的 ID（UUID）；公司客户号请填入 client_no"))
}

fn side(pointer: &str, text: &str) -> Result<Side, Fault> {
    let word = IntoDeserializer::<value::Error>::into_deserializer(text);
    let (en, zh) = ("Not one of the listed sides", "不在买卖方向列表中");
    Side::deserialize(word).map_err(|_| faults::impossible(pointer, "enum", en, zh))
}

fn instant(pointer: &str, text: &str) -> Result<DateTime<Utc>, Fault> {
    let (en, zh) = ("Not an instant (as 2026-03-02T02:15:00Z)", "不是合法的时间（如 2026-03-02T02:15:00Z）");
    let instant = DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc());
    instant.map_err(|_| faults::impossible(pointer, "format", en, zh))
}

fn day(pointer: &str, text: &str) -> Result<NaiveDate, Fault> {
    let (en, zh) = ("Not a date (as 2026-03-02)", "不是合法的日期（如 2026-03-02）");
    let day = text.parse().ok().filter(|_| text.len() == 10);
    day.ok_or_else(|| faults::impossible(pointer, "format", en, zh))
}

fn currency(pointer: &str, text: &str) -> Result<Currency, Fault> {
    let (en, zh) = ("A currency is three capital letters (ISO 4217)", "币种应为三个大写字母（ISO 4217）");
    text.parse().map_err(|_| faults::impossible(pointer, "format", en, zh))
}

/// Digits, perhaps a minus before them and a point among them. Bounds are for the rules, but for a number too long to hold.
fn decimal(pointer: &str, text: &str) -> Result<Decimal, Fault> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        let (en, zh) = ("Not a decimal number (as 1000.00)", "不是合法的数值（如 1000.00）");
        return Err(faults::impossible(pointer, "format", en, zh));
    }
    let is_long = whole.trim_start_matches('0').len() > WHOLE_DIGITS;
    Decimal::from_str_exact(text)
        .map_err(|_| if is_long { faults::too_large(pointer) } else { faults::too_precise(pointer) })
}
