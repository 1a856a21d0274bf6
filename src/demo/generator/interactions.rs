//! A few interactions with each client, more with the wealthy; some of the leaving complain first.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::draw;
use super::market::Market;
use super::persona::Persona;
use super::record::{Client, Interaction, Spec};

/// Office hours, seconds after local midnight.
const OFFICE: std::ops::Range<u32> = 9 * 3600..17 * 3600;

const KINDS: [(&str, f64); 5] = [("call", 0.58), ("wecom", 0.22), ("sms", 0.08), ("email", 0.05), ("visit", 0.07)];
const OUTCOMES: [(&str, f64); 5] =
    [("reached", 0.58), ("no_answer", 0.22), ("call_back", 0.07), ("refused", 0.05), ("interest", 0.08)];
/// Purpose and a line about it.
const SUBJECTS: [((&str, &str), f64); 6] = [
    (("service", "回访账户使用情况，客户无异议"), 0.3),
    (("service", "提醒更新风险测评"), 0.15),
    (("service", "核对联系方式与证件有效期"), 0.1),
    (("market_update", "发送市场周报并简要说明"), 0.25),
    (("product", "介绍适合其风险等级的基金产品，未作承诺"), 0.12),
    (("product", "客户询问可转债申购规则"), 0.08),
];

/// The interactions of a client with an advisor, in time order.
pub(super) fn make(
    rng: &mut ChaCha8Rng,
    spec: &Spec,
    client: &Client,
    persona: &Persona,
    market: &Market,
) -> Vec<Interaction> {
    let Some(advisor) = &client.advisor else { return Vec::new() };
    let mut moments = moments(rng, persona, market);
    moments.sort_unstable();
    let interactions = (1..).zip(moments).map(|(ordinal, (day, seconds, is_complaint))| {
        let (purpose, notes) = draw::weighted(rng, &SUBJECTS);
        let is_inbound = is_complaint || rng.random_bool(0.2);
        Interaction {
            external_id: format!("demo-{}-c{ordinal:03}", client.client_no),
            client_no: client.client_no.clone(),
            staff: advisor.clone(),
            kind: if is_complaint { "call" } else { draw::weighted(rng, &KINDS) },
            direction: if is_inbound { "inbound" } else { "outbound" },
            purpose: if is_complaint { "complaint" } else { purpose },
            outcome: match (is_complaint, is_inbound) {
                (true, _) => "complaint",
                (false, true) => "reached",
                (false, false) => draw::weighted(rng, &OUTCOMES),
            },
            occurred_at: draw::instant(spec.time_zone, market.days[day], seconds),
            notes: if is_complaint { "客户对手续费和交易系统表示不满，已登记" } else { notes },
        }
    });
    interactions.collect()
}

/// When, and whether it is a complaint.
fn moments(rng: &mut ChaCha8Rng, persona: &Persona, market: &Market) -> Vec<(usize, u32, bool)> {
    let days = persona.first_day..market.days.len();
    if days.is_empty() {
        return Vec::new();
    }
    let mean = if persona.wealth > 1e6 { 9.0 } else { 3.0 } * days.len() as f64 / market.days.len() as f64;
    let usual = draw::poisson(rng, mean);
    let mut moments: Vec<_> =
        (0..usual).map(|_| (rng.random_range(days.clone()), rng.random_range(OFFICE), false)).collect();
    let fading_from = persona.leaves.map(|leave| leave.day.saturating_sub(leave.decline).max(persona.first_day));
    if let Some(day) = fading_from.filter(|_| rng.random_bool(0.25)) {
        moments.push((day, rng.random_range(OFFICE), true));
    }
    moments
}
