//! Closed sets of codes.

use platform::http::permission::{ClientsWrite, Permission};
use platform::kernel::decision::Text;
use platform::kernel::lifecycle::{By, Lifecycle, Step};
use platform::labels;

labels! {
    ClientKind = "client_kind" "What kind of client" "客户类型" {
        Individual = "individual" "A person" "个人",
        Institution = "institution" "A company or body" "机构",
        Product = "product" "A fund or plan" "产品户",
    }
    ClientStatus = "client_status" "How far a client is on the way from prospect to closed" "客户状态" {
        Prospect = "prospect" "Not opened yet" "潜在",
        Active = "active" "Opened" "正常",
        Closed = "closed" "Closed" "已销户",
    }
    ClientAction = "client_action" "What is done with a client" "客户操作" {
        Close = "close" "Close" "销户",
        Reopen = "reopen" "Reopen" "重新开户",
    }
    #[derive(PartialOrd, Ord)]
    Tier = "tier" "The client's tier; moved by the tier policy only" "客户分层" {
        Ordinary = "ordinary" "ordinary" "普通",
        Middle = "middle" "middle" "中等净值",
        HighNetWorth = "high_net_worth" "high net worth" "高净值",
    }
    DocumentType = "document_type" "The kind of an identity document" "证件类型" {
        IdCard = "id_card" "Resident identity card" "居民身份证",
        Passport = "passport" "Passport" "护照",
        TravelPermit = "travel_permit" "Travel permit for Hong Kong, Macau, Taiwan" "港澳台通行证",
        CreditCode = "credit_code" "Unified social credit code" "统一社会信用代码",
        ProductRegistration = "product_registration" "Registration number of a product" "产品备案编号",
        Other = "other" "Any other" "其他",
    }
}

impl Lifecycle for ClientStatus {
    type Action = ClientAction;

    const STEPS: &'static [Step<Self, ClientAction>] = &[
        Step { action: ClientAction::Close, from: &[Self::Prospect, Self::Active], to: Self::Closed, by: WRITE },
        Step { action: ClientAction::Reopen, from: &[Self::Closed], to: Self::Active, by: WRITE },
    ];
}

const WRITE: By = By::Permission(ClientsWrite::SCOPE);

impl Tier {
    /// All tiers, lowest first.
    pub const ALL: [Self; 3] = [Self::Ordinary, Self::Middle, Self::HighNetWorth];

    /// The tier some notches up, at most the highest.
    pub fn lifted(self, notches: u8) -> Self {
        Self::ALL[(self as usize + usize::from(notches)).min(Self::ALL.len() - 1)]
    }

    /// The tier in words.
    pub fn label(self) -> Text {
        platform::kernel::label::Labelled::label(self)
    }
}
