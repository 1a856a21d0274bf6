//! Who may do what with whose clients, written by hand and kept apart from the code: the product's word, not an echo
//! of
//! `firm::access::rules`. An operation that is missing here makes the matrix red.

use clientele::firm::access::{DataScope, Role};

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Who {
    /// No token is asked for.
    Anybody,
    /// Whoever is signed in.
    SignedIn,
    /// Who holds this permission.
    Holds(&'static str),
}

/// What an operation reaches, and so what its caller must have in scope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// Nothing that has a scope; lists show what is in scope.
    Nothing,
    /// The client in the path.
    Client,
    /// The client behind a number, which is new or another's: refused one way or another when out of scope.
    Number,
    /// The member of staff in the path.
    Staff,
    /// The branch in the path, to be changed.
    Branch,
    /// The job in the path: whoever asked for it follows it, and whoever sees the whole firm.
    Job,
    /// The change in the path that waits for a second person: seen with the client it belongs to.
    Change,
    /// The whole firm at once: whoever sees less may not.
    Firm,
}

use Reach::{Branch, Change, Client, Firm, Job, Nothing, Number, Staff};
use Who::{Anybody, Holds, SignedIn};

/// Every operation.
pub const OPERATIONS: &[(&str, Who, Reach)] = &[
    ("GET /health/live", Anybody, Nothing),
    ("GET /health/ready", Anybody, Nothing),
    ("POST /v1/auth/token", Anybody, Nothing),
    ("POST /v1/auth/revoke", Anybody, Nothing),
    ("GET /v1/me", SignedIn, Nothing),
    ("GET /v1/me/permissions", SignedIn, Nothing),
    ("GET /v1/event-types", SignedIn, Nothing),
    ("GET /v1/labels", SignedIn, Nothing),
    ("GET /v1/metadata/resources", SignedIn, Nothing),
    ("GET /v1/metadata/resources/{name}", SignedIn, Nothing),
    ("GET /v1/staff", Holds("staff:read"), Nothing),
    ("POST /v1/staff", Holds("staff:write"), Nothing),
    ("GET /v1/staff/{staff_id}", Holds("staff:read"), Staff),
    ("PATCH /v1/staff/{staff_id}", Holds("staff:write"), Staff),
    // The tree of branches is a catalogue: who may see it sees it whole, and changes what is within their scope.
    ("GET /v1/branches", Holds("branches:read"), Nothing),
    ("POST /v1/branches", Holds("branches:write"), Nothing),
    ("GET /v1/branches/{branch_id}", Holds("branches:read"), Nothing),
    ("PATCH /v1/branches/{branch_id}", Holds("branches:write"), Branch),
    ("GET /v1/clients", Holds("clients:read"), Nothing),
    ("POST /v1/clients", Holds("clients:write"), Nothing),
    ("GET /v1/clients/{client_id}", Holds("clients:read"), Client),
    ("PATCH /v1/clients/{client_id}", Holds("clients:write"), Client),
    ("PUT /v1/clients/by-number/{client_no}", Holds("clients:write"), Number),
    ("POST /v1/clients/{client_id}/close", Holds("clients:write"), Client),
    ("POST /v1/clients/{client_id}/reopen", Holds("clients:write"), Client),
    ("POST /v1/clients/{client_id}/reveal", Holds("clients:reveal"), Client),
    ("GET /v1/clients/{client_id}/fund-accounts", Holds("clients:read"), Client),
    ("POST /v1/clients/{client_id}/fund-accounts", Holds("clients:write"), Client),
    ("GET /v1/clients/{client_id}/fund-accounts/{fund_account_id}", Holds("clients:read"), Client),
    ("PATCH /v1/clients/{client_id}/fund-accounts/{fund_account_id}", Holds("clients:write"), Client),
    ("GET /v1/clients/{client_id}/history", Holds("clients:read"), Client),
    ("POST /v1/clients/{client_id}/history/{effective_on}/cancel", Holds("clients:write"), Client),
    // Whose plan it is decides, as with jobs; what it may touch is the job's to find out, item by item.
    ("POST /v1/bulk-plans", Holds("bulk:write"), Nothing),
    ("GET /v1/bulk-plans", Holds("bulk:write"), Nothing),
    ("GET /v1/bulk-plans/{bulk_plan_id}", Holds("bulk:write"), Job),
    ("GET /v1/bulk-plans/{bulk_plan_id}/items", Holds("bulk:write"), Job),
    ("POST /v1/bulk-plans/{bulk_plan_id}/commit", Holds("bulk:write"), Job),
    ("POST /v1/bulk-plans/{bulk_plan_id}/undo", Holds("bulk:write"), Job),
    ("GET /v1/interactions", Holds("interactions:read"), Nothing),
    ("GET /v1/clients/{client_id}/interactions", Holds("interactions:read"), Client),
    ("POST /v1/clients/{client_id}/interactions", Holds("interactions:write"), Client),
    ("GET /v1/clients/{client_id}/interactions/{interaction_id}", Holds("interactions:read"), Client),
    ("PATCH /v1/clients/{client_id}/interactions/{interaction_id}", Holds("interactions:write"), Client),
    ("GET /v1/clients/{client_id}/trades", Holds("trades:read"), Client),
    // Items name clients: what is out of scope is that item's fault, not the batch's.
    ("POST /v1/trades/batch", Holds("trades:write"), Nothing),
    ("GET /v1/clients/{client_id}/balances", Holds("trades:read"), Client),
    ("POST /v1/balances/batch", Holds("balances:write"), Nothing),
    ("POST /v1/imports", Holds("imports:write"), Nothing),
    ("GET /v1/imports/words", Holds("imports:write"), Nothing),
    ("GET /v1/import-mappings", Holds("imports:write"), Nothing),
    ("GET /v1/import-mappings/{mapping_name}", Holds("imports:write"), Nothing),
    ("PUT /v1/import-mappings/{mapping_name}", Holds("imports:write"), Nothing),
    ("DELETE /v1/import-mappings/{mapping_name}", Holds("imports:write"), Nothing),
    ("GET /v1/clients/{client_id}/trading-profile", Holds("needs:read"), Client),
    ("GET /v1/clients/{client_id}/value-score", Holds("value:read"), Client),
    ("GET /v1/clients/{client_id}/tier", Holds("tiers:read"), Client),
    ("GET /v1/tier-policies", Holds("tiers:read"), Nothing),
    // Policies say nothing about a client.
    ("GET /v1/policies", Holds("policies:read"), Nothing),
    ("POST /v1/policies", Holds("policies:write"), Nothing),
    ("GET /v1/policies/{policy_id}", Holds("policies:read"), Nothing),
    ("PATCH /v1/policies/{policy_id}", Holds("policies:write"), Nothing),
    ("POST /v1/policies/{policy_id}/simulate", Holds("policies:write"), Nothing),
    ("POST /v1/policies/{policy_id}/submit", Holds("policies:write"), Nothing),
    ("POST /v1/policies/{policy_id}/approve", Holds("policies:approve"), Nothing),
    ("POST /v1/policies/{policy_id}/reject", Holds("policies:approve"), Nothing),
    ("POST /v1/policies/{policy_id}/retire", Holds("policies:approve"), Nothing),
    ("GET /v1/approvals", Holds("approvals:read"), Nothing),
    ("GET /v1/approvals/{pending_change_id}", Holds("approvals:read"), Change),
    ("POST /v1/approvals/{pending_change_id}/approve", Holds("approvals:write"), Change),
    ("POST /v1/approvals/{pending_change_id}/reject", Holds("approvals:write"), Change),
    ("POST /v1/approvals/{pending_change_id}/withdraw", Holds("approvals:write"), Change),
    ("GET /v1/clients/{client_id}/churn-risk", Holds("churn:read"), Client),
    ("GET /v1/churn-alerts", Holds("churn:read"), Nothing),
    ("GET /v1/clients/{client_id}/churn-alerts", Holds("churn:read"), Client),
    ("GET /v1/clients/{client_id}/churn-alerts/{churn_alert_id}", Holds("churn:read"), Client),
    ("POST /v1/clients/{client_id}/churn-alerts/{churn_alert_id}/acknowledge", Holds("churn:write"), Client),
    ("POST /v1/clients/{client_id}/churn-alerts/{churn_alert_id}/start", Holds("churn:write"), Client),
    ("POST /v1/clients/{client_id}/churn-alerts/{churn_alert_id}/resolve", Holds("churn:write"), Client),
    ("POST /v1/scoring-runs", Holds("scoring:write"), Firm),
    // Models and runs say nothing about a single client.
    ("GET /v1/scoring-runs", Holds("churn:read"), Nothing),
    ("GET /v1/scoring-runs/{scoring_run_id}", Holds("churn:read"), Nothing),
    ("GET /v1/churn-models", Holds("churn:read"), Nothing),
    // Catalogues: whoever is signed in counts by the same days.
    ("GET /v1/calendars", SignedIn, Nothing),
    ("GET /v1/calendars/{code}", SignedIn, Nothing),
    ("GET /v1/calendars/{code}/due-day", SignedIn, Nothing),
    ("GET /v1/calendars/{code}/years/{year}", SignedIn, Nothing),
    ("PUT /v1/calendars/{code}/years/{year}", Holds("calendars:write"), Nothing),
    // The trail tells of everybody's clients.
    ("GET /v1/audit", Holds("audit:read"), Firm),
    ("GET /v1/audit/client-reads", Holds("audit:read"), Firm),
    // Of jobs and schedules nothing is said of a client; whoever asked for a job, or sees the firm, follows it.
    ("GET /v1/schedules", Holds("jobs:read"), Nothing),
    ("GET /v1/schedules/{schedule_code}", Holds("jobs:read"), Nothing),
    ("PATCH /v1/schedules/{schedule_code}", Holds("schedules:write"), Nothing),
    ("GET /v1/jobs", Holds("jobs:read"), Nothing),
    ("POST /v1/jobs/{job_id}/cancel", Holds("jobs:write"), Job),
    ("POST /v1/jobs/{job_id}/retry", Holds("jobs:write"), Job),
    ("GET /v1/jobs/{job_id}", Holds("jobs:read"), Job),
    ("GET /v1/jobs/{job_id}/rejections", Holds("jobs:read"), Job),
    ("GET /v1/jobs/{job_id}/rejections.csv", Holds("jobs:read"), Job),
    // What a report counts is within the caller's scope, whatever that is.
    ("GET /v1/reports", Holds("reports:read"), Nothing),
    ("GET /v1/reports/{report_code}", Holds("reports:read"), Nothing),
    ("GET /v1/clients/{client_id}/decisions", Holds("decisions:read"), Client),
    ("POST /v1/clients/{client_id}/decisions", Holds("decisions:read"), Client),
    ("GET /v1/clients/{client_id}/decisions/{decision_id}", Holds("decisions:read"), Client),
    ("POST /v1/clients/{client_id}/decisions/{decision_id}/replay", Holds("decisions:read"), Client),
    ("GET /v1/clients/{client_id}/overview", Holds("overview:read"), Client),
];

