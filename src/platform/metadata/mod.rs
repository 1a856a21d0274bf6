//! What the house says about itself, for whoever builds a screen on it: the meaning of every code. Derived from the
//! manifests and the document; nothing is kept by hand.

mod catalogue;
mod http;

pub use catalogue::Catalogue;

use crate::slice::Slice;

/// What this mechanism brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[("metadata", "Codes and what they mean 代码与含义")],
    routes: http::routes,
    ..Slice::named("platform/metadata")
};
