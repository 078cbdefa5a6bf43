//! What every session filter can do.

use std::sync::Arc;

use filter::counters::Metric;
use filter::session::{
    ConnectionInfo, Decision, Denial, EndReason, Grant, PlayRequest, PublishRequest, Reached, Redirection, Role,
    SessionRef, StreamKey, Summary, TlsInfo,
};
use filter::spec::SessionFailure;
use filter::{OnFailure, SessionChain, Spec};

use super::Check;
use super::guest::*;

pub(crate) const CHECKS: &[Check] = &[
    ("session: abstain", abstain),
    ("session: allow, rename, terms", allow),
    ("session: deny", deny),
    ("session: redirect", redirect),
    ("session: recheck", recheck),
    ("session: requests told", told),
    ("session: close, log, metrics", close),
    ("session: kv", kv),
    ("session: trap", trap),
];

fn connection() -> Arc<ConnectionInfo> {
    Arc::new(ConnectionInfo {
        id: 3,
        protocol: "rtmps".into(),
        peer_ip: "2001:db8::7".into(),
        peer_port: 50_123,
        local_port: 443,
        tls: Some(TlsInfo { protocol: "TLSv1.3".into(), sni: Some("live.example".into()), client_cert_sha256: None }),
        app: "live".into(),
        tc_url: "rtmps://live.example/live?k=1".into(),
        agent: "Größe/1".into(),
        fourccs: vec![1_635_148_593, 7],
        extra: fields(&[("pageUrl", "x"), ("audioCodecs", "0")]),
    })
}

fn publish() -> PublishRequest {
    let key = StreamKey { app: "live".into(), name: "cam".into(), query: fields(&[("key", "k"), ("b", "")]) };
    PublishRequest { conn: connection(), key, mode: "append".into(), takes_over: true }
}

fn play() -> PlayRequest {
    PlayRequest { conn: connection(), key: publish().key, start_ms: -2000, duration_ms: -1 }
}

fn who(tags: &[(String, String)]) -> SessionRef {
    let (conn, key) = (connection(), Some(publish().key));
    SessionRef { conn, role: Role::Publishing, stream: Some(9), key, tags: tags.to_vec() }
}

fn asked(guest: &Guest, deed: &str) -> SessionChain {
    SessionChain::new(vec![guest.load(guest.session_spec(deed))])
}

/// The same answer to connect, publish, play and recheck.
fn each(guest: &Guest, deed: &str) -> [Decision; 4] {
    let chain = asked(guest, deed);
    guest.wait(async {
        let connected = chain.on_connect(&connection(), &mut Reached::default()).await;
        let published = chain.on_publish(&publish(), &mut Reached::default()).await;
        let played = chain.on_play(&play(), &mut Reached::default()).await;
        [connected, published, played, chain.on_recheck(&who(&[])).await]
    })
}

fn tags(decision: Decision) -> Vec<(String, String)> {
    let Decision::Allow(grant) = decision else { panic!("{decision:?}") };
    grant.tags
}

fn abstain(guest: &Guest) {
    assert_eq!(each(guest, "abstain"), [Decision::Abstain, Decision::Abstain, Decision::Abstain, Decision::Abstain]);
}

fn allow(guest: &Guest) {
    let mut spec = guest.session_spec("allow");
    spec.grants.push.insert("*".into());
    let chain = SessionChain::new(vec![guest.load(spec)]);
    let expected = Grant {
        rename: Some(StreamKey { app: "live".into(), name: "public".into(), query: vec![] }),
        tags: fields(&[("plan", "gold"), ("text", TEXT)]),
        max_kbps: Some(3000),
        max_duration_ms: Some(60_000),
        recheck_ms: Some(500),
        push_to: vec!["rtmp://127.0.0.1/live/x".into()],
    };
    assert_eq!(guest.wait(chain.on_publish(&publish(), &mut Reached::default())), Decision::Allow(expected.clone()));
    let Decision::Allow(grant) = guest.wait(chain.on_play(&play(), &mut Reached::default())) else { panic!("allowed") };
    assert_eq!((grant.rename, grant.tags), (expected.rename, expected.tags));
}

fn deny(guest: &Guest) {
    let no = Denial { code: "NetStream.Publish.Denied".into(), reason: TEXT.into(), disconnect: true, hold_ms: 1500 };
    for decision in each(guest, "deny") {
        assert_eq!(decision, Decision::Deny(no.clone()));
    }
}

