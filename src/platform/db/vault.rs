//! Envelope encryption: the master key wraps a data key a client, the data key seals the client's values
//! (AES-256-GCM, additional data = what the value is). Blind indexes and signatures come from keys derived for one use
//! each.

use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};
use aws_lc_rs::{hmac, rand};
use secrecy::{ExposeSecret, SecretBox};

use crate::kernel::error::Error;
use crate::kernel::ids::ClientId;

const NONCE_BYTES: usize = 12;

/// AES-256-GCM with a random nonce. The first byte names algorithm and layout, so both can change.
const FORMAT: u8 = 1;

/// Seals under one key.
pub struct Sealer(RandomizedNonceKey);

impl Sealer {
    fn new(key: &[u8; 32]) -> Result<Self, Error> {
        RandomizedNonceKey::new(&AES_256_GCM, key).map(Self).map_err(|_| Error::internal("bad sealing key"))
    }

    /// Seals `plain`; the same `purpose` is needed to open it.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let mut text = plain.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(purpose.as_bytes()), &mut text)
            .map_err(|_| Error::internal("sealing failed"))?;
        let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + text.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut text);
        Ok(sealed)
    }

    /// Opens what was sealed for `purpose`; anything else is an error of ours.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let broken = || Error::internal(format!("a sealed value ({purpose}) cannot be opened"));
        let (&[FORMAT], rest) = sealed.split_first_chunk::<1>().ok_or_else(broken)? else { return Err(broken()) };
        let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(broken)?;
        let mut text = text.to_vec();
        let plain =
            self.0.open_in_place(nonce.into(), Aad::from(purpose.as_bytes()), &mut text).map_err(|_| broken())?;
        Ok(plain.to_vec())
    }
}

/// The master key and what is derived from it.
pub struct Keyring {
    version: i16,
    master: Sealer,
    derivation: hmac::Key,
}

impl Keyring {
    /// A keyring over a 256-bit master key.
    pub fn new(version: i16, master: &SecretBox<[u8; 32]>) -> Result<Self, Error> {
        let derivation = hmac::Key::new(hmac::HMAC_SHA256, master.expose_secret());
        let sealing = derive(&derivation, "wrap data keys");
        Ok(Self { version, master: Sealer::new(&sealing)?, derivation })
    }

    /// Which master key wraps new data keys.
    pub fn version(&self) -> i16 {
        self.version
    }

    /// A fresh data key for a client: the key to use, and the wrapped form to store.
    pub fn new_data_key(&self, client_id: ClientId) -> Result<(Sealer, Vec<u8>), Error> {
        let mut key = [0u8; 32];
        rand::fill(&mut key).map_err(|_| Error::internal("no randomness"))?;
        let wrapped = self.master.seal(&wrapping_purpose(client_id), &key)?;
        Ok((Sealer::new(&key)?, wrapped))
    }

    /// The data key of a client from its wrapped form.
    pub fn data_key(&self, client_id: ClientId, wrapped: &[u8]) -> Result<Sealer, Error> {
        let key = self.master.open(&wrapping_purpose(client_id), wrapped)?;
        let key: [u8; 32] = key.try_into().map_err(|_| Error::internal("a data key has 32 bytes"))?;
        Sealer::new(&key)
    }

    /// Seals what belongs to no client.
    pub fn house(&self) -> &Sealer {
        &self.master
    }

    /// A key for one use, derived from the master key.
    pub fn derived(&self, usage: &str) -> [u8; 32] {
        derive(&self.derivation, usage)
    }

    /// A keyed hash by which equal values are found without being stored.
    pub fn blind_index(&self, field: &str, value: &str) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.derived(&format!("blind index {field}")));
        hmac::sign(&key, value.as_bytes()).as_ref().to_vec()
    }
}

fn derive(key: &hmac::Key, usage: &str) -> [u8; 32] {
    let mut derived = [0u8; 32];
    derived.copy_from_slice(hmac::sign(key, usage.as_bytes()).as_ref());
    derived
}

fn wrapping_purpose(client_id: ClientId) -> String {
    format!("data_key.wrapped_key/{client_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring() -> Keyring {
        Keyring::new(1, &SecretBox::new(Box::new([7; 32]))).expect("keyring")
    }

    #[test]
    fn a_value_opens_only_for_its_purpose_and_client() {
        let (keyring, client) = (keyring(), ClientId(uuid::Uuid::from_u128(1)));
        let (key, wrapped) = keyring.new_data_key(client).expect("key");
        let sealed = key.seal("client.phone", b"13800138000").expect("sealed");
        let again = keyring.data_key(client, &wrapped).expect("unwrapped");
        assert_eq!(again.open("client.phone", &sealed).expect("opened"), b"13800138000");
        assert!(again.open("client.email", &sealed).is_err());
        assert!(keyring.data_key(ClientId(uuid::Uuid::from_u128(2)), &wrapped).is_err());
        let mut bent = sealed.clone();
        bent[20] ^= 1;
        assert!(again.open("client.phone", &bent).is_err());
    }

    #[test]
    fn sealing_twice_shows_nothing_in_common() {
        let (key, _) = keyring().new_data_key(ClientId(uuid::Uuid::nil())).expect("key");
        assert_ne!(key.seal("x", b"same").expect("a"), key.seal("x", b"same").expect("b"));
    }

    #[test]
    fn blind_indexes_are_stable_and_apart() {
        let keyring = keyring();
        assert_eq!(keyring.blind_index("document", "1"), keyring.blind_index("document", "1"));
        assert_ne!(keyring.blind_index("document", "1"), keyring.blind_index("phone", "1"));
    }
}
