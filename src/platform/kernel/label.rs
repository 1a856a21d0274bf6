//! Closed enums that name themselves: a stable code for programs, a label in two languages for people.

use super::decision::Text;

/// A closed set of values, each with its code and its label.
pub trait Labelled: Copy + Eq + 'static {
    /// snake_case, as the set is called in lists of labels: `churn_alert_status`.
    const NAME: &'static str;
    /// Every value, in the order they are shown.
    const ALL: &'static [Self];

    /// Stable, snake_case; what the database and the API hold.
    fn code(self) -> &'static str;

    /// What people read.
    fn label(self) -> Text;

    /// The value of a code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}
