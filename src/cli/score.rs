//! `clientele score`

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use clap::Args;
use clap::builder::RangedI64ValueParser;
use indicatif::ProgressBar;
use serde_json::Value;

use super::{Failure, boot};
use crate::app;
use insight::scoring;
use platform::config::Config;
use platform::db::Db;
use platform::kernel::principal::Caller;
use platform::worker::{Job, JobState};

/// Options of `score`.
#[derive(Args)]
pub struct Score {
    /// Score the book as of the end of this trading day [default: yesterday]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    as_of: Option<NaiveDate>,
    /// Days over which silence is forecast, 1 to 730
    #[arg(long = "horizon", value_name = "DAYS", default_value_t = scoring::DEFAULT_HORIZON_DAYS, value_parser = horizon())]
    horizon_days: u32,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> Result<NaiveDate, &'static str> {
    text.parse().map_err(|_| "write the day as YYYY-MM-DD")
}

fn horizon() -> RangedI64ValueParser<u32> {
    let (least, most) = scoring::HORIZON_DAYS.into_inner();
    RangedI64ValueParser::new().range(i64::from(least)..=i64::from(most))
}

/// Refits the model, rescores every client, opens and clears alerts; waits and says what came of it.
pub async fn run(config: &Config, score: Score) -> Result<ExitCode, Failure> {
    let booted = boot::boot(config, boot::COMMAND_CONNECTIONS).await?;
    let began = Instant::now();
    let spinner = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    spinner.set_message("fitting and scoring");
    spinner.enable_steady_tick(Duration::from_millis(100));
    let outcome = scored(&booted.db, score.as_of, score.horizon_days).await;
    spinner.finish_and_clear();
    booted.stop().await?;
    let job = outcome?;
    let result = job.result.unwrap_or_default();
    if job.state == JobState::Failed {
        let code = job.error_code.unwrap_or_default();
        return Err(format!("the scoring run failed ({code}): the log above says more").into());
    }
    if score.json {
        println!("{}", serde_json::to_string_pretty(&result)?);
    } else {
        tell(&result, score.horizon_days, began.elapsed());
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks for a run and waits for it; whichever worker is free does it.
pub async fn scored(db: &Db, as_of: Option<NaiveDate>, horizon_days: u32) -> Result<Job, Failure> {
    let mut uow = db.begin(&Caller::system("command-line", "command-line")).await?;
    let job_id = scoring::request_run(&mut uow, as_of, horizon_days).await?;
    uow.finish(()).await?;
    Ok(app::runner(db).wait_for(job_id).await?)
}

fn tell(result: &Value, horizon_days: u32, took: Duration) {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    println!("Scored {} clients as of {} in {:.1} s", result["clients"], text(&result["as_of"]), took.as_secs_f64());
    let fit = &result["fit"];
    match fit["r"].as_f64() {
        Some(_) => {
            let parameter = |name: &str| format!("{name} = {:.6}", fit[name].as_f64().unwrap_or_default());
            println!("  model      MBG/NBD: {}", ["r", "alpha", "a", "b"].map(parameter).join(", "));
            let likelihood = fit["log_likelihood"].as_f64().unwrap_or_default();
            println!(
                "             log-likelihood {likelihood:.4}, {} clients with repeated activity",
                fit["repeaters"]
            );
        }
        None => {
            println!("  model      not identified ({}): scores stay empty, alerts stay as they are", text(&fit["code"]))
        }
    }
    let alerts = &result["alerts"];
    let count = |name: &str| format!("{} {name}", alerts[name]);
    println!("  alerts     {}", ["opened", "raised", "kept", "cleared", "expired"].map(count).join(", "));
    if alerts["applied"] == false {
        println!("             none touched: the book was scored as of a later day before");
    }
    match &result["evaluation"] {
        Value::Null => {
            println!("  evaluation none: the {horizon_days} days after that day are not in the book yet");
        }
        evaluation => {
            let populations = [
                ("active", format!("clients active in the last {horizon_days} days")),
                ("all", "all clients".to_owned()),
            ];
            for (population, label) in populations {
                let quality = &evaluation[population];
                let figure =
                    |name: &str| quality[name].as_f64().map_or("-".to_owned(), |figure| format!("{figure:.4}"));
                println!(
                    "  evaluation {label}: n = {}, AUC {} (recency alone {}), Brier {}, fell silent {}",
                    quality["n"],
                    figure("auc_p_silent"),
                    figure("auc_recency"),
                    figure("brier"),
                    figure("silent_rate")
                );
            }
        }
    }
}
