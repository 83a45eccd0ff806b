//! Who the customer of a conversation is: the participant who is not the business.

use super::conversations::PARTICIPANTS;
use super::error::{Failure, Kind};
use super::settings::Settings;
use super::thread_owner;
use crate::protocol::json::Json;
use crate::protocol::option::InvalidOption;

/// Tells customers from the business, the better the more conversations it has seen.
#[derive(Debug)]
pub struct Customers {
    /// IDs known to be the business's.
    business: Vec<String>,
    /// The person that the list is about.
    user_id: Option<String>,
    /// What every conversation so far has in common.
    common: Option<Vec<String>>,
    /// Whether more than one of them was seen.
    has_compared: bool,
}

impl Customers {
    /// Begins with the IDs that the caller gave: `me` is none. With `user_id` the list is about that person.
    pub fn new(page_id: &str, instagram_account_id: Option<&str>, user_id: Option<String>) -> Self {
        let mut business = Vec::new();
        if page_id != "me" {
            business.push(page_id.to_owned());
        }
        if let Some(id) = instagram_account_id {
            business.push(id.to_owned());
        }
        Self { business, user_id, common: None, has_compared: false }
    }

    /// Takes note of a conversation, by its participants. One without any says nothing.
    pub fn note<J: Json>(&mut self, conversation: &J) {
        self.note_participants(&participants(conversation));
    }

    fn note_participants(&mut self, participants: &[String]) {
        if participants.is_empty() {
            return;
        }
        let known = &self.common;
        self.has_compared |= known.is_some();
        let mut common = Vec::new();
        for id in participants {
            if known.as_ref().is_none_or(|known| known.contains(id)) {
                common.push(id.clone());
            }
        }
        self.common = Some(common);
    }

    /// Returns the customer whose thread can be asked about, or why there is none.
    pub fn recipient<J: Json>(&self, settings: &Settings, conversation: &J) -> Result<String, Box<Failure>> {
        if let Some(user_id) = &self.user_id {
            return Ok(user_id.clone());
        }
        let participants = participants(conversation);
        if let Some(customer) = self.of(&participants)
            && thread_owner::check(settings, customer).is_ok()
        {
            return Ok(customer.to_owned());
        }
        let common = self.common().filter(|_| self.has_compared);
        let mut businesses = 0;
        for id in &participants {
            if self.business.contains(id) || Some(id) == common {
                businesses += 1;
            }
        }
        let problem = if participants.is_empty() {
            "the conversation has no participants, so its customer is not known"
        } else if businesses == participants.len() {
            "the business is the only participant of the conversation"
        } else if businesses > 0 {
            "the conversation has several participants beside the business, so its customer is not known"
        } else {
            let problem = "the customer cannot be told from the business among the participants; give pageId as a number and instagramAccountId";
            return Err(InvalidOption::new("instagramAccountId", &[problem]).into());
        };
        Err(Failure::new(Kind::Response, &[problem]))
    }

    /// The customer, where exactly one participant is left who can be one.
    fn of<'a>(&self, participants: &'a [String]) -> Option<&'a str> {
        let has_known = participants.iter().any(|id| self.business.contains(id));
        let common = if has_known { None } else { Some(self.common()?) };
        let mut customer = None;
        for id in participants {
            if self.business.contains(id) || Some(id) == common {
                continue;
            }
            if customer.is_some_and(|known| known != id) {
                return None;
            }
            customer = Some(id);
        }
        customer.map(String::as_str)
    }

    /// The one participant that every conversation so far has in common.
    fn common(&self) -> Option<&String> {
        let [common] = self.common.as_deref()? else { return None };
        Some(common)
    }
}

/// The IDs of the participants of a conversation.
fn participants<J: Json>(conversation: &J) -> Vec<String> {
    let edge = conversation.get(PARTICIPANTS).and_then(|edge| edge.get("data")?.items());
    let mut ids = Vec::new();
    for participant in &edge.unwrap_or_default() {
        if let Some(id) = participant.get_text("id") {
            ids.push(id);
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|&id| id.to_owned()).collect()
    }

    #[test]
    fn the_page_and_the_account_are_the_business() {
        let customers = Customers::new("106", Some("178"), None);
        assert_eq!(customers.of(&ids(&["1", "106"])), Some("1"));
        assert_eq!(customers.of(&ids(&["178", "2"])), Some("2"));
        assert_eq!(customers.of(&ids(&["106"])), None, "none is left");
        assert_eq!(customers.of(&ids(&["1", "2", "106"])), None, "several are");
        assert_eq!(customers.of(&[]), None);
    }

    #[test]
    fn else_it_is_what_all_conversations_have_in_common() {
        let mut customers = Customers::new("me", None, None);
        let first = ids(&["1", "106"]);
        customers.note_participants(&first);
        assert_eq!(customers.of(&first), None, "either could be it");
        customers.note_participants(&ids(&["106", "2"]));
        customers.note_participants(&[]);
        assert_eq!(customers.of(&first), Some("1"));
        customers.note_participants(&ids(&["3", "4"]));
        assert_eq!(customers.of(&first), None, "nothing is common any more");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod recipients {
    use super::*;
    use serde_json::{Value, json};

    fn conversation(ids: &[&str]) -> Value {
        let data: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        json!({ "id": "t_1", "participants": { "data": data } })
    }

    #[test]
    fn each_case_has_its_own_reason() {
        let settings = Settings::new("106", None, None).unwrap();
        let recipient = |page_id: &str, conversation: &Value| {
            Customers::new(page_id, Some("178"), None).recipient(&settings, conversation)
        };
        assert_eq!(recipient("106", &conversation(&["1", "106"])).unwrap(), "1");
        for (ids, kind, words) in [
            (&[][..], Kind::Response, "no participants"),
            (&["106"], Kind::Response, "only participant"),
            (&["106", "178"], Kind::Response, "only participant"),
            (&["1", "2", "106"], Kind::Response, "several participants"),
            (&["1", "2"], Kind::InvalidOption, "instagramAccountId"),
        ] {
            let failure = recipient("106", &conversation(ids)).unwrap_err();
            assert!(failure.kind == kind && failure.message.contains(words), "{ids:?}: {failure:?}");
        }
        let failure = recipient("106", &json!({ "id": "t_1" })).unwrap_err();
        assert!(failure.message.contains("no participants"), "{failure:?}");
    }

    #[test]
    fn of_a_list_about_one_person_it_is_that_person() {
        let settings = Settings::new("me", None, None).unwrap();
        let customers = Customers::new("me", None, Some("7".to_owned()));
        assert_eq!(customers.recipient(&settings, &conversation(&["7", "178"])).unwrap(), "7");
        assert_eq!(customers.recipient(&settings, &conversation(&[])).unwrap(), "7");
    }

    #[test]
    fn what_many_conversations_have_in_common_is_the_business() {
        let settings = Settings::new("me", None, None).unwrap();
        let mut customers = Customers::new("me", None, None);
        let problem = |customers: &Customers, ids: &[&str]| {
            customers.recipient(&settings, &conversation(ids)).unwrap_err().message
        };
        customers.note(&conversation(&["1", "106"]));
        assert!(problem(&customers, &["1", "106"]).contains("instagramAccountId"), "one says nothing");
        customers.note(&conversation(&["2", "106"]));
        assert!(problem(&customers, &["106"]).contains("only participant"));
        assert!(problem(&customers, &["1", "2", "106"]).contains("several participants"));
    }
}
