//! Clients that a file brings, or names for the first time.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::apply::{self, Applied};
use super::feed::Placed;
use crate::imports::rules::rows::ClientRow;
use crate::ingestion::ClientKey;
use book::clients::{self, NewClient};
use firm::access;
use platform::db::Uow;
use platform::kernel::error::{Error, Fault};
use platform::kernel::ids::{BranchId, StaffId};

/// Enters clients. One that is there already under the same number and name is a duplicate, and stays as it is.
pub async fn enter(uow: &mut Uow, rows: Vec<Placed<ClientRow>>, applied: &mut Applied) -> Result<(), Error> {
    let directory = Directory::of(uow, &rows).await?;
    let mut read = Vec::new();
    for row in rows {
        match directory.client(&row.item) {
            Ok(new) => read.push((row, new)),
            Err(faults) => applied.reject(row, faults),
        }
    }
    let mut names = names(uow, read.iter().map(|(_, new)| new.client_no.clone()).collect()).await?;
    // Of several rows with one number the next is tried when the one before it was refused.
    let mut waiting = read;
    while !waiting.is_empty() {
        let (mut places, mut fresh, mut later) = (Vec::new(), Vec::new(), Vec::new());
        let mut tried = HashSet::new();
        for (row, new) in waiting {
            match names.get(&new.client_no) {
                Some(name) if *name == new.name => applied.counts.duplicate += 1,
                Some(_) => applied.reject(row, vec![taken()]),
                None if tried.insert(new.client_no.clone()) => {
                    places.push((row, new.client_no.clone(), new.name.clone()));
                    fresh.push(new);
                }
                None => later.push((row, new)),
            }
        }
        let opened = if fresh.is_empty() { Vec::new() } else { clients::open_many(uow, fresh).await? };
        for ((row, number, name), outcome) in places.into_iter().zip(opened) {
            match outcome {
                Ok(_) => {
                    applied.counts.accepted += 1;
                    names.insert(number, name);
                }
                Err(error) => applied.reject(row, as_faults(error)?),
            }
        }
        waiting = later;
    }
    Ok(())
}

/// Makes the clients that rows name and nobody knows: in the root branch, named by their number, there since their first
/// day in the chunk. Rows whose client cannot be made are refused; the others come back.
pub async fn create_missing<T>(
    uow: &mut Uow,
    rows: Vec<Placed<T>>,
    first_day: impl Fn(&T) -> Option<(ClientKey, NaiveDate)>,
    applied: &mut Applied,
) -> Result<Vec<Placed<T>>, Error> {
    let mut wanted: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for (key, day) in rows.iter().filter_map(|row| first_day(&row.item)) {
        if let Some(number) = apply::number(&key) {
            let first = wanted.entry(number.clone()).or_insert(day);
            *first = day.min(*first);
        }
    }
    let known = names(uow, wanted.keys().cloned().collect()).await?;
    let today = uow.db().calendar().day_of(uow.now());
    let (mut fresh, mut refused) = (Vec::new(), HashMap::new());
    for (number, day) in wanted.into_iter().filter(|(number, _)| !known.contains_key(number)) {
        let body = json!({ "client_no": number, "name": number, "kind": "individual", "branch_id": BranchId::ROOT,
            "opened_on": day.min(today) });
        match clients::from_json(body) {
            Ok(new) => fresh.push(new),
            Err(error) => drop(refused.insert(number, as_faults(error)?)),
        }
    }
    if !fresh.is_empty() {
        let opened = clients::open_many(uow, fresh).await?;
        // One that somebody else made just now, or that is out of sight, is left to the book to find or refuse.
        applied.counts.clients_created += opened.iter().filter(|outcome| outcome.is_ok()).count() as u64;
    }
    let faults_of = |row: &Placed<T>| {
        let (key, _) = first_day(&row.item)?;
        refused.get(apply::number(&key)?).cloned()
    };
    let mut kept = Vec::new();
    for row in rows {
        match faults_of(&row) {
            Some(faults) => applied.reject(row, faults),
            None => kept.push(row),
        }
    }
    Ok(kept)
}

