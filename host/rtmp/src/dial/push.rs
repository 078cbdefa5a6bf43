//! Publishing a stream of this server to another one.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use fanout::Entry;
use router::Subscription;
use rtmp_proto::client::Event;
use rtmp_proto::status;
use tokio::time::Instant;

use super::ask::{Over, Verb, ask, heard};
use super::backlog::Backlog;
use super::session::{Happened, Session};
use super::{DialSettings, End, Progress, State, metadata};
use crate::crowd::Form;

/// Of which subscription, and what of it waits. It outlives a connection: a redirect loses no frame.
pub(super) struct Push<'a> {
    subscription: &'a mut Subscription,
    backlog: Backlog,
    batch: Vec<Arc<Entry>>,
    /// Frames that the progress knows to be skipped.
    told: u64,
    /// The publisher is gone: what waits is the last of it.
    ended: bool,
    /// A server has had frames of it.
    begun: bool,
}

impl<'a> Push<'a> {
    pub(super) fn new(subscription: &'a mut Subscription, settings: &DialSettings) -> Push<'a> {
        let told = subscription.skipped();
        let backlog = Backlog::new(settings.backlog_bytes, settings.backlog_time);
        Push { subscription, backlog, batch: Vec::new(), told, ended: false, begun: false }
    }

    /// Waits for frames: a server is not asked to take a stream of which there is nothing to send.
    pub(super) async fn first_frames(&mut self) -> Result<(), End> {
        while self.backlog.is_empty() {
            let event = self.subscription.next(&mut self.batch).await;
            self.take(event)?;
            if self.ended && self.backlog.is_empty() {
                return Err(End::LocalEnded);
            }
        }
        Ok(())
    }

    pub(super) async fn run(
        &mut self,
        mut session: Session<'_>,
        name: &str,
        settings: &DialSettings,
        progress: &Progress,
    ) -> Over {
        let admitted = match ask(&mut session, Verb::Publish, name, settings).await {
            Ok(admitted) => admitted,
            Err(over) => return over,
        };
        progress.enter(State::Live);
        if std::mem::replace(&mut self.begun, true) {
            self.backlog.restart();
        }
        let (chunk_size, hevc) = (session.proto.chunk_size(), self.subscription.hevc());
        let form = Form { chunk_size, stream: admitted.stream, hevc };
        let Err(over) = self.live(&mut session, form, progress).await;
        session.leave(Some(admitted.request)).await;
        over
    }

    async fn live(&mut self, session: &mut Session<'_>, form: Form, progress: &Progress) -> Result<Infallible, Over> {
        // A subscription that is not asked for frames, as the backlog is full, would not tell.
        let mut kicked = std::pin::pin!(self.subscription.kicked());
        loop {
            while session.has_room()
                && let Some(entry) = self.backlog.next()
            {
                session.send(message(&entry, form));
            }
            if !self.backlog.is_empty() {
                session.await_room();
            } else if self.ended {
                session.await_written();
            }
            self.tell_skipped(progress);
            tokio::select! {
                biased;
                happened = session.next() => match happened? {
                    Happened::Event(event) => over(session, event)?,
                    Happened::Room if self.ended && self.backlog.is_empty() => return Err(End::LocalEnded.into()),
                    Happened::Room => {}
                },
                kick = &mut kicked => return Err(End::Kicked(kick).into()),
                event = self.subscription.next(&mut self.batch), if !self.ended && !self.backlog.is_full() => {
                    self.take(event)?;
                }
                () = late(&self.backlog) => self.backlog.skip(),
            }
        }
    }

    fn take(&mut self, event: router::Event) -> Result<(), End> {
        self.backlog.add(&mut self.batch, Instant::now());
        match event {
            router::Event::Frames | router::Event::Started => {}
            router::Event::Ended => self.ended = true,
            router::Event::Kicked(kick) => return Err(End::Kicked(kick)),
        }
        Ok(())
    }

    /// Those that the backlog skipped, and those that the stream's ring dropped before they were asked for.
    fn tell_skipped(&mut self, progress: &Progress) {
        let skipped = self.subscription.skipped().saturating_add(self.backlog.skipped());
        progress.add_skipped(skipped.saturating_sub(self.told));
        self.told = skipped;
    }
}

/// A frame as the server gets it; shared with every server and player of the same chunk size and message stream id.
fn message(entry: &Entry, form: Form) -> Bytes {
    if metadata::is_on_meta_data(&entry.frame) { metadata::message(&entry.frame, form) } else { form.of(entry) }
}

/// What a server says of a stream that it takes: whether it is over.
fn over(session: &mut Session<'_>, event: Event) -> Result<(), Over> {
    match event {
        Event::Status { info, .. } if info.code == status::UNPUBLISH_SUCCESS => {
            Err(End::RemoteEnded { code: info.code, description: info.description }.into())
        }
        other => heard(session, other),
    }
}

async fn late(backlog: &Backlog) {
    match backlog.late_at() {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
