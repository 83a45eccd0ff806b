//! A page of conversations, as it arrived and as it may leave.

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::attempt::Answered;
use super::call::Problem;
use crate::host::error::parse_graph_time;
use crate::host::options::whole_number;
use crate::host::value::{get, occurrences, replace_strings, set, to_js};
use crate::protocol::json::Json;
use crate::protocol::paging::{CREDENTIALS, Next, next, without_credentials};
use crate::protocol::secret::Secrets;

/// One page. Cheap to clone: the data is JavaScript's.
#[derive(Clone)]
pub struct Page {
    /// Where it is, and how to go on.
    pub place: Place,
    /// The conversations.
    pub conversations: Array,
    /// When its conversations were last updated, where that is of interest; `NaN` where it can not be told.
    pub times: Option<Vec<f64>>,
    paging: JsValue,
    meta: JsValue,
}

impl Page {
    /// Reads an answer. With `timed` the times are noted before anything is left out.
    pub fn read(answered: &Answered, number: u32, timed: bool) -> Result<Self, Problem> {
        let conversations = conversations(answered)?;
        let times = timed.then(|| conversations.iter().map(|conversation| updated_ms(&conversation)).collect());
        let paging = Json::get(&answered.body, "paging").filter(Json::is_object);
        let next = next(paging.as_ref());
        let paging = paging.unwrap_or_else(|| Object::new().into());
        take_out_secrets(answered, &conversations, &paging);
        let meta = to_js(&answered.meta);
        Ok(Self { place: Place { number, next }, conversations, times, paging, meta })
    }

    /// Leaves a field out of every conversation.
    pub fn leave_out(&self, name: &str) {
        let name = JsValue::from_str(name);
        for conversation in self.conversations.iter() {
            let _ = Reflect::delete_property(conversation.unchecked_ref::<Object>(), &name);
        }
    }

    /// Leaves nothing but the ID of every conversation.
    pub fn leave_ids(&mut self) {
        let bare = self.conversations.iter().map(|conversation| {
            let only = Object::new();
            set(&only, "id", &get(&conversation, "id").unwrap_or_default());
            JsValue::from(only)
        });
        self.conversations = bare.collect();
    }

    /// Where the first conversation stands that was last updated before a time. One without a readable time is not older.
    pub fn first_older(&self, since: f64) -> Option<u32> {
        let position = self.times.iter().flatten().position(|&time| time < since)?;
        u32::try_from(position).ok()
    }

    /// The time of its most recently updated conversation.
    pub fn newest(&self) -> Option<f64> {
        self.times.iter().flatten().copied().filter(|time| !time.is_nan()).reduce(f64::max)
    }

    /// `{ data, paging, meta, number, next? }`: the last two are its place, from which to go on.
    pub fn to_js(&self) -> JsValue {
        let page = Object::new();
        set(&page, "data", &self.conversations);
        set(&page, "paging", &self.paging);
        set(&page, "meta", &self.meta);
        set(&page, NUMBER, &self.place.number.into());
        match &self.place.next {
            Next::End => {}
            Next::After(cursor) => set(&page, NEXT, &JsValue::from_str(cursor)),
            Next::Unreachable => set(&page, NEXT, &JsValue::NULL),
        }
        page.into()
    }
}

const NUMBER: &str = "number";
const NEXT: &str = "next";

/// A page's place in its walk.
#[derive(Clone)]
pub struct Place {
    /// The first is 0.
    pub number: u32,
    /// How to go on.
    pub next: Next,
}

impl Place {
    /// Reads what `Page::to_js` wrote.
    pub fn from_js(page: &JsValue) -> Self {
        let next = match page.get(NEXT) {
            None => Next::End,
            Some(cursor) => cursor.as_string().map_or(Next::Unreachable, Next::After),
        };
        let number = page.get(NUMBER).as_ref().and_then(whole_number);
        Self { number: number.unwrap_or(0), next }
    }
}

/// The entries of an answer, each of them an object with an ID.
fn conversations(answered: &Answered) -> Result<Array, Problem> {
    let data = Json::get(&answered.body, "data").filter(Array::is_array);
    let Some(data) = data else {
        return Err(answered.unexpected("expected a list of conversations; got JSON of another shape").into());
    };
    let data: Array = data.unchecked_into();
    let id = JsValue::from_str("id");
    let has_id = |entry: JsValue| entry.is_object() && Reflect::get(&entry, &id).is_ok_and(|id| id.is_string());
    if data.iter().all(has_id) {
        Ok(data)
    } else {
        Err(answered.unexpected("expected a list of conversations; got an entry without an ID").into())
    }
}

fn updated_ms(conversation: &JsValue) -> f64 {
    let time = get(conversation, "updated_time").and_then(|time| parse_graph_time(&time));
    time.map_or(f64::NAN, |time| time.get_time())
}

/// Takes credentials out of the page's own URLs, and out of the conversations where there are any: nested edges have
/// URLs of their own. Whether there are is told from the text, since looking at every value would cost more than all the
/// rest of a call.
fn take_out_secrets(answered: &Answered, conversations: &Array, paging: &JsValue) {
    let secrets = answered.secrets();
    let urls = ["next", "previous"].map(|name| get(paging, name).ok().and_then(|url| url.dyn_into::<JsString>().ok()));
    let in_urls = |sign: &str| urls.iter().flatten().map(|url| occurrences(url, sign, u32::MAX)).sum::<u32>();
    let elsewhere = CREDENTIALS.into_iter().chain(secrets.iter()).any(|sign| {
        let here = in_urls(sign);
        occurrences(&answered.text, sign, here + 1) > here
    });
    replace_strings(paging, |name, text| Some(clean(name, text, secrets)));
    if elsewhere {
        replace_strings(conversations, |name, text| Some(clean(name, text, secrets)));
    }
}

fn clean(name: &str, text: &str, secrets: &Secrets) -> String {
    match name {
        "next" | "previous" => without_credentials(text, secrets),
        _ => secrets.redact(text),
    }
}
