//! A list of conversations: what is asked for, and the reading of one page of it.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};

use super::attempt::Numbers;
use super::call::{self, CallOptions, Plan, Problem, call};
use super::client::{self, Client};
use super::event::tell;
use super::owners::THREAD_OWNER;
use super::page::Page;
use super::params::{selection, updated_since};
use crate::host::error::{refused, rejection};
use crate::host::options::Options;
use crate::host::value::{leave_out, set};
use crate::host::wait::{hushed, promised};
use crate::protocol::conversations::{NO_TIME_PAGING, Query};
use crate::protocol::customer::Customers;
use crate::protocol::error::{Expected, Failure, Kind};
use crate::protocol::json::Json;
use crate::protocol::page_size::{Change, PageSize};

/// Its parameters.
pub const OPTIONS: &str = "folder:text platform:text userId:text fields:any limit:count after:text before:text \
    maxItems:whole updatedSince:any catchUp:flag";

/// What to say of options that people expect here because other edges of Graph have them.
pub fn hint(option: &str) -> Option<&'static str> {
    ["since", "until"].contains(&option).then_some(NO_TIME_PAGING)
}

/// A list that was asked for; nothing is sent before a page of it is.
pub struct List {
    /// Whose list it is.
    pub client: Rc<Client>,
    /// What is listed.
    pub query: Rc<Query>,
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
    /// Who is whose customer, as far as the pages read told.
    pub customers: Customers,
    size: PageSize,
}

/// Where the first page is kept.
const FIRST: &str = "first";

/// How a page is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As it was asked for.
    Plain,
    /// With fewer conversations where Graph can not deliver as many.
    Adaptive,
    /// The same, of a page that nobody gets as one: how its answer came about is not of interest.
    Unseen,
}

impl List {
    /// A list of a client's.
    pub fn new(client: Rc<Client>, params: &JsValue, with_owner: bool) -> Result<Self, JsValue> {
        let options = Options::read("params", params, &[OPTIONS, call::OPTIONS, call::LIMITS], hint)?;
        Self::of(client, &options, with_owner)
    }

    /// The same, with everything in one object.
    pub fn standalone(value: &JsValue) -> Result<Self, JsValue> {
        let known = [client::OPTIONS, OPTIONS, call::OPTIONS, call::LIMITS];
        let options = Options::read("options", value, &known, hint)?;
        Self::of(Rc::new(Client::new(&options)?), &options, false)
    }

    fn of(client: Rc<Client>, options: &Options, with_owner: bool) -> Result<Self, JsValue> {
        let mut query = Query::default();
        if let Some(fields) = options.value("fields") {
            query.fields(selection(&fields, 1)?);
        }
        let text = |name| options.text(name);
        let after = text("after");
        let read = query.select(text("folder"), text("platform"), text("userId"));
        read.and_then(|()| query.between(after.clone(), text("before"))).map_err(refused)?;
        let updated_since = updated_since(options)?;
        let catch_up = options.flag("catchUp");
        if updated_since.is_some() || catch_up {
            query.needs("updated_time");
        }
        if with_owner {
            query.needs("participants");
        }
        Ok(Self {
            customers: Customers::new(client.settings.page_id(), client.instagram_account_id.as_deref()),
            size: PageSize::new(options.whole("limit")),
            call: CallOptions::of(options),
            max_items: options.whole("maxItems"),
            client,
            query: Rc::new(query),
            after,
            updated_since,
            catch_up,
            with_owner,
        })
    }

    /// The first page: read once, however often and by however many it is asked for; one that failed is read again. It is
    /// kept in an object of the caller's, not here: what Rust holds stays in memory until much else has gone.
    pub fn first_page(self: &Rc<Self>, held: &JsValue, reading: Reading) -> Promise {
        if let Some(begun) = held.get(FIRST) {
            return begun.unchecked_into();
        }
        let (this, held_too) = (Rc::clone(self), held.clone());
        let first = hushed(promised(async move {
            let outcome = this.read(&this.call, &this.query, None, 0, reading).await;
            if outcome.is_err() {
                set(&held_too, FIRST, &JsValue::UNDEFINED);
            }
            Ok(outcome?.0)
        }));
        set(held, FIRST, &first);
        first
    }

