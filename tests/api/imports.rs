//! Files over HTTP: taken up, followed, counted; broken lines listed; nothing twice.

mod field;
mod overlap;
mod plan;

use std::fmt::Write;

use clientele::book::trades;
use clientele::firm::access::{DataScope, Role};
use clientele::intake::imports;
use clientele::platform::db::Lane;
use clientele::platform::kernel::ids::{BranchId, JobId};
use clientele::platform::kernel::principal::Caller;
use clientele::platform::worker::{self, JobContext};
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

const NOW: &str = "2026-03-31T10:00:00Z";
const HEADER: &str = "client_no,executed_at,side,instrument,quantity,price,note\n";

async fn upload(caller: &Client, query: &str, body: impl Into<String>) -> Answer {
    caller.post(&format!("/v1/imports?{query}")).bytes("text/csv", body.into()).send().await
}

/// Takes a file in to the end; the job as it is then.
async fn imported(app: &TestApp, caller: &Client, query: &str, body: impl Into<String>) -> Value {
    let taken = upload(caller, query, body).await.is(202);
    app.run_jobs().await;
    caller.get(taken.header("location").unwrap()).send().await.is(200).json
}

fn counts(result: &Value) -> [u64; 5] {
    ["read", "accepted", "duplicate", "rejected", "clients_created"].map(|name| result[name].as_u64().unwrap())
}

/// One number for everything that trades leave in the database, whatever their ids.
async fn fingerprint(app: &TestApp) -> String {
    sqlx::query_scalar(include_str!("../fixtures/trade_fingerprint.sql"))
        .fetch_one(&mut *app.db.connection().await.unwrap())
        .await
        .unwrap()
}

/// A file of clients names people; it waits sealed.
#[tokio::test]
async fn an_upload_that_waits_cannot_be_read_in_the_database() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = "client_no,name,kind,branch_code,phone\nU1,韩梅梅,individual,HQ,13900000000\n";
    upload(&admin, "kind=clients", body).await.is(202);
    let readable =
        "SELECT count(*) FROM import_chunk WHERE position('13900000000'::bytea IN sealed) > 0 OR sealed = ''";
    let readable: i64 = sqlx::query_scalar(readable).fetch_one(&mut *app.db.connection().await.unwrap()).await.unwrap();
    assert_eq!(readable, 0);
    let jobs = app.run_jobs().await;
    assert_eq!(jobs[0].result.as_ref().unwrap()["accepted"], 1, "{jobs:?}");
}

