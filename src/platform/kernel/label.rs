//! Closed enums that name themselves: a stable code for programs, a label in two languages for people.

use super::decision::Text;

/// A closed set of values, each with its code and its label. Made by `platform::labels!`.
pub trait Labelled: Copy + Eq + 'static {
    /// snake_case, as the set is called in lists of labels: `churn_alert_status`.
    const NAME: &'static str;
    /// Every value, in the order they are shown.
    const ALL: &'static [Self];

    /// What the set tells.
    fn title() -> Text;

    /// Stable, snake_case; what the database and the API hold.
    fn code(self) -> &'static str;

    /// What people read.
    fn label(self) -> Text;

    /// The value of a code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}

/// A closed set as a manifest names it, its type left behind.
#[derive(Clone, Copy)]
pub struct LabelSet {
    /// [`Labelled::NAME`].
    pub name: &'static str,
    /// [`Labelled::title`].
    pub title: fn() -> Text,
    /// Code and meaning of every member.
    pub codes: fn() -> Vec<(&'static str, Text)>,
    /// Columns that hold these codes, each `table.column` with a CHECK that lists them.
    pub columns: &'static [&'static str],
}

impl LabelSet {
    /// The set `T`, kept in these columns.
    pub const fn of<T: Labelled>(columns: &'static [&'static str]) -> Self {
        Self { name: T::NAME, title: T::title, codes: codes::<T>, columns }
    }
}

fn codes<T: Labelled>() -> Vec<(&'static str, Text)> {
    T::ALL.iter().map(|member| (member.code(), member.label())).collect()
}
