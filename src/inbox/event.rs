//! What `onEvent` is told. Everything in it was redacted before.

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::client::Client;
use crate::host::value::to_js;
use crate::protocol::error::Kind;
use crate::protocol::usage::Usage;

/// One thing that happened.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Event<'a> {
    /// A request is about to go out.
    Request { method: &'static str, path: &'a str, attempt: u32 },
    /// An answer arrived, good or bad, with the whole of its body.
    Response {
        path: &'a str,
        status: u16,
        attempt: u32,
        duration_ms: f64,
        usage: &'a [Usage],
        #[serde(skip_serializing_if = "Option::is_none")]
        api_version: Option<&'a str>,
    },
    /// A passing fault: the same is tried again.
    Retry { path: &'a str, attempt: u32, delay_ms: f64, reason: Kind },
    /// The pace or a rate limit asks for patience.
    Wait { path: &'a str, delay_ms: f64, reason: &'static str },
    /// More or fewer conversations are asked for at once.
    PageSize { from: u32, to: u32 },
    /// Of this conversation Graph tells the ID alone.
    Unreadable { conversation_id: &'a str },
    /// Another version than the one asked for answered.
    Version { requested: &'a str, served: &'a str },
}

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = tell)]
    fn tell_listener(listener: &Function, event: &JsValue);
}

/// Tells the client's listener, if there is one. What it throws, at once or later, changes nothing.
pub fn tell(client: &Client, event: &Event<'_>) {
    if let Some(listener) = &client.on_event {
        tell_listener(listener, &to_js(event));
    }
}
