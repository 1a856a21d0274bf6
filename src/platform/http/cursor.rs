//! Opaque, signed cursors: where the last page ended, bound to the list and its filter.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::error::{self, Error};

const SIGNATURE_BYTES: usize = 16;

/// Signs and reads cursors.
pub struct CursorKey(hmac::Key);

impl CursorKey {
    /// A key over 256 secret bits.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// A cursor after `key`, good only with the same `filter`.
    pub fn write(&self, filter: &str, key: &impl Serialize) -> Result<String, Error> {
        let key = serde_json::to_vec(key).map_err(Error::internal)?;
        let mut bytes = self.signature(filter, &key).to_vec();
        bytes.extend_from_slice(&key);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The key in a cursor of ours for this `filter`.
    pub fn read<K: DeserializeOwned>(&self, filter: &str, cursor: &str) -> Result<K, Error> {
        let invalid = || Error::code(&error::INVALID_CURSOR);
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
        let (signature, key) = bytes.split_at_checked(SIGNATURE_BYTES).ok_or_else(invalid)?;
        aws_lc_rs::constant_time::verify_slices_are_equal(signature, &self.signature(filter, key))
            .map_err(|_| invalid())?;
        serde_json::from_slice(key).map_err(|_| invalid())
    }

    fn signature(&self, filter: &str, key: &[u8]) -> [u8; SIGNATURE_BYTES] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(filter.as_bytes());
        context.update(&[0]);
        context.update(key);
        let mut signature = [0u8; SIGNATURE_BYTES];
        signature.copy_from_slice(&context.sign().as_ref()[..SIGNATURE_BYTES]);
        signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_filter_only() {
        let key = CursorKey::new(&[1; 32]);
        let cursor = key.write("tier=middle", &("a", 1)).expect("cursor");
        assert_eq!(key.read::<(String, i32)>("tier=middle", &cursor).expect("read"), ("a".into(), 1));
        assert!(key.read::<(String, i32)>("tier=ordinary", &cursor).is_err());
        assert!(CursorKey::new(&[2; 32]).read::<(String, i32)>("tier=middle", &cursor).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_crashes_the_reader(text in ".*") {
            proptest::prop_assert!(CursorKey::new(&[1; 32]).read::<i32>("", &text).is_err());
        }
    }
}
