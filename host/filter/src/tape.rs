//! What a guest is asked, what it is told and what it says, for whoever looks on: the person who writes it, a recording, a replay.
//!
//! A store has no tape unless somebody asked for one. Then each call of the guest notes its arguments, and every host function whose
//! answer could be another next time ([`State::told`]) notes that answer: together they are all that decides what the guest does.
//!
//! | room | what |
//! |---|---|
//! | [`watch`] | calls as text, for `weir filter run --trace` and its figures |
//! | `ring` | the newest calls of one stream, kept by a running router |
//! | [`recorder`] | what the operator wants recorded; the files |
//! | [`recording`] | the file format |
//! | `wire` | frames and stream facts as they stand in the file |
//! | `scrub` | secrets that must not stand in it |
//! | [`replay`] | the same calls and answers once more |
//! | `value` | the answers of host functions |

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use filter_wit::media::weir::filter::types::SavedState;
use media::{Frame, Kind, track};

use crate::StreamInfo;
use crate::counters::Hook;
use crate::failure::{Cause, Failure};
use crate::host::State;
use crate::session::EndReason;

pub mod recorder;
pub mod recording;
pub mod replay;
pub(crate) mod ring;
mod said;
mod scrub;
pub(crate) mod value;
pub mod watch;
mod wire;

pub(crate) use said::Said;
use value::{Told, Value};

/// What a call was about.
#[derive(Clone, Debug)]
pub(crate) enum Args {
    /// Nothing but the hook's name.
    None,
    Open {
        info: Arc<StreamInfo>,
        tracks: Vec<track::Info>,
        resume: Option<SavedState>,
        attempt: u32,
    },
    Frame {
        frame: Frame,
        unit_types: u64,
        unit_length_bytes: u8,
        seq: u64,
        gop: u64,
    },
    Header(Frame),
    Metadata(Frame),
    Tick(i64),
    End(EndReason),
    /// A question to a session filter, in words.
    Session(String),
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Outcome {
    /// It returned; a verdict or what else it said.
    Answered(String),
    /// It trapped, or the host ended it for what it did.
    Trapped(String),
    /// It ran past its deadline.
    Late(String),
    /// It said itself that it cannot.
    Fault(String),
}

impl Outcome {
    pub(crate) fn failed(failure: &Failure) -> Outcome {
        let why = failure.why.clone();
        match failure.cause {
            Cause::Trap => Outcome::Trapped(why),
            Cause::Deadline => Outcome::Late(why),
            Cause::Fault | Cause::Unsupported | Cause::IncompatibleState | Cause::Evicted | Cause::LeftOut => {
                Outcome::Fault(why)
            }
        }
    }

    /// A trap or a missed deadline: the instance is not used again.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Outcome::Trapped(_) | Outcome::Late(_))
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Outcome::Answered(text) => f.write_str(text),
            Outcome::Trapped(why) => write!(f, "trapped: {why}"),
            Outcome::Late(why) => write!(f, "late: {why}"),
            Outcome::Fault(why) => write!(f, "fault: {why}"),
        }
    }
}

/// One call that is over.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) hook: Hook,
    pub(crate) args: Args,
    /// What host functions answered in it, in order.
    pub(crate) answers: Vec<(&'static str, Value)>,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
    /// When it began, since the tape did.
    pub(crate) at: Duration,
}

/// The call in hand.
struct Current {
    hook: Hook,
    args: Args,
    answers: Vec<(&'static str, Value)>,
    notes: Vec<String>,
    unnoted: usize,
    started: Instant,
}

/// Who looks on.
pub(crate) enum Onlooker {
    Watch(Arc<watch::Watch>),
    /// Shared with who asks for a file of it.
    Ring(Arc<Mutex<ring::Ring>>),
    Replay(Arc<replay::Script>),
    /// The calls that make an instance for many streams, for the recordings of each.
    Preface(Vec<Entry>),
}

/// See the module.
pub(crate) struct Tape {
    onlooker: Onlooker,
    began: Instant,
    call: Option<Current>,
    used: Used,
}

/// What the last call used.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    copied_bytes: usize,
    host_calls: u32,
    memory_bytes: usize,
}

/// Host calls and log lines that are noted of one call; more are counted.
const MOST_NOTES: usize = 256;
/// A note is cut at so many characters.
const MOST_NOTE_CHARS: usize = 240;