/// Names of the clients in sight, by number.
async fn names(uow: &mut Uow, numbers: Vec<String>) -> Result<HashMap<String, String>, Error> {
    let found = clients::resolve(uow, &numbers, &[]).await?;
    Ok(found.into_iter().map(|client| (client.client_no, client.name)).collect())
}

/// Branches and advisors a chunk names, looked up once each.
struct Directory {
    branches: HashMap<String, Option<BranchId>>,
    advisors: HashMap<String, Option<StaffId>>,
}

impl Directory {
    async fn of(uow: &mut Uow, rows: &[Placed<ClientRow>]) -> Result<Self, Error> {
        let mut directory = Self { branches: HashMap::new(), advisors: HashMap::new() };
        for row in rows {
            let is_name = |name: &&String| !name.contains('\0');
            if let Some(code) =
                row.item.branch_code.as_ref().filter(is_name).filter(|code| !directory.branches.contains_key(*code))
            {
                let found = access::branch_by_code(uow.conn(), code).await?;
                directory.branches.insert(code.clone(), found.map(|branch| branch.branch_id));
            }
            if let Some(name) =
                row.item.advisor.as_ref().filter(is_name).filter(|name| !directory.advisors.contains_key(*name))
            {
                let found = access::staff_by_username(uow.conn(), name).await?;
                directory.advisors.insert(name.clone(), found.map(|staff| staff.staff_id));
            }
        }
        Ok(directory)
    }

    /// Checked as `POST /v1/clients` checks it; branch and advisor under the names that the file gives them.
    fn client(&self, row: &ClientRow) -> Result<NewClient, Vec<Fault>> {
        let (mut body, mut faults) = (row.body.clone(), row.faults.clone());
        if let Some(code) = &row.branch_code {
            match self.branches.get(code).copied().flatten() {
                Some(id) => drop(body.insert("branch_id".to_owned(), json!(id))),
                None => faults.push(fault_of_code("/branch_code", &access::UNKNOWN_BRANCH)),
            }
        }
        if let Some(name) = &row.advisor {
            match self.advisors.get(name).copied().flatten() {
                Some(id) => drop(body.insert("advisor_id".to_owned(), json!(id))),
                None => faults.push(fault_of_code("/advisor", &access::UNKNOWN_ADVISOR)),
            }
        }
        let has_branch = row.branch_code.is_some();
        let checked = clients::from_json(Value::Object(body)).map_err(|error| {
            as_faults(error)
                .unwrap_or_else(|_| vec![Fault::new("", "invalid", "The row cannot be read", "该行无法读取")])
        });
        match checked {
            Ok(new) if faults.is_empty() => Ok(new),
            Ok(_) => Err(faults),
            Err(more) => {
                faults.extend(more.into_iter().filter(|fault| !(has_branch && fault.pointer == "/branch_id")));
                Err(faults)
            }
        }
    }
}

fn taken() -> Fault {
    Fault::new(
        "/client_no",
        "client_no_taken",
        "This client number belongs to a client of another name",
        "该客户号已属于另一名称的客户",
    )
}

fn fault_of_code(pointer: &str, code: &platform::kernel::error::Code) -> Fault {
    Fault::new(pointer, code.code, code.en, code.zh)
}

/// What is wrong with a row, from the refusal of the one client it is.
fn as_faults(error: Error) -> Result<Vec<Fault>, Error> {
    let Error::Refused(mut refusal) = error else { return Err(error) };
    if !refusal.faults.is_empty() {
        for fault in &mut refusal.faults {
            if let Some(part) = fault.pointer.strip_prefix("/document/") {
                fault.pointer = format!("/document_{part}");
            }
        }
        return Ok(refusal.faults);
    }
    let pointer = match refusal.code.code {
        "client_no_taken" => "/client_no",
        "document_taken" => "/document_number",
        "unknown_branch" => "/branch_code",
        "unknown_advisor" => "/advisor",
        _ => "",
    };
    Ok(vec![fault_of_code(pointer, refusal.code)])
}