fn redirect(guest: &Guest) {
    let to = Redirection { url: "rtmp://127.0.0.2/live/x".into(), permanent: true };
    for decision in each(guest, "redirect") {
        assert_eq!(decision, Decision::Redirect(to.clone()));
    }
}

/// What is remembered of a session stands in its tags.
fn recheck(guest: &Guest) {
    let chain = asked(guest, "recheck");
    let mut all = Vec::new();
    for _ in 0..2 {
        let Decision::Allow(grant) = guest.wait(chain.on_recheck(&who(&all))) else { panic!("goes on") };
        assert_eq!(grant.recheck_ms, Some(500));
        all.extend(grant.tags);
    }
    assert_eq!(all, fields(&[("count", "1"), ("count", "2")]));
    let Decision::Deny(no) = guest.wait(chain.on_recheck(&who(&all))) else { panic!("kicked") };
    assert_eq!((no.reason.as_str(), no.disconnect, no.hold_ms), ("kicked", false, 0));
}

fn told(guest: &Guest) {
    let [connected, published, played, rechecked] = each(guest, "report").map(tags);
    assert_eq!(connected, fields(&[("app", "live")]));
    let expected = [
        ("stream", "live/cam"),
        ("query", "key=k,b="),
        ("mode", "append"),
        ("takes_over", "true"),
        ("id", "3"),
        ("protocol", "rtmps"),
        ("peer", "2001:db8::7:50123"),
        ("port", "443"),
        ("tls", "TLSv1.3 live.example"),
        ("tc_url", "rtmps://live.example/live?k=1"),
        ("agent", "Größe/1"),
        ("fourccs", "1635148593,7"),
        ("extra", "pageUrl=x,audioCodecs=0"),
        ("text", TEXT),
        ("secret", "s3cret"),
        ("none", "true"),
    ];
    assert_eq!(published, fields(&expected));
    assert_eq!(played, fields(&[("stream", "live/cam"), ("start_ms", "-2000"), ("duration_ms", "-1")]));
    let expected = [("role", "publishing"), ("id", "9"), ("stream", "live/cam"), ("tags", "")];
    assert_eq!(rechecked, fields(&expected));
    let chain = asked(guest, "report");
    let nothing = SessionRef { role: Role::Connecting, stream: None, key: None, ..who(&fields(&[("a", "b")])) };
    let expected = [("role", "connecting"), ("id", "0"), ("stream", "none"), ("tags", "a=b")];
    assert_eq!(tags(guest.wait(chain.on_recheck(&nothing))), fields(&expected));
    let bare = PublishRequest { conn: Arc::new(ConnectionInfo::default()), takes_over: false, ..publish() };
    let bare = tags(guest.wait(chain.on_publish(&bare, &mut Reached::default())));
    let of = |name: &str| bare.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    assert_eq!((of("tls"), of("takes_over"), of("fourccs")), (Some("none"), Some("false"), Some("")));
}

fn close(guest: &Guest) {
    let it = guest.load(guest.session_spec("abstain"));
    let chain = SessionChain::new(vec![it.clone()]);
    let how = Summary { bytes_in: 1, bytes_out: 1 << 40, duration_ms: 3, reason: EndReason::Denied };
    guest.wait(chain.on_close(&who(&[]), how));
    assert_eq!(it.counters().metrics.get("closed"), Some(&Metric::Counter(1)));
    let log = guest.log();
    let line = log.iter().find(|line| line.contains("closed")).unwrap_or_else(|| panic!("{log:?}"));
    assert!(line.contains("bytes_in=1") && line.contains("bytes_out=1099511627776"), "{line}");
    assert!(line.contains("duration_ms=3"), "{line}");
}

fn kv(guest: &Guest) {
    let chain = asked(guest, "kv");
    for count in ["1", "2"] {
        assert_eq!(
            tags(guest.wait(chain.on_publish(&publish(), &mut Reached::default()))),
            fields(&[("count", count)])
        );
    }
}

fn trap(guest: &Guest) {
    for (session, allowed) in [(SessionFailure::Deny, false), (SessionFailure::Allow, true)] {
        let on_failure = OnFailure { session, ..OnFailure::default() };
        let it = guest.load(Spec { on_failure, ..guest.session_spec("trap") });
        let decision = guest.wait(SessionChain::new(vec![it.clone()]).on_publish(&publish(), &mut Reached::default()));
        let denied = matches!(decision, Decision::Deny(_));
        assert_eq!(denied, !allowed, "{decision:?}");
        assert!(it.counters().events.traps > 0);
        assert!(guest.log().iter().any(|line| line.contains("told to trap")));
    }
}
