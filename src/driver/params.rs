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
    for entry in Array::from(value).iter() {
        if let Some(name) = entry.as_string() {
            selection.add(Field::parse(&name).map_err(refused)?).map_err(refused)?;
        } else if Json::is_object(&entry) {
            for (name, edge) in entries(&entry)? {
                if !edge.is_undefined() {
                    selection.add(expanded(&name, &edge, depth)?).map_err(refused)?;
                }
            }
        } else {
            return Err(wrong("fields", FIELD_LIST, &entry));
        }
    }
    Ok(selection)
}

/// An edge with its own limit and fields.
fn expanded(name: &str, value: &JsValue, depth: u32) -> Result<Field, JsValue> {
    if !Json::is_object(value) {
        return Err(wrong("fields", FIELD_LIST, value));
    }
    let mut parts = EdgeParts::default();
    for (part, value) in entries(value)? {
        if value.is_undefined() {
            continue;
        }
        match part.as_str() {
            "limit" => {
                let number = whole_number(&value).filter(|&number| number > 0);
                let expected = "a limit of an edge that is a whole number, 1 or more";
                parts.limit = Some(number.ok_or_else(|| wrong("fields", expected, &value))?);
            }
            "after" => parts.after = Some(cursor(&value)?),
            "before" => parts.before = Some(cursor(&value)?),
            "fields" => parts.fields = Some(selection(&value, depth + 1)?),
            _ => {
                let problem = "an edge takes limit, fields, after and before; it was given something else";
                return Err(refused(InvalidOption::new("fields", &[problem])));
            }
        }
    }
    Field::edge(name, &parts).map_err(refused)
}

fn cursor(value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| wrong("fields", "a cursor of an edge that is a string", value))
}
