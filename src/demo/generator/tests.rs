//! The book is the same for a seed, lies in the past, and behaves like a book.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use rust_decimal::{Decimal, dec};

use super::*;

fn spec(clients: u32, seed: u64) -> Spec {
    let as_of = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap_or_default();
    Spec { clients, seed, as_of, time_zone: chrono_tz::Asia::Shanghai }
}

#[test]
fn the_same_seed_gives_the_same_book() {
    let book = generate(&spec(60, 7));
    assert_eq!(generate(&spec(60, 7)), book);
    assert_ne!(generate(&spec(60, 8)).trades, book.trades);
    assert_eq!(generate(&spec(20, 7)).trades[..500], book.trades[..500], "clients do not depend on each other");
}

#[test]
fn trades_lie_within_trading_hours_and_never_after_the_last_day() {
    let spec = spec(200, 1);
    for trade in generate(&spec).trades {
        let local = trade.executed_at.with_timezone(&spec.time_zone);
        let minute = local.hour() * 60 + local.minute();
        assert!(local.date_naive() <= spec.as_of);
        assert!(!matches!(local.weekday(), Weekday::Sat | Weekday::Sun));
        assert!((570..690).contains(&minute) || (780..900).contains(&minute), "{local}");
        assert!(trade.quantity > Decimal::ZERO && trade.price > Decimal::ZERO);
        assert_eq!((trade.quantity * trade.price - trade.amount).abs().max(dec!(0.005)), dec!(0.005));
        assert!(trade.commission >= dec!(5));
    }
}

#[test]
fn what_must_be_unique_is() {
    let book = generate(&spec(400, 2));
    let unique = |values: Vec<&str>| values.len() == values.iter().collect::<BTreeSet<_>>().len();
    assert!(unique(book.clients.iter().map(|client| client.client_no.as_str()).collect()));
    assert!(unique(book.clients.iter().map(|client| client.document_number.as_str()).collect()));
    assert!(unique(book.clients.iter().map(|client| client.phone.as_str()).collect()));
    assert!(unique(book.trades.iter().map(|trade| trade.external_id.as_str()).collect()));
    assert!(unique(book.interactions.iter().map(|interaction| interaction.external_id.as_str()).collect()));
    assert!(unique(book.firm.staff.iter().map(|person| person.username.as_str()).collect()));
    let advisors: BTreeSet<_> = book.firm.staff.iter().map(|person| &person.username).collect();
    assert!(book.clients.iter().filter_map(|client| client.advisor.as_ref()).all(|name| advisors.contains(name)));
    let branches: BTreeSet<_> = book.firm.branches.iter().map(|branch| &branch.code).collect();
    assert!(book.clients.iter().all(|client| branches.contains(&client.branch_code)));
    assert!(book.firm.branches.iter().filter_map(|b| b.parent_code.as_ref()).all(|code| branches.contains(code)));
}

#[test]
fn balances_add_up_and_suffice_for_the_averages() {
    let book = generate(&spec(200, 3));
    let mut days: BTreeMap<&str, BTreeSet<NaiveDate>> = BTreeMap::new();
    for balance in &book.balances {
        assert!(balance.cash >= Decimal::ZERO && balance.market_value >= Decimal::ZERO);
        assert_eq!(balance.total, balance.cash + balance.market_value);
        assert_eq!(balance.net_assets, balance.total - balance.liabilities);
        assert!(days.entry(&balance.client_no).or_default().insert(balance.day), "one balance a day");
    }
    let complete = days.values().filter(|days| days.len() >= 36).count();
    assert!(complete > 130, "{complete} of 200 have 25 days and 11 or more month-ends");
}

#[test]
fn sales_come_from_what_was_bought_but_for_a_few() {
    let book = generate(&spec(400, 4));
    let mut held: BTreeMap<(&str, &str), Decimal> = BTreeMap::new();
    let (mut sales, mut unmatched) = (0, 0);
    for trade in &book.trades {
        let pieces = held.entry((&trade.client_no, &trade.instrument)).or_default();
        *pieces += if trade.side == "buy" { trade.quantity } else { -trade.quantity };
        sales += usize::from(trade.side == "sell");
        unmatched += usize::from(*pieces < Decimal::ZERO);
        *pieces = (*pieces).max(Decimal::ZERO);
    }
    assert!(unmatched > 0 && unmatched * 50 < sales, "{unmatched} of {sales}");
}

#[test]
fn leaving_is_preceded_by_a_decline() {
    const FADING: i64 = 28;
    const BEFORE: i64 = 180;
    let (mut fading, mut before, mut leavers) = (0, 0, 0);
    for file in Generator::new(&spec(600, 5)).clients() {
        let Some(left_on) = file.left_on else { continue };
        let days: BTreeSet<_> = file.trades.iter().map(|trade| trade.executed_at.date_naive()).collect();
        let ages: Vec<_> = days.iter().map(|day| (left_on - *day).num_days()).collect();
        assert!(ages.iter().all(|age| *age >= 0), "silent after leaving");
        if ages.first() >= Some(&BEFORE) {
            leavers += 1;
            fading += ages.iter().filter(|age| **age < FADING).count();
            before += ages.iter().filter(|age| (FADING..BEFORE).contains(*age)).count();
        }
    }
    assert!(leavers > 50);
    let mean_gap = |days: i64, active: usize| f64::from(leavers) * days as f64 / active as f64;
    let (late, early) = (mean_gap(FADING, fading), mean_gap(BEFORE - FADING, before));
    assert!(late > 1.5 * early, "days between active days: {late:.1} in the end, {early:.1} before");
}

#[test]
fn the_book_has_the_shape_of_a_book() {
    let book = generate(&spec(2_000, 6));
    let per_client = book.trades.len() / book.clients.len();
    assert!((60..=100).contains(&per_client), "{per_client} trades a client");
    let share = |kind| book.clients.iter().filter(|client| client.kind == kind).count() as f64 / 2_000.0;
    assert!((share("institution") - 0.06).abs() < 0.02 && (share("product") - 0.02).abs() < 0.01);
    let last: BTreeMap<_, _> = book.balances.iter().map(|balance| (&balance.client_no, balance.net_assets)).collect();
    let above = |floor: Decimal| last.values().filter(|assets| **assets >= floor).count();
    let (middle, high, top) = (above(dec!(500000)), above(dec!(6000000)), above(dec!(10000000)));
    assert!(middle > 200 && middle < 700 && high > 20 && high < 150 && top > 10, "{middle} {high} {top}");
    let kinds: BTreeSet<_> = book.trades.iter().map(|trade| trade.product_type).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["bond", "etf", "fund", "option", "stock"]);
}
