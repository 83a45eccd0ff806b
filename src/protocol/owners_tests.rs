//! Batches of owners, round by round.

use super::*;
use crate::protocol::call::session::{CallLimits, Host, SessionOptions};
use crate::protocol::call::{Action, Call, Input};
use crate::protocol::simulation::http::{Node, Response};

fn session() -> Session {
    let options = SessionOptions { is_observed: true, ..SessionOptions::example() };
    Session::new(&options, Host::default()).unwrap()
}

fn batches(session: &Session, recipients: &[&str], limits: CallLimits) -> OwnerBatches {
    let recipients = recipients.iter().map(|&recipient| recipient.to_owned()).collect();
    OwnerBatches::new(&session.settings, recipients, session.budget(&limits, 0.0), 0.5).unwrap()
}

/// The answer to a plan, as a call would return it.
fn answered(session: &mut Session, plan: Plan, body: Node) -> ApiResponse<Response> {
    responded(session, plan, Response::new(200, Some(body)).with("x-fb-trace-id", "T1"))
}

fn responded(session: &mut Session, plan: Plan, response: Response) -> ApiResponse<Response> {
    let mut call = Call::new(session, plan, session.budget(&CallLimits::default(), 0.0));
    let input: Input<'_, Response> = Input::TimeUp;
    call.step(session, 0.0, 0.5, input).unwrap();
    assert_eq!(call.action, Action::Send);
    let body = call.step(session, 0.0, 0.5, Input::Response(&response)).unwrap().unwrap();
    session.take_events();
    ApiResponse::new(call, body, response)
}

fn item(status: f64, body: &str) -> Node {
    Node::object([("code", Node::Number(status)), ("body", Node::text(body))])
}

const OWNED: &str = r#"{"data":[{"thread_owner":{"app_id":12345678901234567890}}]}"#;

/// What each recipient got, in words.
fn found(batches: &OwnerBatches) -> Vec<String> {
    let words = |(recipient, result): (&str, &OwnerResult)| match result {
        Ok(owner) => format!("{recipient} {}", serde_json::to_value(owner.record(None)).unwrap()["app_id"]),
        Err(failure) => format!("{recipient} {} {:?}", failure.kind.name(), failure.attempts),
    };
    batches.results().map(words).collect()
}

#[test]
fn a_recipient_that_is_given_twice_is_asked_about_once() {
    let session = session();
    let mut all = batches(&session, &["7", "8", "7"], CallLimits::default());
    assert_eq!(all.places(), [0, 1, 0]);
    assert_eq!(all.start_round(0.0), Round::Ask);
    let (_, plan) = all.next_batch(&session.settings).unwrap();
    let form = crate::protocol::text::percent_decoded(&plan.request.body(&[]).unwrap()).unwrap();
    assert_eq!(form.matches("recipient=").count(), 2);
    assert_eq!((plan.expected, plan.undecided), (Expected::List, Undecided::All));
    assert!(all.next_batch(&session.settings).is_none());
}

#[test]
fn batches_have_fifty_recipients_in_the_order_given() {
    let session = session();
    let recipients: Vec<String> = (0..120).map(|number| number.to_string()).collect();
    let mut all =
        OwnerBatches::new(&session.settings, recipients, session.budget(&CallLimits::default(), 0.0), 0.5).unwrap();
    all.start_round(0.0);
    let sizes: Vec<usize> =
        std::iter::from_fn(|| all.next_batch(&session.settings)).map(|(batch, _)| batch.threads.len()).collect();
    assert_eq!(sizes, [50, 50, 20]);
    all.start_round(0.0);
    assert_eq!(all.next_batch(&session.settings).unwrap().0.threads[..3], [0, 1, 2]);
    all.abandon();
    assert!(all.next_batch(&session.settings).is_none(), "nobody wants the rest");
}

#[test]
fn a_recipient_that_is_no_id_refuses_all() {
    let session = session();
    let budget = session.budget(&CallLimits::default(), 0.0);
    let refused =
        OwnerBatches::new(&session.settings, vec!["7".to_owned(), "7 8".to_owned()], budget, 0.5).unwrap_err();
    assert_eq!(refused.option, "recipients");
}

#[test]
fn nobody_to_ask_about_is_done_at_once() {
    let session = session();
    assert_eq!(batches(&session, &[], CallLimits::default()).start_round(0.0), Round::Done);
}

