//! What comes in about clients.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

use super::super::model::*;
use platform::flat_schema;
use platform::http::flat;

/// The members of a new client that are neither profile nor identity. (c2)
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Opening {
    /// The firm's own number 客户号, unique.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,64}$")]
    client_no: String,
    /// First day, from 1970 until today; today when absent. (c1)
    opened_on: Option<NaiveDate>,
}

/// Days that a change may name. (c1)
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Days {
    /// First day, from 1970 until today. (c1)
    opened_on: NaiveDate,
    /// From which day on branch and advisor are so: today when absent. An earlier day corrects the history; a later
    /// one, up to two years ahead, schedules the change, which takes effect when that day begins, in the place of
    /// what was scheduled for it. (c1)
    effective_on: NaiveDate,
}

/// A client as sent to its number: what is absent is cleared.
pub struct PutClient(NewClient);

/// Changes to a client (RFC 7396): absent stays, null clears what a client may be without.
pub struct ChangeClient(pub ClientChange);

flat_schema! {
    NewClient as "CreateClient" = "A client to be entered. (c2)" [Opening, Profile, Identity] new => {
        let mut new = flat::closed(new);
        new.example = Some(example(json!({ "client_no": "80012345" })));
        new
    };
    PutClient as "Profile" = "A client as sent to its number: what is absent is cleared. (c2)" [Opening, Profile, Identity] new => {
        let mut sent = flat::closed(new);
        sent.properties.retain(|name, _| name != "client_no");
        sent.required.retain(|name| name != "client_no");
        sent.example = Some(example(json!({})));
        sent
    };
    ChangeClient as "ChangeClient" =
        "Changes to a client (RFC 7396): absent stays, null clears what a client may be without. (c2)" [Profile, Identity] said => {
        let mut change = flat::closed(flat::patch(said));
        // What a client is, it stays.
        change.properties.retain(|name, _| name != "kind" && name != "previous_client_id");
        change.properties.extend(flat::object::<Days>().properties);
        change.example = Some(json!({ "phone": "13900139000", "email": null }));
        change
    };
}

fn example(more: Value) -> Value {
    let mut example = json!({"name": "李晓燕", "kind": "individual", "branch_id": "00000000-0000-7000-8000-000000000001",
        "opened_on": "2024-03-15", "phone": "13800138000",
        "document": {"type": "id_card", "number": "11010519491231002X"}});
    if let (Value::Object(example), Value::Object(more)) = (&mut example, more) {
        example.extend(more);
    }
    example
}

/// Members of the identity are told of where they are sent: beside the others.
impl Validate for NewClient {
    fn validate(&self) -> Result<(), ValidationErrors> {
        self.identity.validate()
    }
}

impl PutClient {
    /// The client of this number.
    pub fn with_number(self, client_no: String) -> NewClient {
        NewClient { client_no, ..self.0 }
    }
}

impl<'de> Deserialize<'de> for PutClient {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut members = Map::deserialize(from)?;
        members.insert("client_no".to_owned(), json!(""));
        serde_json::from_value(Value::Object(members)).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Validate for PutClient {
    fn validate(&self) -> Result<(), ValidationErrors> {
        self.0.validate()
    }
}

impl<'de> Deserialize<'de> for ChangeClient {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut members = Map::deserialize(from)?;
        let effective_on = members.remove("effective_on").map(serde_json::from_value).transpose();
        let effective_on = effective_on.map_err(serde::de::Error::custom)?;
        Ok(Self(ClientChange { members, effective_on }))
    }
}

/// Only what is sent can be wrong.
impl Validate for ChangeClient {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let sent = Value::Object(self.0.members.clone());
        serde_json::from_value::<Identity>(sent).map_or(Ok(()), |identity| identity.validate())
    }
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

/// Why a closed client is to be opened again. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "客户撤回销户申请"}))]
pub struct ReopenClient {
    /// Why; for the one who approves it.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: String,
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
