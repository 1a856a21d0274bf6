//! Reports: a slice says what it counts, and every report is asked for, shown and drawn the same way.
//!
//! A report is a type that implements [`Report`] and stands in its slice's manifest. It gives a [`Table`]; JSON, CSV
//! and a picture follow from it. The scope of the caller is applied where the table is read, in SQL.
//!
//! A figure that says something of few people says something of each: columns name the column that counts the people
//! behind them ([`Column::of`]), and where that is less than a least number their cells are left out.

mod csv;
mod http;
mod svg;
mod table;
mod view;

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::{PartialSchema, ToSchema};

pub use http::Reports;
pub use table::{Cell, Chart, Column, DataClass, Table, Unit};

use crate::boxed::Boxed;
use crate::db::Read;
use crate::kernel::decision::Text;
use crate::kernel::error::Error;
use crate::kernel::label::LabelSet;
use crate::slice::Slice;

/// People behind a figure from which it is shown.
pub const LEAST_PEOPLE: i64 = 10;

/// What this mechanism brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("reports", "Figures as tables and pictures 统计报表")],
    routes: http::routes,
    labels: &[LabelSet::of::<Unit>(&[]), LabelSet::of::<DataClass>(&[])],
    ..Slice::named("platform/reports")
};

/// A report.
pub trait Report: 'static {
    /// Stable, snake_case: its place under `/v1/reports`.
    const CODE: &'static str;
    /// What it shows: English, Chinese.
    const TITLE: (&'static str, &'static str);
    /// The permission its data takes, beside `reports:read`.
    const PERMISSION: &'static str;
    /// What it can be asked for: named as parameters of the operation are, all of them optional.
    type Params: DeserializeOwned + ToSchema + Send + 'static;

    /// Counts, within the caller's scope.
    fn table(read: &mut Read, params: Self::Params) -> Boxed<'_, Result<Table, Error>>;
}

/// [`Report::table`] of what a caller sent, with the type of the parameters left behind.
pub type TableOf = for<'a> fn(&'a mut Read, Map<String, Value>) -> Boxed<'a, Result<Table, Error>>;

/// A report as a manifest names it.
#[derive(Clone, Copy)]
pub struct ReportInfo {
    /// [`Report::CODE`].
    pub code: &'static str,
    /// [`Report::TITLE`].
    pub title: (&'static str, &'static str),
    /// [`Report::PERMISSION`].
    pub permission: &'static str,
    /// Names of its parameters.
    pub parameters: fn() -> Vec<String>,
    /// Counts, within the caller's scope.
    pub table: TableOf,
}

impl ReportInfo {
    /// The report `R`.
    pub const fn of<R: Report>() -> Self {
        Self {
            code: R::CODE,
            title: R::TITLE,
            permission: R::PERMISSION,
            parameters: Erased::<R>::parameters,
            table: Erased::<R>::table,
        }
    }

    /// What it shows.
    pub fn title(&self) -> Text {
        Text::new(self.title.0, self.title.1)
    }
}

/// A report with its type left behind.
struct Erased<R>(PhantomData<R>);

impl<R: Report> Erased<R> {
    fn parameters() -> Vec<String> {
        let schema = serde_json::to_value(R::Params::schema()).unwrap_or_default();
        schema["properties"].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default()
    }

    fn table(read: &mut Read, sent: Map<String, Value>) -> Boxed<'_, Result<Table, Error>> {
        match serde_json::from_value(Value::Object(sent)) {
            Ok(params) => R::table(read, params),
            // Names and types were checked before: what is left is our own mistake.
            Err(fault) => Box::pin(std::future::ready(Err(Error::internal(fault)))),
        }
    }
}
