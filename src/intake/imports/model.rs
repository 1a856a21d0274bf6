//! What is imported, how, and what came of it.

use serde::{Deserialize, Serialize};

pub use super::summary::{Counts, PendingRow, Summary};
use platform::kernel::error::Fault;

/// The kind of the jobs that take files in.
pub const JOB_KIND: &str = "import";

platform::labels! {
    #[derive(clap::ValueEnum)]
    #[value(rename_all = "snake_case")]
    ImportKind = "import_kind" "What the rows of a file are" "导入内容" {
        Clients = "clients" "Clients of the firm" "客户",
        Trades = "trades" "Trades, and trades that take others back" "成交与冲正",
        Balances = "balances" "Balances at the end of a trading day" "日终资产",
    }
    #[derive(clap::ValueEnum)]
    #[value(rename_all = "snake_case")]
    Format = "import_format" "How a file is written" "文件格式" {
        Csv = "csv" "Comma-separated values; the first line names the columns" "CSV，首行为列名",
        Ndjson = "ndjson" "One JSON object a line" "NDJSON，每行一个 JSON 对象",
    }
}

pub use self::ImportKind as Kind;

impl Kind {
    /// Every field a row may have.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Clients => &[
                "client_no",
                "name",
                "kind",
                "branch_id",
                "branch_code",
                "advisor_id",
                "advisor",
                "opened_on",
                "document_type",
                "document_number",
                "phone",
                "email",
                "address",
            ],
            Self::Trades => &[
                "client_no",
                "client_id",
                "executed_at",
                "side",
                "instrument",
                "product_type",
                "fund_account_no",
                "currency",
                "quantity",
                "price",
                "amount",
                "commission",
                "exchange_fee",
                "stamp_duty",
                "transfer_fee",
                "external_id",
                "source",
                "reverses",
            ],
            Self::Balances => &[
                "client_no",
                "client_id",
                "trade_day",
                "fund_account_no",
                "currency",
                "total_assets",
                "net_assets",
                "cash",
                "market_value",
                "liabilities",
                "source",
            ],
        }
    }

    /// What a file must have: of each group one.
    pub fn needs(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Clients => &[&["client_no"], &["name"], &["kind"], &["branch_code", "branch_id"]],
            Self::Trades => &[
                &["client_no", "client_id"],
                &["executed_at", "reverses"],
                &["side", "reverses"],
                &["instrument", "reverses"],
                &["amount", "quantity", "reverses"],
            ],
            Self::Balances => &[&["client_no", "client_id"], &["trade_day"], &["total_assets"]],
        }
    }
}

/// How a file is to be taken in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Options {
    /// What its rows are.
    pub kind: Kind,
    /// How it is written.
    pub format: Format,
    /// Field and the column that feeds it, where the names differ.
    pub map: Vec<(String, String)>,
    /// Field and value, for columns the file lacks.
    pub set: Vec<(String, String)>,
    /// Makes clients that are not there yet.
    pub create_clients: bool,
    /// Changes clients that are there to what the file says.
    #[serde(default)]
    pub update: bool,
    /// The same checks and counts, nothing written.
    pub dry_run: bool,
    /// Where the rows come from: part of their identity.
    pub source: String,
    /// Whether somebody said so, or it follows from the file.
    pub source_is_explicit: bool,
    /// One rejected line fails the whole, though what could be applied is.
    pub strict: bool,
}

/// What a file is, before it is read row by row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The line of the file it starts on, from 1.
    pub line: u64,
    /// Its bytes, for the error file.
    pub raw: Vec<u8>,
}

/// One row: a value for each field of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it stood.
    pub origin: Origin,
    /// In the order of [`Kind::fields`].
    pub values: Vec<Option<String>>,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The line, from 1.
    pub line: u64,
    /// Everything that is wrong with it.
    pub faults: Vec<Fault>,
    /// Its bytes, for the error file on the command line; never stored, never answered.
    pub raw: Vec<u8>,
}

impl Rejection {
    /// A row that is refused.
    pub fn new(Origin { line, raw }: Origin, faults: Vec<Fault>) -> Self {
        Self { line, faults, raw }
    }
}

/// What is wrong with a line that was refused, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRejection {
    /// The line, from 1.
    pub line: i64,
    /// Which of the line's faults, from 1.
    pub fault: i32,
    /// Stable code of the fault.
    pub code: String,
    /// The field, as a JSON pointer; none for the line as a whole.
    pub pointer: Option<String>,
}