#[tokio::test]
async fn a_file_is_taken_up_and_every_line_accounted_for() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = format!(
        "\u{feff}{HEADER}A1,2026-03-02T09:31:00+08:00,BUY,SH600000,100,10.25,x\r\nA1,2026-03-02 09:31,buy,SH600000,100,10.250,\"two\r\nlines\"\r\n\
         A2,2026-03-03,sell,SH600000,5,-1,x\nA2,2026-03-03,hold,X,5,1,x\nA2,2026-03-03,sell,X,5\nA2,2027-01-01,sell,X,5,NaN,x\n\
         A2,2027-01-01,sell,X,5,1,x\nA3,2026-02-30,buy,X,1,1,x\n"
    );
    let taken = upload(&admin, "kind=trades&create_clients=true&source=counter", body).await.is(202);
    assert_eq!((taken.text_of("state"), taken.text_of("kind")), ("queued", "import"));
    app.run_jobs().await;
    let path = taken.header("location").unwrap().to_owned();
    let job = admin.get(&path).send().await.is(200).json;
    assert_eq!(job["state"], "succeeded", "{job}");
    let result = &job["result"];
    assert_eq!(counts(result), [8, 2, 0, 6, 2], "two equal trades stay two: {result}");
    assert_eq!((&result["source"], &result["ignored_columns"]), (&json!("counter"), &json!(["note"])));
    let list = admin.get(&format!("{path}/rejections?limit=4")).send().await.is(200);
    let lines = |answer: &Answer| -> Vec<String> {
        let items = answer.json["items"].as_array().unwrap();
        let outcome = |item: &Value| {
            format!("{} {} {}", item["line"], item["code"].as_str().unwrap(), item["pointer"].as_str().unwrap_or("-"))
        };
        items.iter().map(outcome).collect()
    };
    assert_eq!(lines(&list), ["5 negative /price", "6 enum /side", "7 columns -", "8 format /price"]);
    let rest = format!("{path}/rejections?limit=4&cursor={}", list.text_of("next_cursor"));
    let rest = lines(&admin.get(&rest).send().await.is(200));
    // One item a fault: line 8 has two.
    assert_eq!(rest, ["8 future /executed_at", "9 future /executed_at", "10 format /executed_at"]);
    let file = admin.get(&format!("{path}/rejections.csv")).send().await.is(200);
    assert!(file.header("content-type").unwrap().starts_with("text/csv"));
    assert!(
        file.text().starts_with("line,code,pointer\n5,negative,/price\n6,enum,/side\n7,columns,\n"),
        "{}",
        file.text()
    );
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM import_chunk")
        .fetch_one(&mut *app.db.connection().await.unwrap())
        .await
        .unwrap();
    assert_eq!(kept, 0, "the upload is not kept");
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let mut body = HEADER.to_owned();
    for n in 0..30 {
        writeln!(body, "C{},2026-03-0{} 10:00,buy,X,{},2.5,", n % 7, 1 + n % 5, n % 3).unwrap();
    }
    let query = "kind=trades&create_clients=true";
    let first = imported(&app, &admin, query, &body).await;
    assert_eq!(counts(&first["result"]), [30, 30, 0, 0, 7]);
    assert_eq!(first["result"]["source"], "main");
    let before = fingerprint(&app).await;
    // Written another way, the bytes differ; the rows do not.
    let otherwise = body.replace("2.5,", "2.500,").replace('\n', "\r\n");
    let again = imported(&app, &admin, query, otherwise).await;
    assert_eq!(counts(&again["result"]), [30, 0, 30, 0, 0]);
    assert_eq!(counts(&imported(&app, &admin, query, &body).await["result"]), [30, 0, 30, 0, 0]);
    assert_eq!(fingerprint(&app).await, before);
    let more = imported(&app, &admin, &format!("{query}&source=elsewhere"), &body).await;
    assert_eq!(counts(&more["result"]), [30, 30, 0, 0, 0], "another source by intent");
}

#[tokio::test]
async fn the_same_bytes_under_another_name_need_it_said() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = format!("{HEADER}C1,2026-03-02,buy,X,1,1,\n");
    imported(&app, &admin, "kind=trades&create_clients=true&source=counter.csv", &body).await;
    let refused = upload(&admin, "kind=trades", &body).await.is_problem(409, "same_file_other_source");
    assert!(refused.text_of("detail").contains("counter.csv"));
    assert_eq!(
        counts(&imported(&app, &admin, "kind=trades&source=counter.csv", &body).await["result"]),
        [1, 0, 1, 0, 0]
    );
}

#[tokio::test]
async fn a_dry_run_counts_and_writes_nothing() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let mut body = "client_no,executed_at,side,instrument,amount,external_id\n".to_owned();
    for n in 0..4_100 {
        // Beyond one chunk, the first rows again: the dry run knows them as the real one does.
        writeln!(body, "D{},2026-03-02,buy,X,5,E{}", n % 3, n % 4_000).unwrap();
    }
    body.push_str("D1,2026-03-02,buy,X,-5,E9\n");
    let (empty, query) = (fingerprint(&app).await, "kind=trades&create_clients=true");
    let tried = imported(&app, &admin, &format!("{query}&dry_run=true"), &body).await;
    assert_eq!(fingerprint(&app).await, empty);
    assert_eq!(tried["result"]["dry_run"], true);
    let done = imported(&app, &admin, query, &body).await;
    assert_eq!(counts(&tried["result"]), counts(&done["result"]));
    assert_eq!(counts(&done["result"])[4], 3);
    let rejections = format!("/v1/jobs/{}/rejections", tried["job_id"].as_str().unwrap());
    assert_eq!(admin.get(&rejections).send().await.is(200).json["items"][0]["line"], 4_102);
}

