//! What the standard library does with text too, in fewer bytes: its ways of formatting, joining, searching and counting are
//! made for speed and bring a great deal along.

/// Whether `is_such` holds for every character of a string.
pub fn consists(text: &str, is_such: fn(char) -> bool) -> bool {
    split_span(text, is_such).1.is_empty()
}

/// Splits a string before the first character for which `is_such` does not hold.
pub fn split_span(text: &str, is_such: fn(char) -> bool) -> (&str, &str) {
    let mut chars = text.chars();
    let mut rest = text;
    while chars.next().is_some_and(is_such) {
        rest = chars.as_str();
    }
    (text.get(..text.len() - rest.len()).unwrap_or_default(), rest)
}

/// Splits a string at the first `separator`, an ASCII character, which neither part holds.
pub fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    for (position, byte) in text.bytes().enumerate() {
        if byte == separator {
            return Some((text.get(..position)?, text.get(position + 1..)?));
        }
    }
    None
}

/// Whether a string contains `wanted`, an ASCII character.
pub fn has(text: &str, wanted: u8) -> bool {
    split_once(text, wanted).is_some()
}

/// Returns the parts of a string that each `separator`, an ASCII character, divides from the next.
pub fn split(text: &str, separator: u8) -> Parts<'_> {
    Parts { rest: Some(text), separator }
}

/// The iterator that `split` returns.
pub struct Parts<'a> {
    /// `None` behind the last part.
    rest: Option<&'a str>,
    separator: u8,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let split = split_once(rest, self.separator);
        self.rest = split.map(|(_, after)| after);
        Some(split.map_or(rest, |(part, _)| part))
    }
}

/// Returns a string without white space at its start and at its end, as `str::trim` does.
pub fn trimmed(text: &str) -> &str {
    let (_, text) = split_span(text, char::is_whitespace);
    let (mut end, mut chars) = (0, text.chars());
    while let Some(c) = chars.next() {
        if !c.is_whitespace() {
            end = text.len() - chars.as_str().len();
        }
    }
    text.get(..end).unwrap_or_default()
}

/// Whether a string is digits and nothing else.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && consists(text, |c| c.is_ascii_digit())
}

/// The whole number that a string of digits writes, where it is no greater than `most`, which is 0 or more.
pub fn whole(text: &str, most: i64) -> Option<i64> {
    if !is_digits(text) {
        return None;
    }
    let mut number: i64 = 0;
    for digit in text.bytes() {
        // Another digit would make it greater, and perhaps too great for its type.
        if number > most / 10 {
            return None;
        }
        number = (number * 10).checked_add((digit - b'0').into())?;
    }
    (number <= most).then_some(number)
}

/// A whole number in digits.
pub fn decimal(number: impl Into<i64>) -> String {
    fn written(number: i64) -> String {
        let mut out = String::new();
        if number < 0 {
            out.push('-');
        }
        push_digits(number.unsigned_abs(), &mut out);
        out
    }
    written(number.into())
}

fn push_digits(number: u64, out: &mut String) {
    if number > 9 {
        push_digits(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Pieces one after the other.
pub fn concat(pieces: &[&str]) -> String {
    let mut out = String::new();
    for piece in pieces {
        out.push_str(piece);
    }
    out
}

/// Appends a piece, after `between` where the string already holds another piece.
pub fn join_piece(out: &mut String, between: &str, piece: &str) {
    if !out.is_empty() {
        out.push_str(between);
    }
    out.push_str(piece);
}

/// Writes a string with everything escaped but the characters that RFC 3986 calls unreserved.
pub fn percent_encoded(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
            continue;
        }
        out.push('%');
        out.push(hex_digit(byte >> 4).to_ascii_uppercase());
        out.push(hex_digit(byte & 15).to_ascii_uppercase());
    }
}

/// One of the digits `0` to `f`.
pub fn hex_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap_or_default()
}

/// Returns a string with its escapes decoded, or `None` where they do not decode to UTF-8. What is not a well-formed escape
/// stays as it is.
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        out.push(take_char(&mut rest)?);
    }
    Some(out)
}

/// Takes the next character of UTF-8 with escapes; `None` where its bytes are not well-formed.
fn take_char(rest: &mut &[u8]) -> Option<char> {
    let first = take_byte(rest)?;
    // The ones at the start of the first byte say how many bytes there are; one byte has none.
    let ones = first.leading_ones();
    let mut code = u32::from(first) & (0x7f >> ones);
    for _ in 1..ones {
        let next = take_byte(rest)?;
        if next >> 6 != 0b10 {
            return None;
        }
        code = code << 6 | u32::from(next & 0x3f);
    }
    // `from_u32` refuses surrogates; the length refuses a longer form than needed, and a byte that begins no character.
    let c = char::from_u32(code)?;
    (c.len_utf8() == ones.max(1) as usize && ones != 1).then_some(c)
}

