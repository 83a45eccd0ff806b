//! Lighter and lighter questions, until Graph answers.

use super::*;
use crate::protocol::call::session::{CallLimits, Host, SessionOptions};
use crate::protocol::call::{Action, Call, Input, Problem};
use crate::protocol::graph::conversations::{self, Filters};
use crate::protocol::graph::error::Kind;
use crate::protocol::graph::fields::{Field, Selection};
use crate::protocol::simulation::http::{Node, Response};
use crate::protocol::text::percent_decoded;

/// What a scripted Graph does with a question.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Reply {
    Good,
    /// Code 1.
    TooMuch,
    /// Code -2.
    GaveUp,
    /// Nothing, until the time is up.
    Never,
    /// Code 190.
    Dead,
}

/// What came of reading a page.
struct Read {
    /// The questions, as `limit fields`.
    questions: Vec<String>,
    /// The names of fields that could not be read; or the failure.
    outcome: Result<Vec<String>, Box<Failure>>,
    events: Vec<String>,
    size: PageSize,
}

struct Setup {
    fields: &'static [&'static str],
    limit: Option<u32>,
    max_retries: u32,
    user_id: Option<&'static str>,
    is_joined: bool,
}

const SETUP: Setup = Setup { fields: &[], limit: Some(4), max_retries: 2, user_id: None, is_joined: false };

/// Reads the page after a cursor; `reply` answers a question, given its limit and its fields.
fn read(setup: Setup, reply: impl Fn(&str, &str) -> Reply) -> Read {
    let options = SessionOptions {
        page_id: Some("1".to_owned()),
        token: Some("EAATESTTOKEN".to_owned()),
        calls_per_second: Some(None),
        is_observed: true,
        ..SessionOptions::default()
    };
    let mut session = Session::new(&options, Host::default()).unwrap();
    let filters = Filters { user_id: setup.user_id.map(str::to_owned), ..Filters::default() };
    let mut listing = conversations::listing(&session.settings, &filters).unwrap();
    if !setup.fields.is_empty() {
        let mut selection = Selection::default();
        for field in setup.fields {
            selection.add(Field::parse(field).unwrap()).unwrap();
        }
        listing.select_fields(selection);
    }
    let settings = Rc::clone(&session.settings);
    conversations::require_fields(&mut listing, &settings, false, setup.is_joined).unwrap();
    let mut size = PageSize::of(&listing, setup.limit);
    let limits = CallLimits { max_retries: Some(setup.max_retries), ..CallLimits::default() };
    let budget = session.budget(&limits, 0.0);
    let address = PageAddress { cursor: Some("C".to_owned()), is_iterated: true, ..PageAddress::default() };
    let mut reader = PageReader::new(&Rc::new(listing), address, false, &budget);
    let (mut questions, mut events, mut now_ms, mut kept) = (Vec::new(), Vec::new(), 0.0, None);
    let outcome = loop {
        assert!(questions.len() < 40, "{questions:?}");
        let mut response: ApiResponse<Response> = match reader.question(&size) {
            Question::TakeKept => kept.take().unwrap(),
            Question::Ask(plan) => {
                let target = percent_decoded(&plan.request.target()).unwrap();
                let value = |name: &str| {
                    let rest = target.split(name).nth(1).unwrap_or_default();
                    rest.split('&').next().unwrap_or_default().to_owned()
                };
                let (limit, fields) = (value("limit="), value("fields="));
                let (limit, fields) =
                    if fields.contains("limit(") { (value("&limit="), fields) } else { (limit, fields) };
                questions.push(format!("{limit} {fields}"));
                let mut call = Call::new(&session, plan, budget);
                loop {
                    let start: Input<'_, Response> = Input::TimeUp;
                    call.step(&mut session, now_ms, 0.5, start).unwrap();
                    if call.action != Action::Sleep {
                        break;
                    }
                    now_ms = call.until_ms;
                }
                let arrived = match reply(&limit, &fields) {
                    Reply::Good => {
                        let entry = Node::object([("id", Node::text("t_7"))]);
                        Response::new(200, Some(Node::object([("data", Node::list([entry]))])))
                    }
                    Reply::TooMuch => Response::error(500, 1),
                    Reply::GaveUp => Response::error(400, -2),
                    Reply::Dead => Response::error(400, 190),
                    Reply::Never => Response::new(0, None),
                };
                let input = if arrived.status == 0 { Input::TimeUp } else { Input::Response(&arrived) };
                now_ms += if arrived.status == 0 { 60_000.0 } else { 10.0 };
                match call.step(&mut session, now_ms, 0.5, input) {
                    Ok(body) => ApiResponse::new(call, body.unwrap(), arrived),
                    Err(Problem::Undecided(failure)) => {
                        if let Err(failure) = reader.too_much(&mut session, &mut size, failure, now_ms, 0.5) {
                            break Err(failure);
                        }
                        continue;
                    }
                    Err(Problem::Failed(failure)) => break Err(reader.failed(&session, failure)),
                    Err(Problem::Thrown(_)) => panic!("nothing was thrown"),
                }
            }
        };
        let answer = reader.answered(&mut session, &mut size, &mut response, now_ms).unwrap();
        match answer {
            Answer::Page(_) => {
                assert_eq!(response.attempts() as usize, questions.len());
                break Ok(reader.unreadable());
            }
            Answer::Keep => kept = Some(response),
        }
    };
    for event in session.take_events() {
        let event = serde_json::to_value(event).unwrap();
        if !["request", "response"].contains(&event["type"].as_str().unwrap()) {
            events.push(event.to_string());
        }
    }
    Read { questions, outcome, events, size }
}

