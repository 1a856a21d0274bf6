//! The manifest of a slice: everything the composition root, the document, the workers and the database layer need to
//! know of it. A slice exports one `SLICE`; `app::SLICES` is one line a slice, and everything else derives from it.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::approvals::ApprovalKind;
pub use crate::boxed::Boxed;
use crate::bulk::BulkKind;
use crate::db::constraint::Constraint;
use crate::db::{Read, Uow};
use crate::decisions::DecisionKind;
use crate::kernel::difference::Difference;
use crate::kernel::error::{Code, Error};
use crate::kernel::event::EventInfo;
use crate::kernel::fault::FaultCode;
use crate::kernel::ids::ClientId;
use crate::kernel::label::LabelSet;
use crate::kernel::lifecycle::LifecycleInfo;
use crate::policies::PolicyKind;
use crate::reports::ReportInfo;
use crate::worker::{CalendarSource, JobKind, Schedule, Subscriber};

/// Puts into a database what the slice must find in it. Done at every start; what is there stays.
pub type Seed = for<'a> fn(&'a mut Uow) -> Boxed<'a, Result<(), Error>>;

/// Gives what is kept of clients and is not what their record says.
pub type Verify = for<'a> fn(&'a mut Read, &'a [ClientId]) -> Boxed<'a, Result<Vec<Difference>, Error>>;

/// What one slice brings into the house.
#[derive(Clone, Copy)]
pub struct Slice {
    /// `wing/slice`, as the folders are called.
    pub name: &'static str,
    /// Tags of its operations: name and description, in the order of the document.
    pub tags: &'static [(&'static str, &'static str)],
    /// Mounts its operations.
    pub routes: fn(&mut ServiceConfig),
    /// Codes of its problems.
    pub codes: &'static [&'static Code],
    /// What can be wrong with its inputs beyond what their schemas say.
    pub faults: &'static [&'static FaultCode],
    /// Its closed sets of codes.
    pub labels: &'static [LabelSet],
    /// Its named constraints and the code a caller gets when one refuses.
    pub constraints: &'static [Constraint],
    /// Kinds of jobs it does.
    pub jobs: &'static [JobKind],
    /// What it does again and again.
    pub schedules: &'static [Schedule],
    /// Kinds of events that happen to its things.
    pub events: &'static [&'static [EventInfo]],
    /// What reacts to events.
    pub subscribers: &'static [Subscriber],
    /// Working and trading days, of the one slice that keeps them.
    pub calendars: Option<CalendarSource>,
    /// Life cycles of its resources.
    pub lifecycles: &'static [LifecycleInfo],
    /// Kinds of policies it follows.
    pub policies: &'static [PolicyKind],
    /// Kinds of its changes that take a second person.
    pub approvals: &'static [ApprovalKind],
    /// Kinds of bulk changes it knows how to commit and undo.
    pub bulk: &'static [BulkKind],
    /// Kinds of decisions it makes about clients.
    pub decisions: &'static [DecisionKind],
    /// What it must find in a new database.
    pub seed: Option<Seed>,
    /// Recomputes what it keeps of clients from the record it follows from.
    pub verify: Option<Verify>,
    /// Its tables of the whole firm.
    pub tables: &'static [&'static str],
    /// Its tables of what belongs to a client: what merge, erasure, subject export, timeline and hand-over walk.
    pub client_tables: &'static [ClientTable],
    /// Its reports.
    pub reports: &'static [ReportInfo],
    /// Views and functions it publishes over its tables. Who reads one sees this slice.
    pub views: &'static [&'static str],
}

/// A table whose rows belong to a client; `client_id` comes first in its primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientTable {
    /// The table.
    pub name: &'static str,
    /// The column that names the member of staff who is to act, where there is one: a hand-over moves what is open. A
    /// column with a history of its own moves by its slice's own rules, and is none.
    pub assignee: Option<&'static str>,
}

impl ClientTable {
    /// A table of records nobody is assigned to.
    pub const fn new(name: &'static str) -> Self {
        Self { name, assignee: None }
    }

    /// A table whose rows somebody is to act on.
    pub const fn assigned(name: &'static str, assignee: &'static str) -> Self {
        Self { name, assignee: Some(assignee) }
    }
}

impl Slice {
    /// A slice that brings nothing but its name: the rest is filled in with `..Slice::named("wing/slice")`.
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            tags: &[],
            routes: |_| {},
            codes: &[],
            faults: &[],
            labels: &[],
            constraints: &[],
            jobs: &[],
            schedules: &[],
            events: &[],
            subscribers: &[],
            calendars: None,
            lifecycles: &[],
            policies: &[],
            approvals: &[],
            bulk: &[],
            decisions: &[],
            seed: None,
            verify: None,
            tables: &[],
            client_tables: &[],
            reports: &[],
            views: &[],
        }
    }
}
