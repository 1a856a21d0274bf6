//! The support itself: a server answers, callers are who they say.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;

use crate::support::{Answer, Client, PASSWORD, TestApp};

#[tokio::test]
async fn a_caller_is_who_they_were_made() {
    let app = TestApp::start().await;
    let branch = app.branch("SH001", BranchId::ROOT).await;
    let advisor = app.client_as(Role::Advisor, DataScope::Own, branch).await;
    let me = advisor.get("/v1/me").send().await.is(200);
    assert_eq!(me.json["role"], "advisor");
    assert_eq!(me.json["branch_id"], branch.to_string());
    assert_eq!(me.json["staff_id"], advisor.staff_id.unwrap().to_string());
    app.anonymous().get("/v1/me").send().await.is_problem(401, "unauthenticated");
    assert!(app.run_jobs().await.is_empty());
}

#[tokio::test]
async fn a_real_sign_in_works_as_well_and_the_clock_stands() {
    let app = TestApp::at("2026-03-02T02:00:00Z").await;
    let tokens = app.sign_in("admin").await;
    let admin = app.anonymous().with_token(tokens["access_token"].as_str().unwrap());
    assert_eq!(admin.get("/v1/me").send().await.is(200).json["username"], "admin");
    app.clock.set("2026-03-02T02:11:00Z".parse().unwrap());
    admin.get("/v1/me").send().await.is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn clients_are_seen_by_their_advisor() {
    let app = TestApp::start().await;
    if clientele::openapi::allowed_methods("/v1/clients").is_none() {
        return;
    }
    let advisor = app.client_as(Role::Advisor, DataScope::Own, BranchId::ROOT).await;
    let (theirs, other) = (app.client(BranchId::ROOT, advisor.staff_id).await, app.client(BranchId::ROOT, None).await);
    advisor.get(&format!("/v1/clients/{theirs}")).send().await.is(200);
    advisor.get(&format!("/v1/clients/{other}")).send().await.is_problem(404, "not_found");
}

#[tokio::test]
async fn every_kind_of_request_can_be_made() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = [("grant_type", "password"), ("username", "admin"), ("password", PASSWORD)];
    app.anonymous().post("/v1/auth/token").form(&form).send().await.is(200);
    let branch = app.branch("SH001", BranchId::ROOT).await;
    let path = format!("/v1/branches/{branch}");
    let change = async |who: &Client, etag: &str| -> Answer {
        who.patch(&path).if_match(etag).json(serde_json::json!({ "name": "世纪大道" })).send().await
    };
    let found = admin.get(&path).send().await.is(200);
    change(&admin, found.etag()).await.is(200);
    change(&admin, found.etag()).await.is_problem(412, "version_mismatch");
    let unknown = admin.post("/v1/branches").key("k1").header("Accept-Language", "zh").bytes("application/json", "{}");
    let unknown = unknown.send().await.is_problem(422, "invalid");
    assert_eq!(unknown.pointers(), ["/parent_id", "/code", "/name"]);
    admin.put(&path).send().await.is_problem(405, "method_not_allowed");
}
