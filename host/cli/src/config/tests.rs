use super::*;

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
fn the_shipped_file_holds_the_defaults() {
    let shipped = good(DEFAULT, &[]);
    // The least that has an application and a filter: every other value is the program's own default.
    let least = good("[apps.live]\n[filters.token]\nsource = 'file:filters/token-auth'", &[]);
    let (mut shipped, least) = (values(&shipped), values(&least));
    let chosen = ("filters.token".to_owned(), "config".to_owned());
    shipped.remove(&chosen);
    for (key, default) in least.iter().filter(|(key, _)| **key != chosen) {
        assert_eq!(shipped.get(key), Some(default), "{key:?}");
    }
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
fn the_shipped_file_shows_every_key() {
    let shipped = good(DEFAULT, &[]);
    let tables = ["log", "rtmp", "rtmps", "drain", "limits", "wasm", "filters.token", "jobs", "apps.live"];
    // A key that takes the value of another while it is missing can only stand there as a comment.
    let in_a_comment = |key: &str| DEFAULT.lines().any(|line| line.starts_with(&format!("# {key} = ")));
    let shown = shipped.shown.iter().filter(|shown| tables.contains(&shown.table.as_str()));
    for shown in shown.filter(|shown| !in_a_comment(&shown.key)) {
        assert_ne!(shown.place, Place::Default, "[{}] {} does not stand in the file", shown.table, shown.key);
    }
}

#[test]
fn every_key_of_the_shipped_file_has_a_comment() {
    let mut commented = false;
    for (n, line) in DEFAULT.lines().enumerate() {
        assert!(line.len() <= 130, "line {} is long", n + 1);
        match line {
            "" => commented = false,
            line if line.starts_with('#') => commented = true,
            line if line.starts_with('[') => {}
            // Two filters and two applications: the second of each is an example, explained by the first.
            line if line.starts_with("source") || line.starts_with("config") || line.starts_with("session") => {}
            line if line.starts_with("media") => {}
            line => assert!(commented, "line {}: {line}", n + 1),
        }
    }
}

#[test]
fn the_shipped_file_has_one_open_and_one_guarded_application() {
    let loaded = good(DEFAULT, &[]);
    let apps = &loaded.config.apps;
    assert_eq!(apps.keys().collect::<Vec<_>>(), ["live", "secure"]);
    assert!(apps["live"].session.is_empty() && apps["live"].media.is_empty());
    assert_eq!((&apps["secure"].session[..], &apps["secure"].media[..]), (&["token".into()][..], &["nal".into()][..]));
    assert_eq!(loaded.config.filters["nal"].config, serde_json::json!({ "h264": { "drop": ["aud", "sei"] } }));
}

#[test]
fn the_key_in_the_shipped_file_is_told_until_it_is_replaced() {
    let shipped = good(DEFAULT, &[]);
    let notices: Vec<_> = shipped.notices.iter().map(ToString::to_string).collect();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(
        notices.iter().any(|n| n.contains("filters.token.config.keys[0]: WEIR_STREAM_KEY is not set")),
        "{notices:?}"
    );
    let own = good(DEFAULT, &[("WEIR_STREAM_KEY", "mine")]);
    assert!(own.notices.is_empty());
    assert_eq!(own.config.filters["token"].config["keys"], serde_json::json!(["mine"]));
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
fn errors_say_where_and_what() {
    const SOURCE: &str = "source = 'file:f.wasm'\n";
    let filter = |rest: &str| format!("[filters.f]\n{SOURCE}{rest}");
    let table: &[(String, &str)] = &[
        ("[rtmp]\nlisen = []".into(), "weir.toml:2: rtmp.lisen: unknown key; did you mean `listen`?"),
        ("[rtmp]\nchunksize = 1".into(), "weir.toml:2: rtmp.chunksize: unknown key; did you mean `chunk_size`?"),
        ("[rtmp]\nchunk-size = 1".into(), "weir.toml:2: rtmp.chunk-size: unknown key; did you mean `chunk_size`?"),
        (
            "[rtmp]\nlisten = ['::1:1935']".into(),
            "weir.toml:2: rtmp.listen[0]: \"::1:1935\": an IPv6 address stands in brackets before its port: [::1]:1935",
        ),
        (
            "[rtmp]\nlisten = ['localhost:1935']".into(),
            "weir.toml:2: rtmp.listen[0]: \"localhost:1935\": localhost is a name, and names are not looked up here: write the IP address, [::] for every one of this machine",
        ),
        (
            "[rtmp]\nlisten = ['unix:~/s']".into(),
            "weir.toml:2: rtmp.listen[0]: \"unix:~/s\": `~` is not expanded here: write the whole path",
        ),
        (
            "[rtmp]\nlisten = ['x']".into(),
            "weir.toml:2: rtmp.listen[0]: expected an address and port in quotes, such as \"[::]:1935\" or \"127.0.0.1:1935\", or \"unix:/run/weir/rtmp.sock\", found \"x\"",
        ),
        (
            "[rtmp]\nunix_mode = '888'".into(),
            "weir.toml:2: rtmp.unix_mode: expected permissions as three octal digits in quotes, such as \"660\", found \"888\"",
        ),
        (
            "[rtmp]\nproxy_protocol = { from = ['10.0.0.0/33'] }".into(),
            "weir.toml:2: rtmp.proxy_protocol.from[0]: \"10.0.0.0/33\": a network of 10.0.0.0 has 0 to 32 bits",
        ),
        (
            "[rtmp]\nproxy_protocol = { form = [] }".into(),
            "weir.toml:2: rtmp.proxy_protocol.form: unknown key; did you mean `from`?",
        ),
        ("[rmtp]".into(), "weir.toml:1: rmtp: unknown key; did you mean `rtmp`?"),
        ("\n\n[drain]\nzebra = 1".into(), "weir.toml:4: drain.zebra: unknown key; known here: deadline"),
        (
            "x = 1".into(),
            "weir.toml:1: x: unknown key; known here: log, rtmp, rtmps, drain, limits, wasm, filters, apps, jobs, profiles",
        ),
        (
            filter("limits = { time = '5ms' }"),
            "weir.toml:3: filters.f.limits.time: unknown key; did you mean `media_time`?",
        ),
        (
            "[rtmp]\nchunk_size = '4096'".into(),
            "weir.toml:2: rtmp.chunk_size: expected an integer from 128 to 16777215, found \"4096\"",
        ),
        (
            "[rtmp]\nchunk_size = 127".into(),
            "weir.toml:2: rtmp.chunk_size: expected an integer from 128 to 16777215, found 127",
        ),
        (
            "[rtmp]\nchunk_size = -1".into(),
            "weir.toml:2: rtmp.chunk_size: expected an integer from 128 to 16777215, found -1",
        ),
        ("[rtmp]\nc2 = 'yes'".into(), "weir.toml:2: rtmp.c2: expected true or false, found \"yes\""),
        (
            "[rtmp]\nlisten = '127.0.0.1:1935'".into(),
            "weir.toml:2: rtmp.listen: expected a list, each an address and port in quotes, such as \"[::]:1935\" or \"127.0.0.1:1935\", or \"unix:/run/weir/rtmp.sock\", found \"127.0.0.1:1935\"",
        ),
        (
            "[rtmp]\nlisten = [\n '127.0.0.1:1935',\n 'localhost']".into(),
            "weir.toml:4: rtmp.listen[1]: expected an address and port in quotes, such as \"[::]:1935\" or \"127.0.0.1:1935\", or \"unix:/run/weir/rtmp.sock\", found \"localhost\"",
        ),
        (
            "[rtmp]\nidle_timeout = 10".into(),
            "weir.toml:2: rtmp.idle_timeout: expected a duration from \"100ms\" to \"1h\", such as \"10s\" or \"500ms\" (units ms, s, m, h, d), found 10",
        ),
        (
            "[rtmp]\nidle_timeout = '2h'".into(),
            "weir.toml:2: rtmp.idle_timeout: expected a duration from \"100ms\" to \"1h\", such as \"10s\" or \"500ms\" (units ms, s, m, h, d), found \"2h\"",
        ),
        (
            "[log]\nlevel = 'inof'".into(),
            "weir.toml:2: log.level: expected one of \"off\", \"error\", \"warn\", \"info\", \"debug\", \"trace\", or such as \"info,router=debug\", found \"inof\"",
        ),
        (
            "[log]\nformat = 'xml'".into(),
            "weir.toml:2: log.format: expected one of \"auto\", \"plain\", \"color\", \"json\", found \"xml\"",
        ),
        ("rtmp = 5".into(), "weir.toml:1: rtmp: expected a table, found an integer"),
        (
            "[filters.f]".into(),
            "weir.toml:1: filters.f: `source` is missing: text such as \"file:filters/my-filter\" (a .wasm file or a source folder), \"https://HOST/FILE.wasm\" or \"oci://REGISTRY/REPOSITORY:TAG\"",
        ),
        (
            "[filters.f]\nsource = 'ftp://h/f.wasm'".into(),
            "weir.toml:2: filters.f.source: expected text such as \"file:filters/my-filter\" (a .wasm file or a source folder), \"https://HOST/FILE.wasm\" or \"oci://REGISTRY/REPOSITORY:TAG\"",
        ),
        (
            filter("limits.memory = '1TB'"),
            "weir.toml:3: filters.f.limits.memory: expected a size from \"64KiB\" to \"4GiB\", such as \"4MiB\" (units B, KiB, MiB, GiB, kB, MB, GB), found \"1TB\"",
        ),
        (
            filter("on_failure = 'ignore'"),
            "weir.toml:3: filters.f.on_failure: expected one of \"deny\", \"allow\", \"bypass\", \"drop-to-key\", \"end-stream\", found \"ignore\"",
        ),
        (
            filter("placement = 'besides'"),
            "weir.toml:3: filters.f.placement: expected one of \"ingest\", \"egress\", \"observe\", \"beside\", found \"besides\"",
        ),
        (
            filter("overflow = 'detach'"),
            "weir.toml:3: filters.f.overflow: only with placement = \"observe\" or \"beside\": elsewhere frames wait for the filter",
        ),
        (
            filter("placement = 'observe'\non_failure = 'end-stream'"),
            "weir.toml:4: filters.f.on_failure: with this placement no stream ends because of the filter: \"bypass\" or \"drop-to-key\"",
        ),
        (
            filter("placement = 'observe'\ngrants = ['derive']"),
            "weir.toml:4: filters.f.grants[0]: `derive` is nothing for `placement = \"observe\"`: what a filter makes there does not count; it does with \"beside\"",
        ),
        (
            filter("placement = 'beside'"),
            "weir.toml:1: filters.f.grants: neither \"derive\" nor \"tracks\": of a filter beside the stream only that counts which these allow it; to look on, placement = \"observe\"",
        ),
        (filter("config = 'x'"), "weir.toml:3: filters.f.config: expected a table, found text"),
        (
            filter("config.a = inf"),
            "weir.toml:3: filters.f.config.a: JSON has no infinity and no NaN; a filter cannot get this number",
        ),
        (
            filter("config.keys = ['${env:NOPE}']"),
            "weir.toml:3: filters.f.config.keys[0]: the environment variable NOPE is not set",
        ),
        (
            filter("secrets.key = '${env:NOPE}'"),
            "weir.toml:3: filters.f.secrets.key: the environment variable NOPE is not set",
        ),
        (filter("secrets.key = 4711"), "weir.toml:3: filters.f.secrets.key: expected text in quotes, found an integer"),
        (
            format!("[filters.token]\n{SOURCE}[apps.a]\nsession = ['tokne']"),
            "weir.toml:4: apps.a.session[0]: there is no [filters.tokne]; did you mean `token`?",
        ),
        (filter("[apps.a]\nmedia = ['f', 'f']"), "weir.toml:4: apps.a.media[1]: `f` is in this list already"),
        (
            "[apps.a]\nmedia = 'f'".into(),
            "weir.toml:2: apps.a.media: expected a list of filter names, such as [\"token\"], found \"f\"",
        ),
        (
            "[apps.'a']\n[apps.'/a']".into(),
            "weir.toml:1: apps.a: this application is there already: slashes around a name do not count",
        ),
        ("x = 99999999999999999999".into(), "weir.toml:1: the integer 99999999999999999999 is too large"),
    ];
    for (text, expected) in table {
        let error = parse(text, &[]).err().unwrap_or_else(|| panic!("accepted: {text}"));
        assert_eq!(&error, expected, "{text}");
    }
}

#[test]
fn a_filters_name_leads_out_of_no_folder() {
    for name in ["../../etc", "/etc", ".hidden", "a/b", "a\\\\b", "", "a\\nb", "a\\u007f", "a:b", &"x".repeat(65)] {
        let error = parse(&format!("[filters.\"{name}\"]\nsource = 'file:f'"), &[]).unwrap_err();
        assert!(error.starts_with("weir.toml:1: filters.") && error.lines().count() == 1, "{error}");
        assert!(
            error.ends_with("1 to 64 letters, digits, blanks, `.`, `-` and `_`, and begins with a letter or digit"),
            "{error}"
        );
    }
    for name in ["f", "my filter", "nal-filter_2.1", "2nd", "schlüssel", &"x".repeat(64)] {
        good(&format!("[filters.\"{name}\"]\nsource = 'file:f'"), &[]);
    }
}

#[test]
fn one_mistake_is_told_once() {
    let text = "[filters.f]\nsource = 'file:f'\nplacement = 'besides'\nqueue = '3s'\nqueue_bytes = '1MiB'\noverflow = 'detach'\n\
                on_failure = 'end-stream'\nrepair = true";
    let error = parse(text, &[]).unwrap_err();
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.starts_with("weir.toml:3: filters.f.placement: expected one of "), "{error}");
}

#[test]
fn of_many_mistakes_the_first_hundred_are_told() {
    let text = format!("[rtmp]\n{}", (0..250).map(|n| format!("chunk_sise_{n} = 1\n")).collect::<String>());
    let error = parse(&text, &[]).unwrap_err();
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(lines.len(), 101);
    assert!(
        lines[0].starts_with("weir.toml:2: rtmp.chunk_sise_0: unknown key; did you mean `chunk_size`?"),
        "{}",
        lines[0]
    );
    assert!(lines[99].starts_with("weir.toml:101: ") && lines[100] == "weir.toml: and 150 more", "{}", lines[99]);
}

/// With work by the square of its size this would take minutes.
#[test]
fn a_large_configuration_is_read_in_one_go() {
    const MANY: usize = 20_000;
    let many = |item: &dyn Fn(usize) -> String| (0..MANY).map(item).collect::<String>();
    let chain = many(&|n| format!("[[apps.live.backup]]\nstream = 's{n}'\ninputs = ['s{}']\n", n + 1));
    let config = good(&format!("[apps.live]\n{chain}"), &[]).config;
    assert_eq!(config.apps["live"].settings.backup.len(), MANY);
    let ring = format!("[apps.live]\n{chain}[[apps.live.backup]]\nstream = 's{MANY}'\ninputs = ['s0']\n");
    let error = parse(&ring, &[]).unwrap_err();
    assert!(error.contains("`s0` would be fed from itself") && error.ends_with("weir.toml: and 19901 more"), "{error}");
    let unknown = many(&|n| format!("k{n} = 1\n"));
    assert!(parse(&unknown, &[]).unwrap_err().starts_with("weir.toml:1: k0: unknown key"));
    let chains = many(&|n| format!("[filters.f{n}]\nsource = 'file:f'\n[apps.a{n}]\nmedia = ['g{n}']\n"));
    assert!(parse(&chains, &[]).unwrap_err().starts_with("weir.toml:4: apps.a0.media[0]: there is no [filters.g0]"));
}

#[test]
fn backups_in_circles_are_found_and_what_only_leads_to_one_is_not_blamed() {
    let fed = |pairs: &[(&str, &str)]| {
        let table =
            |(stream, inputs): &(&str, &str)| format!("[[apps.a.backup]]\nstream = '{stream}'\ninputs = [{inputs}]\n");
        let text = pairs.iter().map(table).collect::<String>();
        match parse(&format!("[apps.a]\n{text}"), &[]) {
            Ok(_) => Vec::new(),
            Err(error) => {
                error.lines().filter_map(|line| Some(line.split_once('`')?.1.split_once('`')?.0.to_owned())).collect()
            }
        }
    };
    assert_eq!(fed(&[("a", "'b', 'x'"), ("b", "'c'"), ("c", "'y'")]), [""; 0]);
    assert_eq!(fed(&[("a", "'a'")]), ["a"]);
    assert_eq!(fed(&[("a", "'x', 'b'"), ("b", "'a'"), ("leads", "'a'"), ("fed", "'leads'")]), ["a", "b"]);
}

#[test]
fn grants_that_are_not_offered_are_refused_where_they_stand() {
    let error = parse("[filters.f]\nsource = 'file:f'\ngrants = ['entropie']", &[]).unwrap_err();
    assert!(error.starts_with("weir.toml:3: filters.f.grants: ") && error.contains("entropie"), "{error}");
}

#[test]
fn a_syntax_error_has_its_line() {
    let error = parse("[rtmp]\nlisten = [\n\n[drain]\n", &[]).unwrap_err();
    assert!(error.starts_with("weir.toml:") && error.contains("not valid TOML"), "{error}");
    let error = parse("[rtmp]\nc2 = true\nc2 = false", &[]).unwrap_err();
    assert!(error.starts_with("weir.toml:3: not valid TOML: duplicate key"), "{error}");
}

#[test]
fn all_that_is_wrong_is_said_at_once_in_the_order_of_the_file() {
    let error = parse("[rtmp]\nc2 = 1\nfoo = 1\n[log]\nlevel = 'x'", &[]).unwrap_err();
    let lines: Vec<_> = error.lines().map(|line| line.split(": ").take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(lines, ["weir.toml:2 rtmp.c2", "weir.toml:3 rtmp.foo", "weir.toml:5 log.level"]);
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
fn errors_in_variables_name_the_variable() {
    let table = [
        (
            "WEIR_RTMP__CHUNK_SIZE",
            "big",
            "environment variable WEIR_RTMP__CHUNK_SIZE: rtmp.chunk_size: expected an integer from 128 to 16777215, found \"big\"",
        ),
        (
            "WEIR_RTMP__CHUNKSIZE",
            "1",
            "environment variable WEIR_RTMP__CHUNKSIZE: rtmp.chunksize: unknown key; did you mean `chunk_size`?",
        ),
        ("WEIR_RTMP__C2__X", "1", "environment variable WEIR_RTMP__C2__X: `c2` is true or false, not a table"),
        (
            "WEIR_RTMP__",
            "1",
            "environment variable WEIR_RTMP__: expected WEIR_TABLE__KEY, with a name on both sides of each double underscore",
        ),
    ];
    for (name, value, expected) in table {
        assert_eq!(parse("[rtmp]\nc2 = true", &[(name, value)]).unwrap_err(), expected);
    }
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

/// Edits of the shipped file at random places: bytes and words put in, lines taken out, doubled and moved.
fn mangled(state: &mut u64) -> String {
    const WORDS: [&str; 24] = [
        "\"",
        "'",
        "'''",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "=",
        ".",
        "#",
        "\n",
        "\\",
        "${env:",
        "${env:X:-y}",
        "-1",
        "99999999999999999999",
        "0x",
        "1e999",
        "nan",
        "true",
        "\u{feff}",
        "\u{202e}é",
        "10s",
    ];
    let mut next = |end: usize| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % end.max(1)
    };
    let mut lines: Vec<String> =
        DEFAULT.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(Into::into).collect();
    for _ in 0..1 + next(6) {
        let (at, to) = (next(lines.len()), next(lines.len()));
        match next(6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(to, lines[at].clone()),
            2 => lines.swap(at, to),
            _ => {
                let line = &mut lines[at];
                let mut place = next(line.len() + 1);
                while !line.is_char_boundary(place) {
                    place -= 1;
                }
                match next(4) {
                    0 => line.truncate(place),
                    _ => line.insert_str(place, WORDS[next(WORDS.len())]),
                }
            }
        }
    }
    lines.join("\n")
}

#[test]
fn any_text_is_read_or_refused_with_its_place() {
    let mut state = 1;
    let deep = ["[", "{a=", "[[a.", "a."].map(|part| format!("[apps.live]\nx = {}", part.repeat(20_000)));
    let (mut read, mut refused) = (0, 0);
    for text in (0..4000).map(|_| mangled(&mut state)).chain(deep) {
        match parse(&text, &[("X", "1")]) {
            Ok(loaded) => {
                read += 1;
                let again =
                    parse(&loaded.show(), &[("X", "1")]).unwrap_or_else(|e| panic!("{text}\n{}\n{e}", loaded.show()));
                assert_eq!(values(&again), values(&loaded), "{text}");
            }
            Err(said) => {
                refused += 1;
                assert!(said.lines().all(|line| line.starts_with(FILE)), "{text}\n{said}");
            }
        }
    }
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused");
}

#[test]
fn a_backup_that_is_wrong_is_named_by_its_own_line() {
    let text = "[apps.a]\n[[apps.a.backup]]\nstream = 'one'\n[[apps.a.backup]]\nstream = 'two'\ninputs = ['two', '', 'x', 'x']\n";
    let error = parse(text, &[]).unwrap_err();
    for says in [
        "weir.toml:2: apps.a.backup[0]: `inputs` is missing",
        "weir.toml:4: apps.a.backup[1]: `two` would be fed from itself",
        "weir.toml:4: apps.a.backup[1]: an input without a name",
        "weir.toml:4: apps.a.backup[1]: `x` is among the inputs twice",
    ] {
        assert!(error.contains(says), "{says}\n{error}");
    }
}

#[test]
fn rtmps_without_addresses_and_certificates_is_off() {
    assert!(good("[rtmps]\nlisten = []", &[]).config.rtmp.connection.tls.is_none());
    let error = parse("[rtmps]\nlisten = ['127.0.0.1:0']", &[]).unwrap_err();
    assert!(error.contains("weir.toml:2: rtmps.listen: there is no RTMPS without `certificates`"), "{error}");
    let error = parse("[rtmp]\nlisten = []\n[rtmps]\nlisten = []", &[]).unwrap_err();
    assert!(error.contains("weir.toml:4: rtmps.listen: nothing to listen on"), "{error}");
}
