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
    ];
    for (text, (tls, host, port, app, name), tc_url) in cases {
        let url = Url::parse(text).unwrap();
        let expected = Url { tls, host: host.into(), port, app: app.into(), name: name.into() };
        assert_eq!(url, expected, "{text}");
        assert_eq!(url.tc_url(), tc_url, "{text}");
        assert_eq!(Url::parse(&url.to_string()), Ok(url), "{text}");
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
