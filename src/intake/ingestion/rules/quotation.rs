//! What the printed price of an instrument is: money per unit, or something from which no amount follows.
//!
//! The sender says it by side or kind of product; else the code does, as the exchanges assign codes. Sources: 上海证券交易所
//! 《证券代码分配指南》, 深圳证券交易所《证券代码区间》, five-digit codes of HKEX, eight-digit codes of option contracts, contract
//! specifications of 中国金融期货交易所.

use super::super::model::TradeInput;
use book::trades::Side;

/// How far quantity × price is the money of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotation {
    /// It is the money.
    PerUnit,
    /// It comes near (interest or a fee aside, or not confirmed yet): the amount decides, and quantity × price stands
    /// in for one that was not sent.
    Near,
    /// It says nothing of the money: the amount must be sent.
    Apart,
}

/// By what an instrument is known.
enum By {
    /// What the trade did.
    Side(&'static [Side]),
    /// A word in the kind of product, in lower case.
    Product(&'static [&'static str]),
    /// How many digits the code has, and how they begin.
    Code(usize, &'static [&'static str]),
    /// The same of this market; the code must name it.
    CodeIn(&'static str, usize, &'static [&'static str]),
    /// A kind of product with such a word, or a code of five digits; and the money is not in Hong Kong dollars.
    HongKong(&'static [&'static str]),
}

use self::By::{Code, CodeIn, HongKong, Product};
use self::Quotation::{Apart, Near};

/// The first that fits decides; where none does, the price is money per unit.
static RULES: &[(By, Quotation)] = &[
    // 逆回购: a yearly rate in per cent.
    (By::Side(&[Side::ReverseRepo]), Apart),
    (Product(&["repo", "回购"]), Apart),
    // 期权: the price of one unit of a contract of many, often 10 000.
    (By::Side(&[Side::OptionOpen, Side::OptionClose]), Apart),
    (Product(&["option", "期权"]), Apart),
    // 基金: a fee lies between money and units, and before confirmation there are none.
    (By::Side(&[Side::Subscribe, Side::Purchase, Side::Redeem, Side::RegularPlan, Side::Convert]), Near),
    // 打新: what was applied for is not what was allotted and paid.
    (By::Side(&[Side::NewShareSubscription]), Near),
    // 债券: a clean price lacks the interest accrued.
    (Product(&["bond", "债"]), Near),
    // 港股通: quoted in Hong Kong dollars, settled in yuan.
    (HongKong(&["stock_connect", "hk_connect", "港股通"]), Apart),
    // 债券质押式回购 of Shanghai and of Shenzhen.
    (Code(6, &["204", "1318"]), Apart),
    // Option contracts of Shanghai and of Shenzhen.
    (Code(8, &["10", "90"]), Apart),
    // Bonds of both exchanges; what else begins so in Shanghai is a listed fund in Shenzhen.
    (Code(6, &["01", "02", "10", "11", "12", "13", "14", "17", "19", "24"]), Near),
    (CodeIn("SH", 6, &["15", "16", "18"]), Near),
];

/// How a market is written before or after a code, and which it is.
const MARKETS: [(&str, &str); 10] = [
    ("", ""),
    ("SH", "SH"),
    ("SS", "SH"),
    ("XSHG", "SH"),
    ("SZ", "SZ"),
    ("XSHE", "SZ"),
    ("HK", "HK"),
    ("H", "HK"),
    ("BJ", "BJ"),
    ("OF", "OF"),
];

/// Yuan that one point of a contract is worth.
const MULTIPLIERS: [(&str, u32); 8] =
    [("IF", 300), ("IH", 300), ("IC", 200), ("IM", 200), ("T", 10_000), ("TF", 10_000), ("TL", 10_000), ("TS", 20_000)];

/// What the price of a trade is.
pub fn of(item: &TradeInput) -> Quotation {
    let rule = RULES.iter().find(|(by, _)| by.fits(item));
    rule.map_or(Quotation::PerUnit, |(_, quotation)| *quotation)
}

/// What one point is worth of a contract whose code says it.
pub fn multiplier(instrument: &str) -> Option<u32> {
    let (letters, digits) = parts(instrument)?;
    let found = MULTIPLIERS.iter().find(|(product, _)| *product == letters && digits.len() == 4);
    found.map(|(_, multiplier)| *multiplier)
}

impl By {
    fn fits(&self, item: &TradeInput) -> bool {
        let product = item.product_type.as_deref().unwrap_or_default().to_lowercase();
        let is_product = |words: &[&str]| words.iter().any(|word| product.contains(word));
        let is_code = |wanted: Option<&str>, length: usize, begins: &[&str]| {
            let code = item.instrument.as_deref().and_then(code);
            code.is_some_and(|(market, digits)| {
                let begins_so = begins.iter().any(|beginning| digits.starts_with(beginning));
                digits.len() == length && begins_so && wanted.is_none_or(|wanted| wanted == market)
            })
        };
        match self {
            Self::Side(sides) => item.side.is_some_and(|side| sides.contains(&side)),
            Self::Product(words) => is_product(words),
            Self::Code(length, begins) => is_code(None, *length, begins),
            Self::CodeIn(market, length, begins) => is_code(Some(market), *length, begins),
            Self::HongKong(words) => {
                let is_foreign = item.currency.as_ref().is_some_and(|currency| currency.0 == "HKD");
                !is_foreign && (is_product(words) || is_code(None, 5, &[""]))
            }
        }
    }
}

/// Market and digits of a code of an exchange; no market where the code names none.
fn code(instrument: &str) -> Option<(&'static str, &str)> {
    let (letters, digits) = parts(instrument)?;
    let (_, market) = MARKETS.iter().find(|(written, _)| *written == letters)?;
    Some((market, digits))
}

/// The letters around the digits of a code, in capitals, and the digits, which stand together.
fn parts(instrument: &str) -> Option<(String, &str)> {
    let digits = instrument.trim_matches(|character: char| !character.is_ascii_digit());
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let letters = instrument.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
    Some((letters.collect(), digits))
}
