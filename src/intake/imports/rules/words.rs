//! The words of counters and terminals: headers that name a field, and values that stand for a code. One table each,
//! shown at `GET /v1/imports/words`; whoever needs others maps them.

use super::text::{folded, unarmoured};
use crate::imports::model::Kind;

/// A field and the headers that name it, the best first.
pub type Headers = (&'static str, &'static [&'static str]);

const CLIENT_NO: Headers =
    ("client_no", &["客户号", "客户编号", "客户代码", "客户账号", "客户帐号", "clientno", "clientid", "customerid"]);
const CURRENCY: Headers = ("currency", &["币种", "货币", "币别", "币种名称", "货币代码", "ccy"]);
const FUND_ACCOUNT_NO: Headers =
    ("fund_account_no", &["资金账号", "资金帐号", "资金账户", "资金帐户", "资产账户", "accountno", "account"]);

const TRADES: &[Headers] = &[
    CLIENT_NO,
    (
        "executed_at",
        &[
            "成交时间",
            "交易时间",
            "发生时间",
            "日期时间",
            "时间",
            "datetime",
            "timestamp",
            "tradetime",
            "成交日期",
            "交易日期",
            "发生日期",
            "日期",
            "tradedate",
            "date",
        ],
    ),
    (
        "side",
        &[
            "买卖方向",
            "买卖标志",
            "买卖类别",
            "买卖",
            "交易方向",
            "委托方向",
            "方向",
            "操作",
            "业务名称",
            "交易类别",
            "业务类型",
            "业务标志",
            "buysell",
            "direction",
            "action",
        ],
    ),
    (
        "instrument",
        &[
            "证券代码",
            "股票代码",
            "基金代码",
            "产品代码",
            "合约代码",
            "合约编码",
            "债券代码",
            "代码",
            "symbol",
            "ticker",
            "securitycode",
            "instrumentcode",
        ],
    ),
    ("product_type", &["产品类型", "证券类别", "证券类型", "品种", "producttype"]),
    FUND_ACCOUNT_NO,
    CURRENCY,
    (
        "quantity",
        &["成交数量", "成交股数", "成交份额", "确认份额", "发生数量", "数量", "股数", "份额", "qty", "volume"],
    ),
    ("price", &["成交价格", "成交均价", "成交价", "成交单价", "价格", "均价", "净值", "单位净值"]),
    ("amount", &["成交金额", "成交额", "确认金额", "交易金额", "金额", "turnover", "tradeamount"]),
    ("commission", &["佣金", "净佣金", "手续费", "交易佣金", "fee"]),
    ("exchange_fee", &["规费", "交易规费", "经手费", "交易所费用", "结算费"]),
    ("stamp_duty", &["印花税", "stampduty", "tax"]),
    ("transfer_fee", &["过户费", "transferfee"]),
    ("external_id", &["externalid"]),
    ("source", &["来源"]),
];

const BALANCES: &[Headers] = &[
    CLIENT_NO,
    (
        "trade_day",
        &[
            "交易日",
            "交易日期",
            "业务日期",
            "清算日期",
            "数据日期",
            "统计日期",
            "日期",
            "date",
            "tradedate",
            "asofdate",
        ],
    ),
    FUND_ACCOUNT_NO,
    CURRENCY,
    ("total_assets", &["总资产", "资产总值", "资产总额", "总资产值", "totalassets"]),
    ("net_assets", &["净资产", "净资产值", "netassets"]),
    ("cash", &["资金余额", "现金", "资金资产", "现金资产", "cashbalance"]),
    ("market_value", &["证券市值", "总市值", "持仓市值", "股票市值", "市值", "marketvalue"]),
    ("liabilities", &["总负债", "负债", "负债总额", "融资负债"]),
    ("source", &["来源"]),
];

const CLIENTS: &[Headers] = &[
    CLIENT_NO,
    ("name", &["客户名称", "客户姓名", "姓名", "名称", "fullname", "clientname"]),
    ("kind", &["客户类型", "客户类别", "客户性质", "clientkind", "type"]),
    ("branch_code", &["营业部代码", "营业部编号", "营业部", "分支机构代码", "分支机构", "机构代码", "branch"]),
    ("advisor", &["投资顾问", "客户经理", "服务人员", "理财顾问"]),
    ("opened_on", &["开户日期", "开户日", "开户时间"]),
    ("document_type", &["证件类型", "证件类别", "证件种类"]),
    ("document_number", &["证件号码", "证件编号", "证件号", "身份证号", "身份证号码"]),
    ("phone", &["手机号码", "手机号", "手机", "移动电话", "联系电话", "电话", "mobile"]),
    ("email", &["电子邮箱", "邮箱", "电子邮件", "mail"]),
    ("address", &["联系地址", "通讯地址", "通信地址", "地址", "住址"]),
];

/// The headers that name the fields of a kind by themselves.
pub fn headers(kind: Kind) -> &'static [Headers] {
    match kind {
        Kind::Trades => TRADES,
        Kind::Balances => BALANCES,
        Kind::Clients => CLIENTS,
    }
}

/// Columns that, joined, give a field: of each row of alternatives the first that is there.
pub struct Joined {
    /// The field.
    pub field: &'static str,
    /// Its parts, in order; every one must be there.
    pub parts: &'static [&'static [&'static str]],
}

const DAY: &[&str] = &["成交日期", "交易日期", "发生日期", "日期", "tradedate", "date"];
const TIME: &[&str] = &["成交时间", "交易时间", "发生时间", "时间", "tradetime", "time"];
const INSTANT_OR_DAY: &[&str] =
    &["成交日期", "交易日期", "发生日期", "日期", "tradedate", "date", "成交时间", "交易时间", "时间", "executedat"];
const MARKET_OR_CODE: &[&str] = &[
    "交易市场",
    "市场",
    "交易所",
    "市场代码",
    "市场名称",
    "market",
    "exchange",
    "证券代码",
    "股票代码",
    "基金代码",
    "代码",
    "instrument",
    "symbol",
];
const TRADE_NUMBER: &[&str] = &["成交编号", "成交序号", "成交号", "成交流水号", "tradeno", "tradeid"];

const JOINED_TRADES: &[Joined] = &[
    Joined { field: "executed_at", parts: &[DAY, TIME] },
    // Numbers of trades repeat per day and market.
    Joined { field: "external_id", parts: &[INSTANT_OR_DAY, MARKET_OR_CODE, TRADE_NUMBER] },
];

/// The fields of a kind that several columns give.
pub fn joined(kind: Kind) -> &'static [Joined] {
    if kind == Kind::Trades { JOINED_TRADES } else { &[] }
}

/// A code and the words that stand for it, as [`plain`] writes them.
pub type Codes = (&'static str, &'static [&'static str]);

/// The codes that stand for a word, by field.
pub const VALUES: &[(&str, &[Codes])] = &[
    (
        "side",
        &[
            ("buy", &["买入", "证券买入", "买", "普通买入", "担保品买入", "b", "0b"]),
            ("sell", &["卖出", "证券卖出", "卖", "普通卖出", "担保品卖出", "s", "0s"]),
            ("margin_buy", &["融资买入"]),
            ("sell_to_repay", &["卖券还款"]),
            ("short_sell", &["融券卖出"]),
            ("buy_to_cover", &["买券还券"]),
            ("subscribe", &["认购", "基金认购"]),
            ("purchase", &["申购", "基金申购"]),
            ("redeem", &["赎回", "基金赎回"]),
            ("regular_plan", &["定投", "定期定额", "定期定额申购"]),
            ("reverse_repo", &["逆回购", "质押式逆回购", "融券回购", "拆出质押购回", "质押回购拆出"]),
            ("new_share_subscription", &["打新", "新股申购", "新股入账", "新股中签", "申购中签"]),
            ("convert", &["转换", "基金转换"]),
            ("option_open", &["开仓", "买入开仓", "卖出开仓", "期权开仓"]),
            ("option_close", &["平仓", "买入平仓", "卖出平仓", "期权平仓"]),
        ],
    ),
    (
        "kind",
        &[
            ("individual", &["个人", "自然人", "个人客户"]),
            ("institution", &["机构", "机构客户", "法人"]),
            ("product", &["产品", "产品户", "产品客户"]),
        ],
    ),
    (
        "document_type",
        &[
            ("id_card", &["身份证", "居民身份证", "二代身份证"]),
            ("passport", &["护照"]),
            ("travel_permit", &["港澳台通行证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "通行证"]),
            ("credit_code", &["统一社会信用代码", "营业执照", "社会信用代码"]),
            ("product_registration", &["产品备案编号", "产品备案"]),
            ("other", &["其他"]),
        ],
    ),
];

/// The code a word of a closed list stands for; a word that is not in the table, as a code is written.
pub fn word(field: &str, text: &str) -> String {
    if field == "currency" {
        return text.trim().to_owned();
    }
    let wanted = plain(text);
    let table = VALUES.iter().find(|(known, _)| *known == field).map_or(&[][..], |(_, codes)| *codes);
    let code = table.iter().find(|(_, words)| words.contains(&wanted.as_str())).map(|(code, _)| (*code).to_owned());
    code.unwrap_or_else(|| folded(text).trim().to_ascii_lowercase().replace([' ', '-'], "_"))
}

/// A word without blanks, widths and case.
pub fn plain(text: &str) -> String {
    folded(unarmoured(text)).chars().filter(|char| !char.is_whitespace()).collect::<String>().to_lowercase()
}

/// A header as the tables have it: also without a unit in parentheses and without marks.
pub fn header(name: &str) -> String {
    let name = plain(name);
    let bare = name.split(['(', '[']).next().filter(|bare| !bare.is_empty()).unwrap_or(&name);
    if bare.is_ascii() { bare.replace(['_', '-', '.'], "") } else { bare.trim_end_matches(':').to_owned() }
}
