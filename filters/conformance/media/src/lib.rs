//! A media filter that does one thing, by its configuration: `{ mode = "hold", frames = 3 }`. The modes together use every
//! function of the contract that needs no grant.

mod mode;
mod report;

use guest_sdk::output::{self, Packet};
use guest_sdk::{
    Boundary, Config, Description, EndReason, Fault, Frame, FrameFlags, FrameMeta, Interest, MediaFilter, MediaKind,
    Metadata, SavedState, Scalar, StreamInfo, Subscription, TrackInfo, Verdict, log, metrics,
};

use crate::mode::{Mode, Place, Settings};

/// Does what its mode says.
pub struct Conformance {
    settings: Settings,
    /// Frames seen; handed on by `snapshot`.
    frames: u64,
    held: u32,
    kept: Option<(FrameMeta, Packet)>,
    /// The track that it added.
    added: Option<u16>,
    /// What it marks pictures with.
    mark: Vec<u8>,
}

const SCHEMA: u32 = 1;

impl Conformance {
    fn unit(&self, unit_type: u8, frame: &mut Frame<'_>, act: impl Fn(&mut Frame<'_>, usize)) -> Verdict {
        let units = frame.units();
        let found: Vec<_> =
            units.iter().enumerate().filter(|(_, u)| u.unit_type == unit_type).map(|(i, _)| i).collect();
        for index in &found {
            act(frame, *index);
        }
        if found.is_empty() { Verdict::Pass } else { Verdict::Edited }
    }

    fn emit(&mut self, place: Place, data: Option<&str>, meta: &FrameMeta, frame: &Frame<'_>) {
        let packet = data.map_or_else(|| frame.retain(), |d| Packet::new(d.as_bytes()));
        let result = match place {
            Place::Before => output::emit_before(*meta, &packet),
            Place::After => output::emit_after(*meta, &packet),
        };
        if let Err(e) = result {
            log::warn(&format!("not emitted: {e:?}"));
        }
    }

    fn say(&self, name: &str, fields: &[(&str, f64)]) {
        let fields = fields.iter().map(|(k, v)| (k.to_string(), Scalar::Number(*v))).collect();
        if let Err(e) = output::set_metadata(&Metadata { name: name.into(), fields }) {
            log::warn(&format!("not said: {e:?}"));
        }
    }
}

impl MediaFilter for Conformance {
    type Settings = Settings;

    fn describe() -> Description {
        Description::new("conformance", env!("CARGO_PKG_VERSION"), "Does one thing, by its mode.")
            .with_state_schema(SCHEMA)
    }

    fn configure(config: Config) -> Result<Settings, Fault> {
        config.parse()
    }

    fn open(settings: &Settings, stream: StreamInfo, resume: Option<SavedState>) -> Result<Conformance, Fault> {
        if let Mode::Unsupported = settings.mode {
            return Err(Fault::Unsupported(format!("told not to handle {}", stream.key.path())));
        }
        let frames = match resume {
            None => 0,
            Some(state) if state.schema == SCHEMA => match <[u8; 8]>::try_from(state.data.as_slice()) {
                Ok(bytes) => u64::from_be_bytes(bytes),
                Err(_) => return Err(Fault::IncompatibleState),
            },
            Some(_) => return Err(Fault::IncompatibleState),
        };
        if settings.log_streams {
            let tags: Vec<_> = stream.tags.iter().map(|(k, v)| format!("{k}={v}")).collect();
            let (attempt, frames) = (stream.attempt.to_string(), frames.to_string());
            let fields =
                [("stream", stream.key.path()), ("tags", tags.join(",")), ("attempt", attempt), ("resumed_at", frames)];
            let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            log::write(log::Level::Info, "open", &fields);
        }
        let mark = match &settings.mode {
            Mode::MarkViewer { text } => mark(&stream, text),
            _ => Vec::new(),
        };
        Ok(Conformance { settings: settings.clone(), frames, held: 0, kept: None, added: None, mark })
    }

