//! Asking the router, without holding up the rest of the connection; and being told that it is over.

use std::task::{Context, Poll, Waker};

use router::{ConnectionInfo, Kick, Publication, Refusal, Subscription, via};
use rtmp_proto::event::{ConnectRequest, PlayRequest, PublishRequest};
use rtmp_proto::status::{self, Level};
use rtmp_proto::{MessageStreamId, RequestId};

use super::close::{End, Phase};
use super::{Connection, Door, Future, Role, Stream};
use crate::counters::Counters;
use crate::egress::Player;

impl Connection {
    pub(super) fn ask_connect(&mut self, request: ConnectRequest) {
        self.introduced = true;
        let id = request.id;
        let info = self.info(request);
        let router = self.router.clone();
        self.door = Door::Asked(id, Box::pin(async move { router.connect(info).await }));
        self.signal.set();
    }

    fn info(&self, request: ConnectRequest) -> ConnectionInfo {
        let mut extra = request.extra;
        for (name, value) in [("swfUrl", request.swf_url), ("pageUrl", request.page_url)] {
            if !value.is_empty() {
                extra.push((name.to_owned(), value));
            }
        }
        extra.shrink_to_fit();
        let app = match request.query.as_str() {
            "" => request.app,
            query => format!("{}?{query}", request.app),
        };
        ConnectionInfo {
            id: self.id,
            protocol: self.link.protocol().to_owned(),
            peer_ip: self.peer.ip(),
            peer_port: self.peer.port(),
            local_port: self.link.local_port(),
            tls: self.link.tls(),
            app,
            tc_url: request.tc_url,
            agent: request.flash_ver,
            fourccs: request.fourccs.iter().map(|f| u32::from_be_bytes(*f)).collect(),
            extra,
        }
    }

    pub(super) fn ask_publish(&mut self, request: PublishRequest) {
        let Door::Open(door, _) = &self.door else { return };
        let door = door.clone();
        let PublishRequest { id, stream, name, mode } = request;
        let answer = Box::pin(async move { door.publish(&name, &mode).await.map(Box::new) });
        self.begin(stream, Role::AsksToPublish(id, answer));
    }

    pub(super) fn ask_play(&mut self, request: PlayRequest) {
        let Door::Open(door, _) = &self.door else { return };
        let door = door.clone();
        let PlayRequest { id, stream, name, start_ms, duration_ms, .. } = request;
        let answer = Box::pin(async move { door.play(&name, start_ms, duration_ms).await.map(Box::new) });
        self.begin(stream, Role::AsksToPlay(id, answer));
    }

    fn begin(&mut self, id: MessageStreamId, role: Role) {
        self.streams.retain(|s| s.id != id);
        self.streams.reserve_exact(1);
        self.streams.push(Stream { id, role });
        self.signal.set();
    }

    /// Looks at everything that happens rarely, if any of it woke us; whether something did happen.
    pub(super) fn poll_rare(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.signal.take(cx.waker()) {
            return false;
        }
        let waker = Waker::from(self.signal.clone());
        let cx = &mut Context::from_waker(&waker);
        let span = self.span.clone();
        let _in = span.enter();
        let mut happened = self.poll_timer(cx);
        if !matches!(self.phase, Phase::Running) {
            return happened;
        }
        if self.leave_by.is_none()
            && !self.ending
            && let Poll::Ready(at) = self.drain.as_mut().poll(cx)
        {
            self.drain_by(at);
            happened = true;
        }
        happened |= self.poll_door(cx);
        let mut at = 0;
        while let Some(stream) = self.streams.get_mut(at) {
            let id = stream.id;
            let done = match &mut stream.role {
                Role::AsksToPublish(request, answer) => match answer.as_mut().poll(cx) {
                    Poll::Ready(answer) => Some(Done::Publish(*request, answer)),
                    Poll::Pending => None,
                },
                Role::AsksToPlay(request, answer) => match answer.as_mut().poll(cx) {
                    Poll::Ready(answer) => Some(Done::Play(*request, answer)),
                    Poll::Pending => None,
                },
                Role::Publishes(_, kicked) => match kicked.as_mut().poll(cx) {
                    Poll::Ready(kick) => Some(Done::Kick(kick)),
                    Poll::Pending => None,
                },
                Role::Plays(_, Some(kicked)) => match kicked.as_mut().poll(cx) {
                    Poll::Ready(kick) => Some(Done::Kick(kick)),
                    Poll::Pending => None,
                },
                Role::Plays(_, None) => None,
            };
            match done {
                None => at += 1,
                Some(done) => {
                    // The place is taken by another stream, or by none: look at it again.
                    let stream = self.streams.remove(at);
                    self.done(id, stream, done);
                    happened = true;
                }
            }
        }
        if happened {
            // New futures wait for their first poll.
            self.signal.set();
        }
        happened
    }

