//! Up to 50 reads in one POST, and back.
//!
//! <https://developers.facebook.com/docs/graph-api/batch-requests>

use crate::protocol::graph::settings::Settings;
use crate::protocol::json::Json;
use crate::protocol::request::Request;
use crate::protocol::text::concat;

/// Graph's limit.
pub const LARGEST: usize = 50;

/// The request that carries these reads. Token and proof go into its form once, for all of them.
pub fn request(settings: &Settings, reads: &[&Request]) -> Request {
    let mut batch = String::from("[");
    for read in reads {
        if batch.len() > 1 {
            batch.push(',');
        }
        batch.push_str(r#"{"method":"GET","relative_url":""#);
        // Percent-encoded, so there is nothing in it that JSON would escape.
        let target = read.target();
        batch.push_str(target.strip_prefix("/").unwrap_or(&target));
        batch.push_str(r#""}"#);
    }
    batch.push(']');
    let mut request = Request::form(concat(&["/", settings.version(), "/"]));
    request.set("batch", Some(batch));
    request.set("include_headers", Some("false"));
    request
}

/// One read's answer.
pub enum Item<J> {
    /// HTTP status and body, which is a string.
    Answered(u16, J),
    /// Graph did not get to it in time.
    NotReached,
    /// Nothing that a batch answers.
    Misshapen,
}

/// Reads one entry of the answer.
pub fn item<J: Json>(entry: Option<&J>) -> Item<J> {
    let Some(entry) = entry.filter(|entry| !entry.is_null()) else { return Item::NotReached };
    let status = entry.get("code").and_then(|code| u16::try_from(code.integer()?).ok());
    match (status, entry.get("body").filter(J::is_text)) {
        (Some(status), Some(body)) => Item::Answered(status, body),
        _ => Item::Misshapen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::graph::thread_owner;
    use crate::protocol::text::percent_decoded;

    #[test]
    fn reads_become_one_form() {
        let settings = Settings::new("me", None, None).unwrap();
        let reads: Vec<Request> =
            ["1", "2\"&"].iter().map(|recipient| thread_owner::request(&settings, recipient).unwrap()).collect();
        let request = request(&settings, &reads.iter().collect::<Vec<_>>());
        assert_eq!(request.target(), "/v25.0/");
        let body = request.body(&[("access_token", "T")]).unwrap();
        let decoded = percent_decoded(&body).unwrap();
        assert_eq!(
            decoded,
            r#"batch=[{"method":"GET","relative_url":"v25.0/me/thread_owner?recipient=1"},{"method":"GET","relative_url":"v25.0/me/thread_owner?recipient=2%22%26"}]&include_headers=false&access_token=T"#
        );
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod answers {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_entry_has_one_reading() {
        assert!(matches!(item(Some(&json!({"code": 200, "body": "{}"}))), Item::Answered(200, body) if body == "{}"));
        assert!(matches!(item(Some(&json!({"code": "403", "body": ""}))), Item::Answered(403, _)));
        assert!(matches!(item::<serde_json::Value>(None), Item::NotReached));
        assert!(matches!(item(Some(&json!(null))), Item::NotReached));
        for entry in [
            json!({}),
            json!({"code": 200}),
            json!({"code": 200, "body": {}}),
            json!(7),
            json!({"code": 99999, "body": ""}),
        ] {
            assert!(matches!(item(Some(&entry)), Item::Misshapen), "{entry}");
        }
    }
}