/// What looking at a client takes.
const SEE: [&str; 12] = [
    "branches:read",
    "churn:read",
    "clients:read",
    "decisions:read",
    "interactions:read",
    "needs:read",
    "overview:read",
    "policies:read",
    "reports:read",
    "tiers:read",
    "trades:read",
    "value:read",
];

/// What each role holds beside [`SEE`]; administrators hold everything, partner systems exactly what is written.
fn beside(role: Role) -> &'static [&'static str] {
    match role {
        Role::Administrator => &[],
        // Sees everything and everyone, identifiers too, and changes nothing.
        Role::Compliance => &["approvals:read", "audit:read", "clients:reveal", "jobs:read", "staff:read"],
        // Runs a branch: does what advisors do, and sees its staff and its jobs.
        Role::BranchManager => &[
            "approvals:read",
            "approvals:write",
            "bulk:write",
            "churn:write",
            "clients:reveal",
            "clients:write",
            "interactions:write",
            "jobs:read",
            "staff:read",
        ],
        Role::Advisor => &[
            "approvals:read",
            "approvals:write",
            "churn:write",
            "clients:reveal",
            "clients:write",
            "interactions:write",
        ],
        // Answers the phone: must know who calls, and notes what was said.
        Role::ServiceAgent => &["clients:reveal", "interactions:write"],
        // Looks at the book as a whole, and never at identifiers; writes policies for others to approve.
        Role::Analyst => {
            &["approvals:read", "approvals:write", "jobs:read", "jobs:write", "policies:write", "scoring:write"]
        }
        // Data in, nothing personal out.
        Role::Integration => &[
            "balances:write",
            "branches:read",
            "clients:read",
            "clients:write",
            "imports:write",
            "jobs:read",
            "jobs:write",
            "trades:read",
            "trades:write",
        ],
    }
}

