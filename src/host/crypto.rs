//! `crypto.subtle`.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/host/crypto.js")]
extern "C" {
    /// Signs a message with HMAC-SHA256. Resolves with 64 lower-case hex digits, or with `undefined` where the runtime has no
    /// WebCrypto.
    #[wasm_bindgen(js_name = hmacSha256)]
    pub fn hmac_sha256(key: &str, message: &str) -> Promise;
}
