//! `AbortSignal`.

use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen(module = "/src/host/abort.js")]
extern "C" {
    #[wasm_bindgen(js_name = abortReason)]
    fn reason(signals: &Array) -> JsValue;
}

/// Returns the reason of the first aborted signal, whatever value that is; `None` while none is aborted.
pub fn abort_reason(signals: &Array) -> Option<JsValue> {
    let reason = reason(signals);
    (!reason.is_undefined()).then(|| reason.unchecked_ref::<Array>().get(0))
}
