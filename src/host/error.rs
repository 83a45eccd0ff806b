//! The error classes. They are JavaScript, so that `instanceof Error` holds.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::value::to_js;
use crate::protocol::graph::error::Failure;
use crate::protocol::option::InvalidOption;

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    type InboxError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, details: &JsValue) -> InboxError;

    type GraphError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, details: &JsValue, report: &JsValue) -> GraphError;
}

#[wasm_bindgen(module = "/pkg-template/graph-time.js")]
extern "C" {
    /// Reads a date as Graph writes it, in milliseconds since 1970; `NaN` where it is none. It is JavaScript so that whoever
    /// imports `parseGraphTime` alone loads no wasm.
    #[wasm_bindgen(js_name = graphTimeMs)]
    pub fn graph_time_ms(value: &JsValue) -> f64;
}

#[wasm_bindgen(module = "/src/host/error.js")]
extern "C" {
    /// Returns the message of a thrown value, with the code of its cause. Any value can be thrown.
    pub fn described(thrown: &JsValue) -> String;
}

/// Returns the error that a promise rejects with.
pub fn rejection(failure: &Failure) -> JsValue {
    let details = to_js(&failure.details());
    match &failure.report {
        Some(report) => GraphError::new(&failure.message, &details, &to_js(&report.record())).into(),
        None => InboxError::new(&failure.message, &details).into(),
    }
}

/// Returns the error for an option that is refused.
pub fn refused(option: Box<InvalidOption>) -> JsValue {
    rejection(&Box::<Failure>::from(option))
}
