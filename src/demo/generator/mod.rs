//! A demonstration book: an invented firm with its branches, advisors and clients, and two years of trades, balances
//! and interactions that behave like a real book — tiers spread log-normally, bull and bear weeks, holidays,
//! favourites, winners sold too early, and clients who trade less and less for three to eight weeks before they leave.
//!
//! The same `Spec` always gives the same book. Every client has an own stream of randomness: client 7 is the same in a
//! book of 10 and of 10 000, but for the advisor. Names are invented; documents carry valid check digits in a region
//! (99) that does not exist; phone numbers are of a range no person has; instrument codes look like an exchange's, but
//! neither they nor their prices mean a real security.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "invented amounts and counts lie far within every type"
)]

mod account;
mod balances;
mod calendar;
mod documents;
mod draw;
mod interactions;
mod market;
mod names;
mod people;
mod persona;
mod record;
mod trading;

#[cfg(test)]
mod tests;

pub use record::{Balance, Book, Branch, Client, ClientFile, Firm, Interaction, Spec, Staff, Trade};

use account::Account;
use market::Market;
use people::Advisors;
use persona::Persona;

/// A book being made, client by client.
pub struct Generator {
    spec: Spec,
    market: Market,
    firm: Firm,
    advisors: Advisors,
}

/// The whole book at once: some 75 trades and 35 balances a client.
pub fn generate(spec: &Spec) -> Book {
    let generator = Generator::new(spec);
    let mut book = Book { firm: generator.firm.clone(), ..Book::default() };
    for file in generator.clients() {
        book.clients.push(file.client);
        book.trades.extend(file.trades);
        book.balances.extend(file.balances);
        book.interactions.extend(file.interactions);
    }
    book
}

impl Generator {
    /// The market and the firm; clients follow by `clients`.
    pub fn new(spec: &Spec) -> Self {
        let market = Market::new(spec.seed, spec.as_of);
        let firm = people::make(spec.seed, spec.clients);
        Self { spec: spec.clone(), market, advisors: Advisors::of(&firm), firm }
    }

    /// The firm's branches and staff.
    pub fn firm(&self) -> &Firm {
        &self.firm
    }

    /// Every client with all that belongs to the client, one at a time, for books too large to hold.
    pub fn clients(&self) -> impl Iterator<Item = ClientFile> {
        (0..self.spec.clients).map(|index| self.client(index))
    }

    fn client(&self, index: u32) -> ClientFile {
        let mut rng = draw::stream(self.spec.seed, draw::FIRST_CLIENT + u64::from(index));
        let persona = Persona::draw(&mut rng, &self.market);
        let client = persona::client(&mut rng, index, &persona, &self.market, &self.advisors);
        let mut account = Account::open(&mut rng, &persona, &self.market);
        let mut history = balances::History::new(&self.market);
        let mut trades = Vec::new();
        for day in persona.first_day..self.market.days.len() {
            let fills = trading::trade_day(&mut rng, day, &persona, &self.market, &mut account);
            trades.extend(fills.into_iter().map(|fill| fill.into_trade(&self.spec, &client, &self.market)));
            account.move_cash(&mut rng, day, &persona);
            history.note(day, &account, &self.market, &client);
        }
        number(&client, &mut trades);
        let interactions = interactions::make(&mut rng, &self.spec, &client, &persona, &self.market);
        let left_on = persona.leaves.and_then(|leave| self.market.days.get(leave.day)).copied();
        ClientFile { client, trades, balances: history.balances, interactions, left_on }
    }
}

fn number(client: &Client, trades: &mut [Trade]) {
    for (ordinal, trade) in (1..).zip(trades) {
        trade.external_id = format!("demo-{}-{ordinal:05}", client.client_no);
    }
}