/// What a dry run answers is what the run then does, also where rows of different chunks concern each other.
#[tokio::test]
async fn a_dry_run_answers_what_the_run_will_do() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let mut trades = "client_no,executed_at,side,instrument,amount,external_id,reverses\n".to_owned();
    let mut balances = "client_no,trade_day,total_assets\n".to_owned();
    let mut clients = "client_no,name,kind,branch_code,document_type,document_number\n".to_owned();
    for n in 0..2_500 {
        // From 2 000 on, which is another chunk: the same again, the same id with other content, trades taken back
        // twice.
        let (id, amount) = if n < 2_000 { (n, 5) } else { (n - 2_000, 5 + n % 2) };
        writeln!(trades, "F{},2026-03-02,buy,X,{amount},E{id},", id % 5).unwrap();
        if n % 100 == 7 {
            writeln!(trades, "F{},,,,,R{n},E{}", id % 5, id % 1_000).unwrap();
        }
        writeln!(balances, "F{},2026-03-{:02},{}", id % 5, 1 + id % 28, id % 28 + amount).unwrap();
        let name = if n % 3 == 0 { "韩梅梅" } else { "李雷" };
        writeln!(clients, "G{id},{name},individual,HQ,passport,P{}", id % 2_100).unwrap();
    }
    writeln!(clients, "G9999,韩梅梅,individual,HQ,passport,p1").unwrap();
    let files = [("trades&create_clients=true", trades), ("balances", balances), ("clients", clients)];
    for (query, body) in files {
        let tried = imported(&app, &admin, &format!("kind={query}&dry_run=true"), &body).await;
        let done = imported(&app, &admin, &format!("kind={query}"), &body).await;
        assert_eq!(counts(&tried["result"]), counts(&done["result"]), "{query}");
        let [_, accepted, duplicate, rejected, _] = counts(&done["result"]);
        assert!(accepted > 0 && duplicate > 0, "{query}: {done}");
        assert!(rejected > 0 || query == "balances", "{query}: {done}");
        let rejections = async |job: &Value| {
            admin
                .get(&format!("/v1/jobs/{}/rejections.csv", job["job_id"].as_str().unwrap()))
                .send()
                .await
                .is(200)
                .text()
        };
        assert_eq!(rejections(&tried).await, rejections(&done).await, "{query}");
        // Against what is there by now, too.
        let tried = imported(&app, &admin, &format!("kind={query}&dry_run=true"), &body).await;
        let done = imported(&app, &admin, &format!("kind={query}"), &body).await;
        assert_eq!(counts(&tried["result"]), counts(&done["result"]), "{query} again");
    }
}

#[tokio::test]
async fn a_dry_run_waits_for_nobody() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    let mut held = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    trades::lock_clients(&mut held, vec![client]).await.unwrap();
    let body = format!("client_id,executed_at,side,instrument,amount\n{client},2026-03-02,buy,X,1\n");
    let tried = imported(&app, &admin, "kind=trades&dry_run=true", body).await;
    assert_eq!((&tried["state"], &tried["attempts"]), (&json!("succeeded"), &json!(1)), "{tried}");
    assert_eq!(counts(&tried["result"]), [1, 1, 0, 0, 0]);
    drop(held);
}

#[tokio::test]
async fn strict_and_hopeless_files_fail_and_say_so() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = format!("{HEADER}C1,2026-03-02,buy,X,1,1,\nC1,2026-03-02,buy,X,oops,1,\n");
    let strict = imported(&app, &admin, "kind=trades&create_clients=true&strict=true", &body).await;
    assert_eq!((&strict["state"], &strict["error_code"]), (&json!("failed"), &json!("lines_rejected")));
    assert_eq!(counts(&strict["progress"]), [2, 1, 0, 1, 1], "the other lines were applied");
    let hopeless = imported(&app, &admin, "kind=trades", format!("{HEADER}nobody,2026-03-02,buy,X,1,1,\n")).await;
    assert_eq!((&hopeless["state"], &hopeless["error_code"]), (&json!("failed"), &json!("nothing_applied")));
    let path = format!("/v1/jobs/{}/rejections", hopeless["job_id"].as_str().unwrap());
    assert_eq!(admin.get(&path).send().await.is(200).json["items"][0]["pointer"], "/client_no");
}

