//! The members of an object, as far as a row can hold them.

use std::collections::BTreeMap;

/// A member's value; what is neither text nor number is no value.
pub type Member = Result<Scalar, NoValue>;

/// A value of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// Null.
    Nothing,
    /// A text.
    Text(String),
    /// A number, as it is written.
    Number(String),
}

/// An object, an array or a truth value, where a text or a number is expected.
#[derive(Clone, Debug)]
pub struct NoValue;

/// The members of an object.
pub type Members = BTreeMap<String, Member>;
