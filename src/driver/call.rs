//! Makes one call: does what the protocol says next, and tells it what came of that.

use js_sys::{Array, JsString, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::client::{Client, limits};
use crate::host::abort::abort_reason;
use crate::host::crypto::hmac_sha256;
use crate::host::error::{described, rejection};
use crate::host::fetch::{Response, Unfit, read, send};
use crate::host::options::Options;
use crate::host::timer::{date_ms, now_ms};
use crate::host::value::{parse, parsed_exactly, start};
use crate::host::wait::{Permit, promise_try, race};
use crate::protocol::call::http::{HttpResponse, Numbers};
use crate::protocol::call::session::{Budget, CallLimits};
use crate::protocol::call::{self, Action, Call, Input, Plan};

/// Why a call came to nothing.
pub type Problem = call::Problem<JsValue>;

/// A good answer. Boxed, because it is handed on several times.
pub type ApiResponse = Box<call::ApiResponse<Response>>;

/// The options of one call.
#[derive(Clone)]
pub struct CallOptions {
    /// How long it may take, and how often it may be tried.
    pub limits: CallLimits,
    /// Its caller's, and perhaps one of ours that is aborted when nobody wants the answer any more.
    pub signals: Array,
    /// When all time is used up, where that is common to several calls, in milliseconds since 1970.
    pub deadline_ms: Option<f64>,
}

impl CallOptions {
    /// Takes them from among other options.
    pub fn of(options: &Options) -> Self {
        let signals = Array::new();
        if let Some(signal) = options.value("signal") {
            signals.push(&signal);
        }
        Self { limits: limits(options), signals, deadline_ms: None }
    }

    /// Adds a signal of our own.
    pub fn wanted_until(&self, unwanted: &JsValue) -> Self {
        if unwanted.is_undefined() {
            return self.clone();
        }
        let signals = self.signals.slice(0, self.signals.length());
        signals.push(unwanted);
        Self { signals, ..*self }
    }

    /// What a call with these options may use up from now on.
    pub fn budget(&self, client: &Client) -> Budget {
        let budget = client.session.borrow().budget(&self.limits, now_ms());
        Budget { deadline_ms: self.deadline_ms.unwrap_or(budget.deadline_ms), ..budget }
    }
}

impl From<JsValue> for Problem {
    fn from(value: JsValue) -> Self {
        Self::Thrown(value)
    }
}

impl From<Problem> for JsValue {
    fn from(problem: Problem) -> Self {
        problem.rejection()
    }
}

impl Problem {
    /// What the promise rejects with.
    pub fn rejection(&self) -> JsValue {
        match self {
            Self::Failed(failure) | Self::Undecided(failure) => rejection(failure),
            Self::Thrown(value) => value.clone(),
        }
    }
}

impl HttpResponse for Response {
    type Body = JsValue;
    fn status(&self) -> u16 {
        self.status()
    }
    fn header(&self, name: &str) -> Option<String> {
        self.header(name)
    }
    fn headers(&self) -> String {
        self.headers()
    }
    fn is_cut(&self) -> bool {
        self.is_cut
    }
    fn body(&self, numbers: Numbers) -> Option<JsValue> {
        let text = &self.text;
        #[cfg(feature = "test-panics")]
        super::test_panics::panic_if(&String::from(text), "panic at the answer");
        match numbers {
            Numbers::Exact => parsed_exactly(text),
            Numbers::AsParsed => parse(text),
        }
    }
    fn start(&self) -> String {
        start(&self.text)
    }
    fn date_ms(text: &str) -> f64 {
        date_ms(text)
    }
}

/// What belongs to the action that a call waits for.
struct Driver<'a> {
    client: &'a Client,
    signals: &'a Array,
    permit: Option<Permit>,
    controller: Option<AbortController>,
    response: Option<Response>,
}

impl Driver<'_> {
    /// Begins an action. Returns what to wait for.
    fn begin(&mut self, call: &Call) -> Result<Promise, Unfit> {
        let client = self.client;
        if call.action != Action::ReleasePermit {
            self.response = None;
        }
        let work = match call.action {
            Action::Sleep => None,
            Action::AskToken => client.token.as_ref().map(promise_try),
            Action::Prove => {
                let (key, message) = call.proof_input(&client.session.borrow());
                Some(hmac_sha256(&key, &message))
            }
            Action::AcquirePermit => {
                self.permit = client.schedule.as_ref().map(Permit::new);
                self.permit.as_ref().map(Permit::opened)
            }
            Action::Send => {
                let controller = AbortController::new().map_err(|_| "needs AbortController")?;
                let sent = send(client.fetch.as_ref(), &call.http_request, &controller.signal());
                self.controller = Some(controller);
                Some(sent)
            }
            Action::ReleasePermit => {
                let error = call.failure.as_deref().map(rejection);
                self.permit.take().map(|permit| permit.end(error.is_some(), &error.unwrap_or_default()))
            }
        };
        let work = work.map_or(JsValue::UNDEFINED, Into::into);
        Ok(race(&work, call.until_ms - now_ms(), self.signals))
    }

    /// Reads what came of it.
    fn input(&mut self, action: Action, outcome: Result<JsValue, JsValue>) -> Input<'_, Response> {
        let controller = self.controller.take();
        let input = match outcome {
            Ok(won) if won.is_undefined() => Input::TimeUp,
            Ok(won) => {
                let value = won.unchecked_ref::<Array>().get(0);
                match action {
                    Action::Sleep => Input::TimeUp,
                    Action::AskToken => Input::Token(value.as_string()),
                    Action::Prove => Input::Proof(value.as_string()),
                    Action::AcquirePermit => Input::Permit(value.is_truthy()),
                    Action::ReleasePermit => return Input::Released(self.response.as_ref()),
                    Action::Send => match read(&value) {
                        Ok(response) => return Input::Response(self.response.insert(response)),
                        Err(unfit) => Input::Unfit(unfit),
                    },
                }
            }
            Err(thrown) if action == Action::Send && abort_reason(self.signals).is_none() => {
                Input::ConnectionError(described(&thrown))
            }
            Err(thrown) => Input::Thrown(thrown),
        };
        // Only a response that was read to its end has nothing left to cancel.
        if let Some(controller) = controller {
            controller.abort();
        }
        input
    }
}

/// Makes one call. It ends when its signal is aborted or its time is up, and cancels what it waits for.
pub async fn call(client: &Client, signals: &Array, plan: Plan, budget: Budget) -> Result<ApiResponse, Problem> {
    let mut call = Call::new(&client.session.borrow(), plan, budget);
    let mut driver = Driver { client, signals, permit: None, controller: None, response: None };
    let mut input = abort_reason(signals).map_or(Input::TimeUp, Input::Thrown);
    loop {
        match client.step(&mut call, input) {
            Ok(None) => {}
            Ok(Some(body)) => {
                let response = driver.response.ok_or(Problem::Thrown(JsValue::UNDEFINED))?;
                return Ok(Box::new(call::ApiResponse::new(call, body, response)));
            }
            Err(problem) => {
                if let Some(permit) = &driver.permit {
                    // A limiter may run it long after the call was aborted: then there is nothing left to wait for.
                    let _ = permit.end(true, &problem.rejection());
                }
                return Err(problem);
            }
        }
        input = match driver.begin(&call) {
            Ok(work) => {
                let outcome = JsFuture::from(work).await;
                driver.input(call.action, outcome)
            }
            Err(unfit) => Input::Unfit(unfit),
        };
    }
}

/// The JSON text of a response, for whoever looks for secrets in it.
pub fn text(response: &ApiResponse) -> &JsString {
    &response.http.text
}
