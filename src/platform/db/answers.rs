//! Answers kept for a retry: under the caller's key, sealed, for a day.

use super::read::Read;
use super::vault::{Keyring, Sealer};
use crate::kernel::error::{self, Error, KeptAnswer};
use crate::kernel::ids::ClientId;
use crate::kernel::principal::Caller;

/// How long an answer is kept for a retry.
const KEEP_ANSWERS: chrono::Duration = chrono::Duration::hours(24);
/// A key somebody else holds is tried again this often, after this long.
const KEY_TRIES: u32 = 3;
const KEY_PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

/// An answer as it is kept: under the client's key where it has one, so that erasing the key erases the answer.
pub(super) fn sealed(
    keyring: &Keyring,
    client_key: Option<&(ClientId, Sealer)>,
    kept: &KeptAnswer,
) -> Result<Vec<u8>, Error> {
    let plain = serde_json::to_vec(kept).map_err(Error::internal)?;
    client_key.map_or(keyring.house(), |(_, sealer)| sealer).seal(ANSWER, &plain)
}

/// Keeps others with the same key out until this unit ends. A request that was refused may hold its key a moment longer
/// than its answer takes to arrive, so a held key is tried again.
async fn hold_key(read: &mut Read, caller: &str, key: &str) -> Result<(), Error> {
    for again in (0..=KEY_TRIES).rev() {
        let alone = sqlx::query_scalar!(
            r#"SELECT pg_try_advisory_xact_lock(hashtextextended($1 || E'\n' || $2, 0)) AS "alone!""#,
            caller,
            key
        );
        if alone.fetch_one(read.conn()).await? {
            return Ok(());
        }
        if again > 0 {
            tokio::time::sleep(KEY_PAUSE).await;
        }
    }
    Err(Error::code(&error::KEY_IN_USE).with(|refusal| refusal.retry_after_s = Some(1)))
}

/// Looks for an answer given before. A statement of its own after the lock: one that waits for nothing but began before
/// the other unit committed would not see what that one kept.
pub(super) async fn look_up(read: &mut Read, key: &str) -> Result<(), Error> {
    let caller = read.caller().principal.name.clone();
    hold_key(read, &caller, key).await?;
    let found = sqlx::query!(
        r#"SELECT r.request_hash, r.answer, r.client_id, r.created_at, k.wrapped_key AS "wrapped_key?"
               FROM idempotency_record r LEFT JOIN data_key k ON k.client_id = r.client_id
               WHERE r.caller = $1 AND r.idempotency_key = $2"#,
        caller,
        key
    )
    .fetch_optional(read.conn())
    .await?;
    let Some(found) = found else { return Ok(()) };
    if found.created_at + KEEP_ANSWERS < read.now() {
        sqlx::query!("DELETE FROM idempotency_record WHERE caller = $1 AND idempotency_key = $2", caller, key)
            .execute(read.conn())
            .await?;
        return Ok(());
    }
    if found.request_hash != request_hash(read.caller()) {
        return Err(Error::code(&error::KEY_REUSED));
    }
    let plain = match (found.client_id, found.wrapped_key) {
        (None, _) => read.keyring().house().open(ANSWER, &found.answer)?,
        (Some(client_id), Some(wrapped)) => {
            read.keyring().data_key(ClientId(client_id), &wrapped)?.open(ANSWER, &found.answer)?
        }
        // The client's key was erased, and with it the answer.
        (Some(_), None) => return Err(Error::not_found()),
    };
    let kept = serde_json::from_slice(&plain).map_err(Error::internal)?;
    Err(Error::Answered(Box::new(kept)))
}

const ANSWER: &str = "idempotency_record.answer";

/// What a key is bound to beside the caller: method, path, query and body.
pub(super) fn request_hash(caller: &Caller) -> Vec<u8> {
    use aws_lc_rs::digest::{Context, SHA256};
    let mut context = Context::new(&SHA256);
    context.update(caller.target.as_bytes());
    context.update(&[0]);
    context.update(caller.body_hash.get().map_or(&[][..], |hash| hash));
    context.finish().as_ref().to_vec()
}
