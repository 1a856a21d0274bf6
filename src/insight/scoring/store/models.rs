//! Models.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::super::model::{ChurnModel, Comparison, ModelInUse, Refused};
use platform::kernel::error::Error;
use platform::kernel::ids::ChurnModelId;
use platform::kernel::label::Labelled;
use platform::kernel::page::{Page, PageRequest};

struct Row {
    churn_model_id: uuid::Uuid,
    version: i32,
    cutoff: NaiveDate,
    code: Option<String>,
    parameters: Option<Value>,
    fit: Value,
    created_at: DateTime<Utc>,
}

impl Row {
    fn model(self) -> Result<ChurnModel, Error> {
        let comparison: Option<Comparison> = match self.fit.get("comparison") {
            Some(comparison) => serde_json::from_value(comparison.clone()).map_err(Error::internal)?,
            None => None,
        };
        Ok(ChurnModel {
            churn_model_id: ChurnModelId(self.churn_model_id),
            version: self.version,
            cutoff: self.cutoff,
            code: self.code,
            forecaster: self.parameters.map(serde_json::from_value).transpose().map_err(Error::internal)?,
            clients: self.fit["clients"].as_u64().unwrap_or_default(),
            repeaters: self.fit["repeaters"].as_u64().unwrap_or_default(),
            log_likelihood: self.fit["log_likelihood"].as_f64(),
            comparison,
            not_learned: self.fit["not_learned"].as_str().map(str::to_owned),
            created_at: self.created_at,
        })
    }
}

/// The newest usable model that saw nothing after `day`, with what the fits since then say of it; the code of the
/// newest attempt where none is usable, and `no_model` where there was none.
pub async fn newest(conn: &mut PgConnection, day: NaiveDate) -> Result<Result<ModelInUse, String>, Error> {
    let row = sqlx::query!(
        r#"SELECT m.churn_model_id, m.version, m.cutoff, m.code, m.parameters, m.fit, m.created_at,
                  n.cutoff AS newest_cutoff, n.parameters IS NOT NULL AS "newest_is_usable!", n.code AS newest_code,
                  (SELECT min(r.cutoff) FROM churn_model r
                   WHERE r.cutoff <= $1 AND NOT r.identified AND NOT EXISTS (
                       SELECT FROM churn_model i
                       WHERE i.cutoff <= $1 AND i.identified AND (i.cutoff, i.version) > (r.cutoff, r.version))) AS refused_since
           FROM (SELECT * FROM churn_model WHERE cutoff <= $1
                 ORDER BY parameters IS NULL, cutoff DESC, version DESC LIMIT 1) m
           CROSS JOIN (SELECT * FROM churn_model WHERE cutoff <= $1 ORDER BY cutoff DESC, version DESC LIMIT 1) n"#,
        day
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(Err("no_model".to_owned())) };
    let refused = row.refused_since.zip(row.newest_code.clone()).map(|(since, code)| Refused { since, code });
    let later_attempt = (!row.newest_is_usable).then_some(row.newest_cutoff);
    let model = Row {
        churn_model_id: row.churn_model_id,
        version: row.version,
        cutoff: row.cutoff,
        code: row.code,
        parameters: row.parameters,
        fit: row.fit,
        created_at: row.created_at,
    };
    let in_use = model.model()?.in_use().map(|model| ModelInUse { refused, later_attempt, ..model });
    Ok(in_use.ok_or(row.newest_code.unwrap_or_default()))
}

/// The newest model fitted on data up to exactly `day`.
pub async fn at_cutoff(conn: &mut PgConnection, day: NaiveDate) -> Result<Option<ChurnModel>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT churn_model_id, version, cutoff, code, parameters, fit, created_at FROM churn_model
         WHERE cutoff = $1 ORDER BY version DESC LIMIT 1",
        day
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::model).transpose()
}

/// One model.
pub async fn one(conn: &mut PgConnection, id: ChurnModelId) -> Result<Option<ChurnModel>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT churn_model_id, version, cutoff, code, parameters, fit, created_at FROM churn_model
         WHERE churn_model_id = $1",
        id.0
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::model).transpose()
}

/// Enters a model under the next version; answers it.
pub async fn insert(conn: &mut PgConnection, model: &ChurnModel, details: &Value) -> Result<i32, Error> {
    let version = sqlx::query_scalar!(
        "INSERT INTO churn_model (churn_model_id, version, kind, cutoff, identified, code, parameters, fit, created_at)
         SELECT $1, coalesce(max(version), 0) + 1, $8, $2, $3, $4, $5, $6, $7 FROM churn_model
         RETURNING version",
        model.churn_model_id.0,
        model.cutoff,
        model.code.is_none(),
        model.code,
        model.forecaster.as_ref().map(|forecaster| json!(forecaster)),
        details,
        model.created_at,
        model.kind().map(Labelled::code)
    )
    .fetch_one(conn)
    .await?;
    Ok(version)
}

/// Models, newest version first.
pub async fn list(conn: &mut PgConnection, page: &PageRequest<i32>) -> Result<Page<ChurnModel, i32>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT churn_model_id, version, cutoff, code, parameters, fit, created_at FROM churn_model
         WHERE version < $1 ORDER BY version DESC LIMIT $2",
        page.after.unwrap_or(i32::MAX),
        i64::from(page.limit) + 1
    )
    .fetch_all(conn)
    .await?;
    let models = rows.into_iter().map(Row::model).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_rows(models, page.limit, |model| model.version))
}
