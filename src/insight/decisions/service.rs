//! Use cases of decisions.

use serde_json::Value;

use super::events::DecisionMade;
use super::{UNKNOWN_DECISION_KIND, store as rows};
use book::clients;
use platform::db::{Read, Uow};
use platform::decisions::{self, Conclusion, StoredDecision};
use platform::kernel::decision::Decision;
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::{ClientId, DecisionId};
use platform::kernel::page::{Page, PageRequest};

/// Keeps those decisions whose result changed; how many. The unit of work records what made it decide.
pub async fn store(uow: &mut Uow, decisions: Vec<Decision<Value>>) -> Result<u64, Error> {
    if decisions.is_empty() {
        return Ok(0);
    }
    let (now, numbered) =
        (uow.now(), decisions.into_iter().map(|one| (uow.id::<DecisionId>(), one)).collect::<Vec<_>>());
    rows::insert_changed(uow.conn(), &numbered, now).await
}

/// Decisions about a client, newest first.
pub async fn list(
    read: &mut Read,
    client_id: ClientId,
    kind: Option<&str>,
    page: &PageRequest<i64>,
) -> Result<Page<StoredDecision, i64>, Error> {
    clients::visible(read, client_id).await?;
    rows::list(read.conn(), client_id, kind, None, page).await
}

/// One decision about a client.
pub async fn one(read: &mut Read, client_id: ClientId, id: DecisionId) -> Result<StoredDecision, Error> {
    clients::visible(read, client_id).await?;
    let page = PageRequest { limit: 1, after: None };
    let found = rows::list(read.conn(), client_id, None, Some(id), &page).await?;
    found.items.into_iter().next().ok_or_else(Error::not_found)
}

/// Decides about a client now; the new decision, or the last one where the result is the same.
pub async fn decide(uow: &mut Uow, client_id: ClientId, kind: &str) -> Result<StoredDecision, Error> {
    clients::visible(uow, client_id).await?;
    let decide = decisions::find(kind).and_then(|known| known.decide).ok_or_else(|| {
        let known: Vec<&str> =
            decisions::all().iter().filter(|kind| kind.decide.is_some()).map(|kind| kind.kind).collect();
        let known = known.join(", ");
        Error::detailed(&UNKNOWN_DECISION_KIND, format!("On demand: {known}."), format!("可按需作出：{known}。"))
    })?;
    let decision = decide(uow, client_id).await?;
    let changed = store(uow, vec![decision]).await? == 1;
    let page = PageRequest { limit: 1, after: None };
    let current = rows::list(uow.conn(), client_id, Some(kind), None, &page).await?.items.into_iter().next();
    let current = current.ok_or_else(|| Error::internal("a decision was made and is not there"))?;
    if changed {
        let event = DecisionMade { kind: kind.to_owned() };
        uow.record(Event::new(event, current.decision_id.0).of_client(client_id));
    }
    Ok(current)
}

/// Concludes again what was decided, from what is stored alone.
pub async fn replay(
    read: &mut Read,
    client_id: ClientId,
    id: DecisionId,
) -> Result<(StoredDecision, Conclusion), Error> {
    let stored = one(read, client_id, id).await?;
    let kind = decisions::find(&stored.kind).ok_or_else(|| Error::code(&UNKNOWN_DECISION_KIND))?;
    let replayed = (kind.replay)(read, &stored).await?;
    Ok((stored, replayed))
}
