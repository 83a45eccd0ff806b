//! Where Graph is, which version is asked and for which Page: checked once, when a client is made.

use crate::protocol::option::{InvalidOption, position, shown, word};
use crate::protocol::text::{concat, consists, has, is_digits, split, split_once, split_span, whole};

/// Graph API version asked for by default: released 2026-02-18, supported until 2028-07-29.
///
/// <https://developers.facebook.com/docs/graph-api/changelog/versions>
pub const DEFAULT_API_VERSION: &str = "v25.0";

/// Where Graph is by default.
pub const DEFAULT_BASE_URL: &str = "https://graph.facebook.com";

/// How the token travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenTransport {
    /// `Authorization: Bearer`, which keeps the token out of URLs, logs and traces.
    Header,
    /// `access_token=`, which needs no CORS preflight.
    Query,
}

impl TokenTransport {
    /// Reads `header` or `query`.
    pub fn read(value: &str) -> Result<Self, Box<InvalidOption>> {
        let word = crate::protocol::option::one_of("tokenTransport", value, &["header", "query"])?;
        Ok(if word == "header" { Self::Header } else { Self::Query })
    }
}

/// The part of every request that its client decides.
#[derive(Debug, Clone)]
pub struct Settings {
    base_url: String,
    version: String,
    page_id: String,
}

impl Settings {
    /// Checks all three; `None` is the default.
    pub fn new(page_id: &str, version: Option<&str>, base_url: Option<&str>) -> Result<Self, Box<InvalidOption>> {
        let base_url = base_url.unwrap_or(DEFAULT_BASE_URL);
        let version = version.unwrap_or(DEFAULT_API_VERSION);
        check_base_url(base_url)?;
        check_version(version)?;
        check_page_id(page_id)?;
        Ok(Self {
            base_url: without_slashes_at_end(base_url).to_owned(),
            version: concat(&["v", without_v(version)]),
            page_id: page_id.to_owned(),
        })
    }

    /// Scheme, host and path prefix, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The path of the base URL, which stands before every path that is sent; empty for Graph itself.
    pub fn base_path(&self) -> &str {
        UrlParts::of(&self.base_url).map_or("", |parts| parts.path)
    }

    /// Whether this is graph.instagram.com, which has conversations but no thread owners.
    pub fn is_instagram(&self) -> bool {
        let host = UrlParts::of(&self.base_url).and_then(|parts| host_of(parts.authority)).unwrap_or_default();
        // A dot at the end names the same host.
        host.strip_suffix(".").unwrap_or(host).eq_ignore_ascii_case("graph.instagram.com")
    }

    /// The version asked for, as `v25.0`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The Page ID, or `me`.
    pub fn page_id(&self) -> &str {
        &self.page_id
    }

    /// `/v25.0/{page-id}/{edge}`.
    pub fn path(&self, edge: &str) -> String {
        concat(&["/", &self.version, "/", &self.page_id, "/", edge])
    }
}

/// A Page ID, a Page's user name or `me`: unreserved characters alone, so that it stays one segment of the path.
fn check_page_id(value: &str) -> Result<(), Box<InvalidOption>> {
    word("pageId", value)?;
    let allowed = "expected a Page ID or `me`";
    if let Some(position) = position(value, |c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        let problem = [allowed, "; the character at position ", &position, " could change the path"];
        return Err(InvalidOption::new("pageId", &problem));
    }
    // `.` and `..` are removed from paths by every URL parser.
    if consists(value, |c| c == '.') {
        return Err(InvalidOption::new("pageId", &[allowed, "; got dots alone"]));
    }
    Ok(())
}

/// `v25.0` or `25.0`.
fn check_version(value: &str) -> Result<(), Box<InvalidOption>> {
    let digits = |part: &str| part.len() <= 3 && is_digits(part);
    match split_once(without_v(value), b'.') {
        Some((major, minor)) if digits(major) && digits(minor) => Ok(()),
        _ => {
            let problem = ["expected a version such as v25.0; got ", &shown(value)];
            Err(InvalidOption::new("apiVersion", &problem))
        }
    }
}

fn without_v(version: &str) -> &str {
    version.strip_prefix("v").unwrap_or(version)
}

/// `https`, or `http` to this very machine; a host, perhaps a port and a path prefix; nothing that carries credentials
/// or that two URL parsers could read as two different hosts. The value is not shown: it can hold a password.
fn check_base_url(value: &str) -> Result<(), Box<InvalidOption>> {
    word("baseUrl", value)?;
    base_url_problem(value).map_or(Ok(()), |problem| Err(InvalidOption::new("baseUrl", &[problem])))
}

