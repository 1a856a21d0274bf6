//! `clientele serve`

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpServer, dev::ServerHandle, web};
use clap::{Args, Parser};
use secrecy::{ExposeSecret, SecretString};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

#[cfg(feature = "demo")]
use super::demo;
use super::{Failure, boot};
use crate::app;
use crate::server::{self, State};
use firm::access;
use platform::config::{AppEnv, Config, ServerConfig};
use platform::db::Db;
use platform::db::embedded::{Durability, Embedded};
use platform::http::limits::{self, Limits};
use platform::kernel::principal::Caller;
use platform::telemetry;
use platform::worker::Runner;

/// Requests under way have this long to finish.
const DRAIN_SECONDS: u64 = 25;

/// Options of `serve`.
#[derive(Args)]
pub struct Serve {
    /// Fill an empty database with an invented book of 2000 clients first
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    server: ServerConfig,
}

impl Serve {
    /// What the environment says, as when no command is given.
    pub fn from_environment() -> Self {
        #[derive(Parser)]
        struct Alone {
            #[command(flatten)]
            serve: Serve,
        }
        Alone::parse_from(["clientele"]).serve
    }
}

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub async fn run(config: &Config, serve: Serve) -> Result<(), Failure> {
    if let Some(odd) = serve.server.cors_origins.iter().find(|origin| !is_origin(origin)) {
        return Err(format!("CORS_ORIGINS: {odd} is not an origin such as https://desk.example.com").into());
    }
    #[cfg(not(feature = "demo"))]
    if serve.demo {
        return Err("this program was built without the demonstration book: use one built with its default features, \
            or fill the database with `clientele import`"
            .into());
    }
    let booted = boot::boot(config, serve.server.pool_size).await?;
    let sign_in = first_administrator(config, &serve.server, &booted.db).await?;
    #[cfg(feature = "demo")]
    let cast = if serve.demo { demo::on_start(config, &booted.db).await? } else { None };
    let limits = Limits::new(serve.server.requests_per_second);
    let mut state = State::new(booted.db.clone(), booted.tokens, limits, telemetry::start_metrics());
    state.cors_origins = serve.server.cors_origins.clone();
    state.https_only = config.app_env == AppEnv::Production;
    let tidying = tokio::spawn(shrink_limits(state.limits.clone()));
    let runner = app::runner(&booted.db);
    let (stop, worker) = start_worker(&runner);

    let shared = state.clone();
    let server = HttpServer::new(move || server::app(shared.clone()))
        .bind((serve.server.host.as_str(), serve.server.port))
        .map_err(|error| {
            format!("cannot listen on {}:{}: {error}. Set PORT to a free one", serve.server.host, serve.server.port)
        })?
        .shutdown_timeout(DRAIN_SECONDS)
        .disable_signals();
    let address = server.addrs().first().copied().ok_or("no address to listen on")?;
    greet(&address.to_string(), sign_in.as_ref());
    #[cfg(feature = "demo")]
    if let Some(cast) = cast {
        cast.tell();
    }
    let server = server.run();
    tokio::spawn(stop_on_signal(server.handle()));
    let mut embedded = booted.embedded;
    tokio::select! {
        stopped = server => stopped?,
        lost = keep_alive(&mut embedded, config) => lost?,
    }

    tidying.abort();
    stop.notify_one();
    let _ = tokio::time::timeout(Duration::from_secs(5), worker).await;
    let _ = tokio::time::timeout(Duration::from_secs(5), state.reads.written()).await;
    booted.db.close().await;
    if let Some(embedded) = embedded {
        embedded.stop().await?;
    }
    Ok(())
}

/// Brings the embedded database back when it dies under us; what it had acknowledged it still has. Returns only when it
/// cannot be brought back.
async fn keep_alive(embedded: &mut Option<Embedded>, config: &Config) -> Result<(), Failure> {
    loop {
        let Some(running) = embedded.as_ref() else { return std::future::pending().await };
        running.exited().await;
        tracing::error!("the embedded database ended by itself: starting it again");
        if let Some(ended) = embedded.take() {
            ended.stop().await?;
        }
        *embedded = Some(Embedded::start(&config.data_dir, Durability::Durable).await?);
    }
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
}

fn start_worker(runner: &Runner) -> (Arc<Notify>, tokio::task::JoinHandle<()>) {
    let stop = Arc::new(Notify::new());
    let worker = tokio::spawn(runner.clone().run(stop.clone()));
    (stop, worker)
}

/// Anybody can make a bucket by calling from another address: quiet ones are let go.
async fn shrink_limits(limits: web::Data<Limits>) {
    let mut every = tokio::time::interval(limits::SHRINK_EVERY);
    loop {
        every.tick().await;
        limits.shrink();
    }
}

async fn stop_on_signal(server: ServerHandle) {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping: finishing what is under way");
    server.stop(true).await;
}

/// A sign-in to show on first start.
struct SignIn {
    username: String,
    password: SecretString,
}

/// Makes the first administrator of an empty database. In development without one configured, `admin` with a password
/// made here.
async fn first_administrator(config: &Config, server: &ServerConfig, db: &Db) -> Result<Option<SignIn>, Failure> {
    let username = server.admin_username.clone().unwrap_or_else(|| "admin".to_owned());
    let password = match (&server.admin_password, config.app_env) {
        (Some(password), _) => password.clone(),
        (None, AppEnv::Development) => config.development_password()?,
        (None, AppEnv::Production) => {
            let setup = Caller::system("setup", "setup");
            if !access::anyone(&mut db.read(&setup).await?).await? {
                tracing::warn!("nobody can sign in yet: set ADMIN_USERNAME and ADMIN_PASSWORD and start again");
            }
            return Ok(None);
        }
    };
    let mut uow = db.begin(&Caller::system("setup", "setup")).await?;
    let made = access::create_first_administrator(&mut uow, &username, password.expose_secret()).await?;
    if made.is_some() {
        uow.finish(()).await?;
    }
    let show = config.app_env == AppEnv::Development && server.admin_password.is_none();
    Ok(show.then_some(SignIn { username, password }))
}

fn greet(address: &str, sign_in: Option<&SignIn>) {
    println!("clientele listens on http://{address}");
    println!("  Swagger UI  http://{address}/docs/");
    if let Some(SignIn { username, password }) = sign_in {
        println!("  sign in as  {username}  {}", password.expose_secret());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn quiet_buckets_are_let_go_while_serving() {
        let limits = web::Data::new(Limits::new(std::num::NonZeroU32::MAX));
        drop(limits.address([192, 0, 2, 1].into()));
        assert_eq!(limits.kept(), 1);
        tokio::time::sleep(Duration::from_millis(20)).await;
        // The first turn comes at once.
        assert!(tokio::time::timeout(Duration::from_millis(50), shrink_limits(limits.clone())).await.is_err());
        assert_eq!(limits.kept(), 0);
    }
}
