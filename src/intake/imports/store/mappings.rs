//! Every statement about mappings.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, QueryBuilder};

use crate::imports::model::{ImportMapping, ImportMappingBody, ImportMappingFilter, ImportMappingKey};
use platform::kernel::error::Error;
use platform::kernel::label::Labelled;
use platform::kernel::page::{Page, PageRequest};

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    declared: Json<ImportMappingBody>,
    row_version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for ImportMapping {
    fn from(row: Row) -> Self {
        let Row { name, declared: Json(mapping), row_version, created_at, updated_at } = row;
        Self { name, mapping, created_at, updated_at, row_version }
    }
}

const MAPPING: &str = "SELECT name, declared, row_version, created_at, updated_at FROM import_mapping WHERE TRUE";

/// A page of mappings, by name.
pub async fn list(
    conn: &mut PgConnection,
    filter: &ImportMappingFilter,
    page: &PageRequest<ImportMappingKey>,
) -> Result<Page<ImportMapping, ImportMappingKey>, Error> {
    let mut query = QueryBuilder::new(MAPPING);
    if let Some(kind) = filter.kind {
        query.push(" AND kind = ").push_bind(kind.code());
    }
    if let Some(after) = &page.after {
        query.push(" AND name > ").push_bind(after.name.clone());
    }
    query.push(" ORDER BY name LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<Row> = query.build_query_as().fetch_all(conn).await?;
    let rows = rows.into_iter().map(ImportMapping::from).collect();
    Ok(Page::from_rows(rows, page.limit, |row: &ImportMapping| ImportMappingKey { name: row.name.clone() }))
}

/// One mapping.
pub async fn find(conn: &mut PgConnection, name: &str) -> Result<Option<ImportMapping>, Error> {
    let mut query = QueryBuilder::new(MAPPING);
    query.push(" AND name = ").push_bind(name);
    let row: Option<Row> = query.build_query_as().fetch_optional(conn).await?;
    Ok(row.map(ImportMapping::from))
}

/// Enters a mapping; false when there is one of its name.
pub async fn insert(conn: &mut PgConnection, new: &ImportMapping) -> Result<bool, Error> {
    let inserted = sqlx::query!(
        "INSERT INTO import_mapping (name, kind, declared, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT DO NOTHING",
        new.name,
        new.mapping.kind.code(),
        serde_json::to_value(&new.mapping).map_err(Error::internal)?,
        new.created_at
    );
    Ok(inserted.execute(conn).await?.rows_affected() == 1)
}

/// Writes a changed mapping over the version it was read at; false when that is no longer the current one.
pub async fn update(conn: &mut PgConnection, row: &ImportMapping) -> Result<bool, Error> {
    let updated = sqlx::query!(
        "UPDATE import_mapping SET kind = $2, declared = $3, updated_at = $4, row_version = row_version + 1
         WHERE name = $1 AND row_version = $5",
        row.name,
        row.mapping.kind.code(),
        serde_json::to_value(&row.mapping).map_err(Error::internal)?,
        row.updated_at,
        row.row_version
    );
    Ok(updated.execute(conn).await?.rows_affected() == 1)
}

/// Deletes a mapping of this version; false when it is gone or another.
pub async fn delete(conn: &mut PgConnection, name: &str, row_version: i64) -> Result<bool, Error> {
    let deleted = sqlx::query!("DELETE FROM import_mapping WHERE name = $1 AND row_version = $2", name, row_version);
    Ok(deleted.execute(conn).await?.rows_affected() == 1)
}
