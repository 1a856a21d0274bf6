//! The reasons of a decision, in words.

use rust_decimal::Decimal;

use super::super::model::{TierInputs, TierPolicy, TierRule};
use super::ladder::{place_of, service_level};
use super::step::Step;
use platform::kernel::decision::{Reason, Text};
use platform::kernel::money::to_cents;

pub(super) fn no_record() -> Reason {
    let text = Text::new("There is neither a balance nor a trade: no tier yet.", "尚无资产和交易数据，暂不分层。");
    Reason::new("no_record", text)
}

pub(super) fn assets_reason(policy: &TierPolicy, inputs: &TierInputs) -> Reason {
    let Some(average) = inputs.average_net_assets else {
        return Reason::new("no_balances", Text::new("There are no balances yet.", "尚无资产数据。"));
    };
    let (days, rung) = (inputs.balance_days, rung_words(policy, place_of(policy, average)));
    let money = money(policy, average);
    Reason::new(
        "average_net_assets",
        Text::new(
            format!("Average net assets of the latest {days} balance days: {money}, which is rung {}.", rung.en),
            format!("最近{days}个有资产数据的交易日日均净资产为{money}，对应档位{}。", rung.zh),
        ),
    )
}

pub(super) fn rule_reason(policy: &TierPolicy, inputs: &TierInputs, step: &Step) -> Reason {
    let to = rung_words(policy, step.place);
    let held = inputs.current.as_ref().map_or("", |current| current.rung.as_str());
    let (months, watch, down) = (step.months_below, policy.watch_after_months, policy.downgrade_after_months);
    let (code, en, zh) = match step.rule {
        TierRule::NoBalancesYet => (
            "no_balances_yet",
            format!("Without balances the client starts on rung {}.", to.en),
            format!("尚无资产数据，暂列档位{}。", to.zh),
        ),
        TierRule::FirstAssignment => (
            "first_assignment",
            format!("First assignment under version {} of the policy: rung {}.", policy.version, to.en),
            format!("按第{}版分层政策首次评定，定为档位{}。", policy.version, to.zh),
        ),
        TierRule::UpgradeAtOnce => (
            "upgrade_at_once",
            format!("Above rung {held}: raised at once to rung {}.", to.en),
            format!("高于原档位{held}，立即升至档位{}。", to.zh),
        ),
        TierRule::HeldInGrace => (
            "held_in_grace",
            format!(
                "Below rung {held} for {months} straight complete months; watched from {watch}, lowered at {down}."
            ),
            format!("已连续{months}个完整自然月低于档位{held}；满{watch}个月列入观察，满{down}个月降档。"),
        ),
        TierRule::Watch => (
            "watch",
            format!("Below rung {held} for {months} straight complete months: on watch; lowered at {down}."),
            format!("已连续{months}个完整自然月低于档位{held}，列入观察；满{down}个月降档。"),
        ),
        TierRule::DowngradeAfterGrace => (
            "downgrade_after_grace",
            format!(
                "Below rung {held} for {months} straight complete months: lowered to rung {}, the best of them.",
                to.en
            ),
            format!("已连续{months}个完整自然月低于档位{held}，按其间最高月度均值降至档位{}。", to.zh),
        ),
        TierRule::Unchanged => ("unchanged", format!("Stays on rung {}.", to.en), format!("维持档位{}。", to.zh)),
    };
    Reason::new(code, Text::new(en, zh))
}

pub(super) fn service_reason(policy: &TierPolicy, inputs: &TierInputs, place: usize) -> Reason {
    let (lift, tier, active) = (&policy.frequency, policy.rungs[place].tier, inputs.active_days);
    let (needed, days) = (lift.min_active_days, lift.days);
    let level = service_level(policy, inputs, place);
    let (from, to) = (tier.label(), level.label());
    let measured = Text::new(
        format!("Traded on {active} of {days} days ({needed} lift the service)"),
        format!("近{days}天中有{active}天发生交易（满{needed}天可提升服务级别）"),
    );
    let (code, en, zh) = if level > tier {
        ("service_lifted", format!("raised from {} to {}", from.en, to.en), format!("由{}提升至{}", from.zh, to.zh))
    } else {
        ("service_of_tier", format!("that of the tier, {}", to.en), format!("与分层一致，为{}", to.zh))
    };
    let text = Text::new(format!("{}: service is {en}.", measured.en), format!("{}，服务级别{zh}。", measured.zh));
    Reason::new(code, text)
}

/// A rung by code, tier and lower bound.
fn rung_words(policy: &TierPolicy, place: usize) -> Text {
    let rung = &policy.rungs[place];
    let (code, tier, from) = (&rung.code, rung.tier.label(), money(policy, rung.lower_bound));
    Text::new(format!("{code} ({}, from {from})", tier.en), format!("{code}（{}，下限{from}）", tier.zh))
}

/// Money to the cent with its currency.
fn money(policy: &TierPolicy, amount: Decimal) -> String {
    format!("{} {}", to_cents(amount), policy.currency)
}
