//! A list of conversations: what is asked for, and the reading of one page of it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;

use super::call::{CallOptions, Problem, call};
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
use crate::protocol::paginator::{PageAddress, WalkOptions};
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
        let mut listing = listing(&client.session.borrow().settings, &filters).map_err(refused)?;
        if let Some(fields) = fields {
            listing.select_fields(fields);
        }
        listing.set_cursors(text("after"), text("before")).map_err(refused)?;
        let walk = WalkOptions {
            max_items: options.whole("maxItems"),
            updated_since: time(options, "updatedSince")?,
            catch_up: wanted.is_watched || options.flag("catchUp"),
        };
        let settings = Rc::clone(&client.session.borrow().settings);
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
            let (mut session, mut size) = (client.session.borrow_mut(), self.size.borrow_mut());
            let answer = match outcome {
                Ok(mut response) => {
                    let answer = reader.answered(&mut session, &mut size, &mut response, now_ms());
                    answer.map(|answer| Some((answer, response)))
                }
                Err(Problem::Undecided(failure)) => {
                    reader.too_much(&mut session, &mut size, failure, now_ms(), random()).map(|()| None)
                }
                Err(Problem::Failed(failure)) => Err(reader.failed(&session, failure)),
                Err(problem) => return Err(problem),
            };
            let (unreadable, added) = (reader.unreadable(), reader.added_field());
            drop((session, size));
            client.flush();
            match answer? {
                Some((Answer::Page(summary), response)) => {
                    let page = Page::new(&response, &summary);
                    self.finish(&page, &unreadable, added);
                    if self.is_watched {
                        if let Some(began_ms) = response.began_ms(now_ms()) {
                            set_property(&page.0, "began", &began_ms.into());
                        }
                        set_property(&page.0, "usage", &response.usage().into());
                    }
                    if has_meta {
                        page.set_meta(&response);
                    }
                    return Ok(page);
                }
                Some((Answer::Keep, response)) => kept = Some(response),
                None => {}
            }
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

    /// Leaves out of a page what was not asked for, and marks what could not be read.
    fn finish(&self, page: &Page, unreadable: &[String], added: Option<&str>) {
        let entries = page.entries();
        // What is joined and marked is ours: nothing that the answer calls so.
        leave_out(&entries, UNREADABLE);
        if self.with_owner {
            leave_out(&entries, THREAD_OWNER);
        }
        for name in self.listing.implicit_fields().iter().copied().chain(added) {
            leave_out(&entries, name);
        }
        if !unreadable.is_empty() {
            let mut names = String::new();
            for name in unreadable {
                join_piece(&mut names, ",", name);
            }
            mark(&entries, UNREADABLE, &names);
        }
    }
}
