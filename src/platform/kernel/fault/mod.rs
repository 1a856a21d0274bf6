//! What can be wrong with an input: one table of codes and words, for the schema's bounds and for the rules beyond
//! them.
//!
//! A rule that no schema can say is a `validator` derive; the functions it names answer with a code of a table:
//!
//! ```ignore
//! platform::faults! { CHECK_DIGIT = "check_digit" "The check digit does not fit" "校验位不正确"; }
//!
//! #[derive(Deserialize, ToSchema, Validate)]
//! #[validate(schema(function = is_whole))]
//! struct Document { kind: Kind, number: String }
//!
//! fn is_whole(document: &Document) -> Result<(), ValidationError> {
//!     CHECK_DIGIT.unless_at(document.kind.fits(&document.number), &["number"])
//! }
//! ```
//!
//! Rows may share a code where one more precise sentence helps; labels show the first. A slice puts its table into its
//! manifest. The errors of `validator` hold the rejected values; [`faults`] leaves them behind.

use std::borrow::Cow;
use std::fmt::Display;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use super::error::Fault;

/// A kind of fault. `{name}` in its words stands for a bound.
#[derive(Debug, PartialEq, Eq)]
pub struct FaultCode {
    /// Stable, snake_case.
    pub code: &'static str,
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

/// A table of faults: `NAME = "code" "English" "中文";` Makes a static of each, and `FAULTS` of all.
#[macro_export]
macro_rules! faults {
    ($($name:ident = $code:literal $en:literal $zh:literal;)*) => {
        $(#[doc = $en] pub static $name: $crate::kernel::fault::FaultCode =
            $crate::kernel::fault::FaultCode { code: $code, en: $en, zh: $zh };)*
        /// The whole table.
        pub static FAULTS: &[&$crate::kernel::fault::FaultCode] = &[$(&$name),*];
    };
}

faults! {
    REQUIRED = "required" "This member is required" "缺少必填项";
    UNKNOWN = "unknown" "There is no such member" "未知字段";
    TYPE = "type" "Of the wrong type: {detail}" "类型错误";
    ENUM = "enum" "Must be one of {options}" "必须是 {options} 之一";
    FORMAT = "format" "Must be a {format}" "格式应为 {format}";
    PATTERN = "pattern" "Must match {pattern}" "必须符合 {pattern}";
    MIN_LENGTH = "min_length" "At least {limit} characters" "至少 {limit} 个字符";
    MAX_LENGTH = "max_length" "At most {limit} characters" "最多 {limit} 个字符";
    MIN_ITEMS = "min_items" "At least {limit} items" "至少 {limit} 项";
    MAX_ITEMS = "max_items" "At most {limit} items" "最多 {limit} 项";
    MINIMUM = "minimum" "At least {limit}" "不小于 {limit}";
    MAXIMUM = "maximum" "At most {limit}" "不大于 {limit}";
    PATH_SEGMENT = "format" "A path segment cannot be read as its type" "路径参数格式错误";
    INVALID = "invalid" "Not as it must be" "取值不符合要求";
    NUL_CHARACTER = "nul_character" "The character U+0000 cannot be kept" "不允许包含字符 U+0000";
    REPEATED = "repeated" "This may be given once" "该项只能出现一次";
    TOO_EARLY = "too_early" "Not before 1970" "不得早于 1970 年";
    IN_THE_FUTURE = "in_the_future" "Not later than now" "不能晚于当前时间";
    IN_THE_PAST = "past" "Nothing takes effect in the past: today or later" "不能追溯生效，应为今日或以后";
    IDEMPOTENCY_KEY = "length" "An idempotency key is 1 to 255 printable characters" "幂等键应为 1 至 255 个可打印字符";
    NO_SUCH_PARAMETER = "unknown_parameter" "This report takes no such parameter" "该报表不接受此参数";
}

impl FaultCode {
    /// The fault at a pointer.
    pub fn at(&'static self, pointer: impl Into<String>) -> Fault {
        Fault::new(pointer, self.code, self.en, self.zh)
    }

    /// The fault at a pointer, with the bounds its words speak of.
    pub fn with(&'static self, pointer: impl Into<String>, bounds: &[(&str, &dyn Display)]) -> Fault {
        let (mut en, mut zh) = (self.en.to_owned(), self.zh.to_owned());
        for (name, bound) in bounds {
            let (name, bound) = (format!("{{{name}}}"), bound.to_string());
            (en, zh) = (en.replace(&name, &bound), zh.replace(&name, &bound));
        }
        Fault::new(pointer, self.code, en, zh)
    }

