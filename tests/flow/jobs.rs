//! Encoders that a filter plans and the router runs.

use std::path::PathBuf;
use std::process::Command;

use weir_tests::flow::{player, publisher, receive, send, unpublish};
use weir_tests::flv::VIDEO;
use weir_tests::process::Process;
use weir_tests::router::{Router, build_filter};
use weir_tests::rtmp::Client;
use weir_tests::{numbered, wait};

const FFMPEG: &str = r#"
[profiles.h264]
command = ["ffmpeg", "-nostdin", "-loglevel", "warning", "-progress", "pipe:1", "-i", "{input}",
  "-vf", "scale={width}:{height}", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "{video_kbps}k", "-g", "25",
  "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "{audio_kbps}k", "-f", "flv", "{output}"]
progress = "ffmpeg"
params.width = { min = 16, max = 8192 }
params.height = { min = 16, max = 8192 }
params.video_kbps = { min = 16, max = 200000 }
params.audio_kbps = { min = 8, max = 1024 }
"#;

/// A program that does nothing, and writes down with which arguments.
const IDLE: &str = r#"
[profiles.idle]
command = ["/bin/sh", "-c", 'printf "%s\n" "$@" > "args$1"; exec sleep 3600', "sh", "{suffix}", "{note}", "{input}", "{output}"]
params.suffix = { match = "_[a-z]+" }
params.note = { match = "(?s).*", default = "" }
start_timeout = "1h"
end_timeout = "1s"
"#;

/// A planner that plans just this.
fn planned(renditions: &str) -> String {
    let module = build_filter("filters/conformance/jobs");
    format!("[filters.plan]\nsource = \"file:{}\"\nconfig = {{ renditions = [{renditions}] }}\n", module.display())
}

/// A rendition of the profile `idle`.
fn idle(suffix: &str, more: &str) -> String {
    format!("{{ suffix = \"{suffix}\", profile = \"idle\", params = {{ suffix = \"{suffix}\" }}, {more} }}")
}

/// A router in a folder of its own, which is where it runs.
fn router(tables: &str) -> Router {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("weir.toml"), Router::text("", tables)).expect("the folder is writable");
    Router::start_in(folder)
}

/// The next line, behind `mark`, that holds all of this.
fn line(router: &Router, mark: usize, parts: &[&str]) -> String {
    router.process.line_after(mark, &format!("{parts:?}"), |line| parts.iter().all(|part| line.contains(part)))
}

/// The process of the encoder of this stream that was started behind `mark`.
fn started(router: &Router, mark: usize, stream: &str) -> String {
    let line = line(router, mark, &[&format!("stream={stream} "), "encoder started"]);
    let pid = line.split("pid=").nth(1).expect("a process").split(' ').next().expect("a number");
    pid.to_owned()
}

/// Whether a process runs: a zombie does not.
fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with('Z'))
}

fn gone(pid: &str) {
    wait::until(&format!("the end of process {pid}"), || !runs(pid));
}

/// What is left of a process's children, zombies too.
fn children(of: u32) -> Vec<String> {
    let parent = format!(" {of} ");
    let stats = std::fs::read_dir("/proc").expect("Linux").flatten().map(|entry| entry.path().join("stat"));
    let stats = stats.filter_map(|stat| std::fs::read_to_string(stat).ok());
    // pid (name) state parent
    stats
        .filter(|stat| {
            stat.rsplit(") ").next().is_some_and(|rest| rest.get(1..).unwrap_or_default().starts_with(&parent))
        })
        .collect()
}

/// A file that is there when it is written.
fn read(file: PathBuf) -> String {
    wait::until_some(&format!("all of {}", file.display()), || match std::fs::read_to_string(&file) {
        Ok(text) if text.lines().count() >= 4 => Ok(text),
        other => Err(format!("{other:?}")),
    })
}

/// The size of the picture that ffmpeg finds in a stream.
fn size(url: &str) -> String {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-nostdin", "-loglevel", "error", "-i", url, "-map", "0:v", "-map", "0:a"]);
    let (status, said) = Process::run("ffmpeg playing", command.args(["-t", "1", "-f", "framemd5", "-"]));
    assert!(status.success(), "{url}: {said}");
    assert!(said.lines().any(|line| line.starts_with("1, ")), "no sound: {said}");
    let size = said.lines().find_map(|line| line.strip_prefix("#dimensions 0: "));
    size.unwrap_or_else(|| panic!("no picture: {said}")).to_owned()
}

