//! A client for one Page: the functions that its caller gave, and its session.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::JsValue;

use crate::host::environment::{has_dom, has_origin};
use crate::host::error::refused;
use crate::host::options::Options;
use crate::host::timer::{now_ms, random};
use crate::host::value::to_js;
use crate::host::wait::{emit, wake_sleepers};
use crate::protocol::call::http::HttpResponse;
use crate::protocol::call::session::{CallLimits, Host, Session, SessionOptions};
use crate::protocol::call::{Call, Input, Outcome};

/// Reads the limits of calls, which a client takes as well as a call.
pub fn limits(options: &Options) -> CallLimits {
    CallLimits {
        timeout_ms: options.number("timeoutMs"),
        total_timeout_ms: options.number("totalTimeoutMs"),
        max_retries: options.whole("maxRetries"),
    }
}

/// What all calls for one Page share.
pub struct Client {
    /// What the protocol keeps for them. Never borrowed while JavaScript runs that could call back.
    pub session: RefCell<Session>,
    /// Asked for the access token before each request, where none was given.
    pub token: Option<Function>,
    /// Used in place of the global `fetch`.
    pub fetch: Option<Function>,
    /// Wraps every HTTP request.
    pub schedule: Option<Function>,
    on_event: Option<Function>,
}

impl Client {
    /// Makes one of options that were read.
    pub fn new(options: &Options) -> Result<Self, JsValue> {
        let token = options.function("accessToken");
        let (schedule, on_event) = (options.function("schedule"), options.function("onEvent"));
        let session = SessionOptions {
            page_id: options.text("pageId"),
            token: options.text("accessToken"),
            has_token_function: token.is_some(),
            app_secret: options.text("appSecret"),
            api_version: options.text("apiVersion"),
            base_url: options.text("baseUrl"),
            token_transport: options.text("tokenTransport"),
            instagram_account_id: options.text("instagramAccountId"),
            app_id: options.text("appId"),
            limits: limits(options),
            max_rate_limit_wait_ms: options.number("maxRateLimitWaitMs"),
            calls_per_second: options.value("callsPerSecond").map(|calls| calls.as_f64()),
            is_scheduled: schedule.is_some(),
            is_observed: on_event.is_some(),
        };
        let host = Host { has_dom: has_dom(), has_origin: has_origin() };
        Ok(Self {
            session: RefCell::new(Session::new(&session, host).map_err(refused)?),
            token,
            fetch: options.function("fetch"),
            schedule,
            on_event,
        })
    }

    /// Tells a call what came of its last action, and returns the next.
    pub fn step<R: HttpResponse>(&self, call: &mut Call, input: Input<'_, R>) -> Outcome<R::Body> {
        let outcome = call.step(&mut self.session.borrow_mut(), now_ms(), random(), input);
        self.flush();
        outcome
    }

    /// Emits the events of the session, and wakes the calls whose turn may have come.
    pub fn flush(&self) {
        let (events, wakes) = {
            let mut session = self.session.borrow_mut();
            (session.take_events(), session.take_wake())
        };
        if let Some(listener) = &self.on_event {
            for event in &events {
                emit(listener, &to_js(event));
            }
        }
        if wakes {
            wake_sleepers();
        }
    }
}
