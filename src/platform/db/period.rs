//! Facts that hold for a time, as periods `[from, to)` in a column `valid_during`; what held when, beside the scope.

use chrono::{DateTime, Duration, Utc};
use sqlx::{Postgres, QueryBuilder};

/// Appends `AND <the period behind alias holds just before an instant>`: the end of a day is the instant the next
/// begins.
pub fn push_as_of(query: &mut QueryBuilder<Postgres>, alias: &str, before: DateTime<Utc>) {
    query.push(format!(" AND {alias}.valid_during @> ")).push_bind(before - Duration::microseconds(1));
}
