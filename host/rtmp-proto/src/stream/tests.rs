use super::*;

const ID: RequestId = RequestId(5);

#[test]
fn ending_tells_what_ended_and_leaves_the_stream_usable() {
    let name = || "a?token=1".to_owned();
    let cases = [
        (NetStream::Idle, None),
        (NetStream::PublishAsked { id: ID, name: name() }, Some(Ended::Publish)),
        (NetStream::Publishing { name: name() }, Some(Ended::Publish)),
        (NetStream::PlayAsked { id: ID, name: name(), reset: true }, Some(Ended::Play)),
        (NetStream::Playing, Some(Ended::Play)),
    ];
    for (mut state, expected) in cases {
        let waits = matches!(state, NetStream::PublishAsked { .. } | NetStream::PlayAsked { .. });
        assert_eq!(state.waits_for(ID), waits);
        assert!(!state.waits_for(RequestId(6)));
        assert_eq!(state.publishes("a"), expected == Some(Ended::Publish), "the query does not count");
        assert!(!state.publishes("b"));
        assert_eq!(state.end(), expected);
        assert_eq!(state, NetStream::Idle);
    }
}
