//! Promises: made of futures, and waited for with a time limit.

use std::future::Future;
use std::pin::Pin;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen(module = "/src/host/wait.js")]
extern "C" {
    /// Waits for `work`, at most `ms` milliseconds and not beyond an abort. Resolves with `[value]`, or with `undefined` when
    /// the time is up; rejects with the reason of the signal.
    pub fn race(work: &JsValue, ms: f64, signals: &Array) -> Promise;

    /// Ends the wait of every race without work, as if its time were up.
    #[wasm_bindgen(js_name = wakeSleepers)]
    pub fn wake_sleepers();

    /// Calls a function; returns a promise of its result, of what its promise resolves with, or of what it throws.
    #[wasm_bindgen(js_name = promiseTry)]
    pub fn promise_try(call: &Function) -> Promise;

    /// Returns the same promise, whose rejection may stay unhandled.
    #[wasm_bindgen(js_name = ignoreRejection)]
    pub fn ignore_rejection(promise: Promise) -> Promise;

    /// Emits an event. What the listener throws, at once or later, changes nothing.
    pub fn emit(listener: &Function, event: &JsValue);

    /// The permission of the caller's `schedule` to send one request.
    pub type Permit;
    /// Asks `schedule` for it.
    #[wasm_bindgen(constructor)]
    pub fn new(schedule: &Function) -> Permit;
    /// Resolves with `true` when the request may be sent, and with `false` if `schedule` settled without running it; rejects
    /// with what `schedule` threw before.
    #[wasm_bindgen(method, getter)]
    pub fn opened(this: &Permit) -> Promise;
    /// Tells `schedule` how the request went. Resolves when `schedule` has settled well or passed on this very error; rejects
    /// with anything else that it threw. A rejection may stay unhandled.
    #[wasm_bindgen(method)]
    pub fn end(this: &Permit, has_failed: bool, error: &JsValue) -> Promise;
}

/// Returns a promise of a future's output. Boxed, because the code that drives a future is compiled for every type of future.
pub fn promised(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let future: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin(future);
    future_to_promise(future)
}
