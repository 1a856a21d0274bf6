//! Every statement about staff, branches and sessions.

mod branches;
mod sessions;
mod staff;

pub use branches::{branch, branch_by_code, branch_ids, insert_branch, list_branches, update_branch};
pub use sessions::{insert_refresh_token, insert_session, live_session, revoke_session, use_refresh_token};
pub use staff::{
    anyone, insert_staff, list_staff, other_firm_administrators, staff, staff_among, staff_and_hash, staff_ids,
    update_staff,
};
