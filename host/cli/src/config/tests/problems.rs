//! What is said of configurations that are wrong.

use super::*;

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
            "[rtmp]\nlisten = ['127.0.0.1:1935', '127.0.0.1:1935']".into(),
            "weir.toml:2: rtmp.listen[1]: \"127.0.0.1:1935\" is in this list already",
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
