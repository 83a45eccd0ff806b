//! Defects that were found once, each with its whole kind.

use std::cell::RefCell;
use std::rc::Rc;

use super::clock::{Random, Run, Signal};
use super::driver::{Client, Functions, List, Query, Rejection, World};
use super::graph::{Fault, Graph};
use crate::protocol::call::Problem;
use crate::protocol::call::session::{CallLimits, SessionOptions};
use crate::protocol::graph::error::Kind;

const START_MS: u64 = 1_800_000_000_000;

/// A client in a world in which these faults come first, one for each request.
fn client(faults: &[Option<Fault>], options: SessionOptions, functions: Functions) -> (Run, Rc<Client>) {
    let run = Run::new(START_MS);
    let mut random = Random::new(1);
    let graph = Graph::new(60, START_MS as f64, &mut random);
    let world = World::new(&run, graph, random);
    let faults = faults.to_vec();
    let mut sent = 0;
    *world.faults.borrow_mut() = Box::new(move |_, _| {
        sent += 1;
        faults.get(sent - 1).copied().flatten()
    });
    let client = Client::new(&Rc::new(world), options, functions);
    (run, client)
}

fn paced(per_second: f64) -> SessionOptions {
    SessionOptions { calls_per_second: Some(Some(per_second)), ..SessionOptions::default() }
}

/// Starts so many lists at once, each of which reads its first page.
fn start_lists(run: &Run, client: &Rc<Client>, count: usize, query: &Query) -> Rc<RefCell<Vec<Option<Kind>>>> {
    let ended = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..count {
        let (list, ended) = (List::new(client, query.clone()), Rc::clone(&ended));
        run.spawn(async move {
            let kind = match list.first_page().await {
                Err(Rejection::Failed(failure)) => Some(failure.kind),
                _ => None,
            };
            ended.borrow_mut().push(kind);
        });
    }
    ended
}

fn most_in_a_window(client: &Client, window_ms: f64) -> usize {
    let times: Vec<f64> = client.sent.borrow().iter().map(|sent| sent.at_ms).collect();
    let within = |from: &f64| times.iter().filter(|at| *at >= from && **at < from + window_ms).count();
    times.iter().map(within).max().unwrap_or_default()
}

fn since_start(client: &Client) -> Vec<f64> {
    client.sent.borrow().iter().map(|sent| sent.at_ms - START_MS as f64).collect()
}

#[test]
fn keeps_the_pace_when_a_rate_limit_lifts() {
    let (mut run, client) = client(&[Some(Fault::RateLimit(4))], paced(2.0), Functions::default());
    let ended = start_lists(&run, &client, 8, &Query::default());
    run.finish();
    assert_eq!((ended.borrow().len(), client.sent.borrow().len()), (8, 9));
    assert!(ended.borrow().iter().all(Option::is_none));
    assert!(most_in_a_window(&client, 1_000.0) <= 2, "{:?}", since_start(&client));
}

#[test]
fn keeps_the_pace_after_a_slow_token_function() {
    for token_ms in [0.0, 300.0, 3_200.0] {
        let (mut run, client) = client(&[], paced(2.0), Functions { token_ms: Some(token_ms), ..Functions::default() });
        let ended = start_lists(&run, &client, 6, &Query::default());
        run.finish();
        assert_eq!((ended.borrow().len(), client.sent.borrow().len()), (6, 6));
        let times = since_start(&client);
        assert!(most_in_a_window(&client, 1_000.0) <= 2, "{times:?}");
        assert!(times[5] <= 2_000.0 + token_ms, "no slower than the token: {times:?}");
    }
}

#[test]
fn keeps_the_pace_under_a_slow_schedule() {
    let (mut run, client) = client(&[], paced(2.0), Functions { schedule_ms: Some(5_000.0), ..Functions::default() });
    let ended = start_lists(&run, &client, 20, &Query::default());
    run.finish();
    assert_eq!((ended.borrow().len(), client.sent.borrow().len()), (20, 20));
    assert!(most_in_a_window(&client, 1_000.0) <= 2, "{:?}", since_start(&client));
}

#[test]
fn a_fraction_is_a_call_in_that_many_seconds() {
    let (mut run, client) = client(&[], paced(0.5), Functions::default());
    start_lists(&run, &client, 3, &Query::default());
    run.finish();
    assert_eq!(since_start(&client), [0.0, 2_000.0, 4_000.0]);
}

#[test]
fn a_call_that_never_sends_leaves_its_turn_to_the_next() {
    // Its token function throws.
    let (mut run, failing) =
        client(&[], paced(1.0), Functions { token_ms: Some(0.0), token_throws: 1.0, ..Functions::default() });
    start_lists(&run, &failing, 3, &Query::default());
    run.finish();
    assert_eq!(failing.world.clock.now_ms(), START_MS as f64, "nobody waited");

    // It is aborted while it waits for its turn, or while it waits for its token: whoever waits behind it moves up at once.
    for token_ms in [None, Some(10_000.0)] {
        let (mut run, client) = client(&[], paced(1.0), Functions { token_ms, ..Functions::default() });
        let signal = Signal { at_ms: Some(START_MS as f64 + 500.0) };
        start_lists(&run, &client, 1, &Query::default());
        start_lists(&run, &client, 2, &Query { signal, ..Query::default() });
        start_lists(&run, &client, 1, &Query::default());
        run.finish();
        let wait_ms = token_ms.unwrap_or_default();
        let times = since_start(&client);
        assert_eq!(times, [wait_ms, wait_ms + 1_000.0], "{token_ms:?}");
    }
}

