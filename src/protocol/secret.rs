//! Secrets, and taking them out of everything that leaves the package.

use std::fmt;

use super::text::hex_pair;

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// A token, app secret or proof. It never prints; what needs the text says so with `expose`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps text that must not be shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the request and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(REDACTED)
    }
}

/// The secrets of one request: the only place that takes them out of a text.
#[derive(Debug, Clone, Default)]
pub struct Secrets(Vec<Secret>);

impl Secrets {
    /// Remembers a secret. Of an app token (`app-id|app-secret`) the half that is secret is remembered too.
    pub fn add(&mut self, secret: Secret) {
        if let Some((_, half)) = secret.expose().split_once('|')
            && half.len() >= SHORTEST_HALF
        {
            self.insert(Secret::new(half));
        }
        self.insert(secret);
    }

    /// Longest first, so that no part of a longer secret is left beside a shorter one.
    fn insert(&mut self, secret: Secret) {
        let is_shorter = |known: &Secret| known.expose().len() < secret.expose().len();
        let place = self.0.iter().position(is_shorter).unwrap_or(self.0.len());
        self.0.insert(place, secret);
    }

    /// The secrets as they could stand in a text, for a cheap first look.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Secret::expose)
    }

    /// The text without any secret: as it is, percent-encoded (once or more often, any letter case) or JSON-escaped.
    pub fn redact(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let firsts: Vec<u8> = self.iter().filter_map(|secret| secret.bytes().next()).collect();
        // Only where a secret, or an escape of its first character, could begin is there anything to look at.
        let begins = |byte: u8| matches!(byte, b'%' | b'\\') || firsts.contains(&byte);
        let (mut rest, mut from) = (text, 0);
        while let Some(found) = rest.bytes().skip(from).position(begins) {
            let place = from + found;
            let secret = rest.get(place..).and_then(|start| self.iter().find_map(|secret| spelled(start, secret)));
            let Some(length) = secret else {
                from = place + 1;
                continue;
            };
            out.push_str(rest.get(..place).unwrap_or_default());
            out.push_str(REDACTED);
            (rest, from) = (rest.get(place + length..).unwrap_or_default(), 0);
        }
        out.push_str(rest);
        out
    }
}

impl Secrets {
    /// The same of a text that may have been cut, within a secret too: of that no beginning is left at its end.
    pub fn redact_start(&self, text: &str) -> String {
        let mut redacted = self.redact(text);
        for secret in self.iter() {
            // No spelling of a byte is longer.
            let window = redacted.len().saturating_sub(secret.len() * LONGEST_SPELLING);
            let cut =
                (window..redacted.len()).find(|&place| redacted.get(place..).is_some_and(|end| begins(end, secret)));
            if let Some(place) = cut {
                redacted.truncate(place);
                redacted.push_str(REDACTED);
            }
        }
        redacted
    }
}

/// `%25257C`; what is encoded more often is longer, and then not looked for so far back.
const LONGEST_SPELLING: usize = 7;
/// So many characters of a secret are no coincidence.
const SHORTEST_START: usize = 5;

/// Whether a text ends while it spells a secret.
fn begins(text: &str, secret: &str) -> bool {
    let mut rest = text.as_bytes();
    for (count, &wanted) in secret.as_bytes().iter().enumerate() {
        let is_cut = rest.is_empty() || matches!(rest, [b'%' | b'\\', more @ ..] if more.len() < LONGEST_SPELLING - 1);
        match length_of(wanted, rest) {
            Some(length) => rest = rest.get(length..).unwrap_or_default(),
            None => return is_cut && count >= SHORTEST_START,
        }
    }
    false
}

/// A shorter half of an app token would redact ordinary words.
const SHORTEST_HALF: usize = 8;

/// How many bytes of `text` spell `secret` at its start, if they do.
fn spelled(text: &str, secret: &str) -> Option<usize> {
    if secret.is_empty() {
        return None;
    }
    if text.starts_with(secret) {
        return Some(secret.len());
    }
    let mut rest = text.as_bytes();
    for &wanted in secret.as_bytes() {
        let length = length_of(wanted, rest)?;
        rest = rest.get(length..)?;
    }
    Some(text.len() - rest.len())
}

