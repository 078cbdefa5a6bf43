use std::{collections::BTreeMap, sync::Arc, time::Duration};

use relay::{Hide, Pattern, Template, Which};

use super::super::{DEFAULT, Loaded, parse, tree::Text as Origin};

fn read(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, String> {
    let file = Origin::File(Arc::new("weir.toml".into()));
    let variables: BTreeMap<_, _> = variables.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    parse(text, &file, &variables).map_err(|error| error.to_string())
}

fn good(text: &str, variables: &[(&str, &str)]) -> Loaded {
    read(text, variables).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

/// The tables that stand in the shipped file as comments, of which `without` are left out.
fn examples(without: &[&str]) -> String {
    let mut text = String::from("[apps.live]\n");
    let keys = DEFAULT.lines().skip_while(|line| !line.starts_with("# [[")).take_while(|line| !line.starts_with('['));
    for line in keys {
        let Some(line) = line.strip_prefix("# ") else { continue };
        let key = line.split(' ').next().unwrap_or_default();
        let is_key = line.starts_with("[[") || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        if is_key && !without.contains(&key) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[test]
fn the_examples_of_the_shipped_file_hold_every_key_and_its_default() {
    for leave_out in [&["name"][..], &["match", "idle", "max_streams"]] {
        let without = leave_out[0];
        // A pull by name has no groups, and waits for nobody's play.
        let by_name = |text: String| text.replace("$1", "stage").replace("{query.token}", "t0ken");
        let text = if without == "match" { by_name(examples(leave_out)) } else { examples(leave_out) };
        let shipped = good(&text, &[("PUSH_KEY", "k")]);
        let least = format!(
            "[apps.live]\n[[apps.live.pull]]\n{}\nfrom = 'rtmp://a/b/c'\n[[apps.live.push]]\nto = 'rtmp://a/b/c'",
            if without == "name" { "match = 'cam-(.+)'" } else { "name = 'stage'" }
        );
        let least = good(&least, &[]);
        let values = |loaded: &Loaded, table: &str| -> BTreeMap<String, String> {
            let of = loaded.shown.iter().filter(|shown| shown.table == table && !["from", "to"].contains(&&*shown.key));
            of.map(|shown| (shown.key.clone(), shown.toml.clone())).collect()
        };
        for table in ["apps.live.pull[0]", "apps.live.push[0]"] {
            let (shipped, least) = (values(&shipped, table), values(&least, table));
            assert!(least.len() >= 10, "{least:?}");
            for (key, default) in &least {
                if key == without || key == "match" && table.contains("push") && without == "match" {
                    continue;
                }
                assert_eq!(shipped.get(key), Some(default), "{table}: {key}");
            }
        }
    }
}

#[test]
fn relays_are_read() {
    let text = r#"
[apps.live]
[[apps.live.pull]]
name = "/stage/"
from = "rtmp://o/live/stage?k=${env:KEY}"
retry.most = "5s"
[[apps.live.pull]]
match = "cam-(?<n>[0-9]+)"
from = ["rtmp://o/live/{n}", "rtmps://p/live/$1"]
idle = "3s"
max_streams = 7
insecure = true
[[apps.live.push]]
to = "rtmp://cdn/live/{stream}"
backlog.time = "2s"
"#;
    let relays = good(text, &[("KEY", "a{b}$1")]).config.relays();
    let [stage, cams] = &relays.pulls[..] else { panic!("{relays:?}") };
    assert_eq!(stage.which, Which::Always("stage".into()));
    let literal = Template::literal("rtmp://o/live/stage?k=a{b}$1", Hide::Query).unwrap();
    let key = router::StreamKey { app: "live".into(), name: "stage".into(), query: Vec::new() };
    let url = |template: &Template| template.address(&key, &[]).unwrap().url;
    assert_eq!(url(&stage.from[0]), url(&literal), "what a variable holds is no template");
    assert_eq!(stage.link.backoff.most, Duration::from_secs(5));
    let names = Pattern::new("cam-(?<n>[0-9]+)").unwrap();
    assert_eq!(cams.which, Which::OnDemand { names, idle: Duration::from_secs(3), most: 7 });
    assert_eq!((cams.from.len(), &cams.link.trust), (2, &rtmp::dial::tls::Trust::Anyone));
    assert_eq!(relays.pushes[0].link.dial.backlog_time, Duration::from_secs(2));
    assert_eq!(relays.pushes[0].app, "live");
}

#[test]
fn errors_say_where_and_what() {
    let pull = |keys: &str| format!("[apps.a]\n[[apps.a.pull]]\n{keys}");
    for (text, says) in [
        (pull("from = 'rtmp://a/b/c'"), "weir.toml:2: apps.a.pull[0]: `name` or `match` is missing"),
        (pull("name = 'x'"), "weir.toml:2: apps.a.pull[0]: `from` is missing: a URL such as"),
        (
            pull("name = 'x'\nmatch = 'y'\nfrom = 'rtmp://a/b/c'"),
            "weir.toml:4: apps.a.pull[0]: `name` (one stream, always) and `match`",
        ),
        (
            pull("name = 'x'\nfrm = 'rtmp://a/b/c'\nfrom = 'rtmp://a/b/c'"),
            "weir.toml:4: apps.a.pull[0].frm: unknown key; did you mean `from`?",
        ),
        (
            pull("name = 'x'\nfrom = ['rtmp://a/b/c', 'http://a/b/c']"),
            "weir.toml:4: apps.a.pull[0].from[1]: the URL must begin with rtmp://",
        ),
        (pull("match = 'x-(.*'\nfrom = 'rtmp://a/b/c'"), "weir.toml:3: apps.a.pull[0].match: unclosed group"),
        (pull("name = 'x'\nfrom = 'rtmp://a/b/c'\nidle = '1s'"), "weir.toml:5: apps.a.pull[0].idle: only for `match`"),
        (pull("name = '/'\nfrom = 'rtmp://a/b/c'"), "weir.toml:3: apps.a.pull[0]: `name` has no name in it"),
        (
            pull("name = 'x'\nfrom = 'rtmp://a/b/c'\n[[apps.a.pull]]\nname = '/x'\nfrom = 'rtmp://d/e/f'"),
            "weir.toml:6: apps.a.pull[1].name: `x` is pulled already",
        ),
        (
            pull("name = 'x'\nfrom = 'rtmp://a/b/c'\n[[apps.a.backup]]\nstream = 'x'\ninputs = ['y']"),
            "weir.toml:3: apps.a.pull[0].name: `x` is fed from its `backup` inputs",
        ),
        (
            pull("name = 'x'\nfrom = ['rtmp://a/b/c', 'rtmp://a/b/c?k={query.k}']"),
            "weir.toml:4: apps.a.pull[0].from: `{query}` stands for what a play comes with",
        ),
        (
            pull("match = 'x-(.*)'\nfrom = 'rtmp://a/b/$2'"),
            "weir.toml:4: apps.a.pull[0].from: {2} stands for nothing; known here: {app}, {stream}, {query}, {query.NAME}, {1}",
        ),
        (
            pull("name = 'x'\nfrom = 'rtmps://a/b/c'\nca = 'nowhere.pem'"),
            "weir.toml:5: apps.a.pull[0].ca: there is no such file; tried",
        ),
        (
            pull("name = 'x'\nfrom = 'rtmps://a/b/c'\npin = ['12']"),
            "weir.toml:5: apps.a.pull[0].pin: not the SHA-256 fingerprint",
        ),
        (
            pull("name = 'x'\nfrom = 'rtmps://a/b/c'\npin = ['12']\ninsecure = true"),
            "weir.toml:6: apps.a.pull[0].insecure: `pin` says already whom to trust",
        ),
        (
            pull("name = 'x'\nfrom = 'rtmp://a/b/c'\nretry = { first = '9s', most = '1s' }"),
            "weir.toml:5: apps.a.pull[0].retry.most: it is less than `first`",
        ),
        (
            "[apps.a]\nplay_wait = '0s'\n[[apps.a.pull]]\nmatch = 'x'\nfrom = 'rtmp://a/b/c'".into(),
            "weir.toml:4: apps.a.pull[0]: on demand means that a play waits",
        ),
        (
            "[apps.a]\n[apps.a.push]\nto = 'rtmp://a/b/c'".into(),
            "weir.toml:2: apps.a.push: expected [[apps.a.push]], a list of tables, found a table",
        ),
        (
            "[apps.a]\n[[apps.a.push]]\nto = ['rtmp://a/b/c', 'rtmp://d/e/f']".into(),
            "weir.toml:3: apps.a.push[0].to: one URL: write a [[push]] for each",
        ),
    ] {
        let error = read(&text, &[]).err().unwrap_or_else(|| panic!("accepted: {text}"));
        assert!(error.contains(says), "{text}\n{error}");
    }
    let error = read(&pull("match = 'x-(.*'\nfrom = 'rtmp://a/b/c'"), &[]).unwrap_err();
    assert!(!error.contains("is missing"), "{error}");
}

#[test]
fn what_is_shown_reads_back_and_keeps_secrets() {
    let text = "[apps.live]\n[[apps.live.pull]]\nname = 'x'\nfrom = \"rtmp://o/live/x?k=${env:KEY}\"\n\
        [[apps.live.push]]\nto = 'rtmp://a/b/{stream}'\n[[apps.live.push]]\nto = 'rtmp://c/d/{stream}'";
    let variables = [("KEY", "s3cret")];
    let first = good(text, &variables);
    let shown = first.show();
    assert!(!shown.contains("s3cret") && shown.matches("[[apps.live.push]]").count() == 2, "{shown}");
    let (first, second) = (first.config.relays(), good(&shown, &variables).config.relays());
    assert_eq!((first.pulls, first.pushes), (second.pulls, second.pushes));
    let text = "[apps.live]\n[[apps.live.pull]]\nmatch = 'x'\nfrom = ['rtmp://u:s3cret@o/live/x', 'rtmp://o/live/x?k=s3cret']\n\
        [[apps.live.push]]\nto = 'rtmp://a/b/s3cret'";
    let shown = good(text, &[]).show();
    assert!(!shown.contains("s3cret") && shown.contains("rtmp://o/live/x?k=***"), "{shown}");
    let by_variable = [("WEIR_APPS__LIVE__PUSH", "[{ to = 'rtmp://a/b/k3y' }]")];
    let loaded = good("[apps.live]", &by_variable);
    assert_eq!(loaded.config.relays().pushes.len(), 1);
    assert!(!loaded.show().contains("k3y"), "{}", loaded.show());
}
