//! A list of conversations: what is asked for, and the reading of one page of it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;

use super::call::{ApiResponse, CallOptions, Problem, call};
use super::client::Client;
use super::owners::join;
use super::page::Page;
use super::params::{selection, time};
use crate::host::error::refused;
use crate::host::first_page::FirstPage;
use crate::host::options::Options;
use crate::host::page::{leave_out, mark};
use crate::host::timer::{now_ms, random};
use crate::host::value::set_property;
use crate::host::wait::{ignore_rejection, promised};
use crate::protocol::graph::conversations::{
    Filters, NO_TIME_PAGING, THREAD_OWNER, UNREADABLE, listing, require_fields,
};
use crate::protocol::graph::customer::Customers;
use crate::protocol::graph::listing::Listing;
use crate::protocol::paginator::page_reader::{Answer, PageReader, Question};
use crate::protocol::paginator::page_size::PageSize;
use crate::protocol::paginator::{PageAddress, PageSummary, WalkOptions};
use crate::protocol::text::join_piece;

/// What to say of options that people expect here because other edges of Graph have them.
pub fn hint(option: &str) -> Option<&'static str> {
    ["since", "until"].contains(&option).then_some(NO_TIME_PAGING)
}

/// A list that was asked for; nothing is sent before a page of it is.
pub struct List {
    /// Whose list it is.
    pub client: Rc<Client>,
    /// What is listed.
    pub listing: Rc<Listing>,
    /// The options of its calls.
    pub call: CallOptions,
    /// Where iterating ends.
    pub walk: WalkOptions,
    /// Each conversation is joined with the owner of its thread.
    pub with_owner: bool,
    is_watched: bool,
    /// Who is whose customer, as far as the pages read told.
    pub customers: RefCell<Customers>,
    /// How much is asked for at once.
    pub size: RefCell<PageSize>,
}

/// What a list is for, beside its options.
#[derive(Default)]
pub struct Wanted {
    /// Each conversation is joined with the owner of its thread.
    pub with_owner: bool,
    /// It is looked at again and again, so the times are read.
    pub is_watched: bool,
}

impl List {
    /// Makes a list of a client's, of options that were read.
    pub fn new(client: Rc<Client>, options: &Options, wanted: Wanted) -> Result<Self, JsValue> {
        let text = |name| options.text(name);
        let filters = Filters { folder: text("folder"), platform: text("platform"), user_id: text("userId") };
        let fields = options.value("fields").map(|fields| selection(&fields, 1)).transpose()?;
        let settings = Rc::clone(&client.session.borrow().settings);
        let mut listing = listing(&settings, &filters).map_err(refused)?;
        if let Some(fields) = fields {
            listing.select_fields(fields);
        }
        listing.set_cursors(text("after"), text("before")).map_err(refused)?;
        let walk = WalkOptions {
            max_items: options.whole("maxItems"),
            updated_since: time(options, "updatedSince")?,
            catch_up: wanted.is_watched || options.flag("catchUp"),
        };
        require_fields(&mut listing, &settings, walk.is_timed(), wanted.with_owner).map_err(refused)?;
        let customers = {
            let session = client.session.borrow();
            Customers::new(settings.page_id(), session.instagram_account_id.as_deref(), text("userId"))
        };
        Ok(Self {
            customers: RefCell::new(customers),
            size: RefCell::new(PageSize::of(&listing, options.whole("limit"))),
            call: CallOptions::of(options),
            client,
            listing: Rc::new(listing),
            walk,
            with_owner: wanted.with_owner,
            is_watched: wanted.is_watched,
        })
    }

    /// Reads a page. It is begun at once and goes on by itself: nobody need wait for it.
    pub fn page(self: &Rc<Self>, call: CallOptions, address: PageAddress, has_meta: bool) -> Promise {
        let this = Rc::clone(self);
        ignore_rejection(promised(async move { Ok(this.read(&call, address, has_meta).await?.0) }))
    }

