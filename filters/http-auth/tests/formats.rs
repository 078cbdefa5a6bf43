//! What the backend is asked, word for word, and what its answers mean.

use guest_sdk::testing::{
    Session, connection, http_requests, log, play, publish, reply, reply_http, session, set_unix_ms, unix_ms,
};
use guest_sdk::{Decision, EndReason, Fault, Grant, Role, SessionFilter, Summary, outbound::CallError};
use http_auth::HttpAuth;

const URL: &str = "http://127.0.0.1:8080/auth";

fn open(format: &str, more: &str) -> Session<HttpAuth> {
    Session::open(&format!(r#"{{ "format": "{format}", "url": "{URL}"{more} }}"#)).unwrap()
}

fn granted(decision: Decision) -> Grant {
    match decision {
        Decision::Allow(grant) => grant,
        other => panic!("{other:?}"),
    }
}

fn denied(decision: Decision) -> String {
    match decision {
        Decision::Deny(denial) => denial.reason,
        other => panic!("{other:?}"),
    }
}

/// The body of the last request; where it went and as what.
fn asked(kind: &str) -> String {
    let request = http_requests().pop().unwrap();
    assert_eq!((request.method.as_str(), request.url.as_str(), request.timeout_ms), ("POST", URL, 3000));
    assert_eq!(request.headers[0], ("content-type".to_owned(), kind.to_owned()));
    String::from_utf8(request.body).unwrap()
}

fn form() -> String {
    asked("application/x-www-form-urlencoded")
}

fn json() -> serde_json::Value {
    serde_json::from_str(&asked("application/json")).unwrap()
}

fn summary() -> Summary {
    Summary { bytes_in: 7, bytes_out: 9, duration_ms: 5, reason: EndReason::SourceEnded }
}

const HEAD: &str = "app=live&flashver=FMLE%2F3.0%20%28compatible%3B%20Lavf58.76.100%29&swfurl=&tcurl=rtmp%3A%2F%2Flocalhost%2Flive&pageurl=&addr=192.0.2.7&";

#[test]
fn nginx_rtmp_is_asked_as_its_notify_module_asks() {
    let mut filter = open(
        "nginx-rtmp",
        r#", "on_connect": "http://127.0.0.1:8080/auth", "on_done": "http://127.0.0.1:8080/auth", "on_disconnect": "http://127.0.0.1:8080/auth", "recheck": "10s""#,
    );
    reply(200, &[], "");
    granted(filter.on_connect(&connection("live")));
    assert_eq!(form(), format!("{HEAD}epoch={}&call=connect", unix_ms() as u32));
    reply(204, &[], "");
    let grant = granted(filter.on_publish(&publish("live/cam?user=a&k=b%c")));
    assert_eq!(form(), format!("{HEAD}clientid=1&call=publish&name=cam&type=live&user=a&k=b%25c"));
    assert_eq!((grant.rename, grant.recheck_ms), (None, Some(10_000)));
    reply(200, &[], "");
    granted(filter.on_play(&play("live/cam?user=a")));
    assert_eq!(
        form(),
        format!("{HEAD}clientid=1&call=play&name=cam&start=4294965296&duration=4294967295&reset=0&user=a")
    );
    set_unix_ms(unix_ms() + 12_000);
    reply(200, &[], "");
    let running = session(Role::Publishing, "live/cam?user=a", grant.tags);
    assert_eq!(granted(filter.on_recheck(&running)).recheck_ms, Some(10_000));
    assert_eq!(form(), format!("{HEAD}clientid=1&call=update_publish&time=12&timestamp=12000&name=cam&user=a"));
    for (role, call) in [(Role::Publishing, "publish_done"), (Role::Playing, "play_done")] {
        reply(200, &[], "");
        filter.on_close(&session(role, "live/cam?user=a", Vec::new()), &summary());
        assert_eq!(form(), format!("{HEAD}clientid=1&call={call}&name=cam&user=a"));
    }
}

#[test]
fn a_peer_cannot_speak_for_the_router() {
    let mut filter = open("nginx-rtmp", "");
    reply(200, &[], "");
    let path =
        "live/cam?addr=127.0.0.1&call=x&name=other&ADDR=1&addr[]=2& addr=3&clientid=9&app=admin&key=k&address=fine";
    granted(filter.on_publish(&publish(path)));
    assert_eq!(form(), format!("{HEAD}clientid=1&call=publish&name=cam&type=live&key=k&address=fine"));
}

#[test]
fn nginx_rtmp_answers_by_status_and_location() {
    let mut filter = open("nginx-rtmp", "");
    for (status, body, reason) in [
        (401, "", "refused by the authorization server"),
        (403, "your account\nis closed", "your account"),
        (404, "<html>not found</html>", "refused by the authorization server"),
        (403, r#"{ "error": "no \u0007such key" }"#, "no such key"),
        (100, "", "refused by the authorization server"),
    ] {
        reply(status, &[], body);
        assert_eq!(denied(filter.on_publish(&publish("live/cam"))), reason);
    }
    for (location, name) in [
        ("public", Some("public")),
        ("/public", Some("public")),
        ("a/b", Some("a/b")),
        ("public?x=y", Some("public")),
        ("http://backend:8080/auth/public", Some("public")),
        ("https://backend", None),
        ("", None),
    ] {
        reply(302, &[("Location", location)], "");
        let grant = granted(filter.on_publish(&publish("live/s3cret")));
        let named = grant.rename.map(|key| (key.app, key.name));
        assert_eq!(named, name.map(|name| ("live".to_owned(), name.to_owned())), "{location}");
    }
    for url in ["rtmp://b.example/live/x", "RTMPS://b.example/live/x"] {
        reply(302, &[("location", url)], "");
        assert!(matches!(filter.on_play(&play("live/cam")), Decision::Redirect(to) if to.url == url && !to.permanent));
        reply(302, &[("location", url)], "");
        assert!(matches!(filter.on_publish(&publish("live/cam")), Decision::Redirect(_)));
    }
    let mut filter = open("nginx-rtmp", r#", "rtmp_location": "push", "recheck": "1s""#);
    reply(302, &[("location", "rtmp://b.example/live/x")], "");
    assert_eq!(granted(filter.on_publish(&publish("live/cam"))).push_to, ["rtmp://b.example/live/x"]);
    reply(302, &[("location", "other")], "");
    assert_eq!(granted(filter.on_recheck(&session(Role::Publishing, "live/cam", vec![]))).rename, None, "too late");
}

#[test]
fn srs_is_asked_in_json_and_answers_by_code() {
    let more = r#", "on_connect": "http://127.0.0.1:8080/auth", "on_done": "http://127.0.0.1:8080/auth", "on_disconnect": "http://127.0.0.1:8080/auth", "recheck": "1m""#;
    let mut filter = open("srs", more);
    let base = |action: &str| {
        serde_json::json!({ "server_id": "weir", "action": action, "client_id": "1", "ip": "192.0.2.7", "vhost": "__defaultVhost__",
            "app": "live", "tcUrl": "rtmp://localhost/live" })
    };
    let with = |mut base: serde_json::Value, more: serde_json::Value| {
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    };
    let stream = serde_json::json!({ "stream": "cam", "param": "?token=a", "stream_url": "/live/cam" });
    reply(200, &[], "0");
    granted(filter.on_connect(&connection("live")));
    assert_eq!(json(), with(base("on_connect"), serde_json::json!({ "pageUrl": "" })));
    reply(200, &[], r#"{"code":0,"data":null}"#);
    assert_eq!(granted(filter.on_publish(&publish("live/cam?token=a"))).recheck_ms, Some(60_000));
    assert_eq!(json(), with(base("on_publish"), stream.clone()));
    reply(200, &[], " 0\n");
    granted(filter.on_play(&play("live/cam?token=a")));
    assert_eq!(json(), with(with(base("on_play"), stream.clone()), serde_json::json!({ "pageUrl": "" })));
    reply(200, &[], "0");
    granted(filter.on_recheck(&session(Role::Playing, "live/cam?token=a", vec![])));
    assert_eq!(json()["action"], "on_play");
    for (role, action) in [(Role::Publishing, "on_unpublish"), (Role::Playing, "on_stop")] {
        reply(200, &[], "0");
        filter.on_close(&session(role, "live/cam?token=a", Vec::new()), &summary());
        assert_eq!(json(), with(base(action), stream.clone()));
    }
    for (status, body, reason) in [
        (200, "1", "refused by the authorization server with code 1"),
        (200, r#"{"code":1}"#, "refused by the authorization server"),
        (200, r#"{"code":-3,"msg":"not today"}"#, "not today"),
        (403, "", "refused by the authorization server"),
        (404, "0", "refused by the authorization server"),
        (200, "", "authorization is not available"),
        (200, "ok", "authorization is not available"),
        (200, r#"{"code":"0"}"#, "authorization is not available"),
    ] {
        reply(status, &[], body);
        assert_eq!(denied(filter.on_publish(&publish("live/cam"))), reason, "{status} {body}");
    }
}

#[test]
fn mediamtx_is_asked_in_json_and_answers_by_status() {
    let mut filter = open("mediamtx", r#", "headers": { "authorization": "Bearer b" }"#);
    reply(200, &[], "");
    granted(filter.on_publish(&publish("live/cam?user=u&pass=p&token=t")));
    let expected = serde_json::json!({
        "user": "u", "password": "p", "token": "t", "ip": "192.0.2.7", "action": "publish", "path": "live/cam", "protocol": "rtmp",
        "id": "00000000-0000-4000-8000-000000000001", "query": "user=u&pass=p&token=t",
        "userAgent": "FMLE/3.0 (compatible; Lavf58.76.100)",
    });
    assert_eq!(json(), expected);
    assert_eq!(http_requests()[0].headers[1], ("authorization".to_owned(), "Bearer b".to_owned()));
    reply(204, &[], "");
    granted(filter.on_play(&play("live/cam")));
    assert_eq!((json()["action"].as_str(), json()["user"].as_str()), (Some("read"), Some("")));
    reply(401, &[], "wrong password");
    assert_eq!(denied(filter.on_play(&play("live/cam"))), "wrong password");
    assert!(matches!(filter.on_connect(&connection("live")), Decision::Abstain));
}

#[test]
fn without_an_answer_the_operators_choice_holds() {
    let broken: [fn(); 3] = [
        || reply_http(Err(CallError::Timeout)),
        || reply_http(Err(CallError::Connect("127.0.0.1:8080: refused".into()))),
        || reply(503, &[], "no upstream"),
    ];
    for fail in broken {
        for (choice, new, running) in [("deny", false, false), ("keep", false, true), ("allow", true, true)] {
            for format in ["nginx-rtmp", "srs", "mediamtx"] {
                let mut filter = open(format, &format!(r#", "on_failure": "{choice}", "recheck": "1s""#));
                fail();
                let decision = filter.on_publish(&publish("live/cam"));
                assert_eq!(matches!(decision, Decision::Allow(_)), new, "{format} {choice}: {decision:?}");
                fail();
                let decision = filter.on_recheck(&session(Role::Publishing, "live/cam", vec![]));
                assert_eq!(matches!(decision, Decision::Allow(_)), running, "{format} {choice}: {decision:?}");
            }
        }
    }
    assert!(log().iter().any(|line| line.message.contains("127.0.0.1:8080: refused")), "the operator is told why");
}

#[test]
fn what_has_no_url_is_not_asked_about() {
    let mut filter = Session::<HttpAuth>::open(&format!(r#"{{ "format": "srs", "on_publish": "{URL}" }}"#)).unwrap();
    assert!(matches!(filter.on_play(&play("live/cam")), Decision::Abstain));
    filter.on_close(&session(Role::Publishing, "live/cam", vec![]), &summary());
    assert!(matches!(filter.on_recheck(&session(Role::Publishing, "live/cam", vec![])), Decision::Abstain));
    assert!(http_requests().is_empty());
}

#[test]
fn a_wrong_configuration_is_refused_with_the_key_and_what_is_expected() {
    let cases = [
        ("{}", "missing field `format`"),
        (r#"{ "format": "srs" }"#, "url: missing; expected the backend's URL"),
        (
            r#"{ "format": "nginx", "url": "http://a" }"#,
            "format: unknown variant `nginx`, expected one of `nginx-rtmp`",
        ),
        (r#"{ "format": "srs", "url": "auth.example" }"#, "url: expected a URL that begins with http://"),
        (r#"{ "format": "srs", "url": "http://" }"#, "url: expected a URL that begins with http://"),
        (r#"{ "format": "srs", "url": "http://a", "on_done": "x" }"#, "on_done: expected a URL"),
        (
            r#"{ "format": "mediamtx", "url": "http://a", "on_done": "http://a" }"#,
            "on_done: the format has no such call",
        ),
        (
            r#"{ "format": "srs", "url": "http://a", "on_update": "http://a" }"#,
            "on_update: the format has no such call",
        ),
        (r#"{ "format": "srs", "url": "http://a", "rtmp_location": "push" }"#, "rtmp_location: the format"),
        (r#"{ "format": "nginx-rtmp", "url": "http://a", "on_update": "http://a" }"#, "recheck: missing"),
        (r#"{ "format": "srs", "url": "http://a", "recheck": 10 }"#, "recheck: invalid type"),
        (r#"{ "format": "srs", "url": "http://a", "recheck": "10" }"#, "recheck: expected a time such as \"10s\""),
        (r#"{ "format": "srs", "url": "http://a", "recheck": "50ms" }"#, "recheck: expected a time"),
        (r#"{ "format": "srs", "url": "http://a", "timeout": "99999h" }"#, "timeout: expected a time"),
        (r#"{ "format": "srs", "url": "http://a", "on_failure": "ask" }"#, "on_failure: unknown variant"),
        (r#"{ "format": "srs", "urls": "http://a" }"#, "urls: unknown field `urls`"),
    ];
    for (config, expect) in cases {
        match Session::<HttpAuth>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
}

#[test]
fn its_schema_names_every_key() {
    let schema: serde_json::Value = serde_json::from_str(&HttpAuth::describe().config_schema.unwrap()).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    let known = [
        "format",
        "headers",
        "on_connect",
        "on_disconnect",
        "on_done",
        "on_failure",
        "on_play",
        "on_publish",
        "on_update",
        "recheck",
        "rtmp_location",
        "timeout",
        "url",
    ];
    assert_eq!(keys, known);
}
