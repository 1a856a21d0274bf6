//! Lines that were not taken.

use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder, get, web};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use crate::imports::model::KeptRejection;
use crate::imports::{service, table};
use firm::jobs::JobPath;
use platform::db::Db;
use platform::http::permission::{JobsRead, Permission};
use platform::http::{Actor, Listing, PageOf, Paging, Path};
use platform::kernel::error::Error;

/// Something that is wrong with a line that was not taken; never what the line held. (c1)
#[derive(Serialize, ToSchema)]
pub struct RejectionView {
    /// The line of the file it begins on, from 1.
    #[schema(example = 17)]
    line: i64,
    /// Stable code of what is wrong.
    #[schema(example = "negative")]
    code: String,
    /// The field, as a JSON pointer; null for the line as a whole.
    #[schema(example = "/price")]
    pointer: Option<String>,
}

impl From<KeptRejection> for RejectionView {
    fn from(kept: KeptRejection) -> Self {
        Self { line: kept.line, code: kept.code, pointer: kept.pointer }
    }
}

/// One page of rejected lines. (c1)
#[derive(Serialize, ToSchema)]
pub struct RejectionList {
    /// The page.
    items: Vec<RejectionView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which rejected lines: all of the job.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RejectionQuery {}

/// List the lines an import rejected
///
/// One item a fault, in the order of the lines: a line with several faults has several items.
#[utoipa::path(
    tag = "imports",
    params(JobPath, Paging),
    responses((status = OK, body = RejectionList)),
    security(("oauth2" = [JobsRead::SCOPE]))
)]
#[get("/v1/jobs/{job_id}/rejections")]
pub async fn list_rejections(
    actor: Actor<JobsRead>,
    Path(path): Path<JobPath>,
    listing: Listing<RejectionQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<RejectionList>, Error> {
    let page = service::rejections(&mut db.read(&actor).await?, path.job_id, &listing.page()?).await?;
    listing.answer(page.map(RejectionView::from), |items, next_cursor| RejectionList { items, next_cursor })
}

/// Download the lines an import rejected
///
/// The same as a CSV file with the columns `line`, `code`, `pointer`, safe to open in a spreadsheet.
#[utoipa::path(
    tag = "imports",
    params(JobPath),
    security(("oauth2" = [JobsRead::SCOPE]))
)]
#[get("/v1/jobs/{job_id}/rejections.csv")]
pub async fn download_rejections(
    actor: Actor<JobsRead>,
    Path(path): Path<JobPath>,
    db: web::Data<Db>,
) -> Result<CsvFile, Error> {
    let kept = service::all_rejections(&mut db.read(&actor).await?, path.job_id).await?;
    let rows = kept.into_iter().map(|kept| [kept.line.to_string(), kept.code, kept.pointer.unwrap_or_default()]);
    Ok(CsvFile { name: "rejections.csv", text: table::written(["line", "code", "pointer"], rows)? })
}

/// 200 with a CSV file.
pub struct CsvFile {
    name: &'static str,
    text: Vec<u8>,
}

impl Responder for CsvFile {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)))
            .body(self.text)
    }
}

impl IntoResponses for CsvFile {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let content = ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build();
        let response = ResponseBuilder::new().description("A CSV file").content("text/csv", content);
        let name = HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build();
        let response = response.header("Content-Disposition", name).build();
        BTreeMap::from([("200".to_owned(), RefOr::T(response))])
    }
}