/// How many bytes spell `wanted` at the start of `text`: itself, percent-encoded or as a JSON escape.
fn length_of(wanted: u8, text: &[u8]) -> Option<usize> {
    match text {
        [b'%', rest @ ..] => {
            let mut layers = rest;
            // `%257C` is `%7C` encoded again, and so on.
            while hex_pair(layers) == Some(b'%') && wanted != b'%' {
                layers = layers.get(2..)?;
            }
            (hex_pair(layers) == Some(wanted)).then(|| text.len() - layers.len() + 2)
        }
        [b'\\', b'u', b'0', b'0', rest @ ..] if hex_pair(rest) == Some(wanted) => Some(6),
        [b'\\', escaped @ (b'/' | b'"' | b'\\'), ..] if *escaped == wanted => Some(2),
        [plain, ..] if *plain == wanted => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(values: &[&str]) -> Secrets {
        let mut secrets = Secrets::default();
        for &value in values {
            secrets.add(Secret::new(value));
        }
        secrets
    }

    #[test]
    fn a_secret_never_prints() {
        let secret = Secret::new("EAATEST");
        assert_eq!(format!("{secret:?}"), "[redacted]");
        assert!(!format!("{:?}", secrets(&["EAATEST"])).contains("EAATEST"));
    }

    #[test]
    fn every_spelling_is_redacted() {
        let secrets = secrets(&["12|a/b\"c"]);
        for text in [
            "12|a/b\"c",
            "12%7Ca%2Fb%22c",
            "12%7ca%2fb%22c",
            "12%257Ca%252Fb%2522c",
            "12%25257Ca%25252Fb%252522c",
            "12|a\\/b\\\"c",
            "12\\u007ca\\u002Fb\\u0022c",
            "%31%32%7C%61%2F%62%22%63",
        ] {
            let around = format!("x{text}y{text}");
            assert_eq!(secrets.redact(&around), "x[redacted]y[redacted]", "{text}");
        }
    }

    #[test]
    fn what_only_resembles_a_secret_stays() {
        let secrets = secrets(&["abc%7Cd"]);
        assert_eq!(secrets.redact("abc%7Cd"), "[redacted]");
        assert_eq!(secrets.redact("abc%257Cd"), "[redacted]");
        for text in ["abc|d", "abc%7", "ab", "%", "%zz", "\\", "\\u00", "é%E9\u{1F600}"] {
            assert_eq!(secrets.redact(text), text);
        }
    }

    #[test]
    fn the_secret_half_of_an_app_token_is_a_secret() {
        let secrets = secrets(&["1234|0123456789abcdef"]);
        assert_eq!(secrets.redact("0123456789abcdef"), "[redacted]");
        assert_eq!(secrets.redact("1234|0123456789abcdef"), "[redacted]");
        assert_eq!(secrets.redact("1234"), "1234");
    }

    #[test]
    fn no_start_of_a_secret_is_left_where_a_text_was_cut() {
        let secrets = secrets(&["EAATEST/TOKEN"]);
        for text in
            ["x EAATES", "x EAATEST/TOKE", "x EAATEST%2FTO", "x EAATEST%2", "x EAATEST\\u00", "x %45%41%41%54%45%53"]
        {
            assert_eq!(secrets.redact_start(text), "x [redacted]", "{text}");
        }
        for text in ["x EAAT", "x EAATES y", "", "%", "é"] {
            assert_eq!(secrets.redact_start(text), text);
        }
        assert_eq!(secrets.redact_start("EAATEST/TOKEN EAATEST"), "[redacted] [redacted]");
    }

    #[test]
    fn the_longer_secret_goes_first() {
        let secrets = secrets(&["token", "token-and-more"]);
        assert_eq!(secrets.redact("token-and-more token"), "[redacted] [redacted]");
    }

    #[test]
    fn no_secret_redacts_nothing() {
        assert_eq!(secrets(&[""]).redact("text"), "text");
        assert_eq!(Secrets::default().redact("text"), "text");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    /// The secret with each byte as it is, percent-encoded once or more often, or JSON-escaped, as the numbers say.
    fn respelled(secret: &str, ways: &[u8]) -> String {
        let spell = |(byte, way): (u8, &u8)| match way {
            0 => format!("%{byte:02X}"),
            1 => format!("%{byte:02x}"),
            2..5 => format!("%{}{byte:02X}", "25".repeat((way - 1).into())),
            5 => format!("\\u{byte:04x}"),
            6 => format!("\\u{byte:04X}"),
            7 if byte == b'/' => "\\/".to_owned(),
            _ => char::from(byte).to_string(),
        };
        secret.bytes().zip(ways.iter().cycle()).map(spell).collect()
    }

    /// The text with every escape taken back, until there is none.
    fn decoded(text: &str) -> String {
        let mut text = text.replace("\\u00", "%").replace("\\/", "/");
        loop {
            let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
            if decoded == text {
                return text;
            }
            text = decoded;
        }
    }

    proptest! {
        #[test]
        fn no_spelling_survives(
            secret in "[A-Za-z0-9|._/-]{4,60}",
            before in "[^%\\\\]{0,20}",
            after in ".{0,20}",
            ways in prop::collection::vec(0u8..12, 1..60),
        ) {
            prop_assume!(!REDACTED.contains(&secret));
            let mut secrets = Secrets::default();
            secrets.add(Secret::new(secret.clone()));
            let redacted = secrets.redact(&[before, respelled(&secret, &ways), after].concat());
            prop_assert!(!decoded(&redacted).contains(&secret), "{redacted}");
        }

        #[test]
        fn text_without_the_secret_is_untouched(text in "[^E%\\\\]*") {
            let mut secrets = Secrets::default();
            secrets.add(Secret::new("EAATESTTOKEN"));
            prop_assert_eq!(secrets.redact(&text), text);
        }
    }
}
