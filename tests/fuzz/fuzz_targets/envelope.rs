//! An answer: the status in the first line, what every header says in the second, the body in the rest.
#![no_main]

use graph_inbox::protocol::graph::batch::{self, Item};
use graph_inbox::protocol::graph::error::{Expected, Failure, Kind, ResponseParts};
use graph_inbox::protocol::json::Json;
use graph_inbox_fuzz::json::Parsed;
use graph_inbox_fuzz::lines;
use graph_inbox_fuzz::secrets::{TOKEN, is_spelled, secrets};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let [status, header, text] = lines(input);
    let status = status.parse().unwrap_or(200);
    let header = secrets(TOKEN).redact(header);
    let parsed = Parsed::parse(text);
    if let Some(Item::Answered(status, body)) = parsed.as_ref().map(|entry| batch::item(Some(entry))) {
        let body = body.text().expect("a body is a string");
        let _ = judge(status, &body, &header, Expected::Object);
    }

    let is_good = (200..300).contains(&status);
    for expected in [Expected::Object, Expected::List] {
        let fits = parsed.as_ref().is_some_and(|body| match expected {
            Expected::Object => body.is_object() && body.get("error").is_none(),
            Expected::List => body.items().is_some(),
        });
        match judge(status, text, &header, expected) {
            Ok(body) => {
                assert!(is_good && fits);
                assert_eq!(Some(body), parsed);
            }
            Err(failure) => {
                assert!(!(is_good && fits), "{failure:?}");
                check(&failure, status, text, &header, expected);
            }
        }
    }
});

fn judge(status: u16, text: &str, header: &str, expected: Expected) -> Result<Parsed, Box<Failure>> {
    let answer =
        ResponseParts { status, body: Parsed::parse(text), is_cut: false, header: &|_| Some(header.to_owned()) };
    answer.into_body(expected, &secrets(TOKEN), &|| text.to_owned())
}

fn check(failure: &Failure, status: u16, text: &str, header: &str, expected: Expected) {
    let report = failure.report.as_ref().map(|report| report.record());
    let told = serde_json::to_string(&(&failure.message, failure.details(), report)).expect("JSON");
    assert!(!is_spelled(&told, TOKEN), "{told}");
    assert!(!is_spelled(&format!("{failure:?}"), TOKEN));

    assert!(!failure.message.is_empty());
    assert_eq!(failure.status.unwrap_or_default(), status);
    let body = failure.body.as_deref().unwrap_or_default();
    assert!(body.chars().count() <= 200);
    assert!(body.is_empty() || failure.kind == Kind::Response);
    match failure.kind {
        Kind::Authentication | Kind::Permission | Kind::InvalidRequest | Kind::Blocked | Kind::Unknown => {
            assert!(!failure.retryable && failure.report.is_some());
        }
        Kind::Response => assert!(failure.report.is_none()),
        Kind::RateLimit => assert!(failure.retryable),
        Kind::Transient => {}
        Kind::InvalidOption | Kind::Connection | Kind::Timeout => panic!("an answer did arrive: {failure:?}"),
    }

    // What a code means does not depend on the status it came with.
    if failure.report.is_some() {
        let kinds = [200, 429, 503].map(|status| judge(status, text, header, expected).map_err(|failure| failure.kind));
        let of_status = [Kind::Unknown, Kind::RateLimit, Kind::Transient].map(Err);
        assert!(kinds == of_status || kinds.iter().all(|kind| *kind == kinds[0]), "{kinds:?}");
    }
}
