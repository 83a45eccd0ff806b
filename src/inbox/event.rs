//! What `onEvent` is told. Everything in it was redacted before.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::client::Client;
use crate::host::value::to_js;
use crate::protocol::record::Record;

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = tell)]
    fn tell_listener(listener: &Function, event: &JsValue);
}

/// Tells the client's listener, if there is one, of an event; `describe` adds what belongs to it. What the listener
/// throws, at once or later, changes nothing.
pub fn tell(client: &Client, kind: &'static str, describe: &dyn Fn(&mut Record)) {
    if let Some(listener) = &client.on_event {
        let mut event = Record::default();
        describe(event.text("type", Some(kind)));
        tell_listener(listener, &to_js(&event));
    }
}
