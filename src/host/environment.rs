//! What kind of host this is, told by the features that matter and never by a name.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/host/environment.js")]
extern "C" {
    /// Tells whether there is a document, so that whoever opens the page can read what the program holds.
    #[wasm_bindgen(js_name = hasDom)]
    pub fn has_dom() -> bool;

    /// Tells whether requests are sent under an origin, as from pages and their workers: then CORS applies.
    #[wasm_bindgen(js_name = hasOrigin)]
    pub fn has_origin() -> bool;
}
