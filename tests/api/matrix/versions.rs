//! Whatever takes `If-Match` compares it: not the PATCHes alone, but every step.

use super::{request, world};
use crate::support::TestApp;
use crate::support::document::operations;

#[tokio::test]
async fn a_version_that_is_not_there_is_refused_by_everything_that_takes_one() {
    let app = TestApp::start().await;
    let ids = world::one_of_everything(&app).await;
    let admin = app.admin().await;
    let locked = operations()
        .into_iter()
        .filter(|operation| operation.parameters().iter().any(|parameter| parameter["name"] == "If-Match"));
    let mut wrong = Vec::new();
    for operation in locked {
        let answer = request(&admin, &operation, &ids, Some("\"999\"")).send().await;
        if (answer.status, answer.json["code"].as_str()) != (412, Some("version_mismatch")) {
            wrong.push(format!("{}: {} {}", operation.name(), answer.status, answer.text()));
        }
    }
    assert!(wrong.is_empty(), "the version was not compared:\n{}", wrong.join("\n"));
}
