//! What a demonstration book consists of. Codes are those of the API; amounts are CNY.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;

/// Which book to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Number of clients.
    pub clients: u32,
    /// Seed of all randomness.
    pub seed: u64,
    /// Last day of the book, complete up to the close: give the day before today, or trades may lie ahead.
    pub as_of: NaiveDate,
    /// The exchange's time zone.
    pub time_zone: Tz,
}

/// Everything, ready to be imported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// Who works here.
    pub firm: Firm,
    /// The clients.
    pub clients: Vec<Client>,
    /// Client by client, in time order within a client.
    pub trades: Vec<Trade>,
    /// Client by client, in date order within a client.
    pub balances: Vec<Balance>,
    /// Client by client, in time order within a client.
    pub interactions: Vec<Interaction>,
}

/// The firm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Firm {
    /// The tree, parents before children; the first is the head office.
    pub branches: Vec<Branch>,
    /// The people, branch by branch.
    pub staff: Vec<Staff>,
}

/// One client with all that belongs to the client.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientFile {
    /// The client.
    pub client: Client,
    /// In time order.
    pub trades: Vec<Trade>,
    /// In date order.
    pub balances: Vec<Balance>,
    /// In time order.
    pub interactions: Vec<Interaction>,
    /// When the client left, which only the generator knows: to judge forecasts by, never to import.
    pub left_on: Option<NaiveDate>,
}

/// A node of the firm's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Unique code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Code of the parent; none for the head office.
    pub parent_code: Option<String>,
}

/// A person of the firm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Unique sign-in name: pinyin.
    pub username: String,
    /// Chinese name.
    pub name: String,
    /// Code of the role.
    pub role: &'static str,
    /// Branch of work.
    pub branch_code: String,
}

/// A client's master data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The source's identifier.
    pub external_id: String,
    /// The firm's number for the client.
    pub client_no: String,
    /// Chinese name.
    pub name: String,
    /// `individual`, `institution` or `product`.
    pub kind: &'static str,
    /// First day as a client.
    pub opened_on: NaiveDate,
    /// Branch of the client.
    pub branch_code: String,
    /// Who serves the client.
    pub advisor: Option<String>,
    /// Eleven digits of a range given to machines only.
    pub phone: String,
    /// At example.com.
    pub email: String,
    /// `id_card`, `uscc` (unified social credit code) or `product_registration`.
    pub document_type: &'static str,
    /// With a valid check digit, where the kind of document has one.
    pub document_number: String,
    /// An invented street in a real city.
    pub address: String,
    /// The client's ordinary fund account.
    pub fund_account_no: String,
}

/// One fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Trade {
    /// Unique in the book.
    pub external_id: String,
    /// Whose.
    pub client_no: String,
    /// Through which account.
    pub fund_account_no: String,
    /// Within trading hours.
    pub executed_at: DateTime<Utc>,
    /// `buy` or `sell`.
    pub side: &'static str,
    /// Code of the instrument.
    pub instrument: String,
    /// `stock`, `etf`, `fund`, `bond` or `option`.
    pub product_type: &'static str,
    /// In lots of 100 (bonds 10, options 10 000).
    pub quantity: Decimal,
    /// Per unit, on the instrument's tick.
    pub price: Decimal,
    /// Quantity × price, in cents.
    pub amount: Decimal,
    /// .025 %, at least 5.
    pub commission: Decimal,
    /// .05 % on sales of stocks, else 0.
    pub stamp_duty: Decimal,
    /// ISO 4217.
    pub currency: &'static str,
}

/// What a client has at the end of a trading day.
#[derive(Clone, Debug, PartialEq)]
pub struct Balance {
    /// Whose.
    pub client_no: String,
    /// The trading day.
    pub day: NaiveDate,
    /// Cash and market value.
    pub total: Decimal,
    /// Total less liabilities.
    pub net_assets: Decimal,
    /// Cash.
    pub cash: Decimal,
    /// Market value of positions.
    pub market_value: Decimal,
    /// Financed amount.
    pub liabilities: Decimal,
    /// ISO 4217.
    pub currency: &'static str,
}

/// An interaction between the firm and a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interaction {
    /// Unique in the book.
    pub external_id: String,
    /// With whom.
    pub client_no: String,
    /// Sign-in name of the person of the firm.
    pub staff: String,
    /// `call`, `wecom`, `sms`, `email` or `visit`.
    pub kind: &'static str,
    /// `outbound` or `inbound`.
    pub direction: &'static str,
    /// `service`, `market_update`, `product` or `complaint`.
    pub purpose: &'static str,
    /// `reached`, `no_answer`, `refused`, `call_back`, `interest` or `complaint`.
    pub outcome: &'static str,
    /// Within office hours of a trading day.
    pub occurred_at: DateTime<Utc>,
    /// A line of notes in Chinese.
    pub notes: &'static str,
}
