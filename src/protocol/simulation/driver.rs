//! The driver of the package, in virtual time: it does what the protocol says, and notes what it did.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use futures::future::{FutureExt, LocalBoxFuture, Shared, join_all};

use super::clock::{Clock, Raced, Random, Run, Signal, race};
use super::graph::{Fault, Graph};
use super::http::{Node, Response};
use crate::protocol::call::http::HttpRequest;
use crate::protocol::call::session::{Budget, CallLimits, Host, Session, SessionOptions};
use crate::protocol::call::{Action, ApiResponse, Call, Input, Plan, Problem};
use crate::protocol::graph::conversations::{self, Filters, require_fields};
use crate::protocol::graph::error::Failure;
use crate::protocol::graph::fields::{Field, Selection};
use crate::protocol::graph::listing::Listing;
use crate::protocol::graph::thread_owner;
use crate::protocol::json::{Entries, Json};
use crate::protocol::owners::{self, CONCURRENCY, OwnerBatches, OwnerResult, Round};
use crate::protocol::paginator::page_reader::{Answer, PageReader, Question};
use crate::protocol::paginator::page_size::PageSize;
use crate::protocol::paginator::{Delivery, PageAddress, PageSummary, Paginator, Step, WalkOptions};
use crate::protocol::record::Record;

/// The Page whose inbox it is.
pub const PAGE_ID: &str = "106";

/// What a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A page of a list.
    List,
    /// One owner.
    Owner,
    /// A batch of owners.
    Batch,
}

/// A request that was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// When, in milliseconds.
    pub at_ms: f64,
    /// What for.
    pub purpose: Purpose,
    /// Which call it was for.
    pub call: u32,
    /// The whole URL.
    pub url: String,
}

/// Decides what goes wrong with the next request.
pub type Faults = Box<dyn FnMut(&mut Random, Purpose) -> Option<Fault>>;

/// Changes the inbox at a time, in milliseconds.
pub type Meanwhile = Box<dyn FnMut(&mut Graph, &mut Random, f64)>;

/// The world of a run: a clock, a Graph, and chance.
pub struct World {
    /// Time.
    pub clock: Clock,
    /// The server.
    pub graph: RefCell<Graph>,
    /// Chance.
    pub random: RefCell<Random>,
    /// What goes wrong.
    pub faults: RefCell<Faults>,
    /// What happens while a request is on its way.
    pub meanwhile: RefCell<Meanwhile>,
    /// The longest time that a request takes, in milliseconds.
    pub latency_ms: f64,
    /// How long Graph works at a page of so many entries, in milliseconds.
    pub work_ms: fn(usize) -> f64,
}

impl World {
    /// Makes one in which nothing goes wrong.
    pub fn new(run: &Run, graph: Graph, random: Random) -> Self {
        Self {
            clock: run.clock(),
            graph: RefCell::new(graph),
            random: RefCell::new(random),
            faults: RefCell::new(Box::new(|_, _| None)),
            meanwhile: RefCell::new(Box::new(|_, _, _| {})),
            latency_ms: 40.0,
            work_ms: |_| 0.0,
        }
    }

    async fn exchange(&self, request: &HttpRequest, purpose: Purpose, fault: Option<Fault>) -> Option<Response> {
        let (there_ms, back_ms) = {
            let mut random = self.random.borrow_mut();
            ((self.latency_ms * random.fraction()).ceil(), (self.latency_ms * random.fraction()).ceil())
        };
        self.clock.sleep(there_ms).await;
        (self.meanwhile.borrow_mut())(&mut self.graph.borrow_mut(), &mut self.random.borrow_mut(), self.clock.now_ms());
        let response = match purpose {
            Purpose::List => {
                let graph = self.graph.borrow();
                let second_ms = (self.clock.now_ms() / 1_000.0).floor() * 1_000.0;
                let response = graph.list(&request.url, fault);
                response.map(|response| if graph.has_date { response.with("date", second_ms) } else { response })
            }
            Purpose::Owner => self.graph.borrow_mut().owner(&request.url, fault),
            Purpose::Batch => self.graph.borrow_mut().batch(request.form.as_deref().unwrap(), fault),
        };
        if response.is_none() && fault != Some(Fault::ConnectionReset) {
            return std::future::pending().await;
        }
        let entries = response.as_ref().and_then(|response| response.body.as_ref()?.get("data")?.length());
        self.clock.sleep(back_ms + (self.work_ms)(entries.unwrap_or_default() as usize)).await;
        response
    }
}

