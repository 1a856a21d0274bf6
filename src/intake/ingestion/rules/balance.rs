//! What makes a balance good.

use rust_decimal::{Decimal, dec};

use super::super::faults;
use super::super::model::BalanceInput;
use super::checks::{Terms, code, day, in_range, key, not_negative, whose};
use super::found::Found;
use book::balances::NewBalance;
use platform::kernel::error::Fault;
use platform::kernel::ids::ClientId;

/// How far net assets may lie from the total less all debts.
const CENT: Decimal = dec!(0.01);

/// A balance ready to be kept, or all that is wrong with it: also the `faults` found when it was read. `client_id` is
/// the client it names, if there is one in the caller's scope.
pub fn balance(
    item: BalanceInput,
    faults: Vec<Fault>,
    client_id: Option<ClientId>,
    terms: &Terms,
) -> Result<NewBalance, Vec<Fault>> {
    let mut found = Found::from(faults);
    let client_id = whose(&mut found, &item, client_id);
    let total_assets = found.need("/total_assets", item.total_assets);
    total_assets.map(|total| found.keep(not_negative("/total_assets", total)));
    let source = key(&mut found, "/source", item.source);
    code(&mut found, "/fund_account_no", item.fund_account_no.as_ref());
    let trade_day = found.need("/trade_day", item.trade_day);
    let trade_day = trade_day.and_then(|day_| found.keep(day("/trade_day", day_, terms)));
    if item.currency.as_ref().is_some_and(|currency| *currency != terms.currency) {
        found.add(faults::OTHER_CURRENCY.with("/currency", &[("currency", &terms.currency)]));
    }
    if item.liabilities.is_some_and(|debts| debts < Decimal::ZERO) {
        found.add(faults::NEGATIVE_DEBTS.at("/liabilities"));
    }
    let net_assets = net_assets(item.net_assets, total_assets.unwrap_or_default(), item.liabilities);
    let signed = [
        ("/net_assets", Some(net_assets)),
        ("/cash", item.cash),
        ("/market_value", item.market_value),
        ("/liabilities", item.liabilities),
    ];
    for (pointer, figure) in signed {
        figure.map(|figure| found.keep(in_range(pointer, figure)));
    }
    if let Some(total) = total_assets
        && !["/total_assets", "/net_assets", "/liabilities"].iter().any(|pointer| found.has(pointer))
    {
        found.keep(agrees(total, net_assets, item.liabilities));
    }
    found.nothing()?;
    let (Some(client_id), Some(source), Some(trade_day), Some(total_assets)) =
        (client_id, source, trade_day, total_assets)
    else {
        return Err(found.into());
    };
    Ok(NewBalance {
        client_id,
        trade_day,
        fund_account_no: item.fund_account_no.unwrap_or_default(),
        source,
        currency: terms.currency.0.clone(),
        total_assets,
        net_assets,
        cash: item.cash,
        market_value: item.market_value,
        liabilities: item.liabilities,
    })
}

/// Net assets as sent, or what is left of the total after all debts.
fn net_assets(sent: Option<Decimal>, total_assets: Decimal, liabilities: Option<Decimal>) -> Decimal {
    // What overflows is out of range either way, and refused as such.
    sent.or_else(|| total_assets.checked_sub(liabilities.unwrap_or_default())).unwrap_or(Decimal::MAX)
}

/// Whether the figures of a balance can all be true.
fn agrees(total_assets: Decimal, net_assets: Decimal, liabilities: Option<Decimal>) -> Result<(), Fault> {
    if net_assets > total_assets {
        return Err(faults::NET_ABOVE_TOTAL.at("/net_assets"));
    }
    let off = liabilities.map(|debts| (total_assets - debts - net_assets).abs());
    if off.is_some_and(|off| off > CENT) { Err(faults::NET_DISAGREES.at("/net_assets")) } else { Ok(()) }
}
