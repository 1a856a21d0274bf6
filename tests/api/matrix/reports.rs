//! Reports count nothing beyond the caller's scope, whatever statement is behind them.

use clientele::app::SLICES;
use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::BranchId;
use clientele::platform::reports::Reports;
use serde_json::Value;

use super::world;
use crate::support::TestApp;

/// Cells that say how many or how much, and not zero.
fn figures(report: &Value) -> Vec<&Value> {
    let says = |unit: &Value| unit != "label" && unit != "day";
    let columns: Vec<usize> =
        (0..).zip(report["columns"].as_array().unwrap()).filter(|(_, c)| says(&c["unit"])).map(|(at, _)| at).collect();
    let rows = report["rows"].as_array().unwrap().iter();
    let cells = rows.flat_map(|row| columns.iter().map(move |at| &row[*at]));
    let nothing = |cell: &Value| cell.is_null() || cell.to_string().trim_matches(['"', '0', '.']).is_empty();
    cells.filter(|cell| !nothing(cell)).collect()
}

#[tokio::test]
async fn nobody_counts_beyond_their_scope() {
    let app = TestApp::with(|state| state.reports = actix_web::web::Data::new(Reports::new(SLICES, 1))).await;
    world::one_of_everything(&app).await;
    let admin = app.admin().await;
    // Holds every permission, and sees no client.
    let nobody = app.client_as(Role::Administrator, DataScope::Own, BranchId::ROOT).await;
    for report in SLICES.iter().flat_map(|slice| slice.reports) {
        let path = format!("/v1/reports/{}", report.code);
        let whole = admin.get(&path).send().await.is(200).json;
        assert!(!figures(&whole).is_empty(), "make something for {} in world.rs: {whole}", report.code);
        let own = nobody.get(&path).send().await.is(200).json;
        assert!(figures(&own).is_empty(), "{} counts what is out of scope: {own}", report.code);
    }
}
