//! `setTimeout`, and the clock.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// Milliseconds since 1970.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Reads a date as the engine does; no number where it can not.
pub fn date_ms(text: &str) -> f64 {
    js_sys::Date::parse(text)
}

/// A number from 0 to 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}

/// Waits. Ended early, it leaves no timer behind that would keep a process alive.
pub fn sleep(ms: f64) -> impl Future<Output = ()> {
    let state = Rc::new(State::default());
    let callback = Closure::<dyn FnMut()>::new({
        let state = Rc::clone(&state);
        move || {
            state.is_over.set(true);
            if let Some(waker) = state.waker.take() {
                waker.wake();
            }
        }
    });
    // Timers take no more than 31 bits and fire at once beyond them; and they may fire early, by a part of one.
    let ms = ms.ceil().min(f64::from(i32::MAX)) as i32;
    let id = set_timeout(callback.as_ref().unchecked_ref(), ms);
    Sleep { id, state, _callback: callback }
}

#[derive(Default)]
struct State {
    is_over: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

struct Sleep {
    id: JsValue,
    state: Rc<State>,
    _callback: Closure<dyn FnMut()>,
}

impl Future for Sleep {
    type Output = ();
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.is_over.get() {
            return Poll::Ready(());
        }
        self.state.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if !self.state.is_over.get() {
            clear_timeout(&self.id);
        }
    }
}

/// Does the work unless it takes too long; `None` is no limit.
pub async fn within<T>(ms: Option<f64>, work: impl Future<Output = T>) -> Option<T> {
    let Some(ms) = ms else { return Some(work.await) };
    let mut limit = pin!(sleep(ms));
    let mut work = pin!(work);
    poll_fn(|context| {
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}