/// How the caller's own functions behave.
#[derive(Debug, Clone, Copy, Default)]
pub struct Functions {
    /// How long the token function takes, in milliseconds; `None` where the token was given.
    pub token_ms: Option<f64>,
    /// How often the token function throws.
    pub token_throws: f64,
    /// How long `schedule` lets a request wait, in milliseconds; `None` where there is none.
    pub schedule_ms: Option<f64>,
    /// How often `schedule` throws in place of a permit.
    pub schedule_throws: f64,
}

/// A client.
pub struct Client {
    /// The world that it lives in.
    pub world: Rc<World>,
    /// What the protocol keeps.
    pub session: RefCell<Session>,
    /// The functions of its caller.
    pub functions: Functions,
    /// Requests, in the order in which they were sent.
    pub sent: RefCell<Vec<Sent>>,
    /// Events, as a listener gets them.
    pub events: RefCell<Vec<Record>>,
    tokens: Cell<u32>,
    calls: Cell<u32>,
}

/// What a call ended with.
pub type Outcome<T> = Result<T, Problem<Node>>;

impl Client {
    /// Makes one.
    pub fn new(world: &Rc<World>, options: SessionOptions, functions: Functions) -> Rc<Self> {
        let options = SessionOptions {
            page_id: Some(PAGE_ID.to_owned()),
            token: functions.token_ms.is_none().then(|| "EAATESTTOKEN".to_owned()),
            has_token_function: functions.token_ms.is_some(),
            is_scheduled: functions.schedule_ms.is_some(),
            ..options
        };
        Rc::new(Self {
            world: Rc::clone(world),
            session: RefCell::new(Session::new(&options, Host::default()).unwrap()),
            functions,
            sent: RefCell::default(),
            events: RefCell::default(),
            tokens: Cell::new(0),
            calls: Cell::new(0),
        })
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> f64 {
        self.world.clock.now_ms()
    }

    /// From 0 to 1.
    pub fn random(&self) -> f64 {
        self.world.random.borrow_mut().fraction()
    }

    /// Takes the events of the session.
    pub fn flush(&self) {
        let (events, wakes) = {
            let mut session = self.session.borrow_mut();
            (session.take_events(), session.take_wake())
        };
        self.events.borrow_mut().extend(events);
        if wakes {
            self.world.clock.wake_sleepers();
        }
    }

    /// What a call with these limits may use up from now on.
    pub fn budget(&self, limits: &CallLimits) -> Budget {
        self.session.borrow().budget(limits, self.now_ms())
    }

    /// The number of the next call.
    pub fn next_call(&self) -> u32 {
        self.calls.set(self.calls.get() + 1);
        self.calls.get()
    }

    /// Makes one call. Its requests are noted under `number`.
    pub async fn call(
        &self,
        number: u32,
        signal: &Signal,
        plan: Plan,
        budget: Budget,
    ) -> Outcome<ApiResponse<Response>> {
        let purpose = match (plan.request.is_form(), plan.request.target().contains("/thread_owner")) {
            (true, _) => Purpose::Batch,
            (false, true) => Purpose::Owner,
            (false, false) => Purpose::List,
        };
        let clock = &self.world.clock;
        let mut call = Call::new(&self.session.borrow(), plan, budget);
        let mut response: Option<Response> = None;
        let mut input = if signal.is_aborted(clock) { Input::Thrown(Node::Null) } else { Input::TimeUp };
        let mut steps = 0;
        loop {
            steps += 1;
            assert!(steps < 1_000, "a call goes round in circles at {:?}", call.action);
            let (now_ms, random) = (self.now_ms(), self.random());
            let outcome = call.step(&mut self.session.borrow_mut(), now_ms, random, input);
            self.flush();
            if let Some(body) = outcome? {
                return Ok(ApiResponse::new(call, body, response.unwrap()));
            }
            if call.action != Action::ReleasePermit {
                response = None;
            }
            let work = self.begin(&call, number, purpose);
            input = match race(clock, work, call.until_ms, signal).await {
                Raced::Aborted | Raced::Won(Work::Thrown) => Input::Thrown(Node::Null),
                Raced::TimeUp => Input::TimeUp,
                Raced::Won(Work::Token(token)) => Input::Token(token),
                Raced::Won(Work::Permit) => Input::Permit(true),
                Raced::Won(Work::Released) => Input::Released(response.as_ref()),
                Raced::Won(Work::Exchanged(None)) => Input::ConnectionError("scripted".to_owned()),
                Raced::Won(Work::Exchanged(Some(arrived))) => Input::Response(response.insert(arrived)),
            };
        }
    }

    fn begin<'a>(&'a self, call: &'a Call, number: u32, purpose: Purpose) -> Option<LocalBoxFuture<'a, Work>> {
        let clock = &self.world.clock;
        match call.action {
            Action::Sleep => None,
            Action::AskToken => {
                let throws = self.random() < self.functions.token_throws;
                self.tokens.set(self.tokens.get() + 1);
                let token = format!("EAATESTTOKEN{}", self.tokens.get());
                Some(Box::pin(async move {
                    clock.sleep(self.functions.token_ms.unwrap()).await;
                    if throws { Work::Thrown } else { Work::Token(Some(token)) }
                }))
            }
            Action::Prove => panic!("no app secret was given"),
            Action::AcquirePermit => {
                let throws = self.random() < self.functions.schedule_throws;
                let ms = (self.functions.schedule_ms.unwrap() * self.random()).floor();
                Some(Box::pin(async move {
                    clock.sleep(ms).await;
                    if throws { Work::Thrown } else { Work::Permit }
                }))
            }
            Action::ReleasePermit => Some(Box::pin(std::future::ready(Work::Released))),
            Action::Send => {
                let fault = (self.world.faults.borrow_mut())(&mut self.world.random.borrow_mut(), purpose);
                let (at_ms, url) = (self.now_ms(), call.http_request.url.clone());
                self.sent.borrow_mut().push(Sent { at_ms, purpose, call: number, url });
                Some(Box::pin(
                    async move { Work::Exchanged(self.world.exchange(&call.http_request, purpose, fault).await) },
                ))
            }
        }
    }

    /// Reads the owner of one thread.
    pub async fn owner(
        &self,
        number: u32,
        recipient: &str,
        limits: &CallLimits,
        signal: &Signal,
    ) -> Outcome<OwnerResult> {
        let request = thread_owner::request(&self.session.borrow().settings, recipient).unwrap();
        let response = self.call(number, signal, owners::plan(request), self.budget(limits)).await?;
        Ok(owners::owner(&self.session.borrow(), recipient, &response))
    }

    /// Reads the owners of many threads: the recipients as given, each with its result.
    pub async fn owners(
        self: &Rc<Self>,
        recipients: Vec<String>,
        limits: &CallLimits,
        signal: &Signal,
    ) -> Outcome<Vec<(String, OwnerResult)>> {
        let number = self.next_call();
        let settings = Rc::clone(&self.session.borrow().settings);
        let batches = OwnerBatches::new(&settings, recipients, self.budget(limits), self.random())
            .map_err(|refused| Problem::Failed(refused.into()))?;
        let batches = RefCell::new(batches);
        let mut rounds = 0;
        loop {
            rounds += 1;
            assert!(rounds < 200, "owners go round in circles");
            let round = batches.borrow_mut().start_round(self.now_ms());
            match round {
                Round::Done => break,
                Round::Sleep(until_ms) => {
                    if let Raced::Aborted = race::<()>(&self.world.clock, None, until_ms, signal).await {
                        return Err(Problem::Thrown(Node::Null));
                    }
                }
                Round::Ask => {
                    let worker = |_| self.work(number, &batches, signal);
                    for outcome in join_all((0..CONCURRENCY).map(worker)).await {
                        outcome?;
                    }
                }
            }
        }
        let batches = batches.borrow();
        let results: Vec<_> = batches.results().collect();
        let found = |place: &u32| {
            results.get(*place as usize).map(|(recipient, result)| ((*recipient).to_owned(), (*result).clone()))
        };
        Ok(batches.places().iter().map(|place| found(place).unwrap()).collect())
    }

    async fn work(self: &Rc<Self>, number: u32, batches: &RefCell<OwnerBatches>, signal: &Signal) -> Outcome<()> {
        loop {
            let next = batches.borrow_mut().next_batch(&self.session.borrow().settings);
            let Some((batch, plan)) = next else { return Ok(()) };
            let budget = batches.borrow().budget();
            let outcome = self.call(number, signal, plan, budget).await;
            let (now_ms, random) = (self.now_ms(), self.random());
            let mut all = batches.borrow_mut();
            let mut session = self.session.borrow_mut();
            match outcome {
                Ok(response) => all.answered(&mut session, now_ms, random, &batch, &response),
                Err(Problem::Failed(failure)) => all.failed(&mut session, now_ms, random, &batch, failure, false),
                Err(Problem::Undecided(failure)) => all.failed(&mut session, now_ms, random, &batch, failure, true),
                Err(Problem::Thrown(thrown)) => {
                    all.abandon();
                    return Err(Problem::Thrown(thrown));
                }
            }
            drop((all, session));
            self.flush();
        }
    }
}

enum Work {
    Token(Option<String>),
    Permit,
    Released,
    Exchanged(Option<Response>),
    Thrown,
}

/// A page as it was read: its entries and what they say of the list.
#[derive(Clone)]
pub struct Page {
    /// The entries.
    pub entries: Rc<Vec<Node>>,
    /// The names of fields that could not be read.
    pub unreadable: Vec<String>,
    /// What it says of the list.
    pub summary: PageSummary,
    /// When its request began, where the response says so.
    pub began_ms: Option<f64>,
    /// How much of a rate limit is used.
    pub usage: f64,
}

type PagePromise = Shared<LocalBoxFuture<'static, Result<Page, Rejection>>>;

/// What a page is rejected with, told apart as far as the tests want to.
#[derive(Debug, Clone)]
pub enum Rejection {
    /// A failure of the protocol's.
    Failed(Box<Failure>),
    /// An abort, or what the caller's function threw.
    Thrown,
}

impl From<Problem<Node>> for Rejection {
    fn from(problem: Problem<Node>) -> Self {
        match problem {
            Problem::Failed(failure) | Problem::Undecided(failure) => Self::Failed(failure),
            Problem::Thrown(_) => Self::Thrown,
        }
    }
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Conversations to a page.
    pub limit: Option<u32>,
    /// The cursor to begin behind.
    pub after: Option<String>,
    /// The fields to read, as Graph writes them; none leaves it to Graph.
    pub fields: &'static [&'static str],
    /// `instagram` or `messenger`.
    pub platform: Option<&'static str>,
    /// Where iterating ends.
    pub walk: WalkOptions,
    /// Whether owners are joined.
    pub with_owner: bool,
    /// The limits of its calls.
    pub limits: CallLimits,
    /// When it is aborted.
    pub signal: Signal,
}

