use super::*;

fn key(app: &str, name: &str, query: &[(&str, &str)]) -> StreamKey {
    let query = query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    StreamKey { app: app.into(), name: name.into(), query }
}

fn address(pattern: &str, template: &str, key: &StreamKey) -> Result<Address, TemplateError> {
    let pattern = Pattern::new(pattern).unwrap();
    let captures = pattern.captures(&key.name).expect("a match");
    Template::parse(template, &pattern, Hide::Query)?.address(key, &captures)
}

#[test]
fn places_are_filled_in() {
    let cam = key("live", "cam-7", &[("token", "a b"), ("x", "")]);
    let sub = key("live", "eu/cam", &[]);
    for (pattern, template, stream, url) in [
        ("cam-(.+)", "rtmp://origin/live/$1", &cam, "rtmp://origin/live/7"),
        ("cam-(?<n>.+)", "rtmp://origin/{app}/{stream}/{n}-${1}", &cam, "rtmp://origin/live/cam-7/7-7"),
        (".*", "rtmp://o/live/x?token=${query.token}&z=1", &cam, "rtmp://o/live/x?token=a%20b&z=1"),
        (".*", "rtmp://o/live/x?token=${query}", &cam, "rtmp://o/live/x?token=token=a%20b&x"),
        (".*", "rtmp://o/live/{stream}?{query}", &cam, "rtmp://o/live/cam-7?token=a%20b&x"),
        (".*", "rtmp://o/live/{stream}?a=b&{query}", &sub, "rtmp://o/live/eu/cam?a=b"),
        (".*", "rtmps://o:8443/{app}/{stream}?{query}", &sub, "rtmps://o:8443/live/eu/cam"),
        ("cam-(.+)", "rtmp://cam$1.example/live/x", &cam, "rtmp://cam7.example/live/x"),
        (".*", "rtmp://o/live/a{{b}}$$c", &cam, "rtmp://o/live/a{b}$c"),
        (".*", "rtmp://o/live/costs$", &cam, "rtmp://o/live/costs$"),
    ] {
        assert_eq!(address(pattern, template, stream).unwrap().url.to_string(), url, "{template}");
    }
}

#[test]
fn names_with_slashes_stay_names() {
    let sub = key("live", "eu/cam", &[]);
    for (template, app, name) in [
        ("rtmp://o/live/{stream}", "live", "eu/cam"),
        ("rtmp://o/{app}/{stream}?k=a/b", "live", "eu/cam?k=a/b"),
        ("rtmp://o/a/b/{stream}-x", "a/b", "eu/cam-x"),
        ("rtmp://o/a/{stream}/low", "a/eu/cam", "low"),
        ("rtmp://o/a/b/c", "a/b", "c"),
    ] {
        let url = address(".*", template, &sub).unwrap().url;
        assert_eq!((url.app.as_str(), url.name.as_str()), (app, name), "{template}");
    }
}

#[test]
fn values_cannot_break_out_of_their_place() {
    for (name, template, url) in [
        ("a?b#c%d e\u{1}", "rtmp://o/live/{stream}", "rtmp://o/live/a%3Fb%23c%25d%20e%01"),
        ("a&b=c+d", "rtmp://o/live/x?n={stream}", "rtmp://o/live/x?n=a%26b%3Dc%2Bd"),
        ("größe", "rtmp://o/live/{stream}", "rtmp://o/live/größe"),
    ] {
        assert_eq!(address("(?s).*", template, &key("live", name, &[])).unwrap().url.to_string(), url);
    }
    for name in ["evil.example", "a/b", "a@b", "a:1", "", "a?b"] {
        let found = address("(?s).*", "rtmp://{stream}.cams/live/x", &key("live", name, &[]));
        assert_eq!(found, Err(TemplateError::Host(name.into())));
    }
}

#[test]
fn what_is_wrong_is_said() {
    for (template, says) in [
        ("http://o/live/x", "rtmp:// or rtmps://"),
        (
            "rtmp://o/live/{strem}",
            "{strem} stands for nothing; known here: {app}, {stream}, {query}, {query.NAME}, {1}",
        ),
        ("rtmp://o/live/$2", "{2} stands for nothing"),
        ("rtmp://o/live/{stream", "`{` without its `}`"),
        ("rtmp://o/live", "names no stream"),
        ("rtmp://o/live/?a=b", "names no stream"),
        ("rtmp:///live/x", "no host"),
    ] {
        let pattern = Pattern::new("(.*)").unwrap();
        let error = Template::parse(template, &pattern, Hide::Query).unwrap_err().to_string();
        assert!(error.contains(says), "{template}: {error}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let pattern = Pattern::new("(.*)").unwrap();
    let cam = key("live", "cam", &[("token", "t0psecret")]);
    for (template, hide, shown) in [
        ("rtmp://user:pass@o/live/cam?k=s3cret", Hide::Query, "rtmp://o/live/cam?***"),
        ("rtmp://o/live2/abcd-efgh", Hide::Name, "rtmp://o/live2/***"),
        ("rtmp://o/live2/{stream}?key=s3cret", Hide::Name, "rtmp://o/live2/cam?***"),
        ("rtmp://o/{app}/abcd-efgh", Hide::Name, "rtmp://o/live/***"),
        ("rtmp://o/k3y/{stream}", Hide::Path, "rtmp://o/***"),
        ("rtmp://o/live/{stream}?{query}", Hide::Name, "rtmp://o/live/cam?***"),
        ("rtmp://o/live/{query.token}", Hide::Name, "rtmp://o/***"),
        ("rtmp://o/live/cam-{query.token}", Hide::Query, "rtmp://o/***"),
    ] {
        let template = Template::parse(template, &pattern, hide).unwrap();
        let captures = pattern.captures("cam").unwrap();
        assert_eq!(template.address(&cam, &captures).unwrap().shown, shown);
    }
    let template = Template::literal("rtmp://o/live2/abcd-efgh?k=s3cret&n=1", Hide::Name).unwrap();
    let address = template.address(&cam, &[]).unwrap();
    assert_eq!(address.shown, "rtmp://o/live2/***?***");
    assert_eq!(
        address.clean("abcd-efgh?k=s3cret&n=1 is taken; s3cret is wrong, 1 is fine"),
        "***?*** is taken; *** is wrong, 1 is fine"
    );
}