#[tokio::test]
async fn what_cannot_be_a_file_is_refused_at_once() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let good = format!("{HEADER}C1,2026-03-02,buy,X,1,1,\n");
    let pointers = |answer: &Answer| answer.pointers().iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
    let unfit = upload(&admin, "kind=trades&map=price=cost", "id,ts,cost\n").await.is_problem(422, "unfit_file");
    assert_eq!(pointers(&unfit), ["/client_no", "/executed_at", "/side", "/instrument", "/amount"]);
    let unknown = upload(&admin, "kind=balances&map=side=x&set=colour=red", &good).await.is_problem(422, "invalid");
    assert_eq!(pointers(&unknown), ["?map", "?set"]);
    upload(&admin, "kind=trades", "").await.is_problem(422, "empty_file");
    upload(&admin, "kind=trades", "\u{feff}\n\n").await.is_problem(422, "empty_file");
    upload(&admin, "kind=holdings", &good).await.is_problem(400, "malformed");
    upload(&admin, "kind=trades&colour=red", &good).await.is_problem(400, "malformed");
    upload(&admin, "kind=trades&map=oops", &good).await.is_problem(400, "malformed");
    upload(&admin, "", &good).await.is_problem(400, "malformed");
    let unknown = admin.post("/v1/imports?kind=trades").bytes("text/csv; charset=klingon", good.clone());
    assert_eq!(pointers(&unknown.send().await.is_problem(422, "invalid")), ["?encoding"]);
    let json = admin.post("/v1/imports?kind=trades").json(json!([]));
    json.send().await.is_problem(415, "unsupported_media_type");
    let broken = admin.post("/v1/imports?kind=trades").bytes("text/csv", &b"\xFF\xFEc\0l\0"[..]);
    broken.send().await.is_problem(422, "unfit_file");
    assert!(app.run_jobs().await.is_empty());
}

#[tokio::test]
async fn objects_line_by_line_go_in_as_well() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let trades = "{\"client_no\":\"N1\",\"executed_at\":\"2026-03-02T01:00:00Z\",\"side\":\"buy\",\"instrument\":\"X\",\"amount\":10.5,\"external_id\":\"T1\"}\n\
                  {\"client_no\":\"N1\",\"reverses\":\"T1\",\"deep\":{\"a\":[]}}\n{\"client_no\":\"N1\"\n";
    let call = admin.post("/v1/imports?kind=trades&create_clients=true").bytes("application/x-ndjson", trades);
    let taken = call.send().await.is(202);
    app.run_jobs().await;
    let job = admin.get(taken.header("location").unwrap()).send().await.is(200).json;
    assert_eq!(counts(&job["result"]), [3, 2, 0, 1, 1], "{job}");
    assert_eq!(job["result"]["ignored_columns"], json!(["deep"]));
    let balances = "client_no,trade_day,total_assets,net_assets,cash\nN1,2026-03-02,100.5,-3,1\nN1,2026-03-02,100.5,-3,1\nN1,2026-03-02,-1,0,0\nN1,2026-13-02,1,0,0\n";
    let job = imported(&app, &admin, "kind=balances", balances).await;
    let [read, accepted, duplicate, rejected, _] = counts(&job["result"]);
    assert_eq!((read, accepted + duplicate, rejected), (4, 2, 2), "{job}");
}

