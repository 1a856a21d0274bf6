//! Whose a client was: list the periods; what is said of a change of the advisor of many.

use actix_web::{get, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::super::model::*;
use super::super::service;
use platform::bulk::{self, NewItem};
use platform::db::{Db, Uow};
use platform::http::extract;
use platform::http::permission::{ClientsRead, Permission};
use platform::http::{Actor, ClientPath, Listing, NoFilter, PageOf, Paging, Path};
use platform::kernel::error::Error;

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
/// Latest first: which branch and advisor the client belonged to, from when to when, and who recorded it. Corrections show
/// what is known today.
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
