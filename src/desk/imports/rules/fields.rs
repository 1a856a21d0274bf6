//! Text into values. Whatever is wrong with one is a fault with a code and a pointer, and never repeats the text.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::DeserializeOwned;
use serde::de::value::{Error as NoSuchVariant, StrDeserializer};
use uuid::Uuid;

use crate::platform::kernel::error::Fault;
use crate::platform::kernel::money::Currency;

/// Decimals kept; more are rounded half to even.
const DECIMALS: u32 = 8;
/// 10^16: at most 16 digits before the point.
const TOO_LARGE: Decimal = Decimal::from_parts(0x6fc1_0000, 0x0023_86f2, 0, false, 0);

fn fault(field: &str, code: &'static str, en: &str, zh: &str) -> Fault {
    Fault::new(format!("/{field}"), code, en, zh)
}

/// A value that must be there.
pub fn required(field: &str) -> Fault {
    fault(field, "required", "A value is needed here", "缺少必填值")
}

/// PostgreSQL's text cannot hold U+0000, and no value is longer than this.
pub fn storable(values: &[Option<String>]) -> Result<(), Fault> {
    const LONGEST: usize = 1_000;
    for value in values.iter().flatten() {
        if value.contains('\0') {
            return Err(Fault::new(
                "",
                "nul_character",
                "The character U+0000 cannot be kept",
                "不允许包含字符 U+0000",
            ));
        }
        if value.len() > LONGEST && value.chars().count() > LONGEST {
            return Err(Fault::new("", "max_length", "A value is longer than 1000 characters", "取值超过 1000 个字符"));
        }
    }
    Ok(())
}

/// A text of limited length.
pub fn text(field: &str, value: String, longest: usize) -> Result<String, Fault> {
    if value.len() > longest && value.chars().count() > longest {
        let (en, zh) = (format!("At most {longest} characters"), format!("最多 {longest} 个字符"));
        return Err(fault(field, "max_length", &en, &zh));
    }
    if value.chars().any(char::is_control) {
        return Err(fault(field, "control_character", "Control characters cannot be kept here", "不允许包含控制字符"));
    }
    Ok(value)
}

/// A signed decimal, rounded half to even to eight decimals.
pub fn decimal(field: &str, value: &str) -> Result<Decimal, Fault> {
    let not_one = || fault(field, "decimal", "Not a decimal number such as 1234.56", "不是十进制数（例如 1234.56）");
    let has_digits_only = value.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    if !has_digits_only {
        return Err(not_one());
    }
    let parsed = if value.contains(['e', 'E']) { Decimal::from_scientific(value) } else { Decimal::from_str(value) };
    // Beyond what the type holds there are plain numbers that are just too large.
    let whole = value.trim_start_matches(['+', '-']).split('.').next().unwrap_or_default();
    let is_long = whole.len() > 16 && whole.bytes().all(|b| b.is_ascii_digit());
    let parsed = parsed.map_err(|_| if is_long { too_large(field) } else { not_one() })?;
    let rounded = parsed.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointNearestEven).normalize();
    if rounded.abs() >= TOO_LARGE { Err(too_large(field)) } else { Ok(rounded) }
}

fn too_large(field: &str) -> Fault {
    fault(field, "maximum", "At most 16 digits before the point", "整数部分最多 16 位")
}

/// A decimal that is zero or more.
pub fn amount(field: &str, value: &str) -> Result<Decimal, Fault> {
    let parsed = decimal(field, value)?;
    if parsed < Decimal::ZERO { Err(fault(field, "minimum", "Zero or more", "不能为负数")) } else { Ok(parsed) }
}

/// A date: 2026-03-31, 2026/03/31 or 20260331.
pub fn day(field: &str, value: &str) -> Result<NaiveDate, Fault> {
    let parsed = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"].iter().find_map(|form| NaiveDate::parse_from_str(value, form).ok());
    let plausible = parsed.filter(|day| EARLIEST.is_none_or(|first| *day >= first) && value.len() <= 10);
    plausible.ok_or_else(|| fault(field, "date", "Not a date such as 2026-03-31", "不是有效日期（例如 2026-03-31）"))
}

/// No exchange has older records.
const EARLIEST: Option<NaiveDate> = NaiveDate::from_ymd_opt(1900, 1, 1);

/// An instant: RFC 3339, or a date with or without a time of the exchange's own clock.
pub fn instant(field: &str, value: &str, zone: Tz) -> Result<DateTime<Utc>, Fault> {
    let not_one = || {
        let en =
            "Not an instant such as 2026-03-31T09:31:00Z, or a date with or without time in the exchange's time zone";
        fault(field, "date_time", en, "不是有效时间（例如 2026-03-31T09:31:00Z，或交易所时区的日期、日期时间）")
    };
    let parsed = match DateTime::parse_from_rfc3339(value) {
        Ok(instant) => instant.to_utc(),
        Err(_) => {
            let local = local(value).ok_or_else(not_one)?;
            zone.from_local_datetime(&local)
                .earliest()
                .ok_or_else(|| {
                    fault(
                        field,
                        "date_time",
                        "The exchange's clock was put forward over this time",
                        "该时间在交易所时区不存在",
                    )
                })?
                .to_utc()
        }
    };
    // Leap seconds and what is finer than PostgreSQL keeps.
    let micros = parsed.nanosecond().min(999_999_999) / 1_000 * 1_000;
    let instant = parsed.with_nanosecond(micros).ok_or_else(not_one)?;
    EARLIEST.is_none_or(|first| instant.date_naive() >= first).then_some(instant).ok_or_else(not_one)
}

fn local(value: &str) -> Option<NaiveDateTime> {
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
        .find_map(|form| NaiveDateTime::parse_from_str(value, form).ok())
        .or_else(|| day("", value).ok().map(|day| day.and_time(NaiveTime::MIN)))
}

/// One of a closed list, in any case.
pub fn code<T: DeserializeOwned>(field: &str, value: &str) -> Result<T, Fault> {
    let lower = value.to_ascii_lowercase().replace([' ', '-'], "_");
    T::deserialize(StrDeserializer::<NoSuchVariant>::new(&lower))
        .map_err(|_| fault(field, "enum", "Not one of the codes of this field", "不是该字段的有效代码"))
}

/// An ISO 4217 code.
pub fn currency(field: &str, value: &str) -> Result<Currency, Fault> {
    value.to_ascii_uppercase().parse().map_err(|_| {
        fault(field, "currency", "Not a currency of three letters (ISO 4217)", "不是三位货币代码（ISO 4217）")
    })
}

/// An id of ours.
pub fn id<T: From<Uuid>>(field: &str, value: &str) -> Result<T, Fault> {
    let hint = "Not an id of ours; numbers of the firm go into client_no: map=client_no=<column>";
    Uuid::try_parse(value).map(T::from).map_err(|_| {
        fault(field, "format", hint, "不是系统内部标识；公司客户号请映射到 client_no：map=client_no=<列名>")
    })
}
