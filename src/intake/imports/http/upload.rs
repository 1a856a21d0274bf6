//! A body that is a file: streamed to the disk while it is hashed, never held in memory.

use std::fs::File;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use aws_lc_rs::digest::{Context, SHA256};
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;

use crate::imports::model::{FileFacts, Format};
use platform::kernel::error::{self, Error};

/// Larger files go in by the command line.
const MAX_BYTES: u64 = 512 << 20;

/// A file that came in.
pub struct Upload {
    /// On the disk, without a name.
    pub file: File,
    /// Size and hash.
    pub facts: FileFacts,
    /// The same hash, for the idempotency key.
    pub hash: [u8; 32],
    /// What its content type says.
    pub format: Format,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let format = format(request);
        let declared =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            let format = format?;
            if declared.is_some_and(|length: u64| length > MAX_BYTES) {
                return Err(too_large());
            }
            spool(payload.await.map_err(unreadable)?, format).await
        })
    }
}

fn format(request: &HttpRequest) -> Result<Format, Error> {
    let charset = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let charset = charset.to_ascii_lowercase();
    let is_utf8 = charset.split_once("charset=").is_none_or(|(_, name)| name.trim_matches('"').starts_with("utf-8"));
    match request.content_type().to_ascii_lowercase().as_str() {
        "text/csv" if is_utf8 => Ok(Format::Csv),
        "application/x-ndjson" if is_utf8 => Ok(Format::Ndjson),
        _ => Err(Error::detailed(
            &error::UNSUPPORTED_MEDIA_TYPE,
            "Send text/csv or application/x-ndjson, in UTF-8.",
            "请使用 UTF-8 编码的 text/csv 或 application/x-ndjson。",
        )),
    }
}

async fn spool(mut body: web::Payload, format: Format) -> Result<Upload, Error> {
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(Error::internal)?);
    let (mut context, mut bytes) = (Context::new(&SHA256), 0_u64);
    while let Some(part) = body.next().await {
        let part = part.map_err(|error| unreadable(error.into()))?;
        bytes += part.len() as u64;
        if bytes > MAX_BYTES {
            return Err(too_large());
        }
        context.update(&part);
        file.write_all(&part).await.map_err(Error::internal)?;
    }
    file.flush().await.map_err(Error::internal)?;
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    let sha256 = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Upload { file: file.into_std().await, facts: FileFacts { sha256, bytes }, hash, format })
}

fn unreadable(_: actix_web::Error) -> Error {
    Error::code(&error::MALFORMED)
}

fn too_large() -> Error {
    Error::detailed(
        &error::TOO_LARGE,
        "At most 512 MiB here; larger files go in by the command line.",
        "此处最多 512 MiB；更大的文件请使用命令行导入。",
    )
}
