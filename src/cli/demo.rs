//! `clientele demo`, and what `serve --demo` does on first start.

use std::io::IsTerminal;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use secrecy::{ExposeSecret, SecretString};

use super::{Failure, boot, score};
use demo::{self, Generator, Request, Status};
use insight::scoring;
use platform::config::{AppEnv, Config};
use platform::db::{Db, Lane};

/// The book that `serve --demo` loads.
const CLIENTS: u32 = 2_000;
const SEED: u64 = 1;

/// Options of `demo`.
#[derive(Args)]
pub struct Demo {
    /// Number of invented clients
    #[arg(long, default_value_t = CLIENTS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    clients: u32,
    /// The same seed gives the same book
    #[arg(long, default_value_t = SEED)]
    seed: u64,
}

/// People of the demonstration firm, to sign in as.
pub struct Cast {
    /// Role, user name, branch.
    people: Vec<(String, String, String)>,
    password: SecretString,
}

/// Loads a demonstration book into an empty database and scores it.
pub async fn run(config: &Config, demo: Demo) -> Result<(), Failure> {
    let booted = boot::boot(config, boot::COMMAND_CONNECTIONS).await?;
    let outcome = match demo::status(&booted.db).await {
        Ok(Status::Complete(there)) => Err(format!(
            "a demonstration book of {} clients (seed {}) is here already: set DATA_DIR or DATABASE_URL for another",
            there.clients, there.seed
        )
        .into()),
        Ok(Status::Taken) => Err(taken()),
        Ok(_) => ensure(config, &booted.db, demo.clients, demo.seed).await,
        Err(error) => Err(error.into()),
    };
    booted.stop().await?;
    if let Some(cast) = outcome? {
        cast.tell();
    }
    Ok(())
}

fn taken() -> Failure {
    "there are clients in this database: a demonstration book goes into an empty one (set DATA_DIR or DATABASE_URL)"
        .into()
}

/// For `serve --demo`: an empty book gets the demonstration, an interrupted load is finished, anything else stays.
pub async fn on_start(config: &Config, db: &Db) -> Result<Option<Cast>, Failure> {
    ensure(config, db, CLIENTS, SEED).await
}

async fn ensure(config: &Config, db: &Db, clients: u32, seed: u64) -> Result<Option<Cast>, Failure> {
    if config.app_env == AppEnv::Production {
        return Err("with APP_ENV=production there is no demonstration: its people share a password".into());
    }
    let password = config.demonstration_password()?;
    let db = &db.lane(Lane::Worker);
    let request = match demo::status(db).await? {
        Status::Complete(request) => return Ok(Some(Cast::of(db, &request, password))),
        Status::Taken => {
            tracing::info!("there are clients in this database: no demonstration book is loaded");
            return Ok(None);
        }
        Status::Begun(request) => request,
        Status::Empty => Request::until_yesterday(db, clients, seed),
    };
    load(db, &request, &password).await?;
    Ok(Some(Cast::of(db, &request, password)))
}

async fn load(db: &Db, request: &Request, password: &SecretString) -> Result<(), Failure> {
    let began = Instant::now();
    eprintln!("Making a demonstration book of {} clients up to {}", request.clients, request.as_of);
    let bar =
        if std::io::stderr().is_terminal() { ProgressBar::new(request.clients.into()) } else { ProgressBar::hidden() };
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos} of {len} clients  {msg}, {eta} left")?);
    let shown = bar.clone();
    let progress = move |loaded: &demo::Loaded| {
        shown.set_position(loaded.clients as u64);
        shown.set_message(format!("{} trades", loaded.trades));
    };
    let loaded = demo::load(db, request, password.expose_secret(), progress).await?;
    bar.finish_and_clear();
    let demo::Loaded { clients, trades, balances, interactions } = loaded;
    let seconds = began.elapsed().as_secs_f64();
    eprintln!("  {clients} clients, {trades} trades, {balances} balances, {interactions} contacts in {seconds:.1} s");
    let job = score::scored(db, Some(request.as_of), scoring::DEFAULT_HORIZON_DAYS).await?;
    let alerts = job.result.map(|result| result["alerts"]["opened"].clone()).unwrap_or_default();
    eprintln!("  scored, {alerts} alerts opened; ready after {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

impl Cast {
    /// The first of each role.
    fn of(db: &Db, request: &Request, password: SecretString) -> Self {
        let generator = Generator::new(&request.spec(db));
        let firm = generator.firm();
        let mut people: Vec<(String, String, String)> = Vec::new();
        for person in &firm.staff {
            if people.iter().all(|(role, ..)| role != person.role) {
                let branch = firm.branches.iter().find(|branch| branch.code == person.branch_code);
                let branch = branch.map_or_else(String::new, |branch| branch.name.clone());
                people.push((person.role.to_owned(), person.username.clone(), branch));
            }
        }
        Self { people, password }
    }

    /// Says who there is.
    pub fn tell(&self) {
        println!("  demonstration staff, each with the password  {}", self.password.expose_secret());
        for (role, username, branch) in &self.people {
            println!("    {role:<15} {username:<16} {branch}");
        }
    }
}
