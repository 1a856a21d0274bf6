//! The timer of changes of branch and advisor for a later day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::json;

use super::service;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::slice::Boxed;
use platform::worker::{self, JobContext, JobResult, NewJob};

/// As jobs name it.
pub const KIND: &str = "client_assignment_due";

#[derive(Deserialize)]
struct Payload {
    client_id: ClientId,
}

fn key(client_id: ClientId, day: NaiveDate) -> String {
    format!("{client_id}/{day}")
}

/// Sees to it that what holds from a day on takes effect when it begins. One timer a client and day.
pub async fn take_effect_at(uow: &mut Uow, id: ClientId, day: NaiveDate, at: DateTime<Utc>) -> Result<(), Error> {
    let job = NewJob::of(KIND, json!({ "client_id": id })).key(key(id, day)).at(at);
    worker::enqueue(uow, job).await.map(drop)
}

/// The day brings nothing any more.
pub async fn call_off(uow: &mut Uow, id: ClientId, day: NaiveDate) -> Result<(), Error> {
    worker::call_off(uow, KIND, &key(id, day)).await.map(drop)
}

/// Makes a client's branch and advisor what holds now. Done late or twice, it finds the same.
pub fn handle(context: JobContext) -> Boxed<'static, JobResult> {
    Box::pin(async move {
        let Payload { client_id } = serde_json::from_value(context.job.payload.clone()).map_err(Error::internal)?;
        let mut uow = context.begin().await?;
        let is_changed = service::take_effect(&mut uow, client_id).await?;
        context.complete(uow, json!({ "is_changed": is_changed })).await
    })
}
