//! Lists: declared filters, a limit, a signed cursor, and a `Link` to the next page.

use std::borrow::Cow;
use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, web};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Response, Schema};
use utoipa::{IntoParams, IntoResponses, PartialSchema, ToSchema};

use super::cursor::CursorKey;
use super::{extract, respond};
use crate::db::Db;
use crate::kernel::error::Error;
use crate::kernel::page::{DEFAULT_LIMIT, Page, PageRequest};

/// The parameters every list takes.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Items a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    #[serde(default)]
    pub cursor: Option<String>,
}

/// For lists without filters.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoFilter {}

/// What lists take that can count, beside [`Paging`].
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// `total` counts all items of the filter, at a price.
    #[param(inline)]
    #[serde(default)]
    pub include: Option<Include>,
}

/// What a list adds on request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Include {
    /// The number of all items.
    Total,
}

/// A list as asked for: filter `F` and paging.
pub struct Listing<F> {
    /// The declared filters.
    pub filter: F,
    paging: Paging,
    counting: Counting,
    /// Path and filter: what a cursor is bound to.
    identity: String,
    key: CursorKey,
}

impl<F: DeserializeOwned + IntoParams + 'static> FromRequest for Listing<F> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(listing(request))
    }
}

fn listing<F: DeserializeOwned + IntoParams + 'static>(request: &HttpRequest) -> Result<Listing<F>, Error> {
    let name = |pair: &&str| pair.split('=').next().unwrap_or_default().to_owned();
    let pairs = request.query_string().split('&').filter(|pair| !pair.is_empty());
    let (counting, pairs): (Vec<&str>, Vec<&str>) = pairs.partition(|pair| name(pair) == "include");
    let (paging, mut filter): (Vec<&str>, Vec<&str>) =
        pairs.into_iter().partition(|pair| ["limit", "cursor"].contains(&name(pair).as_str()));
    // Whether this list counts at all is in the document; the parameters it does not name are refused before this.
    let counting = extract::query::<Counting>(&counting.join("&"))?;
    let parsed = (extract::query::<Paging>(&paging.join("&")), extract::query::<F>(&filter.join("&")));
    let db = request.app_data::<web::Data<Db>>().ok_or_else(|| Error::internal("no database in the application"))?;
    filter.sort_unstable();
    let identity = format!("{}?{}", request.path(), filter.join("&"));
    let key = CursorKey::new(&db.keyring().derived("cursor"));
    Ok(Listing { filter: parsed.1?, paging: parsed.0?, counting, identity, key })
}

impl<F> Listing<F> {
    /// The page asked for; 422 when the cursor is not ours or belongs to another filter.
    pub fn page<K: DeserializeOwned>(&self) -> Result<PageRequest<K>, Error> {
        let after = self.paging.cursor.as_deref().map(|cursor| self.key.read(&self.identity, cursor)).transpose()?;
        Ok(PageRequest { limit: self.paging.limit.unwrap_or(DEFAULT_LIMIT), after })
    }

    /// Whether the caller wants the number of all items.
    pub fn wants_total(&self) -> bool {
        self.counting.include == Some(Include::Total)
    }

    /// The page found.
    pub fn items<T, K: Serialize>(&self, page: Page<T, K>) -> Result<PageOf<Items<T>>, Error> {
        self.answer(page, |items, next_cursor| Items { items, next_cursor })
    }

    /// The page found, as `{items, next_cursor}`; `make` is the concrete list type.
    pub fn answer<T, K: Serialize, L>(
        &self,
        page: Page<T, K>,
        make: impl FnOnce(Vec<T>, Option<String>) -> L,
    ) -> Result<PageOf<L>, Error> {
        let cursor = page.next.as_ref().map(|key| self.key.write(&self.identity, key)).transpose()?;
        let next = cursor.as_ref().map(|cursor| {
            let joint = if self.identity.ends_with('?') { "" } else { "&" };
            let limit = self.paging.limit.map(|limit| format!("&limit={limit}")).unwrap_or_default();
            let include = if self.wants_total() { "&include=total" } else { "" };
            format!("<{}{joint}cursor={cursor}{limit}{include}>; rel=\"next\"", self.identity)
        });
        Ok(PageOf { body: make(page.items, cursor), next })
    }
}

/// One page of a list. A list of `ThingView` is `ThingList` in the document; name it with an alias where `body =` wants
/// it, since utoipa joins a generic's name with its argument's.
#[derive(Serialize)]
pub struct Items<T> {
    /// The page.
    pub items: Vec<T>,
    /// For the next page; null on the last.
    pub next_cursor: Option<String>,
}

impl<T: ToSchema> PartialSchema for Items<T> {
    fn schema() -> RefOr<Schema> {
        let items = ArrayBuilder::new().items(Ref::from_schema_name(T::name())).description(Some("The page."));
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("For the next page; null on the last."));
        let list = ObjectBuilder::new().property("items", items).property("next_cursor", next).required("items");
        list.description(Some("One page of a list. (c1)")).into()
    }
}

impl<T: ToSchema> ToSchema for Items<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}List", T::name().trim_end_matches("View")))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

/// 200 with one page of a list, and `Link: rel="next"` when there is more.
pub struct PageOf<L> {
    body: L,
    next: Option<String>,
}

impl<L: Serialize> Responder for PageOf<L> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = extract::Json(self.body).respond_to(request);
        if let Some(Ok(link)) = self.next.as_deref().map(header::HeaderValue::from_str) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

impl<L: ToSchema> IntoResponses for PageOf<L> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = respond::documented::<L>("One page; `Link` names the next", &["Link"]);
        BTreeMap::from([("200".to_owned(), RefOr::T(response))])
    }
}
