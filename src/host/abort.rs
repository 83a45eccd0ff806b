//! `AbortSignal`.

use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = abortReason)]
    fn reason(signals: &Array) -> JsValue;
}

/// The reason of the first of these signals that is aborted, whatever value that is.
pub fn abort_reason(signals: &Array) -> Option<JsValue> {
    let reason = reason(signals);
    (!reason.is_undefined()).then(|| reason.unchecked_ref::<Array>().get(0))
}
