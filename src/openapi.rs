//! The document: made from the code, no database needed.

use std::sync::OnceLock;

use actix_web::App;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use crate::app;
use platform::http::document;
use platform::http::problem::Problem;
use platform::kernel::event::EventInfo;
use platform::kernel::ids;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "clientele",
        description = "Client management for securities firms: clients, trades and balances come in; what each client needs, \
            which tier and value it has and how likely it is to leave come out, live, explained and replayable.\n\n\
            **Sign in** with \"Authorize\" (user name and password; leave client id and secret empty).\n\n\
            Amounts are decimal strings, instants are UTC, trading days are dates of the exchange. Errors are \
            `application/problem+json` with a stable `code` and a JSON pointer for each fault, in English or Chinese \
            (`Accept-Language`). Lists take `limit` and `cursor`. Send `Idempotency-Key` with a POST and it can be retried safely."
    ),
    components(schemas(Problem, platform::http::problem::ProblemFault))
)]
struct Base;

/// The OpenAPI 3.1 document of every mounted operation.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let (_, generated) =
            App::new().into_utoipa_app().openapi(Base::openapi()).configure(app::mount).split_for_parts();
        let mut document = serde_json::to_value(generated).unwrap_or_default();
        let tags = app::SLICES.iter().flat_map(|slice| slice.tags).chain(&[("operations", "Health and metrics")]);
        document["tags"] =
            tags.map(|(name, description)| json!({ "name": name, "description": description })).collect();
        for (name, schema) in ids::schemas().into_iter().chain(app::events().flat_map(EventInfo::schemas)) {
            document["components"]["schemas"][name] = serde_json::to_value(schema).unwrap_or_default();
        }
        document::complete(&mut document);
        document
    })
}

/// Methods the document knows for a path as asked for, if any: `GET, HEAD, PATCH`.
pub fn allowed_methods(path: &str) -> Option<String> {
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == asked.len()
            && parts
                .iter()
                .zip(&asked)
                .all(|(part, segment)| part == segment || (part.starts_with('{') && !segment.is_empty()))
    };
    let item = document()["paths"].as_object()?.iter().find(|(template, _)| fits(template))?.1;
    let with_head = |method: &String| if method == "get" { "GET, HEAD".to_owned() } else { method.to_uppercase() };
    let methods: Vec<String> = item.as_object()?.keys().map(with_head).collect();
    Some(methods.join(", "))
}
