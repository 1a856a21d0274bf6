//! Entering clients, one or many.

use std::collections::HashSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::events::ClientOpened;
use super::super::model::*;
use super::super::{CLIENT_NO_TAKEN, faults, store};
use super::identity;
use super::succession::{self, Lost};
use firm::access;
use platform::db::Uow;
use platform::kernel::batch::{Outcome, Pending, Settled};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::{BranchId, ClientId, StaffId};

/// Enters one client.
pub async fn open(uow: &mut Uow, new: NewClient) -> Result<Client, Error> {
    let id = uow.id();
    let mut outcomes = open_each(uow, vec![(id, new)]).await?;
    outcomes.pop().unwrap_or_else(|| Err(Error::not_found()))
}

/// Enters many clients in few statements; each has its own outcome, and a refused one does not keep the others out.
pub async fn open_many<P>(uow: &mut Uow, batch: Vec<Pending<NewClient, P>>) -> Result<Vec<Settled<P>>, Error> {
    let with_id = |Pending { place, item, .. }: Pending<NewClient, P>| Pending::new(place, (uow.id(), item));
    let batch = batch.into_iter().map(with_id).collect();
    open_as(uow, batch).await
}

/// The same, each under an id that was given out before: by a plan that is now committed.
pub async fn open_as<P>(
    uow: &mut Uow,
    batch: Vec<Pending<(ClientId, NewClient), P>>,
) -> Result<Vec<Settled<P>>, Error> {
    let (places, new): (Vec<P>, Vec<_>) = batch.into_iter().map(|pending| (pending.place, pending.item)).unzip();
    let opened = open_each(uow, new).await?;
    let settle = |(place, opened): (P, Result<Client, Error>)| {
        let outcome = opened.map_or_else(Outcome::refused, |client| Ok(Outcome::Accepted(client.client_id.0)))?;
        Ok(Settled::new(place, outcome))
    };
    places.into_iter().zip(opened).map(settle).collect()
}

async fn open_each(uow: &mut Uow, new: Vec<(ClientId, NewClient)>) -> Result<Vec<Result<Client, Error>>, Error> {
    let advisors = known_advisors(uow, &new).await?;
    let mut outcomes: Vec<Result<Client, Error>> =
        new.into_iter().map(|(id, new)| admit(uow, &advisors, id, new)).collect();
    succession::refuse_unknown(uow, &mut outcomes).await?;
    claim_numbers(uow, &mut outcomes).await?;
    claim_documents(uow, &mut outcomes).await?;
    let (mut rows, mut keys) = (Vec::new(), Vec::new());
    for client in outcomes.iter().flatten() {
        let (key, wrapped) = uow.keyring().new_data_key(client.client_id)?;
        rows.push((client, identity::sealed(&key, client.client_id, &client.identity)?));
        keys.push(wrapped);
        if outcomes.len() == 1 {
            uow.keep_answer_under(client.client_id, key);
        }
    }
    let (version, now) = (uow.keyring().version(), uow.now());
    store::insert(uow.conn(), &rows, &keys, version, now).await?;
    let assignment = |client: &Client| NewAssignment {
        client_id: client.client_id,
        branch_id: client.profile.branch_id,
        advisor_id: client.profile.advisor_id,
    };
    let assignments: Vec<NewAssignment> = outcomes.iter().flatten().map(assignment).collect();
    super::assignments::begin(uow, &assignments).await?;
    for client in outcomes.iter().flatten() {
        let Profile { branch_id, advisor_id, kind, .. } = client.profile;
        let event = ClientOpened { branch_id, advisor_id, kind };
        uow.record(Event::new(event, client.client_id.0).of_client(client.client_id));
    }
    Ok(outcomes)
}

async fn known_advisors(uow: &mut Uow, new: &[(ClientId, NewClient)]) -> Result<HashSet<StaffId>, Error> {
    let named: HashSet<StaffId> = new.iter().filter_map(|(_, new)| new.profile.advisor_id).collect();
    let named: Vec<StaffId> = named.into_iter().collect();
    Ok(access::existing_advisors(uow, &named).await?.into_iter().collect())
}

