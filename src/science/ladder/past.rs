//! What a book is asked about itself: windows of its past.

use super::Observed;

/// A book at a cutoff of its past.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Window {
    /// Weeks of what came after the cutoff.
    pub weeks: f64,
    /// Everybody with an active day by then.
    pub clients: Vec<Observed>,
}

/// What a book is asked about itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Past {
    /// Two windows before now: what is learned is first trained here.
    pub earlier: Window,
    /// One window before now, as long as the earlier one: what is learned is compared here.
    pub later: Window,
    /// A horizon before now, as near as the book allows: what won is trained here and serves.
    pub last: Window,
    /// Days for which the book had been watched before the cutoff of `earlier`.
    pub watched_days: u32,
}

/// Lengths of the windows, days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowDays {
    /// Of the earlier and the later one: the horizon, but at most a quarter of the time the book has been watched, so
    /// that twice as much lies before them as in each.
    pub compared: u32,
    /// Of the last one: the horizon, but at most half the time.
    pub last: u32,
}

impl WindowDays {
    /// For a book watched for so long and a forecast over `horizon_days`; `None` for a book too young to tell.
    #[must_use]
    pub fn of(watched_days: u32, horizon_days: u32) -> Option<Self> {
        const LEAST: u32 = 14;
        let of = |share: u32| horizon_days.min(watched_days / share);
        let days = Self { compared: of(4), last: of(2) };
        (days.compared >= LEAST.min(horizon_days)).then_some(days)
    }
}
