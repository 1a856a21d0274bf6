//! Resources as the document describes them: what a screen needs to show, filter and change one without a line of its
//! own.
//!
//! A resource is what a GET answers, called as the last word of its path. Its fields are those of that answer; what can
//! be written is in the bodies of POST and PATCH beside it; filters and sorts are the parameters of its list.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::fields::{Field, FieldLabel, Filter, Resource, States, StepView};
use super::labels::{CodeLabel, EnumLabels};
use crate::slice::Slice;

/// A resource with the permissions its operations take; who asks decides what of it is within reach.
#[derive(Default)]
pub(super) struct Shape {
    resource: Resource,
    /// The permission to read; none for whoever is signed in.
    read: Option<String>,
    /// The permission to create, and the members of the body.
    create: Option<(Option<String>, BTreeSet<String>)>,
    /// The permission to change, and the members of the body.
    change: Option<(Option<String>, BTreeSet<String>)>,
}

/// Every resource of the document, by name.
pub(super) fn shapes(document: &Value, slices: &[Slice], enums: &[EnumLabels]) -> BTreeMap<String, Shape> {
    let source = Source { document, slices, enums };
    let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
    let items = document["paths"].as_object().into_iter().flatten();
    // What is read one by one says more of itself than a line of a list.
    let mut reads: Vec<(&String, &Value, View)> =
        items.filter_map(|(path, item)| Some((path, item, source.view(&item["get"])?))).collect();
    reads.sort_by_key(|(.., view)| view.listed);
    for (path, item, view) in reads {
        let shape = shapes.entry(name_of(path).to_owned()).or_default();
        if shape.resource.name.is_empty() {
            shape.resource = source.resource(name_of(path), view.schema);
            shape.read = permission(&item["get"]);
        }
        source.add_list(&mut shape.resource, &item["get"], view.listed);
        if let Some(members) = source.members(&item["post"]).filter(|_| view.listed) {
            shape.create = Some((permission(&item["post"]), members));
        }
        if let Some(members) = source.members(&item["patch"]) {
            shape.change = Some((permission(&item["patch"]), members));
        }
    }
    shapes
}

impl Shape {
    /// The name, and whether a caller who holds these permissions may read it.
    pub(super) fn readable(&self, held: impl Fn(&str) -> bool) -> bool {
        self.read.as_deref().is_none_or(held)
    }

    /// What of it a caller who holds these permissions can reach.
    pub(super) fn for_caller(&self, held: impl Fn(&str) -> bool + Copy) -> Resource {
        let may = |way: &Option<(Option<String>, BTreeSet<String>)>, field: &str| {
            way.as_ref()
                .is_some_and(|(permission, members)| members.contains(field) && permission.as_deref().is_none_or(held))
        };
        let mut resource = self.resource.clone();
        for field in &mut resource.fields {
            field.readable = self.readable(held);
            field.creatable = may(&self.create, &field.name);
            field.writable = may(&self.change, &field.name);
        }
        resource
    }
}

/// `interactions` of `/v1/clients/{client_id}/interactions/{interaction_id}`.
fn name_of(path: &str) -> &str {
    path.rsplit('/').find(|segment| !segment.starts_with('{')).unwrap_or_default()
}

fn permission(operation: &Value) -> Option<String> {
    operation["x-permission"].as_str().map(str::to_owned)
}

/// What a GET answers.
struct View<'a> {
    schema: &'a Value,
    /// Whether it answers with pages of it.
    listed: bool,
}

/// Where everything is taken from.
struct Source<'a> {
    document: &'a Value,
    slices: &'a [Slice],
    enums: &'a [EnumLabels],
}

impl<'a> Source<'a> {
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let pointer = schema["$ref"].as_str().and_then(|pointer| pointer.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(schema)
    }

