//! Use cases of fund accounts.

use std::collections::HashSet;

use serde_json::json;

use super::events::{FundAccountChanged, FundAccountOpened};
use super::model::{FundAccount, FundAccountAction, FundAccountChange, FundAccountStatus, NewFundAccount};
use super::{FUND_ACCOUNT_CLOSED, store};
use crate::clients::{self, Client, ClientStatus};
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::{ClientId, FundAccountId};
use platform::kernel::lifecycle;
use platform::kernel::lock::Lock;
use platform::kernel::page::{MAX_LIMIT, Page, PageRequest};

/// A page of a client's fund accounts, and the client's status.
pub async fn list(
    read: &mut Read,
    client_id: ClientId,
    page: &PageRequest<FundAccountId>,
) -> Result<(Page<FundAccount, FundAccountId>, ClientStatus), Error> {
    let client = clients::visible(read, client_id).await?;
    Ok((store::list(read.conn(), client_id, page).await?, client.status))
}

/// The fund accounts of a client that the caller has read: as many as a page holds at most.
pub async fn of_client(read: &mut Read, client: &Client) -> Result<Vec<FundAccount>, Error> {
    Ok(store::list(read.conn(), client.client_id, &PageRequest { limit: MAX_LIMIT, after: None }).await?.items)
}

/// Those of these accounts, each a client's and its number, that are there. The clients are in scope.
pub async fn existing(read: &mut Read, accounts: &[(ClientId, &str)]) -> Result<HashSet<(ClientId, String)>, Error> {
    if accounts.is_empty() { Ok(HashSet::new()) } else { store::existing(read.conn(), accounts).await }
}

/// One fund account of a client, and the client's status.
pub async fn get(
    read: &mut Read,
    client_id: ClientId,
    id: FundAccountId,
) -> Result<(FundAccount, ClientStatus), Error> {
    let client = clients::visible(read, client_id).await?;
    let account = store::find(read.conn(), client_id, id).await?.ok_or_else(Error::not_found)?;
    Ok((account, client.status))
}

/// Opens a fund account for a client.
pub async fn open(uow: &mut Uow, client_id: ClientId, new: NewFundAccount) -> Result<FundAccount, Error> {
    clients::changeable(uow, client_id).await?;
    let (now, today) = (uow.now(), uow.today());
    clients::plausible_opening(new.opened_on, today)?;
    let account = FundAccount {
        client_id,
        fund_account_id: uow.id(),
        fund_account_no: new.fund_account_no,
        kind: new.kind,
        status: FundAccountStatus::Normal,
        custodian_bank: new.custodian_bank,
        opened_on: new.opened_on.unwrap_or(today),
        closed_on: None,
        row_version: 1,
    };
    store::insert(uow.conn(), &account, now).await?;
    let event = Event::new(FundAccountOpened { kind: account.kind }, account.fund_account_id.0);
    uow.record(event.of_client(client_id));
    Ok(account)
}

/// Changes a fund account.
pub async fn change(
    uow: &mut Uow,
    client_id: ClientId,
    id: FundAccountId,
    change: FundAccountChange,
    mut lock: Lock,
) -> Result<FundAccount, Error> {
    clients::changeable(uow, client_id).await?;
    loop {
        let before = store::find(uow.conn(), client_id, id).await?.ok_or_else(Error::not_found)?;
        lock.check(before.row_version)?;
        let mut account = before.clone();
        account.status = next(before.status, change.status)?;
        account.custodian_bank = change.custodian_bank.clone().apply(account.custodian_bank);
        if account == before {
            return Ok(account);
        }
        if account.status == FundAccountStatus::Closed {
            account.closed_on = Some(uow.today());
        }
        if store::update(uow.conn(), &account, before.row_version).await? {
            account.row_version = before.row_version + 1;
            let event = Event::new(FundAccountChanged { status: account.status }, id.0).of_client(client_id);
            let shown = |account: &FundAccount| {
                json!({
                    "status": account.status, "custodian_bank": account.custodian_bank, "closed_on": account.closed_on,
                })
            };
            uow.record(event.change(&shown(&before), &shown(&account)));
            return Ok(account);
        }
        lock.overtaken()?;
    }
}

/// The status after a change that may name one; a closed account takes no change of anything else either.
fn next(from: FundAccountStatus, to: Option<FundAccountStatus>) -> Result<FundAccountStatus, Error> {
    match to {
        Some(to) if to != from || from == FundAccountStatus::Closed => {
            lifecycle::step(from, FundAccountAction::towards(to))
        }
        _ if from == FundAccountStatus::Closed => Err(Error::code(&FUND_ACCOUNT_CLOSED)),
        _ => Ok(from),
    }
}
