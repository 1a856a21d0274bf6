//! Name and identity document of a client that is there change when a second person agrees, whichever way the change
//! comes.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const ID_CARD: &str = "11010519491231002X";
const OTHER_CARD: &str = "440524188001010014";

fn profile(client_no: &str) -> Value {
    json!({ "client_no": client_no, "name": "李晓燕", "kind": "individual", "branch_id": BranchId::ROOT, "phone": "13800138000" })
}

async fn create(who: &Client, body: Value) -> String {
    format!("/v1/clients/{}", who.post("/v1/clients").json(body).send().await.is(201).text_of("client_id"))
}

async fn another(app: &TestApp) -> Client {
    app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await
}

/// Takes a file of clients in, to the end; the result.
async fn import(app: &TestApp, who: &Client, file: &str) -> Value {
    let taken =
        who.post("/v1/imports?kind=clients&on_existing=update").bytes("text/csv", file.to_owned()).send().await.is(202);
    app.run_jobs().await;
    who.get(taken.header("location").unwrap()).send().await.is(200).json["result"].clone()
}

fn row(client_no: &str, name: &str) -> String {
    format!("client_no,name,kind,branch_code,phone\n{client_no},{name},individual,HQ,13800138000\n")
}

#[tokio::test]
async fn every_way_leads_to_the_same_second_person() {
    let app = TestApp::start().await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    for door in ["PATCH", "PUT", "import"] {
        let path = create(&maker, profile(door)).await;
        let location = match door {
            "PATCH" => {
                let asked = maker.patch(&path).if_match("\"1\"").json(json!({ "name": "李小燕" })).send().await.is(202);
                assert_eq!(asked.json["change"], json!({ "name": "李小燕" }));
                asked.header("location").unwrap().to_owned()
            }
            "PUT" => {
                let mut body = profile(door);
                body.as_object_mut().unwrap().remove("client_no");
                body["name"] = json!("李小燕");
                let asked = maker.put("/v1/clients/by-number/PUT").json(body).send().await.is(202);
                asked.header("location").unwrap().to_owned()
            }
            _ => {
                let result = import(&app, &maker, &row(door, "李小燕")).await;
                assert_eq!(
                    (&result["read"], &result["pending"], &result["accepted"]),
                    (&json!(1), &json!(1), &json!(0))
                );
                assert_eq!(result["pending_rows"][0]["line"], 2);
                format!("/v1/approvals/{}", result["pending_rows"][0]["pending_change_id"].as_str().unwrap())
            }
        };
        let now = maker.get(&path).send().await.is(200);
        assert_eq!((now.text_of("name"), now.etag()), ("李晓燕", "\"1\""), "{door}");
        let id = location.rsplit('/').next().unwrap();
        assert_eq!(now.json["pending_changes"], json!([id]), "{door}");
        maker.post(&format!("{location}/approve")).send().await.is_problem(403, "takes_another_person");
        assert_eq!(maker.get(&path).send().await.is(200).text_of("name"), "李晓燕", "{door}");
        checker.post(&format!("{location}/approve")).send().await.is(200);
        let now = maker.get(&path).send().await.is(200);
        assert_eq!((now.text_of("name"), &now.json["pending_changes"]), ("李小燕", &json!([])), "{door}");
    }
}

#[tokio::test]
async fn what_one_person_may_change_is_changed_at_once() {
    let app = TestApp::start().await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    let path = create(&maker, profile("C1")).await;
    let both = json!({ "name": "李小燕", "phone": "13900139000" });
    let changed = maker.patch(&path).if_match("\"1\"").json(both.clone()).send().await.is(200);
    assert_eq!((changed.text_of("name"), changed.text_of("phone"), changed.etag()), ("李晓燕", "139****9000", "\"2\""));
    let waiting = changed.json["pending_changes"].clone();
    let change = format!("/v1/approvals/{}", waiting[0].as_str().unwrap());
    // Asked again, as a partner's nightly run does, it is the same change; another one is in its way.
    let again = maker.patch(&path).if_match("\"2\"").json(both).send().await.is(202);
    assert_eq!(again.header("location"), Some(change.as_str()));
    let other = json!({ "name": "李燕", "phone": "13700137000" });
    maker.patch(&path).if_match("\"2\"").json(other.clone()).send().await.is_problem(409, "change_pending");
    assert_eq!(maker.get(&path).send().await.text_of("phone"), "139****9000", "refused as a whole");
    // Whatever else changes meanwhile makes the change stale: who approves decides about the client they saw.
    maker.patch(&path).if_match("\"2\"").json(json!({ "email": "li@example.com" })).send().await.is(200);
    assert_eq!(checker.post(&format!("{change}/approve")).send().await.is(200).text_of("status"), "stale");
    let now = maker.get(&path).send().await.is(200);
    assert_eq!((now.text_of("name"), &now.json["pending_changes"]), ("李晓燕", &json!([])));
}

