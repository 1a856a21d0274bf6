//! Use cases of approvals. Slices call [`propose`] and [`open`]; the rest is the same for all of them.

use chrono::Duration;
use uuid::Uuid;

use super::events::*;
use super::kind::{self, ApprovalKind};
use super::model::*;
use super::store::{self, SealedChange};
use super::{CHANGE_EXPIRED, NOT_AN_APPROVER, NOT_THE_MAKER, TAKES_ANOTHER_PERSON, timer};
use crate::db::vault::Sealer;
use crate::db::{Read, Uow};
use crate::kernel::error::{self, Error};
use crate::kernel::event::{Event, EventType};
use crate::kernel::ids::PendingChangeId;
use crate::kernel::lifecycle::step;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::principal::Visibility;

/// How long a change waits.
const WAITS: Duration = Duration::days(14);
/// Changes that one run of the timer ends.
const EXPIRED_TOGETHER: i64 = 500;
const PAYLOAD: &str = "pending_change.payload";

/// Asks for a change that another person is to approve. One that waits for an older version of the subject, which
/// nobody can approve any more, makes room for it.
pub async fn propose(uow: &mut Uow, new: NewChange) -> Result<PendingChange, Error> {
    invalidate_older(uow, &new).await?;
    let plain = serde_json::to_vec(&new.payload).map_err(Error::internal)?;
    let sealed = match new.client_id {
        Some(client_id) => {
            let wrapped = store::wrapped_key(uow.conn(), client_id).await?.ok_or_else(Error::not_found)?;
            uow.keyring().data_key(client_id, &wrapped)?.seal(PAYLOAD, &plain)?
        }
        None => uow.keyring().house().seal(PAYLOAD, &plain)?,
    };
    let (id, now, maker) = (uow.id::<PendingChangeId>(), uow.now(), uow.caller().principal.name.clone());
    let expires_at = now + WAITS;
    store::insert(uow.conn(), id, &new, &sealed, &maker, (now, expires_at)).await?;
    timer::expire_at(uow, id, expires_at).await?;
    let change = PendingChange {
        pending_change_id: id,
        kind: new.kind.to_owned(),
        subject_id: new.subject_id,
        client_id: new.client_id,
        row_version: new.row_version,
        payload: new.payload,
        status: ChangeStatus::Pending,
        maker,
        checker: None,
        comment: new.comment,
        reason: None,
        created_at: now,
        expires_at,
        decided_at: None,
    };
    record(uow, ChangeProposed, &change);
    Ok(change)
}

async fn invalidate_older(uow: &mut Uow, new: &NewChange) -> Result<(), Error> {
    let Some(id) = store::open(uow.conn(), new.kind, new.subject_id).await? else { return Ok(()) };
    // Whoever may ask for it anew may do so whoever sees the one before.
    let sealed = store::one_locked(uow.conn(), &Visibility::firm(), id).await?.ok_or_else(Error::not_found)?;
    let waiting = opened(uow, sealed)?;
    if waiting.status == ChangeStatus::Pending && waiting.row_version != new.row_version {
        decide(uow, waiting, ChangeAction::Invalidate, None).await?;
    }
    Ok(())
}

/// The change of a kind that a subject waits for.
pub async fn open(read: &mut Read, kind: &str, subject_id: Uuid) -> Result<Option<PendingChange>, Error> {
    match store::open(read.conn(), kind, subject_id).await? {
        Some(id) => one(read, id).await.map(Some),
        None => Ok(None),
    }
}

