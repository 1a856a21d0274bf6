//! The invented market: bull and bear weeks, the season, and a price path for every instrument.

use chrono::{Datelike, NaiveDate};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{calendar, draw};

/// Chance of a week to turn from bull to bear, and back.
const REVERSALS: (f64, f64) = (0.04, 0.07);
/// How eagerly people trade in each month, against the mean.
const SEASON: [f64; 12] = [0.95, 0.85, 1.15, 1.08, 1.0, 0.95, 1.02, 0.95, 0.97, 0.9, 1.12, 1.0];
/// Price units in one yuan: the finest tick.
pub(super) const UNITS: i64 = 10_000;

/// A kind of product and how its instruments behave.
pub(super) struct Kind {
    /// Code in the API.
    pub product_type: &'static str,
    /// How many instruments there are.
    count: u32,
    first_code: u32,
    /// Chance that a client trades it, relative to the others.
    pub popularity: f64,
    /// Units of price between neighbouring prices.
    pub tick: i64,
    /// Decimals of a price.
    pub decimals: u32,
    /// Pieces in one lot.
    pub lot: i64,
    price_range: (f64, f64),
    /// Move with the market.
    beta: f64,
    /// Daily move of its own.
    noise: f64,
}

/// Every kind of product.
pub(super) const KINDS: [Kind; 5] = [
    Kind {
        product_type: "stock",
        count: 60,
        first_code: 600_800,
        popularity: 60.0,
        tick: 100,
        decimals: 2,
        lot: 100,
        price_range: (4.0, 90.0),
        beta: 1.0,
        noise: 0.019,
    },
    Kind {
        product_type: "etf",
        count: 15,
        first_code: 510_800,
        popularity: 15.0,
        tick: 10,
        decimals: 3,
        lot: 100,
        price_range: (0.8, 5.0),
        beta: 1.0,
        noise: 0.004,
    },
    Kind {
        product_type: "fund",
        count: 12,
        first_code: 162_400,
        popularity: 10.0,
        tick: 1,
        decimals: 4,
        lot: 100,
        price_range: (0.7, 3.5),
        beta: 0.7,
        noise: 0.003,
    },
    Kind {
        product_type: "bond",
        count: 8,
        first_code: 113_800,
        popularity: 6.0,
        tick: 10,
        decimals: 3,
        lot: 10,
        price_range: (95.0, 130.0),
        beta: 0.15,
        noise: 0.003,
    },
    Kind {
        product_type: "option",
        count: 6,
        first_code: 10_009_001,
        popularity: 4.0,
        tick: 1,
        decimals: 4,
        lot: 10_000,
        price_range: (0.05, 0.4),
        beta: 3.0,
        noise: 0.045,
    },
];

/// Something to trade.
pub(super) struct Instrument {
    /// Exchange code.
    pub code: String,
    /// Position in `KINDS`.
    pub kind: usize,
    /// Closing price of every trading day, in units.
    pub prices: Vec<i64>,
}

/// Trading days with what happened on them.
pub(super) struct Market {
    /// In order; the last is the last day of the book.
    pub days: Vec<NaiveDate>,
    /// How eagerly people trade on each day; 1 on average in a bull market.
    pub activity: Vec<f64>,
    /// Whether the week of each day is a bear week.
    pub bear: Vec<bool>,
    /// Return of each day.
    pub returns: Vec<f64>,
    /// Kind by kind.
    pub instruments: Vec<Instrument>,
}

impl Market {
    /// The two years before and including `as_of`.
    pub(super) fn new(seed: u64, as_of: NaiveDate) -> Self {
        let rng = &mut draw::stream(seed, draw::MARKET);
        let mut market = Self {
            days: calendar::trading_days(as_of),
            activity: Vec::new(),
            bear: Vec::new(),
            returns: Vec::new(),
            instruments: Vec::new(),
        };
        market.draw_days(rng);
        for (kind, behaviour) in KINDS.iter().enumerate() {
            for number in 0..behaviour.count {
                let prices = price_path(rng, behaviour, &market.returns);
                let code = format!("{:06}", behaviour.first_code + number);
                market.instruments.push(Instrument { code, kind, prices });
            }
        }
        market
    }

    fn draw_days(&mut self, rng: &mut ChaCha8Rng) {
        let (mut week, mut bear, mut mood) = (None, false, 1.0);
        for day in &self.days {
            if week != Some(day.iso_week()) {
                week = Some(day.iso_week());
                bear ^= rng.random_bool(if bear { REVERSALS.1 } else { REVERSALS.0 });
                mood = if bear { 0.70 } else { 1.15 } * draw::normal(rng, 0.0, 0.08).exp();
            }
            self.activity.push(mood * SEASON[day.month0() as usize]);
            self.bear.push(bear);
            self.returns.push(draw::normal(rng, if bear { -0.0012 } else { 0.0008 }, 0.009));
        }
    }

    /// How an instrument behaves.
    pub(super) fn kind_of(&self, instrument: usize) -> &'static Kind {
        &KINDS[self.instruments[instrument].kind]
    }

    /// Closing price in units.
    pub(super) fn price(&self, instrument: usize, day: usize) -> i64 {
        self.instruments[instrument].prices[day]
    }
}

/// A path around its start: it follows the market, and is drawn back when it has strayed far.
fn price_path(rng: &mut ChaCha8Rng, kind: &Kind, returns: &[f64]) -> Vec<i64> {
    let (low, high) = kind.price_range;
    let start = low.ln() + rng.random::<f64>() * (high / low).ln();
    let beta = kind.beta * draw::normal(rng, 1.0, 0.2);
    let mut level = start;
    returns
        .iter()
        .map(|market| {
            level += beta * market + draw::normal(rng, 0.0, kind.noise) - 0.003 * (level - start);
            on_tick(level.exp() * UNITS as f64, kind.tick)
        })
        .collect()
}

/// The nearest price on the tick, at least ten ticks.
pub(super) fn on_tick(units: f64, tick: i64) -> i64 {
    // Prices are far below 2^53 units.
    ((units / tick as f64).round() as i64).max(10) * tick
}
