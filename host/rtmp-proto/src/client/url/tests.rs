use super::*;

#[test]
fn urls_and_their_parts() {
    let cases = [
        ("rtmp://h/live/cam", (false, "h", 1935, "live", "cam"), "rtmp://h/live"),
        ("rtmps://h/live/cam", (true, "h", 443, "live", "cam"), "rtmps://h/live"),
        ("RTMP://h:2935/live/cam?k=1", (false, "h", 2935, "live", "cam?k=1"), "rtmp://h:2935/live"),
        // Three and more segments: a path stays a path.
        ("rtmp://h/a/b/c", (false, "h", 1935, "a/b", "c"), "rtmp://h/a/b"),
        ("rtmp://h//live/cam", (false, "h", 1935, "live", "cam"), "rtmp://h/live"),
        // A slash in the query is no path.
        ("rtmp://h/live/cam?u=a/b", (false, "h", 1935, "live", "cam?u=a/b"), "rtmp://h/live"),
        ("rtmp://[::1]/live/cam", (false, "::1", 1935, "live", "cam"), "rtmp://[::1]/live"),
        ("rtmp://[fe80::2]:1936/live/cam", (false, "fe80::2", 1936, "live", "cam"), "rtmp://[fe80::2]:1936/live"),
        ("rtmp://user:pass@h:1/live/cam", (false, "h", 1, "live", "cam"), "rtmp://h:1/live"),
        ("rtmp://h:/live", (false, "h", 1935, "live", ""), "rtmp://h/live"),
        ("rtmp://h/live/", (false, "h", 1935, "live", ""), "rtmp://h/live"),
        ("rtmp://h/a/b/", (false, "h", 1935, "a/b", ""), "rtmp://h/a/b"),
        // What stands behind the application is the application's.
        ("rtmp://h/live?k=1/cam", (false, "h", 1935, "live?k=1", "cam"), "rtmp://h/live?k=1"),
        ("rtmp://h/live?k=1/cam?t=2/3", (false, "h", 1935, "live?k=1", "cam?t=2/3"), "rtmp://h/live?k=1"),
        ("rtmp://h/live?k=1", (false, "h", 1935, "live?k=1", ""), "rtmp://h/live?k=1"),
        ("rtmp://h/live/?k=1", (false, "h", 1935, "live", "?k=1"), "rtmp://h/live"),
    ];
    for (text, (tls, host, port, app, name), tc_url) in cases {
        let url = Url::parse(text).unwrap();
        let expected =
            Url { login: url.login.clone(), tls, host: host.into(), port, app: app.into(), name: name.into() };
        assert_eq!(url, expected, "{text}");
        assert_eq!(url.tc_url(), tc_url, "{text}");
        assert_eq!(Url::parse(&url.to_string()), Ok(Url { login: None, ..url }), "{text}");
    }
}

#[test]
fn what_is_no_url_of_a_stream() {
    for (text, error) in [
        ("h/live/cam", UrlError::Scheme),
        ("http://h/live", UrlError::Scheme),
        ("rtmp:///live/cam", UrlError::Host),
        ("rtmp://:1935/live/cam", UrlError::Host),
        // A bracket that opens nothing would be read as something else again when the URL is written.
        ("rtmp://[]]:1/live/cam", UrlError::Host),
        ("rtmp://h]:1/live/cam", UrlError::Host),
        ("rtmp://two words/live/cam", UrlError::Host),
        ("rtmp://h\r\n/live/cam", UrlError::Host),
        ("rtmp://h:0/live/cam", UrlError::Port),
        ("rtmp://h:70000/live/cam", UrlError::Port),
        ("rtmp://h:x/live/cam", UrlError::Port),
        ("rtmp://h", UrlError::App),
        ("rtmp://h/", UrlError::App),
        ("rtmp://h/?k=1", UrlError::App),
    ] {
        assert_eq!(Url::parse(text), Err(error), "{text}");
    }
}

#[test]
fn a_login_is_read_and_not_shown() {
    let login = |text: &str| Url::parse(text).unwrap().login.map(|l| (l.user, l.password));
    let pair = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
    assert_eq!(login("rtmp://h/live/cam"), None);
    assert_eq!(login("rtmp://u:p@h/live/cam"), pair("u", "p"));
    assert_eq!(login("rtmp://u@h/live/cam"), pair("u", ""));
    assert_eq!(login("rtmp://u:p%40q%3a:%zz%4@[::1]:7/live/cam"), pair("u", "p@q::%zz%4"));
    let url = Url::parse("rtmp://u:secret@h/live/cam").unwrap();
    assert!(!format!("{url} {url:?}").contains("secret"));
}

#[test]
fn the_application_can_be_said() {
    let url = Url::parse("rtmp://h/a/b/c?k=1/2").unwrap();
    let cut = |app: &str| url.with_app(app).map(|u| (u.app, u.name));
    let pair = |app: &str, name: &str| Some((app.to_owned(), name.to_owned()));
    assert_eq!(cut("a"), pair("a", "b/c?k=1/2"));
    assert_eq!(cut("/a/b/"), pair("a/b", "c?k=1/2"));
    assert_eq!(cut("a/b/c"), None);
    assert_eq!(cut("b"), None);
    assert_eq!(cut(""), None);
}

#[test]
fn where_a_server_sends_us() {
    let cases = [
        ("rtmp://h/live/cam?t=1", "rtmp://o/live", "rtmp://o/live/cam?t=1"),
        ("rtmp://h/live/cam?t=1", "rtmp://o:1936", "rtmp://o:1936/live/cam?t=1"),
        ("rtmp://h/live/cam?t=1", "rtmp://o/live/cam", "rtmp://o/live/cam?t=1"),
        ("rtmp://h/live/cam?t=1", "rtmp://o/live/cam?t=2", "rtmp://o/live/cam?t=2"),
        ("rtmp://h/live/cam", "rtmps://o/other/x", "rtmps://o/other/x"),
        ("rtmp://h/a/b/cam", "rtmp://o/c/d", "rtmp://o/c/d/cam"),
        ("rtmp://h/a/b/cam", "rtmp://o/c/cam", "rtmp://o/c/cam"),
        ("rtmp://h/a/b/cam", "rtmp://o/c/d/e", "rtmp://o/c/d/e"),
        ("rtmps://h:9/live/cam", "//o:8/other", "rtmps://o:8/other/cam"),
        ("rtmps://h:9/live/cam", "/other", "rtmps://h:9/other/cam"),
        ("rtmp://[::1]:9/a/b/cam", "c", "rtmp://[::1]:9/a/c/cam"),
        ("rtmp://h/live/cam", "rtmp://o/live?k=1", "rtmp://o/live?k=1/cam"),
    ];
    for (from, to, there) in cases {
        let url = Url::parse(from).unwrap().redirected(to);
        assert_eq!(url.map(|u| u.to_string()), Ok(there.to_owned()), "{from} {to}");
    }
    let url = Url::parse("rtmp://u:p@h/live/cam").unwrap();
    assert_eq!(url.redirected("http://o/live"), Err(UrlError::Scheme));
    assert_eq!(url.redirected(""), Ok(url.clone()));
    assert_eq!(url.redirected("rtmp://h:1936/live").unwrap().login, url.login);
    assert_eq!(url.redirected("rtmp://o/live").unwrap().login, None, "a password is for one host");
}
