//! What can be typed behind `weir`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A live stream router for RTMP whose rules are WebAssembly filters.
///
/// Without a command it runs: `weir` is `weir run`. Encoders publish to rtmp://HOST/APP/NAME, players play the same URL;
/// which applications exist and which filters they ask is the configuration's business.
#[derive(Parser, Debug)]
#[command(name = "weir", disable_version_flag = true, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) config: ConfigFile,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

const AFTER_HELP: &str = "\
Signals of a running router: HUP reads the configuration and the filters again, USR2 writes a report to the log,
TERM or INT lets connections end and then stops; a second one stops at once.
Exit codes: 0 all went well, 1 something failed, 2 wrong arguments, 78 wrong configuration.";

/// Which configuration.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConfigFile {
    /// The configuration file [default: config/weir.toml if it is there, else what is built in]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Start the router (also without any command)
    Run(ConfigFile),
    /// Say what is wrong with the configuration, and where; start nothing
    Check(ConfigFile),
    /// Print a configuration
    #[command(subcommand)]
    Config(Print),
    /// Build, look into or try a filter
    #[command(subcommand)]
    Filter(FilterCommand),
    /// Print the version
    Version,
}

/// Which configuration is printed.
#[derive(Subcommand, Debug)]
pub(crate) enum Print {
    /// The commented default file: `weir config default > weir.toml` is a good start
    Default,
    /// What is in force, with where each value was written; secrets stay hidden
    Show(ConfigFile),
}

/// What a person who writes filters needs.
#[derive(Subcommand, Debug)]
pub(crate) enum FilterCommand {
    /// Build a filter's source folder into a .wasm file; a router that uses it switches over
    Build {
        /// The folder with the filter's source
        dir: PathBuf,
    },
}
