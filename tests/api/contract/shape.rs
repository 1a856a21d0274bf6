//! The document by itself: whole, and the same as the code and the committed file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clientele::openapi;
use serde_json::Value;

use super::compatibility::broken;
use crate::support::document::{Operation, operations, resolved, validator};

/// Operations that ask for no token. The list is short on purpose.
const PUBLIC: [&str; 4] = ["GET /health/live", "GET /health/ready", "POST /v1/auth/revoke", "POST /v1/auth/token"];
/// Operations open to anyone who is signed in.
const SIGNED_IN: &[&str] = &[
    "GET /v1/calendars",
    "GET /v1/calendars/{code}",
    "GET /v1/calendars/{code}/due-day",
    "GET /v1/calendars/{code}/years/{year}",
    "GET /v1/event-types",
    "GET /v1/labels",
    "GET /v1/me",
    "GET /v1/me/permissions",
    "GET /v1/metadata/resources",
    "GET /v1/metadata/resources/{name}",
];
/// What a summary begins with: what the operation does.
const VERBS: &[&str] = &[
    "Acknowledge",
    "Add",
    "Approve",
    "Ask",
    "Assign",
    "Cancel",
    "Change",
    "Check",
    "Close",
    "Commit",
    "Count",
    "Create",
    "Delete",
    "Download",
    "Draft",
    "Export",
    "Get",
    "Import",
    "Ingest",
    "List",
    "Load",
    "Make",
    "Merge",
    "Open",
    "Plan",
    "Record",
    "Reject",
    "Remove",
    "Reopen",
    "Replay",
    "Resolve",
    "Retire",
    "Retry",
    "Reveal",
    "Search",
    "Send",
    "Sign",
    "Simulate",
    "Start",
    "Submit",
    "Undo",
    "Withdraw",
];
/// Mounted beside the API: tools for people and machines, not operations.
const BESIDE: [&str; 2] = ["/metrics", "/openapi.json"];

#[track_caller]
fn none(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Calls `look` with every value of the document and its pointer.
fn walk(value: &'static Value, pointer: &str, look: &mut impl FnMut(&str, &'static Value)) {
    look(pointer, value);
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| walk(member, &format!("{pointer}/{name}"), look))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| walk(item, &format!("{pointer}/{at}"), look));
        }
        _ => {}
    }
}

#[test]
fn every_summary_begins_with_a_verb() {
    none(operations().into_iter().filter_map(|operation| {
        let summary = operation.says["summary"].as_str().unwrap_or_default();
        let verb = summary.split(' ').next().unwrap_or_default();
        (!VERBS.contains(&verb) || summary.ends_with(['.', '?'])).then(|| format!("{}: {summary}", operation.name()))
    }));
}

#[test]
fn every_reference_leads_somewhere() {
    let mut faults = Vec::new();
    walk(openapi::document(), "", &mut |pointer, value| {
        let target = value["$ref"].as_str();
        let dangling = target.is_some_and(|target| openapi::document().pointer(&target[1..]).is_none());
        faults.extend(dangling.then(|| format!("{pointer}: {} leads nowhere", value["$ref"])));
    });
    none(faults);
}

