//! The trading profile over HTTP.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{InstrumentShare, ProductShare, Side, SideFigures, Spread};
use super::service::{self, ClientProfile};
use platform::db::Db;
use platform::http::permission::{NeedsRead, Permission};
use platform::http::{Actor, ClientPath, Json, Language, Path, Query, ReasonView};
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::money::{Amount, Currency, Ratio, Total};

/// Mounts every operation of the slice.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_trading_profile);
}

/// How a client trades within a window. (c2)
#[derive(Serialize, ToSchema)]
pub struct TradingProfileView {
    /// Whose it is. (c1)
    client_id: ClientId,
    /// The last trading day that counts. (c1)
    as_of: NaiveDate,
    /// Calendar days of the window, which ends with `as_of`. (c1)
    #[schema(example = 365)]
    window_days: u32,
    /// Of every amount. (c1)
    currency: Currency,
    /// Distinct trading days with a trade of the client's own decision; regular plans, reverse repos and new-share
    /// subscriptions stand in `apart`.
    #[schema(example = 206)]
    active_days: u32,
    /// Trades (fills).
    #[schema(example = 490)]
    trades: u32,
    /// Trades by which securities came in.
    #[schema(example = 356)]
    buys: u32,
    /// Trades by which securities went out.
    #[schema(example = 134)]
    sells: u32,
    /// Days the rate divides by: first to last trade where the window covers all of the client's trades, else the
    /// window.
    observed_days: Option<Ratio>,
    /// Trades per thirty observed days.
    trades_per_30_days: Option<Ratio>,
    /// Sum of amounts.
    turnover: Total,
    /// Mean amount of a trade.
    average_ticket: Option<Amount>,
    /// Median amount of a trade.
    median_ticket: Option<Amount>,
    /// (bought − sold) / (bought + sold) by amount: −1 only sold, 1 only bought.
    buy_sell_balance: Option<Ratio>,
    /// Where the turnover goes.
    mix: MixView,
    /// The ten instruments with most turnover.
    top_instruments: Vec<InstrumentShareView>,
    /// Distinct instruments traded.
    #[schema(example = 30)]
    instruments: u32,
    /// Concentration: sum of squared turnover shares of instruments, 1/n to 1.
    hhi: Option<Ratio>,
    /// Sells of which at least a part met a known purchase (first in, first out).
    #[schema(example = 134)]
    matched_sells: u32,
    /// Units sold for which no purchase is known. They enter no other figure.
    unmatched_sell_quantity: Total,
    /// Proceeds of the matched quantity less its cost, before fees.
    realised_profit: Option<Total>,
    /// Profit over the cost of the matched quantity.
    realised_return_on_cost: Option<Ratio>,
    /// Median over matched sells of profit over cost.
    median_return_on_cost: Option<Ratio>,
    /// Matched sells with a profit, of all matched sells.
    win_rate: Option<Ratio>,
    /// Days from purchase to sale, weighted by cost.
    average_holding_days: Option<Ratio>,
    /// Regular plans, reverse repos and new-share subscriptions, which run by themselves.
    apart: Vec<SideFiguresView>,
    /// Trades of the window in other currencies; in none of the figures.
    #[schema(example = 0)]
    other_currency_trades: u32,
    /// Why figures are absent or incomplete.
    gaps: Vec<ReasonView>,
}

/// Turnover by product type and by side, largest first. (c2)
#[derive(Serialize, ToSchema)]
pub struct MixView {
    /// By product type; null holds what has no type.
    products: Vec<ProductShareView>,
    /// By side.
    sides: Vec<SideFiguresView>,
}

/// The turnover of one product type. (c2)
#[derive(Serialize, ToSchema)]
pub struct ProductShareView {
    /// The type; null for trades without one.
    #[schema(example = "stock")]
    product_type: Option<String>,
    /// Sum of amounts.
    turnover: Total,
    /// Of all turnover.
    share: Option<Ratio>,
}

/// The trades of one side. (c2)
#[derive(Serialize, ToSchema)]
pub struct SideFiguresView {
    /// The side.
    side: Side,
    /// How many.
    #[schema(example = 356)]
    trades: u32,
    /// Sum of amounts.
    turnover: Total,
    /// Of the turnover of the list it stands in.
    share: Option<Ratio>,
}

