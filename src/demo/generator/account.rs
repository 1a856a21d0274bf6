//! A client's money and positions while the book is made. Amounts are in cents, prices in market units.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::draw;
use super::market::{Market, UNITS};
use super::persona::Persona;

/// Chance on any day that money is brought in or taken out.
const TRANSFER_CHANCE: f64 = 0.003;
/// Share of earlier clients with positions from before the book: their sale has no known opening.
const INHERITED_CHANCE: f64 = 0.08;

/// A position.
pub(super) struct Position {
    /// Index in the market.
    pub instrument: usize,
    /// Pieces held.
    pub quantity: i64,
    /// Of these, bought today: what is bought today can be sold tomorrow.
    pub bought_today: i64,
    /// What the pieces held have cost, cents.
    pub cost: i64,
}

/// Cash and positions.
pub(super) struct Account {
    /// Cents, never below 0.
    pub cash: i64,
    /// In order of first purchase.
    pub positions: Vec<Position>,
    /// Financed share of the market value.
    pub financed_share: f64,
}

impl Account {
    /// The account on the client's first day: all in cash, but for those who bring positions along.
    pub(super) fn open(rng: &mut ChaCha8Rng, persona: &Persona, market: &Market) -> Self {
        let financed_share = if persona.uses_margin { 0.1 + 0.25 * rng.random::<f64>() } else { 0.0 };
        // Wealth is far below 2^53 cents.
        let mut account = Self { cash: (persona.wealth * 100.0) as i64, positions: Vec::new(), financed_share };
        if persona.years_before > 0.0 && rng.random_bool(INHERITED_CHANCE) {
            account.inherit(*draw::one(rng, &persona.favourites), market);
        }
        account
    }

    fn inherit(&mut self, instrument: usize, market: &Market) {
        let (price, lot) = (market.price(instrument, 0), market.kind_of(instrument).lot);
        let lots = self.cash / 4 / cents(price, lot);
        if lots > 0 {
            self.buy(instrument, lots * lot, price, 0);
        }
    }

    /// Takes a purchase in; the caller has made sure of the cash.
    pub(super) fn buy(&mut self, instrument: usize, quantity: i64, price: i64, fees: i64) {
        let cost = cents(price, quantity);
        self.cash -= cost + fees;
        match self.positions.iter_mut().find(|position| position.instrument == instrument) {
            Some(position) => {
                position.quantity += quantity;
                position.bought_today += quantity;
                position.cost += cost;
            }
            None => self.positions.push(Position { instrument, quantity, bought_today: quantity, cost }),
        }
    }

    /// Takes a sale in; the caller has made sure of the pieces.
    pub(super) fn sell(&mut self, place: usize, quantity: i64, price: i64, fees: i64) {
        let position = &mut self.positions[place];
        self.cash += cents(price, quantity) - fees;
        position.cost -= position.cost * quantity / position.quantity;
        position.quantity -= quantity;
        if position.quantity == 0 {
            self.positions.remove(place);
        }
    }

    /// What was bought yesterday can be sold today.
    pub(super) fn settle(&mut self) {
        self.positions.iter_mut().for_each(|position| position.bought_today = 0);
    }

    /// Money in and out at the end of a day. Who leaves takes money out while fading, and most of it in the end.
    pub(super) fn move_cash(&mut self, rng: &mut ChaCha8Rng, day: usize, persona: &Persona) {
        match persona.leaves {
            Some(leave) if leave.takes_money && day + leave.decline > leave.day => {
                let share = match day {
                    _ if day == leave.day => 0.95,
                    _ if day < leave.day && rng.random_bool(0.1) => 0.25,
                    _ => 0.0,
                };
                self.cash -= (self.cash as f64 * share) as i64;
            }
            _ if rng.random_bool(TRANSFER_CHANCE) => {
                let amount = (persona.wealth * 10.0 * draw::normal(rng, 0.0, 1.0).exp()) as i64;
                let change = if rng.random_bool(0.55) { amount } else { -amount };
                self.cash = (self.cash + change).max(0);
            }
            _ => {}
        }
    }

    /// What the positions are worth at a day's close, cents.
    pub(super) fn market_value(&self, market: &Market, day: usize) -> i64 {
        self.positions.iter().map(|position| cents(market.price(position.instrument, day), position.quantity)).sum()
    }
}

/// Price × quantity in cents, half a cent up.
pub(super) fn cents(price: i64, quantity: i64) -> i64 {
    let units_per_cent = UNITS / 100;
    (price * quantity + units_per_cent / 2) / units_per_cent
}
