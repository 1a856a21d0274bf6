//! The document as the tests read it: its operations, what they take, and whether an answer keeps its promise.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use clientele::app::SLICES;
use clientele::openapi;
use clientele::platform::metadata::Catalogue;
use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::Answer;

/// An operation of the document.
#[derive(Clone)]
pub struct Operation {
    pub method: Method,
    /// With `{placeholders}`.
    pub path: &'static str,
    /// What the document says about it.
    pub says: &'static Value,
}

/// Every operation.
pub fn operations() -> Vec<Operation> {
    let paths = openapi::document()["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&'static String, &'static Value)| {
        let item = item.as_object().expect("a path item").iter();
        item.map(move |(method, says)| {
            let method = method.to_uppercase().parse().expect("a method");
            Operation { method, path: path.as_str(), says }
        })
    };
    paths.iter().flat_map(of_path).collect()
}

impl Operation {
    /// `GET /v1/clients/{client_id}`
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether a token is asked for.
    pub fn signed_in(&self) -> bool {
        self.says["security"].is_array()
    }

    pub fn parameters(&self) -> &'static [Value] {
        self.says["parameters"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The body's types of content and their schemas.
    pub fn bodies(&self) -> Vec<(&'static str, &'static Value)> {
        let content = self.says["requestBody"]["content"].as_object();
        content.into_iter().flatten().map(|(kind, media)| (kind.as_str(), &media["schema"])).collect()
    }

    /// The JSON body's schema, itself and not a reference to it.
    pub fn json_body(&self) -> Option<&'static Value> {
        self.bodies().into_iter().find(|(kind, _)| *kind == "application/json").map(|(_, schema)| resolved(schema))
    }

    /// The body the document shows: as a whole, or made of the examples of its items or required members.
    pub fn example(&self) -> Option<Value> {
        let media = &self.says["requestBody"]["content"]["application/json"];
        if let Some(example) = media.get("example") {
            return Some(example.clone());
        }
        example_of(self.json_body()?)
    }

    /// The path with every placeholder filled; ids of nothing that is there.
    pub fn url_of_nothing(&self) -> String {
        self.url(|name| {
            let found = self.parameters().iter().find(|parameter| parameter["name"] == name);
            let schema =
                resolved(&found.unwrap_or_else(|| panic!("{}: {{{name}}} is not documented", self.name()))["schema"]);
            if schema["type"] == "integer" {
                schema["minimum"].as_i64().unwrap_or(1).to_string()
            } else if schema["format"] == "uuid" {
                Uuid::from_u128(0x7000_8000_0000_0000_0000_0000_0000).to_string()
            } else {
                "X0".to_owned()
            }
        })
    }

    /// The path with its placeholders filled.
    pub fn url(&self, fill: impl Fn(&str) -> String) -> String {
        let filled = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => fill(name),
            None => part.to_owned(),
        };
        self.path.split('/').map(filled).collect::<Vec<_>>().join("/")
    }

    /// Whether `If-Match` must be sent.
    pub fn demands_if_match(&self) -> bool {
        self.parameters().iter().any(|parameter| parameter["name"] == "If-Match" && parameter["required"] == true)
    }
}

fn example_of(schema: &'static Value) -> Option<Value> {
    let schema = resolved(schema);
    if let Some(example) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return Some(example.clone());
    }
    if schema["type"] == "array" {
        return Some(json!([example_of(&schema["items"])?]));
    }
    let member = |name: &Value| {
        let name = name.as_str()?;
        Some((name.to_owned(), example_of(&schema["properties"][name])?))
    };
    schema["required"].as_array()?.iter().map(member).collect::<Option<serde_json::Map<_, _>>>().map(Value::Object)
}

/// What a `$ref` stands for; anything else stands for itself.
pub fn resolved(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(pointer) => {
            openapi::document().pointer(&pointer[1..]).unwrap_or_else(|| panic!("{pointer} leads nowhere"))
        }
        None => schema,
    }
}

/// A schema of the document, compiled.
pub fn validator(schema: &Value) -> Validator {
    let root = json!({ "allOf": [schema], "components": openapi::document()["components"] });
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
    options.build(&root).unwrap_or_else(|error| panic!("{schema}: {error}"))
}

