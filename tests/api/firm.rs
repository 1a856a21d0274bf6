//! Staff and branches: who may give which rights, and what each of them must have.

use clientele::firm::access::{self, DataScope, NewBranch, NewStaff, Role};
use clientele::platform::kernel::error;
use clientele::platform::kernel::ids::BranchId;
use clientele::platform::kernel::label::Labelled;
use clientele::platform::kernel::principal::Caller;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn the_last_active_administrator_stays_one() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/v1/staff/{}", admin.staff_id.unwrap());
    // One who sees less cannot set the rights of the firm right again, and counts for nothing here.
    app.staff(Role::Administrator, DataScope::BranchTree, BranchId::ROOT).await;
    for change in [json!({ "status": "disabled" }), json!({ "role": "analyst" }), json!({ "data_scope": "own" })] {
        admin.patch(&path).if_match("\"1\"").json(change).send().await.is_problem(409, "last_administrator");
    }
    let second = app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await;
    // Two who resign at the same time: one stays.
    let resign = json!({ "role": "analyst" });
    let other = format!("/v1/staff/{}", second.staff_id.unwrap());
    let (one, two) = tokio::join!(
        admin.patch(&path).if_match("\"1\"").json(resign.clone()).send(),
        second.patch(&other).if_match("\"1\"").json(resign.clone()).send()
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", one.text(), two.text());
}

#[tokio::test]
async fn nobody_grants_more_than_they_hold() {
    let app = TestApp::start().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let elsewhere = app.branch("B", BranchId::ROOT).await;
    let local = app.client_as(Role::Administrator, DataScope::Branch, branch).await;
    let new = |username: &str, scope: &str, branch: BranchId| {
        json!({ "username": username, "name": "新人", "role": "advisor", "data_scope": scope, "branch_id": branch,
            "password": "a quiet river" })
    };
    let create = |body: Value| local.post("/v1/staff").json(body).send();
    create(new("firm.wide", "firm", branch)).await.is_problem(403, "beyond_own_rights");
    create(new("far.away", "own", elsewhere)).await.is_problem(403, "beyond_own_rights");
    let made = create(new("near.by", "own", branch)).await.is(201);
    let path = made.header("location").unwrap().to_owned();
    assert_eq!(path, format!("/v1/staff/{}", made.text_of("staff_id")));
    let change = |body: Value| local.patch(&path).if_match("\"1\"").json(body).send();
    change(json!({ "data_scope": "firm" })).await.is_problem(403, "beyond_own_rights");
    change(json!({ "branch_id": elsewhere })).await.is_problem(403, "beyond_own_rights");
    let me = format!("/v1/staff/{}", local.staff_id.unwrap());
    local
        .patch(&me)
        .if_match("\"1\"")
        .json(json!({ "data_scope": "firm" }))
        .send()
        .await
        .is_problem(403, "beyond_own_rights");
    // Whoever holds more is not theirs to change, not even downwards.
    let above = app.staff(Role::Administrator, DataScope::Firm, branch).await;
    let take_over = json!({ "data_scope": "own", "password": "another quiet river" });
    let above = local.patch(&format!("/v1/staff/{above}")).if_match("\"1\"").json(take_over).send().await;
    above.is_problem(403, "beyond_own_rights");
    // A branch is made below one's own.
    let below = |parent: BranchId| json!({ "parent_id": parent, "code": "X1", "name": "新营业部" });
    local.post("/v1/branches").json(below(elsewhere)).send().await.is_problem(422, "unknown_branch");
    local.post("/v1/branches").json(below(branch)).send().await.is(201);
    // And changed within one's own; the others are there to be read.
    let rename = |id: BranchId| {
        local.patch(&format!("/v1/branches/{id}")).if_match("\"1\"").json(json!({ "name": "新名" })).send()
    };
    for out_of_scope in [elsewhere, BranchId::ROOT] {
        local.get(&format!("/v1/branches/{out_of_scope}")).send().await.is(200);
        rename(out_of_scope).await.is_problem(404, "not_found");
    }
    rename(branch).await.is(200);
}

