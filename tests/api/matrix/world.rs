//! The firm in which the matrix plays: branches, callers of every kind with tokens in every state, and what they reach
//! for.

use std::collections::HashMap;

use clientele::firm::access::{DataScope, Role};
use clientele::platform::approvals::{self, NewChange};
use clientele::platform::kernel::ids::{BranchId, ClientId, StaffId};
use clientele::platform::kernel::label::Labelled;
use clientele::platform::kernel::principal::Caller as Principal;
use serde_json::json;
use uuid::Uuid;

use super::oracle::Place;
use crate::support::{Client, TestApp, session_of};

pub const ROLES: &[Role] = Role::ALL;
pub const SCOPES: &[DataScope] = DataScope::ALL;

/// A caller, at home in branch A.
pub struct Caller {
    pub role: Role,
    pub scope: DataScope,
    pub client: Client,
    /// The same person with tokens that are not good, by what is wrong with them.
    pub bad: Vec<(&'static str, Client)>,
    /// What the placeholders of a path stand for at each place.
    places: Vec<(Place, Ids)>,
}

/// Placeholder → value.
pub type Ids = HashMap<&'static str, String>;

impl Caller {
    pub fn ids(&self, place: Place) -> &Ids {
        &self.places.iter().find(|(known, _)| *known == place).unwrap().1
    }

    pub fn name(&self) -> String {
        format!("{:?} of {:?}", self.role, self.scope)
    }
}

/// Branches, clients and staff; a caller of every role and scope.
pub async fn callers(app: &TestApp) -> Vec<Caller> {
    let home = app.branch("A", BranchId::ROOT).await;
    let (below, elsewhere) = (app.branch("A1", home).await, app.branch("B", BranchId::ROOT).await);
    let run = scoring_run(app).await;
    let shared = [
        (Place::Here, things(app, run, home, None, staff_in(app, home).await).await),
        (Place::Below, things(app, run, below, None, staff_in(app, below).await).await),
        (Place::Elsewhere, things(app, run, elsewhere, None, staff_in(app, elsewhere).await).await),
    ];
    let mut callers = Vec::new();
    for &role in ROLES {
        let advisor = app.client_as(role, DataScope::Own, home).await;
        let theirs = things(app, run, elsewhere, advisor.staff_id, advisor.staff_id.unwrap()).await;
        for &scope in SCOPES {
            let client = if scope == DataScope::Own { advisor.clone() } else { app.client_as(role, scope, home).await };
            let bad = bad_tokens(app, &client, role, scope, home).await;
            let mut places = shared.to_vec();
            places.push((Place::Own, theirs.clone()));
            callers.push(Caller { role, scope, client, bad, places });
        }
    }
    callers
}

/// One of everything, in a branch of its own: what placeholders stand for where nobody's scope is asked about.
pub async fn one_of_everything(app: &TestApp) -> Ids {
    let home = app.branch("A", BranchId::ROOT).await;
    let run = scoring_run(app).await;
    things(app, run, home, None, staff_in(app, home).await).await
}

async fn staff_in(app: &TestApp, branch: BranchId) -> StaffId {
    app.staff(Role::Analyst, DataScope::Own, branch).await
}

/// A run that scored the book, as small as it is.
async fn scoring_run(app: &TestApp) -> Uuid {
    let admin = app.admin().await;
    let run = json!({ "as_of": "2026-01-01", "horizon_days": 90 });
    admin.post("/v1/scoring-runs").json(run).send().await.is(202);
    app.run_jobs().await;
    let runs = admin.get("/v1/scoring-runs").send().await.is(200);
    runs.json["items"][0]["scoring_run_id"].as_str().expect("a run").parse().unwrap()
}

/// A client of that branch and advisor and everything that belongs to it; the rest of a path at the same place.
async fn things(app: &TestApp, run: Uuid, branch: BranchId, advisor: Option<StaffId>, staff: StaffId) -> Ids {
    let admin = app.admin().await;
    let client = app.client(branch, None).await;
    // Past the rule that only some roles look after clients: here a caller of every role has one of their own.
    let own = sqlx::query("UPDATE client SET advisor_id = $2 WHERE client_id = $1").bind(client).bind(advisor);
    own.execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    let path = format!("/v1/clients/{client}");
    let found = admin.get(&path).send().await.is(200);
    let account = json!({ "fund_account_no": "F1", "kind": "ordinary" });
    let account = admin.post(&format!("{path}/fund-accounts")).json(account).send().await.is(201);
    let contact = json!({ "channel": "call", "direction": "outbound", "purpose": "care" });
    let contact = admin.post(&format!("{path}/interactions")).json(contact).send().await.is(201);
    let (alert, job) = (app.id(), app.id());
    let sql =
        "INSERT INTO churn_alert (client_id, churn_alert_id, scoring_run_id, churn_model_id, status, severity, as_of,
                   horizon_days, p_silent, value_at_risk, reasons, advisor_id, due_on, opened_at)
               SELECT $1, $2, scoring_run_id, churn_model_id, 'open', 'high', as_of, 90, 0.9, 100, '[]', $4, '2026-01-08', now()
               FROM scoring_run WHERE scoring_run_id = $3";
    let open = sqlx::query(sql).bind(client).bind(alert).bind(run).bind(advisor);
    open.execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    let sql = "INSERT INTO job (job_id, kind, payload, max_attempts, run_at, requested_by, created_at)
               SELECT $1, 'import', '{}', 1, now(), CASE role WHEN 'integration' THEN 'integration:' ELSE 'staff:' END || staff_id, now()
               FROM staff WHERE staff_id = $2";
    let queue = sqlx::query(sql).bind(job).bind(staff);
    queue.execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    admin.put("/v1/import-mappings/counter-trades").json(json!({ "kind": "trades" })).send().await;
    let decision = admin.post(&format!("{path}/decisions")).json(json!({ "kind": "value" })).send().await.is(200);
    let (policy, change) = waiting(app, ClientId(client.0)).await;
    let plan = app.id();
    let sql = "INSERT INTO bulk_plan (bulk_plan_id, kind, status, filter, change, item_count, planned_by, scope, created_at,
                                      expires_at)
               SELECT $1, 'advisor_reassignment', 'draft', '{}', '{\"advisor_id\": null}', 0,
                      CASE role WHEN 'integration' THEN 'integration:' ELSE 'staff:' END || staff_id,
                      jsonb_build_object('firm', true, 'branch_ids', '[]'::jsonb, 'advisor_id', NULL, 'home', branch_id), now(), now() + interval '1 day'
               FROM staff WHERE staff_id = $2";
    let plan_it = sqlx::query(sql).bind(plan).bind(staff);
    plan_it.execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    HashMap::from([
        ("decision_id", decision.text_of("decision_id").to_owned()),
        ("policy_id", policy),
        ("pending_change_id", change),
        ("bulk_plan_id", plan.to_string()),
        ("churn_alert_id", alert.to_string()),
        ("job_id", job.to_string()),
        ("scoring_run_id", run.to_string()),
        ("client_id", client.to_string()),
        ("code", "cn-working".to_owned()),
        ("name", "interactions".to_owned()),
        ("schedule_code", "purge".to_owned()),
        ("report_code", "clients_by_tier".to_owned()),
        ("year", "2027".to_owned()),
        ("effective_on", "2027-01-01".to_owned()),
        ("mapping_name", "counter-trades".to_owned()),
        ("client_no", found.text_of("client_no").to_owned()),
        ("fund_account_id", account.text_of("fund_account_id").to_owned()),
        ("interaction_id", contact.text_of("interaction_id").to_owned()),
        ("staff_id", staff.to_string()),
        ("branch_id", branch.to_string()),
    ])
}

