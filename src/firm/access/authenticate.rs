//! From a bearer token to a principal: the token's signature and its session, each from a short cache.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, ResponseError, web};

use super::model::{LiveSession, Role};
use super::token::{Claims, Tokens};
use super::{rules, store};
use platform::db::Db;
use platform::http::limits::Limits;
use platform::kernel::error::{self, Error};
use platform::kernel::ids::SessionId;
use platform::kernel::principal::Principal;

/// How long a change of role, scope or session may take to be felt.
const KEPT_FOR: Duration = Duration::from_secs(4);
/// Neither cache grows beyond this.
const MOST_KEPT: usize = 20_000;

type TokenHash = [u8; 32];

/// Verified tokens and live sessions, for a few seconds.
#[derive(Default)]
pub struct Sessions {
    verified: Mutex<HashMap<TokenHash, Claims>>,
    live: Mutex<HashMap<SessionId, (Instant, Arc<Principal>)>>,
}

/// Middleware: a good token puts its [`Principal`] into the request; without one, handlers that ask for an actor answer
/// 401.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match identify(&request).await {
        Ok(()) => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
        Err(refusal) => Ok(request.into_response(refusal.error_response())),
    }
}

async fn identify(request: &ServiceRequest) -> Result<(), Error> {
    let Some(token) = bearer(request) else { return Ok(()) };
    let principal = match principal(request, &token).await {
        Ok(principal) => principal,
        // Not signed in after all; operations that need nobody still work.
        Err(refused) if refused.is(&error::UNAUTHENTICATED) => return Ok(()),
        Err(other) => return Err(other),
    };
    if let Some(limits) = request.app_data::<web::Data<Limits>>() {
        limits.caller(&principal.name).shown_on(request)?;
    }
    request.extensions_mut().insert(principal);
    Ok(())
}

fn bearer(request: &ServiceRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

async fn principal(request: &ServiceRequest, token: &str) -> Result<Arc<Principal>, Error> {
    let missing = || Error::internal("the application lacks its state");
    let sessions = request.app_data::<web::Data<Sessions>>().ok_or_else(missing)?;
    let tokens = request.app_data::<web::Data<Tokens>>().ok_or_else(missing)?;
    let db = request.app_data::<web::Data<Db>>().ok_or_else(missing)?;
    let claims = sessions.verified(tokens, token, db)?;
    sessions.principal(db, SessionId(claims.sid)).await
}

impl Sessions {
    /// Signature checks cost more than a look-up; a token's times are checked each time.
    fn verified(&self, tokens: &Tokens, token: &str, db: &Db) -> Result<Claims, Error> {
        let mut hash = TokenHash::default();
        hash.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes()).as_ref());
        let known = locked(&self.verified).get(&hash).cloned();
        if let Some(claims) = known {
            return if claims.is_good_at(db.now()) { Ok(claims) } else { Err(Error::code(&error::UNAUTHENTICATED)) };
        }
        let claims = tokens.verify(token, db.now())?;
        let mut verified = locked(&self.verified);
        if verified.len() >= MOST_KEPT {
            verified.clear();
        }
        verified.insert(hash, claims.clone());
        Ok(claims)
    }

    async fn principal(&self, db: &Db, session_id: SessionId) -> Result<Arc<Principal>, Error> {
        if let Some((since, principal)) = locked(&self.live).get(&session_id)
            && since.elapsed() < KEPT_FOR
        {
            return Ok(principal.clone());
        }
        let asked = Instant::now();
        let mut connection = db.connection().await?;
        let session = store::live_session(&mut connection, session_id, db.now()).await?;
        let session = session.ok_or_else(|| Error::code(&error::UNAUTHENTICATED))?;
        let principal = Arc::new(of_session(session));
        let mut kept = locked(&self.live);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(session_id, (asked, principal.clone()));
        Ok(principal)
    }

    /// Forgets a session at once, on the server that ended it.
    pub fn forget(&self, session_id: SessionId) {
        locked(&self.live).remove(&session_id);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn of_session(LiveSession { session_id, staff, visibility }: LiveSession) -> Principal {
    let kind = if staff.role == Role::Integration { "integration" } else { "staff" };
    Principal {
        name: format!("{kind}:{}", staff.staff_id),
        staff_id: Some(staff.staff_id),
        session_id: Some(session_id),
        scopes: Arc::new(rules::permissions(staff.role)),
        visibility,
        branch_id: staff.branch_id,
    }
}