impl Tape {
    pub(crate) fn new(onlooker: Onlooker) -> Box<Tape> {
        Box::new(Tape { onlooker, began: Instant::now(), call: None, used: Used::default() })
    }

    /// The instance was made before this stream came: with these calls.
    pub(crate) fn preface(&mut self, calls: &[Entry]) {
        if let Onlooker::Ring(ring) = &mut self.onlooker {
            let mut ring = ring.lock().unwrap_or_else(PoisonError::into_inner);
            calls.iter().cloned().for_each(|call| ring.take(call));
        }
    }

    /// The calls that made an instance.
    pub(crate) fn into_preface(self) -> Vec<Entry> {
        match self.onlooker {
            Onlooker::Preface(calls) => calls,
            Onlooker::Watch(_) | Onlooker::Ring(_) | Onlooker::Replay(_) => Vec::new(),
        }
    }

    pub(crate) fn begin(&mut self, hook: Hook, args: Args) {
        let (answers, notes) = (Vec::new(), Vec::new());
        self.call = Some(Current { hook, args, answers, notes, unnoted: 0, started: Instant::now() });
    }

    /// The call is over.
    pub(crate) fn finish(&mut self, outcome: Outcome, filter: &Arc<str>) {
        let used = self.used;
        let Some(Current { hook, args, answers, mut notes, unnoted, started }) = self.call.take() else { return };
        let took = started.elapsed();
        if unnoted > 0 {
            notes.push(format!("… and {unnoted} more"));
        }
        let words = match &self.onlooker {
            Onlooker::Watch(watch) => watch.wants_words(),
            Onlooker::Ring(_) | Onlooker::Preface(_) => false,
            Onlooker::Replay(_) => true,
        };
        let seen = |outcome: &Outcome, notes: Vec<String>| watch::Seen {
            filter: filter.clone(),
            hook,
            about: if words { args.about() } else { String::new() },
            outcome: outcome.clone(),
            notes,
            took,
            copied: used.copied_bytes,
            host_calls: used.host_calls,
            memory: used.memory_bytes,
        };
        match &mut self.onlooker {
            Onlooker::Watch(watch) => watch.note(seen(&outcome, notes)),
            Onlooker::Replay(script) => script.finished(seen(&outcome, notes)),
            Onlooker::Ring(ring) => {
                let at = started.saturating_duration_since(self.began);
                let mut ring = ring.lock().unwrap_or_else(PoisonError::into_inner);
                ring.take(Entry { hook, args, answers, outcome, took, at });
            }
            Onlooker::Preface(calls) => {
                calls.push(Entry { hook, args, answers, outcome, took, at: Duration::ZERO });
            }
        }
    }

    fn wants_notes(&self) -> bool {
        match &self.onlooker {
            Onlooker::Watch(watch) => watch.wants_words(),
            Onlooker::Ring(_) | Onlooker::Preface(_) => false,
            Onlooker::Replay(_) => true,
        }
    }

    fn note(&mut self, note: impl FnOnce() -> String) {
        let wanted = self.wants_notes();
        let Some(call) = self.call.as_mut().filter(|_| wanted) else { return };
        if call.notes.len() >= MOST_NOTES {
            call.unnoted += 1;
            return;
        }
        let note = note();
        call.notes.push(match note.char_indices().nth(MOST_NOTE_CHARS) {
            Some((end, _)) => format!("{}…", note.get(..end).unwrap_or_default()),
            None => note,
        });
    }

    fn heard(&mut self, name: &'static str, about: impl FnOnce() -> String, value: Value) {
        self.note(|| format!("{name}({}) -> {value}", about()));
        if let (Onlooker::Ring(_) | Onlooker::Preface(_), Some(call)) = (&self.onlooker, &mut self.call) {
            call.answers.push((name, value));
        }
    }
}

impl State {
    /// The answer of a host function that could be another next time: a clock's, a random one, a value that others can change. In a
    /// replay it is the one of the recording.
    #[inline]
    pub(crate) fn told<T: Told>(
        &mut self,
        name: &'static str,
        about: impl FnOnce() -> String,
        real: impl FnOnce(&mut State) -> wasmtime::Result<T>,
    ) -> wasmtime::Result<T> {
        if self.desk.tape.is_none() {
            return real(self);
        }
        self.told_on_tape(name, about, real)
    }

