//! Gaps in words.

use platform::kernel::decision::{Reason, Text};

use super::super::model::Gap;

impl Gap {
    /// The gap as a reason: its code, and what it means for the figures.
    pub fn reason(self) -> Reason {
        let (code, en, zh) = self.wording();
        Reason::new(code, Text::new(en, zh))
    }

    fn wording(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NoTrades => ("no_trades", "There are no trades in this period.", "本期间没有成交。"),
            Self::SpanTooShort => (
                "span_too_short",
                "All trades lie within one day, which is too short for a rate.",
                "全部成交发生在同一天，时间过短，无法计算频率。",
            ),
            Self::NoTurnover => {
                ("no_turnover", "All amounts are zero, so there are no shares.", "成交金额均为零，无法计算占比。")
            }
            Self::NoBuysOrSells => (
                "no_buys_or_sells",
                "No money was spent on buying or received from selling in this period.",
                "本期间没有买入或卖出金额。",
            ),
            Self::ProductTypesMissing => (
                "product_types_missing",
                "Some trades have no product type; the product mix shows them without one.",
                "部分成交没有产品类型，在产品结构中单独列示。",
            ),
            Self::NoQuantities => (
                "no_quantities",
                "No trade has a quantity, so sells cannot be matched to what was bought.",
                "成交均无数量，无法将卖出与买入配对。",
            ),
            Self::SomeQuantitiesMissing => (
                "some_quantities_missing",
                "Some trades have no quantity; they are left out of realised figures.",
                "部分成交没有数量，未计入已实现收益。",
            ),
            Self::NoMatchedSells => (
                "no_matched_sells",
                "Nothing sold in this period has a known purchase, so there is no realised result.",
                "本期间没有可与买入配对的卖出，因此没有已实现收益。",
            ),
            Self::UnmatchedSells => (
                "unmatched_sells",
                "Some of what was sold has no known purchase; it is reported, not guessed.",
                "部分卖出找不到对应的买入记录，仅列示数量，不作推测。",
            ),
            Self::NoCost => (
                "no_cost",
                "What was sold had cost nothing, so there is no return on cost.",
                "卖出部分的成本为零，无法计算成本收益率。",
            ),
            Self::ConversionsNotFollowed => (
                "conversions_not_followed",
                "Fund conversions are not followed; units received that way have no known cost.",
                "未追踪基金转换，转入份额的成本未知。",
            ),
            Self::OptionsNotFollowed => {
                ("options_not_followed", "Options are not part of the realised figures.", "期权未计入已实现收益。")
            }
        }
    }
}
