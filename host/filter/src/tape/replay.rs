//! A recording once more: the same calls in the same order, and host functions answer what they answered then.

use std::collections::VecDeque;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::recording::{self, Head, Reader};
use super::value::Value;
use super::watch::Seen;
use super::wire::{Call, CallArgs};
use super::{Onlooker, Outcome, Tape};
use crate::chain::info_of;
use crate::counters::{Counters, Hook};
use crate::generation::Generation;
use crate::instance::{Instance, Opening, Shown};
use crate::output::Order;
use crate::{Clock, Grants, Runtime, Spec, StreamInfo, filter};

/// One call of a replay.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which call of the file, from 0.
    pub index: u64,
    /// What the guest did now.
    pub seen: Seen,
    /// What came of it then.
    pub recorded: Outcome,
    /// Whether that is the same.
    pub same: bool,
    /// Host calls that the recording has no answer to, and answers that nobody asked for.
    pub strayed: Vec<String>,
}

/// What a replay came to.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    /// Calls made.
    pub calls: u64,
    /// Of those, such that came out another way than recorded.
    pub differing: u64,
    /// Of those, such that asked the host for something else than recorded.
    pub strayed: u64,
    /// The call that failed now, and how.
    pub failed: Option<(Hook, Outcome)>,
    /// The call that failed then, and how.
    pub recorded: Option<(Hook, Outcome)>,
    /// The file ended in the middle of a call, or before the last one.
    pub cut_off: bool,
    /// So many calls are missing there.
    pub missing: u64,
}

