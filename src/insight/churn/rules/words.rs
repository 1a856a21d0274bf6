//! Reasons of an alert in words, with the raw values behind them.

use rust_decimal::Decimal;

use platform::kernel::decision::{Reason, Text};
use platform::kernel::money::to_cents;

/// Critical by probability.
pub(super) fn high_tier_at_risk(p: f64, line: f64) -> Reason {
    let (p, line) = (100.0 * p, 100.0 * line);
    let text = Text::new(
        format!("High-net-worth client, {p:.1} % likely to fall silent (critical from {line:.0} %)"),
        format!("高净值客户，沉默概率为{p:.1}%（达到{line:.0}%即列为紧急）"),
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
    let (p, before) = (100.0 * p, 100.0 * (p - rise));
    let text = Text::new(
        format!("Probability of silence rose from {before:.1} % to {p:.1} % in {days} days"),
        format!("{days}天内沉默概率由{before:.1}%升至{p:.1}%"),
    );
    Reason::new("risk_risen", text)
}

/// Medium.
pub(super) fn likely_silent(p: f64, line: f64, horizon_days: u32) -> Reason {
    let (p, line) = (100.0 * p, 100.0 * line);
    let text = Text::new(
        format!("{p:.1} % likely not to trade in the next {horizon_days} days (alert from {line:.0} %)"),
        format!("未来{horizon_days}天不交易的概率为{p:.1}%（达到{line:.0}%即预警）"),
    );
    Reason::new("likely_silent", text)
}

/// Low.
pub(super) fn entered_declining(p: f64, line: f64, days: u32) -> Reason {
    let (p, line) = (100.0 * p, 100.0 * line);
    let text = Text::new(
        format!("Began to decline: probability of silence {p:.1} %, past {line:.0} % within {days} days"),
        format!("客户进入衰退期：沉默概率{days}天内升破{line:.0}%，现为{p:.1}%"),
    );
    Reason::new("entered_declining", text)
}

/// What there is to lose.
pub(super) fn value_at_risk(at_risk: Decimal, p: f64, clv: Decimal) -> Reason {
    let (percent, at_risk, clv) = (100.0 * p, to_cents(at_risk), to_cents(clv));
    let text = Text::new(
        format!("Value at risk {at_risk}: {percent:.1} % of the net revenue of {clv} expected in 12 months"),
        format!("流失风险金额{at_risk}：未来12个月预期净收入{clv}的{percent:.1}%"),
    );
    Reason::new("value_at_risk", text)
}
