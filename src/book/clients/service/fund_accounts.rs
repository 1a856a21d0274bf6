//! Use cases of fund accounts.

use chrono::NaiveDate;
use serde_json::json;
use sqlx::PgConnection;

use super::super::model::*;
use super::super::{CLIENT_CLOSED, FUND_ACCOUNT_CLOSED, rules, store};
use super::open::plausible_opening;
use super::visible;
use platform::db::{Db, Uow};
use platform::kernel::error::{self, Error};
use platform::kernel::event::Event;
use platform::kernel::ids::{ClientId, FundAccountId};
use platform::kernel::page::{MAX_LIMIT, Page, PageRequest};
use platform::kernel::principal::Visibility;

/// A fund account to be opened.
pub struct NewFundAccount {
    /// The firm's own number, unique for the client.
    pub fund_account_no: String,
    /// What kind.
    pub kind: FundAccountKind,
    /// Bank that keeps the money.
    pub custodian_bank: Option<String>,
    /// First day; today when absent.
    pub opened_on: Option<NaiveDate>,
}

/// A page of a client's fund accounts.
pub async fn fund_accounts(
    db: &Db,
    sight: &Visibility,
    id: ClientId,
    page: &PageRequest<FundAccountId>,
) -> Result<Page<FundAccount, FundAccountId>, Error> {
    let mut connection = db.connection().await?;
    visible(&mut connection, sight, id).await?;
    store::list_fund_accounts(&mut connection, id, page).await
}

/// The fund accounts of a client the caller has seen: as many as a page holds at most.
pub async fn all_fund_accounts(conn: &mut PgConnection, id: ClientId) -> Result<Vec<FundAccount>, Error> {
    Ok(store::list_fund_accounts(conn, id, &PageRequest { limit: MAX_LIMIT, after: None }).await?.items)
}

/// One fund account of a client.
pub async fn read_fund_account(
    db: &Db,
    sight: &Visibility,
    client_id: ClientId,
    id: FundAccountId,
) -> Result<FundAccount, Error> {
    let mut connection = db.connection().await?;
    visible(&mut connection, sight, client_id).await?;
    store::fund_account(&mut connection, client_id, id).await?.ok_or_else(Error::not_found)
}

/// Opens a fund account for a client.
pub async fn open_fund_account(uow: &mut Uow, client_id: ClientId, new: NewFundAccount) -> Result<FundAccount, Error> {
    changeable(uow, client_id).await?;
    let now = uow.now();
    let today = uow.db().calendar().day_of(now);
    plausible_opening(new.opened_on, today)?;
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
    store::insert_fund_account(uow.conn(), &account, now).await?;
    let data = json!({ "kind": account.kind });
    uow.record(
        Event::new("fund_account.opened", "fund_account", account.fund_account_id.0).of_client(client_id).data(data),
    );
    Ok(account)
}

/// Changes a fund account over `version` (any version when none is given).
pub async fn change_fund_account(
    uow: &mut Uow,
    client_id: ClientId,
    id: FundAccountId,
    change: FundAccountChange,
    version: Option<i64>,
) -> Result<FundAccount, Error> {
    changeable(uow, client_id).await?;
    let before = store::fund_account(uow.conn(), client_id, id).await?.ok_or_else(Error::not_found)?;
    if version.is_some_and(|version| version != before.row_version) {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    let mut account = before.clone();
    account.status = change.status.unwrap_or(before.status);
    if !rules::may_become(before.status, account.status) {
        return Err(Error::code(&FUND_ACCOUNT_CLOSED));
    }
    account.custodian_bank = change.custodian_bank.apply(account.custodian_bank);
    // Nothing changed: nothing is written, told or counted.
    if (before.status, &before.custodian_bank) == (account.status, &account.custodian_bank) {
        return Ok(account);
    }
    if account.status == FundAccountStatus::Closed {
        account.closed_on = Some(uow.db().calendar().day_of(uow.now()));
    }
    let version = before.row_version;
    if !store::update_fund_account(uow.conn(), &account, version).await? {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    account.row_version = version + 1;
    let data = json!({ "status": account.status });
    uow.record(Event::new("fund_account.changed", "fund_account", id.0).of_client(client_id).data(data));
    Ok(account)
}

async fn changeable(uow: &mut Uow, client_id: ClientId) -> Result<(), Error> {
    let sight = uow.visibility();
    let client = visible(uow.conn(), &sight, client_id).await?;
    if client.status == ClientStatus::Closed { Err(Error::code(&CLIENT_CLOSED)) } else { Ok(()) }
}
