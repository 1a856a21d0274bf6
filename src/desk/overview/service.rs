//! Gathers what the slices know of one client, on one connection.

use chrono::{DateTime, Utc};

use book::clients::{self, Client, FundAccount};
use contact::interactions::{self, ClientInteraction};
use insight::churn::{self, ChurnRisk, ClientAlert};
use insight::needs::{self, ClientProfile};
use insight::tiers::{self, TierToday};
use insight::value::{self, ValueStanding};
use platform::db::Db;
use platform::kernel::clock::AsOf;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::kernel::principal::Visibility;

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

/// Everything about a client in sight, as of an instant that is now.
pub async fn overview(db: &Db, sight: &Visibility, id: ClientId, now: DateTime<Utc>) -> Result<Overview, Error> {
    let mut connection = db.connection().await?;
    let conn = &mut *connection;
    let (today, now) = (db.calendar().day_of(now), AsOf::Instant(now));
    Ok(Overview {
        client: clients::read(db, conn, sight, id).await?,
        fund_accounts: clients::fund_accounts(conn, id).await?,
        trading_profile: needs::profile(db, conn, sight, id, now, WINDOW_DAYS).await?,
        tier: tiers::current(conn, sight, id, today).await?,
        value_score: value::score(db, conn, sight, id, now).await?,
        churn_risk: churn::risk(db, conn, sight, id, now, churn::DEFAULT_HORIZON_DAYS).await?,
        churn_alert: churn::open_alert(conn, sight, id).await?,
        interactions: interactions::latest(conn, sight, id, LATEST_CONTACTS).await?,
    })
}
