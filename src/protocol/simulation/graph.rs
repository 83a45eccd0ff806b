//! A Graph that answers from a script: an inbox that changes, owners, rate limits, and faults of every kind.

use std::cell::Cell;
use std::collections::HashMap;

use super::clock::Random;
use super::heavy::{Asked, Limits, Weight};
use super::http::{Node, Response};
use crate::protocol::text::percent_decoded;

/// A conversation.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// Its ID.
    pub id: String,
    /// The page-scoped ID of the person.
    pub person: String,
    /// Milliseconds since 1970.
    pub updated_ms: f64,
    /// How many messages it got while it was looked at; its snippet.
    pub messages: u32,
    /// How much of it Graph can deliver.
    pub weight: Weight,
    /// Moves are counted, because many can fall into one millisecond.
    moved: u64,
}

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// No response arrives, and the connection is lost at once.
    ConnectionReset,
    /// No response ever arrives.
    Hang,
    /// A gateway's page.
    Html502,
    /// A page that is no JSON under a good status.
    Html200,
    /// Code 2.
    Transient,
    /// Code 1: less data may be had.
    ReduceData,
    /// Code -2: Graph gave up after a long time.
    GaveUp,
    /// A body of more than 16 MiB.
    TooLong,
    /// Code 4 with the time to come back, in seconds.
    RateLimit(u32),
    /// Code 4 without a time.
    RateLimitUnknown,
    /// Code 613.
    TooFast,
    /// Code 190: a retry does not help.
    DeadToken,
    /// A page without entries that has a next one.
    EmptyPage,
}

/// Those that pass by themselves, where a call is patient enough. The first two make a question lighter.
pub const PASSING: [Fault; 7] = [
    Fault::TooLong,
    Fault::ReduceData,
    Fault::ConnectionReset,
    Fault::Html502,
    Fault::Html200,
    Fault::Transient,
    Fault::TooFast,
];

/// What goes wrong with one recipient of a batch.
pub const ITEM_FAULTS: [Fault; 4] = [Fault::Hang, Fault::Html502, Fault::Html200, Fault::Transient];

/// The page size of a request that names none.
const DEFAULT_LIMIT: usize = 25;

/// The server.
pub struct Graph {
    /// Newest first.
    pub conversations: Vec<Conversation>,
    /// Whether responses to lists say what time it is.
    pub has_date: bool,
    /// What it refuses of lists.
    pub limits: Limits,
    /// Faults of single recipients: how many more times each fails, and how.
    pub item_faults: HashMap<String, (u32, Fault)>,
    /// How often each recipient was asked about.
    pub asked: HashMap<String, u32>,
    moves: u64,
    empty_pages: Cell<u32>,
}

impl Graph {
    /// Makes an inbox of so many conversations, the newest of which was updated at a time; some share a second.
    pub fn new(count: usize, now_ms: f64, random: &mut Random) -> Self {
        let mut graph = Self {
            conversations: Vec::new(),
            has_date: false,
            limits: Limits::default(),
            item_faults: HashMap::new(),
            asked: HashMap::new(),
            moves: 0,
            empty_pages: Cell::new(0),
        };
        let mut updated_ms = now_ms - 1_000.0;
        for number in 0..count {
            graph.moves += 1;
            let (id, person) = (format!("t_{number}"), format!("{}", 5_000 + number));
            graph.conversations.push(Conversation {
                id,
                person,
                updated_ms,
                messages: 0,
                weight: Weight::Light,
                moved: 0,
            });
            updated_ms -= random.pick(&[0.0, 0.0, 1_000.0, 60_000.0]);
        }
        // Of those with the same time the later ones stand lower.
        for (place, conversation) in graph.conversations.iter_mut().rev().enumerate() {
            conversation.moved = place as u64;
        }
        graph
    }

    /// Somebody writes: the conversation moves to the top. Graph's times are whole seconds.
    pub fn receive(&mut self, place: usize, now_ms: f64) {
        if place < self.conversations.len() {
            let mut conversation = self.conversations.remove(place);
            self.moves += 1;
            conversation.updated_ms = (now_ms / 1_000.0).floor() * 1_000.0;
            conversation.moved = self.moves + 1_000_000;
            conversation.messages += 1;
            self.conversations.insert(0, conversation);
        }
    }

