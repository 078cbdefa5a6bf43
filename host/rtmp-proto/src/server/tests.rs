use super::*;

fn apply(session: &mut Session, stream: u32, command: Command) -> Outcome {
    let mut out = Outcome::default();
    session.command(MessageStreamId(stream), command, &mut out);
    out
}

fn connect(app: Option<&str>, tc_url: &str) -> Command {
    let peer = PeerInfo { app: app.map(str::to_owned), tc_url: tc_url.into(), ..PeerInfo::default() };
    Command::Connect { transaction: 1.0, peer: Box::new(peer) }
}

fn connected() -> Session {
    let mut session = Session::new(4, Some(14));
    let out = apply(&mut session, 0, connect(Some("live"), ""));
    let [Event::Connect(request)] = &out.events[..] else { panic!("{out:?}") };
    assert!(session.accept_connect(request.id, &mut Outcome::default()));
    session
}

fn publish(name: &str) -> Command {
    Command::Publish { name: name.into(), mode: "live".into() }
}

fn play(name: &str) -> Command {
    Command::Play { name: name.into(), start_ms: -2000, duration_ms: -1000, reset: true }
}

/// A session with stream 1 publishing `a`.
fn publishing() -> Session {
    let mut session = connected();
    apply(&mut session, 0, Command::CreateStream { transaction: 2.0 });
    let out = apply(&mut session, 1, publish("a"));
    let [Event::Publish(request)] = &out.events[..] else { panic!("{out:?}") };
    assert!(session.accept_publish(request.id, "", &mut Outcome::default()));
    session
}

fn codes(out: &Outcome) -> Vec<&str> {
    out.replies
        .iter()
        .filter_map(|reply| match reply {
            Reply::Status { code, .. } | Reply::Refused { code, .. } => Some(code.as_ref()),
            Reply::Named { code, .. } => Some(code),
            _ => None,
        })
        .collect()
}

#[test]
fn the_application_and_its_query() {
    let cases = [
        (Some("live"), "rtmp://h/live", "live", ""),
        (Some("/live/"), "", "live", ""),
        (Some("a/b/c"), "", "a/b/c", ""),
        (Some("live?k=1"), "rtmp://h/live?k=2", "live", "k=1"),
        (Some("live"), "rtmp://h/live?k=2", "live", "k=2"),
        (None, "rtmp://[::1]:1935/live/x?k=3", "live/x", "k=3"),
    ];
    for (app, tc_url, expected, query) in cases {
        let out = apply(&mut Session::new(4, None), 0, connect(app, tc_url));
        let [Event::Connect(request)] = &out.events[..] else { panic!("{out:?}") };
        assert_eq!((request.app.as_str(), request.query.as_str()), (expected, query));
    }
}

/// Defect 2: a connect without `app` is answered, not a panic.
#[test]
fn connect_without_an_application_is_refused() {
    for (app, url) in [(None, ""), (None, "rtmp://host"), (None, "::"), (Some("/"), ""), (Some("?k=1"), "")] {
        let mut session = Session::new(4, None);
        let out = apply(&mut session, 0, connect(app, url));
        assert_eq!(codes(&out), [status::CONNECT_INVALID_APP]);
        assert_eq!(out.ignored, Some(Cause::NoApp));
        assert_eq!(session.phase(), Phase::Closing);
    }
}

#[test]
fn nothing_goes_before_connect_and_connect_goes_once() {
    let mut session = Session::new(4, None);
    let out = apply(&mut session, 0, Command::CreateStream { transaction: 1.0 });
    assert!(out.replies.is_empty() && out.ignored.is_some());
    let mut session = connected();
    let out = apply(&mut session, 0, connect(Some("other"), ""));
    assert_eq!(out.ignored, Some(Cause::Repeated("connect")));
    assert!(matches!(out.replies[..], [Reply::Failed { .. }]));
    assert!(out.events.is_empty());
}

#[test]
fn a_stream_is_answered_for_whatever_its_transaction() {
    let mut session = connected();
    let mut create = || apply(&mut session, 0, Command::CreateStream { transaction: 0.0 }).replies;
    for id in 1..=4 {
        assert_eq!(create(), [Reply::Result { transaction: 0.0, value: Some(id.into()) }]);
    }
    assert!(matches!(create()[..], [Reply::Failed { transaction: 0.0, .. }]), "above the limit");
}

