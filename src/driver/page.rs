//! A page of entries, as it arrived and as it leaves.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::call::{ApiResponse, text};
use crate::host::page::{get_times, have_ids, page_of, redact_page, set_meta, times};
use crate::host::value::get_property;
use crate::protocol::graph::paging::{CREDENTIALS, Next, without_credentials};
use crate::protocol::json::{Entries, Json};
use crate::protocol::paginator::PageSummary;
use crate::protocol::secret::Secrets;
use crate::protocol::text::join_piece;

/// One page, in the shape in which JavaScript takes it: `{ data, paging, status?, attempts?, headers?, number, next?, times }`.
/// `status`, `attempts` and `headers` are what its `meta` is made of. `number`, `next` and `times` are its summary: `next` is the
/// cursor of the page after it, `null` where Graph names none, and absent at the end.
#[derive(Clone)]
pub struct Page(pub JsValue);

impl Page {
    /// Makes one of an answer that was found good.
    pub fn new(response: &ApiResponse, summary: &PageSummary) -> Self {
        let next = match &summary.next {
            Next::End => JsValue::UNDEFINED,
            Next::After(cursor) => JsValue::from_str(cursor),
            Next::Unreachable => JsValue::NULL,
        };
        let page = Self(page_of(&response.body, summary.number, &next, &summary.times));
        take_out_secrets(response, &page);
        page
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

fn take_out_secrets(response: &ApiResponse, page: &Page) {
    let secrets = response.secrets();
    let mut signs = String::new();
    for sign in CREDENTIALS.into_iter().chain(secrets.iter()) {
        join_piece(&mut signs, "\n", sign);
    }
    let mut redact = |name: String, value: String| redacted(&name, &value, secrets);
    redact_page(text(response), &get_property(&page.0, "paging"), &page.entries(), &signs, &mut redact);
}

/// What is to stand in place of a string, if anything.
fn redacted(name: &str, value: &str, secrets: &Secrets) -> Option<String> {
    let redacted = match name {
        "next" | "previous" => without_credentials(value, secrets),
        _ => secrets.redact(value),
    };
    (redacted != value).then_some(redacted)
}
