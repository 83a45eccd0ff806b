//! A client for one Page: its options, read and checked once.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::host::environment::{has_dom, has_origin};
use crate::host::error::refused;
use crate::host::options::{Options, wrong};
use crate::protocol::option::{InvalidOption, secret};
use crate::protocol::secret::Secret;
use crate::protocol::settings::{Settings, TokenTransport};

/// The names of its options.
pub const OPTIONS: &[&str] =
    &["pageId", "accessToken", "appSecret", "apiVersion", "baseUrl", "tokenTransport", "fetch", "schedule", "onEvent"];

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
    /// The version that answered last, when it was not the one asked for.
    pub served: RefCell<Option<String>>,
    token: TokenSource,
}

impl Client {
    /// Reads the options; `others` are names that belong to somebody else.
    pub fn new(value: &JsValue, others: &[&[&str]]) -> Result<Self, JsValue> {
        let known = [&[OPTIONS], others].concat();
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
        Ok(Self {
            settings,
            transport,
            app_secret: app_secret(&options)?,
            token: token_source(&options)?,
            fetch: options.function("fetch")?,
            schedule: options.function("schedule")?,
            on_event: options.function("onEvent")?,
            served: RefCell::new(None),
        })
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