    fn subscribe(&self) -> Subscription {
        let interest = match &self.settings.interest {
            None => Interest::any(),
            Some(i) => Interest {
                kinds: i.kinds.iter().map(|k| MediaKind::from(*k)).collect(),
                codecs: i.codecs.iter().map(|c| mode::codec(c)).collect(),
                only_keyframes: i.only_keyframes,
                unit_types: i.unit_types.iter().fold(0, |bits, t| bits | 1 << (t & 63)),
            },
        };
        let mut subscription = Subscription::to([interest]).with_headers().with_metadata();
        subscription.swap_at = match self.settings.swap_at {
            mode::SwapAt::AnyFrame => Boundary::AnyFrame,
            mode::SwapAt::Keyframe => Boundary::Keyframe,
            mode::SwapAt::Header => Boundary::Header,
        };
        match self.settings.mode {
            Mode::Hold { frames, .. } => subscription.hold(frames),
            Mode::Tick { ms } => subscription.tick_ms(ms),
            _ => subscription,
        }
    }

    fn on_header(&mut self, track: &TrackInfo, record: &[u8], frame: &mut Frame<'_>) -> Result<Verdict, Fault> {
        match &self.settings.mode {
            Mode::EditHeader { append } => {
                let mut record = record.to_vec();
                record.extend_from_slice(append.as_bytes());
                frame.replace(&record);
                Ok(Verdict::Edited)
            }
            Mode::AddTrack if track.kind == MediaKind::Audio => {
                match output::add_track(&TrackInfo { id: 0, ..track.clone() }, Some(&frame.retain())) {
                    Ok(id) => self.added = Some(id),
                    Err(e) => log::warn(&format!("not added: {e:?}")),
                }
                Ok(Verdict::Pass)
            }
            Mode::DropHeader => Ok(Verdict::Drop),
            Mode::FaultHeader => Err(Fault::Internal("told to fail".into())),
            Mode::Report => {
                report::track(track, record);
                Ok(Verdict::Pass)
            }
            _ => Ok(Verdict::Pass),
        }
    }

