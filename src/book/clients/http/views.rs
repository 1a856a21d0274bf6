//! What goes out about clients: identifiers masked.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::*;
use super::super::rules;
use super::super::rules::documents::IdCard;
use platform::flat_schema;
use platform::http::Language;
use platform::kernel::decision::Text;
use platform::kernel::ids::{ClientId, PendingChangeId};
use platform::kernel::lifecycle::{self, AllowedAction};
use platform::kernel::principal::Principal;

/// An identity document, its number masked. (c2)
#[derive(Serialize, ToSchema)]
pub struct DocumentView {
    /// What kind of document. (c1)
    r#type: DocumentType,
    /// Its number, masked.
    #[schema(example = "110***********002X")]
    number: String,
}

/// What an answer says beside profile and lifespan. (c2)
#[derive(Serialize, ToSchema)]
struct Masked {
    /// Id. (c1)
    client_id: ClientId,
    /// The firm's own number 客户号.
    #[schema(example = "80012345")]
    client_no: String,
    /// Current tier; null until the first trade or balance.
    tier: Option<Tier>,
    /// Identity document, its number masked.
    document: Option<DocumentView>,
    /// Phone number, masked.
    #[schema(example = "138****8000")]
    phone: Option<String>,
    /// E-mail address, masked.
    #[schema(example = "l***@example.com")]
    email: Option<String>,
    /// Postal address, masked.
    #[schema(example = "上海市浦东新***")]
    address: Option<String>,
    /// The closed client whose record this one continues. (c1)
    previous_client_id: Option<ClientId>,
    /// When entered. (c1)
    created_at: DateTime<Utc>,
    /// When last changed. (c1)
    updated_at: DateTime<Utc>,
    /// What may be done with the client now. (c1)
    allowed_actions: Vec<AllowedAction>,
    /// Changes that wait for a second person, each at `/v1/approvals/{pending_change_id}`. (c1)
    pending_changes: Vec<PendingChangeId>,
}

/// A client.
#[derive(Serialize)]
pub struct ClientView {
    #[serde(flatten)]
    masked: Masked,
    #[serde(flatten)]
    profile: Profile,
    #[serde(flatten)]
    lifespan: Lifespan,
}

/// Whose identifiers they are, and what an identity card says of its holder. (c2)
#[derive(Serialize, ToSchema)]
struct Whose {
    /// The client. (c1)
    client_id: ClientId,
    /// Day of birth, as the identity card has it; null without one.
    birth_date: Option<NaiveDate>,
    /// Full years today, by the identity card; null without one.
    age: Option<u32>,
    /// District where the identity card was first issued, six digits (GB/T 2260); null without one.
    #[schema(example = "110105")]
    region_code: Option<String>,
    /// Its province; null where there is none.
    #[schema(example = "北京市")]
    region: Option<String>,
}

/// A client's identifiers in the clear: for those allowed, who said why.
#[derive(Serialize)]
pub struct RevealedClient {
    #[serde(flatten)]
    whose: Whose,
    #[serde(flatten)]
    identity: Identity,
}

flat_schema! {
    ClientView as "ClientView" = "A client. (c2)" [Masked, Profile, Lifespan] client => client;
    RevealedClient as "RevealedClient" = "A client's identifiers in the clear. (c2)" [Whose, Identity] revealed => revealed;
}

impl ClientView {
    /// A client, with what this caller may do with it now.
    pub fn new(client: Client, caller: &Principal) -> Self {
        let allowed_actions = lifecycle::allowed(client.lifespan.status, caller);
        let Client { client_id, client_no, profile, lifespan, tier, identity, created_at, updated_at, .. } = client;
        let pending_changes = client.pending_changes;
        let document = identity
            .document
            .map(|document| DocumentView { r#type: document.r#type, number: rules::masked_document(&document.number) });
        let masked = Masked {
            client_id,
            client_no,
            tier,
            document,
            phone: identity.phone.as_deref().map(rules::masked_phone),
            email: identity.email.as_deref().map(rules::masked_email),
            address: identity.address.as_deref().map(rules::masked_address),
            previous_client_id: identity.previous_client_id,
            created_at,
            updated_at,
            allowed_actions,
            pending_changes,
        };
        Self { masked, profile, lifespan }
    }
}

impl RevealedClient {
    /// The identifiers of a client, with what its identity card says on that day.
    pub fn new(client_id: ClientId, identity: Identity, today: NaiveDate, language: Language) -> Self {
        let document = identity.document.as_ref().filter(|document| document.r#type == DocumentType::IdCard);
        let card = document.and_then(|document| IdCard::read(&document.number));
        let region = card.as_ref().and_then(|card| card.region);
        let whose = Whose {
            client_id,
            birth_date: card.as_ref().and_then(|card| card.birth_date),
            age: card.as_ref().and_then(|card| card.age_on(today)),
            region_code: card.map(|card| card.region_code),
            region: region.map(|(en, zh)| language.of(&Text::new(en, zh)).to_owned()),
        };
        Self { whose, identity }
    }
}

/// One page of clients. (c1)
#[derive(Serialize, ToSchema)]
pub struct ClientList {
    /// The page.
    pub items: Vec<ClientView>,
    /// For the next page; null on the last.
    pub next_cursor: Option<String>,
    /// All clients of the filter, with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}
