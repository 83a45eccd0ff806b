//! A list of conversations, page by page.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, JsString, Object, Reflect, Set};
use wasm_bindgen::{JsCast, JsValue};

use super::call::{self, Answered, CallOptions, Numbers, call, located};
use super::client::{self, Client};
use crate::host::error::{parse_graph_time, refused, rejection};
use crate::host::options::{Options, whole_number, wrong};
use crate::host::value::{get, occurrences, replace_strings, set, to_js};
use crate::protocol::conversations::{NO_TIME_PAGING, Query};
use crate::protocol::error::{Failure, Kind};
use crate::protocol::fields::{Field, Selection};
use crate::protocol::json::Json;
use crate::protocol::option::InvalidOption;
use crate::protocol::paging::{CREDENTIALS, Next, Trail, next, without_credentials};
use crate::protocol::secret::Secrets;

/// The names of its parameters.
pub const OPTIONS: &[&str] =
    &["folder", "platform", "userId", "fields", "limit", "after", "before", "maxItems", "updatedSince"];

/// What to say of options that people expect here because other edges of Graph have them.
pub fn hint(option: &str) -> Option<&'static str> {
    ["since", "until"].contains(&option).then_some(NO_TIME_PAGING)
}

/// A list that was asked for; nothing is sent before a page of it is.
pub struct List {
    client: Rc<Client>,
    query: Query,
    call: CallOptions,
    after: Option<String>,
    max_items: Option<u32>,
    /// Milliseconds since 1970.
    updated_since: Option<f64>,
}

impl List {
    /// A list of a client's.
    pub fn new(client: Rc<Client>, params: &JsValue) -> Result<Self, JsValue> {
        let options = Options::new("params", params, &[OPTIONS, call::OPTIONS], hint)?;
        Self::read(client, &options)
    }

    /// The same, with everything in one object.
    pub fn standalone(value: &JsValue) -> Result<Self, JsValue> {
        let client = Client::new(value, &[OPTIONS, call::OPTIONS])?;
        let options = Options::new("options", value, &[client::OPTIONS, OPTIONS, call::OPTIONS], hint)?;
        Self::read(Rc::new(client), &options)
    }

    fn read(client: Rc<Client>, options: &Options) -> Result<Self, JsValue> {
        let mut query = Query::default();
        if let Some(folder) = options.text("folder")? {
            query.folder(&folder).map_err(refused)?;
        }
        if let Some(platform) = options.text("platform")? {
            query.platform(&platform).map_err(refused)?;
        }
        if let Some(user_id) = options.text("userId")? {
            query.user_id(user_id).map_err(refused)?;
        }
        if let Some(fields) = options.value("fields", FIELD_LIST)? {
            query.fields(selection(&fields, 1)?);
        }
        if let Some(limit) = options.whole("limit", 1)? {
            query.limit(limit);
        }
        let after = options.text("after")?;
        query.between(after.clone(), options.text("before")?).map_err(refused)?;
        let updated_since = updated_since(options)?;
        if updated_since.is_some() {
            query.needs_updated_time();
        }
        Ok(Self {
            call: CallOptions::read(options)?,
            max_items: options.whole("maxItems", 0)?,
            client,
            query,
            after,
            updated_since,
        })
    }

    /// Reads one page: the first, or the one after a cursor. The result is `{ data, paging, meta, number, next?, older? }`:
    /// `next` is its cursor, or `null` where Graph names a next page and no cursor; `older` counts the conversations before
    /// the first that was last updated too early.
    async fn page(&self, cursor: Option<&str>, number: u32) -> Result<JsValue, JsValue> {
        let request = self.query.request(&self.client.settings, cursor);
        let answered = call(&self.client, &self.call, &request, Numbers::AsParsed).await?;
        let conversations = conversations(&answered)?;
        let older = self.updated_since.and_then(|since| first_older(&conversations, since));
        if self.query.drops_updated_time() {
            let name = JsValue::from_str("updated_time");
            for conversation in conversations.iter() {
                let _ = Reflect::delete_property(conversation.unchecked_ref::<Object>(), &name);
            }
        }
        let paging = Json::get(&answered.body, "paging").filter(Json::is_object);
        let next = next(paging.as_ref());
        let paging = paging.unwrap_or_else(|| Object::new().into());
        take_out_secrets(&answered, &conversations, &paging);

        let page = Object::new();
        set(&page, "data", &conversations);
        set(&page, "paging", &paging);
        set(&page, "meta", &to_js(&answered.meta));
        set(&page, NUMBER, &number.into());
        match next {
            Next::End => {}
            Next::After(cursor) => set(&page, NEXT, &JsValue::from_str(&cursor)),
            Next::Unreachable => set(&page, NEXT, &JsValue::NULL),
        }
        if let Some(older) = older {
            set(&page, OLDER, &older.into());
        }
        Ok(page.into())
    }

