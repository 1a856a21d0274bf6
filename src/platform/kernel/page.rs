//! Keyset pages: a limit, and where the last page ended.

use serde::{Deserialize, Serialize};

/// How many items a page holds when the caller does not say, and at most.
pub const DEFAULT_LIMIT: u32 = 50;
/// No page is longer.
pub const MAX_LIMIT: u32 = 200;

/// A page as asked for: `K` is the key of the last item seen.
#[derive(Clone, Debug)]
pub struct PageRequest<K> {
    /// 1 to [`MAX_LIMIT`].
    pub limit: u32,
    /// The key after which to go on.
    pub after: Option<K>,
}

/// A page as found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Page<T, K> {
    /// At most `limit` items, in order.
    pub items: Vec<T>,
    /// The key of the last item, when there is more.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// Makes a page of `limit + 1` rows asked for, so that one more tells whether there is a next page.
    pub fn from_rows(mut rows: Vec<T>, limit: u32, key: impl FnOnce(&T) -> K) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }

    /// The same page of other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U, K> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}
