//! Changes of branch and advisor for a later day: noted now, in effect when the day begins.

use chrono::{Days, NaiveDate};

use super::super::events::*;
use super::super::jobs;
use super::super::model::*;
use super::super::rules::periods::{Edit, Holder, Named};
use super::super::{NOTHING_SCHEDULED, faults, store};
use super::{assignments, writing};
use platform::db::Uow;
use platform::kernel::error::{self, Error};
use platform::kernel::event::Event;
use platform::kernel::ids::ClientId;
use platform::kernel::lock::Lock;

/// How far ahead a change may be scheduled.
const SCHEDULED_AHEAD: Days = Days::new(731);

/// From when on branch and advisor are as a change says.
#[derive(Clone, Copy, Debug)]
pub enum Effective {
    /// Now.
    Now,
    /// Since a day that is over: the history is corrected.
    Since(NaiveDate),
    /// From a day to come.
    From(NaiveDate),
}

/// From when on, within bounds.
pub fn effective(uow: &Uow, client: &Client, effective_on: Option<NaiveDate>) -> Result<Effective, Error> {
    let today = uow.today();
    let Some(day) = effective_on.filter(|day| *day != today) else { return Ok(Effective::Now) };
    if day < client.lifespan.opened_on || day > today + SCHEDULED_AHEAD {
        return Err(Error::fault(faults::TOO_FAR_AHEAD.at("/effective_on")));
    }
    Ok(if day < today { Effective::Since(day) } else { Effective::From(day) })
}

/// Takes out of a change what is to hold from a later day only.
pub fn taken_out(change: &ClientChange, before: &Client, after: &mut Client) -> Named {
    let is_named = |member: &str| change.members.contains_key(member);
    let named = Named {
        branch_id: is_named("branch_id").then_some(after.profile.branch_id),
        advisor_id: is_named("advisor_id").then_some(after.profile.advisor_id),
    };
    (after.profile.branch_id, after.profile.advisor_id) = (before.profile.branch_id, before.profile.advisor_id);
    named
}

/// Notes what is to hold from a later day on, in the place of what was noted for that day.
pub async fn schedule(uow: &mut Uow, client_id: ClientId, day: NaiveDate, named: Named) -> Result<(), Error> {
    let from = uow.calendar().start_of(day);
    assignments::edit(uow, client_id, Edit::Schedule(from, named)).await?;
    jobs::take_effect_at(uow, client_id, day, from).await?;
    let members = [(named.branch_id.is_some(), "branch_id"), (named.advisor_id.is_some(), "advisor_id")];
    let members = members.into_iter().filter(|(is_named, _)| *is_named).map(|(_, member)| member.to_owned()).collect();
    let event = Event::new(ClientAssignmentScheduled { effective_on: day, members }, client_id.0);
    uow.record(event.of_client(client_id));
    Ok(())
}

/// Takes back what was noted for a later day.
pub async fn cancel(uow: &mut Uow, client_id: ClientId, day: NaiveDate, mut lock: Lock) -> Result<Client, Error> {
    loop {
        let (client, _) = writing::load_open(uow, client_id).await?;
        lock.check(client.row_version)?;
        let (from, now) = (uow.calendar().start_of(day), uow.now());
        let periods = store::periods(uow.conn(), client_id, now).await?;
        if from <= now || !periods.iter().any(|period| period.named.is_some() && period.from == Some(from)) {
            return Err(Error::code(&NOTHING_SCHEDULED));
        }
        if touch(uow, &client).await? {
            assignments::edit(uow, client_id, Edit::Cancel(from)).await?;
            jobs::call_off(uow, client_id, day).await?;
            let event = Event::new(ClientAssignmentCancelled { effective_on: day }, client_id.0);
            uow.record(event.of_client(client_id));
            return super::read(uow, client_id).await;
        }
        lock.overtaken()?;
    }
}

/// Of a client that is closed nothing is to change any more.
pub async fn cancel_all(uow: &mut Uow, client_id: ClientId) -> Result<(), Error> {
    let now = uow.now();
    if store::scheduled(uow.conn(), &[client_id], now).await?.is_empty() {
        return Ok(());
    }
    assignments::edit(uow, client_id, Edit::CancelAll).await
}

/// Takes the version of a client, so that nobody changes it beside us; false when it is no longer the current one.
pub async fn touch(uow: &mut Uow, client: &Client) -> Result<bool, Error> {
    let Profile { branch_id, advisor_id, .. } = client.profile;
    let (at, now) = ((client.client_id, client.row_version), uow.now());
    store::place(uow.conn(), at, Holder { branch_id, advisor_id }, now).await
}

/// Makes a client's branch and advisor what holds now; false when they are so, or the client is closed or gone.
pub async fn take_effect(uow: &mut Uow, client_id: ClientId) -> Result<bool, Error> {
    let mut lock = Lock::none();
    loop {
        let before = match super::read(uow, client_id).await {
            Err(gone) if gone.is(&error::NOT_FOUND) => return Ok(false),
            found => found?,
        };
        let now = uow.now();
        let Some(holder) = store::holder(uow.conn(), client_id, now).await? else { return Ok(false) };
        let mut after = before.clone();
        (after.profile.branch_id, after.profile.advisor_id) = (holder.branch_id, holder.advisor_id);
        if after.profile == before.profile || before.lifespan.status == ClientStatus::Closed {
            return Ok(false);
        }
        if store::place(uow.conn(), (client_id, before.row_version), holder, now).await? {
            writing::record(uow, ClientChanged, &before, &after)?;
            return Ok(true);
        }
        lock.overtaken()?;
    }
}
