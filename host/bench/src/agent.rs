//! What a connection is there for: to publish, to play, to get stuck or leave as soon as it plays, or to do nothing.

use crate::check::{Checker, Verdict};
use crate::link::{Input, Link, Reason};
use crate::source::Source;
use crate::tally::Tally;
use media::flv::VideoTag;
use mio::Registry;
use rtmp_proto::client::Event;
use rtmp_proto::{MediaKind, MediaMessage, MessageStreamId, RequestId};
use std::ops::Range;

/// One connection and its purpose.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) link: Link,
    role: Role,
    /// Whether it has come as far as it should.
    ready: bool,
}

/// The purpose.
#[derive(Debug)]
pub(crate) enum Role {
    /// Sends the clip.
    Publisher(Box<Publisher>),
    /// Takes and verifies.
    Player(Player),
    /// Takes nothing more as soon as playing starts.
    Stuck,
    /// Leaves as soon as playing starts.
    Visitor,
    /// Stays after connect, or before it.
    Idler,
}

#[derive(Debug)]
pub(crate) struct Publisher {
    pub(crate) source: Source,
    pub(crate) request: Option<RequestId>,
    pub(crate) stream: Option<MessageStreamId>,
}

#[derive(Debug, Default)]
pub(crate) struct Player {
    /// The stream has no video: any frame is a start.
    audio_only: bool,
    checker: Checker,
    /// When play was sent.
    asked_ns: Option<u64>,
    /// When the first key frame (of a stream without video: the first frame) was there.
    picture_ns: Option<u64>,
}

/// What became of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It goes on.
    On,
    /// It has just come as far as it should.
    Ready,
    /// It has done what it was there for.
    Done,
}

impl Agent {
    pub(crate) fn new(link: Link, role: Role) -> Agent {
        Agent { link, role, ready: false }
    }

    /// Whether it has come as far as it should.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready
    }

    /// Whether it plays and takes nothing any more.
    pub(crate) fn is_stuck(&self) -> bool {
        self.ready && matches!(self.role, Role::Stuck)
    }

    /// The publisher, if it is one.
    pub(crate) fn publisher(&mut self) -> Option<(&mut Link, &mut Publisher)> {
        match &mut self.role {
            Role::Publisher(publisher) => Some((&mut self.link, publisher)),
            _ => None,
        }
    }

    /// An idle connection that wants no more than TCP: whether it has just come as far as that.
    pub(crate) fn rest(&mut self, now_ns: u64, tally: &mut Tally) -> bool {
        let rests = self.link.is_established() && !self.ready;
        if rests {
            self.ready = true;
            tally.start.add(now_ns.saturating_sub(self.link.opened_ns));
        }
        rests
    }

    /// Ends in good order, as far as that goes without waiting.
    pub(crate) fn leave(mut self, registry: &Registry) {
        if let Role::Publisher(publisher) = &self.role
            && let Some(request) = publisher.request
        {
            self.link.connection.stop(request);
        }
        self.link.close(registry);
    }

    /// The socket may be written to.
    pub(crate) fn writable(&mut self) -> Result<(), Reason> {
        self.link.writable()
    }

    /// Reads what is there. Errors are why the connection is over.
    pub(crate) fn readable(
        &mut self,
        buffer: &mut [u8],
        window: &Range<u64>,
        tally: &mut Tally,
    ) -> Result<Step, Reason> {
        let Agent { link, role, ready } = self;
        let opened_ns = link.opened_ns;
        let (mut step, mut over) = (Step::On, None);
        let result = link.read(buffer, crate::clock::now_ns, |input| match input {
            Input::Bytes { n, now_ns } => {
                if window.contains(&now_ns) {
                    tally.received.bytes += n as u64;
                }
            }
            Input::Event { event, now_ns } => {
                if let Some(reason) = ending(&event) {
                    over.get_or_insert(reason);
                }
                let became = match role {
                    Role::Publisher(publisher) => publisher.event(&event),
                    Role::Player(player) => player.event(&event, now_ns, opened_ns, window, tally),
                    Role::Stuck if matches!(event, Event::Playing { .. }) => Step::Ready,
                    Role::Visitor if matches!(event, Event::Playing { .. }) => Step::Done,
                    Role::Idler if matches!(event, Event::Connected(_)) => Step::Ready,
                    _ => Step::On,
                };
                if became != Step::On && !*ready {
                    *ready = true;
                    step = became;
                    if !matches!(role, Role::Player(_)) {
                        tally.start.add(now_ns.saturating_sub(opened_ns));
                    }
                }
            }
        });
        if let Some(reason) = over {
            return Err(reason);
        }
        // A visitor has what it came for, even if the server closed at once.
        if step == Step::Done {
            return Ok(step);
        }
        result.map(|()| step)
    }
}

