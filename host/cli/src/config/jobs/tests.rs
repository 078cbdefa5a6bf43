use super::super::*;

fn text(text: &str) -> Result<Config, String> {
    parse(text, &tree::Text::BuiltIn, &BTreeMap::from([("KEY".to_owned(), "a{b}".to_owned())]))
        .map(|loaded| loaded.config)
        .map_err(|error| error.to_string())
}

const GOOD: &str = "[profiles.h264]\ncommand = ['ffmpeg', '-i', '{input}', '-vf', 'scale=-2:{height}', '${env:KEY}{{}}', '{output}']\n\
     params.height = { min = 2, max = 4320, default = 720 }\n";

#[test]
fn a_profile_is_read() {
    let config = text(&format!(
        "{GOOD}memory = '1GiB'\ncpus = [2, 3]\ncpu_time = '10m'\nenv.WHERE = '{{output}}'\nretry.first = '2s'\n"
    ))
    .unwrap();
    let profile = &config.profiles["h264"].profile;
    assert_eq!(profile.command.len(), 7);
    assert_eq!(profile.command[5].to_string(), "a{{b}}{{}}", "what stands for a secret holds no placeholders");
    assert_eq!(profile.params["height"].default.as_deref(), Some("720"));
    assert_eq!((&profile.cpus[..], profile.cpu_time.as_secs()), (&[2, 3][..], 600));
    assert_eq!((profile.memory_bytes, profile.nice, profile.retry.first.as_secs()), (1 << 30, 10, 2));
}

#[test]
fn what_is_wrong_with_a_profile_is_told_with_its_place() {
    let wrong = |more: &str| text(&format!("{GOOD}{more}")).unwrap_err();
    for (config, why) in [
        (wrong("commnd = 1"), "profiles.h264.commnd: unknown key; did you mean `command`?"),
        (wrong("nice = 20"), "profiles.h264.nice: expected an integer from 0 to 19"),
        (wrong("params.input = { min = 1, max = 2 }"), "profiles.h264.params.input: the router fills this one in"),
        (wrong("params.a = { min = 2, max = 1 }"), "profiles.h264.params.a.max: it is less than `min`"),
        (wrong("params.a = { match = '(' }"), "profiles.h264.params.a.match: it is no regular expression"),
        (wrong("params.a = { mtch = 'x', match = 'x' }"), "params.a.mtch: unknown key; did you mean `match`?"),
        (wrong("params.a = {}"), "profiles.h264.params.a: what may it be?"),
        (wrong("params.a = { one_of = ['x'], default = 'y' }"), "params.a.default: expected one of x"),
        (wrong("params.a = { one_of = ['x'] }"), "profiles.h264.params.a: `{a}` stands nowhere in the command"),
        (
            wrong("env.X = '{hight}'"),
            "profiles.h264.env.X: there is no placeholder `{hight}`; did you mean `{height}`?",
        ),
        (wrong("env.X = '{'"), "profiles.h264.env.X: a brace stands alone"),
        (wrong("retry = { first = '9s', most = '1s' }"), "profiles.h264.retry.most: it is less than `first`"),
        (text("[profiles.x]\n").unwrap_err(), "profiles.x: `command` is missing"),
        (text("[profiles.x]\ncommand = 'ffmpeg -i'\n").unwrap_err(), "profiles.x.command: expected a list"),
        (
            text("[profiles.x]\ncommand = ['{input}', '{output}']\n").unwrap_err(),
            "profiles.x.command[0]: the program is",
        ),
        (text("[profiles.x]\ncommand = ['a', '{input}']\n").unwrap_err(), "profiles.x.command: `{output}` is missing"),
        (text("[jobs]\nurl = 'rtmp://h/live'\n").unwrap_err(), "jobs.url: expected where encoders find this router"),
        (
            text("[rtmp]\nlisten = ['unix:/run/weir/none.sock']\n[filters.p]\nsource = 'file:p'\n[apps.live]\njobs = ['p']\n")
                .unwrap_err(),
            "apps.live.jobs: encoders come by RTMP",
        ),
        (text("[apps.live]\njobs = ['ladder']\n").unwrap_err(), "apps.live.jobs[0]: there is no [filters.ladder]"),
    ] {
        assert!(config.contains(why), "{config}\nlacks: {why}");
    }
}

#[test]
fn encoders_find_the_router() {
    let jobs = |url: &str| text(&format!("[jobs]\nurl = '{url}'\n")).unwrap().jobs;
    let listens: Vec<::rtmp::Address> =
        ["unix:/run/weir/none.sock", "[::]:1935", "127.0.0.1:2"].map(|a| a.parse().unwrap()).into();
    assert_eq!(jobs("").url(&listens), "rtmp://127.0.0.1:1935");
    assert_eq!(jobs("").url(&["[::1]:7".parse().unwrap()]), "rtmp://[::1]:7");
    assert_eq!(jobs("rtmp://10.0.0.1:9/").url(&listens), "rtmp://10.0.0.1:9");
    assert!(jobs("").slots() >= 1);
}