#[test]
fn a_smaller_rendition_of_a_stream_is_made_and_comes_back_when_its_encoder_is_killed() {
    let ladder = build_filter("filters/ladder");
    let router = router(&format!(
        "[filters.ladder]\nsource = \"file:{}\"\nconfig = {{ renditions = [{{ height = 240, video_kbps = 200 }}, {{ height = 720 }}] }}\n\
         [apps.live]\njobs = [\"ladder\"]\n{FFMPEG}",
        ladder.display()
    ));
    let mut encoder = Command::new("ffmpeg");
    encoder.args(["-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"]);
    encoder.args(["-re", "-f", "lavfi", "-i", "sine", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25"]);
    encoder.args(["-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "flv"]).arg(router.url("live/cam"));
    let mut source = Process::start("ffmpeg publishing", &mut encoder);

    let pid = started(&router, 0, "live/cam_240p");
    line(&router, 0, &["stream=live/cam_240p ", "encoder publishes"]);
    assert_eq!(size(&router.url("live/cam_240p")), "426x240");
    // Nobody else has a say there, and what is made is not planned again.
    let mut other = Client::connect(router.address, "live").expect("connected");
    let refused = other.publish("cam_240p").expect("an answer").expect_err("the name is kept");
    assert_eq!(refused.code, "NetStream.Publish.BadName");

    let mark = router.process.mark();
    assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs").success());
    line(&router, mark, &["stream=live/cam_240p ", "encoder ended", "code=137"]);
    let again = started(&router, mark, "live/cam_240p");
    assert_ne!(pid, again);
    line(&router, mark, &["stream=live/cam_240p ", "encoder publishes"]);
    assert_eq!(size(&router.url("live/cam_240p")), "426x240");

    let mark = router.process.mark();
    source.signal("TERM");
    source.wait();
    line(&router, mark, &["stream=live/cam_240p ", "job ends"]);
    gone(&again);
    assert_eq!(children(router.process.id()), [] as [&str; 0]);
    assert_eq!(router.process.count(0, |line| line.contains("job begins")), 1, "720 lines are more than there are");
    let mark = router.process.mark();
    let report = router.report("report: jobs ");
    for part in ["streams=0 jobs=0 live=0 slots_taken=0", "starts=2 restarts=1", "refused=0", "panics=0"] {
        assert!(report.contains(part), "{part}: {report}");
    }
    line(&router, mark, &["report:", "restarted 1"]);
    let said = router.process.said();
    let secret = |rest: &str| rest.get(..32).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(!said.split('~').skip(1).any(secret), "a secret stands in the log: {said}");
}

#[test]
fn an_encoder_that_fails_at_once_is_tried_again_and_the_stream_goes_on() {
    let failing = "[profiles.bad]\ncommand = [\"/bin/sh\", \"-c\", \"echo no such codec in $1 >&2; exit 3\", \"sh\", \"{input}\", \"{output}\"]\n\
                   retry = { first = \"100ms\", most = \"400ms\" }\n\
                   [profiles.none]\ncommand = [\"no-such-encoder\", \"{input}\", \"{output}\"]\n";
    let renditions = "{ suffix = \"_bad\", profile = \"bad\" }, { suffix = \"_none\", profile = \"none\" }";
    let router = router(&format!("{}[apps.live]\njobs = [\"plan\"]\n{failing}", planned(renditions)));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header(), numbered::video(0, 500)]);
    let mut viewer = player(&router, "live", "cam");
    let failed = |mark: usize| {
        line(
            &router,
            mark,
            &["suffix=_bad", "Failed", "it ended with code 3 before it published: no such codec in rtmp://"],
        )
    };
    let told = failed(0);
    assert!(told.contains("/~***/live/cam"), "{told}");
    line(&router, 0, &["stream=live/cam_bad ", "encoder ended too early", "again_ms="]);
    line(&router, 0, &["suffix=_none", "Failed", "there is no program `no-such-encoder` in PATH"]);
    failed(router.process.mark());
    send(&mut source, &[numbered::video(1, 500), numbered::audio(1)]);
    receive(&mut viewer, "frame 1", |m| m.kind == VIDEO && numbered::number(&m.tag()) == Some(1));
    assert_eq!(
        router.process.count(0, |l| l.contains("stream=live/cam_bad ") && l.contains("ended too early")),
        1,
        "the same again is no news"
    );
    let mark = router.process.mark();
    unpublish(&mut source, "cam");
    line(&router, mark, &["stream=live/cam_bad ", "job ends"]);
}

#[test]
fn parameters_stay_what_they_are_and_what_is_not_allowed_is_refused() {
    let evil = r#"a  b"; touch evil; $(touch evil) `touch evil` | touch evil {input} %s *"#;
    let with = |suffix: &str, note: &str| {
        format!(
            "{{ suffix = \"{suffix}\", profile = \"idle\", params = {{ suffix = \"{suffix}\", note = '{note}' }} }}"
        )
    };
    let renditions = [
        with("_a", evil),
        with("_b", "-vf"),
        "{ suffix = \"_c\", profile = \"idle\", params = { suffix = \"_c\", input = \"rtmp://elsewhere/\" } }".into(),
        "{ suffix = \"_d\", profile = \"idel\" }".into(),
        "{ suffix = \"/../e\", profile = \"idle\" }".into(),
        "{ suffix = \"_f\", profile = \"idle\" }".into(),
    ];
    let router = router(&format!(
        "[jobs]\nslots = 9\n{}[apps.live]\njobs = [\"plan\"]\n{IDLE}",
        planned(&renditions.join(", "))
    ));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header(), numbered::video(0, 500)]);
    for (suffix, why) in [
        ("_b", "is not what matches"),
        ("_c", "has no parameter `input`"),
        ("_d", "did you mean `idle`?"),
        ("/../e", "is no suffix"),
        ("_f", "needs the parameter `suffix`"),
    ] {
        line(&router, 0, &[&format!("suffix={suffix} "), "Failed", why]);
    }
    started(&router, 0, "live/cam_a");
    let arguments = read(router.file("args_a"));
    assert_eq!(arguments.lines().nth(1), Some(evil));
    assert!(!router.file("evil").exists());
    assert_eq!(router.process.count(0, |line| line.contains("encoder started")), 1);
}

