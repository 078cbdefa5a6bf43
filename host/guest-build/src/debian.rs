//! Debian's Rust toolchain, without root, in the cache folder.
//!
//! Debian packages a recent Rust for its browsers (rustc-web, cargo-web) with its library's source. It has no compiled library for
//! wasm, so cargo builds that too. Compiler and source must be of one version: mixing rustup's compiler with this source fails.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::builder::{Builder, Progress};
use crate::process;
use crate::toolchain::{Toolchain, last_line};

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "libstd-rust-web-dev"];

/// 150 MB over a slow line.
const FETCH: Duration = Duration::from_secs(1800);
const SIMULATE: Duration = Duration::from_secs(120);

/// The toolchain from the cache, fetched if it is not there yet. The error says why it cannot be had.
pub(crate) fn toolchain(builder: &Builder, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Toolchain, String> {
    let home = builder.cache.join("debian-rust");
    let root = match fetched(&home) {
        Some(root) => root,
        None => {
            builder.may_fetch()?;
            fetch(builder, &home, progress)?
        }
    };
    describe(builder, &root)
}

/// The newest toolchain that an earlier build fetched.
fn fetched(home: &Path) -> Option<PathBuf> {
    let mut roots: Vec<_> = std::fs::read_dir(home).ok()?.flatten().map(|e| e.path().join("root")).collect();
    roots.retain(|r| r.join("usr/bin/cargo").is_file());
    roots.sort_unstable();
    roots.pop()
}

/// How to call what was fetched.
fn describe(builder: &Builder, root: &Path) -> Result<Toolchain, String> {
    let libraries: Vec<_> = children(&root.join("usr/lib"))
        .into_iter()
        .filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().contains("-linux-")))
        .collect();
    let libraries = std::env::join_paths(libraries).map_err(|e| e.to_string())?;
    let linker = linker(builder, root).ok_or("neither rust-lld nor Debian's wasm-ld is there")?;
    Ok(Toolchain {
        cargo: root.join("usr/bin/cargo"),
        arguments: vec!["-Zbuild-std=std,panic_abort".into()],
        environment: vec![
            ("RUSTC".into(), root.join("usr/bin/rustc").into()),
            ("RUSTC_BOOTSTRAP".into(), "1".into()),
            ("LD_LIBRARY_PATH".into(), libraries),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER".into(), linker.into()),
        ],
    })
}

/// The linker of a Rust installation, or the one that was fetched.
fn linker(builder: &Builder, root: &Path) -> Option<PathBuf> {
    rust_lld(builder).or_else(|| {
        let tools = children(&root.join("usr/lib")).into_iter().map(|llvm| llvm.join("bin/wasm-ld"));
        tools.into_iter().find(|t| t.is_file())
    })
}

fn rust_lld(builder: &Builder) -> Option<PathBuf> {
    let rustc = builder.tool("rustc")?;
    let mut command = process::command(&rustc, Path::new("/"));
    command.args(["--print", "sysroot"]).env("RUSTUP_AUTO_INSTALL", "0");
    let out = process::run(command, SIMULATE, &mut |_| ()).ok().filter(|out| out.ok)?;
    let hosts = children(&Path::new(out.stdout.trim()).join("lib/rustlib"));
    hosts.into_iter().map(|host| host.join("bin/rust-lld")).find(|lld| lld.is_file())
}

fn children(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort_unstable();
    paths
}

