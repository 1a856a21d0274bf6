//! The firm's tree: read whole, changed within one's sight.

use std::collections::HashMap;

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::model::*;
use super::super::{UNKNOWN_BRANCH, store};
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::BranchId;
use platform::kernel::lock::Lock;
use platform::kernel::principal::Visibility;

/// Enters a branch below another that is in sight.
pub async fn create_branch(uow: &mut Uow, new: NewBranch) -> Result<Branch, Error> {
    if !in_sight(&uow.visibility(), new.parent_id) {
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
    uow.record(Event::new("branch.created", "branch", branch.branch_id.0).data(json!({ "parent_id": new.parent_id })));
    Ok(branch)
}

/// Renames a branch in sight.
pub async fn change_branch(
    uow: &mut Uow,
    id: BranchId,
    name: Option<String>,
    code: Option<String>,
    mut lock: Lock,
) -> Result<Branch, Error> {
    loop {
        // Everybody reads the whole tree; changing is for those who see what is in the branch.
        let found = if in_sight(&uow.visibility(), id) { store::branch(uow.conn(), id).await? } else { None };
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
            uow.record(Event::new("branch.changed", "branch", id.0).change(&shown(&before), &shown(&after)));
            return Ok(Branch { row_version: before.row_version + 1, ..after });
        }
        lock.overtaken()?;
    }
}

fn in_sight(sight: &Visibility, id: BranchId) -> bool {
    sight.firm || sight.branch_ids.contains(&id.0)
}

/// A branch by its code.
pub async fn branch_by_code(conn: &mut PgConnection, code: &str) -> Result<Option<Branch>, Error> {
    store::branch_by_code(conn, code).await
}

/// Branches by their codes, in one statement; each under the code as it was asked for.
pub async fn branch_ids(conn: &mut PgConnection, codes: &[String]) -> Result<HashMap<String, BranchId>, Error> {
    store::branch_ids(conn, codes).await
}

/// A branch and all below it.
pub async fn visibility_branches(conn: &mut PgConnection, id: BranchId) -> Result<Vec<Uuid>, Error> {
    store::tree_below(conn, id).await
}
