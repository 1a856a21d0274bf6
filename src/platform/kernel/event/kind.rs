//! Kinds of events, each declared once by the slice whose things it happens to: `events!` makes a type of it, and
//! nothing is recorded that has none.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// A kind of event; the value is what it carries. Made by `platform::events!`.
pub trait EventType: Serialize + DeserializeOwned + ToSchema {
    /// `subject.verb` in the past tense, as `client.opened`.
    const KIND: &'static str;
    /// The kind of thing it happens to.
    const SUBJECT: &'static str;
    /// Whether it is published; what is not goes into the audit trail alone.
    const PUBLISHED: bool;
}

/// A kind of event as a manifest names it, its type left behind.
#[derive(Clone, Copy)]
pub struct EventInfo {
    /// Of its type, and of its schema in the document.
    pub name: &'static str,
    /// [`EventType::KIND`].
    pub kind: &'static str,
    /// [`EventType::SUBJECT`].
    pub subject_kind: &'static str,
    /// [`EventType::PUBLISHED`].
    pub published: bool,
    /// The class of what it carries, where a member says nothing else: `c1` or `c2`.
    pub data_class: &'static str,
    /// What happened.
    pub en: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
    schema: fn() -> RefOr<Schema>,
    parts: fn(&mut Vec<(String, RefOr<Schema>)>),
    /// Reads what a row carries as this type, and writes it again.
    pub read: fn(&Value) -> serde_json::Result<Value>,
}

impl EventInfo {
    /// Of the event `E`.
    pub const fn of<E: EventType>(
        name: &'static str,
        data_class: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self {
            name,
            kind: E::KIND,
            subject_kind: E::SUBJECT,
            published: E::PUBLISHED,
            data_class,
            en,
            zh,
            schema: E::schema,
            parts: E::schemas,
            read: |data| serde_json::to_value(E::deserialize(data)?),
        }
    }

    /// The schema of what it carries, under the event's name, and those it refers to.
    pub fn schemas(&self) -> Vec<(String, RefOr<Schema>)> {
        let mut schemas = Vec::new();
        (self.parts)(&mut schemas);
        let description = format!("{} {} ({})", self.en, self.zh, self.data_class);
        let own = match (self.schema)() {
            RefOr::Ref(mut to) => {
                to.description = description;
                RefOr::Ref(to)
            }
            RefOr::T(Schema::Object(mut object)) => {
                object.description = Some(description);
                RefOr::T(Schema::Object(object))
            }
            other => other,
        };
        schemas.push((self.name.to_owned(), own));
        schemas
    }
}

/// Declares events: `Type = "subject.verb" of "subject" published c1 "What happened" "含义" { members }`, or `(Payload)`
/// where several kinds carry the same. `published` ones go to the outbox and the audit trail, `audited` ones to the
/// trail alone. A member says its data class as fields do elsewhere; those that say nothing have the one named here.
/// What is declared stays: rows are kept, so a new member is optional and none goes away.
#[macro_export]
macro_rules! events {
    (@published published) => { true };
    (@published audited) => { false };
    (@type $name:ident $en:literal { $($members:tt)* }) => {
        #[doc = $en]
        #[derive(Clone, Debug, ::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema)]
        pub struct $name { $($members)* }
    };
    (@type $name:ident $en:literal ($($payload:tt)+)) => {
        #[doc = $en]
        #[derive(Clone, Debug, ::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub $($payload)+);
    };
    ($(
        $name:ident = $kind:literal of $subject:literal $audience:ident $class:ident $en:literal $zh:literal $body:tt
    )*) => {
        $(
            $crate::events!(@type $name $en $body);

            impl $crate::kernel::event::EventType for $name {
                const KIND: &'static str = $kind;
                const SUBJECT: &'static str = $subject;
                const PUBLISHED: bool = $crate::events!(@published $audience);
            }
        )*

        /// Every event declared here.
        pub const EVENTS: &[$crate::kernel::event::EventInfo] = &[
            $($crate::kernel::event::EventInfo::of::<$name>(stringify!($name), stringify!($class), $en, $zh)),*
        ];
    };
}
