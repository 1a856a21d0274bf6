//! Use cases of policies.

mod record;
mod ruling;

pub use self::ruling::{active_on, at, now, numbered, seed, timeline};

use chrono::NaiveDate;
use serde_json::{Value, json};

use self::record::{record, write};
use super::events::*;
use super::kind::{self, PolicyKind};
use super::model::*;
use super::{NO_SIMULATION, POLICY_MUST_RULE, UNKNOWN_POLICY_KIND, store, timer};
use crate::approvals::{self, NewChange, PendingChange};
use crate::db::{Read, Uow};
use crate::kernel::error::{self, Error};
use crate::kernel::fault;
use crate::kernel::ids::{PendingChangeId, PolicyId};
use crate::kernel::lifecycle::step;
use crate::kernel::lock::Lock;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::patch::Patch;

/// The kind of change that puts a policy into force.
pub const APPROVAL: &str = "policy";

/// Versions, newest first.
pub async fn list(
    read: &mut Read,
    filter: &PolicyFilter,
    page: &PageRequest<PolicyId>,
) -> Result<Page<PolicyVersion, PolicyId>, Error> {
    store::list(read.conn(), filter, page).await
}

/// One version.
pub async fn one(read: &mut Read, id: PolicyId) -> Result<PolicyVersion, Error> {
    store::one(read.conn(), id).await?.ok_or_else(Error::not_found)
}

/// Drafts the next version of a kind.
pub async fn draft(uow: &mut Uow, mut new: NewPolicy) -> Result<PolicyVersion, Error> {
    new.rules = (known(&new.kind)?.check)(new.rules)?;
    future(new.effective_on, uow.today())?;
    let (id, now, by) = (uow.id::<PolicyId>(), uow.now(), uow.caller().principal.name.clone());
    store::lock_kind(uow.conn(), &new.kind).await?;
    let version = store::insert_draft(uow.conn(), id, &new, &by, now).await?;
    record(uow, PolicyDrafted, id, &new.kind, version);
    one(uow, id).await
}

/// Changes a draft. Whoever changed it last has written it.
pub async fn change(
    uow: &mut Uow,
    id: PolicyId,
    rules: Option<Value>,
    note: Patch<String>,
    effective_on: Patch<NaiveDate>,
    mut lock: Lock,
) -> Result<PolicyVersion, Error> {
    loop {
        let before = one(uow, id).await?;
        lock.check(before.row_version)?;
        let after = PolicyVersion {
            status: step(before.status, PolicyAction::Change)?,
            rules: match &rules {
                Some(rules) => (known(&before.kind)?.check)(rules.clone())?,
                None => before.rules.clone(),
            },
            note: note.clone().apply(before.note.clone()),
            effective_on: effective_on.clone().apply(before.effective_on),
            ..before.clone()
        };
        if after == before {
            return Ok(before);
        }
        future(after.effective_on.filter(|day| before.effective_on != Some(*day)), uow.today())?;
        let after = PolicyVersion { drafted_by: uow.caller().principal.name.clone(), ..after };
        if write(uow, &before, &after, PolicyChanged).await? {
            return one(uow, id).await;
        }
        lock.overtaken()?;
    }
}

/// What a version would change, tried on the book.
pub async fn simulate(read: &mut Read, id: PolicyId) -> Result<(PolicyVersion, Value), Error> {
    let version = one(read, id).await?;
    let simulate = known(&version.kind)?.simulate.ok_or_else(|| Error::code(&NO_SIMULATION))?;
    let result = simulate(read, version.rules.clone()).await?;
    Ok((version, result))
}

/// Hands a draft to another person.
pub async fn submit(uow: &mut Uow, id: PolicyId, mut lock: Lock) -> Result<PolicyVersion, Error> {
    loop {
        let before = one(uow, id).await?;
        lock.check(before.row_version)?;
        let status = step(before.status, PolicyAction::Submit)?;
        future(before.effective_on, uow.today())?;
        let submitted_by = Some(uow.caller().principal.name.clone());
        let after = PolicyVersion { status, submitted_by, ..before.clone() };
        if write(uow, &before, &after, PolicySubmitted).await? {
            let after = one(uow, id).await?;
            let payload = json!({
                "kind": after.kind, "version": after.version, "effective_on": after.effective_on, "rules": after.rules,
            });
            approvals::propose(
                uow,
                NewChange {
                    kind: APPROVAL,
                    subject_id: id.0,
                    client_id: None,
                    row_version: after.row_version,
                    payload,
                    comment: after.note.clone(),
                },
            )
            .await?;
            return Ok(after);
        }
        lock.overtaken()?;
    }
}

/// Approves a submitted version: it rules from the day it names, or at once.
pub async fn approve(uow: &mut Uow, id: PolicyId, lock: &Lock) -> Result<PolicyVersion, Error> {
    let change = waiting(uow, id, PolicyAction::Approve, lock).await?;
    approvals::approve(uow, change).await?;
    one(uow, id).await
}