/// A list.
pub struct List {
    /// Whose list it is.
    pub client: Rc<Client>,
    /// What is listed.
    pub listing: Rc<Listing>,
    /// What was asked for.
    pub query: Query,
    /// How much is asked for at once.
    pub size: RefCell<PageSize>,
    first: RefCell<Option<PagePromise>>,
    number: u32,
}

impl List {
    /// Makes one; nothing is sent before a page of it is read.
    pub fn new(client: &Rc<Client>, query: Query) -> Rc<Self> {
        let filters = Filters { platform: query.platform.map(str::to_owned), ..Filters::default() };
        let mut listing = conversations::listing(&client.session.borrow().settings, &filters).unwrap();
        if !query.fields.is_empty() {
            let mut selection = Selection::default();
            for field in query.fields {
                selection.add(Field::parse(field).unwrap()).unwrap();
            }
            listing.select_fields(selection);
        }
        listing.set_cursors(query.after.clone(), None).unwrap();
        let settings = Rc::clone(&client.session.borrow().settings);
        require_fields(&mut listing, &settings, query.walk.is_timed(), query.with_owner).unwrap();
        Rc::new(Self {
            client: Rc::clone(client),
            size: RefCell::new(PageSize::of(&listing, query.limit)),
            listing: Rc::new(listing),
            first: RefCell::default(),
            number: client.next_call(),
            query,
        })
    }

