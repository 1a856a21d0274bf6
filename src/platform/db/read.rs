//! A read: one connection with its caller, their scope, and the instant everything is read at. The twin of the unit of
//! work, which is a read inside a transaction: whatever takes `&mut Read` takes `&mut Uow` too.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Transaction};

use super::pool::Db;
use super::vault::Keyring;
use crate::kernel::clock::TradingCalendar;
use crate::kernel::error::Error;
use crate::kernel::principal::{Caller, Visibility};

/// What services that only read take.
pub struct Read {
    pub(super) conn: Conn,
    db: Db,
    caller: Caller,
    now: DateTime<Utc>,
}

/// Where statements go.
pub(super) enum Conn {
    /// Each statement stands alone.
    Pooled(PoolConnection<Postgres>),
    /// All of them or none; or all of them as of one instant.
    Transaction(Transaction<'static, Postgres>),
}

impl Db {
    /// What a caller may read, all at one instant.
    pub async fn read(&self, caller: &Caller) -> Result<Read, Error> {
        let conn = Conn::Pooled(self.connection().await?);
        Ok(Read::new(conn, self.clone(), caller.clone()))
    }
}

impl Db {
    /// The same, with every statement seeing the database as the first one did: for an answer made of several, which
    /// others must not change in between.
    pub async fn snapshot(&self, caller: &Caller) -> Result<Read, Error> {
        let conn = Conn::Transaction(self.guarded_snapshot().await?);
        Ok(Read::new(conn, self.clone(), caller.clone()))
    }
}

impl Read {
    pub(super) fn new(conn: Conn, db: Db, caller: Caller) -> Self {
        let now = db.now();
        Self { conn, db, caller, now }
    }

    /// The connection, for statements that concern no client.
    pub fn conn(&mut self) -> &mut PgConnection {
        match &mut self.conn {
            Conn::Pooled(connection) => connection,
            Conn::Transaction(transaction) => transaction,
        }
    }

    /// The connection and the scope to bind into every statement about clients.
    pub fn scoped(&mut self) -> (&mut PgConnection, &Visibility) {
        let conn: &mut PgConnection = match &mut self.conn {
            Conn::Pooled(connection) => connection,
            Conn::Transaction(transaction) => transaction,
        };
        (conn, &self.caller.principal.visibility)
    }

    /// Clients the caller may see.
    pub fn scope(&self) -> &Visibility {
        &self.caller.principal.visibility
    }

    /// Who reads.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// One instant for all of it.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The trading day of that instant.
    pub fn today(&self) -> NaiveDate {
        self.calendar().day_of(self.now)
    }

    /// The database's surroundings.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The exchange's time zone: to which trading day an instant belongs. Working days are `firm::calendars::working`.
    pub fn calendar(&self) -> &TradingCalendar {
        self.db.calendar()
    }

    /// Keys for what is sealed.
    pub fn keyring(&self) -> &Keyring {
        self.db.keyring()
    }
}
