//! `labels!`: a closed enum said once – code, English, Chinese – becomes its serde, its column type, its schema and its
//! labels. Written by hand these were three renames and a table that drifts.

use std::fmt::Write;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};
use serde_json::json;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::kernel::label::Labelled;

/// What the macro's output names, so that a wing needs no dependency for it.
pub mod parts {
    pub use {serde, sqlx, utoipa};
}

/// Closed sets of codes: `Type = "name" "What it tells" "含义" { Member = "code" "Meaning" "含义", … }`.
///
/// Attributes before the type or a member are kept, as further derives.
#[macro_export]
macro_rules! labels {
    ($(
        $(#[$meta:meta])*
        $name:ident = $set:literal $en:literal $zh:literal {
            $($(#[$member_meta:meta])* $member:ident = $code:literal $member_en:literal $member_zh:literal),* $(,)?
        }
    )*) => {$(
        #[doc = $en]
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = $member_en] $(#[$member_meta])* $member),*
        }

        impl $crate::kernel::label::Labelled for $name {
            const NAME: &'static str = $set;
            const ALL: &'static [Self] = &[$(Self::$member),*];

            fn title() -> $crate::kernel::decision::Text {
                $crate::kernel::decision::Text::new($en, $zh)
            }

            fn code(self) -> &'static str {
                match self { $(Self::$member => $code),* }
            }

            fn label(self) -> $crate::kernel::decision::Text {
                match self { $(Self::$member => $crate::kernel::decision::Text::new($member_en, $member_zh)),* }
            }
        }

        impl $crate::label::parts::serde::Serialize for $name {
            fn serialize<S: $crate::label::parts::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str($crate::kernel::label::Labelled::code(*self))
            }
        }

        impl<'de> $crate::label::parts::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::label::parts::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::label::read(from)
            }
        }

        impl $crate::label::parts::utoipa::PartialSchema for $name {
            fn schema() -> $crate::label::parts::utoipa::openapi::RefOr<$crate::label::parts::utoipa::openapi::Schema> {
                $crate::label::schema::<Self>()
            }
        }

        impl $crate::label::parts::utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }

        impl $crate::label::parts::sqlx::Type<$crate::label::parts::sqlx::Postgres> for $name {
            fn type_info() -> $crate::label::parts::sqlx::postgres::PgTypeInfo {
                <str as $crate::label::parts::sqlx::Type<_>>::type_info()
            }

            fn compatible(ty: &$crate::label::parts::sqlx::postgres::PgTypeInfo) -> bool {
                <str as $crate::label::parts::sqlx::Type<_>>::compatible(ty)
            }
        }

        impl $crate::label::parts::sqlx::postgres::PgHasArrayType for $name {
            fn array_type_info() -> $crate::label::parts::sqlx::postgres::PgTypeInfo {
                <String as $crate::label::parts::sqlx::postgres::PgHasArrayType>::array_type_info()
            }
        }

        impl<'q> $crate::label::parts::sqlx::Encode<'q, $crate::label::parts::sqlx::Postgres> for $name {
            fn encode_by_ref(
                &self,
                buffer: &mut $crate::label::parts::sqlx::postgres::PgArgumentBuffer,
            ) -> Result<$crate::label::parts::sqlx::encode::IsNull, $crate::label::parts::sqlx::error::BoxDynError> {
                let code = $crate::kernel::label::Labelled::code(*self);
                <&str as $crate::label::parts::sqlx::Encode<$crate::label::parts::sqlx::Postgres>>::encode(code, buffer)
            }
        }

        impl<'r> $crate::label::parts::sqlx::Decode<'r, $crate::label::parts::sqlx::Postgres> for $name {
            fn decode(
                value: $crate::label::parts::sqlx::postgres::PgValueRef<'r>,
            ) -> Result<Self, $crate::label::parts::sqlx::error::BoxDynError> {
                let code = <&str as $crate::label::parts::sqlx::Decode<_>>::decode(value)?;
                $crate::label::stored(code)
            }
        }
    )*};
}

/// A member from its code in a document; the code itself stays out of the error.
pub fn read<'de, T: Labelled, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_str(Code(PhantomData))
}

struct Code<T>(PhantomData<T>);

impl<T: Labelled> Visitor<'_> for Code<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a code of {}", T::NAME)
    }

    fn visit_str<E: Error>(self, code: &str) -> Result<T, E> {
        T::from_code(code).ok_or_else(|| E::custom(format_args!("no code of {}", T::NAME)))
    }
}

/// A member from a column.
pub fn stored<T: Labelled>(code: &str) -> Result<T, Box<dyn std::error::Error + Send + Sync>> {
    T::from_code(code).ok_or_else(|| format!("a column holds no code of {}", T::NAME).into())
}

/// The codes, and in the description what each means.
pub fn schema<T: Labelled>() -> RefOr<Schema> {
    let title = T::title();
    let mut description = format!("{} {}\n", title.en, title.zh);
    for member in T::ALL {
        let label = member.label();
        // Writing to a string cannot fail.
        let _ = write!(description, "\n- `{}`: {} {}", member.code(), label.en, label.zh);
    }
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(T::ALL.iter().map(|member| json!(member.code()))))
        .description(Some(description))
        .extensions(Some(ExtensionsBuilder::new().add("x-labels", T::NAME).build()))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    labels! {
        Fruit = "fruit" "What grows" "水果" {
            Apple = "apple" "Apple" "苹果",
            SourCherry = "sour_cherry" "Sour cherry" "酸樱桃",
        }
    }

    #[test]
    fn every_member_reads_back_from_its_code() {
        for member in Fruit::ALL {
            let text = serde_json::to_string(member).expect("json");
            assert_eq!(text, format!("\"{}\"", member.code()));
            assert_eq!(serde_json::from_str::<Fruit>(&text).expect("a member"), *member);
            assert_eq!(stored::<Fruit>(member.code()).expect("a member"), *member);
        }
        let keyed: std::collections::HashMap<Fruit, u8> = serde_json::from_str(r#"{"apple": 1}"#).expect("a map");
        assert_eq!(serde_json::to_string(&keyed).expect("json"), r#"{"apple":1}"#);
    }

    #[test]
    fn an_unknown_code_is_refused_without_repeating_it() {
        let refused = serde_json::from_str::<Fruit>("\"secret\"").expect_err("unknown").to_string();
        assert!(refused.contains("fruit") && !refused.contains("secret"), "{refused}");
        assert!(serde_json::from_str::<Fruit>("1").is_err());
    }

    #[test]
    fn the_schema_says_what_each_code_means() {
        let schema = serde_json::to_value(schema::<Fruit>()).expect("json");
        assert_eq!(schema["enum"], json!(["apple", "sour_cherry"]));
        assert_eq!(
            schema["description"],
            "What grows 水果\n\n- `apple`: Apple 苹果\n- `sour_cherry`: Sour cherry 酸樱桃"
        );
    }
}
