//! Random schedules: calls at once, walks through inboxes that change, batches of owners, under faults of every kind.
//!
//! What must hold is said at the end of each kind of schedule. A failure prints its seed.

use std::cell::RefCell;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::clock::{Random, Run, Signal};
use super::driver::{Client, Delivered, Functions, List, Purpose, Query, Rejection, Sent, World};
use super::graph::{Fault, Graph, ITEM_FAULTS, PASSING};
use super::heavy::walk_of_a_heavy_inbox;
use super::watching::watch_of_a_busy_inbox;
use crate::protocol::call::Problem;
use crate::protocol::call::session::{CallLimits, SessionOptions};
use crate::protocol::graph::error::{Failure, Kind};
use crate::protocol::paginator::WalkOptions;

/// When schedules begin, in milliseconds since 1970.
pub const START_MS: u64 = 1_800_000_000_000;

/// Where nobody says how many.
const DEFAULT_SCHEDULES: u64 = 4_000;

#[test]
fn holds_under_random_schedules() {
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    if let Some(seed) = number("GRAPH_INBOX_SEED") {
        return run(seed);
    }
    let count = number("GRAPH_INBOX_SCHEDULES").unwrap_or(DEFAULT_SCHEDULES);
    let next = AtomicU64::new(0);
    let failed = std::sync::Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= count || failed.lock().unwrap().len() > 9 {
                return;
            }
            if catch_unwind(AssertUnwindSafe(|| run(seed))).is_err() {
                failed.lock().unwrap().push(seed);
            }
            if (seed + 1).is_multiple_of(100_000) {
                println!("{} schedules", seed + 1);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "replay with GRAPH_INBOX_SEED={}", failed.iter().min().unwrap());
    println!("{count} schedules held");
}

fn run(seed: u64) {
    let mut random = Random::new(seed);
    match random.below(20) {
        0..7 => calls_at_once(random),
        7..12 => walk_of_a_changing_inbox(random),
        12..15 => many_owners(random),
        15 => walk_with_owners(random),
        16..18 => walk_of_a_heavy_inbox(random),
        _ => watch_of_a_busy_inbox(random),
    }
}

fn picked_limits(random: &mut Random) -> CallLimits {
    CallLimits {
        timeout_ms: random.pick(&[None, Some(60.0), Some(1_000.0)]),
        total_timeout_ms: random.pick(&[None, None, Some(100.0), Some(3_000.0), Some(20_000.0)]),
        max_retries: random.pick(&[None, Some(0), Some(1), Some(5)]),
    }
}

/// What goes wrong with so many of all requests.
fn faults_of_every_kind(random: &mut Random) -> impl FnMut(&mut Random, Purpose) -> Option<Fault> + use<> {
    let share = random.pick(&[0.0, 0.1, 0.4, 0.9]);
    move |random, _| {
        let all = [
            Fault::ConnectionReset,
            Fault::Hang,
            Fault::Html502,
            Fault::Html200,
            Fault::Transient,
            Fault::ReduceData,
            Fault::GaveUp,
            Fault::TooLong,
            Fault::RateLimit(1 + random.below(12) as u32),
            Fault::RateLimitUnknown,
            Fault::TooFast,
            Fault::DeadToken,
        ];
        random.chance(share).then(|| random.pick(&all))
    }
}

/// What a call of a schedule was given, and what came of it.
struct Asked {
    number: u32,
    limits: CallLimits,
    signal: Signal,
    started_ms: f64,
    ended_ms: f64,
    /// The failure that it was rejected with, if one of ours.
    failure: Option<Box<Failure>>,
    is_list: bool,
}

