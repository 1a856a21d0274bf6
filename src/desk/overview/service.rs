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
    let client = clients::read(read, id).await?;
    let mut overview = gathered(read, client, AsOf::Instant(read.now())).await?;
    overview.churn_alert = churn::open_alert(read, id).await?;
    Ok(overview)
}

/// The same as far as the record tells it of an earlier day or instant: the alert of that time and what an account
/// was then are not kept.
pub async fn overview_as_of(read: &mut Read, id: ClientId, as_of: AsOf) -> Result<Overview, Error> {
    let client = clients::read_as_of(read, id, as_of).await?;
    let day = as_of.day(read.calendar());
    let mut overview = gathered(read, client, as_of).await?;
    overview.fund_accounts.retain(|account| account.opened_on <= day);
    overview.client.tier = overview.tier.as_ref().map(|tier| tier.period.period.assigned.tier);
    Ok(overview)
}

async fn gathered(read: &mut Read, client: Client, as_of: AsOf) -> Result<Overview, Error> {
    let (id, day, before) = (client.client_id, as_of.day(read.calendar()), as_of.before(read.calendar()));
    Ok(Overview {
        fund_accounts: accounts::of_client(read, &client).await?,
        client,
        trading_profile: needs::profile(read, id, as_of, WINDOW_DAYS).await?,
        tier: tiers::current(read, id, day).await?,
        value_score: value::score(read, id, as_of).await?,
        churn_risk: scoring::risk(read, id, as_of, scoring::DEFAULT_HORIZON_DAYS).await?,
        churn_alert: None,
        interactions: interactions::latest(read, id, before, LATEST_CONTACTS).await?,
    })
}
