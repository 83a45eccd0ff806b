//! What is wrong with an option, and the rules that several options share.

use crate::protocol::text::{concat, consists, decimal, join_piece};

/// An option that is refused before any request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidOption {
    /// The option's name as the caller wrote it.
    pub option: String,
    /// What is wrong with it and what is allowed. Never the value of a secret.
    pub problem: String,
}

impl InvalidOption {
    /// Names the option and the problem, whose parts are joined.
    pub fn new(option: &str, problem: &[&str]) -> Box<Self> {
        Box::new(Self { option: option.to_owned(), problem: concat(problem) })
    }
}

/// What an option of some type must be, in words.
pub fn expected(name: &str, kind: &str) -> &'static str {
    match (name, kind) {
        ("fields", _) => FIELD_LIST,
        ("updatedSince" | "since", _) => A_TIME,
        (_, "text") => "a string",
        (_, "function") => "a function",
        (_, "flag") => "true or false",
        (_, "whole") => "a whole number, 0 or more",
        (_, "count") => "a whole number, 1 or more",
        (_, "rate") => "a number above 0, or false",
        (_, "token") => A_TOKEN,
        (_, "signal") => "an AbortSignal",
        _ => A_RECIPIENT,
    }
}

/// What `accessToken` is.
pub const A_TOKEN: &str = "a Page access token or a function that gives one";
/// What `fields` is.
pub const FIELD_LIST: &str =
    "an array of field names, or of objects such as { messages: { limit: 5, fields: ['id'] } }";
/// What `updatedSince` is.
pub const A_TIME: &str = "a Date, an ISO 8601 date and time with its zone, or milliseconds since 1970";
/// What `recipient` is.
pub const A_RECIPIENT: &str = "the ID of a person as a string (a number would lose digits)";

/// Whether a text may be shown: it is short and of harmless characters. Anything else could be a token in the wrong place.
pub fn is_harmless(text: &str) -> bool {
    text.len() <= 24 && consists(text, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | ' '))
}

/// A value, or only its length where it could be a secret.
pub fn shown(value: &str) -> String {
    if is_harmless(value) {
        concat(&["\"", value, "\""])
    } else {
        let length = value.chars().fold(0u32, |count, _| count.saturating_add(1));
        concat(&["a string of ", &decimal(length), " characters"])
    }
}

/// One of a closed set of words.
pub fn one_of(option: &'static str, value: &str, allowed: &[&'static str]) -> Result<&'static str, Box<InvalidOption>> {
    for &word in allowed {
        if word == value {
            return Ok(word);
        }
    }
    let mut words = String::new();
    for word in allowed {
        join_piece(&mut words, ", ", word);
    }
    Err(InvalidOption::new(option, &["expected one of ", &words, "; got ", &shown(value)]))
}

/// A string that goes into a query as one value: not empty, and free of white space and control characters, which no ID
/// or token has and which betray a copying mistake.
pub fn word(option: &'static str, value: &str) -> Result<(), Box<InvalidOption>> {
    if value.is_empty() {
        return Err(InvalidOption::new(option, &["expected a value, got an empty string"]));
    }
    match position(value, |c| c.is_whitespace() || c.is_control()) {
        Some(position) => {
            Err(InvalidOption::new(option, &["has white space or a control character at position ", &position]))
        }
        None => Ok(()),
    }
}

/// A cursor of Graph's: any string that is not empty and has no control characters.
pub fn opaque(option: &'static str, value: &str) -> Result<(), Box<InvalidOption>> {
    if value.is_empty() {
        return Err(InvalidOption::new(option, &["expected a value, got an empty string"]));
    }
    match position(value, char::is_control) {
        Some(position) => Err(InvalidOption::new(option, &["has a control character at position ", &position])),
        None => Ok(()),
    }
}

/// Where the first such character stands, counted from 1.
pub fn position(text: &str, is_such: fn(char) -> bool) -> Option<String> {
    let mut position = 0u32;
    for c in text.chars() {
        position = position.saturating_add(1);
        if is_such(c) {
            return Some(decimal(position));
        }
    }
    None
}

/// A secret travels in a header or a URL, so it is visible ASCII throughout. The message never shows it.
pub fn secret(option: &'static str, value: &str) -> Result<(), Box<InvalidOption>> {
    word(option, value)?;
    if consists(value, |c| c.is_ascii()) {
        Ok(())
    } else {
        Err(InvalidOption::new(option, &["has a character that is not ASCII"]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_harmless_values_are_shown() {
        assert_eq!(shown("nope"), "\"nope\"");
        assert_eq!(shown(""), "\"\"");
        assert_eq!(shown("EAATESTTOKENEAATESTTOKEN1"), "a string of 25 characters");
        assert_eq!(shown("1|secret"), "a string of 8 characters");
    }

    #[test]
    fn a_word_has_no_white_space_or_control_character() {
        for good in ["1", "EAA|b", "日本"] {
            assert_eq!(word("x", good), Ok(()), "{good}");
        }
        for bad in ["", " 1", "1\n", "1\u{0}", "1\u{7f}", "1\u{a0}2", "1\u{2028}"] {
            assert!(word("x", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_secret_is_ascii_and_is_not_shown() {
        assert_eq!(secret("accessToken", "123|abc-_."), Ok(()));
        let refused = secret("accessToken", "hemlig\u{e5}").unwrap_err();
        assert!(!refused.problem.contains("hemlig"), "{refused:?}");
    }
}
