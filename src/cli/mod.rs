//! The command line: the same services as the API. Logs on stderr, results on stdout, errors that say what to do.
#![expect(clippy::print_stdout, reason = "results go to stdout")]

pub mod boot;
#[cfg(feature = "demo")]
mod demo;
mod failure;
mod import;
mod migrate;
mod score;
mod serve;
mod staff;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use self::failure::Failure;
use platform::config::Config;
use platform::kernel::error::Error;
use platform::telemetry;

/// Client management for securities firms: clients, trades and balances come in; what each client needs, is worth, and
/// how likely it is to leave come out.
#[derive(Parser)]
#[command(name = "clientele", version, max_term_width = 110, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

const AFTER_HELP: &str = "Without a command the server starts, as `clientele serve` does.\nStart here: `clientele serve --demo`, then open http://127.0.0.1:8080/docs/";

#[derive(Subcommand)]
enum Command {
    /// Start the server (the default)
    Serve(serve::Serve),
    /// Bring the database schema up to date
    Migrate,
    /// Import clients, trades or balances from a CSV or NDJSON file
    Import(import::Import),
    /// Refit the churn model, rescore every client, open and clear alerts
    Score(score::Score),
    /// Recompute what is kept from trades and balances, and name what differs
    Verify(verify::Verify),
    #[cfg(feature = "demo")]
    /// Load an invented book of clients into an empty database
    Demo(demo::Demo),
    /// Enter staff
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Print the OpenAPI document; needs no database
    Openapi,
}

/// Parses the arguments and runs the command.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start_logging(cli.config.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(code) => code,
        Err(failure) => fail(&failure),
    }
}

async fn dispatch(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command.unwrap_or_else(|| Command::Serve(serve::Serve::from_environment())) {
        Command::Serve(serve) => serve::run(&cli.config, serve).await?,
        Command::Migrate => migrate::run(&cli.config).await?,
        Command::Import(import) => return import::run(&cli.config, import).await,
        Command::Score(score) => return score::run(&cli.config, score).await,
        Command::Verify(verify) => return verify::run(&cli.config, verify).await,
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::run(&cli.config, demo).await?,
        Command::Staff(staff) => staff::run(&cli.config, staff).await?,
        Command::Openapi => print_document()?,
    }
    Ok(ExitCode::SUCCESS)
}

fn print_document() -> Result<(), Failure> {
    println!("{}", serde_json::to_string_pretty(crate::openapi::document())?);
    Ok(())
}

fn fail(failure: &Failure) -> ExitCode {
    if let Some(Error::Refused(refusal)) = failure.downcast_ref::<Error>() {
        let detail = refusal.detail.as_ref().map(|detail| format!(". {}", detail.en)).unwrap_or_default();
        eprintln!("error: {}{detail}", refusal.code.en);
        for fault in &refusal.faults {
            eprintln!("  {} {}", fault.pointer.trim_start_matches(['/', '?']), fault.message.en);
        }
        return ExitCode::FAILURE;
    }
    eprintln!("error: {failure}");
    let mut cause = failure.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
    ExitCode::FAILURE
}