/// Changes within scope, newest first.
pub async fn list(
    read: &mut Read,
    filter: &ChangeFilter,
    page: &PageRequest<PendingChangeId>,
) -> Result<Page<PendingChange, PendingChangeId>, Error> {
    let (conn, scope) = read.scoped();
    let page = store::list(conn, scope, filter, page).await?;
    let items = page.items.into_iter().map(|sealed| opened(read, sealed)).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

/// One change within scope.
pub async fn one(read: &mut Read, id: PendingChangeId) -> Result<PendingChange, Error> {
    let (conn, scope) = read.scoped();
    let sealed = store::one(conn, scope, id).await?.ok_or_else(Error::not_found)?;
    opened(read, sealed)
}

/// Lets a change happen. Where its subject has changed since, nothing happens and the change is stale.
pub async fn approve(uow: &mut Uow, id: PendingChangeId) -> Result<PendingChange, Error> {
    let (change, kind) = to_decide(uow, id, ChangeAction::Approve).await?;
    if (kind.version)(uow, &change).await? != Some(change.row_version) {
        return decide(uow, change, ChangeAction::Invalidate, None).await;
    }
    // First the decision, with the constraints that hold it, then what it lets happen.
    let approved = decide(uow, change.clone(), ChangeAction::Approve, None).await?;
    match (kind.apply)(uow, &change).await {
        // Between our look and its lock somebody changed the subject: the next try finds the change stale.
        Err(overtaken) if overtaken.is(&error::VERSION_MISMATCH) => {
            Err(Error::code(&error::CONFLICT).with(|refusal| refusal.retry_after_s = Some(1)))
        }
        outcome => outcome.map(|()| approved),
    }
}

/// Refuses a change, with the reason.
pub async fn reject(uow: &mut Uow, id: PendingChangeId, reason: String) -> Result<PendingChange, Error> {
    let (change, kind) = to_decide(uow, id, ChangeAction::Reject).await?;
    let rejected = decide(uow, change, ChangeAction::Reject, Some(reason)).await?;
    (kind.dropped)(uow, &rejected).await?;
    Ok(rejected)
}

/// Takes a change back.
pub async fn withdraw(uow: &mut Uow, id: PendingChangeId) -> Result<PendingChange, Error> {
    let change = locked(uow, id).await?;
    step(change.status, ChangeAction::Withdraw)?;
    if change.maker != uow.caller().principal.name {
        return Err(Error::code(&NOT_THE_MAKER));
    }
    let withdrawn = decide(uow, change, ChangeAction::Withdraw, None).await?;
    (kind::find(&withdrawn.kind)?.dropped)(uow, &withdrawn).await?;
    Ok(withdrawn)
}

/// Ends what has waited too long; how much that was.
pub async fn expire_due(uow: &mut Uow) -> Result<usize, Error> {
    let now = uow.now();
    let ids = store::due(uow.conn(), now, EXPIRED_TOGETHER).await?;
    let mut expired = 0;
    for id in ids {
        let change = locked(uow, id).await?;
        // Somebody may have decided since.
        if change.status == ChangeStatus::Pending {
            let ended = decide(uow, change, ChangeAction::Expire, None).await?;
            (kind::find(&ended.kind)?.dropped)(uow, &ended).await?;
            expired += 1;
        }
    }
    Ok(expired)
}

/// A change that this caller may decide: it waits, its time is not over, and they are another person with the
/// permission.
async fn to_decide(
    uow: &mut Uow,
    id: PendingChangeId,
    action: ChangeAction,
) -> Result<(PendingChange, &'static ApprovalKind), Error> {
    let change = locked(uow, id).await?;
    let kind = kind::find(&change.kind)?;
    step(change.status, action)?;
    let caller = &uow.caller().principal;
    if !caller.scopes.contains(kind.permission) {
        let permission = kind.permission;
        let (en, zh) = (format!("It takes the permission {permission}."), format!("需要权限 {permission}。"));
        return Err(Error::detailed(&NOT_AN_APPROVER, en, zh));
    }
    if change.maker == caller.name || !caller.is_person() {
        return Err(Error::code(&TAKES_ANOTHER_PERSON));
    }
    if change.expires_at <= uow.now() {
        return Err(Error::code(&CHANGE_EXPIRED));
    }
    Ok((change, kind))
}

async fn locked(uow: &mut Uow, id: PendingChangeId) -> Result<PendingChange, Error> {
    let (conn, scope) = uow.scoped();
    let sealed = store::one_locked(conn, scope, id).await?.ok_or_else(Error::not_found)?;
    opened(uow, sealed)
}

async fn decide(
    uow: &mut Uow,
    change: PendingChange,
    action: ChangeAction,
    reason: Option<String>,
) -> Result<PendingChange, Error> {
    let (status, now) = (step(change.status, action)?, uow.now());
    let by_a_person = matches!(action, ChangeAction::Approve | ChangeAction::Reject);
    let checker = by_a_person.then(|| uow.caller().principal.name.clone());
    let id = change.pending_change_id;
    store::decide(uow.conn(), id, status, checker.as_deref(), reason.as_deref(), now).await?;
    let decided = PendingChange { status, checker, reason, decided_at: Some(now), ..change };
    match status {
        ChangeStatus::Pending => record(uow, ChangeProposed, &decided),
        ChangeStatus::Approved => record(uow, ChangeApproved, &decided),
        ChangeStatus::Rejected => record(uow, ChangeRejected, &decided),
        ChangeStatus::Withdrawn => record(uow, ChangeWithdrawn, &decided),
        ChangeStatus::Expired => record(uow, ChangeExpired, &decided),
        ChangeStatus::Stale => record(uow, ChangeStale, &decided),
    }
    Ok(decided)
}

fn opened(read: &Read, sealed: SealedChange) -> Result<PendingChange, Error> {
    let client_key: Option<Sealer> = match (sealed.client_id, &sealed.wrapped_key) {
        (Some(client_id), Some(wrapped)) => Some(read.keyring().data_key(client_id, wrapped)?),
        // The client's key was erased, and with it the change.
        (Some(_), None) => return Err(Error::not_found()),
        (None, _) => None,
    };
    let plain = client_key.as_ref().unwrap_or(read.keyring().house()).open(PAYLOAD, &sealed.payload)?;
    Ok(PendingChange {
        pending_change_id: sealed.pending_change_id,
        kind: sealed.kind,
        subject_id: sealed.subject_id,
        client_id: sealed.client_id,
        row_version: sealed.row_version,
        payload: serde_json::from_slice(&plain).map_err(Error::internal)?,
        status: sealed.status,
        maker: sealed.maker,
        checker: sealed.checker,
        comment: sealed.comment,
        reason: sealed.reason,
        created_at: sealed.created_at,
        expires_at: sealed.expires_at,
        decided_at: sealed.decided_at,
    })
}

fn record<E: EventType>(uow: &mut Uow, happened: fn(ChangeReference) -> E, change: &PendingChange) {
    let reference = ChangeReference { kind: change.kind.clone(), subject_id: change.subject_id };
    let event = Event::new(happened(reference), change.pending_change_id.0);
    uow.record(match change.client_id {
        Some(client_id) => event.of_client(client_id),
        None => event,
    });
}
