//! What makes a trade good, or the reversal of one.

use super::super::model::TradeInput;
use super::amount::Figures;
use super::checks::{Terms, code, instant, key, not_negative, whose};
use super::found::Found;
use book::trades::{Entry, NewReversal, NewTrade, SourceKey};
use platform::kernel::error::Fault;
use platform::kernel::ids::ClientId;

/// A trade or reversal ready to be booked, or all that is wrong with it: also the `faults` found when it was read.
/// `client_id` is the client it names, if there is one in the caller's scope.
pub fn entry(
    item: TradeInput,
    faults: Vec<Fault>,
    client_id: Option<ClientId>,
    terms: &Terms,
) -> Result<Entry, Vec<Fault>> {
    let mut found = Found::from(faults);
    let client_id = whose(&mut found, &item, client_id);
    if item.reverses.is_some() || found.has("/reverses") {
        reversal(item, found, client_id).map(Entry::Reversal)
    } else {
        trade(item, found, client_id, terms).map(Entry::Trade)
    }
}

fn reversal(item: TradeInput, mut found: Found, client_id: Option<ClientId>) -> Result<NewReversal, Vec<Fault>> {
    let source = key(&mut found, "/source", item.source);
    let external_id = key(&mut found, "/external_id", item.external_id);
    let reverses = key(&mut found, "/reverses", item.reverses);
    found.nothing()?;
    let (Some(client_id), Some(source), Some(external_id), Some(reverses)) = (client_id, source, external_id, reverses)
    else {
        return Err(found.into());
    };
    Ok(NewReversal { key: SourceKey { client_id, source, external_id }, reverses })
}

fn trade(
    item: TradeInput,
    mut found: Found,
    client_id: Option<ClientId>,
    terms: &Terms,
) -> Result<NewTrade, Vec<Fault>> {
    let money = Figures::of(&item);
    let source = key(&mut found, "/source", item.source);
    let external_id = key(&mut found, "/external_id", item.external_id);
    let executed_at = found.need("/executed_at", item.executed_at);
    let executed_at = executed_at.and_then(|at| found.keep(instant("/executed_at", at, terms.now)));
    let side = found.need("/side", item.side);
    let instrument = found.need("/instrument", item.instrument);
    code(&mut found, "/instrument", instrument.as_ref());
    code(&mut found, "/product_type", item.product_type.as_ref());
    code(&mut found, "/fund_account_no", item.fund_account_no.as_ref());
    let figures = [
        ("/quantity", item.quantity),
        ("/price", item.price),
        ("/amount", item.amount),
        ("/commission", item.commission),
        ("/exchange_fee", item.exchange_fee),
        ("/stamp_duty", item.stamp_duty),
        ("/transfer_fee", item.transfer_fee),
    ];
    for (pointer, figure) in figures {
        figure.map(|figure| found.keep(not_negative(pointer, figure)));
    }
    // What is made of figures is judged when each of them is good.
    let whole = !["/quantity", "/price", "/amount"].iter().any(|pointer| found.has(pointer));
    let amount = if whole { found.keep(money.money()) } else { None };
    found.nothing()?;
    let (Some(client_id), Some(source), Some(external_id)) = (client_id, source, external_id) else {
        return Err(found.into());
    };
    let (Some(executed_at), Some(side), Some(instrument), Some(amount)) = (executed_at, side, instrument, amount)
    else {
        return Err(found.into());
    };
    Ok(NewTrade {
        key: SourceKey { client_id, source, external_id },
        executed_at,
        trade_day: terms.calendar.day_of(executed_at),
        side,
        instrument,
        product_type: item.product_type,
        fund_account_no: item.fund_account_no,
        currency: item.currency.unwrap_or_else(|| terms.currency.clone()).0,
        quantity: item.quantity,
        price: item.price,
        amount,
        commission: item.commission,
        exchange_fee: item.exchange_fee,
        stamp_duty: item.stamp_duty,
        transfer_fee: item.transfer_fee,
    })
}
