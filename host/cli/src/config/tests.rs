use super::*;

mod problems;
mod shipped;

const FILE: &str = "weir.toml";

/// What a file of this text means, with these variables.
fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, String> {
    let of = tree::Text::File(Arc::new(FILE.into()));
    let variables = variables.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    super::parse(text, &of, &variables).map_err(|error| error.to_string())
}

fn good(text: &str, variables: &[(&str, &str)]) -> Loaded {
    parse(text, variables).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

/// The values of one reading by table and key, without where they come from.
fn values(loaded: &Loaded) -> BTreeMap<(String, String), String> {
    loaded.shown.iter().map(|s| ((s.table.clone(), s.key.clone()), s.toml.clone())).collect()
}

#[test]
fn a_filter_at_viewers_is_granted_nothing_beside_its_stream() {
    let with = |placement: &str| {
        let text = format!(
            "[filters.own]\nsource = 'file:x.wasm'\nplacement = '{placement}'\ngrants = [\n'entropy',\n'derive']"
        );
        parse(&text, &[])
    };
    assert!(with("ingest").is_ok());
    let error = with("egress").unwrap_err();
    assert!(error.contains("weir.toml:6") && error.contains("filters.own.grants[1]"), "{error}");
    assert!(error.contains("`derive`") && error.contains("egress"), "{error}");
}

#[test]
fn values_are_read() {
    let text = r#"
[rtmp]
listen = ["127.0.0.1:0", "[::1]:2935", "unix:/run/weir.sock"]
unix_mode = "0600"
proxy_protocol = { from = ["10.0.0.0/8", "2001:db8::/32", "unix"] }
chunk_size = 4_096
c2 = true
write_timeout = "500ms"
[drain]
deadline = "1m"
[filters."my filter"]
source = "file:/f.wasm"
grants = ["entropy"]
on_failure = "end-stream"
limits = { memory = "1MiB", media_time = "2ms", emit_ratio = 3 }
config = { a = 1, b = [1.5, true, { c = "x" }], d = 2020-01-01 }
secrets = { key = "${env:KEY}" }
[apps."live/eu"]
session = ["my filter"]
play_wait = "0s"
gop_cache.frames = 20
on_duplicate = "replace"
"#;
    let config = good(text, &[("KEY", "s3cret")]).config;
    let addresses = ["127.0.0.1:0", "[::1]:2935", "unix:/run/weir.sock"].map(|text| text.parse().unwrap());
    assert_eq!(config.rtmp.addresses, addresses);
    assert_eq!(config.rtmp.unix_mode, 0o600);
    let proxies = ["10.0.0.0/8", "2001:db8::/32", "unix"].map(|text| text.parse().unwrap());
    assert_eq!(config.rtmp.connection.proxies, ::rtmp::Proxies::new(proxies));
    assert_eq!((config.rtmp.connection.chunk_size, config.rtmp.connection.check_c2), (4096, true));
    assert_eq!(config.rtmp.connection.write_timeout, Duration::from_millis(500));
    assert_eq!(config.rtmp.drain_timeout, Duration::from_secs(60));
    let filter = &config.filters["my filter"];
    assert_eq!(filter.origin.source, Source::Local("/f.wasm".into()));
    assert!(filter.grants.entropy);
    assert_eq!(filter.on_failure, ::filter::OnFailure::parse("end-stream").unwrap());
    assert_eq!((filter.limits.memory_bytes, filter.limits.emit_ratio), (1 << 20, 3.0));
    assert_eq!(filter.limits.media_time, Duration::from_millis(2));
    assert_eq!(filter.config, serde_json::json!({ "a": 1, "b": [1.5, true, { "c": "x" }], "d": "2020-01-01" }));
    assert_eq!(filter.secrets, BTreeMap::from([("key".into(), "s3cret".into())]));
    let app = &config.apps["live/eu"];
    assert_eq!((&app.session[..], app.settings.play_wait), (&["my filter".to_owned()][..], Duration::ZERO));
    assert_eq!((app.settings.gop_cache.frames, app.settings.gop_cache.bytes), (20, 16 << 20));
    assert_eq!(app.settings.on_duplicate, router::OnDuplicate::Replace);
}

#[test]
fn variables_override() {
    let text = "[rtmp]\nchunk_size = 1024\n[filters.my-filter]\nsource = 'file:f'\n[apps.Live]";
    let variables = [
        ("WEIR_RTMP__LISTEN", "[\"127.0.0.1:2935\"]"),
        ("WEIR_RTMP__CHUNK_SIZE", "4096"),
        ("WEIR_LOG__LEVEL", "debug"),
        ("WEIR_FILTERS__MY_FILTER__CONFIG__KEYS", "['a', 'b']"),
        ("WEIR_FILTERS__MY_FILTER__SECRETS__PIN", "4711"),
        ("WEIR_APPS__LIVE__PLAY_WAIT", "5s"),
        ("WEIR_APPS__NEW__PLAY_WAIT", "\"6s\""),
        ("WEIR_STREAM_KEY", "no override: it has no double underscore"),
        ("PATH", "/bin"),
    ];
    let config = good(text, &variables).config;
    assert_eq!(config.rtmp.addresses, ["127.0.0.1:2935".parse().unwrap()]);
    assert_eq!(config.rtmp.connection.chunk_size, 4096);
    assert_eq!(config.log.level, "debug");
    assert_eq!(config.filters["my-filter"].config, serde_json::json!({ "keys": ["a", "b"] }));
    assert_eq!(config.filters["my-filter"].secrets["pin"], "4711");
    assert_eq!(config.apps["Live"].settings.play_wait, Duration::from_secs(5));
    assert_eq!(config.apps["new"].settings.play_wait, Duration::from_secs(6));
}

#[test]
fn show_keeps_secrets_and_says_where() {
    let text = "[rtmp]\nchunk_size = 1024\n[filters.f]\nsource = 'file:f'\n\
        config = { keys = [\"${env:KEY}\"], user = \"${env:NOPE:-nobody}\" }\nsecrets = { a = \"${env:KEY}\", b = \"hunter2\" }";
    let variables = [
        ("KEY", "s3cret"),
        ("WEIR_FILTERS__F__CONFIG__EXTRA", "[\"t0psecret\"]"),
        ("WEIR_FILTERS__F__SECRETS__C", "d33p"),
        ("WEIR_LOG__LEVEL", "debug"),
    ];
    let shown = good(text, &variables).show();
    for secret in ["s3cret", "hunter2", "t0psecret", "d33p"] {
        assert!(!shown.contains(secret), "{secret}:\n{shown}");
    }
    for (key, rest) in [
        ("chunk_size = 1024 ", "# weir.toml:2"),
        ("c2 = false ", "# default"),
        ("level = \"debug\" ", "# environment variable WEIR_LOG__LEVEL"),
        ("secrets.a = \"${env:KEY}\"", "# weir.toml:6"),
        ("secrets.b = \"(hidden)\"", "# weir.toml:6"),
    ] {
        let line = shown.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{key}:\n{shown}"));
        assert!(line.ends_with(rest), "{line}");
    }
    assert!(shown.contains("keys = [\"${env:KEY}\"]") && shown.contains("${env:NOPE:-nobody}"), "{shown}");
    assert!(shown.contains("extra = \"${env:WEIR_FILTERS__F__CONFIG__EXTRA}\""), "{shown}");
}

#[test]
fn what_is_shown_reads_back() {
    let first = good(DEFAULT, &[]);
    let second = good(&first.show(), &[]);
    assert_eq!(values(&first), values(&second));
    assert_eq!(first.config.apps.keys().collect::<Vec<_>>(), second.config.apps.keys().collect::<Vec<_>>());
}

#[test]
fn the_failure_policy_that_holds_is_shown() {
    let text = |chains: &str, policy: &str| {
        format!("[filters.\"a b\"]\nsource = 'file:f.wasm'\n{policy}[apps.live]\n{chains}")
    };
    for (chains, policy, shown) in [
        ("session = ['a b']", "", "deny"),
        ("media = ['a b']", "", "bypass"),
        ("session = ['a b']\nmedia = ['a b']", "", "deny"),
        ("", "", "deny"),
        ("media = ['a b']", "on_failure = 'end-stream'\n", "end-stream"),
    ] {
        let loaded = good(&text(chains, policy), &[]);
        assert!(loaded.show().contains(&format!("on_failure = \"{shown}\"")), "{chains}\n{}", loaded.show());
        let again = good(&loaded.show(), &[]);
        assert_eq!(again.config.filters["a b"].on_failure, loaded.config.filters["a b"].on_failure);
    }
}

#[test]
fn an_application_without_keys_is_shown() {
    assert!(good("[apps.live]", &[]).show().contains("[apps.live]\n"));
    assert!(good("[apps.\"a b\"]", &[]).show().contains("[apps.\"a b\"]\n"));
}

#[test]
fn rtmps_without_addresses_and_certificates_is_off() {
    assert!(good("[rtmps]\nlisten = []", &[]).config.rtmp.connection.tls.is_none());
    let error = parse("[rtmps]\nlisten = ['127.0.0.1:0']", &[]).unwrap_err();
    assert!(error.contains("weir.toml:2: rtmps.listen: there is no RTMPS without `certificates`"), "{error}");
    let error = parse("[rtmp]\nlisten = []\n[rtmps]\nlisten = []", &[]).unwrap_err();
    assert!(error.contains("weir.toml:4: rtmps.listen: nothing to listen on"), "{error}");
}
