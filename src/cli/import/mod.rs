//! `clientele import`

mod error_file;
mod input;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::error_file::ErrorFile;
use self::input::Input;
use super::{Failure, boot};
use intake::imports::{Counts, Format, Import as Running, Kind, Options, Summary};
use platform::config::Config;
use platform::db::Lane;
use platform::kernel::label::Labelled;
use platform::kernel::principal::Caller;

/// Options of `import`.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Import {
    /// What the rows of the file are
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// The file, CSV (the first line names the columns) or NDJSON (an object a line); `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Columns of other names: field=column, with commas between or the option repeated
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',', value_parser = pair)]
    map: Vec<(String, String)>,
    /// Values for columns the file lacks: field=value, with commas between or the option repeated
    #[arg(long, value_name = "FIELD=VALUE", value_delimiter = ',', value_parser = pair)]
    set: Vec<(String, String)>,
    /// Make clients that are not there yet: in the root branch, named by their number
    #[arg(long)]
    create_clients: bool,
    /// Change clients that are there already to what the file says, empty cells aside; another name
    /// or identity document waits for a second person
    #[arg(long)]
    update: bool,
    /// Check and count everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Where the rows come from, part of their identity [default: the file's name]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Fail if any line is rejected (the other lines are applied all the same)
    #[arg(long)]
    strict: bool,
    /// How the file is written [default: by its name, else by its first byte]
    #[arg(long, value_enum)]
    format: Option<Format>,
}

/// Rows that wait for a second person that are told on the screen.
const PENDING_TOLD: usize = 10;

const AFTER_HELP: &str = "\
Examples:
  clientele import clients book.csv --set kind=individual,branch_code=HQ
  clientele import trades t.csv --map client_no=client_id,executed_at=ts --create-clients
  zcat t.ndjson.gz | clientele import trades - --source counter --dry-run

The same file again changes nothing, also after an import that was interrupted. Rejected lines
go to FILE.errors.csv with their number and what is wrong; the other lines are applied. Beside a
running server its database is used.

Fields of clients:
  client_no, name, kind, branch_code or branch_id
  advisor or advisor_id, opened_on, document_type, document_number, phone, email, address
Fields of trades:
  client_no or client_id, executed_at, side, instrument, amount or quantity and price
  external_id, source, fund_account_no, product_type, currency, commission, exchange_fee,
  stamp_duty, transfer_fee, reverses (takes the trade of that external_id back)
Fields of balances:
  client_no or client_id, trade_day, total_assets
  net_assets, cash, market_value, liabilities, fund_account_no, currency, source";

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() && !value.trim().is_empty() => {
            Ok((field.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as field=value".to_owned()),
    }
}

/// Imports a file and says what came of it.
pub async fn run(config: &Config, import: Import) -> Result<ExitCode, Failure> {
    let input = Input::open(&import.file, import.format)?;
    let source_is_explicit = import.source.is_some();
    let source = import.source.unwrap_or_else(|| input.name.clone());
    if !(1..=128).contains(&source.chars().count()) || source.chars().any(char::is_control) {
        return Err("a source is named by 1 to 128 characters: give one with --source NAME".into());
    }
    let options = Options {
        kind: import.kind,
        format: input.format,
        map: import.map,
        set: import.set,
        create_clients: import.create_clients,
        update: import.update,
        dry_run: import.dry_run,
        source,
        source_is_explicit,
        strict: import.strict,
    };
    let booted = boot::boot(config, boot::COMMAND_CONNECTIONS).await?;
    let db = booted.db.lane(Lane::Worker);
    let bar = progress_bar(input.facts.bytes);
    let mut errors = ErrorFile::beside(&import.file);
    let (name, began) = (input.name, Instant::now());
    let caller = Caller::system("import", "command-line");
    let outcome = match Running::start(&db, caller, options, input.facts, input.file).await {
        Ok(running) => take_in(running, &bar, &mut errors).await,
        Err(error) => Err(error.into()),
    };
    bar.finish_and_clear();
    booted.stop().await?;
    let errors = errors.finish()?;
    let (summary, stopped) = outcome?;
    tell(import.kind, &name, &summary, began.elapsed());
    if let Some(errors) = errors {
        println!("{errors}");
    }
    match stopped {
        Some(failure) => Err(failure),
        None => Ok(verdict(&summary.counts, import.strict)),
    }
}

/// Applies the file; what was applied before a failure is printed all the same.
async fn take_in(
    mut running: Running,
    bar: &ProgressBar,
    errors: &mut ErrorFile,
) -> Result<(Summary, Option<Failure>), Failure> {
    let stopped = loop {
        match running.step().await {
            Ok(Some(step)) => {
                bar.set_position(step.bytes);
                bar.set_message(format!("{} rows, {} rejected", running.counts().read, running.counts().rejected));
                errors.add(step.rejected)?;
            }
            Ok(None) => break None,
            Err(error) if running.counts().read == 0 => return Err(error.into()),
            Err(error) => break Some(Failure::from(error)),
        }
    };
    Ok((running.finish().1, stopped))
}

fn progress_bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}  {binary_bytes_per_sec}, {eta} left");
    let bar = ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let target =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    bar.set_draw_target(target);
    bar
}

fn tell(kind: Kind, name: &str, summary: &Summary, took: Duration) {
    let counts = summary.counts;
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
    if counts.pending > 0 {
        println!("  {:<16} {:>12}", "to be approved", counts.pending);
        for row in summary.pending_rows.iter().take(PENDING_TOLD) {
            println!("    line {}: /v1/approvals/{}", row.line, row.pending_change_id);
        }
    }
    println!("  {:<16} {}", "source", summary.source);
    if !summary.ignored_columns.is_empty() {
        println!("  {:<16} {}", "ignored columns", summary.ignored_columns.join(", "));
    }
}

fn verdict(counts: &Counts, strict: bool) -> ExitCode {
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
