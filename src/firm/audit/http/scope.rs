//! Who may read the audit.

use platform::kernel::error::{self, Error};
use platform::kernel::principal::Caller;

/// The audit speaks of everybody's clients.
pub(super) fn firm_only(caller: &Caller) -> Result<(), Error> {
    if caller.visibility().firm {
        return Ok(());
    }
    let (en, zh) = ("It takes the scope of the whole firm.", "需要全公司的数据范围。");
    Err(Error::detailed(&error::FORBIDDEN, en, zh))
}
