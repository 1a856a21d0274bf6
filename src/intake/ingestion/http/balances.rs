//! Balances come in.

use std::collections::BTreeMap;

use actix_web::{post, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::BalanceInput;
use super::super::model::MAIN_FEED;
use super::super::rules::read;
use super::super::service;
use super::batch::{Batch, ItemAnswer, ItemError, ItemStatus, batch_of};
use platform::db::Db;
use platform::http::permission::{BalancesWrite, Permission};
use platform::http::{Actor, Json, Language};
use platform::kernel::batch::{Settled, Tally};
use platform::kernel::error::Error;

batch_of!(
    /// A batch: a JSON array of 1 to 1 000 balances.
    BalanceBatch,
    BalanceInput
);

/// What became of one balance. (c1)
#[derive(Serialize, ToSchema)]
pub struct BalanceOutcome {
    /// Place in the batch, from 0.
    index: u32,
    /// What became of it.
    status: ItemStatus,
    /// Why it was refused: everything that is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ItemError>,
    /// What is odd about it, though it was taken in.
    warnings: Vec<ItemError>,
}

/// What became of a batch of balances. (c1)
#[derive(Serialize, ToSchema)]
pub struct BalanceBatchAnswer {
    /// Items kept.
    accepted: u32,
    /// Items that were there already.
    duplicates: u32,
    /// Items refused.
    rejected: u32,
    /// Items taken in that are odd, by the code of the warning: `before_opening`, `unknown_fund_account`.
    warnings: BTreeMap<&'static str, u32>,
    /// Each item, in the order of the batch.
    items: Vec<BalanceOutcome>,
}

/// Ingest a batch of balances
///
/// Up to 1 000 balances in 1 MiB, each answered by itself: an item against its schema, or against a rule no schema can
/// state, is refused alone, with all its faults. A client has one a day and fund account, and the last word wins; the
/// same again is a duplicate. The balance of the client as a whole counts before those of its fund accounts. Tiers have
/// moved when the answer arrives. A body that is no array of objects is refused as a whole.
#[utoipa::path(
    tag = "trades",
    request_body = BalanceBatch,
    responses((status = OK, body = BalanceBatchAnswer)),
    security(("oauth2" = [BalancesWrite::SCOPE]))
)]
#[post("/v1/balances/batch")]
pub async fn ingest_balance_batch(
    actor: Actor<BalancesWrite>,
    language: Language,
    batch: Batch<BalanceInput>,
    db: web::Data<Db>,
) -> Result<Json<BalanceBatchAnswer>, Error> {
    let items = (0..).zip(batch.items).map(|(index, members)| read::balance(index, members, MAIN_FEED)).collect();
    let mut uow = db.begin(&actor).await?;
    let settled = service::ingest_balances(&mut uow, items).await?;
    let Tally { accepted, duplicates, rejected, warnings, .. } = Tally::of(&settled);
    let items = settled.into_iter().map(|settled| BalanceOutcome::new(settled, language)).collect();
    uow.finish(Json(BalanceBatchAnswer { accepted, duplicates, rejected, warnings, items })).await
}

impl BalanceOutcome {
    fn new(Settled { place: index, outcome, warnings }: Settled<u32>, language: Language) -> Self {
        let ItemAnswer { status, errors, warnings, .. } = ItemAnswer::new(outcome, &warnings, language);
        Self { index, status, errors, warnings }
    }
}