#[test]
fn stream_ids_are_the_lowest_free_ones_and_bounded() {
    let mut session = connected();
    let create = |session: &mut Session| {
        let out = apply(session, 0, Command::CreateStream { transaction: 2.0 });
        match out.replies[..] {
            [Reply::Result { value: Some(id), .. }] => id,
            _ => 0.0,
        }
    };
    assert_eq!([0; 5].map(|_| create(&mut session)), [1.0, 2.0, 3.0, 4.0, 0.0]);
    apply(&mut session, 0, Command::DeleteStream { stream: Some(2) });
    assert_eq!(create(&mut session), 2.0);
    // A publish cannot make a fifth stream either.
    let out = apply(&mut session, 9, publish("a"));
    assert!(out.events.is_empty() && out.ignored.is_some());
}

/// Defect 7: stop, then publish again, on one connection, in every way a client can stop.
#[test]
fn a_stream_ends_and_publishes_again() {
    let unpublish = Command::Named { call: NamedCall::FcUnpublish, transaction: 6.0, name: "a".into() };
    for (stop, on, code) in [
        (Command::DeleteStream { stream: Some(1) }, 0, None),
        (Command::DeleteStream { stream: None }, 1, None),
        (Command::CloseStream, 1, Some(status::UNPUBLISH_SUCCESS)),
        (unpublish, 0, Some(status::UNPUBLISH_SUCCESS)),
    ] {
        let mut session = publishing();
        let out = apply(&mut session, on, stop.clone());
        assert_eq!(out.events, [Event::PublishEnded { stream: MessageStreamId(1) }], "{stop:?}");
        assert_eq!(codes(&out), code.as_slice(), "{stop:?}");
        assert_eq!(session.gate(MessageStreamId(1)), Gate::Refuse);
        // Stopping twice tells once.
        assert!(apply(&mut session, on, stop).events.is_empty());
        let out = apply(&mut session, 1, publish("a"));
        assert!(matches!(out.events[..], [Event::Publish(_)]));
    }
}

#[test]
fn fc_unpublish_of_another_name_ends_nothing() {
    let mut session = publishing();
    let out =
        apply(&mut session, 0, Command::Named { call: NamedCall::FcUnpublish, transaction: 6.0, name: "b".into() });
    assert!(out.events.is_empty());
    assert_eq!(session.gate(MessageStreamId(1)), Gate::Pass(MessageStreamId(1)));
}

/// Defect 2: a second publish on a stream is refused and the first goes on.
#[test]
fn a_stream_does_one_thing_at_a_time() {
    let mut session = publishing();
    let out = apply(&mut session, 1, publish("b"));
    assert_eq!(codes(&out), [status::PUBLISH_BAD_NAME]);
    let out = apply(&mut session, 1, play("b"));
    assert_eq!(codes(&out), [status::PLAY_FAILED]);
    assert!(out.events.is_empty());
    assert_eq!(session.gate(MessageStreamId(1)), Gate::Pass(MessageStreamId(1)));
}

#[test]
fn names_must_not_be_empty() {
    let mut session = connected();
    for name in ["", "?k=1"] {
        assert_eq!(codes(&apply(&mut session, 1, publish(name))), [status::PUBLISH_BAD_NAME]);
        assert_eq!(codes(&apply(&mut session, 1, play(name))), [status::PLAY_FAILED]);
    }
}

#[test]
fn a_second_play_switches_over() {
    let mut session = connected();
    let out = apply(&mut session, 1, play("a"));
    let [Event::Play(first)] = &out.events[..] else { panic!("{out:?}") };
    let out = apply(&mut session, 1, play("b"));
    let [Event::PlayEnded { stream: MessageStreamId(1) }, Event::Play(second)] = &out.events[..] else {
        panic!("{out:?}")
    };
    let mut out = Outcome::default();
    assert!(!session.accept_play(first.id, "", &mut out), "the first request is gone");
    assert!(out.replies.is_empty());
    assert!(session.accept_play(second.id, "", &mut out));
    assert_eq!(codes(&out), [status::PLAY_RESET, status::PLAY_START]);
}

