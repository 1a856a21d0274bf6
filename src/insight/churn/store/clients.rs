//! Whose clients they are, through the view of clients.

use sqlx::PgConnection;
use uuid::Uuid;

use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, StaffId};

/// Whose client it is, for the plan of a run.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// Who.
    pub client_id: ClientId,
    /// The advisor.
    pub advisor_id: Option<StaffId>,
    /// Whether the tier is the highest.
    pub tier_is_high: bool,
}

/// Advisor and tier of clients who are not closed.
pub async fn holders(conn: &mut PgConnection, clients: &[Uuid]) -> Result<Vec<Holder>, Error> {
    let rows = sqlx::query!(
        r#"SELECT c.client_id AS "client_id!", c.advisor_id, coalesce(c.tier = 'high_net_worth', FALSE) AS "tier_is_high!"
           FROM client_scope c JOIN unnest($1::uuid[]) AS wanted (client_id) ON wanted.client_id = c.client_id
           WHERE c.status <> 'closed'"#,
        clients
    )
    .fetch_all(conn)
    .await?;
    let holders = rows.into_iter().map(|row| Holder {
        client_id: ClientId(row.client_id),
        advisor_id: row.advisor_id.map(StaffId),
        tier_is_high: row.tier_is_high,
    });
    Ok(holders.collect())
}
