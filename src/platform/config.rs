//! Configuration: environment and `.env`, small structs by concern, secrets that refuse to be weak in production.

use std::fs;
use std::io::Write;
use std::num::NonZeroU32;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono_tz::Tz;
use clap::{Args, ValueEnum};
use secrecy::{ExposeSecret, SecretBox, SecretString};

use super::kernel::money::Currency;
use super::telemetry::LogFormat;

/// Where the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AppEnv {
    /// A laptop: keys are made on first start.
    Development,
    /// Missing or weak secrets refuse to start.
    Production,
}

/// What every command takes from the environment.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Configuration (environment or .env)")]
pub struct Config {
    /// Development makes its own keys; production refuses to start without good ones
    #[arg(
        long,
        env = "APP_ENV",
        value_enum,
        default_value = "development",
        global = true,
        hide_possible_values = true
    )]
    pub app_env: AppEnv,
    /// PostgreSQL to use; without it the embedded database under DATA_DIR
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// Where the embedded database and development keys live
    #[arg(long, env = "DATA_DIR", default_value = ".clientele", global = true)]
    pub data_dir: PathBuf,
    /// Decides which trading day an instant belongs to [default: the database's, or Asia/Shanghai for a new one]
    #[arg(long, env = "EXCHANGE_TIME_ZONE", global = true, value_parser = time_zone)]
    pub exchange_time_zone: Option<Tz>,
    /// Currency the book is kept in, ISO 4217 [default: the database's, or CNY for a new one]
    #[arg(long, env = "BOOK_CURRENCY", global = true)]
    pub book_currency: Option<Currency>,
    /// Ed25519 private key (PKCS#8 PEM) that signs access tokens
    #[arg(long, env = "TOKEN_SIGNING_KEY", global = true, hide_env_values = true)]
    pub token_signing_key: Option<SecretString>,
    /// 32 bytes in base64: wraps the data keys of clients
    #[arg(long, env = "MASTER_KEY", global = true, hide_env_values = true)]
    pub master_key: Option<SecretString>,
    /// How log lines look
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value = "text", global = true)]
    pub log_format: LogFormat,
}

/// What `serve` takes beside.
#[derive(Clone, Debug, Args)]
pub struct ServerConfig {
    /// Address to listen on
    #[arg(long, env = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Port to listen on; 0 takes a free one
    #[arg(long, env = "PORT", default_value = "8080")]
    pub port: u16,
    /// User name of the first administrator of an empty database
    #[arg(long, env = "ADMIN_USERNAME")]
    pub admin_username: Option<String>,
    /// Password of the first administrator of an empty database
    #[arg(long, env = "ADMIN_PASSWORD", hide_env_values = true)]
    pub admin_password: Option<SecretString>,
    /// Database connections for requests
    #[arg(long, env = "POOL_SIZE", default_value = "12")]
    pub pool_size: u32,
    /// Requests a second each caller may send
    #[arg(long, env = "REQUESTS_PER_SECOND", default_value = "500")]
    pub requests_per_second: NonZeroU32,
    /// Origins browsers may call from, separated by commas
    #[arg(long, env = "CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,
}

/// What is wrong with the configuration, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Production without a secret.
    #[error("{0} is not set. With APP_ENV=production it must be: see .env.example for how to make one")]
    Missing(&'static str),
    /// A secret that is none.
    #[error("{0}")]
    Weak(String),
    /// The keys of development cannot be kept.
    #[error("cannot keep development keys in {0}: {1}. Make the directory writable or set DATA_DIR")]
    Keys(PathBuf, std::io::Error),
}

impl Config {
    /// The key that signs access tokens; made and kept under DATA_DIR in development.
    pub fn signing_key(&self, make: impl FnOnce() -> Option<SecretString>) -> Result<SecretString, ConfigError> {
        let name = "TOKEN_SIGNING_KEY";
        let made = || make().ok_or_else(|| ConfigError::Weak("a signing key cannot be made: no randomness".to_owned()));
        self.secret(name, self.token_signing_key.as_ref(), "token_signing_key.pem", made)
    }

    /// The master key: 256 bits.
    pub fn master_key(&self) -> Result<SecretBox<[u8; 32]>, ConfigError> {
        let made = || {
            let mut key = [0u8; 32];
            aws_lc_rs::rand::fill(&mut key)
                .map_err(|_| ConfigError::Weak("a master key cannot be made: no randomness".to_owned()))?;
            Ok(STANDARD.encode(key).into())
        };
        let text = self.secret("MASTER_KEY", self.master_key.as_ref(), "master_key.base64", made)?;
        let bytes = STANDARD.decode(text.expose_secret().trim()).unwrap_or_default();
        let key: [u8; 32] = bytes.try_into().map_err(|_| {
            ConfigError::Weak("MASTER_KEY must be 32 bytes in base64: head -c 32 /dev/urandom | base64".to_owned())
        })?;
        let distinct = key.iter().collect::<std::collections::BTreeSet<_>>().len();
        if self.app_env == AppEnv::Production && distinct < 8 {
            return Err(ConfigError::Weak(
                "MASTER_KEY is not random. Make one: head -c 32 /dev/urandom | base64".to_owned(),
            ));
        }
        Ok(SecretBox::new(Box::new(key)))
    }

    /// The first administrator's password in development; made and kept under DATA_DIR.
    pub fn development_password(&self) -> Result<SecretString, ConfigError> {
        self.kept_password("admin_password")
    }

    /// The password the people of the demonstration share; made and kept under DATA_DIR.
    pub fn demonstration_password(&self) -> Result<SecretString, ConfigError> {
        self.kept_password("demonstration_password")
    }

    fn kept_password(&self, file: &str) -> Result<SecretString, ConfigError> {
        kept(&self.data_dir.join("keys"), file, || {
            let mut bytes = [0u8; 9];
            aws_lc_rs::rand::fill(&mut bytes)
                .map_err(|_| ConfigError::Weak("a password cannot be made: no randomness".to_owned()))?;
            Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes).into())
        })
    }

    fn secret(
        &self,
        name: &'static str,
        given: Option<&SecretString>,
        file: &str,
        make: impl FnOnce() -> Result<SecretString, ConfigError>,
    ) -> Result<SecretString, ConfigError> {
        match (given, self.app_env) {
            (Some(secret), _) if !secret.expose_secret().trim().is_empty() => Ok(secret.clone()),
            (_, AppEnv::Production) => Err(ConfigError::Missing(name)),
            (_, AppEnv::Development) => kept(&self.data_dir.join("keys"), file, make),
        }
    }
}

/// A secret kept in a file only its owner reads; made on first use.
fn kept(
    directory: &Path,
    file: &str,
    make: impl FnOnce() -> Result<SecretString, ConfigError>,
) -> Result<SecretString, ConfigError> {
    let path = directory.join(file);
    let failed = |error| ConfigError::Keys(path.clone(), error);
    if let Ok(text) = fs::read_to_string(&path) {
        return Ok(text.into());
    }
    let secret = make()?;
    fs::create_dir_all(directory).map_err(failed)?;
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => file.write_all(secret.expose_secret().as_bytes()).map_err(failed)?,
        // Another process was first: its key counts.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return fs::read_to_string(&path).map(SecretString::from).map_err(failed);
        }
        Err(error) => return Err(failed(error)),
    }
    Ok(secret)
}

fn time_zone(name: &str) -> Result<Tz, &'static str> {
    name.parse().map_err(|_| "write the name of a time zone, such as Asia/Shanghai")
}
