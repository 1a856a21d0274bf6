//! Operations of reports: one handler for all of them.

mod answer;

use actix_web::{HttpRequest, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use self::answer::{Format, ReportAnswer, accepted};
use super::view::ReportView;
use super::{LEAST_PEOPLE, ReportInfo, csv, svg};
use crate::db::Db;
use crate::http::permission::{Permission, ReportsRead};
use crate::http::{Actor, Json, Language, Path, Query};
use crate::kernel::error::{self, Error};
use crate::kernel::fault;
use crate::kernel::ids::BranchId;
use crate::slice::Slice;

/// Mounts every operation.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_reports).service(get_report);
}

/// Every report of the slices.
pub struct Reports {
    reports: Vec<ReportInfo>,
    least_people: i64,
}

impl Reports {
    /// Of these slices; a figure about fewer people than `least_people` is left out.
    pub fn new(slices: &[Slice], least_people: i64) -> Self {
        Self { reports: slices.iter().flat_map(|slice| slice.reports).copied().collect(), least_people }
    }

    fn one(&self, code: &str) -> Result<&ReportInfo, Error> {
        self.reports.iter().find(|report| report.code == code).ok_or_else(Error::not_found)
    }
}

/// Of these slices, with the usual least number of people.
impl From<&[Slice]> for Reports {
    fn from(slices: &[Slice]) -> Self {
        Self::new(slices, LEAST_PEOPLE)
    }
}

/// A report there is. (c1)
#[derive(Serialize, ToSchema)]
pub struct ReportSummary {
    /// Stable code for programs, the last segment of its path.
    #[schema(example = "clients_by_tier")]
    code: &'static str,
    /// What it shows, in the caller's language.
    #[schema(example = "Clients by tier and branch")]
    title: String,
    /// The permission its data takes, beside `reports:read`.
    #[schema(example = "clients:read")]
    permission: &'static str,
    /// Whether this caller holds it.
    available: bool,
    /// Parameters it takes beside `format` and `bom`.
    #[schema(example = json!(["branch_id"]))]
    parameters: Vec<String>,
}

/// Every report. (c1)
#[derive(Serialize, ToSchema)]
pub struct ReportList {
    /// In the order of the slices.
    items: Vec<ReportSummary>,
}

/// Path of a report.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReportPath {
    /// Its code.
    #[param(pattern = "^[a-z0-9_]{1,64}$", example = "clients_by_tier")]
    report_code: String,
}

/// What a report can be asked for; which of the last four it takes, `GET /v1/reports` says.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// How it is sent; what `Accept` asks for when absent, JSON when that says nothing.
    #[param(inline)]
    #[serde(default)]
    format: Option<Format>,
    /// Whether CSV begins with a byte order mark, for spreadsheets that need one to see UTF-8.
    #[serde(default)]
    bom: Option<bool>,
    /// As of the end of this day.
    #[serde(default)]
    as_of: Option<NaiveDate>,
    /// From this day on.
    #[serde(default)]
    from: Option<NaiveDate>,
    /// Up to this day and with it.
    #[serde(default)]
    to: Option<NaiveDate>,
    /// Of this branch.
    #[serde(default)]
    branch_id: Option<BranchId>,
}

impl ReportQuery {
    /// What was sent, by name; refused where the report takes no such thing.
    fn params(&self, info: &ReportInfo) -> Result<Map<String, Value>, Error> {
        let value = |value: Option<Value>| value.filter(|value| !value.is_null());
        let sent = [
            ("as_of", value(serde_json::to_value(self.as_of).ok())),
            ("from", value(serde_json::to_value(self.from).ok())),
            ("to", value(serde_json::to_value(self.to).ok())),
            ("branch_id", value(serde_json::to_value(self.branch_id).ok())),
        ];
        let (known, mut params, mut faults) = ((info.parameters)(), Map::new(), Vec::new());
        for (name, value) in sent.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            if known.iter().any(|known| known == name) {
                params.insert(name.to_owned(), value);
            } else {
                faults.push(fault::NO_SUCH_PARAMETER.at(format!("?{name}")));
            }
        }
        if faults.is_empty() {
            return Ok(params);
        }
        Err(Error::code(&error::MALFORMED).with(|refusal| refusal.faults = faults))
    }
}

/// List reports
///
/// Every report there is, with the parameters it takes and the permission its data takes.
#[utoipa::path(
    tag = "reports",
    responses((status = OK, body = ReportList)),
    security(("oauth2" = [ReportsRead::SCOPE]))
)]
#[get("/v1/reports")]
pub async fn list_reports(
    actor: Actor<ReportsRead>,
    language: Language,
    reports: web::Data<Reports>,
) -> Result<Json<ReportList>, Error> {
    let summary = |report: &ReportInfo| ReportSummary {
        code: report.code,
        title: language.of(&report.title()).to_owned(),
        permission: report.permission,
        available: actor.principal.scopes.contains(report.permission),
        parameters: (report.parameters)(),
    };
    Ok(Json(ReportList { items: reports.reports.iter().map(summary).collect() }))
}

/// Get a report
///
/// Counted within the caller's scope, as JSON, CSV or a picture. A figure that too few people stand behind is left out:
/// null in JSON, `*` in CSV, no part of a bar. Text in a CSV that a spreadsheet would take for a formula begins with
/// `'`.
#[utoipa::path(
    tag = "reports",
    params(ReportPath, ReportQuery),
    responses((status = OK, body = ReportView)),
    security(("oauth2" = [ReportsRead::SCOPE]))
)]
#[get("/v1/reports/{report_code}")]
pub async fn get_report(
    actor: Actor<ReportsRead>,
    Path(path): Path<ReportPath>,
    Query(query): Query<ReportQuery>,
    request: HttpRequest,
    language: Language,
    reports: web::Data<Reports>,
    db: web::Data<Db>,
) -> Result<ReportAnswer, Error> {
    let info = reports.one(&path.report_code)?;
    if !actor.principal.scopes.contains(info.permission) {
        let permission = info.permission;
        let (en, zh) = (format!("It takes the permission {permission}."), format!("需要权限 {permission}。"));
        return Err(Error::detailed(&error::FORBIDDEN, en, zh));
    }
    let params = query.params(info)?;
    let mut table = (info.table)(&mut db.read(&actor).await?, params).await?;
    let suppressed = table.suppress(reports.least_people);
    Ok(match query.format.unwrap_or_else(|| accepted(&request)) {
        Format::Json => ReportAnswer::Json(ReportView::new(info, &table, suppressed, reports.least_people, language)),
        Format::Csv => ReportAnswer::Csv(csv::render(&table, language, query.bom.unwrap_or_default())?),
        Format::Svg => ReportAnswer::Svg(svg::render(info, &table, language)?),
    })
}
