//! The people: nobody gives more than they hold, and somebody always administers the whole firm.

use std::collections::HashMap;

use serde_json::json;

use super::super::events::{StaffChanged, StaffCreated};
use super::super::model::*;
use super::super::{BEYOND_OWN_RIGHTS, LAST_ADMINISTRATOR, password, rules, store};
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::{BranchId, StaffId};
use platform::kernel::lock::Lock;
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// Creates a member of staff. Nobody grants a wider scope than their own, or in a branch out of their scope.
pub async fn create_staff(uow: &mut Uow, new: NewStaff) -> Result<Staff, Error> {
    allowed(uow, &new).await?;
    let hash = password::hash(new.password.clone()).await?;
    insert_staff(uow, new, &hash).await
}

/// Enters people who begin with one and the same password, the first one's: hashing is slow, so it is done once.
pub async fn create_staff_together(uow: &mut Uow, team: Vec<NewStaff>) -> Result<Vec<Staff>, Error> {
    let Some(first) = team.first() else { return Ok(Vec::new()) };
    let hash = password::hash(first.password.clone()).await?;
    let mut entered = Vec::new();
    for new in team {
        allowed(uow, &new).await?;
        entered.push(insert_staff(uow, new, &hash).await?);
    }
    Ok(entered)
}

async fn allowed(uow: &mut Uow, new: &NewStaff) -> Result<(), Error> {
    if let Some(fault) = password::fault(&new.password, &new.username) {
        return Err(Error::fault(fault));
    }
    let data_scope = new.data_scope.unwrap_or_else(|| rules::usual_scope(new.role));
    within_own_rights(uow, &[(data_scope, new.branch_id)]).await
}

async fn insert_staff(uow: &mut Uow, new: NewStaff, hash: &str) -> Result<Staff, Error> {
    let staff = Staff {
        staff_id: uow.id(),
        username: new.username,
        name: new.name,
        role: new.role,
        data_scope: new.data_scope.unwrap_or_else(|| rules::usual_scope(new.role)),
        branch_id: new.branch_id,
        status: StaffStatus::Active,
        row_version: 1,
        created_at: uow.now(),
    };
    store::insert_staff(uow.conn(), &staff, hash).await?;
    let event = StaffCreated { role: staff.role, data_scope: staff.data_scope };
    uow.record(Event::new(event, staff.staff_id.0));
    Ok(staff)
}

/// The first administrator of an empty database; `None` when someone works here already.
pub async fn create_first_administrator(uow: &mut Uow, username: &str, password: &str) -> Result<Option<Staff>, Error> {
    if store::anyone(uow.conn()).await? {
        return Ok(None);
    }
    let new = NewStaff {
        username: username.to_owned(),
        name: username.to_owned(),
        role: Role::Administrator,
        data_scope: None,
        branch_id: BranchId::ROOT,
        password: password.to_owned(),
    };
    create_staff(uow, new).await.map(Some)
}

/// Changes a member of staff. A change of rights or password ends their sessions.
pub async fn change_staff(uow: &mut Uow, id: StaffId, mut change: StaffChange, mut lock: Lock) -> Result<Staff, Error> {
    let password = change.password.take();
    let mut hash = None;
    loop {
        let before = get_staff(uow, id).await?;
        lock.check(before.row_version)?;
        let after = changed(&before, &change);
        within_own_rights(uow, &[(before.data_scope, before.branch_id), (after.data_scope, after.branch_id)]).await?;
        if let Some(fault) = password.as_deref().and_then(|new| password::fault(new, &before.username)) {
            return Err(Error::fault(fault));
        }
        if password.is_none() && after == before {
            return Ok(before);
        }
        if rules::administers_firm(&before)
            && !rules::administers_firm(&after)
            && store::other_firm_administrators(uow.conn(), id).await? == 0
        {
            return Err(Error::code(&LAST_ADMINISTRATOR));
        }
        if let (Some(new), None) = (&password, &hash) {
            hash = Some(password::hash(new.clone()).await?);
        }
        let rights = |s: &Staff| (s.role, s.data_scope, s.branch_id, s.status);
        let reauthorise = hash.is_some() || rights(&before) != rights(&after);
        if store::update_staff(uow.conn(), &after, hash.as_deref(), reauthorise, before.row_version).await? {
            let Staff { role, data_scope, status, .. } = after;
            let event = StaffChanged { role, data_scope, status, password: hash.is_some() };
            let shown = |s: &Staff| {
                json!({
                    "name": s.name, "role": s.role, "data_scope": s.data_scope, "branch_id": s.branch_id, "status": s.status,
                })
            };
            uow.record(Event::new(event, id.0).change(&shown(&before), &shown(&after)));
            return Ok(Staff { row_version: before.row_version + 1, ..after });
        }
        lock.overtaken()?;
    }
}

