//! Thread owners: one, many, and those of a page's conversations.

use std::rc::Rc;

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::attempt::{Numbers, parse_exactly};
use super::call::{self, CallOptions, Plan, Problem, call};
use super::client::{self, Client};
use super::event::{Event, tell};
use super::together::together;
use crate::host::error::{refused, rejection};
use crate::host::options::{Options, wrong};
use crate::host::timer::random;
use crate::host::value::{set, to_js};
use crate::protocol::batch::{self, Item};
use crate::protocol::customer::Customers;
use crate::protocol::error::{Answer, Expected, Failure, Kind};
use crate::protocol::json::Json;
use crate::protocol::option::InvalidOption;
use crate::protocol::request::Request;
use crate::protocol::retry::{Verdict, regain_access_ms};
use crate::protocol::thread_owner::{ThreadOwner, read, request};

const A_RECIPIENT: &str = "the ID of a person as a string (a number would lose digits)";
const NO_OWNER: &str = "expected a thread owner; got JSON of another shape";

/// Reads the owner of one thread. The values are JavaScript's, unchecked.
pub async fn thread_owner(client: Rc<Client>, recipient: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let options = Options::new("options", &options, &[call::OPTIONS, call::LIMITS], |_| None)?;
    let options = CallOptions::read(&options)?;
    read_owner(client, &recipient, options).await
}

/// The same, with everything in one object.
pub async fn thread_owner_of(value: JsValue) -> Result<JsValue, JsValue> {
    let own: &[&str] = &["recipient"];
    let client = Client::new(&value, &[call::OPTIONS, own])?;
    let known = [client::OPTIONS, call::OPTIONS, call::LIMITS, own];
    let all = Options::new("options", &value, &known, |_| None)?;
    let recipient = all.value("recipient", A_RECIPIENT)?.unwrap_or(JsValue::UNDEFINED);
    read_owner(Rc::new(client), &recipient, CallOptions::read(&all)?).await
}

async fn read_owner(client: Rc<Client>, recipient: &JsValue, options: CallOptions) -> Result<JsValue, JsValue> {
    let recipient = recipient.as_string().ok_or_else(|| wrong("recipient", A_RECIPIENT, recipient))?;
    let request = request(&client.settings, &recipient).map_err(refused)?;
    let plan = plan(&request, Expected::Object, Numbers::Exact);
    let answered = call(&client, &options, &plan).await?;
    match read(&recipient, &answered.body) {
        Some(owner) => Ok(to_js(&owner)),
        None => Err(rejection(&answered.unexpected(NO_OWNER))),
    }
}

fn plan(request: &Request, expected: Expected, numbers: Numbers) -> Plan<'_> {
    Plan { request, numbers, expected, pace: None, can_ask_for_less: false }
}

/// Reads the owners of many threads: `{ recipient, owner }` or `{ recipient, error }` for each, in the order given.
pub async fn thread_owners(client: Rc<Client>, recipients: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let options = Options::new("options", &options, &[call::OPTIONS, call::LIMITS], |_| None)?;
    let options = CallOptions::read(&options)?;
    let expected = "an iterable of IDs as strings";
    // A string is iterable too, character by character, which nobody means.
    let iterator = if recipients.is_object() { js_sys::try_iter(&recipients)? } else { None };
    let Some(iterator) = iterator else { return Err(wrong("recipients", expected, &recipients)) };
    let mut asked = Vec::new();
    for recipient in iterator {
        let recipient = recipient?;
        asked.push(recipient.as_string().ok_or_else(|| wrong("recipients", A_RECIPIENT, &recipient))?);
    }
    let owners = read_owners(&client, &options, &asked).await?;
    let results = asked.iter().zip(owners).map(|(recipient, owner)| result_to_js(recipient, owner));
    Ok(results.collect::<Array>().into())
}

/// Joins each conversation of a page with the owner of its thread, as `thread_owner`.
pub async fn join(
    client: &Rc<Client>,
    options: &CallOptions,
    customers: &Customers,
    conversations: &Array,
) -> Result<(), Problem> {
    const NAME: &str = "thread_owner";
    // A first page that is read once is joined once.
    let open: Vec<JsValue> = conversations.iter().filter(|conversation| conversation.get(NAME).is_none()).collect();
    let participants: Vec<Vec<String>> = open.iter().map(participants).collect();
    participants.iter().for_each(|ids| customers.note(ids));
    let found: Vec<Option<&str>> = participants.iter().map(|ids| customers.of(ids)).collect();
    let asked: Vec<String> = found.iter().flatten().map(|&id| id.to_owned()).collect();
    let mut owners = read_owners(client, options, &asked).await?.into_iter();
    for (conversation, customer) in open.iter().zip(found) {
        let owner = match customer {
            Some(_) => owners.next().unwrap_or_else(|| Err(not_reached())),
            None => Err(Failure::from(InvalidOption::new(
                "instagramAccountId",
                &[
                    "the customer can not be told from the business among the participants; give pageId as a number and instagramAccountId",
                ],
            ))),
        };
        set(conversation, NAME, &result_to_js(customer.unwrap_or_default(), owner));
    }
    Ok(())
}

fn participants(conversation: &JsValue) -> Vec<String> {
    let edge = conversation.get("participants").and_then(|edge| edge.get("data")?.items());
    edge.into_iter().flatten().filter_map(|participant| participant.get_text("id")).collect()
}