/// Calls of several clients at once, with aborts, deadlines, slow functions of the caller's, and faults of every kind.
fn calls_at_once(mut random: Random) {
    let mut run = Run::new(START_MS);
    let graph = Graph::new(random.below(40), START_MS as f64, &mut random);
    let world = World::new(&run, graph, random.clone());
    *world.faults.borrow_mut() = Box::new(faults_of_every_kind(&mut random));
    let world = Rc::new(world);
    let mut clients = Vec::new();
    for _ in 0..1 + random.below(2) {
        let per_second = random.pick(&[Some(1.0), Some(2.0), Some(2.0), Some(0.5), Some(2.5), None]);
        let options = SessionOptions {
            calls_per_second: Some(per_second),
            max_rate_limit_wait_ms: random.pick(&[None, Some(3_000.0), Some(60_000.0)]),
            limits: picked_limits(&mut random),
            is_observed: true,
            ..SessionOptions::default()
        };
        let functions = Functions {
            token_ms: random.pick(&[None, Some(0.0), Some(50.0), Some(4_000.0)]),
            token_throws: random.pick(&[0.0, 0.0, 0.3]),
            schedule_ms: random.pick(&[None, None, Some(0.0), Some(2_000.0)]),
            schedule_throws: random.pick(&[0.0, 0.0, 0.3]),
        };
        let common = options.limits;
        clients.push((Client::new(&world, options, functions), per_second, common, Rc::new(RefCell::new(Vec::new()))));
    }
    let mut started = 0;
    for (client, _, _, ended) in &clients {
        for _ in 0..1 + random.below(8) {
            started += 1;
            start_call(&run, client, ended, &mut random);
        }
    }
    run.finish();
    let mut count = 0;
    for (client, per_second, common, ended) in &clients {
        let sent = client.sent.borrow();
        count += ended.borrow().len();
        if let Some(per_second) = per_second {
            for platform in ["MESSENGER", "INSTAGRAM"] {
                check_pace(&sent, *per_second, platform);
            }
        }
        check_cool_downs(&sent, &ended.borrow());
        for call in ended.borrow().iter() {
            check_call(call, common, &sent);
        }
    }
    assert_eq!(count, started, "every call comes to one end");
}

fn start_call(run: &Run, client: &Rc<Client>, ended: &Rc<RefCell<Vec<Asked>>>, random: &mut Random) {
    let (client, ended) = (Rc::clone(client), Rc::clone(ended));
    let limits = if random.chance(0.5) { CallLimits::default() } else { picked_limits(random) };
    let delay_ms = random.pick(&[0.0, 0.0, 1.0, 700.0, 5_000.0]);
    let abort_ms = random.pick(&[None, None, None, Some(0.0), Some(20.0), Some(900.0), Some(6_000.0)]);
    let signal = Signal { at_ms: abort_ms.map(|ms| START_MS as f64 + delay_ms + ms) };
    let is_list = random.chance(0.6);
    let platform = random.pick(&[None, Some("messenger"), Some("instagram")]);
    run.spawn(async move {
        client.world.clock.sleep(delay_ms).await;
        let started_ms = client.world.clock.now_ms();
        let mut number = 0;
        let failure = if is_list {
            // A page of one conversation cannot become smaller: then its fields are read less, once.
            let query = Query { limit: Some(1), platform, limits, signal: signal.clone(), ..Query::default() };
            let list = List::new(&client, query);
            number = list.number();
            match list.first_page().await {
                Err(Rejection::Failed(failure)) => Some(failure),
                Ok(_) | Err(Rejection::Thrown) => None,
            }
        } else {
            number += client.next_call();
            match client.owner(number, "5000", &limits, &signal).await {
                Err(Problem::Failed(failure)) | Ok(Err(failure)) => Some(failure),
                _ => None,
            }
        };
        let ended_ms = client.world.clock.now_ms();
        ended.borrow_mut().push(Asked { number, limits, signal, started_ms, ended_ms, failure, is_list });
    });
}

/// No window has more requests of a platform than allowed. Where none is named it counts as Messenger.
fn check_pace(sent: &[Sent], per_second: f64, platform: &str) {
    let is_of = |one: &&Sent| {
        let named = one.url.contains("platform=INSTAGRAM");
        one.purpose == Purpose::List && named == (platform == "INSTAGRAM")
    };
    let times: Vec<f64> = sent.iter().filter(is_of).map(|one| one.at_ms).collect();
    let most = per_second.ceil();
    let window_ms = 1_000.0 * most / per_second;
    for window in times.windows(most as usize + 1) {
        assert!(window[window.len() - 1] - window[0] >= window_ms, "more than {per_second} a second: {window:?}");
    }
}

/// After a call was given up because of a rate limit, nothing is sent until the limit lifts.
fn check_cool_downs(sent: &[Sent], ended: &[Asked]) {
    for call in ended {
        let Some(failure) = call.failure.as_ref().filter(|failure| failure.kind == Kind::RateLimit) else { continue };
        if let Some(ms) = failure.retry_after_ms {
            let lifts_ms = call.ended_ms + ms;
            let early = sent.iter().find(|one| one.at_ms > call.ended_ms && one.at_ms < lifts_ms);
            assert!(early.is_none(), "{early:?} before a limit lifts at {lifts_ms}");
        }
    }
}

