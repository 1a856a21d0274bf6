//! `clientele import`

mod error_file;
mod input;
mod report;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::error_file::ErrorFile;
use self::input::Input;
use super::{Failure, boot};
use intake::imports::{Declared, Format, Import as Running, Kind, OnExisting, Options, Separator, Summary, mapping};
use intake::ingestion::MAIN_FEED;
use platform::config::Config;
use platform::db::Lane;
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
    /// A mapping saved at /v1/import-mappings, to read the file by
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// Columns of other names: field=column, with commas between or the option repeated; several
    /// columns that make up one field with + between (executed_at=成交日期+成交时间)
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',', value_parser = pair)]
    map: Vec<(String, String)>,
    /// Codes that words of the file stand for: field:word=code, with commas between or repeated
    #[arg(long, value_name = "FIELD:WORD=CODE", value_delimiter = ',', value_parser = word)]
    value: Vec<(String, String, String)>,
    /// The encoding of the text, as gb18030 or utf-16le [default: found from its bytes]
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// What separates cells [default: found from the first lines]
    #[arg(long, value_enum)]
    separator: Option<Separator>,
    /// Values for columns the file lacks: field=value, with commas between or the option repeated
    #[arg(long, value_name = "FIELD=VALUE", value_delimiter = ',', value_parser = pair)]
    set: Vec<(String, String)>,
    /// Make clients that are not there yet: in the root branch, named by their number
    #[arg(long)]
    create_clients: bool,
    /// What becomes of clients that are there already: changed to what the file says, empty cells
    /// aside (another name or identity document waits for a second person), left, or refused
    /// [default: changed, but a number under another name is refused]
    #[arg(long, value_enum)]
    on_existing: Option<OnExisting>,
    /// Check and count everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// The feed the rows belong to, part of their identity [default: the firm's main feed]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Fail if any line is rejected (the other lines are applied all the same)
    #[arg(long)]
    strict: bool,
    /// How the file is written [default: by its name, else by its first byte]
    #[arg(long, value_enum)]
    format: Option<Format>,
}

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

fn word(text: &str) -> Result<(String, String, String), String> {
    let (word, code) = pair(text)?;
    match word.split_once(':') {
        Some((field, word)) if !word.trim().is_empty() => Ok((field.trim().to_owned(), word.trim().to_owned(), code)),
        _ => Err("write it as field:word=code".to_owned()),
    }
}

/// Imports a file and says what came of it.
pub async fn run(config: &Config, import: Import) -> Result<ExitCode, Failure> {
    let input = Input::open(&import.file, import.format)?;
    let source_is_explicit = import.source.is_some();
    let source = import.source.unwrap_or_else(|| MAIN_FEED.to_owned());
    if !(1..=128).contains(&source.chars().count()) || source.chars().any(char::is_control) {
        return Err("a source is named by 1 to 128 characters: give one with --source NAME".into());
    }
    let mut options = Options {
        kind: import.kind,
        format: input.format,
        declared: Declared {
            map: import.map,
            set: import.set,
            values: import.value,
            encoding: import.encoding,
            separator: import.separator.map(Separator::char),
        },
        create_clients: import.create_clients,
        on_existing: import.on_existing,
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
    if let Some(name) = import.mapping {
        let said = std::mem::take(&mut options.declared);
        options.declared = mapping(&mut db.read(&caller).await?, &name, options.kind, said).await?;
    }
    let outcome = match Running::start(&db, caller, options, input.facts, input.file).await {
        Ok(running) => take_in(running, &bar, &mut errors).await,
        Err(error) => Err(error.into()),
    };
    bar.finish_and_clear();
    booted.stop().await?;
    let errors = errors.finish()?;
    let (summary, stopped) = outcome?;
    report::tell(import.kind, &name, &summary, began.elapsed());
    if let Some(errors) = errors {
        println!("{errors}");
    }
    match stopped {
        Some(failure) => Err(failure),
        None => Ok(report::verdict(&summary.counts, import.strict)),
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
