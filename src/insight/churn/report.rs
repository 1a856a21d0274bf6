//! Alerts by what became of them.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{AlertStatus, Outcome};
use super::store::{self, figures::Group};
use platform::db::Read;
use platform::http::permission::{ChurnRead, Permission};
use platform::kernel::decision::Text;
use platform::kernel::error::Error;
use platform::kernel::label::Labelled;
use platform::reports::{Cell, Chart, Column, Report, Table, Unit};
use platform::slice::Boxed;

/// How alerts of each severity ended, or where they stand.
pub struct AlertsByOutcome;

/// Which alerts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertsByOutcomeParams {
    /// Of forecasts of this day and later.
    #[serde(default)]
    from: Option<NaiveDate>,
    /// Of forecasts up to this day.
    #[serde(default)]
    to: Option<NaiveDate>,
}

impl Report for AlertsByOutcome {
    const CODE: &'static str = "alerts_by_outcome";
    const TITLE: (&'static str, &'static str) = ("Churn alerts by severity and outcome", "流失预警级别与处理结果统计");
    const PERMISSION: &'static str = ChurnRead::SCOPE;
    type Params = AlertsByOutcomeParams;

    fn table(read: &mut Read, params: Self::Params) -> Boxed<'_, Result<Table, Error>> {
        Box::pin(async move {
            let (conn, scope) = read.scoped();
            let groups = store::figures::by_outcome(conn, scope, params.from, params.to).await?;
            Ok(Table { columns: columns(), rows: rows(&groups), as_of: read.today(), chart: CHART })
        })
    }
}

const CHART: Chart = Chart { category: "severity_label", series: "result_label", value: "alerts" };

fn columns() -> Vec<Column> {
    vec![
        Column::new("severity", "Severity code", "级别代码", Unit::Label),
        Column::new("severity_label", "Severity", "预警级别", Unit::Label),
        Column::new("result", "Result code", "结果代码", Unit::Label),
        Column::new("result_label", "Result", "处理结果", Unit::Label),
        Column::new("alerts", "Alerts", "预警数", Unit::Count).of("severity_alerts"),
        Column::new("severity_alerts", "Alerts of the severity", "该级别预警总数", Unit::Count),
        Column::new("share", "Share of the severity", "占该级别比例", Unit::Share).of("severity_alerts"),
    ]
}

fn rows(groups: &[Group]) -> Vec<Vec<Cell>> {
    let mut totals = HashMap::new();
    for group in groups {
        *totals.entry(group.severity).or_insert(0) += group.alerts;
    }
    let row = |group: &Group| {
        let total = totals[&group.severity];
        let (code, label) = result(group);
        vec![
            Cell::Name(group.severity.code().to_owned()),
            Cell::Label(heading(group.severity.label())),
            Cell::Name(code.to_owned()),
            Cell::Label(heading(label)),
            Cell::Count(group.alerts),
            Cell::Count(total),
            Cell::Share(group.alerts as f64 / total as f64),
        ]
    };
    groups.iter().map(row).collect()
}

/// A person's word about the client where there is one, else the state.
fn result(group: &Group) -> (&'static str, Text) {
    match (group.outcome, group.status) {
        (Some(outcome), _) => (Outcome::code(outcome), outcome.label()),
        (None, status) => (AlertStatus::code(status), status.label()),
    }
}

/// The label up to its explanation: what fits beside a bar.
fn heading(label: Text) -> Text {
    let before = |text: &str, mark: char| text.split(mark).next().unwrap_or_default().to_owned();
    Text::new(before(&label.en, ':'), before(&label.zh, '：'))
}
