//! Reading runs ahead of the database on a thread of its own, by a chunk or two.

use std::io::Read;

use chrono_tz::Tz;
use encoding_rs::Encoding;
use tokio::sync::mpsc;

use super::examples::Examples;
use crate::imports::model::{Column, Kind, Layout, Options, Origin, Rejection, Row};
use crate::imports::reader::Rows;
use crate::imports::rules::identity::Ordinals;
use crate::imports::rules::mapping::Mapping;
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
    /// Bytes of its text read so far.
    pub bytes: u64,
    /// Lines passed over on the way.
    pub closing_lines: u64,
}

/// What comes out of the reader. Without `End` or `Failed` at its end, it died.
pub enum Message {
    /// The next rows.
    Chunk(Chunk),
    /// That was all.
    End {
        /// How the file is laid out.
        layout: Layout,
        /// Its columns, and what each feeds.
        columns: Vec<Column>,
    },
    /// The file is refused, or the disk failed.
    Failed(Error),
}

/// Starts to read a file.
pub fn start(
    input: impl Read + Send + 'static,
    options: &Options,
    encoding: &'static Encoding,
    mapping: Mapping,
    zone: Tz,
) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let options = options.clone();
    let reading = Reading { zone, source: options.source.clone(), ordinals: Ordinals::default() };
    tokio::task::spawn_blocking(move || {
        let rows = Rows::open(input, options.format, encoding, options.declared.separator, &mapping);
        let last = match rows.and_then(|rows| read(rows, &options, reading, &sender)) {
            Ok(end) => end,
            Err(error) => Message::Failed(error),
        };
        // Whoever wanted it may be gone.
        let _ = sender.blocking_send(last);
    });
    receiver
}

fn read<R: Read>(
    mut rows: Rows<R>,
    options: &Options,
    mut reading: Reading,
    sender: &mpsc::Sender<Message>,
) -> Result<Message, Error> {
    let mut examples = Examples::new(options);
    loop {
        let mut chunk = empty(options.kind);
        let mut weight = 0;
        while chunk.read < ROWS && weight < BYTES {
            let Some(row) = rows.next().map_err(Error::internal)? else { break };
            chunk.read += 1;
            examples.see(&row);
            weight += take(&mut chunk, row, &mut reading);
        }
        chunk.bytes = rows.bytes();
        chunk.closing_lines = rows.take_closing_lines();
        let is_empty = chunk.read == 0 && chunk.closing_lines == 0;
        if is_empty || sender.blocking_send(Message::Chunk(chunk)).is_err() {
            return Ok(Message::End { layout: rows.layout().clone(), columns: examples.beside(rows.columns()) });
        }
    }
}

fn empty(kind: Kind) -> Chunk {
    let batch = match kind {
        Kind::Clients => Batch::Clients(Vec::new()),
        Kind::Trades => Batch::Trades(Vec::new()),
        Kind::Balances => Batch::Balances(Vec::new()),
    };
    Chunk { batch, rejected: Vec::new(), read: 0, bytes: 0, closing_lines: 0 }
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
        Batch::Clients(batch) => batch.push(rows::client(row, reading.zone)),
        Batch::Trades(batch) => batch.push(reading.trade(row)),
        Batch::Balances(batch) => batch.push(reading.balance(row)),
    }
    weight
}