#[tokio::test]
async fn a_change_that_nobody_could_approve_any_more_makes_room() {
    let app = TestApp::start().await;
    let maker = app.admin().await;
    let path = create(&maker, profile("C1")).await;
    let rename = |name: &str| maker.patch(&path).if_match("*").json(json!({ "name": name }));
    let first = rename("李小燕").send().await.is(202);
    maker.patch(&path).if_match("*").json(json!({ "email": "li@example.com" })).send().await.is(200);
    let second = rename("李燕").send().await.is(202);
    let status = async |location: &str| maker.get(location).send().await.is(200).text_of("status").to_owned();
    assert_eq!(status(first.header("location").unwrap()).await, "stale");
    assert_eq!(status(second.header("location").unwrap()).await, "pending");
}

#[tokio::test]
async fn a_document_is_taken_when_the_second_person_agrees() {
    let app = TestApp::start().await;
    let (maker, checker) = (app.admin().await, another(&app).await);
    let (first, second) = (create(&maker, profile("C1")).await, create(&maker, profile("C2")).await);
    let document = |number: &str| json!({ "document": { "type": "id_card", "number": number } });
    let ask = async |path: &str, number: &str| {
        let asked = maker.patch(path).if_match("*").json(document(number)).send().await.is(202);
        assert!(!asked.text().contains(number), "the number is masked");
        asked.header("location").unwrap().to_owned()
    };
    let (of_first, of_second) = (ask(&first, ID_CARD).await, ask(&second, ID_CARD).await);
    checker.post(&format!("{of_first}/approve")).send().await.is(200);
    assert_eq!(maker.get(&first).send().await.json["document"]["number"], "110***********002X");
    // Somebody else was agreed to first: refused, and the change can be rejected or withdrawn.
    checker.post(&format!("{of_second}/approve")).send().await.is_problem(409, "document_taken");
    maker.post(&format!("{of_second}/withdraw")).send().await.is(200);
    maker.patch(&second).if_match("*").json(document(ID_CARD)).send().await.is_problem(409, "document_taken");
    let another = ask(&second, OTHER_CARD).await;
    checker.post(&format!("{another}/approve")).send().await.is(200);
    // Nothing of it can be read in the database.
    let text: String = sqlx::query_scalar("SELECT coalesce(string_agg(p::text, ' '), '') FROM pending_change p")
        .fetch_one(&mut app.connect().await)
        .await
        .unwrap();
    for secret in [ID_CARD, OTHER_CARD] {
        let bytes: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!text.contains(secret) && !text.contains(&bytes), "{secret}");
    }
}

#[tokio::test]
async fn a_list_brings_clients_up_to_date() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = create(&admin, profile("C1")).await;
    let file = "client_no,name,kind,branch_code,phone,email\n\
                C1,李晓燕,individual,HQ,,li@example.com\n\
                C2,王强,individual,HQ,,\n\
                C2,王强,individual,HQ,13900139000,\n\
                C1,李小燕,individual,HQ,13700137000,\n\
                C1,李燕,individual,HQ,13600136000,\n";
    let result = import(&app, &admin, file).await;
    let counts = ["read", "accepted", "duplicate", "pending", "rejected"].map(|name| result[name].as_u64().unwrap());
    assert_eq!(counts, [5, 3, 0, 1, 1], "{result}");
    let now = admin.get(&path).send().await.is(200);
    assert_eq!(
        (now.text_of("name"), now.text_of("phone"), now.text_of("email")),
        ("李晓燕", "137****7000", "l***@example.com"),
        "what a row leaves empty stays; a refused row writes nothing"
    );
    // The same file again: what is so stays so, what waits waits.
    let again = file
        .replace("C1,李燕,individual,HQ,13600136000,\n", "")
        .replace("李晓燕,individual,HQ,,", "李小燕,individual,HQ,,");
    let again = import(&app, &admin, &again).await;
    let counts = ["read", "accepted", "duplicate", "pending", "rejected"].map(|name| again[name].as_u64().unwrap());
    assert_eq!(counts, [4, 0, 2, 2, 0], "{again}");
    assert_eq!(again["pending_rows"][0]["pending_change_id"], result["pending_rows"][0]["pending_change_id"]);
    // A dry run says the same and writes nothing.
    let dry = admin
        .post("/v1/imports?kind=clients&on_existing=update&dry_run=true")
        .bytes("text/csv", row("C2", "王刚"))
        .send();
    let dry = dry.await.is(202);
    app.run_jobs().await;
    let dry = admin.get(dry.header("location").unwrap()).send().await.is(200).json["result"].clone();
    assert_eq!(dry["pending"], 1, "{dry}");
    let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM pending_change WHERE status = 'pending'")
        .fetch_one(&mut app.connect().await)
        .await
        .unwrap();
    assert_eq!(waiting, 1);
}