    fn on_metadata(&mut self, metadata: Metadata) -> Result<Verdict, Fault> {
        match &self.settings.mode {
            Mode::EditMetadata { field, text } => {
                let mut metadata = metadata;
                metadata.fields.push((field.clone(), Scalar::Text(text.clone())));
                output::set_metadata(&metadata).map_err(|e| Fault::Internal(format!("{e:?}")))?;
                Ok(Verdict::Edited)
            }
            Mode::DropMetadata => Ok(Verdict::Drop),
            Mode::Report => {
                report::metadata(&metadata);
                Ok(Verdict::Pass)
            }
            Mode::Ungranted => {
                report::ungranted();
                Ok(Verdict::Pass)
            }
            _ => Ok(Verdict::Pass),
        }
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        if !meta.flags.contains(FrameFlags::WARM_UP) {
            self.frames += 1;
        }
        match self.settings.mode.clone() {
            Mode::Drop { every } => {
                if self.frames.is_multiple_of(every.max(1)) {
                    Verdict::Drop
                } else {
                    Verdict::Pass
                }
            }
            Mode::Hold { frames, drop } => {
                if self.held == frames {
                    if drop {
                        output::drop_held(self.held)
                    } else {
                        output::release_held(self.held)
                    }
                    self.held = 0;
                }
                self.held += 1;
                Verdict::Hold
            }
            Mode::AddTrack => {
                if let (MediaKind::Audio, Some(track)) = (meta.kind, self.added)
                    && let Err(e) = output::emit_after(FrameMeta { track, ..*meta }, &frame.retain())
                {
                    log::warn(&format!("not emitted: {e:?}"));
                }
                Verdict::Pass
            }
            Mode::Emit { place, data } => {
                self.emit(place, data.as_deref(), meta, frame);
                Verdict::Pass
            }
            Mode::Delay => {
                // The frame before this one goes on in its place, from the packet kept.
                let packet = frame.retain();
                if let Some((was, kept)) = self.kept.replace((*meta, packet))
                    && output::emit_before(FrameMeta { dts: meta.dts, pts: meta.pts, ..was }, &kept).is_err()
                {
                    log::warn("not emitted");
                }
                Verdict::Drop
            }
            Mode::Retime { offset_us } => {
                frame.retime(meta.dts + offset_us, meta.pts + offset_us);
                Verdict::Edited
            }
            Mode::Replace { append } => {
                let mut payload = frame.payload();
                payload.extend_from_slice(append.as_bytes());
                frame.replace(&payload);
                Verdict::Edited
            }
            Mode::EditThenPass { append } => {
                frame.replace(append.as_bytes());
                Verdict::Pass
            }
            Mode::RemoveUnit { unit_type } => self.unit(unit_type, frame, |f, i| f.remove_unit(i)),
            Mode::RemoveUnitOf { unit_type } => {
                let mut verdict = Verdict::Pass;
                for index in frame.units_of(1 << (unit_type & 63)) {
                    frame.remove_unit(index);
                    verdict = Verdict::Edited;
                }
                verdict
            }
            Mode::ReplaceUnit { unit_type, with } => self.unit(unit_type, frame, |f, i| f.replace_unit(i, &with)),
            Mode::InsertUnit { unit, at_end } => {
                let at = if at_end { frame.units().len() } else { 0 };
                frame.insert_unit(at, &unit);
                Verdict::Edited
            }
            Mode::MarkViewer { .. } => {
                if meta.codec != guest_sdk::fourcc(b"avc1") || frame.units().is_empty() {
                    return Verdict::Pass;
                }
                frame.insert_unit(0, &self.mark);
                Verdict::Edited
            }
            Mode::Count => {
                if meta.is_key() {
                    self.say("onCount", &[("frames", self.frames as f64)]);
                }
                Verdict::Pass
            }
            Mode::Report => {
                report::frame(meta, frame);
                Verdict::Pass
            }
            _ => Verdict::Pass,
        }
    }

    fn on_tick(&mut self, now: i64) {
        metrics::add("ticks", 1);
        metrics::set("stream_time_us", now as f64);
        self.say("onTick", &[("now_us", now as f64)]);
    }

    fn flush(&mut self) {
        if let Some((meta, packet)) = self.kept.take() {
            let _ = output::emit_after(meta, &packet);
        }
        if self.held > 0 && matches!(self.settings.mode, Mode::Hold { drop: true, .. }) {
            output::drop_held(self.held);
        }
        metrics::observe("frames_per_stream", self.frames as f64);
    }

    fn snapshot(&self) -> Option<SavedState> {
        let schema = self.settings.state_schema.unwrap_or(SCHEMA);
        Some(SavedState { schema, data: self.frames.to_be_bytes().into() })
    }

    fn end(self, reason: EndReason) {
        if self.settings.log_streams {
            let (frames, reason) = (self.frames.to_string(), format!("{reason:?}"));
            log::write(log::Level::Info, "end", &[("frames", &frames), ("reason", &reason)]);
        }
    }
}

/// An SEI message of user data (ITU-T H.264 D.1.7): a UUID, and text that says for whom it works.
fn mark(stream: &StreamInfo, text: &str) -> Vec<u8> {
    let said = match &stream.viewer {
        None => "nobody".to_owned(),
        Some(viewer) => {
            let asked = viewer.key.query.iter().find(|(name, _)| name == "viewer").map_or("", |(_, who)| who);
            let tags: Vec<_> = viewer.tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("viewer {asked} at {} with {}", viewer.conn.peer_ip, tags.join(","))
        }
    };
    let said = format!("{said}; {text}");
    let mut unit = vec![0x06, 0x05, u8::try_from(16 + said.len()).unwrap_or(16)];
    unit.extend_from_slice(b"weir-conformance");
    unit.extend_from_slice(said.as_bytes());
    unit.push(0x80);
    unit
}

guest_sdk::export_media!(Conformance);
