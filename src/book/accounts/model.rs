//! Fund accounts: the entity is the answer, the request bodies are what it is made and changed from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use platform::http::permission::{ClientsWrite, Permission};
use platform::kernel::ids::{ClientId, FundAccountId};
use platform::kernel::lifecycle::{By, Lifecycle, Step};
use platform::kernel::patch::Patch;
use platform::labels;

labels! {
    FundAccountKind = "fund_account_kind" "What kind of fund account" "资金账户类型" {
        Ordinary = "ordinary" "Ordinary" "普通",
        Margin = "margin" "Margin" "信用",
        Derivatives = "derivatives" "Derivatives" "衍生品",
    }
    FundAccountStatus = "fund_account_status" "What may be done with a fund account" "资金账户状态" {
        Normal = "normal" "Everything" "正常",
        Restricted = "restricted" "Some things" "受限",
        Frozen = "frozen" "Nothing, by order" "冻结",
        Dormant = "dormant" "Nothing has happened for years" "休眠",
        Closed = "closed" "Nothing any more" "已销户",
    }
    FundAccountAction = "fund_account_action" "What is done with a fund account" "资金账户操作" {
        Normalize = "normalize" "Back to normal" "恢复正常",
        Restrict = "restrict" "Restrict" "限制",
        Freeze = "freeze" "Freeze" "冻结",
        MarkDormant = "mark_dormant" "Mark as dormant" "转休眠",
        Close = "close" "Close" "销户",
    }
}

const WRITE: By = By::Permission(ClientsWrite::SCOPE);

impl Lifecycle for FundAccountStatus {
    type Action = FundAccountAction;

    const STEPS: &'static [Step<Self, FundAccountAction>] = &[
        Step {
            action: FundAccountAction::Normalize,
            from: &[Self::Restricted, Self::Frozen, Self::Dormant],
            to: Self::Normal,
            by: WRITE,
        },
        Step {
            action: FundAccountAction::Restrict,
            from: &[Self::Normal, Self::Frozen, Self::Dormant],
            to: Self::Restricted,
            by: WRITE,
        },
        Step {
            action: FundAccountAction::Freeze,
            from: &[Self::Normal, Self::Restricted, Self::Dormant],
            to: Self::Frozen,
            by: WRITE,
        },
        Step {
            action: FundAccountAction::MarkDormant,
            from: &[Self::Normal, Self::Restricted, Self::Frozen],
            to: Self::Dormant,
            by: WRITE,
        },
        Step {
            action: FundAccountAction::Close,
            from: &[Self::Normal, Self::Restricted, Self::Frozen, Self::Dormant],
            to: Self::Closed,
            by: WRITE,
        },
    ];
}

impl FundAccountAction {
    /// What a change to this status does: one action leads to each.
    pub fn towards(status: FundAccountStatus) -> Self {
        match status {
            FundAccountStatus::Normal => Self::Normalize,
            FundAccountStatus::Restricted => Self::Restrict,
            FundAccountStatus::Frozen => Self::Freeze,
            FundAccountStatus::Dormant => Self::MarkDormant,
            FundAccountStatus::Closed => Self::Close,
        }
    }
}

/// A fund account as stored. (c2)
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, sqlx::FromRow)]
pub struct FundAccount {
    /// The client. (c1)
    pub client_id: ClientId,
    /// Id. (c1)
    pub fund_account_id: FundAccountId,
    /// The firm's own number.
    #[schema(example = "8001234501")]
    pub fund_account_no: String,
    /// What kind. (c1)
    pub kind: FundAccountKind,
    /// What may be done with it. (c1)
    pub status: FundAccountStatus,
    /// Bank that keeps the money.
    #[schema(example = "中国工商银行")]
    pub custodian_bank: Option<String>,
    /// First day. (c1)
    pub opened_on: NaiveDate,
    /// Last day; null until the account is closed. (c1)
    pub closed_on: Option<NaiveDate>,
    /// Moves with every change.
    #[serde(skip)]
    pub row_version: i64,
}

/// A fund account to be opened. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(
    as = CreateFundAccount,
    example = json!({"fund_account_no": "8001234501", "kind": "ordinary", "custodian_bank": "中国工商银行"})
)]
pub struct NewFundAccount {
    /// The firm's own number, unique for the client.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,64}$")]
    pub fund_account_no: String,
    /// What kind. (c1)
    pub kind: FundAccountKind,
    /// Bank that keeps the money 存管银行.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    #[serde(default)]
    pub custodian_bank: Option<String>,
    /// First day, from 1970 until today; today when absent. (c1)
    #[serde(default)]
    pub opened_on: Option<NaiveDate>,
}

/// Changes to a fund account (RFC 7396): absent stays, null clears. (c2)
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeFundAccount, example = json!({"status": "frozen"}))]
pub struct FundAccountChange {
    /// What may be done with it; what leads there is among `allowed_actions`. `closed` is for good. (c1)
    #[schema(value_type = FundAccountStatus)]
    #[serde(default)]
    pub status: Option<FundAccountStatus>,
    /// Bank that keeps the money 存管银行.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100, pattern = r"\S")]
    #[serde(default)]
    pub custodian_bank: Patch<String>,
}
