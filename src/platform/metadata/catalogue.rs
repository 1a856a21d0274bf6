//! The codes of every slice with their meaning.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::fields::{Resource, ResourceName, ResourceNames};
use super::resources::{self, Shape};
use crate::http::{permission, problem};
use crate::kernel::decision::Text;
use crate::kernel::error::{self, Code};
use crate::kernel::fault;
use crate::kernel::label::LabelSet;
use crate::slice::Slice;

/// What the slices export, gathered once.
pub struct Catalogue {
    labels: Labels,
    shapes: BTreeMap<String, Shape>,
}

impl Catalogue {
    /// Of these slices and the document of their operations.
    pub fn new(slices: &[Slice], document: &Value) -> Self {
        let codes = error::CODES.iter().chain(slices.iter().flat_map(|slice| slice.codes));
        let permissions = permission::ALL.iter();
        let mut told = BTreeSet::new();
        let faults = fault::FAULTS.iter().chain(slices.iter().flat_map(|slice| slice.faults));
        let labels = Labels {
            enums: slices.iter().flat_map(|slice| slice.labels).map(EnumLabels::of).collect(),
            problems: codes.map(|code| ProblemLabel::of(code)).collect(),
            faults: faults
                .filter(|fault| told.insert(fault.code))
                .map(|fault| CodeLabel::new(fault.code, Text::new(fault.en, fault.zh)))
                .collect(),
            permissions: permissions.map(|p| CodeLabel::new(p.scope, Text::new(p.en, p.zh))).collect(),
        };
        let shapes = resources::shapes(document, slices, &labels.enums);
        Self { labels, shapes }
    }

    /// Every resource, and whether a caller who holds these permissions may read it.
    pub fn resources(&self, held: impl Fn(&str) -> bool + Copy) -> ResourceNames {
        let name =
            |(name, shape): (&String, &Shape)| ResourceName { name: name.clone(), readable: shape.readable(held) };
        ResourceNames { items: self.shapes.iter().map(name).collect() }
    }

    /// One resource, as far as a caller who holds these permissions can reach it.
    pub fn resource(&self, name: &str, held: impl Fn(&str) -> bool + Copy) -> Option<Resource> {
        self.shapes.get(name).map(|shape| shape.for_caller(held))
    }

    /// Every code.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }
}

/// Every code there is, with its meaning in both languages. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct Labels {
    /// Closed sets of codes.
    pub enums: Vec<EnumLabels>,
    /// Codes of problems.
    pub problems: Vec<ProblemLabel>,
    /// Codes of single faults of an input; `{…}` stands for a bound.
    pub faults: Vec<CodeLabel>,
    /// Permissions.
    pub permissions: Vec<CodeLabel>,
}

/// A closed set of codes. (c2)
#[derive(Clone, Serialize, ToSchema)]
pub struct EnumLabels {
    /// Its name.
    #[schema(example = "interaction_channel")]
    pub name: &'static str,
    /// What it tells. (c1)
    pub label: LabelText,
    /// Its codes, in the order people see. (c1)
    pub codes: Vec<CodeLabel>,
}

impl EnumLabels {
    fn of(set: &LabelSet) -> Self {
        let codes = (set.codes)().into_iter().map(|(code, label)| CodeLabel::new(code, label)).collect();
        Self { name: set.name, label: (set.title)().into(), codes }
    }
}

/// A code and what it means. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct CodeLabel {
    /// Stable code for programs.
    #[schema(example = "call")]
    pub code: &'static str,
    /// What it means.
    pub label: LabelText,
}

impl CodeLabel {
    fn new(code: &'static str, label: Text) -> Self {
        Self { code, label: label.into() }
    }
}

/// A code of a problem. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct ProblemLabel {
    /// Stable code for programs.
    #[schema(example = "version_mismatch")]
    pub code: &'static str,
    /// The HTTP status it comes with.
    #[schema(example = 412)]
    pub status: u16,
    /// Its title.
    pub label: LabelText,
}

impl ProblemLabel {
    fn of(code: &Code) -> Self {
        let status = problem::status(code.kind).as_u16();
        Self { code: code.code, status, label: Text::new(code.en, code.zh).into() }
    }
}

/// The same in both languages. (c1)
#[derive(Clone, Serialize, ToSchema)]
pub struct LabelText {
    /// English.
    #[schema(example = "Telephone")]
    pub en: String,
    /// Simplified Chinese.
    #[schema(example = "电话")]
    pub zh: String,
}

impl From<Text> for LabelText {
    fn from(text: Text) -> Self {
        Self { en: text.en, zh: text.zh }
    }
}
