//! A list of conversations: what is asked for, and the reading of one page of it.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::ahead::Ahead;
use super::attempt::Numbers;
use super::call::{self, CallOptions, Plan, Problem, call};
use super::client::{self, Client};
use super::event::{Event, tell};
use super::page::Page;
use super::params::{FIELD_LIST, selection, updated_since};
use crate::host::error::refused;
use crate::host::options::Options;
use crate::protocol::conversations::{NO_TIME_PAGING, Query};
use crate::protocol::error::{Expected, Failure, Kind};
use crate::protocol::json::Json;
use crate::protocol::page_size::{Change, PageSize};

/// The names of its parameters.
pub const OPTIONS: &[&str] =
    &["folder", "platform", "userId", "fields", "limit", "after", "before", "maxItems", "updatedSince", "catchUp"];

/// What to say of options that people expect here because other edges of Graph have them.
pub fn hint(option: &str) -> Option<&'static str> {
    ["since", "until"].contains(&option).then_some(NO_TIME_PAGING)
}

/// A list that was asked for; nothing is sent before a page of it is.
pub struct List {
    /// Whose list it is.
    pub client: Rc<Client>,
    /// What is listed.
    pub query: Query,
    /// The options of its calls.
    pub call: CallOptions,
    /// The cursor it was resumed behind.
    pub after: Option<String>,
    /// Iterating ends after this many.
    pub max_items: Option<u32>,
    /// Iterating ends at the first that is older, in milliseconds since 1970.
    pub updated_since: Option<f64>,
    /// Iterating ends by reading the newest pages again.
    pub catch_up: bool,
    /// Each conversation is joined with the owner of its thread.
    pub with_owner: bool,
    /// The first page, read once however often the list is used.
    first: RefCell<Option<Ahead>>,
    size: PageSize,
}

/// How a page is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As it was asked for.
    Plain,
    /// With fewer conversations where Graph can not deliver as many.
    Adaptive,
}

impl List {
    /// A list of a client's.
    pub fn new(client: Rc<Client>, params: &JsValue, with_owner: bool) -> Result<Self, JsValue> {
        let options = Options::new("params", params, &[OPTIONS, call::OPTIONS, call::LIMITS], hint)?;
        Self::read(client, &options, with_owner)
    }

    /// The same, with everything in one object.
    pub fn standalone(value: &JsValue) -> Result<Self, JsValue> {
        let client = Client::new(value, &[OPTIONS, call::OPTIONS])?;
        let known = [client::OPTIONS, OPTIONS, call::OPTIONS, call::LIMITS];
        Self::read(Rc::new(client), &Options::new("options", value, &known, hint)?, false)
    }

    fn read(client: Rc<Client>, options: &Options, with_owner: bool) -> Result<Self, JsValue> {
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
        let after = options.text("after")?;
        query.between(after.clone(), options.text("before")?).map_err(refused)?;
        let updated_since = updated_since(options)?;
        let catch_up = options.flag("catchUp")?;
        if updated_since.is_some() || catch_up {
            query.needs("updated_time");
        }
        if with_owner {
            query.needs("participants");
        }
        Ok(Self {
            size: PageSize::new(options.whole("limit", 1)?),
            call: CallOptions::read(options)?,
            max_items: options.whole("maxItems", 0)?,
            first: RefCell::new(None),
            client,
            query,
            after,
            updated_since,
            catch_up,
            with_owner,
        })
    }

    /// The first page: read once, however often and by however many it is asked for; one that failed is read again.
    pub async fn first_page(self: &Rc<Self>, reading: Reading) -> Result<Page, Problem> {
        let begun = self.first.borrow().clone();
        let first = begun.unwrap_or_else(|| {
            let this = Rc::clone(self);
            let first = Ahead::begin(async move { this.page(&this.call, &this.query, None, 0, reading).await });
            self.first.replace(Some(first.clone()));
            first
        });
        let outcome = first.wait().await;
        if outcome.is_err() {
            self.first.replace(None);
        }
        outcome
    }

    /// Reads the first page, or the one after a cursor.
    pub async fn page(
        &self,
        call: &CallOptions,
        query: &Query,
        cursor: Option<&str>,
        number: u32,
        reading: Reading,
    ) -> Result<Page, Problem> {
        let is_adaptive = reading == Reading::Adaptive;
        loop {
            let can_ask_for_less = is_adaptive && self.size.can_shrink();
            match self.request(call, query, self.size.limit(), cursor, number, can_ask_for_less).await {
                Ok(page) => {
                    if is_adaptive && let Some(change) = self.size.succeeded() {
                        self.tell_size(change);
                    }
                    for name in query.unasked() {
                        // The participants are still needed, to find the customer.
                        if !(self.with_owner && *name == "participants") {
                            page.leave_out(name);
                        }
                    }
                    return Ok(page);
                }
                Err(Problem::Failed(failure)) if is_adaptive && failure.code() == Some(1) => {
                    if !can_ask_for_less {
                        return self.unreadable(call, query, cursor, number, *failure).await;
                    }
                    self.tell_size(self.size.shrink());
                }
                Err(problem) => return Err(problem),
            }
        }
    }

    /// One conversation that Graph fails to expand would end every list it is in: its ID can be told all the same.
    async fn unreadable(
        &self,
        call: &CallOptions,
        query: &Query,
        cursor: Option<&str>,
        number: u32,
        failure: Failure,
    ) -> Result<Page, Problem> {
        match self.request(call, &query.bare(), Some(1), cursor, number, false).await {
            Ok(mut page) => {
                page.leave_ids();
                for conversation in page.conversations.iter() {
                    let id = conversation.get_text("id").unwrap_or_default();
                    tell(self.client.on_event.as_ref(), &Event::Unreadable { conversation_id: &id });
                }
                Ok(page)
            }
            Err(Problem::Failed(_)) => Err(failure.into()),
            Err(thrown) => Err(thrown),
        }
    }

    async fn request(
        &self,
        call_options: &CallOptions,
        query: &Query,
        limit: Option<u32>,
        cursor: Option<&str>,
        number: u32,
        can_ask_for_less: bool,
    ) -> Result<Page, Problem> {
        let request = query.request(&self.client.settings, limit, cursor);
        let [messenger, instagram] = self.client.paces.as_ref().map_or([None, None], |[a, b]| [Some(a), Some(b)]);
        let plan = Plan {
            request: &request,
            numbers: Numbers::AsParsed,
            expected: Expected::Object,
            pace: if query.is_instagram() { instagram } else { messenger },
            can_ask_for_less,
        };
        let answered = call(&self.client, call_options, &plan).await?;
        let timed = self.updated_since.is_some() || self.catch_up;
        Page::read(&answered, number, timed)
    }

    /// Paging that leads nowhere.
    pub fn lost(&self, what: &str) -> Problem {
        let request = self.query.request(&self.client.settings, self.size.limit(), None);
        Failure::new(Kind::Response, &[what]).located(request.method(), &self.client.shown_target(&request), 0).into()
    }

    fn tell_size(&self, Change { from, to }: Change) {
        tell(self.client.on_event.as_ref(), &Event::PageSize { from, to });
    }
}
