//! JavaScript values: parsed from JSON, read, and made from Rust's records.

use js_sys::{Array, JsString};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::json::{Json, MOST_ITEMS, SHOWN};
use crate::protocol::long_integers::{LONGEST, parse_exactly};
use crate::protocol::record::Record;

impl Json for JsValue {
    fn parse(text: &str) -> Option<Self> {
        parse(&JsString::from(text))
    }
    fn get(&self, name: &str) -> Option<Self> {
        some(get_property(self, name))
    }
    fn members(&self) -> Vec<(String, Self)> {
        // Values that JSON made do not throw.
        if Json::is_object(self) { entries(self).unwrap_or_default() } else { Vec::new() }
    }
    fn items(&self) -> Option<Vec<Self>> {
        let list: &Array = self.dyn_ref()?;
        let mut items = Vec::new();
        for index in 0..list.length().min(MOST_ITEMS as u32) {
            items.push(list.get(index));
        }
        Some(items)
    }
    fn text(&self) -> Option<String> {
        self.as_string()
    }
    fn start(&self) -> Option<String> {
        self.dyn_ref().map(start)
    }
    fn is_text(&self) -> bool {
        self.is_string()
    }
    fn parse_text(&self) -> Option<Self> {
        parsed_exactly(self.unchecked_ref())
    }
    fn number(&self) -> Option<f64> {
        self.as_f64()
    }
    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }
    fn is_null(&self) -> bool {
        JsValue::is_null(self)
    }
    fn is_object(&self) -> bool {
        is_plain_object(self)
    }
}

/// Returns the start of a JavaScript string, for messages.
pub fn start(text: &JsString) -> String {
    text.slice(0, SHOWN).into()
}

/// Parses JSON from a JavaScript string, without copying it into Rust.
pub fn parse(text: &JsString) -> Option<JsValue> {
    some(parsed(text))
}

/// Parses JSON from a JavaScript string, and keeps every digit of its integers unless the string is longer than `LONGEST`.
pub fn parsed_exactly(text: &JsString) -> Option<JsValue> {
    if has_long_integer(text, LONGEST) { parse_exactly(&String::from(text)) } else { parse(text) }
}

/// Returns `None` for `undefined`.
fn some(value: JsValue) -> Option<JsValue> {
    (!value.is_undefined()).then_some(value)
}

/// Returns the properties of an object that are not `undefined`; `Err` is what a getter threw.
pub fn entries(object: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    let mut entries = Vec::new();
    for entry in entries_of(object)?.unwrap_or_default().iter() {
        let entry: &Array = entry.unchecked_ref();
        let value = entry.get(1);
        if !value.is_undefined() {
            entries.push((entry.get(0).as_string().unwrap_or_default(), value));
        }
    }
    Ok(entries)
}

#[wasm_bindgen]
extern "C" {
    // Returns `Option`: a throwing import that returns a plain value leaks one externref slot per throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn entries_of(object: &JsValue) -> Result<Option<Array>, JsValue>;
}

/// Makes a plain JavaScript object of a record.
pub fn to_js(record: &Record) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Strings, numbers and lists cannot fail.
    record.serialize(&serializer).unwrap_or_default()
}

#[wasm_bindgen(module = "/src/host/value.js")]
extern "C" {
    /// Parses JSON; `undefined` where the string is none.
    fn parsed(text: &JsString) -> JsValue;
    /// Returns a property of an object that JSON or this package made; `undefined` where it is missing or this is no object.
    #[wasm_bindgen(js_name = getProperty)]
    pub fn get_property(value: &JsValue, name: &str) -> JsValue;
    /// Sets a property of an object of this package, which cannot throw.
    #[wasm_bindgen(js_name = setProperty)]
    pub fn set_property(object: &JsValue, name: &str, value: &JsValue);
    /// Tells whether a value is an object, neither `null` nor an array.
    #[wasm_bindgen(js_name = isPlainObject)]
    fn is_plain_object(value: &JsValue) -> bool;
    /// Tells whether a string of at most `longest` UTF-16 units holds more digits in a row than a number can represent.
    #[wasm_bindgen(js_name = hasLongInteger)]
    fn has_long_integer(text: &JsString, longest: u32) -> bool;
}