#[test]
fn what_encoders_come_in_by_is_good_for_one_thing_and_not_for_long() {
    let gate = build_filter("filters/conformance/session");
    let router = router(&format!(
        "[filters.gate]\nsource = \"file:{}\"\nconfig = {{ play = {{ deny = {{ reason = \"no\" }} }} }}\n\
         {}[apps.live]\nsession = [\"gate\"]\njobs = [\"plan\"]\n{IDLE}",
        gate.display(),
        planned(&idle("_a", ""))
    ));
    let mut source = publisher(&router, "live", "cam");
    let begin = [numbered::header(), numbered::audio_header(), numbered::video(0, 500)];
    send(&mut source, &begin);
    let pid = started(&router, 0, "live/cam_a");
    let arguments = read(router.file("args_a"));
    let urls: Vec<&str> = arguments.lines().skip(2).collect();
    let app = |url: &str, of: &str| {
        let rest = url.strip_prefix(&format!("rtmp://{}/", router.address)).expect("this router").to_owned();
        rest.strip_suffix(of).expect("application and name").to_owned()
    };
    let (input, output) = (app(urls[0], "/cam"), app(urls[1], "/cam_a"));
    assert!(input.starts_with('~') && input != output, "{arguments}");

    let mut stranger = Client::connect(router.address, "live").expect("connected");
    stranger.play("cam").expect("a connection");
    stranger.status("NetStream.Play.Start").expect("an answer").expect_err("the session filter says no");
    let mut reader = Client::connect(router.address, &input).expect("the session filter is not asked");
    reader.play("cam").expect("a connection");
    reader.status("NetStream.Play.Start").expect("an answer").expect("it may play");
    receive(&mut reader, "frame 0", |m| m.kind == VIDEO && numbered::number(&m.tag()) == Some(0));
    assert!(Client::connect(router.address, &input).is_err(), "it is in use");

    let mut writer = Client::connect(router.address, &output).expect("connected");
    writer.publish("cam_b").expect("an answer").expect_err("another name");
    drop(writer);
    line(&router, 0, &["connected", "app=\"live\""]);
    let mut writer = connect(&router, &output);
    writer.publish("cam_a").expect("an answer").expect("its own name");
    send(&mut writer, &begin);
    line(&router, 0, &["stream=live/cam_a ", "encoder publishes"]);

    // What it came in by ends with the encoder, and whoever has it in use with it.
    assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs").success());
    let ended = |client: &mut Client| while client.message().is_ok() {};
    ended(&mut reader);
    ended(&mut writer);
    assert!(Client::connect(router.address, &input).is_err(), "it is not good any more");
    let secret = |app: &str| app.trim_start_matches('~').split('/').next().expect("a secret").to_owned();
    let said = router.process.said();
    assert!(!said.contains(&secret(&input)) && !said.contains(&secret(&output)), "{said}");
}

