//! Reasons of an alert in words, with the raw values behind them.

use rust_decimal::Decimal;

use crate::scoring::percent;
use platform::kernel::decision::{Reason, Text};
use platform::kernel::money::to_cents;

/// Critical by probability.
pub(super) fn high_tier_at_risk(p: f64, line: f64) -> Reason {
    let (p, line) = (percent(p), 100.0 * line);
    let text = Text::new(
        format!("High-net-worth client, {} likely to fall silent (critical from {line:.0} %)", p.en),
        format!("高净值客户，沉默概率为{}（达到{line:.0}%即列为紧急）", p.zh),
    );
    Reason::new("high_tier_at_risk", text)
}

/// Critical by outflow.
pub(super) fn fast_outflow(share: f64) -> Reason {
    let percent = 100.0 * share;
    let text = Text::new(
        format!("High-net-worth client, net outflow of {percent:.1} % of assets in 7 days"),
        format!("高净值客户，近7天资产净流出比例为{percent:.1}%"),
    );
    Reason::new("fast_outflow", text)
}

/// High by value.
pub(super) fn top_value_at_risk(place: usize, population: usize) -> Reason {
    let text = Text::new(
        format!("Place {place} of {population} by value at risk"),
        format!("流失风险金额在{population}名客户中排第{place}位"),
    );
    Reason::new("top_value_at_risk", text)
}

/// High by rise.
pub(super) fn risen(p: f64, rise: f64, days: u32) -> Reason {
    let (p, before) = (percent(p), percent(p - rise));
    let text = Text::new(
        format!("Probability of silence rose from {} to {} in {days} days", before.en, p.en),
        format!("{days}天内沉默概率由{}升至{}", before.zh, p.zh),
    );
    Reason::new("risk_risen", text)
}

/// Medium.
pub(super) fn likely_silent(p: f64, line: f64, horizon_days: u32) -> Reason {
    let (p, line) = (percent(p), 100.0 * line);
    let text = Text::new(
        format!("{} likely not to trade in the next {horizon_days} days (alert from {line:.0} %)", p.en),
        format!("未来{horizon_days}天不交易的概率为{}（达到{line:.0}%即预警）", p.zh),
    );
    Reason::new("likely_silent", text)
}

/// Low.
pub(super) fn entered_declining(p: f64, line: f64, days: u32) -> Reason {
    let (p, line) = (percent(p), 100.0 * line);
    let text = Text::new(
        format!("Began to decline: probability of silence {}, past {line:.0} % within {days} days", p.en),
        format!("客户进入衰退期：沉默概率{days}天内升破{line:.0}%，现为{}", p.zh),
    );
    Reason::new("entered_declining", text)
}

/// What there is to lose.
pub(super) fn value_at_risk(at_risk: Decimal, p: f64, if_kept: Decimal) -> Reason {
    let (p, at_risk, if_kept) = (percent(p), to_cents(at_risk), to_cents(if_kept));
    let text = Text::new(
        format!(
            "Value at risk {at_risk}: {} of the net revenue of {if_kept} expected in 12 months if the client is kept",
            p.en
        ),
        format!("流失风险金额{at_risk}：若能挽留，未来12个月预期净收入{if_kept}，按{}的概率计", p.zh),
    );
    Reason::new("value_at_risk", text)
}

/// What is with us.
pub(super) fn net_assets(amount: Decimal) -> Reason {
    let amount = to_cents(amount);
    Reason::new("net_assets", Text::new(format!("Net assets with us: {amount}"), format!("在我司净资产：{amount}")))
}