fn check_call(call: &Asked, common: &CallLimits, sent: &[Sent]) {
    let own: Vec<&Sent> = sent.iter().filter(|one| one.call == call.number).collect();
    let deadline_ms = call.limits.total_timeout_ms.or(common.total_timeout_ms).map(|ms| call.started_ms + ms);
    for one in &own {
        assert!(
            call.signal.at_ms.is_none_or(|at_ms| one.at_ms < at_ms || one.at_ms < call.ended_ms),
            "sent after an abort"
        );
        assert!(deadline_ms.is_none_or(|deadline_ms| one.at_ms < deadline_ms), "sent after a deadline");
        assert!(one.at_ms <= call.ended_ms, "sent after its end");
    }
    if let Some(at_ms) = call.signal.at_ms {
        assert!(call.ended_ms <= at_ms.max(call.started_ms), "an abort ends a call at once");
    }
    if let Some(deadline_ms) = deadline_ms {
        assert!(call.ended_ms <= deadline_ms, "a deadline ends a call");
    }
    let max_retries = call.limits.max_retries.or(common.max_retries).unwrap_or(2);
    // A list asks the same once more, for ID and time, for the ID, and perhaps whether anybody answers.
    let questions = if call.is_list { 5 } else { 1 };
    assert!(own.len() as u32 <= (1 + max_retries) * questions, "{} requests, {max_retries} retries", own.len());
    if let Some(failure) = call.failure.as_ref().filter(|_| !call.is_list) {
        assert_eq!(failure.attempts, Some(own.len() as u32), "attempts are what was sent: {failure:?}");
        assert!(failure.method.is_some() && failure.path.is_some());
    }
}

/// Faults that pass: never more than two in a row, of lists and of batches each by itself. Only some of them, where those that
/// make a question lighter would end a walk: at the lightest question there is nothing left to ask.
pub fn passing_faults(share: f64, may_lighten: bool) -> impl FnMut(&mut Random, Purpose) -> Option<Fault> {
    let mut in_a_row = [0, 0];
    move |random, purpose| {
        let row = &mut in_a_row[usize::from(purpose == Purpose::Batch)];
        if *row >= 2 || !random.chance(share) {
            *row = 0;
            return None;
        }
        *row += 1;
        // Twice in a row an empty page would name the same cursor twice, which does not pass.
        if purpose == Purpose::List && *row == 1 && random.chance(0.1) {
            return Some(Fault::EmptyPage);
        }
        // What is too long stays so, unless less is asked for.
        let stays_long = purpose == Purpose::Batch || *row > 1;
        let first = match (may_lighten, stays_long) {
            (false, _) => 2,
            (true, true) => 1,
            (true, false) => 0,
        };
        Some(random.pick(&PASSING[first..]))
    }
}

/// People write while the inbox is read, until nobody does any more.
fn busy_people(random: &mut Random) -> impl FnMut(&mut Graph, &mut Random, f64) + use<> {
    let (mut left, busy) = (random.below(40), random.pick(&[0.0, 0.2, 0.5]));
    move |graph, random, now_ms| {
        while left > 0 && random.chance(busy) {
            left -= 1;
            let place = random.below(graph.conversations.len().max(1));
            graph.receive(place, now_ms);
        }
    }
}

struct Walked {
    before: Vec<String>,
    delivered: Vec<Delivered>,
    rejection: Option<Rejection>,
}

/// Walks through an inbox in a world in which nothing lasts.
fn walk(mut random: Random, with_owner: bool, walk: WalkOptions, is_busy: bool) -> (Walked, Rc<Client>) {
    let mut run = Run::new(START_MS);
    let graph = Graph::new(random.below(45), START_MS as f64, &mut random);
    let before = graph.conversations.iter().map(|one| one.id.clone()).collect();
    let mut world = World::new(&run, graph, random.clone());
    world.latency_ms = random.pick(&[0.0, 40.0, 2_000.0]);
    let share = random.pick(&[0.0, 0.3]);
    *world.faults.borrow_mut() = Box::new(passing_faults(share, true));
    if is_busy {
        *world.meanwhile.borrow_mut() = Box::new(busy_people(&mut random));
    }
    let options = SessionOptions { calls_per_second: Some(None), ..SessionOptions::default() };
    let client = Client::new(&Rc::new(world), options, Functions::default());
    let limit = Some(1 + random.below(12) as u32);
    let list = List::new(&client, Query { limit, walk, with_owner, ..Query::default() });
    let walked = Rc::new(RefCell::new(None));
    let result = Rc::clone(&walked);
    run.spawn(async move {
        result.replace(Some(list.walk().await));
    });
    run.finish();
    let (delivered, rejection) = walked.take().expect("a walk comes to its end");
    (Walked { before, delivered, rejection }, client)
}

/// Iterating delivers what it says: everything that was there throughout, once.
fn walk_of_a_changing_inbox(mut random: Random) {
    let catch_up = random.chance(0.7);
    let options = WalkOptions { catch_up, max_items: random.pick(&[None, None, Some(7)]), ..WalkOptions::default() };
    // What moves while it is read is only caught up with where that is asked for.
    let (walked, _) = walk(random, false, options, catch_up);
    check_walk(&walked, options.max_items);
}

