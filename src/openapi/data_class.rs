//! The data class of a field, by its name: a name means the same thing everywhere. A field without one fails the build's tests.

/// Secrets: never logged, never exported, never kept for a replay.
const C3: &[&str] = &["access_token", "password", "refresh_token", "token"];

/// Identity, contact, balances, trades, and what is concluded from them.
const C2: &[&str] = &[
    "address",
    "client_no",
    "close_reason",
    "custodian_bank",
    "document",
    "email",
    "fund_account_no",
    "name",
    "next_step",
    "notes",
    "number",
    "outcome",
    "phone",
    "reason",
    "tier",
    "username",
];

/// The rest: structure, codes, counts, times.
const C1: &[&str] = &[
    "advisor_id",
    "attempts",
    "branch_id",
    "branch_ids",
    "channel",
    "churn_alert_id",
    "client_id",
    "closed_on",
    "code",
    "created_at",
    "data_scope",
    "description",
    "detail",
    "direction",
    "error",
    "error_code",
    "errors",
    "expires_in",
    "finished_at",
    "firm",
    "fund_account_id",
    "grant_type",
    "instance",
    "interaction_id",
    "items",
    "job_id",
    "kind",
    "line",
    "message",
    "next_cursor",
    "next_step_on",
    "occurred_at",
    "opened_on",
    "parent_id",
    "permission",
    "pointer",
    "progress",
    "purpose",
    "request_id",
    "result",
    "role",
    "scope",
    "staff_id",
    "started_at",
    "state",
    "status",
    "title",
    "token_type",
    "total",
    "type",
    "updated_at",
];

/// `c1`, `c2` or `c3`; none for a name nobody has classified yet.
pub fn of(field: &str) -> Option<&'static str> {
    [("c3", C3), ("c2", C2), ("c1", C1)].into_iter().find_map(|(class, names)| names.contains(&field).then_some(class))
}
