//! What another policy would change, client by client, before anybody is moved.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TierRule;
use book::clients::Tier;
use platform::kernel::decision::Reason;
use platform::kernel::ids::{BranchId, ClientId, StaffId};

/// The book under another policy at the end of a day. Clients without a record and closed ones are left out. (c2)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TierSimulation {
    /// The day.
    pub as_of: NaiveDate,
    /// Clients decided about.
    pub clients: u64,
    /// Of those, who would be in another tier.
    pub moved: u64,
    /// Clients by tier now and under the policy; pairs without clients are left out.
    pub tiers: Vec<TierCount>,
    /// The same by service level.
    pub service_levels: Vec<TierCount>,
    /// Who would move, a few of each pair of tiers, with why.
    pub samples: Vec<SimulatedMove>,
    /// Clients by tier of each advisor whose clients move; null holds clients without one.
    pub advisors: Vec<AdvisorLoad>,
    /// Clients by tier of each branch whose clients move.
    pub branches: Vec<BranchLoad>,
}

/// Clients of one tier now and one under the policy. (c2)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TierCount {
    /// Now; null for a client without one.
    pub from: Option<Tier>,
    /// Under the policy.
    pub to: Tier,
    /// How many.
    pub clients: u64,
}

/// A client who would move. (c2)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TierSimulatedMove)]
pub struct SimulatedMove {
    /// Who.
    pub client_id: ClientId,
    /// Now.
    pub from: Option<Tier>,
    /// Under the policy.
    pub to: Tier,
    /// Code of the rung now.
    pub rung_from: Option<String>,
    /// Code of the rung under the policy.
    pub rung_to: String,
    /// The rule that would decide.
    pub rule: TierRule,
    /// Why, in both languages.
    #[schema(value_type = Vec<Object>)]
    pub reasons: Vec<Reason>,
}

/// Clients by tier. (c2)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TierLoad)]
pub struct Load {
    /// 普通.
    pub ordinary: u64,
    /// 中等净值.
    pub middle: u64,
    /// 高净值.
    pub high_net_worth: u64,
}

impl Load {
    /// One more client of a tier.
    pub fn add(&mut self, tier: Tier) {
        match tier {
            Tier::Ordinary => self.ordinary += 1,
            Tier::Middle => self.middle += 1,
            Tier::HighNetWorth => self.high_net_worth += 1,
        }
    }
}

/// What an advisor would have to look after. (c2)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TierAdvisorLoad)]
pub struct AdvisorLoad {
    /// Who; null for clients without an advisor.
    pub advisor_id: Option<StaffId>,
    /// Now.
    pub before: Load,
    /// Under the policy.
    pub after: Load,
}

/// What a branch would have to look after. (c2)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TierBranchLoad)]
pub struct BranchLoad {
    /// Which.
    pub branch_id: BranchId,
    /// Now.
    pub before: Load,
    /// Under the policy.
    pub after: Load,
}
