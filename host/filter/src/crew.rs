//! Threads that call guests which may take their time: apart from those that serve peers, and where cores are short they give way to
//! those. There are two crews. One calls the guests that no frame waits for (`observe`, `beside`); the other those for which one stream
//! or viewer waits, and nobody else is to ([`Filter::elsewhere`](crate::Filter::elsewhere)).
//!
//! **No filter has all threads.** It gets another one only as long as more are free than it has already: the first that hangs takes half
//! of them at most, a second one half of what is left, and so on, so that others find one. Among those that may, who came first is first.
//!
//! Streams that are there go before those that have ended. Of every four turns one is theirs all the same, so that filters are told of
//! the end and instances go; of every two, when many have come together, so that they do not become more and more.

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

/// Work that is done in slices.
pub(crate) trait Work: Send + Sync {
    /// Does some of it. True: there is more, after others have had their turn.
    fn slice(&self) -> bool;
    /// Its stream has ended: others go first.
    fn has_departed(&self) -> bool;
    /// Which filter's guest it calls: the number is the same for all work of that filter, and for no other's.
    fn filter(&self) -> usize;
    /// A slice panicked: there will be no other.
    fn broke(&self);
}

/// A thread without work for so long ends.
const LINGER: Duration = Duration::from_secs(10);
/// Where no thread could be started, the next is tried after so long.
const RETRY: Duration = Duration::from_secs(1);
/// More that have departed than this get every second turn.
const MANY: usize = 64;
/// How far these threads stand behind those that serve peers: where both want a core, they get about a tenth of it.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Which crew a thread is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duty {
    /// What no frame waits for.
    Aside,
    /// What somebody waits for.
    Errands,
}

thread_local! {
    static HERE: Cell<Option<Duty>> = const { Cell::new(None) };
}

/// Whether this is a thread for what no frame waits for.
pub(crate) fn is_aside() -> bool {
    HERE.get() == Some(Duty::Aside)
}

/// Has a thread of the runtime's blocking pool do it. One that was started from here would be as nice as these are, for ever.
pub(crate) fn spawn_blocking(runtime: &Handle, work: impl FnOnce() + Send + 'static) {
    match HERE.get().is_some() {
        true => drop(runtime.spawn(async { drop(tokio::task::spawn_blocking(work)) })),
        false => drop(runtime.spawn_blocking(work)),
    }
}

/// See the module. Threads are started as they are needed.
#[derive(Clone)]
pub(crate) struct Crew(Arc<Shared>);

struct Shared {
    duty: Duty,
    most: usize,
    state: Mutex<State>,
    called: Condvar,
    /// Work waits, there is no thread, and none could be started.
    stranded: AtomicBool,
    start: fn(Arc<Shared>) -> std::io::Result<()>,
}

#[derive(Default)]
struct State {
    /// Of each filter with work that waits or is done now.
    lines: BTreeMap<usize, Line>,
    /// Counts what has come, so that who was first is known across filters.
    came: u64,
    turns: usize,
    /// Threads that are at work.
    busy: usize,
    threads: usize,
    idle: usize,
    /// When another thread may be tried.
    retry_at: Option<Instant>,
}

/// One filter's.
#[derive(Default)]
struct Line {
    /// Threads that are at its work.
    busy: usize,
    live: Waiting,
    departed: Waiting,
}

/// In order, with the count at which each came.
type Waiting = VecDeque<(u64, Arc<dyn Work>)>;

impl std::fmt::Debug for Crew {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Crew")
    }
}

impl Crew {
    /// At most so many threads; 0: four for each core, and at least 16.
    pub(crate) fn new(duty: Duty, most: usize) -> Crew {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let most = if most == 0 { (4 * cores).max(16) } else { most };
        Crew::starting(duty, most, |shared| {
            let name = match shared.duty {
                Duty::Aside => "filter-aside",
                Duty::Errands => "filter-errand",
            };
            std::thread::Builder::new().name(name.into()).spawn(move || shared.run()).map(drop)
        })
    }

    fn starting(duty: Duty, most: usize, start: fn(Arc<Shared>) -> std::io::Result<()>) -> Crew {
        let (state, called, stranded) = (Mutex::default(), Condvar::new(), AtomicBool::new(false));
        Crew(Arc::new(Shared { duty, most, state, called, stranded, start }))
    }

