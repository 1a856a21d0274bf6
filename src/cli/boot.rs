//! What every command needs first: a database that is there, migrated, and the one the configuration means.

use std::str::FromStr;

use chrono_tz::Tz;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use super::Failure;
use crate::app;
use firm::access::{self, Tokens};
use platform::config::{AppEnv, Config};
use platform::db::embedded::{Durability, Embedded};
use platform::db::vault::Keyring;
use platform::db::{self, Db, DbOptions, setting};
use platform::kernel::clock::{Clock, TradingCalendar};
use platform::kernel::money::Currency;

/// Connections of a command that is not the server.
pub const COMMAND_CONNECTIONS: u32 = 4;

/// A database ready for use, and the server of its own if it is embedded.
pub struct Booted {
    /// The database.
    pub db: Db,
    /// The embedded server, started here or joined.
    pub embedded: Option<Embedded>,
    /// Signs and verifies access tokens.
    pub tokens: Tokens,
}

impl Booted {
    /// Closes the database; stops the embedded server if it was started here.
    pub async fn stop(self) -> Result<(), Failure> {
        self.db.close().await;
        if let Some(embedded) = self.embedded {
            embedded.stop().await?;
        }
        Ok(())
    }
}

/// Secrets first: a refusal to start should not leave a database running.
pub async fn boot(config: &Config, connections: u32) -> Result<Booted, Failure> {
    let master = config.master_key()?;
    let tokens = Tokens::new(&config.signing_key(|| access::new_signing_key().ok())?)?;
    app::install();
    let (options, embedded) = database(config).await?;
    db::migrate(&options).await.map_err(|error| format!("the schema cannot be brought up to date: {error}"))?;
    let clock = Clock::System;
    let (calendar, currency) = settle(config, &options, &clock).await?;
    let keyring = Keyring::new(1, &master)?;
    let db = Db::connect(DbOptions {
        connect: options,
        request_connections: connections,
        clock,
        keyring,
        calendar,
        currency,
    })
    .await?;
    app::seed(&db).await?;
    Ok(Booted { db, embedded, tokens })
}

async fn database(config: &Config) -> Result<(PgConnectOptions, Option<Embedded>), Failure> {
    if let Some(url) = config.database_url.as_deref().filter(|url| !url.trim().is_empty()) {
        let options =
            PgConnectOptions::from_str(url).map_err(|error| format!("DATABASE_URL cannot be read: {error}"))?;
        options.connect().await.map_err(|error| format!("the database of DATABASE_URL does not answer: {error}"))?;
        return Ok((options, None));
    }
    if config.app_env == AppEnv::Production {
        tracing::warn!("APP_ENV=production on the embedded database: back up DATA_DIR, or set DATABASE_URL");
    }
    let embedded = Embedded::start(&config.data_dir, Durability::Durable).await?;
    Ok((embedded.options(), Some(embedded)))
}

/// Time zone and currency give the records their meaning: the database's own count, another one asked for is refused.
async fn settle(
    config: &Config,
    options: &PgConnectOptions,
    clock: &Clock,
) -> Result<(TradingCalendar, Currency), Failure> {
    let mut connection = options.connect().await?;
    let zone = config.exchange_time_zone.map(Tz::name);
    let currency = config.book_currency.as_ref().map(|currency| currency.0.as_str());
    let kept_zone = setting::settled(&mut connection, "exchange_time_zone", zone, "Asia/Shanghai", clock.now()).await?;
    let kept_currency = setting::settled(&mut connection, "book_currency", currency, "CNY", clock.now()).await?;
    for (name, asked, kept) in [("EXCHANGE_TIME_ZONE", zone, &kept_zone), ("BOOK_CURRENCY", currency, &kept_currency)] {
        if let Some(asked) = asked.filter(|asked| asked != kept) {
            return Err(format!(
                "{name}={asked}, but this database was made with {kept} and its records mean that. \
                 Set {name}={kept} (or unset it), or use another database"
            )
            .into());
        }
    }
    let time_zone = kept_zone.parse().map_err(|_| format!("the database's time zone {kept_zone} is not known"))?;
    Ok((TradingCalendar { time_zone }, Currency(kept_currency)))
}
