//! Reads a Facebook Page's Messenger and Instagram inbox from the Graph API: its conversations, and which app owns each
//! thread.
//!
//! # In scope
//!
//! * `GET /{page-id}/conversations` and `GET /{page-id}/thread_owner`
//! * everything those two need to be relied on: checked options, typed errors, paging, redaction
//!
//! # Out of scope
//!
//! * sending messages, webhooks, login
//! * loading this module and shaping what users touch, which the hand-written half of the package does in JavaScript
//!
//! This file is the entry point: what crosses into JavaScript, and nothing else. Calls go one way: from here to `driver`,
//! which asks `protocol` what to do and does it over `host`.

mod driver;
mod host;
pub mod protocol;

use std::rc::Rc;

use driver::call::CallOptions;
use driver::list::{Wanted, hint};
use driver::owners::{Question, thread_owner_of as question_of, thread_owners};
use driver::page::Page;
use host::first_page::FirstPage;
use host::options::{Options, wrong};
use host::value::to_js;
use host::wait::promised;
use js_sys::Promise;
use protocol::call::meta;
use protocol::option::A_RECIPIENT;
use protocol::paginator::Delivery;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Half as large as the standard one, and allocates and frees in constant time.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A client for one Page.
#[wasm_bindgen]
pub struct Client(Rc<driver::client::Client>);

#[wasm_bindgen]
impl Client {
    /// Checks the options (`InboxOptions`); throws an `InboxError` at the first that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Client, JsValue> {
        let options = Options::read("options", options, "client", hint)?;
        Ok(Self(Rc::new(driver::client::Client::new(&options)?)))
    }

    /// A list of conversations, each with the owner of its thread if `with_owner`. Wrong parameters reject what is read
    /// from it. Where that is undefined, the parameters are those of the conversation with one person.
    pub fn list(&self, params: &JsValue, with_owner: Option<bool>) -> List {
        let accepts = if with_owner.is_some() { "list" } else { "conversation" };
        let wanted = Wanted { with_owner: with_owner == Some(true), is_watched: false };
        let options = Options::read("params", params, accepts, hint);
        List::from(options.and_then(|options| {
            if with_owner.is_none() && options.text("userId").is_none() {
                return Err(wrong("userId", A_RECIPIENT, &JsValue::UNDEFINED));
            }
            driver::list::List::new(Rc::clone(&self.0), &options, wanted)
        }))
    }

    /// A watch of what changes; throws at the first parameter that is wrong.
    pub fn watch(&self, params: &JsValue) -> Result<Watch, JsValue> {
        let options = Options::read("params", params, "watch", hint)?;
        Ok(Watch(Rc::new(driver::watch::Watch::new(Rc::clone(&self.0), &options)?)))
    }

    /// The owner of one thread.
    #[wasm_bindgen(js_name = threadOwner)]
    pub fn thread_owner(&self, recipient: &JsValue, options: &JsValue) -> Promise {
        answer(call_options(options).and_then(|options| Question::new(Rc::clone(&self.0), recipient, options)))
    }

    /// The owners of many threads.
    #[wasm_bindgen(js_name = threadOwners)]
    pub fn thread_owners(&self, recipients: &JsValue, options: &JsValue) -> Promise {
        thread_owners(Rc::clone(&self.0), recipients, call_options(options))
    }
}

fn call_options(options: &JsValue) -> Result<CallOptions, JsValue> {
    Ok(CallOptions::of(&Options::read("options", options, "call", |_| None)?))
}

/// A list of conversations without a client of its own: options and parameters in one object.
#[wasm_bindgen(js_name = listOf)]
pub fn list_of(options: &JsValue) -> List {
    let options = Options::read("options", options, "client list", hint);
    List::from(options.and_then(|options| {
        let client = Rc::new(driver::client::Client::new(&options)?);
        driver::list::List::new(client, &options, Wanted::default())
    }))
}

/// The owner of one thread: options and recipient in one object.
#[wasm_bindgen(js_name = threadOwnerOf)]
pub fn thread_owner_of(options: &JsValue) -> Promise {
    let options = Options::read("options", options, "client owner", |_| None);
    answer(options.and_then(|options| question_of(&options)))
}

fn answer(question: Result<Question, JsValue>) -> Promise {
    promised(async { question?.answer().await })
}

/// The `meta` of a page, of what Rust kept with it.
#[wasm_bindgen(js_name = metaOf)]
pub fn meta_of(status: u16, attempts: u32, headers: &str) -> JsValue {
    to_js(&meta::<JsValue>(status, attempts, headers))
}

/// A list of conversations, or why there is none.
#[wasm_bindgen]
pub struct List(Result<Rc<driver::list::List>, JsValue>);

impl From<Result<driver::list::List, JsValue>> for List {
    fn from(list: Result<driver::list::List, JsValue>) -> Self {
        Self(list.map(Rc::new))
    }
}

#[wasm_bindgen]
impl List {
    /// Begins a walk at the first page, to deliver whole pages or else single conversations, or nothing by itself; throws why
    /// there is none. What it reads is cancelled when a signal is aborted.
    pub fn walk(&self, pages: Option<bool>, unwanted: JsValue) -> Result<Walk, JsValue> {
        let delivery = match pages {
            Some(true) => Delivery::Pages,
            Some(false) => Delivery::Entries,
            None => Delivery::ByHand,
        };
        let list = self.0.clone()?;
        Ok(Walk(Rc::new(driver::walk::Walk::new(list, delivery, unwanted))))
    }
}

/// One walk through a list.
#[wasm_bindgen]
pub struct Walk(Rc<driver::walk::Walk>);

#[wasm_bindgen]
impl Walk {
    /// The next delivery, `[page, newItems]`: a page, and the conversations of it that are to be delivered. `undefined` at
    /// the end. `first_page` is the list's.
    #[wasm_bindgen(js_name = next)]
    pub fn advance(&self, first_page: FirstPage) -> Promise {
        promised(Rc::clone(&self.0).next(first_page))
    }

    /// Reads a page, for somebody who goes from page to page by hand: the one after `after`, a page of this list. Where that is
    /// undefined, reads the first page; `first_page` is the list's, and is used for nothing else.
    pub fn page(&self, after: JsValue, first_page: &JsValue) -> Promise {
        Rc::clone(&self.0).page(&Page(after), first_page.unchecked_ref())
    }

    /// Ends the walk: nothing more is sent.
    pub fn end(&self) {
        self.0.end();
    }
}

/// What changes in a list.
#[wasm_bindgen]
pub struct Watch(Rc<driver::watch::Watch>);

#[wasm_bindgen]
impl Watch {
    /// Waits until the next look is due, at most until a signal is aborted. `is_rate_limit` and
    /// `retry_after_ms` describe the failure of the last look, if it failed and waiting cures that.
    pub fn pause(&self, unwanted: &JsValue, is_rate_limit: Option<bool>, retry_after_ms: Option<f64>) -> Promise {
        self.0.pause(unwanted, is_rate_limit, retry_after_ms)
    }

    /// Begins a look, whose requests a signal ends.
    #[wasm_bindgen(js_name = beginLook)]
    pub fn begin_look(&self, unwanted: &JsValue) {
        self.0.begin_look(unwanted);
    }

    /// Reads the next page of the look. Resolves with those of its conversations that changed, an array whose `times` are
    /// theirs; at the end of the look with the new checkpoint, a string.
    #[wasm_bindgen(js_name = next)]
    pub fn advance(&self) -> Promise {
        promised(Rc::clone(&self.0).next())
    }
}
