//! Where a watch stopped, as a string that the caller keeps.
//!
//! `1.sum.scope.floor.hash.hash. …`: decimal numbers. It holds no ID and no secret.

use super::Known;
use crate::protocol::option::InvalidOption;
use crate::protocol::text::{concat, decimal, split, split_once, whole};

const VERSION: &str = "1";
const OPTION: &str = "checkpoint";

/// What a watch watches: a Page, a platform and a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope(i64);

impl Scope {
    /// Where a platform or a folder is not named, Graph takes Messenger and the inbox.
    pub fn new(page_id: &str, platform: Option<&str>, folder: Option<&str>) -> Self {
        let is_instagram = platform.is_some_and(|platform| platform.eq_ignore_ascii_case("instagram"));
        let platform = if is_instagram { "/instagram/" } else { "/messenger/" };
        Self(hash(&concat(&[page_id, platform, folder.unwrap_or("inbox")])))
    }
}

/// 52 bits of a hash (FNV-1a) of a string.
pub fn hash(text: &str) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash >> 12) as i64
}

/// Writes a checkpoint.
pub fn write(known: &Known, scope: Scope) -> String {
    let mut text = String::new();
    for &number in [scope.0, known.floor_s.unwrap_or_default() as i64].iter().chain(&known.untimed) {
        text.push('.');
        text.push_str(&decimal(number));
    }
    concat(&[VERSION, ".", &decimal(hash(&text)), &text])
}

/// Reads a checkpoint of the same scope.
pub fn read(text: &str, scope: Scope) -> Result<Known, Box<InvalidOption>> {
    let mut known = Known::default();
    let problem = match parse(text, &mut known) {
        Some(its_scope) if its_scope == scope.0 => return Ok(known),
        Some(_) => "belongs to another Page, platform or folder",
        None => "is damaged, or of another version of this package",
    };
    Err(InvalidOption::new(OPTION, &[problem]))
}

/// Adds the numbers of a checkpoint to `known`, and returns its scope.
fn parse(text: &str, known: &mut Known) -> Option<i64> {
    let (version, rest) = split_once(text, b'.')?;
    let (sum, list) = split_once(rest, b'.')?;
    let mut numbers = split(list, b'.');
    let scope = whole(numbers.next()?, i64::MAX)?;
    known.floor_s = Some(whole(numbers.next()?, i64::MAX)? as f64);
    for number in numbers {
        known.untimed.push(whole(number, i64::MAX)?);
    }
    let is_whole = version == VERSION && sum == decimal(hash(rest.strip_prefix(sum)?));
    is_whole.then_some(scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope::new("106", None, None)
    }

    #[test]
    fn what_is_written_reads_back() {
        for (floor_s, untimed) in
            [(0.0, vec![]), (1_800_000_000.0, vec![0, 7, i64::MAX]), (1.0, vec![hash("t_1"); 100])]
        {
            let known = Known { floor_s: Some(floor_s), untimed, ..Known::default() };
            let text = write(&known, scope());
            let read = read(&text, scope()).unwrap();
            assert_eq!((read.floor_s, &read.untimed), (known.floor_s, &known.untimed));
            assert!(text.len() <= 2_000, "{} bytes", text.len());
        }
    }

    #[test]
    fn any_change_is_noticed() {
        let text = write(&Known { floor_s: Some(1_800_000_000.0), untimed: vec![7], ..Known::default() }, scope());
        for place in 0..text.len() {
            let mut damaged = text.clone();
            damaged.remove(place);
            assert!(read(&damaged, scope()).is_err(), "{damaged}");
            let mut damaged = text.clone().into_bytes();
            damaged[place] = if damaged[place] == b'5' { b'6' } else { b'5' };
            assert!(read(std::str::from_utf8(&damaged).unwrap(), scope()).is_err());
        }
        for text in ["", ".", "1", "1.2.3", "2.1.1.1", "a b", "é"] {
            assert_eq!(read(text, scope()).unwrap_err().option, "checkpoint", "{text}");
        }
    }

    #[test]
    fn another_page_platform_or_folder_is_refused() {
        let text = write(&Known::default(), scope());
        for same in [Scope::new("106", Some("MESSENGER"), None), Scope::new("106", None, Some("inbox"))] {
            assert!(read(&text, same).is_ok());
        }
        for other in [
            Scope::new("107", None, None),
            Scope::new("106", Some("instagram"), None),
            Scope::new("106", None, Some("spam")),
        ] {
            let refused = read(&text, other).unwrap_err();
            assert!(refused.problem.contains("another Page"), "{refused:?}");
        }
    }
}
