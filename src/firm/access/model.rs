//! Staff and branches.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use platform::kernel::ids::{BranchId, SessionId, StaffId};
use platform::kernel::principal::Visibility;

/// What a member of staff does; decides the permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Role {
    /// Every permission.
    Administrator,
    /// Sees everything, changes nothing, may reveal identifiers.
    Compliance,
    /// Runs a branch, and may look after clients.
    BranchManager,
    /// Looks after clients of their own.
    Advisor,
    /// Answers the phone.
    ServiceAgent,
    /// Looks at the book as a whole.
    Analyst,
    /// A partner system: data in, nothing personal out.
    Integration,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Administrator,
        Self::Compliance,
        Self::BranchManager,
        Self::Advisor,
        Self::ServiceAgent,
        Self::Analyst,
        Self::Integration,
    ];
}

/// Whose clients a member of staff sees.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, sqlx::Type, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum DataScope {
    /// Clients whose advisor they are.
    Own,
    /// Clients of their branch.
    Branch,
    /// Clients of their branch and all below it.
    BranchTree,
    /// Every client.
    Firm,
}

/// Whether a member of staff may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StaffStatus {
    /// May sign in.
    Active,
    /// May not.
    Disabled,
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
    /// When they were entered.
    pub created_at: DateTime<Utc>,
}

/// A member of staff to be entered.
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
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// A branch to be entered.
#[derive(Clone, Debug)]
pub struct NewBranch {
    /// The branch above.
    pub parent_id: BranchId,
    /// The firm's own code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A session in good standing and whose it is.
pub struct Standing {
    /// The session.
    pub session_id: SessionId,
    /// Its owner.
    pub staff: Staff,
    /// Clients in the owner's sight.
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
