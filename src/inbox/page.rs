//! A page of conversations, as it arrived and as it may leave.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::attempt::Answered;
use super::call::Problem;
use crate::host::error::graph_time_ms;
use crate::host::value::{have_ids, member, set, take_out, to_js};
use crate::protocol::json::Json;
use crate::protocol::paging::{CREDENTIALS, Next, next, without_credentials};
use crate::protocol::retry::later;
use crate::protocol::secret::Secrets;
use crate::protocol::text::joined;

/// One page, in the shape in which JavaScript takes it: `{ data, paging, meta?, number, next?, times? }`. `number` and
/// `next` are its place, from which to go on: the first page is 0; `next` is the cursor of the page after it, `null` where
/// Graph names none, and absent at the end. `times`, where they are of interest, tell in milliseconds when its
/// conversations were last updated, `NaN` where it can not be told.
#[derive(Clone)]
pub struct Page(pub JsValue);

impl Page {
    /// Reads an answer. With `timed` the times are noted before anything is left out; with `described` there is `meta`.
    pub fn read(answered: &Answered<'_>, number: u32, timed: bool, described: bool) -> Result<Self, Problem> {
        let conversations = conversations(answered)?;
        let page = Object::new();
        if timed {
            let times = Array::new();
            for conversation in conversations.iter() {
                times.push(&updated_ms(&conversation));
            }
            set(&page, "times", &times);
        }
        let paging = Json::get(&answered.body, "paging").filter(Json::is_object);
        match next(paging.as_ref()) {
            Next::End => {}
            Next::After(cursor) => set(&page, "next", &JsValue::from_str(&cursor)),
            Next::Unreachable => set(&page, "next", &JsValue::NULL),
        }
        let paging = paging.unwrap_or_else(|| Object::new().into());
        take_out_secrets(answered, &conversations, &paging);
        set(&page, "data", &conversations);
        set(&page, "paging", &paging);
        if described {
            set(&page, "meta", &to_js(&answered.meta()));
        }
        set(&page, "number", &number.into());
        Ok(Self(page.into()))
    }

    /// The conversations.
    pub fn conversations(&self) -> Array {
        member(&self.0, "data").unchecked_into()
    }

    /// Its number; the first is 0.
    pub fn number(&self) -> u32 {
        member(&self.0, "number").as_f64().unwrap_or_default() as u32
    }

    /// How to go on.
    pub fn next(&self) -> Next {
        match self.0.get("next") {
            None => Next::End,
            Some(cursor) => cursor.as_string().map_or(Next::Unreachable, Next::After),
        }
    }

    /// Leaves nothing but the ID of every conversation.
    pub fn leave_ids(&self) {
        let bare = Array::new();
        for conversation in self.conversations().iter() {
            let only = Object::new();
            set(&only, "id", &member(&conversation, "id"));
            bare.push(&only);
        }
        set(&self.0, "data", &bare);
    }

    /// When its conversations were last updated, where that is of interest.
    pub fn times(&self) -> Vec<f64> {
        let mut times = Vec::new();
        for time in self.0.get("times").and_then(|times| times.items()).unwrap_or_default() {
            times.push(time.as_f64().unwrap_or(f64::NAN));
        }
        times
    }

    /// Where the first conversation stands that was last updated before a time. One without a readable time is not older.
    pub fn first_older(&self, since: f64) -> Option<u32> {
        let position = self.times().iter().position(|&time| time < since)?;
        u32::try_from(position).ok()
    }

    /// The time of its most recently updated conversation.
    pub fn newest(&self) -> Option<f64> {
        let mut newest = None;
        for time in self.times() {
            // What is no number is never the greater.
            newest = later(newest, (!time.is_nan()).then_some(time));
        }
        newest
    }
}

/// The entries of an answer, each of them an object with an ID.
fn conversations(answered: &Answered<'_>) -> Result<Array, Problem> {
    let data = Json::get(&answered.body, "data").filter(Array::is_array);
    let Some(data) = data else {
        return Err(answered.unexpected("expected a list of conversations; got JSON of another shape").into());
    };
    if !have_ids(&data) {
        return Err(answered.unexpected("expected a list of conversations; got an entry without an ID").into());
    }
    Ok(data.unchecked_into())
}

fn updated_ms(conversation: &JsValue) -> JsValue {
    graph_time_ms(&member(conversation, "updated_time")).into()
}

fn take_out_secrets(answered: &Answered<'_>, conversations: &Array, paging: &JsValue) {
    let secrets = answered.secrets();
    let signs = joined(CREDENTIALS.into_iter().chain(secrets.iter().filter(|secret| !secret.is_empty())), "\n");
    let mut clean = |name: String, text: String| clean(&name, &text, secrets);
    take_out(&answered.text, paging, conversations, &signs, &mut clean);
}

/// What is to stand in place of a text, if anything.
fn clean(name: &str, text: &str, secrets: &Secrets) -> Option<String> {
    let cleaned = match name {
        "next" | "previous" => without_credentials(text, secrets),
        _ => secrets.redact(text),
    };
    (cleaned != text).then_some(cleaned)
}
