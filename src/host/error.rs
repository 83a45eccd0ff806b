//! The error classes. They are JavaScript, so that `instanceof Error` holds.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::value::{get, to_js};
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

    /// Reads a date as Graph writes it. It is JavaScript so that whoever imports it alone loads no wasm.
    #[wasm_bindgen(catch, js_name = parseGraphTime)]
    pub fn parse_graph_time(value: &JsValue) -> Result<js_sys::Date, JsValue>;
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

/// What a thrown value says for itself, with the code of its cause, where Node hides the reason. Anything can be thrown.
pub fn described(thrown: &JsValue) -> String {
    let text = |value: &JsValue, name| get(value, name).ok()?.as_string().filter(|text| !text.is_empty());
    let cause = get(thrown, "cause").ok();
    let cause = cause.and_then(|cause| text(&cause, "code").or_else(|| text(&cause, "message")));
    let message = thrown.as_string().or_else(|| text(thrown, "message"));
    let message = message.unwrap_or_else(|| "the runtime gives no reason".to_owned());
    match cause {
        Some(cause) => [&message, " (", &cause, ")"].concat(),
        None => message,
    }
}
