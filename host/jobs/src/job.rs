//! One encoder, started again and again until it is not wanted any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use filter::planner::JobEvent;
use retry::{Backoff, Tried};
use router::{Pass, Published, Reserved, Used};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::Order;
use crate::lines::Heard;
use crate::planning::Planning;
use crate::process::{Launch, Process, code};
use crate::profile::Fill;
use crate::slots::{Slot, Ticket};
use crate::status::{Board, Counters, State};
use crate::supervisor::Shared;

/// What ended earlier than this after it had published is not taken for well: it is started again later and later.
const STABLE: Duration = Duration::from_secs(10);
/// A program whose stream has ended may take so long to notice it by itself.
const NOTICE: Duration = Duration::from_secs(2);
/// What has ended may have ended because its stream does, which is known a moment later.
const MOMENT: Duration = Duration::from_secs(1);
/// How long the last lines of a program that has ended may take, and its connections to close.
const LAST: Duration = Duration::from_millis(500);
/// How often a planner hears of progress.
const PROGRESS: Duration = Duration::from_secs(5);

/// Whether an encoder is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Yes,
    /// Its stream has ended: it ends by itself, or is asked to a little later.
    StreamEnded,
    /// It is not planned any more.
    No,
}

/// What is to be made, and for whom.
pub(crate) struct Task {
    pub(crate) shared: Arc<Shared>,
    pub(crate) planning: Arc<Planning>,
    /// The parent's number, as planners know it.
    pub(crate) stream: Arc<AtomicU64>,
    pub(crate) parent: Arc<Published>,
    /// The parent's public path.
    pub(crate) from: String,
    pub(crate) order: Order,
    pub(crate) board: Arc<Board>,
    pub(crate) wanted: watch::Receiver<Wanted>,
}

/// See the module.
pub(crate) struct Job {
    of: Task,
    ticket: Option<Ticket>,
    slot: Option<Slot>,
    reserved: Option<Reserved>,
    lives: u32,
    /// Why the last try ended, and what the program said.
    last: (String, Vec<String>),
    /// Between two tries.
    idle: watch::Sender<bool>,
}

impl Task {
    fn ticket(&self) -> Ticket {
        self.shared.slots.ask(&self.order.name, self.order.profile.at_once, self.order.priority)
    }
}

/// How a program ended.
struct Run {
    /// How long it had published.
    live: Option<Duration>,
    code: Option<i32>,
    why: String,
    said: Vec<String>,
    /// It would be in vain to start it again soon.
    refused: bool,
}

impl Run {
    fn failed(why: impl Into<String>) -> Run {
        Run { live: None, code: None, why: why.into(), said: Vec::new(), refused: false }
    }

    fn refused(why: impl Into<String>) -> Run {
        Run { refused: true, ..Run::failed(why) }
    }
}

impl Job {
    /// Takes its place in the line.
    pub(crate) fn new(of: Task) -> Job {
        let ticket = of.ticket();
        Job {
            of,
            ticket: Some(ticket),
            slot: None,
            reserved: None,
            lives: 0,
            last: (String::new(), Vec::new()),
            idle: watch::Sender::new(false),
        }
    }

    /// Runs until it is not wanted any more and its program has ended.
    pub(crate) async fn run(self) {
        let (mut wanted, mut idle) = (self.of.wanted.clone(), self.idle.subscribe());
        let board = Arc::clone(&self.of.board);
        let over = async {
            unwanted(&mut wanted).await;
            // A program that runs is ended by its own try.
            let _ = idle.wait_for(|idle| *idle).await;
        };
        tokio::select! {
            () = retry::keep(self) => {}
            () = over => {}
        }
        board.enters(State::Ending);
    }

    fn path(&self) -> String {
        format!("{}{}", self.of.from, self.of.order.suffix)
    }

    fn tell(&self, event: JobEvent) {
        self.of.planning.tell(self.of.stream.load(Relaxed), &self.of.order.suffix, event);
    }

