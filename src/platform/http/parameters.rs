//! Query parameters nobody declared are refused everywhere, also where an operation takes none at all.

use std::collections::{HashMap, HashSet};
use std::future::{Ready, ready};
use std::sync::OnceLock;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde_json::Value;

use crate::kernel::error::{self, Error, Fault};
use crate::kernel::fault;

/// `GET /v1/clients/{client_id}` → the names of its query parameters.
type Declared = HashMap<String, HashSet<String>>;

static DECLARED: OnceLock<Declared> = OnceLock::new();

/// No answer lists more faults than this, nor longer names.
const MOST_FAULTS: usize = 50;
const LONGEST_NAME: usize = 64;

/// Learns from the document what each operation takes; the first call wins, every call passes the same.
pub fn install(document: &Value) {
    DECLARED.get_or_init(|| {
        let items = document["paths"].as_object().into_iter().flatten();
        let operations = items.flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), names(operation)))
        });
        operations.collect()
    });
}

fn names(operation: &Value) -> HashSet<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let of_query = parameters.filter(|parameter| parameter["in"] == "query");
    of_query.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect()
}

/// For operations that ask for nobody: as with an [`super::Actor`], undeclared parameters are refused. The first
/// argument.
pub struct NothingUndeclared;

impl FromRequest for NothingUndeclared {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(refuse_undeclared(request).map(|()| Self))
    }
}

/// 400 with the name of each parameter this operation does not declare.
pub fn refuse_undeclared(request: &HttpRequest) -> Result<(), Error> {
    let (Some(declared), false) = (DECLARED.get(), request.query_string().is_empty()) else { return Ok(()) };
    let pattern = request.match_pattern().unwrap_or_default();
    let Some(declared) = declared.get(&format!("{} {pattern}", request.method())) else { return Ok(()) };
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string()).map(web::Query::into_inner);
    let unknown = pairs.unwrap_or_default().into_iter().map(|(name, _)| name).filter(|name| !declared.contains(name));
    let unknown_name = |name: String| {
        let name: String = name.chars().take(LONGEST_NAME).collect();
        fault::UNKNOWN.at(format!("?{name}"))
    };
    let faults: Vec<Fault> = unknown.take(MOST_FAULTS).map(unknown_name).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::code(&error::MALFORMED).with(|refusal| refusal.faults = faults)) }
}