#[tokio::test]
async fn only_advisors_and_branch_managers_look_after_clients() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let client = app.client(BranchId::ROOT, None).await;
    let path = format!("/v1/clients/{client}");
    for &role in Role::ALL {
        let person = app.staff(role, DataScope::Branch, BranchId::ROOT).await;
        let etag = admin.get(&path).send().await.is(200).etag().to_owned();
        let named = admin.patch(&path).if_match(&etag).json(json!({ "advisor_id": person })).send().await;
        if matches!(role, Role::Advisor | Role::BranchManager) {
            assert_eq!(named.is(200).json["advisor_id"], person.to_string());
        } else {
            named.is_problem(422, "unknown_advisor");
        }
    }
}

#[tokio::test]
async fn what_must_be_there_cannot_be_taken_away() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let staff = app.staff(Role::Advisor, DataScope::Own, branch).await;
    let (staff, branch) = (format!("/v1/staff/{staff}"), format!("/v1/branches/{branch}"));
    let members = ["name", "role", "data_scope", "branch_id", "status", "password"].map(|member| (&staff, member));
    for (path, member) in members.into_iter().chain([(&branch, "name"), (&branch, "code")]) {
        let refused = admin.patch(path).if_match("\"1\"").json(json!({ member: null })).send().await;
        let refused = refused.is_problem(422, "invalid");
        assert!(refused.pointers().iter().all(|pointer| *pointer == format!("/{member}")), "{:?}", refused.pointers());
    }
    for (path, blank) in [(&staff, " "), (&branch, "\u{3000}\t")] {
        let refused = admin.patch(path).if_match("\"1\"").json(json!({ "name": blank })).send().await;
        assert_eq!(refused.is_problem(422, "invalid").pointers(), ["/name"]);
    }
    let new = json!({ "parent_id": BranchId::ROOT, "code": "B", "name": " " });
    admin.post("/v1/branches").json(new).send().await.is_problem(422, "invalid");
    let new = json!({ "username": "blank", "name": " ", "role": "advisor", "branch_id": BranchId::ROOT, "password": "a quiet river" });
    assert_eq!(admin.post("/v1/staff").json(new).send().await.is_problem(422, "invalid").pointers(), ["/name"]);
}

#[tokio::test]
async fn what_changes_nothing_keeps_the_version() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let staff = app.staff(Role::Advisor, DataScope::Own, branch).await;
    for path in [format!("/v1/staff/{staff}"), format!("/v1/branches/{branch}")] {
        let name = admin.get(&path).send().await.is(200).json["name"].clone();
        for nothing in [json!({}), json!({ "name": name })] {
            let same = admin.patch(&path).if_match("\"1\"").json(nothing.clone()).send().await.is(200);
            assert_eq!((same.etag(), &same.json["name"]), ("\"1\"", &name));
            admin.patch(&path).if_match("\"7\"").json(nothing).send().await.is_problem(412, "version_mismatch");
        }
        assert_eq!(admin.get(&path).send().await.is(200).etag(), "\"1\"");
    }
}

#[tokio::test]
async fn a_branch_code_is_taken_in_capitals_or_not() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.branch("B1", BranchId::ROOT).await;
    let other = app.branch("C1", BranchId::ROOT).await;
    let new = json!({ "parent_id": BranchId::ROOT, "code": "b1", "name": "新营业部" });
    admin.post("/v1/branches").json(new).send().await.is_problem(409, "branch_code_taken");
    let change = |code: &str| {
        admin.patch(&format!("/v1/branches/{other}")).if_match("\"1\"").json(json!({ "code": code })).send()
    };
    change("b1").await.is_problem(409, "branch_code_taken");
    assert_eq!(change("c1").await.is(200).json["code"], "c1");
}

#[tokio::test]
async fn scopes_do_not_grow_by_staying_in_a_wider_one() {
    let app = TestApp::start().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let below = app.branch("A1", branch).await;
    // Sees one branch only; a tree would be more, although the branch is theirs.
    let local = app.client_as(Role::Administrator, DataScope::Branch, branch).await;
    let body = json!({ "username": "tree.wide", "name": "新人", "role": "branch_manager", "data_scope": "branch_tree",
        "branch_id": branch, "password": "a quiet river" });
    local.post("/v1/staff").json(body).send().await.is_problem(403, "beyond_own_rights");
    let tree = app.client_as(Role::Administrator, DataScope::BranchTree, branch).await;
    let body = json!({ "username": "tree.too", "name": "新人", "role": "branch_manager", "data_scope": "branch_tree",
        "branch_id": below, "password": "a quiet river" });
    tree.post("/v1/staff").json(body).send().await.is(201);
}

