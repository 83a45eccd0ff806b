//! The conversations of a page, which stay JavaScript's: what is done with all of them at once.

use js_sys::{Array, JsString, Set};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/host/page.js")]
extern "C" {
    /// Tells whether every item of a list is an object with a string `id`.
    #[wasm_bindgen(js_name = haveIds)]
    pub fn have_ids(list: &JsValue) -> bool;
    /// Adds the IDs of the items at the positions `known` to a set. Returns the items before index `end` whose IDs are new to
    /// the set then, `most` at the most, and adds them too.
    #[wasm_bindgen(js_name = firstSeen)]
    pub fn first_seen(list: &Array, seen: &Set, known: &[u32], end: u32, most: u32) -> Array;
    /// Returns the items at these positions, in their order.
    pub fn pick(list: &Array, positions: &[u32]) -> Array;
    /// Sets a property of every item of a list to an array of these names, which have commas between.
    pub fn mark(list: &Array, name: &str, names: &str);
    /// Keeps with a page what its `meta` is made of.
    #[wasm_bindgen(js_name = setMeta)]
    pub fn set_meta(page: &JsValue, status: u16, attempts: u32, headers: &str);
    /// Makes a page of the body of a response: `{ data, paging, number, next, times }`.
    #[wasm_bindgen(js_name = pageOf)]
    pub fn page_of(body: &JsValue, number: u32, next: &JsValue, times: &[f64]) -> JsValue;
    /// Keeps the times of some items with their list.
    #[wasm_bindgen(js_name = setTimes)]
    pub fn set_times(list: &Array, times: &[f64]);
    /// Returns the times that a page was made with.
    #[wasm_bindgen(js_name = getTimes)]
    pub fn get_times(page: &JsValue) -> Vec<f64>;
    /// Deletes a property of every item of a list.
    #[wasm_bindgen(js_name = leaveOut)]
    pub fn leave_out(list: &Array, name: &str);
}

#[wasm_bindgen(module = "/pkg-template/graph-time.js")]
extern "C" {
    /// Reads the same property of every item of a list as a date that Graph wrote, in milliseconds since 1970; `NaN` where it
    /// is missing or no date.
    pub fn times(list: &Array, name: &str) -> Vec<f64>;
}

#[wasm_bindgen(module = "/src/host/redact-page.js")]
extern "C" {
    /// Redacts a page that was parsed from `text`, wherever a string has one of these signs of a secret, one to a line.
    /// `replace` is given the name of a property and its string, or `""` and a name; it returns what replaces the string.
    #[wasm_bindgen(js_name = redactPage)]
    pub fn redact_page(
        text: &JsString,
        paging: &JsValue,
        conversations: &Array,
        signs: &str,
        replace: &mut dyn FnMut(String, String) -> Option<String>,
    );
}