    fn view(&self, operation: &'a Value) -> Option<View<'a>> {
        let answer = self.resolved(&operation["responses"]["200"]["content"]["application/json"]["schema"]);
        let items = &answer["properties"]["items"]["items"];
        let listed = !answer["properties"]["next_cursor"].is_null();
        let schema = if listed { self.resolved(items) } else { answer };
        schema["properties"].is_object().then_some(View { schema, listed })
    }

    fn members(&self, operation: &'a Value) -> Option<BTreeSet<String>> {
        let body = self.resolved(&operation["requestBody"]["content"]["application/json"]["schema"]);
        Some(body["properties"].as_object()?.keys().cloned().collect())
    }

    fn resource(&self, name: &str, schema: &'a Value) -> Resource {
        let properties = schema["properties"].as_object().into_iter().flatten();
        let fields: Vec<Field> = properties.map(|(name, property)| self.field(name, property)).collect();
        let states = fields.iter().find_map(|field| self.states(field));
        let label = FieldLabel::of(schema["description"].as_str().unwrap_or_default());
        Resource { name: name.to_owned(), label, fields, filters: Vec::new(), sorts: Vec::new(), states }
    }

    fn field(&self, name: &str, property: &'a Value) -> Field {
        let (outer, nullable) = self.without_null(property);
        let list = outer["type"] == "array";
        let schema = if list { self.without_null(&outer["items"]).0 } else { outer };
        let set = schema["x-labels"].as_str();
        let said = [property, &property["oneOf"][0], schema].into_iter().find_map(|s| s["description"].as_str());
        Field {
            name: name.to_owned(),
            label: FieldLabel::of(said.unwrap_or_default()).named(name),
            r#type: kind(schema).to_owned(),
            format: schema["format"].as_str().map(str::to_owned),
            list,
            nullable,
            bounds: bounds(schema),
            labels: set.map(str::to_owned),
            options: self.options(schema),
            data_class: property["x-data-class"].as_str().unwrap_or("c3").to_owned(),
            readable: false,
            creatable: false,
            writable: false,
        }
    }

    /// What an optional schema is when it is there.
    fn without_null(&self, schema: &'a Value) -> (&'a Value, bool) {
        let named = |kind: &Value| *kind == "null";
        if let Some(alternatives) = schema["oneOf"].as_array() {
            let nullable = alternatives.iter().any(|one| named(&one["type"]));
            let mut rest = alternatives.iter().filter(|one| !named(&one["type"]));
            return (rest.next().map_or(schema, |one| self.resolved(one)), nullable);
        }
        let nullable = schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(named));
        (self.resolved(schema), nullable)
    }

    fn options(&self, schema: &Value) -> Vec<CodeLabel> {
        let set = self.enums.iter().find(|set| schema["x-labels"] == set.name);
        set.map(|set| set.codes.clone()).unwrap_or_default()
    }

    fn states(&self, field: &Field) -> Option<States> {
        let cycles = self.slices.iter().flat_map(|slice| slice.lifecycles);
        let cycle = cycles.into_iter().find(|cycle| Some(cycle.name) == field.labels.as_deref())?;
        let steps = (cycle.steps)().into_iter().map(|step| StepView {
            action: step.action,
            from: step.from,
            to: step.to,
            permission: step.permission,
        });
        Some(States { field: field.name.clone(), steps: steps.collect() })
    }

    fn add_list(&self, resource: &mut Resource, operation: &'a Value, listed: bool) {
        let parameters = operation["parameters"].as_array().into_iter().flatten().filter(|_| listed);
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap_or_default();
            let (outer, _) = self.without_null(&parameter["schema"]);
            let repeated = outer["type"] == "array";
            let schema = if repeated { self.resolved(&outer["items"]) } else { outer };
            let known = resource.filters.iter().any(|filter| filter.name == name);
            match name {
                "limit" | "cursor" | "include" => {}
                "sort" => {
                    let codes = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
                    resource.sorts = codes.map(str::to_owned).collect();
                }
                _ if known => {}
                _ => resource.filters.push(Filter {
                    name: name.to_owned(),
                    label: FieldLabel::of(parameter["description"].as_str().unwrap_or_default()).named(name),
                    r#type: kind(schema).to_owned(),
                    format: schema["format"].as_str().map(str::to_owned),
                    repeated,
                    bounds: bounds(schema),
                    options: self.options(schema),
                }),
            }
        }
    }
}

fn kind(schema: &Value) -> &str {
    let kinds = schema["type"].as_array().into_iter().flatten();
    let other = kinds.filter_map(Value::as_str).find(|kind| *kind != "null");
    schema["type"].as_str().or(other).unwrap_or("object")
}

/// The keywords of a schema that bound a value, as they stand in the document.
fn bounds(schema: &Value) -> BTreeMap<String, Value> {
    const BOUNDS: [&str; 8] =
        ["minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "multipleOf"];
    let said = BOUNDS.iter().filter(|name| !schema[**name].is_null());
    said.map(|name| ((*name).to_owned(), json!(schema[*name]))).collect()
}
