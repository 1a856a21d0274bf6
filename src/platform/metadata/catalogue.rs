//! The codes of every slice with their meaning.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::events::{EventTypeView, EventTypes};
use super::fields::{Resource, ResourceName, ResourceNames};
use super::labels::{CodeLabel, EnumLabels, Labels, ProblemLabel};
use super::resources::{self, Shape};
use crate::http::permission;
use crate::kernel::decision::Text;
use crate::kernel::error;
use crate::kernel::fault;
use crate::slice::Slice;

/// What the slices export, gathered once.
pub struct Catalogue {
    labels: Labels,
    events: EventTypes,
    shapes: BTreeMap<String, Shape>,
}

impl Catalogue {
    /// Of these slices and the document of their operations.
    pub fn new(slices: &[Slice], document: &Value) -> Self {
        let codes = error::CODES.iter().chain(slices.iter().flat_map(|slice| slice.codes));
        let permissions = permission::ALL.iter();
        let mut listed = BTreeSet::new();
        let faults = fault::FAULTS.iter().chain(slices.iter().flat_map(|slice| slice.faults));
        let labels = Labels {
            enums: slices.iter().flat_map(|slice| slice.labels).map(EnumLabels::of).collect(),
            problems: codes.map(|code| ProblemLabel::of(code)).collect(),
            faults: faults
                .filter(|fault| listed.insert(fault.code))
                .map(|fault| CodeLabel::new(fault.code, Text::new(fault.en, fault.zh)))
                .collect(),
            permissions: permissions.map(|p| CodeLabel::new(p.scope, Text::new(p.en, p.zh))).collect(),
        };
        let shapes = resources::shapes(document, slices, &labels.enums);
        let events = slices.iter().flat_map(|slice| slice.events).copied().flatten();
        let events = EventTypes { items: events.map(|event| EventTypeView::of(event, document)).collect() };
        Self { labels, events, shapes }
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

    /// Every kind of event.
    pub fn events(&self) -> &EventTypes {
        &self.events
    }

    /// Every code.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }
}
