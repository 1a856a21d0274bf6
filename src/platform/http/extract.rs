//! What comes in: parsed, checked against its schema, then typed. All faults at once.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{body, schema};
use crate::kernel::error::{self, Error, Fault};
use crate::kernel::fault;
use crate::kernel::ids::{self, ClientId};

/// Larger bodies answer 413.
pub const MAX_BYTES: usize = 64 * 1024;

/// A request body: its schema says what it may be, its `validator` derive what no schema can say.
pub trait Input: DeserializeOwned + ToSchema + Validate + 'static {}

impl<T: DeserializeOwned + ToSchema + Validate + 'static> Input for T {}

/// A JSON body: coming in, checked against the schema of `T`; going out, 200.
pub struct Json<T>(pub T);

impl<T: Input> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            if !is_json(&request) {
                return Err(not_json());
            }
            let bytes = body::whole(&request, payload.await.map_err(unreadable)?, MAX_BYTES).await?;
            typed(json_value(&bytes)?).map(Self)
        })
    }
}

/// The value of a JSON body; 400 with the place where it stops being JSON.
pub fn json_value(bytes: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice(bytes).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        Error::detailed(
            &error::MALFORMED,
            format!("The body is not JSON: line {line}, column {column}."),
            format!("请求体不是合法的 JSON：第 {line} 行第 {column} 列。"),
        )
    })
}

/// 415 for what is not called JSON.
pub fn not_json() -> Error {
    Error::detailed(&error::UNSUPPORTED_MEDIA_TYPE, "Send application/json.", "请使用 application/json。")
}

/// A value checked against the schema of `T`, then against what no schema can say.
pub fn typed<T: Input>(value: Value) -> Result<T, Error> {
    let faults = schema::faults(&*schema::of::<T>()?, &value);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let typed: T = serde_json::from_value(value).map_err(|_| Error::fault(fault::INVALID.at("")))?;
    match typed.validate() {
        Ok(()) => Ok(typed),
        Err(errors) => Err(Error::invalid(fault::faults(&errors))),
    }
}

fn is_json(request: &HttpRequest) -> bool {
    request.content_type().eq_ignore_ascii_case("application/json")
        || request.content_type().eq_ignore_ascii_case("application/merge-patch+json")
}

fn unreadable(_: actix_web::Error) -> Error {
    Error::code(&error::MALFORMED)
}

/// Path segments.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let info = request.match_info();
        let nul = info.iter().any(|(_, segment)| segment.contains("%00") || segment.contains('\0'));
        let parsed = web::Path::<T>::from_request(request, payload).into_inner();
        std::future::ready(match parsed {
            Ok(parsed) if !nul => Ok(Self(parsed.into_inner())),
            _ => Err(Error::code(&error::MALFORMED).with(|refusal| {
                let names = info.iter().map(|(name, _)| format!("{{{name}}}")).collect::<Vec<_>>().join("");
                refusal.faults.push(fault::PATH_SEGMENT.at(names));
            })),
        })
    }
}

/// Path of a client, and of what a client has one of.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ClientPath {
    /// The client.
    pub client_id: ClientId,
}

/// Query parameters: typed, every one declared, unknown ones refused.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + IntoParams + 'static> FromRequest for Query<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(query(request.query_string()).map(Self))
    }
}

/// Parses a query string as `T`, whose declared parameters are the only ones known.
pub fn query<T: DeserializeOwned + IntoParams + 'static>(text: &str) -> Result<T, Error> {
    let declared = T::into_params(|| Some(ParameterIn::Query));
    let (value, mut faults) = as_object(text, &declared);
    let validator = schema::cached::<Params<T>>(|| params_schema(&declared))?;
    faults.extend(schema::faults(&validator, &value));
    if faults.is_empty() {
        if let Ok(parsed) = serde_json::from_value(value) {
            return Ok(parsed);
        }
        faults.push(fault::INVALID.at(""));
    }
    for fault in &mut faults {
        fault.pointer = format!("?{}", fault.pointer.trim_start_matches('/').split('/').next().unwrap_or_default());
    }
    Err(Error::code(&error::MALFORMED).with(|refusal| refusal.faults = faults))
}

/// Keeps the checks of parameters apart from those of bodies.
struct Params<T>(std::marker::PhantomData<T>);

fn params_schema(declared: &[Parameter]) -> Result<Value, Error> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in declared {
        properties.insert(parameter.name.clone(), serde_json::to_value(&parameter.schema).map_err(Error::internal)?);
        if parameter.required == utoipa::openapi::Required::True {
            required.push(parameter.name.clone());
        }
    }
    let components: std::collections::HashMap<_, _> = ids::schemas().into_iter().collect();
    Ok(json!({
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        "components": { "schemas": components },
    }))
}

/// Query pairs as a JSON object, each value read as its declared type; a repeated parameter is an array only where
/// declared so.
fn as_object(text: &str, declared: &[Parameter]) -> (Value, Vec<Fault>) {
    let mut object = Map::new();
    let mut faults = Vec::new();
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map(web::Query::into_inner).unwrap_or_default();
    for (name, value) in pairs {
        let schema = declared.iter().find(|p| p.name == name).and_then(|p| serde_json::to_value(&p.schema).ok());
        let schema = schema.unwrap_or_default();
        if is_type(&schema, "array") {
            let items = object.entry(name).or_insert_with(|| json!([]));
            if let Value::Array(items) = items {
                items.push(scalar(&schema["items"], value));
            }
        } else if object.contains_key(&name) {
            faults.push(fault::REPEATED.at(format!("/{name}")));
        } else {
            object.insert(name, scalar(&schema, value));
        }
    }
    (Value::Object(object), faults)
}

fn scalar(schema: &Value, text: String) -> Value {
    let parsed = if is_type(schema, "integer") {
        text.parse::<i64>().ok().map(Value::from)
    } else if is_type(schema, "number") {
        text.parse::<f64>().ok().map(Value::from)
    } else if is_type(schema, "boolean") {
        text.parse::<bool>().ok().map(Value::from)
    } else {
        None
    };
    parsed.unwrap_or(Value::String(text))
}

fn is_type(schema: &Value, name: &str) -> bool {
    match &schema["type"] {
        Value::String(one) => one == name,
        Value::Array(any) => any.iter().any(|one| one == name),
        _ => false,
    }
}