/// The operation that a method and a path as asked for belong to: literal segments go before placeholders.
pub fn operation_of(method: &str, path: &str) -> Option<&'static Operation> {
    static ALL: LazyLock<Vec<Operation>> = LazyLock::new(operations);
    let asked: Vec<&str> = path.split('/').collect();
    let literal = |operation: &&Operation| {
        let parts: Vec<&str> = operation.path.split('/').collect();
        let placeholder = |part: &str| part.starts_with('{');
        let fits = operation.method == method && parts.len() == asked.len();
        (fits && parts.iter().zip(&asked).all(|(part, segment)| placeholder(part) || part == segment))
            .then(|| parts.iter().filter(|part| !placeholder(part)).count())
    };
    ALL.iter().filter(|operation| literal(operation).is_some()).max_by_key(literal)
}

/// Headers of HTTP itself and of its safety, the same on every answer.
const UNSAID: [&str; 13] = [
    "access-control-allow-credentials",
    "access-control-expose-headers",
    "cache-control",
    "content-language",
    "content-length",
    "content-security-policy",
    "connection",
    "content-type",
    "date",
    "referrer-policy",
    "strict-transport-security",
    "vary",
    "x-content-type-options",
];

/// A code in an answer that `GET /v1/labels` does not explain: of a problem, or of a fault in it at any depth.
fn unexplained(answer: &Value) -> Option<String> {
    static KNOWN: LazyLock<[BTreeSet<&str>; 2]> = LazyLock::new(|| {
        let catalogue = Catalogue::new(SLICES, openapi::document());
        let labels = catalogue.labels();
        let problems: BTreeSet<&str> = labels.problems.iter().map(|problem| problem.code).collect();
        // A fault may be a problem of one item, and then has its code.
        let faults = labels.faults.iter().map(|fault| fault.code).chain(problems.iter().copied()).collect();
        [problems, faults]
    });
    let [problems, faults] = &*KNOWN;
    let inside = match answer {
        Value::Object(members) => members.values().find_map(unexplained),
        Value::Array(items) => items.iter().find_map(unexplained),
        _ => None,
    };
    let unknown = |list: &BTreeSet<&str>, what: &str| {
        let code = answer["code"].as_str().filter(|code| !list.contains(code))?;
        Some(format!("{what} {code} is in no manifest's list, and so not in GET /v1/labels"))
    };
    let is_problem = answer["title"].is_string() && answer["status"].is_u64();
    let is_fault = answer["pointer"].is_string() && answer["message"].is_string();
    inside
        .or_else(|| is_problem.then(|| unknown(problems, "the problem"))?)
        .or_else(|| is_fault.then(|| unknown(faults, "the fault"))?)
}

/// What is wrong with an answer by the document: a status it does not name, a body against its schema, a code that
/// nothing explains.
pub fn broken_promise(answer: &Answer) -> Option<String> {
    if let Some(unexplained) = unexplained(&answer.json) {
        return Some(unexplained);
    }
    static COMPILED: LazyLock<Mutex<HashMap<String, Option<Arc<Validator>>>>> = LazyLock::new(Mutex::default);
    let (method, url) = answer.asked.split_once(' ')?;
    let path = url.splitn(4, '/').nth(3).map(|path| format!("/{}", path.split('?').next().unwrap_or_default()))?;
    let operation = operation_of(method, &path)?;
    let documented = &operation.says["responses"][answer.status.to_string()];
    if documented.is_null() {
        return Some(format!("{} does not say that it answers {}", operation.name(), answer.status));
    }
    let says = |name: &str| {
        documented["headers"].as_object().is_some_and(|all| all.keys().any(|own| own.eq_ignore_ascii_case(name)))
    };
    let open = answer.headers.keys().map(|name| name.as_str()).find(|name| !UNSAID.contains(name) && !says(name));
    if let Some(name) = open {
        return Some(format!("{} {} does not say that it carries {name}", operation.name(), answer.status));
    }
    let kind = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    let media = match documented["content"].as_object() {
        Some(content) if content.contains_key(kind) => &content[kind],
        Some(_) => return Some(format!("{} does not say that it answers {kind}", operation.name())),
        None if answer.body.is_empty() => return None,
        None => return Some(format!("{} does not say that it answers with a body", operation.name())),
    };
    let key = format!("{} {} {kind}", operation.name(), answer.status);
    let mut compiled = COMPILED.lock().unwrap();
    let schema = &media["schema"];
    let compile = || (kind.ends_with("json") && !schema.is_null()).then(|| Arc::new(validator(schema)));
    let check = compiled.entry(key).or_insert_with(compile).clone()?;
    drop(compiled);
    let faults: Vec<String> =
        check.iter_errors(&answer.json).map(|fault| format!("{} {}", fault.instance_path(), fault)).collect();
    (!faults.is_empty()).then(|| format!("{}: {}", operation.name(), faults.join("; ")))
}
