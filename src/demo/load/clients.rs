//! Some clients with all that belongs to them. Clients and contacts go in together, so that a load that was interrupted
//! knows by the client whether the contacts are there; trades and balances know themselves.

use std::collections::{HashMap, HashSet};

use super::loaded::Loaded;
use super::people::{Firm, code};
use crate::generator::{self, ClientFile};
use book::clients::{self, Document, DocumentType, Identity, NewClient, Profile};
use contact::interactions::{self, NewInteraction, Purpose};
use intake::ingestion::{self, BalanceInput, TradeInput};
use platform::db::{Db, Uow};
use platform::kernel::batch::{Outcome, Pending, Settled};
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
            trades.push(trade(item)?);
        }
        balances.extend(file.balances.into_iter().map(balance));
    }
    (loaded.trades, loaded.balances, loaded.interactions) = (trades.len(), balances.len(), contacts.len());
    interactions::insert_recorded(&mut uow, contacts).await?;
    uow.finish(()).await?;

    // Trades first: the first tier then knows how often the client trades.
    let mut uow = db.begin(caller).await?;
    good(ingestion::ingest_trades(&mut uow, Pending::all(trades)).await?)?;
    uow.finish(()).await?;

    let mut uow = db.begin(caller).await?;
    good(ingestion::ingest_balances(&mut uow, Pending::all(balances)).await?)?;
    uow.finish(()).await?;
    Ok(loaded)
}

/// Opens those that are not there; their ids by number.
async fn open(uow: &mut Uow, firm: &Firm, batch: &[ClientFile]) -> Result<HashMap<String, ClientId>, Error> {
    let numbers: Vec<String> = batch.iter().map(|file| file.client.client_no.clone()).collect();
    let there = clients::resolve(uow, &numbers, &[]).await?;
    let there: HashSet<String> = there.into_iter().map(|client| client.client_no).collect();
    let missing = batch.iter().map(|file| &file.client).filter(|client| !there.contains(&client.client_no));
    let pending = |client: &generator::Client| Ok(Pending::new(client.client_no.clone(), new_client(firm, client)?));
    let new = missing.map(pending).collect::<Result<Vec<_>, Error>>()?;
    let opened = clients::open_many(uow, new).await?;
    let id = |settled: Settled<String>| match settled.outcome {
        Outcome::Accepted(id) | Outcome::Duplicate(id) => Ok((settled.place, ClientId(id))),
        Outcome::ReversedBefore(_) | Outcome::Rejected(_) => {
            Err(Error::internal("the book refuses a client of the generator"))
        }
    };
    opened.into_iter().map(id).collect()
}

fn new_client(firm: &Firm, client: &generator::Client) -> Result<NewClient, Error> {
    let document_type = match client.document_type {
        "uscc" => DocumentType::CreditCode,
        other => code(other)?,
    };
    Ok(NewClient {
        client_no: client.client_no.clone(),
        opened_on: Some(client.opened_on),
        profile: Profile {
            name: client.name.clone(),
            kind: code(client.kind)?,
            branch_id: firm.branch(&client.branch_code)?,
            advisor_id: client.advisor.as_ref().and_then(|name| firm.staff.get(name)).copied(),
        },
        identity: Identity {
            previous_client_id: None,
            document: Some(Document { r#type: document_type, number: client.document_number.clone() }),
            phone: Some(client.phone.clone()),
            email: Some(client.email.clone()),
            address: Some(client.address.clone()),
        },
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

fn trade(trade: generator::Trade) -> Result<TradeInput, Error> {
    Ok(TradeInput {
        client_no: Some(trade.client_no),
        source: Some(SOURCE.to_owned()),
        external_id: Some(trade.external_id),
        executed_at: Some(trade.executed_at),
        side: Some(code(trade.side)?),
        instrument: Some(trade.instrument),
        product_type: Some(trade.product_type.to_owned()),
        fund_account_no: Some(trade.fund_account_no),
        currency: Some(Currency(trade.currency.to_owned())),
        quantity: Some(trade.quantity),
        price: Some(trade.price),
        amount: Some(trade.amount),
        commission: Some(trade.commission),
        stamp_duty: Some(trade.stamp_duty),
        ..TradeInput::default()
    })
}

fn balance(balance: generator::Balance) -> BalanceInput {
    BalanceInput {
        client_no: Some(balance.client_no),
        source: Some(SOURCE.to_owned()),
        trade_day: Some(balance.day),
        currency: Some(Currency(balance.currency.to_owned())),
        total_assets: Some(balance.total),
        net_assets: Some(balance.net_assets),
        cash: Some(balance.cash),
        market_value: Some(balance.market_value),
        liabilities: Some(balance.liabilities),
        ..BalanceInput::default()
    }
}

/// The generator makes nothing that the book refuses.
fn good<P>(settled: Vec<Settled<P>>) -> Result<(), Error> {
    let refused = settled.into_iter().find_map(|settled| match settled.outcome {
        Outcome::Rejected(faults) => faults.into_iter().next(),
        Outcome::Accepted(_) | Outcome::Duplicate(_) | Outcome::ReversedBefore(_) => None,
    });
    match refused {
        None => Ok(()),
        Some(fault) => Err(Error::internal(format!("{} {}", fault.pointer, fault.message.en))),
    }
}
