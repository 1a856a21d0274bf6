//! The data class of a field, by its name: a name means the same thing everywhere. A field without one fails the build's tests.

/// Secrets: never logged, never exported, never kept for a replay.
const C3: &[&str] = &["access_token", "password", "refresh_token", "token"];

/// Identity, contact, balances, trades, and what is concluded from them.
const C2: &[&str] = &[
    "address",
    "client_no",
    "close_reason",
    "document",
    "email",
    "fund_account_no",
    "name",
    "number",
    "phone",
    "tier",
    "username",
];

/// The rest: structure, codes, counts, times.
const C1: &[&str] = &[
    "advisor_id",
    "branch_id",
    "branch_ids",
    "code",
    "created_at",
    "data_scope",
    "description",
    "direction",
    "detail",
    "error",
    "errors",
    "expires_in",
    "firm",
    "grant_type",
    "instance",
    "items",
    "message",
    "next_cursor",
    "parent_id",
    "permission",
    "pointer",
    "request_id",
    "role",
    "scope",
    "staff_id",
    "status",
    "title",
    "token_type",
    "type",
];

/// `c1`, `c2` or `c3`; none for a name nobody has classified yet.
pub fn of(field: &str) -> Option<&'static str> {
    [("c3", C3), ("c2", C2), ("c1", C1)].into_iter().find_map(|(class, names)| names.contains(&field).then_some(class))
}
