//! JSON as the protocol reads it. The host's own parser makes the values: JavaScript's in the package, `serde_json` in
//! native tests, so that no second parser is shipped.

use crate::protocol::long_integers::parse_exactly;
use crate::protocol::text::{trimmed, whole};

/// More than any list has that is read item by item: batches have 50.
pub const MOST_ITEMS: usize = 10_000;
/// More than is ever shown of a text, in UTF-16 units.
pub const SHOWN: u32 = 16_384;

/// A JSON value.
pub trait Json: Sized {
    /// Parses a whole text; `None` when it is not JSON.
    fn parse(text: &str) -> Option<Self>;
    /// A member of an object; `None` when it is missing or this is no object.
    fn get(&self, name: &str) -> Option<Self>;
    /// The members of an object; empty for everything else.
    fn members(&self) -> Vec<(String, Self)>;
    /// The items of an array, `MOST_ITEMS` of them: the answer decides how many there are.
    fn items(&self) -> Option<Vec<Self>>;
    /// A string.
    fn text(&self) -> Option<String>;
    /// Whether this is a string.
    fn is_text(&self) -> bool {
        self.text().is_some()
    }
    /// Parses the JSON that this holds, which must be a string. Integers that are too long for a double become strings, exact to
    /// the last digit.
    fn parse_text(&self) -> Option<Self> {
        parse_exactly(&self.text()?)
    }
    /// A number.
    fn number(&self) -> Option<f64>;
    /// `true` or `false`.
    fn boolean(&self) -> Option<bool>;
    /// Whether this is `null`.
    fn is_null(&self) -> bool;
    /// Whether this is an object: neither `null` nor an array.
    fn is_object(&self) -> bool;

    /// A whole number, or a string of one: Graph has sent `"code": "190"` as well as `"code": 190`.
    fn integer(&self) -> Option<i64> {
        /// The largest whole number a double holds exactly.
        const EXACT: f64 = 9_007_199_254_740_991.0;
        match self.number() {
            Some(number) if number.abs() <= EXACT && number.trunc() == number => Some(number as i64),
            Some(_) => None,
            None => {
                let text = self.text()?;
                let text = trimmed(&text);
                match text.strip_prefix("-") {
                    Some(digits) => whole(digits, i64::MAX).map(|number| -number),
                    None => whole(text, i64::MAX),
                }
            }
        }
    }

    /// The start of a string, `SHOWN` of it: what is only shown need not be copied whole.
    fn start(&self) -> Option<String> {
        Some(self.text()?.chars().take(SHOWN as usize).collect())
    }

    /// A member that is a string and not empty.
    fn get_text(&self, name: &str) -> Option<String> {
        self.get(name)?.text().filter(|text| !text.is_empty())
    }
}

/// The entries of a page, of which there can be many: what is read of all of them is read at once.
pub trait Entries: Json {
    /// How many there are; `None` where this is no array.
    fn length(&self) -> Option<u32>;
    /// Whether each of them is an object with a string `id`.
    fn have_ids(&self) -> bool;
    /// Their values of a field that holds a time, in milliseconds since 1970; `NaN` where it holds none.
    fn times(&self, field: &str) -> Vec<f64>;
}

/// Native tests read JSON with `serde_json`.
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
impl Json for serde_json::Value {
    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
    fn get(&self, name: &str) -> Option<Self> {
        self.as_object()?.get(name).cloned()
    }
    fn members(&self) -> Vec<(String, Self)> {
        let members = self.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
    fn items(&self) -> Option<Vec<Self>> {
        Some(self.as_array()?.iter().take(MOST_ITEMS).cloned().collect())
    }
    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }
    fn number(&self) -> Option<f64> {
        self.as_f64()
    }
    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }
    fn is_null(&self) -> bool {
        self.is_null()
    }
    fn is_object(&self) -> bool {
        self.is_object()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn integers_come_as_numbers_or_strings() {
        let cases = [
            (json!(190), Some(190)),
            (json!("190"), Some(190)),
            (json!(" 190 "), Some(190)),
            (json!(190.0), Some(190)),
            (json!(-1), Some(-1)),
            (json!(1.5), None),
            (json!(1e300), None),
            (json!("one"), None),
            (json!(""), None),
            (json!(null), None),
            (json!([190]), None),
        ];
        for (value, expected) in cases {
            assert_eq!(value.integer(), expected, "{value}");
        }
    }
}
