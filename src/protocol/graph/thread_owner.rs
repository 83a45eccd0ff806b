//! `GET /{page-id}/thread_owner`: which app has control of a conversation.
//!
//! <https://developers.facebook.com/docs/graph-api/reference/page/thread_owner/>

use crate::protocol::graph::settings::Settings;
use crate::protocol::json::Json;
use crate::protocol::option::{InvalidOption, shown, word};
use crate::protocol::record::Record;
use crate::protocol::request::Request;
use crate::protocol::secret::Secrets;
use crate::protocol::text::{decimal, is_digits};

/// Whether an app has control, and whether Graph says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Graph names the app.
    Owned,
    /// Some app owns the thread; Graph tells only when that ends.
    Hidden,
    /// No app does.
    Idle,
}

/// The owner of one thread.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreadOwner {
    recipient: String,
    state: State,
    app_id: Option<String>,
    /// Unix seconds.
    expiration: Option<f64>,
}

impl ThreadOwner {
    /// Who owns the thread, where Graph names the app.
    fn role(&self, app_id: Option<&str>) -> Option<&'static str> {
        let owner = self.app_id.as_deref()?;
        Some(if META_INBOXES.contains(&owner) {
            "meta_inbox"
        } else if app_id == Some(owner) {
            "self"
        } else {
            "other_app"
        })
    }

    /// What users get of it. `app_id` is that of the caller's own app.
    pub fn record(&self, app_id: Option<&str>) -> Record {
        let state = match self.state {
            State::Owned => "owned",
            State::Hidden => "hidden",
            State::Idle => "idle",
        };
        let mut record = Record::default();
        record.text("recipient", Some(&self.recipient)).text("state", Some(state));
        record.text("app_id", self.app_id.as_deref()).or_null("app_id");
        record.text("role", self.role(app_id)).or_null("role");
        record.number("expiration", self.expiration).or_null("expiration");
        record
    }
}

/// The apps that are Meta's own inboxes, of Messenger and of Instagram: people use them, and Meta's AI.
const META_INBOXES: [&str; 2] = ["263902037430900", "1217981644879628"];

/// Refuses what is not the ID of an app of the caller's.
pub fn checked_app_id(app_id: &str) -> Result<(), Box<InvalidOption>> {
    if !is_digits(app_id) {
        return Err(InvalidOption::new("appId", &["expected the digits of an app ID; got ", &shown(app_id)]));
    }
    if META_INBOXES.contains(&app_id) {
        return Err(InvalidOption::new("appId", &["is one of Meta's own inboxes; give the ID of your app"]));
    }
    Ok(())
}

/// The request. `recipient` is a page-scoped ID, an Instagram-scoped ID or a live-chat ID, as plain text.
pub fn request(settings: &Settings, recipient: &str) -> Result<Request, Box<InvalidOption>> {
    check(settings, recipient)?;
    let mut request = Request::get(settings.path("thread_owner"));
    request.set("recipient", Some(recipient));
    Ok(request)
}

/// Refuses a recipient who cannot be asked about.
pub fn check(settings: &Settings, recipient: &str) -> Result<(), Box<InvalidOption>> {
    require_host(settings)?;
    word("recipient", recipient)
}

/// Refuses a host that has no thread owners.
pub fn require_host(settings: &Settings) -> Result<(), Box<InvalidOption>> {
    if settings.is_instagram() {
        let problem = "graph.instagram.com has no thread_owner; graph.facebook.com has, with a token of the Page";
        return Err(InvalidOption::new("baseUrl", &[problem]));
    }
    Ok(())
}

/// Reads an answer whose long integers were quoted (`quote_long_integers`); `None` when it has another shape.
///
/// To take an owned thread for an idle one would make two apps answer one person, so only what is plainly empty is idle.
pub fn read<J: Json>(recipient: &str, body: &J, secrets: &Secrets) -> Option<ThreadOwner> {
    let owner = match body.get("data") {
        None => body.get("thread_owner"),
        Some(data) => match data.items()?.first() {
            None => None,
            Some(entry) if entry.is_object() => entry.get("thread_owner"),
            Some(_) => return None,
        },
    };
    if let Some(owner) = &owner
        && !owner.is_null()
        && !owner.is_object()
        && !owner.items()?.is_empty()
    {
        return None;
    }
    let member = |name| present(owner.as_ref()?.get(name)?);
    let app_id = match member("app_id") {
        None => None,
        // Either spelling is exact: `quote_long_integers` has seen to the ones a number could not hold.
        Some(id) => Some(secrets.redact(&id.text().or_else(|| Some(decimal(id.integer()?)))?)),
    };
    let expiration = match member("expiration") {
        None => None,
        Some(seconds) => Some(seconds.integer()? as f64),
    };
    let state = match (&app_id, expiration) {
        (Some(_), _) => State::Owned,
        (None, Some(_)) => State::Hidden,
        (None, None) => State::Idle,
    };
    Some(ThreadOwner { recipient: recipient.to_owned(), state, app_id, expiration })
}

