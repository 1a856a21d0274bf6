//! The closed set of permissions. Each is a type, so a handler names it in its signature and the document repeats it.

/// A permission as a type: `Actor<ClientsRead>` is a caller who holds it.
pub trait Permission: 'static {
    /// The name in tokens, in the document and in `x-permission`; empty for anyone signed in.
    const SCOPE: &'static str;
}

/// Anyone who is signed in.
pub struct SignedIn;

impl Permission for SignedIn {
    const SCOPE: &'static str = "";
}

/// A permission and what it allows.
pub struct Allows {
    /// The name in tokens and in the document.
    pub scope: &'static str,
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

macro_rules! permissions {
    ($($name:ident = $scope:literal $en:literal $zh:literal;)*) => {
        $(#[doc = $en] pub struct $name;
        impl Permission for $name { const SCOPE: &'static str = $scope; })*

        /// Every permission and what it allows.
        pub const ALL: &[Allows] = &[$(Allows { scope: $scope, en: $en, zh: $zh }),*];
    };
}

permissions! {
    ApprovalsRead = "approvals:read" "See changes that take a second person" "查看须复核的变更";
    ApprovalsWrite = "approvals:write" "Withdraw own changes; approve and reject those of others, with what their kind takes"
        "撤回本人的变更；凭该类变更所需权限复核他人的变更";
    AuditRead = "audit:read" "See the audit trail" "查看审计记录";
    BalancesWrite = "balances:write" "Send balances in" "报送资产余额";
    BranchesRead = "branches:read" "See branches" "查看分支机构";
    BranchesWrite = "branches:write" "Create and change branches" "新建和修改分支机构";
    CalendarsWrite = "calendars:write" "Load years of calendars" "导入日历年度";
    BulkWrite = "bulk:write" "Plan, commit and undo changes of many" "计划、提交和撤销批量变更";
    ChurnRead = "churn:read" "See churn risks and alerts" "查看流失风险与预警";
    ChurnWrite = "churn:write" "Take up and resolve churn alerts" "受理和处理流失预警";
    ClientsRead = "clients:read" "See clients and their fund accounts, identifiers masked" "查看客户及其资金账户，证件等标识已脱敏";
    ClientsReveal = "clients:reveal" "See a client's identifiers in the clear, for a stated purpose" "因注明的用途查看客户标识的明文";
    ClientsWrite = "clients:write" "Create, change and close clients and fund accounts" "新建、修改、关闭客户与资金账户";
    DecisionsRead = "decisions:read" "See decisions about clients, make and replay them" "查看、作出并重放客户决策";
    ImportsWrite = "imports:write" "Import files" "导入文件";
    InteractionsRead = "interactions:read" "See contacts with clients" "查看客户沟通记录";
    InteractionsWrite = "interactions:write" "Record contacts with clients" "登记客户沟通记录";
    JobsRead = "jobs:read" "Follow background jobs" "跟踪后台任务";
    JobsWrite = "jobs:write" "Call off background jobs and try them again" "取消和重试后台任务";
    NeedsRead = "needs:read" "See trading profiles" "查看交易画像";
    OverviewRead = "overview:read" "See all about one client at once" "查看单个客户全貌";
    PoliciesApprove = "policies:approve" "Approve, reject and retire policies that others wrote" "批准、驳回和停用他人制定的策略";
    PoliciesRead = "policies:read" "See policies of every kind" "查看各类策略";
    PoliciesWrite = "policies:write" "Draft, simulate and submit policies" "起草、模拟和提交策略";
    SchedulesWrite = "schedules:write" "Move and switch schedules" "调整后台计划";
    ReportsRead = "reports:read" "See reports" "查看统计报表";
    ScoringWrite = "scoring:write" "Start scoring runs" "启动评分运行";
    StaffRead = "staff:read" "See staff" "查看员工";
    StaffWrite = "staff:write" "Create and change staff" "新建和修改员工";
    TiersRead = "tiers:read" "See tiers and tier policies" "查看客户分级与分级政策";
    TradesRead = "trades:read" "See trades" "查看成交";
    TradesWrite = "trades:write" "Send trades in" "报送成交";
    ValueRead = "value:read" "See value scores" "查看价值评分";
}