fn base_url_problem(value: &str) -> Option<&'static str> {
    let Some(UrlParts { is_secure, authority, path }) = UrlParts::of(value) else {
        return Some("expected an absolute URL that begins with https://");
    };
    if has(authority, b'@') {
        return Some("must not carry a user name or password");
    }
    let Some(host) = host_of(authority) else {
        return Some("expected a host name or address, and perhaps a port, after the scheme");
    };
    if !is_secure && !is_loopback(host) {
        return Some("plain http would send the token unencrypted; it is allowed for loopback hosts only");
    }
    let in_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '/');
    if !consists(path, in_path) || split(path, b'/').any(|part| part == "." || part == "..") {
        return Some("its path may hold letters, digits and -._~ only; a query or fragment has no place in it");
    }
    None
}

/// The parts of an absolute URL.
struct UrlParts<'a> {
    /// Whether its scheme is `https` rather than `http`.
    is_secure: bool,
    /// Host and port, if they are well-formed.
    authority: &'a str,
    /// The path, without a slash at the end, and all that follows it.
    path: &'a str,
}

impl<'a> UrlParts<'a> {
    fn of(url: &'a str) -> Option<Self> {
        let (is_secure, rest) = match url.strip_prefix("https://") {
            Some(rest) => (true, rest),
            None => (false, url.strip_prefix("http://")?),
        };
        let (authority, path) = split_span(rest, |c| c != '/');
        Some(Self { is_secure, authority, path: without_slashes_at_end(path) })
    }
}

