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

use std::rc::Rc;

use host::options::Options;
use host::wait::promised;
use inbox::page::Page;
use inbox::walk::Delivery;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Half as large as the standard one, and takes and gives in constant time.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A client for one Page.
#[wasm_bindgen]
pub struct Client(Rc<inbox::client::Client>);

#[wasm_bindgen]
impl Client {
    /// Checks the options (`InboxOptions`); throws an `InboxError` at the first that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Client, JsValue> {
        let known = [inbox::client::OPTIONS, inbox::call::LIMITS];
        let options = Options::read("options", options, &known, inbox::list::hint)?;
        Ok(Self(Rc::new(inbox::client::Client::new(&options)?)))
    }

    /// A list of conversations, each with the owner of its thread if `with_owner`. Wrong parameters reject what is read
    /// from it.
    pub fn list(&self, params: &JsValue, with_owner: bool) -> List {
        List::from(inbox::list::List::new(Rc::clone(&self.0), params, with_owner))
    }

    /// The owner of one thread.
    #[wasm_bindgen(js_name = threadOwner)]
    pub fn thread_owner(&self, recipient: &JsValue, options: &JsValue) -> Promise {
        inbox::owners::thread_owner(Rc::clone(&self.0), recipient, options)
    }

    /// The owners of many threads.
    #[wasm_bindgen(js_name = threadOwners)]
    pub fn thread_owners(&self, recipients: &JsValue, options: &JsValue) -> Promise {
        inbox::owners::thread_owners(Rc::clone(&self.0), recipients, options)
    }
}

/// A list of conversations without a client of its own: options and parameters in one object.
#[wasm_bindgen(js_name = listOf)]
pub fn list_of(options: &JsValue) -> List {
    List::from(inbox::list::List::standalone(options))
}

/// The owner of one thread: options and recipient in one object.
#[wasm_bindgen(js_name = threadOwnerOf)]
pub fn thread_owner_of(options: &JsValue) -> Promise {
    inbox::owners::thread_owner_of(options)
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
    /// Begins a walk at the first page, to deliver whole pages or else single conversations, or nothing by itself; throws why
    /// there is none.
    pub fn walk(&self, pages: Option<bool>) -> Result<Walk, JsValue> {
        let delivery = match pages {
            Some(true) => Delivery::Pages,
            Some(false) => Delivery::Conversations,
            None => Delivery::ByHand,
        };
        let list = self.0.clone()?;
        Ok(Walk(Rc::new(inbox::walk::Walk::new(list, delivery)?)))
    }
}

/// One walk through a list.
#[wasm_bindgen]
pub struct Walk(Rc<inbox::walk::Walk>);

#[wasm_bindgen]
impl Walk {
    /// The next delivery, `{ page, fresh }`: a page, and the conversations of it that are to be delivered. `undefined` at the
    /// end. `held` is an object of the list's, which keeps its first page.
    #[wasm_bindgen(js_name = next)]
    pub fn advance(&self, held: &JsValue) -> Promise {
        promised(Rc::clone(&self.0).next(held.clone()))
    }

    /// Reads the first page, for somebody who goes from page to page by hand.
    pub fn first(&self, held: &JsValue) -> Promise {
        Rc::clone(&self.0).first(held)
    }

    /// Reads the page after one of this list's.
    pub fn following(&self, page: JsValue) -> Promise {
        Rc::clone(&self.0).following(&Page(page))
    }

    /// Ends it: what is under way is cancelled, and nothing more is sent.
    pub fn end(&self) {
        self.0.end();
    }
}
