//! How a filter goes over to another generation: what the operator writes under `swap`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::cache::hex;
use crate::counters::Latency;
use crate::generation::Identity;
use crate::session::StreamKey;

/// How a filter goes over to another generation. Changing it makes no generation of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Swap {
    /// Which streams go over. Default: all.
    pub rollout: Rollout,
    /// The generation to run, whatever the file holds; none: the file's. Default none.
    pub pin: Option<Pin>,
    /// Generations that ran well and stay loaded, for the way back. At least 1. Default 2.
    pub keep: usize,
    /// How long (in stream time; for sessions the clock's) the generation before stays at hand behind a swap, so that one that fails
    /// is left at once. Zero: it is let go at once. Default 10 s.
    pub probation: Duration,
    /// A generation whose 99th percentile of call times is more than so many times that of the one before (and its median longer
    /// too) is left. Default 3.
    pub slower: f64,
    /// But not while that percentile is below this. Default 1 ms.
    pub slower_floor: Duration,
    /// So many streams (for sessions: requests) that a generation was left on make it bad: all are brought back. Default 1.
    pub bad_after: u32,
    /// What a new instance is shown before it takes over.
    pub warm_up: WarmUp,
    /// How long a generation runs beside the one before on copies of live frames. Default: not at all.
    pub shadow: Shadow,
    /// Streams that are copied for it. Default 2.
    pub shadow_streams: usize,
    /// The share of frames, 0 to 1, on which both may differ. Default 0.
    pub shadow_differs: f64,
}

impl Default for Swap {
    fn default() -> Swap {
        Swap {
            rollout: Rollout::All,
            pin: None,
            keep: 2,
            probation: Duration::from_secs(10),
            slower: 3.0,
            slower_floor: Duration::from_millis(1),
            bad_after: 1,
            warm_up: WarmUp::default(),
            shadow: Shadow::Off,
            shadow_streams: 2,
            shadow_differs: 0.0,
        }
    }
}

/// Of fewer calls the 99th percentile says nothing.
pub(crate) const LEAST_CALLS: u64 = 300;

impl Swap {
    /// Whether calls take much longer than they did, in words. The median has to be longer too: a busy machine, which stops a thread
    /// in the middle of a call now and then, is not to be taken for a slow filter.
    pub(crate) fn slow(&self, was: Latency, is: Latency) -> Option<String> {
        let enough = was.calls >= LEAST_CALLS && is.calls >= LEAST_CALLS;
        let floor = u64::try_from(self.slower_floor.as_nanos()).unwrap_or(u64::MAX);
        let slow =
            enough && is.p99_ns > floor && is.p50_ns > was.p50_ns && is.p99_ns as f64 > was.p99_ns as f64 * self.slower;
        let us = |ns: u64| ns / 1000;
        slow.then(|| format!("slow: 99 of 100 calls within {} us, before {} us", us(is.p99_ns), us(was.p99_ns)))
    }
}

/// Frames that a new instance is shown, flagged `warm-up`, before it takes a stream over: from a key frame on, if it asks for frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarmUp {
    /// At most so many; 0: it takes over cold, at the first boundary. Default 300.
    pub frames: usize,
    /// At most so many bytes of them. Default 16 MiB.
    pub bytes: usize,
    /// A stream does not wait longer for its key frame, in stream time. Default 5 s.
    pub time: Duration,
}

impl Default for WarmUp {
    fn default() -> WarmUp {
        WarmUp { frames: 300, bytes: 16 << 20, time: Duration::from_secs(5) }
    }
}

/// Which streams go over to a new generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rollout {
    /// All of them.
    #[default]
    All,
    /// Those that begin from now on; what runs goes on as it is.
    New,
    /// So many of a hundred, by a hash of the stream's name: the same ones each time. The others stay where they are.
    Percent(u8),
}

