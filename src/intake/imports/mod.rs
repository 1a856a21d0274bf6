//! Files of clients, trades and balances come in: CSV or NDJSON, from the command line or over HTTP, through one
//! service.
//!
//! Invariants: every line of a file is applied or refused with its number, a code and a pointer; a file goes in by
//! chunks, each one unit of work, and whatever stops it, the same file again gives the totals of one clean import; a
//! row without an id is known by source, content and ordinal; the same bytes under another name are refused unless the
//! source is named.

mod events;
mod faults;
mod http;
mod jobs;
mod model;
mod reader;
mod rules;
mod service;
mod store;
mod table;

pub use model::{
    Column, Counts, Declared, FaultKind, FileFacts, Format, Kind, Layout, OnExisting, Options, Rejection, Separator,
    Summary,
};
pub use service::mappings::declared as mapping;
pub use service::{Import, Step, digest};
pub use table::write_row;

use platform::bulk::BulkKind;
use platform::http::permission::{ImportsWrite, Permission};
use platform::kernel::error::{self, Code};
use platform::kernel::label::LabelSet;
use platform::slice::Slice;
use platform::worker::JobKind;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("imports", "Files come in, jobs are followed 导入")],
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[
        &UNFIT_FILE,
        &EMPTY_FILE,
        &UNKNOWN_MAPPING,
        &MAPPING_OF_ANOTHER_KIND,
        &SAME_FILE_OTHER_SOURCE,
        &LINES_REJECTED,
        &NOTHING_APPLIED,
        &TOO_MANY_REJECTED,
    ],
    faults: faults::FAULTS,
    labels: &[
        LabelSet::of::<Kind>(&["import_file.kind", "import_mapping.kind"]),
        LabelSet::of::<Format>(&[]),
        LabelSet::of::<Separator>(&[]),
        LabelSet::of::<OnExisting>(&[]),
    ],
    jobs: &[JobKind::long(model::JOB_KIND, |context| Box::pin(jobs::handle(context)))],
    bulk: &[BulkKind {
        kind: service::PLAN_KIND,
        label: ("Import a file that was tried first", "导入已试运行的文件"),
        permission: ImportsWrite::SCOPE,
        preview: None,
        commit: |uow, plan, items| Box::pin(service::commit(uow, plan, items)),
        undo: |uow, plan, items| Box::pin(service::undo(uow, plan, items)),
    }],
    tables: &["import_file", "import_chunk", "import_rejection", "import_mapping"],
    ..Slice::named("intake/imports")
};

static UNFIT_FILE: Code = Code::new(
    "unfit_file",
    error::Kind::Invalid,
    "The columns of this file do not give what its rows need",
    "文件的列无法满足导入要求",
);
static EMPTY_FILE: Code = Code::new("empty_file", error::Kind::Invalid, "The file has no rows", "文件没有数据行");
static UNKNOWN_MAPPING: Code = Code::new(
    "unknown_mapping",
    error::Kind::Invalid,
    "There is no import mapping of this name",
    "没有此名称的导入映射",
);
static MAPPING_OF_ANOTHER_KIND: Code = Code::new(
    "mapping_of_another_kind",
    error::Kind::Invalid,
    "This import mapping is for files of another kind",
    "该导入映射适用于其他类型的文件",
);
static SAME_FILE_OTHER_SOURCE: Code = Code::new(
    "same_file_other_source",
    error::Kind::Conflict,
    "These very bytes were taken in under another source",
    "相同内容的文件已以其他来源导入",
);
/// With `strict`, one refused line fails the whole.
pub static LINES_REJECTED: Code = Code::new(
    "lines_rejected",
    error::Kind::Invalid,
    "Some lines were rejected, and the import is strict; the others were applied",
    "部分行被拒绝（严格模式）；其余行已导入",
);
/// No line of the file could be applied.
pub static NOTHING_APPLIED: Code =
    Code::new("nothing_applied", error::Kind::Invalid, "No line of the file could be applied", "没有任何行可以导入");
/// So many lines are wrong that the file is.
pub static TOO_MANY_REJECTED: Code = Code::new(
    "too_many_rejected",
    error::Kind::Invalid,
    "Reading stopped after 100 000 rejected lines; the lines before were applied",
    "被拒绝的行超过 10 万，已停止读取；之前的有效行已导入",
);
