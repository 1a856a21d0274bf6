//! A file comes in.

use actix_web::{post, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::upload::Upload;
use crate::imports::model::{Declared, Format, Kind, OnExisting, Options, Separator};
use crate::imports::service;
use crate::ingestion::MAIN_FEED;
use firm::jobs::{self, JobView};
use platform::db::Db;
use platform::http::permission::{ImportsWrite, Permission};
use platform::http::{Accepted, Actor, Query};
use platform::kernel::error::Error;

/// How a file is to be taken in.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// What its rows are.
    #[param(inline, example = "trades")]
    kind: Kind,
    /// The name of a saved mapping (`/v1/import-mappings`) to read the file by; what is said here goes first.
    #[param(pattern = "^[a-z0-9][a-z0-9_.-]{0,63}$", example = "counter-trades")]
    #[serde(default)]
    mapping: Option<String>,
    /// Columns of other names, `field=column` with commas between; several columns that make up one field with `+`
    /// (`%2B`) between, as `executed_at=成交日期+成交时间` or `external_id=成交日期+市场+成交编号`.
    #[param(
        max_length = 4000,
        pattern = r"^[^=,\x00]+=[^=,\x00]+(,[^=,\x00]+=[^=,\x00]+)*$",
        example = "client_no=client_id,executed_at=ts"
    )]
    #[serde(default)]
    map: Option<String>,
    /// Codes that words of the file stand for, `field:word=code` with commas between.
    #[param(
        max_length = 4000,
        pattern = r"^[^=:,\x00]+:[^=,\x00]+=[^=,\x00]+(,[^=:,\x00]+:[^=,\x00]+=[^=,\x00]+)*$",
        example = "side:竞价买入=buy"
    )]
    #[serde(default)]
    value: Option<String>,
    /// The encoding of the file's text, by its label (WHATWG Encoding, §4.2); found from its bytes when absent.
    #[param(max_length = 40, pattern = r"^[A-Za-z0-9_:.-]+$", example = "gb18030")]
    #[serde(default)]
    encoding: Option<String>,
    /// What separates cells; found from the first lines when absent.
    #[param(inline)]
    #[serde(default)]
    separator: Option<Separator>,
    /// Values for columns the file lacks, `field=value` with commas between.
    #[param(
        max_length = 4000,
        pattern = r"^[^=,\x00]+=[^,\x00]+(,[^=,\x00]+=[^,\x00]+)*$",
        example = "side=buy,instrument=FUND1"
    )]
    #[serde(default)]
    set: Option<String>,
    /// Make clients that are not there yet: in the root branch, named by their number.
    #[serde(default)]
    create_clients: Option<bool>,
    /// What becomes of clients that are there already. When absent, those of the same name are changed to what the file
    /// says, and a number under another name is refused.
    #[param(inline)]
    #[serde(default)]
    on_existing: Option<OnExisting>,
    /// The same checks and counts, nothing written. The result has a bulk plan to commit (`bulk_plan_id`), or says why
    /// it has none (`no_bulk_plan`).
    #[serde(default)]
    dry_run: Option<bool>,
    /// The feed the rows belong to, part of their identity: the same `external_id` of a client in the same feed is the
    /// same item, whatever the file is called and whether it came as a file or in a batch. The firm's `main` feed when
    /// absent.
    #[param(pattern = r"^[^\x00-\x1f\x7f]{1,128}$", example = "counter")]
    #[serde(default)]
    source: Option<String>,
    /// One rejected line fails the job, though the other lines are applied.
    #[serde(default)]
    strict: Option<bool>,
    /// How the file is written, where the content type does not say it rightly.
    #[param(inline)]
    #[serde(default)]
    format: Option<Format>,
}

impl ImportQuery {
    fn options(self, upload: &Upload) -> Options {
        let pairs = |text: Option<String>| -> Vec<(String, String)> {
            let text = text.unwrap_or_default();
            let pair = |pair: &str| pair.split_once('=').map(|(a, b)| (a.trim().to_owned(), b.trim().to_owned()));
            text.split(',').filter_map(pair).collect()
        };
        let named = self.source.filter(|source| !source.trim().is_empty());
        Options {
            kind: self.kind,
            format: self.format.unwrap_or(upload.format),
            declared: Declared {
                values: pairs(self.value)
                    .into_iter()
                    .filter_map(|(word, code)| {
                        let (field, word) = word.split_once(':')?;
                        Some((field.trim().to_owned(), word.trim().to_owned(), code))
                    })
                    .collect(),
                map: pairs(self.map),
                set: pairs(self.set),
                encoding: self.encoding.or_else(|| upload.charset.clone()),
                separator: self.separator.map(Separator::char),
            },
            create_clients: self.create_clients.unwrap_or(false),
            on_existing: self.on_existing,
            dry_run: self.dry_run.unwrap_or(false),
            source_is_explicit: named.is_some(),
            source: named.unwrap_or_else(|| MAIN_FEED.to_owned()),
            strict: self.strict.unwrap_or(false),
        }
    }
}

