//! A client and what identifies it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::super::faults;
use super::super::rules::documents;
use super::codes::{ClientKind, ClientStatus, DocumentType, Tier};
use platform::approvals::PendingChange;
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, ClientId, PendingChangeId, StaffId};
use platform::kernel::patch;

platform::columns! {
    /// What is said of a client, shown to everybody who sees the client. One more plain column is one more field here
    /// and in a migration: statements, bodies, answers, patches and what events say follow. (c2)
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::FromRow)]
    pub struct Profile {
        /// Name.
        #[schema(min_length = 1, max_length = 200, pattern = r"\S", example = "李晓燕")]
        pub name: String,
        /// What kind of client. (c1)
        pub kind: ClientKind,
        /// Branch. (c1)
        pub branch_id: BranchId,
        /// Advisor. (c1)
        #[serde(default)]
        pub advisor_id: Option<StaffId>,
    }
}

platform::columns! {
    /// From when to when. (c1)
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::FromRow)]
    pub struct Lifespan {
        /// How far the client is on the way from prospect to closed.
        pub status: ClientStatus,
        /// First day.
        pub opened_on: NaiveDate,
        /// Last day, when closed.
        pub closed_on: Option<NaiveDate>,
        /// Why closed. (c2)
        #[schema(example = "转户至其他券商")]
        pub close_reason: Option<String>,
    }
}

/// An identity document. (c2)
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[validate(schema(function = number_can_be))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What kind of document. (c1)
    pub r#type: DocumentType,
    /// Its number; of an identity card and of a credit code with its check digit.
    #[schema(pattern = "^[A-Za-z0-9()-]{4,32}$", example = "11010519491231002X")]
    pub number: String,
}

fn number_can_be(document: &Document) -> Result<(), ValidationError> {
    let number = &["number"];
    match document.r#type {
        DocumentType::IdCard => match documents::IdCard::read(&document.number) {
            None => faults::CHECK_DIGIT.unless_at(false, number),
            Some(card) if card.birth_date.is_none() => faults::BIRTH_DATE.unless_at(false, number),
            Some(card) => faults::REGION.unless_at(card.region.is_some(), number),
        },
        DocumentType::CreditCode => faults::CREDIT_CODE.unless_at(documents::is_credit_code(&document.number), number),
        _ => Ok(()),
    }
}

/// What identifies and reaches a client, in the clear. Serialised where it is sealed or revealed, never logged.
/// (c2)
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
pub struct Identity {
    /// Identity document; belongs to one client only. Persons have identity cards, passports and travel permits,
    /// institutions credit codes, products registrations; `other` is for all.
    #[serde(default)]
    #[validate(nested)]
    pub document: Option<Document>,
    /// Phone number.
    #[schema(pattern = "^\\+?[0-9][0-9 -]{4,19}$", example = "13800138000")]
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[schema(format = Email, max_length = 254, example = "li@example.com")]
    #[serde(default)]
    pub email: Option<String>,
    /// Postal address.
    #[schema(min_length = 1, max_length = 300, example = "上海市浦东新区世纪大道100号")]
    #[serde(default)]
    pub address: Option<String>,
    /// The closed client whose record this one continues, and whose identity document it may take over. (c1)
    #[serde(default)]
    pub previous_client_id: Option<ClientId>,
}

/// A client.
#[derive(Clone)]
pub struct Client {
    /// Id.
    pub client_id: ClientId,
    /// The firm's own number 客户号.
    pub client_no: String,
    /// What is said of the client.
    pub profile: Profile,
    /// From when to when.
    pub lifespan: Lifespan,
    /// Current tier; none until the first trade or balance.
    pub tier: Option<Tier>,
    /// What identifies and reaches the client.
    pub identity: Identity,
    /// Moves with every change.
    pub row_version: i64,
    /// When entered.
    pub created_at: DateTime<Utc>,
    /// When last changed.
    pub updated_at: DateTime<Utc>,
    /// Changes that wait for a second person.
    pub pending_changes: Vec<PendingChangeId>,
}

impl Client {
    /// What a caller would say to make the client what it is.
    pub fn said(&self) -> NewClient {
        NewClient {
            client_no: self.client_no.clone(),
            opened_on: Some(self.lifespan.opened_on),
            profile: self.profile.clone(),
            identity: self.identity.clone(),
        }
    }

    /// Whether kind, document and first day of the client can all be true.
    pub fn is_consistent(&self) -> Result<(), Error> {
        let Some(document) = &self.identity.document else { return Ok(()) };
        if !documents::fits(self.profile.kind, document.r#type) {
            return Err(Error::fault(faults::DOCUMENT_KIND.at("/document/type")));
        }
        let card = documents::IdCard::read(&document.number).filter(|_| document.r#type == DocumentType::IdCard);
        let born = card.and_then(|card| card.birth_date);
        if born.is_some_and(|born| born > self.lifespan.opened_on) {
            return Err(Error::fault(faults::BIRTH_DATE.at("/document/number")));
        }
        Ok(())
    }

    /// The client with what a caller says now.
    #[must_use]
    pub fn with(&self, said: NewClient) -> Self {
        let opened_on = said.opened_on.unwrap_or(self.lifespan.opened_on);
        let lifespan = Lifespan { opened_on, ..self.lifespan.clone() };
        // Whose record it continues was settled when it was opened.
        let identity = Identity { previous_client_id: self.identity.previous_client_id, ..said.identity };
        Self { profile: said.profile, identity, lifespan, ..self.clone() }
    }
}

/// A client as other slices see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClientRef {
    /// Id.
    pub client_id: ClientId,
    /// The firm's own number.
    pub client_no: String,
    /// Name.
    pub name: String,
    /// Branch.
    pub branch_id: BranchId,
    /// Advisor.
    pub advisor_id: Option<StaffId>,
    /// Where the client stands.
    pub status: ClientStatus,
    /// Current tier.
    pub tier: Option<Tier>,
    /// First day.
    pub opened_on: NaiveDate,
    /// Last day, of a closed client.
    pub closed_on: Option<NaiveDate>,
}

/// A client to be entered.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewClient {
    /// The firm's own number, unique.
    pub client_no: String,
    /// First day; today when absent.
    #[serde(default)]
    pub opened_on: Option<NaiveDate>,
    /// What is said of the client.
    #[serde(flatten)]
    pub profile: Profile,
    /// What identifies and reaches the client.
    #[serde(flatten)]
    pub identity: Identity,
}

/// What became of a change of a client.
pub struct Changed {
    /// The client now.
    pub client: Client,
    /// Whether anything was written of it.
    pub is_applied: bool,
    /// What of the change waits for a second person.
    pub waiting: Option<PendingChange>,
}

/// Changes to a client, as a merge patch of what was said.
pub struct ClientChange {
    /// The patch.
    pub members: Map<String, Value>,
    /// Since when branch and advisor are so; since now when absent.
    pub effective_on: Option<NaiveDate>,
}

impl ClientChange {
    /// Whether what is said stays as it is.
    pub fn leaves(&self, before: &NewClient) -> Result<bool, Error> {
        let value = |said: &NewClient| serde_json::to_value(said).map_err(Error::internal);
        Ok(value(&self.apply(before)?)? == value(before)?)
    }

    /// What is said after the change.
    pub fn apply(&self, before: &NewClient) -> Result<NewClient, Error> {
        let mut said = serde_json::to_value(before).map_err(Error::internal)?;
        if let Value::Object(said) = &mut said {
            patch::merge(said, &self.members);
        }
        serde_json::from_value(said).map_err(Error::internal)
    }
}
