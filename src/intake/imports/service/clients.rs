//! Clients that a file brings, or names for the first time.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::directory::Directory;
use super::of_row::of_row;
use super::outcome::Applied;
use crate::imports::faults;
use crate::imports::model::{OnExisting, Origin};
use crate::imports::rules::rows::ClientRow;
use crate::ingestion::{self, OfClient};
use book::clients::{self, Document, NewClient, Updated};
use platform::db::Uow;
use platform::kernel::batch::{Outcome, Pending, Settled, fingerprint};
use platform::kernel::error::{Error, Fault};
use platform::kernel::ids::BranchId;
use platform::kernel::label::Labelled;

/// Clients that a run would have made: what a dry run remembers from one chunk to the next. A run that writes finds
/// them in the database, and begins each chunk with none.
#[derive(Default)]
pub struct Promised {
    /// Names by number.
    names: HashMap<String, String>,
    /// Identity documents.
    documents: HashSet<u64>,
}

impl Promised {
    /// Whether somebody else would have this document.
    fn has_document(&self, new: &NewClient) -> bool {
        document(new).is_some_and(|document| self.documents.contains(&document))
    }
}

fn document(new: &NewClient) -> Option<u64> {
    let Document { r#type, number } = new.identity.document.as_ref()?;
    Some(fingerprint(&(r#type.code(), number.to_uppercase())))
}

/// Enters clients. One that is there already is brought to what the row says, left or refused, as the options have it.
pub async fn enter(
    uow: &mut Uow,
    on_existing: Option<OnExisting>,
    directory: &Directory,
    promised: &mut Promised,
    rows: Vec<Pending<ClientRow, Origin>>,
    applied: &mut Applied,
) -> Result<(), Error> {
    let mut waiting: Vec<Pending<NewClient, Origin>> = Vec::new();
    for Pending { place, item, faults } in rows {
        match directory.client(&item, faults) {
            Ok(new) => waiting.push(Pending::new(place, new)),
            Err(faults) => applied.reject(place, faults),
        }
    }
    promised.names.extend(names(uow, waiting.iter().map(|row| row.item.client_no.clone()).collect()).await?);
    // Of several rows with one number the next is tried when the one before it was refused.
    while !waiting.is_empty() {
        let (mut fresh, mut there, mut later, mut tried) = (Vec::new(), Vec::new(), Vec::new(), HashSet::new());
        for Pending { place, item: new, .. } in waiting {
            match promised.names.get(&new.client_no) {
                Some(name) => match on_existing {
                    Some(OnExisting::Skip) => applied.counts.duplicate += 1,
                    Some(OnExisting::Refuse) => applied.reject(place, vec![faults::THERE_ALREADY.at("/client_no")]),
                    None if *name != new.profile.name => {
                        applied.reject(place, vec![faults::OTHER_NAME.at("/client_no")]);
                    }
                    None | Some(OnExisting::Update) => there.push(Pending::new(place, new)),
                },
                None if promised.has_document(&new) => {
                    applied.reject(place, vec![clients::DOCUMENT_TAKEN.at("/document_number")]);
                }
                None if tried.insert(new.client_no.clone()) => {
                    let (number, name, document) = (new.client_no.clone(), new.profile.name.clone(), document(&new));
                    fresh.push(Pending::new((place, number, name, document), new));
                }
                None => later.push(Pending::new(place, new)),
            }
        }
        for Settled { place: (origin, number, name, document), outcome, .. } in open_many(uow, fresh).await? {
            match outcome {
                Outcome::Rejected(faults) => applied.reject(origin, faults),
                Outcome::Accepted(id) | Outcome::Duplicate(id) | Outcome::ReversedBefore(id) => {
                    applied.accept(&origin, id);
                    promised.names.insert(number, name);
                    promised.documents.extend(document);
                }
            }
        }
        if !there.is_empty() {
            bring_up_to_date(uow, there, applied).await?;
        }
        waiting = later;
    }
    Ok(())
}

async fn bring_up_to_date(
    uow: &mut Uow,
    rows: Vec<Pending<NewClient, Origin>>,
    applied: &mut Applied,
) -> Result<(), Error> {
    for (origin, updated) in clients::update_many(uow, rows).await? {
        match updated {
            Updated::Changed(_) => applied.change(),
            Updated::Waiting(id) => applied.wait(&origin, id),
            // A dry run has made nobody: it knows only that an earlier row would have.
            Updated::Unchanged | Updated::Missing => applied.counts.duplicate += 1,
            Updated::Refused(faults) => applied.reject(origin, faults.into_iter().map(of_row).collect()),
        }
    }
    Ok(())
}

/// A client made because rows name it.
pub struct Made {
    /// Its number.
    pub number: String,
    /// Its first day.
    pub opened_on: NaiveDate,
    /// As `POST /v1/clients` takes it.
    pub body: Value,
}

/// Makes the clients that rows name and nobody knows: in the root branch, named by their number, there since their
/// first day in the chunk. Rows whose client cannot be made are refused; the others come back, with the
/// clients made. `promised` are clients by number that are not there and count as if they were.
pub async fn create_missing<T: OfClient>(
    uow: &mut Uow,
    promised: &HashMap<String, ingestion::Promised>,
    rows: Vec<Pending<T, Origin>>,
    first_day: impl Fn(&T) -> Option<NaiveDate>,
    applied: &mut Applied,
) -> Result<(Vec<Pending<T, Origin>>, Vec<Made>), Error> {
    let wanted_by = |row: &Pending<T, Origin>| {
        let number = row.item.client_no().filter(|_| row.faults.is_empty() && row.item.client_id().is_none())?;
        Some((number.to_owned(), first_day(&row.item)?))
    };
    let mut wanted: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for (number, day) in rows.iter().filter_map(wanted_by) {
        let first = wanted.entry(number).or_insert(day);
        *first = day.min(*first);
    }
    let known = names(uow, wanted.keys().cloned().collect()).await?;
    let today = uow.today();
    let (mut fresh, mut refused): (Vec<_>, HashMap<String, Vec<Fault>>) = (Vec::new(), HashMap::new());
    let is_missing = |number: &String| !known.contains_key(number) && !promised.contains_key(number);
    for (number, day) in wanted.into_iter().filter(|(number, _)| is_missing(number)) {
        let body = json!({ "client_no": number, "name": number, "kind": "individual", "branch_id": BranchId::ROOT,
            "opened_on": day.min(today) });
        match clients::from_json(body.clone()) {
            Ok(new) => fresh.push(Pending::new(Made { number, opened_on: day, body }, new)),
            Err(error) => {
                if let Outcome::Rejected(faults) = Outcome::refused(error)? {
                    refused.insert(number, faults.into_iter().map(of_row).collect());
                }
            }
        }
    }
    // One that somebody else made just now, or that is out of scope, is left to the book to find or refuse.
    let opened = open_many(uow, fresh).await?.into_iter();
    let made = opened.filter(|opened| matches!(opened.outcome, Outcome::Accepted(_))).map(|opened| opened.place);
    let made: Vec<Made> = made.collect();
    applied.counts.clients_created += made.len() as u64;
    let mut kept = Vec::new();
    for row in rows {
        match wanted_by(&row).and_then(|(number, _)| refused.get(&number).cloned()) {
            Some(faults) => applied.reject(row.place, faults),
            None => kept.push(row),
        }
    }
    Ok((kept, made))
}

/// Opens clients; faults stand at the fields of a row.
async fn open_many<P>(uow: &mut Uow, fresh: Vec<Pending<NewClient, P>>) -> Result<Vec<Settled<P>>, Error> {
    let mut settled = if fresh.is_empty() { Vec::new() } else { clients::open_many(uow, fresh).await? };
    for Settled { outcome, .. } in &mut settled {
        if let Outcome::Rejected(faults) = outcome {
            *faults = std::mem::take(faults).into_iter().map(of_row).collect();
        }
    }
    Ok(settled)
}

/// Names of the clients in the caller's scope, by number.
async fn names(uow: &mut Uow, numbers: Vec<String>) -> Result<HashMap<String, String>, Error> {
    let found = clients::resolve(uow, &numbers, &[]).await?;
    Ok(found.into_iter().map(|client| (client.client_no, client.name)).collect())
}
