//! Completes the generated document: what follows from an operation's shape is written here once, for all of them.

mod answers;
pub mod data_class;

use serde_json::{Map, Value, json};

use super::permission;

/// Adds to every operation its permission, retry header and possible problems, and to every field its data class.
pub fn complete(document: &mut Value) {
    document["openapi"] = json!("3.1.0");
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                complete_operation(path, method, operation);
            }
        }
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.values_mut().for_each(data_class::push_down);
    }
    answers::require_members(document);
    document["components"]["headers"] = json!(answers::components());
    document["components"]["securitySchemes"] = json!({ "oauth2": {
        "type": "oauth2",
        "description": "Sign in with user name and password; leave client id and secret empty.",
        "flows": { "password": { "tokenUrl": "/v1/auth/token", "refreshUrl": "/v1/auth/token", "scopes": scopes() } },
    }});
}

fn scopes() -> Map<String, Value> {
    permission::ALL.iter().map(|allows| (allows.scope.to_owned(), json!(allows.en))).collect()
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let scope = operation["security"][0]["oauth2"][0].as_str().map(str::to_owned);
    if let Some(scope) = &scope {
        operation["x-permission"] = json!(scope);
    }
    if operation["description"].is_null() {
        operation["description"] = operation["summary"].clone();
    }
    // Secrets are not kept for a replay.
    if method == "post" && !path.starts_with("/v1/auth/") && !path.ends_with("/reveal") {
        add_idempotency_key(operation);
    }
    if method == "patch" {
        let content = &mut operation["requestBody"]["content"];
        content["application/merge-patch+json"] = content["application/json"].clone();
    }
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        without_null(&mut parameter["schema"]);
        without_nul(parameter);
    }
    let statuses = problem_statuses(path, method, operation);
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    responses.shift_remove("default");
    for (status, description) in statuses {
        let problem = json!({
            "description": description,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
        responses.entry(status).or_insert(problem);
    }
    answers::add_headers(operation);
}

/// A parameter is there or not; it is never null, whatever Rust's `Option` makes of it.
fn without_null(schema: &mut Value) {
    if let Some(types) = schema.get("type").and_then(Value::as_array) {
        let rest: Vec<Value> = types.iter().filter(|name| *name != "null").cloned().collect();
        schema["type"] = if rest.len() == 1 { rest[0].clone() } else { json!(rest) };
    }
    let alternatives = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
    if let [only] = alternatives.into_iter().filter(|one| one["type"] != "null").collect::<Vec<_>>().as_slice() {
        *schema = only.clone();
    }
}

/// U+0000 is refused in every text; of a parameter that is said as a pattern.
fn without_nul(parameter: &mut Value) {
    if parameter["in"] != "query" {
        return;
    }
    let repeated = parameter["schema"]["type"] == "array";
    let schema = if repeated { &mut parameter["schema"]["items"] } else { &mut parameter["schema"] };
    let bounded = ["pattern", "format", "enum", "$ref"].iter().any(|keyword| schema.get(*keyword).is_some());
    if schema["type"] == "string" && !bounded {
        schema["pattern"] = json!(r"^[^\x00]*$");
    }
}

fn add_idempotency_key(operation: &mut Value) {
    let header = json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Send the same key again and nothing happens twice: the first answer comes back. Kept 24 h.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$" },
    });
    match operation.get_mut("parameters").and_then(Value::as_array_mut) {
        Some(parameters) => parameters.push(header),
        None => operation["parameters"] = json!([header]),
    }
}

/// Every problem an operation of this shape can answer.
fn problem_statuses(path: &str, method: &str, operation: &Value) -> Vec<(&'static str, &'static str)> {
    let signed_in = operation["security"].is_array();
    let scoped = operation["x-permission"].is_string();
    let body = !operation["requestBody"].is_null();
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let if_match = parameters.iter().find(|p| p["name"] == "If-Match");
    let changes = method != "get";
    [
        (signed_in || body || !parameters.is_empty(), "400", "The request cannot be read"),
        (signed_in || path == "/v1/auth/token", "401", "Not signed in, or no longer"),
        (scoped, "403", "The role does not allow this"),
        (path.contains('{'), "404", "Not there, or out of the caller's scope"),
        (changes && signed_in, "409", "In conflict with what is there, or the same key is still running"),
        (if_match.is_some(), "412", "Changed since it was read"),
        (body, "413", "The body is too large"),
        (body, "415", "Not a type of content taken here"),
        (
            body || (changes && signed_in) || parameters.iter().any(|p| p["name"] == "cursor"),
            "422",
            "Against schema or rule; each fault with its pointer",
        ),
        (if_match.is_some_and(|p| p["required"] == true), "428", "If-Match is missing"),
        (true, "429", "Too many requests; see Retry-After"),
        (true, "503", "Not available just now; see Retry-After"),
    ]
    .into_iter()
    .filter_map(|(applies, status, description)| applies.then_some((status, description)))
    .collect()
}
