//! Every statement about balances.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{PgConnection, QueryBuilder};

use super::model::{Balance, BalanceFilter, BalancePlace, NewBalance};
use platform::db::scope::push_visibility;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// Client, day and fund account: what identifies a balance.
pub type BalanceKey = (ClientId, NaiveDate, String);

/// Keeps balances, each key once; gives the keys of those that changed anything.
pub async fn keep(
    conn: &mut PgConnection,
    balances: &[&NewBalance],
    now: DateTime<Utc>,
) -> Result<HashSet<BalanceKey>, Error> {
    if balances.is_empty() {
        return Ok(HashSet::new());
    }
    let clients: Vec<ClientId> = balances.iter().map(|balance| balance.client_id).collect();
    let days: Vec<NaiveDate> = balances.iter().map(|balance| balance.trade_day).collect();
    let text = |pick: fn(&NewBalance) -> &str| -> Vec<&str> { balances.iter().map(|balance| pick(balance)).collect() };
    let (accounts, sources) = (text(|b| b.fund_account_no.as_str()), text(|b| b.source.as_str()));
    let currencies = text(|b| b.currency.as_str());
    let totals: Vec<Decimal> = balances.iter().map(|balance| balance.total_assets).collect();
    let nets: Vec<Decimal> = balances.iter().map(|balance| balance.net_assets).collect();
    let money = |pick: fn(&NewBalance) -> Option<Decimal>| -> Vec<Option<Decimal>> {
        balances.iter().map(|balance| pick(balance)).collect()
    };
    let rows = sqlx::query!(
        r#"INSERT INTO balance AS b (client_id, trade_day, fund_account_no, source, currency, total_assets, net_assets, cash,
                                     market_value, liabilities, recorded_at)
           SELECT n.*, $11 FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[],
                                       $8::numeric[], $9::numeric[], $10::numeric[]) AS n
           ON CONFLICT (client_id, trade_day, fund_account_no) DO UPDATE SET
               source = excluded.source, currency = excluded.currency, total_assets = excluded.total_assets,
               net_assets = excluded.net_assets, cash = excluded.cash, market_value = excluded.market_value,
               liabilities = excluded.liabilities, recorded_at = excluded.recorded_at
           WHERE (b.source, b.currency, b.total_assets, b.net_assets, b.cash, b.market_value, b.liabilities) IS DISTINCT FROM
                 (excluded.source, excluded.currency, excluded.total_assets, excluded.net_assets, excluded.cash,
                  excluded.market_value, excluded.liabilities)
           RETURNING b.client_id AS "client_id: ClientId", b.trade_day, b.fund_account_no"#,
        &clients as &[ClientId],
        &days,
        &accounts as &[&str],
        &sources as &[&str],
        &currencies as &[&str],
        &totals,
        &nets,
        &money(|balance| balance.cash) as &[Option<Decimal>],
        &money(|balance| balance.market_value) as &[Option<Decimal>],
        &money(|balance| balance.liabilities) as &[Option<Decimal>],
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row.trade_day, row.fund_account_no)).collect())
}

/// What is kept under the keys of these balances.
pub async fn existing(conn: &mut PgConnection, balances: &[&NewBalance]) -> Result<Vec<NewBalance>, Error> {
    let clients: Vec<ClientId> = balances.iter().map(|balance| balance.client_id).collect();
    let days: Vec<NaiveDate> = balances.iter().map(|balance| balance.trade_day).collect();
    let accounts: Vec<&str> = balances.iter().map(|balance| balance.fund_account_no.as_str()).collect();
    let found = sqlx::query_as!(
        NewBalance,
        r#"SELECT b.client_id AS "client_id: ClientId", b.trade_day, b.fund_account_no, b.source, b.currency, b.total_assets,
                  b.net_assets, b.cash, b.market_value, b.liabilities
           FROM unnest($1::uuid[], $2::date[], $3::text[]) AS k (client_id, trade_day, fund_account_no)
           JOIN balance b USING (client_id, trade_day, fund_account_no)"#,
        &clients as &[ClientId],
        &days,
        &accounts as &[&str]
    )
    .fetch_all(conn)
    .await?;
    Ok(found)
}

/// Those of these clients of whom a balance is kept.
pub async fn with_balances(conn: &mut PgConnection, clients: &[ClientId]) -> Result<Vec<ClientId>, Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT DISTINCT client_id AS "client_id: ClientId" FROM balance WHERE client_id = ANY($1)"#,
        clients as &[ClientId]
    );
    Ok(found.fetch_all(conn).await?)
}

/// Takes balances out.
pub async fn remove(conn: &mut PgConnection, balances: &[&NewBalance]) -> Result<(), Error> {
    let clients: Vec<ClientId> = balances.iter().map(|balance| balance.client_id).collect();
    let days: Vec<NaiveDate> = balances.iter().map(|balance| balance.trade_day).collect();
    let accounts: Vec<&str> = balances.iter().map(|balance| balance.fund_account_no.as_str()).collect();
    sqlx::query!(
        "DELETE FROM balance b USING unnest($1::uuid[], $2::date[], $3::text[]) AS k (client_id, trade_day, fund_account_no)
         WHERE b.client_id = k.client_id AND b.trade_day = k.trade_day AND b.fund_account_no = k.fund_account_no",
        &clients as &[ClientId],
        &days,
        &accounts as &[&str]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A client's balances, newest day first.
pub async fn list(
    conn: &mut PgConnection,
    scope: &Visibility,
    client_id: ClientId,
    filter: &BalanceFilter,
    page: &PageRequest<BalancePlace>,
) -> Result<Page<Balance, BalancePlace>, Error> {
    let mut query = QueryBuilder::new(
        "SELECT b.trade_day, nullif(b.fund_account_no, '') AS fund_account_no, b.source, b.currency, b.total_assets, b.net_assets, b.cash, b.market_value, \
         b.liabilities, b.recorded_at FROM balance b JOIN client_scope c USING (client_id) WHERE b.client_id = ",
    );
    query.push_bind(client_id);
    push_visibility(&mut query, "c", scope);
    if let Some(account) = &filter.fund_account_no {
        query.push(" AND b.fund_account_no = ").push_bind(account.clone());
    }
    if let Some(from) = filter.day_from {
        query.push(" AND b.trade_day >= ").push_bind(from);
    }
    if let Some(to) = filter.day_to {
        query.push(" AND b.trade_day <= ").push_bind(to);
    }
    if let Some(BalancePlace { trade_day, fund_account_no }) = &page.after {
        query.push(" AND (b.trade_day, b.fund_account_no) < (").push_bind(*trade_day);
        query.push(", ").push_bind(fund_account_no.clone()).push(")");
    }
    query.push(" ORDER BY b.trade_day DESC, b.fund_account_no DESC LIMIT ").push_bind(i64::from(page.limit) + 1);
    let rows: Vec<Balance> = query.build_query_as().fetch_all(conn).await?;
    let place = |balance: &Balance| BalancePlace {
        trade_day: balance.trade_day,
        fund_account_no: balance.fund_account_no.clone().unwrap_or_default(),
    };
    Ok(Page::from_rows(rows, page.limit, place))
}
