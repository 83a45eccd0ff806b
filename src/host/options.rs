//! Option objects as JavaScript gives them. Read property by property rather than through serde, which would add more
//! bytes than all the rest, and with a message of our own for each that is wrong.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::error::refused;
use super::value::member;
use crate::protocol::option::{InvalidOption, expected, is_harmless, shown};
use crate::protocol::text::joined;

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    // `Option`: see `entries_of`.
    #[wasm_bindgen(catch, js_name = readOptions)]
    fn read_options(options: &JsValue, known: &str) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(js_name = kindOf)]
    fn kind_of(value: &JsValue) -> String;
    #[wasm_bindgen(catch)]
    fn listed(iterable: &JsValue) -> Result<Option<Array>, JsValue>;
}

/// The options of an object that are set, each of the type that it must have.
pub struct Options {
    /// Their names: most are not given, and not asked for across the border.
    names: String,
    read: JsValue,
}

impl Options {
    /// Reads the object; `undefined` is an empty one. `known` has names with types, as in `limit:count fields:any`. An
    /// unknown name is refused with what `hint` says about it, or else with the known names.
    pub fn read(
        name: &str,
        value: &JsValue,
        known: &[&str],
        hint: fn(&str) -> Option<&'static str>,
    ) -> Result<Self, JsValue> {
        if value.is_undefined() {
            return Ok(Self { names: String::new(), read: JsValue::UNDEFINED });
        }
        if !value.is_object() || Array::is_array(value) {
            return Err(wrong(name, "an object", value));
        }
        let known = joined(known.iter().copied(), " ");
        let read = read_options(value, &known)?.unwrap_or_default();
        let Some(bad) = read.dyn_ref::<Array>() else {
            let names = member(&read, "names").as_string().unwrap_or_default();
            return Ok(Self { names, read: member(&read, "read") });
        };
        let name = bad.get(0).as_string().unwrap_or_default();
        if let Some(kind) = bad.get(1).as_string() {
            return Err(wrong(&name, expected(&name, &kind), &bad.get(2)));
        }
        let names = joined(known.split(' ').filter_map(|option| Some(option.split_once(':')?.0)), ", ");
        let problem = hint(&name).map_or(["unknown option; known are ", &names], |hint| [hint, ""]);
        // A token can be the name as well as the value of what does not belong here.
        let name = if is_harmless(&name) { name } else { shown(&name) };
        Err(refused(InvalidOption::new(&name, &problem)))
    }

    /// An option as it is; `None` when it is not given.
    pub fn value(&self, name: &str) -> Option<JsValue> {
        let is_given = self.names.split(' ').any(|given| given == name);
        is_given.then(|| member(&self.read, name))
    }

    /// A string.
    pub fn text(&self, name: &str) -> Option<String> {
        self.value(name)?.as_string()
    }

    /// A function.
    pub fn function(&self, name: &str) -> Option<Function> {
        self.value(name)?.dyn_into().ok()
    }

    /// `true` or `false`; `false` when it is not given.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value.is_truthy())
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.value(name)?.as_f64()
    }

    /// A whole number.
    pub fn whole(&self, name: &str) -> Option<u32> {
        self.number(name).map(|number| number as u32)
    }
}

/// A number without a fraction that fits.
pub fn whole_number(value: &JsValue) -> Option<u32> {
    let number = value.as_f64()?;
    let whole = number as u32;
    (f64::from(whole) == number).then_some(whole)
}

/// The items of an iterable, if it is one. A string is iterable too, character by character, which nobody means.
pub fn items(iterable: &JsValue) -> Result<Option<Vec<JsValue>>, JsValue> {
    Ok(listed(iterable)?.map(|items| items.iter().collect()))
}

/// The rejection for an option of the wrong type or range.
pub fn wrong(name: &str, expected: &str, value: &JsValue) -> JsValue {
    refused(InvalidOption::new(name, &["expected ", expected, "; got ", &described(value)]))
}

/// What a value is. Of text no more is shown than could not be a secret.
fn described(value: &JsValue) -> String {
    match value.as_string() {
        Some(text) => shown(&text),
        None => kind_of(value),
    }
}
