//! One thread of the load: an event loop over its connections.

use crate::agent::{Agent, Player, Publisher, Role, Step};
use crate::clip::Clip;
use crate::clock::now_ns;
use crate::error::Error;
use crate::link::{Dial, Link, Reason};
use crate::plan::{Plan, Stage, Target, Work};
use crate::shared::{Progress, Stop};
use crate::source::Source;
use crate::tally::Tally;
use mio::{Events, Poll, Token};
use rtmp_proto::{ClientConfig, HandshakeRandom};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// Bytes per read. More than a socket usually holds: a short read then says that it is empty.
const READ: usize = 256 << 10;
/// How long the loop sleeps at most, to see that the run is over.
const NAP: u64 = 20_000_000;
/// How often connections are asked whether they waited too long.
const SWEEP: u64 = 250_000_000;
/// What has not come as far as it should after this time is told when the run ends.
const PATIENCE: u64 = 1_000_000_000;
/// Connections on their way at one time.
const OPENING: usize = 256;
/// How long the end of a run waits for the answer of servers that have closed who is stuck: a long way there and back.
const ANSWER: Duration = Duration::from_millis(200);
/// Source addresses for connections that come and go on the loopback: each has its own range of ports.
const SOURCES: u32 = 200;

/// What a thread is to do.
pub(crate) struct Assignment {
    pub(crate) plan: Arc<Plan>,
    pub(crate) target: Arc<Target>,
    pub(crate) clip: Arc<Clip>,
    pub(crate) progress: Arc<Progress>,
    pub(crate) stop: Stop,
    /// Marks the frames of this run.
    pub(crate) session: u32,
    pub(crate) cpu: Option<usize>,
    pub(crate) kind: Kind,
    /// Which of `step` threads of this kind this one is: it takes numbers `first`, `first + step`, …
    pub(crate) first: u32,
    pub(crate) step: u32,
    /// Connections of this kind in all threads.
    pub(crate) count: u32,
}

/// What a thread's connections are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Publish,
    Play,
    Stall,
    Visit,
    Idle(Stage),
}

/// The thread's state.
pub(crate) struct Worker {
    assignment: Assignment,
    poll: Poll,
    agents: Vec<Option<Agent>>,
    free: Vec<usize>,
    waiting: VecDeque<u32>,
    opening: usize,
    opened: u32,
    started_ns: u64,
    /// When which publisher has something to send.
    due: BinaryHeap<Reverse<(u64, usize)>>,
    tally: Tally,
    window: Range<u64>,
    buffer: Vec<u8>,
}

impl Worker {
    pub(crate) fn new(assignment: Assignment) -> Result<Worker, Error> {
        let poll = Poll::new().map_err(Error::system("epoll"))?;
        let waiting = (assignment.first..assignment.count).step_by(assignment.step as usize).collect();
        Ok(Worker {
            assignment,
            poll,
            agents: Vec::new(),
            free: Vec::new(),
            waiting,
            opening: 0,
            opened: 0,
            started_ns: 0,
            due: BinaryHeap::new(),
            tally: Tally::default(),
            window: 0..0,
            buffer: vec![0; READ],
        })
    }

