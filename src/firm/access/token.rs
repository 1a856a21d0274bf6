//! Access tokens: EdDSA, ten minutes, everything about them pinned.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use platform::kernel::error::{self, Error};
use platform::kernel::ids::{SessionId, StaffId};

/// Seconds an access token is good for.
pub const ACCESS_TOKEN_SECONDS: i64 = 600;
const ISSUER: &str = "clientele";
const AUDIENCE: &str = "clientele-api";
const LEEWAY_SECONDS: i64 = 30;

/// What an access token says (RFC 9068).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    /// The session behind it.
    pub sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Signs and verifies access tokens.
pub struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    header: Header,
    validation: Validation,
}

impl Tokens {
    /// From an Ed25519 private key (PKCS#8 PEM).
    pub fn new(pem: &SecretString) -> Result<Self, Error> {
        let unusable = || Error::internal("TOKEN_SIGNING_KEY must be an Ed25519 private key in PKCS#8 PEM");
        let body: String = pem.expose_secret().lines().filter(|line| !line.starts_with("-----")).collect();
        let der = base64::engine::general_purpose::STANDARD.decode(body.trim()).map_err(|_| unusable())?;
        let pair = Ed25519KeyPair::from_pkcs8(&der)
            .or_else(|_| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der))
            .map_err(|_| unusable())?;
        let public = pair.public_key().as_ref();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(key_id(public));
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The library asks the machine's clock; times are checked here against ours.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let signing = EncodingKey::from_ed_pem(pem.expose_secret().as_bytes()).map_err(|_| unusable())?;
        Ok(Self { signing, verifying: DecodingKey::from_ed_der(public), header, validation })
    }

    /// A token for a session.
    pub fn sign(&self, staff_id: StaffId, session_id: SessionId, now: DateTime<Utc>) -> Result<String, Error> {
        let iat = now.timestamp();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: staff_id.0,
            sid: session_id.0,
            iat,
            nbf: iat,
            exp: iat + ACCESS_TOKEN_SECONDS,
        };
        jsonwebtoken::encode(&self.header, &claims, &self.signing).map_err(Error::internal)
    }

    /// What a token of ours says; anything else about it, and it is no token.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Error> {
        let refused = || Error::code(&error::UNAUTHENTICATED);
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        if header.typ != self.header.typ || header.kid != self.header.kid {
            return Err(refused());
        }
        let claims =
            jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation).map_err(|_| refused())?.claims;
        if claims.is_good_at(now) { Ok(claims) } else { Err(refused()) }
    }
}

impl Claims {
    /// Whether the token is neither too young nor too old, and not made to last longer than ours do.
    pub fn is_good_at(&self, now: DateTime<Utc>) -> bool {
        let now = now.timestamp();
        self.nbf <= now + LEEWAY_SECONDS
            && now < self.exp + LEEWAY_SECONDS
            && self.exp - self.iat <= ACCESS_TOKEN_SECONDS
    }
}

fn key_id(public: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, public).as_ref()[..12])
}

/// A new Ed25519 key in PKCS#8 PEM, for development.
pub fn new_signing_key() -> Result<SecretString, Error> {
    let pair = Ed25519KeyPair::generate().map_err(|_| Error::internal("no randomness"))?;
    let der = pair.to_pkcs8v1().map_err(|_| Error::internal("key cannot be written"))?;
    let body = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    Ok(format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-01-01T00:00:00Z".parse().expect("instant")
    }

    #[test]
    fn a_token_is_good_until_it_ends_and_for_its_key_only() {
        let tokens = Tokens::new(&new_signing_key().expect("key")).expect("tokens");
        let token = tokens.sign(StaffId(Uuid::nil()), SessionId(Uuid::max()), now()).expect("token");
        assert_eq!(tokens.verify(&token, now()).expect("good").sid, Uuid::max());
        assert!(tokens.verify(&token, now() + chrono::Duration::seconds(631)).is_err());
        assert!(tokens.verify(&token, now() - chrono::Duration::seconds(31)).is_err());
        let other = Tokens::new(&new_signing_key().expect("key")).expect("tokens");
        assert!(other.verify(&token, now()).is_err());
    }

    #[test]
    fn forged_headers_are_refused() {
        let tokens = Tokens::new(&new_signing_key().expect("key")).expect("tokens");
        let token = tokens.sign(StaffId(Uuid::nil()), SessionId(Uuid::nil()), now()).expect("token");
        let rest = token.split_once('.').expect("three parts").1;
        for header in [r#"{"alg":"none"}"#, r#"{"alg":"HS256","typ":"at+jwt"}"#, r#"{"alg":"EdDSA","typ":"JWT"}"#] {
            let forged = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header));
            assert!(tokens.verify(&forged, now()).is_err(), "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_mutation_of_a_token_passes(position in 0usize..200, replacement in "[A-Za-z0-9_.-]") {
            let tokens = Tokens::new(&new_signing_key().expect("key")).expect("tokens");
            let token = tokens.sign(StaffId(Uuid::nil()), SessionId(Uuid::nil()), now()).expect("token");
            let position = position % token.len();
            let mut mutated = token.clone();
            mutated.replace_range(position..=position, &replacement);
            // The last character of base64 may carry bits that mean nothing.
            if mutated != token && position + 1 < token.len() {
                proptest::prop_assert!(tokens.verify(&mutated, now()).is_err());
            }
        }
    }
}
