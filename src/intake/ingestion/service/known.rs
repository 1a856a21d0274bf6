//! The clients a batch names, as far as the caller sees them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::super::model::{KEY_MAX, OfClient};
use book::clients;
use platform::db::Read;
use platform::kernel::batch::Pending;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// The clients a batch names, as far as the caller sees them.
pub struct Known {
    numbers: HashMap<String, ClientId>,
    ids: HashSet<ClientId>,
    /// Those who left, and on which day: what happened before may still come in.
    closed: HashMap<ClientId, NaiveDate>,
}

impl Known {
    /// Looks them up. `promised` are clients by number that are not there and count as if they were.
    pub async fn resolve<T: OfClient, P>(
        read: &mut Read,
        promised: &HashMap<String, ClientId>,
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
        Ok(Self {
            closed: found.iter().filter_map(|client| Some((client.client_id, client.closed_on?))).collect(),
            ids: found.iter().map(|client| client.client_id).collect(),
            numbers: numbers
                .into_iter()
                .filter_map(|number| promised.get(&number).map(|id| (number, *id)))
                .chain(found.into_iter().map(|client| (client.client_no, client.client_id)))
                .collect(),
        })
    }

    /// The client an item names.
    pub fn find(&self, item: &impl OfClient) -> Option<ClientId> {
        match item.client_id() {
            Some(id) => self.ids.get(&id).copied(),
            None => self.numbers.get(item.client_no()?).copied(),
        }
    }

    /// Whether the client was still there on that day.
    pub fn is_open(&self, client_id: ClientId, day: NaiveDate) -> bool {
        self.closed.get(&client_id).is_none_or(|closed_on| day <= *closed_on)
    }
}
