//! Columns that are called as the fields of a struct are: named once for a statement that writes them all. The lists are
//! exhaustive, so a field that is forgotten here does not compile.

use sqlx::query_builder::Separated;
use sqlx::{Postgres, QueryBuilder};

/// A struct whose fields are columns. Implemented by `platform::columns!`.
pub trait Columns {
    /// The columns, in the order of their values.
    const NAMES: &'static [&'static str];

    /// Adds a row's values to `VALUES (…)`.
    fn push_values(&self, values: &mut Separated<'_, Postgres, &'static str>);
}

/// Changes whose fields are columns of a row. Implemented by `platform::changes!`.
pub trait Changes {
    /// The row.
    type Row;

    /// The row after the changes.
    fn apply(self, row: &mut Self::Row);

    /// Adds `, column = value` of a changed row to `UPDATE … SET …`.
    fn push_set(row: &Self::Row, query: &mut QueryBuilder<Postgres>);
}

/// `columns!(NewThing { name, colour })`: the fields of a struct are columns of the same name.
#[macro_export]
macro_rules! columns {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::db::columns::Columns for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            fn push_values(
                &self,
                values: &mut $crate::label::parts::sqlx::query_builder::Separated<
                    '_,
                    $crate::label::parts::sqlx::Postgres,
                    &'static str,
                >,
            ) {
                let Self { $($field),* } = self;
                $(values.push_bind($field);)*
            }
        }
    };
}

/// `changes!(ThingChange => Thing { name, colour })`: each field is a [`Patch`](crate::kernel::patch::Patch) of a nullable
/// column, or an `Option` of one that must be there.
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
