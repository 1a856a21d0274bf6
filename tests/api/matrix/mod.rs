//! The authorisation matrix: every operation of the document × role × data scope × state of the token, against an
//! oracle kept apart from the code.

mod oracle;
mod reports;
mod versions;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use uuid::Uuid;

use self::oracle::{OPERATIONS, Place, Reach, Who};
use self::world::Ids;
use crate::support::document::{Operation, operations};
use crate::support::{Answer, Call, TestApp};

/// Requests under way at once.
const AT_ONCE: usize = 24;

/// An operation and what the oracle says about it.
type Known = (Operation, Who, Reach);

fn known() -> Vec<Known> {
    let oracle: BTreeMap<&str, (Who, Reach)> =
        OPERATIONS.iter().map(|(name, who, reach)| (*name, (*who, *reach))).collect();
    let (known, unknown): (Vec<_>, Vec<_>) =
        operations().into_iter().partition(|operation| oracle.contains_key(operation.name().as_str()));
    let unknown: Vec<String> = unknown.iter().map(Operation::name).collect();
    let documented: BTreeSet<String> = known.iter().map(Operation::name).collect();
    let gone: Vec<&&str> = oracle.keys().filter(|name| !documented.contains(**name)).collect();
    assert!(gone.is_empty(), "in the oracle, not in the document: {gone:?}");
    assert!(unknown.is_empty(), "write down in the oracle who may call: {unknown:#?}");
    let with_oracle = |operation: Operation| {
        let (who, reach) = oracle[operation.name().as_str()];
        (operation, who, reach)
    };
    known.into_iter().map(with_oracle).collect()
}

/// A request that would work for somebody who may, and names a version where it must or where one is given.
fn request(caller: &crate::support::Client, operation: &Operation, ids: &Ids, version: Option<&str>) -> Call {
    let url = operation.url(|name| match ids.get(name) {
        Some(value) => value.clone(),
        None => panic!("{}: the matrix has nothing for {{{name}}}: make one in world.rs", operation.name()),
    });
    let call = caller.call(operation.method.clone(), &url);
    // What is deleted under a version that it does not have stays for the others, who call at the same time.
    let version = version.or((operation.method == "DELETE").then_some("\"0\""));
    let call = match version.or(operation.demands_if_match().then_some("\"1\"")) {
        Some(tag) => call.if_match(tag),
        None => call,
    };
    match body(operation, ids) {
        Some(body) => call.json(body),
        None => call,
    }
}

/// How often a request is sent that finds the server busy: many at once wait for the same rows, and not for long.
const TRIES: usize = 5;

/// What comes back; "try again" is taken at its word.
async fn answer(caller: &crate::support::Client, operation: &Operation, ids: &Ids) -> Answer {
    let send = || request(caller, operation, ids, None).send();
    let mut answer = send().await;
    for _ in 1..TRIES {
        if answer.status != 503 {
            break;
        }
        answer = send().await;
    }
    answer
}

/// The documented example, except where it would change who the callers are.
fn body(operation: &Operation, ids: &Ids) -> Option<Value> {
    match operation.name().as_str() {
        "PATCH /v1/staff/{staff_id}" => Some(json!({ "name": "王敏" })),
        "PUT /v1/clients/by-number/{client_no}" => {
            let mut body = operation.example()?;
            body["branch_id"] = json!(ids["branch_id"]);
            Some(body)
        }
        _ => operation.example(),
    }
}

/// What went wrong in a cell, if anything.
type Verdict = Option<String>;

fn verdict(cell: &str, answer: &Answer, good: bool, wanted: &str) -> Verdict {
    (!good).then(|| format!("{cell}: wanted {wanted}, came {} {}", answer.status, answer.text()))
}

#[track_caller]
fn report(what: &str, verdicts: &[Verdict]) {
    let wrong: Vec<&String> = verdicts.iter().flatten().collect();
    eprintln!("authorisation matrix, {what}: {} cells, {} mismatches", verdicts.len(), wrong.len());
    let first: Vec<&str> = wrong.iter().take(30).map(|text| text.as_str()).collect();
    assert!(wrong.is_empty(), "{} mismatches, the first:\n{}", wrong.len(), first.join("\n"));
}

#[test]
fn the_oracle_and_the_document_agree_on_permissions() {
    let differing: Vec<String> = known()
        .iter()
        .filter(|(operation, who, _)| {
            let documented = match (&operation.says["x-permission"], operation.signed_in()) {
                (Value::String(permission), _) => Some(permission.as_str()),
                (_, true) => Some(""),
                (_, false) => None,
            };
            let expected = match who {
                Who::Anybody => None,
                Who::SignedIn => Some(""),
                Who::Holds(permission) => Some(*permission),
            };
            documented != expected
        })
        .map(|(operation, who, _)| format!("{}: {who:?}", operation.name()))
        .collect();
    assert_eq!(differing, Vec::<String>::new());
}

