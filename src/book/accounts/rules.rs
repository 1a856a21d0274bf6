//! What may become of a fund account.

use super::model::FundAccountStatus;

/// What a fund account may be next. Staying as it is counts as a change of something else, which a closed one has no more.
///
/// | from                                | to                                          |
/// |-------------------------------------|---------------------------------------------|
/// | normal, restricted, frozen, dormant | normal, restricted, frozen, dormant, closed |
/// | closed                              | nothing                                     |
pub fn may_become(from: FundAccountStatus, to: FundAccountStatus) -> bool {
    use FundAccountStatus::{Closed, Dormant, Frozen, Normal, Restricted};
    match (from, to) {
        (Normal | Restricted | Frozen | Dormant, Normal | Restricted | Frozen | Dormant | Closed) => true,
        (Closed, _) => false,
    }
}