fn admit(uow: &Uow, advisors: &HashSet<StaffId>, client_id: ClientId, new: NewClient) -> Result<Client, Error> {
    if new.profile.advisor_id.is_some_and(|id| !advisors.contains(&id)) {
        return Err(Error::code(&access::UNKNOWN_ADVISOR));
    }
    let Profile { branch_id, advisor_id, .. } = new.profile;
    if !may_place(uow, branch_id) || !uow.scope().covers(branch_id, advisor_id) {
        return Err(Error::code(&access::UNKNOWN_BRANCH));
    }
    let (now, today) = (uow.now(), uow.today());
    plausible_opening(new.opened_on, today)?;
    let client = Client {
        client_id,
        client_no: new.client_no,
        profile: new.profile,
        lifespan: Lifespan {
            status: ClientStatus::Active,
            opened_on: new.opened_on.unwrap_or(today),
            closed_on: None,
            close_reason: None,
        },
        tier: None,
        identity: new.identity,
        row_version: 1,
        created_at: now,
        updated_at: now,
        pending_changes: Vec::new(),
    };
    client.is_consistent().map(|()| client)
}

/// Whether the caller may put a client into that branch: one in scope, or the own. That the client would be the
/// caller's own is not enough, or advisors could take clients out of their branch.
pub fn may_place(uow: &Uow, branch_id: BranchId) -> bool {
    let principal = &uow.caller().principal;
    let scope = &principal.visibility;
    scope.firm || scope.branch_ids.contains(&branch_id.0) || principal.branch_id == branch_id
}

/// A client or an account has been opened when the day has come; no record is older than 1970.
pub fn plausible_opening(opened_on: Option<NaiveDate>, today: NaiveDate) -> Result<(), Error> {
    if opened_on.is_some_and(|day| day < NaiveDate::default()) {
        return Err(Error::fault(faults::OPENED_TOO_EARLY.at("/opened_on")));
    }
    if opened_on.is_some_and(|day| day > today) {
        return Err(Error::fault(faults::OPENED_LATER.at("/opened_on")));
    }
    Ok(())
}

/// Two items with the same number count as taken from the second on: the first claims it.
async fn claim_numbers(uow: &mut Uow, outcomes: &mut [Result<Client, Error>]) -> Result<(), Error> {
    let mut seen = HashSet::new();
    let admitted = outcomes.iter().flatten().filter(|client| seen.insert(client.client_no.clone()));
    let (numbers, ids): (Vec<String>, Vec<Uuid>) =
        admitted.map(|client| (client.client_no.clone(), client.client_id.0)).unzip();
    let mut won: HashSet<String> = store::claim_numbers(uow.conn(), &numbers, &ids).await?.into_iter().collect();
    refuse_unless(outcomes, |client| won.remove(&client.client_no), &CLIENT_NO_TAKEN);
    Ok(())
}

async fn claim_documents(uow: &mut Uow, outcomes: &mut [Result<Client, Error>]) -> Result<(), Error> {
    let wanted: Vec<(Vec<u8>, &Client)> = outcomes
        .iter()
        .flatten()
        .filter_map(|client| {
            let document = client.identity.document.as_ref()?;
            Some((identity::document_index(uow.keyring(), document), client))
        })
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut seen = HashSet::new();
    let first = wanted.iter().filter(|(index, _)| seen.insert(index.clone()));
    let (indexes, ids): (Vec<Vec<u8>>, Vec<Uuid>) =
        first.map(|(index, client)| (index.clone(), client.client_id.0)).unzip();
    let won: HashSet<Uuid> = store::claim_documents(uow.conn(), &indexes, &ids).await?.into_iter().collect();
    let lost = wanted.into_iter().filter(|(_, client)| !won.contains(&client.client_id.0));
    let lost: Vec<Lost> = lost.map(|(index, client)| Lost::new(index, client)).collect();
    let mut refused = succession::take_over(uow, lost).await?;
    let numbers: Vec<String> = outcomes
        .iter()
        .flatten()
        .filter(|client| refused.contains_key(&client.client_id))
        .map(|client| client.client_no.clone())
        .collect();
    store::release_numbers(uow.conn(), &numbers).await?;
    for outcome in outcomes {
        if let Some(error) = outcome.as_ref().ok().and_then(|client| refused.remove(&client.client_id)) {
            *outcome = Err(error);
        }
    }
    Ok(())
}

fn refuse_unless(
    outcomes: &mut [Result<Client, Error>],
    mut good: impl FnMut(&Client) -> bool,
    code: &'static platform::kernel::error::Code,
) {
    for outcome in outcomes {
        if outcome.as_ref().is_ok_and(|client| !good(client)) {
            *outcome = Err(Error::code(code));
        }
    }
}
