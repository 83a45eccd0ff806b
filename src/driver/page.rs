//! A page of entries, as it arrived and as it leaves.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::call::{ApiResponse, text};
use crate::host::page::{get_times, have_ids, redact_page, set_meta, set_times, times};
use crate::host::value::{get_property, set_property};
use crate::protocol::graph::paging::{CREDENTIALS, Next, without_credentials};
use crate::protocol::json::{Entries, Json};
use crate::protocol::paginator::PageSummary;
use crate::protocol::secret::Secrets;
use crate::protocol::text::join_piece;

/// One page, in the shape in which JavaScript takes it: `{ data, paging, status?, attempts?, headers?, number, next?, times }`.
/// `status`, `attempts` and `headers` are what its `meta` is made of. `number`, `next` and `times` are its summary: `next` is the cursor of the page after it, `null` where Graph names none, and absent at
/// the end.
#[derive(Clone)]
pub struct Page(pub JsValue);

impl Page {
    /// Makes one of an answer that was found good.
    pub fn new(response: &ApiResponse, summary: &PageSummary) -> Self {
        let page = Object::new();
        let data = Json::get(&response.body, "data").unwrap_or_default();
        let paging = Json::get(&response.body, "paging").filter(Json::is_object);
        let paging = paging.unwrap_or_else(|| Object::new().into());
        take_out_secrets(response, data.unchecked_ref(), &paging);
        set_property(&page, "data", &data);
        set_property(&page, "paging", &paging);
        set_property(&page, "number", &summary.number.into());
        match &summary.next {
            Next::End => {}
            Next::After(cursor) => set_property(&page, "next", &JsValue::from_str(cursor)),
            Next::Unreachable => set_property(&page, "next", &JsValue::NULL),
        }
        if !summary.times.is_empty() {
            set_times(&page, &summary.times);
        }
        Self(page.into())
    }

    /// Keeps what `meta` is made of.
    pub fn set_meta(&self, response: &ApiResponse) {
        set_meta(&self.0, response.http.status(), response.attempts(), &response.headers());
    }

    /// The entries.
    pub fn entries(&self) -> Array {
        get_property(&self.0, "data").unchecked_into()
    }

    /// What it says of the list.
    pub fn summary(&self) -> PageSummary {
        let next = match self.0.get("next") {
            None => Next::End,
            Some(cursor) => cursor.as_string().map_or(Next::Unreachable, Next::After),
        };
        PageSummary {
            number: get_property(&self.0, "number").as_f64().unwrap_or_default() as u32,
            next,
            times: get_times(&self.0),
            length: self.entries().length(),
        }
    }
}

impl Entries for JsValue {
    fn length(&self) -> Option<u32> {
        self.dyn_ref::<Array>().map(|list| list.length())
    }
    fn have_ids(&self) -> bool {
        have_ids(self)
    }
    fn times(&self, field: &str) -> Vec<f64> {
        times(self.unchecked_ref(), field)
    }
}

fn take_out_secrets(response: &ApiResponse, entries: &Array, paging: &JsValue) {
    let secrets = response.secrets();
    let mut signs = String::new();
    for sign in CREDENTIALS.into_iter().chain(secrets.iter()) {
        join_piece(&mut signs, "\n", sign);
    }
    let mut redact = |name: String, value: String| redacted(&name, &value, secrets);
    redact_page(text(response), paging, entries, &signs, &mut redact);
}

/// What is to stand in place of a string, if anything.
fn redacted(name: &str, value: &str, secrets: &Secrets) -> Option<String> {
    let redacted = match name {
        "next" | "previous" => without_credentials(value, secrets),
        _ => secrets.redact(value),
    };
    (redacted != value).then_some(redacted)
}
