//! Data scope: which clients a caller may see. One predicate in two forms that a test holds together: the SQL function
//! `client_in_scope`, called by static statements, and the fragment built here, which keeps the order of an index.

use sqlx::{Postgres, QueryBuilder};

use crate::kernel::principal::Visibility;

/// Appends `AND <the caller may see the client behind alias>` for a relation that has `branch_id` and `advisor_id`.
/// One branch is an equality, so that an index on it keeps the order of what follows.
pub fn push_visibility(query: &mut QueryBuilder<Postgres>, alias: &str, scope: &Visibility) {
    if scope.firm {
        return;
    }
    query.push(" AND (");
    match scope.branch_ids.as_slice() {
        [] => {
            query.push("FALSE");
        }
        [only] => {
            query.push(format!("{alias}.branch_id = ")).push_bind(*only);
        }
        several => {
            query.push(format!("{alias}.branch_id = ANY(")).push_bind(several.to_vec()).push(")");
        }
    }
    if let Some(advisor_id) = scope.advisor_id {
        query.push(format!(" OR {alias}.advisor_id = ")).push_bind(advisor_id);
    }
    query.push(")");
}

/// Appends `AND <it belongs to no client, or the caller may see the client>` for an expression that names a client or
/// nothing. `client_scope` is the view that says whose a client is.
pub fn push_client_visibility(query: &mut QueryBuilder<Postgres>, client_id: &str, visibility: &Visibility) {
    if visibility.firm {
        return;
    }
    query.push(format!(
        " AND ({client_id} IS NULL OR EXISTS (SELECT FROM client_scope s WHERE s.client_id = {client_id}"
    ));
    push_visibility(query, "s", visibility);
    query.push("))");
}
