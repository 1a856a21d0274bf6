//! What goes out about clients: identifiers masked.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::*;
use super::super::rules;
use platform::kernel::ids::{BranchId, ClientId, StaffId};

/// An identity document. (c2)
#[derive(Serialize, ToSchema)]
pub struct DocumentView {
    /// What kind of document. (c1)
    r#type: DocumentType,
    /// Its number, masked except in a reveal.
    #[schema(example = "110***********002X")]
    number: String,
}

/// A client. (c2)
#[derive(Serialize, ToSchema)]
pub struct ClientView {
    /// Id. (c1)
    client_id: ClientId,
    /// The firm's own number 客户号.
    #[schema(example = "80012345")]
    client_no: String,
    /// Name.
    #[schema(example = "李晓燕")]
    name: String,
    /// What kind of client. (c1)
    kind: ClientKind,
    /// Where the client stands. (c1)
    status: ClientStatus,
    /// Branch. (c1)
    branch_id: BranchId,
    /// Advisor. (c1)
    advisor_id: Option<StaffId>,
    /// Current tier; null until the first trade or balance.
    tier: Option<Tier>,
    /// First day. (c1)
    opened_on: NaiveDate,
    /// Last day, when closed. (c1)
    closed_on: Option<NaiveDate>,
    /// Why closed.
    #[schema(example = "转户至其他券商")]
    close_reason: Option<String>,
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
    /// When entered. (c1)
    created_at: DateTime<Utc>,
    /// When last changed. (c1)
    updated_at: DateTime<Utc>,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        let Identity { document, phone, email, address } = client.identity;
        Self {
            client_id: client.client_id,
            client_no: client.client_no,
            name: client.name,
            kind: client.kind,
            status: client.status,
            branch_id: client.branch_id,
            advisor_id: client.advisor_id,
            tier: client.tier,
            opened_on: client.opened_on,
            closed_on: client.closed_on,
            close_reason: client.close_reason,
            document: document
                .map(|(kind, number)| DocumentView { r#type: kind, number: rules::masked_document(&number) }),
            phone: phone.as_deref().map(rules::masked_phone),
            email: email.as_deref().map(rules::masked_email),
            address: address.as_deref().map(rules::masked_address),
            created_at: client.created_at,
            updated_at: client.updated_at,
        }
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

/// A client's identifiers in the clear. (c2)
#[derive(Serialize, ToSchema)]
pub struct RevealedClient {
    /// The client. (c1)
    client_id: ClientId,
    /// Identity document.
    document: Option<DocumentView>,
    /// Phone number.
    #[schema(example = "13800138000")]
    phone: Option<String>,
    /// E-mail address.
    #[schema(example = "li@example.com")]
    email: Option<String>,
    /// Postal address.
    #[schema(example = "上海市浦东新区世纪大道100号")]
    address: Option<String>,
}

impl RevealedClient {
    /// Unmasked: for those allowed, who said why.
    pub fn new(client_id: ClientId, identity: Identity) -> Self {
        let Identity { document, phone, email, address } = identity;
        Self {
            client_id,
            document: document.map(|(kind, number)| DocumentView { r#type: kind, number }),
            phone,
            email,
            address,
        }
    }
}