    fn lost(&self, what: &str) -> JsValue {
        let path = self.query.request(&self.client.settings, None).target();
        rejection(&located(Failure::new(Kind::Response, &[what]), &path))
    }
}

const NUMBER: &str = "number";
const NEXT: &str = "next";
const OLDER: &str = "older";

/// One walk through a list: where it has been, and what it has delivered.
pub struct Walk {
    list: Rc<List>,
    trail: Trail,
    seen: Set,
    delivered: Cell<u32>,
    stopped: Cell<bool>,
}

impl Walk {
    /// Begins at the list's first page.
    pub fn new(list: Rc<List>) -> Self {
        let trail = Trail::default();
        if let Some(after) = &list.after {
            trail.leads_onward(after, 0);
        }
        let stopped = Cell::new(list.max_items == Some(0));
        Self { list, trail, seen: Set::new(&JsValue::UNDEFINED), delivered: Cell::new(0), stopped }
    }

    /// Reads the first page.
    pub async fn first(self: Rc<Self>) -> Result<JsValue, JsValue> {
        self.list.page(None, 0).await
    }

    /// Reads the page after one that `first` or this gave.
    pub async fn following(self: Rc<Self>, page: JsValue) -> Result<JsValue, JsValue> {
        let number = whole_number(&get(&page, NUMBER)?).unwrap_or(0) + 1;
        let Some(cursor) = get(&page, NEXT)?.as_string() else {
            return Err(self.list.lost("Graph names a next page, but no cursor to reach it by"));
        };
        if !self.trail.leads_onward(&cursor, number) {
            return Err(self.list.lost("Graph gave a cursor that it gave before: the list would go round in circles"));
        }
        self.list.page(Some(&cursor), number).await
    }

    /// Whether `maxItems` or `updatedSince` has ended the walk.
    pub fn is_over(&self) -> bool {
        self.stopped.get()
    }

    /// Counts a page that is delivered whole.
    pub fn passed(&self, page: &JsValue) -> Result<(), JsValue> {
        let data: Array = get(page, "data")?.unchecked_into();
        self.count(data.length());
        self.stop_if_older(page)
    }

    /// The conversations of a page that are to be delivered: none twice, none after the walk's end.
    pub fn take(&self, page: &JsValue) -> Result<Array, JsValue> {
        let data: Array = get(page, "data")?.unchecked_into();
        let end = whole_number(&get(page, OLDER)?).unwrap_or_else(|| data.length());
        let id = JsValue::from_str("id");
        let fresh = Array::new();
        for index in 0..end {
            if self.is_over() {
                return Ok(fresh);
            }
            let conversation = data.get(index);
            let id = Reflect::get(&conversation, &id)?;
            if !self.seen.has(&id) {
                self.seen.add(&id);
                fresh.push(&conversation);
                self.count(1);
            }
        }
        self.stop_if_older(page)?;
        Ok(fresh)
    }

    fn count(&self, more: u32) {
        let delivered = self.delivered.get().saturating_add(more);
        self.delivered.set(delivered);
        if self.list.max_items.is_some_and(|most| delivered >= most) {
            self.stopped.set(true);
        }
    }

    fn stop_if_older(&self, page: &JsValue) -> Result<(), JsValue> {
        if !get(page, OLDER)?.is_undefined() {
            self.stopped.set(true);
        }
        Ok(())
    }
}

