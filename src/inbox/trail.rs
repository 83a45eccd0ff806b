//! The way of a walk from page to page.

use js_sys::Map;
use wasm_bindgen::JsValue;

/// The cursors met on one walk through a list, each with the page it led to. A cursor that comes up again later on would
/// lead round in a circle; the one that leads to a page just read is how that page is read again.
///
/// A `Map` of JavaScript's: Rust's own would add more bytes than all the rest of a walk.
pub struct Trail(Map);

impl Trail {
    /// The beginning of a walk.
    pub fn new() -> Self {
        Self(Map::new())
    }

    /// Takes the cursor that leads to page number `page` (the first page is 0); whether it leads onward.
    pub fn leads_onward(&self, cursor: &str, page: u32) -> bool {
        let cursor = JsValue::from_str(cursor);
        match self.0.get(&cursor).as_f64() {
            Some(known_page) => known_page == f64::from(page),
            None => {
                self.0.set(&cursor, &page.into());
                true
            }
        }
    }

    /// Forgets the way.
    pub fn clear(&self) {
        self.0.clear();
    }
}
