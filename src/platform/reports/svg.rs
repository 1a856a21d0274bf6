//! A report as a picture: title and legend on top, one bar for each category, cut into series.

use plotters::coord::Shift;
use plotters::coord::ranged1d::SegmentValue;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ReportInfo;
use super::table::{Cell, Table};
use crate::http::Language;
use crate::kernel::decision::Text;
use crate::kernel::error::Error;

/// Distinguished by people who see fewer colours (Okabe and Ito), dark text readable on each.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(120, 120, 120),
];
/// Bars of a picture that can still be read; the table has them all.
const MOST_BARS: usize = 40;
const WIDTH: u32 = 960;
const BAR_HEIGHT: u32 = 30;
/// Title and legend.
const HEAD: u32 = 76;
/// The axis below the bars, and margins.
const FOOT: u32 = 84;
const MARGIN: i32 = 12;
/// Figures below the bars and what they are.
const AXIS: u32 = 44;
const NAMES_WIDTH: u32 = 190;
const FONT: &str = "sans-serif";

/// A bar: its name and the length of each series.
#[derive(Default)]
struct Bar {
    name: String,
    parts: Vec<f64>,
    /// Whether too few people stand behind a part.
    suppressed: bool,
}

/// What stands above and below the bars.
struct Words<'a> {
    title: String,
    unit: &'a str,
    note: Option<&'a str>,
}

/// Draws a table.
pub fn render(info: &ReportInfo, table: &Table, language: Language) -> Result<String, Error> {
    let (bars, series) = bars(table, language);
    let unit = table.place(table.chart.value).map(|at| language.of(&table.columns[at].label)).unwrap_or_default();
    let note = Text::new("* too few to be shown", "* 人数过少，不予显示");
    let words = Words {
        title: format!("{} · {}", language.of(&info.title()), table.as_of),
        unit,
        note: bars.iter().any(|bar| bar.suppressed).then(|| language.of(&note)),
    };
    let mut picture = String::new();
    draw(&mut picture, &words, &bars, &series).map_err(|fault| Error::internal(format!("no picture: {fault}")))?;
    Ok(picture)
}

/// Bars and series in the order in which the table first names them; what is left out has no length.
fn bars(table: &Table, language: Language) -> (Vec<Bar>, Vec<String>) {
    let places = [table.chart.category, table.chart.series, table.chart.value].map(|code| table.place(code));
    let [Some(category), Some(part), Some(value)] = places else { return (Vec::new(), Vec::new()) };
    let (mut bars, mut series) = (Vec::<Bar>::new(), Vec::<String>::new());
    for row in &table.rows {
        let (name, part, length) = (name(&row[category], language), name(&row[part], language), length(&row[value]));
        let at = series.iter().position(|known| *known == part).unwrap_or_else(|| {
            series.push(part);
            series.len() - 1
        });
        let bar = bars.iter().position(|bar| bar.name == name).unwrap_or_else(|| {
            bars.push(Bar { name, ..Bar::default() });
            bars.len() - 1
        });
        let bar = &mut bars[bar];
        bar.parts.resize(bar.parts.len().max(at + 1), 0.0);
        bar.parts[at] += length;
        bar.suppressed |= row[value] == Cell::Suppressed;
    }
    bars.truncate(MOST_BARS);
    (bars, series)
}

fn name(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Name(name) => name.clone(),
        Cell::Label(label) => language.of(label).to_owned(),
        Cell::Count(count) => count.to_string(),
        Cell::Day(day) => day.to_string(),
        _ => "–".to_owned(),
    }
}

fn length(cell: &Cell) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    match cell {
        // A picture needs no more than 53 bits.
        Cell::Count(count) => *count as f64,
        Cell::Money(amount) => amount.to_f64().unwrap_or_default(),
        Cell::Share(share) => *share,
        _ => 0.0,
    }
}

type Drawn = Result<(), DrawingAreaErrorKind<<SVGBackend<'static> as DrawingBackend>::ErrorType>>;

