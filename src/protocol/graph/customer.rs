//! Who the customer of a conversation is: the participant who is not the business.

use super::conversations::PARTICIPANTS;
use super::settings::Settings;
use super::thread_owner;
use crate::protocol::json::Json;
use crate::protocol::option::InvalidOption;

/// Tells customers from the business, the better the more conversations it has seen.
#[derive(Debug)]
pub struct Customers {
    /// IDs known to be the business's.
    business: Vec<String>,
    /// What every conversation so far has in common.
    common: Option<Vec<String>>,
}

impl Customers {
    /// Begins with the IDs that the caller gave: `me` is none.
    pub fn new(page_id: &str, instagram_account_id: Option<&str>) -> Self {
        let mut business = Vec::new();
        if page_id != "me" {
            business.push(page_id.to_owned());
        }
        if let Some(id) = instagram_account_id {
            business.push(id.to_owned());
        }
        Self { business, common: None }
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
        let mut common = Vec::new();
        for id in participants {
            if known.as_ref().is_none_or(|known| known.contains(id)) {
                common.push(id.clone());
            }
        }
        self.common = Some(common);
    }

    /// Returns the customer whose thread can be asked about, or why there is none.
    pub fn recipient<J: Json>(&self, settings: &Settings, conversation: &J) -> Result<String, Box<InvalidOption>> {
        let participants = participants(conversation);
        let customer = self.of(&participants).filter(|customer| thread_owner::request(settings, customer).is_ok());
        customer.map(str::to_owned).ok_or_else(|| {
            let problem = "the customer cannot be told from the business among the participants; give pageId as a number and instagramAccountId";
            InvalidOption::new("instagramAccountId", &[problem])
        })
    }

    /// The customer, where exactly one participant is left who can be one.
    fn of<'a>(&self, participants: &'a [String]) -> Option<&'a str> {
        let only = |is_business: &dyn Fn(&String) -> bool| {
            let mut others = participants.iter().filter(|id| !is_business(id));
            let first = others.next()?;
            others.all(|other| other == first).then_some(first.as_str())
        };
        if participants.iter().any(|id| self.business.contains(id)) {
            return only(&|id| self.business.contains(id));
        }
        let [business] = self.common.as_deref()? else { return None };
        only(&|id| id == business)
    }
}

/// The IDs of the participants of a conversation.
fn participants<J: Json>(conversation: &J) -> Vec<String> {
    let edge = conversation.get(PARTICIPANTS).and_then(|edge| edge.get("data")?.items());
    let mut ids = Vec::new();
    for participant in edge.unwrap_or_default() {
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
        let customers = Customers::new("106", Some("178"));
        assert_eq!(customers.of(&ids(&["1", "106"])), Some("1"));
        assert_eq!(customers.of(&ids(&["178", "2"])), Some("2"));
        assert_eq!(customers.of(&ids(&["106"])), None, "none is left");
        assert_eq!(customers.of(&ids(&["1", "2", "106"])), None, "several are");
        assert_eq!(customers.of(&[]), None);
    }

    #[test]
    fn else_it_is_what_all_conversations_have_in_common() {
        let mut customers = Customers::new("me", None);
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
