//! What a dry run would write, row by row, to be committed exactly so as a bulk plan, and undone.
//!
//! Rows are sealed with the house's key: they name people who may not be there yet. A plan is made of a file without
//! clients made on the way, and of as many rows as a bulk plan takes; a larger one is imported without.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::source::bytes_of;
use crate::ingestion::{self, BalanceInput, TradeInput};
use book::balances::{self, BalanceKey, NewBalance};
use platform::bulk::{self, BulkItem, BulkPlan, NewItem, NewPlan};
use platform::db::{Db, Read};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// The kind of these plans.
pub const KIND: &str = "import";

/// What one row writes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// A client, as `POST /v1/clients` takes it.
    Client(Value),
    /// A trade or a reversal.
    Trade(TradeInput),
    /// A balance.
    Balance(BalanceInput),
}

/// A row of a plan.
#[derive(Debug)]
pub struct Planned {
    /// Its line in the file.
    pub line: u64,
    /// Whose it is.
    pub client_id: ClientId,
    /// What it writes.
    pub write: Write,
    /// What a balance takes the place of.
    pub before: Option<NewBalance>,
}

/// The rows a dry run would write; none when they are too many, or clients would be made on the way.
pub struct Draft {
    rows: Option<Vec<Planned>>,
    /// Of several words about one balance the last counts.
    balances: HashMap<BalanceKey, usize>,
}

impl Draft {
    /// An empty plan, unless there is to be none.
    pub fn new(is_wanted: bool) -> Self {
        Self { rows: is_wanted.then(Vec::new), balances: HashMap::new() }
    }

    /// Whether rows are still wanted.
    pub fn is_wanted(&self) -> bool {
        self.rows.is_some()
    }

    /// One more row.
    pub fn add(&mut self, row: Planned) {
        if let Some(rows) = &mut self.rows {
            rows.push(row);
        }
        if self.rows.as_ref().is_some_and(|rows| rows.len() > bulk::MOST_ITEMS) {
            self.rows = None;
        }
    }

    /// More balances, each with what it takes the place of.
    pub async fn add_balances(&mut self, read: &mut Read, rows: Vec<(u64, BalanceInput)>) -> Result<(), Error> {
        let inputs = rows.iter().map(|(_, input)| input.clone()).collect();
        for beside in ingestion::beside(read, inputs).await? {
            let (line, input) = rows[beside.place].clone();
            let key = balances::key(&beside.new);
            let known = self.balances.get(&key).copied();
            match (known, &mut self.rows) {
                (Some(at), Some(planned)) => (planned[at].line, planned[at].write) = (line, Write::Balance(input)),
                (None, Some(planned)) => {
                    self.balances.insert(key, planned.len());
                    let client_id = beside.new.client_id;
                    self.add(Planned { line, client_id, write: Write::Balance(input), before: beside.kept });
                }
                (_, None) => {}
            }
        }
        Ok(())
    }

    /// The plan, if there is anything to be done.
    pub fn finish(self, db: &Db, filter: Value, sha256: &str) -> Result<Option<NewPlan>, Error> {
        let Some(rows) = self.rows.filter(|rows| !rows.is_empty()) else { return Ok(None) };
        let item = |row: Planned| {
            let plain = serde_json::to_vec(&row.write).map_err(Error::internal)?;
            let sealed = db.keyring().house().seal(&purpose(sha256, row.line), &plain)?;
            let sealed: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
            let before = json!({ "line": row.line, "sealed": sealed, "balance": row.before });
            Ok(NewItem { client_id: row.client_id, before, version: None })
        };
        let items = rows.into_iter().map(item).collect::<Result<_, Error>>()?;
        Ok(Some(NewPlan { kind: KIND, filter, change: json!({}), items }))
    }
}

/// An item as it was planned.
#[derive(Deserialize)]
struct Kept {
    line: u64,
    sealed: String,
    balance: Option<NewBalance>,
}

/// What an item writes, and what a balance takes the place of.
pub fn opened(db: &Db, plan: &BulkPlan, item: &BulkItem) -> Result<(Write, Option<NewBalance>), Error> {
    let Kept { line, sealed, balance } = serde_json::from_value(item.before.clone()).map_err(Error::internal)?;
    let sha256 = plan.filter["sha256"].as_str().unwrap_or_default();
    let plain = db.keyring().house().open(&purpose(sha256, line), &bytes_of(&sealed))?;
    Ok((serde_json::from_slice(&plain).map_err(Error::internal)?, balance))
}

/// What a sealed row is bound to: its place, so that none can stand for another.
fn purpose(sha256: &str, line: u64) -> String {
    format!("bulk_item.before/{KIND}/{sha256}/{line}")
}
