//! Deciding tiers, for many clients at once.

use std::collections::HashSet;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::model::*;
use super::{rules, store};
use book::clients;
use book::trades::{self, ClientLocks};
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::{ClientId, TierPolicyId};
use platform::kernel::principal::Visibility;
use platform::policies::{self, Stored};

/// Periods an answer shows at most.
const HISTORY: u32 = 100;

/// Decides the tiers of clients anew, as of a day. Most stay as they are, so it looks first, takes the turns of those
/// that seem to move only, and looks again. Not to be called by whoever holds turns already.
pub async fn reassess(uow: &mut Uow, clients: &[ClientId], as_of: NaiveDate) -> Result<Vec<TierMove>, Error> {
    let policy = policies::now::<TierPolicy>(uow).await?;
    let seem_to_move = changes(uow, &policy.rules, clients, as_of).await?;
    if seem_to_move.is_empty() {
        return Ok(Vec::new());
    }
    let clients: Vec<ClientId> = seem_to_move.into_iter().map(|period| period.client_id).collect();
    let turns = trades::lock_clients(uow, clients.clone()).await?;
    reassess_in_turn(uow, &turns, &clients, as_of).await
}

/// Decides anew after trades were booked. Of what a decision rests on, trades move the active days only, and only those
/// within the policy's frequency window count; so it concerns clients with such a day turned, and those without a tier.
pub async fn reassess_after_trades(
    uow: &mut Uow,
    turns: &ClientLocks,
    unassigned: Vec<ClientId>,
    turned: &[(ClientId, NaiveDate)],
) -> Result<Vec<TierMove>, Error> {
    let today = uow.db().calendar().day_of(uow.now());
    if unassigned.is_empty() && turned.is_empty() {
        return Ok(Vec::new());
    }
    let policy = policies::now::<TierPolicy>(uow).await?;
    let from = today.checked_sub_days(Days::new(policy.rules.frequency.days.into())).unwrap_or(today);
    let recent = turned.iter().filter(|(_, day)| *day > from && *day <= today).map(|(client_id, _)| *client_id);
    let concerned: HashSet<ClientId> = recent.chain(unassigned).collect();
    let concerned: Vec<ClientId> = concerned.into_iter().collect();
    decide(uow, turns, &policy, &concerned, today).await
}

/// Decides the tiers of clients whose turns are taken.
pub async fn reassess_in_turn(
    uow: &mut Uow,
    turns: &ClientLocks,
    clients: &[ClientId],
    as_of: NaiveDate,
) -> Result<Vec<TierMove>, Error> {
    let policy = policies::now::<TierPolicy>(uow).await?;
    decide(uow, turns, &policy, clients, as_of).await
}

async fn decide(
    uow: &mut Uow,
    _turns: &ClientLocks,
    policy: &Stored<TierPolicy>,
    clients: &[ClientId],
    as_of: NaiveDate,
) -> Result<Vec<TierMove>, Error> {
    let periods = changes(uow, &policy.rules, clients, as_of).await?;
    if periods.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<&NewPeriod> = periods.iter().collect();
    store::close_periods(uow.conn(), &rows).await?;
    store::open_periods(uow.conn(), TierPolicyId(policy.policy_id.0), &rows).await?;
    let moves: Vec<TierMove> = periods.iter().filter_map(NewPeriod::tier_move).collect();
    let columns: Vec<(ClientId, Tier)> = moves.iter().map(|step| (step.client_id, step.to)).collect();
    clients::set_tiers(uow, &columns).await?;
    for period in periods.iter().filter(|period| period.tier_move().is_some()) {
        let data = json!({ "from": period.from, "to": period.decision.tier, "rule": period.decision.rule });
        let event = Event::new("client.tier_changed", "tier_assignment", period.tier_assignment_id.0);
        uow.record(event.of_client(period.client_id).data(data));
    }
    Ok(moves)
}

