//! A dry run: the same rules and counts, chunk by chunk against what is committed. Nothing is written, no client is
//! locked, and no transaction outlives a chunk; what earlier chunks would have left is remembered, eight bytes an
//! item.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::apply::{first_day_of_balance, first_day_of_trade};
use super::clients::{self, Made, Promised};
use super::directory::Directory;
use super::feed::{Batch, Chunk};
use super::outcome::Applied;
use super::plan::{Draft, Planned, Write};
use crate::imports::model::{Options, Origin};
use crate::ingestion::{self, BalanceInput, Foresight, OfClient, TradeInput};
use platform::db::Db;
use platform::kernel::batch::Pending;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::principal::Caller;

/// What a dry run remembers from chunk to chunk.
pub struct Rehearsal {
    foresight: Foresight,
    promised: Promised,
    /// What would be written.
    pub draft: Draft,
}

impl Rehearsal {
    /// A dry run with these options.
    pub fn new(options: &Options) -> Self {
        let draft = Draft::new(options.dry_run);
        Self { foresight: Foresight::default(), promised: Promised::default(), draft }
    }

    /// Copies of rows that may be planned, by their lines.
    fn copies<T, U>(&self, rows: &[Pending<T, Origin>], copy: impl Fn(&T) -> U) -> HashMap<u64, U> {
        let rows = if self.draft.is_wanted() { rows } else { &[] };
        rows.iter().map(|row| (row.place.line, copy(&row.item))).collect()
    }

    /// Plans the rows that would be taken.
    fn plan<T>(&mut self, applied: &Applied, mut copies: HashMap<u64, T>, write: fn(ClientId, T) -> Write) {
        for (line, id) in &applied.taken {
            if let Some(copy) = copies.remove(line) {
                let client_id = ClientId(*id);
                self.draft.add(Planned::row(*line, client_id, write(client_id, copy)));
            }
        }
    }

    /// What would become of a chunk. `directory` knows the branches and advisors of the file so far.
    pub async fn chunk(
        &mut self,
        db: &Db,
        caller: &Caller,
        options: &Options,
        directory: &mut Directory,
        chunk: Chunk,
    ) -> Result<Applied, Error> {
        let mut applied = Applied { rejected: chunk.rejected, ..Applied::default() };
        match chunk.batch {
            Batch::Clients(rows) => {
                // Clients are entered and forgotten again: whoever enters the same number meanwhile waits for the
                // chunk.
                let mut uow = db.begin(caller).await?;
                directory.look_up(&mut uow, &rows).await?;
                let copies = self.copies(&rows, |row| directory.body(row));
                clients::enter(&mut uow, options.on_existing, directory, &mut self.promised, rows, &mut applied)
                    .await?;
                if applied.counts.changed + applied.counts.pending > 0 {
                    // A plan opens clients; it does not change them.
                    self.draft = Draft::new(false);
                }
                self.plan(&applied, copies, |_, body| Write::Client(body));
            }
            Batch::Trades(rows) => {
                let calendar = *db.calendar();
                let first_day = |trade: &TradeInput| first_day_of_trade(trade, &calendar);
                let rows = self.with_clients(db, caller, options, rows, first_day, &mut applied).await?;
                let copies = self.copies(&rows, TradeInput::clone);
                let mut read = db.read(caller).await?;
                let settled = ingestion::foresee_trades(&mut read, &mut self.foresight, rows).await?;
                applied.count(settled, options.create_clients);
                self.plan(&applied, copies, Write::trade);
            }
            Batch::Balances(rows) => {
                let rows = self.with_clients(db, caller, options, rows, first_day_of_balance, &mut applied).await?;
                let mut copies = self.copies(&rows, BalanceInput::clone);
                let mut read = db.read(caller).await?;
                let settled = ingestion::foresee_balances(&mut read, &mut self.foresight, rows).await?;
                applied.count(settled, options.create_clients);
                let taken = applied.taken.iter().filter_map(|(line, _)| Some((*line, copies.remove(line)?))).collect();
                self.draft.add_balances(&mut read, &self.foresight.promised, taken).await?;
            }
        }
        Ok(applied.of(chunk.read, chunk.closing_lines))
    }

    /// The rows whose clients are there or would be made.
    async fn with_clients<T: OfClient>(
        &mut self,
        db: &Db,
        caller: &Caller,
        options: &Options,
        rows: Vec<Pending<T, Origin>>,
        first_day: impl Fn(&T) -> Option<NaiveDate>,
        applied: &mut Applied,
    ) -> Result<Vec<Pending<T, Origin>>, Error> {
        if !options.create_clients {
            return Ok(rows);
        }
        let mut uow = db.begin(caller).await?;
        let promised = &self.foresight.promised;
        let (rows, made) = clients::create_missing(&mut uow, promised, rows, first_day, applied).await?;
        for Made { number, opened_on, body } in made {
            let client_id = uow.id();
            let first = rows.iter().find(|row| row.item.client_no() == Some(&number)).map_or(0, |row| row.place.line);
            self.draft.add(Planned { is_made: true, ..Planned::row(first, client_id, Write::Client(body)) });
            self.foresight.promised.insert(number, ingestion::Promised { client_id, opened_on });
        }
        Ok(rows)
    }
}
