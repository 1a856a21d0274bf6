//! The firm's clients.
//!
//! Invariants: a client number and an identity document belong to one client (claimed in tables keyed by the value);
//! document, phone, e-mail and address are sealed with the client's own key and masked in every answer but `reveal`;
//! a closed client stays readable and is not changed until it is reopened or a new record continues it; a change that
//! changes nothing writes nothing; name and identity document of a client that is there change when a second person
//! agrees, whichever way the change comes.
//!
//! | action | from             | to     |                       |
//! |--------|------------------|--------|-----------------------|
//! | close  | prospect, active | closed |                       |
//! | reopen | closed           | active | takes a second person |

mod events;
mod http;
mod jobs;
mod model;
mod rules;
mod service;
mod store;

pub use http::{ClientView, from_json};
pub use model::{
    Client, ClientAction, ClientKind, ClientRef, ClientStatus, Document, DocumentType, Identity, NewClient, Profile,
    Tier,
};
pub use service::{
    Updated, changeable, close, ids_after, open_as, open_many, plausible_opening, read, read_as_of, resolve, set_tiers,
    update_many, visible,
};

use firm::access;
use platform::approvals::ApprovalKind;
use platform::bulk::BulkKind;
use platform::http::permission::{ClientsWrite, Permission};
use platform::kernel::error::{Code, Kind};
use platform::kernel::label::LabelSet;
use platform::kernel::lifecycle::LifecycleInfo;
use platform::slice::{ClientTable, Slice};
use platform::worker::JobKind;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("clients", "Client profile 客户信息管理")],
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[&CLIENT_NO_TAKEN, &DOCUMENT_TAKEN, &CLIENT_CLOSED, &NOTHING_SCHEDULED],
    faults: faults::FAULTS,
    labels: &[
        LabelSet::of::<ClientKind>(&["client.kind"]),
        LabelSet::of::<ClientStatus>(&["client.status"]),
        LabelSet::of::<ClientAction>(&[]),
        LabelSet::of::<DocumentType>(&["client.document_type"]),
    ],
    constraints: &[
        ("client_no_claim_pkey", &CLIENT_NO_TAKEN),
        ("document_claim_pkey", &DOCUMENT_TAKEN),
        ("client_previous_continued_once", &DOCUMENT_TAKEN),
        ("client_branch_exists", &access::UNKNOWN_BRANCH),
        ("client_advisor_exists", &access::UNKNOWN_ADVISOR),
    ],
    lifecycles: &[LifecycleInfo::of::<ClientStatus>("client", "status")],
    approvals: &[
        ApprovalKind {
            kind: service::REOPENING,
            en: "Reopen a closed client",
            zh: "重新开户",
            permission: ClientsWrite::SCOPE,
            version: |read, change| Box::pin(service::version(read, change)),
            apply: |uow, change| Box::pin(service::reopen(uow, change)),
            dropped: ApprovalKind::nothing,
            shown: |payload| payload,
        },
        ApprovalKind {
            kind: service::IDENTIFICATION,
            en: "Change a client's name or identity document",
            zh: "变更客户姓名或证件",
            permission: ClientsWrite::SCOPE,
            version: |read, change| Box::pin(service::version(read, change)),
            apply: |uow, change| Box::pin(service::identify(uow, change)),
            dropped: ApprovalKind::nothing,
            shown: service::shown,
        },
    ],
    bulk: &[BulkKind {
        kind: "advisor_reassignment",
        label: ("Reassign clients to another advisor", "批量变更客户的投资顾问"),
        permission: ClientsWrite::SCOPE,
        preview: Some(|uow, filter, change| Box::pin(http::preview_reassignment(uow, filter, change))),
        commit: |uow, plan, items| Box::pin(service::commit_reassignment(uow, plan, items)),
        undo: |uow, plan, items| Box::pin(service::undo_reassignment(uow, plan, items)),
    }],
    jobs: &[JobKind::short(jobs::KIND, jobs::handle)],
    client_tables: &[
        ClientTable::new("client"),
        ClientTable::new("client_assignment"),
        ClientTable::new("client_no_claim"),
        ClientTable::new("document_claim"),
        ClientTable::new("data_key"),
    ],
    views: &["client_scope"],
    ..Slice::named("book/clients")
};

/// What can be wrong with an input of this slice.
mod faults {
    platform::faults! {
        CHECK_DIGIT = "check_digit" "Not an identity card number: the check digit does not fit" "身份证号码校验位不正确";
        CREDIT_CODE = "check_digit" "Not a unified social credit code: the check digit does not fit"
            "统一社会信用代码校验位不正确";
        BIRTH_DATE = "birth_date" "The day of birth in this number is none, or lies after the day the client was opened"
            "证件号码中的出生日期不存在，或晚于开户日";
        REGION = "region" "There is no region with the code in this number" "证件号码中的行政区划代码不存在";
        DOCUMENT_KIND = "document_kind" "A client of this kind has no document of this type"
            "该类客户不能使用此类证件";
        PREVIOUS_CLIENT = "previous_client"
            "There is no closed client of this id within your scope, or another record continues it"
            "在您的权限范围内没有该已销户客户，或其记录已由其他客户承接";
        CLIENT_NO = "pattern" "1 to 64 letters, digits, dots, dashes or underscores" "1 至 64 个字母、数字、点、横线或下划线";
        OPENED_TOO_EARLY = "too_early" "Not before 1970" "不得早于 1970 年";
        OPENED_LATER = "in_the_future" "Today at the latest" "不能晚于今日";
        TOO_FAR_AHEAD = "range" "Between the day the client was opened and two years from today" "应在开户日与两年后的今日之间";
        NOTHING_TO_SCHEDULE = "required" "A later day is for a change of branch or advisor: name one" "未来生效仅适用于机构或投资顾问的变更：请至少指定一项";
        OUTSIDE_LIFESPAN = "range" "Between the day the client was opened and today" "应在开户日与今日之间";
    }
}

static CLIENT_NO_TAKEN: Code = Code::new(
    "client_no_taken",
    Kind::Conflict,
    "This client number belongs to another client",
    "该客户号已属于其他客户",
);
/// The identity document is that of somebody else.
pub static DOCUMENT_TAKEN: Code = Code::new(
    "document_taken",
    Kind::Conflict,
    "This identity document belongs to another client",
    "该证件已属于其他客户",
);
static NOTHING_SCHEDULED: Code = Code::new(
    "nothing_scheduled",
    Kind::Conflict,
    "Nothing is scheduled for this day, or it has begun",
    "该日没有待生效的变更，或该日已开始",
);
/// Nothing of a closed client is changed.
pub static CLIENT_CLOSED: Code = Code::new(
    "client_closed",
    Kind::Conflict,
    "This client is closed and not changed any more",
    "该客户已销户，不能再变更",
);
