//! Thread owners: one, many, and those of a page's conversations.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::attempt::{Answered, Numbers, parse_exactly};
use super::call::{self, CallOptions, Plan, Problem, call, tell_retry};
use super::client::{self, Client};
use crate::host::error::{refused, rejection};
use crate::host::options::{Options, items, wrong};
use crate::host::timer::random;
use crate::host::value::{set, to_js};
use crate::host::wait::promised;
use crate::protocol::batch::{self, Item};
use crate::protocol::customer::Customers;
use crate::protocol::error::{Answer, Expected, Failure, Kind, TRACE_ID};
use crate::protocol::json::Json;
use crate::protocol::option::{A_RECIPIENT, InvalidOption};
use crate::protocol::request::Request;
use crate::protocol::retry::{Verdict, regain_access_ms};
use crate::protocol::thread_owner::{ThreadOwner, read, request};
use crate::protocol::usage;

/// What a conversation is joined with.
pub const THREAD_OWNER: &str = "thread_owner";
const NO_OWNER: &str = "expected a thread owner; got JSON of another shape";

/// Reads the owner of one thread. The values are JavaScript's, unchecked.
pub fn thread_owner(client: Rc<Client>, recipient: &JsValue, options: &JsValue) -> Promise {
    let asked = call_options(options).and_then(|options| Question::new(client, recipient, options));
    promised(async { asked?.answer().await })
}

/// The same, with everything in one object.
pub fn thread_owner_of(value: &JsValue) -> Promise {
    let known = [client::OPTIONS, "recipient:any", call::OPTIONS, call::LIMITS];
    let asked = Options::read("options", value, &known, |_| None).and_then(|options| {
        let recipient = options.value("recipient").unwrap_or_default();
        Question::new(Rc::new(Client::new(&options)?), &recipient, CallOptions::of(&options))
    });
    promised(async { asked?.answer().await })
}

fn call_options(options: &JsValue) -> Result<CallOptions, JsValue> {
    let options = Options::read("options", options, &[call::OPTIONS, call::LIMITS], |_| None)?;
    Ok(CallOptions::of(&options))
}

/// Who owns one thread?
struct Question {
    client: Rc<Client>,
    recipient: String,
    request: Request,
    options: CallOptions,
}

impl Question {
    fn new(client: Rc<Client>, recipient: &JsValue, options: CallOptions) -> Result<Self, JsValue> {
        let recipient = recipient.as_string().ok_or_else(|| wrong("recipient", A_RECIPIENT, recipient))?;
        #[cfg(feature = "provoke")]
        super::provoke::panic_if(&recipient, "panic at the call");
        let request = request(&client.settings, &recipient).map_err(refused)?;
        Ok(Self { client, recipient, request, options })
    }

    async fn answer(self) -> Result<JsValue, JsValue> {
        let plan = plan(&self.request, Expected::Object, Numbers::Exact);
        let answered = call(&self.client, &self.options, &plan).await?;
        match read(&self.recipient, &answered.body, answered.secrets()) {
            Some(owner) => Ok(to_js(&owner.record())),
            None => Err(rejection(&answered.unexpected(NO_OWNER))),
        }
    }
}

fn plan(request: &Request, expected: Expected, numbers: Numbers) -> Plan<'_> {
    Plan { request, numbers, expected, pace: None, can_ask_for_less: false }
}

/// Reads the owners of many threads: `{ recipient, owner }` or `{ recipient, error }` for each, in the order given.
pub fn thread_owners(client: Rc<Client>, recipients: &JsValue, options: &JsValue) -> Promise {
    let options = call_options(options);
    let asked = options.and_then(|options| Ok((options, texts(recipients)?)));
    promised(async move {
        let (options, recipients) = asked?;
        Ok(read_owners(client, &options, recipients).await?.into())
    })
}

/// The strings of an iterable.
fn texts(recipients: &JsValue) -> Result<Vec<String>, JsValue> {
    let found = items(recipients)?.ok_or_else(|| wrong("recipients", "an iterable of IDs as strings", recipients))?;
    let mut texts = Vec::new();
    for recipient in found {
        texts.push(recipient.as_string().ok_or_else(|| wrong("recipients", A_RECIPIENT, &recipient))?);
    }
    Ok(texts)
}

