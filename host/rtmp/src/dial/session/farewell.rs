//! Leaving a server in good order.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use rtmp_proto::RequestId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Session;

/// How long a server may take to hear our last words and close its side.
const LINGER: Duration = Duration::from_secs(1);

impl Session<'_> {
    /// Ends the publish or play, says so (FCUnpublish, deleteStream), and closes once the server has closed, too: with
    /// unread input it would reset the connection, and take our last words with it.
    pub(in crate::dial) async fn leave(mut self, request: Option<RequestId>) {
        if let Some(request) = request {
            self.proto.stop(request);
        }
        let leaving = async {
            poll_fn(|cx| self.poll_last_words(cx)).await;
            if self.link.shutdown().await.is_ok() {
                // What comes now is of no interest.
                while matches!(self.link.read(&mut self.scratch).await, Ok(1..)) {}
            }
        };
        // A server that does not listen any more is left all the same.
        let _ = tokio::time::timeout(LINGER, leaving).await;
    }

    fn poll_last_words(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.write(cx);
        while self.read(cx) {
            while self.proto.next_event().is_some() {}
            self.kept.clear();
        }
        if self.is_written() || self.over.is_some() { Poll::Ready(()) } else { Poll::Pending }
    }
}
