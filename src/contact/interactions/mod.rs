//! What the firm's people said and heard: one record a contact with a client 沟通记录.
//!
//! Invariants: a contact happened, so it is never in the future, and since 1970; who recorded it stays; the alert it answers, if any, is
//! of the same client.

mod http;
mod model;
mod service;
mod store;

pub use http::InteractionView;
pub use model::{Channel, ClientInteraction, Direction, NewInteraction, Outcome, Purpose};
pub use service::{insert_recorded, latest};

use platform::kernel::error::{Code, Kind};
use platform::kernel::label::LabelSet;
use platform::slice::{ClientTable, Slice};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("interactions", "Contacts with clients 沟通记录")],
    routes: http::routes,
    codes: &[&UNKNOWN_ALERT],
    labels: &[
        LabelSet::of::<Channel>(&["interaction.channel"]),
        LabelSet::of::<Direction>(&["interaction.direction"]),
        LabelSet::of::<Purpose>(&["interaction.purpose"]),
        LabelSet::of::<Outcome>(&["interaction.outcome"]),
    ],
    constraints: &[("interaction_alert_exists", &UNKNOWN_ALERT)],
    client_tables: &[ClientTable::new("interaction")],
    ..Slice::named("contact/interactions")
};

static UNKNOWN_ALERT: Code =
    Code::new("unknown_alert", Kind::Invalid, "The client has no such churn alert", "该客户没有此流失预警");
