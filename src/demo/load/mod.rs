//! Loads a demonstration book: the firm first, then client by client, some at a time.

mod clients;
mod loaded;
mod people;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub use self::loaded::Loaded;
use self::people::Firm;
use super::generator::{ClientFile, Generator, Spec};
use super::store;
use platform::db::{Db, setting};
use platform::kernel::error::Error;
use platform::kernel::principal::Caller;

/// Trades of a batch of clients: one unit of work.
const TRADES: usize = 5_000;
/// Batches taken in at the same time.
const HANDS: usize = 2;
/// Which book is here, and that all of it is.
const BOOK: &str = "demonstration_book";
const COMPLETE: &str = "demonstration_book_complete";

/// Which book to load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Number of clients.
    pub clients: u32,
    /// Seed of all randomness.
    pub seed: u64,
    /// Last day of the book.
    pub as_of: NaiveDate,
}

impl Request {
    /// A book that ends yesterday.
    pub fn until_yesterday(db: &Db, clients: u32, seed: u64) -> Self {
        let today = db.calendar().day_of(db.now());
        Self { clients, seed, as_of: today.checked_sub_days(Days::new(1)).unwrap_or(today) }
    }

    /// For the generator.
    pub fn spec(&self, db: &Db) -> Spec {
        Spec { clients: self.clients, seed: self.seed, as_of: self.as_of, time_zone: db.calendar().time_zone }
    }
}

/// Whether the database has a demonstration book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody is in the book.
    Empty,
    /// A load was interrupted.
    Begun(Request),
    /// It is here.
    Complete(Request),
    /// Other clients are.
    Taken,
}

/// What the database has.
pub async fn status(db: &Db) -> Result<Status, Error> {
    let mut connection = db.connection().await?;
    let Some(kept) = setting::kept(&mut connection, BOOK).await? else {
        let taken = store::any_client(&mut connection).await?;
        return Ok(if taken { Status::Taken } else { Status::Empty });
    };
    let request = serde_json::from_str(&kept).map_err(Error::internal)?;
    let complete = setting::kept(&mut connection, COMPLETE).await?.is_some();
    Ok(if complete { Status::Complete(request) } else { Status::Begun(request) })
}

/// Loads a book, or the rest of one. `progress` is called with how far it is.
pub async fn load(
    db: &Db,
    request: &Request,
    password: &str,
    progress: impl Fn(&Loaded) + Send,
) -> Result<Loaded, Error> {
    let kept = serde_json::to_string(request).map_err(Error::internal)?;
    setting::settled(&mut *db.connection().await?, BOOK, None, &kept, db.now()).await?;
    let caller = Caller::system("demonstration", "demonstration");
    let generator = Generator::new(&request.spec(db));
    let firm = people::enter(db, &caller, generator.firm(), password).await?;
    let mut batches = batches(generator);
    let (mut hands, mut loaded) = (JoinSet::new(), Loaded::default());
    loop {
        while hands.len() < HANDS {
            let Some(batch) = batches.recv().await else { break };
            let (db, caller, firm): (Db, Caller, Firm) = (db.clone(), caller.clone(), firm.clone());
            hands.spawn(async move { clients::enter(&db, &caller, &firm, batch).await });
        }
        match hands.join_next().await {
            Some(done) => loaded.add(done.map_err(Error::internal)??),
            None => break,
        }
        progress(&loaded);
    }
    setting::settled(&mut *db.connection().await?, COMPLETE, None, "yes", db.now()).await?;
    Ok(loaded)
}

/// The clients of a book with all that belongs to them, made on a thread of its own.
fn batches(generator: Generator) -> mpsc::Receiver<Vec<ClientFile>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let (mut batch, mut trades) = (Vec::new(), 0);
        for file in generator.clients() {
            if trades + file.trades.len() > TRADES && !batch.is_empty() {
                if sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                    return;
                }
                trades = 0;
            }
            trades += file.trades.len();
            batch.push(file);
        }
        // Whoever wanted them may be gone.
        let _ = sender.blocking_send(batch);
    });
    receiver
}
