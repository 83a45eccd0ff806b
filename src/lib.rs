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
//! This file is the door: what crosses into JavaScript, and nothing else. Data flows one way: from here `inbox` asks
//! `protocol` what to do, `host` does it, and `protocol` says what it means.

mod host;
mod inbox;
pub mod protocol;

use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

/// A promise of what a future gives. Boxed, because the code that drives a future is compiled for every type of one.
fn promised(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let future: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin(future);
    future_to_promise(future)
}

/// A client for one Page.
#[wasm_bindgen]
pub struct Client(Rc<inbox::client::Client>);

#[wasm_bindgen]
impl Client {
    /// Checks the options (`InboxOptions`); throws an `InboxError` at the first that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Client, JsValue> {
        Ok(Self(Rc::new(inbox::client::Client::new(options, &[])?)))
    }

    /// A list of conversations. Wrong parameters reject what is read from it.
    pub fn list(&self, params: &JsValue) -> List {
        List::from(inbox::list::List::new(Rc::clone(&self.0), params))
    }

    /// The owner of one thread.
    #[wasm_bindgen(js_name = threadOwner)]
    pub fn thread_owner(&self, recipient: JsValue, options: JsValue) -> Promise {
        let client = Rc::clone(&self.0);
        promised(inbox::owners::thread_owner(client, recipient, options))
    }
}

/// A list of conversations without a client of its own: options and parameters in one object.
#[wasm_bindgen(js_name = listOf)]
pub fn list_of(options: &JsValue) -> List {
    List::from(inbox::list::List::standalone(options))
}

/// The owner of one thread: options and recipient in one object.
#[wasm_bindgen(js_name = threadOwnerOf)]
pub fn thread_owner_of(options: JsValue) -> Promise {
    promised(inbox::owners::thread_owner_of(options))
}

/// A list of conversations, or why there is none.
#[wasm_bindgen]
pub struct List(Result<Rc<inbox::list::List>, JsValue>);

impl From<Result<inbox::list::List, JsValue>> for List {
    fn from(list: Result<inbox::list::List, JsValue>) -> Self {
        Self(list.map(Rc::new))
    }
}

#[wasm_bindgen]
impl List {
    /// Begins a walk at the first page; throws why there is none.
    pub fn walk(&self) -> Result<Walk, JsValue> {
        let list = self.0.clone()?;
        Ok(Walk(Rc::new(inbox::list::Walk::new(list))))
    }
}

/// One walk through a list.
#[wasm_bindgen]
pub struct Walk(Rc<inbox::list::Walk>);

#[wasm_bindgen]
impl Walk {
    /// Reads the first page.
    pub fn first(&self) -> Promise {
        promised(Rc::clone(&self.0).first())
    }

    /// Reads the page after one of this list's.
    pub fn following(&self, page: JsValue) -> Promise {
        promised(Rc::clone(&self.0).following(page))
    }

    /// Whether there is nothing more to deliver, whatever Graph still has.
    #[wasm_bindgen(js_name = isOver)]
    pub fn is_over(&self) -> bool {
        self.0.is_over()
    }

    /// Counts a page that is delivered whole.
    pub fn passed(&self, page: &JsValue) -> Result<(), JsValue> {
        self.0.passed(page)
    }

    /// The conversations of a page that are still to be delivered.
    pub fn take(&self, page: &JsValue) -> Result<Array, JsValue> {
        self.0.take(page)
    }
}
