//! Lists of alerts: declared filters, keyset order.

use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::super::model::{AlertFilter, AlertKey, AlertOrder, AlertStatus, ClientAlert, Severity};
use super::alerts::{CLIENT, COLUMNS};
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::label::Labelled;
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// How urgent a severity is, as a number.
const URGENCY: &str = "array_position(ARRAY['low', 'medium', 'high', 'critical'], a.severity)";

/// Alerts in scope. One ordered range of an index for each state (and severity) asked for, merged: the work is that of
/// a page, however many alerts there are. The alerts of one advisor or client are few: they may be sorted.
pub async fn list(
    conn: &mut PgConnection,
    scope: &Visibility,
    filter: &AlertFilter,
    order: AlertOrder,
    page: &PageRequest<AlertKey>,
) -> Result<Page<ClientAlert, AlertKey>, Error> {
    let mut query = list_query(scope, filter, order, page);
    let rows: Vec<ClientAlert> = query.build_query_as().fetch_all(conn).await?;
    Ok(Page::from_rows(rows, page.limit, |row| AlertKey {
        churn_alert_id: row.alert.churn_alert_id,
        value_at_risk: row.alert.value_at_risk,
        severity: row.alert.severity,
    }))
}

/// How many alerts in scope fit a filter.
pub async fn total(conn: &mut PgConnection, scope: &Visibility, filter: &AlertFilter) -> Result<i64, Error> {
    let mut query = QueryBuilder::new(
        "SELECT count(*) FROM churn_alert a JOIN client_scope c ON c.client_id = a.client_id WHERE TRUE",
    );
    if !filter.status.is_empty() {
        query.push(" AND a.status = ANY(").push_bind(filter.status.clone()).push(")");
    }
    push_severity(&mut query, filter);
    push_owner(&mut query, scope, filter);
    Ok(query.build_query_scalar().fetch_one(conn).await?)
}

fn list_query(
    scope: &Visibility,
    filter: &AlertFilter,
    order: AlertOrder,
    page: &PageRequest<AlertKey>,
) -> QueryBuilder<Postgres> {
    let limit = i64::from(page.limit) + 1;
    let statuses = if filter.status.is_empty() { AlertStatus::ALL.to_vec() } else { filter.status.clone() };
    let by_owner = filter.advisor_id.is_some() || filter.client_id.is_some();
    let by_severity = !by_owner && (order != AlertOrder::Newest || !filter.severity.is_empty());
    let mut query =
        QueryBuilder::new(format!("SELECT {COLUMNS}, a.client_no, a.client_name FROM (SELECT DISTINCT unnest("));
    query.push_bind(statuses).push("::text[]) AS status) wanted");
    if by_severity {
        push_ranges(&mut query, filter, order, page.after.as_ref());
    }
    query.push(format!(
        " CROSS JOIN LATERAL (SELECT a.*, {CLIENT} FROM churn_alert a JOIN client_scope c ON c.client_id = a.client_id \
         WHERE a.status = wanted.status"
    ));
    if by_severity {
        query.push(" AND a.severity = urgent.severity AND a.churn_alert_id < urgent.below");
    } else {
        push_severity(&mut query, filter);
    }
    push_owner(&mut query, scope, filter);
    push_after(&mut query, order, by_severity, page.after.as_ref());
    // Within one severity the newest is first: its range of the index is in order as it stands.
    let inner = if by_severity && order == AlertOrder::Urgency { AlertOrder::Newest } else { order };
    push_order(&mut query, inner, limit);
    query.push(") a");
    push_order(&mut query, order, limit);
    query
}

/// The severities to walk, each with the id its range ends before. In the order of urgency what is more urgent than the
/// last item was listed already, and what is less urgent is listed from its beginning.
fn push_ranges(query: &mut QueryBuilder<Postgres>, filter: &AlertFilter, order: AlertOrder, after: Option<&AlertKey>) {
    let asked = |severity: &Severity| filter.severity.is_empty() || filter.severity.contains(severity);
    let below = |severity: Severity| match (after, order) {
        (Some(key), AlertOrder::Newest) => Some(key.churn_alert_id.0),
        (Some(key), AlertOrder::Urgency) if severity > key.severity => None,
        (Some(key), AlertOrder::Urgency) if severity == key.severity => Some(key.churn_alert_id.0),
        _ => Some(Uuid::max()),
    };
    let ranges = Severity::ALL.iter().copied().filter(asked).filter_map(|severity| Some((severity, below(severity)?)));
    let (severities, below): (Vec<Severity>, Vec<Uuid>) = ranges.unzip();
    query.push(" CROSS JOIN unnest(").push_bind(severities);
    query.push("::text[], ").push_bind(below).push("::uuid[]) AS urgent (severity, below)");
}

/// What comes after the last item, where the ranges do not say it.
fn push_after(query: &mut QueryBuilder<Postgres>, order: AlertOrder, by_severity: bool, after: Option<&AlertKey>) {
    let Some(key) = after else { return };
    match order {
        AlertOrder::Value => {
            query.push(" AND (a.value_at_risk, a.churn_alert_id) < (").push_bind(key.value_at_risk);
            query.push(", ").push_bind(key.churn_alert_id).push(")");
        }
        AlertOrder::Newest if !by_severity => {
            query.push(" AND a.churn_alert_id < ").push_bind(key.churn_alert_id);
        }
        AlertOrder::Urgency if !by_severity => {
            query.push(format!(" AND ({URGENCY}, a.churn_alert_id) < (")).push_bind(key.severity as i32 + 1);
            query.push(", ").push_bind(key.churn_alert_id).push(")");
        }
        AlertOrder::Newest | AlertOrder::Urgency => {}
    }
}

fn push_order(query: &mut QueryBuilder<Postgres>, order: AlertOrder, limit: i64) {
    match order {
        AlertOrder::Newest => query.push(" ORDER BY a.churn_alert_id DESC"),
        AlertOrder::Value => query.push(" ORDER BY a.value_at_risk DESC, a.churn_alert_id DESC"),
        AlertOrder::Urgency => query.push(format!(" ORDER BY {URGENCY} DESC, a.churn_alert_id DESC")),
    };
    query.push(" LIMIT ").push_bind(limit);
}

fn push_severity(query: &mut QueryBuilder<Postgres>, filter: &AlertFilter) {
    if !filter.severity.is_empty() {
        query.push(" AND a.severity = ANY(").push_bind(filter.severity.clone()).push(")");
    }
}

fn push_owner(query: &mut QueryBuilder<Postgres>, scope: &Visibility, filter: &AlertFilter) {
    if let Some(advisor_id) = filter.advisor_id {
        query.push(" AND a.advisor_id = ").push_bind(advisor_id);
    }
    if let Some(client_id) = filter.client_id {
        query.push(" AND a.client_id = ").push_bind(client_id);
    }
    push_visibility(query, "c", scope);
}