/// A draft of a policy, and a change that waits for a second person and belongs to the client.
async fn waiting(app: &TestApp, client: ClientId) -> (String, String) {
    let rules =
        app.admin().await.get("/v1/policies?kind=churn&limit=1").send().await.is(200).json["items"][0]["rules"].clone();
    let draft = json!({ "kind": "churn", "rules": rules });
    let draft = app.admin().await.post("/v1/policies").json(draft).send().await.is(201);
    let policy = draft.text_of("policy_id").to_owned();
    let mut uow = app.db.begin(&Principal::system("test", "matrix")).await.unwrap();
    let change = NewChange {
        kind: "policy",
        subject_id: policy.parse().unwrap(),
        client_id: Some(client),
        row_version: 1,
        payload: json!({}),
        comment: None,
    };
    let change = approvals::propose(&mut uow, change).await.unwrap();
    uow.finish(()).await.unwrap();
    (policy, change.pending_change_id.to_string())
}

/// No token, and every kind of bad one.
async fn bad_tokens(
    app: &TestApp,
    good: &Client,
    role: Role,
    scope: DataScope,
    home: BranchId,
) -> Vec<(&'static str, Client)> {
    let staff_id = good.staff_id.unwrap();
    let long_ago = app.clock.now() - chrono::Duration::seconds(700);
    let session = app.signed_in(staff_id).await;
    let session_id = session_of(session.token.as_deref().unwrap());
    let expired = app.state.tokens.sign(staff_id, session_id, long_ago).unwrap();
    let revoked = app.signed_in(staff_id).await;
    execute(
        app,
        "UPDATE session SET revoked_at = now() WHERE session_id = $1",
        session_of(revoked.token.as_deref().unwrap()).0,
    )
    .await;
    let disabled = app.client_as(role, scope, home).await;
    execute(app, "UPDATE staff SET status = 'disabled' WHERE staff_id = $1", disabled.staff_id.unwrap().0).await;
    let ended = app.signed_in(staff_id).await;
    execute(
        app,
        "UPDATE session SET expires_at = created_at WHERE session_id = $1",
        session_of(ended.token.as_deref().unwrap()).0,
    )
    .await;
    let (claims, signature) = good.token.as_deref().unwrap().rsplit_once('.').unwrap();
    let forged: String = signature.chars().rev().collect();
    vec![
        ("no token", app.anonymous()),
        ("garbage", good.with_token("garbage")),
        ("forged", good.with_token(format!("{claims}.{forged}"))),
        ("expired", good.with_token(expired)),
        ("revoked session", revoked),
        ("ended session", ended),
        ("disabled staff", disabled),
    ]
}

async fn execute(app: &TestApp, sql: &'static str, id: Uuid) {
    let done = sqlx::query(sql).bind(id).execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
    assert_eq!(done.rows_affected(), 1, "{sql}");
}
