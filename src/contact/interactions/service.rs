//! Use cases of contacts.

use chrono::Duration;
use serde_json::json;
use sqlx::PgConnection;

use super::model::*;
use super::store;
use book::clients;
use platform::db::{Db, Read, Uow};
use platform::kernel::error::{self, Error};
use platform::kernel::event::Event;
use platform::kernel::fault;
use platform::kernel::ids::{ClientId, InteractionId, StaffId};
use platform::kernel::page::{Page, PageRequest};
use platform::kernel::principal::Visibility;

/// Clocks of phones and servers differ by this much.
const FUTURE: Duration = Duration::minutes(5);

/// Records a contact with a client.
pub async fn record(uow: &mut Uow, client_id: ClientId, new: NewInteraction) -> Result<ClientInteraction, Error> {
    clients::visible(uow, client_id).await?;
    let staff_id = uow.caller().principal.staff_id.ok_or_else(Error::not_found)?;
    let interaction = from_new(uow, client_id, staff_id, new)?;
    store::insert(uow.conn(), std::slice::from_ref(&interaction)).await?;
    let data = json!({ "channel": interaction.channel, "purpose": interaction.purpose, "outcome": interaction.outcome,
        "churn_alert_id": interaction.churn_alert_id });
    uow.record(
        Event::new("interaction.recorded", "interaction", interaction.interaction_id.0).of_client(client_id).data(data),
    );
    let (conn, scope) = uow.scoped();
    store::find(conn, scope, client_id, interaction.interaction_id).await?.ok_or_else(Error::not_found)
}

fn from_new(uow: &Uow, client_id: ClientId, staff_id: StaffId, new: NewInteraction) -> Result<Interaction, Error> {
    let now = uow.now();
    let occurred_at = new.occurred_at.unwrap_or(now);
    if occurred_at > now + FUTURE {
        return Err(Error::fault(fault::IN_THE_FUTURE.at("/occurred_at")));
    }
    Ok(Interaction {
        client_id,
        interaction_id: uow.id(),
        channel: new.channel,
        direction: new.direction,
        purpose: new.purpose,
        outcome: new.outcome,
        notes: new.notes,
        next_step: new.next_step,
        next_step_on: new.next_step_on,
        churn_alert_id: new.churn_alert_id,
        staff_id,
        occurred_at,
        row_version: 1,
        created_at: now,
        updated_at: now,
    })
}

/// Enters contacts kept elsewhere before, in bulk: each with its client and who recorded it.
pub async fn insert_recorded(
    uow: &mut Uow,
    contacts: Vec<(ClientId, StaffId, NewInteraction)>,
) -> Result<usize, Error> {
    let rows = contacts
        .into_iter()
        .map(|(client, staff, new)| from_new(uow, client, staff, new))
        .collect::<Result<Vec<_>, _>>()?;
    store::insert(uow.conn(), &rows).await?;
    uow.record(Event::access("interaction.batch_recorded", "interaction", None).data(json!({ "count": rows.len() })));
    Ok(rows.len())
}

/// Changes what can still become clearer about a contact, over `version` (any version when none is given).
pub async fn change(
    uow: &mut Uow,
    client_id: ClientId,
    id: InteractionId,
    change: InteractionChange,
    version: Option<i64>,
) -> Result<ClientInteraction, Error> {
    let sight = uow.visibility();
    let found = store::find(uow.conn(), &sight, client_id, id).await?.ok_or_else(Error::not_found)?;
    let shown = |contact: &Interaction| {
        json!({
            "outcome": contact.outcome, "notes": contact.notes, "next_step": contact.next_step,
            "next_step_on": contact.next_step_on,
        })
    };
    let before = shown(&found.interaction);
    let mut interaction = found.interaction;
    interaction.outcome = change.outcome.apply(interaction.outcome);
    interaction.notes = change.notes.apply(interaction.notes);
    interaction.next_step = change.next_step.apply(interaction.next_step);
    interaction.next_step_on = change.next_step_on.apply(interaction.next_step_on);
    interaction.updated_at = uow.now();
    let version = version.unwrap_or(interaction.row_version);
    if !store::update(uow.conn(), &interaction, version).await? {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    interaction.row_version = version + 1;
    let data = json!({ "outcome": interaction.outcome });
    let event = Event::new("interaction.changed", "interaction", id.0).of_client(client_id).data(data);
    uow.record(event.change(&before, &shown(&interaction)));
    Ok(ClientInteraction { interaction, ..found })
}

/// One contact with a client in sight.
pub async fn read(
    db: &Db,
    sight: &Visibility,
    client_id: ClientId,
    id: InteractionId,
) -> Result<ClientInteraction, Error> {
    store::find(&mut *db.connection().await?, sight, client_id, id).await?.ok_or_else(Error::not_found)
}

/// A page of contacts with clients in sight. A named client must be one of them.
pub async fn list(
    read: &mut Read,
    filter: &InteractionFilter,
    page: &PageRequest<InteractionKey>,
) -> Result<Page<ClientInteraction, InteractionKey>, Error> {
    if let Some(client_id) = filter.client_id {
        clients::visible(read, client_id).await?;
    }
    let (conn, scope) = read.scoped();
    store::list(conn, scope, filter, page).await
}

/// The latest contacts with a client in sight.
pub async fn latest(
    conn: &mut PgConnection,
    sight: &Visibility,
    client_id: ClientId,
    limit: u32,
) -> Result<Vec<ClientInteraction>, Error> {
    let filter = InteractionFilter { client_id: Some(client_id), ..InteractionFilter::default() };
    Ok(store::list(conn, sight, &filter, &PageRequest { limit, after: None }).await?.items)
}
