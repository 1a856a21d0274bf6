//! Reads of clients: each answer about one client is noted, with who got it, from where and by which operation. Noted
//! from the route, which names the client of everything that belongs to one (or from the filter `client_id` of a list),
//! so no slice can forget it; after the answer is known, so that what was refused is no read. Lists of many note
//! nothing.
//!
//! A note is put into a bounded queue and costs the request no statement; whoever empties the queue writes in batches.
//! Killed, a process loses what is queued: the last fraction of a second. Where the queue is full, an answer waits for
//! room, a second at the most; then its note is given up, counted and logged.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::{HttpMessage, web};
use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::actor::RequestId;
use crate::kernel::clock::Clock;
use crate::kernel::ids::ClientId;
use crate::kernel::principal::Principal;

/// Notes that wait to be written at the most.
const WAITING: usize = 10_000;
const WAIT_FOR_ROOM: Duration = Duration::from_secs(1);

/// An answer about a client.
#[derive(Clone, Debug)]
pub struct ClientRead {
    /// Whom it is about.
    pub client_id: ClientId,
    /// When it was given.
    pub read_at: DateTime<Utc>,
    /// Who got it.
    pub actor: String,
    /// Where the connection came from.
    pub address: Option<String>,
    /// Of which request.
    pub request_id: String,
    /// Method and path as the document has them: `GET /v1/clients/{client_id}`.
    pub operation: String,
}

/// What is in the queue.
pub enum Noted {
    /// An answer.
    Read(ClientRead),
    /// Somebody waits until all before it is written.
    Waiting(oneshot::Sender<()>),
}

/// Where reads are noted.
#[derive(Clone)]
pub struct ReadLog {
    queue: mpsc::Sender<Noted>,
    clock: Clock,
}

impl ReadLog {
    /// A log, and the queue that somebody is to empty.
    pub fn new(clock: Clock) -> (Self, mpsc::Receiver<Noted>) {
        let (queue, noted) = mpsc::channel(WAITING);
        (Self { queue, clock }, noted)
    }

    /// Waits until everything noted so far is written.
    pub async fn written(&self) {
        let (sender, written) = oneshot::channel();
        if self.queue.send(Noted::Waiting(sender)).await.is_ok() {
            // Nobody empties the queue any more: then nothing is left to wait for.
            let _ = written.await;
        }
    }

    async fn note(&self, read: ClientRead) {
        let (client_id, actor) = (read.client_id, read.actor.clone());
        let room = tokio::time::timeout(WAIT_FOR_ROOM, self.queue.send(Noted::Read(read)));
        if !matches!(room.await, Ok(Ok(()))) {
            metrics::counter!("client_reads_lost_total").increment(1);
            tracing::error!(%client_id, actor, "a read of a client was not noted: the queue is full");
        }
    }
}

/// Notes an answer if it is about one client.
pub(super) async fn note(response: &ServiceResponse<impl MessageBody>) {
    let answered = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let request = response.request();
    let Some(log) = request.app_data::<web::Data<ReadLog>>().filter(|_| answered) else { return };
    let read = {
        let extensions = request.extensions();
        let (Some(principal), Some(client_id)) = (extensions.get::<Arc<Principal>>(), client_of(response)) else {
            return;
        };
        ClientRead {
            client_id,
            read_at: log.clock.now(),
            actor: principal.name.clone(),
            address: request.peer_addr().map(|peer| peer.ip().to_string()),
            request_id: extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone()),
            operation: format!("{} {}", request.method(), request.match_pattern().unwrap_or_default()),
        }
    };
    log.note(read).await;
}

/// The client that the route names, or the filter.
fn client_of(response: &ServiceResponse<impl MessageBody>) -> Option<ClientId> {
    const NAME: &str = "client_id";
    let request = response.request();
    let named = request.match_info().get(NAME).map(str::to_owned).or_else(|| {
        let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string()).ok()?;
        query.into_inner().into_iter().find(|(name, _)| name == NAME).map(|(_, value)| value)
    });
    named?.parse::<Uuid>().ok().map(ClientId)
}