/// The turnover of one instrument. (c2)
#[derive(Serialize, ToSchema)]
pub struct InstrumentShareView {
    /// The instrument's code.
    #[schema(example = "600519")]
    instrument: String,
    /// Sum of amounts.
    turnover: Total,
    /// Of all turnover.
    share: Option<Ratio>,
}

impl TradingProfileView {
    /// A profile with its gaps in the caller's language.
    pub fn new(found: ClientProfile, language: Language) -> Self {
        let (activity, realised) = (found.profile.activity, found.profile.realised);
        let Spread { product_mix, side_mix, top_instruments, instruments, hhi } = found.profile.spread;
        Self {
            client_id: found.client_id,
            as_of: found.as_of,
            window_days: found.window_days,
            currency: found.currency,
            active_days: activity.active_days,
            trades: activity.trades,
            buys: activity.buys,
            sells: activity.sells,
            observed_days: activity.observed_days.map(Ratio),
            trades_per_30_days: activity.trades_per_30_days.map(Ratio),
            turnover: Total(activity.turnover),
            average_ticket: activity.average_ticket.map(Amount),
            median_ticket: activity.median_ticket.map(Amount),
            buy_sell_balance: activity.buy_sell_balance.map(Ratio),
            mix: MixView {
                products: product_mix.into_iter().map(ProductShareView::from).collect(),
                sides: side_mix.into_iter().map(SideFiguresView::from).collect(),
            },
            top_instruments: top_instruments.into_iter().map(InstrumentShareView::from).collect(),
            instruments,
            hhi: hhi.map(Ratio),
            matched_sells: realised.matched_sells,
            unmatched_sell_quantity: Total(realised.unmatched_sell_quantity),
            realised_profit: realised.realised_profit.map(Total),
            realised_return_on_cost: realised.realised_return_on_cost.map(Ratio),
            median_return_on_cost: realised.median_return_on_cost.map(Ratio),
            win_rate: realised.win_rate.map(Ratio),
            average_holding_days: realised.average_holding_days.map(Ratio),
            apart: found.profile.apart.into_iter().map(SideFiguresView::from).collect(),
            other_currency_trades: found.other_currency_trades,
            gaps: found.profile.gaps.iter().map(|gap| ReasonView::new(&gap.reason(), language)).collect(),
        }
    }
}

impl From<ProductShare> for ProductShareView {
    fn from(of: ProductShare) -> Self {
        Self { product_type: of.product_type, turnover: Total(of.turnover), share: of.share.map(Ratio) }
    }
}

impl From<SideFigures> for SideFiguresView {
    fn from(of: SideFigures) -> Self {
        Self { side: of.side, trades: of.trades, turnover: Total(of.turnover), share: of.share.map(Ratio) }
    }
}

impl From<InstrumentShare> for InstrumentShareView {
    fn from(of: InstrumentShare) -> Self {
        Self { instrument: of.instrument, turnover: Total(of.turnover), share: of.share.map(Ratio) }
    }
}

/// As of when, over how long.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProfileQuery {
    /// A trading day (its end) or an instant; the present when absent or later.
    #[param(inline)]
    #[serde(default)]
    as_of: Option<AsOf>,
    /// Calendar days that end with `as_of`, 1 to 36 500.
    #[param(minimum = 1, maximum = 36500, default = 365)]
    #[serde(default)]
    window_days: Option<u32>,
}

/// Get a client's trading profile
///
/// How often, how much and what a client trades, how concentrated, how long positions are held and what they brought.
/// Computed from the trades that stand up to `as_of`; sells are matched to purchases first in, first out, and what
/// cannot be matched is reported, never guessed.
#[utoipa::path(
    tag = "needs",
    params(ClientPath, ProfileQuery),
    responses((status = OK, body = TradingProfileView)),
    security(("oauth2" = [NeedsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/trading-profile")]
pub async fn get_trading_profile(
    actor: Actor<NeedsRead>,
    Path(path): Path<ClientPath>,
    Query(query): Query<ProfileQuery>,
    language: Language,
    db: web::Data<Db>,
) -> Result<Json<TradingProfileView>, Error> {
    let mut read = db.read(&actor).await?;
    let as_of = AsOf::asked(query.as_of, read.now(), read.calendar());
    let window_days = query.window_days.unwrap_or(service::DEFAULT_WINDOW_DAYS);
    let found = service::profile(&mut read, path.client_id, as_of, window_days).await?;
    Ok(Json(TradingProfileView::new(found, language)))
}