    /// The number under which its requests are noted.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The first page, which all readers of the list share.
    pub async fn first_page(self: &Rc<Self>) -> Result<Page, Rejection> {
        self.page(PageAddress::default()).await
    }

    fn page(self: &Rc<Self>, address: PageAddress) -> PagePromise {
        if address.is_shared()
            && let Some(first) = &*self.first.borrow()
        {
            return first.clone();
        }
        let this = Rc::clone(self);
        let is_shared = address.is_shared();
        let page = async move {
            let budget = this.client.budget(&this.query.limits);
            let page = this.read(address, budget).await;
            if page.is_err() && is_shared {
                this.first.replace(None);
            }
            page.map_err(Rejection::from)
        };
        let promise = page.boxed_local().shared();
        if is_shared {
            self.first.replace(Some(promise.clone()));
        }
        promise
    }

    /// Reads a page.
    pub async fn read(&self, address: PageAddress, budget: Budget) -> Outcome<Page> {
        let client = &self.client;
        let mut reader = PageReader::new(&self.listing, address, self.query.walk.is_timed(), &budget);
        let mut kept = None;
        loop {
            let question = reader.question(&self.size.borrow());
            let outcome = match question {
                Question::Ask(plan) => client.call(self.number, &self.query.signal, plan, budget).await,
                Question::TakeKept => Ok(kept.take().expect("an answer was kept")),
            };
            let (mut session, mut size) = (client.session.borrow_mut(), self.size.borrow_mut());
            let answer = match outcome {
                Ok(mut response) => {
                    let answer = reader.answered(&mut session, &mut size, &mut response, client.now_ms());
                    answer.map(|answer| Some((answer, response)))
                }
                Err(Problem::Undecided(failure)) => {
                    reader.too_much(&mut session, &mut size, failure, client.now_ms(), client.random()).map(|()| None)
                }
                Err(Problem::Failed(failure)) => Err(reader.failed(&session, failure)),
                Err(problem) => return Err(problem),
            };
            let unreadable = reader.unreadable();
            drop((session, size));
            client.flush();
            match answer? {
                Some((Answer::Page(summary), response)) => {
                    let entries = response.body.get("data").and_then(|data| data.items()).unwrap_or_default();
                    let (began_ms, usage) = (response.began_ms(client.now_ms()), response.usage());
                    return Ok(Page { entries: Rc::new(entries), unreadable, summary, began_ms, usage });
                }
                Some((Answer::Keep, response)) => kept = Some(response),
                None => {}
            }
        }
    }

