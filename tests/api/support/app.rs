//! The application as it is served: `clientele::app` behind real HTTP on a free port.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use clientele::app;
use clientele::firm::access::{self, Tokens};
use clientele::platform::db::vault::Keyring;
use clientele::platform::db::{self, Db, DbOptions};
use clientele::platform::http::limits::Limits;
use clientele::platform::kernel::clock::{Clock, TradingCalendar};
use clientele::platform::kernel::money::Currency;
use clientele::platform::kernel::principal::Caller;
use clientele::platform::worker::{self, Job};
use clientele::server::{self, State};
use secrecy::{SecretBox, SecretString};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::sync::oneshot;

use super::client::Client;
use super::cluster;

/// The password of `admin`, and of everybody made by [`TestApp::client_as`].
pub const PASSWORD: &str = "a quiet river by night";
/// Requests of many tests come from one address.
const NO_LIMIT: NonZeroU32 = NonZeroU32::new(1_000_000).unwrap();
const CONNECTIONS: u32 = 12;

/// A server of its own on a database of its own. Stops when dropped.
pub struct TestApp {
    /// The database, in the lane of requests.
    pub db: Db,
    /// The server's clock; stands still if the test asked for that.
    pub clock: Clock,
    /// What the server's workers share.
    pub state: State,
    /// `http://127.0.0.1:…`
    pub url: String,
    pub(super) http: reqwest::Client,
    connect: PgConnectOptions,
    database: String,
    server: ServerHandle,
}

impl TestApp {
    /// With the machine's clock.
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// With a state of its own making.
    pub async fn with(change: impl FnOnce(&mut State)) -> Self {
        Self::made(Clock::System, CONNECTIONS, &[], change).await
    }

    /// With a pool of this size.
    pub async fn with_connections(connections: u32) -> Self {
        Self::made(Clock::System, connections, &[], |_| ()).await
    }

    /// With a clock that stands at `instant` (RFC 3339) until `app.clock.set(…)`.
    pub async fn at(instant: &str) -> Self {
        Self::made(Clock::fixed(instant.parse().unwrap()), CONNECTIONS, &[], |_| ()).await
    }

    /// With settings of PostgreSQL's for every connection of the application.
    pub async fn with_settings(clock: Clock, settings: &[(&str, &str)]) -> Self {
        Self::made(clock, CONNECTIONS, settings, |_| ()).await
    }

    async fn made(clock: Clock, connections: u32, settings: &[(&str, &str)], change: impl FnOnce(&mut State)) -> Self {
        let (connect, database) = cluster::fresh_database().await;
        let db = open(connect.clone().options(settings.iter().copied()), clock.clone(), connections).await;
        let mut state = State::new(db.clone(), tokens(), Limits::new(NO_LIMIT), None);
        change(&mut state);
        let (url, server) = serve(state.clone()).await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { db, clock, state, url, http, connect, database, server }
    }

    /// A connection of the test's own, beside the pools.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect_with(&self.connect).await.unwrap()
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Client {
        Client::new(self, None)
    }

    /// Does every job that is due, and those they lead to, in order; none is left waiting afterwards.
    pub async fn run_jobs(&self) -> Vec<Job> {
        let runner = app::runner(&self.db);
        let mut done = Vec::new();
        while let Some(id) = runner.run_next(None).await.unwrap() {
            done.push(worker::find(&mut self.db.connection().await.unwrap(), id).await.unwrap().unwrap());
        }
        done
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The order is sent here and now; nobody waits for it to be carried out.
        drop(self.server.stop(false));
        cluster::forget_database(std::mem::take(&mut self.database));
    }
}

/// What is done once for all tests: schema, settings and policies as a first start leaves them, and `admin`.
pub async fn prepare(connect: PgConnectOptions) {
    db::migrate(&connect).await.unwrap();
    let db = open(connect, Clock::System, CONNECTIONS).await;
    app::seed(&db).await.unwrap();
    let mut uow = db.begin(&Caller::system("setup", "setup")).await.unwrap();
    access::create_first_administrator(&mut uow, "admin", PASSWORD).await.unwrap().unwrap();
    uow.finish(()).await.unwrap();
    db.close().await;
}

async fn open(connect: PgConnectOptions, clock: Clock, request_connections: u32) -> Db {
    Db::connect(DbOptions {
        connect,
        request_connections,
        clock,
        keyring: Keyring::new(1, &SecretBox::new(Box::new([7; 32]))).unwrap(),
        calendar: TradingCalendar { time_zone: chrono_tz::Asia::Shanghai },
        currency: Currency("CNY".to_owned()),
    })
    .await
    .unwrap()
}

fn tokens() -> Tokens {
    static KEY: LazyLock<SecretString> = LazyLock::new(|| access::new_signing_key().unwrap());
    Tokens::new(&KEY).unwrap()
}

/// A server on a thread of its own, so that it outlives no test and waits for none.
async fn serve(state: State) -> (String, ServerHandle) {
    let (started, start) = oneshot::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || server::app(state.clone()));
            let server = server.workers(2).disable_signals().bind(("127.0.0.1", 0)).unwrap();
            let url = format!("http://{}", server.addrs()[0]);
            let server = server.run();
            started.send((url, server.handle())).ok();
            server.await.unwrap();
        });
    });
    start.await.unwrap()
}
