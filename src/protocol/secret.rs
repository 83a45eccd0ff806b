//! Secrets, and taking them out of everything that leaves the package.

use std::fmt;

use crate::protocol::text::{concat, hex_pair, split_once};

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

    fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
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
        if let Some((_, half)) = split_once(secret.expose(), b'|')
            && half.len() >= SHORTEST
        {
            self.insert(Secret::new(half));
        }
        self.insert(secret);
    }

    /// Longest first, so that no part of a longer secret is left beside a shorter one.
    fn insert(&mut self, secret: Secret) {
        let text = secret.expose();
        if text.is_empty() {
            return;
        }
        if text.len() < SHORTEST {
            for place in &SENT_AS {
                self.insert(Secret::new(concat(&[place, text])));
            }
            return;
        }
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
        // Only where a secret, or an escape of its first character, could begin is there anything to look at.
        let begins = |byte: u8| {
            matches!(byte, b'%' | b'\\') || self.0.iter().any(|secret| secret.bytes().first() == Some(&byte))
        };
        let (mut rest, mut from) = (text, 0);
        while let Some(found) = rest.bytes().skip(from).position(begins) {
            let place = from + found;
            let start = rest.as_bytes().get(place..).unwrap_or_default();
            let Some(left) = self.0.iter().find_map(|secret| left_after(secret.bytes(), start, usize::MAX)) else {
                from = place + 1;
                continue;
            };
            out.push_str(rest.get(..place).unwrap_or_default());
            out.push_str(REDACTED);
            (rest, from) = (rest.get(rest.len() - left..).unwrap_or_default(), 0);
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
            let begins = |end: &[u8]| left_after(secret.as_bytes(), end, SHORTEST_START).is_some();
            let cut = (window..redacted.len()).find(|&place| redacted.as_bytes().get(place..).is_some_and(begins));
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

/// A shorter secret, or half of an app token, would redact ordinary words, and so is only found where it was sent.
const SHORTEST: usize = 8;
/// What stands before the token of a request.
const SENT_AS: [&str; 2] = ["access_token=", "Bearer "];

/// Returns how many bytes are left of `text` after the spelling of `secret` that it starts with. Where the text ends within
/// the secret, `shortest` characters are enough, and none is left.
fn left_after(secret: &[u8], text: &[u8], shortest: usize) -> Option<usize> {
    let mut rest = text;
    for (count, &wanted) in secret.iter().enumerate() {
        let mut length = length_of(wanted, rest);
        // `%` and `\` stand for themselves or begin an escape: the characters that follow decide which.
        if matches!(wanted, b'%' | b'\\') && rest.first() == Some(&wanted) {
            while let Some(longest) = length {
                let left =
                    left_after(secret.get(count + 1..)?, rest.get(longest..)?, shortest.saturating_sub(count + 1));
                if left.is_some() {
                    return left;
                }
                length = if wanted == b'%' { longest.checked_sub(2) } else { (longest > 1).then_some(1) };
            }
        }
        match length {
            Some(length) => rest = rest.get(length..)?,
            None => {
                let is_cut =
                    rest.is_empty() || matches!(rest, [b'%' | b'\\', more @ ..] if more.len() < LONGEST_SPELLING - 1);
                return (is_cut && count >= shortest).then_some(0);
            }
        }
    }
    Some(rest.len())
}

/// Returns how many bytes at the start of `text` spell `wanted`: itself, percent-encoded or as a JSON escape. Where there is
/// a choice, it is the longest.
fn length_of(wanted: u8, text: &[u8]) -> Option<usize> {
    match text {
        [b'%', ..] => {
            let mut length = 1;
            // `%257C` is `%7C` encoded again, and so on.
            while hex_pair(text.get(length..)?) == Some(b'%') {
                length += 2;
            }
            if wanted == b'%' {
                return Some(length);
            }
            (hex_pair(text.get(length..)?) == Some(wanted)).then_some(length + 2)
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
            7 if b"/\"\\".contains(&byte) => format!("\\{}", char::from(byte)),
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
            secret in "[A-Za-z0-9|._/-]{8,60}",
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
        fn the_secret_goes_and_nothing_else(
            secret in "([!-~]|[%\\\\25]){8,40}",
            around in "[ \u{e9}]{0,5}",
            ways in prop::collection::vec(0u8..12, 1..60),
        ) {
            // `\\u0075` is a spelling of `\u`, but so is its start `\\u`, and then the digits stay.
            prop_assume!(!secret.contains("\\u"));
            let mut secrets = Secrets::default();
            secrets.add(Secret::new(secret.clone()));
            let redacted = secrets.redact(&[&around, &*respelled(&secret, &ways), &around].concat());
            prop_assert_eq!(redacted, [&around, REDACTED, &around].concat());
        }

        #[test]
        fn a_short_secret_is_found_where_it_was_sent_and_nowhere_else(secret in "[a-z0-9]{1,7}") {
            let mut secrets = Secrets::default();
            secrets.add(Secret::new(secret.clone()));
            let sent = ["?access_token=", &secret, "&x Bearer ", &secret].concat();
            prop_assert_eq!(secrets.redact(&sent), "?[redacted]&x [redacted]");
            prop_assert_eq!(secrets.redact(&secret), secret);
        }

        #[test]
        fn text_without_the_secret_is_untouched(text in "[^E%\\\\]*") {
            let mut secrets = Secrets::default();
            secrets.add(Secret::new("EAATESTTOKEN"));
            prop_assert_eq!(secrets.redact(&text), text);
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "secret_vectors.rs"]
mod vectors;