/// Import a file
///
/// A table of separated values or NDJSON (an object a line), at most 512 MiB, as a counter, a terminal or a spreadsheet
/// wrote it. Encoding (UTF-8, UTF-16, GB18030 with GBK), separator and the line that names the columns are found, and
/// named in the answer; lines before the header and lines of sums (合计, total) after the rows are passed over and
/// counted. The answer is a job to follow at `Location`; its result counts rows read, accepted, there already,
/// rejected, and clients created, names what each column fed, and says what was wrong by kind. Every rejected line is
/// listed with code and pointer at `/v1/jobs/{job_id}/rejections`; the other lines are applied. With `dry_run=true` all
/// this is answered and nothing written.
///
/// The same trade is one trade, whatever the file is called and whether it came in a file or a batch: a row is known by
/// client, `source` (the feed) and `external_id`; without an id, by its content and its ordinal among equal rows.
///
/// Fields of **trades**: `client_no` or `client_id`, `executed_at` (RFC 3339, or a date with or without time in the
/// exchange's time zone), `side`, `instrument`, `amount` or `quantity` and `price`, and optionally `external_id`,
/// `source`, `fund_account_no`, `product_type`, `currency`, `commission`, `exchange_fee`, `stamp_duty`,
/// `transfer_fee`; a row with `reverses` takes the trade of that `external_id` back. Of **balances**: `client_no` or
/// `client_id`,
/// `trade_day`, `total_assets`, and optionally `net_assets`, `cash`, `market_value`, `liabilities`, `fund_account_no`,
/// `currency`, `source`. Of **clients**: `client_no`, `name`, `kind`, `branch_code` or `branch_id`, and optionally
/// `advisor` (user name) or `advisor_id`, `opened_on`, `document_type`, `document_number`, `phone`, `email`, `address`.
/// Usual headers (客户号, 证券代码, 成交日期 with 成交时间, 买卖方向 …) name them by themselves, and usual words (证券买入, 融资买入 …) stand for
/// codes; `GET /v1/imports/words` lists both. `map`, `set` and `value` say the rest.
///
/// A row of a client that is there changes it as `PATCH /v1/clients/{client_id}` does, empty cells aside: it counts
/// under `accepted` and `changed`, or under `duplicate` where nothing differs; another identity document, and with
/// `on_existing=update` another name, waits for a second person and counts under `pending`; `pending_rows` names the
/// first hundred. `on_existing=skip` leaves such clients as they are, `refuse` refuses the row.
///
/// Rows are held to the rules of the operations that take such items as JSON, with the same codes. A file may write
/// values more freely: dates as 2026-03-31, 2026/3/31, 2026年3月31日 or 20260331 (one that reads two ways, as 2026111, is
/// refused), numbers with groups of thousands, currency signs or full-width digits and with more than eight digits
/// after the point (rounded half to even), codes as spreadsheets keep them (`="600519"`). Cells of blanks, `--` and
/// `N/A` are empty. A sell may count its quantity below zero.
#[utoipa::path(
    tag = "imports",
    params(ImportQuery),
    request_body(
        description = "The file",
        content(
            (String = "text/csv", example = json!("client_no,executed_at,side,instrument,quantity,price,external_id\n80012345,2026-03-02T09:31:00+08:00,buy,SH600000,100,10.25,T-1\n")),
            (String = "application/octet-stream"),
            (String = "text/plain"),
            (String = "application/x-ndjson", example = json!("{\"client_no\":\"80012345\",\"executed_at\":\"2026-03-02T09:31:00+08:00\",\"side\":\"buy\",\"instrument\":\"SH600000\",\"amount\":\"1025\",\"external_id\":\"T-1\"}\n")),
        )
    ),
    responses((status = ACCEPTED, body = JobView)),
    security(("oauth2" = [ImportsWrite::SCOPE]))
)]
#[post("/v1/imports")]
pub async fn import_file(
    actor: Actor<ImportsWrite>,
    Query(query): Query<ImportQuery>,
    mut upload: Upload,
    db: web::Data<Db>,
) -> Result<Accepted<JobView>, Error> {
    let saved = query.mapping.clone();
    let mut options = query.options(&upload);
    // Part of what an idempotency key is bound to; nobody else reads this body.
    let _ = actor.body_hash.set(upload.hash);
    if let Some(name) = saved {
        let said = std::mem::take(&mut options.declared);
        options.declared = service::mappings::declared(&mut db.read(&actor).await?, &name, options.kind, said).await?;
    }
    service::fits(&mut upload.file, &options, &upload.facts)?;
    let mut uow = db.begin(&actor).await?;
    let job_id = service::take_up(&mut uow, options, upload.facts, upload.file).await?;
    let job = jobs::visible(&mut uow, job_id).await?;
    uow.finish(Accepted { location: format!("/v1/jobs/{job_id}"), body: JobView::new(job, &actor.principal) }).await
}
