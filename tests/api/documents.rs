//! Identity documents say what they must, fit their client, and are no dead end when their client is closed; names are
//! found however they are written.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp, encoded};

const ID_CARD: &str = "11010519491231002X";
const CREDIT_CODE: &str = "91350100M000100Y43";

fn client(client_no: &str, kind: &str, document: Value) -> Value {
    json!({ "client_no": client_no, "name": "李晓燕", "kind": kind, "branch_id": BranchId::ROOT, "opened_on": "2020-01-02",
        "document": document })
}

async fn enter(who: &Client, body: Value) -> Answer {
    who.post("/v1/clients").json(body).send().await
}

#[tokio::test]
async fn a_number_that_cannot_be_is_refused_with_why() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let cases = [
        ("individual", "id_card", "110105194912310021", "/document/number", "check_digit"),
        // The check digits fit, but there is no region 99, no 31 February, and nobody is opened before being born.
        ("individual", "id_card", "990105194912310029", "/document/number", "region"),
        ("individual", "id_card", "110105194902310029", "/document/number", "birth_date"),
        ("individual", "id_card", "110105202102030022", "/document/number", "birth_date"),
        ("institution", "credit_code", "91350100M000100Y44", "/document/number", "check_digit"),
        ("institution", "id_card", ID_CARD, "/document/type", "document_kind"),
        ("individual", "credit_code", CREDIT_CODE, "/document/type", "document_kind"),
        ("product", "credit_code", CREDIT_CODE, "/document/type", "document_kind"),
    ];
    for (kind, document, number, pointer, code) in cases {
        let number = with_check_digit(document, number);
        let refused = enter(&admin, client("D1", kind, json!({ "type": document, "number": number }))).await;
        let refused = refused.is_problem(422, "invalid");
        assert_eq!((refused.pointers(), &refused.json["errors"][0]["code"]), (vec![pointer], &json!(code)), "{number}");
    }
    enter(&admin, client("D1", "individual", json!({ "type": "id_card", "number": ID_CARD }))).await.is(201);
    enter(&admin, client("D2", "institution", json!({ "type": "credit_code", "number": CREDIT_CODE }))).await.is(201);
    let product = json!({ "type": "product_registration", "number": "SZZ000001" });
    let made = enter(&admin, client("D3", "product", product)).await.is(201);
    let path = format!("/v1/clients/{}", made.text_of("client_id"));
    let other = json!({ "document": { "type": "passport", "number": "E1234567" } });
    admin.patch(&path).if_match("\"1\"").json(other).send().await.is_problem(422, "invalid");
}

/// An identity number of the cases with the check digit it should have, where the case is about something else.
fn with_check_digit(document: &str, number: &str) -> String {
    if document != "id_card" || number == "110105194912310021" {
        return number.to_owned();
    }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = number.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{}{}", &number[..17], char::from(b"10X98765432"[(sum % 11) as usize]))
}

#[tokio::test]
async fn an_identity_card_says_birth_date_age_and_region() {
    let app = TestApp::at("2026-11-25T08:00:00Z").await;
    let admin = app.admin().await;
    let card = enter(&admin, client("A1", "individual", json!({ "type": "id_card", "number": ID_CARD }))).await.is(201);
    let reveal = async |made: &Answer| {
        let path = format!("/v1/clients/{}/reveal", made.text_of("client_id"));
        let purpose = json!({ "purpose": "回访前核对" });
        let shown = admin.post(&path).header("Accept-Language", "zh-CN").json(purpose).send().await.is(200).json;
        ["birth_date", "age", "region_code", "region"].map(|name| shown[name].clone())
    };
    assert_eq!(reveal(&card).await, [json!("1949-12-31"), json!(76), json!("110105"), json!("北京市")]);
    assert!(!card.text().contains("1949"), "masked as the number is");
    let none = enter(&admin, client("A2", "individual", Value::Null)).await.is(201);
    assert_eq!(reveal(&none).await, [Value::Null, Value::Null, Value::Null, Value::Null]);
}

