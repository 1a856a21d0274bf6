//! Tier policies.

use sqlx::PgConnection;
use sqlx::types::Json;

use super::super::model::*;
use platform::kernel::error::Error;
use platform::kernel::ids::TierPolicyId;
use platform::kernel::page::{Page, PageRequest};

/// All policies, newest first.
pub async fn list_policies(conn: &mut PgConnection, page: &PageRequest<i32>) -> Result<Page<StoredPolicy, i32>, Error> {
    let rows = sqlx::query_as!(
        StoredPolicy,
        r#"SELECT tier_policy_id AS "tier_policy_id!: TierPolicyId", version AS "version!", status AS "status!: PolicyStatus",
                  rules AS "rules!: Json<TierPolicy>", created_at AS "created_at!"
           FROM tier_policy WHERE version < $1 ORDER BY version DESC LIMIT $2"#,
        page.after.unwrap_or(i32::MAX),
        i64::from(page.limit) + 1
    )
    .fetch_all(conn)
    .await?;
    Ok(Page::from_rows(rows, page.limit, |policy| policy.version))
}