    /// Runs until the leader says that it is over; gives what was counted.
    pub(crate) fn run(mut self) -> Result<Tally, Error> {
        if let Some(cpu) = self.assignment.cpu {
            crate::affinity::pin(cpu)?;
        }
        let mut events = Events::with_capacity(1024);
        self.started_ns = now_ns();
        let mut sweep_ns = self.started_ns + SWEEP;
        loop {
            self.window = self.assignment.progress.window();
            if self.assignment.progress.ended.load(Relaxed) {
                break;
            }
            let mut now = now_ns();
            self.open_due(now);
            self.publish_due();
            if now >= sweep_ns {
                sweep_ns = now + SWEEP;
                self.sweep(now);
            }
            now = now_ns();
            let next = self.due.peek().map_or(u64::MAX, |Reverse((at, _))| *at).min(now + NAP).min(self.next_open());
            let timeout = Duration::from_nanos(next.saturating_sub(now));
            match self.poll.poll(&mut events, Some(timeout)) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                other => other.map_err(Error::system("epoll"))?,
            }
            for event in &events {
                let closed = event.is_read_closed() || event.is_error();
                self.event(event.token().0, event.is_writable(), event.is_readable(), closed);
            }
        }
        self.goodbye();
        Ok(self.tally)
    }

    fn event(&mut self, at: usize, writable: bool, readable: bool, closed: bool) {
        if self.agents.get(at).and_then(Option::as_ref).is_some_and(Agent::is_stuck) {
            if closed {
                self.over(at, Some("the server closed the connection".into()));
            }
            return;
        }
        if writable {
            let Some(agent) = self.agents.get_mut(at).and_then(Option::as_mut) else { return };
            let result = agent.writable();
            if result.is_ok() && self.assignment.kind == Kind::Idle(Stage::Tcp) && !agent.is_ready() {
                return self.at_rest(at);
            }
            if let Err(reason) = result {
                return self.over(at, Some(reason));
            }
        }
        if readable || closed {
            let Some(agent) = self.agents.get_mut(at).and_then(Option::as_mut) else { return };
            match agent.readable(&mut self.buffer, &self.window, &mut self.tally) {
                Ok(Step::On) => {}
                Ok(Step::Ready) => self.ready(at),
                Ok(Step::Done) => {
                    self.opening -= 1;
                    if self.window.contains(&now_ns()) {
                        self.tally.connections += 1;
                    }
                    self.over(at, None);
                }
                Err(reason) => self.over(at, Some(reason)),
            }
        }
    }

    /// An agent has come as far as it should.
    fn ready(&mut self, at: usize) {
        self.opening -= 1;
        self.assignment.progress.ready.fetch_add(1, Relaxed);
        let Some((link, publisher)) = self.agents.get_mut(at).and_then(Option::as_mut).and_then(Agent::publisher)
        else {
            return;
        };
        if let Some(stream) = publisher.stream {
            publisher.source.begin(now_ns());
            for (kind, body) in publisher.source.headers() {
                link.connection.send_message(stream, kind, 0, &[body]);
            }
            self.due.push(Reverse((publisher.source.due_ns(), at)));
        }
    }

    /// An idle TCP connection is there.
    fn at_rest(&mut self, at: usize) {
        if let Some(agent) = self.agents.get_mut(at).and_then(Option::as_mut)
            && agent.rest(now_ns(), &mut self.tally)
        {
            self.opening -= 1;
            self.assignment.progress.ready.fetch_add(1, Relaxed);
        }
    }

    /// An agent is gone.
    fn over(&mut self, at: usize, reason: Option<Reason>) {
        let Some(agent) = self.agents.get_mut(at).and_then(Option::take) else { return };
        self.free.push(at);
        let progress = &self.assignment.progress;
        if let Some(reason) = reason {
            if agent.is_stuck() {
                self.tally.closed += 1;
            } else {
                self.tally.failed(reason);
            }
            if agent.is_ready() {
                progress.ready.fetch_sub(1, Relaxed);
            } else {
                self.opening -= 1;
            }
            progress.over.fetch_add(1, Relaxed);
        }
        agent.link.close(self.poll.registry());
        if self.assignment.kind == Kind::Visit {
            self.waiting.push_back(at as u32);
        }
    }

    /// When the next connection may be opened.
    fn next_open(&self) -> u64 {
        if self.waiting.is_empty() {
            return u64::MAX;
        }
        // All threads together keep the pace.
        let share = u64::from(self.opened) * 1_000_000_000 * u64::from(self.assignment.step);
        match self.assignment.kind {
            Kind::Visit => 0,
            _ if self.opening >= OPENING => u64::MAX,
            _ => self.started_ns + share / u64::from(self.assignment.plan.ramp),
        }
    }

    fn open_due(&mut self, now: u64) {
        while self.next_open() <= now && !self.assignment.stop.is_stopped() {
            if self.visited_enough() {
                self.waiting.clear();
                return;
            }
            let Some(number) = self.waiting.pop_front() else { return };
            self.opened += 1;
            if let Err(reason) = self.open(number) {
                self.tally.failed(reason);
                self.assignment.progress.over.fetch_add(1, Relaxed);
                if self.assignment.kind == Kind::Visit {
                    // Do not spin on an error of our own.
                    self.waiting.push_back(number);
                    return;
                }
            }
        }
    }

    fn visited_enough(&self) -> bool {
        match self.assignment.plan.work {
            Work::Storm { connections, .. } => self.opened >= connections.div_ceil(self.assignment.step),
            _ => false,
        }
    }

    fn open(&mut self, number: u32) -> Result<(), Reason> {
        let Assignment { plan, target, kind, .. } = &self.assignment;
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|error| error.to_string())?;
        let mut config = ClientConfig::new(&target.url.app, &target.url.tc_url(), HandshakeRandom(random));
        config.digest = plan.layout();
        config.chunk_size = plan.chunk_size;
        config.connect_timeout = plan.start_timeout;
        config.answer_timeout = plan.start_timeout;
        config.flash_ver = match kind {
            Kind::Publish => "FMLE/3.0 (compatible; weir bench)".into(),
            _ => "LNX 9,0,124,2 (compatible; weir bench)".into(),
        };
        let source = match (kind, target.address.ip()) {
            (Kind::Visit, IpAddr::V4(address)) if address.is_loopback() => {
                let [_, _, c, d] = ((self.opened % SOURCES) + 2).to_be_bytes();
                Some(IpAddr::V4(Ipv4Addr::new(127, 0, c, d)))
            }
            _ => None,
        };
        let at = self.free.pop().unwrap_or_else(|| {
            self.agents.push(None);
            self.agents.len() - 1
        });
        let dial = Dial { address: target.address, source, tls: target.tls.as_ref(), narrow: *kind == Kind::Stall };
        let opened = Link::open(dial, config, self.poll.registry(), Token(at), now_ns());
        let mut link = match opened {
            Ok(link) => link,
            Err(reason) => {
                self.free.push(at);
                return Err(reason);
            }
        };
        let streams = plan.streams();
        let name = target.name(number % streams, streams);
        let role = match kind {
            Kind::Publish => {
                let request = link.connection.publish(&name);
                // Streams start evenly over one frame, so that the server has no bursts of our making.
                let frame = 1_000_000_000 / u64::from(plan.clip.fps.max(1)) / u64::from(plan.speed.max(1));
                let phase = frame * u64::from(number) / u64::from(self.assignment.count);
                let clip = Arc::clone(&self.assignment.clip);
                let source = Source::new(clip, self.assignment.session, number, phase, plan.speed);
                Role::Publisher(Box::new(Publisher { source, request, stream: None }))
            }
            Kind::Play => {
                link.connection.play(&name);
                Role::Player(Player::new(plan.clip.video_kbps == 0))
            }
            Kind::Stall => {
                link.connection.play(&name);
                Role::Stuck
            }
            Kind::Visit => {
                link.connection.play(&name);
                Role::Visitor
            }
            Kind::Idle(stage) => {
                link.silent = *stage == Stage::Tcp;
                Role::Idler
            }
        };
        if let Some(slot) = self.agents.get_mut(at) {
            *slot = Some(Agent::new(link, role));
        }
        self.opening += 1;
        Ok(())
    }

    fn publish_due(&mut self) {
        while let Some(Reverse((due, at))) = self.due.peek().copied() {
            let now = now_ns();
            if due > now {
                return;
            }
            self.due.pop();
            let Some((link, publisher)) = self.agents.get_mut(at).and_then(Option::as_mut).and_then(Agent::publisher)
            else {
                continue;
            };
            let Some(stream) = publisher.stream else { continue };
            if link.connection.output_full() {
                // The server is slower than the stream: its frames go out late, and the report says how late.
                self.due.push(Reverse((now + 1_000_000, at)));
                continue;
            }
            if let Some(made) = publisher.source.make(now) {
                if self.window.contains(&now) {
                    self.tally.sent.messages += 1;
                    self.tally.sent.bytes += made.body.len() as u64;
                    self.tally.behind.add(made.behind_ns);
                }
                link.connection.send_message(stream, made.kind, made.timestamp, &[made.body]);
            }
            self.due.push(Reverse((publisher.source.due_ns(), at)));
            if let Err(reason) = link.flush() {
                self.over(at, Some(reason));
            }
        }
    }

    /// Connections that waited too long for an answer.
    fn sweep(&mut self, now: u64) {
        let time = Duration::from_nanos(now);
        for at in 0..self.agents.len() {
            let Some(agent) = self.agents.get_mut(at).and_then(Option::as_mut) else { continue };
            if agent.is_stuck() {
                continue;
            }
            let connection = &mut agent.link.connection;
            if self.assignment.kind == Kind::Idle(Stage::Tcp) || connection.next_timeout().is_none_or(|at| at > time) {
                continue;
            }
            let mut reason = connection.handle_timeout(time).err().map(|error| error.to_string());
            // A publish or play that was never answered is an event.
            while let Some(event) = connection.next_event() {
                if let rtmp_proto::client::Event::Failed { info, .. } = event {
                    reason.get_or_insert(info.description);
                }
            }
            if reason.is_none() {
                reason = agent.link.flush().err();
            }
            if reason.is_some() {
                self.over(at, reason);
            }
        }
    }

    /// Who of the stuck was closed without hearing of it.
    fn knock(&mut self) {
        let mut stuck: Vec<_> = self.agents.iter_mut().flatten().filter(|agent| agent.is_stuck()).collect();
        if stuck.is_empty() {
            return;
        }
        stuck.iter_mut().for_each(|agent| agent.link.knock());
        std::thread::sleep(ANSWER);
        self.tally.closed += stuck.iter().filter(|agent| agent.link.is_reset()).count() as u64;
    }

    /// Ends what publishes in good order; tells who never came as far as it should.
    fn goodbye(&mut self) {
        self.knock();
        let patience = now_ns().saturating_sub(PATIENCE);
        let late = |agent: &&Agent| !agent.is_ready() && agent.link.opened_ns < patience;
        for agent in self.agents.iter().flatten().filter(late) {
            let waits =
                if agent.link.connection.is_connected() { "still waiting to start" } else { "still connecting" };
            self.tally.failed(format!("{waits} when the run ended"));
        }
        let registry = self.poll.registry();
        for agent in self.agents.iter_mut().filter_map(Option::take) {
            agent.leave(registry);
        }
    }
}
