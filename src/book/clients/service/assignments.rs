//! Whose a client is: periods of branch and advisor, and changes of the advisor of many.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::super::events::{ChangedMembers, ClientChanged};
use super::super::model::*;
use super::super::rules::periods::{Edit, Holder, edited};
use super::super::{CLIENT_CLOSED, store};
use firm::access;
use platform::bulk::{self, BulkItem, BulkPlan, Done, NewItem};
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::{BranchId, ClientId, StaffId};
use platform::kernel::page::{Page, PageRequest};

/// Notes whose these clients are from now on; with the columns that say so, in one unit of work. What is scheduled
/// stays so.
pub(super) async fn assign(uow: &mut Uow, new: &[NewAssignment]) -> Result<(), Error> {
    let (clients, now): (Vec<ClientId>, _) = (new.iter().map(|one| one.client_id).collect(), uow.now());
    let scheduled = store::scheduled(uow.conn(), &clients, now).await?;
    let (some, none): (Vec<NewAssignment>, Vec<NewAssignment>) =
        new.iter().copied().partition(|one| scheduled.contains(&one.client_id));
    for NewAssignment { client_id, branch_id, advisor_id } in some {
        edit(uow, client_id, Edit::Now(Holder { branch_id, advisor_id })).await?;
    }
    begin(uow, &none).await
}

/// The same of clients of whom nothing is scheduled.
pub(super) async fn begin(uow: &mut Uow, new: &[NewAssignment]) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = new.iter().map(|_| uow.id()).collect();
    let (now, by) = (uow.now(), uow.caller().principal.name.clone());
    store::assign(uow.conn(), new, &ids, now, &by).await
}

/// Notes that a client has been theirs since the beginning of a day that is over or begun.
pub(super) async fn correct(uow: &mut Uow, new: NewAssignment, since: NaiveDate) -> Result<(), Error> {
    let NewAssignment { client_id, branch_id, advisor_id } = new;
    let from = uow.calendar().start_of(since);
    edit(uow, client_id, Edit::Since(from, Holder { branch_id, advisor_id })).await
}

/// Changes the periods of a client, whose row this unit of work has written: nobody else does meanwhile.
pub(super) async fn edit(uow: &mut Uow, client_id: ClientId, edit: Edit) -> Result<(), Error> {
    let (now, by) = (uow.now(), uow.caller().principal.name.clone());
    let from = edit.touches(now);
    let after = edited(store::periods(uow.conn(), client_id, from).await?, edit, now, &by);
    let ids: Vec<Uuid> = after.iter().map(|_| uow.id()).collect();
    store::replace_periods(uow.conn(), client_id, from, &after, &ids, now).await
}

/// Whose a client was, is and is to be, latest first.
pub async fn history(
    read: &mut Read,
    client_id: ClientId,
    page: &PageRequest<AssignmentPlace>,
) -> Result<Page<ClientAssignment, AssignmentPlace>, Error> {
    super::visible(read, client_id).await?;
    let now = read.now();
    store::history(read.conn(), client_id, page, now).await
}

/// Clients of a filter whose advisor would change.
pub async fn preview_reassignment(
    uow: &mut Uow,
    filter: ReassignmentFilter,
    change: Reassignment,
) -> Result<Vec<NewItem>, Error> {
    if let Some(advisor_id) = change.advisor_id
        && !access::advisor_exists(uow, advisor_id).await?
    {
        return Err(Error::code(&access::UNKNOWN_ADVISOR));
    }
    let (conn, scope) = uow.scoped();
    store::reassignable(conn, scope, &filter, change, bulk::MOST_ITEMS + 1).await
}

/// Gives the clients of some items of a plan their new advisor.
pub async fn commit_reassignment(uow: &mut Uow, plan: &BulkPlan, items: &[BulkItem]) -> Result<Vec<Done>, Error> {
    let Reassignment { advisor_id } = serde_json::from_value(plan.change.clone()).map_err(Error::internal)?;
    let moves = items.iter().map(|item| (item.client_id, item.version_before.unwrap_or_default(), advisor_id));
    reassign(uow, plan, moves.collect()).await
}

/// Gives the clients of some items of a plan the advisor they had.
pub async fn undo_reassignment(uow: &mut Uow, plan: &BulkPlan, items: &[BulkItem]) -> Result<Vec<Done>, Error> {
    #[derive(Deserialize)]
    struct Before {
        advisor_id: Option<StaffId>,
    }
    let mut moves = Vec::with_capacity(items.len());
    for item in items {
        let Before { advisor_id } = serde_json::from_value(item.before.clone()).map_err(Error::internal)?;
        moves.push((item.client_id, item.version_after.unwrap_or_default(), advisor_id));
    }
    reassign(uow, plan, moves).await
}

async fn reassign(uow: &mut Uow, plan: &BulkPlan, moves: Vec<store::Move>) -> Result<Vec<Done>, Error> {
    let now = uow.now();
    let (conn, scope) = uow.scoped();
    let moved = store::move_advisors(conn, scope, &moves, now).await?;
    let moved: HashMap<ClientId, (BranchId, i64)> =
        moved.into_iter().map(|one| (one.client_id, (one.branch_id, one.row_version))).collect();
    let assignment = |&(client_id, _, advisor_id): &store::Move| {
        moved.get(&client_id).map(|&(branch_id, _)| NewAssignment { client_id, branch_id, advisor_id })
    };
    let assignments: Vec<NewAssignment> = moves.iter().filter_map(assignment).collect();
    assign(uow, &assignments).await?;
    let left: Vec<ClientId> = moves.iter().map(|one| one.0).filter(|id| !moved.contains_key(id)).collect();
    let left: HashMap<ClientId, ClientStatus> =
        super::resolve(uow, &[], &left).await?.into_iter().map(|client| (client.client_id, client.status)).collect();
    for client_id in moved.keys() {
        let changed = vec!["advisor_id".to_owned()];
        let changed = ChangedMembers { changed, bulk_plan_id: Some(plan.bulk_plan_id) };
        uow.record(Event::new(ClientChanged(changed), client_id.0).of_client(*client_id));
    }
    Ok(moves
        .iter()
        .map(|(client_id, ..)| match (moved.get(client_id), left.get(client_id)) {
            (Some((_, version)), _) => Done::Written(*version),
            (None, Some(ClientStatus::Closed)) => Done::Left(CLIENT_CLOSED.code),
            (None, Some(_)) => Done::CHANGED_SINCE,
            (None, None) => Done::OUT_OF_SCOPE,
        })
        .collect())
}
