//! A struct and the columns it is stored in, named once; and the changes of a row, exhaustive, so that a field that is
//! forgotten does not compile.

use sqlx::{Postgres, QueryBuilder};

/// Changes whose fields are columns of a row. Implemented by `platform::changes!`.
pub trait Changes {
    /// The row.
    type Row;

    /// The row after the changes.
    fn apply(self, row: &mut Self::Row);

    /// Adds `, column = value` of a changed row to `UPDATE … SET …`.
    fn push_set(row: &Self::Row, query: &mut QueryBuilder<Postgres>);
}

/// A struct that is a part of a row: its fields are its columns, in their order.
///
/// `COLUMNS` is for the lists of `SELECT`, `INSERT` and `UPDATE`, `bind` pushes the values in the same order:
///
/// ```ignore
/// query.push(format!("UPDATE visit SET ({}) = ROW (", Progress::COLUMNS.join(", ")));
/// after.progress.bind(&mut query.separated(", "));
/// query.push(") WHERE visit_id = ").push_bind(after.visit_id);
/// ```
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

/// `changes!(ThingChange => Thing { name, colour })`: each field is a [`Patch`](crate::kernel::patch::Patch) of a
/// nullable column, or an `Option` of one that must be there. Such an `Option` says in the document that null is no
/// value of it: `#[schema(value_type = String, required = false)]`.
///
/// "Pattern requires `..` due to inaccessible fields" means that a field of the change is missing in the list here.
#[macro_export]
macro_rules! changes {
    ($name:ident => $row:ident { $($field:ident),* $(,)? }) => {
        impl $crate::db::columns::Changes for $name {
            type Row = $row;

            fn apply(self, row: &mut $row) {
                let Self { $($field),* } = self;
                $($crate::kernel::patch::Apply::apply_to($field, &mut row.$field);)*
            }

            fn push_set(
                row: &$row,
                query: &mut $crate::label::parts::sqlx::QueryBuilder<$crate::label::parts::sqlx::Postgres>,
            ) {
                $(query.push(concat!(", ", stringify!($field), " = ")).push_bind(&row.$field);)*
            }
        }
    };
}
