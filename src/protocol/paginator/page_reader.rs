//! Reading one page: what to ask, and what to ask instead where Graph cannot deliver as much.

use std::rc::Rc;

use super::page_size::{Change, PageSize};
use super::{PageAddress, PageSummary};
use crate::protocol::call::event::Event;
use crate::protocol::call::http::{HttpResponse, Numbers};
use crate::protocol::call::session::Session;
use crate::protocol::call::{ApiResponse, Plan, Undecided};
use crate::protocol::graph::error::{Expected, Failure};
use crate::protocol::graph::listing::{Listing, Scope};
use crate::protocol::graph::paging::next;
use crate::protocol::json::{Entries, Json};
use crate::protocol::text::concat;

/// Reads one page, with fewer entries where Graph cannot deliver as many.
#[derive(Debug)]
pub struct PageReader {
    listing: Rc<Listing>,
    address: PageAddress,
    /// Whether the times of the entries decide where the list ends.
    is_timed: bool,
    /// The failure of an entry that Graph cannot return: its ID and its time are asked for instead.
    unreadable: Option<Box<Failure>>,
}

impl PageReader {
    /// Begins to read the page of a list that stands at an address.
    pub fn new(listing: &Rc<Listing>, address: PageAddress, is_timed: bool) -> Self {
        Self { listing: Rc::clone(listing), address, is_timed, unreadable: None }
    }

    /// Returns what to ask now.
    pub fn plan(&self, size: &PageSize) -> Plan {
        let is_light = self.is_id_only();
        let request = self.listing.request(Scope {
            limit: if is_light { Some(1) } else { size.limit() },
            cursor: self.address.cursor.as_deref(),
            is_from_top: self.address.is_from_top,
            is_light,
        });
        Plan {
            request,
            numbers: Numbers::AsParsed,
            expected: Expected::Object,
            limiter: self.listing.limiter,
            not_before_ms: self.address.not_before_ms,
            // What cannot be made smaller may be a passing fault.
            undecided: if is_light || !size.can_shrink() { Undecided::None } else { Undecided::TooMuchData },
        }
    }

    /// Takes a failure that was left undecided: Graph cannot deliver as much. Afterwards fewer entries are asked for.
    pub fn too_much(&self, session: &mut Session, size: &mut PageSize) {
        emit(session, size.shrink());
    }

    /// Takes a failure that is final. Where Graph cannot even deliver one entry, its ID and time are asked for afterwards.
    /// `Err` is the failure to reject with: of an entry that cannot be read, what was wrong with the caller's question.
    pub fn failed(&mut self, failure: Box<Failure>) -> Result<(), Box<Failure>> {
        match self.unreadable.take() {
            Some(first) => Err(first),
            None if failure.is_too_much_data() => {
                self.unreadable = Some(failure);
                Ok(())
            }
            None => Err(failure),
        }
    }

    /// Whether nothing but the IDs of the entries was read.
    pub fn is_id_only(&self) -> bool {
        self.unreadable.is_some()
    }

    /// Takes an answer. Returns what it says of the list; or a failure if it is not what this edge answers.
    pub fn answered<R>(
        &self,
        session: &mut Session,
        size: &mut PageSize,
        response: &ApiResponse<R>,
    ) -> Result<PageSummary, Box<Failure>>
    where
        R: HttpResponse,
        R::Body: Entries,
    {
        let data = response.body.get("data");
        let Some((data, length)) = data.and_then(|data| data.length().map(|length| (data, length))) else {
            return Err(self.unexpected(session, response, "JSON of another shape"));
        };
        if !data.have_ids() {
            return Err(self.unexpected(session, response, "an entry without an ID"));
        }
        if self.is_id_only() {
            for entry in data.items().unwrap_or_default() {
                let id = entry.get_text("id").unwrap_or_default();
                session.emit(&|_| Event::Unreadable { id: id.clone() });
            }
        } else if let Some(change) = size.succeeded() {
            emit(session, change);
        }
        let paging = response.body.get("paging").filter(Json::is_object);
        Ok(PageSummary {
            number: self.address.number,
            next: next(paging.as_ref()),
            times: if self.is_timed { data.times(self.listing.edge.time_field) } else { Vec::new() },
            length,
        })
    }
}

impl PageReader {
    fn unexpected<R: HttpResponse>(&self, session: &Session, response: &ApiResponse<R>, got: &str) -> Box<Failure> {
        response.unexpected(session, &concat(&["expected a list of ", self.listing.edge.name, "; got ", got]))
    }
}

fn emit(session: &mut Session, Change { from, to }: Change) {
    session.emit(&|_| Event::PageSize { from, to });
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::protocol::call::session::{Host, SessionOptions};
    use crate::protocol::graph::conversations::{self, Filters};
    use crate::protocol::graph::error::Kind;

    fn session() -> Session {
        let options = SessionOptions { is_observed: true, ..SessionOptions::example() };
        Session::new(&options, Host::default()).unwrap()
    }

    fn reader() -> PageReader {
        let listing = conversations::listing(&session().settings, &Filters::default()).unwrap();
        let address = PageAddress { number: 0, cursor: None, is_from_top: false, not_before_ms: 0.0 };
        PageReader::new(&Rc::new(listing), address, false)
    }

    #[test]
    fn a_smaller_page_is_told() {
        let (mut session, mut size) = (session(), PageSize::new(Some(8)));
        reader().too_much(&mut session, &mut size);
        let events = serde_json::to_value(session.take_events()).unwrap();
        assert_eq!(events, serde_json::json!([{ "type": "page_size", "from": 8.0, "to": 4.0 }]));
    }

    #[test]
    fn too_much_data_is_decided_about_while_less_can_be_asked_for() {
        let mut reader = reader();
        assert_eq!(reader.plan(&PageSize::new(Some(2))).undecided, Undecided::TooMuchData);
        assert_eq!(reader.plan(&PageSize::new(Some(1))).undecided, Undecided::None);
        let too_much = Failure::new(Kind::Transient, &["m"]).with_code(1);
        assert!(too_much.is_too_much_data());
        reader.failed(too_much).unwrap();
        assert_eq!(reader.plan(&PageSize::new(Some(2))).undecided, Undecided::None, "only one ID is asked for");
    }

    #[test]
    fn another_failure_is_no_reason_to_ask_for_ids() {
        let mut reader = reader();
        assert_eq!(reader.failed(Failure::new(Kind::Permission, &["m"])).unwrap_err().kind, Kind::Permission);
        assert!(!reader.is_id_only());
    }
}
