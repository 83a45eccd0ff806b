//! The usage headers: how much of its rate limits a Page or app has used.
//!
//! <https://developers.facebook.com/docs/graph-api/overview/rate-limiting>

use crate::protocol::json::Json;
use crate::protocol::record::{Record, Value};
use crate::protocol::text::{has, trimmed, whole};

/// The headers that carry usage, each with its scope.
pub const HEADERS: [(&str, &str); 3] =
    [("x-app-usage", "app"), ("x-page-usage", "page"), (BUSINESS_HEADER, "business")];

/// Its value lists readings by the ID of the business object.
const BUSINESS_HEADER: &str = "x-business-use-case-usage";

/// One reading. Percentages, which can exceed 100.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    scope: &'static str,
    id: Option<String>,
    kind: Option<String>,
    call_count: Option<f64>,
    total_time: Option<f64>,
    total_cpu_time: Option<f64>,
    /// Minutes.
    regain_access_minutes: Option<f64>,
}

impl Usage {
    /// What a reading tells.
    pub fn record(&self) -> Record {
        let mut record = Record::default();
        record
            .text("scope", Some(self.scope))
            .text("id", self.id.as_deref())
            .text("type", self.kind.as_deref())
            .number("callCount", self.call_count)
            .number("totalTime", self.total_time)
            .number("totalCpuTime", self.total_cpu_time)
            .number("regainAccessMinutes", self.regain_access_minutes);
        record
    }

    /// Graph's estimate of when calls are allowed again, in minutes.
    pub fn regain_access_minutes(&self) -> Option<f64> {
        self.regain_access_minutes
    }
}

/// The highest percentage of all readings.
pub fn highest(usage: &[Usage]) -> f64 {
    let mut highest = 0.0f64;
    for reading in usage {
        for percentage in [&reading.call_count, &reading.total_time, &reading.total_cpu_time] {
            highest = highest.max(percentage.unwrap_or_default());
        }
    }
    highest
}

/// Readings as they go out.
pub fn records(usage: &[Usage]) -> Vec<Value> {
    let mut records = Vec::new();
    for reading in usage {
        records.push(Value::Record(reading.record()));
    }
    records
}

/// Every reading in the headers of an answer. What can not be read is left out: it must never spoil a good answer.
pub fn read<J: Json>(header: &dyn Fn(&str) -> Option<String>) -> Vec<Usage> {
    let mut readings = Vec::new();
    for &(name, scope) in &HEADERS {
        let Some(value) = header(name).and_then(|text| J::parse(&text)) else {
            continue;
        };
        if name == BUSINESS_HEADER {
            for (id, list) in &value.members() {
                if has_escape(id) {
                    continue;
                }
                match list.items() {
                    Some(items) => items.iter().for_each(|item| add_reading(scope, Some(id), item, &mut readings)),
                    None => add_reading(scope, Some(id), list, &mut readings),
                }
            }
        } else {
            add_reading(scope, None, &value, &mut readings);
        }
    }
    readings
}

fn add_reading<J: Json>(scope: &'static str, id: Option<&String>, value: &J, readings: &mut Vec<Usage>) {
    // An old form is the bare text `17%`.
    let bare = value.text().and_then(|text| percentage(text.strip_suffix("%")?));
    if bare.is_none() && !value.is_object() {
        return;
    }
    let figure = |name: &str| number(&value.get(name)?);
    // The second spelling is that of graph.instagram.com.
    readings.push(Usage {
        scope,
        id: id.cloned(),
        kind: value.get_text("type").filter(|kind| !has_escape(kind)),
        call_count: bare.or_else(|| figure("call_count")).or_else(|| figure("call_volume")),
        total_time: figure("total_time"),
        total_cpu_time: figure("total_cputime").or_else(|| figure("cpu_time")),
        // Graph sends 0 where it has no estimate, at 97 % as well as at 3 %.
        regain_access_minutes: figure("estimated_time_to_regain_access").filter(|&minutes| minutes > 0.0),
    });
}

/// Whether a string can spell a secret with escapes that stood behind JSON's own when the header was redacted. No ID and no
/// type of Graph's has any.
fn has_escape(text: &str) -> bool {
    has(text, b'%') || has(text, b'\\')
}

