//! Watches of an inbox in which people write, under faults that pass, with crashes in between.
//!
//! Whoever stores the conversations that are delivered, and then the checkpoint, ends up with the newest state of each
//! conversation that changed; and no state is delivered twice, unless its second was open.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::clock::{Raced, Random, Run, Signal, race};
use super::driver::{Client, Delivered, Functions, List, Query, Rejection, World};
use super::graph::{Fault, Graph};
use super::schedules::START_MS;
use crate::protocol::call::Problem;
use crate::protocol::call::session::{CallLimits, SessionOptions};
use crate::protocol::graph::error::{Failure, Kind};
use crate::protocol::paginator::{Step, WalkOptions};
use crate::protocol::watch::{Arrival, Scope, Start, Watch};

/// How long people write, in milliseconds.
const BUSY_MS: f64 = 60_000.0;
/// How long requests fail, in milliseconds.
const FAULTY_MS: f64 = 90_000.0;
/// When everything must have been delivered: rate limits and long pauses are over then.
const END_MS: f64 = 800_000.0;

/// What somebody who watches keeps when their process ends.
#[derive(Debug, Default)]
struct Store {
    /// For each conversation how many messages the state that was stored has.
    states: HashMap<String, u32>,
    checkpoint: Option<String>,
}

/// A watch, as the driver of the package has it.
struct Watcher {
    list: Rc<List>,
    watch: RefCell<Watch>,
    /// How far the local clock is off.
    off_ms: f64,
    signal: Signal,
    /// When the last look began.
    began_ms: Cell<f64>,
}

impl Watcher {
    fn new(client: &Rc<Client>, query: &Query, start: &Start, off_ms: f64, signal: Signal) -> Self {
        let list = List::new(client, Query { signal: signal.clone(), ..query.clone() });
        let watch = Watch::new(Rc::clone(&list.listing), Scope::new("106", None, None), start).unwrap();
        Self { list, watch: RefCell::new(watch), off_ms, signal, began_ms: Cell::default() }
    }

    async fn look(&self) -> Result<Vec<Delivered>, Problem<super::http::Node>> {
        let client = &self.list.client;
        let now_ms = || client.now_ms() + self.off_ms;
        self.began_ms.set(client.now_ms());
        self.list.size.borrow_mut().begin_again();
        let budget = client.budget(&self.list.query.limits);
        let mut step = self.watch.borrow_mut().begin_look(now_ms(), client.random());
        let mut found = Vec::new();
        loop {
            let address = match step {
                Step::Read(address) => address,
                Step::Fail(failure) => return Err(Problem::Failed(failure)),
                Step::End => break,
            };
            let page = self.list.read(address, budget).await?;
            let id_of = |position: u32| {
                use crate::protocol::json::Json;
                page.entries[position as usize].get_text("id").unwrap()
            };
            let arrival = Arrival { page: &page.summary, began_ms: page.began_ms, usage: page.usage };
            let (positions, _, next) =
                self.watch.borrow_mut().arrived(&client.session.borrow(), arrival, &id_of, now_ms());
            let wanted = positions.iter().map(|&position| page.entries[position as usize].clone()).collect();
            let joined = self.list.join(wanted, &page.unreadable).await;
            for one in joined.map_err(|_| Problem::Thrown(super::http::Node::Null))? {
                found.retain(|known: &Delivered| known.id != one.id);
                found.push(one);
            }
            step = next;
        }
        self.watch.borrow_mut().finish_look();
        // As watch.js does it.
        found.reverse();
        found.sort_by(|one, other| one.updated_ms.partial_cmp(&other.updated_ms).unwrap_or(Ordering::Equal));
        Ok(found)
    }

    fn failed(&self, failure: &Failure) {
        self.watch.borrow_mut().failed(failure.retry_after_ms, failure.kind == Kind::RateLimit);
    }

    /// The next changes, oldest first; `None` when it was aborted.
    async fn next(&self) -> Result<Option<Vec<Delivered>>, Rejection> {
        let client = &self.list.client;
        loop {
            let pause = self.watch.borrow_mut().pause(&mut client.session.borrow_mut());
            client.flush();
            if let Some(delay_ms) = pause
                && let Raced::Aborted =
                    race::<()>(&client.world.clock, None, client.now_ms() + delay_ms, &self.signal).await
            {
                return Ok(None);
            }
            match self.look().await {
                Ok(changes) if changes.is_empty() => {}
                Ok(changes) => return Ok(Some(changes)),
                Err(Problem::Failed(failure)) if failure.retryable => self.failed(&failure),
                Err(Problem::Thrown(_)) => return Ok(None),
                Err(problem) => return Err(problem.into()),
            }
        }
    }
}

