//! Subscribers: killed anywhere, each handles every event once in effect, in the order of commits.

use clientele::platform::db::Uow;
use clientele::platform::kernel::event::{Event, EventType};
use clientele::platform::kernel::principal::Caller;
use clientele::platform::slice::Boxed;
use clientele::platform::worker::{PublishedEvent, Subscriber, deliver, relay_events};
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::events::{HereWritten, ThingMade, catch_up};
use crate::support::{TestApp, seed};

const EVENTS: u32 = 350;
const CONSUMERS: u64 = 3;

fn note<'a>(
    uow: &'a mut Uow,
    event: &'a PublishedEvent,
) -> Boxed<'a, Result<(), clientele::platform::kernel::error::Error>> {
    Box::pin(async move {
        let Some(made) = event.read::<ThingMade>()? else { return Ok(()) };
        let note = sqlx::query("INSERT INTO heard (position, count) VALUES ($1, $2)");
        note.bind(event.position).bind(i64::from(made.count)).execute(uow.conn()).await?;
        Ok(())
    })
}

const SUBSCRIBER: Subscriber = Subscriber { consumer: "test", kinds: &[ThingMade::KIND], handle: note };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_killed_anywhere_handles_each_event_once() {
    let app = TestApp::start().await;
    let mut connection = app.connect().await;
    sqlx::query("CREATE TABLE heard (number bigserial, position bigint, count bigint)")
        .execute(&mut connection)
        .await
        .unwrap();
    for number in 0..EVENTS {
        let mut uow = app.db.begin(&Caller::system("test", "test")).await.unwrap();
        uow.record(Event::new(ThingMade { count: number }, None));
        uow.record(Event::new(HereWritten {}, None));
        uow.finish(()).await.unwrap();
    }
    relay_events(&app.db).await.unwrap();
    let seed = seed();
    let consumers = (0..CONSUMERS).map(|number| {
        let db = app.db.clone();
        let mut random = ChaCha8Rng::seed_from_u64(seed + number);
        tokio::spawn(async move {
            let mut kills = 0;
            for _ in 0..40 {
                let limit = random.random_range(0..300);
                tokio::select! {
                    biased;
                    () = yields(limit) => kills += 1,
                    outcome = deliver(&db, &SUBSCRIBER) => drop(outcome.unwrap()),
                }
            }
            kills
        })
    });
    let kills: u32 = join_all(consumers).await.into_iter().map(Result::unwrap).sum();
    catch_up(&app, &SUBSCRIBER).await;
    let heard: Vec<i64> =
        sqlx::query_scalar("SELECT position FROM heard ORDER BY number").fetch_all(&mut connection).await.unwrap();
    eprintln!("seed {seed}: {kills} kills, {} events heard", heard.len());
    assert!(heard.is_sorted() && kills > 0);
    let mut once = heard.clone();
    once.dedup();
    assert_eq!((heard.len(), once.len()), (EVENTS as usize, EVENTS as usize));
    let counts: Vec<i64> =
        sqlx::query_scalar("SELECT count FROM heard ORDER BY number").fetch_all(&mut connection).await.unwrap();
    assert_eq!(counts, (0..i64::from(EVENTS)).collect::<Vec<_>>(), "what each carries, read as its type");
    assert_eq!(deliver(&app.db, &SUBSCRIBER).await.unwrap(), 0);
}

async fn yields(limit: usize) {
    for _ in 0..limit {
        tokio::task::yield_now().await;
    }
}
