//! The raw value behind each part, in words.

use rust_decimal::Decimal;

use super::super::model::{GradeBand, PartCode, RevenueSource, ValueInputs, ValuePolicy};
use platform::kernel::decision::Text;
use platform::kernel::money::to_cents;

/// What the part was measured at. Called with the data present; an absent value reads as 0.
pub(super) fn measured(policy: &ValuePolicy, inputs: &ValueInputs, clv: Option<Decimal>, code: PartCode) -> Text {
    let currency = &policy.currency;
    let amount = |en: &str, zh: &str, value: Option<Decimal>| {
        let value = to_cents(value.unwrap_or_default());
        Text::new(format!("{en}: {currency} {value}"), format!("{zh}：{value} {currency}"))
    };
    match code {
        PartCode::NetRevenue => {
            let (en, zh) = revenue_words(inputs);
            amount(en, zh, inputs.net_revenue_12m.map(|revenue| revenue.amount))
        }
        PartCode::Clv => amount("Net revenue expected in the next 12 months", "未来12个月预期净收入", clv),
        PartCode::MeanNetAssets => {
            amount("Mean net assets of 6 months", "近6个月月均净资产", inputs.mean_net_assets_6m)
        }
        PartCode::MarginAndProduct => amount(
            "Margin and product revenue of 12 months",
            "近12个月两融及产品收入",
            inputs.margin_and_product_revenue_12m,
        ),
        PartCode::Presence => {
            let percent = 100.0 * (1.0 - inputs.p_silent_90.unwrap_or_default());
            // Nothing is certain: at the ends of the scale it is said so.
            let (en, zh) = match percent {
                _ if percent < 0.5 => ("less than 1 %".to_owned(), "不足1%".to_owned()),
                _ if percent >= 99.5 => ("more than 99 %".to_owned(), "99%以上".to_owned()),
                _ => (format!("{percent:.0} %"), format!("{percent:.0}%")),
            };
            Text::new(
                format!("Trades again within 90 days with probability {en}"),
                format!("未来90天内再次交易的概率：{zh}"),
            )
        }
        PartCode::Tenure => {
            let months = inputs.tenure_months.unwrap_or_default().max(0.0);
            Text::new(format!("Client for {months:.0} months"), format!("开户{months:.0}个月"))
        }
        PartCode::Regularity => {
            let months = inputs.active_months_12;
            Text::new(format!("Traded in {months} of the last 12 months"), format!("近12个月中有{months}个月发生交易"))
        }
        PartCode::Breadth => {
            let (types, full) = (inputs.asset_classes.unwrap_or_default(), policy.full_asset_classes);
            Text::new(
                format!("Traded {types} product types in 12 months ({full} earn all)"),
                format!("近12个月交易过{types}类产品（{full}类得满分）"),
            )
        }
        PartCode::RetainedAssets => {
            let percent = 100.0 * inputs.net_outflow_share.unwrap_or_default();
            Text::new(format!("Net outflow of {percent:.1} % of assets"), format!("资产净流出比例{percent:.1}%"))
        }
    }
}

fn revenue_words(inputs: &ValueInputs) -> (&'static str, &'static str) {
    match inputs.net_revenue_12m.map(|revenue| revenue.source) {
        Some(RevenueSource::TurnoverTimesBasisPoints) => {
            ("Net revenue of 12 months, estimated from turnover", "近12个月净收入（按成交额估算）")
        }
        _ => ("Net revenue of 12 months, from commissions", "近12个月净收入（来自佣金）"),
    }
}

/// That the part has no data.
pub(super) fn no_data(code: PartCode) -> Text {
    let (en, zh) = match code {
        PartCode::NetRevenue => ("net revenue", "净收入"),
        PartCode::Clv => ("expected net revenue", "预期净收入"),
        PartCode::MeanNetAssets => ("net assets", "净资产"),
        PartCode::MarginAndProduct => ("margin and product revenue", "两融及产品收入"),
        PartCode::Presence => ("probability of trading again", "再次交易概率"),
        PartCode::Tenure => ("length of the relation", "开户时长"),
        PartCode::Regularity => ("active months", "有交易的月数"),
        PartCode::Breadth => ("product types", "产品类别"),
        PartCode::RetainedAssets => ("net outflow", "资产净流出"),
    };
    Text::new(format!("No data: {en}"), format!("无数据：{zh}"))
}

/// Why the score has its grade.
pub(super) fn grade(band: &GradeBand, score: f64) -> Text {
    let GradeBand { grade, from, words, .. } = band;
    Text::new(
        format!("Score {score:.2}: grade {grade}, which starts at {from}. {}", words.en),
        format!("得分{score:.2}：{grade}级（{from}分起）。{}", words.zh),
    )
}

/// How much of the score rests on data.
pub(super) fn unmeasured(measured_share: f64) -> Text {
    let percent = 100.0 * (1.0 - measured_share);
    Text::new(
        format!("{percent:.1} % of the points have no data and count as 0"),
        format!("{percent:.1}%的分值无数据，按0分计"),
    )
}
