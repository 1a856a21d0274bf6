//! Balances come in.

use actix_web::{post, web};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{BalanceItem, Sent};
use super::super::rules::read;
use super::super::service;
use super::batch::{self, Batch, DEFAULT_SOURCE, ItemError, ItemStatus, batch_of};
use super::text::{CodeText, KeyText};
use platform::db::Db;
use platform::http::permission::{BalancesWrite, Permission};
use platform::http::{Actor, Json, Language};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::money::{Amount, Currency, Money};

/// What a client held at the end of a trading day.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what the document shows; items are read member by member, each fault by itself")]
#[schema(example = json!({"client_no": "80012345", "trade_day": "2026-03-02", "total_assets": "1250000.00",
    "cash": "150000.00", "market_value": "1100000.00", "liabilities": "0"}))]
pub struct BalanceInput {
    /// The client's number; or else `client_id`.
    client_no: Option<KeyText>,
    /// The client's id; or else `client_no`.
    client_id: Option<ClientId>,
    /// Where the item comes from; `api` when absent.
    source: Option<KeyText>,
    /// The trading day, from 1970 until today.
    trade_day: NaiveDate,
    /// The fund account; the client as a whole when absent.
    fund_account_no: Option<CodeText>,
    /// The book's currency, and no other.
    currency: Option<Currency>,
    /// Everything owned.
    total_assets: Amount,
    /// What would be left after paying all debts: never more than the total, and to the cent the total less liabilities where they are
    /// sent. Total less liabilities when absent.
    net_assets: Option<Money>,
    /// Cash.
    cash: Option<Money>,
    /// Securities at market prices.
    market_value: Option<Money>,
    /// Debts, zero or more.
    liabilities: Option<Amount>,
}

batch_of!(
    /// A batch: a JSON array of 1 to 1 000 balances.
    BalanceBatch,
    BalanceInput
);

/// What became of one balance.
#[derive(Serialize, ToSchema)]
pub struct BalanceOutcome {
    /// Place in the batch, from 0.
    index: u32,
    /// What became of it.
    status: ItemStatus,
    /// Why it was refused: everything that is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ItemError>,
}

/// What became of a batch of balances.
#[derive(Serialize, ToSchema)]
pub struct BalanceBatchAnswer {
    /// Items kept.
    accepted: u32,
    /// Items that were there already.
    duplicates: u32,
    /// Items refused.
    rejected: u32,
    /// Each item, in the order of the batch.
    items: Vec<BalanceOutcome>,
}

/// Send balances in
///
/// Up to 1 000 balances in 1 MiB, each answered by itself: an item against its schema, or against a rule no schema can state, is
/// refused alone, with all its faults. A client has one a day and fund account, and the last word wins; the same
/// again is a duplicate. The balance of the client as a whole counts before those of its fund accounts. Tiers have moved when the
/// answer arrives. A body that is no array of objects is refused as a whole.
#[utoipa::path(tag = "trades", request_body = BalanceBatch, responses((status = OK, body = BalanceBatchAnswer)), security(("oauth2" = [BalancesWrite::SCOPE])))]
#[post("/v1/balances/batch")]
pub async fn ingest_balance_batch(
    actor: Actor<BalancesWrite>,
    language: Language,
    batch: Batch<BalanceInput>,
    db: web::Data<Db>,
) -> Result<Json<BalanceBatchAnswer>, Error> {
    let items: Vec<Sent<BalanceItem>> =
        batch.items.into_iter().map(|item| read::balance(item, DEFAULT_SOURCE)).collect();
    let mut uow = db.begin(&actor).await?;
    let outcomes = service::ingest_balances(&mut uow, items).await?;
    let (settled, counts) = batch::settled(outcomes, language);
    let outcome = |(index, settled): (u32, batch::Settled)| BalanceOutcome {
        index,
        status: settled.status,
        errors: settled.errors,
    };
    let items = (0..).zip(settled).map(outcome).collect();
    let batch::Counts { accepted, duplicates, rejected } = counts;
    uow.finish(Json(BalanceBatchAnswer { accepted, duplicates, rejected, items })).await
}
