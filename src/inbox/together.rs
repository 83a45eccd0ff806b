//! Several futures under way at once, but no more than so many.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Runs them, `most` at a time; the results in the order of the futures.
pub async fn together<T>(most: usize, futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<Pin<Box<_>>> = futures.into_iter().map(Box::pin).collect();
    let mut results: Vec<Option<T>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        let open = running.iter_mut().zip(&mut results).filter(|(_, result)| result.is_none());
        let mut under_way = 0;
        for (future, result) in open {
            if under_way == most {
                break;
            }
            match future.as_mut().poll(context) {
                Poll::Ready(value) => *result = Some(value),
                Poll::Pending => under_way += 1,
            }
        }
        if under_way == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::task::{Context, Waker};

    use super::*;

    #[test]
    fn no_more_than_so_many_at_a_time_and_in_order() {
        let (now, peak) = (Cell::new(0), Cell::new(0));
        let work = |rounds: u32| {
            let (now, peak) = (&now, &peak);
            async move {
                now.set(now.get() + 1);
                peak.set(peak.get().max(now.get()));
                let mut left = rounds;
                poll_fn(|_| {
                    left -= 1;
                    if left == 0 { Poll::Ready(()) } else { Poll::Pending }
                })
                .await;
                now.set(now.get() - 1);
                rounds
            }
        };
        let mut all = Box::pin(together(3, [5, 1, 4, 2, 3, 1, 6].map(work).into()));
        let mut context = Context::from_waker(Waker::noop());
        let results = loop {
            if let Poll::Ready(results) = all.as_mut().poll(&mut context) {
                break results;
            }
        };
        assert_eq!(results, [5, 1, 4, 2, 3, 1, 6]);
        assert_eq!(peak.get(), 3);
    }
}