/// The document of a closed client: the client is opened again, or a new record takes the document over; never both.
#[tokio::test]
async fn the_document_of_a_closed_client_is_no_dead_end() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let document = json!({ "type": "id_card", "number": ID_CARD });
    let old = enter(&admin, client("O1", "individual", document.clone())).await.is(201);
    let old = old.text_of("client_id").to_owned();
    let taken = enter(&admin, client("N1", "individual", document.clone())).await.is_problem(409, "document_taken");
    assert!(!taken.text().contains(&old), "of a client that is not closed nothing is said: {}", taken.text());
    let mut new = client("N1", "individual", document.clone());
    new["previous_client_id"] = json!(old);
    let refused = enter(&admin, new.clone()).await.is_problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/previous_client_id"]);

    let path = format!("/v1/clients/{old}");
    admin.post(&format!("{path}/close")).json(json!({ "reason": "转户" })).send().await.is(200);
    let both = enter(&admin, client("N1", "individual", document.clone())).await.is_problem(409, "document_taken");
    for way in [format!("{path}/reopen"), format!("previous_client_id {old}")] {
        assert!(both.text_of("detail").contains(&way), "{}", both.text());
    }
    let south = app.branch("S", BranchId::ROOT).await;
    let stranger = app.client_as(Role::BranchManager, DataScope::Branch, south).await;
    let mut elsewhere = client("N9", "individual", document.clone());
    elsewhere["branch_id"] = json!(south);
    let blind = enter(&stranger, elsewhere.clone()).await.is_problem(409, "document_taken");
    assert!(!blind.text().contains(&old), "whoever may not see the client hears nothing of it: {}", blind.text());
    elsewhere["previous_client_id"] = json!(old);
    enter(&stranger, elsewhere).await.is_problem(422, "invalid");

    let asked = admin.post(&format!("{path}/reopen")).json(json!({ "reason": "撤回" })).send().await.is(202);
    let made = enter(&admin, new.clone()).await.is(201);
    assert_eq!(made.json["previous_client_id"], json!(old));
    let second = app.client_as(Role::Administrator, DataScope::Firm, BranchId::ROOT).await;
    let approve = format!("{}/approve", asked.header("location").unwrap());
    second.post(&approve).send().await.is_problem(409, "document_taken");
    admin
        .post(&format!("{path}/reopen"))
        .json(json!({ "reason": "撤回" }))
        .send()
        .await
        .is_problem(409, "document_taken");
    assert_eq!(admin.get(&path).send().await.is(200).json["status"], "closed");
    let third = enter(&admin, {
        new["client_no"] = json!("N2");
        new
    })
    .await;
    assert_eq!(third.status, 422, "a record is continued once: {}", third.text());
    let kept = format!("/v1/clients/{}", made.text_of("client_id"));
    let change = json!({ "phone": "13900139000" });
    let changed = admin.patch(&kept).if_match("\"1\"").json(change).send().await.is(200);
    assert_eq!(changed.json["previous_client_id"], json!(old), "stays through changes");
}

/// Of many at once, each has its own answer; a file says the ways on as well.
#[tokio::test]
async fn a_file_that_names_the_document_of_a_closed_client_hears_the_ways_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let old = enter(&admin, client("O1", "individual", json!({ "type": "id_card", "number": ID_CARD }))).await.is(201);
    let path = format!("/v1/clients/{}", old.text_of("client_id"));
    admin.post(&format!("{path}/close")).json(json!({ "reason": "转户" })).send().await.is(200);
    let file = format!(
        "client_no,name,kind,branch_code,document_type,document_number\nF1,李娜,individual,HQ,id_card,{ID_CARD}\nF2,王伟,individual,HQ,passport,E7654321\n"
    );
    let taken = admin.post("/v1/imports?kind=clients").bytes("text/csv", file).send().await.is(202);
    app.run_jobs().await;
    let job = taken.header("location").unwrap();
    let result = admin.get(job).send().await.is(200).json["result"].clone();
    assert_eq!((&result["accepted"], &result["rejected"]), (&json!(1), &json!(1)), "{result}");
    let rejections = admin.get(&format!("{job}/rejections")).send().await.is(200);
    assert_eq!(rejections.json["items"][0]["code"], "document_taken");
}

