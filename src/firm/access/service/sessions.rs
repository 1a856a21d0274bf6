//! Signing in, staying signed in, signing out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::super::events::*;
use super::super::model::*;
use super::super::token::{ACCESS_TOKEN_SECONDS, Tokens};
use super::super::{BAD_CREDENTIALS, BAD_REFRESH_TOKEN, password, rules, store};
use platform::db::{Db, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::SessionId;
use platform::kernel::principal::{Caller, Principal};

/// A sign-in lasts this long, however often it is refreshed.
const SESSION_HOURS: i64 = 12;

/// What a sign-in or a refresh gives.
pub struct Grant {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// For the next refresh, once.
    pub refresh_token: String,
    /// Seconds the access token is good for.
    pub expires_in: i64,
    /// Permissions held.
    pub scopes: Vec<&'static str>,
}

/// Signs in with user name and password. An unknown user takes as long, and answers the same, as a wrong password.
///
/// It takes what begins a unit of work, and not one of them: checking a password takes long, and no connection waits
/// for it; and only then is it known who acts.
pub async fn sign_in(
    db: &Db,
    caller: &Caller,
    tokens: &Tokens,
    username: &str,
    password: String,
) -> Result<Grant, Error> {
    let found = store::staff_and_hash(&mut *db.connection().await?, username).await?;
    let hash = found.as_ref().map(|(_, hash, _)| hash.clone());
    let matches = password::matches(password, hash).await?;
    let Some((staff, _, version)) = found.filter(|(staff, ..)| matches && staff.status == StaffStatus::Active) else {
        metrics::counter!("sign_ins_refused_total").increment(1);
        return Err(Error::code(&BAD_CREDENTIALS));
    };
    let mut uow = db.begin(&as_staff(caller, &staff)).await?;
    let session_id: SessionId = uow.id();
    let (now, end) = (uow.now(), uow.now() + chrono::Duration::hours(SESSION_HOURS));
    store::insert_session(uow.conn(), session_id, staff.staff_id, version, now, end).await?;
    uow.record(Event::new(SessionOpened {}, session_id.0));
    let grant = grant(&mut uow, tokens, &staff, session_id).await?;
    uow.finish_secret(grant).await
}

/// Trades a refresh token for a new pair. A token used twice was stolen or lost: its session ends. `None` for a token
/// that gives nothing; what was found out about it is kept all the same, so the unit of work is to be finished.
pub async fn refresh(uow: &mut Uow, tokens: &Tokens, refresh_token: &str) -> Result<Option<Grant>, Error> {
    let now = uow.now();
    let used = store::use_refresh_token(uow.conn(), &token_hash(refresh_token), now).await?;
    let Some((session_id, first_use)) = used else { return Ok(None) };
    if !first_use {
        store::revoke_session(uow.conn(), session_id, now).await?;
        uow.record(Event::new(SessionRefreshTokenReused {}, session_id.0));
        return Ok(None);
    }
    let session = store::live_session(uow.conn(), session_id, now).await?;
    let session = session.ok_or_else(|| Error::code(&BAD_REFRESH_TOKEN))?;
    uow.record(Event::new(SessionRefreshed {}, session_id.0));
    grant(uow, tokens, &session.staff, session_id).await.map(Some)
}

async fn grant(uow: &mut Uow, tokens: &Tokens, staff: &Staff, session_id: SessionId) -> Result<Grant, Error> {
    let refresh_token = new_refresh_token()?;
    let now = uow.now();
    store::insert_refresh_token(uow.conn(), &token_hash(&refresh_token), session_id, now).await?;
    let access_token = tokens.sign(staff.staff_id, session_id, now)?;
    let scopes = rules::permissions(staff.role).into_iter().collect();
    Ok(Grant { access_token, refresh_token, expires_in: ACCESS_TOKEN_SECONDS, scopes })
}

fn as_staff(caller: &Caller, staff: &Staff) -> Caller {
    let principal = Principal {
        name: format!("staff:{}", staff.staff_id),
        staff_id: Some(staff.staff_id),
        ..(*caller.principal).clone()
    };
    Caller { principal: principal.into(), ..caller.clone() }
}

fn new_refresh_token() -> Result<String, Error> {
    let mut bytes = [0u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn token_hash(token: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes()).as_ref().to_vec()
}

/// Ends a session: the caller's own.
pub async fn revoke(uow: &mut Uow, session_id: SessionId) -> Result<(), Error> {
    let now = uow.now();
    store::revoke_session(uow.conn(), session_id, now).await?;
    uow.record(Event::new(SessionRevoked {}, session_id.0));
    Ok(())
}

/// Uses a refresh token up and tells whose session is to be revoked, if it is one of ours.
pub async fn use_up_for_revocation(uow: &mut Uow, refresh_token: &str) -> Result<Option<SessionId>, Error> {
    let now = uow.now();
    let used = store::use_refresh_token(uow.conn(), &token_hash(refresh_token), now).await?;
    Ok(used.map(|(session_id, _)| session_id))
}
