//! A walk through a list: where it has been, what it has delivered, and what comes next.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::call::CallOptions;
use super::list::{List, Reading};
use super::owners::join;
use super::page::Page;
use super::trail::Trail;
use crate::host::value::{Seen, first_seen, leave_out, member, set};
use crate::host::wait::{hushed, promised};
use crate::protocol::catch_up::CatchUp;
use crate::protocol::paging::Next;
use crate::protocol::retry::later;

/// What a walk delivers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Conversations, each once.
    Conversations,
    /// Pages as Graph gave them.
    Pages,
    /// Nothing: somebody goes from page to page by hand.
    ByHand,
}

/// One walk.
pub struct Walk {
    list: Rc<List>,
    delivery: Delivery,
    call: CallOptions,
    /// Ends what is read ahead when nobody wants it any more.
    unwanted: Option<AbortController>,
    trail: Trail,
    seen: Seen,
    delivered: Cell<u32>,
    /// `maxItems` is reached.
    is_full: Cell<bool>,
    has_begun: Cell<bool>,
    ahead: RefCell<Option<Promise>>,
    catch_up: CatchUp,
    /// Since the walk or the pass began.
    has_delivered: Cell<bool>,
}

impl Walk {
    /// Begins at the list's first page.
    pub fn new(list: Rc<List>, delivery: Delivery) -> Result<Self, JsValue> {
        let (unwanted, call) = match delivery {
            // A walk by hand ends with each page.
            Delivery::ByHand => (None, list.call.clone()),
            _ => {
                let unwanted = AbortController::new()?;
                let call = list.call.wanted_until(&unwanted.signal());
                (Some(unwanted), call)
            }
        };
        let trail = Trail::new();
        if let Some(after) = &list.after {
            trail.leads_onward(after, 0);
        }
        Ok(Self {
            is_full: Cell::new(list.max_items == Some(0)),
            list,
            delivery,
            call,
            unwanted,
            trail,
            seen: Seen::new(),
            delivered: Cell::new(0),
            has_begun: Cell::new(false),
            ahead: RefCell::new(None),
            catch_up: CatchUp::default(),
            has_delivered: Cell::default(),
        })
    }

    /// Reads the first page, for somebody who goes from page to page by hand.
    pub fn first(self: Rc<Self>, held: &JsValue) -> Promise {
        let page = self.list.first_page(held, Reading::Plain);
        promised(self.handed_out(page))
    }

    /// Reads the page after one of this walk's.
    pub fn following(self: Rc<Self>, page: &Page) -> Promise {
        // Not ended with the walk: a page that was delivered goes on being one.
        let page = self.next_page(&self.list.call, page, Reading::Plain);
        promised(self.handed_out(page))
    }

    async fn handed_out(self: Rc<Self>, page: Promise) -> Result<JsValue, JsValue> {
        let page = Page(JsFuture::from(page).await?);
        self.joined(&self.list.call, &page, &page.conversations()).await?;
        Ok(page.0)
    }

    /// The next delivery, `{ page, fresh }`: a page, and of its conversations those that are to be delivered; `undefined`
    /// at the end. What comes after it is read while the caller works on it, never more than one page ahead.
    pub async fn next(self: Rc<Self>, held: JsValue) -> Result<JsValue, JsValue> {
        let ahead = self.ahead.take();
        let page = match ahead {
            Some(ahead) => ahead,
            None if self.has_begun.replace(true) || self.is_full.get() => return Ok(JsValue::UNDEFINED),
            None => {
                if self.list.catch_up && self.list.query.is_resumed() {
                    self.note_top().await?;
                }
                self.list.first_page(&held, Reading::Adaptive)
            }
        };
        let page = Page(JsFuture::from(page).await?);
        self.catch_up.note(page.newest());
        let fresh = self.deliver(&page);
        let onward = self.onward(&page);
        self.ahead.replace(onward);
        let wanted = if self.delivery == Delivery::Pages { &page.conversations() } else { &fresh };
        self.joined(&self.call, &page, wanted).await?;
        let delivery = Object::new();
        set(&delivery, "page", &page.0);
        set(&delivery, "fresh", &fresh);
        Ok(delivery.into())
    }

    /// Ends the walk: what is under way is cancelled, and nothing more is sent.
    pub fn end(&self) {
        self.is_full.set(true);
        self.ahead.take();
        // The walk stays in memory until the engine looks for what is left over: not all that it has seen as well.
        self.seen.clear();
        // With a reason of our own, which nobody sees: the standard one is an error, whose stack holds the objects of JavaScript
        // that hold this walk.
        if let Some(unwanted) = &self.unwanted {
            unwanted.abort_with_reason(&JsValue::NULL);
        }
    }

