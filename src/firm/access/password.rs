//! Passwords: argon2id, 19 MiB, two passes, on a bounded number of threads off the event loop.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use super::faults;
use platform::kernel::error::{Error, Fault};

/// Two at a time: hashing is meant to be slow, and the machine has other work.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// Passwords everybody tries first.
const COMMON: &str = include_str!("common_passwords.txt");

const SHORTEST: usize = 8;
const LONGEST: usize = 128;

fn hasher() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What is wrong with a new password, if anything.
pub fn fault(password: &str, username: &str) -> Option<Fault> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    if !(SHORTEST..=LONGEST).contains(&length) {
        Some(faults::PASSWORD_LENGTH.at("/password"))
    } else if lower == username.to_lowercase() || COMMON.lines().any(|common| common == lower) {
        Some(faults::TOO_COMMON.at("/password"))
    } else {
        None
    }
}

/// The hash to store.
pub async fn hash(password: String) -> Result<String, Error> {
    off_the_loop(move || {
        hasher()?
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| Error::internal(error.to_string()))
    })
    .await
}

/// Whether the password is the one behind the hash; without a hash, as much work for nothing.
pub async fn matches(password: String, stored: Option<String>) -> Result<bool, Error> {
    off_the_loop(move || {
        let known = stored.is_some();
        let stored = stored.as_deref().unwrap_or(NOBODY);
        let parsed = PasswordHash::new(stored).map_err(|error| Error::internal(error.to_string()))?;
        Ok(hasher()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

/// A hash nobody's password has, of the same cost: an unknown user takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$2CkyQaZKWoGKnJ0pFqTDHEkPoGvRZcjxaDTCsSGHvBQ";

async fn off_the_loop<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let _place = PLACES.clone().acquire_owned().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let hashed = hash("correct horse".into()).await.expect("hash");
        assert!(matches("correct horse".into(), Some(hashed.clone())).await.expect("match"));
        assert!(!matches("wrong horse".into(), Some(hashed)).await.expect("match"));
        assert!(!matches("anything".into(), None).await.expect("match"));
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert!(fault("short", "someone").is_some());
        assert!(fault("Password123", "someone").is_some());
        assert!(fault("someone-x", "SOMEONE-X").is_some());
        assert!(fault("a quiet river", "someone").is_none());
    }
}
