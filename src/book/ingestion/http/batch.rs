//! What every batch shares: an array of items in, an answer per item out.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::model::{ClientKey, Outcome};
use super::super::rules;
use super::loose::ClientIdText;
use crate::platform::http::Language;
use crate::platform::kernel::error::Fault;

/// Items of one call.
pub const MOST_ITEMS: usize = 1_000;

/// A body that is an array of items. (A generic type would need a name a document can use.)
macro_rules! batch_of {
    ($(#[$doc:meta])* $name:ident, $item:ident) => {
        $(#[$doc])*
        #[derive(serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Vec<$item>);

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let items = utoipa::openapi::Ref::from_schema_name(stringify!($item));
                let array = utoipa::openapi::schema::ArrayBuilder::new().items(items);
                array.min_items(Some(1)).max_items(Some($crate::book::ingestion::http::batch::MOST_ITEMS)).into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                schemas.push((stringify!($item).to_owned(), <$item as utoipa::PartialSchema>::schema()));
                <$item as utoipa::ToSchema>::schemas(schemas);
            }
        }

        impl $crate::platform::http::Input for $name {
            const MAX_BYTES: usize = 1024 * 1024;
        }
    };
}
pub(super) use batch_of;

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// Taken in.
    Accepted,
    /// The same was there already; nothing changed.
    Duplicate,
    /// Refused; the others are not concerned.
    Rejected,
}

/// Why an item was refused.
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

/// What became of one item.
#[derive(Debug)]
pub struct Settled {
    pub status: ItemStatus,
    pub id: Option<Uuid>,
    pub error: Option<ItemError>,
}

impl Settled {
    fn new(outcome: &Outcome, language: Language) -> Self {
        match outcome {
            Outcome::Accepted { id } => Self { status: ItemStatus::Accepted, id: Some(*id), error: None },
            Outcome::Duplicate { id } => Self { status: ItemStatus::Duplicate, id: *id, error: None },
            Outcome::Rejected(fault) => {
                Self { status: ItemStatus::Rejected, id: None, error: Some(ItemError::new(fault, language)) }
            }
        }
    }
}

/// How many items ended how.
#[derive(Debug, Default)]
pub struct Counts {
    pub accepted: u32,
    pub duplicates: u32,
    pub rejected: u32,
}

/// Items read one by one: what can be read goes on, what cannot is refused where it stands.
pub struct Reading<I> {
    /// What can be read.
    pub items: Vec<I>,
    faults: Vec<Option<Fault>>,
}

impl<I> Reading<I> {
    /// Reads each item.
    pub fn of<T>(batch: Vec<T>, read: impl Fn(T) -> Result<I, Fault>) -> Self {
        let (mut items, mut faults) = (Vec::new(), Vec::new());
        for item in batch {
            match read(item) {
                Ok(item) => {
                    items.push(item);
                    faults.push(None);
                }
                Err(fault) => faults.push(Some(fault)),
            }
        }
        Self { items, faults }
    }

    /// The items to be ingested; what is left waits for their outcomes.
    pub fn take(&mut self) -> Vec<I> {
        std::mem::take(&mut self.items)
    }

    /// What became of each item of the batch, in its order.
    pub fn settled(self, outcomes: Vec<Outcome>, language: Language) -> (Vec<Settled>, Counts) {
        let mut outcomes = outcomes.into_iter();
        let mut counts = Counts::default();
        let settle = |fault: Option<Fault>| {
            let outcome = fault.map(|fault| Outcome::Rejected(Box::new(fault))).or_else(|| outcomes.next());
            let settled = Settled::new(&outcome?, language);
            match settled.status {
                ItemStatus::Accepted => counts.accepted += 1,
                ItemStatus::Duplicate => counts.duplicates += 1,
                ItemStatus::Rejected => counts.rejected += 1,
            }
            Some(settled)
        };
        let settled = self.faults.into_iter().filter_map(settle).collect();
        (settled, counts)
    }
}

/// The client an item names: by number or by id.
pub fn client(number: Option<String>, id: Option<ClientIdText>) -> Result<ClientKey, Fault> {
    match (number, id) {
        (Some(number), None) => Ok(ClientKey::No(number)),
        (None, Some(id)) => id.read().map(ClientKey::Id),
        _ => Err(rules::one_client()),
    }
}

/// Where items come from when their sender does not say.
pub const DEFAULT_SOURCE: &str = "api";
