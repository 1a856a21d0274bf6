//! A client's fund account.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use platform::kernel::ids::{ClientId, FundAccountId};
use platform::kernel::patch::Patch;

/// What kind of fund account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FundAccountKind {
    /// 普通.
    Ordinary,
    /// 信用.
    Margin,
    /// 衍生品.
    Derivatives,
}

/// What may be done with a fund account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FundAccountStatus {
    /// Everything.
    Normal,
    /// Some things.
    Restricted,
    /// Nothing, by order.
    Frozen,
    /// 休眠: nothing has happened for years.
    Dormant,
    /// Nothing any more.
    Closed,
}

/// A client's fund account 资金账户.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FundAccount {
    /// The client.
    pub client_id: ClientId,
    /// Id.
    pub fund_account_id: FundAccountId,
    /// The firm's own number.
    pub fund_account_no: String,
    /// What kind.
    pub kind: FundAccountKind,
    /// What may be done with it.
    pub status: FundAccountStatus,
    /// Bank that keeps the money 存管银行.
    pub custodian_bank: Option<String>,
    /// First day.
    pub opened_on: NaiveDate,
    /// Last day, when closed.
    pub closed_on: Option<NaiveDate>,
    /// Moves with every change.
    pub row_version: i64,
}

/// Changes to a fund account.
#[derive(Default)]
pub struct FundAccountChange {
    /// What may be done with it.
    pub status: Option<FundAccountStatus>,
    /// Bank that keeps the money.
    pub custodian_bank: Patch<String>,
}
