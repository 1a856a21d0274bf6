//! JSON Merge Patch (RFC 7396): absent leaves, null clears, a value sets.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use validator::{Validate, ValidationErrors};

use super::fault::Dated;

/// One member of a merge patch. Put `#[serde(default)]` on the field: an absent member is [`Patch::Keep`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The member was absent.
    #[default]
    Keep,
    /// The member was null.
    Clear,
    /// The member had a value.
    Set(T),
}

impl<T> Patch<T> {
    /// The value after the patch, given the value before.
    pub fn apply(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Whether the patch names this member.
    pub fn is_named(&self) -> bool {
        !matches!(self, Self::Keep)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// Applies a merge patch to an object: null removes a member, an object is merged into the one that is there, and
/// everything else takes its place.
pub fn merge(object: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, change) in patch {
        match (change, object.get_mut(name)) {
            (Value::Null, _) => drop(object.remove(name)),
            (Value::Object(change), Some(Value::Object(inner))) => merge(inner, change),
            _ => drop(object.insert(name.clone(), change.clone())),
        }
    }
}

/// What is not set is null.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => to.serialize_some(value),
            Self::Keep | Self::Clear => to.serialize_none(),
        }
    }
}

/// Only what is set can be wrong.
impl<T: Validate> Validate for Patch<T> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        match self {
            Self::Set(value) => value.validate(),
            Self::Keep | Self::Clear => Ok(()),
        }
    }
}

impl<T: Dated> Dated for Patch<T> {
    fn is_before(&self, day: NaiveDate) -> bool {
        matches!(self, Self::Set(value) if value.is_before(day))
    }
}

/// A change of one field.
pub trait Apply<F> {
    /// Writes it into the field, if there is one.
    fn apply_to(self, field: &mut F);
}

impl<T> Apply<Option<T>> for Patch<T> {
    fn apply_to(self, field: &mut Option<T>) {
        *field = self.apply(field.take());
    }
}

impl<T> Apply<T> for Option<T> {
    fn apply_to(self, field: &mut T) {
        if let Some(value) = self {
            *field = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_clears_replaces_and_merges() {
        let object = |value: Value| value.as_object().cloned().unwrap_or_default();
        let mut before = object(json!({ "a": 1, "b": { "c": 2, "d": 3 }, "e": [1] }));
        merge(&mut before, &object(json!({ "a": null, "b": { "c": null, "f": 4 }, "e": [2], "g": 5, "h": null })));
        assert_eq!(Value::Object(before), json!({ "b": { "d": 3, "f": 4 }, "e": [2], "g": 5 }));
    }
}
