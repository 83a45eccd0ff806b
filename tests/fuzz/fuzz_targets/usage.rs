//! The three usage headers, one to a line.
#![no_main]

use graph_inbox::protocol::graph::usage::{HEADERS, Usage, read, records};
use graph_inbox_fuzz::json::Parsed;
use graph_inbox_fuzz::lines;
use libfuzzer_sys::fuzz_target;

const FIGURES: [&str; 4] = ["callCount", "totalTime", "totalCpuTime", "regainAccessMinutes"];

fuzz_target!(|input: &str| {
    let values: [&str; 3] = lines(input);
    let value = |asked: &str| HEADERS.iter().zip(values).find(|((name, _), _)| *name == asked).map(|(_, value)| value);
    let readings = read::<Parsed>(&|name| value(name).map(str::to_owned));

    // What stands in one header spoils and changes nothing in another.
    let mut alone: Vec<Usage> = Vec::new();
    for (header, scope) in HEADERS {
        let found = read::<Parsed>(&|name| (name == header).then(|| value(name).map(str::to_owned))?);
        assert!(scope == "business" || found.len() <= 1);
        for record in records(&found) {
            check(scope, &serde_json::to_value(record).expect("JSON"));
        }
        alone.extend(found);
    }
    assert_eq!(readings, alone);
});

fn check(scope: &str, record: &serde_json::Value) {
    assert_eq!(record["scope"], scope);
    for (name, value) in record.as_object().expect("an object") {
        match name.as_str() {
            "scope" => {}
            "id" => assert!(value.is_string() && scope == "business"),
            "type" => assert_ne!(value.as_str().expect("a text"), ""),
            figure => {
                assert!(FIGURES.contains(&figure), "{figure}");
                let number = value.as_f64().expect("a number");
                assert!(number.is_finite() && number >= 0.0);
                assert!(figure != "regainAccessMinutes" || number > 0.0);
            }
        }
    }
    assert!(scope != "business" || record.get("id").is_some());
}
