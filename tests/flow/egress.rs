//! Filters that work for one viewer each: what one gets, the others do not.

use std::thread::spawn;
use std::time::Duration;

use weir_tests::clip;
use weir_tests::encoder::Encoder;
use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{ended, player, publisher, receive, rest, send, tags, unpublish};
use weir_tests::flv::{self, Tag, VIDEO};
use weir_tests::numbered;
use weir_tests::router::{PATIENT, Router, build_filter};
use weir_tests::rtmp::{Client, Message, amf::Value};
use weir_tests::units::{self, Codec};

mod hanging;
mod slow;

/// A router whose viewers of `live` have this guest to themselves.
fn with(guest: &str, config: &str, more: &str) -> String {
    let module = build_filter(&format!("filters/conformance/{guest}"));
    format!(
        "[filters.own]\nsource = \"file:{}\"\nplacement = \"egress\"\nconfig = {{ {config} }}\n{more}\n\
         [apps.live]\nmedia = [\"own\"]\n{PATIENT}\nplay_wait = \"1m\"\n",
        module.display()
    )
}

/// What marks a picture, and the picture without it.
fn marked(tag: &Tag) -> Option<(String, Tag)> {
    let (head, payload) = tag.body.split_at(5);
    let mut all = units::split(Codec::H264, payload);
    let own = |unit: &units::Unit| unit.0 == 6 && unit.1[3..].starts_with(b"weir-conformance");
    let (_, unit) = all.remove(all.iter().position(own)?);
    let text = String::from_utf8_lossy(&unit[19..unit.len() - 1]).into_owned();
    let body = [head, &units::join(Codec::H264, &all)].concat();
    Some((text, Tag { body, ..tag.clone() }))
}

fn clip_of(frames: u64) -> Vec<Tag> {
    let media = (0..frames).flat_map(|n| [numbered::video(n, 300), numbered::audio(n)]);
    [numbered::header(), numbered::audio_header()].into_iter().chain(media).collect()
}

#[test]
fn each_viewer_gets_its_own_mark_and_nothing_else_differs() {
    marks("stream");
}

#[test]
fn viewers_that_share_an_instance_are_not_taken_for_each_other() {
    marks("shared");
}

fn marks(isolation: &str) {
    let session = build_filter("filters/conformance/session");
    let isolation = format!("isolation = \"{isolation}\"");
    let tables = with("media", "mode = \"mark-viewer\", text = \"here\"", &isolation)
        + &format!(
            "session = [\"who\"]\n[filters.who]\nsource = \"file:{}\"\n\
             config = {{ play = {{ allow = {{ tags = {{ plan = \"gold\" }} }} }}, publish = {{ allow = {{ tags = {{ plan = \"none\" }} }} }} }}\n",
            session.display()
        );
    let router = Router::start(&tables);
    let sent = clip_of(60);
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &sent[..80]);
    let mut first = player(&router, "live", "cam?viewer=first");
    receive(&mut first, "the newest frame", |m| numbered::number(&m.tag()) == Some(38));
    // In the middle of the second GOP: this one joins by the cache, whose frames pass its filter as well.
    let mut late = player(&router, "live", "cam?viewer=late");
    let joined = tags(&receive(&mut late, "the newest frame", |m| numbered::number(&m.tag()) == Some(38)));
    let mut other = player(&router, "live", "cam?viewer=other");
    receive(&mut other, "the newest frame", |m| numbered::number(&m.tag()) == Some(38));
    send(&mut source, &sent[80..]);
    unpublish(&mut source, "cam");
    let late = [joined, rest(&mut late)].concat();
    let other = rest(&mut other);
    for (who, seen, first) in [("late", &late, 25), ("other", &other, 39)] {
        let pictures: Vec<&Tag> = seen.iter().filter(|t| t.kind == VIDEO && !t.is_header()).collect();
        let text = format!("viewer {who} at 127.0.0.1 with plan=gold; here");
        let numbers: Vec<_> = pictures.iter().filter_map(|t| numbered::number(t)).collect();
        assert_eq!(numbers, (first..60).collect::<Vec<_>>(), "{who}");
        for (picture, number) in pictures.iter().zip(first..) {
            let (mark, bare) = marked(picture).unwrap_or_else(|| panic!("{who}: picture {number} without a mark"));
            assert_eq!((mark, bare.body), (text.clone(), numbered::video(number, 300).body));
        }
        let sounds: Vec<_> = seen.iter().filter(|t| t.kind != VIDEO && !t.is_header()).collect();
        assert!(sounds.iter().all(|t| sent.contains(t)) && sounds.len() >= pictures.len() - 1, "{who}: {sounds:?}");
        assert!(seen.windows(2).all(|w| w[0].time_ms <= w[1].time_ms), "{who}: times go back");
    }
    let header = Tag { time_ms: numbered::time_ms(25), ..numbered::header() };
    assert!(late[..2].contains(&header), "{:?}", &late[..2]);
}

