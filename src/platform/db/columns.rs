//! A struct and the columns it is stored in, named once.

/// A struct that is a part of a row: its fields are its columns, in their order.
///
/// `COLUMNS` is for the lists of `SELECT`, `INSERT` and `UPDATE`, `bind` pushes the values in the same order.
#[macro_export]
macro_rules! columns {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident { $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $kind:ty),* $(,)? }
    ) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $kind),* }

        impl $name {
            /// The columns, in the order of the fields.
            pub const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];

            /// Pushes the values, in the order of the columns.
            pub fn bind(&self, values: &mut $crate::db::Values<'_>) {
                $(values.push_bind(self.$field.clone());)*
            }
        }
    };
}