/// Connects when an earlier connection is gone.
fn connect(router: &Router, app: &str) -> Client {
    wait::until_some("a connection", || Client::connect(router.address, app))
}

#[test]
fn the_highest_priority_goes_first_when_slots_are_short() {
    let renditions =
        [idle("_low", "priority = 1"), idle("_high", "priority = 9"), idle("_mid", "priority = 5")].join(", ");
    let tables =
        |slots: u32| format!("[jobs]\nslots = {slots}\n{}[apps.live]\njobs = [\"plan\"]\n{IDLE}", planned(&renditions));
    let router = router(&tables(1));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header(), numbered::video(0, 500)]);
    let high = started(&router, 0, "live/cam_high");
    line(&router, 0, &["stream=live/cam_mid ", "waits for a slot"]);
    line(&router, 0, &["stream=live/cam_low ", "waits for a slot"]);
    let mark = router.process.mark();
    router.reload(&tables(2));
    started(&router, mark, "live/cam_mid");
    assert!(runs(&high), "who runs is left alone");
    assert_eq!(router.process.count(0, |line| line.contains("encoder started")), 2);
    let mark = router.process.mark();
    unpublish(&mut source, "cam");
    line(&router, mark, &["stream=live/cam_low ", "job ends"]);
    gone(&high);
}

#[test]
fn a_new_plan_touches_only_what_is_new_in_it() {
    let tables = |renditions: &[String]| {
        format!("[jobs]\nslots = 9\n{}[apps.live]\njobs = [\"plan\"]\n{IDLE}", planned(&renditions.join(", ")))
    };
    let other = "{ suffix = \"_b\", profile = \"idle\", params = { suffix = \"_b\", note = \"other\" } }";
    let router = router(&tables(&[idle("_a", ""), idle("_b", ""), idle("_c", "")]));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header(), numbered::video(0, 500)]);
    let pids = ["_a", "_b", "_c"].map(|suffix| started(&router, 0, &format!("live/cam{suffix}")));
    let mark = router.process.mark();
    router.reload(&tables(&[idle("_a", "priority = 3"), other.into(), idle("_d", "")]));
    started(&router, mark, "live/cam_d");
    started(&router, mark, "live/cam_b");
    gone(&pids[1]);
    gone(&pids[2]);
    assert!(runs(&pids[0]), "what is planned as before goes on");
    assert_eq!(router.process.count(mark, |line| line.contains("encoder started")), 2);

    // Without the planner nothing is left.
    let mark = router.process.mark();
    router.reload("[apps.live]");
    line(&router, mark, &["stream=live/cam_a ", "job ends"]);
    gone(&pids[0]);
}

#[test]
fn a_publisher_that_is_lost_and_comes_back_finds_its_encoders() {
    let router = router(&format!("{}[apps.live]\njobs = [\"plan\"]\n{IDLE}", planned(&idle("_a", ""))));
    let begin = [numbered::header(), numbered::audio_header(), numbered::video(0, 500)];
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &begin);
    let pid = started(&router, 0, "live/cam_a");
    drop(source);
    line(&router, 0, &["stream=live/cam}", ": published "]);
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &begin);
    let mut viewer = player(&router, "live", "cam");
    receive(&mut viewer, "frame 0", |m| m.kind == VIDEO && numbered::number(&m.tag()) == Some(0));
    assert!(runs(&pid));
    let mark = router.process.mark();
    unpublish(&mut source, "cam");
    line(&router, mark, &["stream=live/cam_a ", "job ends"]);
    gone(&pid);
    assert_eq!(router.process.count(0, |line| line.contains("encoder started")), 1);
}

#[test]
fn no_encoder_outlives_the_router() {
    let mut router = router(&format!("{}[apps.live]\njobs = [\"plan\"]\n{IDLE}", planned(&idle("_a", ""))));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header(), numbered::video(0, 500)]);
    let pid = started(&router, 0, "live/cam_a");
    router.process.signal("KILL");
    router.process.wait();
    gone(&pid);
}
