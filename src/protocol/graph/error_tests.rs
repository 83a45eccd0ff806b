//! One row for each answer that Graph, or what stands before it, is known to give.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::protocol::secret::Secret;

const TOKEN: &str = "12|EAATESTTOKEN";

fn judge(status: u16, text: &str) -> Result<Value, Box<Failure>> {
    judge_read(status, text, false)
}

fn judge_read(status: u16, text: &str, is_cut: bool) -> Result<Value, Box<Failure>> {
    let mut secrets = Secrets::default();
    secrets.add(Secret::new(TOKEN));
    let header = |name: &str| (name == TRACE_ID).then(|| "HEADER".to_owned());
    let body = if is_cut { None } else { Value::parse(text) };
    let answer = ResponseParts { status, body, is_cut, header: &header };
    answer.into_body(Expected::Object, &secrets, &|| text.to_owned())
}

fn failure(status: u16, text: &str) -> Box<Failure> {
    judge(status, text).expect_err(text)
}

fn envelope(error: Value) -> String {
    json!({ "error": error }).to_string()
}

#[test]
fn every_known_code_has_its_kind() {
    use Kind::*;
    let rows: &[(Kind, bool, &[i64])] = &[
        (Transient, true, &[1, 2]),
        (Authentication, false, &[102, 104, 190, 210, 450, 452, 458, 459, 463, 467]),
        (Permission, false, &[-2, 3, 10, 200, 201, 209, 211, 230, 294, 299]),
        (InvalidRequest, false, &[21, 100, 803, 2500, 36103]),
        (
            RateLimit,
            true,
            &[4, 17, 32, 341, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014, 80015, 80099],
        ),
        (Blocked, false, &[368]),
        (Unknown, false, &[0, -1, 5, 20, 22, 199, 300, 457, 468, 506, 551, 612, 614, 79999, 80100, 9000001]),
    ];
    for &(kind, retryable, codes) in rows {
        for &code in codes {
            for status in [200, 400, 403] {
                for written in [json!(code), json!(code.to_string())] {
                    let failure = failure(status, &envelope(json!({"message": "m", "code": written})));
                    assert_eq!((failure.kind, failure.retryable), (kind, retryable), "{code} under {status}");
                    assert_eq!(failure.report.unwrap().code, Some(code as f64));
                }
            }
        }
    }
}

#[test]
fn a_known_code_goes_before_is_transient_and_status() {
    for status in [400, 429, 500, 503] {
        let failure = failure(status, &envelope(json!({"code": 190, "is_transient": true})));
        assert_eq!(failure.kind, Kind::Authentication, "{status}");
    }
    let calm = failure(500, &envelope(json!({"code": 2, "is_transient": false})));
    assert_eq!((calm.kind, calm.retryable), (Kind::Transient, true));
}

#[test]
fn without_a_known_code_is_transient_and_then_the_status_decide() {
    let kind = |status, error| failure(status, &envelope(error)).kind;
    assert_eq!(kind(400, json!({"code": 5, "is_transient": true})), Kind::Transient);
    assert_eq!(kind(429, json!({"code": 5, "is_transient": true})), Kind::Transient);
    assert_eq!(kind(429, json!({"code": 5})), Kind::RateLimit);
    assert_eq!(kind(503, json!({"code": 5, "is_transient": false})), Kind::Transient);
    assert_eq!(kind(500, json!({})), Kind::Transient);
    assert_eq!(kind(400, json!({})), Kind::Unknown);
    assert_eq!(kind(200, json!({"code": "many"})), Kind::Unknown);
    assert_eq!(kind(401, json!({"code": 1.5})), Kind::Unknown);
}