    /// Answers a GET of a list.
    pub fn list(&self, url: &str, fault: Option<Fault>) -> Option<Response> {
        let parameter = |name: &str| {
            let (_, query) = url.split_once('?')?;
            let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
            percent_decoded(pair)
        };
        if fault != Some(Fault::EmptyPage)
            && let Some(fault) = fault
        {
            return answer_to(fault);
        }
        let limit = parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(DEFAULT_LIMIT);
        // A cursor names the last entry of a page by its time and its moves, so it stays where it is when entries move.
        let start = match parameter("after") {
            None => 0,
            Some(cursor) => {
                let parts: Vec<&str> = cursor.split('-').collect();
                let (updated, moved) = (parts[0], parts[1]);
                let key = (updated.parse::<f64>().unwrap(), moved.parse::<u64>().unwrap());
                let is_older = |one: &Conversation| (one.updated_ms, one.moved) < key;
                self.conversations.iter().position(is_older).unwrap_or(self.conversations.len())
            }
        };
        let start = start.min(self.conversations.len());
        let is_empty = fault == Some(Fault::EmptyPage) && start < self.conversations.len();
        let end = if is_empty { start } else { (start + limit).min(self.conversations.len()) };
        let asked = Asked::parse(&parameter("fields").unwrap_or_else(|| "id,updated_time".to_owned()));
        let page = self.conversations.get(start..end).unwrap_or_default();
        if limit > self.limits.page
            || page.len() as u32 > 1 && page.len() as u32 * asked.messages() > self.limits.messages
            || page.iter().any(|one| asked.is_too_much(one.weight))
        {
            return answer_to(self.limits.refusal);
        }
        let entries = page.iter().map(|conversation| entry(conversation, &asked));
        let mut paging = Node::object([]);
        if end < self.conversations.len() {
            let last = end.checked_sub(1).and_then(|last| self.conversations.get(last));
            let (updated_ms, moved) = last.map_or((f64::MAX, 0), |last| (last.updated_ms, last.moved));
            // An empty page leads on to the same entries by another cursor.
            self.empty_pages.set(self.empty_pages.get() + u32::from(is_empty));
            let nonce = if is_empty { self.empty_pages.get() } else { 0 };
            let cursor = format!("{updated_ms}-{moved}-{nonce}");
            let cursors = Node::object([("after", Node::text(cursor))]);
            paging = Node::object([("cursors", cursors), ("next", Node::text("https://graph.example/next"))]);
        }
        let body = Node::object([("data", Node::list(entries)), ("paging", paging)]);
        Some(Response::new(200, Some(body)))
    }

    /// Answers a batch of questions for owners.
    pub fn batch(&mut self, form: &str, fault: Option<Fault>) -> Option<Response> {
        let form = percent_decoded(form).unwrap();
        let recipients: Vec<String> = form
            .split("recipient=")
            .skip(1)
            .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap().to_owned())
            .collect();
        for recipient in &recipients {
            *self.asked.entry(recipient.clone()).or_default() += 1;
        }
        if let Some(fault) = fault {
            return answer_to(fault);
        }
        let items: Vec<Node> = recipients.iter().map(|recipient| self.item(recipient)).collect();
        Some(Response::new(200, Some(Node::list(items))))
    }

    fn item(&mut self, recipient: &str) -> Node {
        let answered =
            |status: f64, body: String| Node::object([("code", Node::Number(status)), ("body", Node::text(body))]);
        if let Some((left, fault)) = self.item_faults.get_mut(recipient)
            && *left > 0
        {
            *left -= 1;
            return match fault {
                Fault::Hang => Node::Null,
                Fault::Html502 => answered(502.0, "<html>".to_owned()),
                Fault::Html200 => answered(200.0, "<html>".to_owned()),
                Fault::DeadToken => answered(400.0, r#"{"error":{"code":190,"message":"scripted"}}"#.to_owned()),
                _ => answered(500.0, r#"{"error":{"code":2,"message":"scripted"}}"#.to_owned()),
            };
        }
        answered(200.0, format!(r#"{{"data":[{{"thread_owner":{{"app_id":9{recipient}}}}}]}}"#))
    }

    /// Answers a question for one owner.
    pub fn owner(&mut self, url: &str, fault: Option<Fault>) -> Option<Response> {
        let recipient = url.split("recipient=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        *self.asked.entry(recipient.clone()).or_default() += 1;
        match fault {
            Some(fault) => answer_to(fault),
            None => {
                let owner = Node::object([("app_id", Node::text(format!("9{recipient}")))]);
                let data = Node::list([Node::object([("thread_owner", owner)])]);
                Some(Response::new(200, Some(Node::object([("data", data)]))))
            }
        }
    }
}

fn entry(conversation: &Conversation, asked: &Asked) -> Node {
    let person = |id: &str| Node::object([("id", Node::text(id))]);
    let participants = Node::list([person(&conversation.person), person(super::driver::PAGE_ID)]);
    let messages = (0..asked.messages()).map(|number| person(&format!("m_{number}")));
    let all = [
        ("id", Node::text(&conversation.id)),
        ("updated_time", Node::Number(conversation.updated_ms)),
        ("participants", Node::object([("data", participants)])),
        ("messages", Node::object([("data", Node::list(messages))])),
        ("snippet", Node::text(conversation.messages.to_string())),
    ];
    let asked_for = all.into_iter().filter(|(name, _)| asked.has(name));
    Node::Object(asked_for.map(|(name, value)| (name.into(), value)).collect())
}

/// `None` where no response ever arrives.
fn answer_to(fault: Fault) -> Option<Response> {
    Some(match fault {
        Fault::Hang | Fault::ConnectionReset => return None,
        Fault::Html502 => Response::new(502, None),
        Fault::Html200 | Fault::EmptyPage => Response::new(200, None),
        Fault::Transient => Response::error(500, 2),
        Fault::ReduceData => Response::error(500, 1),
        Fault::TooLong => Response { is_cut: true, ..Response::new(200, None) },
        Fault::GaveUp => Response::error(400, -2),
        Fault::RateLimit(seconds) => Response::error(400, 4).with("retry-after", seconds),
        Fault::RateLimitUnknown => Response::error(400, 4),
        Fault::TooFast => Response::error(400, 613),
        Fault::DeadToken => Response::error(400, 190),
    })
}