/// The periods that would have to be opened.
async fn changes(
    uow: &mut Uow,
    policy: &TierPolicy,
    clients: &[ClientId],
    as_of: NaiveDate,
) -> Result<Vec<NewPeriod>, Error> {
    if clients.is_empty() {
        return Ok(Vec::new());
    }
    let measured = store::measure(uow.conn(), clients, policy, as_of).await?;
    let today = uow.db().calendar().day_of(uow.now());
    let mut periods: Vec<NewPeriod> = measured.into_iter().filter_map(|one| change(uow, policy, one, today)).collect();
    // In one order for everybody who writes about several clients.
    periods.sort_unstable_by_key(|period| period.client_id);
    Ok(periods)
}

fn change(uow: &Uow, policy: &TierPolicy, measured: Measured, today: NaiveDate) -> Option<NewPeriod> {
    let Measured { client_id, inputs, current } = measured;
    let decision = rules::decide(policy, &inputs);
    let new = (decision.rung.as_str(), decision.tier, decision.service_level, decision.status);
    let old = current.as_ref().map(|c| (c.rung.as_str(), c.tier, c.service_level, c.standing));
    if old == Some(new) {
        return None;
    }
    let same_rung = current.as_ref().filter(|current| current.rung == decision.rung);
    Some(NewPeriod {
        client_id,
        tier_assignment_id: uow.id(),
        rung_since: same_rung.map_or(today, |current| current.since),
        valid_from: after(current.as_ref(), uow.now()),
        replaces: current.as_ref().map(|current| current.tier_assignment_id),
        from: current.as_ref().map(|current| current.tier),
        inputs,
        decision,
    })
}

/// Now; or, when a unit of work that began later came first, just after what it wrote: periods follow one another.
fn after(current: Option<&Current>, now: DateTime<Utc>) -> DateTime<Utc> {
    current.map_or(now, |current| now.max(current.valid_from + Duration::microseconds(1)))
}

impl NewPeriod {
    fn tier_move(&self) -> Option<TierMove> {
        let to = self.decision.tier;
        (self.from != Some(to)).then_some(TierMove { client_id: self.client_id, from: self.from, to })
    }
}

/// A client's assignment, with what speaks for it today; none while nothing is known of the client.
pub async fn current(
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
    today: NaiveDate,
) -> Result<Option<TierToday>, Error> {
    match store::history(conn, sight, client_id, DateTime::<Utc>::MAX_UTC, 1).await?.pop() {
        Some(standing) => measured(conn, client_id, standing, today).await.map(Some),
        None => Ok(None),
    }
}

/// A client's assignments just before an instant, newest first; and the one that held, with what speaks for it at the
/// end of a day.
pub async fn history(
    read: &mut Read,
    client_id: ClientId,
    before: DateTime<Utc>,
    day: NaiveDate,
) -> Result<(Option<TierToday>, Vec<TierStanding>), Error> {
    clients::visible(read, client_id).await?;
    let (conn, sight) = read.scoped();
    let periods = store::history(conn, sight, client_id, before, HISTORY).await?;
    let current = match periods.first() {
        Some(standing) if standing.valid_to.is_none_or(|end| end >= before) => {
            Some(measured(conn, client_id, standing.clone(), day).await?)
        }
        _ => None,
    };
    Ok((current, periods))
}

/// An assignment stays while nothing moves it; what it rests on goes on changing, so it is measured when asked for.
async fn measured(
    conn: &mut PgConnection,
    client_id: ClientId,
    standing: TierStanding,
    day: NaiveDate,
) -> Result<TierToday, Error> {
    let policy = policies::active_on::<TierPolicy>(conn).await?.rules;
    let found = store::measure(conn, &[client_id], &policy, day).await?.pop().ok_or_else(Error::not_found)?;
    let current = Some(CurrentTier { rung: standing.rung.clone(), since: standing.since });
    let inputs = TierInputs { current, ..found.inputs };
    let reasons = rules::decide(&policy, &inputs).reasons;
    Ok(TierToday { standing, inputs, reasons })
}
