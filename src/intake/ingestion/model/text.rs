//! The texts of items: their bounds, and how the document shows them.

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Characters of a code or a number.
pub const TEXT_MAX: usize = 64;
/// Characters of a source or of an id given by it.
pub const KEY_MAX: usize = 128;

/// No control characters, and one that is not blank.
const ONE_LINE: &str = r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x1f\x7f-\x9f\s][^\x00-\x1f\x7f-\x9f]*$";

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $most:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some($most));
                text.pattern(Some(ONE_LINE)).description(Some("One line of text, not blank")).into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

texts! {
    /// A code or a number.
    CodeText TEXT_MAX;
    /// A source, or an id given by it.
    KeyText KEY_MAX;
}
