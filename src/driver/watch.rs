//! A watch of a list: reads what a look asks for, and says what of it changed. `watch.js` makes look after look.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

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
use crate::host::wait::race;
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

    /// Waits until the next look is due, at most until a signal of the caller's or this one is aborted. `is_rate_limit` and
    /// `retry_after_ms` describe the failure of the last look, if it failed and waiting cures that.
    pub fn pause(&self, unwanted: &JsValue, is_rate_limit: Option<bool>, retry_after_ms: Option<f64>) -> Promise {
        let client = &self.list.client;
        let delay_ms = {
            let mut state = self.state.borrow_mut();
            if let Some(is_rate_limit) = is_rate_limit {
                state.failed(retry_after_ms, is_rate_limit);
            }
            state.pause(&mut client.session.borrow_mut())
        };
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

    /// Reads the next page of the look, and returns those of its conversations that changed: an array whose `times` are
    /// theirs, joined with the owners of their threads where that is wanted. At the end of the look, returns the new
    /// checkpoint, a string.
    pub async fn next(self: Rc<Self>) -> Result<JsValue, JsValue> {
        let call = self.call.borrow().clone();
        let page = match self.step.replace(Step::End) {
            Step::Read(address) => self.list.page(call.clone(), address, false),
            Step::Fail(failure) => return Err(rejection(&failure)),
            Step::End => {
                let mut state = self.state.borrow_mut();
                state.finish_look();
                return Ok(state.checkpoint().into());
            }
        };
        let page = Page(JsFuture::from(page).await?);
        let changed = self.changed(&page);
        self.list.join_owners(&call, &page, &changed).await?;
        Ok(changed.into())
    }

    fn changed(&self, page: &Page) -> Array {
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
}
