//! The whole book at the end of a day, and what it can be asked about its own past.

use std::collections::HashSet;

use chrono::{Datelike, Days, NaiveDate};
use uuid::Uuid;

use super::super::model::{RunRequest, ScoredClient, features_at, plain};
use super::super::store;
use super::super::store::activity::Trader;
use platform::db::Uow;
use platform::kernel::error::Error;
use platform::kernel::ids::ClientId;
use science::features::Day;
use science::ladder::{Observed, Past, Window, WindowDays};

/// Clients whose days are read by one statement.
const CHUNK: usize = 5_000;
/// Clients whose past is asked, at most twice as many: more would not move a coefficient.
const SAMPLE: usize = 50_000;

/// What a run knows before it fits.
pub(super) struct Book {
    /// Every client with an active day.
    pub clients: Vec<ScoredClient>,
    /// What the book is asked about itself; none of a young one.
    pub past: Option<Past>,
}

/// Reads every client's days once; keeps what models read of them.
pub(super) async fn read(uow: &mut Uow, request: &RunRequest) -> Result<Book, Error> {
    let as_of = request.as_of;
    let traders = store::activity::traders(uow.conn(), as_of).await?;
    let windows = Windows::of(&traders, request);
    let mut past = windows.as_ref().map(Windows::empty);
    let compared = back(as_of, request.compared_days);
    let step = i64::try_from((traders.len() / SAMPLE).max(1)).unwrap_or(i64::MAX);
    let sampled = traders.iter().filter(|one| one.place.rem_euclid(step) == 0);
    let sampled: HashSet<ClientId> = sampled.map(|one| one.client_id).collect();
    let mut clients = Vec::with_capacity(traders.len());
    for chunk in traders.chunks(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|trader| trader.client_id.0).collect();
        let (conn, scope) = uow.scoped();
        for (client_id, traded) in store::activity::days(conn, scope, &ids, as_of).await? {
            let traded = plain(&traded);
            let Some(now) = features_at(&traded, as_of) else { continue };
            clients.push(ScoredClient { client_id, now, before: features_at(&traded, compared) });
            if let (Some(past), Some(windows)) = (&mut past, &windows)
                && sampled.contains(&client_id)
            {
                windows.add(past, &traded);
            }
        }
    }
    Ok(Book { clients, past })
}

/// Where the windows of the past lie.
struct Windows {
    days: WindowDays,
    earlier: NaiveDate,
    later: NaiveDate,
    last: NaiveDate,
    watched_days: u32,
}

impl Windows {
    fn of(traders: &[Trader], request: &RunRequest) -> Option<Self> {
        let first = traders.iter().map(|trader| trader.first_day).min()?;
        let watched = |until: NaiveDate| u32::try_from((until - first).num_days()).unwrap_or_default();
        let days = WindowDays::of(watched(request.as_of), request.horizon_days)?;
        let later = back(request.as_of, days.compared);
        let earlier = back(later, days.compared);
        let last = back(request.as_of, days.last);
        Some(Self { days, earlier, later, last, watched_days: watched(earlier) })
    }

    fn empty(&self) -> Past {
        let window = |days: u32| Window { weeks: f64::from(days) / 7.0, clients: Vec::new() };
        let (earlier, later) = (window(self.days.compared), window(self.days.compared));
        Past { earlier, later, last: window(self.days.last), watched_days: self.watched_days }
    }

    fn add(&self, past: &mut Past, traded: &[Day]) {
        past.earlier.clients.extend(observed(traded, self.earlier, self.days.compared));
        past.later.clients.extend(observed(traded, self.later, self.days.compared));
        past.last.clients.extend(observed(traded, self.last, self.days.last));
    }
}

/// A client at a cutoff and what came in the days after it; none of a client who came later.
fn observed(traded: &[Day], cutoff: NaiveDate, days: u32) -> Option<Observed> {
    let from = cutoff.num_days_from_ce();
    let window = from + 1..=from.saturating_add_unsigned(days);
    let silent = !traded.iter().any(|day| window.contains(&day.day));
    Some(Observed { features: features_at(traded, cutoff)?, silent })
}

fn back(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(days.into())).unwrap_or(day)
}
