//! `GET /{page-id}/conversations`: its parameters, and the request for one page of the list.
//!
//! <https://developers.facebook.com/docs/graph-api/reference/page/conversations/>

use super::fields::Selection;
use super::option::{InvalidOption, one_of, word};
use super::request::Request;
use super::settings::Settings;
use super::text::decimal;

/// Why `since` and `until` are refused: other edges of Graph have them, so people try.
pub const NO_TIME_PAGING: &str =
    "time-based pagination does not exist on this edge of Graph; use updatedSince to stop at a time";

/// What to read of which conversations.
#[derive(Debug, Clone, Default)]
pub struct Query {
    folder: Option<&'static str>,
    platform: Option<&'static str>,
    user_id: Option<String>,
    fields: Option<Selection>,
    after: Option<String>,
    before: Option<String>,
    /// Fields read for our own sake, which are left out of the result.
    unasked: Vec<&'static str>,
}

impl Query {
    /// Which conversations: the folder (`inbox`, `other`, `page_done`, which is archived after mid-2018, or `spam`); the
    /// platform in capitals or not, sent in capitals, as documented; page-scoped or Instagram-scoped ID of the person.
    pub fn select(
        &mut self,
        folder: Option<String>,
        platform: Option<String>,
        user_id: Option<String>,
    ) -> Result<(), Box<InvalidOption>> {
        if let Some(folder) = folder {
            self.folder = Some(one_of("folder", &folder, &["inbox", "other", "page_done", "spam"])?);
        }
        if let Some(platform) = platform {
            let known = ["MESSENGER", "INSTAGRAM", "messenger", "instagram"];
            let is_messenger = matches!(one_of("platform", &platform, &known)?, "MESSENGER" | "messenger");
            self.platform = Some(if is_messenger { "MESSENGER" } else { "INSTAGRAM" });
        }
        if let Some(user_id) = &user_id {
            word("userId", user_id)?;
        }
        self.user_id = user_id;
        Ok(())
    }

    /// The fields to read; `id` is read in any case.
    pub fn fields(&mut self, mut selection: Selection) {
        selection.require("id");
        self.fields = Some(selection);
    }

    /// Where the first page begins or ends: at one cursor, not between two.
    pub fn between(&mut self, after: Option<String>, before: Option<String>) -> Result<(), Box<InvalidOption>> {
        for (option, cursor) in [("after", &after), ("before", &before)] {
            if let Some(cursor) = cursor {
                word(option, cursor)?;
            }
        }
        if after.is_some() && before.is_some() {
            return Err(InvalidOption::new("before", &["can not be given together with after"]));
        }
        self.after = after;
        self.before = before;
        Ok(())
    }

    /// Makes sure that a field is read. Where the caller chose none, Graph's own choice is asked for by name: `updated_time`
    /// comes on most Pages without being named, but not on all.
    pub fn needs(&mut self, name: &'static str) {
        let mut selection = self.fields.take().unwrap_or_else(|| {
            let mut standard = Selection::default();
            standard.require("updated_time");
            standard.require("id");
            standard
        });
        if selection.require(name) {
            self.unasked.push(name);
        }
        self.fields(selection);
    }

    /// Fields that were read for our own sake and are to be left out of the result.
    pub fn unasked(&self) -> &[&'static str] {
        &self.unasked
    }

    /// The same conversations, but of each the ID and the time alone: what Graph can tell of any.
    pub fn bare(&self) -> Self {
        let mut bare = Self { fields: None, ..self.clone() };
        bare.needs("updated_time");
        bare
    }

    /// Whether it begins elsewhere than with the newest conversation.
    pub fn is_resumed(&self) -> bool {
        self.after.is_some() || self.before.is_some()
    }

    /// The same list from its newest conversation on.
    pub fn from_the_top(&self) -> Self {
        Self { after: None, before: None, ..self.clone() }
    }

    /// Whether it is asked for Instagram.
    pub fn is_instagram(&self) -> bool {
        self.platform == Some("INSTAGRAM")
    }

