//! Calendars: which days count, and who says so.

use clientele::firm::access::{DataScope, Role};
use clientele::firm::calendars;
use clientele::platform::kernel::ids::BranchId;
use clientele::platform::kernel::principal::Caller;
use serde_json::{Value, json};

use crate::support::TestApp;

async fn due(app: &TestApp, calendar: &str, after: &str, days: u32) -> Value {
    let path = format!("/v1/calendars/{calendar}/due-day?after={after}&days={days}");
    app.admin().await.get(&path).send().await.is(200).json
}

/// Counted by hand from the notices of the State Council and the exchanges' published numbers of trading days.
#[tokio::test]
async fn the_seeded_years_are_those_of_the_notices() {
    let app = TestApp::start().await;
    let mut read = app.db.read(&Caller::system("test", "test")).await.unwrap();
    let working = calendars::working(&mut read).await.unwrap();
    let trading = calendars::trading(&mut read).await.unwrap();
    let day = |text: &str| text.parse().unwrap();
    let years = [(2024, 251, 242), (2025, 248, 243), (2026, 248, 242)];
    for (year, working_days, trading_days) in years {
        let (from, to) = (day(&format!("{}-12-31", year - 1)), day(&format!("{year}-12-31")));
        assert_eq!((working.open_days(from, to), trading.open_days(from, to)), (working_days, trading_days), "{year}");
    }
    for (date, works, trades) in [
        ("2024-02-09", true, false),
        ("2024-02-18", true, false),
        ("2024-05-11", true, false),
        ("2025-10-08", false, false),
        ("2026-02-14", true, false),
        ("2026-02-24", true, true),
        ("2026-10-10", true, false),
        ("2026-10-11", false, false),
    ] {
        assert_eq!((working.is_open(day(date)), trading.is_open(day(date))), (works, trades), "{date}");
    }
}

#[tokio::test]
async fn a_due_day_says_what_it_leaned_on() {
    let app = TestApp::start().await;
    let found = due(&app, "cn-working", "2026-09-30", 3).await;
    let plain = json!({ "day": "2026-10-10", "calendar_version": 1, "unloaded_years": [], "provisional_years": [] });
    assert_eq!(found, plain);
    assert_eq!(due(&app, "cn-trading", "2026-09-30", 3).await["day"], "2026-10-12", "no trading on a make-up day");
    let found = due(&app, "cn-working", "2026-12-31", 1).await;
    assert_eq!((&found["day"], &found["provisional_years"]), (&json!("2027-01-04"), &json!([2027])));
    let found = due(&app, "cn-working", "2027-12-31", 1).await;
    assert_eq!((&found["day"], &found["unloaded_years"]), (&json!("2028-01-03"), &json!([2028])));
    let admin = app.admin().await;
    let far = admin.get("/v1/calendars/cn-working/due-day?after=2500-01-01&days=1").send().await;
    assert_eq!(far.is_problem(400, "malformed").pointers(), ["?after"]);
    admin.get("/v1/calendars/no-such/due-day?after=2026-01-01&days=1").send().await.is_problem(404, "not_found");
}

#[tokio::test]
async fn a_year_is_loaded_whole_as_a_new_version() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = "/v1/calendars/cn-working/years/2028";
    admin.get(path).send().await.is_problem(404, "not_found");
    let notice = json!({
        "status": "official", "source": "通知",
        "days": [
            { "day": "2028-01-03", "open": false, "name": "元旦" },
            { "day": "2028-01-01", "open": false, "name": "元旦" },
            { "day": "2028-01-08", "open": true, "name": "调休上班" },
        ],
    });
    let made = admin.put(path).json(notice.clone()).send().await.is(201);
    assert_eq!((made.header("location"), made.header("etag")), (Some(path), Some("\"2\"")));
    assert_eq!(made.json["days"][0]["day"], "2028-01-01", "in order");
    assert_eq!(admin.get(path).send().await.is(200).json, made.json);
    let found = due(&app, "cn-working", "2027-12-31", 1).await;
    assert_eq!((&found["day"], &found["unloaded_years"]), (&json!("2028-01-04"), &json!([])));
    assert_eq!(due(&app, "cn-working", "2028-01-07", 1).await["day"], "2028-01-08");

    // The same again changes nothing; another year's load leaves this one in force.
    let same = admin.put(path).json(notice.clone()).send().await.is(200);
    assert_eq!(same.header("etag"), Some("\"2\""));
    let later = json!({ "status": "provisional", "source": "推算", "days": [] });
    let other = admin.put("/v1/calendars/cn-working/years/2029").json(later.clone()).send().await.is(201);
    assert_eq!(other.header("etag"), Some("\"3\""));
    assert_eq!(due(&app, "cn-working", "2027-12-31", 1).await["day"], "2028-01-04");

    // A correction replaces the whole year, over the version that was read.
    admin.put(path).if_match("\"1\"").json(later.clone()).send().await.is_problem(412, "version_mismatch");
    admin.put(path).if_match("\"2\"").json(later).send().await.is(200);
    let found = due(&app, "cn-working", "2027-12-31", 1).await;
    assert_eq!((&found["day"], &found["calendar_version"]), (&json!("2028-01-03"), &json!(4)));
    assert_eq!(found["provisional_years"], json!([2028]));
    let calendar = admin.get("/v1/calendars/cn-working").send().await.is(200);
    assert_eq!((calendar.header("etag"), calendar.json["years"].as_array().unwrap().len()), (Some("\"4\""), 6));
}

#[tokio::test]
async fn what_no_year_can_say_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let load = async |calendar: &str, days: Value| {
        let body = json!({ "status": "official", "source": "通知", "days": days });
        admin.put(&format!("/v1/calendars/{calendar}/years/2028")).json(body).send().await
    };
    let make_up = json!([{ "day": "2028-01-08", "open": true, "name": "调休上班" }]);
    assert_eq!(load("cn-trading", make_up).await.is_problem(422, "invalid").pointers(), ["/days/0/open"]);
    let days = json!([
        { "day": "2027-01-01", "open": false, "name": "元旦" },
        { "day": "2028-01-04", "open": true, "name": "上班" },
        { "day": "2028-01-05", "open": false, "name": "节" },
        { "day": "2028-01-05", "open": false, "name": "节" },
    ]);
    let answer = load("cn-working", days).await.is_problem(422, "invalid");
    assert_eq!(answer.pointers(), ["/days/0/day", "/days/1/open", "/days/3/day"]);
    load("no-such", json!([])).await.is_problem(404, "not_found");
    let body = json!({ "status": "official", "source": "通知", "days": [] });
    admin.put("/v1/calendars/cn-working/years/1900").json(body.clone()).send().await.is_problem(404, "not_found");
    let compliance = app.client_as(Role::Compliance, DataScope::Firm, BranchId::ROOT).await;
    let answer = compliance.put("/v1/calendars/cn-working/years/2028").json(body).send().await;
    answer.is_problem(403, "forbidden");
}