#[test]
fn what_fails_for_one_stays_with_its_recipient() {
    let mut session = session();
    let limits = CallLimits { max_retries: Some(1), ..CallLimits::default() };
    let mut all = batches(&session, &["1", "2", "3", "4", "5"], limits);
    all.start_round(0.0);
    let (batch, plan) = all.next_batch(&session.settings).unwrap();
    let dead = r#"{"error":{"code":190,"message":"m","fbtrace_id":""}}"#;
    let answers = Node::list([
        item(200.0, OWNED),
        item(400.0, dead),
        Node::Null,
        item(502.0, "<html>"),
        Node::object([("code", Node::Number(200.0))]),
    ]);
    let response = answered(&mut session, plan, answers);
    all.answered(&mut session, 100.0, 1.0, &batch, &response);
    assert_eq!(found(&all), ["1 \"12345678901234567890\"", "2 authentication Some(1)", "5 response Some(1)"]);
    let report = all.results().nth(1).unwrap().1.as_ref().unwrap_err().report.clone().unwrap();
    let report = serde_json::to_value(report.record()).unwrap();
    assert!(report.get("traceId").is_none(), "the trace is that of the batch: {report}");

    // The others are read again after the longest of their waits. One event reports it.
    let events = serde_json::to_value(session.take_events()).unwrap();
    assert_eq!(events.as_array().unwrap().len(), 1);
    assert_eq!(
        (&events[0]["type"], &events[0]["delayMs"], &events[0]["path"]),
        (&"retry".into(), &500.0.into(), &"/v25.0/".into())
    );
    assert_eq!(all.start_round(599.0), Round::Sleep(600.0));
    assert_eq!(all.start_round(600.0), Round::Ask);
    let (batch, plan) = all.next_batch(&session.settings).unwrap();
    assert_eq!(batch.threads, [2, 3]);
    let response = answered(&mut session, plan, Node::list([item(200.0, OWNED)]));
    all.answered(&mut session, 700.0, 1.0, &batch, &response);
    assert_eq!(all.start_round(700.0), Round::Done);
    assert_eq!(found(&all)[2..], ["3 \"12345678901234567890\"", "4 transient Some(2)", "5 response Some(1)"]);
}

#[test]
fn a_failure_of_the_whole_batch_counts_for_each_of_its_recipients() {
    let mut session = session();
    let limits = CallLimits { max_retries: Some(1), ..CallLimits::default() };
    let mut all = batches(&session, &["1", "2"], limits);
    let lost = |session: &Session, attempts: u32| {
        let failure = Failure::new(Kind::Connection, &["lost"]);
        session.locate(failure, &batch::request(&session.settings, &[]), attempts)
    };
    all.start_round(0.0);
    let (batch, _) = all.next_batch(&session.settings).unwrap();
    let failure = lost(&session, 1);
    all.failed(&mut session, 0.0, 0.5, &batch, failure, true);
    assert_eq!(all.start_round(249.0), Round::Sleep(250.0));
    assert_eq!(all.start_round(250.0), Round::Ask);
    let (batch, _) = all.next_batch(&session.settings).unwrap();
    let failure = lost(&session, 1);
    all.failed(&mut session, 250.0, 0.5, &batch, failure, true);
    assert_eq!(all.start_round(250.0), Round::Done);
    assert_eq!(found(&all), ["1 connection Some(2)", "2 connection Some(2)"]);

    // What was decided already stays so, and was perhaps never sent.
    let mut all = batches(&session, &["1"], limits);
    all.start_round(0.0);
    let (batch, _) = all.next_batch(&session.settings).unwrap();
    let failure = lost(&session, 0);
    all.failed(&mut session, 0.0, 0.5, &batch, failure, false);
    assert_eq!(found(&all), ["1 connection Some(0)"]);
}

#[test]
fn a_rate_limit_of_one_recipient_holds_all() {
    let mut session = session();
    let mut all = batches(&session, &["1"], CallLimits::default());
    all.start_round(0.0);
    let (batch, plan) = all.next_batch(&session.settings).unwrap();
    let response = answered(&mut session, plan, Node::list([item(400.0, r#"{"error":{"code":613,"message":"m"}}"#)]));
    all.answered(&mut session, 0.0, 0.5, &batch, &response);
    assert!(session.take_events().is_empty(), "a rate limit has an event of its own, when it is waited for");
    assert_eq!(session.blocked_until(0.0).unwrap(), 1_000.0);
    assert_eq!(all.start_round(0.0), Round::Ask);
}

#[test]
fn only_a_rate_limit_takes_the_time_that_the_batch_names() {
    let mut session = session();
    let limits = CallLimits { max_retries: Some(0), ..CallLimits::default() };
    let mut all = batches(&session, &["1", "2"], limits);
    all.start_round(0.0);
    let (batch, plan) = all.next_batch(&session.settings).unwrap();
    let error = |code| item(400.0, &format!(r#"{{"error":{{"code":{code},"message":"m"}}}}"#));
    let usage = r#"{"1":[{"type":"messenger","estimated_time_to_regain_access":2}]}"#;
    let response = Response::new(200, Some(Node::list([error(2), error(4)]))).with("x-business-use-case-usage", usage);
    let response = responded(&mut session, plan, response);
    all.answered(&mut session, 0.0, 0.5, &batch, &response);
    let times: Vec<_> = all.results().map(|(_, result)| result.as_ref().unwrap_err().retry_after_ms).collect();
    assert_eq!(times, [None, Some(120_000.0)]);
}

#[test]
fn the_owner_of_one_thread_has_a_shape() {
    let mut session = session();
    let request = thread_owner::request(&session.settings, "7").unwrap();
    let body = Node::object([("data", Node::text("none"))]);
    let response = answered(&mut session, plan(request), body);
    let failure = owner(&session, "7", &response).unwrap_err();
    assert_eq!((failure.kind, failure.attempts), (Kind::Response, Some(1)));
    assert_eq!(failure.path.as_deref(), Some("/v25.0/1/thread_owner?recipient=7"));
}