#[test]
fn a_play_that_resets_nothing_is_not_told_so() {
    let mut session = connected();
    let command = Command::Play { name: "a".into(), start_ms: -2000, duration_ms: -1000, reset: false };
    let out = apply(&mut session, 1, command);
    let [Event::Play(request)] = &out.events[..] else { panic!("{out:?}") };
    let mut out = Outcome::default();
    assert!(session.accept_play(request.id, "here it comes", &mut out));
    assert_eq!(codes(&out), [status::PLAY_START]);
    assert!(matches!(&out.replies[1], Reply::Status { description, .. } if description == "here it comes"));
    assert_eq!(out.replies.len(), 2);
}

/// Flash asks before it lets a page read pictures and sound; other players take the message for a track.
#[test]
fn players_in_a_page_may_read_samples() {
    for (swf_url, page_url, told) in
        [("", "", false), ("http://h/p.swf", "", true), ("", "http://h/", true), ("http://h/p.swf", "http://h/", true)]
    {
        let mut session = Session::new(4, None);
        let Command::Connect { transaction, mut peer } = connect(Some("live"), "") else { panic!("a connect") };
        (peer.swf_url, peer.page_url) = (swf_url.into(), page_url.into());
        let out = apply(&mut session, 0, Command::Connect { transaction, peer });
        let [Event::Connect(request)] = &out.events[..] else { panic!("{out:?}") };
        assert!(session.accept_connect(request.id, &mut Outcome::default()));
        let out = apply(&mut session, 1, play("a"));
        let [Event::Play(request)] = &out.events[..] else { panic!("{out:?}") };
        let mut out = Outcome::default();
        assert!(session.accept_play(request.id, "", &mut out));
        let access = Reply::SampleAccess { stream: MessageStreamId(1) };
        assert_eq!(out.replies.last() == Some(&access), told, "{swf_url:?} {page_url:?}");
    }
}

#[test]
fn a_request_is_answered_once_and_only_by_its_own_kind() {
    let mut session = connected();
    let out = apply(&mut session, 1, publish("a"));
    let [Event::Publish(request)] = &out.events[..] else { panic!("{out:?}") };
    let mut out = Outcome::default();
    assert!(!session.accept_play(request.id, "", &mut out));
    assert!(!session.accept_connect(request.id, &mut out));
    assert!(!session.accept_publish(RequestId(99), "", &mut out));
    assert!(session.accept_publish(request.id, "", &mut out));
    assert!(!session.accept_publish(request.id, "", &mut out));
    assert!(!session.reject(request.id, "", "", &mut out));
    assert_eq!(codes(&out), [status::PUBLISH_START]);
}

#[test]
fn a_request_that_the_client_takes_back_is_gone() {
    let mut session = connected();
    let out = apply(&mut session, 1, publish("a"));
    let [Event::Publish(request)] = &out.events[..] else { panic!("{out:?}") };
    let id = request.id;
    let out = apply(&mut session, 0, Command::DeleteStream { stream: Some(1) });
    assert_eq!(out.events, [Event::PublishEnded { stream: MessageStreamId(1) }]);
    assert!(!session.accept_publish(id, "", &mut Outcome::default()));
}

#[test]
fn refusals_carry_code_and_reason_and_leave_the_stream_usable() {
    for (code, expected) in [("", status::PUBLISH_BAD_NAME), ("NetStream.Publish.Denied", "NetStream.Publish.Denied")] {
        let mut session = connected();
        let out = apply(&mut session, 1, publish("a"));
        let [Event::Publish(request)] = &out.events[..] else { panic!("{out:?}") };
        let mut out = Outcome::default();
        assert!(session.reject(request.id, code, "wrong token", &mut out));
        let [Reply::Status { level: Level::Error, code, description, stream }] = &out.replies[..] else {
            panic!("{out:?}")
        };
        assert_eq!((code.as_ref(), description.as_str(), stream.0), (expected, "wrong token", 1));
        assert!(matches!(apply(&mut session, 1, publish("a")).events[..], [Event::Publish(_)]));
    }
}

