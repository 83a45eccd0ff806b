//! An edge of Graph that answers page by page, as data: another edge is another value.
//!
//! <https://developers.facebook.com/docs/graph-api/results>

use super::fields::Selection;
use crate::protocol::option::{InvalidOption, opaque};
use crate::protocol::request::Request;
use crate::protocol::text::decimal;

/// What an edge is, whoever asks and whatever for.
#[derive(Debug)]
pub struct Edge {
    /// Its name, the last segment of its path.
    pub name: &'static str,
    /// The field by which it is ordered, newest first.
    pub time_field: &'static str,
    /// The fields that Graph returns where none are named.
    pub default_fields: &'static [&'static str],
}

/// Which page of a listing to read, and how much of its entries.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// How many entries; `None` leaves it to Graph.
    pub limit: Option<u32>,
    /// The page after this cursor; without it the first one.
    pub cursor: Option<&'a str>,
    /// The list begins with its newest entry, wherever the caller wanted to begin.
    pub is_from_top: bool,
    /// Of each entry the ID and the time alone: what Graph can return of any.
    pub is_light: bool,
}

/// What to read of which edge.
#[derive(Debug)]
pub struct Listing {
    /// What does not depend on the caller.
    pub edge: &'static Edge,
    /// Which of the session's rate limiters counts its requests.
    pub limiter: Option<usize>,
    path: String,
    filters: Vec<(&'static str, String)>,
    fields: Option<Selection>,
    after: Option<String>,
    before: Option<String>,
    implicit_fields: Vec<&'static str>,
    join_fields: Vec<&'static str>,
}

impl Listing {
    /// Lists an edge at a path, without filters: Graph decides.
    pub fn new(edge: &'static Edge, path: String) -> Self {
        Self {
            edge,
            limiter: None,
            path,
            filters: Vec::new(),
            fields: None,
            after: None,
            before: None,
            implicit_fields: Vec::new(),
            join_fields: Vec::new(),
        }
    }

    /// Adds a filter, if it has a value.
    pub fn filter(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.filters.push((name, value.to_owned()));
        }
    }

    /// Chooses the fields to read; `id` is read in any case.
    pub fn select_fields(&mut self, mut selection: Selection) {
        selection.require("id");
        self.fields = Some(selection);
    }

    /// Begins behind one cursor or ends before another, not both.
    pub fn set_cursors(&mut self, after: Option<String>, before: Option<String>) -> Result<(), Box<InvalidOption>> {
        for (option, cursor) in [("after", &after), ("before", &before)] {
            if let Some(cursor) = cursor {
                opaque(option, cursor)?;
            }
        }
        if after.is_some() && before.is_some() {
            return Err(InvalidOption::new("before", &["cannot be given together with after"]));
        }
        self.after = after;
        self.before = before;
        Ok(())
    }

    /// Makes sure that a field is read. Where the caller chose none, Graph's own choice is asked for by name, because Graph
    /// drops it as soon as any field is named.
    pub fn require_field(&mut self, name: &'static str) {
        if self.adds_field(name) {
            self.implicit_fields.push(name);
        }
    }

    /// Makes sure that a field is read which is needed until an entry is joined with something else.
    pub fn require_join_field(&mut self, name: &'static str) {
        if self.adds_field(name) {
            self.join_fields.push(name);
        }
    }

    fn adds_field(&mut self, name: &'static str) -> bool {
        let mut selection = self.fields.take().unwrap_or_else(|| self.default_selection());
        let is_new = selection.require(name);
        self.select_fields(selection);
        is_new
    }

    fn default_selection(&self) -> Selection {
        let mut selection = Selection::default();
        for name in self.edge.default_fields.iter().rev() {
            selection.require(name);
        }
        selection
    }

    /// Fields that are read without having been asked for, and left out of every page.
    pub fn implicit_fields(&self) -> &[&'static str] {
        &self.implicit_fields
    }

    /// Fields that are read without having been asked for, and left out of what has been joined.
    pub fn join_fields(&self) -> &[&'static str] {
        &self.join_fields
    }

    /// The cursor that the first page begins behind.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Whether it begins elsewhere than with the newest entry.
    pub fn is_resumed(&self) -> bool {
        self.after.is_some() || self.before.is_some()
    }

