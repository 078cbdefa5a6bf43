//! Who may publish and play, as stock clients see it.

use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{ended, player, publisher, receive, send, unpublish};
use weir_tests::process::Process;
use weir_tests::router::{Router, build_filter};
use weir_tests::rtmp::Client;
use weir_tests::{clip, flv, numbered};

fn with_token() -> Router {
    let module = build_filter("filters/token-auth");
    Router::start(&format!(
        "[filters.token]\nsource = \"file:{}\"\nconfig = {{ keys = [\"right\"] }}\n[apps.secure]\nsession = [\"token\"]\n[apps.live]",
        module.display()
    ))
}

#[test]
fn ffmpeg_with_the_right_key_publishes_and_plays() {
    let router = with_token();
    let url = router.url("secure/cam?key=right");
    for ffmpeg in [Ffmpeg::Old, Ffmpeg::New] {
        let mut source = ffmpeg.publish(&clip::h264(), &url);
        let out = router.file("played.flv");
        let mut sink = ffmpeg.record(&url, &out);
        source.succeeds();
        sink.succeeds();
        let pictures = Ffmpeg::New.decode(&out, "0:v").len();
        assert!(pictures >= 50, "{pictures} pictures played: {}", sink.said());
    }
}

#[test]
fn ffmpeg_with_a_wrong_key_is_told_why() {
    let router = with_token();
    let right = publisher(&router, "secure", "cam?key=right");
    for (ffmpeg, key) in [(Ffmpeg::Old, "?key=wrong"), (Ffmpeg::New, "?key=wrong"), (Ffmpeg::New, "")] {
        let mut refused = ffmpeg.publish(&clip::h264(), &router.url(&format!("secure/other{key}")));
        assert!(!refused.wait().success(), "published with '{key}': {}", refused.said());
        let said = refused.said();
        let reason = reason(&router, &format!("other{key}"));
        assert!(said.contains(&reason), "{ffmpeg:?}'s log does not show the reason '{reason}': {said}");
    }
    let mut play = Ffmpeg::New.record(&router.url("secure/cam?key=wrong"), &router.file("no.flv"));
    assert!(!play.wait().success(), "played with a wrong key: {}", play.said());
    drop(right);
}

/// The reason that the filter gives, as the router tells it to a client that shows it whole.
fn reason(router: &Router, name: &str) -> String {
    let mut client = Client::connect(router.address, "secure").expect("connected");
    let status = client.publish(name).expect("an answer").expect_err("refused");
    assert_eq!(status.level, "error");
    assert!(status.code.starts_with("NetStream.Publish."), "{status:?}");
    assert!(!status.description.is_empty(), "{status:?}");
    status.description
}

#[test]
fn a_signed_url_opens_until_it_expires() {
    let module = build_filter("filters/token-auth");
    let router = Router::start(&format!(
        "[filters.token]\nsource = \"file:{}\"\nconfig = {{ signed = {{ key = \"s3cret\" }} }}\n[apps.secure]\nsession = [\"token\"]",
        module.display()
    ));
    let unix = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_secs();
    let signed = |expire: u64| {
        let expire = format!("{expire:x}");
        let secret = md5(&format!("s3cretsecure/cam{expire}"));
        format!("cam?secret={secret}&expire={expire}")
    };
    let mut late = Client::connect(router.address, "secure").expect("connected");
    let refused = late.publish(&signed(unix - 60)).expect("an answer").expect_err("expired");
    assert!(refused.description.to_lowercase().contains("expired"), "{refused:?}");
    drop(publisher(&router, "secure", &signed(unix + 600)));
}

fn md5(text: &str) -> String {
    let script = format!("import hashlib; print(hashlib.md5({text:?}.encode()).hexdigest())");
    let (status, said) = Process::run("python3", std::process::Command::new("python3").args(["-c", &script]));
    assert!(status.success(), "{said}");
    said.trim().to_owned()
}

