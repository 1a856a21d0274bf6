//! A unit of work: one transaction, one caller, one instant, and a record of what changed.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::{NoContext, Timestamp, Uuid};

use super::pool::Db;
use super::vault::Sealer;
use crate::platform::kernel::error::{self, Error, KeptAnswer};
use crate::platform::kernel::event::Event;
use crate::platform::kernel::ids::ClientId;
use crate::platform::kernel::principal::{Caller, Visibility};

/// How long an answer is kept for a retry.
const KEEP_ANSWERS: chrono::Duration = chrono::Duration::hours(24);
/// A key somebody else holds is tried again this often, after this long.
const KEY_TRIES: u32 = 3;
const KEY_PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

/// An answer that can be kept for a retry, byte for byte.
pub trait Answer {
    /// Status, headers and body as they will be sent.
    fn render(&self) -> Result<KeptAnswer, Error>;
}

/// The answer of work that answers nobody.
impl Answer for () {
    fn render(&self) -> Result<KeptAnswer, Error> {
        Ok(KeptAnswer { status: 204, location: None, etag: None, body: Vec::new() })
    }
}

/// One transaction with its caller, its instant, and the events it recorded. Dropped without [`Uow::finish`], nothing happened.
pub struct Uow {
    transaction: Transaction<'static, Postgres>,
    db: Db,
    caller: Caller,
    now: DateTime<Utc>,
    events: Vec<Event>,
    answer_key: Option<(ClientId, Sealer)>,
}

impl Uow {
    pub(super) async fn open(
        db: Db,
        transaction: Transaction<'static, Postgres>,
        caller: Caller,
    ) -> Result<Self, Error> {
        let now = db.now();
        let mut uow = Self { transaction, db, caller, now, events: Vec::new(), answer_key: None };
        if let Some(key) = uow.caller.idempotency_key.clone()
            && let Err(answered) = uow.answer_again(&key).await
        {
            // The key is held until the transaction is over, and whoever gets this answer may come again at once.
            let _ = tokio::spawn(uow.transaction.rollback()).await;
            return Err(answered);
        }
        Ok(uow)
    }

    /// The connection inside the transaction.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// The instant of the whole unit.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The database's surroundings: keys, calendar, currency.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Who acts.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Clients in the caller's sight.
    pub fn visibility(&self) -> Visibility {
        self.caller.visibility().clone()
    }

    /// A new id (UUIDv7 of this unit's instant).
    pub fn id<T: From<Uuid>>(&self) -> T {
        let micros = self.now.timestamp_micros().max(0).unsigned_abs();
        #[expect(clippy::cast_possible_truncation, reason = "a remainder of a million fits")]
        let nanos = (micros % 1_000_000 * 1_000) as u32;
        T::from(Uuid::new_v7(Timestamp::from_unix(NoContext, micros / 1_000_000, nanos)))
    }

    /// Notes what happened; written with the effect when the unit finishes.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Seals the answer kept for a retry with this client's data key, so that erasing the key erases the answer.
    pub fn keep_answer_under(&mut self, client_id: ClientId, key: Sealer) {
        self.answer_key = Some((client_id, key));
    }

    /// Writes audit, outbox and the kept answer, commits, and gives the answer back.
    ///
    /// # Errors
    /// A unit that wrote but recorded nothing fails: use [`Uow::record`] or [`Uow::finish_unrecorded`].
    /// A commit whose outcome is unknown answers 503 `outcome_unknown`.
    pub async fn finish<A: Answer>(mut self, answer: A) -> Result<A, Error> {
        let kept = match &self.caller.idempotency_key {
            Some(_) => Some(answer.render()?),
            None => None,
        };
        if self.events.is_empty() {
            self.fail_if_it_wrote().await?;
        }
        self.write_records(kept).await?;
        self.commit().await?;
        Ok(answer)
    }

    /// As [`Uow::finish`], but the answer holds a secret and is never kept for a retry.
    pub async fn finish_secret<A>(mut self, answer: A) -> Result<A, Error> {
        self.write_records(None).await?;
        self.commit().await?;
        Ok(answer)
    }

    /// Commits what needs no record; the reason is for the reader of the code.
    pub async fn finish_unrecorded<A>(self, _reason: &'static str, answer: A) -> Result<A, Error> {
        self.commit().await?;
        Ok(answer)
    }

