//! Staff: create, list, read, change.

use actix_web::{get, patch, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::*;
use super::super::service;
use platform::db::Db;
use platform::http::permission::{Permission, StaffRead, StaffWrite};
use platform::http::{Actor, Created, Json, Listing, PageOf, Paging, Path, RequiredLock, Tagged};
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, StaffId};

/// A member of staff to be created. (c3)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "zhang.wei", "name": "张伟", "role": "advisor",
    "branch_id": "00000000-0000-7000-8000-000000000001", "password": "a quiet river"}))]
pub struct CreateStaff {
    /// Unique name to sign in with. (c2)
    #[schema(pattern = "^[a-z0-9][a-z0-9._-]{2,31}$")]
    username: String,
    /// Name of the person. (c2)
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    /// What they do; decides the permissions. Advisors and branch managers may be a client's advisor, nobody else. (c1)
    role: Role,
    /// Whose clients they see; the role's usual scope when absent. (c1)
    #[serde(default)]
    data_scope: Option<DataScope>,
    /// Home branch. (c1)
    branch_id: BranchId,
    /// 8 to 128 characters, not a common one.
    #[schema(min_length = 8, max_length = 128, format = Password)]
    password: String,
}

/// Changes to a member of staff; what is absent stays. (c3)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "disabled"}))]
pub struct ChangeStaff {
    /// Name of the person. (c2)
    #[schema(min_length = 1, max_length = 100, pattern = r"\S", nullable = false)]
    #[serde(default)]
    name: Option<String>,
    /// What they do; advisors and branch managers may be a client's advisor, nobody else. (c1)
    #[schema(nullable = false)]
    #[serde(default)]
    role: Option<Role>,
    /// Whose clients they see. (c1)
    #[schema(nullable = false)]
    #[serde(default)]
    data_scope: Option<DataScope>,
    /// Home branch. (c1)
    #[schema(nullable = false)]
    #[serde(default)]
    branch_id: Option<BranchId>,
    /// Whether they may sign in. (c1)
    #[schema(nullable = false)]
    #[serde(default)]
    status: Option<StaffStatus>,
    /// A new password; ends every session of theirs.
    #[schema(min_length = 8, max_length = 128, format = Password, nullable = false)]
    #[serde(default)]
    password: Option<String>,
}

/// A member of staff. (c2)
#[derive(Serialize, ToSchema)]
pub struct StaffView {
    /// Id. (c1)
    staff_id: StaffId,
    /// Unique name to sign in with.
    #[schema(example = "zhang.wei")]
    username: String,
    /// Name of the person.
    #[schema(example = "张伟")]
    name: String,
    /// What they do. (c1)
    role: Role,
    /// Whose clients they see. (c1)
    data_scope: DataScope,
    /// Home branch. (c1)
    branch_id: BranchId,
    /// Whether they may sign in. (c1)
    status: StaffStatus,
    /// When they were created. (c1)
    created_at: DateTime<Utc>,
}

impl From<Staff> for StaffView {
    fn from(staff: Staff) -> Self {
        Self {
            staff_id: staff.staff_id,
            username: staff.username,
            name: staff.name,
            role: staff.role,
            data_scope: staff.data_scope,
            branch_id: staff.branch_id,
            status: staff.status,
            created_at: staff.created_at,
        }
    }
}

/// One page of staff. (c1)
#[derive(Serialize, ToSchema)]
pub struct StaffList {
    /// The page.
    items: Vec<StaffView>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Which staff.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StaffQuery {
    /// Of this role.
    #[param(inline)]
    #[serde(default)]
    role: Option<Role>,
    /// Of this branch.
    #[serde(default)]
    branch_id: Option<BranchId>,
    /// Of this status.
    #[param(inline)]
    #[serde(default)]
    status: Option<StaffStatus>,
}

/// Path of a member of staff.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct StaffPath {
    /// The member of staff.
    staff_id: StaffId,
}

/// Create a member of staff
#[utoipa::path(
    tag = "staff",
    responses((status = CREATED, body = StaffView)),
    security(("oauth2" = [StaffWrite::SCOPE]))
)]
#[post("/v1/staff")]
pub async fn create_staff(
    actor: Actor<StaffWrite>,
    Json(body): Json<CreateStaff>,
    db: web::Data<Db>,
) -> Result<Created<StaffView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let CreateStaff { username, name, role, data_scope, branch_id, password } = body;
    let new = NewStaff { username, name, role, data_scope, branch_id, password };
    let staff = service::create_staff(&mut uow, new).await?;
    let location = format!("/v1/staff/{}", staff.staff_id);
    uow.finish(Created { location, version: Some(staff.row_version), body: staff.into() }).await
}

/// List staff
#[utoipa::path(
    tag = "staff",
    params(StaffQuery, Paging),
    responses((status = OK, body = StaffList)),
    security(("oauth2" = [StaffRead::SCOPE]))
)]
#[get("/v1/staff")]
pub async fn list_staff(
    actor: Actor<StaffRead>,
    listing: Listing<StaffQuery>,
    db: web::Data<Db>,
) -> Result<PageOf<StaffList>, Error> {
    let filter =
        StaffFilter { role: listing.filter.role, branch_id: listing.filter.branch_id, status: listing.filter.status };
    let page = service::list_staff(&mut db.read(&actor).await?, &filter, &listing.page()?).await?;
    listing.answer(page.map(StaffView::from), |items, next_cursor| StaffList { items, next_cursor })
}

/// Get a member of staff
#[utoipa::path(
    tag = "staff",
    params(StaffPath),
    responses((status = OK, body = StaffView)),
    security(("oauth2" = [StaffRead::SCOPE]))
)]
#[get("/v1/staff/{staff_id}")]
pub async fn get_staff(
    actor: Actor<StaffRead>,
    Path(path): Path<StaffPath>,
    db: web::Data<Db>,
) -> Result<Tagged<StaffView>, Error> {
    let staff = service::get_staff(&mut db.read(&actor).await?, path.staff_id).await?;
    Ok(Tagged { version: staff.row_version, body: staff.into() })
}

/// Change a member of staff
///
/// A change of role, scope, branch, status or password ends their sessions within five seconds. The last active
/// administrator of the whole firm stays one. What changes nothing keeps the version.
#[utoipa::path(
    tag = "staff",
    params(StaffPath, RequiredLock),
    responses((status = OK, body = StaffView)),
    security(("oauth2" = [StaffWrite::SCOPE]))
)]
#[patch("/v1/staff/{staff_id}")]
pub async fn change_staff(
    actor: Actor<StaffWrite>,
    Path(path): Path<StaffPath>,
    RequiredLock(lock): RequiredLock,
    Json(body): Json<ChangeStaff>,
    db: web::Data<Db>,
) -> Result<Tagged<StaffView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let ChangeStaff { name, role, data_scope, branch_id, status, password } = body;
    let change = StaffChange { name, role, data_scope, branch_id, status, password };
    let staff = service::change_staff(&mut uow, path.staff_id, change, lock).await?;
    uow.finish(Tagged { version: staff.row_version, body: staff.into() }).await
}
