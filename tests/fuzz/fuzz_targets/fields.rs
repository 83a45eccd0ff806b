//! The `fields` option, one field to a line.
#![no_main]

use graph_inbox::protocol::graph::conversations::{Filters, listing};
use graph_inbox::protocol::graph::fields::{EdgeParts, Field, Selection};
use graph_inbox::protocol::graph::listing::Scope;
use graph_inbox::protocol::graph::settings::Settings;
use graph_inbox_fuzz::target;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let mut selection = Selection::default();
    let mut added: Vec<String> = Vec::new();
    for line in input.split('\n') {
        let Ok(field) = Field::parse(line) else { continue };
        let text = written(&field);
        assert_eq!(text, line.replace(' ', ""), "nothing but blanks is lost");
        assert_eq!(Field::parse(&text).as_ref(), Ok(&field), "it reads back");
        assert!(depth(&text) <= 8 && !text.contains(|c: char| c.is_control() || c.is_whitespace()));
        nest(&field, &text);
        if selection.add(field).is_ok() && !added.contains(&text) {
            added.push(text);
        }
    }
    assert_eq!(parts(&selection.written(0)), added, "a list is its fields");

    let settings = Settings::new("1", None, None).expect("settings");
    let mut listing = listing(&settings, &Filters::default()).expect("a listing");
    listing.select_fields(selection);
    let sent = listing.request(Scope::default()).target();
    let (path, parameters) = target::read(&sent);
    assert_eq!(path, "/v25.0/1/conversations");
    let [("fields", fields)] = &parameters[..] else { panic!("{sent}") };
    let fields = parts(fields);
    assert!(fields == added || fields[1..] == added && fields[0] == "id");
});

fn written(field: &Field) -> String {
    let mut alone = Selection::default();
    alone.add(field.clone()).expect("the first");
    alone.written(0)
}

/// An edge made of parts is one that can be written.
fn nest(field: &Field, text: &str) {
    let mut inner = Selection::default();
    inner.add(field.clone()).expect("the first");
    let edge = Field::edge("messages", &EdgeParts { limit: Some(5), fields: inner, ..EdgeParts::default() });
    assert_eq!(edge.is_ok(), depth(text) < 8);
    if let Ok(edge) = edge {
        assert_eq!(Field::parse(&format!("messages.limit(5){{{text}}}")), Ok(edge));
    }
}

fn depth(text: &str) -> usize {
    let mut depth = 1;
    let deeper = |c| {
        depth += usize::from(c == '{');
        let here = depth;
        depth -= usize::from(c == '}');
        here
    };
    text.chars().map(deeper).max().unwrap_or(1)
}

/// A list cut at the commas that are in no braces and no parentheses.
fn parts(list: &str) -> Vec<String> {
    let mut open = 0;
    let apart = |c| {
        match c {
            '{' | '(' => open += 1,
            '}' | ')' => open -= 1,
            _ => {}
        }
        c == ',' && open == 0
    };
    list.split(apart).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
