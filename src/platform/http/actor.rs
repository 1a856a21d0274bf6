//! Who calls, with the permission the operation declares.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::parameters;
use super::permission::Permission;
use crate::kernel::error::{self, Error};
use crate::kernel::fault;
use crate::kernel::principal::{Caller, Principal};

/// The request id the envelope gave this request.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// A caller who holds `P`. Synchronous and the first argument of a handler: nothing of the body is looked at before it.
pub struct Actor<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

impl<P> Deref for Actor<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Permission> FromRequest for Actor<P> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request, P::SCOPE).map(|caller| Self { caller, permission: PhantomData }))
    }
}

/// Shares the body's hash between the caller (polled first) and whoever reads the body.
pub(super) type BodyHash = Arc<std::sync::OnceLock<[u8; 32]>>;

fn caller(request: &HttpRequest, scope: &'static str) -> Result<Caller, Error> {
    let extensions = request.extensions();
    let principal = extensions.get::<Arc<Principal>>().ok_or_else(|| Error::code(&error::UNAUTHENTICATED))?.clone();
    if !scope.is_empty() && !principal.scopes.contains(scope) {
        return Err(Error::detailed(
            &error::FORBIDDEN,
            format!("It takes the permission {scope}."),
            format!("需要权限 {scope}。"),
        ));
    }
    parameters::refuse_undeclared(request)?;
    let request_id = extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let body_hash = extensions.get::<BodyHash>().cloned().unwrap_or_default();
    let target = format!("{} {}", request.method(), request.uri());
    let address = request.peer_addr().map(|peer| peer.ip().to_string());
    Ok(Caller { principal, request_id, address, idempotency_key: idempotency_key(request)?, target, body_hash })
}

/// 1 to 255 printable ASCII characters, on POST only.
fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Error> {
    let Some(value) = request.headers().get("Idempotency-Key").filter(|_| request.method() == "POST") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) && key.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
            Ok(Some(key.to_owned()))
        }
        _ => Err(Error::code(&error::MALFORMED).with(|refusal| {
            refusal.faults.push(fault::IDEMPOTENCY_KEY.at("Idempotency-Key"));
        })),
    }
}