/// `null` and an empty string are no value.
fn present<J: Json>(value: J) -> Option<J> {
    if value.is_null() || value.text().is_some_and(|text| text.is_empty()) {
        return None;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_can_not_add_a_parameter() {
        let settings = Settings::new("me", Some("v19.0"), None).unwrap();
        let target = |recipient| request(&settings, recipient).map(|request| request.target());
        assert_eq!(target("6034").unwrap(), "/v19.0/me/thread_owner?recipient=6034");
        assert_eq!(
            target("1&fields=x#/../me?y").unwrap(),
            "/v19.0/me/thread_owner?recipient=1%26fields%3Dx%23%2F..%2Fme%3Fy"
        );
        for bad in ["", " ", "1 2", "1\n2"] {
            assert_eq!(target(bad).unwrap_err().option, "recipient", "{bad:?}");
        }
    }

    #[test]
    fn graph_instagram_com_is_refused_before_any_request() {
        for base_url in ["https://graph.instagram.com", "https://Graph.Instagram.com/"] {
            let settings = Settings::new("me", None, Some(base_url)).unwrap();
            assert_eq!(request(&settings, "1").unwrap_err().option, "baseUrl");
        }
        for base_url in ["https://graph.facebook.com", "https://proxy.example/graph.instagram.com"] {
            assert!(request(&Settings::new("me", None, Some(base_url)).unwrap(), "1").is_ok());
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod answers {
    use super::*;
    use crate::protocol::long_integers::quote_long_integers;
    use proptest::prelude::*;
    use serde_json::Value;

    fn owner(body: &str) -> Option<ThreadOwner> {
        let body: Value = serde_json::from_str(&quote_long_integers(body)).unwrap();
        read("42", &body, &Secrets::default())
    }

    #[track_caller]
    fn assert_owner(body: &str, state: State, app_id: Option<&str>, expiration: Option<f64>) {
        let expected = ThreadOwner { recipient: "42".to_owned(), state, app_id: app_id.map(str::to_owned), expiration };
        assert_eq!(owner(body), Some(expected), "{body}");
    }

    #[test]
    fn the_role_says_who_the_owner_is() {
        let role = |app_id: Option<&str>, own: Option<&str>| {
            let app_id = app_id.map(str::to_owned);
            let owner = ThreadOwner { recipient: "42".to_owned(), state: State::Idle, app_id, expiration: None };
            owner.role(own)
        };
        assert_eq!(role(Some("7"), Some("7")), Some("self"));
        assert_eq!(role(Some("7"), Some("8")), Some("other_app"));
        assert_eq!(role(Some("7"), None), Some("other_app"));
        assert_eq!(role(Some("263902037430900"), Some("7")), Some("meta_inbox"));
        assert_eq!(role(Some("1217981644879628"), None), Some("meta_inbox"));
        assert_eq!(role(None, Some("7")), None);
    }

    #[test]
    fn the_app_is_one_of_the_callers_own() {
        assert_eq!(checked_app_id("1234"), Ok(()));
        for bad in ["", "me", "12 3", "263902037430900", "1217981644879628"] {
            assert_eq!(checked_app_id(bad).unwrap_err().option, "appId", "{bad}");
        }
    }

    #[test]
    fn owned() {
        let owned = |body, app_id, expiration| assert_owner(body, State::Owned, Some(app_id), expiration);
        owned(r#"{"data":[{"thread_owner":{"app_id":"263902037430900"}}]}"#, "263902037430900", None);
        owned(
            r#"{"data":[{"thread_owner":{"app_id":263902037430900,"expiration":1792387200}}],"paging":{}}"#,
            "263902037430900",
            Some(1_792_387_200.0),
        );
        owned(
            r#"{"data":[{"thread_owner":{"app_id":18446744073709551615,"expiration":"1792387200"}}]}"#,
            "18446744073709551615",
            Some(1_792_387_200.0),
        );
        owned(r#"{"data":[{"thread_owner":{"app_id":"9007199254740993"}}]}"#, "9007199254740993", None);
        owned(r#"{"thread_owner":{"app_id":"7"}}"#, "7", None);
    }

    #[test]
    fn hidden() {
        let body = r#"{"data":[{"thread_owner":{"expiration":1792387200}}]}"#;
        assert_owner(body, State::Hidden, None, Some(1_792_387_200.0));
        let body = r#"{"data":[{"thread_owner":{"app_id":null,"expiration":1792387200}}]}"#;
        assert_owner(body, State::Hidden, None, Some(1_792_387_200.0));
    }

    #[test]
    fn idle() {
        for body in [
            "{}",
            r#"{"data":[]}"#,
            r#"{"data":[],"paging":{}}"#,
            r#"{"paging":{}}"#,
            r#"{"data":[{}]}"#,
            r#"{"data":[{"thread_owner":{}}]}"#,
            r#"{"data":[{"thread_owner":[]}]}"#,
            r#"{"data":[{"thread_owner":null}]}"#,
            r#"{"data":[{"thread_owner":{"app_id":"","expiration":null}}]}"#,
        ] {
            assert_owner(body, State::Idle, None, None);
        }
    }

    #[test]
    fn another_shape_is_not_idle() {
        for body in [
            r#"{"data":null}"#,
            r#"{"data":{}}"#,
            r#"{"data":"none"}"#,
            r#"{"data":[null]}"#,
            r#"{"data":["263902037430900"]}"#,
            r#"{"data":[{"thread_owner":"263902037430900"}]}"#,
            r#"{"data":[{"thread_owner":[1]}]}"#,
            r#"{"data":[{"thread_owner":{"app_id":{}}}]}"#,
            r#"{"data":[{"thread_owner":{"app_id":1.5}}]}"#,
            r#"{"data":[{"thread_owner":{"app_id":true}}]}"#,
            r#"{"data":[{"thread_owner":{"app_id":"1","expiration":"soon"}}]}"#,
        ] {
            assert_eq!(owner(body), None, "{body}");
        }
    }

    proptest! {
        #[test]
        fn an_unquoted_id_keeps_every_digit(id: u64) {
            let body = format!(r#"{{"data":[{{"thread_owner":{{"app_id":{id}}}}}]}}"#);
            prop_assert_eq!(owner(&body).unwrap().app_id, Some(id.to_string()));
        }
    }
}
