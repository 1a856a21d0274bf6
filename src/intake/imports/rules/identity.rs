//! Who a row is when its source gave it no id: source, content, and the how-manieth of its kind in the file. The same
//! file twice is the same rows; two equal trades stay two. Content is what a row means, not how it is written.

use std::collections::HashMap;

use aws_lc_rs::digest::{Context, SHA256};

/// The content of a row, field by field.
pub struct Content(Context);

impl Content {
    /// Of a row from this source.
    pub fn of(source: &str) -> Self {
        Self(Context::new(&SHA256)).with(source)
    }

    /// And this field; absent ones are `""`. Its length keeps neighbours apart.
    #[must_use]
    pub fn with(mut self, field: &str) -> Self {
        self.0.update(&(field.len() as u64).to_be_bytes());
        self.0.update(field.as_bytes());
        self
    }

    fn digest(self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(self.0.finish().as_ref());
        digest
    }
}

/// How often each content was seen in a file so far.
#[derive(Default)]
pub struct Ordinals {
    // Eight bytes of the digest: contents that share them share a count, and their ids still differ.
    seen: HashMap<u64, u32>,
}

impl Ordinals {
    /// The id of the next row with this content.
    pub fn id(&mut self, content: Content) -> String {
        let digest = content.digest();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        let ordinal = self.seen.entry(u64::from_be_bytes([a, b, c, d, e, f, g, h])).or_default();
        *ordinal += 1;
        let mut context = Context::new(&SHA256);
        context.update(&digest);
        context.update(&ordinal.to_be_bytes());
        let id: String = context.finish().as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("row-{id}")
    }
}
