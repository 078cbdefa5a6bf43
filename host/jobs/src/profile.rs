//! A way to encode, as the operator writes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use retry::Backoff;

use crate::param::Param;
use crate::text::Text;

/// The placeholder for the URL to play from.
pub const INPUT: &str = "input";
/// The placeholder for the URL to publish to.
pub const OUTPUT: &str = "output";

/// A command line with placeholders, and the terms on which it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The program, and its arguments. No shell reads them.
    pub command: Vec<Text>,
    /// The placeholders beside `input` and `output`.
    pub params: BTreeMap<String, Param>,
    /// Variables of its environment, beside those of the router that are kept.
    pub env: BTreeMap<String, Text>,
    /// Variables of the router's environment that it gets. Nothing else of it is passed on.
    pub keep_env: Vec<String>,
    /// Where it runs; none: where the router does.
    pub dir: Option<PathBuf>,
    /// What its lines are read for.
    pub progress: Progress,
    /// How many may run at a time; 0: as many as there are slots.
    pub at_once: usize,
    /// How far it gives way to others, 0 to 19.
    pub nice: u8,
    /// Bytes of data that it may hold; 0: no bound.
    pub memory_bytes: u64,
    /// The cores that it may run on, by their numbers; none: all.
    pub cpus: Vec<u16>,
    /// The cores' time that one run may take, all its threads together, in whole seconds; 0: no bound. The kernel ends what takes
    /// more.
    pub cpu_time: Duration,
    /// From its start to its publish command.
    pub start_timeout: Duration,
    /// From a polite signal to one that cannot be ignored.
    pub end_timeout: Duration,
    /// When it is started again.
    pub retry: Backoff,
    /// How many of the last lines that it wrote to standard error are kept for the log.
    pub tail_lines: usize,
}

/// What a program says of its progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// Nothing that is understood.
    #[default]
    None,
    /// As ffmpeg does: by `-progress pipe:1` on standard output, or by its own statistics on standard error.
    Ffmpeg,
}

impl Default for Profile {
    fn default() -> Profile {
        let keep_env = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"];
        Profile {
            command: Vec::new(),
            params: BTreeMap::new(),
            env: BTreeMap::new(),
            keep_env: keep_env.map(str::to_owned).to_vec(),
            dir: None,
            progress: Progress::None,
            at_once: 0,
            nice: 10,
            memory_bytes: 0,
            cpus: Vec::new(),
            cpu_time: Duration::ZERO,
            start_timeout: Duration::from_secs(20),
            end_timeout: Duration::from_secs(5),
            retry: Backoff::default(),
            tail_lines: 10,
        }
    }
}

/// Where a command is to connect to, and the values of its placeholders.
pub(crate) struct Fill<'a> {
    pub(crate) input: &'a str,
    pub(crate) output: &'a str,
    pub(crate) params: &'a BTreeMap<String, String>,
}

impl Profile {
    /// The program as it is written. It holds no placeholders.
    pub fn program(&self) -> String {
        self.command.first().map(|text| text.fill(&BTreeMap::new())).unwrap_or_default()
    }

    /// The file of a program: by its path, or in the folders of the router's `PATH`. None if there is none that can be run.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        if program.contains('/') {
            let path = self.dir.as_deref().unwrap_or(Path::new("")).join(program);
            return is_program(&path).then_some(path);
        }
        let folders = std::env::var_os("PATH")?;
        std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| is_program(path))
    }

    /// The arguments behind the program.
    pub(crate) fn arguments(&self, fill: &Fill<'_>) -> Vec<String> {
        let values = fill.values();
        self.command.iter().skip(1).map(|text| text.fill(&values)).collect()
    }

    /// Its whole environment.
    pub(crate) fn environment(&self, fill: &Fill<'_>) -> Vec<(String, std::ffi::OsString)> {
        let values = fill.values();
        let kept = self.keep_env.iter().filter_map(|name| Some((name.clone(), std::env::var_os(name)?)));
        let own = self.env.iter().map(|(name, text)| (name.clone(), text.fill(&values).into()));
        kept.chain(own).collect()
    }
}

impl<'a> Fill<'a> {
    fn values(&self) -> BTreeMap<&'a str, &'a str> {
        let params = self.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        params.chain([(INPUT, self.input), (OUTPUT, self.output)]).collect()
    }
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|of| of.is_file() && of.permissions().mode() & 0o111 != 0)
}
