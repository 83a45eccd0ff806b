//! `AbortSignal`.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::value::get;

/// A value that behaves as an `AbortSignal`. Its class is not asked: another window, a polyfill or a test has its own.
pub fn as_signal(value: &JsValue) -> Option<&AbortSignal> {
    let fits = value.is_object()
        && get(value, "aborted").is_ok_and(|aborted| aborted.as_bool().is_some())
        && ["addEventListener", "removeEventListener"]
            .iter()
            .all(|name| get(value, name).is_ok_and(|method| method.is_function()));
    fits.then(|| value.unchecked_ref())
}

/// Does the work unless the signal is aborted first; `Err` is the signal's own reason, whatever value that is.
pub async fn unless_aborted<T>(signal: Option<&AbortSignal>, work: impl Future<Output = T>) -> Result<T, JsValue> {
    let Some(signal) = signal else { return Ok(work.await) };
    let listener = Listener::new(signal);
    let mut work = pin!(work);
    poll_fn(|context| {
        // First, because an abort also makes the request fail, and the reason is what the caller waits for.
        if signal.aborted() {
            return Poll::Ready(Err(get(signal, "reason").unwrap_or(JsValue::UNDEFINED)));
        }
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Ok(value));
        }
        listener.waiting.set(Some(context.waker().clone()));
        Poll::Pending
    })
    .await
}

/// Wakes a task when a signal is aborted, and listens no longer than it lives.
struct Listener<'a> {
    signal: &'a AbortSignal,
    waiting: Rc<Cell<Option<Waker>>>,
    callback: Closure<dyn FnMut()>,
}

const ABORT: &str = "abort";

impl<'a> Listener<'a> {
    fn new(signal: &'a AbortSignal) -> Self {
        let waiting = Rc::new(Cell::new(None::<Waker>));
        let callback = Closure::<dyn FnMut()>::new({
            let waiting = Rc::clone(&waiting);
            move || {
                if let Some(waker) = waiting.take() {
                    waker.wake();
                }
            }
        });
        let _ = signal.add_event_listener_with_callback(ABORT, callback.as_ref().unchecked_ref());
        Self { signal, waiting, callback }
    }
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.signal.remove_event_listener_with_callback(ABORT, callback);
    }
}
