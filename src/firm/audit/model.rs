//! What is asked of reads of clients.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use platform::kernel::ids::ClientId;

/// Which reads.
#[derive(Clone, Debug, Default)]
pub struct ReadFilter {
    /// Of this client.
    pub client_id: Option<ClientId>,
    /// By this principal.
    pub actor: Option<String>,
}

/// A read as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeptRead {
    /// Id; later ones are greater.
    pub client_read_id: Uuid,
    /// Whom the answer was about.
    pub client_id: ClientId,
    /// When it was given.
    pub read_at: DateTime<Utc>,
    /// Who got it.
    pub actor: String,
    /// From where, as far as the connection tells.
    pub address: Option<String>,
    /// In which request.
    pub request_id: String,
    /// Method and path as the document has them.
    pub operation: String,
}
