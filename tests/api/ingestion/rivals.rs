//! Several callers at once: as if they had come one after the other.

use clientele::platform::kernel::ids::{BranchId, ClientId};
use serde_json::{Value, json};

use super::{NOW, rolled_up, statuses};
use crate::support::{Client, TestApp};
use crate::trades::trade;

/// Sends batches one after the other; one that has to wait too long is sent again, as its caller would.
async fn send_all(caller: Client, batches: Vec<Vec<Value>>) -> (u64, u64) {
    let (mut accepted, mut duplicates) = (0, 0);
    for batch in batches {
        loop {
            let answer = caller.post("/v1/trades/batch").json(Value::Array(batch.clone())).send().await;
            if answer.status == 503 {
                continue;
            }
            let answer = answer.is(200).json;
            assert_eq!(answer["rejected"], 0, "{answer}");
            accepted += answer["accepted"].as_u64().unwrap();
            duplicates += answer["duplicates"].as_u64().unwrap();
            break;
        }
    }
    (accepted, duplicates)
}

#[tokio::test]
async fn overlapping_batches_at_once_end_with_the_right_numbers() {
    let app = TestApp::at(NOW).await;
    let admin = app.admin().await;
    let mut clients = Vec::new();
    for _ in 0..12 {
        clients.push(app.client(BranchId::ROOT, None).await);
    }
    // Each rival has trades of its own and some that all of them have, clients in its own order; one also reverses.
    let item = |client: ClientId, id: String, round: usize| {
        trade(client, &id, &format!("2026-02-{:02}T02:00:00Z", round + 1), "2.5")
    };
    let batches = |rival: usize| -> Vec<Vec<Value>> {
        let batch = |round: usize| {
            let turn = |place: usize| clients[(place * [1, 5, 7, 11][rival] + rival) % clients.len()];
            let of_client = |client: ClientId| {
                let mut items = vec![
                    item(client, format!("own-{rival}-{round}"), round),
                    item(client, format!("all-{round}"), round),
                ];
                if rival == 0 {
                    items.push(json!({ "client_id": client, "external_id": format!("back-{round}"), "reverses": format!("own-3-{round}") }));
                }
                items
            };
            let places: Vec<usize> = (0..clients.len()).collect();
            places.iter().flat_map(|place| of_client(turn(*place))).collect()
        };
        (0..15).map(batch).collect()
    };
    let rivals: Vec<_> = (0..4).map(|rival| tokio::spawn(send_all(admin.clone(), batches(rival)))).collect();
    let (mut accepted, mut duplicates) = (0, 0);
    for rival in rivals {
        let (more, again) = rival.await.unwrap();
        (accepted, duplicates) = (accepted + more, duplicates + again);
    }
    // Four rivals × 15 rounds of own trades, 15 shared, 15 reversals, for each client.
    assert_eq!((accepted, duplicates), (12 * (4 * 15 + 15 + 15), 12 * 3 * 15));
    for client in clients {
        let (days, statistics) = rolled_up(&app, client).await;
        assert!(days.iter().all(|day| day.ends_with(" 4 0 10.00000000 0.00000000 0.00000000 0")), "{days:?}");
        assert_eq!(days.len(), 15);
        assert_eq!(statistics, "15 60 2026-02-01 2026-02-15 150.00000000 0.00000000 0.00000000");
    }
}

#[tokio::test]
async fn a_trade_and_its_reversal_at_once_end_reversed() {
    let app = TestApp::at(NOW).await;
    let (admin, client) = (app.admin().await, app.client(BranchId::ROOT, None).await);
    for n in 0..20 {
        let sent = json!([trade(client, &format!("T{n}"), "2026-02-10T02:00:00Z", "5")]);
        let back = json!([{ "client_id": client, "external_id": format!("R{n}"), "reverses": format!("T{n}") }]);
        let call = |body| admin.post("/v1/trades/batch").json(body).send();
        let (first, second) = tokio::join!(call(sent), call(back));
        assert_eq!(statuses(&first.is(200).json), ["accepted"]);
        assert_eq!(statuses(&second.is(200).json), ["accepted"]);
    }
    assert_eq!(rolled_up(&app, client).await.1, "0 0 - - 0.00000000 0.00000000 0.00000000");
}
