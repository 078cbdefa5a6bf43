//! Pull from and push to nginx with its RTMP module.

use std::time::Instant;

use weir_tests::flow::{assert_same, player, publisher, receive, send, unpublish};
use weir_tests::flv::{self, AUDIO, Tag, VIDEO};
use weir_tests::nginx::Nginx;
use weir_tests::router::Router;
use weir_tests::rtmp::Client;
use weir_tests::{clip, ffmpeg, numbered};

use super::{begun, frame, live, pulling, pushing};

fn nginx_publisher(nginx: &Nginx, name: &str) -> Client {
    let mut client = Client::connect(nginx.address, "live").expect("nginx accepts the connection");
    client.publish(name).expect("an answer").unwrap_or_else(|s| panic!("nginx refuses {name}: {s:?}"));
    client
}

fn nginx_player(nginx: &Nginx, name: &str) -> Client {
    let mut client = Client::connect(nginx.address, "live").expect("nginx accepts the connection");
    client.play(name).expect("a connection");
    client.status("NetStream.Play.Start").expect("an answer").expect("it plays");
    client
}

#[test]
fn a_stream_of_nginx_is_pulled_as_it_is_and_found_again() {
    let mut nginx = Nginx::start("");
    let router = Router::start(&pulling("cam", &nginx.url("live/cam")));
    // It takes a play of what nobody publishes, and sends when somebody does.
    nginx.line("pull", "play: name='cam'");
    let sent = flv::read(&clip::h264());
    let key = sent.iter().position(Tag::is_key).expect("a key frame") + 1;
    let mut source = nginx_publisher(&nginx, "cam");
    send(&mut source, &sent[..key]);
    live(&router, 0, "pull", "live/cam");
    let file = router.file("cam.flv");
    let mut recorder = ffmpeg::rtmpdump(&router.url("live/cam"), &file);
    router.process.line("player", |l| l.contains("play{") && l.contains(": playing "));
    send(&mut source, &sent[key..]);
    let mark = nginx.mark();
    unpublish(&mut source, "cam");
    recorder.wait();
    let got = flv::read(&file);
    assert_same(VIDEO, &sent, &got);
    assert_same(AUDIO, &sent, &got);

    // The pull comes again before there is anything to see.
    nginx.line_after(mark, "pull", "play: name='cam'");
    let mut source = nginx_publisher(&nginx, "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 500)]);
    let mut viewer = player(&router, "live", "cam");
    frame(&mut source, &mut viewer, 1);
    drop(source);
    let mark = router.process.mark();
    nginx.kill();
    nginx.restart();
    let since = Instant::now();
    let mut source = nginx_publisher(&nginx, "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 500)]);
    // It shows a joiner nothing before the next key frame that it gets.
    nginx.line("pull", "play: name='cam'");
    send(&mut source, &[numbered::header(), numbered::video(25, 500)]);
    live(&router, mark, "pull", "live/cam");
    frame(&mut source, &mut viewer, 26);
    eprintln!("nginx as an origin: media {:?} after its return", since.elapsed());
}

#[test]
fn nginx_gets_a_stream_as_it_is_and_again_after_its_return() {
    let mut nginx = Nginx::start("");
    let router = Router::start(&pushing(&nginx.url("live/{stream}")));
    let sent = flv::read(&clip::h264());
    let file = router.file("clip.flv");
    let mut recorder = ffmpeg::rtmpdump(&nginx.url("live/clip"), &file);
    nginx.line("player", "play: name='clip'");
    let mut source = publisher(&router, "live", "clip");
    let key = sent.iter().position(Tag::is_key).expect("a key frame") + 1;
    send(&mut source, &sent[..key]);
    live(&router, 0, "push", "live/clip");
    send(&mut source, &sent[key..]);
    unpublish(&mut source, "clip");
    recorder.wait();
    let got = flv::read(&file);
    assert_same(VIDEO, &sent, &got);
    assert_same(AUDIO, &sent, &got);

    let mut source = begun(&router, "cam");
    let mut local = player(&router, "live", "cam");
    live(&router, 0, "push", "live/cam");
    let mark = router.process.mark();
    nginx.kill();
    frame(&mut source, &mut local, 1);
    nginx.restart();
    let since = Instant::now();
    live(&router, mark, "push", "live/cam");
    eprintln!("nginx as a target: live {:?} after its return", since.elapsed());
    let mut viewer = nginx_player(&nginx, "cam");
    send(&mut source, &[numbered::header()]);
    frame(&mut source, &mut viewer, 25);
    receive(&mut local, "frame 25", |m| m.kind == VIDEO && numbered::number(&m.tag()) == Some(25));
}
