//! Lost updates: which version of a resource a change is based on, compared when the resource was read and once more
//! when it is written.
//!
//! Every change of something that has a row version goes the same way:
//!
//! ```text
//! loop {
//!     let before = store::thing(uow.conn(), id).await?.ok_or_else(Error::not_found)?;
//!     lock.check(before.row_version)?;                                     // 412, names the current tag
//!     let after = changed(&before, &change);
//!     if after == before { return Ok(before) }                             // nothing changed: nothing is written
//!     if store::update(uow.conn(), &after, before.row_version).await? { … return Ok(after) }
//!     lock.overtaken()?;                                                   // once more, over what the other one wrote
//! }
//! ```
//!
//! Two callers who named no version never see a 412: the second writes over what the first wrote. Should that happen
//! twice in a row, the answer is 409 with `Retry-After`.

use super::error::{self, Error};

/// What a caller said about the version, and whether the change was overtaken once already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    expected: Expected,
    overtaken: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Expected {
    /// No version was named.
    #[default]
    Any,
    /// `*`: any version, but there must be one.
    Existing,
    /// One of these.
    OneOf(Vec<i64>),
}

impl Lock {
    /// Over any version.
    pub fn none() -> Self {
        Self::default()
    }

    /// Over exactly this version.
    pub fn version(version: i64) -> Self {
        Self { expected: Expected::OneOf(vec![version]), overtaken: false }
    }

    /// From the values of `If-Match` (RFC 9110 §13.1.1): `*`, or a list of entity tags. Tags are compared strongly, so
    /// a weak one matches nothing; neither does what is not a tag of ours.
    pub fn from_header<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let values: Vec<&str> = values.into_iter().map(str::trim).collect();
        let expected = match values.as_slice() {
            [] => Expected::Any,
            ["*"] => Expected::Existing,
            several => Expected::OneOf(several.iter().flat_map(|value| tags(value)).collect()),
        };
        Self { expected, overtaken: false }
    }

    /// Compares with the version that was read.
    ///
    /// # Errors
    /// 412 `version_mismatch`, naming the current tag.
    pub fn check(&self, current: i64) -> Result<(), Error> {
        match &self.expected {
            Expected::OneOf(versions) if !versions.contains(&current) => Err(Error::detailed(
                &error::VERSION_MISMATCH,
                format!("The current ETag is \"{current}\"."),
                format!("当前 ETag 为 \"{current}\"。"),
            )),
            _ => Ok(()),
        }
    }

    /// Of a resource that is not there: whoever named a version of it, or any, meant one that is.
    ///
    /// # Errors
    /// 412 `version_mismatch`.
    pub fn check_absent(&self) -> Result<(), Error> {
        match &self.expected {
            Expected::Any => Ok(()),
            _ => Err(Error::detailed(
                &error::VERSION_MISMATCH,
                "There is no current version: nothing is there yet.",
                "当前没有任何版本：该对象尚不存在。",
            )),
        }
    }

    /// Somebody else wrote between our read and our write. The first time that means: read again, check again, try
    /// again.
    ///
    /// # Errors
    /// 409 `conflict` with `Retry-After` the second time.
    pub fn overtaken(&mut self) -> Result<(), Error> {
        if std::mem::replace(&mut self.overtaken, true) {
            return Err(Error::code(&error::CONFLICT).with(|refusal| refusal.retry_after_s = Some(1)));
        }
        Ok(())
    }
}

/// Versions of the strong tags of a list; a comma may stand inside a tag.
fn tags(list: &str) -> Vec<i64> {
    let (mut versions, mut rest) = (Vec::new(), list);
    while let Some(start) = rest.find('"') {
        let weak = rest[..start].ends_with("W/");
        let inner = &rest[start + 1..];
        let Some(end) = inner.find('"') else { break };
        // As we write it: 01 and +1 are no tags of ours.
        let ours = inner[..end].parse().ok().filter(|version: &i64| version.to_string() == inner[..end]);
        versions.extend(ours.filter(|_| !weak));
        rest = &inner[end + 1..];
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_any_or_some_versions() {
        for (values, matches, misses) in [
            (vec![], vec![1, 7], vec![]),
            (vec!["*"], vec![1, 7], vec![]),
            (vec!["\"7\""], vec![7], vec![1]),
            (vec!["\"1\", \"7\""], vec![1, 7], vec![2]),
            (vec!["\"1\"", " \"7\" ,\"9\""], vec![1, 7, 9], vec![2]),
            (vec!["W/\"7\""], vec![], vec![7]),
            (vec!["W/\"7\", \"8\""], vec![8], vec![7]),
            (vec!["7", "\"x\"", "\"01\"", "\"a,\"", "\"7"], vec![], vec![1, 7]),
        ] {
            let lock = Lock::from_header(values.iter().copied());
            assert!(matches.iter().all(|version| lock.check(*version).is_ok()), "{values:?}");
            assert!(misses.iter().all(|version| lock.check(*version).is_err()), "{values:?}");
        }
    }

    #[test]
    fn nothing_is_there_for_a_version_that_was_named() {
        assert!(Lock::none().check_absent().is_ok());
        for header in ["*", "\"1\"", "W/\"1\""] {
            assert!(Lock::from_header([header]).check_absent().is_err(), "{header}");
        }
    }

    #[test]
    fn a_race_is_run_twice() {
        let mut lock = Lock::none();
        assert!(lock.overtaken().is_ok());
        assert!(lock.overtaken().is_err_and(|error| error.is(&error::CONFLICT)));
    }
}
