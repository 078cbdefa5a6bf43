//! Random publishers and players against the whole log of what was pushed.

use std::collections::BTreeMap;
use std::time::Duration;

use fanout::{Event, Limits, Publisher, Streams, Subscriber};
use media::{Content, Frame, Kind};
use proptest::prelude::*;

use crate::support::*;

#[derive(Clone, Debug)]
enum Step {
    Push(What, usize),
    /// Milliseconds pass.
    Pass(u64),
    Join,
    Read(prop::sample::Index),
    Leave(prop::sample::Index),
    /// The publisher goes and another one comes.
    Restart,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Key,
    Inter,
    Audio,
    Header(Kind, u8),
    Metadata,
    OtherTrackKey,
}

impl What {
    fn frame(self, id: u64, size: usize) -> Frame {
        let coded = |kind, key, track| Frame { key, track, ..frame(kind, Content::Coded, id, size) };
        match self {
            What::Key => coded(Kind::Video, true, 0),
            What::Inter => coded(Kind::Video, false, 0),
            What::Audio => coded(Kind::Audio, false, 0),
            What::OtherTrackKey => coded(Kind::Video, true, 1),
            What::Header(kind, track) => Frame { track, ..frame(kind, Content::Header, id, 8) },
            What::Metadata => metadata(id),
        }
    }

    fn is_header(self) -> bool {
        matches!(self, What::Header(..) | What::Metadata)
    }

