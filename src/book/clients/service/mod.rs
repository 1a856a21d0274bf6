//! Use cases of clients.

mod assignments;
mod change;
mod identification;
mod identity;
mod open;
mod reopen;
mod schedule;
mod succession;
mod update;
mod writing;

pub use assignments::{commit_reassignment, history, preview_reassignment, undo_reassignment};
pub use change::{change, changeable, close, put_by_number, reveal};
pub use identification::{IDENTIFICATION, identify, shown};
pub use open::{open, open_as, open_many, plausible_opening};
pub use reopen::{REOPENING, ask_to_reopen, reopen, version};
pub use schedule::{cancel, take_effect};
pub use update::{Updated, update_many};

use uuid::Uuid;

use super::model::*;
use super::store;
use platform::db::vault::Keyring;
use platform::db::{Db, Gather, Read, Uow};
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// A client in scope.
pub async fn read(read: &mut Read, id: ClientId) -> Result<Client, Error> {
    let (conn, scope) = read.scoped();
    let found = store::client(conn, scope, id, None).await?.ok_or_else(Error::not_found)?;
    identity::opened(read.keyring(), found)
}

/// A client in scope with the branch and advisor they had; none before the client was opened.
pub async fn read_as_of(read: &mut Read, id: ClientId, as_of: AsOf) -> Result<Client, Error> {
    let (before, day) = (as_of.before(read.calendar()), as_of.day(read.calendar()));
    let (conn, scope) = read.scoped();
    let found = store::client(conn, scope, id, Some(before)).await?.filter(|client| client.lifespan.opened_on <= day);
    identity::opened(read.keyring(), found.ok_or_else(Error::not_found)?)
}

/// Clients that are being read, each by somebody else.
pub type Readers = Gather<(ClientId, Visibility), Option<store::SealedClient>>;

/// A client in scope, read in one statement with those that others read at the same time; the exception to "services
/// take a read": a connection of its own would wait for what it shares.
pub async fn read_along(db: &Db, readers: &Readers, scope: &Visibility, id: ClientId) -> Result<Client, Error> {
    let all = {
        let db = db.clone();
        move |asked: Vec<_>| {
            let db = db.clone();
            async move { store::clients_in_scopes(&mut *db.connection().await?, &asked).await }
        }
    };
    let found = match readers.ask((id, scope.clone()), all).await {
        Some(found) => found,
        None => store::client(&mut *db.connection().await?, scope, id, None).await?,
    };
    identity::opened(db.keyring(), found.ok_or_else(Error::not_found)?)
}

/// A page of clients in scope, and how many there are when asked.
pub async fn list(
    read: &mut Read,
    filter: &ClientFilter,
    order: ClientOrder,
    page: &PageRequest<ClientKey>,
    with_total: bool,
) -> Result<(Page<Client, ClientKey>, Option<i64>), Error> {
    let (conn, scope) = read.scoped();
    let total = if with_total { Some(store::count(conn, scope, filter).await?) } else { None };
    let page = store::list(conn, scope, filter, order, page).await?;
    Ok((opened_page(read.keyring(), page)?, total))
}

fn opened_page<K>(keyring: &Keyring, page: Page<store::SealedClient, K>) -> Result<Page<Client, K>, Error> {
    let items = page.items.into_iter().map(|row| identity::opened(keyring, row)).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

/// One client in scope, or not found.
pub async fn visible(read: &mut Read, id: ClientId) -> Result<ClientRef, Error> {
    let (conn, scope) = read.scoped();
    store::references(conn, scope, &[], &[id.0]).await?.pop().ok_or_else(Error::not_found)
}

/// Clients in scope by number or id, in one statement; what is missing or out of scope is not in the answer.
pub async fn resolve(read: &mut Read, numbers: &[String], ids: &[ClientId]) -> Result<Vec<ClientRef>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let (conn, scope) = read.scoped();
    store::references(conn, scope, numbers, &ids).await
}

/// Ids of clients in scope in their order, after one of them.
pub async fn ids_after(read: &mut Read, after: Option<ClientId>, limit: u32) -> Result<Vec<ClientId>, Error> {
    let (conn, scope) = read.scoped();
    store::ids_after(conn, scope, after, limit).await
}

/// Moves the tier column; called by the tier slice alone.
pub async fn set_tiers(uow: &mut Uow, changes: &[(ClientId, Option<Tier>)]) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let (ids, tiers): (Vec<Uuid>, Vec<Option<Tier>>) = changes.iter().map(|(id, tier)| (id.0, *tier)).unzip();
    store::set_tiers(uow.conn(), &ids, &tiers).await
}
