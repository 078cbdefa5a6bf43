//! Bounds on publishers and viewers, with the shipped filter in both chains.

use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{player, publisher, receive, send};
use weir_tests::router::{Router, build_filter};
use weir_tests::rtmp::{Client, Status};
use weir_tests::{clip, numbered, wait};

fn router_with(config: &str) -> Router {
    let module = build_filter("filters/limits");
    Router::start(&format!(
        "[filters.limits]\nsource = \"file:{}\"\ngrants = [\"kv:limits\"]\nconfig = {{ {config} }}\n\
         [apps.live]\nsession = [\"limits\"]\nmedia = [\"limits\"]",
        module.display()
    ))
}

#[test]
fn pictures_that_are_too_large_end_the_publication_with_the_reason() {
    let router = router_with("max_width = 100, recheck_ms = 100");
    let mut source = Ffmpeg::Old.publish(&clip::h264(), &router.url("live/cam"));
    router.process.line("the reason", |line| line.contains("no more than 100 wide is allowed here"));
    assert!(!source.wait().success(), "{}", source.said());
}

#[test]
fn a_codec_that_is_not_allowed_ends_the_publication_and_others_stay() {
    let router = router_with("video_codecs = [\"avc1\"], recheck_ms = 100");
    let mut good = Ffmpeg::Old.publish(&clip::h264(), &router.url("live/good"));
    let mut bad = Ffmpeg::Old.publish(&clip::legacy(), &router.url("live/bad"));
    router.process.line("the reason", |line| line.contains("the codec flv1 is not allowed here"));
    assert!(!bad.wait().success(), "{}", bad.said());
    good.succeeds();
}

#[test]
fn bad_keys_take_no_places_wherever_the_filter_stands() {
    let (limits, token) = (build_filter("filters/limits"), build_filter("filters/token-auth"));
    let router = Router::start(&format!(
        "[filters.limits]\nsource = \"file:{}\"\ngrants = [\"kv:limits\"]\nconfig = {{ max_viewers = 1 }}\n\
         [filters.token]\nsource = \"file:{}\"\nconfig = {{ protect = [\"play\"], keys = [\"t0ken\"], hold_ms = 0 }}\n\
         [apps.live]\nsession = [\"limits\", \"token\"]",
        limits.display(),
        token.display()
    ));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    // The one place there is was theirs while the token was looked at.
    let refused = play(&router, "cam?token=guess").expect("a bad key is refused");
    assert!(!refused.description.contains("no more than"), "{refused:?}");
    free(|| play(&router, "cam?token=t0ken"));
}

#[test]
fn a_bucket_that_is_not_granted_is_the_operators_to_know() {
    let router = Router::start(&format!(
        "[filters.crowd]\nsource = \"file:{}\"\ngrants = [\"kv:chairs\"]\nconfig = {{ max_viewers = 1, bucket = \"seats\" }}\n\
         [apps.live]\nsession = [\"crowd\"]",
        build_filter("filters/limits").display()
    ));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let refused = play(&router, "cam").expect("who cannot be counted is not let in");
    assert_eq!(refused.description, "not available at the moment");
    router.process.line("what to grant", |line| {
        line.contains("crowd") && line.contains("add \"kv:seats\" to `grants` of [filters.crowd]")
    });
}

/// Plays, and goes at once; the refusal, if it is refused.
fn play(router: &Router, name: &str) -> Option<Status> {
    let mut client = Client::connect(router.address, "live").expect("connected");
    client.play(name).expect("a connection");
    let seen = receive(&mut client, "an answer", |m| m.status().is_some_and(|s| s.code.starts_with("NetStream.Play.")));
    seen.last().and_then(|m| m.status()).filter(|s| s.level == "error")
}

/// Until a viewer is let in.
fn free(play: impl Fn() -> Option<Status>) {
    wait::until_some("a place", || play().map_or(Ok(()), |refused| Err(refused.description)));
}

#[test]
fn one_more_viewer_is_refused_until_one_leaves() {
    let router = router_with("max_viewers = 2");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let (first, second) = (player(&router, "live", "cam"), player(&router, "live", "cam"));
    let status = play(&router, "cam").expect("the third is refused");
    assert!(status.description.contains("no more than 2"), "{status:?}");
    drop(first);
    // The place is given back when the router has noticed.
    free(|| play(&router, "cam"));
    drop(second);
}