/// Takes the next byte, or the one that an escape stands for.
fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (&first, after) = rest.split_first()?;
    let escaped = if first == b'%' { hex_pair(after) } else { None };
    *rest = if escaped.is_some() { after.get(2..)? } else { after };
    Some(escaped.unwrap_or(first))
}

/// The byte that the first two digits write.
pub fn hex_pair(text: &[u8]) -> Option<u8> {
    let [high, low, ..] = *text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_number_and_only_up_to_the_most() {
        assert_eq!(whole("0", 0), Some(0));
        assert_eq!(whole("007", 9), Some(7));
        assert_eq!(whole("9223372036854775807", i64::MAX), Some(i64::MAX));
        for text in ["", " 1", "+1", "-1", "1.0", "1e3", "\u{661}", "9223372036854775808", "99999999999999999999"] {
            assert_eq!(whole(text, i64::MAX), None, "{text}");
        }
        assert_eq!(whole("256", 255), None);
    }

    #[test]
    fn what_is_escaped_reads_back() {
        for (text, escaped) in [
            ("", ""),
            ("aZ09-._~", "aZ09-._~"),
            ("a b&c=%", "a%20b%26c%3D%25"),
            ("\u{e9}\u{1f600}", "%C3%A9%F0%9F%98%80"),
        ] {
            let mut out = String::new();
            percent_encoded(text, &mut out);
            assert_eq!(out, escaped);
            assert_eq!(percent_decoded(escaped).as_deref(), Some(text));
        }
        assert_eq!(percent_decoded("%3d%7E").as_deref(), Some("=~"));
    }

    #[test]
    fn what_is_no_escape_stays_and_what_is_no_text_is_none() {
        for text in ["%", "%4", "%zz", "100%", "a+b", "%%41"] {
            assert_eq!(percent_decoded(text), Some(text.replace("%41", "A")));
        }
        for text in ["%ff", "%c3", "%ed%a0%80"] {
            assert_eq!(percent_decoded(text), None, "{text}");
        }
    }

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for number in [0, 1, 9, 10, 99, 100, -1, 4_294_967_295, i64::MAX, i64::MIN] {
            assert_eq!(decimal(number), number.to_string());
        }
    }

    #[test]
    fn pieces_are_joined_with_something_between() {
        let mut out = String::new();
        for piece in ["a", "", "c"] {
            join_piece(&mut out, ", ", piece);
        }
        assert_eq!(out, "a, , c");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

    proptest! {
        #[test]
        fn escapes_as_the_library_does(text in ".*") {
            let mut out = String::new();
            percent_encoded(&text, &mut out);
            prop_assert_eq!(&out, &utf8_percent_encode(&text, ESCAPED).to_string());
            prop_assert_eq!(percent_decoded(&out), Some(text));
        }

        #[test]
        fn reads_escapes_as_the_library_does(text in "([%0-9a-fA-F]|.){0,40}") {
            let expected = percent_decode_str(&text).decode_utf8().ok().map(|text| text.into_owned());
            prop_assert_eq!(percent_decoded(&text), expected);
        }

        #[test]
        fn writes_numbers_as_the_library_does(number: i64) {
            prop_assert_eq!(decimal(number), number.to_string());
        }

        #[test]
        fn reads_numbers_as_the_library_does(
            text in prop_oneof!["[0-9]{0,21}", "[0-9]{0,4}.", "92233720368547758[0-9]{2}"],
            most in prop_oneof![0..i64::MAX, 0..300i64, Just(i64::MAX)],
        ) {
            let number = if is_digits(&text) { text.parse().ok() } else { None };
            prop_assert_eq!(whole(&text, most), number.filter(|&number| number <= most));
        }

        #[test]
        fn splits_and_trims_as_the_library_does(
            text in "([=& \\t\u{a0}\u{3000}]|.){0,20}",
            separator_byte in prop_oneof![Just(b'='), Just(b'&'), Just(b' ')],
        ) {
            let separator = char::from(separator_byte);
            prop_assert_eq!(trimmed(&text), text.trim());
            prop_assert_eq!(split_once(&text, separator_byte), text.split_once(separator));
            prop_assert!(split(&text, separator_byte).eq(text.split(separator)));
            prop_assert_eq!(has(&text, separator_byte), text.contains(separator));
            let position = text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len());
            prop_assert_eq!(split_span(&text, char::is_whitespace), text.split_at(position));
            prop_assert_eq!(consists(&text, char::is_whitespace), text.chars().all(char::is_whitespace));
        }
    }
}
