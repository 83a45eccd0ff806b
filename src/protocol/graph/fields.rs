//! Field selection and nested expansion: `id,messages.limit(5){id,message}`.
//!
//! <https://developers.facebook.com/docs/graph-api/guides/field-expansion>

use crate::protocol::option::{InvalidOption, shown};
use crate::protocol::text::{concat, consists, decimal, has, join_piece, split_span, whole};

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
    pub fn edge(name: &str, parts: &EdgeParts) -> Result<Self, Box<InvalidOption>> {
        let mut field = Self::parse(name)?;
        if parts.after.is_some() && parts.before.is_some() {
            let problem = ["has the edge ", &shown(name), " with both after and before; an edge takes one of them"];
            return Err(InvalidOption::new("fields", &problem));
        }
        let limit = parts.limit.map(decimal);
        for (modifier, value) in [(LIMIT, &limit), (".after(", &parts.after), (".before(", &parts.before)] {
            if let Some(value) = value {
                if value.is_empty() || !consists(value, is_in_argument) {
                    let problem =
                        "has an edge with a cursor that is empty or has white space, a parenthesis or a brace";
                    return Err(InvalidOption::new("fields", &[problem]));
                }
                field.push(&[modifier, value, ")"]);
            }
        }
        if !parts.fields.0.is_empty() {
            field.push(&["{", &parts.fields.written(0), "}"]);
        }
        let mut depth = 1;
        for byte in field.text.bytes() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
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

    /// Whether it is one of those that Graph is first unable to deliver: the messages, or an edge with fields of its own.
    fn is_edge(&self) -> bool {
        self.name() == MESSAGES || has(&self.text, b'{')
    }

    /// The text with each of its limits replaced. An edge of messages without a limit has Graph's own.
    fn with_limits(&self, replace: &mut dyn FnMut(u32) -> u32) -> String {
        let mut out = self.name().to_owned();
        let mut rest = self.text.get(self.name_length..).unwrap_or_default();
        let (modifiers, _) = split_span(rest, |c| c != '{');
        if self.name() == MESSAGES && split_around(modifiers, LIMIT).is_none() {
            let limit = replace(DEFAULT_LIMIT);
            if limit != DEFAULT_LIMIT {
                out.push_str(&concat(&[LIMIT, &decimal(limit), ")"]));
            }
        }
        while let Some((before, argument)) = split_around(rest, LIMIT) {
            let (digits, after) = split_span(argument, |c| c != ')');
            out.push_str(before);
            out.push_str(LIMIT);
            // One that is too long for a number is left to Graph.
            let limit = whole(digits, u32::MAX.into()).map(|limit| limit as u32);
            match limit.map(|limit| (limit, replace(limit))) {
                Some((limit, replaced)) if replaced != limit => out.push_str(&decimal(replaced)),
                _ => out.push_str(digits),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// The edge that Graph is first unable to deliver.
const MESSAGES: &str = "messages";

/// The modifier that limits an edge, before its argument.
const LIMIT: &str = ".limit(";

/// How many entries of an edge Graph returns where no limit is named.
const DEFAULT_LIMIT: u32 = 25;

/// What an edge is asked for.
#[derive(Debug, Default)]
pub struct EdgeParts {
    /// How many of its entries.
    pub limit: Option<u32>,
    /// Those behind this cursor.
    pub after: Option<String>,
    /// Those before this cursor.
    pub before: Option<String>,
    /// The fields of each; Graph's own where there are none.
    pub fields: Selection,
}

/// A limit that was halved so many times, down to 1.
fn halved(limit: u32, halvings: u32) -> u32 {
    limit.checked_shr(halvings).unwrap_or_default().max(1)
}

/// Splits a string at the first occurrence of `part`, which neither half holds.
fn split_around<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    (0..text.len()).find_map(|start| Some((text.get(..start)?, text.get(start..)?.strip_prefix(part)?)))
}

fn is_in_argument(c: char) -> bool {
    !matches!(c, '(' | ')' | '{' | '}') && !c.is_control() && !c.is_whitespace()
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

    /// Whether a field of this name is read.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|field| field.name() == name)
    }

    /// Makes sure that a plain field is read; whether it had to be added.
    pub fn require(&mut self, name: &str) -> bool {
        let missing = !self.has(name);
        if missing {
            self.0.insert(0, Field { name_length: name.len(), text: name.to_owned() });
        }
        missing
    }

    /// The value of the `fields` parameter, with the limits of nested edges halved so many times.
    pub fn written(&self, halvings: u32) -> String {
        self.written_where(&|_| true, halvings)
    }

    /// The value of the `fields` parameter without edges that are much to read, but with these.
    pub fn written_without_edges(&self, kept: &[&str]) -> String {
        let mut fields = self.written_where(&|field| !field.is_edge() && !kept.contains(&field.name()), 0);
        for name in kept {
            join_piece(&mut fields, ",", name);
        }
        fields
    }

    fn written_where(&self, is_kept: &dyn Fn(&Field) -> bool, halvings: u32) -> String {
        let mut out = String::new();
        for field in &self.0 {
            if is_kept(field) {
                join_piece(&mut out, ",", &field.with_limits(&mut |limit| halved(limit, halvings)));
            }
        }
        out
    }

    /// The names of the fields, and whether each is an edge that is much to read.
    pub fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        self.0.iter().map(|field| (field.name(), field.is_edge()))
    }

    /// How often the limits can be halved before all of them are 1.
    pub fn most_halvings(&self) -> u32 {
        let mut largest = 1;
        for field in &self.0 {
            field.with_limits(&mut |limit| {
                largest = largest.max(limit);
                limit
            });
        }
        largest.ilog2()
    }

    /// The edges whose limit changes from one number of halvings to another: `(name, from, to)`.
    pub fn changes(&self, from: u32, to: u32) -> Vec<(String, u32, u32)> {
        let mut changes = Vec::new();
        for field in &self.0 {
            // Edges within an edge have limits of their own: the largest says how far it is.
            let mut largest = 0;
            field.with_limits(&mut |limit| {
                largest = largest.max(limit);
                limit
            });
            let (from, to) = (halved(largest, from), halved(largest, to));
            if from != to {
                changes.push((field.name().to_owned(), from, to));
            }
        }
        changes
    }

    /// How many nested items are asked for each entry, at the most.
    pub fn nested_items(&self) -> u32 {
        let mut items = 0u32;
        for field in &self.0 {
            // An edge within an edge is there for each of the outer one.
            let mut factor = 1u32;
            field.with_limits(&mut |limit| {
                factor = factor.saturating_mul(limit);
                items = items.saturating_add(factor);
                limit
            });
        }
        items
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
            let argument = self.span(is_in_argument);
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
        let (span, rest) = split_span(self.rest, belongs);
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
        (_, self.rest) = split_span(self.rest, |c| c == ' ');
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
        let parts = EdgeParts { limit: Some(5), fields: selection, ..EdgeParts::default() };
        assert_eq!(written(&Field::edge("messages", &parts).unwrap()), "messages.limit(5){id,message}");
        assert_eq!(written(&Field::edge("messages", &EdgeParts::default()).unwrap()), "messages");
        let cursors = EdgeParts { limit: Some(2), after: Some("QVFI=".to_owned()), ..EdgeParts::default() };
        assert_eq!(written(&Field::edge("messages", &cursors).unwrap()), "messages.limit(2).after(QVFI=)");
        for bad in ["", "a b", "a)", "a{", "a\n"] {
            let cursors = EdgeParts { before: Some(bad.to_owned()), ..EdgeParts::default() };
            assert_eq!(Field::edge("messages", &cursors).unwrap_err().option, "fields", "{bad:?}");
        }
    }

    fn selected(fields: &[&str]) -> Selection {
        let mut selection = Selection::default();
        for field in fields {
            selection.add(Field::parse(field).unwrap()).unwrap();
        }
        selection
    }

    #[test]
    fn nested_limits_are_halved_all_together_down_to_one() {
        let selection =
            selected(&["id", "messages.limit(50).after(A){id,attachments.limit(3){id}}", "participants.limit(10)"]);
        assert_eq!(
            selection.written(0),
            "id,messages.limit(50).after(A){id,attachments.limit(3){id}},participants.limit(10)"
        );
        assert_eq!(
            selection.written(1),
            "id,messages.limit(25).after(A){id,attachments.limit(1){id}},participants.limit(5)"
        );
        assert_eq!(
            selection.written(9),
            "id,messages.limit(1).after(A){id,attachments.limit(1){id}},participants.limit(1)"
        );
        assert_eq!(selection.most_halvings(), 5);
        assert_eq!(selection.changes(0, 1), [("messages".to_owned(), 50, 25), ("participants".to_owned(), 10, 5)]);
        assert_eq!(selection.changes(5, 4), [("messages".to_owned(), 1, 3)]);
        let nested = selected(&["messages.limit(1){attachments.limit(4)}"]);
        assert_eq!(nested.changes(0, 1), [("messages".to_owned(), 4, 2)], "the largest of an edge tells");
        assert_eq!(selected(&["id", "snippet"]).most_halvings(), 0);
    }

    #[test]
    fn limits_that_are_not_lowered_stay_as_they_are_written() {
        for field in ["messages.limit(0005)", "shares.limit(07)"] {
            assert_eq!(selected(&[field]).written(0), field);
        }
        assert_eq!(selected(&["messages.limit(0005)"]).written(1), "messages.limit(2)");
    }

    #[test]
    fn messages_without_a_limit_have_twenty_five_however_they_are_written() {
        for (field, lighter) in [
            ("messages", "messages.limit(12)"),
            ("messages{id}", "messages.limit(12){id}"),
            ("messages{attachments.limit(4)}", "messages.limit(12){attachments.limit(2)}"),
            ("messages.after(A)", "messages.limit(12).after(A)"),
            ("messages.limit(5){id}", "messages.limit(2){id}"),
        ] {
            let selection = selected(&[field]);
            assert_eq!((selection.written(0).as_str(), selection.written(1).as_str()), (field, lighter));
        }
        assert_eq!(selected(&["messages_count"]).written(3), "messages_count");
        assert_eq!(selected(&["messages"]).most_halvings(), 4);
    }

    #[test]
    fn without_edges_there_is_no_field_that_is_much_to_read() {
        let selection = selected(&["id", "messages", "participants{name}", "tags.limit(3)", "snippet"]);
        assert_eq!(selection.written_without_edges(&[]), "id,tags.limit(3),snippet");
        assert_eq!(selection.written_without_edges(&["participants"]), "id,tags.limit(3),snippet,participants");
        let names: Vec<_> = selection.names().collect();
        assert_eq!(names[1..3], [("messages", true), ("participants", true)]);
    }

    #[test]
    fn nested_items_are_counted_within_each_other() {
        assert_eq!(selected(&["id", "snippet"]).nested_items(), 0);
        assert_eq!(selected(&["messages"]).nested_items(), 25);
        assert_eq!(
            selected(&["messages.limit(5){attachments.limit(2)}", "senders.limit(3)"]).nested_items(),
            5 + 10 + 3
        );
    }

    #[test]
    fn the_same_field_twice_is_one() {
        let mut selection = Selection::default();
        selection.add(Field::parse("messages{id}").unwrap()).unwrap();
        selection.add(Field::parse("messages{id}").unwrap()).unwrap();
        assert_eq!(selection.written(0), "messages{id}");
        assert!(selection.add(Field::parse("messages").unwrap()).is_err());
    }

    #[test]
    fn a_required_field_is_added_once() {
        let mut selection = Selection::default();
        selection.add(Field::parse("snippet").unwrap()).unwrap();
        assert!(selection.require("id"));
        assert!(!selection.require("id"));
        assert_eq!(selection.written(0), "id,snippet");
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
            prop_assert_eq!(selection.written(0), added.join(","));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}") {
            if let Ok(field) = Field::parse(&text) {
                prop_assert_eq!(field.text, text.replace(' ', ""));
            }
        }
    }
}
