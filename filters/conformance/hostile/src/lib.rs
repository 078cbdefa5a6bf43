//! A media filter that misbehaves: `{ deed = "loop", hook = "frame", after = 10, stream = "live/bad" }`.

use std::cell::Cell;

use deeds::Deed;
use guest_sdk::{
    Attributes, Boundary, Config, Description, EndReason, Fault, Frame, FrameMeta, Interest, MediaFilter, Metadata,
    SavedState, Scalar, StreamInfo, Subscription, TrackInfo, Verdict, clock, output,
};
use serde::Deserialize;

/// When to do what.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    deed: Act,
    #[serde(default)]
    hook: Hook,
    /// This many calls of the hook are well-behaved.
    #[serde(default)]
    after: u64,
    /// Only for the stream of this name, `app/name`.
    stream: Option<String>,
    /// Only for the viewer with this argument `viewer` in its play.
    viewer: Option<String>,
    /// Only for the viewer whose play has this tag `plan`.
    plan: Option<String>,
    /// Not before this time, in milliseconds since 1970.
    #[serde(default)]
    since_ms: u64,
    /// It may take over and begin at key frames only.
    #[serde(default)]
    at_key: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Act {
    Deed(Deed),
    Media(MediaDeed),
}

/// What only a media filter can do.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MediaDeed {
    /// Emits frames until the budget is used up, then comes back.
    EmitFlood,
    /// Keeps packets until the budget is used up.
    RetainFlood,
    /// Removes a unit that is not there.
    BadIndex,
    /// Puts a payload of 32 MiB in place of the frame.
    HugeReplace,
    /// Puts a million units into the frame.
    UnitFlood,
    /// Emits frames without a byte, of codecs that nobody knows, and of one that the track does not have.
    AlienFrame,
    /// Sends metadata of numbers that are none and dates before all time.
    OddMetadata,
    /// Answers `edited` after an emission whose time goes back, which the host refuses.
    OutOfOrder,
    /// Asks for the frame in hand where there is none.
    NoFrame,
    /// Returns a fault where the hook can.
    Fault,
    /// Sends a packet that was kept in a call of another stream.
    Smuggle,
    /// Lets such a packet go, which is nobody's harm.
    Bury,
}

#[derive(Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Hook {
    Configure,
    Open,
    Subscribe,
    #[default]
    Frame,
    Header,
    Metadata,
    Tick,
    Flush,
    Snapshot,
    End,
}

thread_local! {
    /// What streams that share the instance can all see.
    static LEFT: Cell<Option<output::Packet>> = const { Cell::new(None) };
}

/// Misbehaves when its time has come.
pub struct Hostile {
    settings: Settings,
    guilty: bool,
    calls: u64,
    kept: Vec<output::Packet>,
}

impl Settings {
    fn is_time(&self) -> bool {
        self.since_ms == 0 || clock::unix_ms() >= self.since_ms
    }
}

impl Hostile {
    fn due(&mut self, hook: Hook) -> bool {
        if !self.guilty || self.settings.hook != hook {
            return false;
        }
        self.calls += 1;
        self.calls > self.settings.after && self.settings.is_time()
    }

    fn act(&mut self, hook: Hook, mut hand: Option<(&FrameMeta, &mut Frame<'_>)>) -> Result<Option<Verdict>, Fault> {
        if !self.due(hook) {
            return Ok(None);
        }
        match self.settings.deed {
            Act::Deed(deed) => deed.perform(),
            Act::Media(MediaDeed::Fault) => return Err(Fault::Internal("told to fail".into())),
            Act::Media(MediaDeed::NoFrame) => drop(guest_sdk::bindings::weir::filter::frame::units()),
            Act::Media(deed) => {
                if let Some((meta, frame)) = hand.as_mut() {
                    return Ok(Some(self.spoil(deed, meta, frame)));
                }
            }
        }
        Ok(None)
    }

    /// What other streams leave for the guilty one.
    fn leave(&self, frame: &Frame<'_>) {
        if let (false, Act::Media(MediaDeed::Smuggle | MediaDeed::Bury)) = (self.guilty, self.settings.deed) {
            LEFT.with(|left| left.replace(Some(frame.retain())));
        }
    }

    fn spoil(&mut self, deed: MediaDeed, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        match deed {
            MediaDeed::EmitFlood => {
                let packet = frame.retain();
                while output::emit_after(*meta, &packet).is_ok() {}
                Verdict::Pass
            }
            MediaDeed::RetainFlood => loop {
                self.kept.push(frame.retain());
            },
            MediaDeed::BadIndex => {
                frame.remove_unit(10_000);
                Verdict::Edited
            }
            MediaDeed::HugeReplace => {
                frame.replace(&vec![0; 32 << 20]);
                Verdict::Edited
            }
            MediaDeed::UnitFlood => {
                for _ in 0..1_000_000 {
                    frame.insert_unit(0, &[6]);
                }
                Verdict::Edited
            }
            MediaDeed::AlienFrame => {
                let (nothing, some) = (output::Packet::new(&[]), output::Packet::new(&[0xff; 9]));
                for codec in [meta.codec, 0, u32::MAX, u32::from_be_bytes(*b"hvc1")] {
                    for packet in [&nothing, &some] {
                        let _ = output::emit_before(FrameMeta { codec, size: u32::MAX, ..*meta }, packet);
                    }
                }
                Verdict::Pass
            }
            MediaDeed::OddMetadata => {
                let numbers = [f64::NAN, f64::INFINITY, -0.0, 1e300];
                let of = |(i, n): (usize, &f64)| {
                    [(format!("n{i}"), Scalar::Number(*n)), (format!("d{i}"), Scalar::Date(-*n))]
                };
                let fields = numbers.iter().enumerate().flat_map(of).chain([
                    (String::new(), Scalar::Null),
                    ("a.b..c".into(), Scalar::Text("\0".repeat(700))),
                    ("a".into(), Scalar::Bool(true)),
                ]);
                let _ = output::set_metadata(&Metadata { name: "on\0Meta".into(), fields: fields.collect() });
                Verdict::Pass
            }
            MediaDeed::OutOfOrder => {
                let packet = frame.retain();
                let back = FrameMeta { dts: meta.dts - 10_000_000, pts: meta.pts - 10_000_000, ..*meta };
                if output::emit_before(back, &packet).is_ok() { Verdict::Drop } else { Verdict::Pass }
            }
            MediaDeed::Smuggle => {
                if let Some(packet) = LEFT.take() {
                    let _ = output::emit_before(*meta, &packet);
                }
                Verdict::Pass
            }
            MediaDeed::Bury => {
                drop(LEFT.take());
                Verdict::Pass
            }
            MediaDeed::NoFrame | MediaDeed::Fault => Verdict::Pass,
        }
    }
}

impl MediaFilter for Hostile {
    type Settings = Settings;

