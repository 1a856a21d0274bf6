//! Fund accounts 资金账户 of clients.
//!
//! Invariants: a number is unique for its client; a closed account, and every account of a closed client, stays
//! readable and is not changed any more; a change that changes nothing writes nothing.
//!
//! | action | from | to |
//! | --- | --- | --- |
//! | normalize | restricted, frozen, dormant | normal |
//! | restrict | normal, frozen, dormant | restricted |
//! | freeze | normal, restricted, dormant | frozen |
//! | mark_dormant | normal, restricted, frozen | dormant |
//! | close | normal, restricted, frozen, dormant | closed |

mod events;
mod http;
mod model;
mod service;
mod store;
mod view;

pub use model::FundAccount;
pub use service::{existing, of_client};
pub use view::FundAccountView;

use model::{FundAccountAction, FundAccountKind, FundAccountStatus};
use platform::kernel::error::{Code, Kind};
use platform::kernel::label::LabelSet;
use platform::kernel::lifecycle::LifecycleInfo;
use platform::slice::{ClientTable, Slice};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[&FUND_ACCOUNT_NO_TAKEN, &FUND_ACCOUNT_CLOSED],
    labels: &[
        LabelSet::of::<FundAccountKind>(&["fund_account.kind"]),
        LabelSet::of::<FundAccountStatus>(&["fund_account.status"]),
        LabelSet::of::<FundAccountAction>(&[]),
    ],
    lifecycles: &[LifecycleInfo::of::<FundAccountStatus>("fund_account", "status")],
    constraints: &[("fund_account_no_unique", &FUND_ACCOUNT_NO_TAKEN)],
    client_tables: &[ClientTable::new("fund_account")],
    ..Slice::named("book/accounts")
};

static FUND_ACCOUNT_NO_TAKEN: Code = Code::new(
    "fund_account_no_taken",
    Kind::Conflict,
    "The client has a fund account of this number",
    "该客户已有此资金账号",
);
static FUND_ACCOUNT_CLOSED: Code = Code::new(
    "fund_account_closed",
    Kind::Conflict,
    "This fund account is closed and not changed any more",
    "该资金账户已销户，不能再变更",
);
