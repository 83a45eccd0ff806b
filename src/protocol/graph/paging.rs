//! Cursors, the end of a list, and URLs that may be shown.
//!
//! <https://developers.facebook.com/docs/graph-api/results>

use crate::protocol::json::Json;
use crate::protocol::secret::Secrets;
use crate::protocol::text::{concat, percent_decoded, split, split_once, split_span};

/// What `paging` says about the page that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// There is none: Graph named no `next`, which alone ends a list.
    End,
    /// The page after this cursor.
    After(String),
    /// Graph names a next page but no cursor to reach it by.
    Unreachable,
}

/// Reads `paging`, which can be missing altogether.
pub fn next<J: Json>(paging: Option<&J>) -> Next {
    let Some(paging) = paging else {
        return Next::End;
    };
    let Some(url) = paging.get_text("next") else {
        return Next::End;
    };
    let cursor = paging.get("cursors").and_then(|cursors| cursors.get_text("after"));
    match cursor.or_else(|| parameter(&url, "after")) {
        Some(cursor) => Next::After(cursor),
        None => Next::Unreachable,
    }
}

/// A parameter of a URL, decoded; the URL itself is never followed.
fn parameter(url: &str, name: &str) -> Option<String> {
    let (url, _) = split_fragment(url);
    let (_, query) = split_once(url, b'?')?;
    let value = split(query, b'&').find_map(|pair| {
        let (key, value) = split_once(pair, b'=')?;
        // A `+` stays: base64 has plus signs, and Graph escapes blanks.
        (percent_decoded(key)? == name).then(|| percent_decoded(value))?
    });
    value.filter(|value| !value.is_empty())
}

/// Splits a URL before its fragment, which can be empty.
fn split_fragment(url: &str) -> (&str, &str) {
    split_span(url, |c| c != '#')
}

/// Parameters that carry a credential.
pub const CREDENTIALS: [&str; 3] = ["access_token", "appsecret_proof", "appsecret_time"];

/// A URL of Graph's without the parameters that carry credentials, whoever they belong to, and without any other trace of
/// our own secrets.
pub fn without_credentials(url: &str, secrets: &Secrets) -> String {
    let (url, fragment) = split_fragment(url);
    let (path, query) = split_span(url, |c| c != '?');
    let is_credential = |pair: &str| {
        let key = split_once(pair, b'=').map_or(pair, |(key, _)| key);
        percent_decoded(key).is_some_and(|key| CREDENTIALS.contains(&key.as_str()))
    };
    let (mut kept, mut before) = (String::new(), "?");
    if let Some(query) = query.strip_prefix("?") {
        for pair in split(query, b'&') {
            if !is_credential(pair) {
                kept.push_str(before);
                kept.push_str(pair);
                before = "&";
            }
        }
    }
    secrets.redact(&concat(&[path, &kept, fragment]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::secret::Secret;

    #[test]
    fn credentials_are_cut_out_of_urls() {
        let mut secrets = Secrets::default();
        secrets.add(Secret::new("12|EAATEST"));
        let cases = [
            ("https://g.example/1?access_token=12%7CEAATEST&limit=5&after=A", "https://g.example/1?limit=5&after=A"),
            ("https://g.example/1?limit=5&access_token=another", "https://g.example/1?limit=5"),
            ("https://g.example/1?access_token=12|EAATEST", "https://g.example/1"),
            ("https://g.example/1?appsecret_proof=ab&appsecret_time=1&a=b#f", "https://g.example/1?a=b#f"),
            ("/1?access%5Ftoken=x&a", "/1?a"),
            ("https://g.example/12%7CEAATEST?a=1", "https://g.example/[redacted]?a=1"),
            ("https://g.example/1?a=12|EAATEST#12%7cEAATEST", "https://g.example/1?a=[redacted]#[redacted]"),
            ("https://g.example/1?access_tokens=kept", "https://g.example/1?access_tokens=kept"),
            ("https://g.example/1?", "https://g.example/1?"),
            ("not a url", "not a url"),
            ("", ""),
        ];
        for (url, expected) in cases {
            assert_eq!(without_credentials(url, &secrets), expected, "{url}");
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod answers {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_end_is_a_missing_next() {
        for paging in [
            json!({}),
            json!({"cursors": {"before": "B", "after": "A"}}),
            json!({"cursors": {"after": "A"}, "previous": "https://g.example/?before=B"}),
            json!({"cursors": {"after": "A"}, "next": null}),
            json!([]),
            json!(null),
        ] {
            assert_eq!(next(Some(&paging)), Next::End, "{paging}");
        }
        assert_eq!(next::<serde_json::Value>(None), Next::End);
    }

    #[test]
    fn the_cursor_comes_from_cursors_or_else_from_next() {
        let after = |cursor: &str| Next::After(cursor.to_owned());
        for (paging, expected) in [
            (json!({"cursors": {"after": "A"}, "next": "https://g.example/?after=B"}), after("A")),
            (json!({"next": "https://g.example/?limit=1&after=B%3D%3D&x=1#after=C"}), after("B==")),
            (json!({"cursors": {"after": ""}, "next": "?after=B"}), after("B")),
            (json!({"cursors": [], "next": "?after=B+"}), after("B+")),
            (json!({"cursors": {"before": "A"}, "next": "https://g.example/?before=B"}), Next::Unreachable),
            (json!({"next": "https://g.example/?after="}), Next::Unreachable),
            (json!({"next": "https://g.example/"}), Next::Unreachable),
            (json!({"next": "https://g.example/?after=%FF"}), Next::Unreachable),
        ] {
            assert_eq!(next(Some(&paging)), expected, "{paging}");
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use crate::protocol::request::Request;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        #[test]
        fn a_cursor_comes_out_of_a_url_as_it_went_in(cursor in ".+", before in "[^&#]{0,9}", after in ".{0,9}") {
            let mut request = Request::get("/v25.0/1/conversations".to_owned());
            request.set("before", Some(before));
            request.set("after", Some(cursor.as_str()));
            let url = [&request.url("https://graph.example", &[]), "&after=", &after].concat();
            prop_assert_eq!(next(Some(&json!({ "next": url }))), Next::After(cursor));
        }

        #[test]
        fn no_parameter_with_a_credential_is_left(
            pairs in prop::collection::vec("(access_token|appsecret_(proof|time)|limit|after)(=[^&#?]{0,9})?", 0..6),
            fragment in "(#.{0,9})?",
        ) {
            let url = ["https://graph.example/1?", &pairs.join("&"), &fragment].concat();
            let harmless = |pair: &&String| pair.starts_with("limit") || pair.starts_with("after");
            let kept: Vec<&str> = pairs.iter().filter(harmless).map(String::as_str).collect();
            let all_gone = kept.is_empty() && !pairs.is_empty();
            let query = if all_gone { String::new() } else { ["?", &kept.join("&")].concat() };
            let expected = ["https://graph.example/1", &query, &fragment].concat();
            prop_assert_eq!(without_credentials(&url, &Secrets::default()), expected);
        }
    }
}
