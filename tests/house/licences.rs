//! What may be linked: the lists of .cargo/deny.toml, held without a network and without another tool.

use serde_json::Value;
use weir_tests::workspace;

fn rules() -> toml::Table {
    workspace::read(".cargo/deny.toml").parse().expect(".cargo/deny.toml is TOML")
}

fn linked() -> Vec<Value> {
    workspace::metadata(true)["packages"].as_array().expect("packages").clone()
}

#[test]
fn every_licence_is_on_the_list() {
    let rules = rules();
    let allowed: Vec<&str> =
        rules["licenses"]["allow"].as_array().expect("a list").iter().filter_map(|v| v.as_str()).collect();
    for package in linked() {
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(Expression::new(licence).holds(&allowed), "{} is under '{licence}'", package["id"]);
    }
}

#[test]
fn nothing_banned_is_linked() {
    let rules = rules();
    let banned: Vec<&str> =
        rules["bans"]["deny"].as_array().expect("a list").iter().filter_map(|v| v["name"].as_str()).collect();
    for package in linked() {
        let name = package["name"].as_str().expect("a name");
        assert!(!banned.contains(&name), "{name} is banned by .cargo/deny.toml");
    }
    for package in workspace::metadata(false)["packages"].as_array().expect("packages") {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let wildcard = dependency["req"] == "*" && dependency["path"].is_null();
            assert!(!wildcard, "{} takes any {}", package["name"], dependency["name"]);
        }
    }
}

#[test]
fn everything_comes_from_the_public_registry_or_from_here() {
    let lock: toml::Table = workspace::read("Cargo.lock").parse().expect("Cargo.lock is TOML");
    for package in lock["package"].as_array().expect("packages") {
        let source = package.get("source").and_then(|s| s.as_str());
        let fine = source.is_none_or(|s| s.starts_with("registry+https://github.com/rust-lang/crates.io-index"));
        assert!(fine, "{} comes from {}", package["name"], source.unwrap_or_default());
        assert!(source.is_none() || package.get("checksum").is_some(), "{} has no checksum", package["name"]);
    }
}

/// An SPDX licence expression, with the old `/` for `OR`.
struct Expression(Vec<String>);

impl Expression {
    fn new(text: &str) -> Expression {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let mut words: Vec<String> = Vec::new();
        let mut parts = spaced.split_whitespace();
        while let Some(word) = parts.next() {
            match words.last_mut() {
                // An exception belongs to its licence.
                Some(licence) if word == "WITH" => {
                    licence.push_str(" WITH ");
                    licence.push_str(parts.next().unwrap_or_default());
                }
                _ => words.push(word.to_owned()),
            }
        }
        Expression(words)
    }

    fn holds(&self, allowed: &[&str]) -> bool {
        let mut at = 0;
        let holds = self.any(&mut at, allowed);
        holds && at == self.0.len()
    }

    fn any(&self, at: &mut usize, allowed: &[&str]) -> bool {
        let mut holds = self.all(at, allowed);
        while self.0.get(*at).is_some_and(|w| w == "OR") {
            *at += 1;
            holds |= self.all(at, allowed);
        }
        holds
    }

    fn all(&self, at: &mut usize, allowed: &[&str]) -> bool {
        let mut holds = self.one(at, allowed);
        while self.0.get(*at).is_some_and(|w| w == "AND") {
            *at += 1;
            holds &= self.one(at, allowed);
        }
        holds
    }

    fn one(&self, at: &mut usize, allowed: &[&str]) -> bool {
        let Some(word) = self.0.get(*at) else { return false };
        *at += 1;
        if word != "(" {
            return allowed.contains(&word.as_str());
        }
        let holds = self.any(at, allowed);
        *at += 1;
        holds
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception", "BSD-3-Clause"];
    for (text, holds) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND BSD-3-Clause", true),
        ("Apache-2.0", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
        ("", false),
    ] {
        assert_eq!(Expression::new(text).holds(&allowed), holds, "{text}");
    }
}
