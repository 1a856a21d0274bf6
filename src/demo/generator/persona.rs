//! Who a client is: wealth, temper, tastes, and when the client leaves.

use chrono::{Days, NaiveDate};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::market::{KINDS, Market};
use super::people::{Advisors, OUTLETS, Outlet};
use super::record::Client;
use super::{documents, draw, names};

/// Trading days in a week.
const WEEK: usize = 5;
/// Logarithm of the weekly hazard of leaving of a plain client.
const BASE_HAZARD: f64 = -5.3;
/// Share of clients who joined before the book begins.
const EARLIER_SHARE: f64 = 0.72;

/// What drives a client's behaviour; none of it is in the book.
pub(super) struct Persona {
    /// `individual`, `institution` or `product`.
    pub kind: &'static str,
    /// Money brought in, yuan.
    pub wealth: f64,
    /// Active days a week in a market of activity 1.
    pub weekly_rate: f64,
    /// How uneven activity is from week to week.
    pub burstiness: f64,
    /// Instruments the client comes back to.
    pub favourites: Vec<usize>,
    /// Whether positions are partly financed.
    pub uses_margin: bool,
    /// Day of the book from which the client may trade.
    pub first_day: usize,
    /// Years as a client before the book begins.
    pub years_before: f64,
    /// When and how the client leaves.
    pub leaves: Option<Leave>,
}

/// A client's leaving.
#[derive(Clone, Copy)]
pub(super) struct Leave {
    /// The last day with any activity.
    pub day: usize,
    /// Trading days over which activity fades: three to eight weeks.
    pub decline: usize,
    /// Whether the money goes too.
    pub takes_money: bool,
}

impl Persona {
    /// Draws one.
    pub(super) fn draw(rng: &mut ChaCha8Rng, market: &Market) -> Self {
        let kind = draw::weighted(rng, &[("individual", 0.92), ("institution", 0.06), ("product", 0.02)]);
        let wealth = wealth(rng, kind);
        let weekly_rate = draw::gamma(rng, 0.8, 1.2) * (1.0 + 0.15 * (wealth / 5e5).ln_1p());
        let days = market.days.len();
        let came_earlier = rng.random_bool(EARLIER_SHARE);
        let first_day = if came_earlier { 0 } else { rng.random_range(0..days.max(11) - 10) };
        let years_before = if came_earlier { (4.0 * draw::exponential(rng)).min(18.0) } else { 0.0 };
        let mut persona = Self {
            kind,
            wealth,
            weekly_rate,
            burstiness: draw::gamma(rng, 3.0, 1.0 / 3.0),
            favourites: favourites(rng, market),
            uses_margin: rng.random_bool(if wealth > 5e5 { 0.15 } else { 0.02 }),
            first_day,
            years_before,
            leaves: None,
        };
        persona.leaves = persona.draw_leave(rng, market);
        persona
    }

    /// Leaving is a hazard by the week: higher for small accounts, a single product, newcomers and in bear markets.
    fn draw_leave(&self, rng: &mut ChaCha8Rng, market: &Market) -> Option<Leave> {
        let mut left = draw::exponential(rng);
        let single_product = self.product_types(market) == 1;
        let steady = BASE_HAZARD + 0.35 * f64::from(self.wealth < 5e4) + 0.40 * f64::from(single_product)
            - 0.25 * f64::from(self.uses_margin);
        for day in (self.first_day + 2 * WEEK..market.days.len()).step_by(WEEK) {
            let years = self.years_before + (day - self.first_day) as f64 / (52 * WEEK) as f64;
            left -= (steady - 0.30 * years.ln_1p() + 0.35 * f64::from(market.bear[day])).exp();
            if left < 0.0 {
                let decline = WEEK * rng.random_range(3..=8);
                return Some(Leave { day, decline, takes_money: rng.random_bool(0.6) });
            }
        }
        None
    }

    fn product_types(&self, market: &Market) -> usize {
        let kinds =
            (0..KINDS.len()).filter(|kind| self.favourites.iter().any(|i| market.instruments[*i].kind == *kind));
        kinds.count()
    }