    /// Returns the request for a page.
    pub fn request(&self, scope: Scope<'_>) -> Request {
        let mut request = Request::get(self.path.clone());
        for (name, value) in &self.filters {
            request.set(name, Some(value.as_str()));
        }
        let fields = if scope.is_light { Some(self.default_selection().written()) } else { self.written_fields() };
        request.set("fields", fields);
        request.set("limit", scope.limit.map(decimal));
        if scope.cursor.is_some() {
            request.set("after", scope.cursor);
        } else if !scope.is_from_top {
            request.set("after", self.after.as_deref());
            request.set("before", self.before.as_deref());
        }
        request
    }

    fn written_fields(&self) -> Option<String> {
        self.fields.as_ref().map(Selection::written)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::Field;
    use super::*;

    static EDGE: Edge = Edge { name: "messages", time_field: "created_time", default_fields: &["id", "created_time"] };

    fn listing() -> Listing {
        Listing::new(&EDGE, "/v25.0/t_1/messages".to_owned())
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn selection(fields: &[&str]) -> Selection {
        let mut selection = Selection::default();
        for field in fields {
            selection.add(Field::parse(field).unwrap()).unwrap();
        }
        selection
    }

    fn target(listing: &Listing, cursor: Option<&str>) -> String {
        listing.request(Scope { cursor, ..Scope::default() }).target()
    }

    #[test]
    fn without_parameters_graph_decides() {
        assert_eq!(target(&listing(), None), "/v25.0/t_1/messages");
    }

    #[test]
    fn a_next_page_keeps_everything_but_the_place() {
        let mut listing = listing();
        listing.filter("folder", Some("spam"));
        listing.filter("platform", None);
        listing.set_cursors(None, some("B1")).unwrap();
        assert!(target(&listing, None).ends_with("?folder=spam&before=B1"));
        assert!(target(&listing, Some("A2")).ends_with("?folder=spam&after=A2"));
        let top = listing.request(Scope { is_from_top: true, ..Scope::default() });
        assert!(top.target().ends_with("?folder=spam"));
        assert!(listing.is_resumed());
    }

    #[test]
    fn a_cursor_is_any_string_without_control_characters() {
        let mut listing = listing();
        listing.set_cursors(some("a b+/=\u{e9}"), None).unwrap();
        assert!(target(&listing, None).ends_with("?after=a%20b%2B%2F%3D%C3%A9"));
        assert_eq!(listing.after(), Some("a b+/=\u{e9}"));
        for (after, before, option) in
            [(some(""), None, "after"), (None, some("a\n"), "before"), (some("a"), some("b"), "before")]
        {
            assert_eq!(listing.set_cursors(after, before).unwrap_err().option, option);
        }
    }

    #[test]
    fn a_required_field_is_implicit_unless_graph_returns_it_anyway() {
        let mut listing = listing();
        listing.require_field("created_time");
        assert!(target(&listing, None).ends_with("?fields=id%2Ccreated_time"));
        assert!(listing.implicit_fields().is_empty(), "it is one of Graph's own");
        listing.require_field("from");
        listing.require_join_field("to");
        assert_eq!((listing.implicit_fields(), listing.join_fields()), (&["from"][..], &["to"][..]));
        assert!(
            target(&listing, None).ends_with("?fields=to%2Cfrom%2Cid%2Ccreated_time"),
            "{}",
            target(&listing, None)
        );
    }

    #[test]
    fn a_required_field_is_implicit_unless_the_caller_chose_it() {
        let mut listing = listing();
        listing.select_fields(selection(&["message"]));
        listing.require_field("created_time");
        assert_eq!(listing.implicit_fields(), ["created_time"]);

        let mut listing = super::tests::listing();
        listing.select_fields(selection(&["message", "created_time"]));
        listing.require_field("created_time");
        assert!(listing.implicit_fields().is_empty());
    }

    #[test]
    fn a_light_request_keeps_the_filters() {
        let mut listing = listing();
        listing.select_fields(selection(&["attachments"]));
        listing.filter("folder", Some("spam"));
        let light = listing.request(Scope { is_light: true, limit: Some(1), ..Scope::default() });
        assert!(light.target().ends_with("?folder=spam&fields=id%2Ccreated_time&limit=1"));
    }
}
