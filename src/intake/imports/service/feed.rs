//! Reading runs ahead of the database on a thread of its own, by a chunk or two.

use std::io::Read;

use chrono_tz::Tz;
use tokio::sync::mpsc;

use crate::imports::model::{Kind, Options, Origin, Rejection, Row};
use crate::imports::reader::Rows;
use crate::imports::rules::columns::Mapping;
use crate::imports::rules::identity::Ordinals;
use crate::imports::rules::rows::{self, ClientRow, Reading};
use crate::ingestion::{BalanceInput, TradeInput};
use platform::kernel::batch::Pending;
use platform::kernel::error::Error;

/// Rows of a chunk: one unit of work.
const ROWS: u64 = 2_000;
/// And bytes, for files of long rows.
const BYTES: usize = 4 << 20;
/// Chunks that wait for the database.
const AHEAD: usize = 2;

/// The rows of a chunk that are rows at all.
#[derive(Clone, Debug)]
pub enum Batch {
    /// Clients.
    Clients(Vec<Pending<ClientRow, Origin>>),
    /// Trades and reversals.
    Trades(Vec<Pending<TradeInput, Origin>>),
    /// Balances.
    Balances(Vec<Pending<BalanceInput, Origin>>),
}

/// Some rows of a file, always the same ones for the same file.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Those that can be read.
    pub batch: Batch,
    /// Those that cannot.
    pub rejected: Vec<Rejection>,
    /// How many that is together.
    pub read: u64,
    /// Bytes of the file read so far.
    pub bytes: u64,
}

/// What comes out of the reader. Without `End` or `Failed` at its end, it died.
pub enum Message {
    /// The next rows.
    Chunk(Chunk),
    /// That was all.
    End {
        /// Columns that fed nothing.
        ignored: Vec<String>,
    },
    /// The file is refused, or the disk failed.
    Failed(Error),
}

/// Starts to read a file.
pub fn start(
    input: impl Read + Send + 'static,
    options: &Options,
    mapping: Mapping,
    zone: Tz,
) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let (kind, format) = (options.kind, options.format);
    let reading = Reading { zone, source: options.source.clone(), ordinals: Ordinals::default() };
    tokio::task::spawn_blocking(move || {
        let last = match Rows::open(input, format, &mapping).and_then(|rows| read(rows, kind, reading, &sender)) {
            Ok(ignored) => Message::End { ignored },
            Err(error) => Message::Failed(error),
        };
        // Whoever wanted it may be gone.
        let _ = sender.blocking_send(last);
    });
    receiver
}

fn read<R: Read>(
    mut rows: Rows<R>,
    kind: Kind,
    mut reading: Reading,
    sender: &mpsc::Sender<Message>,
) -> Result<Vec<String>, Error> {
    loop {
        let mut chunk = empty(kind);
        let mut weight = 0;
        while chunk.read < ROWS && weight < BYTES {
            let Some(row) = rows.next().map_err(Error::internal)? else { break };
            chunk.read += 1;
            weight += take(&mut chunk, row, &mut reading);
        }
        chunk.bytes = rows.bytes();
        if chunk.read == 0 || sender.blocking_send(Message::Chunk(chunk)).is_err() {
            return Ok(rows.ignored());
        }
    }
}

fn empty(kind: Kind) -> Chunk {
    let batch = match kind {
        Kind::Clients => Batch::Clients(Vec::new()),
        Kind::Trades => Batch::Trades(Vec::new()),
        Kind::Balances => Batch::Balances(Vec::new()),
    };
    Chunk { batch, rejected: Vec::new(), read: 0, bytes: 0 }
}

/// Adds a row to the chunk; gives its weight.
fn take(chunk: &mut Chunk, row: Result<Row, Rejection>, reading: &mut Reading) -> usize {
    let row = match row {
        Ok(row) => row,
        Err(rejection) => {
            let weight = rejection.raw.len();
            chunk.rejected.push(rejection);
            return weight;
        }
    };
    let weight = row.origin.raw.len();
    match &mut chunk.batch {
        Batch::Clients(batch) => batch.push(rows::client(row)),
        Batch::Trades(batch) => batch.push(reading.trade(row)),
        Batch::Balances(batch) => batch.push(reading.balance(row)),
    }
    weight
}
