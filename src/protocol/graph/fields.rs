//! Field selection and nested expansion: `id,messages.limit(5){id,message}`.
//!
//! <https://developers.facebook.com/docs/graph-api/guides/field-expansion>

use crate::protocol::option::{InvalidOption, shown};
use crate::protocol::text::{decimal, joined, whole};

/// More than any edge of a conversation has.
const MOST: usize = 250;

/// Deeper nesting than any edge of a conversation has.
const DEEPEST: usize = 8;

/// One field, or an edge with modifiers and fields of its own, as Graph writes it and without a blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name alone is how long.
    name_length: usize,
    text: String,
}

impl Field {
    /// Reads one field written as Graph writes it. Blanks between its parts are dropped.
    pub fn parse(text: &str) -> Result<Self, Box<InvalidOption>> {
        let mut reader = Reader { rest: text, out: String::new() };
        let field = reader.field(1).and_then(|name_length| match reader.peek() {
            None => Ok(name_length),
            Some(',') => Err("is one entry; write further ones as entries of their own"),
            Some(_) => Err("has something after its end"),
        });
        match field {
            Ok(name_length) => Ok(Self { name_length, text: reader.out }),
            Err(problem) => Err(InvalidOption::new("fields", &["a field ", problem, "; got ", &shown(text)])),
        }
    }

    /// An edge from its parts.
    pub fn edge(name: &str, limit: Option<u32>, fields: Option<&Selection>) -> Result<Self, Box<InvalidOption>> {
        let mut field = Self::parse(name)?;
        if let Some(limit) = limit {
            field.push(&[".limit(", &decimal(limit), ")"]);
        }
        if let Some(fields) = fields.filter(|fields| !fields.0.is_empty()) {
            field.push(&["{", &fields.written(), "}"]);
        }
        let mut depth = 1;
        for c in field.text.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth > DEEPEST {
                return Err(InvalidOption::new("fields", &[TOO_DEEP]));
            }
        }
        Ok(field)
    }

    fn push(&mut self, pieces: &[&str]) {
        pieces.iter().for_each(|piece| self.text.push_str(piece));
    }

    fn name(&self) -> &str {
        self.text.get(..self.name_length).unwrap_or_default()
    }
}

const TOO_DEEP: &str = "is nested more than 8 levels deep";

/// The fields to read of each conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection(Vec<Field>);

impl Selection {
    /// Adds a field. The same one twice is one; two that differ under one name would be one result for two questions.
    pub fn add(&mut self, field: Field) -> Result<(), Box<InvalidOption>> {
        match self.0.iter().find(|known| known.name() == field.name()) {
            None if self.0.len() >= MOST => {
                return Err(InvalidOption::new("fields", &["has more than 250 entries"]));
            }
            None => self.0.push(field),
            Some(known) if *known == field => {}
            Some(_) => {
                let problem = ["asks for ", &shown(field.name()), " twice, in different ways"];
                return Err(InvalidOption::new("fields", &problem));
            }
        }
        Ok(())
    }

    /// Makes sure that a plain field is read; whether it had to be added.
    pub fn require(&mut self, name: &str) -> bool {
        let missing = !self.0.iter().any(|field| field.name() == name);
        if missing {
            self.0.insert(0, Field { name_length: name.len(), text: name.to_owned() });
        }
        missing
    }

    /// The value of the `fields` parameter.
    pub fn written(&self) -> String {
        joined(self.0.iter().map(|field| field.text.as_str()), ",")
    }
}

/// What is left to read of a field, and what was read.
struct Reader<'a> {
    rest: &'a str,
    out: String,
}

