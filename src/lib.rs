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
use js_sys::{Array, Promise};
use protocol::call::meta;
use protocol::option::A_RECIPIENT;
use protocol::paginator::Delivery;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

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
        Ok(Watch(driver::watch::Watch::new(Rc::clone(&self.0), &options)?))
    }

    /// The owner of one thread.
    #[wasm_bindgen(js_name = threadOwner)]
    pub fn thread_owner(&self, recipient: &JsValue, options: &JsValue) -> Promise {
        let question = call_options(options).and_then(|options| Question::new(Rc::clone(&self.0), recipient, options));
        promised(async { question?.answer().await })
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
    let question = options.and_then(|options| question_of(&options));
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
    /// The next delivery, `{ page, newItems }`: a page, and the conversations of it that are to be delivered. `undefined` at
    /// the end. `first_page` is the list's.
    #[wasm_bindgen(js_name = next)]
    pub fn advance(&self, first_page: FirstPage) -> Promise {
        promised(Rc::clone(&self.0).next(first_page))
    }

    /// Reads the first page, for somebody who goes from page to page by hand.
    pub fn first(&self, first_page: &FirstPage) -> Promise {
        Rc::clone(&self.0).first(first_page)
    }

    /// Reads the page after one of this list's.
    pub fn following(&self, page: JsValue) -> Promise {
        Rc::clone(&self.0).following(&Page(page))
    }

    /// Ends the walk: nothing more is sent.
    pub fn end(&self) {
        self.0.end();
    }
}

/// What changes in a list.
#[wasm_bindgen]
pub struct Watch(driver::watch::Watch);

#[wasm_bindgen]
impl Watch {
    /// Waits until the next look is due, at most until a signal is aborted.
    pub fn pause(&self, unwanted: &JsValue) -> Promise {
        self.0.pause(unwanted)
    }

    /// Begins a look, whose requests a signal ends.
    #[wasm_bindgen(js_name = beginLook)]
    pub fn begin_look(&self, unwanted: &JsValue) {
        self.0.begin_look(unwanted);
    }

    /// Reads the next page of the look; `undefined` when it is over.
    pub fn page(&self) -> Option<Promise> {
        self.0.page()
    }

    /// Returns those of a page's conversations that changed, an array whose `times` are theirs.
    pub fn changed(&self, page: JsValue) -> Array {
        self.0.changed(&Page(page))
    }

    /// Joins conversations of a page with the owners of their threads, where that is wanted.
    pub fn join(&self, page: JsValue, wanted: Array) -> Promise {
        self.0.join(Page(page), wanted)
    }

    /// Ends a look all of whose pages were read. Returns the new checkpoint.
    #[wasm_bindgen(js_name = finishLook)]
    pub fn finish_look(&self) -> String {
        self.0.finish_look()
    }

    /// Takes the failure of a look that waiting cures.
    pub fn failed(&self, retry_after_ms: Option<f64>, is_rate_limit: bool) {
        self.0.failed(retry_after_ms, is_rate_limit);
    }
}
