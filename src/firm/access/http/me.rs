//! The caller and their permissions.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{DataScope, Role};
use super::super::service;
use platform::db::Db;
use platform::http::permission::{self, SignedIn};
use platform::http::{Actor, Json};
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, StaffId};

/// The caller. (c2)
#[derive(Serialize, ToSchema)]
pub struct MeView {
    /// Id. (c1)
    staff_id: StaffId,
    /// User name.
    #[schema(example = "admin")]
    username: String,
    /// Name of the person.
    #[schema(example = "王敏")]
    name: String,
    /// What they do. (c1)
    role: Role,
    /// Whose clients they see. (c1)
    data_scope: DataScope,
    /// Home branch. (c1)
    branch_id: BranchId,
}

/// What the caller may do, and with whose clients. (c1)
#[derive(Serialize, ToSchema)]
pub struct PermissionList {
    /// Permissions held.
    items: Vec<PermissionView>,
    /// The whole firm's clients are in scope.
    firm: bool,
    /// Clients of these branches are in scope.
    branch_ids: Vec<Uuid>,
    /// Clients of this advisor are in scope.
    advisor_id: Option<Uuid>,
}

/// A permission held. (c1)
#[derive(Serialize, ToSchema)]
pub struct PermissionView {
    /// As in `x-permission` of each operation.
    #[schema(example = "clients:read")]
    permission: &'static str,
    /// What it allows.
    #[schema(example = "See clients and their fund accounts, identifiers masked")]
    description: &'static str,
}

/// Get the caller
#[utoipa::path(
    tag = "access",
    responses((status = OK, body = MeView)),
    security(("oauth2" = []))
)]
#[get("/v1/me")]
pub async fn get_me(actor: Actor<SignedIn>, db: web::Data<Db>) -> Result<Json<MeView>, Error> {
    let staff = service::me(&mut db.read(&actor).await?).await?;
    Ok(Json(MeView {
        staff_id: staff.staff_id,
        username: staff.username,
        name: staff.name,
        role: staff.role,
        data_scope: staff.data_scope,
        branch_id: staff.branch_id,
    }))
}

/// List the caller's permissions
///
/// Every permission held, and whose clients are in scope.
#[utoipa::path(
    tag = "access",
    responses((status = OK, body = PermissionList)),
    security(("oauth2" = []))
)]
#[get("/v1/me/permissions")]
pub async fn list_my_permissions(actor: Actor<SignedIn>) -> Result<Json<PermissionList>, Error> {
    let held = permission::ALL.iter().filter(|allows| actor.principal.scopes.contains(allows.scope));
    let scope = actor.visibility();
    Ok(Json(PermissionList {
        items: held.map(|allows| PermissionView { permission: allows.scope, description: allows.en }).collect(),
        firm: scope.firm,
        branch_ids: scope.branch_ids.clone(),
        advisor_id: scope.advisor_id,
    }))
}
