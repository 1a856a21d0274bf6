//! A row into what the book takes.

use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::fields;
use super::identity::{Content, Ordinals};
use crate::imports::model::{Kind, Row};
use crate::ingestion::{self, BalanceItem, ClientKey, Item, Members, Sent, TradeItem};
use platform::kernel::error::Fault;

/// What rows are read against.
pub struct Reading {
    /// The exchange's time zone.
    pub zone: Tz,
    /// Where the rows come from, unless they say so themselves.
    pub source: String,
    /// What tells equal rows apart.
    pub ordinals: Ordinals,
}

/// Stands in for the id of a row that has none, until its content is known.
const UNNAMED: &str = "row";

impl Reading {
    /// A trade, or one taken back.
    pub fn trade(&mut self, row: Row) -> Sent<Item> {
        let mut values = Values(Kind::Trades, row.values);
        let external_id = values.take("external_id");
        let is_named = external_id.is_some();
        let texts = self.texts(values).chain([("external_id", external_id.unwrap_or_else(|| UNNAMED.to_owned()))]);
        let mut sent = ingestion::read_trade(Members::of_row(texts), &self.source);
        // A row that is refused needs no id, and must not move those of others.
        if !is_named && sent.faults.is_empty() {
            match &mut sent.item {
                Item::Trade(trade) => trade.external_id = self.ordinals.id(content_of(trade)),
                Item::Reversal(reversal) => {
                    let content = Content::of(&reversal.source).with(&client_text(&reversal.client));
                    reversal.external_id = self.ordinals.id(content.with("reverses").with(&reversal.reverses));
                }
            }
        }
        sent
    }

    /// A balance.
    pub fn balance(&self, row: Row) -> Sent<BalanceItem> {
        let texts = self.texts(Values(Kind::Balances, row.values));
        ingestion::read_balance(Members::of_row(texts), &self.source)
    }

    /// Fields and what they say. A row that has the client's id and number means the id.
    fn texts(&self, mut values: Values) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let zone = self.zone;
        let by_id = values.take("client_id");
        if by_id.is_some() {
            values.take("client_no");
        }
        let Values(kind, texts) = values;
        let fields = kind.fields().iter().zip(texts).filter_map(|(field, text)| Some((*field, text?)));
        let by_id = by_id.map(|id| ("client_id", id));
        fields.chain(by_id).map(move |(field, text)| (field, fields::as_item(field, text, zone)))
    }
}

/// The values of a row, taken out one by one.
struct Values(Kind, Vec<Option<String>>);

impl Values {
    fn take(&mut self, field: &str) -> Option<String> {
        let index = self.0.fields().iter().position(|known| *known == field)?;
        self.1.get_mut(index)?.take()
    }
}

/// A client as the operation that enters one takes it, but for branch and advisor, which a file names by code and user name.
pub fn client(row: Row) -> ClientRow {
    let mut values = Values(Kind::Clients, row.values);
    let mut faults = Vec::new();
    let mut body = Map::new();
    for field in ["client_no", "name", "branch_id", "advisor_id", "phone", "email", "address"] {
        if let Some(value) = values.take(field) {
            body.insert(field.to_owned(), Value::String(value));
        }
    }
    if let Some(kind) = values.take("kind") {
        body.insert("kind".to_owned(), Value::String(kind.to_ascii_lowercase()));
    }
    if let Some(day) = values.take("opened_on") {
        body.insert("opened_on".to_owned(), Value::String(fields::day(day)));
    }
    match (values.take("document_type"), values.take("document_number")) {
        (Some(kind), Some(number)) => {
            drop(body.insert("document".to_owned(), json!({ "type": kind.to_ascii_lowercase(), "number": number })))
        }
        (None, None) => {}
        (Some(_), None) => faults.push(fields::required("document_number")),
        (None, Some(_)) => faults.push(fields::required("document_type")),
    }
    ClientRow { body, branch_code: values.take("branch_code"), advisor: values.take("advisor"), faults }
}

/// A client as a file names it.
#[derive(Clone, Debug)]
pub struct ClientRow {
    /// As `POST /v1/clients` takes it.
    pub body: Map<String, Value>,
    /// The branch by its code.
    pub branch_code: Option<String>,
    /// The advisor by user name.
    pub advisor: Option<String>,
    /// What the row lacks that no body shows.
    pub faults: Vec<Fault>,
}

fn client_text(client: &ClientKey) -> String {
    match client {
        ClientKey::Id(id) => format!("id {id}"),
        ClientKey::No(no) => format!("no {no}"),
    }
}

fn content_of(trade: &TradeItem) -> Content {
    let number = |value: Option<Decimal>| value.map_or_else(String::new, |value| value.normalize().to_string());
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let side = serde_json::to_string(&trade.side).unwrap_or_default();
    let currency = trade.currency.as_ref().map_or_else(String::new, |currency| currency.0.clone());
    [
        client_text(&trade.client),
        trade.executed_at.timestamp_micros().to_string(),
        side,
        trade.instrument.clone(),
        text(&trade.product_type),
        text(&trade.fund_account_no),
        currency,
        number(trade.quantity),
        number(trade.price),
        number(trade.amount),
        number(trade.commission),
        number(trade.exchange_fee),
        number(trade.stamp_duty),
        number(trade.transfer_fee),
    ]
    .iter()
    .fold(Content::of(&trade.source), |content, field| content.with(field))
}
