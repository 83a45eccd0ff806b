//! `fetch`: the global one, which also runs outside a window, or the caller's.

use js_sys::{Array, Function, JsString, Object, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, RequestInit, RequestRedirect, Response};

use super::value::set;

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = globalFetch)]
    fn global_fetch() -> JsValue;
    /// Fetches and reads: `[response, text, is_cut]`, or what is no response alone.
    fn exchange(fetch: &Function, url: &str, init: &RequestInit) -> Promise;
}

/// The function that was to fetch is none, or gave something else than a response: what is wrong with it.
pub type Unfit = &'static str;

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

/// Sends a request; the promise is for `read`. It has no header but those given and a form's type: any other would
/// cost browsers a preflight.
pub fn send(custom: Option<&Function>, outbound: &Outbound<'_>, signal: &AbortSignal) -> Result<Promise, Unfit> {
    let global = global_fetch();
    let fetch = custom.or_else(|| global.dyn_ref()).ok_or("this runtime has no global fetch; give one")?;
    let init = RequestInit::new();
    init.set_method(outbound.method);
    // Told apart from a lost connection; some runtimes refuse `error`.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(signal));
    let header = outbound.authorization.map(|value| ("Authorization", value));
    if let Some((name, value)) = header.or(outbound.form.map(|_| ("Content-Type", "application/x-www-form-urlencoded")))
    {
        let headers = Object::new();
        set(&headers, name, &JsValue::from_str(value));
        init.set_headers(&headers);
    }
    if let Some(form) = outbound.form {
        init.set_body(&JsValue::from_str(form));
    }
    Ok(exchange(fetch, outbound.url, &init))
}

/// What came of a request: the response, and its body. That stays JavaScript's: most of it is never needed in Rust.
pub fn read(exchanged: &JsValue) -> Result<(Reply, JsString), Unfit> {
    let exchanged: &Array = exchanged.unchecked_ref();
    if exchanged.length() < 2 {
        return Err("gave something else than a Response");
    }
    let text = exchanged.get(1).dyn_into().map_err(|_| "gave a Response whose text() is no string")?;
    Ok((Reply { response: exchanged.get(0).unchecked_into(), is_cut: exchanged.get(2).is_truthy() }, text))
}

/// A response.
pub struct Reply {
    response: Response,
    /// Whether its body is longer than what was read of it.
    pub is_cut: bool,
}

impl Reply {
    /// HTTP status; 0 for a redirect that a browser hides.
    pub fn status(&self) -> u16 {
        self.response.status()
    }

    /// A header, if there is one and the runtime lets it be read (CORS can hide it).
    pub fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok()?
    }
}
