//! Tools of one pinned version from a language's package registry, in the cache folder.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::builder::{Builder, Progress};
use crate::toolchain::last_line;
use crate::{Error, process};

/// Some hundred megabytes over a slow line.
const FETCH: Duration = Duration::from_secs(1800);

/// As the lock file says. Not `ci`: it wants the packages of all platforms, of which some registries lack a few.
const NPM_INSTALL: [&str; 6] =
    ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/// As the requirements file says, and nothing that it does not name.
const PIP_INSTALL: [&str; 9] = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
    "-r",
    "requirements.txt",
];

/// What is fetched, and from where.
pub(crate) enum Packages {
    /// What a requirements file says, from PyPI into a virtual environment, each file by its digest.
    Python(&'static str),
    /// What a lock file says, from the npm registry, each file by its digest.
    Npm { package: &'static str, lock: &'static str },
}

/// A set of tools.
pub(crate) struct Tools {
    /// Name and version: the folder below the cache folder.
    pub(crate) folder: &'static str,
    /// What a person is told who waits, and who has to make it possible.
    pub(crate) what: &'static str,
    pub(crate) packages: Packages,
}

impl Tools {
    /// The folder with the tools, fetched if they are not there yet.
    ///
    /// # Errors
    /// [`Error::NoToolchain`], which says what to make possible.
    pub(crate) fn ready(&self, builder: &Builder, progress: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, Error> {
        let home = builder.cache.join(self.folder);
        self.fetch(builder, &home, progress).map_err(|why| {
            let needs = match self.packages {
                Packages::Python(_) => "python3 with its module venv (Debian: python3-venv), and PyPI within reach",
                Packages::Npm { .. } => "node and npm (Debian: nodejs and npm), and the npm registry within reach",
            };
            Error::NoToolchain(format!(
                "{} cannot be had here: {why}\n  It takes {needs}.\n  \
                 On a machine without a network: copy the folder {} from one that has built such a filter.",
                self.what,
                home.display()
            ))
        })?;
        Ok(home)
    }

    fn fetch(&self, builder: &Builder, home: &Path, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), String> {
        let mark = home.join("complete");
        if mark.is_file() {
            return Ok(());
        }
        builder.may_fetch()?;
        std::fs::create_dir_all(&builder.cache).map_err(|e| e.to_string())?;
        // Two builds at a time fetch once.
        let lock = File::create(builder.cache.join(format!("{}.lock", self.folder))).map_err(|e| e.to_string())?;
        lock.lock().map_err(|e| e.to_string())?;
        if mark.is_file() {
            return Ok(());
        }
        progress(Progress::Fetching(self.what));
        // What an interrupted fetch left.
        if home.exists() {
            std::fs::remove_dir_all(home).map_err(|e| e.to_string())?;
        }
        std::fs::create_dir_all(home).map_err(|e| e.to_string())?;
        match self.packages {
            Packages::Python(requirements) => {
                let python = builder.tool("python3").ok_or("python3 is not there")?;
                run(builder, &python, home, &["-m", "venv", "."])?;
                std::fs::write(home.join("requirements.txt"), requirements).map_err(|e| e.to_string())?;
                run(builder, &home.join("bin/python"), home, &PIP_INSTALL)?;
            }
            Packages::Npm { package, lock } => {
                let npm = builder.tool("npm").ok_or("npm is not there")?;
                builder.tool("node").ok_or("node is not there")?;
                for (name, text) in [("package.json", package), ("package-lock.json", lock)] {
                    std::fs::write(home.join(name), text).map_err(|e| e.to_string())?;
                }
                run(builder, &npm, home, &NPM_INSTALL)?;
            }
        }
        File::create(&mark).map(drop).map_err(|e| e.to_string())
    }
}

fn run(builder: &Builder, program: &Path, dir: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = with_path(builder, program, dir);
    command.args(arguments);
    let out = process::run(command, FETCH, &mut |_| ()).map_err(|e| e.to_string())?;
    if out.ok { Ok(()) } else { Err(reason(&out.tail)) }
}

/// What a package manager says is wrong, of all that it says.
fn reason(tail: &str) -> String {
    let told = tail.lines().filter_map(|l| l.trim().strip_prefix("npm error ").or(l.trim().strip_prefix("ERROR: ")));
    let told: Vec<_> = told.map(str::trim).filter(|l| !l.is_empty()).take(3).collect();
    if told.is_empty() { last_line(tail) } else { told.join("; ") }
}

/// A command whose own children find their tools too: a service's PATH may not lead there.
pub(crate) fn with_path(builder: &Builder, program: &Path, dir: &Path) -> Command {
    let mut command = process::command(program, dir);
    if let Ok(path) = std::env::join_paths(&builder.path) {
        command.env("PATH", path);
    }
    command
}

/// A compiler that hangs is a fault; a slow machine is none.
const COMPILE: Duration = Duration::from_secs(1800);

/// Runs a compiler; what it says on failure is the error.
pub(crate) fn compile(dir: &Path, command: Command, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Error> {
    let program = PathBuf::from(command.get_program());
    let out = process::run(command, COMPILE, &mut |line| progress(Progress::Line(line))).map_err(Error::io(program))?;
    if out.ok { Ok(()) } else { Err(Error::Compile { dir: dir.into(), output: out.tail }) }
}
