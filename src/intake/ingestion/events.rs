//! What happens when a batch is taken in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

platform::events! {
    TradesIngested = "trades.ingested" of "trade" published c1 "A batch of trades was taken in" "一批成交已入账" (Ingested)
    BalancesIngested = "balances.ingested" of "balance" published c1 "A batch of balances was taken in" "一批资产数据已入库" (Ingested)
}

/// What came of a batch. (c1)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Ingested {
    /// Clients it was about.
    pub clients: usize,
    /// Items taken in.
    pub accepted: u32,
    /// Items that were there already.
    pub duplicates: u32,
    /// Items refused.
    pub rejected: u32,
}
