//! Every life cycle that a slice registers: its table against random walks and against what the database allows.

use std::collections::{BTreeMap, BTreeSet};

use clientele::app::SLICES;
use clientele::platform::kernel::error::{self, Error};
use clientele::platform::kernel::lifecycle::LifecycleInfo;
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::support::{TestApp, seed};

/// Steps of one walk, and walks a life cycle.
const STEPS: usize = 40;
const WALKS: usize = 200;

fn lifecycles() -> Vec<LifecycleInfo> {
    SLICES.iter().flat_map(|slice| slice.lifecycles).copied().collect()
}

/// Wherever one walks, the table and the function agree, a refusal speaks in labels, and an end is an end.
#[test]
fn random_walks_stay_on_the_table() {
    let seed = seed();
    eprintln!("TEST_SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for cycle in lifecycles() {
        let (states, actions, steps) = ((cycle.states)(), (cycle.actions)(), (cycle.steps)());
        let mut table = BTreeMap::new();
        for step in &steps {
            for from in &step.from {
                let again = table.insert((*from, step.action), step.to);
                assert_eq!(again, None, "{}: {} leads two ways from {from}", cycle.name, step.action);
            }
        }
        let mut seen = BTreeSet::new();
        for _ in 0..WALKS {
            let mut at = states[random.random_range(0..states.len())];
            for _ in 0..STEPS {
                seen.insert(at);
                let action = actions[random.random_range(0..actions.len())];
                match ((cycle.step)(at, action), table.get(&(at, action))) {
                    (Ok(to), Some(written)) if to == *written => at = to,
                    (Err(Error::Refused(refusal)), None) => {
                        assert_eq!(refusal.code, &error::ILLEGAL_TRANSITION);
                        let words = refusal.detail.as_ref().unwrap();
                        assert!(!words.en.is_empty() && words.zh != words.en, "{}: {words:?}", cycle.name);
                    }
                    (answered, written) => {
                        panic!("{}: {action} from {at}: {answered:?}, written {written:?}", cycle.name)
                    }
                }
            }
        }
        assert_eq!(seen, states.iter().copied().collect(), "{}: too few walks", cycle.name);
        let used: BTreeSet<&str> = steps.iter().map(|step| step.action).collect();
        assert_eq!(used, actions.into_iter().collect(), "{}: actions no step takes", cycle.name);
    }
}

/// The texts a constraint compares a column with: `(status = ANY (ARRAY['open'::text, 'closed'::text]))`.
fn values(definition: &str) -> BTreeSet<&str> {
    definition.split('\'').skip(1).step_by(2).collect()
}

/// The column holds the states of the table, no more and no fewer, by a named CHECK.
#[tokio::test]
async fn the_database_knows_the_same_states() {
    let app = TestApp::start().await;
    let mut connection = app.connect().await;
    for cycle in lifecycles() {
        let sql = "SELECT c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
                   JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
                   WHERE c.contype = 'c' AND c.conrelid = $1::regclass AND a.attname = $2";
        let checks: Vec<(String, String)> =
            sqlx::query_as(sql).bind(cycle.table).bind(cycle.column).fetch_all(&mut connection).await.unwrap();
        let states: BTreeSet<&str> = (cycle.states)().into_iter().collect();
        let known = checks.iter().filter(|(_, definition)| values(definition) == states).count();
        assert_eq!(known, 1, "{}: {}.{} has {checks:?}", cycle.name, cycle.table, cycle.column);
    }
}
