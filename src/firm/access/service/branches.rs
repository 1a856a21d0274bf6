//! The firm's tree: read whole, changed within one's scope.

use std::collections::HashMap;

use serde_json::json;

use super::super::events::{BranchChanged, BranchCreated};
use super::super::model::*;
use super::super::{UNKNOWN_BRANCH, store};
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::BranchId;
use platform::kernel::lock::Lock;
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// Creates a branch below another that is in scope.
pub async fn create_branch(uow: &mut Uow, new: NewBranch) -> Result<Branch, Error> {
    if !in_scope(uow.scope(), new.parent_id) {
        return Err(Error::code(&UNKNOWN_BRANCH));
    }
    let branch = Branch {
        branch_id: uow.id(),
        parent_id: Some(new.parent_id),
        code: new.code,
        name: new.name,
        row_version: 1,
        created_at: uow.now(),
    };
    if !store::insert_branch(uow.conn(), &branch).await? {
        return Err(Error::code(&UNKNOWN_BRANCH));
    }
    uow.record(Event::new(BranchCreated { parent_id: new.parent_id }, branch.branch_id.0));
    Ok(branch)
}

/// Changes name or code of a branch in scope.
pub async fn change_branch(
    uow: &mut Uow,
    id: BranchId,
    name: Option<String>,
    code: Option<String>,
    mut lock: Lock,
) -> Result<Branch, Error> {
    loop {
        // Everybody reads the whole tree; changing is for those who see what is in the branch.
        let found = if in_scope(uow.scope(), id) { store::branch(uow.conn(), id).await? } else { None };
        let before = found.ok_or_else(Error::not_found)?;
        lock.check(before.row_version)?;
        let after = Branch {
            name: name.clone().unwrap_or_else(|| before.name.clone()),
            code: code.clone().unwrap_or_else(|| before.code.clone()),
            ..before.clone()
        };
        if after == before {
            return Ok(before);
        }
        if store::update_branch(uow.conn(), &after, before.row_version).await? {
            let shown = |branch: &Branch| json!({ "name": branch.name, "code": branch.code });
            uow.record(Event::new(BranchChanged {}, id.0).change(&shown(&before), &shown(&after)));
            return Ok(Branch { row_version: before.row_version + 1, ..after });
        }
        lock.overtaken()?;
    }
}

fn in_scope(scope: &Visibility, id: BranchId) -> bool {
    scope.firm || scope.branch_ids.contains(&id.0)
}

/// Branches, of the whole firm or directly below one: everybody reads the whole tree.
pub async fn list_branches(
    read: &mut Read,
    parent_id: Option<BranchId>,
    page: &PageRequest<BranchId>,
) -> Result<Page<Branch, BranchId>, Error> {
    store::list_branches(read.conn(), parent_id, page).await
}

/// One branch.
pub async fn get_branch(read: &mut Read, id: BranchId) -> Result<Branch, Error> {
    store::branch(read.conn(), id).await?.ok_or_else(Error::not_found)
}

/// A branch by its code.
pub async fn branch_by_code(read: &mut Read, code: &str) -> Result<Option<Branch>, Error> {
    store::branch_by_code(read.conn(), code).await
}

/// Branches by their codes, in one statement; each under the code as it was asked for.
pub async fn branch_ids(read: &mut Read, codes: &[String]) -> Result<HashMap<String, BranchId>, Error> {
    store::branch_ids(read.conn(), codes).await
}