    async fn commit(self) -> Result<(), Error> {
        // In a task of its own, like the begin: a caller that hangs up must not leave the commit half read.
        let committed = tokio::spawn(self.transaction.commit());
        let unknown = |source: &dyn std::fmt::Display| {
            tracing::warn!(error = %source, "outcome of a commit is unknown");
            Error::code(&error::OUTCOME_UNKNOWN).with(|refusal| refusal.retry_after_s = Some(1))
        };
        match committed.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(driver @ sqlx::Error::Database(_))) => Err(driver.into()),
            Ok(Err(lost)) => Err(unknown(&lost)),
            Err(join) => Err(unknown(&join)),
        }
    }

    async fn fail_if_it_wrote(&mut self) -> Result<(), Error> {
        let wrote = sqlx::query_scalar!(r#"SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS "wrote!""#)
            .fetch_one(&mut *self.transaction)
            .await?;
        if wrote { Err(Error::internal("a unit of work wrote but recorded nothing")) } else { Ok(()) }
    }

    /// One statement for all of it.
    async fn write_records(&mut self, kept: Option<KeptAnswer>) -> Result<(), Error> {
        if self.events.is_empty() && kept.is_none() {
            return Ok(());
        }
        let ids: Vec<Uuid> = self.events.iter().map(|_| self.id()).collect();
        let column = |pick: fn(&Event) -> String| self.events.iter().map(pick).collect::<Vec<String>>();
        let (kinds, subject_kinds) = (column(|e| e.kind.to_owned()), column(|e| e.subject_kind.to_owned()));
        let subject_ids: Vec<Option<Uuid>> = self.events.iter().map(|e| e.subject_id).collect();
        let client_ids: Vec<Option<Uuid>> = self.events.iter().map(|e| e.client_id.map(|id| id.0)).collect();
        let purposes: Vec<Option<String>> = self.events.iter().map(|e| e.purpose.clone()).collect();
        let data: Vec<Value> = self.events.iter().map(|e| e.data.clone()).collect();
        let published: Vec<bool> = self.events.iter().map(|e| e.published).collect();
        let sealed = kept.map(|kept| self.seal_answer(&kept)).transpose()?;
        sqlx::query!(
            r#"WITH event AS (
                   SELECT * FROM unnest($4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::text[], $10::jsonb[], $11::bool[])
                       AS e (id, kind, subject_kind, subject_id, client_id, purpose, data, published)
               ), audited AS (
                   INSERT INTO audit_entry (audit_entry_id, occurred_at, actor, request_id, action, subject_kind, subject_id, client_id, purpose, detail)
                   SELECT id, $1, $2, $3, kind, subject_kind, subject_id, client_id, purpose, data FROM event
               ), announced AS (
                   INSERT INTO outbox_event (outbox_event_id, occurred_at, kind, subject_kind, subject_id, client_id, data)
                   SELECT id, $1, kind, subject_kind, subject_id, client_id, data FROM event WHERE published
               )
               INSERT INTO idempotency_record (caller, idempotency_key, request_hash, client_id, answer, created_at)
               SELECT $2, $12, $13, $14, $15, $1 WHERE $12::text IS NOT NULL"#,
            self.now,
            self.caller.principal.name,
            self.caller.request_id,
            &ids,
            &kinds,
            &subject_kinds,
            &subject_ids as &[Option<Uuid>],
            &client_ids as &[Option<Uuid>],
            &purposes as &[Option<String>],
            &data,
            &published,
            if sealed.is_some() { self.caller.idempotency_key.as_deref() } else { None },
            request_hash(&self.caller),
            self.answer_key.as_ref().map(|(client_id, _)| client_id.0),
            sealed,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    fn seal_answer(&self, kept: &KeptAnswer) -> Result<Vec<u8>, Error> {
        let plain = serde_json::to_vec(kept).map_err(Error::internal)?;
        let sealer = self.answer_key.as_ref().map_or(self.db.keyring().house(), |(_, sealer)| sealer);
        sealer.seal(ANSWER, &plain)
    }

    /// Keeps others with the same key out until this unit ends. A request that was refused may hold its key a moment longer
    /// than its answer takes to arrive, so a held key is tried again.
    async fn hold_key(&mut self, caller: &str, key: &str) -> Result<(), Error> {
        for again in (0..=KEY_TRIES).rev() {
            let alone = sqlx::query_scalar!(
                r#"SELECT pg_try_advisory_xact_lock(hashtextextended($1 || E'\n' || $2, 0)) AS "alone!""#,
                caller,
                key
            );
            if alone.fetch_one(&mut *self.transaction).await? {
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
    async fn answer_again(&mut self, key: &str) -> Result<(), Error> {
        let caller = self.caller.principal.name.clone();
        self.hold_key(&caller, key).await?;
        let found = sqlx::query!(
            r#"SELECT r.request_hash, r.answer, r.client_id, r.created_at, k.wrapped_key AS "wrapped_key?"
               FROM idempotency_record r LEFT JOIN data_key k ON k.client_id = r.client_id
               WHERE r.caller = $1 AND r.idempotency_key = $2"#,
            caller,
            key
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        let Some(found) = found else { return Ok(()) };
        if found.created_at + KEEP_ANSWERS < self.now {
            sqlx::query!("DELETE FROM idempotency_record WHERE caller = $1 AND idempotency_key = $2", caller, key)
                .execute(&mut *self.transaction)
                .await?;
            return Ok(());
        }
        if found.request_hash != request_hash(&self.caller) {
            return Err(Error::code(&error::KEY_REUSED));
        }
        let plain = match (found.client_id, found.wrapped_key) {
            (None, _) => self.db.keyring().house().open(ANSWER, &found.answer)?,
            (Some(client_id), Some(wrapped)) => {
                self.db.keyring().data_key(ClientId(client_id), &wrapped)?.open(ANSWER, &found.answer)?
            }
            // The client's key was erased, and with it the answer.
            (Some(_), None) => return Err(Error::not_found()),
        };
        let kept = serde_json::from_slice(&plain).map_err(Error::internal)?;
        Err(Error::Answered(Box::new(kept)))
    }
}

const ANSWER: &str = "idempotency_record.answer";

/// What a key is bound to beside the caller: method, path, query and body.
fn request_hash(caller: &Caller) -> Vec<u8> {
    use aws_lc_rs::digest::{Context, SHA256};
    let mut context = Context::new(&SHA256);
    context.update(caller.target.as_bytes());
    context.update(&[0]);
    context.update(caller.body_hash.get().map_or(&[][..], |hash| hash));
    context.finish().as_ref().to_vec()
}