#[test]
fn a_trap_ends_or_bypasses_one_viewer_and_no_other() {
    for (policy, goes_on) in [("end-stream", false), ("bypass", true)] {
        let config = "deed = \"trap\", hook = \"frame\", after = 10, viewer = \"bad\"";
        let router = Router::start(&with("hostile", config, &format!("on_failure = \"{policy}\"")));
        let sent = clip_of(60);
        let mut source = publisher(&router, "live", "cam");
        send(&mut source, &sent[..4]);
        let (mut good, mut bad) =
            (player(&router, "live", "cam?viewer=good"), player(&router, "live", "cam?viewer=bad"));
        for viewer in [&mut good, &mut bad] {
            receive(viewer, "the first picture", |m| m.tag().is_picture());
        }
        send(&mut source, &sent[4..]);
        if goes_on {
            unpublish(&mut source, "cam");
            let numbers: Vec<_> =
                rest(&mut bad).iter().filter(|t| t.kind == VIDEO).filter_map(numbered::number).collect();
            assert_eq!(numbers, (1..60).collect::<Vec<_>>());
        } else {
            let end = receive(&mut bad, "its end", |m| m.status().is_some_and(|s| s.level == "error"));
            let end = end.last().and_then(Message::status).expect("a status");
            assert_eq!(end.code, "NetStream.Play.Failed");
            assert!(end.description.contains("filter `own` failed"), "{end:?}");
            unpublish(&mut source, "cam");
        }
        let line = router.process.line("the fault", |l| l.contains("it failed in on-frame"));
        assert!(line.contains("live/cam") && line.contains("viewer="), "{line}");
        let seen = rest(&mut good);
        let pictures = |all: &[Tag]| -> Vec<Vec<u8>> {
            all.iter().filter(|t| t.kind == VIDEO && !t.is_header()).map(|t| t.body.clone()).collect()
        };
        assert_eq!(pictures(&seen), pictures(&sent)[1..], "{policy}: the other viewer");
    }
}

/// Waits until the report says so of the filter.
fn reported(router: &Router, says: &str) {
    router.reports("filter own (", |line| line.contains(says));
}

#[test]
fn viewers_come_and_go_with_their_instances_and_one_too_many_is_refused() {
    let mut router = Router::start(&with("media", "mode = \"mark-viewer\"", "limits = { viewers = 20 }"));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &clip_of(5));
    for _ in 0..2 {
        let mut viewers: Vec<_> = (0..20).map(|n| player(&router, "live", &format!("cam?viewer={n}"))).collect();
        for (n, viewer) in viewers.iter_mut().enumerate() {
            let seen = receive(viewer, "a picture", |m| m.tag().is_picture());
            let (mark, _) = marked(&seen.last().expect("a picture").tag()).expect("a mark");
            assert!(mark.starts_with(&format!("viewer {n} ")), "{mark}");
        }
        reported(&router, " 20 instances");
        let mut more = Client::connect(router.address, "live").expect("the router accepts the connection");
        more.play("cam").expect("a connection");
        let refused = more.status("NetStream.Play.Start").expect("an answer").expect_err("one too many");
        assert_eq!(refused.code, "NetStream.Play.Failed");
        assert!(refused.description.contains("as many viewers as it may"), "{refused:?}");
        drop(viewers);
        reported(&router, ": 0 streams, 0 instances");
    }
    assert!(router.process.runs());
}

