//! A watch of a list: reads what a look asks for, and says what of it changed. `watch.js` makes look after look.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;

use super::call::CallOptions;
use super::client::Client;
use super::list::{List, Wanted};
use super::page::Page;
use super::params::time;
use crate::host::error::{refused, rejection};
use crate::host::options::Options;
use crate::host::page::{pick, set_times};
use crate::host::timer::{now_ms, random};
use crate::host::value::get_property;
use crate::host::wait::{promised, race};
use crate::protocol::paginator::Step;
use crate::protocol::watch::{self, Arrival, Scope, Start};

/// One watch.
pub struct Watch {
    list: Rc<List>,
    state: RefCell<watch::Watch>,
    /// The calls of the current look.
    call: RefCell<CallOptions>,
    /// What the current look reads next.
    step: RefCell<Step>,
}

impl Watch {
    /// Makes a watch of options that were read. Nothing is sent.
    pub fn new(client: Rc<Client>, options: &Options) -> Result<Self, JsValue> {
        let wanted = Wanted { with_owner: options.flag("withOwner"), is_watched: true };
        let list = Rc::new(List::new(client, options, wanted)?);
        let start = Start {
            checkpoint: options.text("checkpoint"),
            since_ms: time(options, "since")?,
            interval_ms: options.whole("intervalMs"),
        };
        let (platform, folder) = (options.text("platform"), options.text("folder"));
        let scope = {
            let session = list.client.session.borrow();
            Scope::new(session.settings.page_id(), platform.as_deref(), folder.as_deref())
        };
        let state = watch::Watch::new(Rc::clone(&list.listing), scope, &start).map_err(refused)?;
        let call = RefCell::new(list.call.clone());
        Ok(Self { list, state: RefCell::new(state), call, step: RefCell::new(Step::End) })
    }

    /// Waits until the next look is due, at most until a signal of the caller's or this one is aborted.
    pub fn pause(&self, unwanted: &JsValue) -> Promise {
        let client = &self.list.client;
        let delay_ms = self.state.borrow_mut().pause(&mut client.session.borrow_mut());
        client.flush();
        race(&JsValue::UNDEFINED, delay_ms.unwrap_or_default(), &self.list.call.wanted_until(unwanted).signals)
    }

    /// Begins a look, whose requests a signal ends.
    pub fn begin_look(&self, unwanted: &JsValue) {
        let list = &*self.list;
        list.size.borrow_mut().begin_again();
        let mut call = list.call.wanted_until(unwanted);
        call.deadline_ms = Some(call.budget(&list.client).deadline_ms);
        self.call.replace(call);
        self.step.replace(self.state.borrow_mut().begin_look(now_ms(), random()));
    }

    /// Reads the next page of the look; `undefined` when it is over.
    pub fn page(&self) -> Option<Promise> {
        match self.step.replace(Step::End) {
            Step::Read(address) => Some(self.list.page(self.call.borrow().clone(), address, false)),
            Step::Fail(failure) => Some(Promise::reject(&rejection(&failure))),
            Step::End => None,
        }
    }

    /// Returns those of a page's conversations that changed, an array whose `times` are theirs.
    pub fn changed(&self, page: &Page) -> Array {
        let (entries, summary) = (page.entries(), page.summary());
        let number = |name| get_property(&page.0, name).as_f64();
        let arrival = Arrival { page: &summary, began_ms: number("began"), usage: number("usage").unwrap_or_default() };
        let id_of = |position| get_property(&entries.get(position), "id").as_string().unwrap_or_default();
        let (positions, times, step) = {
            let session = self.list.client.session.borrow();
            self.state.borrow_mut().arrived(&session, arrival, &id_of, now_ms())
        };
        self.step.replace(step);
        let changed = pick(&entries, &positions);
        set_times(&changed, &times);
        changed
    }

    /// Joins conversations of a page with the owners of their threads, where that is wanted.
    pub fn join(&self, page: Page, wanted: Array) -> Promise {
        let (list, call) = (Rc::clone(&self.list), self.call.borrow().clone());
        promised(async move { list.join_owners(&call, &page, &wanted).await.map(|()| JsValue::UNDEFINED) })
    }

    /// Ends a look all of whose pages were read. Returns the new checkpoint.
    pub fn finish_look(&self) -> String {
        let mut state = self.state.borrow_mut();
        state.finish_look();
        state.checkpoint()
    }

    /// Takes the failure of a look that waiting cures.
    pub fn failed(&self, retry_after_ms: Option<f64>, is_rate_limit: bool) {
        self.state.borrow_mut().failed(retry_after_ms, is_rate_limit);
    }
}