    /// Has a slice done as soon as a thread is free. The caller sees to it that no work is called for twice.
    pub(crate) fn call(&self, work: Arc<dyn Work>) {
        let mut state = self.0.lock();
        state.push(work);
        self.0.man(state);
    }

    /// To be called now and then by who waits for its turn: where there was no thread at all, it may be that one can be had by now.
    #[inline]
    pub(crate) fn look(&self) {
        if self.0.stranded.load(Relaxed) {
            self.0.man(self.0.lock());
        }
    }

    /// Whether work waits for a thread that could not be started: [`look`](Crew::look) is to be called.
    pub(crate) fn is_stranded(&self) -> bool {
        self.0.stranded.load(Relaxed)
    }

    /// It has departed by now: if it waits, then among those.
    pub(crate) fn step_back(&self, work: &dyn Work) {
        let mut state = self.0.lock();
        let line = state.lines.get_mut(&work.filter());
        if let Some(work) = line.and_then(|line| take(&mut line.live, work)) {
            state.push(work);
        }
    }

    /// It is not to be done any more.
    pub(crate) fn withdraw(&self, work: &dyn Work) {
        let mut state = self.0.lock();
        let line = state.lines.get_mut(&work.filter());
        let found = line.and_then(|line| take(&mut line.departed, work).or_else(|| take(&mut line.live, work)));
        state.tidy();
        drop(state);
        drop(found);
    }
}

fn take(waiting: &mut Waiting, work: &dyn Work) -> Option<Arc<dyn Work>> {
    let at = waiting.iter().position(|(_, it)| std::ptr::addr_eq(Arc::as_ptr(it), work))?;
    waiting.remove(at).map(|(_, work)| work)
}

impl Line {
    fn waiting(&self) -> usize {
        self.live.len() + self.departed.len()
    }

    fn of(&mut self, departed: bool) -> &mut Waiting {
        if departed { &mut self.departed } else { &mut self.live }
    }
}

impl State {
    /// Of what waits, that for which there may be a thread now.
    fn may_go(&self, most: usize) -> usize {
        self.lines.values().filter(|line| self.has_share(line, most)).map(Line::waiting).sum()
    }

    /// Whether a filter may have one thread more.
    fn has_share(&self, line: &Line, most: usize) -> bool {
        line.busy < most.saturating_sub(self.busy)
    }

    fn push(&mut self, work: Arc<dyn Work>) {
        self.came = self.came.wrapping_add(1);
        let came = self.came;
        let departed = work.has_departed();
        self.lines.entry(work.filter()).or_default().of(departed).push_back((came, work));
    }

    /// What is to be done next; it counts as being done.
    fn next(&mut self, most: usize) -> Option<Arc<dyn Work>> {
        let many = self.lines.values().map(|line| line.departed.len()).sum::<usize>() > MANY;
        let theirs = self.turns.wrapping_add(1).is_multiple_of(if many { 2 } else { 4 });
        let first = |departed| self.first(departed, most).map(|filter| (filter, departed));
        let (filter, departed) = first(theirs).or_else(|| first(!theirs))?;
        self.turns = self.turns.wrapping_add(1);
        let line = self.lines.get_mut(&filter)?;
        let (_, work) = line.of(departed).pop_front()?;
        line.busy += 1;
        self.busy += 1;
        Some(work)
    }

    /// The filter whose first has waited longest, of those that may have a thread more.
    fn first(&self, departed: bool, most: usize) -> Option<usize> {
        let first = |line: &Line| {
            let waiting = if departed { &line.departed } else { &line.live };
            waiting.front().map(|(came, _)| *came)
        };
        let lines = self.lines.iter().filter(|(_, line)| self.has_share(line, most));
        lines.filter_map(|(filter, line)| Some((first(line)?, *filter))).min().map(|(_, filter)| filter)
    }

    /// Work of a filter is done for now.
    fn done(&mut self, filter: usize) {
        self.busy = self.busy.saturating_sub(1);
        if let Some(line) = self.lines.get_mut(&filter) {
            line.busy = line.busy.saturating_sub(1);
        }
        self.tidy();
    }

