//! Data scope as a predicate, in one place.

use sqlx::{Postgres, QueryBuilder};

use crate::platform::kernel::principal::Visibility;

/// Appends `AND <the caller may see the client behind alias>` for a relation that has `branch_id` and `advisor_id`.
pub fn push_visibility(query: &mut QueryBuilder<Postgres>, alias: &str, visibility: &Visibility) {
    if visibility.firm {
        return;
    }
    query.push(" AND (FALSE");
    if !visibility.branch_ids.is_empty() {
        query.push(format!(" OR {alias}.branch_id = ANY("));
        query.push_bind(visibility.branch_ids.clone()).push(")");
    }
    if let Some(advisor_id) = visibility.advisor_id {
        query.push(format!(" OR {alias}.advisor_id = "));
        query.push_bind(advisor_id);
    }
    query.push(")");
}
