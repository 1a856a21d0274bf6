//! Days and running statistics: moved by what a batch adds, never counted again.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::super::model::{DayDelta, LockedClient, StatisticsDelta};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// A client, a day, and its trades from now on.
pub type DayCount = (ClientId, NaiveDate, i32);

/// Locks these clients (sorted, each once): whoever else wants one of them waits until this transaction
/// ends, and then sees what it did. Gives the ends of their active days, as whoever went before left them.
///
/// It is the first statement about them, and every batch takes its clients in the order of their ids; so two batches
/// never hold what the other waits for, and all that follows (trades, days, statistics, balances, tier) is alone with them.
///
/// A row that is there is locked, not rewritten: a row this transaction had rewritten would have its client looked up again
/// with every further change.
pub async fn lock_clients(conn: &mut PgConnection, clients: &[ClientId]) -> Result<Vec<LockedClient>, Error> {
    sqlx::query!(
        "INSERT INTO trade_statistics AS s (client_id, active_days, trade_count, buy_amount, sell_amount, commission)
         SELECT client_id, 0, 0, 0, 0, 0 FROM unnest($1::uuid[]) AS c (client_id) ORDER BY client_id
         ON CONFLICT (client_id) DO UPDATE SET active_days = s.active_days WHERE false",
        clients as &[ClientId]
    )
    .execute(&mut *conn)
    .await?;
    let locked = sqlx::query_as!(
        LockedClient,
        r#"SELECT client_id AS "client_id: ClientId", first_day, last_day FROM trade_statistics WHERE client_id = ANY($1)"#,
        clients as &[ClientId]
    )
    .fetch_all(conn)
    .await?;
    Ok(locked)
}

/// The columns of day deltas, as arrays.
#[derive(Default)]
struct DayColumns {
    clients: Vec<ClientId>,
    days: Vec<NaiveDate>,
    trades: Vec<i32>,
    others: Vec<i32>,
    bought: Vec<Decimal>,
    sold: Vec<Decimal>,
    commission: Vec<Decimal>,
    commissions: Vec<i32>,
}

impl DayColumns {
    fn of(deltas: &[DayDelta]) -> Self {
        let mut columns = Self::default();
        for (client_id, day, delta) in deltas {
            columns.clients.push(*client_id);
            columns.days.push(*day);
            columns.trades.push(delta.trade_count);
            columns.others.push(delta.other_currency_count);
            columns.bought.push(delta.buy_amount);
            columns.sold.push(delta.sell_amount);
            columns.commission.push(delta.commission);
            columns.commissions.push(delta.commission_count);
        }
        columns
    }
}

/// Adds to days that lose no trades; gives their trades from now on.
pub async fn add_to_days(conn: &mut PgConnection, deltas: &[DayDelta]) -> Result<Vec<DayCount>, Error> {
    let columns = DayColumns::of(deltas);
    let rows = sqlx::query!(
        r#"INSERT INTO trade_day AS d (client_id, trade_day, trade_count, other_currency_count, buy_amount, sell_amount, commission, commission_count)
           SELECT * FROM unnest($1::uuid[], $2::date[], $3::int[], $4::int[], $5::numeric[], $6::numeric[], $7::numeric[], $8::int[])
           ON CONFLICT (client_id, trade_day) DO UPDATE SET
               trade_count = d.trade_count + excluded.trade_count,
               other_currency_count = d.other_currency_count + excluded.other_currency_count,
               buy_amount = d.buy_amount + excluded.buy_amount,
               sell_amount = d.sell_amount + excluded.sell_amount,
               commission = d.commission + excluded.commission,
               commission_count = d.commission_count + excluded.commission_count
           RETURNING client_id AS "client_id: ClientId", trade_day, trade_count"#,
        &columns.clients as &[ClientId],
        &columns.days,
        &columns.trades,
        &columns.others,
        &columns.bought,
        &columns.sold,
        &columns.commission,
        &columns.commissions
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row.trade_day, row.trade_count)).collect())
}

