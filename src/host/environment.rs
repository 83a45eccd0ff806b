//! What the host is, asked of what matters and never guessed from a name: a bundler gives browsers a `process`, and
//! workers have no `window`.

use wasm_bindgen::JsValue;

use super::value::get;

/// Whether there is a document, so that whoever opens the page can read what the program holds.
pub fn has_dom() -> bool {
    let document = get(&js_sys::global(), "document").unwrap_or(JsValue::UNDEFINED);
    document.is_object() && get(&document, "createElement").is_ok_and(|method| method.is_function())
}

/// Whether requests go out under an origin, as they do from pages and their workers: then CORS applies.
pub fn has_origin() -> bool {
    get(&js_sys::global(), "origin").is_ok_and(|origin| origin.is_string())
}
