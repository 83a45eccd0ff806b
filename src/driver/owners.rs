//! Thread owners: one, many, and those of a page's conversations.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::call::{CallOptions, Problem, call};
use super::client::Client;
use crate::host::error::{refused, rejection};
use crate::host::options::{Options, items, wrong};
use crate::host::timer::{now_ms, random};
use crate::host::value::{set_property, to_js};
use crate::host::wait::{promised, race};
use crate::protocol::call::Plan;
use crate::protocol::graph::conversations::THREAD_OWNER;
use crate::protocol::graph::customer::Customers;
use crate::protocol::graph::thread_owner::request;
use crate::protocol::json::Json;
use crate::protocol::option::A_RECIPIENT;
use crate::protocol::owners::{self, Batch, CONCURRENCY, OwnerBatches, OwnerResult, Round};
use crate::protocol::request::Request;

/// A question for the owner of one thread.
pub struct Question {
    client: Rc<Client>,
    recipient: String,
    request: Request,
    options: CallOptions,
}

impl Question {
    /// Checks it. The recipient is JavaScript's, unchecked.
    pub fn new(client: Rc<Client>, recipient: &JsValue, options: CallOptions) -> Result<Self, JsValue> {
        let recipient = recipient.as_string().ok_or_else(|| wrong("recipient", A_RECIPIENT, recipient))?;
        #[cfg(feature = "test-panics")]
        super::test_panics::panic_if(&recipient, "panic at the call");
        let request = request(&client.session.borrow().settings, &recipient).map_err(refused)?;
        Ok(Self { client, recipient, request, options })
    }

    /// Asks it.
    pub async fn answer(self) -> Result<JsValue, JsValue> {
        let Self { client, recipient, request, options } = self;
        let budget = options.budget(&client);
        let response = call(&client, &options.signals, owners::plan(request), budget).await?;
        let owner = owners::owner(&client.session.borrow(), &recipient, &response);
        owner
            .map(|owner| to_js(&owner.record(client.session.borrow().app_id.as_deref())))
            .map_err(|failure| rejection(&failure))
    }
}

/// Reads the owner of one thread: options and recipient in one object.
pub fn thread_owner_of(options: &Options) -> Result<Question, JsValue> {
    let recipient = options.value("recipient").unwrap_or_default();
    Question::new(Rc::new(Client::new(options)?), &recipient, CallOptions::of(options))
}

/// Reads the owners of many threads: `{ recipient, owner }` or `{ recipient, error }` for each, in the order given.
pub fn thread_owners(client: Rc<Client>, recipients: &JsValue, options: Result<CallOptions, JsValue>) -> Promise {
    let asked = options.and_then(|options| Ok((options, strings(recipients)?)));
    promised(async move {
        let (options, recipients) = asked?;
        Ok(read_owners(&client, &options, recipients).await?.into())
    })
}

/// The strings of an iterable.
fn strings(recipients: &JsValue) -> Result<Vec<String>, JsValue> {
    let found = items(recipients)?.ok_or_else(|| wrong("recipients", "an iterable of IDs as strings", recipients))?;
    let mut strings = Vec::new();
    for recipient in found {
        strings.push(recipient.as_string().ok_or_else(|| wrong("recipients", A_RECIPIENT, &recipient))?);
    }
    Ok(strings)
}

/// Joins some conversations of a page with the owners of their threads, as `thread_owner`.
pub async fn join(
    client: &Rc<Client>,
    options: &CallOptions,
    customers: &RefCell<Customers>,
    page: &Array,
    wanted: &Array,
) -> Result<(), JsValue> {
    // A first page that is read once is joined once.
    let is_open = |conversation: &JsValue| conversation.get(THREAD_OWNER).is_none();
    // All of the page tells who the business is.
    for conversation in page.iter().filter(is_open) {
        customers.borrow_mut().note(&conversation);
    }
    let (mut asked, mut known) = (Vec::new(), Vec::new());
    for conversation in wanted.iter().filter(is_open) {
        match customers.borrow().recipient(&client.session.borrow().settings, &conversation) {
            Ok(customer) => {
                asked.push(customer);
                known.push(conversation);
            }
            Err(unknown) => set_property(&conversation, THREAD_OWNER, &result(client, "", &Err(unknown))),
        }
    }
    let owners = read_owners(client, options, asked).await?;
    for (place, conversation) in (0..).zip(known) {
        set_property(&conversation, THREAD_OWNER, &owners.get(place));
    }
    Ok(())
}

/// `{ recipient, owner }` or `{ recipient, error }`.
fn result(client: &Client, recipient: &str, owner: &OwnerResult) -> JsValue {
    let result = Object::new();
    set_property(&result, "recipient", &JsValue::from_str(recipient));
    match owner {
        Ok(owner) => set_property(&result, "owner", &to_js(&owner.record(client.session.borrow().app_id.as_deref()))),
        Err(failure) => set_property(&result, "error", &rejection(failure)),
    }
    result.into()
}

/// One result for each recipient, in their order.
async fn read_owners(client: &Rc<Client>, options: &CallOptions, recipients: Vec<String>) -> Result<Array, JsValue> {
    let budget = options.budget(client);
    let batches =
        OwnerBatches::new(&client.session.borrow().settings, recipients, budget, random()).map_err(refused)?;
    let reader =
        Rc::new(Reader { client: Rc::clone(client), signals: options.signals.clone(), batches: RefCell::new(batches) });
    loop {
        let round = reader.batches.borrow_mut().start_round(now_ms());
        let work = match round {
            Round::Done => break,
            Round::Sleep(until_ms) => race(&JsValue::UNDEFINED, until_ms - now_ms(), &options.signals),
            Round::Ask => {
                let workers = Array::new();
                for _ in 0..CONCURRENCY {
                    workers.push(&promised(Rc::clone(&reader).work()));
                }
                Promise::all(&workers)
            }
        };
        JsFuture::from(work).await?;
    }
    let batches = reader.batches.borrow();
    let (known, all) = (Array::new(), Array::new());
    for (recipient, owner) in batches.results() {
        known.push(&result(client, recipient, owner));
    }
    for &place in batches.places() {
        all.push(&known.get(place));
    }
    Ok(all)
}

/// What the workers of a round share.
struct Reader {
    client: Rc<Client>,
    signals: Array,
    batches: RefCell<OwnerBatches>,
}

impl Reader {
    /// Asks for one batch after the other.
    async fn work(self: Rc<Self>) -> Result<JsValue, JsValue> {
        while let Some((batch, plan)) = self.next_batch() {
            let budget = self.batches.borrow().budget();
            let outcome = call(&self.client, &self.signals, plan, budget).await;
            let (mut batches, mut session) = (self.batches.borrow_mut(), self.client.session.borrow_mut());
            match outcome {
                Ok(response) => batches.answered(&mut session, now_ms(), random(), &batch, &response),
                Err(Problem::Failed(failure)) => {
                    batches.failed(&mut session, now_ms(), random(), &batch, failure, false)
                }
                Err(Problem::Undecided(failure)) => {
                    batches.failed(&mut session, now_ms(), random(), &batch, failure, true);
                }
                Err(Problem::Thrown(thrown)) => {
                    batches.abandon();
                    return Err(thrown);
                }
            }
            drop((batches, session));
            self.client.flush();
        }
        Ok(JsValue::UNDEFINED)
    }

    fn next_batch(&self) -> Option<(Batch, Plan)> {
        self.batches.borrow_mut().next_batch(&self.client.session.borrow().settings)
    }
}