#[test]
fn subcodes_that_a_retry_does_not_cure() {
    for (code, subcode, kind, retryable) in [
        (1, 99, Kind::Permission, false),
        (2, 2018344, Kind::Permission, false),
        (190, 492, Kind::Permission, false),
        (1, 1965014, Kind::Transient, true),
        (2, 99, Kind::Transient, true),
    ] {
        let failure = failure(500, &envelope(json!({"code": code, "error_subcode": subcode})));
        assert_eq!((failure.kind, failure.retryable), (kind, retryable), "{code}/{subcode}");
    }
    let reason = "Too many conversations with people who have no role in the app";
    let gave_up = json!({"code": -2, "error_subcode": 2534084, "message": "Timeout", "error_user_msg": reason});
    assert_eq!(failure(400, &envelope(gave_up)).message, format!("{reason} (Timeout)"));
    for subcode in [459, 464] {
        let failure = failure(400, &envelope(json!({"code": 190, "error_subcode": subcode, "message": "m"})));
        assert_eq!(failure.message, "m (the person must log in at facebook.com)");
    }
    let subcodes = [
        (100, 33),
        (100, 2018001),
        (100, 2534013),
        (100, 2534014),
        (100, 2534037),
        (190, 458),
        (190, 459),
        (190, 460),
        (190, 463),
        (190, 464),
        (190, 467),
        (190, 492),
        (200, 2534041),
        (613, 1996),
        (613, 2534040),
        (10, 2018300),
        (10, 2018234),
        (10, 2018171),
    ];
    for (code, subcode) in subcodes {
        let failure = failure(400, &envelope(json!({"code": code, "error_subcode": subcode.to_string()})));
        assert_eq!(Some(failure.kind), Kind::of_code(code, Some(subcode.into())));
        assert_eq!(failure.report.unwrap().subcode, Some(f64::from(subcode)));
    }
}

#[test]
fn the_whole_envelope_is_kept() {
    let failure = failure(
        400,
        &envelope(json!({
            "message": "Jeton d’accès expiré", "type": "OAuthException", "code": 190, "error_subcode": 463,
            "error_user_title": "Titre", "error_user_msg": "Veuillez vous reconnecter", "is_transient": false,
            "fbtrace_id": "AbC", "error_data": {"blame": "x"}, "new_key": [1],
        })),
    );
    assert_eq!(failure.message, "Jeton d’accès expiré");
    assert_eq!(failure.status, Some(400));
    assert_eq!(
        failure.report,
        Some(Rc::new(Report {
            code: Some(190.0),
            subcode: Some(463.0),
            kind: Some("OAuthException".to_owned()),
            user_title: Some("Titre".to_owned()),
            user_message: Some("Veuillez vous reconnecter".to_owned()),
            is_transient: Some(false),
            trace_id: Some("AbC".to_owned()),
            usage: Vec::new(),
        }))
    );
}

#[test]
fn what_an_envelope_lacks_is_left_out() {
    let failure = failure(500, &envelope(json!({"code": 1, "message": "Please reduce the amount of data"})));
    let report = failure.report.unwrap();
    assert_eq!((report.kind.clone(), report.subcode, report.is_transient), (None, None, None));
    assert_eq!(report.trace_id.as_deref(), Some("HEADER"), "the header stands in for a missing fbtrace_id");
}