/// Faults that waiting cures, however many come.
fn curable(share: f64, end_ms: f64) -> impl FnMut(&mut Random, f64) -> Option<Fault> {
    move |random, now_ms| {
        let all = [
            Fault::ConnectionReset,
            Fault::Hang,
            Fault::Html502,
            Fault::Html200,
            Fault::Transient,
            Fault::RateLimit(1 + random.below(100) as u32),
            Fault::RateLimitUnknown,
            Fault::TooFast,
        ];
        (now_ms < end_ms && random.chance(share)).then(|| random.pick(&all))
    }
}

/// Each delivery of one process: ID, time, and when its look began.
type Log = Vec<(String, f64, f64)>;

/// One watch, with as many processes as crashes make of it.
pub fn watch_of_a_busy_inbox(mut random: Random) {
    let mut run = Run::new(START_MS);
    let mut graph = Graph::new(random.below(60), START_MS as f64, &mut random);
    graph.has_date = random.chance(0.7);
    // Without a date in the response, a clock that is ahead closes seconds too early, and nobody could notice.
    let off_ms =
        if graph.has_date { random.pick(&[0.0, -3_600_000.0, 3_600_000.0]) } else { random.pick(&[0.0, -7_200_000.0]) };
    let has_date = graph.has_date;
    let mut world = World::new(&run, graph, random.clone());
    world.latency_ms = random.pick(&[0.0, 40.0, 3_000.0]);
    let clock = run.clock();
    let mut faults = curable(random.pick(&[0.0, 0.1, 0.5]), START_MS as f64 + FAULTY_MS);
    *world.faults.borrow_mut() = Box::new(move |random, _| faults(random, clock.now_ms()));
    let world = Rc::new(world);
    let options = SessionOptions { is_observed: true, ..SessionOptions::default() };
    let client = Client::new(&world, options, Functions::default());

    // People write, at times that nobody knows.
    let writes = random.pick(&[0, 3, 40, 150]);
    let (people, mut their_random) = (Rc::clone(&world), Random::new(random.below(1 << 30) as u64));
    run.spawn(async move {
        let mut left = writes;
        while left > 0 {
            let gap_ms = BUSY_MS / f64::from(writes) * 2.0 * their_random.fraction();
            people.clock.sleep(if their_random.chance(0.4) { gap_ms / 50.0 } else { gap_ms }.floor()).await;
            // Often several in one second.
            for _ in 0..their_random.pick(&[1, 1, 2, 4]).min(left) {
                left -= 1;
                let count = people.graph.borrow().conversations.len();
                let place = their_random.below(count.max(1));
                people.graph.borrow_mut().receive(place, people.clock.now_ms());
            }
        }
    });

    let begins_at = random.pick(&[None, None, Some(START_MS as f64 - 30_000.0)]);
    let crashes: Vec<f64> = (0..random.below(4)).map(|_| (BUSY_MS * random.fraction()).floor()).collect();
    let interval_ms = random.pick(&[None, None, Some(3_000)]);
    let limits = CallLimits { max_retries: random.pick(&[None, Some(0)]), ..CallLimits::default() };
    let walk = WalkOptions { catch_up: true, ..WalkOptions::default() };
    let query = Query { fields: &["snippet"], limits, walk, ..Query::default() };
    let store = Rc::new(RefCell::new(Store::default()));
    let logs: Rc<RefCell<Vec<Log>>> = Rc::default();
    // What was there when the watch began.
    let begun: Rc<RefCell<Option<HashMap<String, u32>>>> = Rc::default();
    let failed = Rc::new(RefCell::new(None));
    let (task, kept, noted, began, failure) =
        (Rc::clone(&client), Rc::clone(&store), Rc::clone(&logs), Rc::clone(&begun), Rc::clone(&failed));
    let mut chance = random.clone();
    run.spawn(async move {
        let states = |client: &Client| -> HashMap<String, u32> {
            let graph = client.world.graph.borrow();
            graph.conversations.iter().map(|one| (one.id.clone(), one.messages)).collect()
        };
        let mut ends: Vec<f64> = crashes;
        ends.sort_by(f64::total_cmp);
        ends.push(END_MS);
        let mut ends = ends.into_iter().peekable();
        while let Some(&end_ms) = ends.peek() {
            let checkpoint = kept.borrow().checkpoint.clone();
            let since_ms = begins_at.filter(|_| checkpoint.is_none());
            let start = Start { checkpoint, since_ms, interval_ms };
            let signal = Signal { at_ms: Some(START_MS as f64 + end_ms) };
            if signal.is_aborted(&task.world.clock) {
                ends.next();
                continue;
            }
            let watcher = Watcher::new(&task, &query, &start, off_ms, signal.clone());
            // A process that ends before anything was stored begins anew.
            if kept.borrow().checkpoint.is_none() && begins_at.is_none() {
                match watcher.look().await {
                    Ok(changes) => {
                        assert!(changes.is_empty(), "{changes:?}");
                        began.replace(Some(states(&task)));
                        kept.borrow_mut().checkpoint = Some(watcher.watch.borrow().checkpoint());
                    }
                    Err(Problem::Failed(failure)) => {
                        watcher.failed(&failure);
                    }
                    Err(_) => continue,
                }
            }
            let mut log = Log::new();
            loop {
                match watcher.next().await {
                    Ok(Some(changes)) => {
                        let looked_ms = watcher.began_ms.get();
                        let mut ids = HashSet::new();
                        for one in &changes {
                            assert!(ids.insert(&one.id), "each once");
                            log.push((one.id.clone(), one.updated_ms.unwrap(), looked_ms));
                        }
                        for pair in changes.windows(2) {
                            assert!(pair[0].updated_ms <= pair[1].updated_ms, "oldest first: {changes:?}");
                        }
                        for one in changes {
                            let messages: u32 = one.snippet.unwrap().parse().unwrap();
                            let mut store = kept.borrow_mut();
                            let known = store.states.entry(one.id).or_default();
                            *known = messages.max(*known);
                        }
                        // It may end before the checkpoint is stored.
                        if chance.chance(0.9) {
                            let checkpoint = watcher.watch.borrow().checkpoint();
                            assert!(checkpoint.len() <= 2_048);
                            kept.borrow_mut().checkpoint = Some(checkpoint);
                        } else if chance.chance(0.5) && task.now_ms() < START_MS as f64 + FAULTY_MS {
                            break;
                        }
                    }
                    Ok(None) => break,
                    Err(rejection) => {
                        failure.replace(Some(rejection));
                        return;
                    }
                }
            }
            noted.borrow_mut().push(log);
            let sent = task.sent.borrow().len();
            task.world.clock.sleep(0.0).await;
            assert_eq!(task.sent.borrow().len(), sent, "nothing is sent after the end");
        }
    });
    run.finish();

    assert!(failed.borrow().is_none(), "{:?}", failed.borrow());
    let store = store.borrow();
    let begun = begun.borrow();
    for conversation in &client.world.graph.borrow().conversations {
        // A change before the watch began need not come.
        let known = match (&*begun, begins_at) {
            (Some(before), _) => before.get(&conversation.id).copied().unwrap_or_default(),
            (None, Some(_)) => 0,
            (None, None) => continue,
        };
        let stored = store.states.get(&conversation.id).copied();
        if conversation.messages > known {
            assert_eq!(stored, Some(conversation.messages), "{conversation:?} was missed");
        }
    }
    for log in logs.borrow().iter() {
        let mut first: HashMap<(&str, u64), (f64, u32)> = HashMap::new();
        for (id, updated_ms, looked_ms) in log {
            let entry = first.entry((id, *updated_ms as u64)).or_insert((*looked_ms, 0));
            entry.1 += 1;
            assert!(entry.1 <= 2, "{id} at {updated_ms} comes more than twice");
            if entry.1 == 2 && has_date {
                // The date of a response is a whole second, and the request took a while.
                let open_ms = updated_ms + 1_000.0 + 5_000.0 + 1_000.0 + 2.0 * world.latency_ms;
                assert!(entry.0 < open_ms, "{id} at {updated_ms} comes twice, looked at {}", entry.0);
            }
        }
    }
}