/// The entries of an answer, each of them an object with an ID.
fn conversations(answered: &Answered) -> Result<Array, JsValue> {
    let data = Json::get(&answered.body, "data").filter(Array::is_array);
    let Some(data) = data else {
        return Err(answered.unexpected("expected a list of conversations; got JSON of another shape"));
    };
    let data: Array = data.unchecked_into();
    let id = JsValue::from_str("id");
    let has_id = |entry: JsValue| entry.is_object() && Reflect::get(&entry, &id).is_ok_and(|id| id.is_string());
    if data.iter().all(has_id) {
        Ok(data)
    } else {
        Err(answered.unexpected("expected a list of conversations; got an entry without an ID"))
    }
}

/// Where the first conversation stands that was last updated before a time. One without a readable time is not older.
fn first_older(conversations: &Array, since: f64) -> Option<u32> {
    let name = JsValue::from_str("updated_time");
    let is_older = |conversation: JsValue| {
        let time = Reflect::get(&conversation, &name).and_then(|time| parse_graph_time(&time));
        time.is_ok_and(|time| time.get_time() < since)
    };
    let position = conversations.iter().position(is_older)?;
    u32::try_from(position).ok()
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

/// A Date, a date as Graph or ISO 8601 writes it, or milliseconds since 1970.
fn updated_since(options: &Options) -> Result<Option<f64>, JsValue> {
    let name = "updatedSince";
    let expected = "a Date, an ISO 8601 date and time with its zone, or milliseconds since 1970";
    let Some(value) = options.value(name, expected)? else { return Ok(None) };
    let time = if value.is_string() {
        parse_graph_time(&value).ok().map(|date| date.get_time())
    } else {
        let date = value.dyn_ref::<js_sys::Date>().map(|date| date.get_time());
        date.or_else(|| value.as_f64())
    };
    let time = time.filter(|time| time.is_finite());
    time.map(Some).ok_or_else(|| wrong(name, expected, &value))
}

const FIELD_LIST: &str = "an array of field names, or of objects such as { messages: { limit: 5, fields: ['id'] } }";

/// Deeper than any selection that Graph would answer, so that one which holds itself comes to an end.
const DEEPEST: u32 = 8;

fn selection(value: &JsValue, depth: u32) -> Result<Selection, JsValue> {
    if !Array::is_array(value) {
        return Err(wrong("fields", FIELD_LIST, value));
    }
    if depth > DEEPEST {
        return Err(refused(InvalidOption::new("fields", &["is nested more than 8 levels deep"])));
    }
    let mut selection = Selection::default();
    for entry in Array::from(value).iter() {
        if let Some(name) = entry.as_string() {
            selection.add(Field::parse(&name).map_err(refused)?).map_err(refused)?;
        } else if Json::is_object(&entry) {
            for name in Object::keys(entry.unchecked_ref::<Object>()).iter().filter_map(|name| name.as_string()) {
                let edge = get(&entry, &name)?;
                if !edge.is_undefined() {
                    selection.add(expanded(&name, &edge, depth)?).map_err(refused)?;
                }
            }
        } else {
            return Err(wrong("fields", FIELD_LIST, &entry));
        }
    }
    Ok(selection)
}

/// An edge with its own limit and fields.
fn expanded(name: &str, value: &JsValue, depth: u32) -> Result<Field, JsValue> {
    if !Json::is_object(value) {
        return Err(wrong("fields", FIELD_LIST, value));
    }
    let (mut limit, mut fields) = (None, None);
    for (part, value) in value.members() {
        match part.as_str() {
            "limit" => {
                let number = whole_number(&value).filter(|&number| number > 0);
                let expected = "a limit of an edge that is a whole number, 1 or more";
                limit = Some(number.ok_or_else(|| wrong("fields", expected, &value))?);
            }
            "fields" => fields = Some(selection(&value, depth + 1)?),
            _ => {
                let problem = "an edge takes limit and fields; it was given something else";
                return Err(refused(InvalidOption::new("fields", &[problem])));
            }
        }
    }
    Field::edge(name, limit, fields).map_err(refused)
}
