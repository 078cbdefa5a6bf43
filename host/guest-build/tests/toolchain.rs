//! The order in which toolchains are tried, with tools that only note how they were called.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use guest_build::{Builder, Error};

struct Machine {
    dir: tempfile::TempDir,
}

impl Machine {
    fn new() -> Machine {
        let machine = Machine { dir: tempfile::tempdir().unwrap() };
        for folder in ["bin", "lib", "cache", "package/src"] {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        let manifest = "[package]\nname = \"f\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n";
        fs::write(machine.path("package/Cargo.toml"), manifest).unwrap();
        for tool in ["sh", "mkdir", "touch", "cat"] {
            let real = ["/bin", "/usr/bin"].map(|b| Path::new(b).join(tool)).into_iter().find(|p| p.exists()).unwrap();
            std::os::unix::fs::symlink(real, machine.path("bin").join(tool)).unwrap();
        }
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A tool that notes its arguments and then runs the script; `$M` is the machine's folder.
    fn tool(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        let m = self.dir.path().display();
        let text = format!("#!/bin/sh\nM='{m}'\necho \"{name} $*\" >> \"$M/calls\"\n{script}\n");
        // Written by another process: a file that this one holds open for writing cannot be run by a sibling thread's child.
        let write = "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"";
        let status = Command::new("sh").args(["-c", write, "sh", &text]).arg(&path).status().unwrap();
        assert!(status.success());
    }

    fn rust(&self) {
        self.tool("rustc", "case \"$*\" in *sysroot*) echo \"$M/sysroot\";; *) echo \"$M/lib\";; esac");
        self.tool("cargo", WRITES_THE_MODULE);
    }

    fn build(&self) -> Result<(), Error> {
        let builder = Builder::new(vec![self.path("bin")], self.path("cache"));
        builder.build(&self.path("package"), &mut |_| ()).map(drop)
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.path("calls")).unwrap_or_default()
    }
}

const WRITES_THE_MODULE: &str = "t=\"$M/package/target/wasm32-unknown-unknown/release\"; mkdir -p \"$t\"; printf '\\0asm\\1\\0\\0\\0' > \"$t/f.wasm\"";

#[test]
fn a_toolchain_that_has_the_target_is_used_as_it_is() {
    let machine = Machine::new();
    machine.rust();
    machine.tool("rustup", "exit 1");
    fs::write(machine.path("lib/libcore-1.rlib"), "").unwrap();
    machine.build().unwrap();
    assert!(!machine.calls().contains("rustup"));
    assert!(machine.calls().contains("cargo build --release --target wasm32-unknown-unknown"));
}

#[test]
fn rustup_adds_the_target_where_it_lacks() {
    let machine = Machine::new();
    machine.rust();
    machine.tool("rustup", "touch \"$M/lib/libcore-1.rlib\"");
    machine.build().unwrap();
    assert!(machine.calls().contains("rustup target add wasm32-unknown-unknown\n"));
    assert!(!machine.calls().contains("-Zbuild-std"));
}

/// Debian's part: what the simulation says, a package per download, a toolchain out of each.
fn debian(machine: &Machine) {
    machine.tool(
        "apt-get",
        "case \"$1\" in\n\
         install) echo 'Inst libllvm22 (1:22.1 Debian:12 [amd64])'\n\
         for p in rustc-web cargo-web rust-web-src; do echo \"Inst $p (1.96.0 Debian:12 [amd64])\"; done;;\n\
         download) touch rustc-web_1.96.0.deb libllvm22_22.1.deb;;\nesac",
    );
    machine.tool(
        "dpkg",
        "mkdir -p \"$3/usr/bin\" \"$3/usr/lib/x86_64-linux-gnu\" \"$3/usr/lib/llvm-22/bin\"\n\
         touch \"$3/usr/lib/llvm-22/bin/wasm-ld\"; cp_cargo=\"$3/usr/bin/cargo\"\n\
         cat \"$M/bin/debian-cargo\" > \"$cp_cargo\"; chmod 755 \"$cp_cargo\"",
    );
    machine.tool("debian-cargo", &format!("echo \"RUSTC=$RUSTC LINKER=$CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER BOOT=$RUSTC_BOOTSTRAP LIB=$LD_LIBRARY_PATH\" >> \"$M/calls\"; {WRITES_THE_MODULE}"));
    std::os::unix::fs::symlink("/bin/chmod", machine.path("bin/chmod")).unwrap();
}

#[test]
fn debians_packages_are_the_third_way_and_are_fetched_once() {
    let machine = Machine::new();
    debian(&machine);
    machine.build().unwrap();
    let calls = machine.calls();
    assert!(calls.contains("apt-get download --quiet libllvm22=1:22.1 rustc-web=1.96.0"), "{calls}");
    assert!(calls.contains("lld-22"), "without a Rust installation the linker comes from Debian too: {calls}");
    let root = machine.path("cache/debian-rust/1.96.0/root");
    let expect = format!(
        "RUSTC={0}/usr/bin/rustc LINKER={0}/usr/lib/llvm-22/bin/wasm-ld BOOT=1 LIB={0}/usr/lib/x86_64-linux-gnu",
        root.display()
    );
    assert!(calls.contains(&expect), "{calls}");
    assert!(calls.contains("-Zbuild-std=std,panic_abort"));
    machine.build().unwrap();
    assert_eq!(machine.calls().matches("apt-get download").count(), 1, "the second build finds the first one's");
    let left: Vec<_> = fs::read_dir(machine.path("cache/debian-rust")).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "nothing half done stays: {left:?}");
}

#[test]
fn a_rust_installation_lends_its_linker() {
    let machine = Machine::new();
    machine.rust();
    let bin = machine.path("sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(bin.join("rust-lld"), "").unwrap();
    debian(&machine);
    machine.build().unwrap();
    assert!(machine.calls().contains(&format!("LINKER={}/rust-lld", bin.display())), "{}", machine.calls());
    assert!(!machine.calls().contains("lld-22"));
}

#[test]
fn a_download_that_fails_leaves_nothing_behind_and_says_why() {
    let machine = Machine::new();
    debian(&machine);
    machine.tool("dpkg", "echo 'dpkg-deb: error: unexpected end of file' >&2; exit 2");
    let text = machine.build().unwrap_err().to_string();
    assert!(text.contains("unexpected end of file"), "{text}");
    assert_eq!(fs::read_dir(machine.path("cache/debian-rust")).unwrap().count(), 0);
}

#[test]
fn with_nothing_there_the_error_names_all_three_ways() {
    let machine = Machine::new();
    machine.rust();
    machine.tool("rustup", "echo 'error: could not download file' >&2; exit 1");
    let error = machine.build().unwrap_err();
    assert!(matches!(error, Error::NoToolchain(_)));
    let text = error.to_string();
    for part in [
        "1. a Rust installation with that target",
        "2. `rustup target add wasm32-unknown-unknown`: error: could not download file",
        "3. Debian's packages rustc-web, cargo-web and rust-web-src by apt-get: this is no Debian",
    ] {
        assert!(text.contains(part), "{text}");
    }
}
