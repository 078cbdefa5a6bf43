//! What can be typed behind `weir`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use filter::tape::recorder;

use crate::config::{read_duration, read_size};

/// A live stream router for RTMP whose rules are WebAssembly filters.
///
/// Without a command it runs: `weir` is `weir run`. Encoders publish to rtmp://HOST/APP/NAME, players play the same URL;
/// which applications exist and which filters they ask is the configuration's business.
#[derive(Parser, Debug)]
#[command(name = "weir", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) config: ConfigFile,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

const AFTER_HELP: &str = "\
Signals of a running router: HUP reads the configuration and the filters again, USR1 writes what is recorded of filters
(`record`) to files, USR2 a report to the log,
TERM or INT lets connections end and then stops; a second one stops at once.
Exit codes: 0 all went well, 1 something failed, 2 wrong arguments, 78 wrong configuration.";

/// Which configuration.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConfigFile {
    /// The configuration file [default: config/weir.toml, else weir.toml, else what is built in]; `-` is standard input for `check` and `config show`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Start the router (also without any command)
    Run(ConfigFile),
    /// Say what is wrong with the configuration and its filters, and where; serve nothing
    Check(ConfigFile),
    /// Print a configuration
    #[command(subcommand)]
    Config(Print),
    /// Build, look into or try a filter
    #[command(subcommand)]
    Filter(FilterCommand),
    /// Build a filter at every save, and let the running router take it over
    #[command(long_about = DEV_ABOUT)]
    Dev(Dev),
    /// Load a server with synthetic streams and players, and measure it
    #[command(subcommand)]
    Bench(crate::load::Bench),
    /// Print the version
    Version,
}

/// Which configuration is printed.
#[derive(Subcommand, Debug)]
pub(crate) enum Print {
    /// The commented default file: `weir config default > weir.toml` is a good start
    Default,
    /// What is in force, with where each value was written; `secrets` and what ${env:NAME} stands for stay hidden
    Show(ConfigFile),
}

/// What a person who writes filters needs.
#[derive(Subcommand, Debug)]
pub(crate) enum FilterCommand {
    /// Make the project of a new filter, with the SDK of its language
    New(New),
    /// Build a filter's source folder into a .wasm file; a router that uses it switches over
    Build {
        /// The folder with the filter's source
        dir: PathBuf,
    },
    /// Print what a filter is: hooks, needed grants, settings, size, digest
    Inspect(Inspected),
    /// Run filters over an FLV file, with a virtual clock; a line per verdict, then a summary
    #[command(long_about = RUN_ABOUT)]
    Run(Box<Offline>),
    /// Record the calls of a filter over one stream, for `weir filter run --replay`
    #[command(long_about = RECORD_ABOUT)]
    Record(Box<Recording>),
}

const DEV_ABOUT: &str = "\
Build a filter at every save of its source, and let the running router take it over while streams run.

With --config it starts a router with that file, and ends with it. Without, it says what to write into the file of the router
that runs already. A source that does not build changes nothing: what the compiler says is shown, the running one goes on.";

/// `weir dev`.
#[derive(Args, Debug)]
pub(crate) struct Dev {
    /// The folder with the filter's source
    pub(crate) dir: PathBuf,
    /// The configuration of a router to start
    #[arg(long, short, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// `weir filter new`.
#[derive(Args, Debug)]
pub(crate) struct New {
    /// What to write it in
    #[arg(long, value_enum)]
    pub(crate) lang: Lang,
    /// What it decides: what becomes of frames, or who may publish and play
    #[arg(long, value_enum, default_value = "media")]
    pub(crate) kind: Kind,
    /// The new folder; its last part is the filter's name
    pub(crate) name: PathBuf,
}

/// Languages with an SDK.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum Lang {
    Rust,
    C,
    Go,
    Js,
    Python,
    #[value(name = "assemblyscript")]
    AssemblyScript,
}

/// Worlds with an SDK in every language.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum Kind {
    Media,
    Session,
}

const RUN_ABOUT: &str = "\
Run filters over an FLV file, with a virtual clock, as the router runs them over a stream.

Frames reach the filters in the order and with the times of the file; the output file holds what a player of that stream
would get, byte for byte. Streams that filters make beside it, by grant derive, go to files beside it. One line per verdict
goes to standard output, then a summary. The exit code is 1 if a filter failed, even if the stream went on without it, or if --expect names a file that says otherwise.

Session filters get questions with --session; recordings of a running router (`record` of a filter) are repeated with --replay.";

const RECORD_ABOUT: &str = "\
Play one stream through a filter and record its calls, for `weir filter run --replay`.

The stream is played from a server, as it comes, or read from an FLV file, with a virtual clock. What the filter makes of it goes
nowhere. Of its calls the newest are kept, and written to the folder when one traps or misses its deadline, which ends the run, at
the end of the stream, after --time, and on Ctrl-C. It is what `record` of a filter does in a router; the name of the file is
printed. The exit code is 1 if the filter failed, or if there is no recording.";

/// What stands in the `config` table of a filter.
#[derive(Args, Debug)]
pub(crate) struct Settings {
    /// A filter's settings, as JSON; once for all filters, or once per filter in their order
    #[arg(long, value_name = "JSON", conflicts_with = "config_toml")]
    pub(crate) config_json: Vec<String>,
    /// A filter's settings, as a TOML file that holds what stands in the `config` table; like --config-json
    #[arg(long, value_name = "FILE")]
    pub(crate) config_toml: Vec<PathBuf>,
}

