//! A body that is a file: streamed to the disk while it is hashed, never held in memory.

use std::fs::File;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;

use crate::imports::model::{FileFacts, Format};
use crate::imports::service::Inspection;
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
    /// What its content type says, or else its beginning.
    pub format: Format,
    /// The encoding its content type says.
    pub charset: Option<String>,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let declared_type = declared_type(request);
        let declared =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            let (format, charset) = declared_type?;
            if declared.is_some_and(|length: u64| length > MAX_BYTES) {
                return Err(too_large());
            }
            spool(payload.await.map_err(unreadable)?, format, charset).await
        })
    }
}

/// The format and the encoding a content type says. One that says nothing of a table is judged by the file's beginning.
fn declared_type(request: &HttpRequest) -> Result<(Option<Format>, Option<String>), Error> {
    let full = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let charset = full
        .to_ascii_lowercase()
        .split_once("charset=")
        .map(|(_, name)| name.split(';').next().unwrap_or_default().trim().trim_matches('"').to_owned());
    let format = match request.content_type().to_ascii_lowercase().as_str() {
        "text/csv" | "text/tab-separated-values" => Some(Format::Csv),
        "application/x-ndjson" | "application/jsonl" => Some(Format::Ndjson),
        "text/plain" | "application/octet-stream" | "application/vnd.ms-excel" => None,
        _ => {
            return Err(Error::detailed(
                &error::UNSUPPORTED_MEDIA_TYPE,
                "Send text/csv, application/x-ndjson, text/plain or application/octet-stream.",
                "请使用 text/csv、application/x-ndjson、text/plain 或 application/octet-stream。",
            ));
        }
    };
    Ok((format, charset))
}

async fn spool(mut body: web::Payload, format: Option<Format>, charset: Option<String>) -> Result<Upload, Error> {
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(Error::internal)?);
    let (mut inspection, mut bytes) = (Inspection::default(), 0_u64);
    while let Some(part) = body.next().await {
        let part = part.map_err(|error| unreadable(error.into()))?;
        bytes += part.len() as u64;
        if bytes > MAX_BYTES {
            return Err(too_large());
        }
        inspection.update(&part);
        file.write_all(&part).await.map_err(Error::internal)?;
    }
    file.flush().await.map_err(Error::internal)?;
    let found = inspection.format();
    let (facts, hash) = inspection.finish();
    let format = format.unwrap_or(found);
    Ok(Upload { file: file.into_std().await, facts, hash, format, charset })
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
