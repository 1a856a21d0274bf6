//! Values checked against the schema the document shows: the bounds enforced are the bounds documented.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind as Fails;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::kernel::error::{Error, Fault};
use crate::kernel::fault::{self, FaultCode};

static CHECKS: OnceLock<RwLock<HashMap<TypeId, Arc<Validator>>>> = OnceLock::new();

/// The compiled schema of `T`, made once.
pub fn of<T: ToSchema + 'static>() -> Result<Arc<Validator>, Error> {
    cached::<T>(|| {
        let mut components = Vec::new();
        <T as ToSchema>::schemas(&mut components);
        let components: HashMap<_, _> = components.into_iter().collect();
        let mut root = serde_json::to_value(<T as utoipa::PartialSchema>::schema()).map_err(Error::internal)?;
        root["components"] = json!({ "schemas": components });
        Ok(root)
    })
}

/// The compiled schema kept for `T`; `build` gives it the first time.
pub fn cached<T: 'static>(build: impl FnOnce() -> Result<Value, Error>) -> Result<Arc<Validator>, Error> {
    let checks = CHECKS.get_or_init(RwLock::default);
    if let Some(found) = checks.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<T>()) {
        return Ok(found.clone());
    }
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&build()?)
        .map_err(|error| Error::internal(error.to_string()))?;
    let validator = Arc::new(validator);
    checks.write().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<T>(), validator.clone());
    Ok(validator)
}

/// No answer lists more faults than this.
const MOST_FAULTS: usize = 50;

/// Every fault of `value`, with pointers; the rejected values stay out of the messages.
pub fn faults(validator: &Validator, value: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    for error in validator.iter_errors(value).take(MOST_FAULTS) {
        describe(error.instance_path().as_str(), error.kind(), &error.masked().to_string(), &mut faults);
    }
    find_nul(value, &mut String::new(), &mut faults);
    faults.truncate(MOST_FAULTS);
    faults
}

fn describe(pointer: &str, kind: &Fails, masked: &str, faults: &mut Vec<Fault>) {
    let bounded = |code: &'static FaultCode, name, bound: &dyn Display| code.with(pointer, &[(name, bound)]);
    faults.push(match kind {
        Fails::Required { property } => {
            fault::REQUIRED.at(format!("{pointer}/{}", property.as_str().unwrap_or_default()))
        }
        Fails::AdditionalProperties { unexpected } | Fails::UnevaluatedProperties { unexpected } => {
            return faults.extend(unexpected.iter().take(MOST_FAULTS).map(|name| {
                let name: String = name.chars().take(64).collect::<String>().replace('~', "~0").replace('/', "~1");
                fault::UNKNOWN.at(format!("{pointer}/{name}"))
            }));
        }
        Fails::OneOfNotValid { context } | Fails::AnyOf { context } => return one_of(pointer, context, faults),
        Fails::Type { .. } => bounded(&fault::TYPE, "detail", &masked),
        Fails::Enum { options } => bounded(&fault::ENUM, "options", options),
        Fails::Constant { expected_value } => bounded(&fault::ENUM, "options", expected_value),
        Fails::Format { format } => bounded(&fault::FORMAT, "format", format),
        Fails::Pattern { pattern } => bounded(&fault::PATTERN, "pattern", pattern),
        Fails::MinLength { limit } => bounded(&fault::MIN_LENGTH, "limit", limit),
        Fails::MaxLength { limit } => bounded(&fault::MAX_LENGTH, "limit", limit),
        Fails::MinItems { limit } => bounded(&fault::MIN_ITEMS, "limit", limit),
        Fails::MaxItems { limit } => bounded(&fault::MAX_ITEMS, "limit", limit),
        Fails::Minimum { limit } => bounded(&fault::MINIMUM, "limit", limit),
        Fails::Maximum { limit } => bounded(&fault::MAXIMUM, "limit", limit),
        _ => fault::INVALID.at(pointer),
    });
}

/// Of several alternatives, the faults of the one that came nearest tell most (the others are often just "not null").
fn one_of(pointer: &str, context: &[Vec<jsonschema::ValidationError<'static>>], faults: &mut Vec<Fault>) {
    let deepest = |errors: &&Vec<jsonschema::ValidationError<'static>>| {
        let type_fault =
            errors.iter().any(|e| e.instance_path().as_str() == pointer && matches!(e.kind(), Fails::Type { .. }));
        (type_fault, errors.len())
    };
    if let Some(nearest) = context.iter().min_by_key(deepest) {
        for error in nearest {
            describe(error.instance_path().as_str(), error.kind(), &error.masked().to_string(), faults);
        }
    }
}

/// PostgreSQL's text cannot hold U+0000.
fn find_nul(value: &Value, pointer: &mut String, faults: &mut Vec<Fault>) {
    match value {
        Value::String(text) if text.contains('\0') => faults.push(fault::NUL_CHARACTER.at(pointer.clone())),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                within(pointer, &index.to_string(), |pointer| find_nul(item, pointer, faults));
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                within(pointer, name, |pointer| find_nul(member, pointer, faults));
            }
        }
        _ => {}
    }
}

fn within(pointer: &mut String, segment: &str, visit: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(segment);
    visit(pointer);
    pointer.truncate(length);
}
