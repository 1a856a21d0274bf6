//! What a report gives: columns that say what they hold, rows, the day they are of.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::kernel::decision::Text;

crate::labels! {
    Unit = "report_unit" "What a column of a report holds" "报表列的单位" {
        Label = "label" "A name or a label" "名称或标签",
        Count = "count" "A number of things" "数量",
        Share = "share" "A share, 0 to 1" "占比，0 至 1",
        Money = "money" "An amount in the book's currency" "金额（本币）",
        Day = "day" "A day" "日期",
    }

    DataClass = "data_class" "How carefully data is to be handled" "数据级别" {
        C1 = "c1" "Internal" "内部",
        C2 = "c2" "Personal, or about a person's money" "个人信息或个人财产信息",
        C3 = "c3" "Secret" "机密",
    }
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Stable, snake_case.
    pub code: &'static str,
    /// Its heading.
    pub label: Text,
    /// What its cells are.
    pub unit: Unit,
    /// How carefully they are to be handled.
    pub class: DataClass,
    /// The column that counts the people behind a cell.
    pub of: Option<&'static str>,
}

impl Column {
    /// A column about nobody in particular.
    pub fn new(code: &'static str, en: &str, zh: &str, unit: Unit) -> Self {
        Self { code, label: Text::new(en, zh), unit, class: DataClass::C1, of: None }
    }

    /// Left out where the column `people` counts too few.
    #[must_use]
    pub fn of(self, people: &'static str) -> Self {
        Self { of: Some(people), ..self }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing to say.
    Empty,
    /// Left out, for the sake of the few it is about.
    Suppressed,
    /// The same in every language.
    Name(String),
    /// In the caller's language.
    Label(Text),
    /// A number of things.
    Count(i64),
    /// 0 to 1.
    Share(f64),
    /// In the book's currency.
    Money(Decimal),
    /// A day.
    Day(NaiveDate),
}

/// Bars: one for each category, cut into series.
#[derive(Clone, Copy, Debug)]
pub struct Chart {
    /// The column that names the bars.
    pub category: &'static str,
    /// The column that names their parts.
    pub series: &'static str,
    /// The column of their lengths: counts or amounts.
    pub value: &'static str,
}

/// A report's answer.
#[derive(Clone, Debug)]
pub struct Table {
    /// What the cells of a row are, in order.
    pub columns: Vec<Column>,
    /// Cells, one a column.
    pub rows: Vec<Vec<Cell>>,
    /// The end of this day, or the present of it.
    pub as_of: NaiveDate,
    /// How it is drawn.
    pub chart: Chart,
}

impl Table {
    /// The place of a column.
    pub fn place(&self, code: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.code == code)
    }

    /// Leaves out what fewer than `least` people stand behind; answers how many cells that were.
    pub fn suppress(&mut self, least: i64) -> u64 {
        let of: Vec<(usize, usize)> =
            (0..self.columns.len()).filter_map(|at| Some((at, self.place(self.columns[at].of?)?))).collect();
        let mut suppressed = 0;
        for row in &mut self.rows {
            // Whether to leave out is decided on the row as it came: a base may itself be left out.
            let few = |base: usize| matches!(row[base], Cell::Count(people) if people < least);
            let hidden: Vec<usize> =
                of.iter().filter(|(at, base)| few(*base) && row[*at] != Cell::Empty).map(|(at, _)| *at).collect();
            for at in hidden {
                row[at] = Cell::Suppressed;
                suppressed += 1;
            }
        }
        suppressed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_few_people_stand_behind_is_left_out() {
        let columns = vec![
            Column::new("people", "People", "人数", Unit::Count),
            Column::new("share", "Share", "占比", Unit::Share).of("people"),
        ];
        let chart = Chart { category: "people", series: "people", value: "people" };
        let row = |people, share: Option<f64>| vec![Cell::Count(people), share.map_or(Cell::Empty, Cell::Share)];
        let rows = vec![row(9, Some(0.1)), row(10, Some(0.2)), row(0, None)];
        let mut table = Table { columns, rows, as_of: NaiveDate::default(), chart };
        assert_eq!(table.suppress(10), 1);
        let shown: Vec<&Cell> = table.rows.iter().map(|row| &row[1]).collect();
        assert_eq!(shown, [&Cell::Suppressed, &Cell::Share(0.2), &Cell::Empty]);
        assert_eq!(table.rows[0][0], Cell::Count(9), "how few they are is said");
    }
}
