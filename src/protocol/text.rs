//! What the standard library does with text too, in fewer bytes: its ways of formatting, joining and counting are made for
//! speed and bring a great deal along.

/// A whole number in digits.
pub fn decimal(number: impl Into<i64>) -> String {
    let number = number.into();
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    while rest > 0 || digits.is_empty() {
        digits.push(b'0' + (rest % 10) as u8);
        rest /= 10;
    }
    if number < 0 {
        digits.push(b'-');
    }
    digits.iter().rev().map(|&digit| char::from(digit)).collect()
}

/// Pieces with something between them.
pub fn joined<'a>(pieces: impl Iterator<Item = &'a str>, between: &str) -> String {
    let mut out = String::new();
    let mut is_first = true;
    for piece in pieces {
        if !is_first {
            out.push_str(between);
        }
        is_first = false;
        out.push_str(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for number in [0, 1, 9, 10, 99, 100, -1, 4_294_967_295, i64::MAX, i64::MIN] {
            assert_eq!(decimal(number), number.to_string());
        }
    }

    #[test]
    fn pieces_are_joined_as_the_standard_library_does() {
        for pieces in [&[][..], &[""], &["a"], &["", "b"], &["a", "", "c"]] {
            assert_eq!(joined(pieces.iter().copied(), ", "), pieces.join(", "));
        }
    }
}
