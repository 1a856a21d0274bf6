//! Trades and reversals come in.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::model::{NewReversal, NewTrade, Numbered, SourceKey};
use super::super::rules::KnownTrade;
use super::super::side::Side;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Keys as arrays.
struct KeyColumns<'a> {
    clients: Vec<ClientId>,
    sources: Vec<&'a str>,
    external_ids: Vec<&'a str>,
}

impl<'a> KeyColumns<'a> {
    fn of(keys: impl Iterator<Item = &'a SourceKey>) -> Self {
        let mut columns = Self { clients: Vec::new(), sources: Vec::new(), external_ids: Vec::new() };
        for key in keys {
            columns.clients.push(key.client_id);
            columns.sources.push(&key.source);
            columns.external_ids.push(&key.external_id);
        }
        columns
    }
}

/// Enters trades whose key is free, of several with one key the first; gives the ids of those entered, and whether a
/// reversal was waiting for them.
pub async fn insert_trades(
    conn: &mut PgConnection,
    trades: &[Numbered<NewTrade>],
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, bool)>, Error> {
    let keys = KeyColumns::of(trades.iter().map(|trade| &trade.new.key));
    let ids: Vec<Uuid> = trades.iter().map(|trade| trade.id).collect();
    let new = || trades.iter().map(|trade| &trade.new);
    let executed_at: Vec<DateTime<Utc>> = new().map(|trade| trade.executed_at).collect();
    let days: Vec<NaiveDate> = new().map(|trade| trade.trade_day).collect();
    let sides: Vec<Side> = new().map(|trade| trade.side).collect();
    let instruments: Vec<&str> = new().map(|trade| trade.instrument.as_str()).collect();
    let product_types: Vec<Option<&str>> = new().map(|trade| trade.product_type.as_deref()).collect();
    let accounts: Vec<Option<&str>> = new().map(|trade| trade.fund_account_no.as_deref()).collect();
    let currencies: Vec<&str> = new().map(|trade| trade.currency.as_str()).collect();
    let amounts: Vec<Decimal> = new().map(|trade| trade.amount).collect();
    let money = |pick: fn(&NewTrade) -> Option<Decimal>| -> Vec<Option<Decimal>> { new().map(pick).collect() };
    let rows = sqlx::query!(
        "INSERT INTO trade (client_id, trade_id, source, external_id, executed_at, trade_day, side, instrument, product_type,
                            fund_account_no, currency, quantity, price, amount, commission, exchange_fee, stamp_duty,
                            transfer_fee, reversed, recorded_at)
         SELECT n.*, EXISTS (SELECT FROM trade_reversal r WHERE r.client_id = n.client_id AND r.source = n.source
                                                               AND r.reverses_external_id = n.external_id), $19
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::date[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::text[], $12::numeric[], $13::numeric[], $14::numeric[], $15::numeric[],
                     $16::numeric[], $17::numeric[], $18::numeric[])
             AS n (client_id, trade_id, source, external_id)
         ON CONFLICT (client_id, source, external_id) DO NOTHING
         RETURNING trade_id, reversed",
        &keys.clients as &[ClientId],
        &ids,
        &keys.sources as &[&str],
        &keys.external_ids as &[&str],
        &executed_at,
        &days,
        &sides as &[Side],
        &instruments as &[&str],
        &product_types as &[Option<&str>],
        &accounts as &[Option<&str>],
        &currencies as &[&str],
        &money(|trade| trade.quantity) as &[Option<Decimal>],
        &money(|trade| trade.price) as &[Option<Decimal>],
        &amounts,
        &money(|trade| trade.commission) as &[Option<Decimal>],
        &money(|trade| trade.exchange_fee) as &[Option<Decimal>],
        &money(|trade| trade.stamp_duty) as &[Option<Decimal>],
        &money(|trade| trade.transfer_fee) as &[Option<Decimal>],
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.trade_id, row.reversed)).collect())
}

/// Trades that have these keys.
pub async fn existing_trades(
    conn: &mut PgConnection,
    keys: &[&SourceKey],
) -> Result<HashMap<SourceKey, KnownTrade>, Error> {
    let keys = KeyColumns::of(keys.iter().copied());
    let rows = sqlx::query!(
        r#"SELECT t.trade_id, t.client_id, t.source, t.external_id, t.executed_at, t.trade_day, t.side AS "side: Side",
                  t.instrument, t.product_type, t.fund_account_no, t.currency, t.quantity, t.price, t.amount, t.commission,
                  t.exchange_fee, t.stamp_duty, t.transfer_fee, t.reversed
           FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (client_id, source, external_id)
           JOIN trade t USING (client_id, source, external_id)"#,
        &keys.clients as &[ClientId],
        &keys.sources as &[&str],
        &keys.external_ids as &[&str]
    )
    .fetch_all(conn)
    .await?;
    let trades = rows.into_iter().map(|row| {
        let key = SourceKey { client_id: ClientId(row.client_id), source: row.source, external_id: row.external_id };
        let trade = NewTrade {
            key,
            executed_at: row.executed_at,
            trade_day: row.trade_day,
            side: row.side,
            instrument: row.instrument,
            product_type: row.product_type,
            fund_account_no: row.fund_account_no,
            currency: row.currency,
            quantity: row.quantity,
            price: row.price,
            amount: row.amount,
            commission: row.commission,
            exchange_fee: row.exchange_fee,
            stamp_duty: row.stamp_duty,
            transfer_fee: row.transfer_fee,
        };
        (trade.key.clone(), KnownTrade { id: row.trade_id, trade, reversed: row.reversed })
    });
    Ok(trades.collect())
}