/// A list whose messages can be too much.
const HEAVY: Setup = Setup { fields: &["messages.limit(8){id}", "snippet"], ..SETUP };

#[test]
fn a_good_answer_is_a_page() {
    let read = read(HEAVY, |_, _| Reply::Good);
    assert_eq!(read.questions, ["4 id,messages.limit(8){id},snippet"]);
    assert_eq!(read.outcome.unwrap(), [""; 0]);
}

#[test]
fn asks_for_fewer_entries_and_then_for_fewer_nested_items() {
    let read = read(HEAVY, |_, fields| if fields.contains("limit(2)") { Reply::Good } else { Reply::TooMuch });
    let questions = [
        "4 id,messages.limit(8){id},snippet",
        "2 id,messages.limit(8){id},snippet",
        "1 id,messages.limit(8){id},snippet",
        "1 id,messages.limit(4){id},snippet",
        "1 id,messages.limit(2){id},snippet",
    ];
    assert_eq!(read.questions, questions);
    assert_eq!(read.outcome.unwrap(), [""; 0], "fewer messages are no unreadable ones");
    assert_eq!((read.size.limit(true), read.size.fewest_halvings()), (Some(1), 0));
    assert_eq!(read.events.len(), 5);
    assert!(
        read.events[2].contains(r#""edge":"messages""#) && read.events[2].contains("nested_limit"),
        "{:?}",
        read.events
    );
}

#[test]
fn the_ladder_ends_at_the_id() {
    for (max_retries, again) in [(0, 0), (1, 1), (5, 1)] {
        let setup = Setup { limit: Some(1), max_retries, ..HEAVY };
        let read = read(setup, |_, fields| if fields == "id" { Reply::Good } else { Reply::TooMuch });
        let mut questions = vec![
            "1 id,messages.limit(8){id},snippet",
            "1 id,messages.limit(4){id},snippet",
            "1 id,messages.limit(2){id},snippet",
            "1 id,messages.limit(1){id},snippet",
        ];
        questions.extend(vec!["1 id,messages.limit(1){id},snippet"; again]);
        questions.extend(["1 id,snippet", "1 id,updated_time", "1 id"]);
        assert_eq!(read.questions, questions);
        assert_eq!(read.outcome.unwrap(), ["messages", "snippet"]);
        let named = r#""conversationId":"t_7","fields":["messages","snippet"]"#;
        assert!(read.events.iter().any(|event| event.contains(named)), "{:?}", read.events);
        assert_eq!(read.events.iter().filter(|event| event.contains(r#""type":"retry""#)).count(), again);
    }
}

#[test]
fn what_a_lighter_answer_holds_is_kept() {
    let without = |part: &'static str| {
        move |_: &str, fields: &str| if fields.contains(part) { Reply::TooMuch } else { Reply::Good }
    };
    assert_eq!(read(HEAVY, without("messages")).outcome.unwrap(), ["messages"]);
    let timed = Setup { fields: &["messages{id}", "updated_time", "snippet"], ..SETUP };
    assert_eq!(read(timed, without("snippet")).outcome.unwrap(), ["messages", "snippet"]);
    let joined = Setup { is_joined: true, ..HEAVY };
    let read = read(joined, without("snippet"));
    assert_eq!(read.questions.last().unwrap(), "1 id,updated_time,participants");
    assert_eq!(read.outcome.unwrap(), ["messages", "snippet"]);
}

#[test]
fn one_passing_fault_costs_no_fields() {
    let asked = std::cell::Cell::new(0);
    let read = read(Setup { limit: Some(1), fields: &["snippet"], ..SETUP }, |_, _| {
        asked.set(asked.get() + 1);
        if asked.get() == 1 { Reply::TooMuch } else { Reply::Good }
    });
    assert_eq!(read.questions, ["1 id,snippet", "1 id,snippet"]);
    assert_eq!(read.outcome.unwrap(), [""; 0]);
}

#[test]
fn where_graph_chooses_the_fields_only_the_time_can_be_missing() {
    let read =
        read(Setup { limit: None, ..SETUP }, |_, fields| if fields == "id" { Reply::Good } else { Reply::TooMuch });
    assert_eq!(read.questions, [" ", "12 ", "6 ", "3 ", "1 ", "1 ", "1 id,updated_time", "1 id"]);
    assert_eq!(read.outcome.unwrap(), ["updated_time"]);
}

#[test]
fn a_list_of_one_person_keeps_its_size() {
    let setup = Setup { user_id: Some("7"), limit: Some(50), fields: &["messages.limit(2)"], ..SETUP };
    let read = read(setup, |_, fields| if fields.contains("limit(2)") { Reply::TooMuch } else { Reply::Good });
    assert_eq!(read.questions, ["50 id,messages.limit(2)", "50 id,messages.limit(1)"]);
}

#[test]
fn code_minus_two_asks_for_one_at_once_and_ends_as_a_permission() {
    let setup = Setup { limit: Some(50), fields: &["snippet"], ..SETUP };
    let read = read(setup, |_, _| Reply::GaveUp);
    assert_eq!(read.questions, ["50 id,snippet", "1 id,snippet", "1 id,snippet", "1 id,updated_time", "1 id"]);
    let failure = read.outcome.unwrap_err();
    assert_eq!((failure.kind, failure.retryable, failure.attempts), (Kind::Permission, false, Some(5)));
    assert_eq!(failure.cursor.as_deref(), Some("C"));
}

#[test]
fn the_failure_at_the_end_is_that_of_the_last_question() {
    let failure = read(HEAVY, |_, _| Reply::TooMuch).outcome.unwrap_err();
    assert_eq!((failure.kind, failure.retryable, failure.code()), (Kind::Transient, true, Some(1)));
    let failure = read(HEAVY, |limit, _| if limit == "1" { Reply::Dead } else { Reply::TooMuch }).outcome.unwrap_err();
    assert_eq!((failure.kind, failure.attempts), (Kind::Authentication, Some(3)));
}

#[test]
fn a_timeout_lightens_too() {
    let setup = Setup { limit: Some(50), fields: &["snippet"], ..SETUP };
    let read = read(setup, |limit, _| if limit == "50" { Reply::Never } else { Reply::Good });
    assert_eq!(read.questions, ["50 id,snippet", "25 id,snippet"]);
}

#[test]
fn after_three_timeouts_the_id_alone_tells_whether_anybody_answers() {
    let setup = || Setup { limit: Some(40), fields: &["snippet"], ..SETUP };
    let nobody = read(setup(), |_, _| Reply::Never);
    assert_eq!(nobody.questions, ["40 id,snippet", "20 id,snippet", "10 id,snippet", "1 id"]);
    assert_eq!(nobody.outcome.unwrap_err().kind, Kind::Timeout);

    let slow = read(setup(), |limit, fields| if limit == "5" || fields == "id" { Reply::Good } else { Reply::Never });
    assert_eq!(slow.questions, ["40 id,snippet", "20 id,snippet", "10 id,snippet", "1 id", "5 id,snippet"]);
    assert_eq!(slow.outcome.unwrap(), [""; 0]);

    // Its answer is kept, and taken at the end of the ladder.
    let heavy =
        read(Setup { limit: Some(1), ..setup() }, |_, fields| if fields == "id" { Reply::Good } else { Reply::Never });
    assert_eq!(heavy.questions, ["1 id,snippet", "1 id,snippet", "1 id,updated_time", "1 id"]);
    assert_eq!(heavy.outcome.unwrap(), ["snippet"]);

    // An error is an answer too.
    let odd = read(setup(), |limit, fields| match (limit, fields) {
        ("5", _) => Reply::Good,
        (_, "id") => Reply::TooMuch,
        _ => Reply::Never,
    });
    assert_eq!(odd.questions.last().unwrap(), "5 id,snippet");
}

#[test]
fn no_conversation_costs_more_than_the_bound() {
    for (limit, nested) in [(1, 1), (7, 3), (64, 32), (50, 50)] {
        let fields: &'static [&'static str] = match nested {
            1 => &["messages.limit(1)", "snippet"],
            3 => &["messages.limit(3)", "snippet"],
            32 => &["messages.limit(32)", "snippet"],
            _ => &["messages.limit(50)", "snippet"],
        };
        for refused in [Reply::TooMuch, Reply::Never] {
            let setup = Setup { limit: Some(limit), fields, ..SETUP };
            let read = read(setup, |_, fields| if fields == "id" { Reply::Good } else { refused });
            let bound = f64::from(limit).log2() + f64::from(nested).log2() + 4.0;
            assert!((read.questions.len() - 1) as f64 <= bound, "{limit} {nested} {refused:?}: {:?}", read.questions);
        }
    }
}