#[test]
fn answers_that_are_no_graph_answer() {
    use Kind::*;
    let html = "<!DOCTYPE html><title>Facebook | Error</title>";
    let rows = [
        (502, html, Transient, true),
        (500, "", Transient, true),
        (503, "null", Transient, true),
        (500, r#"{"error":"down"}"#, Transient, true),
        (599, "[]", Transient, true),
        (429, html, RateLimit, true),
        (429, "{}", RateLimit, true),
        (200, html, Response, true),
        (200, "", Response, true),
        (200, r#"{"data":[{"id":"t_1"#, Response, true),
        (204, "", Response, true),
        (200, "null", Response, false),
        (200, "[]", Response, false),
        (200, "true", Response, false),
        (200, "\"ok\"", Response, false),
        (200, r#"{"error":null}"#, Response, false),
        (200, r#"{"error":1,"error_description":"Unsupported batch"}"#, Response, false),
        (200, r#"{"error":[]}"#, Response, false),
        (400, r#"{"error_type":"OAuthException","code":400,"error_message":"m"}"#, Response, false),
        (400, r#"{"data":[]}"#, Response, false),
        (404, html, Response, false),
        (403, "", Response, false),
        (301, "", Response, false),
        (302, html, Response, false),
        (304, "", Response, false),
        (0, "", Response, false),
        (100, "", Response, false),
    ];
    for (status, text, kind, retryable) in rows {
        let failure = failure(status, text);
        assert_eq!((failure.kind, failure.retryable), (kind, retryable), "{status} {text}");
        assert_eq!(failure.report, None, "{status} {text}");
        assert!(!failure.message.is_empty());
    }
}

#[test]
fn of_what_is_too_long_a_good_status_asks_for_less() {
    use Kind::*;
    let rows = [
        (200, Response, false, true),
        (404, Response, false, false),
        (302, Response, false, false),
        (429, RateLimit, true, false),
        (502, Transient, true, false),
    ];
    for (status, kind, retryable, asks_for_less) in rows {
        let failure = judge_read(status, "[0,0,0", true).expect_err("it is cut");
        assert_eq!((failure.kind, failure.retryable), (kind, retryable), "{status}");
        assert_eq!(failure.trigger().is_some(), asks_for_less, "{status}");
        assert!(failure.message.contains("more than 16 MiB"), "{}", failure.message);
    }
    let trigger = |error| failure(400, &envelope(error)).trigger();
    assert_eq!(trigger(json!({ "code": 1 })), Some(Trigger::TooMuch));
    assert_eq!(trigger(json!({ "code": 1, "error_subcode": 99 })), None);
    assert_eq!(trigger(json!({ "code": -2, "error_subcode": 2534084 })), Some(Trigger::GaveUp));
    assert_eq!(trigger(json!({ "code": 2 })), None);
    assert_eq!(super::Failure::new(Timeout, &["m"]).trigger(), Some(Trigger::Timeout));
}

#[test]
fn an_envelope_counts_whatever_the_status() {
    for status in [0, 200, 302, 404, 502] {
        let failure = failure(status, &envelope(json!({"code": 190, "message": "m"})));
        assert_eq!(failure.kind, Kind::Authentication, "{status}");
        assert!(failure.report.is_some());
    }
}

#[test]
fn a_good_answer_is_passed_on() {
    for text in ["{}", r#"{"data":[]}"#, r#"{"data":[],"errors":1}"#] {
        assert_eq!(judge(200, text).unwrap(), Value::parse(text).unwrap());
    }
}

#[test]
fn the_body_is_redacted_and_then_cut() {
    let text = "x".repeat(195) + TOKEN + "tail";
    let body = failure(200, &text).body.unwrap();
    assert_eq!(body, "x".repeat(195) + "[reda");
    assert_eq!(failure(200, "").body, None);
    assert_eq!(failure(502, &text).body, None, "a gateway's page says nothing");
    assert_eq!(failure(200, &"é".repeat(300)).body.unwrap().chars().count(), 200);
}

#[test]
fn no_secret_in_what_graph_says() {
    let echo = "Malformed access token 12|EAATESTTOKEN and 12%7CEAATESTTOKEN";
    let failure = failure(
        400,
        &envelope(json!({
            "code": 190, "message": echo, "type": echo, "error_user_title": echo, "error_user_msg": echo,
            "fbtrace_id": echo,
        })),
    );
    let printed = format!("{failure:?}");
    assert!(!printed.contains("EAATESTTOKEN"), "{printed}");
    assert!(printed.contains("Malformed access token [redacted] and [redacted]"));
}

#[test]
fn a_refused_option_is_named() {
    let failure = Box::<Failure>::from(InvalidOption::new("limit", &["expected a whole number"]));
    assert_eq!(failure.message, "limit: expected a whole number");
    assert_eq!((failure.kind, failure.retryable), (Kind::InvalidOption, false));
    assert_eq!(failure.option.as_deref(), Some("limit"));
}

proptest! {
    #[test]
    fn every_answer_has_one_outcome(status in 0u16..700, text in ".{0,80}") {
        let outcome = judge(status, &text);
        prop_assert_eq!(outcome.is_ok(), (200..300).contains(&status)
            && Value::parse(&text).is_some_and(|body| body.is_object() && body.get("error").is_none()));
    }

    #[test]
    fn every_envelope_has_one_outcome(status in 0u16..700, code: i64, transient: Option<bool>) {
        let error = json!({"code": code, "is_transient": transient});
        let failure = failure(status, &envelope(error));
        prop_assert!(failure.report.is_some());
    }
}
