//! Branches: the firm is a tree.

use actix_web::{get, patch, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::{Branch, NewBranch};
use super::super::service;
use platform::db::Db;
use platform::http::permission::{BranchesRead, BranchesWrite, Permission};
use platform::http::{Actor, Created, Json, Listing, PageOf, Paging, Path, RequiredLock, Tagged};
use platform::kernel::error::Error;
use platform::kernel::ids::BranchId;

/// A branch to be created. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "parent_id": "00000000-0000-7000-8000-000000000001", "code": "SH001", "name": "上海陆家嘴营业部"
}))]
pub struct CreateBranch {
    /// The branch above. (c1)
    parent_id: BranchId,
    /// The firm's own code, unique whether in capitals or not. (c1)
    #[schema(pattern = "^[A-Za-z0-9._-]{1,32}$")]
    code: String,
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
}

/// Changes to a branch; what is absent stays. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "上海世纪大道营业部"}))]
pub struct ChangeBranch {
    /// The firm's own code, unique whether in capitals or not. (c1)
    #[schema(pattern = "^[A-Za-z0-9._-]{1,32}$", nullable = false)]
    #[serde(default)]
    code: Option<String>,
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S", nullable = false)]
    #[serde(default)]
    name: Option<String>,
}

/// A branch of the firm. (c2)
#[derive(Serialize, ToSchema)]
pub struct BranchView {
    /// Id. (c1)
    branch_id: BranchId,
    /// The branch above; null for the root. (c1)
    parent_id: Option<BranchId>,
    /// The firm's own code. (c1)
    #[schema(example = "SH001")]
    code: String,
    /// Name.
    #[schema(example = "上海陆家嘴营业部")]
    name: String,
}

impl From<Branch> for BranchView {
    fn from(branch: Branch) -> Self {
        Self { branch_id: branch.branch_id, parent_id: branch.parent_id, code: branch.code, name: branch.name }
    }
}

/// One page of branches. (c1)
#[derive(Serialize, ToSchema)]
pub struct BranchList {
    /// The page.
    items: Vec<BranchView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which branches.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BranchQuery {
    /// Directly below this one.
    #[serde(default)]
    parent_id: Option<BranchId>,
}

/// Path of a branch.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct BranchPath {
    /// The branch.
    branch_id: BranchId,
}

/// Create a branch
#[utoipa::path(
    tag = "branches",
    responses((status = CREATED, body = BranchView)),
    security(("oauth2" = [BranchesWrite::SCOPE]))
)]
#[post("/v1/branches")]
pub async fn create_branch(
    actor: Actor<BranchesWrite>,
    Json(body): Json<CreateBranch>,
    db: web::Data<Db>,
) -> Result<Created<BranchView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let new = NewBranch { parent_id: body.parent_id, code: body.code, name: body.name };
    let branch = service::create_branch(&mut uow, new).await?;
    let location = format!("/v1/branches/{}", branch.branch_id);
    uow.finish(Created { location, version: Some(branch.row_version), body: branch.into() }).await
}

/// List branches
#[utoipa::path(
    tag = "branches",
    params(BranchQuery, Paging),
    responses((status = OK, body = BranchList)),
    security(("oauth2" = [BranchesRead::SCOPE]))
)]
#[get("/v1/branches")]
pub async fn list_branches(
    actor: Actor<BranchesRead>,
    listing: Listing<BranchQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<BranchList>, Error> {
    let mut read = db.read(&actor).await?;
    let page = service::list_branches(&mut read, listing.filter.parent_id, &listing.page()?).await?;
    listing.answer(page.map(BranchView::from), |items, next_cursor| BranchList { items, next_cursor })
}

/// Get a branch
#[utoipa::path(
    tag = "branches",
    params(BranchPath),
    responses((status = OK, body = BranchView)),
    security(("oauth2" = [BranchesRead::SCOPE]))
)]
#[get("/v1/branches/{branch_id}")]
pub async fn get_branch(
    actor: Actor<BranchesRead>,
    Path(path): Path<BranchPath>,
    db: web::Data<Db>,
) -> Result<Tagged<BranchView>, Error> {
    let branch = service::get_branch(&mut db.read(&actor).await?, path.branch_id).await?;
    Ok(Tagged { version: branch.row_version, body: branch.into() })
}

/// Change a branch's name or code
///
/// Of a branch within the caller's scope; others are seen, but not there to be changed. What changes nothing keeps the
/// version.
#[utoipa::path(
    tag = "branches",
    params(BranchPath, RequiredLock),
    responses((status = OK, body = BranchView)),
    security(("oauth2" = [BranchesWrite::SCOPE]))
)]
#[patch("/v1/branches/{branch_id}")]
pub async fn change_branch(
    actor: Actor<BranchesWrite>,
    Path(path): Path<BranchPath>,
    RequiredLock(lock): RequiredLock,
    Json(body): Json<ChangeBranch>,
    db: web::Data<Db>,
) -> Result<Tagged<BranchView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let branch = service::change_branch(&mut uow, path.branch_id, body.name, body.code, lock).await?;
    uow.finish(Tagged { version: branch.row_version, body: branch.into() }).await
}