fn changed(before: &Staff, change: &StaffChange) -> Staff {
    Staff {
        name: change.name.clone().unwrap_or_else(|| before.name.clone()),
        role: change.role.unwrap_or(before.role),
        data_scope: change.data_scope.unwrap_or(before.data_scope),
        branch_id: change.branch_id.unwrap_or(before.branch_id),
        status: change.status.unwrap_or(before.status),
        ..before.clone()
    }
}

/// The scope's breadth counts, not only who is in it today: a tree grows.
async fn within_own_rights(uow: &mut Uow, rights: &[(DataScope, BranchId)]) -> Result<(), Error> {
    let (scope, caller) = (uow.visibility(), uow.caller().principal.staff_id);
    let own = match caller.filter(|_| !scope.firm) {
        Some(id) => store::staff(uow.conn(), &Visibility::firm(), id).await?,
        None => None,
    };
    let within = |(breadth, branch_id): &(DataScope, BranchId)| {
        own.as_ref().is_some_and(|own| *breadth <= own.data_scope) && scope.branch_ids.contains(&branch_id.0)
    };
    if scope.firm || rights.iter().all(within) { Ok(()) } else { Err(Error::code(&BEYOND_OWN_RIGHTS)) }
}

/// Staff in scope.
pub async fn list_staff(
    read: &mut Read,
    filter: &StaffFilter,
    page: &PageRequest<StaffId>,
) -> Result<Page<Staff, StaffId>, Error> {
    let (conn, scope) = read.scoped();
    store::list_staff(conn, scope, filter, page).await
}

/// One member of staff in scope.
pub async fn get_staff(read: &mut Read, id: StaffId) -> Result<Staff, Error> {
    let (conn, scope) = read.scoped();
    store::staff(conn, scope, id).await?.ok_or_else(Error::not_found)
}

/// The caller, whatever their scope; 404 for a part of the system.
pub async fn me(read: &mut Read) -> Result<Staff, Error> {
    let id = read.caller().principal.staff_id.ok_or_else(Error::not_found)?;
    store::staff(read.conn(), &Visibility::firm(), id).await?.ok_or_else(Error::not_found)
}

/// Whether the caller may name this person as a client's advisor.
pub async fn advisor_exists(read: &mut Read, id: StaffId) -> Result<bool, Error> {
    Ok(!existing_advisors(read, &[id]).await?.is_empty())
}

/// Those of these people whom the caller may name, in one statement.
pub async fn existing_advisors(read: &mut Read, ids: &[StaffId]) -> Result<Vec<StaffId>, Error> {
    let (conn, scope) = read.scoped();
    let found = if ids.is_empty() { Vec::new() } else { store::staff_among(conn, scope, ids).await? };
    let may = |staff: &Staff| staff.status == StaffStatus::Active && rules::advises(staff.role);
    Ok(found.into_iter().filter(may).map(|staff| staff.staff_id).collect())
}

/// A member of staff by user name.
pub async fn staff_by_username(read: &mut Read, username: &str) -> Result<Option<Staff>, Error> {
    Ok(store::staff_and_hash(read.conn(), username).await?.map(|(staff, ..)| staff))
}

/// Members of staff by their user names, in one statement.
pub async fn staff_ids(read: &mut Read, usernames: &[String]) -> Result<HashMap<String, StaffId>, Error> {
    store::staff_ids(read.conn(), usernames).await
}

/// Whether anyone works here yet.
pub async fn anyone(read: &mut Read) -> Result<bool, Error> {
    store::anyone(read.conn()).await
}