#[test]
fn another_generation_takes_over_for_each_viewer_and_loses_nothing() {
    let text = |text: &str| with("media", &format!("mode = \"mark-viewer\", text = \"{text}\""), "");
    let router = Router::start(&text("one"));
    let source = Encoder::start(&router, "live", "cam", 300, Duration::from_millis(20));
    let viewers: Vec<_> =
        ["a", "b", "c"].map(|who| (who, player(&router, "live", &format!("cam?viewer={who}")))).into();
    let viewers: Vec<_> = viewers
        .into_iter()
        .map(|(who, mut viewer)| {
            spawn(move || {
                let mut seen = Vec::new();
                for text in ["one", "two", "three"] {
                    let wanted = |m: &Message| {
                        m.tag().is_picture() && marked(&m.tag()).is_some_and(|(mark, _)| mark.ends_with(text))
                    };
                    seen.extend(tags(&receive(&mut viewer, text, wanted)));
                }
                seen.extend(rest(&mut viewer));
                (who, seen)
            })
        })
        .collect();
    for next in ["two", "three"] {
        let mark = router.process.mark();
        router.reload(&text(next));
        router.process.line_after(mark, "word of the swap", |l| l.contains("another generation in force"));
        // Every viewer has gone over when as many have been counted.
        let swaps = if next == "two" { "swaps=3" } else { "swaps=6" };
        router.reports(" swaps=", |line| line.contains(swaps));
    }
    let sent = source.end();
    for viewer in viewers {
        let (who, seen) = viewer.join().expect("a viewer that nobody closed");
        let pictures: Vec<&Tag> = seen.iter().filter(|t| t.kind == VIDEO && !t.is_header()).collect();
        let numbers: Vec<_> = pictures.iter().filter_map(|t| numbered::number(t)).collect();
        assert_eq!(numbers, (numbers[0]..sent).collect::<Vec<_>>(), "{who}");
        for picture in pictures {
            let (mark, _) = marked(picture).unwrap_or_else(|| panic!("{who}: a picture that no generation marked"));
            assert!(mark.starts_with(&format!("viewer {who} ")), "{who}: {mark}");
        }
    }
}

#[test]
fn ffmpeg_plays_what_its_own_filter_made() {
    let router = Router::start(&with("media", "mode = \"mark-viewer\"", ""));
    let clip = clip::h264();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("seen.flv");
    let recorder = Ffmpeg::Old.record(&router.url("live/cam?viewer=ffmpeg"), &file);
    router.wait_for_players("live/cam", 1);
    let mut publishing = Ffmpeg::Old.publish(&clip, &router.url("live/cam"));
    publishing.succeeds();
    let mut recorder = recorder;
    recorder.wait();
    let seen = flv::read(&file);
    let pictures: Vec<_> = seen.iter().filter(|t| t.kind == VIDEO && !t.is_header() && t.body.len() > 5).collect();
    assert!(!pictures.is_empty());
    for picture in pictures {
        let (mark, _) = marked(picture).expect("a mark in every picture");
        assert!(mark.starts_with("viewer ffmpeg "), "{mark}");
    }
    // It decodes without a complaint, to what was sent.
    assert_eq!(Ffmpeg::Old.decode(&file, "0:v"), Ffmpeg::Old.decode(&clip, "0:v"));
}

#[test]
fn a_viewer_pauses_as_everybody_does() {
    let router = Router::start(&with("media", "mode = \"mark-viewer\"", ""));
    let sent = clip_of(75);
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &sent[..10]);
    let mut viewer = player(&router, "live", "cam?viewer=a");
    receive(&mut viewer, "a picture", |m| m.tag().is_picture());
    let pause = |viewer: &mut Client, on: bool| {
        let stream = viewer.stream_id;
        viewer
            .command(stream, "pause", 0.0, &[Value::Null, Value::Bool(on), Value::Number(0.0)])
            .expect("a connection");
        let code = if on { "NetStream.Pause.Notify" } else { "NetStream.Unpause.Notify" };
        receive(viewer, code, |m| m.status().is_some_and(|s| s.code == code));
    };
    pause(&mut viewer, true);
    send(&mut source, &sent[10..60]);
    let mut other = player(&router, "live", "cam");
    receive(&mut other, "the newest frame", |m| numbered::number(&m.tag()) == Some(28));
    pause(&mut viewer, false);
    send(&mut source, &sent[60..]);
    unpublish(&mut source, "cam");
    let seen = rest(&mut viewer);
    let pictures: Vec<&Tag> = seen.iter().filter(|t| t.kind == VIDEO && !t.is_header()).collect();
    assert!(pictures[0].is_key(), "it goes on at a key frame: {:?}", pictures[0]);
    let numbers: Vec<_> = pictures.iter().filter_map(|t| numbered::number(t)).collect();
    assert_eq!(numbers, (numbers[0]..75).collect::<Vec<_>>());
    assert!(pictures.iter().all(|t| marked(t).is_some_and(|(mark, _)| mark.starts_with("viewer a "))));
}