    /// Waits for a place; false: it is not wanted any more.
    async fn take_slot(&mut self) -> bool {
        let Job { of, ticket, slot, .. } = self;
        let mut told = false;
        while slot.is_none() {
            let waiting = ticket.get_or_insert_with(|| of.ticket());
            tokio::select! {
                biased;
                () = unwanted(&mut of.wanted) => return false,
                got = waiting.turn() => {
                    *slot = got;
                    *ticket = None;
                }
                () = sleep(LAST), if !told => {
                    told = true;
                    of.board.enters(State::Queued);
                    tracing::info!(priority = of.order.priority, "it waits for a slot");
                }
            }
        }
        true
    }

    /// Keeps the name, makes passes, starts the program.
    async fn start(&mut self) -> Result<Started, Run> {
        let (path, profile) = (self.path(), Arc::clone(&self.of.order.profile));
        let router = &self.of.shared.router;
        if self.reserved.is_none() {
            if router.is_live(&path) {
                return Err(Run::refused(format!("`{path}` has a publisher of its own")));
            }
            let kept = router.reserve(&path, &self.of.parent);
            self.reserved = Some(kept.ok_or_else(|| Run::refused(format!("`{path}` is made from another stream")))?);
        }
        let program = profile.program();
        let found = profile.find(&program);
        let file = found.ok_or_else(|| Run::refused(format!("there is no program `{program}` in PATH")))?;
        let pass = |pass: Result<Pass, _>| pass.map_err(|_| Run::failed("the machine has no random bytes"));
        let input = pass(router.play_pass(&self.of.from))?;
        let output = pass(router.publish_pass(&path, &self.of.parent))?;
        let url = |pass: &Pass| format!("{}/{}", self.of.shared.settings().url, pass.path());
        let fill = Fill { input: &url(&input), output: &url(&output), params: &self.of.order.params };
        let launch = Launch {
            program: file,
            arguments: profile.arguments(&fill),
            environment: profile.environment(&fill),
            dir: profile.dir.clone(),
            nice: profile.nice,
            memory_bytes: profile.memory_bytes,
            cpus: profile.cpus.clone(),
            cpu_seconds: profile.cpu_time.as_secs().saturating_add(u64::from(profile.cpu_time.subsec_nanos() > 0)),
        };
        let started = Process::start(&launch).await;
        let mut process = started.map_err(|error| Run::failed(format!("`{program}` does not start: {error}")))?;
        self.of.board.starts(process.pid());
        let hide = vec![input.secret().to_owned(), output.secret().to_owned()];
        let heard = Heard::new(profile.progress, profile.tail_lines, hide);
        let stdout = process.take_stdout().map(|pipe| tokio::spawn(heard.clone().listen(pipe, false)));
        let stderr = process.take_stderr().map(|pipe| tokio::spawn(heard.clone().listen(pipe, true)));
        Ok(Started { process, passes: [input, output], heard, listening: Listening([stdout, stderr]) })
    }

