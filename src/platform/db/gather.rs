//! Reads that arrive together share a statement: one task asks whatever gathered while its last statement was in
//! flight. It never waits for more, so a lone caller is answered as soon as alone.

use std::future::Future;
use std::sync::OnceLock;

use tokio::sync::{mpsc, oneshot};

use crate::kernel::error::Error;

/// Questions of one statement.
const TOGETHER: usize = 64;
/// Questions that wait at the most; whoever comes then asks alone.
const WAITING: usize = 1_024;

type Asked<Q, A> = (Q, oneshot::Sender<A>);

/// A queue of questions of one kind; one for each worker of the server, so that none of them waits for another's
/// thread.
pub struct Gather<Q, A>(OnceLock<mpsc::Sender<Asked<Q, A>>>);

impl<Q, A> Default for Gather<Q, A> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<Q: Send + 'static, A: Send + 'static> Gather<Q, A> {
    /// The answer to a question, asked together with others by `all` (one answer for each question, in their order),
    /// which must be the same function every time. `None` when that failed or too many wait: then ask alone, and hear
    /// why.
    pub async fn ask<F>(&self, question: Q, all: impl Fn(Vec<Q>) -> F + Send + 'static) -> Option<A>
    where
        F: Future<Output = Result<Vec<A>, Error>> + Send + 'static,
    {
        let queue = self.0.get_or_init(|| {
            let (sender, receiver) = mpsc::channel(WAITING);
            // A task of its own: a caller who gives up leaves no half-read connection behind.
            tokio::spawn(run(receiver, all));
            sender
        });
        let (answer, answered) = oneshot::channel();
        queue.try_send((question, answer)).ok()?;
        answered.await.ok()
    }
}

async fn run<Q, A, F>(mut queue: mpsc::Receiver<Asked<Q, A>>, all: impl Fn(Vec<Q>) -> F)
where
    F: Future<Output = Result<Vec<A>, Error>>,
{
    let mut gathered = Vec::with_capacity(TOGETHER);
    while queue.recv_many(&mut gathered, TOGETHER).await > 0 {
        let (questions, callers): (Vec<_>, Vec<_>) = gathered.drain(..).unzip();
        // Of a failure each caller hears by asking alone.
        if let Ok(answers) = all(questions).await {
            for (caller, answer) in callers.into_iter().zip(answers) {
                // Whoever asked may be gone.
                let _ = caller.send(answer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn who_comes_together_is_asked_together_and_everybody_hears_the_own_answer() {
        let (gather, statements) = (Gather::<u32, u32>::default(), Arc::new(AtomicUsize::new(0)));
        let counted = || {
            let statements = statements.clone();
            move |questions: Vec<u32>| {
                statements.fetch_add(1, Ordering::Relaxed);
                async move { Ok(questions.into_iter().map(|question| question * 2).collect()) }
            }
        };
        let answers = join_all((0..200).map(|question| gather.ask(question, counted()))).await;
        assert!((0..200).zip(answers).all(|(question, answer)| answer == Some(question * 2)));
        assert_eq!(statements.load(Ordering::Relaxed), 200_usize.div_ceil(TOGETHER));
    }

    #[tokio::test]
    async fn a_failure_and_a_full_queue_send_callers_their_own_way() {
        let failing = |_: Vec<u32>| async { Err::<Vec<u32>, _>(Error::not_found()) };
        let gather = Gather::<u32, u32>::default();
        let answers = join_all((0..2_000).map(|question| gather.ask(question, failing))).await;
        assert!(answers.iter().all(Option::is_none));
    }
}
