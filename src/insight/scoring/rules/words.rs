//! Reasons of a risk in words, with the raw values behind them.

use super::super::model::ChurnStatistics;
use platform::kernel::decision::Text;
use platform::kernel::money::to_cents;

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
