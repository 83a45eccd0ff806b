//! The first page of a list, which is read once, however often and by however many it is asked for.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/host/first-page.js")]
extern "C" {
    /// Kept by JavaScript: what Rust holds stays in memory until much else has gone.
    pub type FirstPage;
    /// Whether somebody reads it, or has read it.
    #[wasm_bindgen(method, getter, js_name = isBegun)]
    pub fn is_begun(this: &FirstPage) -> bool;
    /// Returns the signal that ends the request which the caller is about to begin: it is aborted when all who wait have left.
    #[wasm_bindgen(method)]
    pub fn begin(this: &FirstPage) -> JsValue;
    /// Takes the promise of what was begun. A page that failed is read again by whoever asks next.
    #[wasm_bindgen(method)]
    pub fn share(this: &FirstPage, page: &Promise);
    /// Returns a promise of the page for one more reader, who leaves when the signal is aborted.
    #[wasm_bindgen(method)]
    pub fn join(this: &FirstPage, unwanted: &JsValue) -> Promise;
}