    fn poll_door(&mut self, cx: &mut Context<'_>) -> bool {
        match &mut self.door {
            Door::Shut => false,
            Door::Asked(request, answer) => {
                let Poll::Ready(answer) = answer.as_mut().poll(cx) else { return false };
                let request = *request;
                self.door = Door::Shut;
                match answer {
                    Ok(door) => {
                        if self.proto.accept_connect(request) {
                            let info = door.info();
                            let client_cert_sha256 =
                                info.tls.as_ref().and_then(|tls| tls.client_cert_sha256.as_deref());
                            tracing::info!(app = ?info.app, agent = ?info.agent, client_cert_sha256, "connected");
                            let kicked = door.may_be_kicked().then(|| Box::pin(door.kicked()) as Future<Kick>);
                            self.door = Door::Open(door, kicked);
                        }
                    }
                    Err(refusal) => self.refuse(request, "connect", refusal),
                }
                true
            }
            Door::Open(_, None) => false,
            Door::Open(_, Some(kicked)) => {
                let Poll::Ready(kick) = kicked.as_mut().poll(cx) else { return false };
                tracing::info!(code = kick.code, why = ?kick.why(), "the connection was ended");
                self.say_kick(MessageStreamId(0), &kick);
                self.close(End::Kicked);
                true
            }
        }
    }

    fn done(&mut self, id: MessageStreamId, stream: Stream, done: Done) {
        match done {
            Done::Publish(request, Ok(publication)) => {
                if self.proto.accept_publish(request, "") {
                    Counters::add(&self.shared.counters.publishes, 1);
                    let kicked = Box::pin(publication.kicked());
                    self.streams.push(Stream { id, role: Role::Publishes(publication, kicked) });
                }
            }
            Done::Play(request, Ok(subscription)) => {
                if self.proto.accept_play(request, "") {
                    let via = subscription.via();
                    if !via.is_empty() {
                        self.proto.send_status(id, Level::Status, via::STATUS, &via.to_string());
                    }
                    Counters::add(&self.shared.counters.plays, 1);
                    let kicked = subscription.may_be_kicked().then(|| Box::pin(subscription.kicked()) as Future<Kick>);
                    let player = Box::new(Player::new(id, subscription, &self.shared.crowds));
                    self.streams.push(Stream { id, role: Role::Plays(player, kicked) });
                }
            }
            Done::Publish(request, Err(refusal)) => self.refuse(request, "publish", refusal),
            Done::Play(request, Err(refusal)) => self.refuse(request, "play", refusal),
            Done::Kick(kick) => {
                drop(stream);
                self.end_stream(id, kick);
            }
        }
    }

    fn refuse(&mut self, request: RequestId, command: &str, refusal: Refusal) {
        Counters::add(&self.shared.counters.denied, 1);
        tracing::info!(command, code = refusal.code, why = ?refusal.why(), "refused");
        match &refusal.redirect {
            Some(to) => self.proto.redirect(request, &to.url),
            None => self.proto.reject(request, &refusal.code, &refusal.description),
        };
        if refusal.disconnect {
            self.close(End::Refused);
        }
    }

    /// A stream that was allowed must end now.
    pub(super) fn kicked(&mut self, stream: MessageStreamId, kick: Kick) {
        let span = self.span.clone();
        let _in = span.enter();
        self.streams.retain(|s| s.id != stream);
        self.end_stream(stream, kick);
    }

    fn end_stream(&mut self, stream: MessageStreamId, kick: Kick) {
        tracing::info!(%stream, code = kick.code, why = ?kick.why(), "the stream was ended");
        self.say_kick(stream, &kick);
        self.proto.end_stream(stream);
        if kick.disconnect || !(self.settings.keep_alive || self.has_streams()) {
            self.close(End::Kicked);
        }
    }

    fn say_kick(&mut self, stream: MessageStreamId, kick: &Kick) {
        // Before the error, at which many clients give up.
        if let Some(to) = &kick.redirect {
            self.proto.request_reconnect(Some(&to.url), &kick.description);
        }
        match kick.code.as_str() {
            status::PLAY_STOP => self.proto.play_complete(stream, &kick.description),
            status::UNPUBLISH_SUCCESS => {
                self.proto.send_status(stream, Level::Status, &kick.code, &kick.description);
            }
            code => self.proto.send_status(stream, Level::Error, code, &kick.description),
        }
    }

    fn has_streams(&self) -> bool {
        !self.streams.is_empty()
    }
}

/// What came of something rare.
enum Done {
    Publish(RequestId, Result<Box<Publication>, Refusal>),
    Play(RequestId, Result<Box<Subscription>, Refusal>),
    Kick(Kick),
}
