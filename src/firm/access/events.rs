//! What happens to people, branches and sessions.

use super::model::{DataScope, Role, StaffStatus};
use platform::kernel::ids::BranchId;

platform::events! {
    StaffCreated = "staff.created" of "staff" published c1 "A member of staff was entered" "员工已录入" {
        /// What they do.
        pub role: Role,
        /// Whose clients they see.
        pub data_scope: DataScope,
    }
    StaffChanged = "staff.changed" of "staff" published c1 "A member of staff changed" "员工信息已变更" {
        /// What they do.
        pub role: Role,
        /// Whose clients they see.
        pub data_scope: DataScope,
        /// Whether they work here.
        pub status: StaffStatus,
        /// Whether they got another password.
        pub password: bool,
    }
    BranchCreated = "branch.created" of "branch" published c1 "A branch was entered" "分支机构已设立" {
        /// The branch above it.
        pub parent_id: BranchId,
    }
    BranchChanged = "branch.changed" of "branch" published c1 "A branch changed" "分支机构已变更" {}
    SessionOpened = "session.opened" of "session" audited c1 "Somebody signed in" "已登录" {}
    SessionRefreshed = "session.refreshed" of "session" audited c1 "Somebody stayed signed in" "会话已续期" {}
    SessionRevoked = "session.revoked" of "session" audited c1 "Somebody signed out" "已退出登录" {}
    SessionRefreshTokenReused = "session.refresh_token_reused" of "session" audited c1
        "A refresh token was used twice, and its session ended" "刷新令牌被重复使用，会话已终止" {}
}
