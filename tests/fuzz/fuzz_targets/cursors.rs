//! Page ID, version, base URL and cursor, one to a line; then `paging` as Graph might send it.
#![no_main]

use graph_inbox::protocol::graph::conversations::{Filters, listing};
use graph_inbox::protocol::graph::listing::{Listing, Scope};
use graph_inbox::protocol::graph::paging::{Next, next};
use graph_inbox::protocol::graph::settings::Settings;
use graph_inbox::protocol::graph::thread_owner;
use graph_inbox::protocol::json::Json;
use graph_inbox_fuzz::json::Parsed;
use graph_inbox_fuzz::secrets::TOKEN;
use graph_inbox_fuzz::{lines, target};
use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

fuzz_target!(|input: &str| {
    let [page_id, version, base_url, cursor, paging] = lines(input);
    let settings = [
        Settings::new(page_id, Some(version), Some(base_url)),
        Settings::new(page_id, None, None),
        Settings::new("1", None, Some(base_url)),
        Settings::new("1", None, None),
    ];
    for settings in settings.into_iter().flatten() {
        check_host(settings.base_url());
        check_paths(&settings, cursor);
    }
    check_round_trip(cursor);
    if let Some(paging) = Parsed::parse(paging) {
        check_next(&paging);
    }
});

/// No input changes the path, and a value is one value.
fn check_paths(settings: &Settings, cursor: &str) {
    let base = format!("/{}/{}/", settings.version(), settings.page_id());
    assert_eq!(base.matches('/').count(), 3);
    assert!(!base.contains("/./") && !base.contains("/../"));

    let after_cursor = Scope { cursor: Some(cursor), ..Scope::default() };
    let first_page = |listing: Listing| listing.request(Scope::default());
    let requests = [
        ("conversations", "after", of_person(settings, None).map(|listing| listing.request(after_cursor))),
        ("conversations", "before", between(settings, None, Some(cursor)).map(first_page)),
        ("conversations", "after", between(settings, Some(cursor), None).map(first_page)),
        ("conversations", "user_id", of_person(settings, Some(cursor)).map(first_page)),
        ("thread_owner", "recipient", thread_owner::request(settings, cursor).ok()),
    ];
    for (edge, name, request) in requests {
        let Some(request) = request else { continue };
        let sent = request.target();
        let (path, parameters) = target::read(&sent);
        assert_eq!(path, format!("{base}{edge}"));
        assert_eq!(parameters, [(name, cursor.to_owned())]);
        let url = request.url(settings.base_url(), &[("access_token", TOKEN)]);
        assert_eq!(url, format!("{}{sent}&access_token=1234567%7CEAATESTTOKEN", settings.base_url()));
    }
}

fn between(settings: &Settings, after: Option<&str>, before: Option<&str>) -> Option<Listing> {
    let mut listing = of_person(settings, None)?;
    listing.set_cursors(after.map(str::to_owned), before.map(str::to_owned)).ok()?;
    Some(listing)
}

fn of_person(settings: &Settings, id: Option<&str>) -> Option<Listing> {
    listing(settings, &Filters { user_id: id.map(str::to_owned), ..Filters::default() }).ok()
}

/// What comes after the scheme is a host, a port and a path, to every parser of URLs.
fn check_host(base_url: &str) {
    let rest = base_url.strip_prefix("https://").or_else(|| base_url.strip_prefix("http://")).expect("a scheme");
    assert!(!rest.contains(|c: char| "@\\?#% ".contains(c) || c.is_control() || !c.is_ascii()), "{base_url}");
    assert!(!rest.ends_with('/') && rest.split('/').skip(1).all(|part| part != ".." && part != "."), "{base_url}");
    let name = rest.split(['/', ':']).next().unwrap_or_default();
    let is_here = name == "127.0.0.1" || name.starts_with("127.") || name.to_lowercase().ends_with("localhost");
    assert!(base_url.starts_with("https") || is_here || rest.starts_with("[::1]"), "{base_url}");
}

/// A cursor that Graph put into a URL comes out of it as it was.
fn check_round_trip(cursor: &str) {
    let escaped = utf8_percent_encode(cursor, NON_ALPHANUMERIC);
    let url = format!("https://graph.example/v25.0/1/conversations?limit=25&after={escaped}&pretty=0#after=no");
    let expected = if cursor.is_empty() { Next::Unreachable } else { Next::After(cursor.to_owned()) };
    assert_eq!(next(Some(&Parsed(json!({ "next": url })))), expected);
}

/// A list ends where `next` is missing, and nowhere else.
fn check_next(paging: &Parsed) {
    let has_next = paging.get_text("next").is_some();
    let named = paging.get("cursors").and_then(|cursors| cursors.get_text("after"));
    match next(Some(paging)) {
        Next::End => assert!(!has_next),
        Next::After(cursor) => {
            assert!(has_next && !cursor.is_empty());
            assert!(named.is_none_or(|named| named == cursor));
        }
        Next::Unreachable => assert!(has_next && named.is_none()),
    }
}
