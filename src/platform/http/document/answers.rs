//! What every answer carries: its headers, and which members are always there.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Members that are left out when there is nothing to say. All others of an answer are there, if only as null.
const LEFT_OUT: [&str; 4] = ["detail", "error", "errors", "total"];

/// A header, what it says, and its schema.
type Header = (&'static str, &'static str, fn() -> Value);

const REQUEST_ID: Header = (
    "X-Request-Id",
    "Names this request in the logs; the caller's own, if one was sent",
    || json!({ "type": "string" }),
);
const LIMITS: [Header; 3] = [
    ("RateLimit-Limit", "Requests the caller may send at once", || json!({ "type": "integer" })),
    ("RateLimit-Remaining", "Of those, left now", || json!({ "type": "integer" })),
    ("RateLimit-Reset", "Seconds until there are more", || json!({ "type": "integer" })),
];
const RETRY_AFTER: Header = ("Retry-After", "Seconds to wait before trying again", || json!({ "type": "integer" }));
const CHALLENGE: Header = ("WWW-Authenticate", "How to sign in: `Bearer`", || json!({ "type": "string" }));
const REPLAYED: Header = (
    "Idempotency-Replayed",
    "`true` when this is the answer kept for the key, and nothing happened again",
    || json!({ "type": "string", "enum": ["true"] }),
);

/// Every header that `add_headers` refers to, for the document's components.
pub fn components() -> Map<String, Value> {
    let all = [REQUEST_ID, RETRY_AFTER, CHALLENGE, REPLAYED].into_iter().chain(LIMITS);
    all.map(|(name, description, schema)| (name.to_owned(), json!({ "description": description, "schema": schema() })))
        .collect()
}

/// Adds to each answer of an operation the headers it carries beside its own.
pub fn add_headers(operation: &mut Value) {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let replayable = parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        let mut carried = vec![REQUEST_ID];
        carried.extend(LIMITS);
        match status.as_str() {
            "401" => carried.push(CHALLENGE),
            "409" | "429" | "503" => carried.push(RETRY_AFTER),
            success if success.starts_with('2') && replayable => carried.push(REPLAYED),
            _ => {}
        }
        for (name, ..) in carried {
            response["headers"][name] = json!({ "$ref": format!("#/components/headers/{name}") });
        }
    }
}

/// Requires the members of schemas that only answers use: they are always sent.
pub fn require_members(document: &mut Value) {
    let (mut taken, mut given) = (BTreeSet::new(), BTreeSet::new());
    for operation in
        document["paths"].as_object().into_iter().flatten().flat_map(|(_, item)| item.as_object()).flatten()
    {
        reached(document, &operation.1["requestBody"], &mut taken);
        reached(document, &operation.1["responses"], &mut given);
    }
    for name in given.difference(&taken) {
        let schema = &mut document["components"]["schemas"][name];
        let Some(properties) = schema["properties"].as_object() else { continue };
        let always: Vec<&String> = properties.keys().filter(|member| !LEFT_OUT.contains(&member.as_str())).collect();
        schema["required"] = json!(always);
    }
}

/// The names of the schemas that a part of the document refers to, however far away.
fn reached(document: &Value, part: &Value, names: &mut BTreeSet<String>) {
    match part {
        Value::Object(members) => {
            let name =
                members.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| names.insert((*name).to_owned())) {
                reached(document, &document["components"]["schemas"][name], names);
            }
            members.values().for_each(|member| reached(document, member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| reached(document, item, names)),
        _ => {}
    }
}