/// Sends a submitted version back to whoever wrote it.
pub async fn reject(uow: &mut Uow, id: PolicyId, reason: String, lock: &Lock) -> Result<PolicyVersion, Error> {
    let change = waiting(uow, id, PolicyAction::Reject, lock).await?;
    approvals::reject(uow, change, reason).await?;
    one(uow, id).await
}

/// The pending change of a submitted version.
async fn waiting(uow: &mut Uow, id: PolicyId, action: PolicyAction, lock: &Lock) -> Result<PendingChangeId, Error> {
    // Not locked here: the change is locked first and its subject after it, by whichever door one comes.
    let version = one(uow, id).await?;
    lock.check(version.row_version)?;
    step(version.status, action)?;
    let change = approvals::open(uow, APPROVAL, id.0).await?;
    // Somebody decided since the version was read: the next try sees what.
    let overtaken = || Error::code(&error::CONFLICT).with(|refusal| refusal.retry_after_s = Some(1));
    change.map(|change| change.pending_change_id).ok_or_else(overtaken)
}

/// The row version a pending change is compared with.
pub async fn version_of(read: &mut Read, change: &PendingChange) -> Result<Option<i64>, Error> {
    Ok(store::one(read.conn(), change.subject_id.into()).await?.map(|version| version.row_version))
}

/// What approval does: the version gets its period, and the one before it ends.
pub async fn approved(uow: &mut Uow, change: &PendingChange) -> Result<(), Error> {
    let before = store::one_locked(uow.conn(), change.subject_id.into()).await?.ok_or_else(Error::not_found)?;
    Lock::version(change.row_version).check(before.row_version)?;
    let (now, today, id) = (uow.now(), uow.today(), before.policy_id);
    let status = step(before.status, PolicyAction::Approve)?;
    let later = before.effective_on.filter(|day| *day > today).and_then(|day| day.pred_opt());
    let (from, status) = match later {
        Some(eve) => (uow.calendar().end_of(eve), status),
        None => (now, step(status, PolicyAction::Activate)?),
    };
    let by = uow.caller().principal.name.clone();
    store::lock_kind(uow.conn(), &before.kind).await?;
    store::make_room(uow.conn(), &before.kind, from).await?;
    store::approve(uow.conn(), id, status, from, &by, now).await?;
    record(uow, PolicyApproved, id, &before.kind, before.version);
    match later {
        Some(_) => timer::activate_at(uow, id, from).await,
        None => {
            record(uow, PolicyActivated, id, &before.kind, before.version);
            activate_due(uow).await
        }
    }
}

/// What follows when a submitted version is not approved: it is a draft again.
pub async fn dropped(uow: &mut Uow, change: &PendingChange) -> Result<(), Error> {
    let before = store::one_locked(uow.conn(), change.subject_id.into()).await?.ok_or_else(Error::not_found)?;
    let status = step(before.status, PolicyAction::Reject)?;
    let after = PolicyVersion { status, submitted_by: None, ..before.clone() };
    write(uow, &before, &after, PolicyReturned).await.map(drop)
}

/// Takes a version out of force: one that does not rule yet, or one of a kind that may be without.
pub async fn retire(uow: &mut Uow, id: PolicyId, lock: &Lock) -> Result<PolicyVersion, Error> {
    let before = store::one_locked(uow.conn(), id).await?.ok_or_else(Error::not_found)?;
    lock.check(before.row_version)?;
    step(before.status, PolicyAction::Retire)?;
    let now = uow.now();
    store::lock_kind(uow.conn(), &before.kind).await?;
    if before.valid_from.is_some_and(|from| from > now) {
        store::withdraw(uow.conn(), &before, now).await?;
    } else if must_rule(&before.kind, uow) {
        return Err(Error::code(&POLICY_MUST_RULE));
    } else {
        store::end(uow.conn(), id, now).await?;
    }
    record(uow, PolicyRetired, id, &before.kind, before.version);
    one(uow, id).await
}

/// Whether a kind is never without a version that rules.
pub fn must_rule(kind: &str, read: &Read) -> bool {
    kind::find(kind).is_some_and(|known| (known.starting)(read.db().currency()).is_some())
}

/// Lets statuses follow the periods that have begun or ended by now.
pub async fn activate_due(uow: &mut Uow) -> Result<(), Error> {
    let now = uow.now();
    for (id, kind, version, status) in store::follow_periods(uow.conn(), now).await? {
        match status {
            PolicyStatus::Active => record(uow, PolicyActivated, id, &kind, version),
            _ => record(uow, PolicySuperseded, id, &kind, version),
        }
    }
    Ok(())
}

fn known(kind: &str) -> Result<&'static PolicyKind, Error> {
    kind::find(kind).ok_or_else(|| {
        let kinds: Vec<&str> = kind::all().iter().map(|known| known.kind).collect();
        let kinds = kinds.join(", ");
        Error::detailed(&UNKNOWN_POLICY_KIND, format!("Known are {kinds}."), format!("可用的类别：{kinds}。"))
    })
}

fn future(effective_on: Option<NaiveDate>, today: NaiveDate) -> Result<(), Error> {
    if effective_on.is_some_and(|day| day < today) {
        return Err(Error::fault(fault::IN_THE_PAST.at("/effective_on")));
    }
    Ok(())
}
