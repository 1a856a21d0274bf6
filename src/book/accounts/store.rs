//! Every statement about fund accounts. The caller has made sure that the client is in scope.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{FundAccount, FundAccountKind, FundAccountStatus};
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, FundAccountId};
use platform::kernel::page::{Page, PageRequest};

/// A page of a client's fund accounts.
pub async fn list(
    conn: &mut PgConnection,
    id: ClientId,
    page: &PageRequest<FundAccountId>,
) -> Result<Page<FundAccount, FundAccountId>, Error> {
    let rows = sqlx::query_as!(
        FundAccount,
        r#"SELECT client_id AS "client_id: ClientId", fund_account_id AS "fund_account_id: FundAccountId", fund_account_no,
                  kind AS "kind: FundAccountKind", status AS "status: FundAccountStatus", custodian_bank, opened_on, closed_on, row_version
           FROM fund_account WHERE client_id = $1 AND fund_account_id > $2 ORDER BY fund_account_id LIMIT $3"#,
        id.0,
        page.after.map_or(uuid::Uuid::nil(), |id| id.0),
        i64::from(page.limit) + 1
    )
    .fetch_all(conn)
    .await?;
    Ok(Page::from_rows(rows, page.limit, |account| account.fund_account_id))
}

/// Those of these accounts that are there, whatever their state.
pub async fn existing(
    conn: &mut PgConnection,
    accounts: &[(ClientId, &str)],
) -> Result<HashSet<(ClientId, String)>, Error> {
    let (clients, numbers): (Vec<ClientId>, Vec<&str>) = accounts.iter().copied().unzip();
    let rows = sqlx::query!(
        r#"SELECT client_id AS "client_id!: ClientId", fund_account_no AS "fund_account_no!"
           FROM unnest($1::uuid[], $2::text[]) AS a (client_id, fund_account_no)
           JOIN fund_account USING (client_id, fund_account_no)"#,
        &clients as &[ClientId],
        &numbers as &[&str]
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row.fund_account_no)).collect())
}

/// One fund account of a client.
pub async fn find(
    conn: &mut PgConnection,
    client_id: ClientId,
    id: FundAccountId,
) -> Result<Option<FundAccount>, Error> {
    let account = sqlx::query_as!(
        FundAccount,
        r#"SELECT client_id AS "client_id: ClientId", fund_account_id AS "fund_account_id: FundAccountId", fund_account_no,
                  kind AS "kind: FundAccountKind", status AS "status: FundAccountStatus", custodian_bank, opened_on, closed_on, row_version
           FROM fund_account WHERE client_id = $1 AND fund_account_id = $2"#,
        client_id.0,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(account)
}

/// Enters a fund account.
pub async fn insert(conn: &mut PgConnection, account: &FundAccount, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO fund_account (client_id, fund_account_id, fund_account_no, kind, status, custodian_bank, opened_on, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        account.client_id.0,
        account.fund_account_id.0,
        account.fund_account_no,
        account.kind as FundAccountKind,
        account.status as FundAccountStatus,
        account.custodian_bank,
        account.opened_on,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a changed fund account over `version`; false when that is no longer the current one.
pub async fn update(conn: &mut PgConnection, account: &FundAccount, version: i64) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE fund_account SET status = $3, custodian_bank = $4, closed_on = $6, row_version = row_version + 1
         WHERE client_id = $1 AND fund_account_id = $2 AND row_version = $5",
        account.client_id.0,
        account.fund_account_id.0,
        account.status as FundAccountStatus,
        account.custodian_bank,
        version,
        account.closed_on
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