    /// The request for the first page, or for the page after a cursor.
    pub fn request(&self, settings: &Settings, limit: Option<u32>, cursor: Option<&str>) -> Request {
        let mut request = Request::get(settings.path("conversations"));
        let (after, before) = match cursor {
            Some(cursor) => (Some(cursor), None),
            None => (self.after.as_deref(), self.before.as_deref()),
        };
        request.set("folder", self.folder);
        request.set("platform", self.platform);
        request.set("user_id", self.user_id.as_deref());
        request.set("fields", self.fields.as_ref().map(Selection::written));
        request.set("limit", limit.map(decimal));
        request.set("after", after);
        request.set("before", before);
        request
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::Field;
    use super::*;

    fn target(query: &Query, cursor: Option<&str>) -> String {
        let settings = Settings::new("106540352242922", None, None).unwrap();
        query.request(&settings, None, cursor).target()
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

    #[test]
    fn without_parameters_graph_decides() {
        assert_eq!(target(&Query::default(), None), "/v25.0/106540352242922/conversations");
    }

    #[test]
    fn every_parameter_is_sent() {
        let mut query = Query::default();
        query.select(some("page_done"), some("instagram"), some("17841400000000000")).unwrap();
        query.fields(selection(&["participants", "messages.limit(5){id,message}"]));
        query.between(Some("QVFIUk5=".to_owned()), None).unwrap();
        let settings = Settings::new("106540352242922", None, None).unwrap();
        assert_eq!(
            query.request(&settings, Some(50), None).target(),
            "/v25.0/106540352242922/conversations?folder=page_done&platform=INSTAGRAM&user_id=17841400000000000\
             &fields=id%2Cparticipants%2Cmessages.limit%285%29%7Bid%2Cmessage%7D&limit=50&after=QVFIUk5%3D"
        );
    }

    #[test]
    fn a_next_page_keeps_everything_but_the_place() {
        let mut query = Query::default();
        query.select(some("spam"), None, None).unwrap();
        query.between(None, Some("B1".to_owned())).unwrap();
        assert!(target(&query, None).ends_with("?folder=spam&before=B1"));
        assert!(target(&query, Some("A2")).ends_with("?folder=spam&after=A2"));
        assert!(target(&query.from_the_top(), None).ends_with("?folder=spam"));
    }

    #[test]
    fn both_platforms_in_both_cases() {
        for (given, sent) in [
            ("MESSENGER", "MESSENGER"),
            ("messenger", "MESSENGER"),
            ("INSTAGRAM", "INSTAGRAM"),
            ("instagram", "INSTAGRAM"),
        ] {
            let mut query = Query::default();
            query.select(None, some(given), None).unwrap();
            assert!(target(&query, None).ends_with(&format!("platform={sent}")));
        }
    }

    #[test]
    fn bad_values_are_refused() {
        let mut query = Query::default();
        for folder in ["", "Inbox", "archive", "inbox&x=1"] {
            assert_eq!(query.select(some(folder), None, None).unwrap_err().option, "folder");
        }
        for platform in ["", "Messenger", "telegram"] {
            assert_eq!(query.select(None, some(platform), None).unwrap_err().option, "platform");
        }
        assert_eq!(query.select(None, None, some(" 1")).unwrap_err().option, "userId");
        let cursor = |text: &str| Some(text.to_owned());
        assert_eq!(query.between(cursor(""), None).unwrap_err().option, "after");
        assert_eq!(query.between(None, cursor("a b")).unwrap_err().option, "before");
        assert_eq!(query.between(cursor("a"), cursor("b")).unwrap_err().option, "before");
    }

    #[test]
    fn a_field_that_was_not_asked_for_is_left_out_again() {
        let mut query = Query::default();
        query.needs("updated_time");
        assert!(target(&query, None).ends_with("?fields=id%2Cupdated_time"));
        assert!(query.unasked().is_empty(), "it is one of Graph's own");
        query.needs("participants");
        assert_eq!(query.unasked(), ["participants"]);

        let mut query = Query::default();
        query.fields(selection(&["snippet"]));
        query.needs("updated_time");
        assert_eq!(query.unasked(), ["updated_time"]);

        let mut query = Query::default();
        query.fields(selection(&["snippet", "updated_time"]));
        query.needs("updated_time");
        assert!(query.unasked().is_empty());
    }

    #[test]
    fn a_bare_query_asks_for_what_can_always_be_told() {
        let mut query = Query::default();
        query.fields(selection(&["messages"]));
        query.select(some("spam"), None, None).unwrap();
        assert!(target(&query.bare(), None).ends_with("?folder=spam&fields=id%2Cupdated_time"));
    }
}
