//! Work that goes on by itself, whose outcome any number of callers can wait for.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::call::Problem;
use super::page::Page;

type Outcome = Result<Page, Problem>;

/// A page that is being read.
#[derive(Clone)]
pub struct Ahead {
    outcome: Rc<RefCell<Option<Outcome>>>,
    /// Settles with the outcome, but never rejects: a failure nobody waits for is no unhandled rejection.
    settled: Promise,
}

impl Ahead {
    /// Begins the work.
    pub fn begin(work: impl Future<Output = Outcome> + 'static) -> Self {
        let outcome = Rc::new(RefCell::new(None));
        let done: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin({
            let outcome = Rc::clone(&outcome);
            async move {
                let value = work.await;
                outcome.replace(Some(value));
                Ok(JsValue::UNDEFINED)
            }
        });
        Self { outcome, settled: future_to_promise(done) }
    }

    /// Waits for the outcome.
    pub async fn wait(self) -> Outcome {
        JsFuture::from(self.settled).await?;
        let outcome = self.outcome.borrow().clone();
        outcome.unwrap_or(Err(Problem::Thrown(JsValue::UNDEFINED)))
    }
}