impl<'a> Reader<'a> {
    /// Reads a field and copies it; the length of its name.
    fn field(&mut self, depth: usize) -> Result<usize, &'static str> {
        if depth > DEEPEST {
            return Err(TOO_DEEP);
        }
        let name = self.name("begins with a name of letters, digits and _")?;
        while self.take('.') {
            let modifier = self.name("has a modifier such as .limit(5) after a dot")?;
            if !self.take('(') {
                return Err("has a modifier without an argument in parentheses");
            }
            let argument = self.span(|c| !matches!(c, '(' | ')' | '{' | '}') && !c.is_control() && !c.is_whitespace());
            if argument.is_empty() || !self.take(')') {
                return Err("has a modifier whose argument is empty or not closed");
            }
            if modifier == "limit" && whole(argument, u32::MAX.into()).is_none_or(|limit| limit == 0) {
                return Err("has a limit that is no whole number, 1 or more");
            }
        }
        if self.take('{') {
            loop {
                self.field(depth + 1)?;
                if !self.take(',') {
                    break;
                }
            }
            if !self.take('}') {
                return Err("has braces that are not closed");
            }
        }
        Ok(name.len())
    }

    fn name(&mut self, expected: &'static str) -> Result<&'a str, &'static str> {
        let name = self.span(|c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() { Err(expected) } else { Ok(name) }
    }

    /// Reads and copies as many characters as belong.
    fn span(&mut self, belongs: fn(char) -> bool) -> &'a str {
        self.peek();
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (span, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.out.push_str(span);
        span
    }

    /// Reads and copies a character, if it comes next.
    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.rest = self.rest.get(1..).unwrap_or_default();
            self.out.push(wanted);
        }
        found
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches(' ');
        self.rest.chars().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(field: &Field) -> String {
        field.text.clone()
    }

    #[test]
    fn a_field_prints_as_it_was_written() {
        for text in [
            "id",
            "messages.limit(5){id,message,from}",
            "messages{attachments.limit(1){image_data{url}},id}",
            "messages.limit(5).after(QVFIUk5)",
            "messages.order(reverse_chronological).as(latest)",
        ] {
            assert_eq!(written(&Field::parse(text).unwrap()), text);
        }
    }

    #[test]
    fn blanks_are_dropped() {
        let field = Field::parse(" messages.limit( 5 ) { id, message } ").unwrap();
        assert_eq!(written(&field), "messages.limit(5){id,message}");
    }

    #[test]
    fn bad_syntax_is_refused() {
        for text in [
            "",
            " ",
            ",",
            "id,",
            "id,updated_time",
            "a b",
            "messages.limit(1 2)",
            "{id}",
            "messages{",
            "messages{}",
            "messages{id",
            "messages}",
            "messages{id}}",
            "messages.limit",
            "messages.limit(",
            "messages.limit()",
            "messages.limit(0)",
            "messages.limit(-1)",
            "messages.limit(five)",
            "messages.(5)",
            ".limit(5)",
            "messages{id}.limit(5)",
            "id&x=1",
            "id#",
            "id?x",
            "id/x",
            "id\n",
            "naïve",
            "a(b)",
            "a.b(c(d))",
        ] {
            assert!(Field::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| "a{".repeat(depth) + "a" + &"}".repeat(depth);
        assert!(Field::parse(&nested(DEEPEST - 1)).is_ok());
        assert!(Field::parse(&nested(DEEPEST)).is_err());
        assert!(Field::parse(&nested(100_000)).is_err());
    }

    #[test]
    fn the_number_of_fields_is_bounded() {
        let mut selection = Selection::default();
        for number in 0..MOST {
            selection.add(Field::parse(&format!("field_{number}")).unwrap()).unwrap();
        }
        selection.add(Field::parse("field_7").unwrap()).expect("it is there already");
        let refused = selection.add(Field::parse("one_more").unwrap()).unwrap_err();
        assert_eq!(refused.problem, "has more than 250 entries");
    }

    #[test]
    fn an_edge_is_built_from_its_parts() {
        let mut selection = Selection::default();
        selection.add(Field::parse("id").unwrap()).unwrap();
        selection.add(Field::parse("message").unwrap()).unwrap();
        let edge = Field::edge("messages", Some(5), Some(&selection)).unwrap();
        assert_eq!(written(&edge), "messages.limit(5){id,message}");
        assert_eq!(written(&Field::edge("messages", None, None).unwrap()), "messages");
    }

    #[test]
    fn the_same_field_twice_is_one() {
        let mut selection = Selection::default();
        selection.add(Field::parse("messages{id}").unwrap()).unwrap();
        selection.add(Field::parse("messages{id}").unwrap()).unwrap();
        assert_eq!(selection.written(), "messages{id}");
        assert!(selection.add(Field::parse("messages").unwrap()).is_err());
    }

    #[test]
    fn a_required_field_is_added_once() {
        let mut selection = Selection::default();
        selection.add(Field::parse("snippet").unwrap()).unwrap();
        assert!(selection.require("id"));
        assert!(!selection.require("id"));
        assert_eq!(selection.written(), "id,snippet");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    fn field() -> impl Strategy<Value = String> {
        let name = "[a-z_][a-z0-9_]{0,12}(\\.(limit\\([1-9][0-9]{0,8}|(after|as|order)\\([A-Za-z0-9=_-]{1,9})\\)){0,2}";
        name.prop_recursive(4, 24, 4, move |inner| {
            (name, prop::collection::vec(inner, 1..4))
                .prop_map(|(name, fields)| [&name, "{", &fields.join(","), "}"].concat())
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(field in field()) {
            prop_assert_eq!(Field::parse(&field).unwrap().text, field);
        }

        #[test]
        fn a_list_is_written_as_its_fields(fields in prop::collection::vec(field(), 0..6)) {
            let mut selection = Selection::default();
            let mut added = Vec::new();
            for text in fields.iter().chain(&fields) {
                if selection.add(Field::parse(text).unwrap()).is_ok() && !added.contains(text) {
                    added.push(text.clone());
                }
            }
            prop_assert_eq!(selection.written(), added.join(","));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}") {
            if let Ok(field) = Field::parse(&text) {
                prop_assert_eq!(field.text, text.replace(' ', ""));
            }
        }
    }
}
