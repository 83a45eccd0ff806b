//! Who the customer of a conversation is: the participant who is not the business.

use std::cell::RefCell;

/// Tells customers from the business, the better the more conversations it has seen.
#[derive(Debug)]
pub struct Customers {
    /// IDs known to be the business's.
    business: Vec<String>,
    /// What every conversation so far has in common.
    common: RefCell<Option<Vec<String>>>,
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
        Self { business, common: RefCell::default() }
    }

    /// Takes note of a conversation's participants. One without any says nothing.
    pub fn note(&self, participants: &[String]) {
        if participants.is_empty() {
            return;
        }
        let known = self.common.take();
        let mut common = Vec::new();
        for id in participants {
            if known.as_ref().is_none_or(|known| known.contains(id)) {
                common.push(id.clone());
            }
        }
        self.common.replace(Some(common));
    }

    /// The customer, where exactly one participant is left who can be one.
    pub fn of<'a>(&self, participants: &'a [String]) -> Option<&'a str> {
        let only = |is_business: &dyn Fn(&String) -> bool| {
            let mut others = participants.iter().filter(|id| !is_business(id));
            let first = others.next()?;
            others.all(|other| other == first).then_some(first.as_str())
        };
        if participants.iter().any(|id| self.business.contains(id)) {
            return only(&|id| self.business.contains(id));
        }
        let common = self.common.borrow();
        let [business] = common.as_deref()? else { return None };
        only(&|id| id == business)
    }
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
        let customers = Customers::new("me", None);
        let first = ids(&["1", "106"]);
        customers.note(&first);
        assert_eq!(customers.of(&first), None, "either could be it");
        customers.note(&ids(&["106", "2"]));
        customers.note(&[]);
        assert_eq!(customers.of(&first), Some("1"));
        customers.note(&ids(&["3", "4"]));
        assert_eq!(customers.of(&first), None, "nothing is common any more");
    }
}
