//! Effects, performed.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use crate::source::{Source, perform};
use crate::tui::{Answer, Ask, Msg, RequestId};

/// Requests under way.
pub struct Requests {
    sources: Vec<Arc<dyn Source>>,
    send: UnboundedSender<Msg>,
    running: HashMap<RequestId, AbortHandle>,
}

impl Requests {
    /// None yet.
    pub fn new(sources: Vec<Arc<dyn Source>>, send: UnboundedSender<Msg>) -> Self {
        Self { sources, send, running: HashMap::new() }
    }

    /// Asks; the answer comes as a message. A panic in it is an answer too.
    pub fn ask(&mut self, place: usize, id: RequestId, ask: Ask) {
        self.running.retain(|_, task| !task.is_finished());
        let source = Arc::clone(&self.sources[place]);
        let send = self.send.clone();
        let task = tokio::spawn(async move {
            let failed = failure_of(&ask);
            let answer = AssertUnwindSafe(answer(&*source, ask)).catch_unwind().await.unwrap_or(failed);
            // Nobody is there to hear it when the interface is closing.
            let _ = send.send(Msg::Answer(id, answer));
        });
        self.running.insert(id, task.abort_handle());
    }

    /// What the source keeps is let go.
    pub fn ask_anew(&self, place: usize) {
        self.sources[place].ask_anew();
    }

    /// Stops a request.
    pub fn cancel(&mut self, id: RequestId) {
        if let Some(task) = self.running.remove(&id) {
            task.abort();
        }
    }
}

async fn answer(source: &dyn Source, ask: Ask) -> Answer {
    match ask {
        Ask::Audit(question) => Answer::Audit(perform::answer(source, question).await),
        Ask::Renew(codes) => Answer::Renewed(source.renew(codes).await),
        Ask::Page(request, known) => Answer::Page(source.page(request, &known).await),
        Ask::Stream(_, known) => Answer::Stream(source.stream(&known).await),
        Ask::Tail(table, position, known) => Answer::Tail(source.tail(&table, position, &known).await),
        Ask::AccessKey(id, question, known) => {
            Answer::AccessKey(source.access_key(&id, question, &known).await)
        }
        Ask::LookUp(lookup) => Answer::LookedUp(source.look_up(lookup).await),
    }
}

fn failure_of(ask: &Ask) -> Answer {
    let gap = perform::internal();
    match ask {
        Ask::Audit(question) => Answer::Audit(question.failed(gap)),
        Ask::Renew(_) => Answer::Renewed(Err(gap)),
        Ask::Page(..) => Answer::Page(Err(gap)),
        Ask::Stream(..) => Answer::Stream(Err(gap)),
        Ask::Tail(..) => Answer::Tail(Err(gap)),
        Ask::AccessKey(..) => Answer::AccessKey(Err(gap)),
        Ask::LookUp(_) => Answer::LookedUp(Err(gap)),
    }
}
