//! Trades come in.

use actix_web::{post, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{Item, Sent};
use super::super::rules::read;
use super::super::service;
use super::batch::{self, Batch, DEFAULT_SOURCE, ItemError, ItemStatus, batch_of};
use super::text::{CodeText, KeyText};
use book::trades::Side;
use platform::db::Db;
use platform::http::permission::{Permission, TradesWrite};
use platform::http::{Actor, Json, Language};
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, TradeId};
use platform::kernel::money::{Amount, Currency};
use uuid::Uuid;

/// A trade; or, with `reverses`, the reversal of one, which then needs nothing but client, source and ids.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what the document shows; items are read member by member, each fault by itself")]
#[schema(example = json!({"client_no": "80012345", "external_id": "T20260302-000001", "executed_at": "2026-03-02T02:15:00Z",
    "side": "buy", "instrument": "600519.SH", "quantity": "100", "price": "1480.50", "commission": "37.01"}))]
pub struct TradeInput {
    /// The client's number; or else `client_id`.
    client_no: Option<KeyText>,
    /// The client's id; or else `client_no`.
    client_id: Option<ClientId>,
    /// Where the item comes from; `api` when absent.
    source: Option<KeyText>,
    /// The source's own id, unique per client and source. The same item again changes nothing.
    external_id: KeyText,
    /// The instant of execution, from 1970 until five minutes from now.
    executed_at: Option<DateTime<Utc>>,
    /// What the trade did.
    side: Option<Side>,
    /// The instrument's code.
    instrument: Option<CodeText>,
    /// The kind of product, as the firm names it.
    product_type: Option<CodeText>,
    /// The fund account it went through.
    fund_account_no: Option<CodeText>,
    /// The currency of all money in the trade; the book's when absent. Trades in another count as activity and are not added up.
    currency: Option<Currency>,
    /// Units.
    quantity: Option<Amount>,
    /// Money per unit. Leave out one that means anything else, as of bonds per hundred.
    price: Option<Amount>,
    /// Money that changed hands before fees; quantity × price, half-even to eight decimals, when absent. With both it must agree to a cent or 0.01 %.
    amount: Option<Amount>,
    /// Commission 佣金.
    commission: Option<Amount>,
    /// Exchange fees 规费.
    exchange_fee: Option<Amount>,
    /// Stamp duty 印花税.
    stamp_duty: Option<Amount>,
    /// Transfer fee 过户费.
    transfer_fee: Option<Amount>,
    /// Takes the trade with this `external_id`, of the same client and source, back. It may arrive before its trade.
    reverses: Option<KeyText>,
}

batch_of!(
    /// A batch: a JSON array of 1 to 1 000 trades.
    TradeBatch,
    TradeInput
);

/// What became of one trade or reversal.
#[derive(Serialize, ToSchema)]
pub struct TradeOutcome {
    /// Place in the batch, from 0.
    index: u32,
    /// What became of it.
    status: ItemStatus,
    /// The trade that was booked, or is the same.
    trade_id: Option<TradeId>,
    /// The reversal that was booked, or is the same.
    trade_reversal_id: Option<Uuid>,
    /// Why it was refused: everything that is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ItemError>,
}

/// What became of a batch of trades.
#[derive(Serialize, ToSchema)]
pub struct TradeBatchAnswer {
    /// Items booked.
    accepted: u32,
    /// Items that were there already.
    duplicates: u32,
    /// Items refused.
    rejected: u32,
    /// Each item, in the order of the batch.
    items: Vec<TradeOutcome>,
}

/// Send trades in
///
/// Up to 1 000 trades and reversals in 1 MiB, each answered by itself: an item against its schema, or against
/// a rule no schema can state, is refused alone, with all its faults. The same item again
/// is a duplicate and changes nothing; the same `external_id` with other content is refused. Day roll-ups, running
/// statistics and tiers have moved when the answer arrives. A body that is no array of objects is refused as a whole.
#[utoipa::path(tag = "trades", request_body = TradeBatch, responses((status = OK, body = TradeBatchAnswer)), security(("oauth2" = [TradesWrite::SCOPE])))]
#[post("/v1/trades/batch")]
pub async fn ingest_trade_batch(
    actor: Actor<TradesWrite>,
    language: Language,
    batch: Batch<TradeInput>,
    db: web::Data<Db>,
) -> Result<Json<TradeBatchAnswer>, Error> {
    let items: Vec<Sent<Item>> = batch.items.into_iter().map(|item| read::trade(item, DEFAULT_SOURCE)).collect();
    let reversals: Vec<bool> = items.iter().map(|sent| matches!(sent.item, Item::Reversal(_))).collect();
    let mut uow = db.begin(&actor).await?;
    let outcomes = service::ingest_trades(&mut uow, items).await?;
    let (settled, counts) = batch::settled(outcomes, language);
    let items = (0..).zip(settled).zip(reversals).map(|((index, settled), is_reversal)| TradeOutcome {
        index,
        status: settled.status,
        trade_id: settled.id.filter(|_| !is_reversal).map(TradeId),
        trade_reversal_id: settled.id.filter(|_| is_reversal),
        errors: settled.errors,
    });
    let batch::Counts { accepted, duplicates, rejected } = counts;
    uow.finish(Json(TradeBatchAnswer { accepted, duplicates, rejected, items: items.collect() })).await
}
