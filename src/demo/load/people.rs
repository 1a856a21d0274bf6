//! The invented firm: branches below the root, and the people who work there.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::generator;
use firm::access::{self, NewBranch, NewStaff};
use platform::db::Db;
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, StaffId};
use platform::kernel::principal::Caller;

/// Who is who.
#[derive(Clone, Default)]
pub struct Firm {
    /// Branches by code.
    pub branches: Arc<HashMap<String, BranchId>>,
    /// Staff by user name.
    pub staff: Arc<HashMap<String, StaffId>>,
}

impl Firm {
    /// The branch of a code.
    pub fn branch(&self, code: &str) -> Result<BranchId, Error> {
        self.branches.get(code).copied().ok_or_else(|| Error::internal("a branch of the generator is missing"))
    }
}

/// Enters the firm, but for those who are there.
pub async fn enter(db: &Db, caller: &Caller, firm: &generator::Firm, password: &str) -> Result<Firm, Error> {
    let mut uow = db.begin(caller).await?;
    let mut branches = HashMap::new();
    for branch in &firm.branches {
        let id = match (access::branch_by_code(&mut uow, &branch.code).await?, &branch.parent_code) {
            (Some(there), _) => there.branch_id,
            (None, None) => BranchId::ROOT,
            (None, Some(parent)) => {
                let parent_id = branches.get(parent).copied().unwrap_or(BranchId::ROOT);
                let new = NewBranch { parent_id, code: branch.code.clone(), name: branch.name.clone() };
                access::create_branch(&mut uow, new).await?.branch_id
            }
        };
        branches.insert(branch.code.clone(), id);
    }
    let (mut staff, mut new) = (HashMap::new(), Vec::new());
    for person in &firm.staff {
        match access::staff_by_username(&mut uow, &person.username).await? {
            Some(there) => drop(staff.insert(there.username, there.staff_id)),
            None => new.push(NewStaff {
                username: person.username.clone(),
                name: person.name.clone(),
                role: code(person.role)?,
                data_scope: None,
                branch_id: branches.get(&person.branch_code).copied().unwrap_or(BranchId::ROOT),
                password: password.to_owned(),
            }),
        }
    }
    let entered = access::create_staff_together(&mut uow, new).await?;
    staff.extend(entered.into_iter().map(|person| (person.username, person.staff_id)));
    uow.finish(()).await?;
    Ok(Firm { branches: branches.into(), staff: staff.into() })
}

/// A code of the generator as the type it stands for.
pub fn code<T: DeserializeOwned>(code: &str) -> Result<T, Error> {
    serde_json::from_value(Value::String(code.to_owned())).map_err(Error::internal)
}
