//! Staff and branches.

use chrono::{DateTime, Utc};
use platform::kernel::ids::{BranchId, SessionId, StaffId};
use platform::kernel::principal::Visibility;

platform::labels! {
    #[derive(clap::ValueEnum)]
    #[value(rename_all = "snake_case")]
    Role = "staff_role" "What a member of staff does; decides the permissions" "员工角色" {
        Administrator = "administrator" "Administrator: every permission" "系统管理员：拥有全部权限",
        Compliance = "compliance" "Compliance: sees everything, changes nothing, may reveal identifiers"
            "合规人员：可查看全部信息并可查看证件与联系方式，不能变更",
        BranchManager = "branch_manager" "Branch manager: runs a branch, and may look after clients" "营业部负责人：管理营业部，可担任投资顾问",
        Advisor = "advisor" "Advisor: looks after clients of their own" "投资顾问：服务自己名下的客户",
        ServiceAgent = "service_agent" "Service agent: answers the phone" "客服坐席：接听客户来电",
        Analyst = "analyst" "Analyst: looks at the book as a whole" "数据分析人员：分析全部客户数据",
        Integration = "integration" "Partner system: data in, nothing personal out" "合作系统：只写入数据，不读取个人信息",
    }
    #[derive(PartialOrd, Ord, clap::ValueEnum)]
    #[value(rename_all = "snake_case")]
    DataScope = "data_scope" "Whose clients a member of staff sees" "数据范围" {
        Own = "own" "Clients whose advisor they are" "本人名下的客户",
        Branch = "branch" "Clients of their branch" "本营业部的客户",
        BranchTree = "branch_tree" "Clients of their branch and all below it" "本营业部及下级营业部的客户",
        Firm = "firm" "Every client" "全公司的客户",
    }
    StaffStatus = "staff_status" "Whether a member of staff may sign in" "员工状态" {
        Active = "active" "May sign in" "在职，可登录",
        Disabled = "disabled" "May not sign in" "已停用，不可登录",
    }
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Staff {
    /// Id.
    pub staff_id: StaffId,
    /// Unique name to sign in with.
    pub username: String,
    /// Name of the person.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// Whose clients they see.
    pub data_scope: DataScope,
    /// Home branch.
    pub branch_id: BranchId,
    /// Whether they may sign in.
    pub status: StaffStatus,
    /// Moves with every change.
    pub row_version: i64,
    /// When they were created.
    pub created_at: DateTime<Utc>,
}

/// A member of staff to be created.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Unique name to sign in with.
    pub username: String,
    /// Name of the person.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// Whose clients they see; the role's usual scope when absent.
    pub data_scope: Option<DataScope>,
    /// Home branch.
    pub branch_id: BranchId,
    /// 8 to 128 characters, not a common one.
    pub password: String,
}

/// Changes to a member of staff; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct StaffChange {
    /// Name of the person.
    pub name: Option<String>,
    /// What they do.
    pub role: Option<Role>,
    /// Whose clients they see.
    pub data_scope: Option<DataScope>,
    /// Home branch.
    pub branch_id: Option<BranchId>,
    /// Whether they may sign in.
    pub status: Option<StaffStatus>,
    /// A new password.
    pub password: Option<String>,
}

/// A branch of the firm.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Branch {
    /// Id.
    pub branch_id: BranchId,
    /// The branch above; none for the root.
    pub parent_id: Option<BranchId>,
    /// The firm's own code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Moves with every change.
    pub row_version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// A branch to be created.
#[derive(Clone, Debug)]
pub struct NewBranch {
    /// The branch above.
    pub parent_id: BranchId,
    /// The firm's own code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A session that is in force, and whose it is.
pub struct LiveSession {
    /// The session.
    pub session_id: SessionId,
    /// Its owner.
    pub staff: Staff,
    /// Clients in the owner's scope.
    pub visibility: Visibility,
}

/// Which staff to list.
#[derive(Clone, Debug, Default)]
pub struct StaffFilter {
    /// Of this role.
    pub role: Option<Role>,
    /// Of this branch.
    pub branch_id: Option<BranchId>,
    /// Of this status.
    pub status: Option<StaffStatus>,
}
