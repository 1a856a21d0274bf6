//! What a newer document may not do to callers of an older one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Whether a schema describes what callers send or what they get.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    In,
    Out,
}

struct Comparison<'a> {
    before: &'a Value,
    after: &'a Value,
    seen: BTreeSet<(String, String, bool)>,
    faults: Vec<String>,
}

/// Everything that worked with `before` and does not with `after`.
pub fn broken(before: &Value, after: &Value) -> Vec<String> {
    let mut comparison = Comparison { before, after, seen: BTreeSet::new(), faults: Vec::new() };
    for (path, item) in object(&before["paths"]) {
        for (method, operation) in object(item) {
            let place = format!("{} {path}", method.to_uppercase());
            match after["paths"][path].get(method) {
                Some(now) => comparison.operation(&place, operation, now),
                None => comparison.fault(&place, "is gone"),
            }
        }
    }
    comparison.faults
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

impl Comparison<'_> {
    fn fault(&mut self, place: &str, what: &str) {
        self.faults.push(format!("{place} {what}"));
    }

    fn operation(&mut self, place: &str, before: &Value, after: &Value) {
        let same = |a: &Value, b: &Value| a["name"] == b["name"] && a["in"] == b["in"];
        let (old, new) = (array(&before["parameters"]), array(&after["parameters"]));
        for parameter in old {
            let here = format!("{place} parameter {}", parameter["name"]);
            match new.iter().find(|now| same(parameter, now)) {
                Some(now) => {
                    if now["required"] == true && parameter["required"] != true {
                        self.fault(&here, "is required now");
                    }
                    self.schema(&here, &parameter["schema"], &now["schema"], Way::In);
                }
                None => self.fault(&here, "is gone"),
            }
        }
        for added in new.iter().filter(|now| now["required"] == true && !old.iter().any(|then| same(then, now))) {
            self.fault(&format!("{place} parameter {}", added["name"]), "is new and required");
        }
        if after["requestBody"]["required"] == true && before["requestBody"].is_null() {
            self.fault(&format!("{place} body"), "is new and required");
        }
        self.contents(&format!("{place} body"), &before["requestBody"], &after["requestBody"], Way::In);
        for (status, response) in object(&before["responses"]) {
            let here = format!("{place} {status}");
            match after["responses"].get(status) {
                Some(now) => self.contents(&here, response, now, Way::Out),
                // A problem less is no loss.
                None if status.starts_with('2') => self.fault(&here, "is gone"),
                None => {}
            }
        }
    }

    fn contents(&mut self, place: &str, before: &Value, after: &Value, way: Way) {
        for (kind, media) in object(&before["content"]) {
            match after["content"].get(kind) {
                Some(now) => self.schema(place, &media["schema"], &now["schema"], way),
                None => self.fault(place, &format!("as {kind} is gone")),
            }
        }
    }

    fn schema(&mut self, place: &str, before: &Value, after: &Value, way: Way) {
        let names = (before["$ref"].as_str().unwrap_or_default(), after["$ref"].as_str().unwrap_or_default());
        let pair = (names.0.to_owned(), names.1.to_owned(), way == Way::In);
        if !names.0.is_empty() && !self.seen.insert(pair) {
            return;
        }
        let (before, after) = (resolved(self.before, before), resolved(self.after, after));
        let (before, after) = (&without_null(before), &without_null(after));
        if types(before) != types(after) {
            self.fault(place, "has another type");
        }
        for value in array(&before["enum"]) {
            if !array(&after["enum"]).contains(value) && !after["enum"].is_null() {
                self.fault(place, &format!("no longer knows {value}"));
            }
        }
        if before["enum"].is_null() && !after["enum"].is_null() {
            self.fault(place, "takes only some values now");
        }
        for (name, property) in object(&before["properties"]) {
            let here = format!("{place}/{name}");
            match after["properties"].get(name) {
                Some(now) => self.schema(&here, property, now, way),
                None => self.fault(&here, "is gone"),
            }
        }
        let required = |schema: &Value| -> BTreeSet<String> {
            array(&schema["required"]).iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
        };
        let (old, new) = (required(before), required(after));
        match way {
            Way::In => new.difference(&old).for_each(|name| self.fault(&format!("{place}/{name}"), "is required now")),
            Way::Out => old
                .difference(&new)
                .filter(|name| after["properties"].get(name.as_str()).is_some())
                .for_each(|name| self.fault(&format!("{place}/{name}"), "may be missing now")),
        }
        if !before["items"].is_null() {
            self.schema(&format!("{place}/*"), &before["items"], &after["items"], way);
        }
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().and_then(|pointer| document.pointer(&pointer[1..]));
    target.map_or(schema, |target| resolved(document, target))
}

/// `oneOf: [X, null]` is X that may be null.
fn without_null(schema: &Value) -> Value {
    let rest: Vec<&Value> = array(&schema["oneOf"]).iter().filter(|one| one["type"] != "null").collect();
    if let [only] = rest.as_slice() { json!({ "allOf": [only], "type": only["type"] }) } else { schema.clone() }
}

fn types(schema: &Value) -> BTreeSet<String> {
    let all = match &schema["type"] {
        Value::String(one) => vec![one.clone()],
        many => array(many).iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
    };
    all.into_iter().filter(|name| name != "null").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({
            "paths": { "/v1/things/{id}": { "patch": {
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                               { "name": "tier", "in": "query", "schema": { "type": "string", "enum": ["a", "b"] } }],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Change" } } } },
                "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
                               "404": {} },
            } } },
            "components": { "schemas": {
                "Change": { "type": "object", "properties": { "name": { "type": ["string", "null"] } } },
                "Thing": { "type": "object", "required": ["name"], "properties": {
                    "name": { "type": "string" }, "kind": { "$ref": "#/components/schemas/Kind" },
                    "inner": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } } } },
                "Kind": { "type": "string", "enum": ["x", "y"] },
            } },
        })
    }

    #[track_caller]
    fn breaks(pointer: &str, value: Value, says: &str) {
        let mut after = document();
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        match after.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[member.parse::<usize>().unwrap()] = value,
            object => object[member] = value,
        }
        let faults = broken(&document(), &after);
        assert!(faults.iter().any(|fault| fault.contains(says)), "{says} not among {faults:?}");
    }

    #[test]
    fn what_callers_rely_on_must_stay() {
        let operation = "/paths/~1v1~1things~1{id}/patch";
        breaks("/paths", json!({}), "PATCH /v1/things/{id} is gone");
        breaks(&format!("{operation}/parameters/1"), json!({ "name": "other", "in": "query" }), "\"tier\" is gone");
        breaks(&format!("{operation}/parameters/1/schema/enum"), json!(["a"]), "no longer knows \"b\"");
        breaks(&format!("{operation}/parameters/1/required"), json!(true), "is required now");
        breaks(&format!("{operation}/responses"), json!({ "201": {} }), "200 is gone");
        let schemas = "/components/schemas";
        breaks(
            &format!("{schemas}/Change"),
            json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }),
            "/name is required now",
        );
        breaks(&format!("{schemas}/Change/properties"), json!({}), "/name is gone");
        breaks(&format!("{schemas}/Thing/properties/name"), json!({ "type": "integer" }), "has another type");
        breaks(&format!("{schemas}/Thing/required"), json!([]), "/name may be missing now");
        breaks(&format!("{schemas}/Kind/enum"), json!(["x"]), "no longer knows \"y\"");
    }

    #[test]
    fn additions_break_nobody() {
        let mut after = document();
        after["paths"]["/v1/more"] = json!({ "get": {} });
        let operation = &mut after["paths"]["/v1/things/{id}"]["patch"];
        operation["parameters"].as_array_mut().unwrap().push(json!({ "name": "more", "in": "query" }));
        let schemas = &mut after["components"]["schemas"];
        schemas["Change"]["properties"]["more"] = json!({ "type": "string" });
        schemas["Thing"]["properties"]["more"] = json!({ "type": "string" });
        schemas["Thing"]["required"] = json!(["name", "more"]);
        schemas["Kind"]["enum"] = json!(["x", "y", "z"]);
        assert_eq!(broken(&document(), &after), Vec::<String>::new());
    }
}
