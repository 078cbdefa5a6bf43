//! Whole runs against the null server, and against one that a relay of ours spoils on purpose.

mod spoiler;

use bench::{Plan, Report, Stage, Stop, Work, floor};
use spoiler::Spoiler;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

/// A null server that ends with the test.
struct Null {
    address: SocketAddr,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Null {
    fn start(hold_audio: bool) -> Null {
        Null::with_backlog(hold_audio, floor::BACKLOG)
    }

    fn with_backlog(hold_audio: bool, backlog: usize) -> Null {
        let settings = floor::Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            hold_audio,
            cpu: None,
            time: Duration::from_secs(120),
            connections: 1000,
            backlog,
        };
        let stop = Stop::default();
        let (tell, told) = mpsc::channel();
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            floor(&settings, &stopped, |address| tell.send(address).unwrap()).unwrap();
        });
        Null { address: told.recv().unwrap(), stop, thread: Some(thread) }
    }
}

impl Drop for Null {
    fn drop(&mut self) {
        self.stop.stop();
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn plan(work: Work, address: SocketAddr) -> Plan {
    Plan {
        time: Duration::from_millis(700),
        warm_up: Duration::ZERO,
        clip: bench::clip::Settings { gop: Duration::from_millis(200), ..Default::default() },
        ..Plan::new(work, &format!("rtmp://{address}/live/cam?k=1"))
    }
}

fn run(plan: &Plan) -> Report {
    bench::run(plan, &Stop::default()).unwrap()
}

#[test]
fn publishers_and_players_meet_and_nothing_is_wrong() {
    for (hold_audio, digest) in [(false, false), (true, true)] {
        let null = Null::start(hold_audio);
        let mut plan = plan(Work::Mix { streams: 3, players: 12 }, null.address);
        plan.digest = digest;
        plan.server_pid = Some(std::process::id());
        let report = run(&plan);
        assert!(report.is_clean(), "{report}");
        let players = report.players.as_ref().unwrap();
        let publishers = report.publishers.as_ref().unwrap();
        assert_eq!((publishers.publishing, players.playing), (3, 12));
        assert!(publishers.messages > 0 && players.verified > 0);
        assert!(players.video_latency_ms.count > 0 && players.audio_latency_ms.count > 0);
        assert_eq!(players.join_ms.count, 12);
        let server = report.server.as_ref().unwrap();
        assert!(server.cpu_s_per_gb.is_some() && server.kib_per_connection.is_some());
        // The table and the JSON say the same.
        let json: serde_json::Value = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        assert_eq!(json["players"]["lost"], 0);
        assert_eq!(json["players"]["playing"], 12);
        let table = report.to_string();
        assert!(table.contains("players               12 of 12") && table.contains("none wrong"), "{table}");
    }
}

#[test]
fn a_server_that_spoils_the_stream_is_found_out() {
    let null = Null::start(false);
    for (every, spoil) in
        [(7, spoiler::Spoil::Drop), (7, spoiler::Spoil::Repeat), (7, spoiler::Spoil::Flip), (7, spoiler::Spoil::Swap)]
    {
        let spoiler = Spoiler::start(null.address, every, spoil);
        let publisher = plan(Work::Publish { streams: 1 }, null.address);
        let publisher = Plan { time: Duration::from_secs(3600), ..publisher };
        let stop = Stop::default();
        let (stopped, published) = (stop.clone(), publisher.clone());
        let thread = std::thread::spawn(move || bench::run(&published, &stopped));
        let report = run(&plan(Work::Play { streams: 1, players: 2 }, spoiler.address()));
        stop.stop();
        // A run ends when it is told to, and reports what was until then.
        assert!(thread.join().unwrap().unwrap().publishers.unwrap().publishing == 1);
        let faults = report.players.as_ref().unwrap().faults;
        let count = [faults.lost, faults.repeated, faults.corrupt, faults.reordered];
        let expected = match spoil {
            spoiler::Spoil::Drop => 0,
            spoiler::Spoil::Repeat => 1,
            spoiler::Spoil::Flip => 2,
            spoiler::Spoil::Swap => 3,
        };
        for (at, n) in count.into_iter().enumerate() {
            assert_eq!(n > 0, at == expected, "{spoil:?}: {faults:?}");
        }
        assert!(!report.is_clean());
        assert!(report.to_string().contains("NOT CLEAN"));
    }
}

#[test]
fn who_is_stuck_is_counted_apart() {
    // One server waits for them, one does not; either way nobody else is told of.
    for (backlog, closed) in [(floor::BACKLOG, 0), (32 << 10, 3)] {
        let null = Null::with_backlog(false, backlog);
        let mut plan = plan(Work::Mix { streams: 2, players: 4 }, null.address);
        plan.stuck = 3;
        plan.clip.video_kbps = 8000;
        let report = run(&plan);
        assert!(report.is_clean(), "{report}");
        assert_eq!(report.players.as_ref().unwrap().join_ms.count, 4);
        let stuck = report.stuck.unwrap();
        assert_eq!((stuck.wanted, stuck.played, stuck.closed), (3, 3, closed), "{report}");
        let line = format!("stuck players         3 of 3, {closed} closed by the server");
        assert!(report.to_string().contains(&line), "{report}");
    }
}

#[test]
fn a_server_that_closes_everybody_stuck_is_not_the_end_of_a_run() {
    let null = Null::with_backlog(false, 0);
    let mut publisher = Plan { time: Duration::from_secs(3600), ..plan(Work::Publish { streams: 1 }, null.address) };
    publisher.clip.video_kbps = 8000;
    let stop = Stop::default();
    let stopped = stop.clone();
    let thread = std::thread::spawn(move || bench::run(&publisher, &stopped));
    let plan = Plan { stuck: 2, ..plan(Work::Play { streams: 1, players: 0 }, null.address) };
    let report = run(&plan);
    stop.stop();
    thread.join().unwrap().unwrap();
    assert!(report.is_clean() && report.seconds >= plan.time.as_secs_f64(), "{report}");
    assert_eq!(report.stuck.unwrap().closed, 2);
}

#[test]
fn a_storm_counts_its_connections() {
    let null = Null::start(false);
    let mut plan = plan(Work::Storm { concurrency: 4, connections: 300 }, null.address);
    for digest in [false, true] {
        plan.digest = digest;
        let report = run(&plan);
        assert!(report.is_clean(), "{report}");
        let storm = report.storm.unwrap();
        assert!(storm.connections > 0 && storm.connections <= 300 && storm.start_ms.count <= 300, "{storm:?}");
    }
}

#[test]
fn idle_connections_stay() {
    let null = Null::start(false);
    for stage in [Stage::Tcp, Stage::Connect] {
        let report = run(&plan(Work::Idle { connections: 20, stage }, null.address));
        assert!(report.is_clean(), "{report}");
        assert_eq!(report.idle.unwrap().connected, 20);
    }
}

#[test]
fn a_server_that_is_not_there_is_an_error_with_the_reason() {
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    for work in [
        Work::Publish { streams: 2 },
        Work::Play { streams: 1, players: 2 },
        Work::Storm { concurrency: 1, connections: 5 },
        Work::Idle { connections: 2, stage: Stage::Connect },
    ] {
        let error = bench::run(&plan(work, nobody), &Stop::default()).unwrap_err().to_string();
        assert!(error.contains("refused"), "{error}");
    }
}

#[test]
fn what_does_not_speak_rtmp_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        use std::io::Write;
        let (mut socket, _) = listener.accept().unwrap();
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let error = bench::run(&plan(Work::Publish { streams: 1 }, address), &Stop::default()).unwrap_err();
    assert!(error.to_string().contains("not RTMP"), "{error}");
    thread.join().unwrap();
}

#[test]
fn players_without_a_publisher_are_told() {
    let null = Null::start(false);
    let plan = Plan {
        time: Duration::from_millis(1500),
        start_timeout: Duration::from_millis(500),
        ..plan(Work::Play { streams: 1, players: 2 }, null.address)
    };
    let error = bench::run(&plan, &Stop::default()).unwrap_err().to_string();
    assert!(error.contains("still waiting to start when the run ended (of 2 connections)"), "{error}");
}
