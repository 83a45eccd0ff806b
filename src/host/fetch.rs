//! `fetch`: the global one, which also runs outside a window, or the caller's.

use js_sys::{Function, JsString, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, RequestRedirect, Response};

use super::error::described;
use super::value::{get, set};
use crate::protocol::option::InvalidOption;

/// Why there is no reply.
pub enum Trouble {
    /// No connection, or one that broke: what the runtime says of it.
    Lost(String),
    /// The function that was to fetch is none, or gave something else than a response.
    Unfit(InvalidOption),
}

/// A response whose body is still to be read.
pub struct Reply(Response);

/// A request as `fetch` takes it.
pub struct Outbound<'a> {
    /// The whole URL.
    pub url: &'a str,
    /// HTTP method.
    pub method: &'a str,
    /// The value of the `Authorization` header, where the token travels in it: not beside a form, which carries the token
    /// itself.
    pub authorization: Option<&'a str>,
    /// A form, percent-encoded.
    pub form: Option<&'a str>,
}

/// Sends a request. It has no header but those given and a form's type: any other would cost browsers a preflight.
pub async fn send(custom: Option<&Function>, outbound: &Outbound<'_>, signal: &AbortSignal) -> Result<Reply, Trouble> {
    let global = get(&js_sys::global(), "fetch").unwrap_or(JsValue::UNDEFINED);
    let Some(fetch) = custom.or_else(|| global.dyn_ref()) else {
        return Err(unfit("this runtime has no global fetch; give one"));
    };
    let init = RequestInit::new();
    init.set_method(outbound.method);
    // Told apart from a lost connection; some runtimes refuse `error`.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(signal));
    let header = |name, value| {
        let headers = Object::new();
        set(&headers, name, &JsValue::from_str(value));
        init.set_headers(&headers);
    };
    if let Some(value) = outbound.authorization {
        header("Authorization", value);
    }
    if let Some(form) = outbound.form {
        header("Content-Type", "application/x-www-form-urlencoded");
        init.set_body(&JsValue::from_str(form));
    }
    let url = JsValue::from_str(outbound.url);
    let promise = fetch.call2(&JsValue::UNDEFINED, &url, &init).map_err(|thrown| lost(&thrown))?;
    let value = JsFuture::from(Promise::resolve(&promise)).await.map_err(|thrown| lost(&thrown))?;
    as_response(value).map(Reply).ok_or_else(|| unfit("gave something else than a Response"))
}

impl Reply {
    /// HTTP status; 0 for a redirect that a browser hides.
    pub fn status(&self) -> u16 {
        self.0.status()
    }

    /// A header, if there is one and the runtime lets it be read (CORS can hide it).
    pub fn header(&self, name: &str) -> Option<String> {
        self.0.headers().get(name).ok()?
    }

    /// The whole body. It stays JavaScript's: most of it is never needed in Rust.
    pub async fn text(&self) -> Result<JsString, Trouble> {
        let promise = self.0.text().map_err(|thrown| lost(&thrown))?;
        let text = JsFuture::from(Promise::resolve(&promise)).await.map_err(|thrown| lost(&thrown))?;
        text.dyn_into().map_err(|_| unfit("gave a Response whose text() is no string"))
    }
}

fn lost(thrown: &JsValue) -> Trouble {
    Trouble::Lost(described(thrown))
}

fn unfit(problem: &str) -> Trouble {
    Trouble::Unfit(InvalidOption::new("fetch", &[problem]))
}

/// A value that behaves as a `Response`. Its class is not asked: a polyfill or a test has its own.
fn as_response(value: JsValue) -> Option<Response> {
    let is_function = |object: &JsValue, name| get(object, name).is_ok_and(|method| method.is_function());
    let fits = value.is_object()
        && get(&value, "status").is_ok_and(|status| status.as_f64().is_some())
        && is_function(&value, "text")
        && get(&value, "headers").is_ok_and(|headers| headers.is_object() && is_function(&headers, "get"));
    fits.then(|| value.unchecked_into())
}
