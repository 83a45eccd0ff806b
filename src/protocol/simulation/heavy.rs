//! Inboxes that are hard to read: page sizes that are refused, messages that are too many, conversations that Graph can only
//! deliver in part.
//!
//! What is delivered plus what is named unreadable is exactly what was asked for.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use super::clock::{Random, Run};
use super::driver::{Client, Delivered, Functions, List, Purpose, Query, World};
use super::graph::{Fault, Graph};
use super::schedules::{START_MS, passing_faults};
use crate::protocol::call::session::SessionOptions;

/// What of a conversation Graph can deliver when nothing else is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Everything.
    Light,
    /// So many messages at once.
    Messages(u32),
    /// Everything but messages.
    NoMessages,
    /// The time, and the participants.
    TimeOnly,
    /// The ID.
    IdOnly,
}

/// What is asked for by the name of a field: how many messages, or that any other field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    names: Vec<String>,
    messages: u32,
}

impl Asked {
    /// Reads the value of the `fields` parameter.
    pub fn parse(fields: &str) -> Self {
        let (mut names, mut depth, mut name) = (Vec::new(), 0, String::new());
        for c in fields.chars().chain([',']) {
            match c {
                ',' if depth == 0 => names.push(std::mem::take(&mut name)),
                '{' | '(' => depth += 1,
                '}' | ')' => depth -= 1,
                _ if depth == 0 => name.push(c),
                _ => {}
            }
        }
        let names: Vec<String> = names.iter().map(|name| name.split('.').next().unwrap().to_owned()).collect();
        let limit = fields.split("messages.limit(").nth(1).and_then(|rest| rest.split(')').next()?.parse().ok());
        let messages = if names.iter().any(|name| name == "messages") { limit.unwrap_or(25) } else { 0 };
        Self { names, messages }
    }

    /// Whether a field is among them.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// How many messages of each conversation.
    pub fn messages(&self) -> u32 {
        self.messages
    }

    /// Whether this is too much of a conversation.
    pub fn is_too_much(&self, weight: Weight) -> bool {
        let all_of = |known: &[&str]| self.names.iter().all(|name| known.contains(&name.as_str()));
        match weight {
            Weight::Light => false,
            Weight::Messages(most) => self.messages > most,
            Weight::NoMessages => self.messages > 0,
            Weight::TimeOnly => !all_of(&["id", "updated_time", "participants"]),
            Weight::IdOnly => !all_of(&["id"]),
        }
    }
}

/// What a Graph refuses, and how.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most conversations of a page.
    pub page: usize,
    /// The most messages of a page.
    pub messages: u32,
    /// What is answered to more.
    pub refusal: Fault,
}

impl Default for Limits {
    fn default() -> Self {
        Self { page: usize::MAX, messages: u32::MAX, refusal: Fault::ReduceData }
    }
}

/// The selections that are read: what Graph chooses, plain fields, and messages written in two ways.
const SELECTIONS: [&[&str]; 4] = [
    &[],
    &["snippet", "updated_time"],
    &["messages{id,from}", "snippet"],
    &["snippet", "messages.limit(10){id}", "participants{id,name}"],
];

fn picked_weight(random: &mut Random) -> Weight {
    match random.below(6) {
        0 => Weight::Messages(1 + random.below(30) as u32),
        1 => Weight::NoMessages,
        2 => Weight::TimeOnly,
        3 => Weight::IdOnly,
        _ => Weight::Light,
    }
}

