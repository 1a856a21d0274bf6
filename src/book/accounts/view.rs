//! A fund account as it is answered.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{FundAccount, FundAccountAction};
use crate::clients::{CLIENT_CLOSED, ClientStatus};
use platform::flat_schema;
use platform::kernel::label::Labelled;
use platform::kernel::lifecycle::{self, AllowedAction};
use platform::kernel::principal::Principal;

/// What an answer says beside what is stored. (c1)
#[derive(Serialize, ToSchema)]
struct Offered {
    /// What may be done with it now, each by a change of `status`.
    allowed_actions: Vec<AllowedAction>,
}

/// A fund account.
#[derive(Serialize)]
pub struct FundAccountView {
    #[serde(flatten)]
    account: FundAccount,
    #[serde(flatten)]
    offered: Offered,
}

flat_schema! {
    FundAccountView as "FundAccountView" = "A fund account. (c2)" [FundAccount, Offered] account => account;
}

impl FundAccountView {
    /// An account of a client in that status, with what this caller may do with it now.
    pub fn new(account: FundAccount, client: ClientStatus, caller: &Principal) -> Self {
        let mut allowed_actions = lifecycle::allowed(account.status, caller);
        if client == ClientStatus::Closed {
            for action in FundAccountAction::ALL {
                lifecycle::block(&mut allowed_actions, *action, CLIENT_CLOSED.code);
            }
        }
        Self { account, offered: Offered { allowed_actions } }
    }
}
