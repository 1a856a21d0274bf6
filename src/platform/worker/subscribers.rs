//! Who reacts to events: in the order of the outbox, each consumer at its own pace.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::boxed::Boxed;
use crate::db::{Db, Uow};
use crate::kernel::error::Error;
use crate::kernel::event::EventType;
use crate::kernel::ids::ClientId;
use crate::kernel::principal::Caller;

/// Events handled in one transaction.
const TOGETHER: i64 = 100;

/// An event as the outbox holds it.
#[derive(Clone, Debug)]
pub struct PublishedEvent {
    /// Id.
    pub outbox_event_id: Uuid,
    /// Place in the order of commits.
    pub position: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What happened.
    pub kind: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which.
    pub subject_id: Option<Uuid>,
    /// Of which client.
    pub client_id: Option<ClientId>,
    /// References, codes, counts.
    pub data: Value,
}

impl PublishedEvent {
    /// What it carries, if it is of that kind.
    ///
    /// # Errors
    /// Internal when the row is not what its kind declares.
    pub fn read<E: EventType>(&self) -> Result<Option<E>, Error> {
        let of_kind = (self.kind == E::KIND).then(|| E::deserialize(&self.data));
        of_kind.transpose().map_err(Error::internal)
    }
}

/// Handles one event.
pub type Handle = for<'a> fn(&'a mut Uow, &'a PublishedEvent) -> Boxed<'a, Result<(), Error>>;

/// A consumer of events with a position of its own.
#[derive(Clone, Copy)]
pub struct Subscriber {
    /// Stable, snake_case; its position is kept under this name.
    pub consumer: &'static str,
    /// The kinds it handles: [`EventType::KIND`] of each.
    pub kinds: &'static [&'static str],
    /// What it does about an event. Its effects and its position commit together.
    pub handle: Handle,
}

/// Hands a subscriber the events it has not handled, from the first that was kept; how many. One process at a time:
/// another that has the subscriber is not waited for.
pub async fn deliver(db: &Db, subscriber: &Subscriber) -> Result<usize, Error> {
    let mut handled = 0;
    loop {
        let mut uow = db.begin(&Caller::system("subscriber", subscriber.consumer)).await?;
        let batch = next(&mut uow, subscriber).await?;
        let Some(last) = batch.last() else { return Ok(handled) };
        for event in &batch {
            (subscriber.handle)(&mut uow, event).await?;
        }
        let now = uow.now();
        sqlx::query!(
            "UPDATE event_position SET position = $2, updated_at = $3 WHERE consumer = $1",
            subscriber.consumer,
            last.position,
            now
        )
        .execute(uow.conn())
        .await?;
        uow.finish_job().await?;
        handled += batch.len();
    }
}

async fn next(uow: &mut Uow, subscriber: &Subscriber) -> Result<Vec<PublishedEvent>, Error> {
    let now = uow.now();
    let known = sqlx::query_scalar!("SELECT position FROM event_position WHERE consumer = $1", subscriber.consumer);
    if known.fetch_optional(uow.conn()).await?.is_none() {
        sqlx::query!(
            "INSERT INTO event_position (consumer, position, updated_at) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING",
            subscriber.consumer,
            now
        )
        .execute(uow.conn())
        .await?;
    }
    let held = sqlx::query_scalar!(
        "SELECT position FROM event_position WHERE consumer = $1 FOR UPDATE SKIP LOCKED",
        subscriber.consumer
    );
    let Some(position) = held.fetch_optional(uow.conn()).await? else { return Ok(Vec::new()) };
    let kinds: Vec<String> = subscriber.kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let events = sqlx::query_as!(
        PublishedEvent,
        r#"SELECT outbox_event_id, position AS "position!", occurred_at, kind, subject_kind, subject_id,
                  client_id AS "client_id: ClientId", data
           FROM outbox_event WHERE position > $1 AND kind = ANY($2) ORDER BY position LIMIT $3"#,
        position,
        &kinds,
        TOGETHER
    );
    Ok(events.fetch_all(uow.conn()).await?)
}