#[tokio::test]
async fn a_search_ignores_blanks_width_and_case() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (client_no, name) in
        [("S1", "欧阳 娜娜"), ("S2", "ABC Holdings"), ("S3", "ＸＹＺ控股"), ("S4", "欧阳\u{3000}明")]
    {
        let body = json!({ "client_no": client_no, "name": name, "kind": "individual", "branch_id": BranchId::ROOT });
        enter(&admin, body).await.is(201);
    }
    for (q, expected) in [
        ("欧阳娜娜", vec!["S1"]),
        ("欧阳　娜娜", vec!["S1"]),
        ("阳娜", vec!["S1"]),
        ("ＡＢＣ", vec!["S2"]),
        ("abcholdings", vec!["S2"]),
        ("xyz控", vec!["S3"]),
        ("欧阳明", vec!["S4"]),
        ("ｓ４", vec!["S4"]),
        // Name and number do not run into each other.
        ("娜S1", vec![]),
    ] {
        let found = admin.get(&format!("/v1/clients?q={}", encoded(q))).send().await.is(200).json;
        let found: Vec<&str> =
            found["items"].as_array().unwrap().iter().map(|client| client["client_no"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{q}");
    }
}

/// A client list sent again changes what differs, and says what became of each row.
#[tokio::test]
async fn a_client_list_sent_again_changes_what_differs() {
    let app = TestApp::at("2026-11-25T08:00:00Z").await;
    let admin = app.admin().await;
    let import = async |query: &str, rows: &str| {
        let body = format!("client_no,name,kind,branch_code,phone,document_type,document_number\n{rows}");
        let path = format!("/v1/imports?kind=clients{query}");
        let taken = admin.post(&path).bytes("text/csv", body).send().await.is(202);
        app.run_jobs().await;
        let counts = admin.get(taken.header("location").unwrap()).send().await.is(200).json["progress"].clone();
        ["accepted", "changed", "duplicate", "rejected", "pending"]
            .map(|name| counts[name].as_u64().unwrap_or_default())
    };
    let phone = async |number: &str| {
        let found = admin.get(&format!("/v1/clients?client_no={number}")).send().await.is(200).json;
        found["items"][0]["phone"].clone()
    };
    let list = "L1,李娜,individual,HQ,13800138001,passport,E1111111\nL2,王伟,individual,HQ,13800138002,,\n";
    assert_eq!(import("", list).await, [2, 0, 0, 0, 0]);
    assert_eq!(import("", list).await, [0, 0, 2, 0, 0]);
    let again = "L1,李娜,individual,HQ,13800138009,passport,E1111111\nL2,王伟,individual,HQ,,,\nL3,张敏,individual,HQ,,,\n\
                 L2,别人,individual,HQ,,,\nL1,李娜,individual,HQ,13800138009,passport,E2222222\n";
    for (query, expected, shown) in [
        ("&on_existing=skip", [1, 0, 4, 0, 0], "138****8001"),
        ("&on_existing=refuse", [0, 0, 0, 5, 0], "138****8001"),
        ("&dry_run=true", [1, 1, 2, 1, 1], "138****8001"),
        ("", [1, 1, 2, 1, 1], "138****8009"),
    ] {
        assert_eq!(import(query, again).await, expected, "{query}");
        assert_eq!(phone("L1").await, shown, "{query}");
    }
    assert_eq!(phone("L2").await, "138****8002", "an empty cell says nothing");
    assert_eq!(import("&on_existing=update", "L2,王卫,individual,HQ,,,\n").await, [0, 0, 0, 0, 1]);
}
