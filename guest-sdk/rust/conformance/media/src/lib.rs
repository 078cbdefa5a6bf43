//! Does what its setting `do` names: the media filter of the conformance suite in `tests/languages`.

use guest_sdk::kv::KvError;
use guest_sdk::output::{self, Derived, OutputError, Packet, Pressure};
use guest_sdk::{
    Config, Description, EndReason, Fault, Frame, FrameFlags, FrameMeta, Interest, MediaFilter, MediaKind, Metadata,
    SavedState, Scalar, StreamInfo, Subscription, TrackInfo, Verdict, ViewerInfo, clock, entropy, fourcc, kv, log, metrics, secret,
};
use serde::Deserialize;

const BUCKET: &str = "conformance";
const SEI: u8 = 6;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(rename = "do")]
    deed: Deed,
    #[serde(default)]
    text: String,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Deed {
    Pass,
    Drop,
    Interest,
    RemoveUnit,
    RemoveUnits,
    UnitsOf,
    InsertUnit,
    ReplaceUnit,
    Replace,
    EditThenPass,
    Hold,
    DropHeld,
    Emit,
    Delay,
    Retime,
    Header,
    HeaderFault,
    Metadata,
    MetadataDrop,
    Tick,
    Count,
    Say,
    Report,
    Refused,
    Kv,
    Entropy,
    Derive,
    AddTrack,
    Trap,
    Unsupported,
}

struct Conformance {
    settings: Settings,
    stream: StreamInfo,
    seen: u64,
    held: u32,
    kept: Option<(FrameMeta, Packet)>,
    derived: Option<Derived>,
    added: Option<u16>,
}

fn say(name: &str, fields: &[(&str, String)]) {
    let fields = fields.iter().map(|(k, v)| (k.to_string(), Scalar::Text(v.clone()))).collect();
    output::set_metadata(&Metadata { name: name.into(), fields }).unwrap();
}

fn pairs(attributes: &[(String, String)]) -> String {
    attributes.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",")
}

fn viewer(of: Option<&ViewerInfo>) -> String {
    of.map_or("none".into(), |v| {
        let (ip, path) = (&v.conn.peer_ip, v.key.path());
        format!("{} {ip} {path} {} {}", v.id, pairs(&v.key.query), pairs(&v.tags))
    })
}

fn kind(kind: MediaKind) -> String {
    format!("{kind:?}").rsplit("::").next().unwrap().to_lowercase()
}

fn answer<T>(answer: Result<T, OutputError>) -> String {
    let tag = match answer {
        Ok(_) => "ok",
        Err(OutputError::Denied) => "denied",
        Err(OutputError::NoSuchTrack) => "no-such-track",
        Err(OutputError::NameTaken) => "name-taken",
        Err(OutputError::Full) => "full",
        Err(OutputError::OutOfOrder) => "out-of-order",
        Err(OutputError::Closed) => "closed",
    };
    tag.into()
}

