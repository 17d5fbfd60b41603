//! docs/json.md, from the types that the documents are printed from.

use std::collections::BTreeSet;

use serde_json::Value;

use super::pages::{cell, page, table};
use crate::audit;
use crate::report::json::{SCAN, SIGHTING, scan_schema, sighting_schema};

/// The page.
pub fn json_page() -> String {
    let kinds = audit::messages().map(|message| {
        let values: Vec<String> = message.fields().iter().map(|name| format!("`{name}`")).collect();
        vec![format!("`{}`", message.kind), cell(&format!("`{}`", message.text)), values.join(", ")]
    });
    let body = format!(
        "Each document names its shape in `schema`. A field may be added to a shape; none changes its meaning or goes away \
         without a new number. `dynaudit generate json-schema` prints the first of them as a JSON Schema.\n\n\
         No field holds a secret: what was seen is told by its masked form and a keyed fingerprint. Control, escape and \
         bidirectional characters in text from tables are replaced with visible marks.\n\n\
         ## `dynaudit scan --format json`: `{SCAN}`\n\n{}\
         ## Kinds of evidence\n\n\
         In a sentence, `{{name}}` is a value, `{{name:one|many}}` how many there are and the word for it, \
         `{{name?one|many}}` the word alone, `{{name/other}}` the first of two that is there; what stands in brackets is \
         left out where its first value is not there. Lists are shortened in sentences, not in `fields`.\n\n{}\n\
         ## `dynaudit inspect --format json`: `{SIGHTING}`\n\n{}",
        types(&scan_schema(), "Report"),
        table(&["kind", "sentence", "values"], kinds),
        types(&sighting_schema(), "Sighting"),
    );
    page("JSON", &body)
}

/// One section a type: the document itself, then each type where it is first named.
fn types(schema: &Value, title: &str) -> String {
    let mut out = section(schema, title);
    let mut done = BTreeSet::new();
    let mut next = named(schema);
    while !next.is_empty() {
        let name = next.remove(0);
        if !done.insert(name.clone()) {
            continue;
        }
        let of = &schema["$defs"][&name];
        out.push_str(&section(of, &name));
        next.splice(0..0, named(of));
    }
    out
}

fn section(of: &Value, title: &str) -> String {
    let fields = of["properties"].as_object().into_iter().flatten();
    let required: Vec<&str> =
        of["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let always = |name: &str| if required.contains(&name) { "" } else { ", not always there" };
    let rows =
        fields.map(|(name, field)| vec![format!("`{name}`"), kind(field) + always(name), cell(&text(field))]);
    format!("### {title}\n\n{}\n\n{}\n", text(of), table(&["field", "type", "meaning"], rows))
}

/// A comment, as one paragraph a paragraph.
fn text(of: &Value) -> String {
    let paragraphs = of["description"].as_str().unwrap_or_default().split("\n\n");
    paragraphs.map(|p| p.replace('\n', " ")).collect::<Vec<_>>().join("\n\n")
}

/// The types that a type names, in the order of its fields.
fn named(of: &Value) -> Vec<String> {
    let fields = of["properties"].as_object().into_iter().flatten();
    fields.filter_map(|(_, field)| reference(field)).collect()
}

fn reference(field: &Value) -> Option<String> {
    let own = field["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")).map(str::to_owned);
    own.or_else(|| field["anyOf"].as_array()?.iter().find_map(reference))
        .or_else(|| field.get("items").and_then(reference))
}

/// The type of a field in words.
fn kind(field: &Value) -> String {
    let one = |word: &str| match word {
        "integer" | "number" | "string" | "object" => word.to_owned(),
        "boolean" => "true or false".to_owned(),
        other => other.to_owned(),
    };
    if let Some(items) = field.get("items") {
        return format!("list of {}", kind(items));
    }
    let link = |name: &str| format!("[{name}](#{})", name.to_lowercase());
    match (&field["type"], reference(field)) {
        (_, Some(name)) if field.get("anyOf").is_some() => format!("{} or null", link(&name)),
        (_, Some(name)) => link(&name),
        (Value::String(word), None) => one(word),
        (Value::Array(words), None) => {
            let words: Vec<String> = words.iter().filter_map(Value::as_str).map(one).collect();
            words.join(" or ")
        }
        _ => "any".to_owned(),
    }
}
