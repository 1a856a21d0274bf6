//! Which clients: filters and paths.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::faults;
use super::super::model::*;
use platform::kernel::clock::{AsOf, TradingCalendar};
use platform::kernel::error::{self, Error};
use platform::kernel::ids::{BranchId, StaffId};

/// Which clients.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClientQuery {
    /// With this number.
    #[param(pattern = "^[A-Za-z0-9._-]{1,64}$")]
    #[serde(default)]
    client_no: Option<String>,
    /// Of this branch.
    #[serde(default)]
    branch_id: Option<BranchId>,
    /// Of this advisor.
    #[serde(default)]
    advisor_id: Option<StaffId>,
    /// In this tier; repeat for any of several.
    #[param(inline, explode = true)]
    #[serde(default)]
    tier: Vec<Tier>,
    /// In this state; repeat for any of several.
    #[param(inline, explode = true)]
    #[serde(default)]
    status: Vec<ClientStatus>,
    /// Of this kind.
    #[param(inline)]
    #[serde(default)]
    kind: Option<ClientKind>,
    /// Opened on this day or later.
    #[serde(default)]
    opened_from: Option<NaiveDate>,
    /// Opened on this day or earlier.
    #[serde(default)]
    opened_to: Option<NaiveDate>,
    /// Part of the name or number; blanks, width and case do not matter.
    #[param(min_length = 1, max_length = 64, pattern = r"^[^\x00]+$")]
    #[serde(default)]
    q: Option<String>,
    /// Branch and advisor as they were at the end of this day, or at this instant, or are to be then; filters go by
    /// them. Everything else is as it is now, and so is whose clients the caller sees.
    #[param(inline)]
    #[serde(default)]
    as_of: Option<AsOf>,
    /// The order; `-created_at` when absent.
    #[param(inline)]
    #[serde(default)]
    pub sort: Option<ClientOrder>,
}

impl ClientQuery {
    /// The filter without the order.
    pub fn filter(&self, calendar: &TradingCalendar) -> ClientFilter {
        ClientFilter {
            client_no: self.client_no.clone(),
            branch_id: self.branch_id,
            advisor_id: self.advisor_id,
            tiers: self.tier.clone(),
            statuses: self.status.clone(),
            kind: self.kind,
            opened_from: self.opened_from,
            opened_to: self.opened_to,
            q: self.q.clone(),
            before: self.as_of.map(|as_of| as_of.before(calendar)),
            known_by: self.as_of.map(|as_of| as_of.day(calendar)),
        }
    }
}

/// As of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// Branch and advisor as they were at the end of this day, or at this instant, or are to be then; everything else
    /// is as it is now.
    #[param(inline)]
    #[serde(default)]
    pub as_of: Option<AsOf>,
}

/// Path of a client by number.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ClientNumberPath {
    /// The firm's own number.
    #[param(pattern = "^[A-Za-z0-9._-]{1,64}$", example = "80012345")]
    pub client_no: String,
}

impl ClientNumberPath {
    /// Whether it is a number a client may have.
    pub fn check(&self) -> Result<(), Error> {
        let good = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if (1..=64).contains(&self.client_no.len()) && self.client_no.chars().all(good) {
            return Ok(());
        }
        Err(Error::code(&error::MALFORMED).with(|refusal| {
            refusal.faults.push(faults::CLIENT_NO.at("{client_no}"));
        }))
    }
}