#[tokio::test]
async fn weak_passwords_and_taken_names_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let new = |username: &str, password: &str| {
        let body = json!({ "username": username, "name": "新人", "role": "advisor", "branch_id": BranchId::ROOT, "password": password });
        admin.post("/v1/staff").json(body).send()
    };
    for common in ["Password123", "12345678", "iloveyou"] {
        let refused = new("someone", common).await.is_problem(422, "invalid");
        assert_eq!(refused.pointers(), ["/password"]);
        assert!(!refused.text().contains(common), "a refusal repeats the password");
    }
    assert_eq!(new("someone", "short").await.is_problem(422, "invalid").pointers(), ["/password"]);
    assert_eq!(new("someone", &"x".repeat(129)).await.is_problem(422, "invalid").pointers(), ["/password"]);
    new("someone.else", "someone.else").await.is_problem(422, "invalid");
    assert_eq!(new("Bad Name", "a quiet river").await.is_problem(422, "invalid").pointers(), ["/username"]);
    let made = new("someone", "a quiet river").await.is(201);
    assert_eq!(made.json["data_scope"], "own", "an advisor's usual scope");
    assert!(made.json.get("password").is_none());
    new("someone", "a quiet river").await.is_problem(409, "username_taken");
    let body = json!({ "grant_type": "password", "username": "someone", "password": "a quiet river" });
    app.anonymous().post("/v1/auth/token").json(body).send().await.is(200);
}

#[tokio::test]
async fn changes_name_the_version_they_are_based_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let staff = app.staff(Role::Advisor, DataScope::Own, branch).await;
    for path in [format!("/v1/staff/{staff}"), format!("/v1/branches/{branch}")] {
        let rename = || admin.patch(&path).json(json!({ "name": "新名" }));
        rename().send().await.is_problem(428, "version_required");
        let before = admin.get(&path).send().await.is(200);
        let after = rename().if_match(before.etag()).send().await.is(200);
        assert_ne!(before.etag(), after.etag());
        assert_eq!(after.json["name"], "新名");
        rename().if_match(before.etag()).send().await.is_problem(412, "version_mismatch");
        for bad in ["1", "W/\"1\"", "\"x\"", "\"\""] {
            rename().if_match(bad).send().await.is_problem(412, "version_mismatch");
        }
        assert_eq!(admin.get(&path).send().await.is(200).etag(), after.etag());
    }
}

#[tokio::test]
async fn permissions_say_what_the_caller_may() {
    let app = TestApp::start().await;
    let branch = app.branch("A", BranchId::ROOT).await;
    let below = app.branch("A1", branch).await;
    let manager = app.client_as(Role::BranchManager, DataScope::BranchTree, branch).await;
    let held = manager.get("/v1/me/permissions").send().await.is(200).json;
    assert_eq!(held["firm"], false);
    let branches: Vec<&str> = held["branch_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert!(branches.len() == 2 && branches.contains(&below.to_string().as_str()));
    let names: Vec<&str> =
        held["items"].as_array().unwrap().iter().map(|p| p["permission"].as_str().unwrap()).collect();
    assert!(names.contains(&"clients:write") && !names.contains(&"staff:write"));
    let advisor = app.client_as(Role::Advisor, DataScope::Own, branch).await;
    let held = advisor.get("/v1/me/permissions").send().await.is(200).json;
    assert_eq!(held["advisor_id"], advisor.staff_id.unwrap().to_string());
}

/// The command line has no schema before it: the database says the same.
#[tokio::test]
async fn blank_names_are_refused_whichever_way_they_come() {
    let app = TestApp::start().await;
    let setup = Caller::system("test", "test");
    let mut uow = app.db.begin(&setup).await.unwrap();
    let new = NewStaff {
        username: "blank".to_owned(),
        name: " ".to_owned(),
        role: Role::Advisor,
        data_scope: None,
        branch_id: BranchId::ROOT,
        password: "a quiet river".to_owned(),
    };
    assert!(access::create_staff(&mut uow, new).await.unwrap_err().is(&error::INVALID));
    for (code, name) in [("B1", " "), ("not a code", "新营业部")] {
        let mut uow = app.db.begin(&setup).await.unwrap();
        let new = NewBranch { parent_id: BranchId::ROOT, code: code.to_owned(), name: name.to_owned() };
        assert!(access::create_branch(&mut uow, new).await.unwrap_err().is(&error::INVALID), "{code}");
    }
}
