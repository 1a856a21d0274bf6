//! The words that need no mapping.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::imports::model::Kind;
use crate::imports::rules::words;
use platform::http::permission::{ImportsWrite, Permission};
use platform::http::{Actor, Json};
use platform::kernel::error::Error;

/// The words of counters and terminals that are understood without a mapping. (c1)
#[derive(Serialize, ToSchema)]
pub struct ImportWords {
    /// Of each kind of rows.
    pub kinds: Vec<KindWords>,
}

/// The words of a kind of rows. (c1)
#[derive(Serialize, ToSchema)]
pub struct KindWords {
    /// What the rows are.
    pub kind: Kind,
    /// Headers that name a field, the best first.
    pub headers: Vec<HeaderWords>,
    /// Fields that several columns give together.
    pub joined: Vec<JoinedWords>,
    /// Words that stand for a code.
    pub values: Vec<ValueWords>,
}

/// Headers that name a field. (c1)
#[derive(Serialize, ToSchema)]
pub struct HeaderWords {
    /// The field.
    #[schema(example = "instrument")]
    pub field: &'static str,
    /// Its headers; blanks, case, underscores, full width and a unit in parentheses do not matter.
    pub headers: Vec<&'static str>,
}

/// Columns that, joined, give a field. (c1)
#[derive(Serialize, ToSchema)]
pub struct JoinedWords {
    /// The field.
    #[schema(example = "executed_at")]
    pub field: &'static str,
    /// Its parts in order; of each the first header that is there.
    pub parts: Vec<Vec<&'static str>>,
}

/// Words that stand for a code. (c1)
#[derive(Serialize, ToSchema)]
pub struct ValueWords {
    /// The field.
    #[schema(example = "side")]
    pub field: &'static str,
    /// The code.
    #[schema(example = "margin_buy")]
    pub code: &'static str,
    /// The words; blanks, case and full width do not matter.
    pub words: Vec<&'static str>,
}

/// Get the words that imports understand
///
/// Headers that name a field, columns that give one together, and words that stand for a code, without any mapping.
#[utoipa::path(
    tag = "imports",
    responses((status = OK, body = ImportWords)),
    security(("oauth2" = [ImportsWrite::SCOPE]))
)]
#[get("/v1/imports/words")]
pub async fn get_import_words(_: Actor<ImportsWrite>) -> Result<Json<ImportWords>, Error> {
    Ok(Json(ImportWords { kinds: [Kind::Clients, Kind::Trades, Kind::Balances].map(words_of).into() }))
}

fn words_of(kind: Kind) -> KindWords {
    let headers = words::headers(kind).iter();
    let joined = words::joined(kind).iter();
    let values = words::VALUES.iter().filter(|(field, _)| kind.fields().contains(field));
    let values = values.flat_map(|(field, codes)| codes.iter().map(move |(code, words)| (field, code, words)));
    KindWords {
        kind,
        headers: headers.map(|(field, headers)| HeaderWords { field, headers: headers.to_vec() }).collect(),
        joined: joined
            .map(|joined| {
                let parts = joined.parts.iter().map(|part| part.to_vec()).collect();
                JoinedWords { field: joined.field, parts }
            })
            .collect(),
        values: values.map(|(field, code, words)| ValueWords { field, code, words: words.to_vec() }).collect(),
    }
}
