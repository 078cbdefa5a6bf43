//! The weir binary: arguments, the whole configuration, assembly in order, reload, drain.
//!
//! | room | what |
//! |---|---|
//! | [`arguments`] | what can be typed |
//! | [`check`] | `weir check` |
//! | [`config`] | the file, the environment, messages that say where |
//! | [`telemetry`] | the log |
//! | [`source`] | a filter's file or source folder → its .wasm |
//! | [`vouch`] | digest and signature of a file of this machine |
//! | [`supplies`] | filters from elsewhere: at the start, and asked again |
//! | [`run`] | assembly, signals, drain |
//! | [`chains`] | the filters of a configuration as they run |
//! | [`report`] | what USR2 asks for |
//! | [`reload`] | configuration and filters anew, while streams run |
//! | [`watch`] | files that change on disk |
//! | [`greeting`] | the URLs to publish to and to play |
//! | [`inspect`] | `weir filter inspect` |
//! | [`offline`] | `weir filter run`, `weir filter record` |
//! | [`project`] | `weir filter new` |
//! | [`dev`] | `weir dev` |
//! | [`load`] | `weir bench` |

mod arguments;
mod certificates;
mod chains;
mod check;
mod config;
mod dev;
mod greeting;
mod idle;
mod inspect;
mod load;
mod offline;
mod project;
mod reload;
mod report;
mod run;
mod source;
mod supplies;
mod telemetry;
mod vouch;
mod watch;

use std::{path::Path, process::ExitCode};

use clap::{CommandFactory, Parser, error::ErrorKind};

use crate::arguments::{Arguments, Command, ConfigFile, FilterCommand, Print};

/// EX_CONFIG of sysexits.h: a supervisor can tell it from a crash and need not try again.
const EXIT_CONFIG: u8 = 78;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outer = arguments.config;
    let outcome = match arguments.command {
        None => run::run(outer.config.as_deref()),
        Some(Command::Run(inner)) => run::run(either(outer, inner).config.as_deref()),
        Some(Command::Check(inner)) => check::check(either(outer, inner).config.as_deref()),
        Some(Command::Config(Print::Show(inner))) => show(either(outer, inner).config.as_deref()),
        Some(Command::Config(Print::Default)) => {
            no_config(&outer);
            print(config::DEFAULT)
        }
        Some(Command::Version) => {
            no_config(&outer);
            print(&format!("weir {}\n", env!("CARGO_PKG_VERSION")))
        }
        Some(Command::Dev(mut command)) => {
            command.config = either(outer, ConfigFile { config: command.config }).config;
            dev::run(&command)
        }
        Some(Command::Bench(command)) => {
            no_config(&outer);
            load::run(command)
        }
        Some(Command::Filter(command)) => {
            no_config(&outer);
            match command {
                FilterCommand::New(new) => project::new(&new),
                FilterCommand::Build { dir } => source::build(&dir),
                FilterCommand::Inspect(inspected) => inspect::inspect(&inspected),
                FilterCommand::Run(offline) => offline::run(&offline),
                FilterCommand::Record(recording) => offline::record(*recording),
            }
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<config::Error>() => {
            eprintln!("{}", telemetry::lines(&error.to_string()));
            ExitCode::from(EXIT_CONFIG)
        }
        Err(error) => {
            eprintln!("weir: {}", telemetry::lines(&chain(&error)));
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes. Some tell their cause themselves: it is not said twice.
fn chain(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// `--config` may stand before or behind the command.
fn either(outer: ConfigFile, inner: ConfigFile) -> ConfigFile {
    if outer.config.is_some() && inner.config.is_some() {
        Arguments::command().error(ErrorKind::ArgumentConflict, "--config is given twice").exit();
    }
    ConfigFile { config: inner.config.or(outer.config) }
}

/// Commands without a configuration refuse one, rather than leave it unread.
fn no_config(outer: &ConfigFile) {
    if outer.config.is_some() {
        Arguments::command().error(ErrorKind::ArgumentConflict, "--config means nothing to this command").exit();
    }
}

fn show(file: Option<&Path>) -> anyhow::Result<()> {
    let loaded = config::load_once(file)?;
    print(&format!("# in force: {}, then the environment\n{}", loaded.origin(), loaded.show()))
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no failure.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
