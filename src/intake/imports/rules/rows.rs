//! A row into what the book takes.

use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::fields;
use super::identity::{Content, Ordinals};
use crate::imports::faults;
use crate::imports::model::{Kind, Origin, Row};
use crate::ingestion::{self, BalanceInput, Members, TradeInput};
use platform::kernel::batch::Pending;
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

/// Stands in for the id of a row that cannot be read.
const UNREAD: &str = "row";

impl Reading {
    /// A trade, or one taken back.
    pub fn trade(&mut self, Row { origin, values }: Row) -> Pending<TradeInput, Origin> {
        let texts = self.texts(Values(Kind::Trades, values));
        let mut sent = ingestion::read_trade(origin, Members::of_row(texts), &self.source);
        without_signs(&mut sent.item);
        if sent.item.external_id.is_none() {
            // A row that cannot be read is refused: it needs no id, and must not move those of others.
            let is_read = sent.faults.is_empty();
            let id = if is_read { self.ordinals.id(content_of(&sent.item)) } else { UNREAD.to_owned() };
            sent.item.external_id = Some(id);
        }
        sent
    }

    /// A balance.
    pub fn balance(&self, Row { origin, values }: Row) -> Pending<BalanceInput, Origin> {
        let texts = self.texts(Values(Kind::Balances, values));
        ingestion::read_balance(origin, Members::of_row(texts), &self.source)
    }

    /// Fields and what they say. A row that has the client's id and number means the id.
    fn texts(&self, mut values: Values) -> impl Iterator<Item = (&'static str, Result<String, Fault>)> + use<> {
        let zone = self.zone;
        let by_id = values.take("client_id");
        if by_id.is_some() {
            values.take("client_no");
        }
        let Values(kind, texts) = values;
        let fields = kind.fields().iter().zip(texts).filter_map(|(field, text)| Some((*field, text?)));
        let by_id = by_id.map(|id| ("client_id", id));
        fields.chain(by_id).map(move |(field, text)| (field, fields::value(field, text, zone)))
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

/// A client as the operation that enters one takes it, but for branch and advisor, which a file names by code and user
/// name.
pub fn client(Row { origin, values }: Row, zone: Tz) -> Pending<ClientRow, Origin> {
    let mut values = Values(Kind::Clients, values);
    let mut found = Vec::new();
    let mut body = Map::new();
    let mut take = |field: &str| match fields::value(field, values.take(field)?, zone) {
        Ok(value) => Some(value),
        Err(fault) => {
            found.push(fault);
            None
        }
    };
    for field in ["client_no", "name", "kind", "branch_id", "advisor_id", "opened_on", "phone", "email", "address"] {
        if let Some(value) = take(field) {
            body.insert(field.to_owned(), Value::String(value));
        }
    }
    match (take("document_type"), take("document_number")) {
        (Some(kind), Some(number)) => {
            drop(body.insert("document".to_owned(), json!({ "type": kind, "number": number })))
        }
        (None, None) => {}
        (Some(_), None) => found.push(faults::REQUIRED.at("/document_number")),
        (None, Some(_)) => found.push(faults::REQUIRED.at("/document_type")),
    }
    let item = ClientRow { body, branch_code: values.take("branch_code"), advisor: values.take("advisor") };
    Pending { place: origin, item, faults: found }
}

/// Files that count what is given away below zero: where the side says the same, the sign is dropped, also from the
/// money that is counted with it.
fn without_signs(trade: &mut TradeInput) {
    let gives_away = trade.side.is_some_and(|side| side.is_sell() || side.closes_lot().is_some());
    if gives_away && trade.quantity.is_some_and(|quantity| quantity.is_sign_negative()) {
        trade.quantity = trade.quantity.map(|quantity| quantity.abs());
        trade.amount = trade.amount.map(|amount| amount.abs());
    }
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
}

/// What a row means. Never changed: ids of rows that were taken in long ago follow from it.
fn content_of(item: &TradeInput) -> Content {
    let number = |value: Option<Decimal>| value.map_or_else(String::new, |value| value.normalize().to_string());
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let client = match (item.client_id, &item.client_no) {
        (Some(id), _) => format!("id {id}"),
        (None, number) => format!("no {}", text(number)),
    };
    let content = Content::of(item.source.as_deref().unwrap_or_default()).with(&client);
    if let Some(reverses) = &item.reverses {
        return content.with("reverses").with(reverses);
    }
    let executed_at = item.executed_at.map(|at| at.timestamp_micros().to_string());
    let side = item.side.map(|side| serde_json::to_string(&side).unwrap_or_default());
    [
        text(&executed_at),
        text(&side),
        text(&item.instrument),
        text(&item.product_type),
        text(&item.fund_account_no),
        item.currency.as_ref().map_or_else(String::new, |currency| currency.0.clone()),
        number(item.quantity),
        number(item.price),
        number(item.amount),
        number(item.commission),
        number(item.exchange_fee),
        number(item.stamp_duty),
        number(item.transfer_fee),
    ]
    .iter()
    .fold(content, |content, field| content.with(field))
}
