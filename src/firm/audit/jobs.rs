//! What is done behind the requests: reads of clients are written as they are noted.

use std::time::Duration;

use tokio::sync::mpsc;

use super::store;
use platform::db::{Db, Lane};
use platform::http::reads::{ClientRead, Noted};
use platform::kernel::error::Error;

/// Reads of one statement.
const TOGETHER: usize = 500;
/// A batch is tried so often, each time after twice the time up to [`LONGEST_WAIT`]; then it is given up and counted.
const TRIES: u32 = 30;
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Writes what is noted for as long as anybody notes: whatever has gathered while the last batch was written.
/// What is noted belongs to no request any more, so neither does the transaction.
pub async fn keep_reads(db: Db, mut noted: mpsc::Receiver<Noted>) {
    let db = db.lane(Lane::Worker);
    let mut gathered = Vec::with_capacity(TOGETHER);
    while noted.recv_many(&mut gathered, TOGETHER).await > 0 {
        let (mut reads, mut waiting) = (Vec::new(), Vec::new());
        for one in gathered.drain(..) {
            match one {
                Noted::Read(read) => reads.push(read),
                Noted::Waiting(sender) => waiting.push(sender),
            }
        }
        if !reads.is_empty() {
            let mut wait = Duration::from_millis(50);
            let mut tries = 1;
            while let Err(error) = write(&db, &reads).await {
                tracing::warn!(%error, tries, "reads of clients could not be written");
                if tries == TRIES {
                    metrics::counter!("client_reads_lost_total").increment(reads.len() as u64);
                    break;
                }
                tokio::time::sleep(wait).await;
                (wait, tries) = ((wait * 2).min(LONGEST_WAIT), tries + 1);
            }
        }
        for sender in waiting {
            // Whoever waited may be gone.
            let _ = sender.send(());
        }
    }
}

async fn write(db: &Db, reads: &[ClientRead]) -> Result<(), Error> {
    store::insert(&mut *db.connection().await?, reads).await
}
