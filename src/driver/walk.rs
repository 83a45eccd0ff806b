//! A walk through a list: reads the pages that the protocol asks for, and delivers what it says.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Set};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::call::CallOptions;
use super::list::List;
use super::page::Page;
use crate::host::error::rejection;
use crate::host::first_page::FirstPage;
use crate::host::page::first_seen;
use crate::host::timer::{now_ms, random};
use crate::host::wait::{ignore_rejection, promised};
use crate::protocol::paginator::{Delivery, Paginator, Step};

/// One walk.
pub struct Walk {
    list: Rc<List>,
    call: CallOptions,
    /// Aborted when nobody wants any more what it reads; `undefined` where nothing ends it.
    unwanted: JsValue,
    paginator: RefCell<Paginator>,
    seen: Set,
    /// What is read next: a promise of a page, begun already. `None` before the first.
    ahead: RefCell<Option<Option<Promise>>>,
}

impl Walk {
    /// Begins at the list's first page. A walk by hand has no signal that ends it: it ends with each page.
    pub fn new(list: Rc<List>, delivery: Delivery, unwanted: JsValue) -> Self {
        let call = list.call.wanted_until(&unwanted);
        let paginator = Paginator::new(Rc::clone(&list.listing), delivery, list.walk, random());
        Self {
            list,
            call,
            unwanted,
            paginator: RefCell::new(paginator),
            seen: Set::new(&JsValue::UNDEFINED),
            ahead: RefCell::default(),
        }
    }

    /// Reads a page, for somebody who goes from page to page by hand: the one after `after`, a page of this walk, or the first
    /// one where that is undefined.
    pub fn page(self: Rc<Self>, after: &Page, shared: &FirstPage) -> Promise {
        let step = if after.0.is_undefined() {
            self.paginator.borrow().start()
        } else {
            self.paginator.borrow_mut().following(&self.list.client.session.borrow(), &after.summary())
        };
        // Not ended with the walk: a page that was delivered goes on being one.
        let page = self.begin(step, &self.list.call, shared);
        promised(self.finish_page(page))
    }

    async fn finish_page(self: Rc<Self>, page: Option<Promise>) -> Result<JsValue, JsValue> {
        let Some(page) = page else { return Ok(JsValue::UNDEFINED) };
        let page = Page(JsFuture::from(page).await?);
        self.list.join_owners(&self.list.call, &page, &page.entries()).await?;
        Ok(page.0)
    }

    /// The next delivery, `[page, newItems]`: a page, and of its entries those that are to be delivered; `undefined` at
    /// the end. What comes after it is read while the caller works on it, never more than one page ahead.
    pub async fn next(self: Rc<Self>, shared: FirstPage) -> Result<JsValue, JsValue> {
        loop {
            let ahead = self.ahead.replace(Some(None));
            let page = match ahead {
                Some(page) => page,
                None => {
                    let step = self.paginator.borrow().start();
                    self.begin(step, &self.call, &shared)
                }
            };
            let Some(page) = page else { return Ok(JsValue::UNDEFINED) };
            let page = Page(JsFuture::from(page).await?);
            let (entries, summary) = (page.entries(), page.summary());
            let window = self.paginator.borrow_mut().arrived(&summary);
            let new_items = first_seen(&entries, &self.seen, &window.known, window.end, window.most);
            let step = {
                let session = self.list.client.session.borrow();
                self.paginator.borrow_mut().next(&session, &summary, new_items.length(), now_ms())
            };
            let following = self.begin(step, &self.call, &shared);
            self.ahead.replace(Some(following));
            if window.is_internal {
                continue;
            }
            let wanted = if window.is_whole { &entries } else { &new_items };
            self.list.join_owners(&self.call, &page, wanted).await?;
            return Ok(Array::of2(&page.0, &new_items).into());
        }
    }

    /// Begins to read what comes next, if anything.
    fn begin(&self, step: Step, call: &CallOptions, shared: &FirstPage) -> Option<Promise> {
        match step {
            Step::Read(address) if address.is_shared() => Some(self.list.first_page(shared, &self.unwanted, address)),
            Step::Read(address) => {
                let has_meta = self.paginator.borrow().shows(&address);
                Some(self.list.page(call.clone(), address, has_meta))
            }
            Step::Fail(failure) => Some(ignore_rejection(Promise::reject(&rejection(&failure)))),
            Step::End => None,
        }
    }

    /// Ends the walk: nothing more is sent.
    pub fn end(&self) {
        self.paginator.borrow_mut().end();
        self.ahead.replace(Some(None));
        // The walk stays in memory until the engine looks for what is left over: not all that it has seen as well.
        self.seen.clear();
    }
}
