//! Every statement about decisions. JSON is written and read as text, so that not a byte of it changes.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use sqlx::{PgConnection, QueryBuilder};

use platform::decisions::StoredDecision;
use platform::kernel::decision::{Decision, canonical};
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, DecisionId};
use platform::kernel::page::{Page, PageRequest};

/// Enters those decisions whose result differs from the client's last one of the kind; how many. One of a client and
/// kind at a time.
pub async fn insert_changed(
    conn: &mut PgConnection,
    decisions: &[(DecisionId, Decision<Value>)],
    now: DateTime<Utc>,
) -> Result<u64, Error> {
    let column = |pick: fn(&Decision<Value>) -> String| decisions.iter().map(|(_, one)| pick(one)).collect::<Vec<_>>();
    let ids: Vec<DecisionId> = decisions.iter().map(|(id, _)| *id).collect();
    let clients: Vec<ClientId> = decisions.iter().map(|(_, one)| one.client_id).collect();
    let days: Vec<NaiveDate> = decisions.iter().map(|(_, one)| one.as_of).collect();
    let done = sqlx::query!(
        "INSERT INTO decision (client_id, decision_id, kind, result, reasons, basis, as_of, inputs, decided_at)
         SELECT n.client_id, n.decision_id, n.kind, n.result::json, n.reasons::json, n.basis::json, n.as_of, n.inputs::json, $9
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[])
             AS n (client_id, decision_id, kind, result, reasons, basis, as_of, inputs)
         LEFT JOIN LATERAL (SELECT d.result::text AS result FROM decision d
                            WHERE d.client_id = n.client_id AND d.kind = n.kind ORDER BY d.sequence DESC LIMIT 1) l ON TRUE
         WHERE l.result IS DISTINCT FROM n.result",
        &clients as &[ClientId],
        &ids as &[DecisionId],
        &column(|one| one.kind.to_owned()),
        &column(|one| canonical(&one.result)),
        &column(|one| canonical(&json!(one.reasons))),
        &column(|one| canonical(&json!(one.basis))),
        &days,
        &column(|one| canonical(&one.inputs)),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

#[derive(sqlx::FromRow)]
struct Row {
    decision_id: DecisionId,
    client_id: ClientId,
    kind: String,
    result: String,
    reasons: String,
    basis: String,
    as_of: NaiveDate,
    inputs: String,
    decided_at: DateTime<Utc>,
    sequence: i64,
}

impl Row {
    fn decision(self) -> Result<StoredDecision, Error> {
        Ok(StoredDecision {
            decision_id: self.decision_id,
            client_id: self.client_id,
            kind: self.kind,
            result: serde_json::from_str(&self.result).map_err(Error::internal)?,
            reasons: serde_json::from_str(&self.reasons).map_err(Error::internal)?,
            basis: serde_json::from_str(&self.basis).map_err(Error::internal)?,
            as_of: self.as_of,
            inputs: serde_json::from_str(&self.inputs).map_err(Error::internal)?,
            decided_at: self.decided_at,
            sequence: self.sequence,
        })
    }
}

/// Decisions about a client the caller has seen, newest first.
pub async fn list(
    conn: &mut PgConnection,
    client_id: ClientId,
    kind: Option<&str>,
    id: Option<DecisionId>,
    page: &PageRequest<i64>,
) -> Result<Page<StoredDecision, i64>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT decision_id, client_id, kind, result::text, reasons::text, basis::text, as_of, inputs::text, decided_at, sequence
         FROM decision WHERE client_id = ",
    );
    query.push_bind(client_id);
    if let Some(kind) = kind {
        query.push(" AND kind = ").push_bind(kind.to_owned());
    }
    if let Some(id) = id {
        query.push(" AND decision_id = ").push_bind(id);
    }
    if let Some(after) = page.after {
        query.push(" AND sequence < ").push_bind(after);
    }
    query.push(" ORDER BY sequence DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<Row> = query.build_query_as().fetch_all(conn).await?;
    let decisions = rows.into_iter().map(Row::decision).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_rows(decisions, page.limit, |decision| decision.sequence))
}
