//! A clock that jumps from timer to timer.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures::executor::LocalPool;
use futures::task::LocalSpawnExt;

/// Virtual time, in whole milliseconds since 1970 like the clocks of JavaScript.
#[derive(Clone, Default)]
pub struct Clock(Rc<State>);

#[derive(Default)]
struct State {
    now_ms: Cell<u64>,
    latest: Cell<u64>,
    /// By time, then in the order in which they were set.
    timers: RefCell<BTreeMap<(u64, u64), Waker>>,
    /// Sleepers to be woken early, each with the number of its latest timer.
    sleepers: RefCell<Vec<Waker>>,
    wakes: Cell<u64>,
}

/// The spawner and the clock of a run.
pub struct Run {
    pool: LocalPool,
    clock: Clock,
}

impl Run {
    /// Begins a run at a time.
    pub fn new(now_ms: u64) -> Self {
        let clock = Clock::default();
        clock.0.now_ms.set(now_ms);
        Self { pool: LocalPool::new(), clock }
    }

    /// The clock of this run.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Adds a task.
    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.pool.spawner().spawn_local(task).unwrap();
    }

    /// Runs until no task can go on by itself and no timer is left.
    pub fn finish(&mut self) {
        for _ in 0..100_000 {
            self.pool.run_until_stalled();
            let next = self.clock.0.timers.borrow_mut().pop_first();
            let Some(((at_ms, _), waker)) = next else { return };
            self.clock.0.now_ms.set(at_ms.max(self.clock.0.now_ms.get()));
            waker.wake();
        }
        panic!("a run does not come to its end");
    }
}

impl Clock {
    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> f64 {
        self.0.now_ms.get() as f64
    }

    /// Waits until a time; infinity is forever.
    pub async fn sleep_until(&self, until_ms: f64) {
        if until_ms.is_infinite() {
            // Nothing wakes it: a run ends all the same.
            return std::future::pending().await;
        }
        let until_ms = until_ms.ceil() as u64;
        let mut is_set = false;
        poll_fn(|context| {
            if self.0.now_ms.get() >= until_ms {
                return Poll::Ready(());
            }
            if !std::mem::replace(&mut is_set, true) {
                self.0.latest.set(self.0.latest.get() + 1);
                self.0.timers.borrow_mut().insert((until_ms, self.0.latest.get()), context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    /// Waits so many milliseconds.
    pub async fn sleep(&self, ms: f64) {
        self.sleep_until(self.now_ms() + ms).await;
    }

    /// Waits until a time, or until somebody wakes all sleepers.
    pub async fn doze_until(&self, until_ms: f64) {
        let wakes = self.0.wakes.get();
        let mut timer = Box::pin(self.sleep_until(until_ms));
        poll_fn(|context| {
            if self.0.wakes.get() != wakes {
                return Poll::Ready(());
            }
            self.0.sleepers.borrow_mut().push(context.waker().clone());
            timer.as_mut().poll(context)
        })
        .await;
    }

    /// Ends the wait of all who doze.
    pub fn wake_sleepers(&self) {
        self.0.wakes.set(self.0.wakes.get() + 1);
        self.0.sleepers.take().into_iter().for_each(Waker::wake);
    }
}

/// The signal of a call, which is aborted at a time or never.
#[derive(Debug, Clone, Default)]
pub struct Signal {
    /// When it is aborted, in milliseconds since 1970.
    pub at_ms: Option<f64>,
}

impl Signal {
    /// Whether it is aborted.
    pub fn is_aborted(&self, clock: &Clock) -> bool {
        self.at_ms.is_some_and(|at_ms| at_ms <= clock.now_ms())
    }
}

/// What ended a wait.
pub enum Raced<T> {
    /// The work was done.
    Won(T),
    /// Time was up.
    TimeUp,
    /// The signal was aborted.
    Aborted,
}

/// Waits for work, until a time at the longest and not beyond an abort: `race` of the host. Without work it may be woken.
pub async fn race<T>(
    clock: &Clock,
    work: Option<Pin<Box<dyn Future<Output = T> + '_>>>,
    until_ms: f64,
    signal: &Signal,
) -> Raced<T> {
    let can_doze = work.is_none();
    let mut work = work.unwrap_or_else(|| Box::pin(std::future::pending()));
    let mut time: Pin<Box<dyn Future<Output = ()>>> =
        if can_doze { Box::pin(clock.doze_until(until_ms)) } else { Box::pin(clock.sleep_until(until_ms)) };
    let mut abort = Box::pin(clock.sleep_until(signal.at_ms.unwrap_or(f64::INFINITY)));
    poll_fn(|context| {
        if abort.as_mut().poll(context).is_ready() {
            return Poll::Ready(Raced::Aborted);
        }
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Raced::Won(value));
        }
        time.as_mut().poll(context).map(|()| Raced::TimeUp)
    })
    .await
}

/// Random numbers, the same for the same seed.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    /// Begins with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1))
    }

    /// The next number, from 0 to 1.
    pub fn fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number below another.
    pub fn below(&mut self, end: usize) -> usize {
        (self.fraction() * end as f64) as usize
    }

    /// Whether something of this probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
