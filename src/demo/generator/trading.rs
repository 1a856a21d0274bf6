//! A client's trading day: whether, how often, what, and for how much.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::account::{Account, Position, cents};
use super::draw;
use super::market::{Market, on_tick};
use super::persona::Persona;
use super::record::{Client, Spec, Trade};

/// Trading days in a week.
const WEEK: f64 = 5.0;
/// Chance of a fill to buy; while fading clients mostly sell.
const BUYS: (f64, f64) = (0.54, 0.25);
/// Chance to buy a favourite rather than anything.
const LOYALTY: f64 = 0.85;
/// Usual size of an order as a share of wealth.
const TICKET: f64 = 0.04;
/// Opening of the morning and of the afternoon session, and the length of each, in seconds.
const MORNING: u32 = 9 * 3600 + 30 * 60;
const AFTERNOON: u32 = 13 * 3600;
const SESSION: u32 = 2 * 3600;

/// An execution.
pub(super) struct Fill {
    day: usize,
    /// Seconds after local midnight.
    seconds: u32,
    is_buy: bool,
    instrument: usize,
    quantity: i64,
    price: i64,
    commission: i64,
    stamp_duty: i64,
}

/// What the client trades on a day; often nothing.
pub(super) fn trade_day(
    rng: &mut ChaCha8Rng,
    day: usize,
    persona: &Persona,
    market: &Market,
    account: &mut Account,
) -> Vec<Fill> {
    account.settle();
    if !is_active(rng, day, persona, market) {
        return Vec::new();
    }
    let count = 1 + draw::poisson(rng, 0.6);
    let mut times: Vec<u32> = (0..count).map(|_| time_of_day(rng)).collect();
    times.sort_unstable();
    times.into_iter().filter_map(|seconds| fill(rng, (day, seconds), persona, market, account)).collect()
}

/// Newcomers trade on their first day; later days come at the client's own rate, unevenly.
fn is_active(rng: &mut ChaCha8Rng, day: usize, persona: &Persona, market: &Market) -> bool {
    if day == persona.first_day && persona.years_before == 0.0 {
        return true;
    }
    let intensity = persona.weekly_rate / WEEK * market.activity[day] * persona.fading(day);
    let burst = draw::gamma(rng, 1.0 / persona.burstiness.max(0.05), persona.burstiness.max(0.05));
    rng.random::<f64>() < -(-intensity * burst).exp_m1()
}

fn time_of_day(rng: &mut ChaCha8Rng) -> u32 {
    let open = if rng.random_bool(0.55) { MORNING } else { AFTERNOON };
    open + rng.random_range(0..SESSION)
}

fn fill(
    rng: &mut ChaCha8Rng,
    when: (usize, u32),
    persona: &Persona,
    market: &Market,
    account: &mut Account,
) -> Option<Fill> {
    let buys = if persona.fading(when.0) < 1.0 { BUYS.1 } else { BUYS.0 };
    if rng.random_bool(buys) {
        buy(rng, when, persona, market, account).or_else(|| sell(rng, when, market, account))
    } else {
        sell(rng, when, market, account).or_else(|| buy(rng, when, persona, market, account))
    }
}

fn buy(
    rng: &mut ChaCha8Rng,
    (day, seconds): (usize, u32),
    persona: &Persona,
    market: &Market,
    account: &mut Account,
) -> Option<Fill> {
    let instrument = if rng.random_bool(LOYALTY) {
        *draw::one(rng, &persona.favourites)
    } else {
        rng.random_range(0..market.instruments.len())
    };
    let price = price_of(rng, instrument, day, market);
    let lot = market.kind_of(instrument).lot;
    let wanted = persona.wealth * TICKET * draw::normal(rng, 0.0, 0.9).exp() * 100.0;
    let budget = (wanted as i64).max(cents(price, lot)).min(account.cash * 9 / 10);
    let quantity = budget / cents(price, lot) * lot;
    let commission = commission(cents(price, quantity));
    if quantity == 0 || cents(price, quantity) + commission > account.cash {
        return None;
    }
    account.buy(instrument, quantity, price, commission);
    Some(Fill { day, seconds, is_buy: true, instrument, quantity, price, commission, stamp_duty: 0 })
}