fn check_walk(walked: &Walked, max_items: Option<u32>) {
    assert!(walked.rejection.is_none(), "{:?}", walked.rejection);
    let mut seen = HashSet::new();
    for Delivered { id, .. } in &walked.delivered {
        assert!(seen.insert(id.as_str()), "{id} is delivered twice");
    }
    match max_items {
        Some(most) => assert_eq!(seen.len(), walked.before.len().min(most as usize)),
        None => {
            let missing: Vec<_> = walked.before.iter().filter(|id| !seen.contains(id.as_str())).collect();
            assert!(missing.is_empty(), "never delivered: {missing:?}");
        }
    }
}

/// Each conversation comes with the owner of its own thread.
fn walk_with_owners(random: Random) {
    let options = WalkOptions { catch_up: true, ..WalkOptions::default() };
    let (walked, _) = walk(random, true, options, true);
    check_walk(&walked, None);
    for Delivered { id, owner, .. } in &walked.delivered {
        let person = 5_000 + id.strip_prefix("t_").unwrap().parse::<u32>().unwrap();
        let owner = owner.as_ref().unwrap().as_ref().unwrap();
        let record = serde_json::to_value(owner.record(None)).unwrap();
        assert_eq!(
            (&record["recipient"], &record["app_id"]),
            (&person.to_string().into(), &format!("9{person}").into())
        );
    }
}

/// Many owners are complete and in order, whatever fails; nobody is asked about more often than retries allow.
fn many_owners(mut random: Random) {
    let mut run = Run::new(START_MS);
    let mut graph = Graph::new(0, START_MS as f64, &mut random);
    let count = random.pick(&[0, 1, 3, 49, 50, 51, 230]);
    let recipients: Vec<String> = (0..count).map(|_| random.below(count * 2).to_string()).collect();
    for _ in 0..random.below(5) {
        let fault = if random.chance(0.1) { Fault::DeadToken } else { random.pick(&ITEM_FAULTS) };
        let recipient = random.below(count.max(1) * 2).to_string();
        graph.item_faults.insert(recipient, (1 + random.below(4) as u32, fault));
    }
    let world = World::new(&run, graph, random.clone());
    *world.faults.borrow_mut() = Box::new(faults_of_every_kind(&mut random));
    let options = SessionOptions { is_observed: true, ..SessionOptions::default() };
    let functions = Functions { token_ms: random.pick(&[None, Some(100.0)]), ..Functions::default() };
    let client = Client::new(&Rc::new(world), options, functions);
    let limits = picked_limits(&mut random);
    let signal = Signal { at_ms: random.pick(&[None, None, None, Some(START_MS as f64 + 50.0)]) };
    let ended = Rc::new(RefCell::new(None));
    let (task, result, given, until) = (Rc::clone(&client), Rc::clone(&ended), recipients.clone(), signal.clone());
    run.spawn(async move {
        let owners = task.owners(given, &limits, &until).await;
        result.replace(Some((owners.ok(), task.world.clock.now_ms())));
    });
    run.finish();

    let (owners, ended_ms) = ended.take().expect("the call comes to its end");
    let deadline_ms = limits.total_timeout_ms.map_or(f64::INFINITY, |ms| START_MS as f64 + ms);
    assert!(ended_ms <= deadline_ms.min(signal.at_ms.unwrap_or(f64::INFINITY)));
    assert!(client.sent.borrow().iter().all(|one| one.at_ms < deadline_ms && one.at_ms <= ended_ms));
    let most = 1 + limits.max_retries.unwrap_or(2);
    let asked = &client.world.graph.borrow().asked;
    assert!(asked.values().all(|&times| times <= most), "{asked:?}");
    let Some(owners) = owners else {
        assert!(signal.at_ms.is_some(), "only an abort rejects the whole");
        return;
    };
    let order: Vec<&String> = owners.iter().map(|(recipient, _)| recipient).collect();
    assert_eq!(order, recipients.iter().collect::<Vec<_>>());
    for (recipient, owner) in &owners {
        match owner {
            Ok(owner) => {
                let record = serde_json::to_value(owner.record(None)).unwrap();
                assert_eq!(record["app_id"], format!("9{recipient}"));
            }
            Err(failure) => {
                // A request that never arrived at Graph was made all the same.
                let arrived = asked.get(recipient).copied().unwrap_or_default();
                let attempts = failure.attempts.unwrap_or_default();
                assert!(attempts >= arrived && attempts <= most, "{attempts} attempts, {arrived} arrived: {failure:?}");
                assert_ne!(failure.kind, Kind::InvalidOption);
            }
        }
    }
}
