//! A report as JSON.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use super::ReportInfo;
use super::table::{Cell, DataClass, Table, Unit};
use crate::http::Language;
use crate::kernel::money::Total;

/// A report. (c1)
#[derive(Serialize, ToSchema)]
pub struct ReportView {
    /// Which.
    #[schema(example = "clients_by_tier")]
    code: &'static str,
    /// What it shows, in the caller's language.
    #[schema(example = "Clients by tier and branch")]
    title: String,
    /// The day it is of.
    as_of: NaiveDate,
    /// What the cells of a row are, in order.
    columns: Vec<ReportColumn>,
    /// Cells, one a column; null where there is nothing to say and where too few people stand behind a figure.
    /// How carefully each is to be handled, its column says. (c2)
    rows: Vec<Vec<ReportCell>>,
    /// Cells left out because too few people stand behind them.
    #[schema(example = 0)]
    suppressed: u64,
    /// People from which a figure about them is shown.
    #[schema(example = 10)]
    least_people: i64,
}

/// A column of a report. (c1)
#[derive(Serialize, ToSchema)]
pub struct ReportColumn {
    /// Stable code for programs.
    #[schema(example = "clients")]
    code: &'static str,
    /// Its heading, in the caller's language.
    #[schema(example = "Clients")]
    label: String,
    /// What its cells are.
    unit: Unit,
    /// How carefully they are to be handled.
    data_class: DataClass,
}

/// A cell: text, a number or nothing. Amounts are decimal strings.
pub struct ReportCell {
    cell: Cell,
    language: Language,
}

impl Serialize for ReportCell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.cell {
            Cell::Empty | Cell::Suppressed => to.serialize_none(),
            Cell::Name(name) => to.serialize_str(name),
            Cell::Label(label) => to.serialize_str(self.language.of(label)),
            Cell::Count(count) => to.serialize_i64(*count),
            Cell::Share(share) => to.serialize_f64(*share),
            Cell::Money(amount) => Total(*amount).serialize(to),
            Cell::Day(day) => day.serialize(to),
        }
    }
}

impl utoipa::PartialSchema for ReportCell {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Number, Type::Null]))
            .description(Some("Text, a number or nothing; amounts are decimal strings"))
            .into()
    }
}

impl ToSchema for ReportCell {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Borrowed("ReportCell")
    }
}

impl ReportView {
    /// A table in the caller's language.
    pub fn new(info: &ReportInfo, table: &Table, suppressed: u64, least_people: i64, language: Language) -> Self {
        let column = |column: &super::Column| ReportColumn {
            code: column.code,
            label: language.of(&column.label).to_owned(),
            unit: column.unit,
            data_class: column.class,
        };
        let row = |row: &Vec<Cell>| row.iter().map(|cell| ReportCell { cell: cell.clone(), language }).collect();
        Self {
            code: info.code,
            title: language.of(&info.title()).to_owned(),
            as_of: table.as_of,
            columns: table.columns.iter().map(column).collect(),
            rows: table.rows.iter().map(row).collect(),
            suppressed,
            least_people,
        }
    }
}
