//! What is said about an import that ended.

use std::process::ExitCode;
use std::time::Duration;

use intake::imports::{Column, Counts, Kind, Layout, Summary};
use platform::kernel::label::Labelled;

/// Rows that wait for a second person that are shown.
const PENDING_SHOWN: usize = 10;

/// Prints what came of a file.
pub fn tell(kind: Kind, name: &str, summary: &Summary, took: Duration) {
    let counts = &summary.counts;
    let seconds = took.as_secs_f64().max(0.001);
    // A count of rows is far below 2^52.
    let rate = counts.read as f64 / seconds;
    let done = if summary.dry_run { "Dry run, nothing written: would import" } else { "Imported" };
    println!("{done} {} from {name} in {seconds:.1} s ({rate:.0} rows/s)", kind.code());
    let rows = [
        ("read", counts.read),
        ("accepted", counts.accepted),
        ("already there", counts.duplicate),
        ("rejected", counts.rejected),
        ("clients created", counts.clients_created),
    ];
    // An import of clients makes clients of its own rows only.
    let rows = if kind == Kind::Clients { &rows[..4] } else { &rows[..] };
    for (label, count) in rows {
        println!("  {label:<16} {count:>12}");
    }
    if counts.changed > 0 {
        println!("  {:<16} {:>12}   of those accepted, clients that were there", "changed", counts.changed);
    }
    if counts.pending > 0 {
        println!("  {:<16} {:>12}", "to be approved", counts.pending);
        for row in summary.pending_rows.iter().take(PENDING_SHOWN) {
            println!("    line {}: /v1/approvals/{}", row.line, row.pending_change_id);
        }
    }
    if counts.closing_lines > 0 {
        println!("  {:<16} {:>12}   sums and remarks, passed over", "closing lines", counts.closing_lines);
    }
    if counts.reversed_before > 0 {
        println!("  {:<16} {:>12}   taken back before, not booked anew", "reversed before", counts.reversed_before);
    }
    for (code, count) in &counts.warnings {
        println!("  {:<16} {count:>12}   {code}; accepted all the same", "warnings");
    }
    println!("  {:<16} {}", "source", summary.source);
    if let Some(layout) = &summary.layout {
        println!("  {:<16} {}", "file", laid_out(layout));
    }
    println!("  {:<16} {}", "columns", used(&summary.columns).join("\n                   "));
    if !summary.ignored_columns.is_empty() {
        println!("  {:<16} {}", "ignored columns", summary.ignored_columns.join(", "));
    }
}

/// How a file was read: "GB18030, cells separated by tabs, columns named in line 3".
fn laid_out(layout: &Layout) -> String {
    let separator = layout.separator.map(|separator| match separator {
        ',' => ", cells separated by commas".to_owned(),
        '\t' => ", cells separated by tabs".to_owned(),
        other => format!(", cells separated by {other}"),
    });
    let header = layout.header_line.map(|line| format!(", columns named in line {line}"));
    format!("{}{}{}", layout.encoding, separator.unwrap_or_default(), header.unwrap_or_default())
}

/// The columns that feed something under another name than their own.
fn used(columns: &[Column]) -> Vec<String> {
    let feeding = columns.iter().filter(|column| !column.fields.is_empty());
    feeding
        .map(|column| {
            let examples =
                if column.examples.is_empty() { String::new() } else { format!("   {}", column.examples.join(" · ")) };
            format!("{} -> {}{examples}", column.column, column.fields.join(", "))
        })
        .collect()
}

/// Whether the command failed.
pub fn verdict(counts: &Counts, strict: bool) -> ExitCode {
    if !counts.anything_applied() {
        eprintln!("error: no line of the file could be applied");
        return ExitCode::FAILURE;
    }
    if strict && counts.rejected > 0 {
        eprintln!("error: {} lines were rejected, and the import is strict", counts.rejected);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