fn without_slashes_at_end(mut text: &str) -> &str {
    while let Some(shorter) = text.strip_suffix("/") {
        text = shorter;
    }
    text
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`, when it is well-formed.
fn host_of(authority: &str) -> Option<&str> {
    let (name, rest) = match authority.strip_prefix("[") {
        Some(address) => {
            let (address, rest) = split_span(address, |c| c.is_ascii_hexdigit() || c == ':');
            (address, rest.strip_prefix("]")?)
        }
        None => split_span(authority, |c| c.is_ascii_alphanumeric() || c == '-' || c == '.'),
    };
    let port_is_fine = match rest.strip_prefix(":") {
        Some(digits) => whole(digits, u16::MAX.into()).is_some(),
        None => rest.is_empty(),
    };
    if name.is_empty() || !port_is_fine {
        return None;
    }
    authority.strip_suffix(rest)
}

/// `localhost`, a name below it, `127.0.0.0/8` written out, or `[::1]`.
fn is_loopback(host: &str) -> bool {
    let (mut octets, mut is_address, mut last) = (0, true, "");
    for part in split(host, b'.') {
        octets += 1;
        is_address &= part.len() <= 3 && whole(part, u8::MAX.into()).is_some();
        last = part;
    }
    last.eq_ignore_ascii_case("localhost") || host == "[::1]" || (octets == 4 && is_address && host.starts_with("127."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graph_instagram_com_is_known_however_it_is_written() {
        let is_instagram = |host: &str| {
            let base_url = format!("https://{host}");
            Settings::new("1", None, Some(&base_url)).unwrap().is_instagram()
        };
        for host in ["graph.instagram.com", "Graph.Instagram.com:443", "graph.instagram.com.", "graph.instagram.com/a/"]
        {
            assert!(is_instagram(host), "{host}");
        }
        for host in ["graph.facebook.com", "a.graph.instagram.com", "graph.instagram.com.example", "127.0.0.1:443"] {
            assert!(!is_instagram(host), "{host}");
        }
    }

    #[test]
    fn a_base_path_is_what_stands_behind_the_host() {
        for (base_url, path) in [
            ("https://graph.facebook.com", ""),
            ("https://graph.facebook.com/", ""),
            ("https://proxy.example:8443/graph/api/", "/graph/api"),
            ("http://[::1]:8080/a", "/a"),
        ] {
            assert_eq!(Settings::new("1", None, Some(base_url)).unwrap().base_path(), path, "{base_url}");
        }
    }

    #[test]
    fn a_version_is_accepted_with_and_without_v() {
        for (given, asked) in [("v19.0", "v19.0"), ("19.0", "v19.0"), ("v25.0", "v25.0")] {
            let settings = Settings::new("1", Some(given), None).unwrap();
            assert_eq!(settings.path("conversations"), format!("/{asked}/1/conversations"));
        }
        for bad in ["", "v", "19", "v19", "v19.", ".0", "vv19.0", "19.0/me", "v19.0 ", "V19.0", "v1e1.0"] {
            let refused = Settings::new("1", Some(bad), None).unwrap_err();
            assert_eq!(refused.option, "apiVersion", "{bad}");
        }
    }

    #[test]
    fn a_page_id_stays_one_segment() {
        for good in ["me", "106540352242922", "coca-cola.fr"] {
            assert!(Settings::new(good, None, None).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "1/2", "1?x=1", "1#", "1%2F2", "1\\2", "1 2", "1\n", "é", "1;2", "1&2", "@1", "a:b"]
        {
            let refused = Settings::new(bad, None, None).unwrap_err();
            assert_eq!(refused.option, "pageId", "{bad:?}");
        }
    }

    #[test]
    fn a_token_in_the_wrong_option_is_not_shown() {
        let token = "1234567890|EAATESTTOKENVALUE";
        let refusals = [
            Settings::new(token, None, None),
            Settings::new("1", Some(token), None),
            Settings::new("1", None, Some(token)),
        ];
        for refused in refusals {
            let refused = refused.unwrap_err();
            assert!(!refused.problem.contains("EAATEST"), "{refused:?}");
        }
    }

    #[test]
    fn plain_http_reaches_this_machine_only() {
        for good in [
            "https://graph.facebook.com",
            "https://graph.facebook.com/",
            "https://proxy.example:8443/graph/api",
            "http://localhost:3000",
            "http://graph.localhost",
            "http://127.0.0.1:8080",
            "http://127.8.8.8",
            "http://[::1]:8080",
            "https://[2001:db8::1]",
        ] {
            let settings = Settings::new("1", None, Some(good)).unwrap();
            assert_eq!(settings.base_url(), good.trim_end_matches('/'));
        }
        for bad in [
            "",
            "graph.facebook.com",
            "//graph.facebook.com",
            "ftp://graph.facebook.com",
            "https://",
            "https:///path",
            "http://graph.facebook.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://127.1",
            "http://127.0.0.256",
            "http://[::2]",
            "http://127.0.0.1\\@example.com",
            "http://127.0.0.1@example.com",
            "https://user:password@example.com",
            "https://example.com?x=1",
            "https://example.com/a?x=1",
            "https://example.com/#a",
            "https://example.com/a/../b",
            "https://example.com/%2e%2e",
            "https://example.com:",
            "https://example.com:+80",
            "https://example.com:99999",
            "https://[::1",
            "https://[]",
            "https://exa mple.com",
            "https://exämple.com",
        ] {
            let refused = Settings::new("1", None, Some(bad)).unwrap_err();
            assert_eq!(refused.option, "baseUrl", "{bad}");
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_page_id_or_version_changes_the_path(
            page_id in "[.]{1,3}|[a-z0-9./]{1,4}|[a-z0-9./?#&%;:@\\\\ -]{0,9}|.{0,9}",
            version in "v?[0-9]{1,3}\\.[0-9]{1,3}|v?[0-9./]{2,5}|.{0,9}",
        ) {
            if let Ok(settings) = Settings::new(&page_id, Some(&version), None) {
                let path = settings.path("conversations");
                let parts: Vec<&str> = path.split('/').collect();
                prop_assert_eq!(&parts[..], ["", settings.version(), page_id.as_str(), "conversations"]);
                prop_assert!(page_id != "." && page_id != "..");
                prop_assert!(path.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c)));
            }
        }

        #[test]
        fn a_base_url_is_a_host_and_a_path(
            rest in "[a-z0-9.:/-]{1,20}|[a-z]{1,3}(/[a-z.]{0,2}){0,3}|[a-z0-9.:/?#@%~\\\\\\[\\] -]{0,20}|.{0,20}",
        ) {
            let base_url = ["https://", &rest].concat();
            if let Ok(settings) = Settings::new("1", None, Some(&base_url)) {
                let kept = settings.base_url().strip_prefix("https://").unwrap();
                prop_assert_eq!(kept, rest.trim_end_matches('/'));
                let (host, path) = kept.split_once('/').unwrap_or((kept, ""));
                let in_host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
                prop_assert!(!host.is_empty() && host.chars().all(in_host));
                prop_assert!(path.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/".contains(c)));
                prop_assert!(path.split('/').all(|part| part != "." && part != ".."));
            }
        }
    }
}
