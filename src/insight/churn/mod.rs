//! Alerts of clients who may fall silent, and who does something about them.
//!
//! Invariants: a client has at most one open alert; a run of a day before the newest run's touches no alert; the same
//! run again changes nothing; what a person did to an alert while a run was deciding wins.
//!
//! | alert from | acknowledge | start | resolve | expire (run) | clear (run) |
//! | --- | --- | --- | --- | --- | --- |
//! | open | acknowledged | – | – | expired | cleared |
//! | acknowledged | – | in_progress | – | expired | cleared |
//! | in_progress | – | – | resolved | expired | – |
//! | resolved, expired, cleared | – | – | – | – | – |
//!
//! A scoring run is done here, in one transaction, because it ends with the alerts: `scoring` fits and forecasts,
//! `value` says what there is to lose, this slice plans and applies.

mod decisions;
mod events;
mod http;
mod jobs;
mod model;
mod report;
mod rules;
mod service;
mod store;

pub use http::ChurnAlertView;
pub use model::ClientAlert;
pub use service::open_alert;

use crate::scoring;
use platform::decisions::DecisionKind;
use platform::kernel::calendar::{Recurrence, TimeOfDay};
use platform::kernel::label::LabelSet;
use platform::kernel::lifecycle::LifecycleInfo;
use platform::policies::PolicyKind;
use platform::reports::ReportInfo;
use platform::slice::{ClientTable, Slice};
use platform::worker::{JobKind, Schedule};

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("churn", "How likely a client is to leave, and who does something about it 流失预警")],
    routes: http::routes,
    events: &[events::EVENTS],
    faults: faults::FAULTS,
    labels: &[
        LabelSet::of::<model::Severity>(&["churn_alert.severity"]),
        LabelSet::of::<model::AlertStatus>(&["churn_alert.status"]),
        LabelSet::of::<model::AlertAction>(&[]),
        LabelSet::of::<model::RiskBand>(&[]),
        LabelSet::of::<model::Outcome>(&["churn_alert.outcome"]),
        LabelSet::of::<model::LossReason>(&["churn_alert.loss_reason"]),
    ],
    decisions: &[DecisionKind {
        kind: decisions::KIND,
        en: "Churn risk of a client",
        zh: "客户流失风险",
        decide: Some(|read, client_id| Box::pin(decisions::decide(read, client_id))),
        replay: |read, stored| Box::pin(decisions::replay(read, stored)),
    }],
    lifecycles: &[LifecycleInfo::of::<model::AlertStatus>("churn_alert", "status")],
    policies: &[PolicyKind::of::<model::ChurnPolicy>()],
    jobs: &[JobKind::long(scoring::RUN_JOB, jobs::handle)],
    schedules: &[Schedule {
        code: "nightly_scoring",
        en: "Score the book",
        zh: "夜间评分",
        job: scoring::nightly_run,
        when: Recurrence::daily(TimeOfDay::minutes(150)),
        enabled: true,
    }],
    reports: &[ReportInfo::of::<report::AlertsByOutcome>()],
    client_tables: &[ClientTable::assigned("churn_alert", "advisor_id")],
    ..Slice::named("insight/churn")
};

/// What can be wrong with an input of this slice.
mod faults {
    platform::faults! {
        NO_LOSS_REASON = "required" "Say why the client was lost" "客户已流失时须填写流失原因";
        BELOW_MEDIUM = "below_medium" "Must not be below `medium_probability`, or alerts would open and clear in turn" "不得低于 medium_probability";
        CLEAR_MARGIN = "clear_margin" "Above 0 and at most `medium_probability`" "须大于 0 且不超过 medium_probability";
        NOT_LOST = "not_lost" "Only a lost client has a reason of loss" "仅客户已流失时可填写流失原因";
    }
}