fn fetch(builder: &Builder, home: &Path, progress: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, String> {
    let dpkg = builder.tool("dpkg").ok_or("this is no Debian: dpkg is not there")?;
    let apt = Apt { program: builder.tool("apt-get").ok_or("apt-get is not there")?, state: builder.cache.join("apt") };
    let mut wanted: Vec<String> = PACKAGES.map(String::from).into();
    let mut packages = match apt.missing(&wanted, &[]) {
        Ok(packages) => packages,
        // A machine without package lists, or with old ones: fetch them beside, not into the system's.
        Err(_) => {
            progress(Progress::Fetching("Debian's package lists"));
            apt.update()?;
            apt.missing(&wanted, &apt.own_lists())?
        }
    };
    if rust_lld(builder).is_none() {
        let lld = packages.iter().find_map(|p| p.name.strip_prefix("libllvm")).map(|n| format!("lld-{n}"));
        wanted.push(lld.ok_or("no linker for wasm is known for this compiler")?);
        packages = apt.missing(&wanted, &[]).or_else(|_| apt.missing(&wanted, &apt.own_lists()))?;
    }
    let version = one_version(&packages)?;
    let place = home.join(file_name(&version));
    let part = home.join(format!("{}.part-{}", file_name(&version), std::process::id()));
    let mut unpack = || -> Result<(), String> {
        std::fs::create_dir_all(part.join("root")).map_err(|e| e.to_string())?;
        progress(Progress::Fetching(&format!("Debian's Rust {version} with its library's source (about 150 MB)")));
        apt.download(&packages, &part)?;
        for deb in children(&part).into_iter().filter(|p| p.extension().is_some_and(|e| e == "deb")) {
            let mut command = process::command(&dpkg, &part);
            command.arg("-x").arg(&deb).arg(part.join("root"));
            let out = process::run(command, FETCH, &mut |_| ()).map_err(|e| e.to_string())?;
            if !out.ok {
                return Err(last_line(&out.tail));
            }
            std::fs::remove_file(&deb).map_err(|e| e.to_string())?;
        }
        // Another process may have been faster: then its folder is as good.
        match std::fs::rename(&part, &place) {
            Err(e) if !place.is_dir() => Err(e.to_string()),
            _ => Ok(()),
        }
    };
    let done = unpack();
    if part.exists() {
        let _ = std::fs::remove_dir_all(&part);
    }
    done.map(|()| place.join("root"))
}

/// A version may hold characters that a file name should not.
fn file_name(version: &str) -> String {
    version.chars().map(|c| if c.is_ascii_alphanumeric() || ".-+".contains(c) { c } else { '_' }).collect()
}

#[derive(Clone, PartialEq, Debug)]
struct Package {
    name: String,
    version: String,
}

/// The version that compiler, cargo and source have in common.
fn one_version(packages: &[Package]) -> Result<String, String> {
    let version = |name: &str| {
        let package = packages.iter().find(|p| p.name == name);
        package.map(|p| p.version.clone()).ok_or_else(|| format!("{name} is installed already, but not usable"))
    };
    let [rustc, cargo, source] = ["rustc-web", "cargo-web", "rust-web-src"].map(version);
    let (rustc, cargo, source) = (rustc?, cargo?, source?);
    if rustc == cargo && rustc == source {
        Ok(rustc)
    } else {
        Err(format!("compiler, cargo and source are of different versions: {rustc}, {cargo}, {source}"))
    }
}

struct Apt {
    program: PathBuf,
    /// Where lists go that are not the system's.
    state: PathBuf,
}

impl Apt {
    fn own_lists(&self) -> [String; 2] {
        [
            format!("-oDir::State::Lists={}", self.state.join("lists").display()),
            format!("-oDir::Cache={}", self.state.display()),
        ]
    }

    fn run(&self, dir: &Path, arguments: &[String], limit: Duration) -> Result<String, String> {
        let mut command = process::command(&self.program, dir);
        command.env("LC_ALL", "C").args(arguments);
        let out = process::run(command, limit, &mut |_| ()).map_err(|e| e.to_string())?;
        if out.ok { Ok(out.stdout) } else { Err(last_line(&out.tail)) }
    }

    fn update(&self) -> Result<(), String> {
        for folder in ["lists/partial", "archives/partial"] {
            std::fs::create_dir_all(self.state.join(folder)).map_err(|e| e.to_string())?;
        }
        let mut arguments = vec!["update".to_owned()];
        arguments.extend(self.own_lists());
        self.run(&self.state, &arguments, FETCH).map(drop)
    }

    /// The packages that an installation of these would add: their libraries too, as far as the machine lacks them.
    fn missing(&self, wanted: &[String], lists: &[String]) -> Result<Vec<Package>, String> {
        let mut arguments: Vec<_> = ["install", "--simulate", "--no-install-recommends"].map(String::from).into();
        arguments.extend_from_slice(lists);
        arguments.extend_from_slice(wanted);
        let packages = parse_simulation(&self.run(Path::new("/"), &arguments, SIMULATE)?);
        if packages.is_empty() {
            Err("the packages are installed already, but not usable".into())
        } else {
            Ok(packages)
        }
    }

    fn download(&self, packages: &[Package], into: &Path) -> Result<(), String> {
        let mut arguments = vec!["download".to_owned(), "--quiet".to_owned()];
        arguments.extend(packages.iter().map(|p| format!("{}={}", p.name, p.version)));
        self.run(into, &arguments, FETCH).or_else(|_| {
            arguments.extend(self.own_lists());
            self.run(into, &arguments, FETCH)
        })?;
        Ok(())
    }
}

/// `Inst libllvm22 (1:22.1.8-1 Debian:12 [amd64])`, with the old version before in `[]` if there is one.
fn parse_simulation(text: &str) -> Vec<Package> {
    let package = |line: &str| {
        let (name, rest) = line.strip_prefix("Inst ")?.split_once(' ')?;
        let version = rest.split_once('(')?.1.split(' ').next()?;
        Some(Package { name: name.into(), version: version.into() })
    };
    text.lines().filter_map(package).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMULATION: &str = "\
Reading package lists...
The following NEW packages will be installed:
  cargo-web libllvm22 rust-web-src rustc-web
Inst libllvm22 (1:22.1.8-1~deb12u1 Debian-Security:12/oldstable-security [amd64])
Inst libssh2-1 [1.10.0-3] (1.10.0-4 Debian:12/oldstable [amd64])
Inst rustc-web (1.96.0+dfsg1-1 Debian:12 [amd64]) []
Inst cargo-web (1.96.0+dfsg1-1 Debian:12 [amd64])
Inst rust-web-src (1.96.0+dfsg1-1 Debian:12 [all])
Conf libllvm22 (1:22.1.8-1~deb12u1 Debian-Security:12/oldstable-security [amd64])
";

    #[test]
    fn a_simulated_installation_names_what_is_missing() {
        let packages = parse_simulation(SIMULATION);
        let names: Vec<_> = packages.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["libllvm22", "libssh2-1", "rustc-web", "cargo-web", "rust-web-src"]);
        assert_eq!((packages[0].version.as_str(), packages[1].version.as_str()), ("1:22.1.8-1~deb12u1", "1.10.0-4"));
    }

    #[test]
    fn compiler_and_source_must_be_of_one_version() {
        let mut packages = parse_simulation(SIMULATION);
        assert_eq!(one_version(&packages).unwrap(), "1.96.0+dfsg1-1");
        packages[4].version = "1.85.0".into();
        assert!(one_version(&packages).unwrap_err().contains("different versions"));
        packages.pop();
        assert!(one_version(&packages).unwrap_err().contains("rust-web-src"));
    }
}
