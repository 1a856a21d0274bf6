//! The members of an object, as far as a row can hold them.

use std::collections::BTreeMap;

/// A member's value as text: numbers as they are written, null as nothing; what is neither text nor number is no value.
pub type Member = Result<Option<String>, NoValue>;

/// An object, an array or a truth value, where a text or a number is expected.
pub struct NoValue;

/// The members of an object.
pub type Members = BTreeMap<String, Member>;
