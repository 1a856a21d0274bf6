//! What the firm's people said and heard: one record a contact with a client 沟通记录.
//!
//! Invariants: a contact happened, so it is never in the future, and since 1970; who recorded it stays; the alert it
//! answers, if any, is of the same client; a change that changes nothing writes nothing.
//!
//! # A slice to copy
//! The plainest slice there is: a table of what belongs to a client, recorded, listed, read and changed.
//!
//! | file | says | so that |
//! | --- | --- | --- |
//! | `mod.rs` | [`SLICE`], the manifest | routes, codes, labels, constraints and tables are known to the house; add it to `app::SLICES` |
//! | `model.rs` | `labels!` for closed codes; the entity, `NewX` in `columns!`, `XChange`, the filter | the entity *is* the view, `NewX` and `XChange` *are* the bodies; a type of its own stands between only where something is masked or translated |
//! | `http.rs` | extract, call one service, answer | no handler knows a statement |
//! | `service.rs` | load → decide → store → record, on `&mut Read` or `&mut Uow` | caller, scope, time and transaction come along |
//! | `store.rs` | `changes!`, then every statement | a field that is left out of the list does not compile |
//!
//! Outside its folder a slice touches, and each is asked for by a test:
//!
//! | file | says |
//! | --- | --- |
//! | the wing's `mod.rs`, `src/app.rs` | that it is there |
//! | `platform/kernel/ids.rs` | its ids, one line each |
//! | `platform/http/permission.rs`, `firm/access/rules.rs` | its permissions, and which roles hold them |
//! | a migration | its tables, with named constraints |
//! | `tests/architecture/graph.rs` | whom it sees |
//! | `tests/api/matrix/{oracle,world}.rs` | who may call each operation; something for each placeholder of a path |
//! | `tests/api/{locks,explain}.rs` | what each PATCH changes; which index each list walks |
//!
//! `make sqlx` comes before the first `cargo check` of a new statement, `make openapi` after the last change of a type.
//!
//! With states: `book/accounts` is the plainest (`impl Lifecycle`, a view with `allowed_actions` from
//! `lifecycle::allowed` and `block`), `insight/churn` has a step an operation, deadlines and a report. What may take
//! a second person is an operation of its own, for an operation has one success. A timer's kind and payload are
//! beside the services that set it, the handler alone in `jobs.rs`: files see each other in one direction. `impl
//! Policy` is in `model`, not in `rules`, which know values only.
//!
//! One more optional column, `mood`: migration; `Interaction`, `NewInteraction` and `InteractionChange`; the list in
//! `store.rs`. The tests send whatever the document says a body may hold, and want it back. One more operation:
//! handler, line in `routes`, service, statement, row in the tests' matrix.

mod events;
mod http;
mod model;
mod service;
mod store;

pub use model::{Channel, Direction, Interaction, NewInteraction, Outcome, Purpose};
pub use service::{insert_recorded, latest};

use platform::kernel::error::{Code, Kind};
use platform::kernel::label::LabelSet;
use platform::slice::{ClientTable, Slice};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("interactions", "Contacts with clients 沟通记录")],
    routes: http::routes,
    events: &[events::EVENTS],
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