type Owner = Result<ThreadOwner, Failure>;

fn result_to_js(recipient: &str, owner: Owner) -> JsValue {
    let result = Object::new();
    set(&result, "recipient", &JsValue::from_str(recipient));
    match owner {
        Ok(owner) => set(&result, "owner", &to_js(&owner)),
        Err(failure) => set(&result, "error", &rejection(&failure)),
    }
    result.into()
}

/// One owner for each recipient, in their order; a recipient given twice is asked about once.
async fn read_owners(client: &Rc<Client>, options: &CallOptions, recipients: &[String]) -> Result<Vec<Owner>, Problem> {
    /// Batches under way at once.
    const TOGETHER: usize = 4;
    let mut threads: Vec<Thread> = Vec::new();
    let mut places = Vec::with_capacity(recipients.len());
    let known = js_sys::Map::new();
    for recipient in recipients {
        let key = JsValue::from_str(recipient);
        let place = match known.get(&key).as_f64() {
            Some(place) => place as usize,
            None => {
                let request = request(&client.settings, recipient)
                    .map_err(|wrong| refused(InvalidOption::new("recipients", &[&wrong.problem])))?;
                known.set(&key, &JsValue::from_f64(threads.len() as f64));
                threads.push(Thread { recipient: recipient.clone(), request, owner: None });
                threads.len() - 1
            }
        };
        places.push(place);
    }

    let mut round = 1;
    loop {
        let mut open: Vec<&mut Thread> = threads.iter_mut().filter(|thread| thread.owner.is_none()).collect();
        let batches = open.chunks_mut(batch::LARGEST).map(|threads| ask(client, options, threads, round)).collect();
        let waits: Result<Vec<f64>, Problem> = together(TOGETHER, batches).await.into_iter().collect();
        let wait_ms = waits?.into_iter().fold(0.0, f64::max);
        if threads.iter().all(|thread| thread.owner.is_some()) {
            break;
        }
        options.sleep(wait_ms).await?;
        round += 1;
    }
    let owner = |place: usize| threads.get(place)?.owner.clone();
    Ok(places.into_iter().map(|place| owner(place).unwrap_or_else(|| Err(not_reached()))).collect())
}

/// A thread whose owner is asked for.
struct Thread {
    recipient: String,
    request: Request,
    owner: Option<Owner>,
}

fn not_reached() -> Failure {
    Failure::new(Kind::Transient, &["Graph did not get to this item of a batch"])
}

/// Asks for the owners of up to 50 threads, and gives each its owner or its failure; those without either are worth
/// asking again, after the milliseconds returned.
async fn ask(
    client: &Rc<Client>,
    options: &CallOptions,
    threads: &mut [&mut Thread],
    round: u32,
) -> Result<f64, Problem> {
    let reads: Vec<Request> = threads.iter().map(|thread| thread.request.clone()).collect();
    let request = batch::request(&client.settings, &reads);
    let plan = plan(&request, Expected::List, Numbers::AsParsed);
    let answered = match call(client, options, &plan).await {
        Ok(answered) => answered,
        Err(Problem::Failed(failure)) => {
            threads.iter_mut().for_each(|thread| thread.owner = Some(Err((*failure).clone())));
            return Ok(0.0);
        }
        Err(thrown) => return Err(thrown),
    };
    let patience = options.patience(client);
    let entries = answered.body.items().unwrap_or_default();
    let mut wait_ms = 0.0_f64;
    let mut again = None;
    for (index, thread) in threads.iter_mut().enumerate() {
        let failure = match owner_in(batch::item(entries.get(index)), thread, &answered) {
            Ok(owner) => {
                thread.owner = Some(Ok(owner));
                continue;
            }
            Err(failure) => failure.located("GET", &client.shown_target(&thread.request), round),
        };
        match patience.judge(&failure, round, random()) {
            Verdict::BackOff { delay_ms } => {
                wait_ms = wait_ms.max(delay_ms);
                again = Some(failure.kind);
            }
            Verdict::AwaitLimit { delay_ms } => client.pause(delay_ms),
            Verdict::GiveUp { lifts_after_ms } => {
                thread.owner = Some(Err(client.give_up(failure, lifts_after_ms)));
            }
        }
    }
    if let Some(reason) = again {
        let path = client.shown_target(&request);
        tell(client.on_event.as_ref(), &Event::Retry { path: &path, attempt: round, delay_ms: wait_ms, reason });
    }
    Ok(wait_ms)
}

/// What one item of a batch says.
fn owner_in(item: Item, thread: &Thread, answered: &super::attempt::Answered) -> Owner {
    let (status, body) = match item {
        Item::Answered(status, body) => (status, body),
        Item::NotReached => return Err(not_reached()),
        Item::Misshapen => return Err(Failure::new(Kind::Response, &[NO_OWNER])),
    };
    let usage = &answered.meta.usage;
    let parsed = parse_exactly(&body.as_str().into());
    let answer = Answer { status, body: parsed, usage, trace_id: None };
    let mut outcome = answer.judged(Expected::Object, answered.secrets(), || body.clone());
    if let Err(failure) = &mut outcome
        && failure.kind == Kind::RateLimit
    {
        failure.retry_after_ms = regain_access_ms(usage);
    }
    let shape = || Failure::new(Kind::Response, &[NO_OWNER]);
    read(&thread.recipient, &outcome?).ok_or_else(shape)
}