#[tokio::test]
async fn a_token_that_is_not_good_opens_nothing() {
    let app = TestApp::start().await;
    let callers = world::callers(&app).await;
    let known = known();
    let cells = callers.iter().flat_map(|caller| known.iter().map(move |known| (caller, known)));
    let cells = cells.flat_map(|(caller, known)| caller.bad.iter().map(move |bad| (caller, known, bad)));
    let verdicts: Vec<Verdict> = stream::iter(cells)
        .map(async |(caller, (operation, who, _), (state, client))| {
            let answer = answer(client, operation, caller.ids(Place::Here)).await;
            let refused = answer.status == 401 && answer.json["code"] == "unauthenticated";
            let cell = format!("{} by {} with {state}", operation.name(), caller.name());
            match who {
                Who::Anybody => verdict(&cell, &answer, !refused, "an answer to anybody"),
                _ => verdict(&cell, &answer, refused, "401"),
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    report("bad tokens", &verdicts);
}

#[tokio::test]
async fn everybody_may_what_their_role_and_scope_say() {
    let app = TestApp::start().await;
    let callers = world::callers(&app).await;
    let known = known();
    let cells = callers.iter().flat_map(|caller| known.iter().map(move |known| (caller, known)));
    let cells = cells.filter(|(_, (_, who, _))| *who != Who::Anybody).flat_map(|(caller, known)| {
        let places = if [Reach::Nothing, Reach::Firm].contains(&known.2) { &Place::ALL[1..2] } else { &Place::ALL[..] };
        places.iter().map(move |place| (caller, known, *place))
    });
    let verdicts: Vec<Verdict> = stream::iter(cells)
        .map(async |(caller, (operation, who, reach), place)| {
            let answer = answer(&caller.client, operation, caller.ids(place)).await;
            let cell = format!("{} by {} for {place:?}", operation.name(), caller.name());
            let (code, hidden) = (answer.json["code"].as_str().unwrap_or_default(), answer.status == 404);
            let forbidden = answer.status == 403 && code == "forbidden";
            if !oracle::may(caller.role, *who) {
                return verdict(&cell, &answer, forbidden, "403");
            }
            // Looking is answered; what is done may be refused by a rule, but not as forbidden or hidden.
            let open = if operation.method == "GET" {
                answer.status == 200
            } else {
                answer.status < 500 && answer.status != 401 && !forbidden && !hidden
            };
            match reach {
                Reach::Nothing => verdict(&cell, &answer, open, "an answer"),
                _ if oracle::sees(caller.scope, *reach, place) => verdict(&cell, &answer, open, "an answer"),
                Reach::Number => verdict(&cell, &answer, [404, 409, 422].contains(&answer.status), "a refusal"),
                Reach::Firm => verdict(&cell, &answer, forbidden, "403"),
                Reach::Client | Reach::Staff | Reach::Branch | Reach::Job | Reach::Change => {
                    verdict(&cell, &answer, hidden, "404")
                }
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    report("roles and scopes", &verdicts);
}

/// An id of another client's under a client in scope leads nowhere, whoever asks.
#[tokio::test]
async fn what_belongs_to_another_client_is_not_there() {
    let app = TestApp::start().await;
    let callers = world::callers(&app).await;
    let known = known();
    let nested = known
        .iter()
        .filter(|(operation, _, reach)| *reach == Reach::Client && operation.path.matches("_id}").count() > 1);
    let cells = callers.iter().flat_map(|caller| nested.clone().map(move |known| (caller, known)));
    let cells = cells.filter(|(caller, (_, who, _))| oracle::may(caller.role, *who));
    let cells = cells.flat_map(|(caller, known)| {
        let seen = Place::ALL.into_iter().find(|place| oracle::sees(caller.scope, Reach::Client, *place)).unwrap();
        Place::ALL.into_iter().filter(move |other| *other != seen).map(move |other| (caller, known, seen, other))
    });
    let verdicts: Vec<Verdict> = stream::iter(cells)
        .map(async |(caller, (operation, ..), seen, other)| {
            let mut ids = caller.ids(other).clone();
            ids.insert("client_id", caller.ids(seen)["client_id"].clone());
            let answer = answer(&caller.client, operation, &ids).await;
            let cell = format!("{} by {} for {other:?} under {seen:?}", operation.name(), caller.name());
            verdict(&cell, &answer, answer.status == 404, "404")
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    report("ids of other clients", &verdicts);
}

/// Lists show what is in scope, and all of it.
#[tokio::test]
async fn lists_show_what_is_in_scope() {
    let app = TestApp::start().await;
    let callers = world::callers(&app).await;
    let all: BTreeSet<Uuid> = clients_in(&app.admin().await.get("/v1/clients?limit=200").send().await.json);
    assert!(all.len() > Place::ALL.len());
    let known = known();
    let lists = known.iter().filter(|(operation, who, reach)| {
        operation.method == "GET"
            && *reach == Reach::Nothing
            && matches!(who, Who::Holds(_))
            && !operation.path.contains('{')
    });
    let cells = callers.iter().flat_map(|caller| lists.clone().map(move |known| (caller, known)));
    let cells = cells.filter(|(caller, (_, who, _))| oracle::may(caller.role, *who));
    let verdicts: Vec<Verdict> = stream::iter(cells)
        .map(async |(caller, (operation, ..))| {
            let answer = caller.client.get(&format!("{}?limit=200", operation.path)).send().await;
            let shown = clients_in(&answer.json);
            let expected: BTreeSet<Uuid> = if caller.scope == clientele::firm::access::DataScope::Firm {
                all.clone()
            } else {
                let seen = Place::ALL.iter().filter(|place| oracle::sees(caller.scope, Reach::Client, **place));
                seen.map(|place| caller.ids(*place)["client_id"].parse().unwrap()).collect()
            };
            // Some lists hold no client, others only some; those of clients and contacts hold every one.
            let whole = ["/v1/clients", "/v1/interactions"].contains(&operation.path);
            let good = if whole { shown == expected } else { shown.is_subset(&expected) };
            verdict(&format!("{} by {}", operation.name(), caller.name()), &answer, good, "only clients in scope")
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    report("lists", &verdicts);
}

/// The clients an answer names, at any depth.
fn clients_in(answer: &Value) -> BTreeSet<Uuid> {
    match answer {
        Value::Object(members) => {
            let own = members.get("client_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
            members.values().flat_map(clients_in).chain(own).collect()
        }
        Value::Array(items) => items.iter().flat_map(clients_in).collect(),
        _ => BTreeSet::new(),
    }
}
