//! What the host is, asked of what matters and never guessed from a name.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    /// Whether there is a document, so that whoever opens the page can read what the program holds.
    #[wasm_bindgen(js_name = hasDom)]
    pub fn has_dom() -> bool;

    /// Whether requests go out under an origin, as they do from pages and their workers: then CORS applies.
    #[wasm_bindgen(js_name = hasOrigin)]
    pub fn has_origin() -> bool;
}
