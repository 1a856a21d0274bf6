//! Draws from distributions, all from one seeded source.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, Gamma, Poisson, StandardNormal};

/// Stream of the market.
pub(super) const MARKET: u64 = 0;
/// Stream of the firm.
pub(super) const FIRM: u64 = 1;
/// Stream of the first client; the others follow.
pub(super) const FIRST_CLIENT: u64 = 16;

/// An independent stream of the seed's randomness.
pub(super) fn stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// Normal.
pub(super) fn normal(rng: &mut ChaCha8Rng, mean: f64, deviation: f64) -> f64 {
    let standard: f64 = StandardNormal.sample(rng);
    mean + deviation * standard
}

/// Exponential with mean 1.
pub(super) fn exponential(rng: &mut ChaCha8Rng) -> f64 {
    Exp1.sample(rng)
}

/// Gamma; 0 where the parameters make none.
pub(super) fn gamma(rng: &mut ChaCha8Rng, shape: f64, scale: f64) -> f64 {
    Gamma::new(shape, scale).map_or(0.0, |gamma| gamma.sample(rng))
}

/// Poisson; 0 where the mean makes none.
pub(super) fn poisson(rng: &mut ChaCha8Rng, mean: f64) -> u32 {
    // Means are small, so the count fits.
    Poisson::new(mean).map_or(0, |poisson| poisson.sample(rng) as u32)
}

/// One of the given, each as likely as its weight. The first for an empty sum of weights.
pub(super) fn weighted<T: Copy>(rng: &mut ChaCha8Rng, choices: &[(T, f64)]) -> T {
    let mut left = rng.random::<f64>() * choices.iter().map(|(_, weight)| weight).sum::<f64>();
    for (choice, weight) in choices {
        left -= weight;
        if left < 0.0 {
            return *choice;
        }
    }
    choices[0].0
}

/// One of the given, all equally likely.
pub(super) fn one<'a, T>(rng: &mut ChaCha8Rng, choices: &'a [T]) -> &'a T {
    &choices[rng.random_range(0..choices.len())]
}

/// The instant so many seconds after local midnight; shifts to the first one that exists on a day the clock is put on.
pub(super) fn instant(time_zone: Tz, day: NaiveDate, seconds: u32) -> DateTime<Utc> {
    let local = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::seconds(i64::from(seconds));
    let resolve = |local| time_zone.from_local_datetime(&local).earliest();
    let found = resolve(local).or_else(|| resolve(local + TimeDelta::hours(1)));
    found.map_or_else(|| local.and_utc(), |instant| instant.with_timezone(&Utc))
}
