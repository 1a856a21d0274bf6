//! Object schemas made of others: a body or an answer of several flattened structs, and a merge patch of one, without
//! naming a member twice.

use utoipa::PartialSchema;
use utoipa::openapi::schema::{AdditionalProperties, Object, OneOf};
use utoipa::openapi::{RefOr, Schema};

use super::document::data_class;

/// The object schema of a struct; empty for what is none.
pub fn object<T: PartialSchema>() -> Object {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::default(),
    }
}

/// One object with the members of all, each of the data class it or its part says; what the whole says of itself is for
/// the caller to add.
pub fn flat(parts: impl IntoIterator<Item = Object>) -> Object {
    let mut whole = Object::default();
    for mut part in parts {
        if let Some((_, class)) = part.description.as_deref().and_then(data_class::parted) {
            part.properties.values_mut().for_each(|member| classify(member, class));
        }
        whole.properties.extend(part.properties);
        whole.required.extend(part.required);
    }
    whole
}

/// A member that says no class has that of its part. What an optional one says stands inside, beside the reference.
fn classify(member: &mut RefOr<Schema>, class: &str) {
    let says = match member {
        RefOr::Ref(reference) => &mut reference.description,
        RefOr::T(Schema::Object(object)) => object.description.get_or_insert_default(),
        RefOr::T(Schema::Array(array)) => array.description.get_or_insert_default(),
        RefOr::T(Schema::OneOf(OneOf { description: None, items, .. })) => {
            let references = items.iter_mut().filter(|item| matches!(item, RefOr::Ref(_)));
            return references.for_each(|item| classify(item, class));
        }
        RefOr::T(Schema::OneOf(one_of)) => one_of.description.get_or_insert_default(),
        RefOr::T(_) => return,
    };
    if data_class::parted(says).is_none() {
        says.push_str(&format!(" ({class})"));
    }
}

/// The same, and no other members.
pub fn closed(mut object: Object) -> Object {
    object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    object
}

/// A merge patch (RFC 7396) of an object: no member is required; null clears those that may be absent.
pub fn patch(mut object: Object) -> Object {
    object.required.clear();
    object
}

/// The schema of a struct whose members come from others: `Name = "What it is" [Part, Part] object => change;` Each
/// part derives `ToSchema`; `object` is what they make together, `change` what becomes of it.
#[macro_export]
macro_rules! flat_schema {
    ($($name:ident as $shown:literal = $description:literal [$($part:ty),+] $object:ident => $change:expr;)*) => {$(
        impl $crate::label::parts::utoipa::PartialSchema for $name {
            fn schema() -> $crate::label::parts::utoipa::openapi::RefOr<$crate::label::parts::utoipa::openapi::Schema> {
                let $object = $crate::http::flat::flat([$($crate::http::flat::object::<$part>()),+]);
                let mut object: $crate::label::parts::utoipa::openapi::schema::Object = $change;
                object.description = Some($description.to_owned());
                object.into()
            }
        }

        impl $crate::label::parts::utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($shown)
            }

            fn schemas(
                all: &mut Vec<(
                    String,
                    $crate::label::parts::utoipa::openapi::RefOr<$crate::label::parts::utoipa::openapi::Schema>,
                )>,
            ) {
                $(<$part as $crate::label::parts::utoipa::ToSchema>::schemas(all);)+
            }
        }
    )*};
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_member_has_the_class_of_its_part() {
        let part = |schema| serde_json::from_value::<Object>(schema).unwrap_or_default();
        let harmless = part(json!({ "type": "object", "description": "Structure. (c1)", "properties": {
            "count": { "type": "integer", "description": "How many." },
            "reason": { "type": "string", "description": "Why. (c2)" },
            "kind": { "oneOf": [{ "type": "null" }, { "$ref": "#/kind", "description": "Which." }] },
        }}));
        let personal = part(json!({ "type": "object", "description": "A person. (c2)", "properties": {
            "name": { "type": "string" },
            "since": { "$ref": "#/day", "description": "Since when. (c1)" },
        }}));
        let silent = part(json!({ "type": "object", "properties": { "colour": { "type": "string" } } }));
        for (own, class) in [("Too low. (c1)", "c1"), ("Too high. (c3)", "c3")] {
            let mut whole = flat([harmless.clone(), personal.clone(), silent.clone()]);
            whole.description = Some(own.to_owned());
            let mut shown = serde_json::to_value(whole).unwrap_or_default();
            data_class::push_down(&mut shown);
            let classes: Vec<_> = ["count", "reason", "kind", "name", "since", "colour"]
                .map(|name| shown["properties"][name]["x-data-class"].clone())
                .to_vec();
            assert_eq!(classes, ["c1", "c2", "c1", "c2", "c1", class]);
            let says = |pointer| shown.pointer(pointer);
            assert_eq!(says("/properties/kind/oneOf/1/description"), Some(&json!("Which.")));
            let silent = ["/properties/name/description", "/properties/kind/oneOf/0/description"];
            assert_eq!(silent.map(says), [None, None]);
        }
    }
}
