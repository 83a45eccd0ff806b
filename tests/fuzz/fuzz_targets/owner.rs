//! The owner of a thread, whose ID can have more digits than a number keeps.
#![no_main]

use graph_inbox::protocol::graph::thread_owner::read;
use graph_inbox::protocol::json::Json;
use graph_inbox::protocol::long_integers::quote_long_integers;
use graph_inbox::protocol::secret::Secrets;
use graph_inbox_fuzz::json::Parsed;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &str| {
    let quoted = quote_long_integers(input);
    assert_eq!(quoted.replace('"', ""), input.replace('"', ""), "nothing but quotes is added");
    let Some(body) = Parsed::parse(input) else { return };
    let exact = Parsed::parse(&quoted).expect("still JSON");
    check(&body.0, &exact.0);

    let Some(owner) = read("42", &exact, &Secrets::default()) else { return };
    let owner = serde_json::to_value(owner.record(None)).expect("JSON");
    assert_eq!(owner["recipient"], "42");
    let state = match (&owner["app_id"], &owner["expiration"]) {
        (Value::String(id), _) => {
            // Written otherwise, by an escape or an exponent, it need not stand there as it is.
            assert!(!id.is_empty() && (input.contains(id) || input.contains(['\\', 'e', 'E', '.'])), "{id}");
            "owned"
        }
        (Value::Null, Value::Number(_)) => "hidden",
        (Value::Null, Value::Null) => "idle",
        _ => panic!("{owner}"),
    };
    assert_eq!(owner["state"], state);
});

/// Both are the same, but for long integers, which became strings of the same digits.
fn check(given: &Value, exact: &Value) {
    match (given, exact) {
        (Value::Array(given), Value::Array(exact)) => {
            assert_eq!(given.len(), exact.len());
            given.iter().zip(exact).for_each(|(given, exact)| check(given, exact));
        }
        (Value::Object(given), Value::Object(exact)) => {
            assert!(given.keys().eq(exact.keys()));
            given.iter().for_each(|(name, given)| check(given, &exact[name]));
        }
        (Value::Number(given), _) => {
            let digits = given.to_string();
            let length = digits.trim_start_matches('-').len();
            let is_long = length > 15 && digits.chars().all(|c| c.is_ascii_digit() || c == '-');
            let expected = if is_long { Value::String(digits) } else { Value::Number(given.clone()) };
            assert_eq!(*exact, expected);
        }
        _ => assert_eq!(given, exact),
    }
}
