//! Integers of JSON that a double cannot hold: Graph writes some IDs without quotes.

use crate::protocol::json::Json;
use crate::protocol::text::{is_digits, split_span};

/// Of a longer string, in UTF-16 units, no integer matters: the host does not copy it to find some.
pub const LONGEST: u32 = 1 << 20;

/// Parses JSON, and keeps every digit of its integers.
pub fn parse_exactly<J: Json>(text: &str) -> Option<J> {
    J::parse(&quote_long_integers(text))
}

/// Puts quotes around every integer of more than 15 digits that stands outside a string, so that a parser which reads
/// numbers as doubles keeps each digit. All else is copied.
pub fn quote_long_integers(text: &str) -> String {
    /// Every integer of this many digits is exact as a double.
    const EXACT_DIGITS: usize = 15;
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while !rest.is_empty() {
        let (before, token) = split_span(rest, |c| !matches!(c, '"' | '-' | '0'..='9'));
        let quoted = token.starts_with("\"");
        let (token, after) = if quoted {
            split_string(token)
        } else {
            split_span(token, |c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
        };
        let digits = token.strip_prefix("-").unwrap_or(token);
        let long = !quoted && digits.len() > EXACT_DIGITS && is_digits(digits);
        let mark = if long { "\"" } else { "" };
        out.push_str(before);
        out.push_str(mark);
        out.push_str(token);
        out.push_str(mark);
        rest = after;
    }
    out
}

/// Splits JSON that begins with a string behind the closing quote of that string.
fn split_string(text: &str) -> (&str, &str) {
    // So that the first quote closes nothing.
    let mut escaped = true;
    let mut chars = text.chars();
    for c in chars.by_ref() {
        if c == '"' && !escaped {
            break;
        }
        escaped = c == '\\' && !escaped;
    }
    let after = chars.as_str();
    (text.get(..text.len() - after.len()).unwrap_or_default(), after)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn long_integers_are_quoted_and_nothing_else() {
        let cases = [
            (r#"{"a":1234567890123456}"#, r#"{"a":"1234567890123456"}"#),
            (r#"{"a": -1234567890123456 }"#, r#"{"a": "-1234567890123456" }"#),
            (r#"[18446744073709551615,1]"#, r#"["18446744073709551615",1]"#),
            (r#"{"a":123456789012345}"#, r#"{"a":123456789012345}"#),
            (r#"{"a":"1234567890123456"}"#, r#"{"a":"1234567890123456"}"#),
            (r#"{"a":"\"1234567890123456"}"#, r#"{"a":"\"1234567890123456"}"#),
            (r#"{"a":"\\","b":1234567890123456}"#, r#"{"a":"\\","b":"1234567890123456"}"#),
            (r#"{"a":1234567890123456.5}"#, r#"{"a":1234567890123456.5}"#),
            (r#"{"a":1234567890123456e3}"#, r#"{"a":1234567890123456e3}"#),
            ("1234567890123456", "\"1234567890123456\""),
            (r#""unclosed 1234567890123456"#, r#""unclosed 1234567890123456"#),
            ("é1234567890123456é", "é\"1234567890123456\"é"),
            ("", ""),
            ("-", "-"),
        ];
        for (text, expected) in cases {
            assert_eq!(quote_long_integers(text), expected);
        }
    }

    proptest! {
        #[test]
        fn strings_are_never_touched(text in ".*") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(quote_long_integers(&json), json);
        }

        #[test]
        fn any_text_survives_without_its_new_quotes(text in "[0-9\"\\\\a-z.,:-]{0,60}") {
            let quoted = quote_long_integers(&text);
            prop_assert_eq!(quoted.replace('"', ""), text.replace('"', ""));
        }
    }
}
