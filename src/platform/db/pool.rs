//! Two pools, one database: short statements for requests, long ones for workers.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use log::LevelFilter;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Acquire, ConnectOptions, PgConnection, Postgres, Transaction};

use super::vault::Keyring;
use crate::kernel::clock::{Clock, TradingCalendar};
use crate::kernel::error::Error;
use crate::kernel::money::Currency;

/// What kind of work a handle is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Requests: statements end after 3 s, waits for a lock after 1 s.
    Request,
    /// Jobs and the command line: statements may take 30 minutes, waits for a lock 10 s.
    Worker,
}

/// The database and what every use of it needs: time, keys, calendar, currency.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
    lane: Lane,
}

struct Shared {
    request: PgPool,
    worker: PgPool,
    clock: Clock,
    keyring: Keyring,
    calendar: TradingCalendar,
    currency: Currency,
}

/// How to reach the database and what goes with it.
pub struct DbOptions {
    /// Where it is.
    pub connect: PgConnectOptions,
    /// Connections for requests.
    pub request_connections: u32,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Keys for what is sealed.
    pub keyring: Keyring,
    /// The exchange's calendar.
    pub calendar: TradingCalendar,
    /// The currency the book is kept in.
    pub currency: Currency,
}

/// What the driver calls slow.
const SLOW: Duration = Duration::from_secs(1);
/// Connections for jobs and the command line.
const WORKER_CONNECTIONS: u32 = 8;

impl Db {
    /// Opens the pools; the first connection is made here, so a wrong address fails now.
    pub async fn connect(options: DbOptions) -> Result<Self, sqlx::Error> {
        // Statements here are short or index-driven; compiling one costs more than it saves (half a second, seen).
        let base = options.connect.application_name("clientele").options([("jit", "off")]);
        // What is slow shows in the metrics; the driver's log would print whole statements among the command line's
        // words.
        let base = base.log_statements(LevelFilter::Trace).log_slow_statements(LevelFilter::Debug, SLOW);
        let request = pool(
            options.request_connections,
            base.clone().options([("statement_timeout", "3s"), ("lock_timeout", "1s")]),
        );
        let worker = pool(WORKER_CONNECTIONS, base.options([("statement_timeout", "30min"), ("lock_timeout", "10s")]));
        drop(request.acquire().await?);
        let shared = Shared {
            request,
            worker,
            clock: options.clock,
            keyring: options.keyring,
            calendar: options.calendar,
            currency: options.currency,
        };
        Ok(Self { shared: Arc::new(shared), lane: Lane::Request })
    }

    /// The same database, for work of another kind.
    #[must_use]
    pub fn lane(&self, lane: Lane) -> Self {
        Self { shared: self.shared.clone(), lane }
    }

    fn pool(&self) -> &PgPool {
        match self.lane {
            Lane::Request => &self.shared.request,
            Lane::Worker => &self.shared.worker,
        }
    }

    /// A bare connection, for what no caller asks: workers, the command line, health.
    pub async fn connection(&self) -> Result<PoolConnection<Postgres>, Error> {
        Ok(self.pool().acquire().await?)
    }

    /// Begins in a task of its own. Cancelling sqlx's `begin()` (a client that hangs up, a timeout) can put a
    /// connection back into the pool inside a half-open transaction, and the next user's acknowledged writes vanish
    /// with it; a task is never cancelled, so the connection comes back whole.
    pub async fn guarded_begin(&self) -> Result<Transaction<'static, Postgres>, Error> {
        let pool = self.pool().clone();
        let begun = tokio::spawn(async move { pool.begin().await });
        Ok(begun.await.map_err(Error::internal)??)
    }

    /// Begins a transaction that only reads and sees the database as it was at its first statement; one message
    /// begins it.
    pub async fn guarded_snapshot(&self) -> Result<Transaction<'static, Postgres>, Error> {
        let pool = self.pool().clone();
        let begun =
            tokio::spawn(async move { pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await });
        Ok(begun.await.map_err(Error::internal)??)
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.clock.now()
    }

    /// Where "now" comes from.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Keys for what is sealed.
    pub fn keyring(&self) -> &Keyring {
        &self.shared.keyring
    }

    /// The exchange's calendar.
    pub fn calendar(&self) -> &TradingCalendar {
        &self.shared.calendar
    }

    /// The currency the book is kept in.
    pub fn currency(&self) -> &Currency {
        &self.shared.currency
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        let mut connection = self.connection().await?;
        sqlx::query!("SELECT 1 AS one").fetch_one(&mut *connection).await?;
        Ok(())
    }

    /// Closes the pools after what is under way.
    pub async fn close(&self) {
        self.shared.request.close().await;
        self.shared.worker.close().await;
    }

    /// The pool of this lane, for the storm test that shows what the guard is for.
    pub fn raw_pool(&self) -> &PgPool {
        self.pool()
    }
}

fn pool(connections: u32, options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(3))
        // A ping before each use costs a third of the throughput; a broken connection shows itself on use.
        .test_before_acquire(false)
        .connect_lazy_with(options)
}

/// Brings the schema up to date; several processes may do so at once.
pub async fn migrate(options: &PgConnectOptions) -> Result<(), sqlx::migrate::MigrateError> {
    let mut connection: PgConnection = options.connect().await?;
    sqlx::migrate!("../../migrations").run(connection.acquire().await?).await
}
