//! How sensitive a field is (JR/T 0171), said where the field is: `(c1)`, `(c2)` or `(c3)` ends the comment of a field,
//! or that of its type for all fields that say nothing themselves.
//!
//! | class | holds |
//! | --- | --- |
//! | c3 | secrets: never logged, never exported, never kept for a replay |
//! | c2 | identity, contact, balances, trades, and what is concluded from them |
//! | c1 | the rest: structure, codes, counts, times |
//!
//! A type says its most sensitive class, and each field that is less says so: whoever forgets a field has it taken for
//! more sensitive than it is. The document shows the class as `x-data-class` and the comment without it.

use serde_json::{Value, json};

const CLASSES: [(&str, &str); 3] = [("(c1)", "c1"), ("(c2)", "c2"), ("(c3)", "c3")];

/// Writes `x-data-class` beside every property of a named schema, at any depth.
pub fn push_down(schema: &mut Value) {
    let class = said(schema);
    classify(schema, class);
}

/// Takes the class out of a description; that of an optional field stands inside, beside the reference.
fn said(schema: &mut Value) -> Option<&'static str> {
    let Some(description) = schema.get("description").and_then(Value::as_str) else {
        return schema.get_mut("oneOf")?.as_array_mut()?.iter_mut().find_map(said);
    };
    let (rest, class) = parted(description)?;
    match (rest.to_owned(), schema.as_object_mut()) {
        (rest, Some(object)) if rest.is_empty() => drop(object.shift_remove("description")),
        (rest, _) => schema["description"] = json!(rest),
    }
    Some(class)
}

/// A comment and the class that ends it.
pub fn parted(comment: &str) -> Option<(&str, &'static str)> {
    let comment = comment.trim_end();
    let (rest, class) = CLASSES.iter().find_map(|(end, class)| Some((comment.strip_suffix(end)?, *class)))?;
    Some((rest.trim_end(), class))
}

fn classify(schema: &mut Value, inherited: Option<&'static str>) {
    let Some(object) = schema.as_object_mut() else { return };
    for property in object.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let property = property.1;
        let class = said(property).or(inherited);
        if let (Some(class), Some(property)) = (class, property.as_object_mut()) {
            property.insert("x-data-class".to_owned(), json!(class));
        }
        classify(property, class);
    }
    for nested in ["items", "additionalProperties"] {
        object.get_mut(nested).into_iter().for_each(|part| classify(part, inherited));
    }
    for nested in ["oneOf", "anyOf", "allOf"] {
        let parts = object.get_mut(nested).and_then(Value::as_array_mut);
        parts.into_iter().flatten().for_each(|part| classify(part, inherited));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_says_its_class_or_has_that_of_its_type() {
        let mut schema = json!({ "description": "A client.\n\nMasked. (c2)", "properties": {
            "name": { "type": "string" },
            "id": { "$ref": "#/id", "description": "Whose. (c1)" },
            "advisor": { "oneOf": [{ "$ref": "#/id", "description": "Advisor. (c1)" }, { "type": "null" }] },
            "parts": { "type": "array", "items": { "properties": { "share": { "description": "Of one." } } } },
        }});
        push_down(&mut schema);
        let class = |pointer: &str| schema.pointer(pointer).map(|field| field["x-data-class"].clone());
        assert_eq!(class("/properties/name"), Some(json!("c2")));
        assert_eq!(class("/properties/id"), Some(json!("c1")));
        assert_eq!(class("/properties/advisor"), Some(json!("c1")));
        assert_eq!(class("/properties/parts/items/properties/share"), Some(json!("c2")));
        assert_eq!(schema["description"], "A client.\n\nMasked.");
        assert_eq!(schema["properties"]["id"]["description"], "Whose.");
    }

    #[test]
    fn what_says_nothing_has_no_class() {
        let mut schema = json!({ "description": "About (c2) and more.", "properties": { "name": {} } });
        push_down(&mut schema);
        assert_eq!(schema["properties"]["name"], json!({}));
    }
}