    /// Iterates it: the IDs in the order in which they are delivered, and what ended it early.
    pub async fn walk(self: &Rc<Self>) -> (Vec<Delivered>, Option<Rejection>) {
        let mut walk = Walk::new(self, Delivery::Entries);
        let mut delivered = Vec::new();
        loop {
            match walk.next().await {
                Ok(Some(more)) => delivered.extend(more),
                Ok(None) => return (delivered, None),
                Err(rejection) => return (delivered, Some(rejection)),
            }
        }
    }

    /// Joins entries with the owners of their threads, where that was asked for.
    pub async fn join(&self, wanted: Vec<Node>, unreadable: &[String]) -> Result<Vec<Delivered>, Rejection> {
        // Of a conversation without participants nobody's owner can be read.
        let person = |entry: &Node| {
            let participants = entry.get("participants")?.get("data")?.items()?;
            participants.first()?.get_text("id")
        };
        let people: Option<Vec<String>> = wanted.iter().map(person).collect();
        let mut owners: Vec<Option<OwnerResult>> = vec![None; wanted.len()];
        if let Some(people) = people.filter(|_| self.query.with_owner) {
            let read = self.client.owners(people, &self.query.limits, &self.query.signal).await?;
            owners = read.into_iter().map(|(_, owner)| Some(owner)).collect();
        }
        let delivered = wanted.iter().zip(owners).map(|(entry, owner)| Delivered {
            id: entry.get_text("id").unwrap(),
            owner,
            updated_ms: entry.get("updated_time").and_then(|time| time.number()),
            snippet: entry.get_text("snippet"),
            messages: entry.get("messages").and_then(|edge| edge.get("data")?.length()).unwrap_or_default(),
            names: entry.members().into_iter().map(|(name, _)| name).collect(),
            unreadable: unreadable.to_vec(),
        });
        Ok(delivered.collect())
    }
}

