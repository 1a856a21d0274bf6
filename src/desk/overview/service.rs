//! Gathers what the slices know of one client, on one connection.

use book::accounts::{self, FundAccount};
use book::clients::{self, Client};
use contact::interactions::{self, Interaction};
use insight::churn::{self, ClientAlert};
use insight::needs::{self, ClientProfile};
use insight::scoring::{self, ChurnRisk};
use insight::tiers::{self, TierToday};
use insight::value::{self, ScoredValue};
use platform::db::Read;
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;

/// Contacts shown; the rest is a list of its own.
const LATEST_CONTACTS: u32 = 5;
/// The window of the trading profile.
const WINDOW_DAYS: u32 = 365;

/// Everything about one client.
pub struct Overview {
    /// The profile.
    pub client: Client,
    /// Fund accounts.
    pub fund_accounts: Vec<FundAccount>,
    /// What the client does, over a year.
    pub trading_profile: ClientProfile,
    /// The current tier; none before the first trade or balance.
    pub tier: Option<TierToday>,
    /// What the client is worth.
    pub value_score: ScoredValue,
    /// How likely the client is to fall silent.
    pub churn_risk: ChurnRisk,
    /// The alert somebody works on, or should.
    pub churn_alert: Option<ClientAlert>,
    /// The latest contacts.
    pub interactions: Vec<Interaction>,
}

/// Everything about a client in scope, at the instant of the read.
pub async fn overview(read: &mut Read, id: ClientId) -> Result<Overview, Error> {
    let (today, now) = (read.today(), AsOf::Instant(read.now()));
    Ok(Overview {
        client: clients::read(read, id).await?,
        fund_accounts: accounts::of_client(read, id).await?,
        trading_profile: needs::profile(read, id, now, WINDOW_DAYS).await?,
        tier: tiers::current(read, id, today).await?,
        value_score: value::score(read, id, now).await?,
        churn_risk: scoring::risk(read, id, now, scoring::DEFAULT_HORIZON_DAYS).await?,
        churn_alert: churn::open_alert(read, id).await?,
        interactions: interactions::latest(read, id, LATEST_CONTACTS).await?,
    })
}
