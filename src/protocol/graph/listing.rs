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
    /// How much of each entry.
    pub detail: Detail,
}

/// How much of each entry is asked for, from all to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// All that the caller asked for, the limits of nested edges halved so many times.
    Full {
        /// 0 is what the caller asked for.
        halvings: u32,
    },
    /// All but messages and edges with fields of their own.
    WithoutEdges,
    /// The ID, the time, and what is needed to join the entry.
    IdAndTime,
    /// The ID.
    IdOnly,
}

impl Default for Detail {
    fn default() -> Self {
        Self::Full { halvings: 0 }
    }
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
    /// Fields that are needed to join an entry, whoever asked for them.
    needed_to_join: Vec<&'static str>,
    /// Whether it can have one entry at most.
    pub is_single: bool,
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
            needed_to_join: Vec::new(),
            is_single: false,
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
        if let Some(cursor) = &after {
            opaque("after", cursor)?;
        }
        if let Some(cursor) = &before {
            opaque("before", cursor)?;
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
        self.needed_to_join.push(name);
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
        request.set("fields", self.written_fields(scope.detail));
        request.set("limit", scope.limit.map(decimal));
        if scope.cursor.is_some() {
            request.set("after", scope.cursor);
        } else if !scope.is_from_top {
            request.set("after", self.after.as_deref());
            request.set("before", self.before.as_deref());
        }
        request
    }

    /// The value of the `fields` parameter; `None` where Graph decides.
    pub fn written_fields(&self, detail: Detail) -> Option<String> {
        let mut light = Selection::default();
        match detail {
            Detail::Full { halvings } => return Some(self.fields.as_ref()?.written(halvings)),
            Detail::WithoutEdges => return Some(self.fields.as_ref()?.written_without_edges(&self.needed_to_join)),
            Detail::IdAndTime => {
                for name in &self.needed_to_join {
                    light.require(name);
                }
                light.require(self.edge.time_field);
            }
            Detail::IdOnly => {}
        }
        light.require("id");
        Some(light.written(0))
    }

    /// The names of the fields that the caller asked for and that a detail leaves out.
    pub fn left_out(&self, detail: Detail) -> Vec<String> {
        let default = self.default_selection();
        let mut names = Vec::new();
        for (name, is_edge) in self.fields.as_ref().unwrap_or(&default).names() {
            let is_needed = self.needed_to_join.contains(&name);
            let is_read = match detail {
                Detail::Full { .. } => true,
                Detail::WithoutEdges => !is_edge || is_needed,
                Detail::IdAndTime => is_needed || name == self.edge.time_field,
                Detail::IdOnly => false,
            };
            let is_asked = !self.implicit_fields.contains(&name) && !self.join_fields.contains(&name);
            if name != "id" && is_asked && !is_read {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The field that a detail reads although the caller did not ask for it: the time, where it is not `implicit` anyway.
    pub fn added_by(&self, detail: Detail) -> Option<&'static str> {
        let fields = self.fields.as_ref()?;
        let name = self.edge.time_field;
        (detail == Detail::IdAndTime && !fields.has(name)).then_some(name)
    }

    /// Of which fields a page of what the caller asked for consists.
    pub fn selection(&self) -> Option<&Selection> {
        self.fields.as_ref()
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
    fn what_is_left_out_is_what_the_caller_asked_for() {
        let mut listing = listing();
        listing.select_fields(selection(&["messages", "participants{name}", "snippet"]));
        listing.require_field("created_time");
        listing.require_join_field("participants");
        assert_eq!(listing.left_out(Detail::default()), [""; 0]);
        assert_eq!(listing.left_out(Detail::WithoutEdges), ["messages"], "the other is needed to join");
        assert_eq!(listing.written_fields(Detail::WithoutEdges).unwrap(), "created_time,id,snippet,participants");
        assert_eq!(listing.left_out(Detail::IdAndTime), ["messages", "snippet"]);
        assert_eq!(listing.written_fields(Detail::IdAndTime).unwrap(), "id,created_time,participants");
        assert_eq!(listing.left_out(Detail::IdOnly), ["messages", "participants", "snippet"]);
        assert_eq!(listing.added_by(Detail::IdAndTime), None, "it is implicit");

        let listing = super::tests::listing();
        assert_eq!(listing.written_fields(Detail::WithoutEdges), None);
        assert_eq!(listing.left_out(Detail::IdOnly), ["created_time"]);
        assert_eq!(listing.added_by(Detail::IdAndTime), None, "Graph returns it anyway");
    }

    #[test]
    fn the_time_is_read_in_place_of_other_fields() {
        let mut listing = listing();
        listing.select_fields(selection(&["message"]));
        assert_eq!(listing.added_by(Detail::IdAndTime), Some("created_time"));
        assert_eq!(listing.added_by(Detail::WithoutEdges), None);
    }

    #[test]
    fn a_light_request_keeps_the_filters() {
        let mut listing = listing();
        listing.select_fields(selection(&["attachments"]));
        listing.filter("folder", Some("spam"));
        for (detail, fields) in [
            (Detail::default(), "fields=id%2Cattachments"),
            (Detail::IdAndTime, "fields=id%2Ccreated_time"),
            (Detail::IdOnly, "fields=id"),
        ] {
            let light = listing.request(Scope { detail, limit: Some(1), ..Scope::default() });
            assert!(light.target().ends_with(&format!("?folder=spam&{fields}&limit=1")), "{}", light.target());
        }
    }
}