fn number<J: Json>(value: &J) -> Option<f64> {
    let number = value.number().or_else(|| percentage(&value.text()?))?;
    (0.0..=f64::MAX).contains(&number).then_some(number)
}

/// Whole percentages are all that Graph writes as text.
fn percentage(text: &str) -> Option<f64> {
    whole(trimmed(text), u32::MAX.into()).map(|number| number as f64)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn from(name: &'static str, text: &str) -> Value {
        let header = |asked: &str| (asked == name).then(|| text.to_owned());
        serde_json::to_value(records(&read::<Value>(&header))).unwrap()
    }

    #[test]
    fn app_and_page_usage() {
        let text = r#"{"call_count":28,"total_time":25,"total_cputime":144}"#;
        let figures = |scope| json!([{"scope": scope, "callCount": 28.0, "totalTime": 25.0, "totalCpuTime": 144.0}]);
        assert_eq!(from("x-app-usage", text), figures("app"));
        assert_eq!(from("x-page-usage", text), figures("page"));
    }

    #[test]
    fn business_usage_has_an_id_and_a_type() {
        let text = r#"{"106":[{"type":"messenger","call_count":1,"total_cputime":2,"total_time":3,
            "estimated_time_to_regain_access":19}],"178":[{"type":"instagram","call_count":97,
            "estimated_time_to_regain_access":0},{"type":"pages"}]}"#;
        assert_eq!(
            from("x-business-use-case-usage", text),
            json!([
                {"scope": "business", "id": "106", "type": "messenger", "callCount": 1.0, "totalTime": 3.0,
                 "totalCpuTime": 2.0, "regainAccessMinutes": 19.0},
                {"scope": "business", "id": "178", "type": "instagram", "callCount": 97.0},
                {"scope": "business", "id": "178", "type": "pages"},
            ])
        );
    }

    #[test]
    fn odd_spellings_and_unknown_keys() {
        let app = |text: &str| from("x-app-usage", text);
        assert_eq!(
            app(r#"{"call_volume":5,"cpu_time":0}"#),
            json!([{"scope": "app", "callCount": 5.0, "totalCpuTime": 0.0}])
        );
        assert_eq!(app(r#""17%""#), json!([{"scope": "app", "callCount": 17.0}]));
        assert_eq!(app(r#"{"call_count":"28","acc_id_util_pct":9}"#), json!([{"scope": "app", "callCount": 28.0}]));
        assert_eq!(app(r#"{"call_count":-1,"total_time":null}"#), json!([{"scope": "app"}]));
        let single = r#"{"106":{"type":"messenger","call_count":1}}"#;
        assert_eq!(from("x-business-use-case-usage", single)[0]["callCount"], json!(1.0));
    }

    #[test]
    fn a_secret_spelled_behind_the_escapes_of_json_is_left_out() {
        use crate::protocol::secret::{Secret, Secrets};
        let mut secrets = Secrets::default();
        secrets.add(Secret::new("EAATOKEN"));
        for escape in [r"\\u00", r"\u005cu00", r"\u0025", "%"] {
            let spelled: String = "EAATOKEN".bytes().map(|byte| format!("{escape}{byte:02x}")).collect();
            let business = format!(r#"{{"{spelled}":{{}},"106":{{"type":"{spelled}","call_count":1}}}}"#);
            let found = from("x-business-use-case-usage", &secrets.redact(&business)).to_string();
            assert!(!found.contains("45"), "{escape}: {found}");
            assert!(found.contains(r#""callCount":1.0,"id":"106""#), "{escape}: {found}");
        }
    }

    #[test]
    fn garbage_is_left_out() {
        for text in ["", "{", "{invalid:json}", "null", "[]", "7", "true", "\"lots\"", "\"%\"", "{}, {}"] {
            assert_eq!(from("x-app-usage", text), json!([]), "{text}");
        }
        for text in ["[]", "null", r#"{"106":null}"#, r#"{"106":[null,7]}"#, r#"{"106":"x"}"#] {
            assert_eq!(from("x-business-use-case-usage", text), json!([]), "{text}");
        }
        assert!(read::<Value>(&|_| None).is_empty());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".*") {
            read::<Value>(&|_| Some(text.clone()));
        }
    }
}
