//! Trades come in.

use std::collections::BTreeMap;

use actix_web::{post, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::MAIN_FEED;
use super::super::model::TradeInput;
use super::super::rules::read;
use super::super::service;
use super::batch::{Batch, ItemAnswer, ItemError, ItemStatus, batch_of};
use platform::db::Db;
use platform::http::permission::{Permission, TradesWrite};
use platform::http::{Actor, Json, Language};
use platform::kernel::batch::{Pending, Settled, Tally};
use platform::kernel::error::Error;
use platform::kernel::ids::TradeId;

batch_of!(
    /// A batch: a JSON array of 1 to 1 000 trades.
    TradeBatch,
    TradeInput
);

/// What became of one trade or reversal. (c1)
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
    /// What is odd about it, though it was taken in.
    warnings: Vec<ItemError>,
}

/// What became of a batch of trades. (c1)
#[derive(Serialize, ToSchema)]
pub struct TradeBatchAnswer {
    /// Items booked.
    accepted: u32,
    /// Items that were there already.
    duplicates: u32,
    /// Trades that were there already, and were taken back.
    reversed_before: u32,
    /// Items refused.
    rejected: u32,
    /// Items taken in that are odd, by the code of the warning: `before_opening`, `unknown_fund_account`,
    /// `nothing_traded`.
    warnings: BTreeMap<&'static str, u32>,
    /// Each item, in the order of the batch.
    items: Vec<TradeOutcome>,
}

/// Ingest a batch of trades
///
/// Up to 1 000 trades and reversals in 1 MiB, each answered by itself: an item against its schema, or against
/// a rule no schema can state, is refused alone, with all its faults. The same item again
/// is a duplicate and changes nothing; the same `external_id` with other content is refused; a trade whose id was
/// taken back is `reversed_before`, and not booked. A trade of a day before its client was opened, through an account
/// that is not there, or of nothing at all is taken in with a warning. Day roll-ups, running statistics and tiers have
/// moved when the answer arrives. A body that is no array of objects is refused as a whole.
#[utoipa::path(
    tag = "trades",
    request_body = TradeBatch,
    responses((status = OK, body = TradeBatchAnswer)),
    security(("oauth2" = [TradesWrite::SCOPE]))
)]
#[post("/v1/trades/batch")]
pub async fn ingest_trade_batch(
    actor: Actor<TradesWrite>,
    language: Language,
    batch: Batch<TradeInput>,
    db: web::Data<Db>,
) -> Result<Json<TradeBatchAnswer>, Error> {
    let read = |(index, members)| read::trade(index, members, MAIN_FEED);
    let items = (0..).zip(batch.items).map(read).map(with_kind).collect();
    let mut uow = db.begin(&actor).await?;
    let settled = service::ingest_trades(&mut uow, items).await?;
    let Tally { accepted, duplicates, reversed_before, rejected, warnings } = Tally::of(&settled);
    let items = settled.into_iter().map(|settled| TradeOutcome::new(settled, language)).collect();
    uow.finish(Json(TradeBatchAnswer { accepted, duplicates, reversed_before, rejected, warnings, items })).await
}

/// An item's index, and whether it is a reversal: its id is shown under another name.
type Place = (u32, bool);

fn with_kind(sent: Pending<TradeInput, u32>) -> Pending<TradeInput, Place> {
    Pending { place: (sent.place, sent.item.reverses.is_some()), item: sent.item, faults: sent.faults }
}

impl TradeOutcome {
    fn new(settled: Settled<Place>, language: Language) -> Self {
        let (index, is_reversal) = settled.place;
        let ItemAnswer { status, id, errors, warnings } = ItemAnswer::new(settled.outcome, &settled.warnings, language);
        let (trade_reversal_id, trade_id) = if is_reversal { (id, None) } else { (None, id.map(TradeId)) };
        Self { index, status, trade_id, trade_reversal_id, errors, warnings }
    }
}
