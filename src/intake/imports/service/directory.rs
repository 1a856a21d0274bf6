//! Branches and advisors that a file names, each looked up once a file.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::of_row::of_row;
use crate::imports::faults;
use crate::imports::model::Origin;
use crate::imports::rules::rows::ClientRow;
use book::clients::{self, NewClient};
use firm::access;
use platform::db::Read;
use platform::kernel::batch::{Outcome, Pending};
use platform::kernel::error::{Error, Fault};
use platform::kernel::ids::{BranchId, StaffId};

/// What the names of a file stand for; none for names that nobody has.
#[derive(Default)]
pub struct Directory {
    branches: HashMap<String, Option<BranchId>>,
    advisors: HashMap<String, Option<StaffId>>,
}

impl Directory {
    /// Looks up the names of these rows that no row before them had.
    pub async fn look_up(&mut self, read: &mut Read, rows: &[Pending<ClientRow, Origin>]) -> Result<(), Error> {
        let codes = unknown(&self.branches, rows, |row| row.branch_code.as_ref());
        if !codes.is_empty() {
            let found = access::branch_ids(read, &codes).await?;
            self.branches.extend(codes.into_iter().map(|code| (code.clone(), found.get(&code).copied())));
        }
        let names = unknown(&self.advisors, rows, |row| row.advisor.as_ref());
        if !names.is_empty() {
            let found = access::staff_ids(read, &names).await?;
            self.advisors.extend(names.into_iter().map(|name| (name.clone(), found.get(&name).copied())));
        }
        Ok(())
    }

    /// The body of a row whose names are all known.
    pub fn body(&self, row: &ClientRow) -> Value {
        let mut body = row.body.clone();
        let branch = row.branch_code.as_ref().and_then(|code| self.branches.get(code).copied().flatten());
        let advisor = row.advisor.as_ref().and_then(|name| self.advisors.get(name).copied().flatten());
        body.extend(branch.map(|id| ("branch_id".to_owned(), json!(id))));
        body.extend(advisor.map(|id| ("advisor_id".to_owned(), json!(id))));
        Value::Object(body)
    }

    /// Checked as `POST /v1/clients` checks it; branch and advisor under the names that the file gives them.
    pub fn client(&self, row: &ClientRow, mut faults: Vec<Fault>) -> Result<NewClient, Vec<Fault>> {
        let is_known = |code: &String| self.branches.get(code).is_some_and(Option::is_some);
        if row.branch_code.as_ref().is_some_and(|code| !is_known(code)) {
            faults.push(access::UNKNOWN_BRANCH.at("/branch_code"));
        }
        let is_known = |name: &String| self.advisors.get(name).is_some_and(Option::is_some);
        if row.advisor.as_ref().is_some_and(|name| !is_known(name)) {
            faults.push(access::UNKNOWN_ADVISOR.at("/advisor"));
        }
        let has_branch = row.branch_code.is_some();
        match clients::from_json(self.body(row)).map_err(Outcome::refused) {
            Ok(new) if faults.is_empty() => Ok(new),
            Ok(_) => Err(faults),
            Err(Ok(Outcome::Rejected(more))) => {
                let more = more.into_iter().map(of_row);
                faults.extend(more.filter(|fault| !(has_branch && fault.pointer == "/branch_id")));
                Err(faults)
            }
            Err(_) => Err(vec![faults::UNREADABLE.at("")]),
        }
    }
}

fn unknown<T>(
    known: &HashMap<String, Option<T>>,
    rows: &[Pending<ClientRow, Origin>],
    name: impl Fn(&ClientRow) -> Option<&String>,
) -> Vec<String> {
    let names = rows.iter().filter_map(|row| name(&row.item));
    // PostgreSQL takes no U+0000, and nobody is called so.
    let names: HashSet<&String> = names.filter(|name| !name.contains('\0') && !known.contains_key(*name)).collect();
    names.into_iter().cloned().collect()
}
