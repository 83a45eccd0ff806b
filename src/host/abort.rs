//! `AbortSignal`.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::value::get;

/// The reason of the first of these signals that is aborted, whatever value that is.
pub fn abort_reason(signals: &Array) -> Option<JsValue> {
    let is_aborted = |signal: &JsValue| get(signal, "aborted").is_ok_and(|aborted| aborted.is_truthy());
    let aborted = signals.iter().find(is_aborted)?;
    Some(get(&aborted, "reason").unwrap_or_default())
}
