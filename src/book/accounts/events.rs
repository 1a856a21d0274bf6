//! What happens to fund accounts.

use super::model::{FundAccountKind, FundAccountStatus};

platform::events! {
    FundAccountOpened = "fund_account.opened" of "fund_account" published c1 "A fund account was opened" "资金账户已开立" {
        /// What kind of account.
        pub kind: FundAccountKind,
    }
    FundAccountChanged = "fund_account.changed" of "fund_account" published c1 "A fund account changed" "资金账户已变更" {
        /// What may be done with it now.
        pub status: FundAccountStatus,
    }
}
