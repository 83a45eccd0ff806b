//! Field selection and nested expansion: `id,messages.limit(5){id,message}`.
//!
//! <https://developers.facebook.com/docs/graph-api/guides/field-expansion>

use super::option::{InvalidOption, shown};

/// Deeper nesting than any edge of a conversation has.
const DEEPEST: usize = 8;

/// One field, or an edge with modifiers and fields of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    name: String,
    /// Name and argument, as in `.limit(5)`.
    modifiers: Vec<(String, String)>,
    fields: Vec<Field>,
}

impl Field {
    /// Reads one field written as Graph writes it. Blanks between its parts are dropped.
    pub fn parse(text: &str) -> Result<Self, Box<InvalidOption>> {
        let refuse = |problem: &str| InvalidOption::new("fields", &["a field ", problem, "; got ", &shown(text)]);
        let mut reader = Reader { rest: text };
        let field = reader.field(1).map_err(refuse)?;
        match reader.rest.trim_start_matches(' ').chars().next() {
            None => Ok(field),
            Some(',') => Err(refuse("is one entry; write further ones as entries of their own")),
            Some(_) => Err(refuse("has something after its end")),
        }
    }

    /// An edge from its parts.
    pub fn edge(name: &str, limit: Option<u32>, fields: Option<Selection>) -> Result<Self, Box<InvalidOption>> {
        let mut field = Self::parse(name)?;
        let limit = limit.map(|limit| ("limit".to_owned(), limit.to_string()));
        field.modifiers.extend(limit);
        field.fields.extend(fields.map(|selection| selection.0).unwrap_or_default());
        if field.depth() > DEEPEST {
            return Err(InvalidOption::new("fields", &[TOO_DEEP]));
        }
        Ok(field)
    }

    fn depth(&self) -> usize {
        1 + self.fields.iter().map(Self::depth).max().unwrap_or(0)
    }

    fn write(&self, out: &mut String) {
        out.push_str(&self.name);
        for (name, argument) in &self.modifiers {
            for piece in [".", name, "(", argument, ")"] {
                out.push_str(piece);
            }
        }
        if !self.fields.is_empty() {
            out.push('{');
            write_list(&self.fields, out);
            out.push('}');
        }
    }
}

const TOO_DEEP: &str = "is nested more than 8 levels deep";

fn write_list(fields: &[Field], out: &mut String) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        field.write(out);
    }
}

/// The fields to read of each conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection(Vec<Field>);

impl Selection {
    /// Adds a field. The same one twice is one; two that differ under one name would be one result for two questions.
    pub fn add(&mut self, field: Field) -> Result<(), Box<InvalidOption>> {
        match self.0.iter().find(|known| known.name == field.name) {
            None => self.0.push(field),
            Some(known) if *known == field => {}
            Some(_) => {
                let problem = ["asks for ", &shown(&field.name), " twice, in different ways"];
                return Err(InvalidOption::new("fields", &problem));
            }
        }
        Ok(())
    }

    /// Makes sure that a plain field is read; whether it had to be added.
    pub fn require(&mut self, name: &str) -> bool {
        let missing = !self.0.iter().any(|field| field.name == name);
        if missing {
            let field = Field { name: name.to_owned(), modifiers: Vec::new(), fields: Vec::new() };
            self.0.insert(0, field);
        }
        missing
    }

    /// The value of the `fields` parameter.
    pub fn written(&self) -> String {
        let mut out = String::new();
        write_list(&self.0, &mut out);
        out
    }
}

/// What is left to read of a field.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn field(&mut self, depth: usize) -> Result<Field, &'static str> {
        if depth > DEEPEST {
            return Err(TOO_DEEP);
        }
        let name = self.name("begins with a name of letters, digits and _")?;
        let mut modifiers = Vec::new();
        while self.take('.') {
            let modifier = self.name("has a modifier such as .limit(5) after a dot")?;
            if !self.take('(') {
                return Err("has a modifier without an argument in parentheses");
            }
            let argument = self.span(|c| !matches!(c, '(' | ')' | '{' | '}') && !c.is_control() && !c.is_whitespace());
            let closed = self.take(')');
            if argument.is_empty() || !closed {
                return Err("has a modifier whose argument is empty or not closed");
            }
            if modifier == "limit" && !argument.parse::<u32>().is_ok_and(|limit| limit > 0) {
                return Err("has a limit that is no whole number, 1 or more");
            }
            modifiers.push((modifier.to_owned(), argument.to_owned()));
        }
        let mut fields = Vec::new();
        if self.take('{') {
            loop {
                fields.push(self.field(depth + 1)?);
                if !self.take(',') {
                    break;
                }
            }
            if !self.take('}') {
                return Err("has braces that are not closed");
            }
        }
        Ok(Field { name: name.to_owned(), modifiers, fields })
    }

    fn name(&mut self, expected: &'static str) -> Result<&'a str, &'static str> {
        let name = self.span(|c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() { Err(expected) } else { Ok(name) }
    }

    fn span(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let text = self.rest.trim_start_matches(' ');
        let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
        let (span, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        self.rest = rest;
        span
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.trim_start_matches(' ').strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(field: &Field) -> String {
        let mut out = String::new();
        field.write(&mut out);
        out
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
    fn an_edge_is_built_from_its_parts() {
        let mut selection = Selection::default();
        selection.add(Field::parse("id").unwrap()).unwrap();
        selection.add(Field::parse("message").unwrap()).unwrap();
        let edge = Field::edge("messages", Some(5), Some(selection)).unwrap();
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

    fn field() -> impl Strategy<Value = Field> {
        let name = "[a-z_][a-z0-9_]{0,12}";
        let modifiers = prop::collection::vec(("(after|as|order)", "[A-Za-z0-9=_-]{1,9}"), 0..3);
        let leaf =
            (name, modifiers.clone()).prop_map(|(name, modifiers)| Field { name, modifiers, fields: Vec::new() });
        leaf.prop_recursive(4, 24, 4, move |inner| {
            (name, modifiers.clone(), prop::collection::vec(inner, 1..4)).prop_map(|(name, modifiers, fields)| Field {
                name,
                modifiers,
                fields,
            })
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(field in field()) {
            let mut text = String::new();
            field.write(&mut text);
            prop_assert_eq!(Field::parse(&text).unwrap(), field);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}") {
            if let Ok(field) = Field::parse(&text) {
                let mut out = String::new();
                field.write(&mut out);
                prop_assert_eq!(out, text.replace(' ', ""));
            }
        }
    }
}
