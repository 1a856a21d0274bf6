//! What a load has done so far.

/// What was loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loaded {
    /// Clients.
    pub clients: usize,
    /// Trades.
    pub trades: usize,
    /// Balances.
    pub balances: usize,
    /// Contacts.
    pub interactions: usize,
}

impl Loaded {
    /// Adds what another batch brought.
    pub fn add(&mut self, other: Self) {
        self.clients += other.clients;
        self.trades += other.trades;
        self.balances += other.balances;
        self.interactions += other.interactions;
    }
}
