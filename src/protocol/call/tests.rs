//! One call, step by step.

use super::session::{CallLimits, Host, SessionOptions};
use super::*;
use crate::protocol::simulation::http::{Node, Response};

/// A plan for a page of conversations.
fn plan(session: &Session) -> Plan {
    Plan {
        request: Request::get(session.settings.path("conversations")),
        numbers: Numbers::AsParsed,
        expected: Expected::Object,
        limiter: Some(0),
        not_before_ms: 0.0,
        earlier_attempts: 0,
        undecided: Undecided::None,
    }
}

/// A call of a session that has not begun.
fn call_of(session: &Session, undecided: Undecided) -> Call {
    Call::new(session, Plan { undecided, ..plan(session) }, session.budget(&CallLimits::default(), 0.0))
}

fn options() -> SessionOptions {
    SessionOptions::example()
}

fn step(
    call: &mut Call,
    session: &mut Session,
    now_ms: f64,
    input: Input<'_, Response>,
) -> Result<Option<Node>, Problem<Node>> {
    call.step(session, now_ms, 0.5, input)
}

fn failure_of(outcome: Result<Option<Node>, Problem<Node>>) -> Box<Failure> {
    match outcome {
        Err(Problem::Failed(failure) | Problem::Undecided(failure)) => failure,
        _ => panic!("expected a failure"),
    }
}

#[test]
fn earlier_tokens_are_redacted_too() {
    let given = SessionOptions {
        token: None,
        has_token_function: true,
        is_observed: true,
        calls_per_second: Some(None),
        ..options()
    };
    let mut session = Session::new(&given, Host::default()).unwrap();
    for token in ["EAATESTFIRST", "EAATESTSECOND", "EAATESTTHIRD"] {
        let mut call = call_of(&session, Undecided::None);
        step(&mut call, &mut session, 1_000.0, Input::TimeUp).unwrap();
        assert_eq!(call.action, Action::AskToken);
        step(&mut call, &mut session, 1_000.0, Input::Token(Some(token.to_owned()))).unwrap();
        assert_eq!(call.action, Action::Send);
        assert!(call.http_request.authorization.as_deref().unwrap().ends_with(token));
        if token == "EAATESTTHIRD" {
            let quoted = Node::object([(
                "error",
                Node::object([("code", Node::Number(190.0)), ("message", Node::text("EAATESTFIRST, EAATESTTHIRD"))]),
            )]);
            let failure =
                failure_of(step(&mut call, &mut session, 1_000.0, Input::Response(&Response::new(400, Some(quoted)))));
            assert_eq!(failure.message, "[redacted], [redacted]");
        }
    }
}

#[test]
fn paths_begin_with_that_of_the_base_url() {
    let given = SessionOptions {
        base_url: Some("https://proxy.example/graph/".to_owned()),
        page_id: Some("EAATESTTOKEN".to_owned()),
        is_observed: true,
        ..options()
    };
    let mut session = Session::new(&given, Host::default()).unwrap();
    let mut call = call_of(&session, Undecided::None);
    step(&mut call, &mut session, 0.0, Input::TimeUp).unwrap();
    let events = serde_json::to_value(session.take_events()).unwrap();
    assert_eq!(events[0]["path"], "/graph/v25.0/[redacted]/conversations");
    let failure = failure_of(step(&mut call, &mut session, 0.0, Input::Response(&Response::error(400, 100))));
    assert_eq!(failure.path.as_deref(), Some("/graph/v25.0/[redacted]/conversations"));
}