/// Whether somebody of this role may call the operation at all.
pub fn may(role: Role, who: Who) -> bool {
    match (who, role) {
        (Anybody | SignedIn, _) | (Holds(_), Role::Administrator) => true,
        (Holds(permission), Role::Integration) => beside(role).contains(&permission),
        (Holds(permission), _) => SEE.contains(&permission) || beside(role).contains(&permission),
    }
}

/// Where a client, a member of staff or a branch is, seen from a caller who is at home in branch A.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// In another branch, but the caller's own client; or the caller themself.
    Own,
    /// In branch A.
    Here,
    /// In a branch below A.
    Below,
    /// Elsewhere in the firm.
    Elsewhere,
}

impl Place {
    pub const ALL: [Self; 4] = [Self::Own, Self::Here, Self::Below, Self::Elsewhere];
}

/// Whether a caller of this scope sees what is there.
pub fn sees(scope: DataScope, reach: Reach, place: Place) -> bool {
    match scope {
        DataScope::Firm => true,
        _ if reach == Firm => false,
        DataScope::Branch | DataScope::BranchTree if reach == Job => false,
        // Clients may be one's own anywhere; a branch is one's own nowhere.
        DataScope::Own if reach == Branch => false,
        // The caller's own record is at home in A, unlike the caller's own client.
        DataScope::Branch | DataScope::BranchTree if reach == Staff && place == Place::Own => true,
        DataScope::Own => place == Place::Own,
        DataScope::Branch => place == Place::Here,
        DataScope::BranchTree => place == Place::Here || place == Place::Below,
    }
}
