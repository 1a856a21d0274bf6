//! What files are and how they are written.

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
        Csv = "csv" "Separated values; a line names the columns" "CSV，其中一行为列名",
        Ndjson = "ndjson" "One JSON object a line" "NDJSON，每行一个 JSON 对象",
    }
    #[derive(clap::ValueEnum)]
    #[value(rename_all = "snake_case")]
    OnExisting = "import_on_existing" "What becomes of a client that is there already" "遇到已有客户时的处理" {
        Update = "update" "Changed to what the row says" "按文件更新",
        Skip = "skip" "Left as it is" "跳过",
        Refuse = "refuse" "The row is refused" "拒绝该行",
    }
    #[derive(clap::ValueEnum)]
    #[value(rename_all = "snake_case")]
    Separator = "import_separator" "What separates the cells of a file" "列分隔符" {
        Comma = "comma" "A comma" "逗号",
        Tab = "tab" "A tab" "制表符",
        Semicolon = "semicolon" "A semicolon" "分号",
        Bar = "bar" "A vertical bar" "竖线",
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

impl Separator {
    /// The character.
    pub fn char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Tab => '\t',
            Self::Semicolon => ';',
            Self::Bar => '|',
        }
    }
}
