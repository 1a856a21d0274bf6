//! A derived value that is not what its record says.

use crate::kernel::ids::ClientId;

/// One column of one row of a client that differs from what the record gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Where it is kept.
    pub table: &'static str,
    /// Whose row it is.
    pub client_id: ClientId,
    /// What names the row among the client's; empty where a client has one.
    pub row: String,
    /// The column that differs.
    pub column: String,
    /// None where the row or the value is not there.
    pub kept: Option<String>,
    /// None where there should be none.
    pub derived: Option<String>,
}