    fn tidy(&mut self) {
        self.lines.retain(|_, line| line.busy > 0 || line.waiting() > 0);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sees to it that somebody does what waits.
    fn man(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        // An idle thread that has been called and does not run yet is still counted as idle, and its work as waiting.
        let may_go = state.may_go(self.most);
        if may_go == 0 {
            // Its filter has its share: who comes back from it takes this.
            return;
        }
        if may_go <= state.idle {
            drop(state);
            return self.called.notify_one();
        }
        if state.threads >= self.most || state.retry_at.is_some_and(|at| Instant::now() < at) {
            return;
        }
        state.threads += 1;
        drop(state);
        let Err(error) = (self.start)(self.clone()) else { return self.stranded.store(false, Relaxed) };
        let mut state = self.lock();
        state.threads -= 1;
        state.retry_at = Some(Instant::now() + RETRY);
        // Those that there are do it. With none, the frames that come look again.
        self.stranded.store(state.threads == 0, Relaxed);
        drop(state);
        tracing::error!(target: "filter", %error, "no thread for filters that frames do not wait for");
    }

    fn run(&self) {
        HERE.set(Some(self.duty));
        // Of this thread alone: in Linux each has its own.
        #[cfg(target_os = "linux")]
        let _ = rustix::process::nice(NICE);
        let mut state = self.lock();
        loop {
            if let Some(work) = state.next(self.most) {
                if state.idle > 0 && state.may_go(self.most) > 0 {
                    // What has come free is more than this.
                    self.called.notify_one();
                }
                drop(state);
                let filter = work.filter();
                let more = catch_unwind(AssertUnwindSafe(|| work.slice())).unwrap_or_else(|_| {
                    work.broke();
                    false
                });
                if more {
                    state = self.lock();
                    state.push(work);
                } else {
                    // What goes with it may take its time.
                    drop(work);
                    state = self.lock();
                }
                state.done(filter);
                continue;
            }
            state.idle += 1;
            let (woken, waited) = self.called.wait_timeout(state, LINGER).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if waited.timed_out() && state.may_go(self.most) == 0 {
                state.threads -= 1;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::sync::mpsc;

    use super::*;

    struct Steps {
        left: AtomicUsize,
        done: mpsc::Sender<&'static str>,
        name: &'static str,
        /// Waits for this before its first slice is done.
        gate: Mutex<Option<mpsc::Receiver<()>>>,
    }

    impl Work for Steps {
        fn slice(&self) -> bool {
            assert_ne!(self.name, "broken");
            if let Some(gate) = self.gate.lock().unwrap().take() {
                gate.recv().unwrap();
            }
            let more = self.left.fetch_sub(1, SeqCst) > 1;
            self.done.send(self.name).unwrap();
            more
        }
        fn has_departed(&self) -> bool {
            self.name.starts_with("gone")
        }
        fn filter(&self) -> usize {
            usize::from(self.name.as_bytes()[0])
        }
        fn broke(&self) {
            self.done.send("broke").unwrap();
        }
    }

    struct Bench {
        done: mpsc::Sender<&'static str>,
        told: mpsc::Receiver<&'static str>,
    }

    impl Bench {
        fn new() -> Bench {
            let (done, told) = mpsc::channel();
            Bench { done, told }
        }

        fn work(&self, name: &'static str, left: usize) -> Arc<Steps> {
            Arc::new(Steps { left: AtomicUsize::new(left), done: self.done.clone(), name, gate: Mutex::default() })
        }

        /// Work that keeps its thread until it is told.
        fn gate(&self, crew: &Crew) -> mpsc::Sender<()> {
            self.hangs(crew, "gate")
        }

        fn hangs(&self, crew: &Crew, name: &'static str) -> mpsc::Sender<()> {
            let (open, gate) = mpsc::channel();
            let work = self.work(name, 1);
            *work.gate.lock().unwrap() = Some(gate);
            crew.call(work);
            open
        }

        fn told(&self, n: usize) -> Vec<&'static str> {
            (0..n).map(|_| self.told.recv_timeout(Duration::from_secs(20)).unwrap()).collect()
        }
    }

    #[test]
    fn one_thread_gives_each_its_turn_and_survives_a_panic() {
        let (crew, bench) = (Crew::new(Duty::Aside, 1), Bench::new());
        for work in [bench.work("broken", 1), bench.work("a", 2), bench.work("b", 2)] {
            crew.call(work);
        }
        let mut told = bench.told(5);
        assert_eq!(told.first(), Some(&"broke"));
        told.sort_unstable();
        assert_eq!(told, ["a", "a", "b", "b", "broke"]);
        assert_eq!(crew.0.lock().threads, 1);
    }

    #[test]
    fn who_is_there_goes_before_who_has_departed_but_not_always() {
        let (crew, bench) = (Crew::new(Duty::Aside, 1), Bench::new());
        let open = bench.gate(&crew);
        for work in [bench.work("gone", 1), bench.work("gone", 1), bench.work("a", 6)] {
            crew.call(work);
        }
        open.send(()).unwrap();
        assert_eq!(bench.told(9), ["gate", "a", "a", "gone", "a", "a", "a", "gone", "a"]);
    }

    #[test]
    fn what_is_withdrawn_is_not_done_and_is_not_kept() {
        let (crew, bench) = (Crew::new(Duty::Aside, 1), Bench::new());
        let open = bench.gate(&crew);
        let gone = bench.work("gone", 1);
        crew.call(gone.clone());
        crew.withdraw(&*gone);
        assert_eq!(Arc::strong_count(&gone), 1);
        crew.call(bench.work("a", 1));
        open.send(()).unwrap();
        assert_eq!(bench.told(2), ["gate", "a"]);
    }

    #[test]
    fn a_filter_that_hangs_leaves_threads_to_the_others() {
        let (crew, bench) = (Crew::new(Duty::Aside, 8), Bench::new());
        // Four filters, each of which would have all of them.
        let gates: Vec<_> = ["1", "2", "3", "4"].iter().flat_map(|name| [*name; 8]).collect();
        let gates: Vec<_> = gates.into_iter().map(|name| bench.hangs(&crew, name)).collect();
        let busy = |crew: &Crew| crew.0.lock().lines.values().map(|line| line.busy).collect::<Vec<_>>();
        let deadline = Instant::now() + Duration::from_secs(20);
        while busy(&crew) != [4, 2, 1, 1] {
            assert!(Instant::now() < deadline, "{:?}", busy(&crew));
            std::thread::yield_now();
        }
        // The first one comes back: what it leaves is for others, though its own came before them.
        crew.call(bench.work("other", 1));
        gates[0].send(()).unwrap();
        assert_eq!(bench.told(2), ["1", "other"]);
        gates.iter().for_each(|gate| _ = gate.send(()));
        bench.told(31);
        let deadline = Instant::now() + Duration::from_secs(20);
        while !crew.0.lock().lines.is_empty() {
            assert!(Instant::now() < deadline, "nothing is kept of filters without work");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_machine_without_threads_is_asked_again() {
        static REFUSES: AtomicBool = AtomicBool::new(true);
        static TRIED: AtomicUsize = AtomicUsize::new(0);
        let bench = Bench::new();
        let crew = Crew::starting(Duty::Aside, 4, |shared| {
            TRIED.fetch_add(1, SeqCst);
            if REFUSES.load(SeqCst) {
                return Err(std::io::Error::from(std::io::ErrorKind::WouldBlock));
            }
            std::thread::Builder::new().spawn(move || shared.run()).map(drop)
        });
        crew.call(bench.work("a", 1));
        for _ in 0..100 {
            crew.look();
        }
        assert_eq!(TRIED.load(SeqCst), 1, "not with every frame");
        REFUSES.store(false, SeqCst);
        // Its own stream looks with each frame; the one that calls only once is done with it.
        let deadline = Instant::now() + Duration::from_secs(20);
        while bench.told.try_recv().is_err() {
            assert!(Instant::now() < deadline, "its work is lost");
            crew.look();
            std::thread::yield_now();
        }
        crew.look();
        assert_eq!(TRIED.load(SeqCst), 2);
        assert!(!crew.0.stranded.load(SeqCst));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn they_give_way_to_the_threads_that_serve_peers() {
        struct Asks(mpsc::Sender<i32>);
        impl Work for Asks {
            fn slice(&self) -> bool {
                self.0.send(rustix::process::getpriority_process(None).unwrap()).unwrap();
                false
            }
            fn has_departed(&self) -> bool {
                false
            }
            fn filter(&self) -> usize {
                0
            }
            fn broke(&self) {}
        }
        let (tell, told) = mpsc::channel();
        let mine = rustix::process::getpriority_process(None).unwrap();
        Crew::new(Duty::Aside, 1).call(Arc::new(Asks(tell)));
        let theirs = told.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!(theirs, (mine + NICE).min(19));
        assert_eq!(rustix::process::getpriority_process(None).unwrap(), mine, "nobody else's changes");
    }
}
