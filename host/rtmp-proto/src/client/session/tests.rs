use super::*;

const NOW: Duration = Duration::from_secs(1);

fn apply(session: &mut Session, stream: u32, answer: Answer) -> Outcome {
    let mut out = Outcome::default();
    session.answer(MessageStreamId(stream), answer, NOW, &mut out);
    out
}

fn info(level: &str, code: &str) -> Info {
    Info { level: level.into(), code: code.into(), description: "because".into(), url: None }
}

fn object(fields: &[(&str, Value)]) -> Value {
    Value::Object(fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

fn success() -> Answer {
    let value = object(&[("code", status::CONNECT_SUCCESS.into())]);
    Answer::Result { transaction: CONNECT, object: Value::Null, value }
}

fn connected() -> Session {
    let mut session = Session::new(3000);
    let out = apply(&mut session, 0, success());
    assert!(matches!(out.events[..], [Event::Connected(_)]));
    session
}

fn publish(session: &mut Session) -> (RequestId, Outcome) {
    let mut out = Outcome::default();
    let id = session.publish("cam?k=1", "live", NOW, &mut out).unwrap();
    (id, out)
}

fn play(session: &mut Session) -> (RequestId, Outcome) {
    let mut out = Outcome::default();
    let id = session.play("cam", -2000, -1000, NOW, &mut out).unwrap();
    (id, out)
}

fn create_transaction(out: &Outcome) -> f64 {
    out.requests
        .iter()
        .find_map(|request| match request {
            Request::CreateStream { transaction } => Some(*transaction),
            _ => None,
        })
        .unwrap()
}

fn created(session: &mut Session, out: &Outcome, id: f64) -> Outcome {
    let transaction = create_transaction(out);
    apply(session, 0, Answer::Result { transaction, object: Value::Null, value: id.into() })
}

fn names(out: &Outcome) -> Vec<&'static str> {
    out.requests
        .iter()
        .map(|request| match request {
            Request::Control(_) => "control",
            Request::Connect { .. } => "connect",
            Request::CreateStream { .. } => "createStream",
            Request::Named { command, .. } => command,
            Request::Publish { .. } => "publish",
            Request::Play { .. } => "play",
            Request::DeleteStream { .. } => "deleteStream",
        })
        .collect()
}

/// A session with stream 1 publishing.
fn publishing() -> (Session, RequestId) {
    let mut session = connected();
    let (id, out) = publish(&mut session);
    created(&mut session, &out, 1.0);
    let out = apply(&mut session, 1, Answer::Status(info("status", status::PUBLISH_START)));
    assert_eq!(out.events, [Event::Publishing { id, stream: MessageStreamId(1) }]);
    (session, id)
}

#[test]
fn a_publish_goes_its_way() {
    let mut session = connected();
    let (id, out) = publish(&mut session);
    assert_eq!(names(&out), ["releaseStream", "FCPublish", "createStream"]);
    let out = created(&mut session, &out, 5.0);
    assert_eq!(names(&out), ["publish"]);
    let stream = MessageStreamId(5);
    assert_eq!(out.events, [Event::Asked { id, stream }]);
    assert!(!session.publishes(stream), "not before the answer");
    let out = apply(&mut session, 5, Answer::Status(info("status", status::PUBLISH_START)));
    assert_eq!(out.events, [Event::Publishing { id, stream }]);
    assert!(session.publishes(stream));
    let mut out = Outcome::default();
    assert!(session.stop(id, &mut out));
    assert_eq!(names(&out), ["FCUnpublish", "deleteStream"]);
    assert!(!session.publishes(stream));
    assert!(!session.stop(id, &mut out), "once is enough");
}

#[test]
fn verbs_before_connect_wait_for_it() {
    let mut session = Session::new(3000);
    let (_, out) = publish(&mut session);
    assert!(out.requests.is_empty());
    let (_, out) = play(&mut session);
    assert!(out.requests.is_empty());
    let out = apply(&mut session, 0, success());
    assert_eq!(names(&out), ["releaseStream", "FCPublish", "createStream", "createStream"]);
}

#[test]
fn transactions_are_all_different() {
    let mut session = connected();
    let mut seen = vec![CONNECT];
    for _ in 0..3 {
        let (_, out) = publish(&mut session);
        for request in out.requests {
            let (Request::Named { transaction, .. } | Request::CreateStream { transaction }) = request else {
                continue;
            };
            assert!(!seen.contains(&transaction));
            seen.push(transaction);
        }
    }
    assert_eq!(seen.len(), 10);
}

/// A refused connect ends with the reason, in every form that servers use.
#[test]
fn a_refused_connect_says_why() {
    let value = object(&[("level", "error".into()), ("code", "NetConnection.Connect.Rejected".into())]);
    for answer in [
        Answer::Error { transaction: CONNECT, info: info("error", status::CONNECT_REJECTED) },
        Answer::Status(info("error", status::CONNECT_REJECTED)),
        // Without a level, the code decides.
        Answer::Status(info("", status::CONNECT_REJECTED)),
        Answer::Result { transaction: CONNECT, object: Value::Null, value },
    ] {
        let mut session = Session::new(0);
        publish(&mut session);
        let out = apply(&mut session, 0, answer);
        let [Event::Refused { info }] = &out.events[..] else { panic!("{out:?}") };
        assert_eq!(info.code, status::CONNECT_REJECTED);
        assert_eq!(session.phase(), Phase::Closing);
        assert!(session.publish("a", "live", NOW, &mut Outcome::default()).is_none());
    }
}

#[test]
fn a_redirected_connect_says_where() {
    let mut session = Session::new(0);
    let info = Info { url: Some("rtmp://b/live".into()), ..info("error", status::CONNECT_REJECTED) };
    let out = apply(&mut session, 0, Answer::Error { transaction: CONNECT, info });
    assert_eq!(out.events, [Event::Redirected { url: "rtmp://b/live".into(), description: "because".into() }]);
}

#[test]
fn a_reconnect_request_changes_nothing_yet() {
    let (mut session, _) = publishing();
    let info = Info { url: Some("rtmp://b/live".into()), ..info("status", status::RECONNECT_REQUEST) };
    let out = apply(&mut session, 0, Answer::Status(info));
    let tc_url = Some("rtmp://b/live".into());
    assert_eq!(out.events, [Event::Reconnect { tc_url, description: "because".into() }]);
    assert!(session.publishes(MessageStreamId(1)));
}

/// `_error` and a failed publish or play end with the reason at once.
#[test]
fn failures_name_their_request_and_leave_the_connection() {
    let mut session = connected();
    let (id, out) = play(&mut session);
    let transaction = create_transaction(&out);
    let failed = info("error", status::CALL_FAILED);
    let out = apply(&mut session, 0, Answer::Error { transaction, info: failed.clone() });
    assert_eq!(out.events, [Event::Failed { id, info: failed }]);

    let (id, out) = play(&mut session);
    created(&mut session, &out, 1.0);
    let failed = info("error", status::PLAY_STREAM_NOT_FOUND);
    let out = apply(&mut session, 1, Answer::Status(failed.clone()));
    assert_eq!(out.events, [Event::Failed { id, info: failed }]);
    assert_eq!(names(&out), ["deleteStream"]);

    let (id, out) = publish(&mut session);
    created(&mut session, &out, 1.0);
    let failed = info("error", status::PUBLISH_BAD_NAME);
    // On stream 0, as some servers write it.
    let out = apply(&mut session, 0, Answer::Status(failed.clone()));
    assert_eq!(out.events, [Event::Failed { id, info: failed }]);
    assert_eq!(session.phase(), Phase::Connected);
}

#[test]
fn announcements_may_fail() {
    let mut session = connected();
    let (_, out) = publish(&mut session);
    for request in &out.requests {
        let Request::Named { transaction, .. } = request else { continue };
        let failed = info("error", status::CALL_FAILED);
        let out = apply(&mut session, 0, Answer::Error { transaction: *transaction, info: failed });
        assert!(out.events.is_empty());
    }
    assert_eq!(names(&created(&mut session, &out, 1.0)), ["publish"]);
}

#[test]
fn a_stream_given_up_while_it_is_made_is_deleted_when_it_comes() {
    let mut session = connected();
    let (id, asked) = play(&mut session);
    let mut out = Outcome::default();
    assert!(session.stop(id, &mut out));
    assert!(out.requests.is_empty());
    let out = created(&mut session, &asked, 1.0);
    assert_eq!(names(&out), ["deleteStream"]);
    assert!(out.events.is_empty());
}

#[test]
fn media_before_play_start_is_a_start() {
    let mut session = connected();
    let (id, out) = play(&mut session);
    created(&mut session, &out, 1.0);
    let mut out = Outcome::default();
    assert_eq!(session.media(MessageStreamId(0), &mut out), Some(MessageStreamId(1)), "one play leaves no doubt");
    assert_eq!(out.events, [Event::Playing { id, stream: MessageStreamId(1) }]);
    let out = apply(&mut session, 1, Answer::Status(info("status", status::PLAY_START)));
    assert!(!out.events.iter().any(|event| matches!(event, Event::Playing { .. })), "said once");
}

#[test]
fn media_finds_its_play() {
    let mut session = connected();
    for id in [1.0, 2.0] {
        let (_, out) = play(&mut session);
        created(&mut session, &out, id);
    }
    let mut out = Outcome::default();
    let found = [1, 2, 0, 9].map(|id| session.media(MessageStreamId(id), &mut out).map(|id| id.0));
    assert_eq!(found, [Some(1), Some(2), None, None]);
    let (mut session, _) = publishing();
    assert_eq!(session.media(MessageStreamId(1), &mut out), None, "nothing comes on a stream that publishes");
}

#[test]
fn what_is_not_answered_in_time_fails() {
    let mut session = connected();
    let (id, _) = play(&mut session);
    assert_eq!(session.oldest_wait(), Some(NOW));
    let failed = info("error", "");
    let mut out = Outcome::default();
    session.expire(NOW - Duration::from_millis(1), &failed, &mut out);
    assert!(out.events.is_empty());
    session.expire(NOW, &failed, &mut out);
    assert_eq!(out.events, [Event::Failed { id, info: failed }]);
    assert_eq!(session.oldest_wait(), None);
}

#[test]
fn a_stream_id_that_is_none_is_ignored() {
    for value in [Value::Null, (-1.0).into(), 1.5.into(), f64::NAN.into(), "1".into()] {
        let mut session = connected();
        let (_, out) = play(&mut session);
        let transaction = create_transaction(&out);
        let out = apply(&mut session, 0, Answer::Result { transaction, object: Value::Null, value });
        assert!(out.requests.is_empty() && out.ignored.is_some());
    }
}

#[test]
fn other_status_is_passed_on() {
    let mut session = connected();
    let (_, out) = play(&mut session);
    created(&mut session, &out, 1.0);
    apply(&mut session, 1, Answer::Status(info("status", status::PLAY_START)));
    let gone = info("status", status::PLAY_UNPUBLISH_NOTIFY);
    let out = apply(&mut session, 1, Answer::Status(gone.clone()));
    assert_eq!(out.events, [Event::Status { stream: MessageStreamId(1), info: gone }]);
    let out = apply(&mut session, 0, Answer::Close);
    assert_eq!(out.events, [Event::Closed]);
    assert!(apply(&mut session, 0, success()).events.is_empty());
}