impl Rollout {
    /// Whether a stream of this name is among those that go over. The hash is the same in every process.
    pub(crate) fn covers(self, key: &StreamKey) -> bool {
        let Rollout::Percent(percent) = self else { return true };
        // FNV-1a: what is asked of it is that it spreads names and never changes.
        let bytes = key.app.bytes().chain([b'/']).chain(key.name.bytes());
        let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        // Its low bits follow the last byte too closely.
        hash ^= hash >> 32;
        hash % 100 < u64::from(percent)
    }
}

impl FromStr for Rollout {
    type Err = ();
    fn from_str(text: &str) -> Result<Rollout, ()> {
        match text {
            "all" => Ok(Rollout::All),
            "new" => Ok(Rollout::New),
            _ => {
                let percent = text.strip_suffix('%').and_then(|n| n.trim_end().parse::<u8>().ok());
                percent.filter(|n| *n <= 100).map(Rollout::Percent).ok_or(())
            }
        }
    }
}

impl fmt::Display for Rollout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rollout::All => f.write_str("all"),
            Rollout::New => f.write_str("new"),
            Rollout::Percent(n) => write!(f, "{n}%"),
        }
    }
}

/// A generation by the beginning of its digest, as the log names it behind the `@`: `1a2b3c4d`, or with its settings `1a2b3c4d.5e6f7a8b`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    pub(crate) fn holds(&self, identity: &Identity) -> bool {
        let (bytes, settings) = self.0.split_once('.').unwrap_or((&self.0, ""));
        hex(&identity.bytes).starts_with(bytes) && hex(&identity.settings).starts_with(settings)
    }
}

impl FromStr for Pin {
    type Err = ();
    fn from_str(text: &str) -> Result<Pin, ()> {
        let text = text.to_ascii_lowercase();
        let (bytes, settings) = text.split_once('.').unwrap_or((&text, "0000"));
        let fine = |digits: &str| (4..=64).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
        if fine(bytes) && fine(settings) { Ok(Pin(text)) } else { Err(()) }
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How long a new generation runs on copies before it takes anything over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shadow {
    /// Not at all.
    #[default]
    Off,
    /// So long.
    Time(Duration),
    /// So many frames, of all copied streams together.
    Frames(u64),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> StreamKey {
        StreamKey { app: "live".into(), name: name.into(), query: vec![] }
    }

    #[test]
    fn a_percentage_takes_its_share_and_always_the_same_streams() {
        let names: Vec<_> = (0..10_000).map(|n| key(&format!("cam{n}"))).collect();
        for percent in [0, 1, 25, 50, 100] {
            let covered = names.iter().filter(|name| Rollout::Percent(percent).covers(name)).count();
            let expected = usize::from(percent) * 100;
            assert!(covered.abs_diff(expected) <= 200, "{percent}%: {covered}");
        }
        assert!(names.iter().all(|n| !Rollout::Percent(25).covers(n) || Rollout::Percent(26).covers(n)));
        let query = StreamKey { query: vec![("token".into(), "x".into())], ..key("cam7") };
        assert_eq!(Rollout::Percent(50).covers(&query), Rollout::Percent(50).covers(&key("cam7")));
        assert!(Rollout::All.covers(&key("x")) && Rollout::New.covers(&key("x")));
    }

    #[test]
    fn rollouts_and_pins_are_read() {
        for (text, rollout) in [("all", Rollout::All), ("new", Rollout::New), ("25%", Rollout::Percent(25))] {
            assert_eq!((text.parse(), rollout.to_string().as_str()), (Ok(rollout), text));
        }
        for bad in ["", "25", "101%", "-1%", "some", "%"] {
            assert_eq!(bad.parse::<Rollout>(), Err(()), "{bad}");
        }
        let identity = Identity { bytes: [0x1a; 32], settings: [0x5e; 32] };
        for (text, holds) in [("1A1a", true), ("1a1a1a1a.5e5e", true), ("1a1b", false), ("1a1a.5e5f", false)] {
            assert_eq!(text.parse::<Pin>().unwrap().holds(&identity), holds, "{text}");
        }
        for bad in ["1a1", "xyzw", "1a1a.", "1a1a.5", ""] {
            assert_eq!(bad.parse::<Pin>(), Err(()), "{bad}");
        }
    }
}
