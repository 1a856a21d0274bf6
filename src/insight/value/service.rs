//! Use cases of the value score.

use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{ValuePolicy, ValueStanding};
use super::rules;
use super::store::{self, Spans};
use crate::platform::db::{Db, Uow};
use crate::platform::kernel::clock::{AsOf, TradingCalendar};
use crate::platform::kernel::error::Error;
use crate::platform::kernel::event::Event;
use crate::platform::kernel::ids::{ClientId, ValuePolicyId};
use crate::platform::kernel::principal::Visibility;
use crate::science::Parameters;

/// Clients whose record is read by one statement.
const CHUNK: usize = 5_000;
/// Clients the quantiles of a book are taken from, at most twice as many; half a percentile is all that a larger sample would add.
const SAMPLE: i64 = 20_000;

/// A client in a scoring run.
#[derive(Clone, Copy, Debug)]
pub struct Assessed {
    /// Who.
    pub client_id: ClientId,
    /// 0–100.
    pub score: f64,
    /// Expected net revenue of 12 months.
    pub clv_12m: Option<Decimal>,
}

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

/// The policy a book starts with, if it has none.
pub async fn seed(uow: &mut Uow) -> Result<(), Error> {
    if store::has_policy(uow.conn()).await? {
        return Ok(());
    }
    let policy = ValuePolicy { currency: uow.db().currency().0.clone(), ..ValuePolicy::default() };
    let (id, now): (ValuePolicyId, _) = (uow.id(), uow.now());
    let rules = serde_json::to_value(&policy).map_err(Error::internal)?;
    if store::insert_policy(uow.conn(), id, policy.version, &rules, now).await? {
        let event = Event::new("value_policy.activated", "value_policy", id.0);
        uow.record(event.data(json!({ "version": policy.version })));
    }
    Ok(())
}

/// The value of a client in sight at the end of a day, with its parts and what they rest on.
pub async fn score(
    db: &Db,
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
    as_of: AsOf,
) -> Result<ValueStanding, Error> {
    let day = as_of.day(db.calendar());
    let facts = store::facts(conn, sight, &[client_id.0], &spans(day, db.calendar())).await?;
    let facts = facts.first().ok_or_else(Error::not_found)?;
    let context = context(conn, day).await?;
    let policy = parsed(context.rules)?;
    let inputs = rules::inputs(&policy, facts, day, context.forecaster.as_ref().map(|model| &model.parameters));
    let score = rules::score(&policy, &inputs);
    let book = context.book.filter(|book| book.policy_version == context.policy_version);
    Ok(ValueStanding {
        client_id,
        as_of: day,
        policy_version: context.policy_version,
        currency: policy.currency,
        forecaster: context.forecaster,
        percentile: book.and_then(|book| Some((rules::percentile(&book.quantiles, score.score)?, book.as_of))),
        inputs,
        score,
    })
}

/// The policy in force and its version.
pub async fn policy(conn: &mut PgConnection, day: NaiveDate) -> Result<(ValuePolicy, i32), Error> {
    let context = context(conn, day).await?;
    Ok((parsed(context.rules)?, context.policy_version))
}

/// Values of clients at the end of a day under a model, a few statements for all.
pub async fn assess(
    db: &Db,
    conn: &mut PgConnection,
    clients: &[Uuid],
    day: NaiveDate,
    parameters: Option<&Parameters>,
) -> Result<Vec<Assessed>, Error> {
    let (policy, _) = policy(conn, day).await?;
    let spans = spans(day, db.calendar());
    let mut assessed = Vec::with_capacity(clients.len());
    for chunk in clients.chunks(CHUNK) {
        let facts = store::facts(conn, &Visibility::firm(), chunk, &spans).await?;
        assessed.extend(facts.iter().map(|facts| {
            let score = rules::score(&policy, &rules::inputs(&policy, facts, day, parameters));
            Assessed { client_id: facts.client_id, score: score.score, clv_12m: score.clv_12m }
        }));
    }
    Ok(assessed)
}

/// The quantiles of the book's scores at the end of a day; none of an empty book.
pub async fn book_value(
    db: &Db,
    conn: &mut PgConnection,
    day: NaiveDate,
    parameters: Option<&Parameters>,
) -> Result<Option<BookValue>, Error> {
    let step = (store::client_count(conn).await? / SAMPLE).max(1);
    let clients = store::every_nth_client(conn, step).await?;
    let (_, policy_version) = policy(conn, day).await?;
    let assessed = assess(db, conn, &clients, day, parameters).await?;
    let scores = assessed.iter().map(|client| client.score).collect();
    Ok(rules::quantiles(scores).map(|quantiles| BookValue { policy_version, clients: assessed.len(), quantiles }))
}

async fn context(conn: &mut PgConnection, day: NaiveDate) -> Result<store::Context, Error> {
    store::context(conn, day).await?.ok_or_else(|| Error::internal("there is no value policy in force"))
}

fn parsed(rules: serde_json::Value) -> Result<ValuePolicy, Error> {
    serde_json::from_value(rules).map_err(Error::internal)
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