    /// Joins those who read the first page. One who leaves it when `unwanted` is aborted does not wait for it any longer; when
    /// all have left, its request is cancelled.
    pub fn first_page(self: &Rc<Self>, shared: &FirstPage, unwanted: &JsValue, address: PageAddress) -> Promise {
        if !shared.is_begun() {
            let call = self.call.wanted_until(&shared.begin());
            // Whole pages show it, and so does whoever awaits the list.
            shared.share(&self.page(call, address, true));
        }
        shared.join(unwanted)
    }

    async fn read(&self, options: &CallOptions, address: PageAddress, has_meta: bool) -> Result<Page, Problem> {
        let client = &*self.client;
        let budget = options.budget(client);
        let mut reader = PageReader::new(&self.listing, address, self.walk.is_timed(), &budget);
        let mut kept = None;
        loop {
            let question = reader.question(&self.size.borrow());
            let outcome = match question {
                Question::Ask(plan) => call(client, &options.signals, plan, budget).await,
                Question::TakeKept => kept.take().ok_or(Problem::Thrown(JsValue::UNDEFINED)),
            };
            let answer = self.take(&mut reader, outcome);
            client.flush();
            match answer? {
                Some((Answer::Page(summary), response)) => {
                    return Ok(self.finish(&reader, &response, &summary, has_meta));
                }
                Some((Answer::Keep, response)) => kept = Some(response),
                None => {}
            }
        }
    }

    /// Hands the outcome of a call to the reader. Returns what the answer is, if there is one.
    fn take(
        &self,
        reader: &mut PageReader,
        outcome: Result<ApiResponse, Problem>,
    ) -> Result<Option<(Answer, ApiResponse)>, Problem> {
        let (session, size) = (&mut *self.client.session.borrow_mut(), &mut *self.size.borrow_mut());
        match outcome {
            Ok(mut response) => {
                let answer = reader.answered(session, size, &mut response, now_ms())?;
                Ok(Some((answer, response)))
            }
            Err(Problem::Undecided(failure)) => {
                reader.too_much(session, size, failure, now_ms(), random())?;
                Ok(None)
            }
            Err(Problem::Failed(failure)) => Err(reader.failed(session, failure).into()),
            Err(problem) => Err(problem),
        }
    }

    /// Joins what is delivered of a page, and nothing else, with owners.
    pub async fn join_owners(&self, call: &CallOptions, page: &Page, wanted: &Array) -> Result<(), JsValue> {
        if !self.with_owner {
            return Ok(());
        }
        join(&self.client, call, &self.customers, &page.entries(), wanted).await?;
        for name in self.listing.join_fields() {
            leave_out(wanted, name);
        }
        Ok(())
    }

    /// Makes a page of an answer: leaves out what was not asked for, and marks what could not be read.
    fn finish(&self, reader: &PageReader, response: &ApiResponse, summary: &PageSummary, has_meta: bool) -> Page {
        let page = Page::new(response, summary);
        let entries = page.entries();
        // What is joined and marked is ours: nothing that the answer calls so.
        leave_out(&entries, UNREADABLE);
        if self.with_owner {
            leave_out(&entries, THREAD_OWNER);
        }
        for name in self.listing.implicit_fields() {
            leave_out(&entries, name);
        }
        if let Some(name) = reader.added_field() {
            leave_out(&entries, name);
        }
        let mut unreadable = String::new();
        for name in &reader.unreadable() {
            join_piece(&mut unreadable, ",", name);
        }
        if !unreadable.is_empty() {
            mark(&entries, UNREADABLE, &unreadable);
        }
        if self.is_watched {
            set_property(&page.0, "began", &response.began_ms(now_ms()).into());
            set_property(&page.0, "usage", &response.usage().into());
        }
        if has_meta {
            page.set_meta(response);
        }
        page
    }
}