/// Enters reversals whose key is free and whose trade no other reversal takes back; gives the ids of those entered.
pub async fn insert_reversals(
    conn: &mut PgConnection,
    reversals: &[Numbered<NewReversal>],
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, Error> {
    let keys = KeyColumns::of(reversals.iter().map(|reversal| &reversal.new.key));
    let ids: Vec<Uuid> = reversals.iter().map(|reversal| reversal.id).collect();
    let reverses: Vec<&str> = reversals.iter().map(|reversal| reversal.new.reverses.as_str()).collect();
    let entered = sqlx::query_scalar!(
        "INSERT INTO trade_reversal (client_id, trade_reversal_id, source, external_id, reverses_external_id, recorded_at)
         SELECT n.*, $6 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]) AS n
         ON CONFLICT DO NOTHING
         RETURNING trade_reversal_id",
        &keys.clients as &[ClientId],
        &ids,
        &keys.sources as &[&str],
        &keys.external_ids as &[&str],
        &reverses as &[&str],
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(entered)
}

/// Reversals that have these keys.
pub async fn existing_reversals(
    conn: &mut PgConnection,
    keys: &[&SourceKey],
) -> Result<HashMap<SourceKey, (Uuid, NewReversal)>, Error> {
    let keys = KeyColumns::of(keys.iter().copied());
    let rows = sqlx::query!(
        "SELECT r.trade_reversal_id, r.client_id, r.source, r.external_id, r.reverses_external_id
         FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (client_id, source, external_id)
         JOIN trade_reversal r USING (client_id, source, external_id)",
        &keys.clients as &[ClientId],
        &keys.sources as &[&str],
        &keys.external_ids as &[&str]
    )
    .fetch_all(conn)
    .await?;
    let reversals = rows.into_iter().map(|row| {
        let key = SourceKey { client_id: ClientId(row.client_id), source: row.source, external_id: row.external_id };
        (key.clone(), (row.trade_reversal_id, NewReversal { key, reverses: row.reverses_external_id }))
    });
    Ok(reversals.collect())
}

/// Those of these trades, there or not, that a reversal takes back.
pub async fn taken_back(conn: &mut PgConnection, keys: &[SourceKey]) -> Result<HashSet<SourceKey>, Error> {
    let keys = KeyColumns::of(keys.iter());
    let rows = sqlx::query!(
        "SELECT r.client_id, r.source, r.reverses_external_id
         FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (client_id, source, reverses_external_id)
         JOIN trade_reversal r USING (client_id, source, reverses_external_id)",
        &keys.clients as &[ClientId],
        &keys.sources as &[&str],
        &keys.external_ids as &[&str]
    )
    .fetch_all(conn)
    .await?;
    let key = |(client_id, source, external_id)| SourceKey { client_id: ClientId(client_id), source, external_id };
    Ok(rows.into_iter().map(|row| key((row.client_id, row.source, row.reverses_external_id))).collect())
}

/// A trade that was just taken back, as far as roll-ups care.
pub struct Reversed {
    pub client_id: ClientId,
    pub trade_day: NaiveDate,
    pub side: Side,
    pub currency: String,
    pub amount: Decimal,
    pub commission: Option<Decimal>,
    pub is_nothing: bool,
}

/// Takes back the trades these reversals name, as far as they are there and stand.
pub async fn mark_reversed(
    conn: &mut PgConnection,
    reversals: &[Numbered<NewReversal>],
) -> Result<Vec<Reversed>, Error> {
    let keys = KeyColumns::of(reversals.iter().map(|reversal| &reversal.new.key));
    let reverses: Vec<&str> = reversals.iter().map(|reversal| reversal.new.reverses.as_str()).collect();
    let rows = sqlx::query_as!(
        Reversed,
        r#"UPDATE trade AS t SET reversed = true
           FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (client_id, source, external_id)
           WHERE t.client_id = k.client_id AND t.source = k.source AND t.external_id = k.external_id AND NOT t.reversed
           RETURNING t.client_id AS "client_id: ClientId", t.trade_day, t.side AS "side: Side", t.currency, t.amount, t.commission,
                     t.amount = 0 AND t.quantity IS NOT DISTINCT FROM 0 AS "is_nothing!""#,
        &keys.clients as &[ClientId],
        &keys.sources as &[&str],
        &reverses as &[&str]
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