    /// Share of the usual activity on a day: 1, fading to .15 before leaving, then 0.
    pub(super) fn fading(&self, day: usize) -> f64 {
        match self.leaves {
            Some(leave) if day > leave.day => 0.0,
            Some(leave) => ((leave.day - day) as f64 / leave.decline as f64).clamp(0.15, 1.0),
            None => 1.0,
        }
    }
}

/// Log-normal wealth: most below 500 000, about one in a hundred persons above 6 million, institutions far richer.
fn wealth(rng: &mut ChaCha8Rng, kind: &str) -> f64 {
    let centre = match kind {
        "individual" => 11.6,
        "institution" => 14.2,
        _ => 15.2,
    };
    draw::normal(rng, centre, 1.7).exp()
}

/// Two to nine instruments of one to three product types.
fn favourites(rng: &mut ChaCha8Rng, market: &Market) -> Vec<usize> {
    let popularity: Vec<_> = KINDS.iter().map(|kind| kind.popularity).enumerate().collect();
    let kinds = 1 + usize::from(rng.random_bool(0.4)) + usize::from(rng.random_bool(0.2));
    let kinds: Vec<_> = (0..kinds).map(|_| draw::weighted(rng, &popularity)).collect();
    let count = rng.random_range(2..=9);
    (0..count)
        .map(|number| {
            let kind = kinds[number % kinds.len()];
            let own: Vec<_> = (0..market.instruments.len()).filter(|i| market.instruments[*i].kind == kind).collect();
            *draw::one(rng, &own)
        })
        .collect()
}

/// The master data of a client.
pub(super) fn client(
    rng: &mut ChaCha8Rng,
    index: u32,
    persona: &Persona,
    market: &Market,
    advisors: &Advisors,
) -> Client {
    let outlet = draw::weighted(rng, &OUTLETS.each_ref().map(|outlet| (outlet, outlet.share)));
    let client_no = format!("88{:08}", index + 1);
    let opened_on = opened_on(rng, persona, market);
    let (document_type, document_number) = document(rng, index, persona.kind, opened_on);
    Client {
        external_id: format!("demo-{client_no}"),
        name: match persona.kind {
            "individual" => names::person(rng).0,
            "institution" => names::company(rng, outlet.city, index + 1),
            _ => names::product(rng, index + 1),
        },
        kind: persona.kind,
        opened_on,
        branch_code: outlet.code.to_owned(),
        advisor: advisors.advisor(outlet.code, rng),
        phone: documents::phone(index),
        email: format!("client{client_no}@example.com"),
        document_type,
        document_number,
        address: address(rng, outlet),
        fund_account_no: format!("{client_no}01"),
        client_no,
    }
}

fn opened_on(rng: &mut ChaCha8Rng, persona: &Persona, market: &Market) -> NaiveDate {
    let Some(first_day) = market.days.get(persona.first_day) else { return NaiveDate::default() };
    // Eighteen years at most, a few weeks at least for those who came within the book.
    let days_before = (persona.years_before * 365.25) as u64 + rng.random_range(0..10);
    first_day.checked_sub_days(Days::new(days_before)).unwrap_or(*first_day)
}

fn document(rng: &mut ChaCha8Rng, index: u32, kind: &str, opened_on: NaiveDate) -> (&'static str, String) {
    match kind {
        "individual" => {
            // Between 20 and 70 years of age on opening.
            let age_days = rng.random_range(7_305..25_567);
            let born = opened_on.checked_sub_days(Days::new(age_days)).unwrap_or(opened_on);
            ("id_card", documents::id_card(index, born))
        }
        "institution" => ("uscc", documents::social_credit_code(index)),
        _ => ("product_registration", documents::product_registration(index)),
    }
}

fn address(rng: &mut ChaCha8Rng, outlet: &Outlet) -> String {
    let (number, room) = (rng.random_range(1..400), rng.random_range(101..2500));
    format!("{}示例路{number}号{room}室", outlet.city)
}
