//! What is imported, how, and what came of it.

mod kinds;
mod mappings;
mod options;
mod outcome;
mod rows;

pub use kinds::{Format, JOB_KIND, Kind, OnExisting, Separator};
pub use mappings::{ImportMapping, ImportMappingBody, ImportMappingFilter, ImportMappingKey};
pub use options::{Declared, FileFacts, Options};
pub use outcome::{Column, Counts, FaultKind, Layout, PendingRow, Summary};
pub use rows::{KeptRejection, Origin, Rejection, Row};
