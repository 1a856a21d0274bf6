//! Jobs, timers and schedules: taken once, given up when they must be, never in each other's way.

mod lanes;
mod operations;
mod schedules;
mod subscribers;
mod timers;

use clientele::platform::kernel::ids::JobId;
use clientele::platform::kernel::principal::Caller;
use clientele::platform::worker::{self, JobKind, JobState, NewJob};
use serde_json::json;

use crate::support::TestApp;

/// A process that is killed never gets to say that its try failed.
#[tokio::test]
async fn a_job_whose_workers_all_died_is_given_up() {
    let app = TestApp::start().await;
    let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
    // The application's runner leaves it alone.
    worker::install([JobKind::short("test_lost", |_| Box::pin(async { Ok(json!({})) }))]);
    let new = NewJob::of("test_lost", json!({})).tries(3);
    let id: JobId = worker::enqueue(&mut uow, new).await.unwrap();
    uow.finish(()).await.unwrap();
    let mut connection = app.db.connection().await.unwrap();
    for (attempts, state) in [(2, JobState::Running), (3, JobState::Failed)] {
        let died = "UPDATE job SET state = 'running', attempts = $2, lease_token = gen_random_uuid(), leased_until = $3 WHERE job_id = $1";
        let over = app.clock.now() - chrono::Duration::seconds(if attempts < 3 { -60 } else { 1 });
        sqlx::query(died).bind(id.0).bind(attempts).bind(over).execute(&mut *connection).await.unwrap();
        app.run_jobs().await;
        let job = worker::find(&mut connection, id).await.unwrap().unwrap();
        assert_eq!(
            (job.state, job.attempts),
            (state, attempts),
            "a lease that lasts is left alone, a last one is not tried again"
        );
    }
    let job = worker::find(&mut connection, id).await.unwrap().unwrap();
    assert_eq!(job.error_code.as_deref(), Some("worker_lost"));
    assert!(job.finished_at.is_some());
}