#[test]
fn every_operation_is_described() {
    let tags = openapi::document()["tags"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    let mut faults = Vec::new();
    for operation in operations() {
        let says = operation.says;
        let mut fault = |text: &str| faults.push(format!("{}: {text}", operation.name()));
        let text = |member: &str| says[member].as_str().unwrap_or_default().trim();
        let snake = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if !snake(text("operationId")) || !ids.insert(text("operationId")) {
            fault("its operationId is missing, taken or not snake_case");
        }
        if text("summary").is_empty() || text("summary").ends_with('.') || text("summary").contains('\n') {
            fault("its summary is missing or more than a line");
        }
        if text("description").is_empty() {
            fault("it has no description");
        }
        if says["tags"].as_array().is_none_or(|own| own.len() != 1 || !tags.iter().any(|tag| tag["name"] == own[0])) {
            fault("it needs exactly one tag that the document describes");
        }
        let successes: Vec<&String> =
            says["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2')).collect();
        // Beside what is done, all of it may wait for a second person.
        let content = &says["responses"]["202"]["content"]["application/json"]["schema"]["$ref"];
        let waits = |status: &str| status == "202" && content == "#/components/schemas/PendingChangeView";
        let successes: Vec<&String> = match successes.as_slice() {
            [_] => successes,
            several => several.iter().copied().filter(|status| !waits(status)).collect(),
        };
        // A PUT by natural key creates or changes.
        let upsert = operation.method == "PUT" && successes == ["200", "201"];
        if successes.len() != 1 && !upsert {
            fault(&format!("it has {} successes instead of one", successes.len()));
        }
        if says["responses"].get("default").is_some() {
            fault("it answers `default`, which promises nothing");
        }
    }
    none(faults);
}

#[test]
fn every_operation_says_who_may() {
    let permitted = |operation: &&Operation| {
        let scopes = operation.says["security"][0]["oauth2"].as_array().map(Vec::as_slice).unwrap_or_default();
        let permission = &operation.says["x-permission"];
        match scopes {
            [] => {
                permission.is_null() && {
                    let list: &[&str] = if operation.signed_in() { SIGNED_IN } else { &PUBLIC };
                    list.contains(&operation.name().as_str())
                }
            }
            [only] => permission == only,
            _ => false,
        }
    };
    let open = operations().iter().filter(|operation| !permitted(operation)).map(Operation::name).collect::<Vec<_>>();
    assert_eq!(open, Vec::<String>::new(), "without a permission, and not on the short list of those that need none");
    let known = &openapi::document()["components"]["securitySchemes"]["oauth2"]["flows"]["password"]["scopes"];
    none(operations().iter().filter_map(|operation| {
        let scope = operation.says["x-permission"].as_str()?;
        known[scope].is_null().then(|| format!("{}: nobody can hold {scope}", operation.name()))
    }));
}

#[test]
fn every_property_has_a_data_class() {
    let mut faults = Vec::new();
    walk(openapi::document(), "", &mut |pointer, value| {
        let examples = ["/example", "/examples", "/default", "x-"].iter().any(|part| pointer.contains(part));
        let Some(properties) = value.get("properties").and_then(Value::as_object).filter(|_| !examples) else { return };
        let classed = |property: &Value| matches!(property["x-data-class"].as_str(), Some("c1" | "c2" | "c3"));
        let bare = properties.iter().filter(|(_, property)| !classed(property));
        faults.extend(bare.map(|(name, _)| {
            format!(
                "{pointer}/{name}: say how sensitive it is: end its comment, or its type's, with (c1), (c2) or (c3)"
            )
        }));
    });
    none(faults);
}

#[test]
fn examples_of_bodies_are_accepted_by_their_schema() {
    none(operations().iter().filter_map(|operation| {
        let schema = operation.json_body()?;
        let Some(example) = operation.example() else { return Some(format!("{}: no example", operation.name())) };
        let faults: Vec<String> = validator(schema).iter_errors(&example).map(|fault| fault.to_string()).collect();
        (!faults.is_empty()).then(|| format!("{}: {}", operation.name(), faults.join("; ")))
    }));
}

#[test]
fn lists_that_count_say_so() {
    none(operations().iter().filter_map(|operation| {
        let answer = resolved(&operation.says["responses"]["200"]["content"]["application/json"]["schema"]);
        let counts = operation.parameters().iter().any(|parameter| parameter["name"] == "include");
        let (list, total) = (&answer["properties"]["next_cursor"], &answer["properties"]["total"]);
        (!list.is_null() && counts == total.is_null())
            .then(|| format!("{}: `include` and `total` disagree", operation.name()))
    }));
}

/// OAuth's endpoints ignore what they do not know, as RFC 6749 demands; ours refuse it.
#[test]
fn bodies_take_no_unknown_members() {
    fn strict(schema: &'static Value) -> bool {
        let schema = resolved(schema);
        match (&schema["type"], &schema["oneOf"]) {
            (_, Value::Array(alternatives)) => alternatives.iter().all(strict),
            (Value::String(kind), _) if kind == "array" => strict(&schema["items"]),
            _ => schema["additionalProperties"] == false,
        }
    }
    let ours = operations().into_iter().filter(|operation| !operation.path.starts_with("/v1/auth/"));
    none(ours.filter_map(|operation| {
        let open = operation.json_body().is_some_and(|schema| !strict(schema));
        open.then(|| format!("{}: its body takes unknown members", operation.name()))
    }));
}

/// Two types of one name are one schema in the document, and one of them is described wrongly.
#[test]
fn every_schema_has_a_name_of_its_own() {
    let (mut seen, mut faults) = (BTreeSet::new(), Vec::new());
    for (file, text) in sources() {
        let (mut derived, mut renamed) = (false, false);
        for line in text.lines().map(str::trim) {
            derived |= line.contains("ToSchema") && !line.starts_with("use ") && !line.starts_with("impl");
            renamed |= line.starts_with("#[schema(as = ");
            let starts = ["pub struct ", "pub enum ", "struct ", "enum "];
            let event = line.split_once(" = \"").filter(|(_, rest)| rest.contains("\" of \"")).map(|(name, _)| name);
            derived |= event.is_some();
            let declared = event.or_else(|| starts.iter().find_map(|start| line.strip_prefix(start)));
            let Some(declared) = declared.filter(|declared| !declared.starts_with('$')) else { continue };
            let name: String = declared.chars().take_while(|c| c.is_alphanumeric()).collect();
            if std::mem::take(&mut derived) && !std::mem::take(&mut renamed) && !seen.insert(name.clone()) {
                faults.push(format!("{}: there is another schema named {name}", file.display()));
            }
        }
    }
    assert!(seen.len() > 20, "the sources were not found");
    none(faults);
}

/// Every file under `src/`.
fn sources() -> Vec<(PathBuf, String)> {
    fn visit(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { visit(&path, files) } else { files.push(path) }
        }
    }
    let mut files = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.sort();
    files.into_iter().map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn every_bound_of_text_is_documented() {
    none(operations().iter().flat_map(|operation| {
        let open = operation.parameters().iter().filter(|parameter| {
            let schema = resolved(&parameter["schema"]);
            let bounds = ["maxLength", "pattern", "format", "enum", "examples"];
            parameter["in"] != "header"
                && schema["type"] == "string"
                && bounds.iter().all(|bound| schema[bound].is_null())
        });
        let name = operation.name();
        open.map(move |parameter| format!("{name}: {} has no bound", parameter["name"])).collect::<Vec<_>>()
    }));
}

/// Whatever a handler's attribute mounts is in the document: none hides beside it.
#[test]
fn every_route_in_the_source_is_documented() {
    let documented: BTreeSet<String> = operations().iter().map(Operation::name).collect();
    let mut mounted = BTreeSet::new();
    for (_, text) in sources() {
        for line in text.lines() {
            for method in ["get", "post", "put", "patch", "delete"] {
                let path = line.trim().strip_prefix(&format!("#[{method}(\"")).and_then(|rest| rest.split('"').next());
                if let Some(path) = path.filter(|path| !BESIDE.contains(path)) {
                    mounted.insert(format!("{} {path}", method.to_uppercase()));
                }
            }
        }
    }
    let beside = |all: &BTreeSet<String>, others| all.difference(others).cloned().collect::<Vec<_>>();
    assert_eq!(beside(&mounted, &documented), [""; 0], "in the source and not mounted");
    assert_eq!(beside(&documented, &mounted), [""; 0], "in the document and not in the source");
}

#[test]
fn the_committed_document_is_in_step_and_nothing_disappeared() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let Ok(text) = fs::read_to_string(&path) else { return eprintln!("there is no openapi/openapi.json yet") };
    let committed: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        broken(&committed, openapi::document()),
        Vec::<String>::new(),
        "callers of the committed document would break"
    );
    assert!(committed == *openapi::document(), "openapi/openapi.json is not in step: run make openapi and commit it");
}