#[tokio::test]
async fn clients_go_in_checked_as_one_by_one() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    app.branch("SH001", BranchId::ROOT).await;
    let body = "client_no,name,kind,branch_code,opened_on,document_type,document_number,phone,advisor\n\
                K1,李娜,individual,SH001,2024-03-15,id_card,11010519491231002X,13800138000,\n\
                K2,王伟,INDIVIDUAL,SH001,2024/03/16,,,,\nK3,张敏,individual,nowhere,,,,,\nK4,刘洋,individual,SH001,,id_card,11010519491231002X,,\n\
                K5,陈静,person,SH001,,,,,\nK6,杨磊,individual,SH001,,id_card,110105194912310021,,\nK7,赵磊,individual,SH001,,,,12,\n\
                K2,王伟,individual,SH001,,,,,\nK2,别人,individual,SH001,,,,,\nK8,黄强,individual,SH001,,,,,nobody\n";
    let job = imported(&app, &admin, "kind=clients", body).await;
    assert_eq!(counts(&job["result"]), [10, 2, 1, 7, 0], "{job}");
    let path = format!("/v1/jobs/{}/rejections.csv", job["job_id"].as_str().unwrap());
    let file = admin.get(&path).send().await.is(200).text();
    let pointers: Vec<&str> = file.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(
        pointers,
        ["/branch_code", "/document_number", "/kind", "/document_number", "/phone", "/client_no", "/advisor"],
        "{file}"
    );
    assert_eq!(counts(&imported(&app, &admin, "kind=clients", body).await["result"])[1..3], [0, 3]);
    let found = admin.get("/v1/clients?client_no=K1").send().await.is(200).json;
    assert_eq!(found["items"][0]["opened_on"], "2024-03-15");
}

