//! One book in random pieces: cut anywhere, overlapping, renamed, encoded anew, sent again, by file and by batch. What
//! it leaves is what one clean import leaves.

use encoding_rs::GB18030;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::{NOW, fingerprint};
use crate::support::{Client, TestApp};

const SEEDS: [u64; 4] = [1, 2, 3, 4];
const DAYS: u32 = 8;

/// A trade of the book.
#[derive(Clone)]
struct Line {
    client: u32,
    day: u32,
    second: u32,
    side: &'static str,
    quantity: u32,
    /// The counter's number; a feed without numbers has none.
    number: Option<u32>,
}

impl Line {
    fn at(&self) -> String {
        format!("2026-03-{:02} 09:31:{:02}", 2 + self.day, self.second)
    }

    fn cells(&self) -> Vec<String> {
        let number = self.number.map_or_else(String::new, |number| format!("N{number}"));
        [format!("C{}", self.client), self.at(), self.side.to_owned(), "600000".to_owned()]
            .into_iter()
            .chain([self.quantity.to_string(), "10.5".to_owned(), number])
            .collect()
    }
}

/// Days of trades, some of them equal to others of their day.
fn book(rng: &mut ChaCha8Rng, is_numbered: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for day in 0..DAYS {
        for _ in 0..12 {
            let line = Line {
                client: rng.random_range(0..3),
                day,
                second: rng.random_range(0..3),
                side: ["buy", "sell"][rng.random_range(0..2)],
                quantity: rng.random_range(1..3) * 100,
                number: is_numbered.then_some(u32::try_from(lines.len()).unwrap()),
            };
            lines.push(line);
        }
    }
    lines
}

/// A file of these lines, in a random encoding, separator and spelling.
fn file(rng: &mut ChaCha8Rng, lines: &[Line]) -> Vec<u8> {
    let separator = [",", "\t", ";", "|"][rng.random_range(0..4)];
    let is_chinese = rng.random_bool(0.5);
    let header = if is_chinese {
        ["客户号", "成交时间", "买卖方向", "证券代码", "成交数量", "成交价格", "external_id"]
    } else {
        ["client_no", "executed_at", "side", "instrument", "quantity", "price", "external_id"]
    };
    let mut text = format!("{}\n", header.join(separator));
    for line in lines {
        let mut cells = line.cells();
        if is_chinese {
            cells[2] = if line.side == "buy" { "证券买入" } else { "证券卖出" }.to_owned();
            cells[3] = "=\"600000\"".to_owned();
        }
        text.push_str(&format!("{}\n", cells.join(separator)));
    }
    if rng.random_bool(0.3) {
        text.push_str(&format!("合计{separator}{separator}\n"));
    }
    match rng.random_range(0..3) {
        0 => text.into_bytes(),
        1 => GB18030.encode(&text).0.into_owned(),
        _ => [vec![0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
    }
}

async fn import(app: &TestApp, caller: &Client, body: Vec<u8>) {
    let answer = caller.post("/v1/imports?kind=trades").bytes("application/octet-stream", body).send().await.is(202);
    app.run_jobs().await;
    let job = caller.get(answer.header("location").unwrap()).send().await.is(200).json;
    assert_eq!((&job["state"], &job["result"]["rejected"]), (&json!("succeeded"), &json!(0)), "{job}");
}

async fn batch(caller: &Client, lines: &[Line]) {
    let items: Vec<_> = lines
        .iter()
        .map(|line| {
            json!({ "client_no": format!(" C{} ", line.client), "external_id": line.cells()[6], "side": line.side,
                "executed_at": format!("{}+08:00", line.at().replace(' ', "T")), "instrument": "600000",
                "quantity": line.quantity.to_string(), "price": "10.50" })
        })
        .collect();
    caller.post("/v1/trades/batch").json(json!(items)).send().await.is(200);
}

async fn with_clients() -> TestApp {
    let app = TestApp::at(NOW).await;
    let body = "client_no,name,kind,branch_code\nC0,甲,individual,HQ\nC1,乙,individual,HQ\nC2,丙,individual,HQ\n";
    app.admin().await.post("/v1/imports?kind=clients").bytes("text/csv", body).send().await.is(202);
    app.run_jobs().await;
    app
}

#[tokio::test]
async fn pieces_of_a_book_leave_what_one_clean_import_leaves() {
    for seed in SEEDS {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let is_numbered = seed % 2 == 1;
        let lines = book(&mut rng, is_numbered);
        let (clean, pieces) = (with_clients().await, with_clients().await);
        import(&clean, &clean.admin().await, file(&mut rng, &lines)).await;
        let admin = pieces.admin().await;
        let mut cuts = Vec::new();
        for _ in 0..10 {
            let from = rng.random_range(0..DAYS);
            let to = rng.random_range(from..DAYS) + 1;
            let mut cut: Vec<Line> = lines.iter().filter(|line| (from..to).contains(&line.day)).cloned().collect();
            if is_numbered {
                // What has a number may be cut and turned about anywhere; what has none comes by whole days.
                cut.shuffle(&mut rng);
                cut.truncate(rng.random_range(1..=cut.len()));
            }
            cuts.push(cut);
        }
        cuts.push(lines.clone());
        cuts.shuffle(&mut rng);
        for cut in cuts {
            if is_numbered && rng.random_bool(0.4) {
                batch(&admin, &cut).await;
            } else {
                import(&pieces, &admin, file(&mut rng, &cut)).await;
            }
        }
        assert_eq!(fingerprint(&pieces).await, fingerprint(&clean).await, "seed {seed}");
    }
}