#[test]
fn a_permit_goes_back_while_a_rate_limit_holds() {
    let mut session = Session::new(&SessionOptions { is_scheduled: true, ..options() }, Host::default()).unwrap();
    let mut limited = call_of(&session, Undecided::None);
    let mut other = call_of(&session, Undecided::None);
    for call in [&mut limited, &mut other] {
        step(call, &mut session, 0.0, Input::TimeUp).unwrap();
        assert_eq!(call.action, Action::AcquirePermit);
    }
    step(&mut limited, &mut session, 0.0, Input::Permit(true)).unwrap();
    assert_eq!(limited.action, Action::Send);
    let response = Response::error(400, 4).with("retry-after", 3);
    step(&mut limited, &mut session, 10.0, Input::Response(&response)).unwrap();
    assert_eq!(limited.action, Action::ReleasePermit);
    step(&mut limited, &mut session, 10.0, Input::Released(Some(&response))).unwrap();
    assert_eq!((limited.action, limited.until_ms), (Action::Sleep, 3_010.0));

    // The other one gets its permit while the limit holds, and gives it back unused.
    step(&mut other, &mut session, 20.0, Input::Permit(true)).unwrap();
    assert_eq!(other.action, Action::ReleasePermit);
    assert!(other.failure.is_none());
    step(&mut other, &mut session, 20.0, Input::Released(None)).unwrap();
    assert_eq!((other.action, other.until_ms), (Action::Sleep, 3_010.0));
    step(&mut other, &mut session, 3_010.0, Input::TimeUp).unwrap();
    assert_eq!(other.action, Action::AcquirePermit);
}

#[test]
fn a_proof_is_asked_for_once_for_a_token() {
    let given = SessionOptions { app_secret: Some("0123456789abcdef".to_owned()), ..options() };
    let mut session = Session::new(&given, Host::default()).unwrap();
    for number in 0..2 {
        let mut call = call_of(&session, Undecided::None);
        step(&mut call, &mut session, 0.0, Input::TimeUp).unwrap();
        if number == 0 {
            assert_eq!(call.action, Action::Prove);
            assert_eq!(call.proof_input(&session), ("0123456789abcdef".to_owned(), "EAATESTTOKEN".to_owned()));
            step(&mut call, &mut session, 0.0, Input::Proof(Some("ab12cd34".to_owned()))).unwrap();
        }
        assert_eq!(call.action, Action::Send);
        assert!(call.http_request.url.ends_with("?appsecret_proof=ab12cd34"));
    }
    assert_eq!(session.secrets.redact("EAATESTTOKEN ab12cd34 0123456789abcdef"), "[redacted] [redacted] [redacted]");

    let mut call = call_of(&Session::new(&options(), Host::default()).unwrap(), Undecided::None);
    let mut without =
        Session::new(&SessionOptions { app_secret: Some("0123456789abcdef".to_owned()), ..options() }, Host::default())
            .unwrap();
    step(&mut call, &mut without, 0.0, Input::TimeUp).unwrap();
    let failure = failure_of(step(&mut call, &mut without, 0.0, Input::Proof(None)));
    assert_eq!(failure.option.as_deref(), Some("appSecret"));
}

/// A call that was given these limits, at time 0.
fn limited_call(session: &mut Session, limits: CallLimits) -> Call {
    let plan = plan(session);
    let mut call = Call::new(session, plan, session.budget(&limits, 0.0));
    step(&mut call, session, 0.0, Input::TimeUp).unwrap();
    call
}

fn unlimited() -> Session {
    Session::new(&SessionOptions { calls_per_second: Some(None), is_observed: true, ..options() }, Host::default())
        .unwrap()
}

fn good() -> Response {
    Response::new(200, Some(Node::object([("data", Node::list([]))])))
}