/// The advisors of many clients are looked up together; each row keeps its own answer.
#[tokio::test]
async fn clients_of_several_advisors_are_each_checked() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let mut body = "client_no,name,kind,branch_id,advisor_id\n".to_owned();
    let advisors = [
        app.staff(Role::Advisor, DataScope::Own, BranchId::ROOT).await.to_string(),
        app.staff(Role::Advisor, DataScope::Own, BranchId::ROOT).await.to_string(),
        "00000000-0000-7000-8000-00000000ffff".to_owned(),
        String::new(),
    ];
    for (n, advisor) in advisors.iter().chain(&advisors).enumerate() {
        writeln!(body, "A{n},李娜,individual,{},{advisor}", BranchId::ROOT).unwrap();
    }
    let job = imported(&app, &admin, "kind=clients", body).await;
    assert_eq!(counts(&job["result"]), [8, 6, 0, 2, 0], "{job}");
    let path = format!("/v1/jobs/{}/rejections", job["job_id"].as_str().unwrap());
    let listed = admin.get(&path).send().await.is(200).json["items"].clone();
    let listed: Vec<(Value, Value)> =
        listed.as_array().unwrap().iter().map(|item| (item["line"].clone(), item["code"].clone())).collect();
    assert_eq!(listed, [(json!(4), json!("unknown_advisor")), (json!(8), json!("unknown_advisor"))]);
    let of_second = admin.get(&format!("/v1/clients?advisor_id={}", advisors[1])).send().await.is(200).json;
    assert_eq!(of_second["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_upload_sent_twice_under_one_key_is_one_job() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let body = format!("{HEADER}C1,2026-03-02,buy,X,1,1,\n");
    let send = async |body: String| {
        admin.post("/v1/imports?kind=trades&create_clients=true").key("k").bytes("text/csv", body).send().await
    };
    let (first, second) = (send(body.clone()).await.is(202), send(body.clone()).await.is(202));
    assert_eq!(first.json, second.json);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    send(format!("{body}C2,2026-03-02,buy,X,1,1,\n")).await.is_problem(422, "idempotency_key_reused");
    assert_eq!(app.run_jobs().await.len(), 1);
}

#[tokio::test]
async fn a_file_reaches_no_further_than_its_sender() {
    let app = TestApp::at(NOW).await;
    let (here, there) = (app.branch("SH001", BranchId::ROOT).await, app.branch("SH002", BranchId::ROOT).await);
    let partner = app.client_as(Role::Integration, DataScope::Branch, here).await;
    let (mine, other) = (app.client(here, None).await, app.client(there, None).await);
    let body = format!(
        "client_id,executed_at,side,instrument,amount\n{mine},2026-03-02,buy,X,1\n{other},2026-03-02,buy,X,1\n"
    );
    let job = imported(&app, &partner, "kind=trades", body).await;
    assert_eq!(counts(&job["result"]), [2, 1, 0, 1, 0], "{job}");
    let created =
        imported(&app, &partner, "kind=trades&create_clients=true", format!("{HEADER}new,2026-03-02,buy,X,1,1,\n"))
            .await;
    assert_eq!(created["error_code"], "nothing_applied", "the root branch is out of scope: {created}");
    let path = format!("/v1/jobs/{}", job["job_id"].as_str().unwrap());
    app.admin().await.get(&path).send().await.is(200);
    let stranger = app.client_as(Role::Integration, DataScope::Branch, there).await;
    for path in [path.clone(), format!("{path}/rejections"), format!("{path}/rejections.csv")] {
        stranger.get(&path).send().await.is_problem(404, "not_found");
        partner.get(&path).send().await.is(200);
    }
    let advisor = app.client_as(Role::Advisor, DataScope::Own, here).await;
    upload(&advisor, "kind=trades", HEADER).await.is_problem(403, "forbidden");
    upload(&app.anonymous(), "kind=trades", HEADER).await.is_problem(401, "unauthenticated");
}

/// A worker dies at some moment; another goes on. Totals and counts are those of one clean import.
#[tokio::test]
async fn a_job_that_was_killed_goes_on_where_it_stopped() {
    let mut body = "client_no,executed_at,side,instrument,amount,commission,reverses\n".to_owned();
    for n in 0..9_000 {
        match n % 97 {
            0 => writeln!(body, "K{},2026-02-0{},buy,X,oops,,", n % 50, 1 + n % 9).unwrap(),
            _ => writeln!(body, "K{},2026-02-0{} 10:0{},buy,X{},{}.25,0.5,", n % 50, 1 + n % 9, n % 7, n % 4, n % 11)
                .unwrap(),
        }
    }
    let clean = TestApp::at(NOW).await;
    let wanted = imported(&clean, &clean.admin().await, "kind=trades&create_clients=true", &body).await;
    let wanted = (counts(&wanted["result"]), fingerprint(&clean).await);
    assert_eq!(wanted.0[0], 9_000);
    let mut halfway = 0;
    for enough in [0, 1, 3_000, 5_000] {
        let app = TestApp::at(NOW).await;
        let admin = app.admin().await;
        let taken = upload(&admin, "kind=trades&create_clients=true", &body).await.is(202);
        let id = JobId(taken.text_of("job_id").parse().unwrap());
        let read = || async {
            let job = worker::find(&mut app.db.connection().await.unwrap(), id).await.unwrap().unwrap();
            (job.progress["read"].as_u64().unwrap_or(0), job)
        };
        for enough in [enough, enough + 2_000] {
            let (_, job) = read().await;
            let context = JobContext {
                db: app.db.lane(Lane::Worker),
                job,
                caller: Caller::system("worker", "killed"),
                token: uuid::Uuid::nil(),
            };
            let victim = tokio::spawn((imports::SLICE.jobs[0].handle)(context));
            while !victim.is_finished() && read().await.0 < enough {}
            victim.abort();
            let _ = victim.await;
            halfway += u32::from((1..9_000).contains(&read().await.0));
        }
        app.run_jobs().await;
        let job = admin.get(&format!("/v1/jobs/{id}")).send().await.is(200).json;
        assert_eq!(job["state"], "succeeded", "{job}");
        assert_eq!((counts(&job["result"]), fingerprint(&app).await), wanted, "killed after {enough} lines");
    }
    assert!(halfway > 3, "{halfway} of 8 runs were killed halfway");
}

/// A row that is refused keeps nobody else from its number.
#[tokio::test]
async fn a_client_refused_in_one_row_may_be_entered_by_the_next() {
    let app = TestApp::at(NOW).await;
    let body = "client_no,name,kind,branch_code,document_type,document_number\nD1,A,individual,HQ,passport,P1234567\n\
                D2,B,individual,HQ,passport,P1234567\nD2,B,individual,HQ,,\nD2,B,individual,HQ,,\n";
    let job = imported(&app, &app.admin().await, "kind=clients", body).await;
    assert_eq!(counts(&job["result"]), [4, 2, 1, 1, 0], "{job}");
}
