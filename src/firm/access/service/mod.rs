//! Use cases of staff, branches and sessions.

mod branches;
mod sessions;
mod staff;

pub use branches::{branch_by_code, branch_ids, change_branch, create_branch, get_branch, list_branches};
pub use sessions::{Grant, refresh, revoke, sign_in, use_up_for_revocation};
pub use staff::{
    advisor_exists, anyone, change_staff, create_first_administrator, create_staff, create_staff_together,
    existing_advisors, get_staff, list_staff, me, staff_by_username, staff_ids,
};
