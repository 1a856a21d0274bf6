//! What comes in about clients.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::super::model::*;
use super::super::{faults, rules};
use platform::kernel::ids::{BranchId, StaffId};
use platform::kernel::patch::Patch;

/// An identity document. (c2)
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[validate(schema(function = number_has_its_check_digit))]
#[serde(deny_unknown_fields)]
pub struct DocumentBody {
    /// What kind of document. (c1)
    r#type: DocumentType,
    /// Its number; of an identity card with its check digit.
    #[schema(pattern = "^[A-Za-z0-9()-]{4,32}$")]
    number: String,
}

impl From<DocumentBody> for (DocumentType, String) {
    fn from(body: DocumentBody) -> Self {
        (body.r#type, body.number)
    }
}

/// A client to be entered. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_no": "80012345", "name": "李晓燕", "kind": "individual",
    "branch_id": "00000000-0000-7000-8000-000000000001", "opened_on": "2024-03-15", "phone": "13800138000",
    "document": {"type": "id_card", "number": "11010519491231002X"}}))]
pub struct CreateClient {
    /// The firm's own number 客户号, unique.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,64}$")]
    client_no: String,
    /// Name.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    name: String,
    /// What kind of client. (c1)
    kind: ClientKind,
    /// Branch. (c1)
    branch_id: BranchId,
    /// Advisor. (c1)
    #[serde(default)]
    advisor_id: Option<StaffId>,
    /// First day, from 1970 until today; today when absent. (c1)
    #[serde(default)]
    opened_on: Option<NaiveDate>,
    /// Identity document; belongs to one client only.
    #[serde(default)]
    #[validate(nested)]
    document: Option<DocumentBody>,
    /// Phone number.
    #[schema(pattern = "^\\+?[0-9][0-9 -]{4,19}$")]
    #[serde(default)]
    phone: Option<String>,
    /// E-mail address.
    #[schema(format = Email, max_length = 254)]
    #[serde(default)]
    email: Option<String>,
    /// Postal address.
    #[schema(min_length = 1, max_length = 300)]
    #[serde(default)]
    address: Option<String>,
}

/// A client as sent to its number: what is absent is cleared. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "李晓燕", "kind": "individual", "branch_id": "00000000-0000-7000-8000-000000000001",
    "opened_on": "2024-03-15", "phone": "13800138000"}))]
pub struct Profile {
    /// Name.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    name: String,
    /// What kind of client. (c1)
    kind: ClientKind,
    /// Branch. (c1)
    branch_id: BranchId,
    /// Advisor. (c1)
    #[serde(default)]
    advisor_id: Option<StaffId>,
    /// First day, from 1970 until today; today when absent. (c1)
    #[serde(default)]
    opened_on: Option<NaiveDate>,
    /// Identity document; belongs to one client only.
    #[serde(default)]
    #[validate(nested)]
    document: Option<DocumentBody>,
    /// Phone number.
    #[schema(pattern = "^\\+?[0-9][0-9 -]{4,19}$")]
    #[serde(default)]
    phone: Option<String>,
    /// E-mail address.
    #[schema(format = Email, max_length = 254)]
    #[serde(default)]
    email: Option<String>,
    /// Postal address.
    #[schema(min_length = 1, max_length = 300)]
    #[serde(default)]
    address: Option<String>,
}

impl Profile {
    /// The client to be entered under this number.
    pub fn with_number(self, client_no: String) -> NewClient {
        NewClient {
            client_no,
            name: self.name,
            kind: self.kind,
            branch_id: self.branch_id,
            advisor_id: self.advisor_id,
            opened_on: self.opened_on,
            document: self.document.map(Into::into),
            phone: self.phone,
            email: self.email,
            address: self.address,
        }
    }
}

impl From<CreateClient> for NewClient {
    fn from(body: CreateClient) -> Self {
        let CreateClient { client_no, name, kind, branch_id, advisor_id, opened_on, document, phone, email, address } =
            body;
        Profile { name, kind, branch_id, advisor_id, opened_on, document, phone, email, address }.with_number(client_no)
    }
}

/// Changes to a client (RFC 7396): absent stays, null clears what a client may be without. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "13900139000", "email": null}))]
pub struct ChangeClient {
    /// Name.
    #[schema(value_type = String, min_length = 1, max_length = 200, pattern = r"\S")]
    #[serde(default)]
    name: Option<String>,
    /// Branch. (c1)
    #[schema(value_type = BranchId)]
    #[serde(default)]
    branch_id: Option<BranchId>,
    /// Advisor. (c1)
    #[schema(value_type = Option<StaffId>)]
    #[serde(default)]
    advisor_id: Patch<StaffId>,
    /// First day, from 1970 until today. (c1)
    #[schema(value_type = NaiveDate)]
    #[serde(default)]
    opened_on: Option<NaiveDate>,
    /// Identity document, type and number together.
    #[schema(value_type = Option<DocumentBody>)]
    #[serde(default)]
    #[validate(nested)]
    document: Patch<DocumentBody>,
    /// Phone number.
    #[schema(value_type = Option<String>, pattern = "^\\+?[0-9][0-9 -]{4,19}$")]
    #[serde(default)]
    phone: Patch<String>,
    /// E-mail address.
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    #[serde(default)]
    email: Patch<String>,
    /// Postal address.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    #[serde(default)]
    address: Patch<String>,
    /// Since which day branch and advisor are as they will be after this change: today when absent. An earlier day corrects
    /// the history.
    #[schema(value_type = NaiveDate)]
    #[serde(default)]
    effective_on: Option<NaiveDate>,
}

impl From<ChangeClient> for ClientChange {
    fn from(body: ChangeClient) -> Self {
        let document = match body.document {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(document) => Patch::Set(document.into()),
        };
        Self {
            name: body.name,
            branch_id: body.branch_id,
            advisor_id: body.advisor_id,
            opened_on: body.opened_on,
            document,
            phone: body.phone,
            email: body.email,
            address: body.address,
            effective_on: body.effective_on,
        }
    }
}

fn number_has_its_check_digit(document: &DocumentBody) -> Result<(), ValidationError> {
    let holds = document.r#type != DocumentType::IdCard || rules::is_id_card(&document.number);
    faults::CHECK_DIGIT.unless_at(holds, &["number"])
}

/// Why and when a client leaves. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "转户至其他券商"}))]
pub struct CloseClient {
    /// Why.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: String,
    /// Last day; today when absent. (c1)
    #[serde(default)]
    pub closed_on: Option<NaiveDate>,
}

/// Why identifiers are to be seen in the clear. (c1)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purpose": "回访前核对联系电话"}))]
pub struct RevealClient {
    /// Goes into the audit trail.
    #[schema(min_length = 4, max_length = 200, pattern = r"\S")]
    pub purpose: String,
}