    /// Reads the first page, or the one after a cursor. It is begun at once and goes on by itself: nobody need wait for it.
    pub fn page(
        self: &Rc<Self>,
        call: &CallOptions,
        query: &Rc<Query>,
        cursor: Option<String>,
        number: u32,
        reading: Reading,
    ) -> Promise {
        let (this, call, query) = (Rc::clone(self), call.clone(), Rc::clone(query));
        hushed(promised(async move { Ok(this.read(&call, &query, cursor.as_deref(), number, reading).await?.0) }))
    }

    async fn read(
        &self,
        call_options: &CallOptions,
        query: &Query,
        cursor: Option<&str>,
        number: u32,
        reading: Reading,
    ) -> Result<Page, Problem> {
        let is_adaptive = reading != Reading::Plain;
        let client = &*self.client;
        let pace = client
            .paces
            .as_ref()
            .map(|[messenger, instagram]| if query.is_instagram() { instagram } else { messenger });
        // The failure of the one conversation that is asked for, whose ID can be told all the same.
        let mut unreadable = None;
        loop {
            let bare = unreadable.is_some().then(|| query.bare());
            let (asked, limit) = match &bare {
                Some(bare) => (bare, Some(1)),
                None => (query, self.size.limit()),
            };
            let request = asked.request(&client.settings, limit, cursor);
            let can_ask_for_less = is_adaptive && bare.is_none() && self.size.can_shrink();
            let (numbers, expected) = (Numbers::AsParsed, Expected::Object);
            let plan = Plan { request: &request, numbers, expected, pace, can_ask_for_less };
            let outcome = call(client, call_options, &plan).await;
            let timed = self.updated_since.is_some() || self.catch_up;
            let described = reading != Reading::Unseen;
            match outcome.and_then(|answered| Page::read(&answered, number, timed, described)) {
                Ok(page) => {
                    self.finish(&page, query, bare.is_some(), is_adaptive);
                    return Ok(page);
                }
                Err(Problem::Failed(failure)) => {
                    if let Some(first) = unreadable {
                        return Err(Problem::Failed(first));
                    } else if can_ask_for_less && failure.asks_for_less() {
                        self.tell_size(self.size.shrink());
                    } else if is_adaptive && failure.asks_for_less() {
                        unreadable = Some(failure);
                    } else {
                        return Err(failure.into());
                    }
                }
                Err(problem) => return Err(problem),
            }
        }
    }

    /// Leaves out of a page what was not asked for, and tells of what is missing.
    fn finish(&self, page: &Page, query: &Query, is_bare: bool, is_adaptive: bool) {
        if is_bare {
            page.leave_ids();
            for conversation in page.conversations().iter() {
                let id = conversation.get_text("id").unwrap_or_default();
                tell(&self.client, "unreadable", &|event| {
                    event.text("conversationId", Some(&id));
                });
            }
            return;
        }
        if is_adaptive && let Some(change) = self.size.succeeded() {
            self.tell_size(change);
        }
        if self.with_owner {
            // What is joined is ours: nothing that the answer calls so.
            leave_out(&page.conversations(), THREAD_OWNER);
        }
        for name in query.unasked() {
            // The participants are still needed, to find the customer.
            if !(self.with_owner && *name == "participants") {
                leave_out(&page.conversations(), name);
            }
        }
    }

    /// Paging that leads nowhere.
    pub fn lost(&self, what: &str) -> JsValue {
        let request = self.query.request(&self.client.settings, self.size.limit(), None);
        let path = self.client.shown_target(&request);
        rejection(&Failure::new(Kind::Response, &[what]).located(request.method(), &path, 0))
    }

    fn tell_size(&self, Change { from, to }: Change) {
        tell(&self.client, "page_size", &|event| {
            event.number("from", Some(from.into())).number("to", Some(to.into()));
        });
    }
}
