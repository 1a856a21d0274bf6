//! Facts that hold for a time, as periods `[from, to)` in a column `valid_during`; what held when, beside the scope.
//!
//! A table of periods has a constraint `<table>_no_overlap`. One period follows another by two statements: the open one
//! ends, and the new one begins where the last has ended.
//!
//! ```sql
//! UPDATE … SET valid_during =
//!     tstzrange(lower(valid_during), greatest($2, lower(valid_during) + interval '1 microsecond'))
//!   WHERE client_id = $1 AND upper_inf(valid_during);
//! INSERT INTO … SELECT …, tstzrange((SELECT max(upper(valid_during)) FROM … WHERE client_id = $1), NULL);
//! ```
//!
//! Two changes at one instant, or of a unit of work that began earlier and comes later, would end a period before it
//! began: hence `greatest`, and the microsecond, for an empty period overlaps with nothing and holds at no instant.

use chrono::{DateTime, Duration, Utc};
use sqlx::{Postgres, QueryBuilder};

/// Appends `AND <the period behind alias holds just before an instant>`: the end of a day is the instant the next
/// begins.
pub fn push_as_of(query: &mut QueryBuilder<Postgres>, alias: &str, before: DateTime<Utc>) {
    query.push(format!(" AND {alias}.valid_during @> ")).push_bind(before - Duration::microseconds(1));
}
