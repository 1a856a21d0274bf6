//! What every batch shares: an array of objects in, each read by itself; an answer per item out.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::OnceLock;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::super::faults;
use super::super::rules::read::Members;
use platform::http::{Language, body, extract};
use platform::kernel::batch::Outcome;
use platform::kernel::error::{self, Error, Fault};
use platform::kernel::fault;

/// Items of one call.
const MOST_ITEMS: usize = 1_000;
/// Bytes of one call.
const MOST_BYTES: usize = 1024 * 1024;

/// A body that is an array of objects; the document shows each as a `T`. What is wrong with one is that item's affair,
/// so the body itself is only looked at for being such an array.
pub struct Batch<T> {
    /// The members of each item.
    pub items: Vec<Members>,
    schema: PhantomData<T>,
}

/// What the items of a batch are, in the document.
pub trait Documented: 'static {
    /// The names of its members.
    fn members() -> &'static [String];
}

/// The members that the schema of `T` shows.
pub fn members_of<T: PartialSchema>(kept: &'static OnceLock<Vec<String>>) -> &'static [String] {
    kept.get_or_init(|| match T::schema() {
        RefOr::T(Schema::Object(object)) => object.properties.keys().cloned().collect(),
        _ => Vec::new(),
    })
}

impl<T: Documented> FromRequest for Batch<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            if !request.content_type().eq_ignore_ascii_case("application/json") {
                return Err(extract::not_json());
            }
            let payload = payload.await.map_err(|_| Error::code(&error::MALFORMED))?;
            let bytes = body::whole(&request, payload, MOST_BYTES).await?;
            let sent = extract::json_value(&bytes)?;
            let known = T::members();
            let read = |object| Members::of_object(object, |name| known.iter().any(|member| member == name));
            Ok(Self { items: objects(sent)?.into_iter().map(read).collect(), schema: PhantomData })
        })
    }
}

fn objects(body: Value) -> Result<Vec<Map<String, Value>>, Error> {
    let Value::Array(items) = body else {
        return Err(Error::fault(faults::NOT_AN_ARRAY.at("")));
    };
    match items.len() {
        0 => return Err(Error::fault(fault::MIN_ITEMS.with("", &[("limit", &1)]))),
        1..=MOST_ITEMS => {}
        _ => return Err(Error::fault(fault::MAX_ITEMS.with("", &[("limit", &MOST_ITEMS)]))),
    }
    let object = |(index, item)| match item {
        Value::Object(object) => Ok(object),
        _ => Err(Error::fault(faults::NOT_AN_OBJECT.at(format!("/{index}")))),
    };
    items.into_iter().enumerate().map(object).collect()
}

/// A batch of `T` in the document. (A generic type would need a name a document can use.)
macro_rules! batch_of {
    ($(#[$doc:meta])* $name:ident, $item:ident) => {
        $(#[$doc])*
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::ingestion::http::batch::array_of(stringify!($item))
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                schemas.push((stringify!($item).to_owned(), <$item as utoipa::PartialSchema>::schema()));
                <$item as utoipa::ToSchema>::schemas(schemas);
            }
        }

        impl $crate::ingestion::http::batch::Documented for $item {
            fn members() -> &'static [String] {
                static MEMBERS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
                $crate::ingestion::http::batch::members_of::<$item>(&MEMBERS)
            }
        }
    };
}
pub(super) use batch_of;

/// The schema of a batch whose items have this name.
pub fn array_of(item: &str) -> RefOr<Schema> {
    let items = ArrayBuilder::new().items(Ref::from_schema_name(item));
    items.min_items(Some(1)).max_items(Some(MOST_ITEMS)).into()
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// Taken in.
    Accepted,
    /// The same was there already; nothing changed.
    Duplicate,
    /// A trade of this id was there and was taken back; nothing changed, and nothing stands. To book it anew, give it
    /// a new id.
    ReversedBefore,
    /// Refused; the others are not concerned.
    Rejected,
}

/// Why an item was refused, or what is odd about one that was taken in. (c1)
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ItemError {
    /// Stable code for programs.
    #[schema(example = "unknown_client")]
    code: String,
    /// JSON pointer into the item.
    #[schema(example = "/client_no")]
    pointer: String,
    /// In the caller's language.
    #[schema(example = "There is no such client within your scope")]
    message: String,
}

impl ItemError {
    fn new(fault: &Fault, language: Language) -> Self {
        let message = language.of(&fault.message).to_owned();
        Self { code: fault.code.to_owned(), pointer: fault.pointer.clone(), message }
    }
}

/// What became of one item, in the caller's language.
#[derive(Debug)]
pub struct ItemAnswer {
    pub status: ItemStatus,
    pub id: Option<Uuid>,
    pub errors: Vec<ItemError>,
    pub warnings: Vec<ItemError>,
}

impl ItemAnswer {
    pub fn new(outcome: Outcome, warnings: &[Fault], language: Language) -> Self {
        let (status, id, faults) = match outcome {
            Outcome::Accepted(id) => (ItemStatus::Accepted, Some(id), Vec::new()),
            Outcome::Duplicate(id) => (ItemStatus::Duplicate, Some(id), Vec::new()),
            Outcome::ReversedBefore(id) => (ItemStatus::ReversedBefore, Some(id), Vec::new()),
            Outcome::Rejected(faults) => (ItemStatus::Rejected, None, faults),
        };
        let shown = |faults: &[Fault]| faults.iter().map(|fault| ItemError::new(fault, language)).collect();
        Self { status, id, errors: shown(&faults), warnings: shown(warnings) }
    }
}
