//! A client and what identifies it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use platform::kernel::decision::Text;
use platform::kernel::ids::{BranchId, ClientId, StaffId};
use platform::kernel::patch::Patch;

/// What kind of client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ClientKind {
    /// A person 个人.
    Individual,
    /// A company or body 机构.
    Institution,
    /// A fund or plan 产品户.
    Product,
}

/// Where the client stands with the firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ClientStatus {
    /// Not opened yet.
    Prospect,
    /// Opened.
    Active,
    /// Closed.
    Closed,
}

/// The client's tier 客户分层; moved by the tier policy only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Tier {
    /// 普通.
    Ordinary,
    /// 中等净值.
    Middle,
    /// 高净值.
    HighNetWorth,
}

impl Tier {
    /// All tiers, lowest first.
    pub const ALL: [Self; 3] = [Self::Ordinary, Self::Middle, Self::HighNetWorth];

    /// The tier some notches up, at most the highest.
    pub fn lifted(self, notches: u8) -> Self {
        Self::ALL[(self as usize + usize::from(notches)).min(Self::ALL.len() - 1)]
    }

    /// The tier in words.
    pub fn label(self) -> Text {
        match self {
            Self::Ordinary => Text::new("ordinary", "普通"),
            Self::Middle => Text::new("middle", "中等净值"),
            Self::HighNetWorth => Text::new("high net worth", "高净值"),
        }
    }
}

/// The kind of an identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DocumentType {
    /// Resident identity card 居民身份证.
    IdCard,
    /// Passport 护照.
    Passport,
    /// Travel permit for Hong Kong, Macau, Taiwan 港澳台通行证.
    TravelPermit,
    /// Unified social credit code 统一社会信用代码.
    CreditCode,
    /// Registration number of a product 产品备案编号.
    ProductRegistration,
    /// Any other.
    Other,
}

impl DocumentType {
    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdCard => "id_card",
            Self::Passport => "passport",
            Self::TravelPermit => "travel_permit",
            Self::CreditCode => "credit_code",
            Self::ProductRegistration => "product_registration",
            Self::Other => "other",
        }
    }
}

/// What identifies and reaches a client, in the clear. Never serialised, logged or put into events.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Type and number of the identity document.
    pub document: Option<(DocumentType, String)>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// A client.
#[derive(Clone)]
pub struct Client {
    /// Id.
    pub client_id: ClientId,
    /// The firm's own number 客户号.
    pub client_no: String,
    /// Name.
    pub name: String,
    /// What kind of client.
    pub kind: ClientKind,
    /// Where the client stands.
    pub status: ClientStatus,
    /// Whose client: the branch.
    pub branch_id: BranchId,
    /// Whose client: the advisor.
    pub advisor_id: Option<StaffId>,
    /// Current tier; none until the first trade or balance.
    pub tier: Option<Tier>,
    /// First day.
    pub opened_on: NaiveDate,
    /// Last day, when closed.
    pub closed_on: Option<NaiveDate>,
    /// Why closed.
    pub close_reason: Option<String>,
    /// What identifies and reaches the client.
    pub identity: Identity,
    /// Moves with every change.
    pub row_version: i64,
    /// When entered.
    pub created_at: DateTime<Utc>,
    /// When last changed.
    pub updated_at: DateTime<Utc>,
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
#[derive(Clone)]
pub struct NewClient {
    /// The firm's own number, unique.
    pub client_no: String,
    /// Name.
    pub name: String,
    /// What kind of client.
    pub kind: ClientKind,
    /// Branch.
    pub branch_id: BranchId,
    /// Advisor.
    pub advisor_id: Option<StaffId>,
    /// First day; today when absent.
    pub opened_on: Option<NaiveDate>,
    /// Type and number of the identity document.
    pub document: Option<(DocumentType, String)>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// Changes to a client.
#[derive(Default)]
pub struct ClientChange {
    /// Name.
    pub name: Option<String>,
    /// Branch.
    pub branch_id: Option<BranchId>,
    /// Advisor.
    pub advisor_id: Patch<StaffId>,
    /// First day.
    pub opened_on: Option<NaiveDate>,
    /// Identity document.
    pub document: Patch<(DocumentType, String)>,
    /// Phone number.
    pub phone: Patch<String>,
    /// E-mail address.
    pub email: Patch<String>,
    /// Postal address.
    pub address: Patch<String>,
    /// Since when branch and advisor are so; since now when absent.
    pub effective_on: Option<NaiveDate>,
}
