//! Sign-in: OAuth 2 password and refresh grants, and revocation (RFC 6749, RFC 7009).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, post, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::super::authenticate::Sessions;
use super::super::service::{self, Grant};
use super::super::token::Tokens;
use crate::platform::db::Db;
use crate::platform::http::actor::RequestId;
use crate::platform::http::limits::Limits;
use crate::platform::http::{Input, Json, NoContent, extract};
use crate::platform::kernel::error::{Error, Fault};
use crate::platform::kernel::principal::{Caller, Principal};

/// A token request (RFC 6749 §4.3, §6). Members we do not know are ignored, as the RFC demands.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"grant_type": "password", "username": "admin", "password": "correct horse battery"}))]
pub struct TokenRequest {
    /// How the caller proves who they are.
    grant_type: GrantType,
    /// For `password`.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default)]
    username: Option<String>,
    /// For `password`.
    #[schema(min_length = 1, max_length = 128, format = Password)]
    #[serde(default)]
    password: Option<String>,
    /// For `refresh_token`.
    #[schema(min_length = 1, max_length = 256)]
    #[serde(default)]
    refresh_token: Option<String>,
}

/// The grants this endpoint knows.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// User name and password.
    Password,
    /// A refresh token, once.
    RefreshToken,
}

impl Input for TokenRequest {
    fn faults(&self) -> Vec<Fault> {
        let missing = |pointer: &str| {
            Fault::new(pointer, "required", "This member is required for this grant", "该授权方式缺少必填项")
        };
        let demanded: &[(&str, bool)] = match self.grant_type {
            GrantType::Password => &[("/username", self.username.is_none()), ("/password", self.password.is_none())],
            GrantType::RefreshToken => &[("/refresh_token", self.refresh_token.is_none())],
        };
        demanded.iter().filter(|(_, absent)| *absent).map(|(pointer, _)| missing(pointer)).collect()
    }
}

/// A pair of tokens (RFC 6749 §5.1).
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds the access token is good for.
    #[schema(example = 600)]
    expires_in: i64,
    /// For the next refresh; works once.
    refresh_token: String,
    /// Permissions held, separated by spaces.
    #[schema(example = "clients:read clients:write")]
    scope: String,
}

impl From<Grant> for TokenAnswer {
    fn from(grant: Grant) -> Self {
        Self {
            access_token: grant.access_token,
            token_type: "Bearer",
            expires_in: grant.expires_in,
            refresh_token: grant.refresh_token,
            scope: grant.scopes.join(" "),
        }
    }
}

/// What to revoke (RFC 7009 §2.1).
#[derive(Deserialize, ToSchema)]
pub struct RevokeRequest {
    /// A refresh token; its whole session ends.
    #[schema(min_length = 1, max_length = 256, example = "8xLOxBtZp8mYvW0sK1p3c0m1bG9uZyByYW5kb20gdGV4dA")]
    token: String,
}

impl Input for RevokeRequest {}

/// A body as JSON or as an HTML form: OAuth clients send forms.
pub struct FormOrJson<T>(pub T);

impl<T: Input> FromRequest for FormOrJson<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let json = Json::<T>::from_request(request, payload);
            return Box::pin(async move { json.await.map(|Json(body)| Self(body)) });
        }
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            let payload = payload.await.map_err(|_| Error::code(&crate::platform::kernel::error::MALFORMED))?;
            let bytes = extract::body(&request, payload, T::MAX_BYTES).await?;
            let pairs = web::Query::<Vec<(String, String)>>::from_query(&String::from_utf8_lossy(&bytes));
            let pairs = pairs.map(web::Query::into_inner).unwrap_or_default();
            let object: Map<String, Value> =
                pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
            extract::typed(Value::Object(object)).map(Self)
        })
    }
}

/// Get an access token
///
/// With user name and password, or with a refresh token. A refresh token works once: using it twice ends its session.
#[utoipa::path(
    tag = "access",
    request_body(content((TokenRequest = "application/x-www-form-urlencoded"), (TokenRequest = "application/json"))),
    responses((status = OK, body = TokenAnswer))
)]
#[post("/v1/auth/token")]
pub async fn issue_token(
    request: HttpRequest,
    FormOrJson(body): FormOrJson<TokenRequest>,
    db: web::Data<Db>,
    tokens: web::Data<Tokens>,
    limits: web::Data<Limits>,
) -> Result<Json<TokenAnswer>, Error> {
    let caller = nobody(&request);
    let grant = match (body.grant_type, body.username, body.password, body.refresh_token) {
        (GrantType::Password, Some(username), Some(password), _) => {
            throttle(&request, &limits, &username)?;
            service::sign_in(&db, &caller, &tokens, &username, password).await?
        }
        (_, _, _, Some(refresh_token)) => service::refresh(&db, &caller, &tokens, &refresh_token).await?,
        _ => return Err(Error::not_found()),
    };
    Ok(Json(grant.into()))
}

/// By account and by address: slowed, never locked for good.
fn throttle(request: &HttpRequest, limits: &Limits, username: &str) -> Result<(), Error> {
    limits.sign_in(&format!("account {username}"))?;
    match request.peer_addr() {
        Some(peer) if !peer.ip().is_loopback() => limits.sign_in(&format!("address {}", peer.ip())),
        _ => Ok(()),
    }
}

/// Sign out
///
/// Ends the session of a refresh token. A token we do not know answers the same (RFC 7009 §2.2).
#[utoipa::path(
    tag = "access",
    request_body(content((RevokeRequest = "application/x-www-form-urlencoded"), (RevokeRequest = "application/json")))
)]
#[post("/v1/auth/revoke")]
pub async fn revoke_token(
    request: HttpRequest,
    FormOrJson(body): FormOrJson<RevokeRequest>,
    db: web::Data<Db>,
    sessions: web::Data<Sessions>,
) -> Result<NoContent, Error> {
    let mut uow = db.begin(&nobody(&request)).await?;
    if let Some(session_id) = service::session_of(&mut uow, &body.token).await? {
        service::revoke(&mut uow, session_id).await?;
        sessions.forget(session_id);
    }
    uow.finish_secret(NoContent).await
}

/// A caller who has not said who they are yet.
fn nobody(request: &HttpRequest) -> Caller {
    let id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let mut caller = Caller::system("sign-in", id);
    caller.principal = Arc::new(Principal { visibility: Default::default(), ..(*caller.principal).clone() });
    caller
}
