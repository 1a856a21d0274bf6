//! The bytes of a body: not too many, not too slowly.

use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use tokio::time::timeout;

use super::actor::BodyHash;
use crate::kernel::error::{self, Error};

/// A body holds a connection and memory: it keeps coming, and comes to an end.
const NEXT_CHUNK_WITHIN: Duration = Duration::from_secs(10);
const BODY_WITHIN: Duration = Duration::from_secs(60);

/// The whole body, hashed for the idempotency key.
pub async fn whole(request: &HttpRequest, payload: web::Payload, limit: usize) -> Result<web::Bytes, Error> {
    let too_large = || {
        Error::detailed(&error::TOO_LARGE, format!("At most {limit} bytes here."), format!("此处最多 {limit} 字节。"))
    };
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let bytes = timeout(BODY_WITHIN, received(payload, limit)).await.map_err(|_| too_slow())??.ok_or_else(too_large)?;
    note_body_hash(request, &bytes);
    Ok(bytes)
}

/// The whole body; none when it is larger than that.
async fn received(mut payload: web::Payload, limit: usize) -> Result<Option<web::Bytes>, Error> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = timeout(NEXT_CHUNK_WITHIN, payload.next()).await.map_err(|_| too_slow())? {
        let chunk = chunk.map_err(|_| Error::code(&error::MALFORMED))?;
        if bytes.len() + chunk.len() > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}

fn too_slow() -> Error {
    Error::detailed(&error::MALFORMED, "The body did not arrive in time.", "请求体未在规定时间内送达。")
}

fn note_body_hash(request: &HttpRequest, bytes: &[u8]) {
    if let Some(shared) = request.extensions().get::<BodyHash>() {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
        let mut hash = [0u8; 32];
        hash.copy_from_slice(digest.as_ref());
        // A second reader of the same body would set the same hash.
        let _ = shared.set(hash);
    }
}
