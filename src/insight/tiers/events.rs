//! What happens to tiers.

use super::model::TierRule;
use book::clients::Tier;

platform::events! {
    ClientTierChanged = "client.tier_changed" of "client" published c2 "A client is in another tier" "客户层级已变化" {
        /// The tier before; null for none.
        pub from: Option<Tier>,
        /// The tier now; null for none.
        pub to: Option<Tier>,
        /// The rule that decided it.
        pub rule: Option<TierRule>,
    }
    TiersDerived = "tiers.derived" of "policy" audited c1 "Tiers were derived anew from the record" "已按记录重新推算层级" {
        /// How many clients.
        pub clients: usize,
    }
}
