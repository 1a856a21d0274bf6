//! Whose a client was: list the periods; what is said of a change of the advisor of many.

use actix_web::{get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::super::model::*;
use super::super::service;
use super::views::ClientView;
use platform::bulk::{self, NewItem};
use platform::db::{Db, Uow};
use platform::http::extract;
use platform::http::permission::{ClientsRead, ClientsWrite, Permission};
use platform::http::{Actor, ClientPath, Listing, NoFilter, PageOf, Paging, Path, Tagged};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::lock::Lock;

/// Clients of a filter as a bulk plan takes it, whose advisor would change.
pub async fn preview_reassignment(uow: &mut Uow, filter: &Value, change: &Value) -> Result<Vec<NewItem>, Error> {
    let filter = extract::typed(filter.clone()).map_err(|error| bulk::within("/filter", error))?;
    let change = extract::typed(change.clone()).map_err(|error| bulk::within("/change", error))?;
    service::preview_reassignment(uow, filter, change).await
}

/// One page of a client's assignments. (c1)
#[derive(Serialize, ToSchema)]
pub struct ClientAssignmentList {
    /// The page.
    items: Vec<ClientAssignment>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// List a client's branches and advisors over time
///
/// Latest first: which branch and advisor the client belonged to, belongs to and is to belong to (`is_scheduled`),
/// from when to when, and who recorded it. Corrections show what is known today.
#[utoipa::path(
    tag = "clients",
    params(ClientPath, Paging),
    responses((status = OK, body = ClientAssignmentList)),
    security(("oauth2" = [ClientsRead::SCOPE]))
)]
#[get("/v1/clients/{client_id}/history")]
pub async fn list_client_history(
    actor: Actor<ClientsRead>,
    Path(path): Path<ClientPath>,
    listing: Listing<NoFilter>,
    db: web::Data<Db>,
) -> Result<PageOf<ClientAssignmentList>, Error> {
    let page = service::history(&mut db.read(&actor).await?, path.client_id, &listing.page()?).await?;
    listing.answer(page, |items, next_cursor| ClientAssignmentList { items, next_cursor })
}

/// Path of a change of branch and advisor for a later day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ScheduledPath {
    /// The client.
    client_id: ClientId,
    /// The day it is to take effect on.
    effective_on: NaiveDate,
}

/// Cancel a scheduled change of branch and advisor
///
/// Of a day to come; what is scheduled for other days stays.
#[utoipa::path(
    tag = "clients",
    params(ScheduledPath, Lock),
    responses((status = OK, body = ClientView)),
    security(("oauth2" = [ClientsWrite::SCOPE]))
)]
#[post("/v1/clients/{client_id}/history/{effective_on}/cancel")]
pub async fn cancel_scheduled_assignment(
    actor: Actor<ClientsWrite>,
    Path(path): Path<ScheduledPath>,
    lock: Lock,
    db: web::Data<Db>,
) -> Result<Tagged<ClientView>, Error> {
    let mut uow = db.begin(&actor).await?;
    let client = service::cancel(&mut uow, path.client_id, path.effective_on, lock).await?;
    let (version, body) = (client.row_version, ClientView::new(client, &actor.principal));
    uow.finish(Tagged { version, body }).await
}
