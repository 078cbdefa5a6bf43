//! Pure rooms have no socket, clock, thread, file or random source; time and randomness are arguments.

use weir_tests::workspace;

const PURE: &[&str] = &["media", "rtmp-proto"];

/// What of the standard library a pure room may use. Anything else is a question, not an accident.
const STD: &[&str] = &[
    "any",
    "array",
    "ascii",
    "borrow",
    "boxed",
    "cell",
    "char",
    "cmp",
    "collections",
    "convert",
    "error",
    "fmt",
    "hash",
    // a pair of pointers for a vectored write that somebody else does
    "io::IoSlice",
    "iter",
    "marker",
    "mem",
    "num",
    "ops",
    "option",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "sync",
    "time::Duration",
    "vec",
    // primitive types
    "f64",
    "i32",
    "i64",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
];

/// What a pure room may link.
const CRATES: &[&str] = &["bytes", "crypto-bigint", "hmac", "md-5", "rc4", "sha2", "thiserror"];

#[test]
fn pure_rooms_use_only_the_harmless_part_of_std() {
    for room in PURE {
        let mut files = 0;
        for file in workspace::rust_files(&format!("host/{room}/src")) {
            files += 1;
            let code = without_tests_and_comments(&workspace::read(&file));
            for path in std_paths(&code) {
                let fine = STD.iter().any(|ok| path == *ok || path.starts_with(&format!("{ok}::")));
                assert!(fine, "{}: std::{path}", file.display());
            }
        }
        assert!(files > 0, "{room} has no source");
    }
}

#[test]
fn pure_rooms_link_only_pure_crates() {
    let metadata = workspace::metadata(false);
    for package in metadata["packages"].as_array().expect("packages") {
        if !PURE.iter().any(|room| package["name"] == *room) {
            continue;
        }
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let name = dependency["name"].as_str().expect("a name");
            let linked = dependency["kind"].is_null();
            assert!(!linked || CRATES.contains(&name), "{} links {name}", package["name"]);
        }
    }
}

#[test]
fn the_ground_floor_denies_what_can_panic() {
    let lints = ["unwrap_used", "expect_used", "panic", "indexing_slicing", "arithmetic_side_effects"];
    for room in PURE {
        let lib = workspace::read(format!("host/{room}/src/lib.rs"));
        for lint in lints {
            assert!(lib.contains(&format!("clippy::{lint}")), "{room} does not deny clippy::{lint}");
        }
        for file in workspace::rust_files(&format!("host/{room}/src")) {
            let code = without_tests_and_comments(&workspace::read(&file));
            for lint in lints {
                let allowed = code.lines().find(|l| l.contains("allow(") && l.contains(&format!("clippy::{lint}")));
                assert!(allowed.is_none(), "{}: {}", file.display(), allowed.unwrap_or_default());
            }
        }
    }
}

/// The code that is compiled outside tests. Comments go; so does everything from the first `#[cfg(test)]`, which stands at
/// a file's end by custom, and files that are tests as a whole.
fn without_tests_and_comments(source: &str) -> String {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    if source.contains("#![cfg(test)]") {
        return String::new();
    }
    let lines = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path below `std::`, groups spelled out: `std::{fmt, time::{Duration}}` is `fmt`, `time::Duration`.
fn std_paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("std::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        expand("", &code[at + "std::".len()..], &mut found);
    }
    found
}

fn expand(prefix: &str, rest: &str, found: &mut Vec<String>) {
    let rest = rest.trim_start();
    let Some(group) = rest.strip_prefix('{') else {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        let path = &rest[..end];
        match rest[end..].starts_with('{') && path.ends_with("::") {
            true => expand(&format!("{prefix}{path}"), &rest[end..], found),
            false => found.push(format!("{prefix}{}", path.trim_end_matches(':'))),
        }
        return;
    };
    let (mut depth, mut start) = (0usize, 0usize);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let item = group[start..at].trim();
                if !item.is_empty() {
                    expand(prefix, item, found);
                }
                start = at + 1;
                if c == '}' {
                    return;
                }
            }
            _ => {}
        }
    }
}

#[test]
fn groups_of_imports_are_spelled_out() {
    let code = "use std::{fmt, time::{Duration, Instant}, net};\nlet x = std::fs::read(a); mystd::io; other::std::env";
    assert_eq!(std_paths(code), ["fmt", "time::Duration", "time::Instant", "net", "fs::read"]);
}