#[test]
fn what_a_filter_changed_comes_in_the_form_of_h265_that_a_player_wants() {
    let unit = [0x4e, 1, 5, 1, 0xaa, 0x80];
    let config = format!("mode = \"insert-unit\", unit = {unit:?}, interest = {{ codecs = [\"hvc1\"] }}");
    let router = Router::start(&with("media", &config, ""));
    let sent = flv::read(&clip::hevc());
    let mut source = publisher(&router, "live", "cam");
    let mut sends = |tags: &[Tag]| send(&mut source, tags);
    let begun = sent.iter().position(Tag::is_key).expect("a key frame") + 1;
    sends(&sent[..begun]);
    let mut viewers = ["cam?hevc=legacy", "cam"].map(|name| player(&router, "live", name));
    for viewer in &mut viewers {
        receive(viewer, "a header", |m| m.tag().is_header());
    }
    sends(&sent[begun..]);
    unpublish(&mut source, "cam");
    let [old, new] = viewers.each_mut().map(rest);
    let pictures = |tags: &[Tag]| tags.iter().filter(|t| t.is_picture()).cloned().collect::<Vec<_>>();
    let (old, new) = (pictures(&old), pictures(&new));
    assert_eq!(old.len(), sent.iter().filter(|t| t.is_picture()).count());
    assert_eq!(old.len(), new.len());
    let inserted = [&[0, 0, 0, 6], &unit[..]].concat();
    for (old, new) in old.iter().zip(&new) {
        assert!(matches!(old.body[..], [0x1c | 0x2c, 1, ..]) && old.body[5..].starts_with(&inserted), "{old:?}");
        assert!(new.body[1..].starts_with(b"hvc1") && new.body.windows(10).any(|bytes| bytes == inserted), "{new:?}");
    }
}

#[test]
fn a_filter_that_is_placed_elsewhere_sees_each_frame_of_a_running_stream_once() {
    for (before, after) in [("egress", "ingest"), ("egress", "observe"), ("ingest", "egress")] {
        let placed = |place: &str| format!("placement = \"{place}\"");
        let tables = with("media", "mode = \"replace\", append = \"!\"", "");
        let router = Router::start(&tables.replace(&placed("egress"), &placed(before)));
        let mut source = publisher(&router, "live", "cam");
        send(&mut source, &clip_of(26));
        let mut first = player(&router, "live", "cam");
        receive(&mut first, "frame 25", |m| numbered::number(&m.tag()) == Some(25) && m.kind == VIDEO);

        let file = router.file("weir.toml");
        let text = std::fs::read_to_string(&file).expect("the configuration");
        let mark = router.process.mark();
        std::fs::write(&file, text.replace(&placed(before), &placed(after))).expect("the folder is writable");
        router.process.signal("HUP");
        router.process.line_after(mark, "word of those that stay", |l| {
            l.contains("placed elsewhere: ") && l.contains(before) && l.contains(after)
        });
        router.process.line_after(mark, "the reload", |l| l.contains("configuration reloaded"));
        router.process.signal("USR2");
        let (now, still) = (format!("placement={after} "), format!("streams still placed elsewhere: {before}=1"));
        router.process.line_after(mark, "where it is", |l| l.contains(&now) && l.contains(&still));

        let mut viewer = player(&router, "live", "cam");
        send(&mut source, &(26..=50).map(|n| numbered::video(n, 300)).collect::<Vec<_>>());
        let last = |m: &Message| m.kind == VIDEO && numbered::number(&m.tag()) == Some(50);
        for (who, viewer) in [("who came before", &mut first), ("who came after", &mut viewer)] {
            let seen = tags(&receive(viewer, "frame 50", last));
            for picture in seen.iter().filter(|tag| tag.is_picture()) {
                assert!(picture.body.ends_with(b"\xa5!"), "{before} to {after}, {who}: {picture:?}");
            }
        }
    }
}

#[test]
fn a_filter_that_is_placed_elsewhere_is_told_of_though_nobody_plays() {
    let router = Router::start(&with("media", "mode = \"replace\", append = \"!\"", ""));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &clip_of(26));
    let file = router.file("weir.toml");
    let text = std::fs::read_to_string(&file).expect("the configuration");
    std::fs::write(&file, text.replace("placement = \"egress\"", "placement = \"ingest\"")).expect("writable");
    router.process.signal("HUP");
    router.process.line("word of those that stay", |l| l.contains("placed elsewhere: ") && l.contains("egress"));
}
