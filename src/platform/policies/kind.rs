//! Kinds of policies as slices register them, and what the mechanism does with each without knowing its type.

use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;

use crate::boxed::Boxed;
use crate::db::Read;
use crate::http::{Input, extract};
use crate::kernel::decision::Text;
use crate::kernel::error::Error;
use crate::kernel::money::Currency;

/// The rules of one kind of decision. Its schema says which values there can be, its `validator` derives what no schema
/// can.
pub trait Policy: Input + Serialize + Clone + Send + Sync {
    /// As `/v1/policies?kind=` names it.
    const KIND: &'static str;
    /// What people call it: English, Chinese.
    const LABEL: (&'static str, &'static str);

    /// What a new house begins with, in its currency; none where no rules are better than made-up ones.
    fn starting(currency: &Currency) -> Option<Self>;

    /// Learns which version it is, for rules that say so in what they decide.
    fn numbered(&mut self, _version: i32) {}
}

/// For `#[serde(skip, default = …)]`: rules just read do not know their number yet.
pub fn unnumbered() -> i32 {
    1
}

/// What a version would change, tried on the book: the rules, and an answer as the kind documents it.
pub type Simulate = for<'a> fn(&'a mut Read, Value) -> Boxed<'a, Result<Value, Error>>;

/// A kind of policy as a manifest names it.
#[derive(Clone, Copy)]
pub struct PolicyKind {
    /// As `/v1/policies?kind=` names it.
    pub kind: &'static str,
    label: (&'static str, &'static str),
    pub(super) starting: fn(&Currency) -> Option<Result<Value, Error>>,
    pub(super) check: fn(Value) -> Result<Value, Error>,
    pub(super) simulate: Option<Simulate>,
}

impl PolicyKind {
    /// The kind of `P`.
    pub const fn of<P: Policy>() -> Self {
        Self { kind: P::KIND, label: P::LABEL, starting: starting::<P>, check: check::<P>, simulate: None }
    }

    /// The same with a simulation.
    #[must_use]
    pub const fn simulated(self, simulate: Simulate) -> Self {
        Self { simulate: Some(simulate), ..self }
    }

    /// What people call it.
    pub fn label(&self) -> Text {
        Text::new(self.label.0, self.label.1)
    }
}

fn starting<P: Policy>(currency: &Currency) -> Option<Result<Value, Error>> {
    let rules = serde_json::to_value(P::starting(currency)?).map_err(Error::internal);
    Some(rules.and_then(check::<P>))
}

/// Rules as they will be kept: what was sent, read and written again, so that defaults are spelled out. All faults at
/// once, with pointers into the body that carries them.
fn check<P: Policy>(rules: Value) -> Result<Value, Error> {
    let within = |refusal: &mut crate::kernel::error::Refusal| {
        refusal.faults.iter_mut().for_each(|fault| fault.pointer = format!("/rules{}", fault.pointer));
    };
    let rules: P = extract::typed(rules).map_err(|error| error.with(within))?;
    serde_json::to_value(&rules).map_err(Error::internal)
}

static KINDS: OnceLock<Vec<PolicyKind>> = OnceLock::new();

/// Installs what the slices register; the first call wins, every call passes the same.
pub fn install(kinds: impl IntoIterator<Item = PolicyKind>) {
    KINDS.get_or_init(|| kinds.into_iter().collect());
}

/// A kind by name.
pub(super) fn find(kind: &str) -> Option<&'static PolicyKind> {
    all().iter().find(|known| known.kind == kind)
}

/// Every kind.
pub(super) fn all() -> &'static [PolicyKind] {
    KINDS.get().map_or(&[], Vec::as_slice)
}
