//! Gathers what the slices know of one client, on one connection.

use book::accounts::{self, FundAccount};
use book::clients::{self, Client};
use contact::interactions::{self, ClientInteraction};
use insight::churn::{self, ChurnRisk, ClientAlert};
use insight::needs::{self, ClientProfile};
use insight::tiers::{self, TierToday};
use insight::value::{self, ValueStanding};
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
    pub value_score: ValueStanding,
    /// How likely the client is to fall silent.
    pub churn_risk: ChurnRisk,
    /// The alert somebody works on, or should.
    pub churn_alert: Option<ClientAlert>,
    /// The latest contacts.
    pub interactions: Vec<ClientInteraction>,
}

/// Everything about a client in scope, now.
pub async fn overview(read: &mut Read, id: ClientId) -> Result<Overview, Error> {
    let client = clients::read(read, id).await?;
    let fund_accounts = accounts::of_client(read, id).await?;
    let (today, now, db) = (read.today(), AsOf::Instant(read.now()), &read.db().clone());
    let (conn, sight) = read.scoped();
    Ok(Overview {
        client,
        fund_accounts,
        trading_profile: needs::profile(db, conn, sight, id, now, WINDOW_DAYS).await?,
        tier: tiers::current(conn, sight, id, today).await?,
        value_score: value::score(db, conn, sight, id, now).await?,
        churn_risk: churn::risk(db, conn, sight, id, now, churn::DEFAULT_HORIZON_DAYS).await?,
        churn_alert: churn::open_alert(conn, sight, id).await?,
        interactions: interactions::latest(conn, sight, id, LATEST_CONTACTS).await?,
    })
}
