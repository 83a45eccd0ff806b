//! A second reading of what a request would send.

use percent_encoding::percent_decode_str;

/// The path of a target, and its parameters decoded. Panics where a URL parser could see anything else than a path and a
/// query of well-formed pairs.
pub fn read(target: &str) -> (&str, Vec<(&str, String)>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let is_unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    assert!(path.chars().all(|c| is_unreserved(c) || c == '/'), "{target}");
    assert!(query.chars().all(|c| is_unreserved(c) || "%=&".contains(c)), "{target}");
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    (path, pairs.map(pair).collect())
}

fn pair(pair: &str) -> (&str, String) {
    let (name, value) = pair.split_once('=').expect("a name and a value");
    assert!(!value.contains('='), "{pair}");
    (name, percent_decode_str(value).decode_utf8().expect("UTF-8").into_owned())
}