/// The names of the events since the last look.
fn told(session: &mut Session) -> Vec<String> {
    let events = serde_json::to_value(session.take_events()).unwrap();
    events.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_schedule_that_never_ran_the_call_is_an_invalid_option() {
    let mut session = Session::new(&SessionOptions { is_scheduled: true, ..options() }, Host::default()).unwrap();
    let mut call = limited_call(&mut session, CallLimits::default());
    assert_eq!(call.action, Action::AcquirePermit);
    let failure = failure_of(step(&mut call, &mut session, 0.0, Input::Permit(false)));
    assert_eq!((failure.option.as_deref(), failure.attempts), (Some("schedule"), None));
}

#[test]
fn a_fetch_that_is_unfit_is_an_invalid_option() {
    for is_scheduled in [false, true] {
        let mut session = Session::new(&SessionOptions { is_scheduled, ..options() }, Host::default()).unwrap();
        let mut call = limited_call(&mut session, CallLimits::default());
        if is_scheduled {
            step(&mut call, &mut session, 0.0, Input::Permit(true)).unwrap();
        }
        let mut outcome = step(&mut call, &mut session, 0.0, Input::Unfit("gave no Response"));
        if is_scheduled {
            assert!(outcome.unwrap().is_none());
            assert_eq!(call.action, Action::ReleasePermit);
            assert!(call.failure.is_some());
            outcome = step(&mut call, &mut session, 0.0, Input::Released(None));
        }
        let failure = failure_of(outcome);
        assert_eq!((failure.option.as_deref(), failure.path.as_deref()), (Some("fetch"), None));
    }
}

#[test]
fn a_token_function_must_return_a_token() {
    let given = || SessionOptions { token: None, has_token_function: true, ..options() };
    for token in [None, Some(""), Some("two words"), Some("\u{e9}")] {
        let mut session = Session::new(&given(), Host::default()).unwrap();
        let mut call = limited_call(&mut session, CallLimits::default());
        assert_eq!(call.action, Action::AskToken);
        let failure = failure_of(step(&mut call, &mut session, 0.0, Input::Token(token.map(str::to_owned))));
        assert_eq!(failure.option.as_deref(), Some("accessToken"), "{token:?}");
    }
}

#[test]
fn a_timeout_of_an_attempt_is_told_from_that_of_the_call() {
    let limits = CallLimits { timeout_ms: Some(50.0), total_timeout_ms: Some(1_000.0), max_retries: Some(0) };
    let mut session = unlimited();
    let mut call = limited_call(&mut session, limits);
    assert_eq!((call.action, call.until_ms), (Action::Send, 50.0));
    let failure = failure_of(step(&mut call, &mut session, 50.0, Input::TimeUp));
    assert_eq!((failure.kind, failure.message.as_str()), (Kind::Timeout, "no answer within timeoutMs, 50 ms"));

    // Also where a timer fires early by a part of a millisecond.
    for now_ms in [999.0, 1_000.0, 1_001.0] {
        let mut session = unlimited();
        let mut call = limited_call(&mut session, CallLimits { timeout_ms: Some(2_000.0), ..limits });
        assert_eq!(call.until_ms, 1_000.0);
        let failure = failure_of(step(&mut call, &mut session, now_ms, Input::TimeUp));
        assert_eq!((failure.kind, failure.message.as_str()), (Kind::Timeout, "no answer within totalTimeoutMs"));
        assert_eq!(failure.attempts, Some(1));
    }
}

#[test]
fn an_attempt_is_retried_after_a_jittered_wait() {
    let mut session = unlimited();
    let mut call = limited_call(&mut session, CallLimits { max_retries: Some(1), ..CallLimits::default() });
    step(&mut call, &mut session, 10.0, Input::ConnectionError("reset".to_owned())).unwrap();
    assert_eq!((call.action, call.until_ms), (Action::Sleep, 260.0), "half of 500 ms after it failed");
    // Woken early, it sleeps on.
    step(&mut call, &mut session, 259.0, Input::TimeUp).unwrap();
    assert_eq!((call.action, call.until_ms), (Action::Sleep, 260.0));
    step(&mut call, &mut session, 260.0, Input::TimeUp).unwrap();
    assert_eq!(call.action, Action::Send);
    let failure = failure_of(step(&mut call, &mut session, 300.0, Input::ConnectionError("reset".to_owned())));
    assert_eq!((failure.kind, failure.attempts), (Kind::Connection, Some(2)));
    assert_eq!(failure.message, "no answer arrived: reset");
    assert_eq!(told(&mut session), ["request", "retry", "request"]);
}

#[test]
fn a_retry_that_does_not_fit_is_not_begun() {
    for (total_ms, retries) in [(260.0, false), (261.0, false), (262.0, true)] {
        let mut session = unlimited();
        let limits = CallLimits { total_timeout_ms: Some(total_ms), ..CallLimits::default() };
        let mut call = limited_call(&mut session, limits);
        let outcome = step(&mut call, &mut session, 10.0, Input::ConnectionError("reset".to_owned()));
        assert_eq!(outcome.is_ok(), retries, "{total_ms}");
    }
}

#[test]
fn nothing_is_sent_once_the_time_is_up() {
    let mut session = unlimited();
    let limits = CallLimits { total_timeout_ms: Some(400.0), ..CallLimits::default() };
    let mut call = limited_call(&mut session, limits);
    step(&mut call, &mut session, 10.0, Input::ConnectionError("reset".to_owned())).unwrap();
    let failure = failure_of(step(&mut call, &mut session, 400.0, Input::TimeUp));
    assert_eq!((failure.kind, failure.attempts), (Kind::Timeout, Some(1)));
}

#[test]
fn a_wait_that_does_not_fit_is_not_begun() {
    // For the pace.
    let paced = SessionOptions { calls_per_second: Some(Some(1.0)), is_observed: true, ..options() };
    let mut session = Session::new(&paced, Host::default()).unwrap();
    limited_call(&mut session, CallLimits::default());
    let mut call = call_of(&session, Undecided::None);
    step(&mut call, &mut session, 0.0, Input::TimeUp).unwrap();
    assert_eq!((call.action, call.until_ms), (Action::Sleep, 1_000.0));
    for (total_ms, fits) in [(1_999.0, false), (2_000.0, true)] {
        let limits = CallLimits { total_timeout_ms: Some(total_ms), ..CallLimits::default() };
        let mut third = Call::new(&session, plan(&session), session.budget(&limits, 0.0));
        let outcome = step(&mut third, &mut session, 0.0, Input::TimeUp);
        assert_eq!(outcome.is_ok(), fits, "{total_ms}");
        if let Err(Problem::Failed(failure)) = outcome {
            assert_eq!(failure.message, "totalTimeoutMs is too short to wait for callsPerSecond");
            assert!(session.take_wake(), "the other one looks again");
        }
    }
    assert_eq!(told(&mut session), ["request", "wait", "wait"]);
}

#[test]
fn a_rate_limit_that_does_not_fit_is_given_up_at_once() {
    for (total_ms, fits) in [(3_011.0, false), (3_012.0, true)] {
        let mut session = unlimited();
        let limits = CallLimits { total_timeout_ms: Some(total_ms), ..CallLimits::default() };
        let mut call = limited_call(&mut session, limits);
        let limited = Response::error(400, 4).with("retry-after", 3);
        let outcome = step(&mut call, &mut session, 10.0, Input::Response(&limited));
        assert_eq!(outcome.is_ok(), fits, "{total_ms}");
        if let Err(Problem::Failed(failure)) = outcome {
            assert_eq!((failure.kind, failure.retry_after_ms), (Kind::RateLimit, Some(3_000.0)));
        }
    }
}

#[test]
fn other_calls_wait_along_for_a_rate_limit() {
    let mut session = unlimited();
    let mut call = limited_call(&mut session, CallLimits::default());
    let limited = Response::error(400, 4).with("retry-after", 3);
    step(&mut call, &mut session, 10.0, Input::Response(&limited)).unwrap();
    assert_eq!((call.action, call.until_ms), (Action::Sleep, 3_010.0));
    assert_eq!(told(&mut session), ["request", "response", "wait"]);

    let mut other = call_of(&session, Undecided::None);
    step(&mut other, &mut session, 20.0, Input::TimeUp).unwrap();
    assert_eq!((other.action, other.until_ms), (Action::Sleep, 3_010.0));
    let event = serde_json::to_value(session.take_events()).unwrap();
    assert_eq!((&event[0]["reason"], &event[0]["delayMs"]), (&"rate_limit".into(), &2_990.0.into()));
    // A timer that fires early is nothing to tell of.
    step(&mut other, &mut session, 3_009.0, Input::TimeUp).unwrap();
    assert_eq!((other.action, other.until_ms), (Action::Sleep, 3_010.0));
    assert_eq!(told(&mut session), [""; 0]);
    // A limit that is extended is.
    step(&mut call, &mut session, 3_010.0, Input::TimeUp).unwrap();
    step(&mut call, &mut session, 3_020.0, Input::Response(&limited)).unwrap();
    step(&mut other, &mut session, 3_030.0, Input::TimeUp).unwrap();
    assert_eq!((other.action, other.until_ms), (Action::Sleep, 6_020.0));
    assert_eq!(told(&mut session), ["request", "response", "wait", "wait"]);

    let limits = CallLimits { total_timeout_ms: Some(2_000.0), ..CallLimits::default() };
    let plan = Plan { limiter: None, ..plan(&session) };
    let mut impatient = Call::new(&session, plan, session.budget(&limits, 3_030.0));
    let failure = failure_of(step(&mut impatient, &mut session, 3_030.0, Input::TimeUp));
    assert_eq!(failure.message, "totalTimeoutMs is too short to wait for a rate limit");
}

#[test]
fn a_plan_can_say_when_it_begins() {
    let mut session = unlimited();
    let plan = Plan { limiter: None, not_before_ms: 500.0, ..plan(&session) };
    let mut call = Call::new(&session, plan, session.budget(&CallLimits::default(), 0.0));
    step(&mut call, &mut session, 0.0, Input::TimeUp).unwrap();
    assert_eq!((call.action, call.until_ms), (Action::Sleep, 500.0));
    step(&mut call, &mut session, 500.0, Input::TimeUp).unwrap();
    assert_eq!(call.action, Action::Send);
}

#[test]
fn failures_are_left_undecided_where_the_plan_says_so() {
    for (undecided, code, is_undecided) in [
        (Undecided::None, 1, false),
        (Undecided::Lightens, 1, true),
        (Undecided::Lightens, 2, false),
        (Undecided::All, 2, true),
        (Undecided::All, 190, true),
    ] {
        let mut session = unlimited();
        let mut call = call_of(&session, undecided);
        step(&mut call, &mut session, 0.0, Input::TimeUp).unwrap();
        let outcome = step(&mut call, &mut session, 0.0, Input::Response(&Response::error(500, code)));
        assert_eq!(matches!(outcome, Err(Problem::Undecided(_))), is_undecided, "{undecided:?} {code}");
    }
    let mut session = unlimited();
    let mut call = call_of(&session, Undecided::All);
    step(&mut call, &mut session, 0.0, Input::TimeUp).unwrap();
    let unfit = step(&mut call, &mut session, 0.0, Input::Unfit("is none"));
    assert!(matches!(unfit, Err(Problem::Failed(_))), "an option is nothing to decide about");
}

#[test]
fn an_abort_passes_its_reason_on() {
    let mut session = unlimited();
    let mut call = limited_call(&mut session, CallLimits::default());
    let outcome = step(&mut call, &mut session, 0.0, Input::Thrown(Node::Number(7.0)));
    assert!(matches!(outcome, Err(Problem::Thrown(Node::Number(7.0)))));
}

#[test]
fn a_response_is_told_with_its_duration_and_its_version() {
    let mut session = unlimited();
    let mut call = call_of(&session, Undecided::None);
    step(&mut call, &mut session, 100.0, Input::TimeUp).unwrap();
    let response = good().with("facebook-api-version", "v24.0").with("x-app-usage", r#"{"call_count":3}"#);
    let body = step(&mut call, &mut session, 140.0, Input::Response(&response)).unwrap().unwrap();
    let events = serde_json::to_value(session.take_events()).unwrap();
    assert_eq!(events[1]["durationMs"], 40.0);
    assert_eq!((&events[1]["apiVersion"], &events[1]["attempt"]), (&"v24.0".into(), &1.0.into()));
    assert_eq!((&events[2]["requested"], &events[2]["served"]), (&"v25.0".into(), &"v24.0".into()));
    let answered = ApiResponse::new(call, body, response.clone());
    assert_eq!(answered.secrets().redact("EAATESTTOKEN"), "[redacted]");
    assert_eq!(answered.unexpected(&session, "odd").path.as_deref(), Some("/v25.0/1/conversations"));
    let meta = meta::<serde_json::Value>(answered.http.status(), answered.attempts(), &answered.headers());
    let meta = serde_json::to_value(meta).unwrap();
    assert_eq!((&meta["attempts"], &meta["status"]), (&1.0.into(), &200.0.into()));
    assert_eq!((&meta["apiVersion"], &meta["usage"][0]["callCount"]), (&"v24.0".into(), &3.0.into()));

    // Each other version is reported once; the requested one never is.
    for (version, expected) in [("v24.0", 0), ("v25.0", 0), ("v23.0", 1)] {
        let mut call = limited_call(&mut session, CallLimits::default());
        step(&mut call, &mut session, 0.0, Input::Response(&good().with("facebook-api-version", version))).unwrap();
        let count = told(&mut session).iter().filter(|name| *name == "version").count();
        assert_eq!(count, expected, "{version}");
    }
}

#[test]
fn the_time_to_come_back_is_the_longest_that_the_headers_name() {
    let usage = r#"{"1":[{"type":"messenger","estimated_time_to_regain_access":2}]}"#;
    for (code, after, expected) in [(4, Some(30), 120_000.0), (4, Some(300), 300_000.0), (4, None, 120_000.0)] {
        let mut session = unlimited();
        let mut call = limited_call(&mut session, CallLimits::default());
        let mut response = Response::error(400, code).with("x-business-use-case-usage", usage);
        if let Some(seconds) = after {
            response = response.with("retry-after", seconds);
        }
        let failure = failure_of(step(&mut call, &mut session, 0.0, Input::Response(&response)));
        assert_eq!(failure.retry_after_ms, Some(expected));
        // No further call is made before.
        let mut other = call_of(&session, Undecided::None);
        let failure = failure_of(step(&mut other, &mut session, 1_000.0, Input::TimeUp));
        assert_eq!((failure.retry_after_ms, failure.attempts), (Some(expected - 1_000.0), Some(0)));
    }
    // What is no rate limit does not come back at an estimate.
    let mut session = unlimited();
    let mut call = limited_call(&mut session, CallLimits { max_retries: Some(0), ..CallLimits::default() });
    let response = Response::error(500, 2).with("x-business-use-case-usage", usage);
    let failure = failure_of(step(&mut call, &mut session, 0.0, Input::Response(&response)));
    assert_eq!(failure.retry_after_ms, None);
}

#[test]
fn an_answer_that_is_cut_is_not_parsed() {
    let mut session = unlimited();
    let mut call = limited_call(&mut session, CallLimits::default());
    let failure = failure_of(step(&mut call, &mut session, 0.0, Input::Response(&Response { is_cut: true, ..good() })));
    assert_eq!((failure.kind, failure.is_too_much), (Kind::Response, true));
    assert_eq!(failure.body.as_deref(), Some("a scripted body"));
}

#[test]
fn the_token_travels_where_the_transport_says() {
    for (transport, is_form, in_query) in
        [(None, false, false), (Some("query"), false, true), (Some("header"), true, true), (None, true, true)]
    {
        let given = SessionOptions { token_transport: transport.map(str::to_owned), ..options() };
        let mut session = Session::new(&given, Host::default()).unwrap();
        let path = session.settings.path("conversations");
        let request = if is_form { Request::form(path) } else { Request::get(path) };
        let plan = Plan { request, ..plan(&session) };
        let mut call = Call::new(&session, plan, session.budget(&CallLimits::default(), 0.0));
        step(&mut call, &mut session, 0.0, Input::TimeUp).unwrap();
        let sent = &call.http_request;
        assert_eq!(sent.authorization.is_none(), in_query);
        let carrier = if is_form { sent.form.as_deref().unwrap_or_default() } else { &sent.url };
        assert_eq!(carrier.contains("access_token=EAATESTTOKEN"), in_query);
        assert_eq!(sent.method, if is_form { "POST" } else { "GET" });
    }
}

#[test]
fn the_options_of_a_client_are_checked() {
    let refused = |given: SessionOptions, host: Host| Session::new(&given, host).unwrap_err().option;
    let here = Host::default();
    assert_eq!(refused(SessionOptions { page_id: None, ..options() }, here), "pageId");
    assert_eq!(refused(SessionOptions { token: None, ..options() }, here), "accessToken");
    assert_eq!(refused(SessionOptions { token: Some("a b".to_owned()), ..options() }, here), "accessToken");
    assert_eq!(
        refused(SessionOptions { token_transport: Some("body".to_owned()), ..options() }, here),
        "tokenTransport"
    );
    assert_eq!(
        refused(SessionOptions { instagram_account_id: Some(String::new()), ..options() }, here),
        "instagramAccountId"
    );
    let secret = || SessionOptions { app_secret: Some("0123456789abcdef".to_owned()), ..options() };
    for (has_dom, has_origin) in [(true, false), (false, true)] {
        assert_eq!(refused(secret(), Host { has_dom, has_origin }), "appSecret");
    }
    assert_eq!(refused(SessionOptions { app_secret: Some(String::new()), ..options() }, here), "appSecret");
    assert!(Session::new(&secret(), here).is_ok());

    // Where CORS applies a header would cost a preflight.
    let session = Session::new(&options(), Host { has_dom: false, has_origin: true }).unwrap();
    assert!(session.is_in_query(false));
    assert!(!Session::new(&options(), here).unwrap().is_in_query(false));
}

#[test]
fn a_budget_is_the_callers_before_the_clients() {
    let common = CallLimits { timeout_ms: Some(1.0), total_timeout_ms: Some(2.0), max_retries: Some(3) };
    let session = Session::new(&SessionOptions { limits: common, ..options() }, Host::default()).unwrap();
    let budget = session.budget(&CallLimits::default(), 10.0);
    assert_eq!((budget.timeout_ms, budget.deadline_ms, budget.policy.max_retries), (1.0, 12.0, 3));
    let own = CallLimits { timeout_ms: Some(7.0), total_timeout_ms: Some(8.0), max_retries: Some(9) };
    let budget = session.budget(&own, 10.0);
    assert_eq!((budget.timeout_ms, budget.deadline_ms, budget.policy.max_retries), (7.0, 18.0, 9));
    let budget = Session::new(&options(), Host::default()).unwrap().budget(&CallLimits::default(), 10.0);
    assert_eq!((budget.deadline_ms, budget.policy.max_retries), (f64::INFINITY, 2));
    assert_eq!(budget.policy.max_rate_limit_wait_ms, 10_000.0);
}

#[test]
fn only_the_latest_tokens_are_kept() {
    let mut session = unlimited();
    for number in 0..6 {
        session.remember(Credential { token: Secret::new(format!("EAATEST{number}")), proof: None });
    }
    let redacted = session.secrets.redact("EAATEST0 EAATEST1 EAATEST2 EAATEST3 EAATEST4 EAATEST5");
    assert_eq!(redacted, "EAATEST0 EAATEST1 [redacted] [redacted] [redacted] [redacted]");
    // One that is used again is the latest.
    for number in [2, 6] {
        session.remember(Credential { token: Secret::new(format!("EAATEST{number}")), proof: None });
    }
    assert_eq!(session.secrets.redact("EAATEST2 EAATEST3"), "[redacted] EAATEST3");
    let kept = std::rc::Rc::clone(&session.secrets);
    session.remember(Credential { token: Secret::new("EAATEST6"), proof: None });
    assert!(std::rc::Rc::ptr_eq(&kept, &session.secrets), "nothing is made anew for a known token");
}
