//! `GET /{page-id}/conversations`: its parameters.
//!
//! <https://developers.facebook.com/docs/graph-api/reference/page/conversations/>

use super::listing::{Edge, Listing};
use super::settings::Settings;
use super::thread_owner::require_host;
use crate::protocol::option::{InvalidOption, one_of, shown, word};
use crate::protocol::text::consists;

/// Why `since` and `until` are refused: other edges of Graph have them, so people try.
pub const NO_TIME_PAGING: &str =
    "time-based pagination does not exist on this edge of Graph; use updatedSince to stop at a time";

/// The edge. `updated_time` comes on most Pages without being named, but not on all.
pub static EDGE: Edge =
    Edge { name: "conversations", time_field: "updated_time", default_fields: &["id", "updated_time"] };

/// The rate limiters of a session: Graph counts each platform by itself.
pub const MESSENGER: usize = 0;
/// See `MESSENGER`.
pub const INSTAGRAM: usize = 1;

/// Which conversations to list; `None` leaves it to Graph.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// `inbox`, `other`, `page_done`, which is archived after mid-2018, `spam`, or any that Graph does not document.
    pub folder: Option<String>,
    /// `messenger` or `instagram`, in capitals or not; sent in capitals, as documented.
    pub platform: Option<String>,
    /// Page-scoped or Instagram-scoped ID of the person.
    pub user_id: Option<String>,
}

/// The listing of a Page's conversations.
pub fn listing(settings: &Settings, filters: &Filters) -> Result<Listing, Box<InvalidOption>> {
    let mut listing = Listing::new(&EDGE, settings.path(EDGE.name));
    if let Some(folder) = &filters.folder {
        // Graph has folders that it does not document, and refuses what it does not know.
        if folder.is_empty() || !consists(folder, |c| c.is_ascii_alphanumeric() || c == '_') {
            let problem =
                ["expected a folder of letters, digits and _ such as inbox or page_done; got ", &shown(folder)];
            return Err(InvalidOption::new("folder", &problem));
        }
        listing.filter("folder", Some(folder));
    }
    listing.limiter = Some(MESSENGER);
    if let Some(platform) = &filters.platform {
        let platform = one_of("platform", platform, &["MESSENGER", "INSTAGRAM", "messenger", "instagram"])?;
        let is_messenger = platform.eq_ignore_ascii_case("messenger");
        listing.filter("platform", Some(if is_messenger { "MESSENGER" } else { "INSTAGRAM" }));
        listing.limiter = Some(if is_messenger { MESSENGER } else { INSTAGRAM });
    }
    if let Some(user_id) = &filters.user_id {
        word("userId", user_id)?;
    }
    listing.is_single = filters.user_id.is_some();
    listing.filter("user_id", filters.user_id.as_deref());
    Ok(listing)
}

/// The field that tells the customer from the business.
pub const PARTICIPANTS: &str = "participants";

/// The property that names the fields of a conversation that could not be read.
pub const UNREADABLE: &str = "unreadable";

/// The property that a conversation is joined with.
pub const THREAD_OWNER: &str = "thread_owner";

/// Makes sure that what a walk and a joined list decide by is read.
pub fn require_fields(
    listing: &mut Listing,
    settings: &Settings,
    is_timed: bool,
    is_joined: bool,
) -> Result<(), Box<InvalidOption>> {
    if is_timed {
        listing.require_field(listing.edge.time_field);
    }
    if is_joined {
        require_host(settings)?;
        listing.require_join_field(PARTICIPANTS);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fields::{Field, Selection};
    use super::super::listing::Scope;
    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn listed(
        folder: Option<&str>,
        platform: Option<&str>,
        user_id: Option<&str>,
    ) -> Result<Listing, Box<InvalidOption>> {
        let settings = Settings::new("106540352242922", None, None).unwrap();
        let text = |value: Option<&str>| value.map(str::to_owned);
        listing(&settings, &Filters { folder: text(folder), platform: text(platform), user_id: text(user_id) })
    }

    #[test]
    fn every_parameter_is_sent() {
        let mut listing = listed(Some("page_done"), Some("instagram"), Some("17841400000000000")).unwrap();
        let mut fields = Selection::default();
        for field in ["participants", "messages.limit(5){id,message}"] {
            fields.add(Field::parse(field).unwrap()).unwrap();
        }
        listing.select_fields(fields);
        listing.set_cursors(some("QVFIUk5="), None).unwrap();
        assert_eq!(
            listing.request(Scope { limit: Some(50), ..Scope::default() }).target(),
            "/v25.0/106540352242922/conversations?folder=page_done&platform=INSTAGRAM&user_id=17841400000000000\
             &fields=id%2Cparticipants%2Cmessages.limit%285%29%7Bid%2Cmessage%7D&limit=50&after=QVFIUk5%3D"
        );
    }

    #[test]
    fn both_platforms_in_both_cases() {
        for (given, sent, limiter) in [
            ("MESSENGER", "MESSENGER", MESSENGER),
            ("messenger", "MESSENGER", MESSENGER),
            ("INSTAGRAM", "INSTAGRAM", INSTAGRAM),
            ("instagram", "INSTAGRAM", INSTAGRAM),
        ] {
            let listing = listed(None, Some(given), None).unwrap();
            assert!(listing.request(Scope::default()).target().ends_with(&format!("platform={sent}")));
            assert_eq!(listing.limiter, Some(limiter));
        }
        assert_eq!(listed(None, None, None).unwrap().limiter, Some(MESSENGER));
    }

    #[test]
    fn bad_values_are_refused() {
        assert!(listed(Some("pending"), None, None).is_ok());
        for folder in ["", "in box", "in-box", "inbox&x=1"] {
            assert_eq!(listed(Some(folder), None, None).unwrap_err().option, "folder");
        }
        for platform in ["", "Messenger", "telegram"] {
            assert_eq!(listed(None, Some(platform), None).unwrap_err().option, "platform");
        }
        assert_eq!(listed(None, None, Some(" 1")).unwrap_err().option, "userId");
    }
}
