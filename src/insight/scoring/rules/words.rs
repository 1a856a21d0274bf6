//! Reasons of a risk in words, with the raw values behind them.

use super::super::model::{ChurnStatistics, NoRisk, Refused};
use platform::kernel::decision::Text;
use platform::kernel::money::to_cents;

/// The place of the number of instruments among the features.
const INSTRUMENTS: usize = 21;

/// A probability in per cent, never as sure as no data can be: within .05 of 0 or 100 it says so instead.
pub fn percent(p: f64) -> Text {
    match 100.0 * p {
        percent if percent < 0.05 => Text::new("less than 0.1 %", "不足0.1%"),
        percent if percent >= 99.95 => Text::new("more than 99.9 %", "99.9%以上"),
        percent => Text::new(format!("{percent:.1} %"), format!("{percent:.1}%")),
    }
}

/// That MBG/NBD has been refused, and since when.
pub fn refused(refused: &Refused) -> Text {
    let why = no_risk(&refused.code).text;
    Text::new(
        format!("No model of clients who leave since {}: {}", refused.since, why.en),
        format!("自{}起未能拟合流失模型：{}", refused.since, why.zh),
    )
}

/// The record up to the last active day.
pub(super) fn own_rhythm(statistics: &ChurnStatistics) -> Text {
    let (first, active, year) = (statistics.first_day, statistics.x + 1, statistics.active_days_365);
    match statistics.own_gap_days() {
        Some(gap) => Text::new(
            format!("{active} active days since {first}, one every {gap:.1} days; {year} of them in the last 365 days"),
            format!("自{first}以来有{active}天发生交易，平均每{gap:.1}天一次，其中近365天有{year}天"),
        ),
        None => Text::new(format!("A single active day, {first}"), format!("仅{first}一天发生过交易")),
    }
}

/// Silence within the client's own rhythm.
pub(super) fn usual_pause(statistics: &ChurnStatistics) -> Text {
    let (gap, silent) = (statistics.own_gap_days().unwrap_or_default(), statistics.silent_days());
    let pause = gap.min(silent);
    Text::new(
        format!("A pause of {pause:.1} days is usual for this client (one active day every {gap:.1} days)"),
        format!("{pause:.1}天未交易属该客户的正常间隔（平均每{gap:.1}天交易一次）"),
    )
}

/// Silence beyond the client's own rhythm.
pub(super) fn overdue(statistics: &ChurnStatistics) -> Text {
    let silent = statistics.silent_days();
    match statistics.own_gap_days() {
        Some(gap) => {
            let times = silent / gap;
            Text::new(
                format!("Silent for {silent:.0} days, {times:.1} times the own rhythm of {gap:.1} days"),
                format!("已{silent:.0}天未交易，为该客户平均交易间隔（{gap:.1}天）的{times:.1}倍"),
            )
        }
        None => Text::new(
            format!("Traded on one day only and silent for {silent:.0} days since"),
            format!("仅一天发生过交易，此后已{silent:.0}天未再交易"),
        ),
    }
}

/// How often.
pub(super) fn frequency(statistics: &ChurnStatistics) -> Text {
    let (all, now, before) = (statistics.x + 1, statistics.active_days_90, statistics.active_days_prev_90);
    Text::new(
        format!(
            "{all} active days since {}, {now} in the last 90 days and {before} in the 90 before",
            statistics.first_day
        ),
        format!("自{}以来有{all}天发生交易，其中近90天{now}天，此前90天{before}天", statistics.first_day),
    )
}

/// How much.
pub(super) fn amount(statistics: &ChurnStatistics) -> Text {
    let (now, before) = (to_cents(statistics.amount_90), to_cents(statistics.amount_prev_90));
    Text::new(
        format!("Turnover of {now} in the last 90 days and of {before} in the 90 before"),
        format!("近90天成交额为{now}，此前90天为{before}"),
    )
}

/// Of what.
pub(super) fn breadth(statistics: &ChurnStatistics) -> Text {
    let instruments = statistics.features()[INSTRUMENTS];
    match statistics.sell_share_90 {
        Some(share) => {
            let percent = 100.0 * share;
            Text::new(
                format!("{instruments:.0} instruments traded, {percent:.0} % of the last 90 days' turnover were sales"),
                format!("交易过{instruments:.0}个品种，近90天成交额中卖出占{percent:.0}%"),
            )
        }
        None => Text::new(format!("{instruments:.0} instruments traded"), format!("交易过{instruments:.0}个品种")),
    }
}

/// Where the book as a whole lies.
pub(super) fn book_level() -> Text {
    Text::new(
        "How many clients of the book fell silent lately, against what their rhythms alone say",
        "本机构近期沉默客户的实际数量与按节奏推算数量之差",
    )
}

/// Another horizon.
pub(super) fn horizon(days: u32) -> Text {
    Text::new(
        format!("Over {days} days, not over those the model was trained for"),
        format!("预测期为{days}天，与模型训练时的预测期不同"),
    )
}

/// The end of what data can say.
pub(super) fn data_limit() -> Text {
    Text::new("The book has too few observations to be surer", "数据有限，不足以得出更确定的概率")
}

/// Fewer active days than before.
pub(super) fn frequency_falling(statistics: &ChurnStatistics) -> Text {
    let (now, before) = (statistics.active_days_90, statistics.active_days_prev_90);
    Text::new(
        format!("{now} active days in the last 90 days after {before} in the 90 before"),
        format!("近90天有{now}天发生交易，此前90天为{before}天"),
    )
}

/// Less turnover than before.
pub(super) fn amount_falling(statistics: &ChurnStatistics) -> Text {
    let (now, before) = (to_cents(statistics.amount_90), to_cents(statistics.amount_prev_90));
    Text::new(
        format!("Turnover of {now} in the last 90 days after {before} in the 90 before"),
        format!("近90天成交额为{now}，此前90天为{before}"),
    )
}

/// Assets leave.
pub(super) fn outflow(share: f64) -> Text {
    let percent = 100.0 * share;
    Text::new(
        format!("Net outflow of {percent:.1} % of assets in 90 days"),
        format!("近90天资产净流出比例为{percent:.1}%"),
    )
}

/// Mostly sales.
pub(super) fn selling(share: f64) -> Text {
    let percent = 100.0 * share;
    Text::new(
        format!("{percent:.0} % of the last 90 days' turnover were sales"),
        format!("近90天成交额中卖出占{percent:.0}%"),
    )
}

/// Why there is no figure: the code of a fit, `no_model` or `never_traded`.
pub fn no_risk(code: &str) -> NoRisk {
    let (en, zh) = match code {
        "never_traded" => {
            ("The client has never traded, so there is no rhythm to fall out of.", "该客户从未交易，尚无交易节奏可循。")
        }
        "no_model" => (
            "No model has been fitted on data up to this day: start a scoring run.",
            "截至该日尚未拟合模型，请先启动评分任务。",
        ),
        "too_few_clients" => (
            "The book has too few clients with a trade to tell how clients leave.",
            "有交易的客户太少，无法推断客户如何流失。",
        ),
        "too_few_repeaters" => (
            "Too few clients of the book traded on a second day to tell how clients leave.",
            "再次交易的客户太少，无法推断客户如何流失。",
        ),
        "dropout_not_identified" => {
            ("The book does not show clients leaving for good.", "现有数据未体现客户一去不返的流失。")
        }
        _ => ("The newest fit on the book did not give a usable model.", "最近一次拟合未得到可用的模型。"),
    };
    NoRisk { code: code.to_owned(), text: Text::new(en, zh) }
}
