//! What programs that work for the router come in by.

use router::{App, Event, OnDuplicate, Used};

use crate::support::*;

/// The application of a pass's path, as a client cuts it.
fn app(pass: &router::Pass) -> String {
    pass.path().rsplit_once('/').unwrap().0.to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_pass_is_good_for_one_thing_one_connection_and_its_own_life() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(1));
    let pass = router.play_pass("live/cam").unwrap();
    let used = pass.used();
    assert!(pass.path().contains(pass.secret()) && pass.path().ends_with("/live/cam"));
    let connection = router.connect(peer(&router, &app(&pass))).await.unwrap();
    let info = connection.info();
    assert!(!format!("{info:?}").contains(pass.secret()), "nobody is told the secret");
    assert_eq!((info.app.as_str(), *used.borrow()), ("live", Used::Connected));
    let refused = router.connect(peer(&router, &app(&pass))).await.unwrap_err();
    assert!(refused.disconnect, "one connection at a time: {refused}");

    connection.publish("cam_a", "live").await.unwrap_err();
    connection.play("other", -2000, -1).await.unwrap_err();
    let mut played = connection.play("cam", -2000, -1).await.unwrap();
    assert_eq!(frames(&mut played).await, [(0, 1)]);
    assert_eq!(*used.borrow(), Used::Streaming);
    assert_eq!(router.watchers("live/cam").now(), 0, "it is no player that anybody counts");

    drop((played, connection));
    assert_eq!(*used.borrow(), Used::Not);
    // A client that cuts the URL behind the secret.
    let again = router.connect(peer(&router, &format!("~{}", pass.secret()))).await.unwrap();
    let mut played = again.play("live/cam", -2000, 1).await.unwrap();
    assert_eq!(frames(&mut played).await, [(0, 1)]);
    let secret = app(&pass);
    drop(pass);
    let Event::Kicked(kick) = event(&mut played).await else { panic!("it goes on without a pass") };
    assert_eq!(kick.description, "this address is not good any more");
    drop((played, again));
    router.connect(peer(&router, &secret)).await.unwrap_err();
    router.connect(peer(&router, "~/live")).await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_kept_is_published_by_its_pass_alone() {
    let replacing = App { on_duplicate: OnDuplicate::Replace, ..App::default() };
    let router = router([("live", replacing)]);
    let _cam = publish(&router, "live", "cam").await.unwrap();
    let parent = router.publications().remove(0);
    assert_eq!(parent.derived_from, None);
    let kept = router.reserve("live/cam_a", &parent).unwrap();
    let again = router.reserve("live/cam_a", &parent).unwrap();
    let _other = publish(&router, "live", "other").await.unwrap();
    assert!(router.reserve("live/cam_a", &router.publications()[1]).is_none(), "it is kept for another stream");
    drop(kept);
    let refused = publish(&router, "live", "cam_a").await.unwrap_err();
    assert_eq!(refused.code, "NetStream.Publish.BadName");

    let pass = router.publish_pass("live/cam_a", &parent).unwrap();
    let connection = router.connect(peer(&router, &app(&pass))).await.unwrap();
    connection.publish("cam", "live").await.unwrap_err();
    connection.play("cam_a", -2000, -1).await.unwrap_err();
    let made = connection.publish("cam_a", "live").await.unwrap();
    let listed = router.publications().pop().unwrap();
    assert_eq!(listed.derived_from.as_ref().map(|of| of.as_str()), Some("live/cam"));
    assert_ne!(listed.via, parent.via, "it has been at its parent's place, and at its own");
    publish(&router, "live", "cam_a").await.unwrap_err();
    drop((made, connection, pass, again));
    publish(&router, "live", "cam_a").await.unwrap();
}
