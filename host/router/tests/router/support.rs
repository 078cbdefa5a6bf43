//! Peers, messages and applications.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use media::{Kind, Metadata};
use router::{
    App, Connection, ConnectionInfo, Entry, Event, Flush, Publication, Refusal, Router, Settings, Subscription,
};

/// A router with these applications. Frames leave at once: the tests read what they pushed without letting time pass.
pub(crate) fn router<const N: usize>(apps: [(&str, App); N]) -> Router {
    Router::new(settings(apps))
}

pub(crate) fn settings<const N: usize>(apps: [(&str, App); N]) -> Settings {
    let immediate = |(name, app): (&str, App)| (name.to_owned(), App { flush: Flush::Immediate, ..app });
    let apps: BTreeMap<String, App> = apps.into_iter().map(immediate).collect();
    Settings { apps, ..Settings::default() }
}

/// A peer that connects to `app`.
pub(crate) fn peer(router: &Router, app: &str) -> ConnectionInfo {
    ConnectionInfo {
        id: router.connection_id(),
        protocol: "rtmp".into(),
        peer_ip: "127.0.0.1".into(),
        app: app.into(),
        tc_url: format!("rtmp://127.0.0.1/{app}"),
        ..ConnectionInfo::default()
    }
}

pub(crate) async fn connect(router: &Router, app: &str) -> Connection {
    router.connect(peer(router, app)).await.unwrap()
}

pub(crate) async fn publish(router: &Router, app: &str, name: &str) -> Result<Publication, Refusal> {
    connect(router, app).await.publish(name, "live").await
}

pub(crate) async fn play(router: &Router, app: &str, name: &str) -> Result<Subscription, Refusal> {
    connect(router, app).await.play(name, -2000, -1).await
}

/// An AVC sequence header whose payload is `mark`.
pub(crate) fn video_header(mark: u8) -> Bytes {
    Bytes::from(vec![0x17, 0, 0, 0, 0, mark])
}

pub(crate) fn key(mark: u8) -> Bytes {
    Bytes::from(vec![0x17, 1, 0, 0, 0, mark])
}

pub(crate) fn inter(mark: u8) -> Bytes {
    Bytes::from(vec![0x27, 1, 0, 0, 0, mark])
}

pub(crate) fn audio_header(mark: u8) -> Bytes {
    Bytes::from(vec![0xaf, 0, mark])
}

pub(crate) fn audio(mark: u8) -> Bytes {
    Bytes::from(vec![0xaf, 1, mark])
}

pub(crate) fn on_meta_data() -> Option<Metadata> {
    Some(Metadata { name: "onMetaData".into(), ..Metadata::default() })
}

/// The message a frame's body makes: kind and body.
pub(crate) fn video(publication: &mut Publication, ms: u32, body: Bytes) {
    publication.push(Kind::Video, ms, body, None).unwrap();
}

pub(crate) fn sound(publication: &mut Publication, ms: u32, body: Bytes) {
    publication.push(Kind::Audio, ms, body, None).unwrap();
}

/// What a player gets with its next event, which must be frames: time in milliseconds and the body's last byte.
pub(crate) async fn frames(subscription: &mut Subscription) -> Vec<(i64, u8)> {
    let mut batch = Vec::new();
    assert_eq!(subscription.next(&mut batch).await, Event::Frames);
    batch.iter().map(mark).collect()
}

pub(crate) fn mark(entry: &Arc<Entry>) -> (i64, u8) {
    let body = entry.frame.body.to_bytes();
    (entry.frame.dts_us / 1000, body.last().copied().unwrap_or(0))
}

/// The next event, which must not be frames.
pub(crate) async fn event(subscription: &mut Subscription) -> Event {
    let mut batch = Vec::new();
    let event = subscription.next(&mut batch).await;
    assert_ne!(event, Event::Frames, "{:?}", batch.iter().map(mark).collect::<Vec<_>>());
    event
}

/// Waits until it is so, at most ten seconds.
pub(crate) async fn until(so: impl Fn() -> bool) {
    let mut left = 1000;
    while !so() {
        assert!(left > 0, "it did not come to be");
        left -= 1;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}
