//! Reads of clients: listed, forgotten.

use uuid::Uuid;

use super::model::{KeptRead, ReadFilter};
use super::store;
use platform::db::{Read, Uow, setting};
use platform::kernel::error::Error;
use platform::kernel::page::{Page, PageRequest};

/// Days that reads are kept, as the migration settles it.
const KEEP_DAYS: &str = "client_reads.keep_days";

/// Reads, newest first.
pub async fn reads(
    read: &mut Read,
    filter: &ReadFilter,
    page: &PageRequest<Uuid>,
) -> Result<Page<KeptRead, Uuid>, Error> {
    store::list(read.conn(), filter, page).await
}

/// Forgets reads that have been kept long enough; how many.
pub async fn purge_reads(uow: &mut Uow) -> Result<u64, Error> {
    let days = setting::kept(uow.conn(), KEEP_DAYS).await?;
    let days = days.and_then(|days| days.parse().ok()).and_then(chrono::Duration::try_days);
    let days = days.ok_or_else(|| Error::internal(format!("the setting {KEEP_DAYS} is no number of days")))?;
    let before = uow.now() - days;
    store::purge(uow.conn(), before).await
}