    /// For a function of `#[validate(custom(…))]`: the field has this fault unless the rule holds.
    pub fn unless(&'static self, holds: bool) -> Result<(), ValidationError> {
        if holds { Ok(()) } else { Err(self.error()) }
    }

    /// For a function of `#[validate(schema(…))]`: those members have this fault unless the rule holds.
    pub fn unless_at(&'static self, holds: bool, members: &[&'static str]) -> Result<(), ValidationError> {
        self.at_each(if holds { &[] } else { members })
    }

    /// The same for members, and members of members (`rungs/2/code`), that were looked for: none has no fault.
    pub fn at_each(&'static self, members: &[impl Serialize]) -> Result<(), ValidationError> {
        if members.is_empty() {
            return Ok(());
        }
        let mut error = self.error();
        error.params.insert(Cow::Borrowed(AT), json!(members));
        Err(error)
    }

    fn error(&'static self) -> ValidationError {
        let mut error = ValidationError::new(self.code).with_message(Cow::Borrowed(self.en));
        error.params.insert(Cow::Borrowed(ZH), json!(self.zh));
        error
    }
}

/// Parameters of an error that carry what `validator` has no place for.
const ZH: &str = "zh";
const AT: &str = "at";
/// Where `validator` keeps the errors of a whole struct.
const WHOLE: &str = "__all__";

/// The faults that a derive found, in the order of their pointers. No rejected value is among them.
pub fn faults(errors: &ValidationErrors) -> Vec<Fault> {
    let mut found = Vec::new();
    collect(errors, "", &mut found);
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

fn collect(errors: &ValidationErrors, pointer: &str, found: &mut Vec<Fault>) {
    for (field, kind) in errors.errors() {
        // `r#type` is `type` to everybody else.
        let here =
            if field == WHOLE { pointer.to_owned() } else { format!("{pointer}/{}", field.trim_start_matches("r#")) };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(inner, &here, found),
            ValidationErrorsKind::List(items) => {
                items.iter().for_each(|(index, inner)| collect(inner, &format!("{here}/{index}"), found));
            }
            ValidationErrorsKind::Field(errors) => errors.iter().for_each(|error| describe(error, &here, found)),
        }
    }
}

fn describe(error: &ValidationError, pointer: &str, found: &mut Vec<Fault>) {
    // Codes of ours are borrowed from their table; a derive's own, such as `range`, say nothing we could translate.
    let (code, en, zh) = match (&error.code, &error.message, error.params.get(ZH).and_then(Value::as_str)) {
        (Cow::Borrowed(code), Some(en), Some(zh)) => (*code, en.to_string(), zh.to_owned()),
        _ => (INVALID.code, INVALID.en.to_owned(), INVALID.zh.to_owned()),
    };
    match error.params.get(AT).and_then(Value::as_array) {
        Some(members) => found.extend(
            members
                .iter()
                .filter_map(Value::as_str)
                .map(|member| Fault::new(format!("{pointer}/{member}"), code, en.clone(), zh.clone())),
        ),
        None => found.push(Fault::new(pointer, code, en, zh)),
    }
}

/// A day, an instant, or a change to one.
pub trait Dated {
    /// Whether it lies before the first moment of that day; what is not there lies nowhere.
    fn is_before(&self, day: NaiveDate) -> bool;
}

impl Dated for NaiveDate {
    fn is_before(&self, day: NaiveDate) -> bool {
        *self < day
    }
}

impl Dated for DateTime<Utc> {
    fn is_before(&self, day: NaiveDate) -> bool {
        self.date_naive() < day
    }
}

impl<T: Dated> Dated for Option<T> {
    fn is_before(&self, day: NaiveDate) -> bool {
        self.as_ref().is_some_and(|it| it.is_before(day))
    }
}

impl<T: Dated> Dated for &T {
    fn is_before(&self, day: NaiveDate) -> bool {
        (**self).is_before(day)
    }
}

/// An earlier day is a slip of the pen, not a fact about a client.
pub fn since_1970(day: &impl Dated) -> Result<(), ValidationError> {
    TOO_EARLY.unless(!day.is_before(DateTime::<Utc>::UNIX_EPOCH.date_naive()))
}

#[cfg(test)]
mod tests;