    /// A list that begins further down says nothing of what is newest now.
    async fn note_top(&self) -> Result<(), JsValue> {
        let query = Rc::new(self.list.query.from_the_top());
        let trail = Trail::new();
        let (mut cursor, mut number) = (None, 0);
        loop {
            let top = self.list.page(&self.call, &query, cursor, number, Reading::Unseen);
            let top = Page(JsFuture::from(top).await?);
            number += 1;
            cursor = match (top.newest(), top.next()) {
                (None, Next::After(cursor)) if trail.leads_onward(&cursor, number) => Some(cursor),
                (newest, _) => {
                    self.catch_up.note(newest);
                    // What stands at the mark was there before the walk began.
                    self.note_newest(&top);
                    return Ok(());
                }
            };
        }
    }

    fn next_page(&self, call: &CallOptions, page: &Page, reading: Reading) -> Promise {
        let number = page.number() + 1;
        let lost = match page.next() {
            Next::After(cursor) => {
                if self.trail.leads_onward(&cursor, number) {
                    return self.list.page(call, &self.list.query, Some(cursor), number, reading);
                }
                "Graph gave a cursor that it gave before: the list would go round in circles"
            }
            _ => "Graph names a next page, but no cursor to reach it by",
        };
        hushed(Promise::reject(&self.list.lost(lost)))
    }

    /// How pages but the first are read, which is the list's.
    fn reading(&self) -> Reading {
        if self.delivery == Delivery::Pages { Reading::Adaptive } else { Reading::Unseen }
    }

    /// What to read after a page, begun at once.
    fn onward(&self, page: &Page) -> Option<Promise> {
        if self.is_full.get() {
            return None;
        }
        if page.next() != Next::End && !self.reached_older(page) {
            return Some(self.next_page(&self.call, page, self.reading()));
        }
        if !self.list.catch_up || !self.catch_up.begins_pass(self.has_delivered.take(), page.number() == 0) {
            return None;
        }
        self.trail.clear();
        let query = Rc::new(self.list.query.from_the_top());
        Some(self.list.page(&self.call, &query, None, 0, self.reading()))
    }

    /// Where a page goes beyond what is to be delivered.
    fn end_of(&self, page: &Page) -> Option<u32> {
        // Below the mark, a list that was resumed has nothing that is its own.
        let floor = self.catch_up.floor().filter(|_| self.list.query.is_resumed());
        // The first that is older than either is the first that is older than the later one.
        page.first_older(later(self.list.updated_since, floor)?)
    }

    fn note_newest(&self, page: &Page) {
        let newest = page.newest();
        let conversations = page.conversations();
        for (index, time) in (0..).zip(page.times()) {
            if Some(time) == newest {
                self.seen.add(&member(&conversations.get(index), "id"));
            }
        }
    }

    /// Whether a page holds a conversation that is older than the walk goes.
    fn reached_older(&self, page: &Page) -> bool {
        let since = self.catch_up.floor().or(self.list.updated_since);
        since.is_some_and(|since| page.first_older(since).is_some())
    }

    /// Counts a page, and picks the conversations of it that are to be delivered: none twice, none after the end.
    fn deliver(&self, page: &Page) -> Array {
        let data = page.conversations();
        if self.delivery == Delivery::Pages {
            self.count(data.length());
            return Array::new();
        }
        let end = self.end_of(page).unwrap_or_else(|| data.length());
        let left = match self.list.max_items {
            Some(most) => most.saturating_sub(self.delivered.get()),
            None => u32::MAX,
        };
        let fresh = first_seen(&data, &self.seen, end, left);
        let count = fresh.length();
        self.count(count);
        self.has_delivered.set(self.has_delivered.get() || count > 0);
        fresh
    }

    fn count(&self, more: u32) {
        let delivered = self.delivered.get().saturating_add(more);
        self.delivered.set(delivered);
        if self.list.max_items.is_some_and(|most| delivered >= most) {
            self.is_full.set(true);
        }
    }

    /// Joins what is delivered of a page, and nothing else, with owners.
    async fn joined(&self, call: &CallOptions, page: &Page, wanted: &Array) -> Result<(), JsValue> {
        let list = &self.list;
        if !list.with_owner {
            return Ok(());
        }
        join(&list.client, call, &list.customers, &page.conversations(), wanted).await?;
        if list.query.unasked().contains(&"participants") {
            leave_out(wanted, "participants");
        }
        Ok(())
    }
}