    fn describe() -> Description {
        Description::new("hostile", env!("CARGO_PKG_VERSION"), "Misbehaves as told.").with_state_schema(1)
    }

    fn configure(config: Config) -> Result<Settings, Fault> {
        let settings: Settings = config.parse()?;
        if !settings.is_time() {
            return Ok(settings);
        }
        match (settings.hook, settings.deed) {
            (Hook::Configure, Act::Deed(deed)) => deed.perform(),
            (Hook::Configure, Act::Media(_)) => return Err(Fault::InvalidConfig("deed: told to fail".into())),
            _ => {}
        }
        Ok(settings)
    }

    fn open(settings: &Settings, stream: StreamInfo, _: Option<SavedState>) -> Result<Hostile, Fault> {
        let viewer = stream.viewer.as_ref();
        let says = |list: Option<&Attributes>, name: &str, value: &String| {
            list.is_some_and(|list| list.iter().any(|(n, v)| n == name && v == value))
        };
        let watched_by = |who: &String| says(viewer.map(|v| &v.key.query), "viewer", who);
        let paid_for = |plan: &String| says(viewer.map(|v| &v.tags), "plan", plan);
        let guilty = settings.stream.as_ref().is_none_or(|s| *s == stream.key.path())
            && settings.viewer.as_ref().is_none_or(watched_by)
            && settings.plan.as_ref().is_none_or(paid_for);
        let mut filter = Hostile { settings: settings.clone(), guilty, calls: 0, kept: Vec::new() };
        filter.act(Hook::Open, None)?;
        Ok(filter)
    }

    fn subscribe(&self) -> Subscription {
        if let (true, Hook::Subscribe, Act::Deed(deed)) = (self.guilty, self.settings.hook, self.settings.deed) {
            deed.perform();
        }
        let mut wanted = Subscription::to([Interest::any()]).with_headers().with_metadata().tick_ms(100);
        if self.settings.at_key {
            wanted.swap_at = Boundary::Keyframe;
        }
        wanted
    }

    fn on_header(&mut self, _: &TrackInfo, _: &[u8], _: &mut Frame<'_>) -> Result<Verdict, Fault> {
        Ok(self.act(Hook::Header, None)?.unwrap_or(Verdict::Pass))
    }

    fn on_metadata(&mut self, _: Metadata) -> Result<Verdict, Fault> {
        Ok(self.act(Hook::Metadata, None)?.unwrap_or(Verdict::Pass))
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        self.leave(frame);
        self.act(Hook::Frame, Some((meta, frame))).ok().flatten().unwrap_or(Verdict::Pass)
    }

    fn on_tick(&mut self, _: i64) {
        let _ = self.act(Hook::Tick, None);
    }

    fn flush(&mut self) {
        let _ = self.act(Hook::Flush, None);
    }

    fn snapshot(&self) -> Option<SavedState> {
        if let (true, Hook::Snapshot, Act::Deed(deed)) = (self.guilty, self.settings.hook, self.settings.deed) {
            deed.perform();
        }
        Some(SavedState { schema: 1, data: Vec::new() })
    }

    fn end(mut self, _: EndReason) {
        let _ = self.act(Hook::End, None);
    }
}

guest_sdk::export_media!(Hostile);
