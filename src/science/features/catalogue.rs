//! What the features are called and what they are signs of.

/// How many features there are.
pub const COUNT: usize = 23;

/// What a feature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// The name it is stored and shown under.
    pub code: &'static str,
    /// What it is a sign of.
    pub family: Family,
    /// What one of it is.
    pub unit: Unit,
}

/// What reasons are summed into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// How long the client has been silent, and whether that is long for them.
    Recency,
    /// How often they trade, how regularly, and whether that changes.
    Frequency,
    /// How much they trade, and whether that changes.
    Amount,
    /// What they trade.
    Breadth,
}

impl Family {
    /// The code, as it is stored and shown.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recency => "recency",
            Self::Frequency => "frequency",
            Self::Amount => "amount",
            Self::Breadth => "breadth",
        }
    }
}

/// The unit of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Days.
    Days,
    /// A number of days, trades or instruments.
    Count,
    /// An amount of money.
    Money,
    /// ln(1 + money).
    LogMoney,
    /// ln(p / (1 − p)).
    LogOdds,
    /// A number without unit.
    Ratio,
}

/// The features, in the order in which [`features`](super::features()) gives them.
#[rustfmt::skip]
pub const FEATURES: [Feature; COUNT] = [
    Feature::new("recency_days", Family::Recency, Unit::Days),
    Feature::new("tenure_days", Family::Frequency, Unit::Days),
    Feature::new("active_days", Family::Frequency, Unit::Count),
    Feature::new("trades", Family::Frequency, Unit::Count),
    Feature::new("log_amount", Family::Amount, Unit::LogMoney),
    Feature::new("mean_amount", Family::Amount, Unit::Money),
    Feature::new("gap_mean", Family::Frequency, Unit::Days),
    Feature::new("gap_variation", Family::Frequency, Unit::Ratio),
    Feature::new("gap_last", Family::Recency, Unit::Days),
    Feature::new("overdue", Family::Recency, Unit::Ratio),
    Feature::new("active_days_30", Family::Frequency, Unit::Count),
    Feature::new("active_days_90", Family::Frequency, Unit::Count),
    Feature::new("active_days_180", Family::Frequency, Unit::Count),
    Feature::new("active_days_365", Family::Frequency, Unit::Count),
    Feature::new("log_amount_30", Family::Amount, Unit::LogMoney),
    Feature::new("log_amount_90", Family::Amount, Unit::LogMoney),
    Feature::new("log_amount_180", Family::Amount, Unit::LogMoney),
    Feature::new("log_amount_365", Family::Amount, Unit::LogMoney),
    Feature::new("active_days_trend", Family::Frequency, Unit::Ratio),
    Feature::new("amount_trend", Family::Amount, Unit::Ratio),
    Feature::new("sell_share", Family::Breadth, Unit::Ratio),
    Feature::new("instruments", Family::Breadth, Unit::Count),
    Feature::new("clumpiness", Family::Recency, Unit::Ratio),
];

/// Places of the three classic features, for the model that every other must beat: recency, frequency, monetary value.
pub const RFM: [usize; 3] = [0, 2, 4];

impl Feature {
    pub(super) const fn new(code: &'static str, family: Family, unit: Unit) -> Self {
        Self { code, family, unit }
    }
}
