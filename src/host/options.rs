//! Option objects as JavaScript gives them. Read property by property rather than through serde, which would add more
//! bytes than all the rest, and with a message of our own for each that is wrong.

use js_sys::{Array, Function, JsString, Number, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::error::refused;
use super::value::get;
use crate::protocol::option::{InvalidOption, is_harmless, shown};

/// An object of options, of which only known ones are set.
pub struct Options(JsValue);

impl Options {
    /// Takes the object; `undefined` is an empty one. An unknown name is refused with what `hint` says about it, or else
    /// with the known names.
    pub fn new(
        name: &'static str,
        value: &JsValue,
        known: &[&[&str]],
        hint: fn(&str) -> Option<&'static str>,
    ) -> Result<Self, JsValue> {
        if value.is_undefined() {
            return Ok(Self(Object::new().into()));
        }
        if !value.is_object() || Array::is_array(value) {
            return Err(wrong(name, "an object", value));
        }
        for option in Object::keys(value.unchecked_ref::<Object>()).iter() {
            let text = option.as_string().unwrap_or_default();
            let is_known = known.iter().any(|names| names.contains(&text.as_str()));
            if is_known || get(value, &text)?.is_undefined() {
                continue;
            }
            let names = known.concat().join(", ");
            let problem = hint(&text).map_or(["unknown option; known are ", &names], |hint| [hint, ""]);
            // A token can be the name as well as the value of what does not belong here.
            let name = if is_harmless(&text) { text } else { shown(&text) };
            return Err(refused(InvalidOption::new(&name, &problem)));
        }
        Ok(Self(value.clone()))
    }

    /// An option as it is; `None` when it is not given. `null` is refused everywhere.
    pub fn value(&self, name: &'static str, expected: &str) -> Result<Option<JsValue>, JsValue> {
        let value = get(&self.0, name)?;
        if value.is_null() {
            return Err(wrong(name, expected, &value));
        }
        Ok((!value.is_undefined()).then_some(value))
    }

    /// A string.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, JsValue> {
        self.as_type(name, "a string", |value| value.as_string())
    }

    /// A function.
    pub fn function(&self, name: &'static str) -> Result<Option<Function>, JsValue> {
        self.as_type(name, "a function", |value| value.dyn_ref().cloned())
    }

    /// `true` or `false`; `false` when it is not given.
    pub fn flag(&self, name: &'static str) -> Result<bool, JsValue> {
        Ok(self.as_type(name, "true or false", |value| value.as_bool())?.unwrap_or(false))
    }

    /// A whole number, `least` or more.
    pub fn whole(&self, name: &'static str, least: u32) -> Result<Option<u32>, JsValue> {
        let expected = ["a whole number, ", &least.to_string(), " or more"].concat();
        self.as_type(name, &expected, |value| whole_number(value).filter(|&number| number >= least))
    }

    fn as_type<T>(
        &self,
        name: &'static str,
        expected: &str,
        convert: impl Fn(&JsValue) -> Option<T>,
    ) -> Result<Option<T>, JsValue> {
        let Some(value) = self.value(name, expected)? else { return Ok(None) };
        convert(&value).map(Some).ok_or_else(|| wrong(name, expected, &value))
    }
}

/// A number without a fraction that fits.
pub fn whole_number(value: &JsValue) -> Option<u32> {
    let number = value.as_f64()?;
    let fits = number.trunc() == number && (0.0..=f64::from(u32::MAX)).contains(&number);
    fits.then_some(number as u32)
}

/// The rejection for an option of the wrong type or range.
pub fn wrong(name: &str, expected: &str, value: &JsValue) -> JsValue {
    refused(InvalidOption::new(name, &["expected ", expected, "; got ", &kind_of(value)]))
}

/// What a value is. Of text no more is shown than could not be a secret.
fn kind_of(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        return shown(&text);
    }
    // JavaScript writes numbers; Rust's own way of writing them is large.
    if let Some(number) = value.dyn_ref::<Number>() {
        let text = number.to_string_with_radix(10).map(String::from);
        return ["the number ", &text.unwrap_or_default()].concat();
    }
    let kind = if value.is_null() {
        "null"
    } else if value.is_undefined() {
        "undefined"
    } else if Array::is_array(value) {
        "an array"
    } else if value.is_function() {
        "a function"
    } else if value.is_object() {
        "an object"
    } else {
        return String::from(value.js_typeof().unchecked_into::<JsString>());
    };
    kind.to_owned()
}
