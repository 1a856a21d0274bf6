//! What a dry run would write, row by row, to be committed exactly so as a bulk plan, and undone.
//!
//! Rows are sealed with the house's key: they name people who may not be there yet. Clients are planned with the ids
//! they will have, those that a row names for the first time before that row. A file of more rows than a bulk plan
//! takes has none, and its summary says so.

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
    /// A client that the row names, and not the row itself.
    pub is_made: bool,
}

impl Planned {
    /// A row that takes the place of nothing.
    pub fn row(line: u64, client_id: ClientId, write: Write) -> Self {
        Self { line, client_id, write, before: None, is_made: false }
    }
}

impl Write {
    /// A trade of this very client, whoever has the number it was sent with when the plan is committed.
    pub fn trade(client_id: ClientId, trade: TradeInput) -> Self {
        Self::Trade(TradeInput { client_no: None, client_id: Some(client_id), ..trade })
    }

    fn balance(client_id: ClientId, balance: BalanceInput) -> Self {
        Self::Balance(BalanceInput { client_no: None, client_id: Some(client_id), ..balance })
    }
}

/// The rows a dry run would write; none when they are too many.
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
    pub async fn add_balances(
        &mut self,
        read: &mut Read,
        promised: &HashMap<String, ingestion::Promised>,
        rows: Vec<(u64, BalanceInput)>,
    ) -> Result<(), Error> {
        let inputs = rows.iter().map(|(_, input)| input.clone()).collect();
        for beside in ingestion::beside(read, promised, inputs).await? {
            let (line, input) = rows[beside.place].clone();
            let (key, client_id) = (balances::key(&beside.new), beside.new.client_id);
            let write = Write::balance(client_id, input);
            let known = self.balances.get(&key).copied();
            match (known, &mut self.rows) {
                (Some(at), Some(planned)) => (planned[at].line, planned[at].write) = (line, write),
                (None, Some(planned)) => {
                    self.balances.insert(key, planned.len());
                    self.add(Planned { before: beside.kept, ..Planned::row(line, client_id, write) });
                }
                (_, None) => {}
            }
        }
        Ok(())
    }

    /// The plan, if there is anything to be done.
    ///
    /// # Errors
    /// 422 `bulk_plan_too_large`.
    pub fn finish(self, db: &Db, filter: Value, sha256: &str) -> Result<Option<NewPlan>, Error> {
        let rows = self.rows.ok_or_else(|| Error::code(&bulk::TOO_MANY_ITEMS))?;
        if rows.is_empty() {
            return Ok(None);
        }
        let item = |row: Planned| {
            let plain = serde_json::to_vec(&row.write).map_err(Error::internal)?;
            let sealed = db.keyring().house().seal(&purpose(sha256, row.line, row.is_made), &plain)?;
            let sealed: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
            let before = json!({ "line": row.line, "sealed": sealed, "balance": row.before, "made": row.is_made });
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
    #[serde(default)]
    made: bool,
}

/// What an item writes, and what a balance takes the place of.
pub fn opened(db: &Db, plan: &BulkPlan, item: &BulkItem) -> Result<(Write, Option<NewBalance>), Error> {
    let Kept { line, sealed, balance, made } = serde_json::from_value(item.before.clone()).map_err(Error::internal)?;
    let sha256 = plan.filter["sha256"].as_str().unwrap_or_default();
    let plain = db.keyring().house().open(&purpose(sha256, line, made), &bytes_of(&sealed))?;
    Ok((serde_json::from_slice(&plain).map_err(Error::internal)?, balance))
}

/// What a sealed row is bound to: its place, so that none can stand for another.
fn purpose(sha256: &str, line: u64, is_made: bool) -> String {
    let part = if is_made { "/client" } else { "" };
    format!("bulk_item.before/{KIND}/{sha256}/{line}{part}")
}