fn kv_answer<T>(answer: Result<T, KvError>) -> String {
    let tag = match answer {
        Ok(_) => "ok",
        Err(KvError::NoSuchBucket) => "no-such-bucket",
        Err(KvError::Denied) => "denied",
        Err(KvError::TooLarge) => "too-large",
        Err(KvError::Conflict) => "conflict",
        Err(KvError::Unavailable(_)) => "unavailable",
    };
    tag.into()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn use_kv() -> Result<(), KvError> {
    let first = kv::set(BUCKET, "k", b"one", None)?;
    let got = kv::get(BUCKET, "k")?.unwrap();
    kv::compare_and_set(BUCKET, "k", Some(first), b"two", Some(60_000))?;
    let conflict = kv_answer(kv::compare_and_set(BUCKET, "k", None, b"three", None));
    let two = text(&kv::get(BUCKET, "k")?.unwrap().value);
    let sum = kv::add(BUCKET, "n", 5, None)? + kv::add(BUCKET, "n", -2, None)?;
    kv::delete(BUCKET, "k")?;
    let gone = kv::get(BUCKET, "k")?.is_none().to_string();
    let other = kv_answer(kv::get("other", "k"));
    let same = (got.version == first).to_string();
    let (got, sum) = (text(&got.value), sum.to_string());
    let fields = [
        ("got", got),
        ("same", same),
        ("two", two),
        ("conflict", conflict),
        ("sum", sum),
        ("gone", gone),
        ("other", other),
    ];
    say("onKv", &fields);
    Ok(())
}

impl Conformance {
    fn report(&self, meta: &FrameMeta, frame: &Frame<'_>) {
        if self.seen == 1 {
            let s = &self.stream;
            let started = clock::monotonic_ns();
            say(
                "onStream",
                &[
                    ("stream", s.key.path()),
                    ("query", pairs(&s.key.query)),
                    ("ip", s.publisher.peer_ip.clone()),
                    ("agent", s.publisher.agent.clone()),
                    ("tags", pairs(&s.tags)),
                    ("viewer", viewer(s.viewer.as_ref())),
                    ("attempt", s.attempt.to_string()),
                    ("text", self.settings.text.clone()),
                    ("secret", secret("key").unwrap_or_default()),
                    ("none", secret("none").is_none().to_string()),
                    ("unix_ms", clock::unix_ms().to_string()),
                    ("onward", (clock::monotonic_ns() >= started).to_string()),
                ],
            );
        }
        let packet = Packet::new(b"packet");
        let reference = |r| if r { "r" } else { "" };
        let units: Vec<_> = frame
            .units()
            .iter()
            .map(|u| format!("{}:{}+{}{}", u.unit_type, u.offset, u.size, reference(u.reference)))
            .collect();
        let head: Vec<_> = frame.read(0, 4).iter().map(u8::to_string).collect();
        say(
            "onFrame",
            &[
                ("track", meta.track.to_string()),
                ("kind", kind(meta.kind)),
                ("codec", meta.codec.to_string()),
                ("key", meta.is_key().to_string()),
                ("dts", meta.dts.to_string()),
                ("pts", meta.pts.to_string()),
                ("size", meta.size.to_string()),
                ("sei", meta.has_unit(SEI).to_string()),
                ("seq", meta.seq.to_string()),
                ("gop", meta.gop.to_string()),
                ("units", units.join(" ")),
                ("head", head.join(".")),
                ("packet", format!("{} {} {}", packet.size(), text(&packet.read(2, 3)), text(&packet.read(4, 100)))),
            ],
        );
    }
}

impl MediaFilter for Conformance {
    type Settings = Settings;

    fn describe() -> Description {
        Description::new("conformance", env!("CARGO_PKG_VERSION"), "Does what its setting names.").with_state_schema(1)
    }

    fn configure(config: Config) -> Result<Settings, Fault> {
        config.parse()
    }

    fn open(settings: &Settings, stream: StreamInfo, resume: Option<SavedState>) -> Result<Self, Fault> {
        if settings.deed == Deed::Unsupported {
            return Err(Fault::Unsupported("told not to".into()));
        }
        let seen = match resume {
            None => 0,
            Some(state) if state.schema == 1 => {
                u64::from_be_bytes(state.data.try_into().map_err(|_| Fault::IncompatibleState)?)
            }
            Some(_) => return Err(Fault::IncompatibleState),
        };
        let settings = settings.clone();
        Ok(Conformance { settings, stream, seen, held: 0, kept: None, derived: None, added: None })
    }

    fn subscribe(&self) -> Subscription {
        let deed = self.settings.deed;
        let wanted = match deed {
            Deed::Interest => Interest { only_keyframes: true, ..Interest::units(fourcc(b"avc1"), 1 << 5) },
            _ => Interest::any(),
        };
        let subscription = Subscription::to([wanted]).with_headers().with_metadata();
        match deed {
            Deed::Hold | Deed::DropHeld => subscription.hold(3),
            Deed::Tick => subscription.tick_ms(100),
            _ => subscription,
        }
    }

    fn on_header(&mut self, track: &TrackInfo, record: &[u8], frame: &mut Frame<'_>) -> Result<Verdict, Fault> {
        let refused = |e: OutputError| Fault::Internal(format!("{e:?}"));
        match self.settings.deed {
            Deed::Header => {
                frame.replace(&[record, &[0xaa]].concat());
                return Ok(Verdict::Edited);
            }
            Deed::HeaderFault => return Err(Fault::Unsupported("told to fail".into())),
            Deed::Report => {
                let (video, audio) = (track.video.as_ref(), track.audio.as_ref());
                say(
                    "onHeader",
                    &[
                        ("track", track.id.to_string()),
                        ("kind", kind(track.kind)),
                        ("codec", track.codec.to_string()),
                        ("width", video.map_or(0, |v| v.width).to_string()),
                        ("unit_length", video.map_or(0, |v| v.unit_length_bytes).to_string()),
                        ("rate", audio.map_or(0, |a| a.sample_rate).to_string()),
                        ("channels", audio.map_or(0, |a| a.channels).to_string()),
                        ("bytes", record.len().to_string()),
                    ],
                );
            }
            Deed::Derive if track.kind == MediaKind::Audio => {
                let derived = Derived::new("_copy", &[("of".into(), self.settings.text.clone())]);
                let path = derived.open().map_err(refused)?.path();
                derived.add_track(track, Some(&frame.retain())).map_err(refused)?;
                let fields = vec![("name".into(), Scalar::Text(path))];
                derived.set_metadata(&Metadata { name: "onMetaData".into(), fields }).map_err(refused)?;
                self.derived = Some(derived);
            }
            Deed::AddTrack if track.kind == MediaKind::Audio => {
                let info = TrackInfo { id: 0, ..track.clone() };
                self.added = Some(output::add_track(&info, Some(&frame.retain())).map_err(refused)?);
            }
            _ => {}
        }
        Ok(Verdict::Pass)
    }

    fn on_metadata(&mut self, mut metadata: Metadata) -> Result<Verdict, Fault> {
        match self.settings.deed {
            Deed::Metadata => {
                metadata.fields.push(("added".into(), Scalar::Text(self.settings.text.clone())));
                output::set_metadata(&metadata).map_err(|e| Fault::Internal(format!("{e:?}")))?;
                return Ok(Verdict::Edited);
            }
            Deed::MetadataDrop => return Ok(Verdict::Drop),
            Deed::Kv => {
                use_kv().map_err(|e| Fault::Internal(format!("{e:?}")))?;
                return Ok(Verdict::Edited);
            }
            Deed::Entropy => {
                let (one, two) = (entropy::fill(16), entropy::fill(16));
                say("onEntropy", &[("bytes", one.len().to_string()), ("differ", (one != two).to_string())]);
                return Ok(Verdict::Edited);
            }
            _ => {}
        }
        Ok(Verdict::Pass)
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        let video = meta.kind == MediaKind::Video;
        if !meta.flags.contains(FrameFlags::WARM_UP) {
            self.seen += 1;
        }
        let deed = self.settings.deed;
        match deed {
            Deed::Drop if video && !meta.is_key() => return Verdict::Drop,
            Deed::Interest => return Verdict::Drop,
            Deed::RemoveUnits => {
                return if frame.remove_units(1 << SEI) == 0 { Verdict::Pass } else { Verdict::Edited };
            }
            Deed::UnitsOf => {
                let mut verdict = Verdict::Pass;
                for index in frame.units_of(1 << SEI) {
                    frame.remove_unit(index);
                    verdict = Verdict::Edited;
                }
                return verdict;
            }
            Deed::RemoveUnit | Deed::ReplaceUnit => {
                let units = frame.units();
                let mut found = units.iter().enumerate().filter(|(_, u)| u.unit_type == SEI).map(|(i, _)| i).peekable();
                if found.peek().is_none() {
                    return Verdict::Pass;
                }
                for index in found {
                    if deed == Deed::ReplaceUnit {
                        frame.replace_unit(index, &[6, 0x77]);
                        break;
                    }
                    frame.remove_unit(index);
                }
                return Verdict::Edited;
            }
            Deed::InsertUnit if video => {
                frame.insert_unit(0, &[6, 0x55]);
                frame.insert_unit(frame.units().len(), &[6, 0x66]);
                return Verdict::Edited;
            }
            Deed::Replace | Deed::EditThenPass => {
                frame.replace(&[&frame.payload()[..], b"!"].concat());
                return if deed == Deed::Replace { Verdict::Edited } else { Verdict::Pass };
            }
            Deed::Hold | Deed::DropHeld if video => {
                if self.held == 3 {
                    if deed == Deed::DropHeld {
                        output::drop_held(2);
                    }
                    output::release_held(3);
                    self.held = 0;
                }
                self.held += 1;
                return Verdict::Hold;
            }
            Deed::Emit => {
                output::emit_before(*meta, &Packet::new(b"before")).unwrap();
                output::emit_after(*meta, &frame.retain()).unwrap();
            }
            Deed::Delay if video => {
                // The payload of the frame before goes on at the time of this one.
                if let Some((was, packet)) = self.kept.replace((*meta, frame.retain())) {
                    output::emit_before(FrameMeta { dts: meta.dts, pts: meta.pts, ..was }, &packet).unwrap();
                }
                return Verdict::Drop;
            }
            Deed::Retime => {
                frame.retime(meta.dts + 5000, meta.pts + 7000);
                return Verdict::Edited;
            }
            Deed::Count if meta.is_key() => {
                let fields = vec![("frames".into(), Scalar::Number(self.seen as f64))];
                output::set_metadata(&Metadata { name: "onCount".into(), fields }).unwrap();
            }
            Deed::Say if self.seen == 1 => {
                log::write(log::Level::Info, "said", &[("a", "1"), ("text", &self.settings.text)]);
                metrics::add("seen", 2);
                metrics::set("level", 1.5);
                metrics::observe("sizes", 10.0);
            }
            Deed::Report => self.report(meta, frame),
            Deed::Refused if self.seen == 2 => {
                let packet = frame.retain();
                let late = output::emit_after(FrameMeta { dts: meta.dts - 1, pts: meta.pts - 1, ..*meta }, &packet);
                let missing = output::emit_after(FrameMeta { track: 300, ..*meta }, &packet);
                let derived = Derived::new("_copy", &[]);
                let closed = derived.push(*meta, &packet);
                let pressure = match derived.pressure() {
                    Pressure::Low => "low",
                    Pressure::High => "high",
                    Pressure::Full => "full",
                };
                say(
                    "onRefused",
                    &[
                        ("late", answer(late)),
                        ("missing", answer(missing)),
                        ("derive", answer(derived.open())),
                        ("closed", answer(closed)),
                        ("pressure", pressure.into()),
                    ],
                );
            }
            Deed::Derive if !video => {
                if let Some(derived) = &self.derived {
                    derived.push(*meta, &frame.retain()).unwrap();
                }
            }
            Deed::AddTrack if !video => {
                if let Some(track) = self.added {
                    output::emit_after(FrameMeta { track, ..*meta }, &frame.retain()).unwrap();
                }
            }
            Deed::Trap if self.stream.attempt == 0 && self.seen == 3 => panic!("told to trap"),
            _ => {}
        }
        Verdict::Pass
    }

    fn on_tick(&mut self, now: i64) {
        let fields = vec![("now".into(), Scalar::Number(now as f64))];
        output::set_metadata(&Metadata { name: "onTick".into(), fields }).unwrap();
    }

    fn flush(&mut self) {
        if self.settings.deed == Deed::Say {
            say("onFlush", &[("seen", self.seen.to_string())]);
        }
    }

    fn snapshot(&self) -> Option<SavedState> {
        let data = self.seen.to_be_bytes().into();
        (self.settings.deed == Deed::Count).then_some(SavedState { schema: 1, data })
    }

    fn end(self, reason: EndReason) {
        if self.settings.deed == Deed::Say {
            let reason = if let EndReason::SourceEnded = reason { "source-ended" } else { "other" };
            log::write(log::Level::Info, "ended", &[("reason", reason)]);
        }
    }
}

guest_sdk::export_media!(Conformance);
