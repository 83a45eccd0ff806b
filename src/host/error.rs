//! The error classes. They are JavaScript, so that `instanceof Error` holds.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::value::to_js;
use crate::protocol::error::Failure;
use crate::protocol::option::InvalidOption;

#[wasm_bindgen(module = "/pkg-template/host.js")]
extern "C" {
    type InboxError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, details: &JsValue) -> InboxError;

    type GraphError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, details: &JsValue, report: &JsValue) -> GraphError;

    /// Reads a date as Graph writes it, in milliseconds since 1970; `NaN` where it is none. It is JavaScript so that whoever
    /// imports `parseGraphTime` alone loads no wasm.
    #[wasm_bindgen(js_name = graphTimeMs)]
    pub fn graph_time_ms(value: &JsValue) -> f64;
}

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    /// What a thrown value says for itself. Anything can be thrown.
    pub fn described(thrown: &JsValue) -> String;
}

/// What a promise rejects with.
pub fn rejection(failure: &Failure) -> JsValue {
    let details = to_js(&failure.details());
    match &failure.report {
        Some(report) => GraphError::new(&failure.message, &details, &to_js(&report.record())).into(),
        None => InboxError::new(&failure.message, &details).into(),
    }
}

/// The rejection for an option.
pub fn refused(option: Box<InvalidOption>) -> JsValue {
    rejection(&Box::<Failure>::from(option))
}