    /// Watches a program to its end, and sees to it that it comes.
    async fn watch(&mut self, started: Started) -> Run {
        let Started { mut process, passes, heard, mut listening } = started;
        let profile = Arc::clone(&self.of.order.profile);
        let [_, output] = &passes;
        let mut used = output.used();
        let began = Instant::now();
        let mut live: Option<Instant> = None;
        let mut deadline = Some(began + profile.start_timeout);
        let mut late = format!("it does not publish within {:?}", profile.start_timeout);
        let mut asked_to_end = false;
        let mut ending = false;
        let mut killed = None;
        let mut progress = began + PROGRESS;
        let status = loop {
            tokio::select! {
                biased;
                status = process.ended() => break status,
                Ok(()) = used.changed() => match (*used.borrow_and_update(), live) {
                    (Used::Streaming, None) => {
                        live = Some(Instant::now());
                        deadline = None;
                        self.lives = self.lives.saturating_add(1);
                        self.of.board.lives();
                        self.tell(match self.lives {
                            1 => JobEvent::Started,
                            n => JobEvent::Restarted(n - 1),
                        });
                    }
                    (Used::Streaming, Some(_)) if !ending => deadline = None,
                    (Used::Not | Used::Connected, Some(_)) if !ending => {
                        deadline = Some(Instant::now() + profile.end_timeout);
                        late = "it does not publish any more".into();
                    }
                    _ => {}
                },
                () = unwanted(&mut self.of.wanted), if !ending => {
                    ending = true;
                    self.of.board.enters(State::Ending);
                    let waits = if *self.of.wanted.borrow() == Wanted::StreamEnded { NOTICE } else { Duration::ZERO };
                    deadline = Some(Instant::now() + waits);
                }
                () = at(deadline) => {
                    if asked_to_end {
                        Counters::add(&self.of.shared.counters.killed);
                        process.kill();
                        deadline = None;
                    } else {
                        asked_to_end = true;
                        if !ending {
                            killed = Some(late.clone());
                        }
                        process.terminate();
                        deadline = Some(Instant::now() + profile.end_timeout);
                    }
                }
                () = sleep_until(progress), if live.is_some() && !ending => {
                    progress = Instant::now() + PROGRESS;
                    if let Some((fps, speed)) = heard.progress() {
                        self.of.board.progress(fps, speed);
                        self.tell(JobEvent::Progress { fps, speed });
                    }
                }
            }
        };
        let lived = live.map(|since| since.elapsed());
        listening.last().await;
        // Its connections break with it. Until that is noticed its stream counts as running: it is lost, not sent away.
        let _ = timeout(LAST, used.wait_for(|used| *used == Used::Not)).await;
        drop(passes);
        let code = status.map(code);
        let said = heard.tail();
        let why = killed.unwrap_or_else(|| {
            let code = code.map_or_else(|| "without a word".to_owned(), |code| format!("with code {code}"));
            let how = if live.is_some() { "" } else { " before it published" };
            format!("it ended {code}{how}")
        });
        Run { live: lived, code, why, said, refused: false }
    }
}

/// A program that runs, and what belongs to it.
struct Started {
    process: Process,
    passes: [Pass; 2],
    heard: Heard,
    listening: Listening,
}

/// Those who read what it says. Dropping it ends them.
struct Listening([Option<tokio::task::JoinHandle<()>>; 2]);

impl Listening {
    /// Waits for the last lines; a grandchild that has left the group may keep the pipes open.
    async fn last(&mut self) {
        for task in self.0.iter_mut().flatten() {
            let _ = timeout(LAST, task).await;
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.iter().flatten().for_each(|task| task.abort());
    }
}

impl retry::Work for Job {
    async fn attempt(&mut self) -> Tried {
        self.idle.send_replace(false);
        if !self.take_slot().await {
            return Tried::Done;
        }
        let mut run = match self.start().await {
            Ok(started) => self.watch(started).await,
            Err(failed) => failed,
        };
        if run.code == Some(0) {
            // A program that reads to the end of its stream ends well.
            let _ = timeout(MOMENT, unwanted(&mut self.of.wanted)).await;
        }
        if let Some(code) = run.code {
            self.of.board.ended(code);
        }
        let over = *self.of.wanted.borrow() != Wanted::Yes;
        match (run.code, run.live) {
            (Some(code), Some(_)) => self.tell(JobEvent::Ended(code)),
            (Some(code), None) if over => self.tell(JobEvent::Ended(code)),
            _ if over => {}
            _ => {
                Counters::add(&self.of.shared.counters.failures);
                let said = run.said.last().map(|line| format!(": {line}")).unwrap_or_default();
                self.tell(JobEvent::Failed(format!("{}{said}", run.why)));
                // Others may make better use of its place meanwhile.
                self.slot = None;
            }
        }
        if over {
            return Tried::Done;
        }
        self.last = (std::mem::take(&mut run.why), run.said);
        Tried::Again { live: run.live.filter(|time| *time >= STABLE), refused: run.refused }
    }

    fn backoff(&self) -> Backoff {
        self.of.order.profile.retry
    }

    fn waits(&mut self, _: bool, wait: Duration) {
        let (why, said) = std::mem::take(&mut self.last);
        self.of.board.waits(why, &said, wait);
        self.idle.send_replace(true);
    }
}

/// Returns when it is not wanted any more.
async fn unwanted(wanted: &mut watch::Receiver<Wanted>) {
    // Who is gone wants nothing.
    let _ = wanted.wait_for(|wanted| *wanted != Wanted::Yes).await;
}

async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
