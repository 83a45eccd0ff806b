//! The parameters of a list whose shape is more than a word or a number.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::host::error::{graph_time_ms, refused};
use crate::host::options::{Options, whole_number, wrong};
use crate::host::value::entries;
use crate::protocol::graph::fields::{EdgeParts, Field, Selection};
use crate::protocol::json::Json;
use crate::protocol::option::{A_TIME, FIELD_LIST, InvalidOption};

/// A Date, a date as Graph or ISO 8601 writes it, or milliseconds since 1970.
pub fn time(options: &Options, name: &str) -> Result<Option<f64>, JsValue> {
    let Some(value) = options.value(name) else { return Ok(None) };
    let time = if value.is_string() {
        Some(graph_time_ms(&value))
    } else {
        let date = value.dyn_ref::<js_sys::Date>().map(|date| date.get_time());
        date.or_else(|| value.as_f64())
    };
    let time = time.filter(|time| time.is_finite());
    time.map(Some).ok_or_else(|| wrong(name, A_TIME, &value))
}

/// Deeper than any selection that Graph would answer, so that one which holds itself comes to an end.
const DEEPEST: u32 = 8;

/// Reads a field selection; the outermost is at depth 1.
pub fn selection(value: &JsValue, depth: u32) -> Result<Selection, JsValue> {
    if !Array::is_array(value) {
        return Err(wrong("fields", FIELD_LIST, value));
    }
    if depth > DEEPEST {
        return Err(refused(InvalidOption::new("fields", &["is nested more than 8 levels deep"])));
    }
    let mut selection = Selection::default();
    for entry in value.unchecked_ref::<Array>().iter() {
        if let Some(text) = entry.as_string() {
            add(&mut selection, Field::parse(&text))?;
            continue;
        }
        for (name, edge) in members(&entry)? {
            let parts = parts(&edge, depth)?;
            add(&mut selection, Field::edge(&name, &parts))?;
        }
    }
    Ok(selection)
}

fn add(selection: &mut Selection, field: Result<Field, Box<InvalidOption>>) -> Result<(), JsValue> {
    field.and_then(|field| selection.add(field)).map_err(refused)
}

/// Reads the limit, the cursor and the fields of an edge.
fn parts(edge: &JsValue, depth: u32) -> Result<EdgeParts, JsValue> {
    let mut parts = EdgeParts::default();
    for (part, value) in members(edge)? {
        match part.as_str() {
            "limit" => {
                let number = whole_number(&value).filter(|&number| number > 0);
                let expected = "a limit of an edge that is a whole number, 1 or more";
                parts.limit = Some(number.ok_or_else(|| wrong("fields", expected, &value))?);
            }
            "after" => parts.after = Some(cursor(&value)?),
            "before" => parts.before = Some(cursor(&value)?),
            "fields" => parts.fields = selection(&value, depth + 1)?,
            _ => {
                let problem = "an edge takes limit, fields, after and before; it was given something else";
                return Err(refused(InvalidOption::new("fields", &[problem])));
            }
        }
    }
    Ok(parts)
}

/// Returns the properties of an object that are set.
fn members(object: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    if !Json::is_object(object) {
        return Err(wrong("fields", FIELD_LIST, object));
    }
    entries(object)
}

fn cursor(value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| wrong("fields", "a cursor of an edge that is a string", value))
}
