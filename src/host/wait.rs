//! Promises: made of futures, and waited for with a limit.

use std::future::Future;
use std::pin::Pin;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen(module = "/pkg-template/engine.js")]
extern "C" {
    /// Waits for `work`, but no longer than `ms` and not beyond an abort: `[value]`, or `undefined` when the time is up;
    /// rejects with the reason of the signal.
    pub fn race(work: &JsValue, ms: f64, signals: &Array) -> Promise;

    /// What a function gives, a promise or not, or throws: as a promise.
    pub fn asked(ask: &Function) -> Promise;

    /// A promise whose failure may go unheard.
    pub fn hushed(promise: Promise) -> Promise;

    /// Where the caller's `schedule` decides when a request goes out.
    pub type Turn;
    /// Asks it.
    #[wasm_bindgen(constructor)]
    pub fn new(schedule: &Function) -> Turn;
    /// Gives whether the request may go out.
    #[wasm_bindgen(method, getter)]
    pub fn opened(this: &Turn) -> Promise;
    /// Tells how the request went, by its error or `undefined`; settles when `schedule` has settled.
    #[wasm_bindgen(method)]
    pub fn end(this: &Turn, error: &JsValue) -> Promise;
}

/// A promise of what a future gives. Boxed, because the code that drives a future is compiled for every type of one.
pub fn promised(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let future: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin(future);
    future_to_promise(future)
}
