//! Some clients with all that belongs to them. Clients and contacts go in together, so that a load that was interrupted
//! knows by the client whether the contacts are there; trades and balances know themselves.

use std::collections::{HashMap, HashSet};

use super::Loaded;
use super::people::{Firm, code};
use crate::generator::{self, ClientFile};
use book::clients::{self, DocumentType, NewClient};
use contact::interactions::{self, NewInteraction, Purpose};
use intake::ingestion::{self, BalanceItem, ClientKey, Item, Outcome, TradeItem};
use platform::db::{Db, Uow};
use platform::kernel::error::Error;
use platform::kernel::ids::{ClientId, StaffId};
use platform::kernel::money::Currency;
use platform::kernel::principal::Caller;

/// Where the book says its trades come from.
const SOURCE: &str = "demonstration";

/// Enters a batch.
pub async fn enter(db: &Db, caller: &Caller, firm: &Firm, batch: Vec<ClientFile>) -> Result<Loaded, Error> {
    let mut loaded = Loaded { clients: batch.len(), ..Loaded::default() };
    let mut uow = db.begin(caller).await?;
    let ids = open(&mut uow, firm, &batch).await?;
    let (mut trades, mut balances, mut contacts) = (Vec::new(), Vec::new(), Vec::new());
    for file in batch {
        for interaction in file.interactions {
            if let Some(id) = ids.get(&interaction.client_no) {
                contacts.push(contact(firm, *id, interaction)?);
            }
        }
        for item in file.trades {
            trades.push(Item::Trade(trade(item)?));
        }
        balances.extend(file.balances.into_iter().map(balance));
    }
    (loaded.trades, loaded.balances, loaded.interactions) = (trades.len(), balances.len(), contacts.len());
    interactions::insert_recorded(&mut uow, contacts).await?;
    uow.finish(()).await?;

    // Trades first: the first tier then knows how often the client trades.
    let mut uow = db.begin(caller).await?;
    good(&ingestion::ingest_trades(&mut uow, trades).await?)?;
    uow.finish(()).await?;

    let mut uow = db.begin(caller).await?;
    good(&ingestion::ingest_balances(&mut uow, balances).await?)?;
    uow.finish(()).await?;
    Ok(loaded)
}

/// Opens those that are not there; their ids by number.
async fn open(uow: &mut Uow, firm: &Firm, batch: &[ClientFile]) -> Result<HashMap<String, ClientId>, Error> {
    let numbers: Vec<String> = batch.iter().map(|file| file.client.client_no.clone()).collect();
    let there = clients::resolve(uow, &numbers, &[]).await?;
    let there: HashSet<String> = there.into_iter().map(|client| client.client_no).collect();
    let missing: Vec<&generator::Client> =
        batch.iter().map(|file| &file.client).filter(|client| !there.contains(&client.client_no)).collect();
    let new = missing.iter().map(|client| new_client(firm, client)).collect::<Result<Vec<_>, _>>()?;
    let opened = clients::open_many(uow, new).await?;
    missing.iter().zip(opened).map(|(client, id)| Ok((client.client_no.clone(), id?))).collect()
}

fn new_client(firm: &Firm, client: &generator::Client) -> Result<NewClient, Error> {
    let document_type = match client.document_type {
        "uscc" => DocumentType::CreditCode,
        other => code(other)?,
    };
    Ok(NewClient {
        client_no: client.client_no.clone(),
        name: client.name.clone(),
        kind: code(client.kind)?,
        branch_id: firm.branch(&client.branch_code)?,
        advisor_id: client.advisor.as_ref().and_then(|name| firm.staff.get(name)).copied(),
        opened_on: Some(client.opened_on),
        document: Some((document_type, client.document_number.clone())),
        phone: Some(client.phone.clone()),
        email: Some(client.email.clone()),
        address: Some(client.address.clone()),
    })
}

fn contact(
    firm: &Firm,
    client_id: ClientId,
    interaction: generator::Interaction,
) -> Result<(ClientId, StaffId, NewInteraction), Error> {
    let staff = firm.staff.get(&interaction.staff).copied();
    let new = NewInteraction {
        channel: code(interaction.kind)?,
        direction: code(interaction.direction)?,
        purpose: match interaction.purpose {
            "market_update" | "product" => Purpose::Marketing,
            other => code(other)?,
        },
        outcome: Some(code(interaction.outcome)?),
        notes: Some(interaction.notes.to_owned()),
        next_step: None,
        next_step_on: None,
        churn_alert_id: None,
        occurred_at: Some(interaction.occurred_at),
    };
    let staff = staff.ok_or_else(|| Error::internal("a person of the generator is missing"))?;
    Ok((client_id, staff, new))
}

fn trade(trade: generator::Trade) -> Result<TradeItem, Error> {
    Ok(TradeItem {
        client: ClientKey::No(trade.client_no),
        source: SOURCE.to_owned(),
        external_id: trade.external_id,
        executed_at: trade.executed_at,
        side: code(trade.side)?,
        instrument: trade.instrument,
        product_type: Some(trade.product_type.to_owned()),
        fund_account_no: Some(trade.fund_account_no),
        currency: Some(Currency(trade.currency.to_owned())),
        quantity: Some(trade.quantity),
        price: Some(trade.price),
        amount: Some(trade.amount),
        commission: Some(trade.commission),
        exchange_fee: None,
        stamp_duty: Some(trade.stamp_duty),
        transfer_fee: None,
    })
}

fn balance(balance: generator::Balance) -> BalanceItem {
    BalanceItem {
        client: ClientKey::No(balance.client_no),
        source: SOURCE.to_owned(),
        trade_day: balance.day,
        fund_account_no: None,
        currency: Some(Currency(balance.currency.to_owned())),
        total_assets: balance.total,
        net_assets: balance.net_assets,
        cash: Some(balance.cash),
        market_value: Some(balance.market_value),
        liabilities: Some(balance.liabilities),
    }
}

/// The generator makes nothing that the book refuses.
fn good(outcomes: &[Outcome]) -> Result<(), Error> {
    match outcomes
        .iter()
        .find_map(|outcome| if let Outcome::Rejected(faults) = outcome { faults.first() } else { None })
    {
        None => Ok(()),
        Some(fault) => Err(Error::internal(format!("{} {}", fault.pointer, fault.message.en))),
    }
}
