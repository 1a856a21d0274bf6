//! Use cases of clients.

mod change;
mod fund_accounts;
mod identity;
mod open;

pub use change::{change, close, put_by_number, reveal};
pub use fund_accounts::{
    NewFundAccount, all_fund_accounts, change_fund_account, fund_accounts, open_fund_account, read_fund_account,
};
pub use open::{open, open_many};

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::*;
use super::store;
use platform::db::vault::Keyring;
use platform::db::{Db, Gather};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// A client in sight.
pub async fn read(db: &Db, conn: &mut PgConnection, sight: &Visibility, id: ClientId) -> Result<Client, Error> {
    let found = store::client(conn, sight, id).await?;
    identity::opened(db.keyring(), found.ok_or_else(Error::not_found)?)
}

/// Clients that are being read, each by somebody else.
pub type Readers = Gather<(ClientId, Visibility), Option<store::SealedClient>>;

/// A client in sight, read in one statement with those that others read at the same time.
pub async fn read_along(db: &Db, readers: &Readers, sight: &Visibility, id: ClientId) -> Result<Client, Error> {
    let all = {
        let db = db.clone();
        move |asked: Vec<_>| {
            let db = db.clone();
            async move { store::clients_in_sights(&mut *db.connection().await?, &asked).await }
        }
    };
    let found = match readers.ask((id, sight.clone()), all).await {
        Some(found) => found,
        None => store::client(&mut *db.connection().await?, sight, id).await?,
    };
    identity::opened(db.keyring(), found.ok_or_else(Error::not_found)?)
}

/// A page of clients in sight, and how many there are when asked.
pub async fn list(
    db: &Db,
    sight: &Visibility,
    filter: &ClientFilter,
    order: ClientOrder,
    page: &PageRequest<ClientKey>,
    with_total: bool,
) -> Result<(Page<Client, ClientKey>, Option<i64>), Error> {
    let mut connection = db.connection().await?;
    let total = if with_total { Some(store::count(&mut connection, sight, filter).await?) } else { None };
    let page = store::list(&mut connection, sight, filter, order, page).await?;
    Ok((opened_page(db.keyring(), page)?, total))
}

fn opened_page<K>(keyring: &Keyring, page: Page<store::SealedClient, K>) -> Result<Page<Client, K>, Error> {
    let items = page.items.into_iter().map(|row| identity::opened(keyring, row)).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

/// One client in sight, or not found.
pub async fn visible(conn: &mut PgConnection, sight: &Visibility, id: ClientId) -> Result<ClientRef, Error> {
    store::references(conn, sight, &[], &[id.0]).await?.pop().ok_or_else(Error::not_found)
}

/// Clients in sight by number or id, in one statement; what is missing or out of sight is not in the answer.
pub async fn resolve(
    conn: &mut PgConnection,
    sight: &Visibility,
    numbers: &[String],
    ids: &[ClientId],
) -> Result<Vec<ClientRef>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    store::references(conn, sight, numbers, &ids).await
}

/// Moves the tier column; called by the tier slice alone.
pub async fn set_tiers(conn: &mut PgConnection, changes: &[(ClientId, Tier)]) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let (ids, tiers): (Vec<Uuid>, Vec<Tier>) = changes.iter().map(|(id, tier)| (id.0, *tier)).unzip();
    store::set_tiers(conn, &ids, &tiers).await
}
