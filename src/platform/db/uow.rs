//! A unit of work: one transaction, one caller, one instant, and a record of what changed.

use std::ops::{Deref, DerefMut};

use serde_json::Value;
use sqlx::{Postgres, Transaction};
use uuid::{NoContext, Timestamp, Uuid};

use super::pool::Db;
use super::read::{Conn, Read};
use super::vault::Sealer;
use super::{answers, audit};
use crate::kernel::error::{self, Error, KeptAnswer};
use crate::kernel::event::Event;
use crate::kernel::ids::ClientId;
use crate::kernel::principal::{Caller, Visibility};

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

/// One transaction with its caller, its instant, and the events it recorded. Dropped without [`Uow::finish`], nothing
/// happened.
pub struct Uow {
    read: Read,
    events: Vec<Event>,
    answer_key: Option<(ClientId, Sealer)>,
}

impl Deref for Uow {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Uow {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}

impl Db {
    /// A unit of work. Answers [`Error::Answered`] when the caller's idempotency key was used for the same request
    /// before.
    pub async fn begin(&self, caller: &Caller) -> Result<Uow, Error> {
        let transaction = self.guarded_begin().await?;
        Uow::open(self.clone(), transaction, caller.clone()).await
    }
}

impl Uow {
    async fn open(db: Db, transaction: Transaction<'static, Postgres>, caller: Caller) -> Result<Self, Error> {
        let read = Read::new(Conn::Transaction(transaction), db, caller);
        let mut uow = Self { read, events: Vec::new(), answer_key: None };
        if let Some(key) = uow.caller().idempotency_key.clone()
            && let Err(answered) = answers::look_up(&mut uow.read, &key).await
        {
            // The key is held until the transaction is over, and whoever gets this answer may come again at once.
            if let Conn::Transaction(transaction) = uow.read.conn {
                let _ = tokio::spawn(transaction.rollback()).await;
            }
            return Err(answered);
        }
        Ok(uow)
    }

    /// Clients in the caller's scope.
    pub fn visibility(&self) -> Visibility {
        self.scope().clone()
    }

    /// A new id (UUIDv7 of this unit's instant).
    pub fn id<T: From<Uuid>>(&self) -> T {
        let micros = self.now().timestamp_micros().max(0).unsigned_abs();
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
        let kept = match &self.caller().idempotency_key {
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

    /// Writes what was recorded, if anything was, and commits: for work that its job's own row bears witness to.
    pub(crate) async fn finish_job(mut self) -> Result<(), Error> {
        self.write_records(None).await?;
        self.commit().await
    }

    /// Commits what needs no record; the reason is for the reader of the code.
    pub async fn finish_unrecorded<A>(self, _reason: &'static str, answer: A) -> Result<A, Error> {
        self.commit().await?;
        Ok(answer)
    }

    async fn commit(self) -> Result<(), Error> {
        let Conn::Transaction(transaction) = self.read.conn else {
            return Err(Error::internal("a unit of work has a transaction"));
        };
        // In a task of its own, like the begin: a caller that hangs up must not leave the commit half read.
        let committed = tokio::spawn(transaction.commit());
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
            .fetch_one(self.conn())
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
        let sealed = kept.map(|kept| answers::sealed(self.keyring(), self.answer_key.as_ref(), &kept)).transpose()?;
        let events = std::mem::take(&mut self.events);
        let changes = audit::sealed_changes(self, &events).await?;
        sqlx::query!(
            r#"WITH event AS (
                   SELECT * FROM unnest($4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::text[], $10::jsonb[], $11::bool[], $17::bytea[])
                       AS e (id, kind, subject_kind, subject_id, client_id, purpose, data, published, change)
               ), audited AS (
                   INSERT INTO audit_entry (audit_entry_id, occurred_at, actor, request_id, action, subject_kind, subject_id, client_id, purpose, detail,
                                            address, change)
                   SELECT id, $1, $2, $3, kind, subject_kind, subject_id, client_id, purpose, data, $16, change FROM event
               ), announced AS (
                   INSERT INTO outbox_event (outbox_event_id, occurred_at, kind, subject_kind, subject_id, client_id, data)
                   SELECT id, $1, kind, subject_kind, subject_id, client_id, data FROM event WHERE published
               )
               INSERT INTO idempotency_record (caller, idempotency_key, request_hash, client_id, answer, created_at)
               SELECT $2, $12, $13, $14, $15, $1 WHERE $12::text IS NOT NULL"#,
            self.now(),
            self.caller().principal.name,
            self.caller().request_id,
            &ids,
            &kinds,
            &subject_kinds,
            &subject_ids as &[Option<Uuid>],
            &client_ids as &[Option<Uuid>],
            &purposes as &[Option<String>],
            &data,
            &published,
            if sealed.is_some() { self.caller().idempotency_key.as_deref() } else { None },
            answers::request_hash(self.caller()),
            self.answer_key.as_ref().map(|(client_id, _)| client_id.0),
            sealed,
            self.caller().address.clone(),
            &changes as &[Option<Vec<u8>>],
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