#[test]
fn a_turn_that_becomes_free_is_taken_at_once() {
    let (mut run, client) =
        client(&[], paced(1.0), Functions { token_ms: Some(100.0), token_throws: 0.0, ..Functions::default() });
    let signal = Signal { at_ms: Some(START_MS as f64 + 50.0) };
    start_lists(&run, &client, 1, &Query { signal, ..Query::default() });
    start_lists(&run, &client, 1, &Query::default());
    run.finish();
    assert_eq!(since_start(&client), [150.0], "the second asks for its token when the first is aborted");
}

#[test]
fn attempts_are_the_requests_that_were_made() {
    // The second call gets a rate limit while the first waits to try again.
    let faults = [Some(Fault::Transient), Some(Fault::RateLimit(3_600))];
    let (mut run, client) = client(
        &faults,
        SessionOptions { calls_per_second: Some(None), ..SessionOptions::default() },
        Functions::default(),
    );
    let attempts = Rc::new(RefCell::new(Vec::new()));
    for recipient in ["1", "2", "3"] {
        let (client, attempts) = (Rc::clone(&client), Rc::clone(&attempts));
        run.spawn(async move {
            if recipient == "3" {
                client.world.clock.sleep(60_000.0).await;
            }
            let number = client.next_call();
            let outcome = client.owner(number, recipient, &CallLimits::default(), &Signal::default()).await;
            let Err(Problem::Failed(failure)) = outcome else { panic!("a rate limit holds") };
            attempts.borrow_mut().push((recipient, failure.kind, failure.attempts));
        });
    }
    run.finish();
    attempts.borrow_mut().sort_by_key(|(recipient, ..)| *recipient);
    let limited = Kind::RateLimit;
    assert_eq!(*attempts.borrow(), [("1", limited, Some(1)), ("2", limited, Some(1)), ("3", limited, Some(0))]);
}

#[test]
fn the_time_of_many_owners_is_that_of_the_whole_call() {
    for fault in [Fault::Hang, Fault::Transient, Fault::ConnectionReset, Fault::TooFast] {
        let faults = [Some(fault); 100];
        let (mut run, client) = client(&faults, SessionOptions::default(), Functions::default());
        let ended_ms = Rc::new(RefCell::new(None));
        let (task, ended) = (Rc::clone(&client), Rc::clone(&ended_ms));
        run.spawn(async move {
            let recipients = (0..250).map(|number| number.to_string()).collect();
            let limits = CallLimits { total_timeout_ms: Some(400.0), max_retries: Some(9), ..CallLimits::default() };
            let owners = task.owners(recipients, &limits, &Signal::default()).await.unwrap();
            assert_eq!(owners.len(), 250);
            assert!(owners.iter().all(|(_, owner)| owner.is_err()));
            ended.replace(Some(task.world.clock.now_ms() - START_MS as f64));
        });
        run.finish();
        assert!(ended_ms.borrow().unwrap() <= 400.0, "{fault:?}: {ended_ms:?}");
    }
}

#[test]
fn nobody_is_asked_about_more_often_than_retries_allow() {
    for max_retries in [0, 2] {
        // The connection, then an item, then the whole batch.
        let faults = [Some(Fault::ConnectionReset), None, Some(Fault::Transient), Some(Fault::Html502)];
        let (mut run, client) = client(&faults, SessionOptions::default(), Functions::default());
        client.world.graph.borrow_mut().item_faults.insert("7".to_owned(), (9, Fault::Transient));
        let task = Rc::clone(&client);
        run.spawn(async move {
            let limits = CallLimits { max_retries: Some(max_retries), ..CallLimits::default() };
            let recipients = vec!["7".to_owned(), "8".to_owned(), "7".to_owned()];
            let owners = task.owners(recipients, &limits, &Signal::default()).await.unwrap();
            let failure = owners[0].1.as_ref().unwrap_err();
            assert_eq!(failure.attempts, Some(1 + max_retries));
            assert_eq!(owners[2].1, owners[0].1);
        });
        run.finish();
        assert_eq!(client.world.graph.borrow().asked.get("7").copied().unwrap_or_default(), 1 + max_retries);
        assert_eq!(client.sent.borrow().len() as u32, 1 + max_retries);
    }
}

#[test]
fn a_first_page_shrinks_whoever_asks_for_it_first() {
    for is_iterated_first in [false, true] {
        let faults = [Some(Fault::ReduceData), Some(Fault::ReduceData)];
        let (mut run, client) = client(&faults, SessionOptions::default(), Functions::default());
        let list = List::new(&client, Query { limit: Some(40), ..Query::default() });
        run.spawn(async move {
            if is_iterated_first {
                list.walk().await;
            }
            assert_eq!(list.first_page().await.unwrap().entries.len(), 10);
            if !is_iterated_first {
                assert_eq!(list.walk().await.0.len(), 60);
            }
        });
        run.finish();
    }
}
