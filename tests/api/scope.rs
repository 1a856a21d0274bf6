//! Data scope: one predicate in three forms that say the same, and what is seen when it is gone.

use clientele::firm::access::{DataScope, Role};
use clientele::platform::db::scope::push_visibility;
use clientele::platform::kernel::ids::{BranchId, StaffId};
use clientele::platform::kernel::principal::Visibility;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::support::{Client, TestApp, seed};

/// Few enough that they meet often.
fn id(rng: &mut ChaCha8Rng) -> Uuid {
    Uuid::from_u128(rng.random_range(1..5))
}

#[tokio::test]
async fn the_function_the_fragment_and_the_rule_agree() {
    let app = TestApp::start().await;
    let seed = seed();
    eprintln!("TEST_SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut connection = app.connect().await;
    let mut seen = [0, 0];
    for _ in 0..500 {
        let (branch, advisor) = (id(&mut rng), rng.random_bool(0.7).then(|| id(&mut rng)));
        let scope = Visibility {
            firm: rng.random_bool(0.1),
            branch_ids: (0..rng.random_range(0..4)).map(|_| id(&mut rng)).collect(),
            advisor_id: rng.random_bool(0.5).then(|| id(&mut rng)),
        };
        let function: bool = sqlx::query_scalar("SELECT coalesce(client_in_scope($1, $2, $3, $4, $5), false)")
            .bind(branch)
            .bind(advisor)
            .bind(scope.firm)
            .bind(&scope.branch_ids)
            .bind(scope.advisor_id)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        let mut query = QueryBuilder::<Postgres>::new("SELECT count(*) = 1 FROM (SELECT ");
        query
            .push_bind(branch)
            .push("::uuid AS branch_id, ")
            .push_bind(advisor)
            .push("::uuid AS advisor_id) c WHERE TRUE");
        push_visibility(&mut query, "c", &scope);
        let fragment: bool = query.build_query_scalar().fetch_one(&mut connection).await.unwrap();
        let rule = scope.covers(BranchId(branch), advisor.map(StaffId));
        assert_eq!((function, fragment), (rule, rule), "{scope:?} and a client of {branch} and {advisor:?}");
        seen[usize::from(rule)] += 1;
    }
    assert!(seen.iter().all(|count| *count > 50), "both answers are tried: {seen:?}");
}

/// Clients two callers see: one of a branch, one of their own.
async fn sees(who: &Client, path: &str) -> bool {
    who.get(path).send().await.status == 200
}

/// Static statements carry the predicate only through the function: with a function that says yes to everybody, each of
/// them leaks. A statement with a predicate of its own would go on refusing.
#[tokio::test]
async fn without_the_predicate_every_static_statement_leaks() {
    let app = TestApp::start().await;
    let (home, elsewhere) = (app.branch("H", BranchId::ROOT).await, app.branch("E", BranchId::ROOT).await);
    let manager = app.client_as(Role::BranchManager, DataScope::Branch, home).await;
    let client = app.client(elsewhere, None).await;
    let paths = ["", "/trading-profile", "/value-score", "/churn-risk", "/fund-accounts", "/history", "/churn-alerts"];
    let paths = paths.map(|rest| format!("/v1/clients/{client}{rest}"));
    for path in &paths {
        assert!(!sees(&manager, path).await, "{path} is refused");
    }
    let open =
        "CREATE OR REPLACE FUNCTION client_in_scope(branch_id uuid, advisor_id uuid, firm boolean, branch_ids uuid[],
                scope_advisor_id uuid) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN true";
    sqlx::query(open).execute(&mut app.connect().await).await.unwrap();
    for path in &paths {
        assert!(sees(&manager, path).await, "{path} has a predicate of its own");
    }
}
