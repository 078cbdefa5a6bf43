//! `http-auth` and the backends that people have: a real one in each of its formats.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use weir_tests::backend::{Answer, Asked, Backend};
use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{player, publisher, receive, send};
use weir_tests::router::{Router, build_filter};
use weir_tests::rtmp::Client;
use weir_tests::{clip, numbered};

const FORMATS: [&str; 3] = ["nginx-rtmp", "srs", "mediamtx"];

fn router(backend: &Backend, format: &str, more: &str) -> Router {
    let module = build_filter("filters/http-auth");
    Router::start(&format!(
        "[filters.auth]\nsource = \"file:{}\"\ngrants = [\"http:http://{}\"]\n\
         config = {{ format = \"{format}\", url = \"{}\"{more} }}\n[apps.live]\nsession = [\"auth\"]",
        module.display(),
        backend.address,
        backend.url("/auth")
    ))
}

/// What a backend of each format says, in that format.
fn yes(format: &str) -> Answer {
    (200, vec![], if format == "srs" { "{\"code\":0}" } else { "" }.to_owned())
}

fn no(format: &str, reason: &str) -> Answer {
    match format {
        "srs" => (200, vec![], format!("{{\"code\":1,\"msg\":\"{reason}\"}}")),
        _ => (403, vec![("content-type", "text/plain".to_owned())], reason.to_owned()),
    }
}

/// Whether it is about this stream.
fn is_about(asked: &Asked, name: &str) -> bool {
    let fields = [format!("name={name}&"), format!("\"stream\":\"{name}\""), format!("\"path\":\"live/{name}\"")];
    fields.iter().any(|field| format!("{}&", asked.body).contains(field))
}

#[test]
fn a_backend_of_each_format_decides_and_its_words_are_shown() {
    for format in FORMATS {
        let backend = Backend::start(move |asked| match is_about(asked, "bad") {
            true => no(format, "your account is closed"),
            false => yes(format),
        });
        let router = router(&backend, format, "");
        let mut source = publisher(&router, "live", "cam?user=u&pass=p");
        send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
        let mut viewer = player(&router, "live", "cam");
        receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
        backend.wait_for("about the peer's address", |asked| asked.body.contains("127.0.0.1"));
        for ffmpeg in [Ffmpeg::Old, Ffmpeg::New] {
            let mut refused = ffmpeg.publish(&clip::h264(), &router.url("live/bad"));
            assert!(!refused.wait().success(), "{format}: {}", refused.said());
            assert!(refused.said().contains("your account is closed"), "{format} {ffmpeg:?}: {}", refused.said());
        }
        let mut viewer = Client::connect(router.address, "live").expect("connected");
        viewer.play("bad").expect("a connection");
        let refused = viewer.status("never").expect("an answer").expect_err("refused");
        assert_eq!(refused.description, "your account is closed", "{format}");
    }
}

#[test]
fn a_secret_key_gets_its_public_name_from_the_backend() {
    let backend = Backend::start(|asked| match is_about(asked, "s3cret") {
        true => (302, vec![("location", "public".to_owned())], String::new()),
        false => yes("nginx-rtmp"),
    });
    let router = router(&backend, "nginx-rtmp", "");
    let mut source = publisher(&router, "live", "s3cret");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "public");
    receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
}

#[test]
fn a_backend_that_changes_its_mind_ends_the_stream() {
    for format in FORMATS {
        let closed = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&closed);
        let backend = Backend::start(move |_| match theirs.load(SeqCst) {
            true => no(format, "kicked by the backend"),
            false => yes(format),
        });
        let router = router(&backend, format, ", recheck = \"200ms\"");
        let mut source = publisher(&router, "live", "cam");
        send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
        let mut viewer = player(&router, "live", "cam");
        if format == "nginx-rtmp" {
            let update = backend.wait_for("an update", |asked| asked.body.contains("call=update_publish"));
            assert!(is_about(&update, "cam"), "{update:?}");
        }
        closed.store(true, SeqCst);
        let seen = receive(&mut source, "the kick", |m| m.status().is_some_and(|s| s.level == "error"));
        let status = seen.last().and_then(|m| m.status()).expect("a status");
        assert_eq!(status.description, "kicked by the backend", "{format}");
        receive(&mut viewer, "end", |m| {
            m.status().is_some_and(|s| s.level == "error" || s.code == "NetStream.Play.UnpublishNotify")
        });
    }
}

#[test]
fn without_its_backend_the_operators_choice_holds() {
    for (choice, admits) in [("", false), (", on_failure = \"keep\"", false), (", on_failure = \"allow\"", true)] {
        for format in FORMATS {
            let backend = Backend::start(move |_| yes(format));
            let router = router(&backend, format, choice);
            drop(publisher(&router, "live", "before"));
            backend.stop();
            let mut client = Client::connect(router.address, "live").expect("connected");
            let answer = client.publish("cam").expect("an answer");
            match answer {
                Ok(()) => assert!(admits, "{format}{choice}"),
                Err(status) => {
                    assert!(!admits, "{format}{choice}: {status:?}");
                    assert_eq!(status.description, "authorization is not available");
                }
            }
            router.process.line("why there is no answer", |line| line.contains("the backend did not answer"));
        }
    }
}

#[test]
fn a_stream_stays_while_its_backend_is_away_if_the_operator_says_keep() {
    let backend = Backend::start(|_| yes("srs"));
    let router = router(&backend, "srs", ", recheck = \"100ms\", on_failure = \"keep\"");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    backend.stop();
    for _ in 0..3 {
        let mark = router.process.mark();
        router.process.line_after(mark, "a recheck without an answer", |line| line.contains("did not answer"));
    }
    send(&mut source, &[numbered::video(numbered::GOP, 100)]);
    source.call("createStream", &[weir_tests::rtmp::amf::Value::Null]).expect("a connection").expect("still there");
}