    #[cold]
    fn told_on_tape<T: Told>(
        &mut self,
        name: &'static str,
        about: impl FnOnce() -> String,
        real: impl FnOnce(&mut State) -> wasmtime::Result<T>,
    ) -> wasmtime::Result<T> {
        let recorded = match self.desk.tape.as_deref().map(|tape| &tape.onlooker) {
            Some(Onlooker::Replay(script)) => script.answer(name).and_then(T::of),
            _ => None,
        };
        let value = match recorded {
            Some(value) => value,
            None => real(self)?,
        };
        if let Some(tape) = &mut self.desk.tape {
            tape.heard(name, about, value.tell());
        }
        Ok(value)
    }

    /// A host call whose answer follows from what the guest was shown, or a line of its log: for those who read.
    #[inline]
    pub(crate) fn noted(&mut self, note: impl FnOnce() -> String) {
        if let Some(tape) = &mut self.desk.tape {
            tape.note(note);
        }
    }

    /// A call begins.
    #[inline]
    pub(crate) fn begins(&mut self, hook: Hook, args: impl FnOnce() -> Args) {
        self.desk.begins(hook, args);
    }

    /// The call is over.
    #[inline]
    pub(crate) fn ends(&mut self, outcome: impl FnOnce() -> Outcome) {
        self.note_used();
        self.desk.ends(&self.guest.name, outcome);
    }

    /// A call has returned: what it used is noted for the tape.
    #[inline]
    pub(crate) fn note_used(&mut self) {
        if let Some(tape) = &mut self.desk.tape {
            let (copied_bytes, host_calls) = (self.budget.copied(), self.budget.calls());
            tape.used = Used { copied_bytes, host_calls, memory_bytes: self.limiter.bytes() };
        }
    }
}

impl Args {
    /// In words, shortened.
    fn about(&self) -> String {
        match self {
            Args::None => String::new(),
            Args::Open { info, tracks, resume, attempt } => {
                let state = resume
                    .as_ref()
                    .map_or(String::new(), |s| format!(", state of schema {} with {} bytes", s.schema, s.data.len()));
                let known = tracks.len();
                format!("{}/{}, {known} tracks known, attempt {attempt}{state}", info.key.app, info.key.name)
            }
            Args::Frame { frame, unit_types, seq, gop, .. } => {
                let mut text = format!("#{seq} gop {gop} {}", frame_text(frame));
                let types: Vec<_> = (0..64).filter(|n| unit_types >> n & 1 == 1).map(|n| n.to_string()).collect();
                if !types.is_empty() {
                    text.push_str(&format!(" units {}", types.join(",")));
                }
                text
            }
            Args::Header(frame) => frame_text(frame),
            Args::Metadata(frame) => frame.metadata.as_ref().map_or(String::new(), |m| m.name.clone()),
            Args::Tick(now_us) => format!("{:.3} s", *now_us as f64 / 1e6),
            Args::End(reason) => format!("{reason:?}"),
            Args::Session(text) => text.clone(),
        }
    }

    /// Bytes that keeping it costs.
    fn weight(&self) -> usize {
        const FIXED: usize = 256;
        FIXED
            + match self {
                Args::Frame { frame, .. } | Args::Header(frame) | Args::Metadata(frame) => frame.body.len(),
                Args::Open { tracks, resume, .. } => {
                    tracks.iter().map(|t| t.header.len() + FIXED).sum::<usize>()
                        + resume.as_ref().map_or(0, |s| s.data.len())
                }
                Args::Session(text) => text.len(),
                _ => 0,
            }
    }
}

fn frame_text(frame: &Frame) -> String {
    let kind = match frame.kind {
        Kind::Audio => "audio",
        Kind::Video => "video",
        Kind::Data => "data",
    };
    let track = if frame.track == 0 { String::new() } else { format!(" track {}", frame.track) };
    let codec = if frame.kind == Kind::Data { String::new() } else { format!(" {}", frame.codec) };
    let key = if frame.key { " key" } else { "" };
    let (dts, pts) = (frame.dts_us as f64 / 1e6, frame.pts_us() as f64 / 1e6);
    let size = frame.body.len().saturating_sub(frame.payload_at);
    format!("{kind}{track}{codec}{key} dts {dts:.3} pts {pts:.3} {size} B")
}

impl Entry {
    fn weight(&self) -> usize {
        let answers: usize = self.answers.iter().map(|(_, value)| value.weight()).sum();
        self.args.weight() + answers + std::mem::size_of::<Entry>()
    }
}