/// Takes from days that lose trades; gives their trades from now on. Apart from [`add_to_days`], because a row offered
/// for insertion must keep the table's checks even when it is only going to be added to another.
pub async fn take_from_days(conn: &mut PgConnection, deltas: &[DayDelta]) -> Result<Vec<DayCount>, Error> {
    let columns = DayColumns::of(deltas);
    let rows = sqlx::query!(
        r#"UPDATE trade_day AS d SET
               trade_count = d.trade_count + n.trades, other_currency_count = d.other_currency_count + n.others,
               buy_amount = d.buy_amount + n.bought, sell_amount = d.sell_amount + n.sold,
               commission = d.commission + n.commission, commission_count = d.commission_count + n.commissions
           FROM unnest($1::uuid[], $2::date[], $3::int[], $4::int[], $5::numeric[], $6::numeric[], $7::numeric[], $8::int[])
               AS n (client_id, trade_day, trades, others, bought, sold, commission, commissions)
           WHERE d.client_id = n.client_id AND d.trade_day = n.trade_day
           RETURNING d.client_id AS "client_id: ClientId", d.trade_day, d.trade_count"#,
        &columns.clients as &[ClientId],
        &columns.days,
        &columns.trades,
        &columns.others,
        &columns.bought,
        &columns.sold,
        &columns.commission,
        &columns.commissions
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row.trade_day, row.trade_count)).collect())
}

/// First and last active day of clients, looked up at both ends of their days.
pub async fn active_bounds(
    conn: &mut PgConnection,
    clients: &[ClientId],
) -> Result<Vec<(ClientId, Option<NaiveDate>, Option<NaiveDate>)>, Error> {
    let rows = sqlx::query!(
        r#"SELECT c.client_id AS "client_id!: ClientId",
                  (SELECT d.trade_day FROM trade_day d WHERE d.client_id = c.client_id AND d.trade_count > 0
                   ORDER BY d.trade_day LIMIT 1) AS first_day,
                  (SELECT d.trade_day FROM trade_day d WHERE d.client_id = c.client_id AND d.trade_count > 0
                   ORDER BY d.trade_day DESC LIMIT 1) AS last_day
           FROM unnest($1::uuid[]) AS c (client_id)"#,
        clients as &[ClientId]
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row.first_day, row.last_day)).collect())
}

/// Moves the statistics of locked clients.
pub async fn move_statistics(conn: &mut PgConnection, deltas: &[StatisticsDelta]) -> Result<(), Error> {
    let clients: Vec<ClientId> = deltas.iter().map(|delta| delta.client_id).collect();
    let active_days: Vec<i32> = deltas.iter().map(|delta| delta.active_days).collect();
    let trades: Vec<i32> = deltas.iter().map(|delta| delta.sums.trade_count).collect();
    let first_days: Vec<Option<NaiveDate>> = deltas.iter().map(|delta| delta.first_day).collect();
    let last_days: Vec<Option<NaiveDate>> = deltas.iter().map(|delta| delta.last_day).collect();
    let money = |pick: fn(&StatisticsDelta) -> Decimal| deltas.iter().map(pick).collect::<Vec<Decimal>>();
    let (bought, sold) = (money(|delta| delta.sums.buy_amount), money(|delta| delta.sums.sell_amount));
    let commission = money(|delta| delta.sums.commission);
    sqlx::query!(
        "UPDATE trade_statistics AS s SET
             active_days = s.active_days + n.active_days, trade_count = s.trade_count + n.trades,
             first_day = n.first_day, last_day = n.last_day, buy_amount = s.buy_amount + n.bought,
             sell_amount = s.sell_amount + n.sold, commission = s.commission + n.commission
         FROM unnest($1::uuid[], $2::int[], $3::int[], $4::date[], $5::date[], $6::numeric[], $7::numeric[], $8::numeric[])
             AS n (client_id, active_days, trades, first_day, last_day, bought, sold, commission)
         WHERE s.client_id = n.client_id",
        &clients as &[ClientId],
        &active_days,
        &trades,
        &first_days as &[Option<NaiveDate>],
        &last_days as &[Option<NaiveDate>],
        &bought,
        &sold,
        &commission
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these clients who have a trade that was not taken back.
pub async fn with_trades(conn: &mut PgConnection, clients: &[ClientId]) -> Result<Vec<ClientId>, Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT client_id AS "client_id: ClientId" FROM trade_statistics
           WHERE client_id = ANY($1) AND trade_count > 0"#,
        clients as &[ClientId]
    );
    Ok(found.fetch_all(conn).await?)
}
