//! Futures of any kind behind one type.

use std::future::Future;
use std::pin::Pin;

/// A boxed future, as function pointers in a manifest return it.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
