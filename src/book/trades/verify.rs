//! Whether the roll-ups are what the trades add up to.

use super::store;
use platform::db::Read;
use platform::kernel::difference::Difference;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Counts days and statistics of clients again; gives what differs.
pub async fn verify(read: &mut Read, clients: &[ClientId]) -> Result<Vec<Difference>, Error> {
    let currency = read.db().currency().0.clone();
    store::differences(read.conn(), clients, &currency).await
}
