//! A token, how each of its characters is spelled, and what stands before it, one to a line; then what follows it.
#![no_main]

use graph_inbox::protocol::graph::paging::{CREDENTIALS, without_credentials};
use graph_inbox_fuzz::lines;
use graph_inbox_fuzz::secrets::{is_part_of_redacted, is_spelled, replaced, secrets};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;

fuzz_target!(|input: &str| {
    let [token, recipe, before, after] = lines(input);
    let is_token = |c: char| c.is_ascii_alphanumeric() || "|._/-".contains(c);
    // One of fewer than 8 characters is only taken out where it was sent.
    if token.len() < 8 || token.len() > 64 || !token.chars().all(is_token) || is_part_of_redacted(token) {
        return;
    }
    let secrets = secrets(token);
    let text = [before, &spelled(token, recipe), after].concat();

    let redacted = secrets.redact(&text);
    assert!(!is_spelled(&redacted, token), "{redacted}");
    assert_eq!(redacted, replaced(&text, token), "the secret goes, and nothing else");

    let shown = without_credentials(&text, &secrets);
    assert!(!is_spelled(&shown, token), "{shown}");
    let kept: Vec<&str> = parameters(&text).filter(|pair| !is_credential(pair)).collect();
    let (path, fragment) = around_query(&text);
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    assert_eq!(shown, secrets.redact(&[path, &query, fragment].concat()));
    assert!(!parameters(&shown).any(is_credential), "{shown}");
});

/// The token, each of its bytes spelled as the recipe says.
fn spelled(token: &str, recipe: &str) -> String {
    let spell = |(byte, how): (u8, u8)| match how {
        b'%' => format!("%{byte:02X}"),
        b'l' => format!("%{byte:02x}"),
        b'2'..=b'9' => format!("%{}{byte:02X}", "25".repeat((how - b'1').into())),
        b'j' => format!("\\u{byte:04x}"),
        b'J' => format!("\\u{byte:04X}"),
        b'/' if byte == b'/' => "\\/".to_owned(),
        _ => char::from(byte).to_string(),
    };
    let recipe = if recipe.is_empty() { "p" } else { recipe };
    token.bytes().zip(recipe.bytes().cycle()).map(spell).collect()
}

/// What comes before the query of a URL, and what after.
fn around_query(url: &str) -> (&str, &str) {
    let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    (url.split('?').next().unwrap_or_default(), fragment)
}

fn parameters(url: &str) -> impl Iterator<Item = &str> {
    let url = url.split('#').next().unwrap_or_default();
    url.split_once('?').into_iter().flat_map(|(_, query)| query.split('&'))
}

fn is_credential(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    percent_decode_str(name).decode_utf8().is_ok_and(|name| CREDENTIALS.contains(&name.as_ref()))
}
