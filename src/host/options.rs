//! Option objects of JavaScript. Read property by property rather than through serde, which would add more bytes than all
//! the rest, and with a message of our own for each wrong value.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::error::refused;
use super::value::get_property;
use crate::protocol::option::{InvalidOption, expected, is_harmless, shown};
use crate::protocol::text::split;

#[wasm_bindgen(module = "/src/host/options.js")]
extern "C" {
    // Returns `Option`: see `entries_of`.
    #[wasm_bindgen(catch, js_name = readOptions)]
    fn read_options(options: &JsValue, accepts: &str) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(js_name = kindOf)]
    fn kind_of(value: &JsValue) -> String;
    #[wasm_bindgen(catch, js_name = toArray)]
    fn to_array(iterable: &JsValue) -> Result<Option<Array>, JsValue>;
}

/// The options of an object that are set, each of the type that it must have.
pub struct Options {
    /// Their names: most options are not set, and looking here saves a crossing for each of them.
    names: String,
    read: JsValue,
}

impl Options {
    /// Reads the object; `undefined` is an empty one. `accepts` is the name of one of the tables of options.js: `client`,
    /// `list`, `conversation`, `watch`, `call`, `client list` or `client owner`. Refuses an unknown name with what `hint` says about it, or else
    /// with the known names.
    pub fn read(
        name: &str,
        value: &JsValue,
        accepts: &str,
        hint: fn(&str) -> Option<&'static str>,
    ) -> Result<Self, JsValue> {
        if value.is_undefined() {
            return Ok(Self { names: String::new(), read: JsValue::UNDEFINED });
        }
        if !value.is_object() || Array::is_array(value) {
            return Err(wrong(name, "an object", value));
        }
        let read = read_options(value, accepts)?.unwrap_or_default();
        let Some(bad) = read.dyn_ref::<Array>() else {
            let names = get_property(&read, "names").as_string().unwrap_or_default();
            return Ok(Self { names, read: get_property(&read, "read") });
        };
        let text = |index| bad.get(index).as_string().unwrap_or_default();
        let (name, about) = (text(0), text(1));
        if bad.length() > 2 {
            return Err(wrong(&name, expected(&name, &about), &bad.get(2)));
        }
        let problem = hint(&name).map_or(["unknown option; known are ", &about], |hint| [hint, ""]);
        // A token can be the name as well as the value of what does not belong here.
        let name = if is_harmless(&name) { name } else { shown(&name) };
        Err(refused(InvalidOption::new(&name, &problem)))
    }

    /// Returns an option as it is; `None` when it is not set.
    pub fn value(&self, name: &str) -> Option<JsValue> {
        let is_given = split(&self.names, b' ').any(|given| given == name);
        is_given.then(|| get_property(&self.read, name))
    }

    /// Returns a string option.
    pub fn text(&self, name: &str) -> Option<String> {
        self.value(name)?.as_string()
    }

    /// Returns a function option.
    pub fn function(&self, name: &str) -> Option<Function> {
        self.value(name)?.dyn_into().ok()
    }

    /// Returns a boolean option; `false` when it is not set.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value.is_truthy())
    }

    /// Returns a number option; `None` also for `false`, where that is allowed.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.value(name)?.as_f64()
    }

    /// Returns a whole number option.
    pub fn whole(&self, name: &str) -> Option<u32> {
        self.number(name).map(|number| number as u32)
    }
}

/// Returns a whole number that fits into 32 bits.
pub fn whole_number(value: &JsValue) -> Option<u32> {
    let number = value.as_f64()?;
    let whole = number as u32;
    (f64::from(whole) == number).then_some(whole)
}

/// Returns the items of an iterable, if it is one. A string does not count: nobody means its characters.
pub fn items(iterable: &JsValue) -> Result<Option<Vec<JsValue>>, JsValue> {
    Ok(to_array(iterable)?.map(|items| items.iter().collect()))
}

/// Returns the error for an option of the wrong type or range.
pub fn wrong(name: &str, expected: &str, value: &JsValue) -> JsValue {
    refused(InvalidOption::new(name, &["expected ", expected, "; got ", &described(value)]))
}

/// Describes a value, for a message. A string that could be a secret is not shown.
fn described(value: &JsValue) -> String {
    match value.as_string() {
        Some(text) => shown(&text),
        None => kind_of(value),
    }
}
