//! The clients a batch names, as far as the caller sees them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::super::faults;
use super::super::model::{KEY_MAX, OfClient, TEXT_MAX};
use book::{accounts, clients};
use platform::db::Read;
use platform::kernel::batch::Pending;
use platform::kernel::error::{Error, Fault};
use platform::kernel::ids::ClientId;

/// The clients a batch names, as far as the caller sees them.
pub struct Known {
    numbers: HashMap<String, ClientId>,
    ids: HashSet<ClientId>,
    /// Those who left, and on which day: what happened before may still come in.
    closed: HashMap<ClientId, NaiveDate>,
    opened: HashMap<ClientId, NaiveDate>,
    accounts: HashSet<(ClientId, String)>,
}

/// A client that is not there and counts as if it were.
#[derive(Clone, Copy, Debug)]
pub struct Promised {
    /// An id of its own.
    pub client_id: ClientId,
    /// Its first day.
    pub opened_on: NaiveDate,
}

impl Known {
    /// Looks them up, and the accounts that are named beside them. `promised` are clients by number.
    pub async fn resolve<T: OfClient, P>(
        read: &mut Read,
        promised: &HashMap<String, Promised>,
        batch: &[Pending<T, P>],
    ) -> Result<Self, Error> {
        let items = || batch.iter().map(|pending| &pending.item);
        // No number is that long; a megabyte of text is not worth the way to the database.
        let is_number = |number: &&str| number.len() <= KEY_MAX && !number.contains('\0');
        let numbers: HashSet<&str> = items().filter_map(OfClient::client_no).filter(is_number).collect();
        let ids: HashSet<ClientId> = items().filter_map(OfClient::client_id).collect();
        let numbers: Vec<String> = numbers.into_iter().map(str::to_owned).collect();
        let ids: Vec<ClientId> = ids.into_iter().collect();
        let found = clients::resolve(read, &numbers, &ids).await?;
        let promised_days = promised.values().map(|promised| (promised.client_id, promised.opened_on));
        let mut known = Self {
            opened: promised_days.chain(found.iter().map(|client| (client.client_id, client.opened_on))).collect(),
            accounts: HashSet::new(),
            closed: found.iter().filter_map(|client| Some((client.client_id, client.closed_on?))).collect(),
            ids: found.iter().map(|client| client.client_id).collect(),
            numbers: numbers
                .into_iter()
                .filter_map(|number| promised.get(&number).map(|promised| (number, promised.client_id)))
                .chain(found.into_iter().map(|client| (client.client_no, client.client_id)))
                .collect(),
        };
        let is_account = |number: &&str| number.len() <= TEXT_MAX * 4 && !number.contains('\0');
        let named = items().filter_map(|item| Some((known.find(item)?, item.fund_account_no().filter(is_account)?)));
        let named: HashSet<(ClientId, &str)> = named.collect();
        known.accounts = accounts::existing(read, &named.into_iter().collect::<Vec<_>>()).await?;
        Ok(known)
    }

    /// The client an item names.
    pub fn find(&self, item: &impl OfClient) -> Option<ClientId> {
        match item.client_id() {
            Some(id) => self.ids.get(&id).copied(),
            None => self.numbers.get(item.client_no()?).copied(),
        }
    }

    /// What is odd about an item of a client on that day; `pointer` is where the day stands.
    pub fn warnings(&self, client_id: ClientId, day: NaiveDate, pointer: &str, account: Option<&str>) -> Vec<Fault> {
        let is_early = self.opened.get(&client_id).is_some_and(|opened_on| day < *opened_on);
        let has_account = |number: &str| self.accounts.contains(&(client_id, number.to_owned()));
        let early = is_early.then(|| faults::BEFORE_OPENING.at(pointer));
        early
            .into_iter()
            .chain(
                account
                    .filter(|number| !has_account(number))
                    .map(|_| faults::UNKNOWN_FUND_ACCOUNT.at("/fund_account_no")),
            )
            .collect()
    }

    /// Whether the client was still there on that day.
    pub fn is_open(&self, client_id: ClientId, day: NaiveDate) -> bool {
        self.closed.get(&client_id).is_none_or(|closed_on| day <= *closed_on)
    }
}
