//! Every publisher with every player and every pair of codecs: what went in comes out, bit for bit, in order, in time.
//!
//! What a publisher sent is taken from its wire ([`Tap`]). Players are there before it comes, so that they get the first frame;
//! one publish serves all of them. A cell that the clients themselves cannot do is printed with its reason ([`clients`]).

mod cell;
mod clients;
mod own;
mod secure;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use clients::{Player, Publisher, Set};
use own::Own;
use secure::Secure;
use weir_tests::flv;
use weir_tests::router::{PATIENT, Router};
use weir_tests::tap::Tap;

/// Publishes side by side. Each has up to seven programs around it, most of which sleep most of the time.
const SIDE_BY_SIDE: usize = 4;

/// Players wait for their publisher, and none of them for its return.
const KEYS: &str = "play_wait = \"5m\"\nreconnect_window = \"0s\"";

/// What came of the players of one publish.
type Outcome = Vec<(Player, Result<(), String>)>;

#[test]
fn every_player_gets_what_every_publisher_sent() {
    let router = Router::start(&format!("[apps.live]\n{KEYS}\n{PATIENT}"));
    let jobs = jobs(Publisher::can);
    let outcomes = side_by_side(&jobs, |(publisher, set)| one_publish(&router, None, *publisher, *set));
    told(&table("plain RTMP", Publisher::can, &jobs, &outcomes));
    let failures = failures(&jobs, &outcomes);
    assert!(failures.is_empty(), "{} cells fail:\n{}", failures.len(), failures.join("\n"));
}

/// Every publisher with every pair of codecs that it can send.
fn jobs(can: impl Fn(Publisher, Set) -> Result<(), &'static str>) -> Vec<(Publisher, Set)> {
    let all = Publisher::ALL.into_iter().flat_map(|publisher| Set::all().map(move |set| (publisher, set)));
    all.filter(|(publisher, set)| can(*publisher, *set).is_ok()).collect()
}

/// One publisher with one pair of codecs, and all players that know them at once.
///
/// Over TLS nobody can listen in: what was sent is then what the tests' own client gets beside it, without TLS.
fn one_publish(router: &Router, secure: Option<&Secure>, publisher: Publisher, set: Set) -> Outcome {
    let (clip, name) = (set.clip(), format!("{publisher:?}-{}", set.name()));
    let url = secure.map_or_else(|| router.url(&format!("live/{name}")), |s| s.url(&format!("live/{name}")));
    let file = |player: Player| router.file(&format!("{name}-{player:?}.flv"));
    let players: Vec<Player> = Player::ALL.into_iter().filter(|player| player.can(set).is_ok()).collect();
    let trust = |player: &Player| secure.map_or_else(Vec::new, |s| player.trusting(&s.authority));
    let mut recorders: Vec<_> =
        players.iter().map(|player| player.start(&url, trust(player), &file(*player))).collect();
    let own = Own::start(router.address, "live", &name);
    router.wait_for_players(&format!("live/{name}"), players.len() + 1);
    let tap = secure.is_none().then(|| Tap::start(router.address));
    let application = match (secure, &tap) {
        (Some(secure), _) => secure.url("live"),
        (None, tap) => format!("rtmp://{}/live", tap.as_ref().map_or(router.address, |tap| tap.address)),
    };
    let options = secure.map_or_else(Vec::new, |s| publisher.trusting(&s.authority));
    let mut source = publisher.start(set, &clip, &application, &name, options);
    if source.is_endless() {
        own.wait_for_pictures(75);
        source.stop();
    }
    source.ends();
    let seen = own.end();
    let sent = tap.map_or_else(|| seen.clone(), |tap| tap.tags());
    let complete = match publisher {
        // It encodes pictures of its own.
        Publisher::Obs => Ok(()),
        _ => cell::same_payloads(&flv::read(&clip), &sent).map_err(|e| format!("the publisher changed the clip: {e}")),
    };
    let own = complete.and(cell::same_tags(&sent, &seen, cell::Omits::Nothing));
    let mut outcome = vec![(Player::Own, own)];
    for (player, recorder) in players.iter().zip(&mut recorders) {
        outcome.push((*player, player.finished(recorder).and_then(|()| player.compare(&sent, &file(*player)))));
    }
    outcome
}

/// Does the jobs, a few at a time; a job that panics fails for all of its players.
fn side_by_side<J: Sync>(jobs: &[J], work: impl Fn(&J) -> Outcome + Sync) -> Vec<Outcome> {
    let done: Mutex<BTreeMap<usize, Outcome>> = Mutex::default();
    let next = Mutex::new(jobs.iter().enumerate());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let Some((at, job)) = next.lock().expect("jobs").next() else { return };
                    let outcome = catch_unwind(AssertUnwindSafe(|| work(job))).unwrap_or_else(|panic| {
                        let text = panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".into());
                        vec![(Player::Own, Err(text))]
                    });
                    done.lock().expect("outcomes").insert(at, outcome);
                }
            });
        }
    });
    done.into_inner().expect("outcomes").into_values().collect()
}

fn failures(jobs: &[(Publisher, Set)], outcomes: &[Outcome]) -> Vec<String> {
    let cells = jobs.iter().zip(outcomes).flat_map(|(job, outcome)| outcome.iter().map(move |cell| (job, cell)));
    let failed = cells.filter_map(|((publisher, set), (player, result))| {
        let error = result.as_ref().err()?;
        Some(format!("{publisher:?} -> {player:?}, {}: {error}", set.name()))
    });
    failed.collect()
}

/// A line per publisher and pair of codecs, a column per player, and the reasons why a cell is empty.
fn table(
    title: &str,
    can: impl Fn(Publisher, Set) -> Result<(), &'static str>,
    jobs: &[(Publisher, Set)],
    outcomes: &[Outcome],
) -> String {
    let mut text = String::new();
    let mut reasons: Vec<&str> = Vec::new();
    let mut because = |reason: &'static str| {
        let at = reasons.iter().position(|known| *known == reason).unwrap_or_else(|| {
            reasons.push(reason);
            reasons.len() - 1
        });
        format!("– {}", at + 1)
    };
    let _ = write!(text, "\n{title}\n{:<26}{:<10}", "publisher", "codecs");
    Player::ALL.into_iter().chain([Player::Own]).for_each(|player| {
        let _ = write!(text, "{:<11}", player.label());
    });
    for (publisher, set) in Publisher::ALL.into_iter().flat_map(|p| Set::all().map(move |set| (p, set))) {
        let job = jobs.iter().position(|job| *job == (publisher, set));
        let _ = write!(text, "\n{:<26}{:<10}", publisher.label(set), set.name());
        for player in Player::ALL.into_iter().chain([Player::Own]) {
            let mark = match (can(publisher, set), player.can(set)) {
                (Err(reason), _) | (_, Err(reason)) => because(reason),
                _ => {
                    let outcome =
                        job.and_then(|at| outcomes.get(at)).and_then(|o| o.iter().find(|(p, _)| *p == player));
                    if outcome.is_some_and(|(_, result)| result.is_ok()) { "✓" } else { "FAILS" }.to_owned()
                }
            };
            let _ = write!(text, "{mark:<11}");
        }
    }
    for (at, reason) in reasons.iter().enumerate() {
        let _ = write!(text, "\n– {}: {reason}", at + 1);
    }
    text.push('\n');
    text
}

/// Past the test harness, which keeps what a passing test prints to itself.
fn told(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