/// A conversation as it was delivered.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// Its ID.
    pub id: String,
    /// The owner, where owners are joined.
    pub owner: Option<OwnerResult>,
    /// Its time, in milliseconds since 1970.
    pub updated_ms: Option<f64>,
    /// Its snippet.
    pub snippet: Option<String>,
    /// How many messages were read.
    pub messages: u32,
    /// The names of the fields that were read.
    pub names: Vec<String>,
    /// The names of the fields that could not be read.
    pub unreadable: Vec<String>,
}

/// A walk.
pub struct Walk {
    list: Rc<List>,
    paginator: Paginator,
    seen: HashSet<String>,
    ahead: Option<Option<Ahead>>,
    delivery: Delivery,
}

enum Ahead {
    Page(PagePromise),
    Failed(Box<Failure>),
}

impl Walk {
    /// Begins at the first page.
    pub fn new(list: &Rc<List>, delivery: Delivery) -> Self {
        let paginator = Paginator::new(Rc::clone(&list.listing), delivery, list.query.walk, list.client.random());
        Self { list: Rc::clone(list), paginator, seen: HashSet::new(), ahead: None, delivery }
    }

    /// The next delivery; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Delivered>>, Rejection> {
        loop {
            let ahead = match self.ahead.replace(None) {
                Some(ahead) => ahead,
                None => self.begin(self.paginator.start()),
            };
            let page = match ahead {
                None => return Ok(None),
                Some(Ahead::Failed(failure)) => return Err(Rejection::Failed(failure)),
                Some(Ahead::Page(page)) => page.await?,
            };
            let window = self.paginator.arrived(&page.summary);
            let id_of = |entry: &Node| entry.get_text("id").unwrap();
            for position in window.known {
                self.seen.insert(id_of(&page.entries[position as usize]));
            }
            let mut new_items = Vec::new();
            for entry in page.entries.iter().take(window.end as usize) {
                if new_items.len() < window.most as usize && self.seen.insert(id_of(entry)) {
                    new_items.push(entry.clone());
                }
            }
            let step = {
                let session = self.list.client.session.borrow();
                self.paginator.next(&session, &page.summary, new_items.len() as u32, self.list.client.now_ms())
            };
            self.ahead = Some(self.begin(step));
            if window.is_internal {
                continue;
            }
            let wanted = if self.delivery == Delivery::Pages { page.entries.to_vec() } else { new_items };
            return self.list.join(wanted, &page.unreadable).await.map(Some);
        }
    }

    fn begin(&self, step: Step) -> Option<Ahead> {
        match step {
            Step::Read(address) => Some(Ahead::Page(self.list.page(address))),
            Step::Fail(failure) => Some(Ahead::Failed(failure)),
            Step::End => None,
        }
    }
}
