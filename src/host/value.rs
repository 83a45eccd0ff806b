//! JavaScript values: read as JSON, made from Rust's structures, walked.

use js_sys::{Array, JsString};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::json::{Json, MOST_ITEMS, SHOWN};
use crate::protocol::record::Record;

impl Json for JsValue {
    fn parse(text: &str) -> Option<Self> {
        parse(&JsString::from(text))
    }
    fn get(&self, name: &str) -> Option<Self> {
        some(member(self, name))
    }
    fn members(&self) -> Vec<(String, Self)> {
        // Of what JSON made nothing throws.
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

/// The start of a text that is JavaScript's, for what is only shown of it.
pub fn start(text: &JsString) -> String {
    text.slice(0, SHOWN).into()
}

/// Parses a text that is JavaScript's already, without copying it into Rust.
pub fn parse(text: &JsString) -> Option<JsValue> {
    some(parsed(text))
}

/// `None` of what is not there.
fn some(value: JsValue) -> Option<JsValue> {
    (!value.is_undefined()).then_some(value)
}

/// The properties of an object; `Err` is what a getter threw.
pub fn entries(object: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    let mut entries = Vec::new();
    for entry in entries_of(object)?.unwrap_or_default().iter() {
        let entry: &Array = entry.unchecked_ref();
        entries.push((entry.get(0).as_string().unwrap_or_default(), entry.get(1)));
    }
    Ok(entries)
}

#[wasm_bindgen]
extern "C" {
    // `Option`, because what throws and gives a value takes a place for it in Rust, and never gives it back.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn entries_of(object: &JsValue) -> Result<Option<Array>, JsValue>;
}

/// A plain JavaScript object.
pub fn to_js(record: &Record) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Texts, numbers and lists have no way to fail.
    record.serialize(&serializer).unwrap_or_default()
}

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    /// What a text says in JSON, or `undefined`.
    fn parsed(text: &JsString) -> JsValue;
    /// A member of an object that JSON or this package made; `undefined` where it is missing or this is no object.
    pub fn member(value: &JsValue, name: &str) -> JsValue;
    /// Sets a property of an object of our own, which can not fail.
    #[wasm_bindgen(js_name = setMember)]
    pub fn set(object: &JsValue, name: &str, value: &JsValue);
    /// Whether a value is an object: neither `null` nor an array.
    #[wasm_bindgen(js_name = isPlainObject)]
    fn is_plain_object(value: &JsValue) -> bool;

    /// Whether this is a list of objects that each have an ID.
    #[wasm_bindgen(js_name = haveIds)]
    pub fn have_ids(list: &JsValue) -> bool;
    /// The items of a list whose IDs are new to a set, up to a number of them; they are added to it.
    #[wasm_bindgen(js_name = firstSeen)]
    pub fn first_seen(list: &Array, seen: &Seen, end: u32, most: u32) -> Array;
    /// Whether there are more digits in a row than a number can hold.
    #[wasm_bindgen(js_name = hasLongInteger)]
    pub fn has_long_integer(text: &JsString) -> bool;

    /// Leaves a member out of every object of a list.
    #[wasm_bindgen(js_name = leaveOut)]
    pub fn leave_out(list: &Array, name: &str);
}

#[wasm_bindgen(module = "/pkg-template/sweep.js")]
extern "C" {
    /// Takes what must not leave, which has these signs, one to a line, out of a page that was parsed from this text: texts,
    /// given the name each one has there, and names, given as a text without one.
    #[wasm_bindgen(js_name = takeOut)]
    pub fn take_out(
        text: &JsString,
        paging: &JsValue,
        conversations: &Array,
        signs: &str,
        replace: &mut dyn FnMut(String, String) -> Option<String>,
    );
}

#[wasm_bindgen(module = "/pkg-template/seen.js")]
extern "C" {
    /// IDs, each once.
    pub type Seen;
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Seen;
    /// Adds one, a string.
    #[wasm_bindgen(method)]
    pub fn add(this: &Seen, id: &JsValue);
    /// Forgets them all.
    #[wasm_bindgen(method)]
    pub fn clear(this: &Seen);
}