/// Why a recording cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file.
    #[error(transparent)]
    Recording(#[from] recording::Error),
    /// The filter.
    #[error(transparent)]
    Filter(#[from] crate::Error),
    /// A call that cannot be made.
    #[error("call {0} of the recording names what there is not")]
    Call(u64),
}

/// Answers that wait to be given, and what came of the calls: both sides of a replay hold it.
#[derive(Default)]
pub(crate) struct Script(Mutex<Lines>);

#[derive(Default)]
struct Lines {
    answers: VecDeque<(String, Value)>,
    strayed: Vec<String>,
    done: Vec<Seen>,
}

/// Deviations that are told of one call.
const MOST_STRAYED: usize = 16;

impl Script {
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The recorded answer, if it is of this function.
    pub(super) fn answer(&self, name: &str) -> Option<Value> {
        let mut lines = self.lock();
        match lines.answers.front() {
            Some((next, _)) if next == name => return lines.answers.pop_front().map(|(_, value)| value),
            Some((next, _)) => {
                let why = format!("it called {name}, and {next} then");
                lines.stray(why);
            }
            None => lines.stray(format!("it called {name}, and nothing then")),
        }
        None
    }

    pub(super) fn finished(&self, seen: Seen) {
        self.lock().done.push(seen);
    }

    fn load(&self, answers: impl IntoIterator<Item = (String, Value)>) {
        self.lock().answers = answers.into_iter().collect();
    }

    /// What the calls since the last time came to.
    fn take(&self) -> (Vec<Seen>, Vec<String>) {
        let mut lines = self.lock();
        if let Some((name, _)) = lines.answers.front() {
            let why = format!("it did not call {name}, as it did then");
            lines.stray(why);
        }
        (std::mem::take(&mut lines.done), std::mem::take(&mut lines.strayed))
    }
}

impl Lines {
    fn stray(&mut self, why: String) {
        if self.strayed.len() < MOST_STRAYED {
            self.strayed.push(why);
        }
    }
}

impl Head {
    /// The filter as it ran, from this file; with asterisks for secrets.
    ///
    /// # Errors
    /// [`crate::Error::Grant`] if the file names a grant that this router does not have.
    pub fn spec(&self, path: impl Into<PathBuf>) -> Result<Spec, crate::Error> {
        let grants = Grants::parse(&self.grants)?;
        let config = serde_json::from_str(&self.config).ok().filter(serde_json::Value::is_object);
        let config = config.unwrap_or_else(|| serde_json::json!({}));
        let limits = self.limits.limits();
        Ok(Spec { grants, config, limits, ..Spec::new(self.filter.clone(), path) })
    }
}

impl Runtime {
    /// Makes the calls of a recording, with this filter; `each` is told of every one. It ends with the recording, or when a call fails so
    /// that its instance is not used again. Runs guests on the calling thread.
    ///
    /// # Errors
    /// See [`Error`]. That a call fails is none.
    pub async fn replay<R: Read>(
        &self,
        spec: &Spec,
        mut from: Reader<R>,
        mut each: impl FnMut(&Step),
    ) -> Result<Replayed, Error> {
        let counters = Arc::new(Counters::default());
        let none = Arc::default();
        let made = filter::compile(self.workshop(), self.config(), &counters, spec, &none, |_| Ok(())).await?;
        let generation = match made {
            filter::Compiled::New(made) => Arc::new(*made),
            filter::Compiled::Loaded(loaded) => loaded,
            // A recording pins nothing.
            filter::Compiled::NotPinned(_) => return Ok(Replayed::default()),
        };
        let mut replay = Replay {
            same_file: from.head().digest == generation.digest(),
            script: Arc::default(),
            result: Replayed::default(),
            clock: self.config().clock.clone(),
            last: Order::default(),
        };
        let mut next = None;
        let mut opening = Vec::new();
        while let Some(call) = from.next_call()? {
            match call.hook() {
                Some(Hook::Start | Hook::Configure | Hook::Open | Hook::Subscribe) => opening.push(call),
                _ => {
                    next = Some(call);
                    break;
                }
            }
        }
        let mut live = replay.open(&generation, opening, &mut each)?;
        while let (Some(instance), Some(call)) = (live.take(), next.take()) {
            live = replay.call(instance, call, &mut each)?;
            next = from.next_call()?;
        }
        if let Some(call) = next.filter(|call| call.outcome.is_fatal()) {
            replay.result.recorded = call.hook().map(|hook| (hook, call.outcome));
        }
        while let Some(call) = from.next_call()? {
            if call.outcome.is_fatal() {
                replay.result.recorded = call.hook().map(|hook| (hook, call.outcome));
            }
        }
        (replay.result.cut_off, replay.result.missing) = (from.is_cut_off(), from.missing());
        Ok(replay.result)
    }
}

struct Replay {
    /// The filter is byte for byte the one that was recorded.
    same_file: bool,
    script: Arc<Script>,
    result: Replayed,
    clock: Clock,
    last: Order,
}

impl Replay {
    fn open(
        &mut self,
        generation: &Arc<Generation>,
        calls: Vec<Call>,
        each: &mut impl FnMut(&Step),
    ) -> Result<Option<Instance>, Error> {
        let mut stream = (StreamInfo::default(), Vec::new());
        let (mut attempt, mut resume) = (0, None);
        for call in &calls {
            if let CallArgs::Open { stream: recorded, attempt: nth, resume: state } = &call.args {
                stream = recorded.facts().ok_or(Error::Call(0))?;
                (attempt, resume) = (*nth, CallArgs::state(state));
            }
        }
        let (mut then, mut answers) = (VecDeque::new(), Vec::new());
        for call in calls {
            then.push_back((call.hook(), call.outcome));
            answers.extend(call.answers);
        }
        self.script.load(answers);
        let info = Arc::new(stream.0);
        let opening = Opening { info: &info, tracks: &stream.1, resume, attempt };
        let tape = Tape::new(Onlooker::Replay(self.script.clone()));
        let opened = Instance::open_on(generation, &opening, Some(tape));
        let (done, mut strayed) = self.script.take();
        for seen in done {
            let recorded = match then.pop_front() {
                Some((hook, outcome)) if hook == Some(seen.hook) => outcome,
                _ => Outcome::Answered("not recorded".into()),
            };
            self.step(seen, recorded, std::mem::take(&mut strayed), each);
        }
        Ok(opened.ok())
    }

    fn call(
        &mut self,
        mut instance: Instance,
        call: Call,
        each: &mut impl FnMut(&Step),
    ) -> Result<Option<Instance>, Error> {
        let nonsense = || Error::Call(self.result.calls);
        let hook = call.hook().ok_or_else(nonsense)?;
        if let Clock::Virtual(hand) = &self.clock {
            hand.set(i64::try_from(call.at_us).unwrap_or(i64::MAX));
        }
        self.script.load(call.answers);
        let last = &mut self.last;
        let kept = match (hook, call.args) {
            (Hook::Frame, CallArgs::Frame { frame, unit_types, unit_length_bytes, seq, gop }) => {
                let frame = frame.frame().ok_or(Error::Call(self.result.calls))?;
                let shown = Shown { unit_types, unit_length_bytes, seq, gop };
                instance.on_frame(frame, shown, last).err().map(drop)
            }
            (Hook::Header, CallArgs::Header(frame)) => {
                let frame = frame.frame().ok_or(Error::Call(self.result.calls))?;
                let info = info_of(&frame);
                instance.on_header(frame, &info, last).err().map(drop)
            }
            (Hook::Metadata, CallArgs::Metadata { frame, message }) => {
                let mut frame = frame.frame().ok_or(Error::Call(self.result.calls))?;
                let metadata = Arc::new(message.metadata().map_err(|_| Error::Call(self.result.calls))?);
                frame.metadata = Some(metadata.clone());
                instance.on_metadata(frame, &metadata, last).err().map(drop)
            }
            (Hook::Tick, CallArgs::Tick(now_us)) => instance.on_tick(now_us, last).err().map(drop),
            (Hook::Flush, _) => instance.flush(0, last).err().map(drop),
            (Hook::Snapshot, _) => instance.snapshot().err().map(drop),
            (Hook::End, CallArgs::End(reason)) => {
                instance.close(CallArgs::reason(reason).ok_or(Error::Call(self.result.calls))?);
                return Ok(self.done(call.outcome, None, each));
            }
            _ => return Err(Error::Call(self.result.calls)),
        };
        let live = kept.is_none().then_some(instance);
        Ok(self.done(call.outcome, live, each))
    }

    fn done(&mut self, recorded: Outcome, live: Option<Instance>, each: &mut impl FnMut(&Step)) -> Option<Instance> {
        let (done, mut strayed) = self.script.take();
        for seen in done {
            self.step(seen, recorded.clone(), std::mem::take(&mut strayed), each);
        }
        live
    }

    fn step(&mut self, seen: Seen, recorded: Outcome, strayed: Vec<String>, each: &mut impl FnMut(&Step)) {
        let same = match (&seen.outcome, &recorded) {
            // Where in a loop the deadline finds it differs from time to time.
            (Outcome::Late(_), Outcome::Late(_)) => true,
            (Outcome::Trapped(_), Outcome::Trapped(_)) if !self.same_file => true,
            (now, then) => now == then,
        };
        let result = &mut self.result;
        if seen.outcome.is_fatal() {
            result.failed = Some((seen.hook, seen.outcome.clone()));
        }
        if recorded.is_fatal() {
            result.recorded = Some((seen.hook, recorded.clone()));
        }
        let step = Step { index: result.calls, seen, recorded, same, strayed };
        result.calls += 1;
        result.differing += u64::from(!step.same);
        result.strayed += u64::from(!step.strayed.is_empty());
        each(&step);
    }
}