/// Joins some conversations of a page with the owners of their threads, as `thread_owner`.
pub async fn join(
    client: &Rc<Client>,
    options: &CallOptions,
    customers: &Customers,
    page: &Array,
    wanted: &Array,
) -> Result<(), JsValue> {
    // A first page that is read once is joined once.
    let is_open = |conversation: &JsValue| conversation.get(THREAD_OWNER).is_none();
    // All of the page tells who the business is.
    for conversation in page.iter().filter(is_open) {
        customers.note(&participants(&conversation));
    }
    let (mut asked, mut known, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for conversation in wanted.iter().filter(is_open) {
        let participants = participants(&conversation);
        let customer = customers.of(&participants);
        match customer.filter(|customer| request(&client.settings, customer).is_ok()) {
            Some(customer) => {
                asked.push(customer.to_owned());
                known.push(conversation);
            }
            None => unknown.push(conversation),
        }
    }
    let owners = read_owners(Rc::clone(client), options, asked).await?;
    for (place, conversation) in (0..).zip(known) {
        set(&conversation, THREAD_OWNER, &owners.get(place));
    }
    for conversation in unknown {
        let result = result(
            "",
            Err(InvalidOption::new(
                "instagramAccountId",
                &[
                    "the customer can not be told from the business among the participants; give pageId as a number and instagramAccountId",
                ],
            )
            .into()),
        );
        set(&conversation, THREAD_OWNER, &result);
    }
    Ok(())
}

fn participants(conversation: &JsValue) -> Vec<String> {
    let edge = conversation.get("participants").and_then(|edge| edge.get("data")?.items());
    let mut ids = Vec::new();
    for participant in edge.unwrap_or_default() {
        if let Some(id) = participant.get_text("id") {
            ids.push(id);
        }
    }
    ids
}

type Owner = Result<ThreadOwner, Box<Failure>>;

/// `{ recipient, owner }` or `{ recipient, error }`.
fn result(recipient: &str, owner: Owner) -> JsValue {
    let result = Object::new();
    set(&result, "recipient", &JsValue::from_str(recipient));
    match owner {
        Ok(owner) => set(&result, "owner", &to_js(&owner.record())),
        Err(failure) => set(&result, "error", &rejection(&failure)),
    }
    result.into()
}

/// One result for each recipient, in their order; a recipient given twice is asked about once.
async fn read_owners(client: Rc<Client>, options: &CallOptions, recipients: Vec<String>) -> Result<Array, JsValue> {
    let places = Array::new();
    let known = js_sys::Map::new();
    let mut threads: Vec<Thread> = Vec::new();
    for recipient in recipients {
        let key = JsValue::from_str(&recipient);
        let mut place = known.get(&key);
        if place.is_undefined() {
            let request = request(&client.settings, &recipient)
                .map_err(|wrong| refused(InvalidOption::new("recipients", &[&wrong.problem])))?;
            place = JsValue::from_f64(threads.len() as f64);
            known.set(&key, &place);
            threads.push(Thread { recipient, request, result: RefCell::default() });
        }
        places.push(&place);
    }

    let all = Rc::new(Owners {
        client,
        options: options.clone(),
        threads,
        round: Cell::new(0),
        open: RefCell::default(),
        wait_ms: Cell::new(0.0),
    });
    while all.begins_round() {
        /// Batches under way at once.
        const TOGETHER: usize = 4;
        let workers = Array::new();
        for _ in 0..TOGETHER {
            workers.push(&promised(Rc::clone(&all).work()));
        }
        JsFuture::from(Promise::all(&workers)).await?;
        if all.wait_ms.get() > 0.0 {
            options.sleep(all.wait_ms.get()).await?;
        }
    }
    let result = |place: JsValue| all.threads.get(place.as_f64()? as usize)?.result.borrow().clone();
    let results = Array::new();
    for place in places.iter() {
        results.push(&result(place).unwrap_or_default());
    }
    Ok(results)
}

/// A thread whose owner is asked for.
struct Thread {
    recipient: String,
    request: Request,
    result: RefCell<Option<JsValue>>,
}

/// Threads whose owners are asked for, round by round: those without a result are worth asking again.
struct Owners {
    client: Rc<Client>,
    options: CallOptions,
    threads: Vec<Thread>,
    round: Cell<u32>,
    /// Places of those that are still to be asked for in this round.
    open: RefCell<Vec<usize>>,
    /// Before the next round.
    wait_ms: Cell<f64>,
}

impl Owners {
    /// Whether there is anything left to ask.
    fn begins_round(&self) -> bool {
        let mut open = Vec::new();
        // They are taken from its end.
        let mut place = self.threads.len();
        for thread in self.threads.iter().rev() {
            place -= 1;
            if thread.result.borrow().is_none() {
                open.push(place);
            }
        }
        self.round.set(self.round.get() + 1);
        self.wait_ms.set(0.0);
        let is_needed = !open.is_empty();
        self.open.replace(open);
        is_needed
    }

    /// The next threads to ask for at once.
    fn next_batch(&self) -> Vec<&Thread> {
        let mut open = self.open.borrow_mut();
        let mut batch = Vec::new();
        while batch.len() < batch::LARGEST
            && let Some(place) = open.pop()
        {
            if let Some(thread) = self.threads.get(place) {
                batch.push(thread);
            }
        }
        batch
    }

    /// Asks for one batch after the other.
    async fn work(self: Rc<Self>) -> Result<JsValue, JsValue> {
        loop {
            let threads = self.next_batch();
            if threads.is_empty() {
                return Ok(JsValue::UNDEFINED);
            }
            let request = batch::request(&self.client.settings, threads.iter().map(|thread| &thread.request));
            let plan = plan(&request, Expected::List, Numbers::AsParsed);
            match call(&self.client, &self.options, &plan).await {
                Ok(answered) => self.settle(&threads, &request, &answered),
                Err(Problem::Failed(failure)) => {
                    for thread in threads {
                        thread.settle(Err(failure.clone()));
                    }
                }
                Err(Problem::Thrown(thrown)) => {
                    // Nobody wants the rest.
                    self.open.take();
                    return Err(thrown);
                }
            }
        }
    }

    /// Gives each thread of a batch its owner or its failure, where it is not worth asking again.
    fn settle(&self, threads: &[&Thread], request: &Request, answered: &Answered<'_>) {
        let (client, round) = (&*self.client, self.round.get());
        let patience = self.options.patience(client);
        let entries = answered.body.items().unwrap_or_default();
        let mut longest_ms = 0.0_f64;
        let mut again = None;
        for (index, thread) in threads.iter().enumerate() {
            let failure = match owner_in(batch::item(entries.get(index)), &thread.recipient, answered) {
                Ok(owner) => {
                    thread.settle(Ok(owner));
                    continue;
                }
                Err(failure) => failure.located("GET", &client.shown_target(&thread.request), round),
            };
            match patience.judge(&failure, round, random()) {
                Verdict::BackOff { delay_ms } => {
                    longest_ms = longest_ms.max(delay_ms);
                    again = Some(failure.kind);
                }
                Verdict::AwaitLimit { delay_ms } => client.pause(delay_ms),
                Verdict::GiveUp { lifts_after_ms } => thread.settle(Err(client.give_up(failure, lifts_after_ms))),
            }
        }
        if let Some(reason) = again {
            let path = client.shown_target(request);
            tell_retry(client, Some(&path), round, longest_ms, reason);
            self.wait_ms.set(self.wait_ms.get().max(longest_ms));
        }
    }
}

impl Thread {
    fn settle(&self, owner: Owner) {
        self.result.replace(Some(result(&self.recipient, owner)));
    }
}

/// What one item of a batch says.
fn owner_in(item: Item, recipient: &str, answered: &Answered<'_>) -> Owner {
    let (status, body) = match item {
        Item::Answered(status, body) => (status, body),
        Item::NotReached => {
            return Err(Failure::new(Kind::Transient, &["Graph did not get to this item of a batch"]));
        }
        Item::Misshapen => return Err(Failure::new(Kind::Response, &[NO_OWNER])),
    };
    // The trace is that of the batch.
    let header = |name: &str| if name == TRACE_ID { None } else { answered.header(name) };
    let parsed = parse_exactly(&body.as_str().into());
    let answer = Answer { status, body: parsed, is_cut: false, header: &header };
    match answer.judged(Expected::Object, answered.secrets(), &|| body.clone()) {
        Ok(body) => read(recipient, &body, answered.secrets()).ok_or_else(|| Failure::new(Kind::Response, &[NO_OWNER])),
        Err(mut failure) => {
            if failure.kind == Kind::RateLimit {
                failure.retry_after_ms = regain_access_ms(&usage::read::<JsValue>(header));
            }
            Err(failure)
        }
    }
}
