//! Lines that a job refused.

use crate::imports::model::KeptRejection;
use crate::imports::store;
use firm::jobs;
use platform::db::Read;
use platform::kernel::error::Error;
use platform::kernel::ids::JobId;
use platform::kernel::page::{Page, PageRequest};

/// A page of what is wrong with the lines of a job the caller may see, first line first.
pub async fn rejections(
    read: &mut Read,
    id: JobId,
    page: &PageRequest<(i64, i32)>,
) -> Result<Page<KeptRejection, (i64, i32)>, Error> {
    jobs::visible(read, id).await?;
    store::rejections(read.conn(), id, page).await
}

/// All of it.
pub async fn all_rejections(read: &mut Read, id: JobId) -> Result<Vec<KeptRejection>, Error> {
    jobs::visible(read, id).await?;
    store::all_rejections(read.conn(), id).await
}