#[test]
fn redirections_by_what_the_peer_understands() {
    for reconnect in [false, true] {
        let mut session = connected();
        session.can_reconnect = reconnect;
        let out = apply(&mut session, 1, play("a"));
        let [Event::Play(request)] = &out.events[..] else { panic!("{out:?}") };
        let mut out = Outcome::default();
        assert!(session.redirect(request.id, "rtmp://b/live", &mut out));
        match &out.replies[..] {
            [Reply::Reconnect { tc_url: Some(url), .. }] => assert!(reconnect && url == "rtmp://b/live"),
            [Reply::Status { code, description, .. }] => {
                assert!(!reconnect && code == status::PLAY_STREAM_NOT_FOUND && description.contains("rtmp://b/live"));
            }
            other => panic!("{other:?}"),
        }
    }
    let mut session = Session::new(4, None);
    let out = apply(&mut session, 0, connect(Some("live"), ""));
    let [Event::Connect(request)] = &out.events[..] else { panic!("{out:?}") };
    let mut out = Outcome::default();
    assert!(session.redirect(request.id, "rtmp://b/live", &mut out));
    assert!(matches!(&out.replies[..], [Reply::Refused { redirect: Some(url), .. }] if url == "rtmp://b/live"));
    assert_eq!(session.phase(), Phase::Closing);
}

#[test]
fn media_goes_to_the_stream_that_publishes() {
    let mut session = publishing();
    let id = MessageStreamId;
    // Encoders that put a stream id of their own into media, while there is no doubt.
    assert_eq!([0, 1, 7].map(|n| session.gate(id(n))), [Gate::Pass(id(1)); 3]);
    apply(&mut session, 0, Command::CreateStream { transaction: 0.0 });
    assert_eq!(session.gate(id(2)), Gate::Refuse, "that stream exists and does not publish");
    apply(&mut session, 2, publish("b"));
    assert_eq!(session.gate(id(2)), Gate::Wait);
    assert_eq!(session.gate(id(7)), Gate::Refuse, "now there is doubt");
    assert_eq!(session.gate(id(1)), Gate::Pass(id(1)));
}

#[test]
fn players_commands_need_a_player() {
    let commands = [
        Command::Pause { paused: true, position_ms: 5 },
        Command::Seek { position_ms: 5 },
        Command::ReceiveAudio(false),
        Command::ReceiveVideo(false),
    ];
    let mut session = connected();
    for command in commands.clone() {
        let out = apply(&mut session, 1, command);
        assert!(out.ignored.is_some() && out.events.is_empty() && out.replies.is_empty());
    }
    let out = apply(&mut session, 1, play("a"));
    let [Event::Play(request)] = &out.events[..] else { panic!("{out:?}") };
    session.accept_play(request.id, "", &mut Outcome::default());
    let stream = MessageStreamId(1);
    let outs = commands.map(|command| apply(&mut session, 1, command));
    let events: Vec<Event> = outs.iter().flat_map(|out| out.events.clone()).collect();
    assert_eq!(
        events,
        [
            Event::Pause { stream, paused: true, position_ms: 5 },
            Event::Seek { stream, position_ms: 5 },
            Event::ReceiveAudio { stream, on: false },
            Event::ReceiveVideo { stream, on: false },
        ]
    );
    assert_eq!(outs.iter().flat_map(codes).collect::<Vec<_>>(), [status::PAUSE_NOTIFY, status::SEEK_NOTIFY]);
}

#[test]
fn close_ends_everything() {
    let mut session = publishing();
    apply(&mut session, 2, play("b"));
    let out = apply(&mut session, 0, Command::Close);
    let [one, two] = [MessageStreamId(1), MessageStreamId(2)];
    assert_eq!(out.events, [Event::PublishEnded { stream: one }, Event::PlayEnded { stream: two }]);
    assert_eq!(session.phase(), Phase::Closing);
}

#[test]
fn a_silent_peer_is_normal_only_while_it_plays_or_waits() {
    let mut session = Session::new(4, None);
    assert!(!session.may_be_silent());
    apply(&mut session, 0, connect(Some("live"), ""));
    assert!(session.may_be_silent(), "it waits for our answer");
    assert!(!connected().may_be_silent());
    assert!(!publishing().may_be_silent());
    let mut session = connected();
    apply(&mut session, 1, play("a"));
    assert!(session.may_be_silent());
}
