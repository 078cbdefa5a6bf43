//! What a frame costs between its publisher and its subscribers: `cargo bench -p fanout`.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fanout::{Entry, Event, Limits, Publisher, StreamKey, Streams, Subscriber};
use media::{Body, Content, FourCc, Frame, Kind, flv};

fn frame(kind: Kind, content: Content, key: bool, size: usize) -> Frame {
    let codec = if kind == Kind::Video { FourCc::AVC1 } else { FourCc::MP4A };
    let parts = flv::Parts { kind, track: 0, codec, content, key, disposable: false, cts_ms: 0 };
    flv::frame(&parts, 0, 0, &Body::from(vec![0x41; size]))
}

fn picture(key: bool) -> Frame {
    frame(Kind::Video, Content::Coded, key, if key { 70_000 } else { 8_770 })
}

fn key() -> StreamKey {
    StreamKey::new("live", "cam")
}

fn publisher(streams: &Streams, limits: Limits) -> Publisher {
    let Ok(mut publisher) = streams.publish(key(), limits) else { panic!("the name is taken") };
    let headers = [Kind::Video, Kind::Audio].map(|kind| frame(kind, Content::Header, false, 40));
    assert!(publisher.push_all(headers).is_ok());
    publisher
}

fn subscribers(streams: &Streams, count: usize) -> Vec<Subscriber> {
    let subscribers: Vec<Subscriber> = (0..count).filter_map(|_| streams.subscribe(key()).ok()).collect();
    assert_eq!(subscribers.len(), count);
    subscribers
}

/// A ring that keeps no more than two seconds of a usual stream, so that every push drops a frame too.
fn full() -> Limits {
    Limits { frames: 136, ..Limits::default() }
}

fn push(c: &mut Criterion) {
    let mut group = c.benchmark_group("push");
    for count in [0, 100] {
        let streams = Streams::default();
        let mut publisher = publisher(&streams, full());
        let _idle = subscribers(&streams, count);
        let frame = picture(false);
        group.bench_function(format!("{count} subscribers, none of them waiting"), |b| {
            b.iter(|| publisher.push(black_box(&frame).clone()));
        });
    }
    group.finish();
}

/// Subscribers that take each frame at once, without being woken.
fn read(c: &mut Criterion) {
    const COUNT: usize = 100;
    let streams = Streams::default();
    let mut publisher = publisher(&streams, full());
    assert!(publisher.push(picture(true)).is_ok());
    let mut subscribers = subscribers(&streams, COUNT);
    let mut batch = Vec::new();
    for subscriber in &mut subscribers {
        assert_eq!(subscriber.try_next(&mut batch), Some(Event::Frames));
        batch.clear();
    }
    let frame = picture(false);
    let mut group = c.benchmark_group("push and read");
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("100 subscribers", |b| {
        b.iter(|| {
            assert!(publisher.push(frame.clone()).is_ok());
            for subscriber in &mut subscribers {
                assert_eq!(subscriber.try_next(&mut batch), Some(Event::Frames));
                black_box(&batch);
                batch.clear();
            }
        });
    });
    group.finish();
}

/// Subscribers on tasks of their own, which every frame wakes.
fn wake(c: &mut Criterion) {
    const COUNT: usize = 100;
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { panic!("no runtime") };
    let streams = Streams::default();
    let mut publisher = publisher(&streams, full());
    assert!(publisher.push(picture(true)).is_ok());
    let taken = Arc::new(AtomicUsize::new(0));
    for mut subscriber in subscribers(&streams, COUNT) {
        let taken = Arc::clone(&taken);
        runtime.spawn(async move {
            let mut batch = Vec::new();
            while subscriber.next(&mut batch).await == Event::Frames {
                taken.fetch_add(batch.len(), Ordering::Relaxed);
                black_box(&batch);
                batch.clear();
            }
        });
    }
    let all_took = async |frames: usize| {
        while taken.load(Ordering::Relaxed) < frames {
            tokio::task::yield_now().await;
        }
        taken.store(0, Ordering::Relaxed);
    };
    // Two headers and the key frame.
    runtime.block_on(all_took(3 * COUNT));
    let frame = picture(false);
    let mut group = c.benchmark_group("push, wake and read");
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("100 subscribers", |b| {
        b.iter(|| {
            assert!(publisher.push(frame.clone()).is_ok());
            runtime.block_on(all_took(COUNT));
        });
    });
    group.finish();
}

fn join(c: &mut Criterion) {
    let streams = Streams::default();
    let mut publisher = publisher(&streams, Limits::default());
    let pictures = (0..50).map(|n| picture(n == 0));
    let sounds = (0..86).map(|_| frame(Kind::Audio, Content::Coded, false, 372));
    assert!(publisher.push_all(pictures.chain(sounds)).is_ok());
    let mut batch = Vec::new();
    c.bench_function("join, GOP of 2 s", |b| {
        b.iter(|| {
            let Ok(mut subscriber) = streams.subscribe(key()) else { panic!("refused") };
            while subscriber.try_next(&mut batch).is_some() {}
            assert_eq!(batch.len(), 2 + 50 + 86);
            batch.clear();
        });
    });
}

fn forms(c: &mut Criterion) {
    let entry = Entry::new(picture(false));
    let mut group = c.benchmark_group("wire form");
    for (name, kept) in [("the only one", 0), ("the eighth", 7)] {
        let find = |key: u64| entry.form(key, |_| Bytes::from_static(b"chunks"));
        (0..=kept).for_each(|key| drop(find(key)));
        group.bench_function(name, |b| b.iter(|| find(black_box(kept))));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(40).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = push, read, wake, join, forms
}
criterion_main!(benches);