/// Reads an inbox that is hard to read, to its end.
pub fn walk_of_a_heavy_inbox(mut random: Random) {
    let mut run = Run::new(START_MS);
    let mut graph = Graph::new(random.below(60), START_MS as f64, &mut random);
    let share = random.pick(&[0.0, 0.1, 0.5]);
    for conversation in &mut graph.conversations {
        if random.chance(share) {
            conversation.weight = picked_weight(&mut random);
        }
    }
    graph.limits = Limits {
        page: random.pick(&[usize::MAX, 1, 3, 10, 30]),
        messages: random.pick(&[u32::MAX, 1_000, 100, 25]),
        refusal: random.pick(&[Fault::ReduceData, Fault::TooLong, Fault::GaveUp, Fault::Hang]),
    };
    let before = graph.conversations.clone();
    let (refusal, page_limit) = (graph.limits.refusal, graph.limits.page);

    let world = World::new(&run, graph, random.clone());
    let passing = random.pick(&[0.0, 0.0, 0.3]);
    *world.faults.borrow_mut() = Box::new(passing_faults(passing, false));
    let options = SessionOptions { calls_per_second: Some(None), is_observed: true, ..SessionOptions::default() };
    let client = Client::new(&Rc::new(world), options, Functions::default());
    let fields = random.pick(&SELECTIONS);
    let limit = random.pick(&[None, Some(1), Some(7), Some(50)]);
    let with_owner = random.chance(0.2);
    let list = List::new(&client, Query { limit, fields, with_owner, ..Query::default() });
    let result = Rc::new(RefCell::new(None));
    let walked = Rc::clone(&result);
    run.spawn(async move {
        walked.replace(Some(list.walk().await));
    });
    run.finish();

    let (delivered, rejection): (Vec<Delivered>, _) = result.take().expect("a walk comes to its end");
    assert!(rejection.is_none(), "{rejection:?}");
    assert_eq!(delivered.len(), before.len(), "each conversation once");
    let asked_names = || {
        let names = fields.iter().map(|field| Asked::parse(field).names[0].clone());
        if fields.is_empty() { vec!["updated_time".to_owned()] } else { names.collect() }
    };
    for (conversation, one) in before.iter().zip(&delivered) {
        assert_eq!(conversation.id, one.id, "in Graph's order");
        let missing: Vec<String> = asked_names().into_iter().filter(|name| !one.names.contains(name)).collect();
        assert_eq!(missing, one.unreadable, "what is not there is named: {one:?}");
        let mut hopeless = asked_names();
        hopeless.retain(|name| match conversation.weight {
            Weight::Light | Weight::Messages(_) => false,
            // An edge with fields of its own is given up together with the messages.
            Weight::NoMessages => name == "messages" || name == "participants" && !with_owner,
            Weight::TimeOnly => name != "updated_time" && !(name == "participants" && with_owner),
            Weight::IdOnly => true,
        });
        if conversation.weight == Weight::NoMessages && !hopeless.contains(&"messages".to_owned()) {
            hopeless.clear();
        }
        assert_eq!(one.unreadable, hopeless, "{conversation:?}");
        // What was halved for one conversation is not halved for the next, unless each try would cost half a minute.
        if ![Fault::GaveUp, Fault::Hang].contains(&refusal) && !hopeless.contains(&"messages".to_owned()) {
            let most = if let Weight::Messages(most) = conversation.weight { most } else { u32::MAX };
            let wanted = Asked::parse(&fields.join(",")).messages();
            let halved = (0..6).map(|halvings| (wanted >> halvings).max(wanted.min(1)));
            assert_eq!(Some(one.messages), halved.into_iter().find(|&messages| messages <= most), "{one:?}");
        }
    }
    if passing == 0.0 {
        let sent = client.sent.borrow();
        let most = before.len() as f64 * (8.0 + 5.0 + 4.0) + 20.0;
        assert!(sent.len() as f64 <= most, "{} requests for {} conversations", sent.len(), before.len());
        if [Fault::GaveUp, Fault::Hang].contains(&refusal) {
            let size = |url: &str| {
                let (_, query) = url.split_once('?').unwrap_or_default();
                let limit = query.split('&').find_map(|pair| pair.strip_prefix("limit="));
                limit.map_or(25, |limit| limit.parse::<usize>().unwrap())
            };
            let lists = sent.iter().filter(|one| one.purpose == Purpose::List);
            let refused: Vec<usize> = lists.map(|one| size(&one.url)).filter(|&size| size > page_limit).collect();
            let distinct: HashSet<&usize> = refused.iter().collect();
            assert_eq!(distinct.len(), refused.len(), "a refused size is asked for once: {refused:?}");
        }
    }
}

/// The walk is as long as Graph's pages are, not as many requests as Graph's own page size makes of them.
#[test]
fn ten_thousand_conversations_take_few_requests() {
    let mut run = Run::new(START_MS);
    let mut random = Random::new(1);
    let graph = Graph::new(10_000, START_MS as f64, &mut random);
    let world =
        World { latency_ms: 0.0, work_ms: |entries| 300.0 + 2.0 * entries as f64, ..World::new(&run, graph, random) };
    let client = Client::new(&Rc::new(world), SessionOptions::default(), Functions::default());
    let list = List::new(&client, Query::default());
    let (ended_ms, task) = (Rc::new(Cell::new(0.0)), Rc::clone(&client));
    let result = Rc::clone(&ended_ms);
    run.spawn(async move {
        let (delivered, rejection) = list.walk().await;
        assert_eq!((delivered.len(), rejection.is_none()), (10_000, true));
        result.set(task.world.clock.now_ms());
    });
    run.finish();
    let seconds = (ended_ms.get() - START_MS as f64) / 1_000.0;
    let requests = client.sent.borrow().len();
    assert!(requests <= 70 && seconds <= 38.0, "{requests} requests, {seconds} s");
}
