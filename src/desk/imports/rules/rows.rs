//! A row into what the book takes.

use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::fields;
use super::identity::{Content, Ordinals};
use crate::book::ingestion::{BalanceItem, ClientKey, Item, ReversalItem, TradeItem};
use crate::desk::imports::model::{Kind, Row};
use crate::platform::kernel::error::Fault;

/// What rows are read against.
pub struct Reading {
    /// The exchange's time zone.
    pub zone: Tz,
    /// Where the rows come from, unless they say so themselves.
    pub source: String,
    /// What tells equal rows apart.
    pub ordinals: Ordinals,
}

/// The values of a row, taken out one by one.
struct Values(Kind, Vec<Option<String>>);

impl Values {
    fn take(&mut self, field: &str) -> Option<String> {
        let index = self.0.fields().iter().position(|known| *known == field)?;
        self.1.get_mut(index)?.take()
    }

    fn need(&mut self, field: &str) -> Result<String, Fault> {
        self.take(field).ok_or_else(|| fields::required(field))
    }

    fn text(&mut self, field: &str, longest: usize) -> Result<Option<String>, Fault> {
        self.take(field).map(|value| fields::text(field, value, longest)).transpose()
    }

    fn with<T>(&mut self, field: &str, read: impl FnOnce(&str, &str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
        self.take(field).map(|value| read(field, &value)).transpose()
    }

    fn client(&mut self) -> Result<ClientKey, Fault> {
        match (self.take("client_id"), self.take("client_no")) {
            (Some(id), _) => fields::id("client_id", &id).map(ClientKey::Id),
            (None, Some(no)) => fields::text("client_no", no, 64).map(ClientKey::No),
            (None, None) => Err(fields::required("client_no")),
        }
    }
}

/// Longest texts, as the operations over single items have them.
const CODE: usize = 64;
/// Sources and the ids they give.
const KEY: usize = 128;

impl Reading {
    /// A trade, or one taken back.
    pub fn trade(&mut self, row: Row) -> Result<Item, Fault> {
        let mut values = Values(Kind::Trades, row.values);
        let client = values.client()?;
        let source = values.text("source", KEY)?.unwrap_or_else(|| self.source.clone());
        let external_id = values.text("external_id", KEY)?;
        if let Some(reverses) = values.text("reverses", KEY)? {
            let content = || Content::of(&source).with(&client_text(&client)).with("reverses").with(&reverses);
            let external_id = external_id.unwrap_or_else(|| self.ordinals.id(content()));
            return Ok(Item::Reversal(ReversalItem { client, source, external_id, reverses }));
        }
        let mut trade = TradeItem {
            client,
            source,
            external_id: external_id.unwrap_or_default(),
            executed_at: fields::instant("executed_at", &values.need("executed_at")?, self.zone)?,
            side: fields::code("side", &values.need("side")?)?,
            instrument: fields::text("instrument", values.need("instrument")?, CODE)?,
            product_type: values.text("product_type", CODE)?,
            fund_account_no: values.text("fund_account_no", CODE)?,
            currency: values.with("currency", fields::currency)?,
            quantity: values.with("quantity", fields::amount)?,
            price: values.with("price", fields::amount)?,
            amount: values.with("amount", fields::amount)?,
            commission: values.with("commission", fields::amount)?,
            exchange_fee: values.with("exchange_fee", fields::amount)?,
            stamp_duty: values.with("stamp_duty", fields::amount)?,
            transfer_fee: values.with("transfer_fee", fields::amount)?,
        };
        if trade.external_id.is_empty() {
            trade.external_id = self.ordinals.id(content_of(&trade));
        }
        Ok(Item::Trade(trade))
    }

    /// A balance.
    pub fn balance(&mut self, row: Row) -> Result<BalanceItem, Fault> {
        let mut values = Values(Kind::Balances, row.values);
        let decimal = |values: &mut Values, field: &str| fields::decimal(field, &values.need(field)?);
        Ok(BalanceItem {
            client: values.client()?,
            source: values.text("source", KEY)?.unwrap_or_else(|| self.source.clone()),
            trade_day: fields::day("trade_day", &values.need("trade_day")?)?,
            fund_account_no: values.text("fund_account_no", CODE)?,
            currency: values.with("currency", fields::currency)?,
            total_assets: fields::amount("total_assets", &values.need("total_assets")?)?,
            net_assets: decimal(&mut values, "net_assets")?,
            cash: values.with("cash", fields::decimal)?,
            market_value: values.with("market_value", fields::decimal)?,
            liabilities: values.with("liabilities", fields::decimal)?,
        })
    }
}

/// A client as the operation that enters one takes it, but for branch and advisor, which a file names by code and user name.
pub fn client(row: Row) -> Result<ClientRow, Fault> {
    let mut values = Values(Kind::Clients, row.values);
    let mut body = Map::new();
    for field in ["client_no", "name", "branch_id", "advisor_id", "phone", "email", "address"] {
        if let Some(value) = values.take(field) {
            body.insert(field.to_owned(), Value::String(value));
        }
    }
    body.insert("kind".to_owned(), Value::String(values.need("kind")?.to_ascii_lowercase()));
    if let Some(day) = values.with("opened_on", fields::day)? {
        body.insert("opened_on".to_owned(), json!(day));
    }
    match (values.take("document_type"), values.take("document_number")) {
        (Some(kind), Some(number)) => {
            drop(body.insert("document".to_owned(), json!({ "type": kind.to_ascii_lowercase(), "number": number })))
        }
        (None, None) => {}
        (Some(_), None) => return Err(fields::required("document_number")),
        (None, Some(_)) => return Err(fields::required("document_type")),
    }
    Ok(ClientRow { body, branch_code: values.take("branch_code"), advisor: values.take("advisor") })
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
