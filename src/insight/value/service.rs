//! Use cases of the value score.

use std::collections::HashMap;

use chrono::{Datelike, Duration, Months, NaiveDate};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::model::{ScoredValue, ValueFacts, ValuePolicy};
use super::rules::{self, Forecast};
use super::store::{self, Spans};
use crate::scoring;
use platform::db::Read;
use platform::kernel::clock::{AsOf, TradingCalendar};
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use platform::policies;
use science::History;
use science::ladder::Base;

/// Clients whose record is read by one statement.
const CHUNK: usize = 5_000;
/// Clients the quantiles of a book are taken from, at most twice as many; half a percentile is all that a larger sample
/// would add.
const SAMPLE: i64 = 20_000;

/// The scores of a book, as a scoring run keeps them.
#[derive(Clone, Debug)]
pub struct BookValue {
    /// Version of the policy that scored.
    pub policy_version: i32,
    /// Clients scored: every client, or every n-th of a large book.
    pub clients: usize,
    /// 101 quantiles.
    pub quantiles: Vec<f64>,
}

/// The value of a client at the end of a day by the policy that ruled then, with its parts and what they rest on.
pub async fn score(read: &mut Read, client_id: ClientId, as_of: AsOf) -> Result<ScoredValue, Error> {
    let day = as_of.day(read.calendar());
    let spans = spans(day, read.calendar());
    let (conn, scope) = read.scoped();
    let facts = store::facts(conn, scope, &[client_id.0], &spans).await?;
    let facts = facts.first().ok_or_else(Error::not_found)?;
    let policy = ruling(read, day).await?;
    let store::Context { forecaster, book } = store::context(read.conn(), day).await?;
    let p_silent_90 = match &forecaster {
        Some(_) => scoring::probabilities(read, &[client_id], day, 90).await?.get(&client_id).copied(),
        None => None,
    };
    let forecast = forecaster.as_ref().map(|model| Forecast { base: &model.ladder.base, p_silent_90 });
    let inputs = rules::inputs(&policy, facts, day, forecast);
    let score = rules::score(&policy, &inputs);
    let book = book.filter(|book| book.policy_version == policy.version);
    Ok(ScoredValue {
        client_id,
        as_of: day,
        policy_version: policy.version,
        currency: policy.currency,
        forecaster,
        percentile: book.and_then(|book| Some((rules::percentile(&book.quantiles, score.score)?, book.as_of))),
        inputs,
        score,
    })
}

/// The policy that rules at the end of a day, or now when that is not over.
async fn ruling(read: &mut Read, day: NaiveDate) -> Result<ValuePolicy, Error> {
    let end = read.calendar().end_of(day) - Duration::microseconds(1);
    let instant = end.min(read.now());
    Ok(policies::at::<ValuePolicy>(read, instant).await?.rules)
}

/// What clients would bring in the 12 months after a day if kept, under a model; who brought nothing in the 12 months
/// before it is left out. A statement for all of some thousands.
pub async fn revenue_if_kept(
    read: &mut Read,
    clients: &HashMap<ClientId, History>,
    day: NaiveDate,
    base: &Base,
) -> Result<HashMap<ClientId, Decimal>, Error> {
    let policy = ruling(read, day).await?;
    let ids: Vec<Uuid> = clients.keys().map(|id| id.0).collect();
    let spans = spans(day, read.calendar());
    let mut kept = HashMap::with_capacity(clients.len());
    for chunk in ids.chunks(CHUNK) {
        let brought = store::revenue(read.conn(), chunk, &spans).await?;
        kept.extend(brought.iter().filter_map(|brought| {
            let history = clients.get(&brought.client_id)?;
            Some((brought.client_id, rules::revenue_if_kept(&policy, brought, history, base)?))
        }));
    }
    Ok(kept)
}

/// What a model says of a whole book.
pub struct BookForecast<'a> {
    /// The model of active days.
    pub base: &'a Base,
    /// Probability of no trade in 90 days of everybody who ever traded.
    pub p_silent_90: HashMap<ClientId, f64>,
}

/// The quantiles of the scores of the clients in scope at the end of a day under a model; none of an empty book.
pub async fn book_value(
    read: &mut Read,
    day: NaiveDate,
    forecast: Option<&BookForecast<'_>>,
) -> Result<Option<BookValue>, Error> {
    let policy = ruling(read, day).await?;
    let spans = spans(day, read.calendar());
    let step = (store::client_count(read.conn()).await? / SAMPLE).max(1);
    let clients = store::every_nth_client(read.conn(), step).await?;
    let mut scores = Vec::with_capacity(clients.len());
    for chunk in clients.chunks(CHUNK) {
        let (conn, scope) = read.scoped();
        let facts = store::facts(conn, scope, chunk, &spans).await?;
        let forecast_of = |facts: &ValueFacts| {
            let p_silent_90 = |book: &BookForecast| book.p_silent_90.get(&facts.client_id).copied();
            forecast.map(|book| Forecast { base: book.base, p_silent_90: p_silent_90(book) })
        };
        let score = |facts| rules::score(&policy, &rules::inputs(&policy, facts, day, forecast_of(facts))).score;
        scores.extend(facts.iter().map(score));
    }
    let (policy_version, clients) = (policy.version, scores.len());
    Ok(rules::quantiles(scores).map(|quantiles| BookValue { policy_version, clients, quantiles }))
}

fn spans(day: NaiveDate, calendar: &TradingCalendar) -> Spans {
    let back = |months| day.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN);
    let first_of_month = day.with_day(1).unwrap_or(day);
    Spans {
        day,
        year_from: back(12),
        months_from: first_of_month.checked_sub_months(Months::new(11)).unwrap_or(NaiveDate::MIN),
        half_from: back(6),
        year: (calendar.end_of(back(12)), calendar.end_of(day)),
    }
}
