//! `clientele score`

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use clap::Args;
use clap::builder::RangedI64ValueParser;
use indicatif::ProgressBar;
use serde::Deserialize;

use super::{Failure, boot};
use crate::app;
use insight::scoring::{self, AlertCounts, Evaluation, FitSummary, Quality};
use platform::config::Config;
use platform::db::Db;
use platform::kernel::label::Labelled;
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
        tell(&serde_json::from_value(result)?, score.horizon_days, began.elapsed());
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

/// What came of a run, as the job answers it.
#[derive(Deserialize)]
struct Scored {
    as_of: NaiveDate,
    clients: u64,
    fit: FitSummary,
    alerts: AlertCounts,
    evaluation: Option<Evaluation>,
}

fn tell(scored: &Scored, horizon_days: u32, took: Duration) {
    println!("Scored {} clients as of {} in {:.1} s", scored.clients, scored.as_of, took.as_secs_f64());
    tell_all("model", &model(&scored.fit));
    tell_all("alerts", &alerts(&scored.alerts));
    tell_all("evaluation", &evaluation(scored, horizon_days));
}

fn tell_all(heading: &str, lines: &[String]) {
    for (line, heading) in lines.iter().zip(std::iter::once(heading).chain(std::iter::repeat(""))) {
        println!("  {heading:<10} {line}");
    }
}

/// The step that serves, what it was preferred to, and why a higher one does not serve.
fn model(fit: &FitSummary) -> Vec<String> {
    let Some(kind) = fit.kind else {
        let code = fit.code.as_deref().unwrap_or_default();
        return vec![format!("none ({code}): nobody is scored, and no alert opens")];
    };
    let mut lines = vec![kind.label().en];
    if let Some(by) = &fit.comparison {
        let (clients, learned, base) = (by.clients, by.auc_learned, by.auc_base);
        lines.push(format!(
            "on {clients} active clients of its own past: AUC {learned:.4} learned, {base:.4} without labels"
        ));
    }
    lines.extend(fit.not_learned.as_ref().map(|code| format!("nothing learned from its own past serves: {code}")));
    match (fit.r, fit.alpha, fit.a, fit.b, fit.log_likelihood) {
        (Some(r), Some(alpha), Some(a), Some(b), Some(likelihood)) => {
            lines.push(format!("MBG/NBD: r = {r:.6}, alpha = {alpha:.6}, a = {a:.6}, b = {b:.6}"));
            let repeaters = fit.repeaters;
            lines.push(format!("log-likelihood {likelihood:.4}, {repeaters} clients with repeated activity"));
        }
        _ => lines.push(format!("MBG/NBD not identified: {}", fit.code.as_deref().unwrap_or_default())),
    }
    lines
}

fn alerts(alerts: &AlertCounts) -> Vec<String> {
    let AlertCounts { applied, opened, raised, kept, cleared, expired } = alerts;
    if !applied {
        return vec!["none touched: the book was scored as of a later day before".to_owned()];
    }
    vec![format!("{opened} opened, {raised} raised, {kept} kept, {cleared} cleared, {expired} expired")]
}

fn evaluation(scored: &Scored, horizon_days: u32) -> Vec<String> {
    let Some(evaluation) = &scored.evaluation else {
        return vec![match scored.clients {
            0 => "none: no client had traded by then".to_owned(),
            _ => format!("none: the {horizon_days} days after that day are not in the book yet"),
        }];
    };
    let active_days = evaluation.active_days.unwrap_or(horizon_days);
    let active = format!("clients active in the last {active_days} days");
    [(active.as_str(), &evaluation.active), ("all clients", &evaluation.all)]
        .map(|(who, quality)| on(who, quality))
        .into()
}

fn on(who: &str, quality: &Quality) -> String {
    let figure = |figure: Option<f64>| figure.map_or("-".to_owned(), |figure| format!("{figure:.4}"));
    let Quality { n, silent_rate, auc_p_silent, auc_recency, auc_rfm, brier } = quality;
    let (recency, silent) = (figure(*auc_recency), figure(*silent_rate));
    let rfm = auc_rfm.map_or(String::new(), |auc| format!(", with frequency and amount {auc:.4}"));
    match auc_p_silent {
        Some(auc) => format!(
            "{who}: n = {n}, AUC {auc:.4} (recency alone {recency}{rfm}), Brier {}, fell silent {silent}",
            figure(*brier)
        ),
        None => format!("{who}: n = {n}, AUC of recency alone {recency}{rfm}; no model, fell silent {silent}"),
    }
}

#[cfg(test)]
mod tests {
    use insight::scoring::ChurnModelKind;

    use super::*;

    /// One sentence never denies another: each is made from the outcome alone.
    #[test]
    fn every_outcome_has_its_own_words() {
        let scored = |clients, evaluation| Scored {
            as_of: NaiveDate::default(),
            clients,
            fit: FitSummary { code: Some("too_few_clients".to_owned()), ..FitSummary::default() },
            alerts: AlertCounts { applied: true, expired: 202, ..AlertCounts::default() },
            evaluation,
        };
        let quality = Quality { n: 7, auc_recency: Some(0.6), silent_rate: Some(0.5), ..Quality::default() };
        let judged = Evaluation { active_days: Some(90), active: quality, all: quality };
        let none = scored(7, Some(judged));
        assert_eq!(model(&none.fit), ["none (too_few_clients): nobody is scored, and no alert opens"]);
        assert_eq!(alerts(&none.alerts), ["0 opened, 0 raised, 0 kept, 0 cleared, 202 expired"]);
        let said = evaluation(&none, 180);
        assert!(said[0].contains("last 90 days: n = 7, AUC of recency alone 0.6000; no model"), "{said:?}");
        assert_eq!(evaluation(&scored(0, None), 90), ["none: no client had traded by then"]);
        assert!(evaluation(&scored(7, None), 90)[0].contains("90 days after that day are not in the book yet"));
        let rhythm = FitSummary { kind: Some(ChurnModelKind::Rhythm), ..none.fit };
        assert!(model(&rhythm)[0].starts_with("Own rhythm") && model(&rhythm)[1].contains("not identified"));
        let earlier = AlertCounts::default();
        assert_eq!(alerts(&earlier), ["none touched: the book was scored as of a later day before"]);
    }
}
