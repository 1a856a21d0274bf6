//! The answer of an operation of which something may take a second person.

use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use super::super::model::PendingChange;
use super::PendingChangeView;
use crate::db::{Answer, Read};
use crate::http::Language;
use crate::http::respond::{Accepted, documented};
use crate::kernel::error::{Error, KeptAnswer};

/// What the operation answers when something was done, or 202 with the change when all of it waits for a second
/// person.
pub enum Proposed<A> {
    /// Done, but for what waits.
    Done(A),
    /// All of it waits; `Location` is the change.
    Waits(Box<Accepted<PendingChangeView>>),
}

impl<A> Proposed<A> {
    /// All of it waits.
    pub fn waits(change: PendingChange, read: &Read, language: Language) -> Result<Self, Error> {
        let location = format!("/v1/approvals/{}", change.pending_change_id);
        let body = PendingChangeView::new(change, read, language)?;
        Ok(Self::Waits(Box::new(Accepted { location, body })))
    }
}

impl<A: Answer> Answer for Proposed<A> {
    fn render(&self) -> Result<KeptAnswer, Error> {
        match self {
            Self::Done(answer) => answer.render(),
            Self::Waits(answer) => answer.render(),
        }
    }
}

impl<A: Responder<Body = BoxBody>> Responder for Proposed<A> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Self::Done(answer) => answer.respond_to(request),
            Self::Waits(answer) => answer.respond_to(request),
        }
    }
}

impl<A: IntoResponses> IntoResponses for Proposed<A> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let waits = documented::<PendingChangeView>(
            "Waits for a second person; follow the change at `Location`",
            &["Location"],
        );
        let mut responses = A::responses();
        responses.insert("202".to_owned(), RefOr::T(waits));
        responses
    }
}
