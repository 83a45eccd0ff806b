//! A client for one Page: its options, read and checked once.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::call::{self, Limits};
use crate::host::environment::{has_dom, has_origin};
use crate::host::error::refused;
use crate::host::options::{Options, whole_number, wrong};
use crate::host::timer::now_ms;
use crate::protocol::error::{Failure, Kind};
use crate::protocol::option::{InvalidOption, secret, word};
use crate::protocol::pace::{CoolDown, Pace};
use crate::protocol::request::Request;
use crate::protocol::retry::Patience;
use crate::protocol::secret::{Secret, Secrets};
use crate::protocol::settings::{Settings, TokenTransport};

/// The names of its options.
pub const OPTIONS: &[&str] = &[
    "pageId",
    "accessToken",
    "appSecret",
    "apiVersion",
    "baseUrl",
    "tokenTransport",
    "instagramAccountId",
    "fetch",
    "maxRateLimitWaitMs",
    "callsPerSecond",
    "schedule",
    "onEvent",
];

/// Where the access token comes from.
enum TokenSource {
    Fixed(Secret),
    Asked(Function),
}

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
    secrets: RefCell<Secrets>,
    token: TokenSource,
}

impl Client {
    /// Reads the options; `others` are names that belong to somebody else.
    pub fn new(value: &JsValue, others: &[&[&str]]) -> Result<Self, JsValue> {
        let known = [&[OPTIONS, call::LIMITS], others].concat();
        let options = Options::new("options", value, &known, crate::inbox::list::hint)?;
        let page_id = options.text("pageId")?.ok_or_else(|| missing("pageId", "a Page ID or `me`"))?;
        let (version, base_url) = (options.text("apiVersion")?, options.text("baseUrl")?);
        let settings = Settings::new(&page_id, version.as_deref(), base_url.as_deref()).map_err(refused)?;
        let transport = match options.text("tokenTransport")? {
            Some(name) => TokenTransport::read(&name).map_err(refused)?,
            // Graph is not known to answer the preflight that an Authorization header costs.
            None if has_origin() => TokenTransport::Query,
            None => TokenTransport::Header,
        };
        let (token, app_secret) = (token_source(&options)?, app_secret(&options)?);
        let mut secrets = Secrets::default();
        if let TokenSource::Fixed(token) = &token {
            secrets.add(token.clone());
        }
        app_secret.iter().for_each(|secret| secrets.add(secret.clone()));
        Ok(Self {
            settings,
            transport,
            app_secret,
            token,
            secrets: RefCell::new(secrets),
            fetch: options.function("fetch")?,
            schedule: options.function("schedule")?,
            on_event: options.function("onEvent")?,
            instagram_account_id: instagram_account_id(&options)?,
            limits: Limits::read(&options)?,
            max_rate_limit_wait_ms: options
                .whole("maxRateLimitWaitMs", 0)?
                .map_or(Patience::default().max_rate_limit_wait_ms, f64::from),
            paces: calls_per_second(&options)?.map(|calls| [Pace::new(calls), Pace::new(calls)]),
            cool_down: CoolDown::default(),
            paused_until: Cell::new(0.0),
            served: RefCell::new(None),
        })
    }

    /// Notes the secrets of a request that is about to go out.
    pub fn note_secrets(&self, secrets: &Secrets) {
        self.secrets.replace(secrets.clone());
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
    pub fn give_up(&self, mut failure: Failure, lifts_after_ms: Option<f64>) -> Failure {
        failure.retry_after_ms = lifts_after_ms;
        if let (Kind::RateLimit, Some(ms)) = (failure.kind, lifts_after_ms) {
            self.cool_down.begin(now_ms(), ms, &failure);
        }
        failure
    }

    /// The token for the next attempt. What the caller's function throws is passed on as it is.
    pub async fn access_token(&self) -> Result<Secret, JsValue> {
        let ask = match &self.token {
            TokenSource::Fixed(token) => return Ok(token.clone()),
            TokenSource::Asked(ask) => ask.clone(),
        };
        let given = JsFuture::from(Promise::resolve(&ask.call0(&JsValue::UNDEFINED)?)).await?;
        let Some(token) = given.as_string() else {
            return Err(refused(InvalidOption::new(
                "accessToken",
                &["its function gave something else than a string"],
            )));
        };
        secret("accessToken", &token).map_err(refused)?;
        Ok(Secret::new(token))
    }
}

/// Calls in any one second; `false` is no limit.
fn calls_per_second(options: &Options) -> Result<Option<u32>, JsValue> {
    /// Graph's documented limit for conversations.
    const DOCUMENTED: u32 = 2;
    let (name, expected) = ("callsPerSecond", "a whole number, 1 or more, or false");
    let Some(value) = options.value(name, expected)? else { return Ok(Some(DOCUMENTED)) };
    if value.as_bool() == Some(false) {
        return Ok(None);
    }
    let calls = whole_number(&value).filter(|&calls| calls > 0);
    calls.map(Some).ok_or_else(|| wrong(name, expected, &value))
}

fn instagram_account_id(options: &Options) -> Result<Option<String>, JsValue> {
    let name = "instagramAccountId";
    let id = options.text(name)?;
    id.as_deref().map_or(Ok(()), |id| word(name, id)).map_err(refused)?;
    Ok(id)
}

const A_TOKEN: &str = "a Page access token or a function that gives one";

fn token_source(options: &Options) -> Result<TokenSource, JsValue> {
    let value = options.value("accessToken", A_TOKEN)?.ok_or_else(|| missing("accessToken", A_TOKEN))?;
    if let Some(token) = value.as_string() {
        secret("accessToken", &token).map_err(refused)?;
        return Ok(TokenSource::Fixed(Secret::new(token)));
    }
    match options.function("accessToken") {
        Ok(Some(ask)) => Ok(TokenSource::Asked(ask)),
        _ => Err(wrong("accessToken", A_TOKEN, &value)),
    }
}

/// Whoever opens a page can read its memory, so the app secret is refused where there is a page or a worker of one.
fn app_secret(options: &Options) -> Result<Option<Secret>, JsValue> {
    let Some(value) = options.text("appSecret")? else { return Ok(None) };
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
