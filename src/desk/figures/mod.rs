//! Reports over what several slices publish. Read-only: owns no table.

mod report;
mod store;

use platform::reports::ReportInfo;
use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice =
    Slice { reports: &[ReportInfo::of::<report::ClientsByTier>()], ..Slice::named("desk/figures") };
