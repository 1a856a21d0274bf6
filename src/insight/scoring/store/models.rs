//! Models.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::super::model::{ChurnModel, ChurnModelKind};
use platform::kernel::error::Error;
use platform::kernel::ids::ChurnModelId;
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
        Ok(ChurnModel {
            churn_model_id: ChurnModelId(self.churn_model_id),
            version: self.version,
            cutoff: self.cutoff,
            code: self.code,
            parameters: self.parameters.map(serde_json::from_value).transpose().map_err(Error::internal)?,
            clients: self.fit["clients"].as_u64().unwrap_or_default(),
            repeaters: self.fit["repeaters"].as_u64().unwrap_or_default(),
            log_likelihood: self.fit["log_likelihood"].as_f64(),
            created_at: self.created_at,
        })
    }
}

/// The newest usable model that saw nothing after `day`; the newest attempt where none is usable.
pub async fn newest(conn: &mut PgConnection, day: NaiveDate) -> Result<Option<ChurnModel>, Error> {
    let usable = sqlx::query_as!(
        Row,
        "SELECT churn_model_id, version, cutoff, code, parameters, fit, created_at FROM churn_model
         WHERE cutoff <= $1 AND identified ORDER BY cutoff DESC, version DESC LIMIT 1",
        day
    )
    .fetch_optional(&mut *conn)
    .await?;
    let found = match usable {
        Some(row) => Some(row),
        None => {
            sqlx::query_as!(
                Row,
                "SELECT churn_model_id, version, cutoff, code, parameters, fit, created_at FROM churn_model
                 WHERE cutoff <= $1 ORDER BY cutoff DESC, version DESC LIMIT 1",
                day
            )
            .fetch_optional(conn)
            .await?
        }
    };
    found.map(Row::model).transpose()
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
        model.parameters.is_some(),
        model.code,
        model.parameters.map(|parameters| json!(parameters)),
        details,
        model.created_at,
        ChurnModelKind::MbgNbd as ChurnModelKind
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