fn draw(picture: &mut String, words: &Words, bars: &[Bar], series: &[String]) -> Drawn {
    let last = u32::try_from(bars.len()).unwrap_or_default().saturating_sub(1);
    let size = (WIDTH, HEAD + BAR_HEIGHT * (last + 1) + FOOT);
    let area = SVGBackend::with_string(picture, size).into_drawing_area();
    area.fill(&WHITE)?;
    let (head, body) = area.split_vertically(HEAD);
    draw_head(&head, words, series)?;
    let longest = bars.iter().map(|bar| bar.parts.iter().sum()).fold(0.0, f64::max).max(1.0);
    let mut chart = ChartBuilder::on(&body)
        .margin(MARGIN)
        .x_label_area_size(AXIS)
        .y_label_area_size(NAMES_WIDTH)
        .build_cartesian_2d(0.0..longest * 1.05, (0..last).into_segmented())?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_label_formatter(&|_| String::new())
        .x_labels(8)
        .x_label_formatter(&|value: &f64| if value.fract() == 0.0 { format!("{value:.0}") } else { String::new() })
        .x_label_style((FONT, 14))
        .x_desc(words.unit)
        .axis_desc_style((FONT, 14))
        .light_line_style(WHITE)
        .draw()?;
    for at in 0..series.len() {
        let rectangles = (0..=last).zip(bars).filter_map(|(row, bar)| {
            let (from, length) = (bar.parts.iter().take(at).sum::<f64>(), *bar.parts.get(at)?);
            let row = last - row;
            let corners = [(from, SegmentValue::Exact(row)), (from + length, SegmentValue::Exact(row + 1))];
            let mut rectangle = Rectangle::new(corners, colour(at).filled());
            rectangle.set_margin(4, 4, 0, 0);
            (length > 0.0).then_some(rectangle)
        });
        chart.draw_series(rectangles)?;
    }
    draw_names(&area, bars, size.1)?;
    body.present()
}

/// A name before each bar, the first on top. (The axis itself names no bar that stands alone.)
fn draw_names(area: &DrawingArea<SVGBackend<'_>, Shift>, bars: &[Bar], height: u32) -> Drawn {
    let style = (FONT, 14).into_text_style(area).pos(Pos::new(HPos::Right, VPos::Center));
    let (top, halves) = (HEAD.cast_signed() + MARGIN, 2 * i32::try_from(bars.len()).unwrap_or(i32::MAX / 2));
    let space = height.cast_signed() - top - MARGIN - AXIS.cast_signed();
    for (at, bar) in (0..).zip(bars) {
        let middle = (NAMES_WIDTH.cast_signed() + MARGIN - 8, top + space * (2 * at + 1) / halves);
        area.draw(&plotters::element::Text::new(label(bar), middle, style.clone()))?;
    }
    Ok(())
}

/// The title, and below it the legend in one line and the note, if there is one.
fn draw_head(head: &DrawingArea<SVGBackend<'_>, Shift>, words: &Words, series: &[String]) -> Drawn {
    let centred = Pos::new(HPos::Center, VPos::Center);
    let title = (FONT, 20).into_text_style(head).pos(centred);
    head.draw(&plotters::element::Text::new(words.title.as_str(), (WIDTH.cast_signed() / 2, 24), title))?;
    let style = (FONT, 14).into_text_style(head).pos(Pos::new(HPos::Left, VPos::Center));
    let mut x = NAMES_WIDTH.cast_signed() + MARGIN;
    for (at, part) in series.iter().enumerate() {
        head.draw(&Rectangle::new([(x, 52), (x + 12, 64)], colour(at).filled()))?;
        head.draw(&plotters::element::Text::new(part.as_str(), (x + 18, 58), style.clone()))?;
        x += 18 + width(part) * 8 + 20;
    }
    if let Some(note) = words.note {
        head.draw(&plotters::element::Text::new(note, (x, 58), style))?;
    }
    Ok(())
}

fn colour(series: usize) -> RGBColor {
    COLOURS[series % COLOURS.len()]
}

/// In columns of a fixed-width font: a Chinese character takes two.
fn width(text: &str) -> i32 {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn label(bar: &Bar) -> String {
    if bar.suppressed { format!("{} *", short(&bar.name)) } else { short(&bar.name) }
}

/// A name that fits beside its bar.
fn short(name: &str) -> String {
    let mut left = 24;
    let fits = name.chars().take_while(|c| {
        left -= width(c.encode_utf8(&mut [0; 4]));
        left >= 0
    });
    let kept: String = fits.collect();
    if kept.len() < name.len() { format!("{kept}…") } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_to_its_place() {
        assert_eq!(short("上海"), "上海");
        assert_eq!(short(&"上".repeat(20)), format!("{}…", "上".repeat(12)));
    }

    #[test]
    fn nothing_to_draw_and_marks_of_the_language_do_no_harm() -> Result<(), Box<dyn std::error::Error>> {
        let words = |title: &str| Words { title: title.to_owned(), unit: "客户数", note: Some("* 不予显示") };
        let mut empty = String::new();
        draw(&mut empty, &words("<&>"), &[], &[])?;
        assert!(empty.contains("&lt;&amp;&gt;") && !empty.contains("<&>"), "{empty}");
        let bars = [Bar { name: "甲<b>".to_owned(), parts: vec![3.0, 1.0], suppressed: true }];
        let mut picture = String::new();
        draw(&mut picture, &words("标题"), &bars, &["一".to_owned(), "二".to_owned()])?;
        assert!(picture.contains("标题") && picture.contains("甲&lt;b&gt; *") && picture.contains('二'), "{picture}");
        Ok(())
    }
}
