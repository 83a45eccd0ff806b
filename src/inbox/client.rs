//! A client for one Page: its options, read and checked once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use super::call::Limits;
use crate::host::environment::{has_dom, has_origin};
use crate::host::error::refused;
use crate::host::options::{Options, whole_number};
use crate::host::timer::now_ms;
use crate::protocol::error::{Failure, Kind};
use crate::protocol::option::{A_TOKEN, InvalidOption, secret, word};
use crate::protocol::pace::{CoolDown, Pace};
use crate::protocol::request::Request;
use crate::protocol::retry::Patience;
use crate::protocol::secret::{Secret, Secrets};
use crate::protocol::settings::{Settings, TokenTransport};

/// Its options.
pub const OPTIONS: &str = "pageId:text accessToken:token appSecret:text apiVersion:text baseUrl:text tokenTransport:text \
    instagramAccountId:text fetch:function maxRateLimitWaitMs:whole callsPerSecond:pace schedule:function onEvent:function";

/// Where the access token comes from.
pub enum TokenSource {
    /// It was given.
    Fixed(Secret),
    /// The caller's function gives one for every request.
    Asked(Function),
}

impl TokenSource {
    /// The token that the caller's function gave.
    pub fn checked(given: &JsValue) -> Result<Secret, JsValue> {
        let problem = ["its function gave something else than a string"];
        let token = given.as_string().ok_or_else(|| refused(InvalidOption::new(TOKEN, &problem)))?;
        secret(TOKEN, &token).map_err(refused)?;
        Ok(Secret::new(token))
    }
}

const TOKEN: &str = "accessToken";

/// What all calls for one Page share.
pub struct Client {
    /// Where Graph is, the version and the Page.
    pub settings: Settings,
    /// How the token travels.
    pub transport: TokenTransport,
    /// The key of the proof.
    pub app_secret: Option<Secret>,
    /// Used in place of the global `fetch`.
    pub fetch: Option<Function>,
    /// Wraps every HTTP request.
    pub schedule: Option<Function>,
    /// Told what happens.
    pub on_event: Option<Function>,
    /// Tells the business from the customer among Instagram's participants.
    pub instagram_account_id: Option<String>,
    /// The limits of every call that has none of its own.
    pub limits: Limits,
    /// The longest wait for a rate limit that is slept out.
    pub max_rate_limit_wait_ms: f64,
    /// How fast conversations may be listed, on Messenger and on Instagram.
    pub paces: Option<[Pace; 2]>,
    /// While a rate limit that was given up on holds, nothing is sent.
    pub cool_down: CoolDown,
    /// While one call waits for a rate limit to lift, the others wait along, until this time.
    pub paused_until: Cell<f64>,
    /// The version that answered last, when it was not the one asked for.
    pub served: RefCell<Option<String>>,
    /// The secrets of the latest request, for what is told when no request of its own was made.
    secrets: RefCell<Rc<Secrets>>,
    /// Where the access token comes from.
    pub token: TokenSource,
}

impl Client {
    /// Checks the options.
    pub fn new(options: &Options) -> Result<Self, JsValue> {
        let page_id = options.text("pageId").ok_or_else(|| missing("pageId", "a Page ID or `me`"))?;
        let (version, base_url) = (options.text("apiVersion"), options.text("baseUrl"));
        let settings = Settings::new(&page_id, version.as_deref(), base_url.as_deref()).map_err(refused)?;
        // Graph is not known to answer the preflight that an Authorization header costs.
        let fitting = if has_origin() { TokenTransport::Query } else { TokenTransport::Header };
        let transport = options.text("tokenTransport").map_or(Ok(fitting), |name| TokenTransport::read(&name));
        let token = options.value(TOKEN).ok_or_else(|| missing(TOKEN, A_TOKEN))?;
        let token = match token.dyn_into::<Function>() {
            Ok(ask) => TokenSource::Asked(ask),
            Err(token) => TokenSource::Fixed(TokenSource::checked(&token)?),
        };
        let app_secret = app_secret(options)?;
        let instagram_account_id = options.text("instagramAccountId");
        if let Some(id) = &instagram_account_id {
            word("instagramAccountId", id).map_err(refused)?;
        }
        let mut secrets = Secrets::default();
        if let TokenSource::Fixed(token) = &token {
            secrets.add(token.clone());
        }
        app_secret.iter().for_each(|secret| secrets.add(secret.clone()));
        let longest_wait_ms = options.number("maxRateLimitWaitMs");
        Ok(Self {
            settings,
            transport: transport.map_err(refused)?,
            app_secret,
            token,
            secrets: RefCell::new(Rc::new(secrets)),
            fetch: options.function("fetch"),
            schedule: options.function("schedule"),
            on_event: options.function("onEvent"),
            instagram_account_id,
            limits: Limits::of(options),
            max_rate_limit_wait_ms: longest_wait_ms.unwrap_or(Patience::default().max_rate_limit_wait_ms),
            paces: calls_per_second(options).map(|calls| [Pace::new(calls), Pace::new(calls)]),
            cool_down: CoolDown::default(),
            paused_until: Cell::new(0.0),
            served: RefCell::new(None),
        })
    }

    /// Notes the secrets of a request that is about to go out.
    pub fn note_secrets(&self, secrets: &Rc<Secrets>) {
        self.secrets.replace(Rc::clone(secrets));
    }

    /// Path and query of a request as they may be shown: somebody may have given a token where an ID belongs.
    pub fn shown_target(&self, request: &Request) -> String {
        self.secrets.borrow().redact(&request.target())
    }

    /// Lets no request out before a rate limit lifts.
    pub fn pause(&self, ms: f64) {
        self.paused_until.set(self.paused_until.get().max(now_ms() + ms));
    }

    /// The failure that a call is given up with. A rate limit holds for the client's other calls too.
    pub fn give_up(&self, mut failure: Box<Failure>, lifts_after_ms: Option<f64>) -> Box<Failure> {
        failure.retry_after_ms = lifts_after_ms;
        if let (Kind::RateLimit, Some(ms)) = (failure.kind, lifts_after_ms) {
            self.cool_down.begin(now_ms(), ms, &failure);
        }
        failure
    }
}

/// Calls in any one second; `false` is no limit.
fn calls_per_second(options: &Options) -> Option<u32> {
    /// Graph's documented limit for conversations.
    const DOCUMENTED: u32 = 2;
    options.value("callsPerSecond").map_or(Some(DOCUMENTED), |calls| whole_number(&calls))
}

/// Whoever opens a page can read its memory, so the app secret is refused where there is a page or a worker of one.
fn app_secret(options: &Options) -> Result<Option<Secret>, JsValue> {
    let Some(value) = options.text("appSecret") else { return Ok(None) };
    if has_dom() || has_origin() {
        let problem = "belongs on servers only; in a browser anyone can read it";
        return Err(refused(InvalidOption::new("appSecret", &[problem])));
    }
    secret("appSecret", &value).map_err(refused)?;
    Ok(Some(Secret::new(value)))
}

fn missing(option: &'static str, expected: &str) -> JsValue {
    refused(InvalidOption::new(option, &["is missing; expected ", expected]))
}