    /// Headers of one slot replace each other.
    fn slot(self) -> (u8, u8) {
        match self {
            What::Header(kind, track) => (1 + kind as u8, track),
            _ => (0, 0),
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        2 => Just(What::Key),
        10 => Just(What::Inter),
        6 => Just(What::Audio),
        1 => (prop_oneof![Just(Kind::Video), Just(Kind::Audio)], 0..2u8).prop_map(|(k, t)| What::Header(k, t)),
        1 => Just(What::Metadata),
        1 => Just(What::OtherTrackKey),
    ];
    prop_oneof![
        60 => (what, 8..400usize).prop_map(|(w, s)| Step::Push(w, s)),
        10 => (1..700u64).prop_map(Step::Pass),
        4 => Just(Step::Join),
        16 => any::<prop::sample::Index>().prop_map(Step::Read),
        1 => any::<prop::sample::Index>().prop_map(Step::Leave),
        1 => Just(Step::Restart),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    (any::<bool>(), 1_000..30_000usize, 1..60usize, 500..8_000u64, 0..3_000u64).prop_map(
        |(gop, bytes, frames, time, lag)| Limits {
            gop,
            bytes,
            frames,
            time: Duration::from_millis(time),
            lag: Duration::from_millis(lag),
            ..Limits::default()
        },
    )
}

/// All that was pushed, by number; a session is a range of numbers.
#[derive(Default)]
struct Log {
    pushed: Vec<What>,
    session_start: usize,
}

impl Log {
    /// The newest header of each slot before `at`, of the session that began at `start`.
    fn headers(&self, start: usize, at: usize) -> BTreeMap<(u8, u8), usize> {
        (start..at).filter(|i| self.pushed[*i].is_header()).map(|i| (self.pushed[i].slot(), i)).collect()
    }

    fn has_video(&self, start: usize, at: usize) -> bool {
        let video = |w: &What| !matches!(w, What::Audio | What::Metadata | What::Header(Kind::Audio, _));
        self.pushed[start..at].iter().any(video)
    }
}

struct Player {
    subscriber: Subscriber,
    session_start: usize,
    /// Everything before this number was delivered or skipped.
    at: Option<usize>,
    skipped: u64,
    jumps: u64,
    joined_live: bool,
}

impl Player {
    /// Reads all there is and checks it against the log.
    fn read(&mut self, log: &Log, silence: bool) -> Result<(), TestCaseError> {
        let mut batch = Vec::new();
        loop {
            batch.clear();
            let Some(event) = self.subscriber.try_next(&mut batch) else { break };
            let ids: Vec<usize> = ids(&batch).into_iter().map(|id| id as usize).collect();
            match event {
                Event::Started => {
                    self.session_start = log.session_start;
                    self.at = Some(log.session_start);
                    self.joined_live = false;
                }
                Event::Ended => self.at = None,
                Event::TooSlow => prop_assert!(false, "slow ones jump"),
                Event::Frames => self.check(&ids, log, silence)?,
            }
        }
        prop_assert_eq!(self.subscriber.skipped(), self.skipped);
        Ok(())
    }

    fn check(&mut self, ids: &[usize], log: &Log, silence: bool) -> Result<(), TestCaseError> {
        prop_assert!(!ids.is_empty());
        let delivered = self.at;
        // What is delivered in a row ends with the newest frame and goes back to where the run starts.
        let run = ids.iter().rev().zip(ids.iter().rev().skip(1)).take_while(|(b, a)| **b == **a + 1).count();
        let mut start = ids[ids.len() - 1 - run];
        let jumped = self.subscriber.jumps() > self.jumps;
        self.jumps = self.subscriber.jumps();
        if let Some(at) = delivered
            && !jumped
        {
            prop_assert_eq!(ids, (at..at + ids.len()).collect::<Vec<_>>());
            self.at = Some(at + ids.len());
            return Ok(());
        }
        // A join or a jump: some headers, then a run that starts at a key frame. A header right before the key frame
        // has the number before it and looks like part of the run.
        while log.pushed[start].is_header() && log.pushed.get(start + 1).is_some() && ids.contains(&(start + 1)) {
            start += 1;
        }
        let head = ids.iter().position(|id| *id == start).unwrap();
        prop_assert_eq!(&ids[head..], &(start..start + ids.len() - head).collect::<Vec<_>>()[..]);
        if log.has_video(self.session_start, start + 1) && !silence {
            let main = |w: &What| matches!(w, What::Key | What::Inter | What::Header(Kind::Video, 0));
            let lead_is_0 = log.pushed[self.session_start..=start].iter().any(main);
            let expected = if lead_is_0 { What::Key } else { What::OtherTrackKey };
            prop_assert_eq!(log.pushed[start], expected, "a start at {} of {:?}", start, ids);
        }
        let since = delivered.unwrap_or(0);
        prop_assert!(start >= since, "{ids:?} goes back behind {since}");
        // A header that is itself the place to start at makes the one before it stale.
        let own_slot = log.pushed[start].is_header().then(|| log.pushed[start].slot());
        let known = log.headers(self.session_start, start).into_iter();
        let mut expected: Vec<usize> =
            known.filter(|(slot, i)| *i >= since && Some(*slot) != own_slot).map(|(_, i)| i).collect();
        let mut sent = ids[..head].to_vec();
        sent.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(sent, expected, "headers before {} for one who has all before {}", start, since);
        if let Some(at) = delivered {
            self.skipped += (start - at) as u64;
        }
        self.at = Some(ids[ids.len() - 1] + 1);
        Ok(())
    }
}

fn run(limits: Limits, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let streams = Streams::default();
    let publish = || streams.publish(name(), limits).unwrap();
    let mut publisher: Option<Publisher> = Some(publish());
    let mut log = Log::default();
    let mut players: Vec<Player> = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let _guard = runtime.enter();
    // Once the picture was silent for longer than the limit, starts without a key frame are right.
    let mut silence = false;
    let mut last_video = tokio::time::Instant::now();
    for step in steps {
        match step {
            Step::Push(what, size) => {
                let id = log.pushed.len();
                log.pushed.push(what);
                silence |= last_video.elapsed() > limits.time;
                if matches!(what, What::Key | What::Inter) {
                    last_video = tokio::time::Instant::now();
                }
                let publisher = publisher.as_mut().unwrap();
                publisher.push(what.frame(id as u64, size)).unwrap();
            }
            Step::Pass(ms) => runtime.block_on(tokio::time::advance(Duration::from_millis(ms))),
            Step::Join => players.push(Player {
                subscriber: streams.subscribe(name()).unwrap(),
                session_start: log.session_start,
                at: (log.session_start == log.pushed.len()).then_some(log.session_start),
                skipped: 0,
                jumps: 0,
                joined_live: true,
            }),
            Step::Read(index) if !players.is_empty() => index.get_mut(&mut players).read(&log, silence)?,
            Step::Leave(index) if !players.is_empty() => {
                let index = index.index(players.len());
                players.remove(index);
            }
            Step::Read(_) | Step::Leave(_) => {}
            Step::Restart => {
                // Let nobody sleep through the change: that is another test's subject.
                for player in &mut players {
                    player.read(&log, silence)?;
                }
                drop(publisher.take());
                log.session_start = log.pushed.len();
                publisher = Some(publish());
                for player in &mut players {
                    player.read(&log, silence)?;
                }
                silence = false;
                last_video = tokio::time::Instant::now();
            }
        }
        let held = &streams.list()[0];
        prop_assert!(held.frames <= limits.frames.max(1), "{held:?}");
        prop_assert!(held.bytes <= limits.bytes || held.frames == 1, "{held:?}");
    }
    for player in &mut players {
        player.read(&log, silence)?;
        let ring = streams.list()[0].frames;
        if !player.joined_live && ring > 0 {
            prop_assert!(player.at.is_some());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// No frame comes twice, none out of order, a jump lands on a key frame behind the headers that changed, and the ring
    /// never holds more than it may.
    #[test]
    fn any_course_of_events_follows_the_rules(limits in limits(), steps in prop::collection::vec(step(), 1..300)) {
        run(limits, steps)?;
    }

    /// Who reads after every push gets every frame, however small the ring.
    #[test]
    fn who_reads_at_once_gets_everything(limits in limits(), whats in prop::collection::vec(step(), 1..200)) {
        let streams = Streams::default();
        let mut player = streams.subscribe(name()).unwrap();
        let mut publisher = streams.publish(name(), limits).unwrap();
        prop_assert_eq!(drain(&mut player), (vec![], vec![Event::Started]));
        let mut id = 0;
        for step in whats {
            if let Step::Push(what, size) = step {
                publisher.push(what.frame(id, size)).unwrap();
                prop_assert_eq!(drain(&mut player), (vec![id], vec![]));
                id += 1;
            }
        }
        prop_assert_eq!(player.jumps(), 0);
    }
}