fn sell(rng: &mut ChaCha8Rng, (day, seconds): (usize, u32), market: &Market, account: &mut Account) -> Option<Fill> {
    let place = choose_to_sell(rng, day, market, account)?;
    let position = &account.positions[place];
    let (instrument, available) = (position.instrument, position.quantity - position.bought_today);
    let lot = market.kind_of(instrument).lot;
    let part = if rng.random_bool(0.55) { 1.0 } else { 0.2 + 0.6 * rng.random::<f64>() };
    // Quantities are far below 2^53 pieces.
    let quantity = ((available as f64 * part) as i64 / lot * lot).max(lot).min(available);
    let price = price_of(rng, instrument, day, market);
    let amount = cents(price, quantity);
    let commission = commission(amount);
    let stamp_duty = if market.kind_of(instrument).product_type == "stock" { share(amount, 2_000) } else { 0 };
    account.sell(place, quantity, price, commission + stamp_duty);
    Some(Fill { day, seconds, is_buy: false, instrument, quantity, price, commission, stamp_duty })
}

/// People sell winners sooner than losers: of two positions, mostly the one that has gained more.
fn choose_to_sell(rng: &mut ChaCha8Rng, day: usize, market: &Market, account: &Account) -> Option<usize> {
    let is_free = |place: &usize| account.positions[*place].quantity > account.positions[*place].bought_today;
    let free: Vec<usize> = (0..account.positions.len()).filter(is_free).collect();
    if free.is_empty() {
        return None;
    }
    let (one, other) = (*draw::one(rng, &free), *draw::one(rng, &free));
    let gain = |position: &Position| {
        cents(market.price(position.instrument, day), position.quantity) as f64 / position.cost.max(1) as f64
    };
    let one_gained_more = gain(&account.positions[one]) >= gain(&account.positions[other]);
    Some(if one_gained_more == rng.random_bool(0.65) { one } else { other })
}

/// A price of the day around its close; funds have one price a day.
fn price_of(rng: &mut ChaCha8Rng, instrument: usize, day: usize, market: &Market) -> i64 {
    let (close, kind) = (market.price(instrument, day), market.kind_of(instrument));
    if kind.product_type == "fund" {
        return close;
    }
    on_tick(close as f64 * draw::normal(rng, 0.0, 0.004).exp(), kind.tick)
}

/// .025 %, at least 5 yuan.
fn commission(amount: i64) -> i64 {
    share(amount, 4_000).max(500)
}

/// One part in so many, to the nearest cent.
fn share(amount: i64, parts: i64) -> i64 {
    (amount + parts / 2) / parts
}

impl Fill {
    /// The trade of a client; it gets its identifier when all are known.
    pub(super) fn into_trade(self, spec: &Spec, client: &Client, market: &Market) -> Trade {
        let kind = market.kind_of(self.instrument);
        Trade {
            external_id: String::new(),
            client_no: client.client_no.clone(),
            fund_account_no: client.fund_account_no.clone(),
            executed_at: draw::instant(spec.time_zone, market.days[self.day], self.seconds),
            side: if self.is_buy { "buy" } else { "sell" },
            instrument: market.instruments[self.instrument].code.clone(),
            product_type: kind.product_type,
            quantity: Decimal::from(self.quantity),
            price: Decimal::new(self.price / 10_i64.pow(4 - kind.decimals), kind.decimals),
            amount: Decimal::new(cents(self.price, self.quantity), 2),
            commission: Decimal::new(self.commission, 2),
            stamp_duty: Decimal::new(self.stamp_duty, 2),
            currency: "CNY",
        }
    }
}