/// `weir filter inspect`.
#[derive(Args, Debug)]
pub(crate) struct Inspected {
    /// A .wasm file, a source folder, which is built first, or what stands behind `source`: https://HOST/FILE.wasm, oci://REGISTRY/REPOSITORY:TAG
    pub(crate) filter: String,
    /// With https: a PEM file with an authority that is trusted beside the machine's own
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// With http, where anybody can change the file on its way: the digest that it must have
    #[arg(long, value_name = "sha256:…")]
    pub(crate) digest: Option<String>,
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `weir filter run`.
#[derive(Args, Debug)]
pub(crate) struct Offline {
    /// The filters in their order: .wasm files, or source folders, which are built first
    #[arg(required_unless_present = "replay", value_name = "FILTER")]
    pub(crate) filters: Vec<PathBuf>,
    /// The FLV file to read
    #[arg(long, short, value_name = "FILE", required_unless_present_any = ["session", "replay"])]
    pub(crate) input: Option<PathBuf>,
    /// The FLV file to write [default: write none]; what filters make beside it goes to files beside it, such as OUT_audio.flv
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// What the filters may use beyond their streams, such as entropy
    #[arg(long = "grant", value_name = "GRANT")]
    pub(crate) grants: Vec<String>,
    /// The stream's name as the filters see it
    #[arg(long, value_name = "APP/NAME", default_value = "live/offline")]
    pub(crate) stream: String,
    /// A tag of the stream, as session filters leave them; may be repeated
    #[arg(long = "tag", value_name = "NAME=VALUE")]
    pub(crate) tags: Vec<String>,
    /// Work as at one viewer (placement = "egress") whose play has this tag; may be repeated
    #[arg(long = "viewer-tag", value_name = "NAME=VALUE")]
    pub(crate) viewer_tags: Vec<String>,
    /// A secret of the filters; may be repeated
    #[arg(long = "secret", value_name = "NAME=VALUE")]
    pub(crate) secrets: Vec<String>,
    /// Ask session filters what a JSON file lists, and print what they decide
    #[arg(long, value_name = "FILE", conflicts_with_all = ["input", "output", "repeat"])]
    pub(crate) session: Option<PathBuf>,
    /// Make the calls of a recording once more, with what host functions answered then
    #[arg(long, value_name = "FILE", conflicts_with_all = ["input", "output", "session", "expect", "repeat", "tags", "viewer_tags", "secrets"])]
    pub(crate) replay: Option<PathBuf>,
    /// Compare with a file: verdict lines without their times, or the output if its name ends in .flv
    #[arg(long, value_name = "GOLDEN")]
    pub(crate) expect: Option<PathBuf>,
    /// Write what --expect names instead
    #[arg(long, requires = "expect")]
    pub(crate) update: bool,
    /// Print every call with what it was about, the host functions that it called, and its log
    #[arg(long)]
    pub(crate) trace: bool,
    /// Run so often and print what calls cost, 1 to 10000
    #[arg(long, value_name = "N", conflicts_with_all = ["output", "expect", "trace"], value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) repeat: Option<u32>,
    /// Print the summary only
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// What `weir filter record` keeps.
    #[arg(skip)]
    pub(crate) record: Option<recorder::Settings>,
}

/// `weir filter record`.
#[derive(Args, Debug)]
pub(crate) struct Recording {
    /// The filter: a .wasm file, or a source folder, which is built first
    pub(crate) filter: PathBuf,
    /// What passes through it: rtmp://HOST/APP/NAME or rtmps (user, password and query as players give them), or an FLV file; of
    /// another file make one with `ffmpeg -i FILE -c copy FILE.flv`
    #[arg(long, value_name = "URL")]
    pub(crate) from: String,
    /// Stop after so much of the stream, such as 90s [default: at its end]
    #[arg(long, short = 't', value_name = "TIME", value_parser = time)]
    pub(crate) time: Option<Duration>,
    /// Where the file goes; made if it is not there
    #[arg(long, value_name = "DIR", default_value = "recordings")]
    pub(crate) folder: PathBuf,
    /// What is kept of the newest calls, in bytes
    #[arg(long, value_name = "SIZE", default_value = "8MiB", value_parser = size)]
    pub(crate) bytes: usize,
    /// What is kept of the newest calls, in time. A file passes faster than its times say: there it is --bytes that counts
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    pub(crate) keep: Duration,
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// What the filter may use beyond its stream, such as entropy
    #[arg(long = "grant", value_name = "GRANT")]
    pub(crate) grants: Vec<String>,
    /// A secret of the filter; may be repeated. It does not stand in the recording
    #[arg(long = "secret", value_name = "NAME=VALUE")]
    pub(crate) secrets: Vec<String>,
    /// The stream's name as the filter sees it [default: that of the URL; live/offline of a file]
    #[arg(long, value_name = "APP/NAME")]
    pub(crate) stream: Option<String>,
    /// A tag of the stream, as session filters leave them; may be repeated
    #[arg(long = "tag", value_name = "NAME=VALUE")]
    pub(crate) tags: Vec<String>,
    /// With rtmps: a PEM file with the server's certificate or its issuer's [default: the issuers that this machine knows]
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    pub(crate) ca: Option<PathBuf>,
    /// With rtmps: take any certificate, for a test server of your own
    #[arg(long)]
    pub(crate) insecure: bool,
}

fn time(text: &str) -> Result<Duration, String> {
    let time = read_duration(text).filter(|time| !time.is_zero());
    time.ok_or_else(|| "a duration such as 10s, 500ms, 2m".to_owned())
}

/// From 64 KiB to 256 MiB, as in a configuration.
fn size(text: &str) -> Result<usize, String> {
    let bytes = read_size(text).and_then(|bytes| usize::try_from(bytes).ok());
    bytes.filter(|bytes| (64 << 10..=256 << 20).contains(bytes)).ok_or_else(|| "a size from 64KiB to 256MiB".to_owned())
}
