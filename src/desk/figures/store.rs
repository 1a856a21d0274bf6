//! Every statement of these reports.

use sqlx::PgConnection;

use book::clients::Tier;
use platform::kernel::error::Error;
use platform::kernel::ids::BranchId;
use platform::kernel::principal::Visibility;

/// Clients of one tier in one branch.
pub struct Group {
    /// The branch's code.
    pub branch_code: String,
    /// Its name.
    pub branch_name: String,
    /// None before the first trade or balance.
    pub tier: Option<Tier>,
    /// How many.
    pub clients: i64,
}

/// Clients in scope who are not closed, by branch and tier; every branch and, within it, the highest tier first.
pub async fn clients_by_tier(
    conn: &mut PgConnection,
    scope: &Visibility,
    branch_id: Option<BranchId>,
) -> Result<Vec<Group>, Error> {
    let groups = sqlx::query_as!(
        Group,
        r#"SELECT b.code AS "branch_code!", b.name AS "branch_name!", c.tier AS "tier: Tier", c.clients AS "clients!"
           FROM (SELECT branch_id, tier, count(*) AS clients FROM client_scope
                 WHERE status <> 'closed' AND client_in_scope(branch_id, advisor_id, $1, $2, $3)
                   AND branch_id = coalesce($4, branch_id)
                 GROUP BY branch_id, tier) c
           JOIN branch_name b ON b.branch_id = c.branch_id
           ORDER BY b.code, array_position(ARRAY['high_net_worth', 'middle', 'ordinary'], c.tier)"#,
        scope.firm,
        &scope.branch_ids,
        scope.advisor_id,
        branch_id.map(|id| id.0)
    )
    .fetch_all(conn)
    .await?;
    Ok(groups)
}
