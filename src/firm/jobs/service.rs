//! Who may follow a job.

use sqlx::PgConnection;

use platform::kernel::error::Error;
use platform::kernel::ids::JobId;
use platform::kernel::principal::Caller;
use platform::worker::{self, Job};

/// A job the caller asked for, or any job for whoever sees the whole firm.
pub async fn visible(conn: &mut PgConnection, caller: &Caller, id: JobId) -> Result<Job, Error> {
    let found = worker::find(conn, id).await?;
    let in_sight = |job: &Job| caller.visibility().firm || job.requested_by == caller.principal.name;
    found.filter(in_sight).ok_or_else(Error::not_found)
}
