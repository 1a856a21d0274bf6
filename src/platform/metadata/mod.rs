//! What the house says about itself, for whoever builds a screen on it: the meaning of every
//! code, the fields, filters and states of every resource, the kinds of events. Derived from the
//! manifests and the document; nothing is kept by hand.

mod catalogue;
mod events;
mod fields;
mod glossary;
mod http;
mod labels;
mod resources;

pub use catalogue::Catalogue;

use crate::slice::Slice;

/// What this mechanism brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("metadata", "Codes, resources and what they mean 元数据")],
    routes: http::routes,
    ..Slice::named("platform/metadata")
};
