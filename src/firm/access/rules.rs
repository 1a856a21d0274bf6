//! One total function: role → permissions. Deny by default.

use std::collections::BTreeSet;

use super::model::{DataScope, Role, Staff, StaffStatus};
use platform::http::permission::{self, Permission};

macro_rules! scopes {
    ($($permission:ident),*) => { &[$(permission::$permission::SCOPE),*] };
}

const SEE_CLIENTS: &[&str] = scopes!(
    BranchesRead,
    ChurnRead,
    ClientsRead,
    DecisionsRead,
    InteractionsRead,
    NeedsRead,
    OverviewRead,
    PoliciesRead,
    ReportsRead,
    TiersRead,
    TradesRead,
    ValueRead
);

/// What a role may do.
pub fn permissions(role: Role) -> BTreeSet<&'static str> {
    let beyond: &[&str] = match role {
        Role::Administrator => return permission::ALL.iter().map(|allows| allows.scope).collect(),
        Role::Integration => {
            return scopes!(
                BalancesWrite,
                BranchesRead,
                ClientsRead,
                ClientsWrite,
                ImportsWrite,
                JobsRead,
                JobsWrite,
                TradesRead,
                TradesWrite
            )
            .iter()
            .copied()
            .collect();
        }
        Role::Compliance => scopes!(AuditRead, ApprovalsRead, ClientsReveal, JobsRead, StaffRead),
        Role::BranchManager => {
            scopes!(
                ApprovalsRead,
                ApprovalsWrite,
                BulkWrite,
                ChurnWrite,
                ClientsReveal,
                ClientsWrite,
                InteractionsWrite,
                JobsRead,
                StaffRead
            )
        }
        Role::Advisor => {
            scopes!(ApprovalsRead, ApprovalsWrite, ChurnWrite, ClientsReveal, ClientsWrite, InteractionsWrite)
        }
        Role::ServiceAgent => scopes!(ClientsReveal, InteractionsWrite),
        Role::Analyst => scopes!(ApprovalsRead, ApprovalsWrite, JobsRead, JobsWrite, PoliciesWrite, ScoringWrite),
    };
    SEE_CLIENTS.iter().chain(beyond).copied().collect()
}

/// The data scope a role usually has.
pub fn usual_scope(role: Role) -> DataScope {
    match role {
        Role::Administrator | Role::Compliance | Role::Analyst | Role::Integration => DataScope::Firm,
        Role::BranchManager => DataScope::BranchTree,
        Role::ServiceAgent => DataScope::Branch,
        Role::Advisor => DataScope::Own,
    }
}

/// Whether a role may be a client's advisor. The others check, count or carry, and bring in no business.
pub fn advises(role: Role) -> bool {
    match role {
        Role::Advisor | Role::BranchManager => true,
        Role::Administrator | Role::Compliance | Role::ServiceAgent | Role::Analyst | Role::Integration => false,
    }
}

/// Whether somebody can set right whatever is wrong with the rights of others. Without one the firm is locked out.
pub fn administers_firm(staff: &Staff) -> bool {
    (staff.role, staff.data_scope, staff.status) == (Role::Administrator, DataScope::Firm, StaffStatus::Active)
}

#[cfg(test)]
mod tests {
    use platform::kernel::label::Labelled;

    use super::*;

    #[test]
    fn only_administrators_change_staff_and_branches() {
        for role in Role::ALL {
            let held = permissions(*role);
            assert_eq!(held.contains("staff:write"), *role == Role::Administrator);
            assert_eq!(held.contains("branches:write"), *role == Role::Administrator);
        }
    }

    #[test]
    fn a_partner_system_sees_no_identifiers() {
        assert!(!permissions(Role::Integration).contains("clients:reveal"));
    }
}
