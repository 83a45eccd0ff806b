//! Runs the vectors of `tests/vectors/redaction.json`, which the tests of the package run too.

use serde_json::Value;

use super::*;
use crate::protocol::graph::paging::without_credentials;

const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/redaction.json"));

#[test]
fn every_vector_is_redacted() {
    let vectors: Vec<Value> = serde_json::from_str(TABLE).unwrap();
    assert!(vectors.len() > 100);
    let mut wrong = Vec::new();
    for vector in &vectors {
        let mut secrets = Secrets::default();
        for secret in vector["secrets"].as_array().unwrap() {
            secrets.add(Secret::new(secret.as_str().unwrap()));
        }
        let text = vector["text"].as_str().unwrap();
        let shown = match vector.get("member") {
            // A property of this name holds a URL.
            Some(name) if name == "next" => without_credentials(text, &secrets),
            Some(name) => panic!("{name} is no property with a rule of its own"),
            None if vector["cut"] == true => secrets.redact_start(text),
            None => secrets.redact(text),
        };
        if vector["redacted"] != shown {
            wrong.push(format!("{vector}\n  gives {shown:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
