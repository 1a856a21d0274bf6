//! A mapping under a name.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::kinds::{Kind, Separator};
use super::options::Declared;

/// What is said about the columns and words of files. (c1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "trades", "map": {"executed_at": "成交日期+成交时间", "external_id": "成交日期+市场+成交编号"},
    "set": {"product_type": "stock"}, "values": {"side": {"竞价买入": "buy"}}, "encoding": "gb18030"}))]
pub struct ImportMappingBody {
    /// What the rows are.
    pub kind: Kind,
    /// Field and the column that feeds it; several columns with `+` between.
    #[serde(default)]
    #[schema(example = json!({"executed_at": "成交日期+成交时间"}))]
    pub map: BTreeMap<String, String>,
    /// Field and value, for columns the files lack.
    #[serde(default)]
    #[schema(example = json!({"product_type": "stock"}))]
    pub set: BTreeMap<String, String>,
    /// Field, words of the files, and the codes they stand for.
    #[serde(default)]
    #[schema(example = json!({"side": {"竞价买入": "buy"}}))]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// The encoding of the text, by its label (WHATWG Encoding, §4.2); found from each file when absent.
    #[serde(default)]
    #[schema(max_length = 40, pattern = r"^[A-Za-z0-9_:.-]+$")]
    pub encoding: Option<String>,
    /// What separates cells; found from each file when absent.
    #[serde(default)]
    pub separator: Option<Separator>,
}

impl ImportMappingBody {
    /// As an import takes it.
    pub fn declared(&self) -> Declared {
        let pairs = |map: &BTreeMap<String, String>| map.iter().map(|(a, b)| (a.clone(), b.clone())).collect();
        let words = self.values.iter().flat_map(|(field, words)| {
            words.iter().map(move |(word, code)| (field.clone(), word.clone(), code.clone()))
        });
        Declared {
            map: pairs(&self.map),
            set: pairs(&self.set),
            values: words.collect(),
            encoding: self.encoding.clone(),
            separator: self.separator.map(Separator::char),
        }
    }
}

/// A mapping under a name. (c1)
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ImportMapping {
    /// Its name.
    #[schema(example = "counter-trades")]
    pub name: String,
    /// What it says.
    pub mapping: ImportMappingBody,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Moves with every change.
    #[serde(skip)]
    pub row_version: i64,
}

/// Which mappings.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportMappingFilter {
    /// For files of this kind.
    #[param(inline)]
    #[serde(default)]
    pub kind: Option<Kind>,
}

/// Where a page of mappings ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportMappingKey {
    /// The last item's.
    pub name: String,
}
