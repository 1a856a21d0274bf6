//! Sign-in: OAuth 2 password and refresh grants, and revocation (RFC 6749, RFC 7009).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, post, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::super::authenticate::Sessions;
use super::super::service::{self, Grant};
use super::super::token::Tokens;
use super::super::{BAD_CREDENTIALS, BAD_REFRESH_TOKEN, UNSUPPORTED_GRANT_TYPE, faults};
use platform::db::Db;
use platform::http::actor::RequestId;
use platform::http::limits::Limits;
use platform::http::parameters::NothingUndeclared;
use platform::http::{Input, Json, NoContent, body, extract};
use platform::kernel::error::{self, Error};
use platform::kernel::fault;
use platform::kernel::principal::{Caller, Principal};

/// A token request (RFC 6749 §4.3, §6). Members we do not know are ignored, as the RFC demands. (c3)
#[derive(Deserialize, ToSchema, Validate)]
#[validate(schema(function = grant_is_complete))]
#[schema(example = json!({"grant_type": "password", "username": "admin", "password": "correct horse battery"}))]
pub struct TokenRequest {
    /// How the caller proves who they are. (c1)
    grant_type: GrantType,
    /// For `password`. (c2)
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

fn grant_is_complete(request: &TokenRequest) -> Result<(), ValidationError> {
    let demanded: &[(&str, bool)] = match request.grant_type {
        GrantType::Password => &[("username", request.username.is_none()), ("password", request.password.is_none())],
        GrantType::RefreshToken => &[("refresh_token", request.refresh_token.is_none())],
    };
    let missing: Vec<&str> = demanded.iter().filter(|(_, absent)| *absent).map(|(member, _)| *member).collect();
    faults::REQUIRED_FOR_GRANT.unless_at(missing.is_empty(), &missing)
}

/// A pair of tokens (RFC 6749 §5.1). (c3)
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`. (c1)
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds the access token is good for. (c1)
    #[schema(example = 600)]
    expires_in: i64,
    /// For the next refresh; works once.
    refresh_token: String,
    /// Permissions held, separated by spaces. (c1)
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

/// What to revoke (RFC 7009 §2.1). (c3)
#[derive(Deserialize, ToSchema, Validate)]
pub struct RevokeRequest {
    /// A refresh token; its whole session ends.
    #[schema(min_length = 1, max_length = 256, example = "8xLOxBtZp8mYvW0sK1p3c0m1bG9uZyByYW5kb20gdGV4dA")]
    token: String,
}

/// A body as JSON or as an HTML form: OAuth clients send forms.
pub struct FormOrJson<T>(pub T);

impl<T: Input> FromRequest for FormOrJson<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let json = Json::<T>::from_request(request, payload);
            return Box::pin(async move { json.await.map(|Json(body)| Self(body)).map_err(named) });
        }
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            let payload = payload.await.map_err(|_| Error::code(&error::MALFORMED))?;
            let bytes = body::whole(&request, payload, extract::MAX_BYTES).await?;
            let pairs = web::Query::<Vec<(String, String)>>::from_query(&String::from_utf8_lossy(&bytes));
            let pairs = pairs.map(web::Query::into_inner).unwrap_or_default();
            extract::typed(members(pairs)?).map(Self).map_err(named)
        })
    }
}

/// What means something here or to other servers; the rest is ignored (RFC 6749 §3.2, RFC 7009 §2.1).
const MEANT: [&str; 9] = [
    "client_id",
    "client_secret",
    "grant_type",
    "password",
    "refresh_token",
    "scope",
    "token",
    "token_type_hint",
    "username",
];

/// The members of a form. None that means something may be given twice (RFC 6749 §3.2).
fn members(pairs: Vec<(String, String)>) -> Result<Value, Error> {
    let mut object = Map::new();
    for (name, value) in pairs {
        if object.contains_key(&name) && MEANT.contains(&name.as_str()) {
            let repeated = fault::REPEATED.at(format!("/{name}"));
            return Err(Error::code(&error::MALFORMED).with(|refusal| refusal.faults.push(repeated)));
        }
        object.insert(name, Value::String(value));
    }
    Ok(Value::Object(object))
}

/// A grant we do not know has a name of its own (RFC 6749 §5.2).
fn named(refused: Error) -> Error {
    let mut unknown_grant = false;
    let refused = refused.with(|refusal| {
        unknown_grant =
            refusal.faults.iter().any(|fault| (fault.pointer.as_str(), fault.code) == ("/grant_type", "enum"));
    });
    if unknown_grant { Error::code(&UNSUPPORTED_GRANT_TYPE) } else { refused }
}

/// Get an access token
///
/// With user name and password, or with a refresh token. A refresh token works once: using it twice ends its session.
/// Wrong passwords are slowed by account and address, ten at once and then one in six seconds; the right one from
/// another address still works.
#[utoipa::path(
    tag = "access",
    request_body(content((TokenRequest = "application/x-www-form-urlencoded"), (TokenRequest = "application/json"))),
    responses((status = OK, body = TokenAnswer))
)]
#[post("/v1/auth/token")]
pub async fn issue_token(
    _: NothingUndeclared,
    request: HttpRequest,
    FormOrJson(body): FormOrJson<TokenRequest>,
    db: web::Data<Db>,
    tokens: web::Data<Tokens>,
    limits: web::Data<Limits>,
) -> Result<Json<TokenAnswer>, Error> {
    let caller = nobody(&request);
    let grant = match (body.grant_type, body.username, body.password, body.refresh_token) {
        (GrantType::Password, Some(username), Some(password), _) => {
            let address = request.peer_addr().map(|peer| peer.ip());
            let (taken, attempt) = limits.sign_ins.attempt(&username, address);
            taken.shown_on(&request)?;
            let outcome = service::sign_in(&db, &caller, &tokens, &username, password).await;
            if !outcome.as_ref().is_err_and(|refused| refused.is(&BAD_CREDENTIALS)) {
                limits.sign_ins.give_back(attempt);
            }
            outcome?
        }
        (_, _, _, Some(refresh_token)) => {
            let mut uow = db.begin(&caller).await?;
            let granted = service::refresh(&mut uow, &tokens, &refresh_token).await?;
            uow.finish_secret(granted).await?.ok_or_else(|| Error::code(&BAD_REFRESH_TOKEN))?
        }
        _ => return Err(Error::not_found()),
    };
    Ok(Json(grant.into()))
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
    _: NothingUndeclared,
    request: HttpRequest,
    FormOrJson(body): FormOrJson<RevokeRequest>,
    db: web::Data<Db>,
    sessions: web::Data<Sessions>,
) -> Result<NoContent, Error> {
    let mut uow = db.begin(&nobody(&request)).await?;
    if let Some(session_id) = service::use_up_for_revocation(&mut uow, &body.token).await? {
        service::revoke(&mut uow, session_id).await?;
        sessions.forget(session_id);
    }
    uow.finish_secret(NoContent).await
}

/// A caller who has not said who they are yet.
fn nobody(request: &HttpRequest) -> Caller {
    let id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let mut caller = Caller::system("sign-in", id);
    caller.address = request.peer_addr().map(|peer| peer.ip().to_string());
    caller.principal = Arc::new(Principal { visibility: Default::default(), ..(*caller.principal).clone() });
    caller
}