/// Why an event ends the agent, if it does.
fn ending(event: &Event) -> Option<Reason> {
    let told = |code: &str, description: &str| match (code, description) {
        ("", description) => description.to_owned(),
        (code, "") => code.to_owned(),
        (code, description) => format!("{code}: {description}"),
    };
    match event {
        Event::Refused { info } => Some(format!("connect refused: {}", told(&info.code, &info.description))),
        Event::Failed { info, .. } => Some(format!("refused: {}", told(&info.code, &info.description))),
        Event::Redirected { url, .. } => Some(format!("redirected to {url}")),
        Event::Reconnect { tc_url, .. } => {
            Some(format!("asked to reconnect to {}", tc_url.as_deref().unwrap_or("the same server")))
        }
        Event::Closed => Some("the server said goodbye".into()),
        _ => None,
    }
}

impl Publisher {
    fn event(&mut self, event: &Event) -> Step {
        match event {
            Event::Publishing { stream, .. } => {
                self.stream = Some(*stream);
                Step::Ready
            }
            _ => Step::On,
        }
    }
}

impl Player {
    /// Of a stream that has no video, any frame is a start.
    pub(crate) fn new(audio_only: bool) -> Player {
        Player { audio_only, ..Player::default() }
    }

    fn event(&mut self, event: &Event, now_ns: u64, opened_ns: u64, window: &Range<u64>, tally: &mut Tally) -> Step {
        match event {
            Event::Asked { .. } => {
                self.asked_ns = Some(now_ns);
                Step::On
            }
            Event::Playing { .. } => {
                tally.start.add(now_ns.saturating_sub(opened_ns));
                Step::On
            }
            Event::Message(message) => self.message(message, now_ns, opened_ns, window, tally),
            _ => Step::On,
        }
    }

    fn message(
        &mut self,
        message: &MediaMessage,
        now_ns: u64,
        opened_ns: u64,
        window: &Range<u64>,
        tally: &mut Tally,
    ) -> Step {
        let measured = window.contains(&now_ns);
        if measured {
            tally.received.messages += 1;
        }
        match self.checker.check(message, &mut tally.faults) {
            Verdict::New(stamp) => {
                tally.stamped += 1;
                // What was made before the join is the server's cache, not its latency.
                if measured && self.picture_ns.is_some_and(|at| stamp.clock_ns > at) {
                    let latency = now_ns.saturating_sub(stamp.clock_ns);
                    match message.kind {
                        MediaKind::Video => tally.video_latency.add(latency),
                        _ => tally.audio_latency.add(latency),
                    }
                }
            }
            Verdict::Wrong => tally.stamped += 1,
            Verdict::Unstamped => tally.unstamped += u64::from(message.kind != MediaKind::Data),
        }
        if self.picture_ns.is_none() && self.starts(message) {
            self.picture_ns = Some(now_ns);
            tally.join.add(now_ns.saturating_sub(self.asked_ns.unwrap_or(opened_ns)));
            tally.picture.add(now_ns.saturating_sub(opened_ns));
            return Step::Ready;
        }
        Step::On
    }

    /// Whether something can be shown or heard from this message on.
    fn starts(&self, message: &MediaMessage) -> bool {
        match message.kind {
            MediaKind::Video => VideoTag::decode(&message.payload).is_ok_and(|tag| tag.is_key()),
            MediaKind::Audio => self.audio_only,
            MediaKind::Data => false,
        }
    }
}
