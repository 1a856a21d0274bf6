//! Members of batch items: documented as they should be, read as any text, so that one that is not so refuses its own
//! item and not the whole batch.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{IntoDeserializer, value};
use utoipa::openapi::schema::{AnyOfBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::super::rules;
use crate::book::trades::Side;
use crate::platform::kernel::error::Fault;
use crate::platform::kernel::ids::ClientId;
use crate::platform::kernel::money::{Amount, Currency, Money};

/// No value that means something is longer.
const LONGEST: usize = 64;

macro_rules! texts {
    ($($name:ident, $doc:literal, $good:expr;)*) => {$(
        #[doc = $doc]
        #[derive(Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let any = ObjectBuilder::new().schema_type(Type::String).max_length(Some(LONGEST));
                let any = any.description(Some("Anything else refuses this item alone"));
                AnyOfBuilder::new().description(Some($doc)).item($good).item(any).into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

texts! {
    ClientIdText, "A client's id.", ClientId::schema();
    SideText, "What a trade did.", Side::schema();
    InstantText, "An instant, RFC 3339.", formatted(KnownFormat::DateTime, "2026-03-02T02:15:00Z");
    DayText, "A trading day.", formatted(KnownFormat::Date, "2026-03-02");
    CurrencyText, "An ISO 4217 code.", Currency::schema();
    AmountText, "A decimal string, zero or more.", Amount::schema();
    MoneyText, "A decimal string.", Money::schema();
}

fn formatted(format: KnownFormat, example: &str) -> ObjectBuilder {
    let format = Some(SchemaFormat::KnownFormat(format));
    ObjectBuilder::new().schema_type(Type::String).format(format).examples([serde_json::json!(example)])
}

impl ClientIdText {
    /// A client's id; text that is none names nobody.
    pub fn read(&self) -> Result<ClientId, Fault> {
        let (en, zh) = ("Not an id (a UUID)", "不是合法的 ID（UUID）");
        self.0.parse().map(ClientId).map_err(|_| rules::impossible("/client_id", "format", en, zh))
    }
}

impl SideText {
    /// One of the closed list.
    pub fn read(&self) -> Result<Side, Fault> {
        let (en, zh) = ("Not one of the listed sides", "不在买卖方向列表中");
        let word = IntoDeserializer::<value::Error>::into_deserializer(self.0.as_str());
        Side::deserialize(word).map_err(|_| rules::impossible("/side", "enum", en, zh))
    }
}

impl InstantText {
    /// An instant with its offset.
    pub fn read(&self, pointer: &str) -> Result<DateTime<Utc>, Fault> {
        let en = "Not an instant (RFC 3339, as 2026-03-02T02:15:00Z)";
        let zh = "不是合法的时间（RFC 3339，如 2026-03-02T02:15:00Z）";
        let instant = DateTime::parse_from_rfc3339(&self.0).map(|instant| instant.to_utc());
        instant.map_err(|_| rules::impossible(pointer, "format", en, zh))
    }
}

impl DayText {
    /// A date of the calendar.
    pub fn read(&self, pointer: &str) -> Result<NaiveDate, Fault> {
        let (en, zh) = ("Not a date (as 2026-03-02)", "不是合法的日期（如 2026-03-02）");
        let day = self.0.parse().ok().filter(|_| self.0.len() == 10);
        day.ok_or_else(|| rules::impossible(pointer, "format", en, zh))
    }
}

impl CurrencyText {
    /// Three capital letters.
    pub fn read(&self) -> Result<Currency, Fault> {
        let (en, zh) = ("A currency is three capital letters (ISO 4217)", "币种应为三个大写字母（ISO 4217）");
        self.0.parse().map_err(|_| rules::impossible("/currency", "format", en, zh))
    }
}

impl AmountText {
    /// A decimal number; whether it may be negative is for the rules to say.
    pub fn read(&self, pointer: &str) -> Result<Decimal, Fault> {
        decimal(pointer, &self.0)
    }
}

impl MoneyText {
    /// A decimal number.
    pub fn read(&self, pointer: &str) -> Result<Decimal, Fault> {
        decimal(pointer, &self.0)
    }
}

/// Digits, perhaps a minus before them and a point among them.
fn decimal(pointer: &str, text: &str) -> Result<Decimal, Fault> {
    let (en, zh) = ("Not a decimal number (as 1000.00)", "不是合法的数值（如 1000.00）");
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.ends_with(|last: char| last.is_ascii_digit());
    let number = if plain { Decimal::from_str_exact(text).ok() } else { None };
    number.ok_or_else(|| rules::impossible(pointer, "format", en, zh))
}
