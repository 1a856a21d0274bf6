//! Amounts, quantities and currencies as the API carries them: decimal strings, never floats.

use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

macro_rules! decimal_string {
    ($(#[$doc:meta])* $name:ident, $pattern:literal, $example:literal, $description:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub Decimal);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0.normalize())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Decimal::from_str(&text).map(Self).map_err(|_| serde::de::Error::custom("not a decimal"))
            }
        }

        impl From<Decimal> for $name {
            fn from(value: Decimal) -> Self {
                Self(value)
            }
        }

        impl From<$name> for Decimal {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some($pattern))
                    .description(Some($description))
                    .examples([serde_json::json!($example)])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }
    };
}

decimal_string!(
    /// A signed amount of money: up to 16 digits before the point, 8 after.
    Money,
    r"^-?[0-9]{1,16}(\.[0-9]{1,8})?$",
    "12345.67",
    "Decimal string; the currency stands beside it"
);
decimal_string!(
    /// An amount or quantity that is zero or more: up to 16 digits before the point, 8 after.
    Amount,
    r"^[0-9]{1,16}(\.[0-9]{1,8})?$",
    "1000.00",
    "Decimal string, zero or more"
);
decimal_string!(
    /// A sum of amounts; any number of digits.
    Total,
    r"^-?[0-9]+(\.[0-9]+)?$",
    "1234567.89",
    "Decimal string; the currency stands beside it"
);
decimal_string!(
    /// A ratio, share or rate computed exactly; any number of digits.
    Ratio,
    r"^-?[0-9]+(\.[0-9]+)?$",
    "0.0794",
    "Decimal string; 1 is the whole"
);

/// Money in words, to the cent; half a cent goes away from zero (四舍五入), as on a client's statement.
pub fn to_cents(amount: Decimal) -> String {
    let cents = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    // Less than half a cent below zero is nothing, not minus nothing.
    let cents = if cents.is_zero() { Decimal::ZERO } else { cents };
    format!("{cents:.2}")
}

/// An ISO 4217 code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Currency(pub String);

/// The codes in use, by their first letter: ISO 4217, list one, of 2024-06-25; without funds codes, metals and tests.
#[rustfmt::skip]
const CODES: [&str; 25] = [
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN", "BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD",
    "CAD CDF CHF CLP CNY COP CRC CUP CVE CZK", "DJF DKK DOP DZD", "EGP ERN ETB EUR", "FJD FKP",
    "GBP GEL GHS GIP GMD GNF GTQ GYD", "HKD HNL HTG HUF", "IDR ILS INR IQD IRR ISK", "JMD JOD JPY",
    "KES KGS KHR KMF KPW KRW KWD KYD KZT", "LAK LBP LKR LRD LSL LYD",
    "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN", "NAD NGN NIO NOK NPR NZD", "OMR",
    "PAB PEN PGK PHP PKR PLN PYG", "QAR", "RON RSD RUB RWF",
    "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL", "THB TJS TMT TND TOP TRY TTD TWD TZS",
    "UAH UGX USD UYU UZS", "VED VES VND VUV", "WST XAF XCD XOF XPF", "YER", "ZAR ZMW ZWG",
];

/// What counters and terminals write instead. The yuan kept offshore is the same money.
const ALIASES: [(&str, &str); 14] = [
    ("RMB", "CNY"),
    ("CNH", "CNY"),
    ("人民币", "CNY"),
    ("人民币元", "CNY"),
    ("元", "CNY"),
    ("港币", "HKD"),
    ("港元", "HKD"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("欧元", "EUR"),
    ("日元", "JPY"),
    ("英镑", "GBP"),
    ("澳元", "AUD"),
    ("新加坡元", "SGD"),
];

impl FromStr for Currency {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = ALIASES.iter().find(|(alias, _)| *alias == text).map_or(text, |(_, code)| code);
        let is_listed = code.len() == 3 && CODES.iter().any(|codes| codes.split(' ').any(|listed| listed == code));
        if is_listed { Ok(Self(code.to_owned())) } else { Err("not the code of a currency (ISO 4217)") }
    }
}

impl TryFrom<String> for Currency {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl utoipa::PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Z]{3}$"))
            .description(Some("ISO 4217 code of a currency in use; `RMB` and `CNH` are read as `CNY`"))
            .examples([serde_json::json!("CNY")])
            .into()
    }
}

impl utoipa::ToSchema for Currency {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_money_to_the_cent() {
        for (amount, words) in [
            ("6400.1072", "6400.11"),
            ("37096.7349", "37096.73"),
            ("0.005", "0.01"),
            ("-0.005", "-0.01"),
            ("-0.004", "0.00"),
            ("0.125", "0.13"),
            ("12", "12.00"),
            ("79228162514264337593543950335", "79228162514264337593543950335.00"),
        ] {
            assert_eq!(to_cents(amount.parse().expect("a decimal")), words);
        }
    }

    #[test]
    fn a_currency_is_one_of_the_list_or_what_is_written_for_it() {
        let code = |text: &str| text.parse().ok().map(|currency: Currency| currency.0);
        for (text, expected) in
            [("CNY", "CNY"), ("RMB", "CNY"), ("人民币", "CNY"), ("CNH", "CNY"), ("港币", "HKD"), ("ZWG", "ZWG")]
        {
            assert_eq!(code(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "XYZ", "cny", "CN", "CNYY", "C Y", "DEM", "XAU", "XXX", "AED AFN"] {
            assert_eq!(code(text), None, "{text}");
        }
        assert!(CODES.iter().flat_map(|codes| codes.split(' ')).is_sorted());
    }

    #[test]
    fn money_is_a_string_without_trailing_zeros() {
        let money: Money = serde_json::from_str("\"12.34000000\"").expect("money");
        assert_eq!(serde_json::to_string(&money).expect("json"), "\"12.34\"");
        assert!(serde_json::from_str::<Money>("12.34").is_err(), "a JSON number is a float");
    }
}
