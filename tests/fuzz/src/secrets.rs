//! Secrets, and a second opinion on where a text spells one, by other means than the protocol's.

use graph_inbox::protocol::secret::{REDACTED, Secret, Secrets};

/// An app token: its second half is secret by itself.
pub const TOKEN: &str = "1234567|EAATESTTOKEN";

/// The secrets of a request with this token.
pub fn secrets(token: &str) -> Secrets {
    let mut secrets = Secrets::default();
    secrets.add(Secret::new(token));
    secrets
}

/// Whether the token, or the half of an app token, is part of the word that stands for it: then it cannot be taken out.
pub fn is_part_of_redacted(token: &str) -> bool {
    REDACTED.contains(token) || half(token).is_some_and(|half| REDACTED.contains(half))
}

/// Whether a text spells the token, or the half of an app token.
pub fn is_spelled(text: &str, token: &str) -> bool {
    text.char_indices().any(|(start, _)| after_token(&text[start..], token).is_some())
}

/// The text, a word in place of every spelling.
pub fn replaced(text: &str, token: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = after_token(rest, token) {
            out += REDACTED;
            rest = after;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn after_token<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    let after = |word: &str| word.bytes().try_fold(text, after_byte);
    after(token).or_else(|| after(half(token)?))
}

/// The half of an app token, where it is secret by itself.
fn half(token: &str) -> Option<&str> {
    token.split_once('|').map(|(_, half)| half).filter(|half| half.len() >= 8)
}

/// Each byte stands for itself, or is percent-encoded however often, or a JSON escape.
fn after_byte(text: &str, byte: u8) -> Option<&str> {
    let after_hex =
        |text: &'_ str| text.get(..2).is_some_and(|digits| digits.eq_ignore_ascii_case(&format!("{byte:02x}")));
    if let Some(rest) = text.strip_prefix(char::from(byte)) {
        return Some(rest);
    }
    let escape = if byte == b'/' { text.strip_prefix("\\/") } else { None };
    let layered = text.strip_prefix('%').map(|layers| layers.trim_start_matches("25"));
    let digits = text.strip_prefix("\\u00").or(layered);
    escape.or_else(|| digits.filter(|text| after_hex(text)).map(|digits| &digits[2..]))
}