#[test]
fn a_missing_filter_lets_nobody_in() {
    let router =
        Router::start("[filters.gone]\nsource = \"file:gone.wasm\"\n[apps.secure]\nsession = [\"gone\"]\n[apps.live]");
    if let Ok(mut client) = Client::connect(router.address, "secure") {
        client.publish("cam").expect("an answer").expect_err("admitted without a filter");
    }
    drop(publisher(&router, "live", "cam"));
    router.process.line("word about the missing file", |l| l.contains("gone"));
}

#[test]
fn an_unknown_application_is_refused_at_connect() {
    let router = Router::start("[apps.live]");
    let error = Client::connect(router.address, "nowhere").err().expect("refused");
    assert!(error.to_string().contains("NetConnection.Connect"), "{error}");
}

#[test]
fn a_second_publisher_is_refused_and_the_first_goes_on() {
    let router = Router::start("[apps.live]");
    let mut first = publisher(&router, "live", "cam");
    send(&mut first, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    let mut second = Client::connect(router.address, "live").expect("connected");
    let refused = second.publish("cam").expect("an answer").expect_err("two publishers");
    assert_eq!(refused.code, "NetStream.Publish.BadName");
    send(&mut first, &[numbered::video(1, 100)]);
    receive(&mut viewer, "frame 1", |m| numbered::number(&m.tag()) == Some(1));
    let mut stock = Ffmpeg::New.publish(&clip::h264(), &router.url("live/cam"));
    assert!(!stock.wait().success(), "{}", stock.said());
}

#[test]
fn a_name_is_free_when_its_publisher_is_gone() {
    let router = Router::start("[apps.live]\nreconnect_window = \"0s\"");
    // By closing the connection, with and without a word, and on the same connection after deleteStream.
    for _ in 0..3 {
        let mut gone = publisher(&router, "live", "cam");
        send(&mut gone, &[numbered::header(), numbered::video(0, 100)]);
        let mut viewer = player(&router, "live", "cam");
        drop(gone);
        receive(&mut viewer, "end of the stream", |m| ended(m) || (m.kind == 4 && m.body.starts_with(&[0, 1])));
    }
    let mut again = publisher(&router, "live", "cam");
    let first = again.stream_id;
    unpublish(&mut again, "cam");
    again.publish("cam").expect("an answer").expect("free again");
    assert!(again.stream_id > 0 && first > 0);
}

#[test]
fn a_player_that_came_first_gets_the_stream_when_it_starts() {
    let router = Router::start("[apps.live]");
    let mut early = Client::connect(router.address, "live").expect("connected");
    early.play("cam").expect("a connection");
    // The answer to a later command shows that play has been taken in and blocks nothing.
    early.call("createStream", &[weir_tests::rtmp::amf::Value::Null]).expect("an answer").expect("a stream");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header(), numbered::video(0, 100), numbered::audio(0)]);
    receive(&mut early, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
}

#[test]
fn a_player_stays_while_publishers_come_and_go() {
    let router = Router::start("[apps.live]");
    let mut viewer = None;
    for round in 0..3u64 {
        let mut source = publisher(&router, "live", "cam");
        let key = round * numbered::GOP;
        send(&mut source, &[numbered::header(), numbered::video(key, 100), numbered::video(key + 1, 100)]);
        let viewer = viewer.get_or_insert_with(|| player(&router, "live", "cam"));
        let seen = receive(viewer, "second frame", |m| numbered::number(&m.tag()) == Some(key + 1));
        let seen: Vec<_> = seen.iter().filter(|m| m.kind == flv::VIDEO).map(|m| m.tag()).collect();
        assert!(seen[0].is_header(), "round {round}: {seen:?}");
        assert_eq!(numbered::number(&seen[1]), Some(key), "round {round}: {seen:?}");
        unpublish(&mut source, "cam");
        receive(viewer, "end", ended);
    }
}

#[test]
fn a_play_without_a_publisher_ends_when_its_wait_is_over() {
    let router = Router::start("[apps.live]\nplay_wait = \"200ms\"");
    let mut viewer = Client::connect(router.address, "live").expect("connected");
    viewer.play("nobody").expect("a connection");
    let refused = viewer.status("never").expect("an answer").expect_err("refused");
    assert_eq!(refused.code, "NetStream.Play.StreamNotFound");
}
