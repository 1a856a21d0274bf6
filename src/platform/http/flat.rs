//! Object schemas made of others: a body or an answer of several flattened structs, and a merge patch of one, without
//! naming a member twice.

use utoipa::PartialSchema;
use utoipa::openapi::schema::{AdditionalProperties, Object};
use utoipa::openapi::{RefOr, Schema};

/// The object schema of a struct; empty for what is none.
pub fn object<T: PartialSchema>() -> Object {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::default(),
    }
}

/// One object with the members of all; what it says of itself is for the caller to add.
pub fn flat(parts: impl IntoIterator<Item = Object>) -> Object {
    let mut whole = Object::default();
    for part in parts {
        whole.properties.extend(part.properties);
        whole.required.extend(part.required);
    }
    whole
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
