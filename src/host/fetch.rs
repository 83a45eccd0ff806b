//! `fetch`: the global one, which also runs outside a window, or the caller's.

use js_sys::{Array, Function, JsString, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{self, AbortSignal};

use crate::protocol::call::http::{HEADERS, HttpRequest};

#[wasm_bindgen(module = "/src/host/fetch.js")]
extern "C" {
    /// Fetches with the caller's function or else the global one, and reads the body and these headers. Resolves with
    /// `[response, text, is_cut]`; with `[value]` where the value is no response; with `[]` where there is no function.
    fn exchange(
        custom: Option<&Function>,
        url: &str,
        method: &str,
        authorization: Option<&str>,
        form: Option<&str>,
        signal: &AbortSignal,
        headers: &str,
    ) -> Promise;
    /// Returns those of some headers that a response has, each name before its value, one to a line.
    #[wasm_bindgen(js_name = headersOf)]
    fn headers_of(response: &web_sys::Response, names: &str) -> String;
}

/// Tells what is wrong with a `fetch` that is no function, or that returned no response.
pub type Unfit = &'static str;

/// Sends a request; `read` takes what the promise resolves with.
pub fn send(custom: Option<&Function>, request: &HttpRequest, signal: &AbortSignal) -> Promise {
    let (authorization, form) = (request.authorization.as_deref(), request.form.as_deref());
    exchange(custom, &request.url, request.method, authorization, form, signal, HEADERS)
}

/// Returns the response with its body.
pub fn read(exchanged: &JsValue) -> Result<Response, Unfit> {
    let exchanged: &Array = exchanged.unchecked_ref();
    match exchanged.length() {
        0 => return Err("this runtime has no global fetch; give one"),
        1 => return Err("gave no Response"),
        _ => {}
    }
    let text = exchanged.get(1).dyn_into().map_err(|_| "gave a Response whose text() is no string")?;
    Ok(Response { inner: exchanged.get(0).unchecked_into(), text, is_cut: exchanged.get(2).is_truthy() })
}

/// A response whose body was read.
pub struct Response {
    inner: web_sys::Response,
    /// The body. It stays a JavaScript string: Rust never needs most of it.
    pub text: JsString,
    /// Whether the body is longer than the part that was read.
    pub is_cut: bool,
}

impl Response {
    /// Returns the HTTP status; 0 for a redirect that a browser hides.
    pub fn status(&self) -> u16 {
        self.inner.status()
    }

    /// Returns a header, if there is one and the runtime lets it be read (CORS can hide it).
    pub fn header(&self, name: &str) -> Option<String> {
        self.inner.headers().get(name).ok()?
    }

    /// Returns all of `HEADERS` that there are, each name before its value, one to a line.
    pub fn headers(&self) -> String {
        headers_of(&self.inner, HEADERS)
    }
}
