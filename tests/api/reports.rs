//! Reports: counted within the scope, silent about the few, the same figures in every format.

use clientele::app::SLICES;
use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::document::operations;

const TIERS: &str = "/v1/reports/clients_by_tier";

async fn execute(app: &TestApp, sql: &'static str) {
    sqlx::query(sql).execute(&mut *app.db.connection().await.unwrap()).await.unwrap();
}

/// Two branches: twelve clients in one, three of them an advisor's, and four in the other. Tiers as written.
async fn book(app: &TestApp) -> (crate::support::Client, BranchId) {
    let (big, small) = (app.branch("SH001", BranchId::ROOT).await, app.branch("SH002", BranchId::ROOT).await);
    let advisor = app.client_as(Role::Advisor, DataScope::Own, big).await;
    for at in 0..12 {
        app.client(big, advisor.staff_id.filter(|_| at < 3)).await;
    }
    for _ in 0..4 {
        app.client(small, None).await;
    }
    execute(app, "UPDATE branch SET name = '=上海<一>' WHERE code = 'SH001'").await;
    let tiers = "UPDATE client SET tier = CASE WHEN n % 4 = 0 THEN 'high_net_worth' WHEN n % 4 = 1 THEN 'middle' END
                 FROM (SELECT client_id, row_number() OVER (ORDER BY client_id) - 1 AS n FROM client) o
                 WHERE o.client_id = client.client_id";
    execute(app, tiers).await;
    (advisor, big)
}

fn column(report: &Value, code: &str) -> usize {
    report["columns"].as_array().unwrap().iter().position(|column| column["code"] == code).unwrap()
}

#[tokio::test]
async fn clients_are_counted_by_tier_and_branch_within_the_scope() {
    let app = TestApp::start().await;
    let (advisor, big) = book(&app).await;
    let admin = app.admin().await;
    let report = admin.get(TIERS).send().await.is(200).json;
    let rows = json!([
        ["SH001", "=上海<一>", "high_net_worth", "high net worth", 3, 12, 0.25],
        ["SH001", "=上海<一>", "middle", "middle", 3, 12, 0.25],
        ["SH001", "=上海<一>", null, "No tier yet", 6, 12, 0.5],
        ["SH002", report["rows"][3][1], "high_net_worth", "high net worth", null, 4, null],
        ["SH002", report["rows"][3][1], "middle", "middle", null, 4, null],
        ["SH002", report["rows"][3][1], null, "No tier yet", null, 4, null],
    ]);
    assert_eq!(report["rows"], rows);
    assert_eq!((report["suppressed"].as_u64(), report["least_people"].as_i64()), (Some(6), Some(10)));
    let units: Vec<&Value> = report["columns"].as_array().unwrap().iter().map(|column| &column["unit"]).collect();
    assert_eq!(units, ["label", "label", "label", "label", "count", "count", "share"]);

    // An advisor counts their own; of three clients nothing but the number is said.
    let own = advisor.get(TIERS).send().await.is(200).json;
    let (total, clients) = (column(&own, "branch_clients"), column(&own, "clients"));
    let rows = own["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row[total] == 3 && row[clients].is_null()), "{own}");
    let manager = app.client_as(Role::BranchManager, DataScope::Branch, big).await;
    assert_eq!(manager.get(TIERS).send().await.is(200).json["rows"].as_array().unwrap().len(), 3);
    let one = admin.get(&format!("{TIERS}?branch_id={big}")).send().await.is(200).json;
    assert_eq!(one["rows"], json!(report["rows"].as_array().unwrap()[..3]));
    // Closed clients are not counted.
    execute(
        &app,
        "UPDATE client SET status = 'closed', closed_on = opened_on, close_reason = 'moved'
         WHERE branch_id = (SELECT branch_id FROM branch WHERE code = 'SH002')",
    )
    .await;
    assert_eq!(admin.get(TIERS).send().await.is(200).json["rows"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_report_comes_in_three_formats_by_parameter_or_accept() {
    let app = TestApp::start().await;
    book(&app).await;
    let admin = app.admin().await;
    let csv = admin.get(&format!("{TIERS}?format=csv")).send().await.is(200);
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = csv.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "Branch code,Branch,Tier code,Tier,Clients,Clients of the branch,Share of the branch");
    assert_eq!(lines[1], "SH001,'=上海<一>,high_net_worth,high net worth,3,12,0.25", "no formula");
    assert!(lines[4].ends_with(",*,4,*"), "{}", lines[4]);
    let marked = admin.get(&format!("{TIERS}?bom=true")).header("Accept", "text/csv").send().await.is(200);
    assert_eq!(marked.text().trim_start_matches('\u{feff}'), csv.text());
    assert!(marked.text().starts_with('\u{feff}'));
    let chinese = admin.get(TIERS).header("Accept", "image/svg+xml, */*;q=0.1").header("Accept-Language", "zh-CN");
    let picture = chinese.send().await.is(200);
    assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
    let text = picture.text();
    assert!(text.starts_with("<svg") && text.contains("各分支机构客户分层统计") && text.contains("尚未分层"), "{text}");
    if let Ok(folder) = std::env::var("REPORT_PICTURES") {
        std::fs::write(format!("{folder}/clients_by_tier.svg"), &text).unwrap();
    }
    assert!(text.contains("=上海&lt;一&gt;") && !text.contains("<一>"), "{text}");
    assert_eq!(admin.get(TIERS).header("Accept", "text/html").send().await.is(200).json["code"], "clients_by_tier");
    admin.get(&format!("{TIERS}?format=xlsx")).send().await.is_problem(400, "malformed");
    let refused = admin.get(&format!("{TIERS}?from=2026-01-01&to=2026-02-01")).send().await;
    assert_eq!(refused.is_problem(400, "malformed").pointers(), ["?from", "?to"]);
    admin.get("/v1/reports/weather").send().await.is_problem(404, "not_found");
}

/// A parameter that the operation does not know is listed and can never be sent.
#[test]
fn whatever_a_report_takes_can_be_sent() {
    let operation = operations().into_iter().find(|operation| operation.path == "/v1/reports/{report_code}").unwrap();
    for report in SLICES.iter().flat_map(|slice| slice.reports) {
        for parameter in (report.parameters)() {
            let known = operation.parameters().iter().any(|known| known["name"] == parameter.as_str());
            assert!(known, "{}: {parameter} is no member of ReportQuery", report.code);
        }
    }
}

#[tokio::test]
async fn reports_are_listed_with_what_they_take() {
    let app = TestApp::start().await;
    let analyst = app.client_as(Role::Analyst, DataScope::Firm, BranchId::ROOT).await;
    let list = analyst.get("/v1/reports").send().await.is(200).json;
    let parameters: Vec<(&Value, &Value)> =
        list["items"].as_array().unwrap().iter().map(|report| (&report["code"], &report["parameters"])).collect();
    let known = [(json!("alerts_by_outcome"), json!(["from", "to"])), (json!("clients_by_tier"), json!(["branch_id"]))];
    for (code, takes) in &known {
        assert!(parameters.contains(&(code, takes)), "{list}");
    }
    let held = analyst.get("/v1/me/permissions").send().await.is(200).json;
    for report in list["items"].as_array().unwrap() {
        let holds = held["items"].as_array().unwrap().iter().any(|one| one["permission"] == report["permission"]);
        assert_eq!(report["available"], holds, "{report}");
    }
    let partner = app.client_as(Role::Integration, DataScope::Firm, BranchId::ROOT).await;
    partner.get("/v1/reports").send().await.is_problem(403, "forbidden");
    partner.get(TIERS).send().await.is_problem(403, "forbidden");
}
