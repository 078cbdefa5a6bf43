//! Playing from another server into a publication of this one.

use std::convert::Infallible;
use std::time::Duration;

use media::Kind;
use router::{Publication, Via, via};
use rtmp_proto::client::Event;
use rtmp_proto::event::MediaMessage;
use rtmp_proto::{MediaKind, status};
use tokio::time::{Instant, timeout_at};

use super::ask::{Over, Verb, ask, heard};
use super::session::{Happened, Session};
use super::{DialSettings, End, Progress, Stage, State};
use crate::data;

/// Data messages before the first audio or video, which wait for it: onMetaData and a few others.
const EARLY_MESSAGES: usize = 16;
const EARLY_BYTES: usize = 64 * 1024;
/// Messages taken in one turn before anything else is looked at.
const MESSAGES: usize = 256;

/// Into which publication a stream goes.
pub(super) struct Pull<'a> {
    pub(super) connection: &'a router::Connection,
    pub(super) name: &'a str,
}

impl Pull<'_> {
    pub(super) async fn run(
        &self,
        mut session: Session<'_>,
        name: &str,
        settings: &DialSettings,
        progress: &Progress,
    ) -> Over {
        let admitted = match ask(&mut session, Verb::Play, name, settings).await {
            Ok(admitted) => admitted,
            Err(over) => return over,
        };
        let Err(over) = self.play(&mut session, settings, progress).await;
        session.leave(Some(admitted.request)).await;
        over
    }

    /// Waits for the first media, and then publishes until either side ends. The publication ends with it.
    async fn play(
        &self,
        session: &mut Session<'_>,
        settings: &DialSettings,
        progress: &Progress,
    ) -> Result<Infallible, Over> {
        let first = tokio::select! {
            biased;
            kick = self.connection.kicked() => return Err(End::Kicked(kick).into()),
            first = first_media(session, self.connection, settings.idle_timeout) => first?,
        };
        let mut publication =
            self.connection.publish(self.name, "live").await.map_err(|refusal| Over::End(End::NotAdmitted(refusal)))?;
        progress.enter(State::Live);
        for message in first {
            push(&mut publication, message, progress).await?;
        }
        let Err(over) = self.live(session, &mut publication, settings, progress).await;
        // A server that has gone without a word may come back, and players wait for it; of one that said so they are told.
        if matches!(&over, Over::End(End::RemoteEnded { code, description }) if !(code.is_empty() && description.is_empty()))
        {
            publication.end();
        }
        Err(over)
    }

    async fn live(
        &self,
        session: &mut Session<'_>,
        publication: &mut Publication,
        settings: &DialSettings,
        progress: &Progress,
    ) -> Result<Infallible, Over> {
        let mut kicked = std::pin::pin!(publication.kicked());
        let mut shut = std::pin::pin!(self.connection.kicked());
        let mut last = Instant::now();
        loop {
            let silent = silent_at(last, settings.idle_timeout);
            let happened = tokio::select! {
                biased;
                kick = &mut kicked => Err(End::Kicked(kick)),
                kick = &mut shut => Err(End::Kicked(kick)),
                happened = session.next() => happened,
                () = until(publication.next_tick()) => match publication.tick() {
                    Ok(()) => match publication.back().await {
                        Ok(()) => continue,
                        Err(kick) => Err(End::Kicked(kick)),
                    },
                    Err(kick) => Err(End::Kicked(kick)),
                },
                () = until(silent) => Err(End::Timeout(Stage::Media, settings.idle_timeout)),
            };
            let mut event = match happened? {
                Happened::Event(event) => Some(event),
                Happened::Room => None,
            };
            let mut turn = 0;
            while let Some(taken) = event.take() {
                match taken {
                    Event::Message(message) => {
                        last = Instant::now();
                        push(publication, message, progress).await?;
                    }
                    other => over(session, other)?,
                }
                turn += 1;
                if turn < MESSAGES {
                    event = session.next_now();
                }
            }
        }
    }
}

/// The first audio or video message, behind the data messages that came before it.
async fn first_media(
    session: &mut Session<'_>,
    connection: &router::Connection,
    patience: Duration,
) -> Result<Vec<MediaMessage>, Over> {
    let mut early: Vec<MediaMessage> = Vec::new();
    let mut bytes = 0usize;
    let deadline = silent_at(Instant::now(), patience);
    loop {
        let happened = match deadline {
            Some(deadline) => {
                timeout_at(deadline, session.next()).await.unwrap_or(Err(End::Timeout(Stage::Media, patience)))
            }
            None => session.next().await,
        };
        match happened? {
            Happened::Event(Event::Message(message)) => {
                let data = message.kind == MediaKind::Data;
                bytes = bytes.saturating_add(message.payload.len());
                if data && (early.len() >= EARLY_MESSAGES || bytes > EARLY_BYTES) {
                    continue;
                }
                early.push(message);
                if !data {
                    return Ok(early);
                }
            }
            Happened::Event(Event::StreamEof(_)) => {}
            Happened::Event(Event::Status { info, .. }) if info.code == via::STATUS => {
                connection.came_through(Via::parse(&info.description));
            }
            Happened::Event(other) => heard(session, other)?,
            Happened::Room => {}
        }
    }
}

/// What a server says of a stream that plays: whether it is over.
fn over(session: &mut Session<'_>, event: Event) -> Result<(), Over> {
    let ended = |code: &str, description: String| Err(End::RemoteEnded { code: code.to_owned(), description }.into());
    match event {
        Event::Status { info, .. }
            if matches!(info.code.as_str(), status::PLAY_UNPUBLISH_NOTIFY | status::PLAY_STOP) =>
        {
            ended(&info.code, info.description)
        }
        Event::StreamEof(_) => ended("", "the stream has ended".to_owned()),
        other => heard(session, other),
    }
}

async fn push(publication: &mut Publication, message: MediaMessage, progress: &Progress) -> Result<(), Over> {
    let MediaMessage { kind, timestamp, payload, .. } = message;
    progress.add_messages(1);
    let (kind, metadata) = match kind {
        MediaKind::Audio => (Kind::Audio, None),
        MediaKind::Video => (Kind::Video, None),
        MediaKind::Data => (Kind::Data, data::decode(&payload)),
    };
    let kicked = |kick| Over::from(End::Kicked(kick));
    publication.push(kind, timestamp, payload, metadata).map_err(kicked)?;
    // What comes behind it waits, with the server.
    if publication.is_away() {
        publication.back().await.map_err(kicked)?;
    }
    Ok(())
}

fn silent_at(last: Instant, patience: Duration) -> Option<Instant> {
    last.checked_add(patience).filter(|_| !patience.is_zero())
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
