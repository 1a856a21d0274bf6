//! Trades come in.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::{Item, ReversalItem, TradeItem};
use super::super::{rules, service};
use super::batch::{self, DEFAULT_SOURCE, ItemError, ItemStatus, Reading, batch_of};
use super::loose::{AmountText, ClientIdText, CurrencyText, InstantText, SideText};
use crate::platform::db::Db;
use crate::platform::http::permission::{Permission, TradesWrite};
use crate::platform::http::{Actor, Json, Language};
use crate::platform::kernel::error::{Error, Fault};
use crate::platform::kernel::ids::TradeId;
use uuid::Uuid;

/// A trade; or, with `reverses`, the reversal of one, which then needs nothing but client, source and ids.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_no": "80012345", "external_id": "T20260302-000001", "executed_at": "2026-03-02T02:15:00Z",
    "side": "buy", "instrument": "600519.SH", "quantity": "100", "price": "1480.50", "commission": "37.01"}))]
pub struct TradeInput {
    /// The client's number; or else `client_id`.
    #[schema(min_length = 1, max_length = 128)]
    #[serde(default)]
    client_no: Option<String>,
    /// The client's id; or else `client_no`.
    #[serde(default)]
    client_id: Option<ClientIdText>,
    /// Where the item comes from; `api` when absent.
    #[schema(min_length = 1, max_length = 128)]
    #[serde(default)]
    source: Option<String>,
    /// The source's own id, unique per client and source. The same item again changes nothing.
    #[schema(min_length = 1, max_length = 128)]
    external_id: String,
    /// The instant of execution, from 1970 until five minutes from now.
    #[serde(default)]
    executed_at: Option<InstantText>,
    /// What the trade did.
    #[serde(default)]
    side: Option<SideText>,
    /// The instrument's code.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default)]
    instrument: Option<String>,
    /// The kind of product, as the firm names it.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default)]
    product_type: Option<String>,
    /// The fund account it went through.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default)]
    fund_account_no: Option<String>,
    /// The currency of all money in the trade; the book's when absent. Trades in another count as activity and are not added up.
    #[serde(default)]
    currency: Option<CurrencyText>,
    /// Units.
    #[serde(default)]
    quantity: Option<AmountText>,
    /// Money per unit. Leave out one that means anything else, as of bonds per hundred.
    #[serde(default)]
    price: Option<AmountText>,
    /// Money that changed hands before fees; quantity × price, half-even to eight decimals, when absent. With both it must agree to a cent or 0.01 %.
    #[serde(default)]
    amount: Option<AmountText>,
    /// Commission 佣金.
    #[serde(default)]
    commission: Option<AmountText>,
    /// Exchange fees 规费.
    #[serde(default)]
    exchange_fee: Option<AmountText>,
    /// Stamp duty 印花税.
    #[serde(default)]
    stamp_duty: Option<AmountText>,
    /// Transfer fee 过户费.
    #[serde(default)]
    transfer_fee: Option<AmountText>,
    /// Takes the trade with this `external_id`, of the same client and source, back. It may arrive before its trade.
    #[schema(min_length = 1, max_length = 128)]
    #[serde(default)]
    reverses: Option<String>,
}

batch_of!(
    /// A batch: a JSON array of 1 to 1 000 trades.
    TradeBatch,
    TradeInput
);

fn read(input: TradeInput) -> Result<Item, Fault> {
    let client = batch::client(input.client_no, input.client_id)?;
    let source = input.source.unwrap_or_else(|| DEFAULT_SOURCE.to_owned());
    let external_id = input.external_id;
    if let Some(reverses) = input.reverses {
        return Ok(Item::Reversal(ReversalItem { client, source, external_id, reverses }));
    }
    let executed_at = input.executed_at.ok_or_else(|| rules::missing("/executed_at"))?;
    let side = input.side.ok_or_else(|| rules::missing("/side"))?;
    Ok(Item::Trade(TradeItem {
        client,
        source,
        external_id,
        executed_at: executed_at.read("/executed_at")?,
        side: side.read()?,
        instrument: input.instrument.ok_or_else(|| rules::missing("/instrument"))?,
        product_type: input.product_type,
        fund_account_no: input.fund_account_no,
        currency: input.currency.map(|text| text.read()).transpose()?,
        quantity: input.quantity.map(|text| text.read("/quantity")).transpose()?,
        price: input.price.map(|text| text.read("/price")).transpose()?,
        amount: input.amount.map(|text| text.read("/amount")).transpose()?,
        commission: input.commission.map(|text| text.read("/commission")).transpose()?,
        exchange_fee: input.exchange_fee.map(|text| text.read("/exchange_fee")).transpose()?,
        stamp_duty: input.stamp_duty.map(|text| text.read("/stamp_duty")).transpose()?,
        transfer_fee: input.transfer_fee.map(|text| text.read("/transfer_fee")).transpose()?,
    }))
}

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
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ItemError>,
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
/// Up to 1 000 trades and reversals in 1 MiB, each answered by itself: what is wrong with one refuses that one. The same item again
/// is a duplicate and changes nothing; the same `external_id` with other content is refused. Day roll-ups, running
/// statistics and tiers have moved when the answer arrives. A body that is no array of items is refused as a whole.
#[utoipa::path(tag = "trades", request_body = TradeBatch, responses((status = OK, body = TradeBatchAnswer)), security(("oauth2" = [TradesWrite::SCOPE])))]
#[post("/v1/trades/batch")]
pub async fn ingest_trade_batch(
    actor: Actor<TradesWrite>,
    language: Language,
    Json(body): Json<TradeBatch>,
    db: web::Data<Db>,
) -> Result<Json<TradeBatchAnswer>, Error> {
    let reversals: Vec<bool> = body.0.iter().map(|input| input.reverses.is_some()).collect();
    let mut reading = Reading::of(body.0, read);
    let mut uow = db.begin(&actor).await?;
    let outcomes = service::ingest_trades(&mut uow, reading.take()).await?;
    let (settled, counts) = reading.settled(outcomes, language);
    let items = (0..).zip(settled).zip(reversals).map(|((index, settled), is_reversal)| TradeOutcome {
        index,
        status: settled.status,
        trade_id: settled.id.filter(|_| !is_reversal).map(TradeId),
        trade_reversal_id: settled.id.filter(|_| is_reversal),
        error: settled.error,
    });
    let batch::Counts { accepted, duplicates, rejected } = counts;
    uow.finish(Json(TradeBatchAnswer { accepted, duplicates, rejected, items: items.collect() })).await
}
