//! How URLs find streams and applications.

use proptest::prelude::*;
use router::{App, StreamKey, name};

use crate::support::*;

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn names_are_the_same_however_a_client_cuts_its_url() {
    // app, stream name, tcUrl → app, name, query
    type Row =
        (&'static str, &'static str, &'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);
    let rows: &[Row] = &[
        ("live", "cam", "", "live", "cam", &[]),
        ("live/", "cam", "rtmp://h/live/", "live", "cam", &[]),
        ("/live", "/cam/", "", "live", "cam", &[]),
        ("live/eu", "cam", "", "live/eu", "cam", &[]),
        ("live", "eu/cam", "", "live/eu", "cam", &[]),
        ("live//eu", "cam", "", "live/eu", "cam", &[]),
        ("live/cam", "", "", "live", "cam", &[]),
        ("", "cam", "", "", "cam", &[]),
        ("live", "cam?token=x&b=1", "", "live", "cam", &[("token", "x"), ("b", "1")]),
        ("live?token=x", "cam", "rtmp://h/live?token=x", "live", "cam", &[("token", "x")]),
        ("live/?token=x", "cam?token=y", "", "live", "cam", &[("token", "y"), ("token", "x")]),
        ("live", "cam", "rtmp://h:1935/live?token=x%2Fy", "live", "cam", &[("token", "x/y")]),
        ("live", "cam?url=a=b=c&flag&=v&&", "", "live", "cam", &[("url", "a=b=c"), ("flag", ""), ("", "v")]),
        ("live", "cam?k=a+b%20c%2b", "", "live", "cam", &[("k", "a+b c+")]),
        ("live", "caf%C3%A9", "", "live", "café", &[]),
        ("live", "eu%2Fcam", "", "live/eu", "cam", &[]),
        ("live", "100%", "", "live", "100%", &[]),
        ("live", "%zz%4", "", "live", "%zz%4", &[]),
        ("live", "%ff", "", "live", "%ff", &[]),
        ("live", "cam?k=%e", "", "live", "cam", &[("k", "%e")]),
    ];
    for (app, stream, tc_url, expected_app, expected_name, query) in rows {
        let key = name::stream(app, stream, tc_url).unwrap();
        let expected =
            StreamKey { app: (*expected_app).to_owned(), name: (*expected_name).to_owned(), query: pairs(query) };
        assert_eq!(key, expected, "{app} + {stream} + {tc_url}");
    }
}

#[test]
fn what_is_no_name_is_refused() {
    let long = "x".repeat(1100);
    for (app, stream, why) in [
        ("", "", name::Error::Empty),
        ("/", "?token=x", name::Error::Empty),
        ("live", "../etc/passwd", name::Error::Odd),
        ("live", "a/./b", name::Error::Odd),
        ("live", "%2e%2e/b", name::Error::Odd),
        ("live", "a\0b", name::Error::Odd),
        ("live", "a%0ab", name::Error::Odd),
        ("live", long.as_str(), name::Error::Long),
    ] {
        assert_eq!(name::stream(app, stream, ""), Err(why), "{app} + {stream:?}");
    }
}

#[test]
fn a_query_is_bounded() {
    let query: String = (0..1000).map(|i| format!("k{i}=v&")).collect();
    assert_eq!(name::stream("live", &format!("cam?{query}"), "").unwrap().query.len(), name::ARGUMENTS);
}

proptest! {
    #[test]
    fn any_text_gives_a_name_or_an_error(app in "\\PC{0,40}", stream in "\\PC{0,40}", tc_url in "\\PC{0,40}") {
        if let Ok(key) = name::stream(&app, &stream, &tc_url) {
            prop_assert!(!key.name.is_empty() && !key.name.contains('/'));
            prop_assert!(!key.app.starts_with('/') && !key.app.ends_with('/') && !key.app.contains("//"));
        }
    }

    #[test]
    fn where_the_url_is_cut_makes_no_difference(parts in prop::collection::vec("[a-z]{1,5}", 2..6), cut in 0..6usize) {
        let cut = cut.min(parts.len());
        let (app, stream) = parts.split_at(cut);
        let whole = name::stream("", &parts.join("/"), "");
        prop_assert_eq!(name::stream(&app.join("/"), &stream.join("/"), ""), whole);
    }
}

#[tokio::test]
async fn an_unknown_application_is_refused_with_what_to_do() {
    let router = router([("live", App::default())]);
    let refusal = router.connect(peer(&router, "stage")).await.unwrap_err();
    assert_eq!(refusal.code, "NetConnection.Connect.InvalidApp");
    assert!(refusal.description.contains("`stage`") && refusal.description.contains("[apps.stage]"), "{refusal}");
    assert!(refusal.disconnect);
    assert_eq!(router.connections(), 0);
}

#[tokio::test]
async fn an_application_without_a_stream_name_is_said_to_be_that() {
    let router = router([("live", App::default())]);
    let connection = connect(&router, "live").await;
    for name in ["/", "%2f", "//?key=x"] {
        let refusal = connection.publish(name, "live").await.unwrap_err();
        assert_eq!(refusal.description, name::Error::Empty.to_string(), "{name}");
    }
}

#[tokio::test]
async fn the_longest_application_takes_a_stream_wherever_its_url_is_cut() {
    let replace = App { on_duplicate: router::OnDuplicate::Replace, ..App::default() };
    let router = router([("live", App::default()), ("live/eu/", replace)]);
    let _first = publish(&router, "live", "eu/cam").await.unwrap();
    let second = publish(&router, "live/eu", "cam").await.expect("live/eu lets publishers take over");
    assert_eq!((second.key().app.as_str(), second.key().name.as_str()), ("live/eu", "cam"));

    let _first = publish(&router, "live/us", "cam").await.unwrap();
    let refusal = publish(&router, "live", "us/cam").await.unwrap_err();
    assert_eq!(refusal.code, "NetStream.Publish.BadName");
}

#[tokio::test]
async fn an_application_may_be_named_by_the_stream_name_alone() {
    let router = router([("live/eu", App::default())]);
    let connection = connect(&router, "live").await;
    connection.publish("eu/cam", "live").await.unwrap();
    let refusal = connection.publish("us/cam", "live").await.unwrap_err();
    assert!(refusal.description.contains("live/us"), "{refusal}");
    assert!(!refusal.disconnect, "another name may still be right");
}

#[tokio::test]
async fn the_application_without_a_name_takes_what_no_other_takes() {
    let router = router([("", App::default())]);
    let publication = publish(&router, "", "cam").await.unwrap();
    assert_eq!(publication.key().name, "cam");
    publish(&router, "a/b/c", "cam").await.unwrap();
}
