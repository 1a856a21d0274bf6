//! Balances come in.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::BalanceItem;
use super::super::{rules, service};
use super::batch::{self, DEFAULT_SOURCE, ItemError, ItemStatus, Reading, batch_of};
use super::loose::{AmountText, ClientIdText, CurrencyText, DayText, MoneyText};
use crate::platform::db::Db;
use crate::platform::http::permission::{BalancesWrite, Permission};
use crate::platform::http::{Actor, Json, Language};
use crate::platform::kernel::error::{Error, Fault};

/// What a client held at the end of a trading day.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_no": "80012345", "trade_day": "2026-03-02", "total_assets": "1250000.00",
    "cash": "150000.00", "market_value": "1100000.00", "liabilities": "0"}))]
pub struct BalanceInput {
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
    /// The trading day, from 1970 until today.
    trade_day: DayText,
    /// The fund account; the client as a whole when absent.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default)]
    fund_account_no: Option<String>,
    /// The book's currency, and no other.
    #[serde(default)]
    currency: Option<CurrencyText>,
    /// Everything owned.
    total_assets: AmountText,
    /// What would be left after paying all debts; total less liabilities when absent.
    #[serde(default)]
    net_assets: Option<MoneyText>,
    /// Cash.
    #[serde(default)]
    cash: Option<MoneyText>,
    /// Securities at market prices.
    #[serde(default)]
    market_value: Option<MoneyText>,
    /// Debts.
    #[serde(default)]
    liabilities: Option<MoneyText>,
}

batch_of!(
    /// A batch: a JSON array of 1 to 1 000 balances.
    BalanceBatch,
    BalanceInput
);

fn read(input: BalanceInput) -> Result<BalanceItem, Fault> {
    let total_assets = input.total_assets.read("/total_assets")?;
    let liabilities = input.liabilities.map(|text| text.read("/liabilities")).transpose()?;
    let net_assets = input.net_assets.map(|text| text.read("/net_assets")).transpose()?;
    Ok(BalanceItem {
        client: batch::client(input.client_no, input.client_id)?,
        source: input.source.unwrap_or_else(|| DEFAULT_SOURCE.to_owned()),
        trade_day: input.trade_day.read("/trade_day")?,
        fund_account_no: input.fund_account_no,
        currency: input.currency.map(|text| text.read()).transpose()?,
        total_assets,
        net_assets: rules::net_assets(net_assets, total_assets, liabilities),
        cash: input.cash.map(|text| text.read("/cash")).transpose()?,
        market_value: input.market_value.map(|text| text.read("/market_value")).transpose()?,
        liabilities,
    })
}

/// What became of one balance.
#[derive(Serialize, ToSchema)]
pub struct BalanceOutcome {
    /// Place in the batch, from 0.
    index: u32,
    /// What became of it.
    status: ItemStatus,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ItemError>,
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
/// Up to 1 000 balances in 1 MiB, each answered by itself. A client has one a day and fund account, and the last word wins; the same
/// again is a duplicate. Tiers have moved when the answer arrives.
#[utoipa::path(tag = "trades", request_body = BalanceBatch, responses((status = OK, body = BalanceBatchAnswer)), security(("oauth2" = [BalancesWrite::SCOPE])))]
#[post("/v1/balances/batch")]
pub async fn ingest_balance_batch(
    actor: Actor<BalancesWrite>,
    language: Language,
    Json(body): Json<BalanceBatch>,
    db: web::Data<Db>,
) -> Result<Json<BalanceBatchAnswer>, Error> {
    let mut reading = Reading::of(body.0, read);
    let mut uow = db.begin(&actor).await?;
    let outcomes = service::ingest_balances(&mut uow, reading.take()).await?;
    let (settled, counts) = reading.settled(outcomes, language);
    let outcome = |(index, settled): (u32, batch::Settled)| BalanceOutcome {
        index,
        status: settled.status,
        error: settled.error,
    };
    let items = (0..).zip(settled).map(outcome).collect();
    let batch::Counts { accepted, duplicates, rejected } = counts;
    uow.finish(Json(BalanceBatchAnswer { accepted, duplicates, rejected, items })).await
}
