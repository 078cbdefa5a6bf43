//! Which crate stands on which floor of host/, and who may know what.

use serde_json::Value;
use weir_tests::workspace;

/// The floor plan of host/ARCHITECTURE.md. Imports go to lower floors only; crates on one floor never import each other.
const FLOORS: &[(u8, &[&str])] = &[
    (6, &["cli"]),
    (5, &["cluster"]),
    (4, &["relay", "jobs", "web", "record", "bench"]),
    (3, &["rtmp"]),
    (2, &["router"]),
    (1, &["filter", "fanout", "retry", "guest-build", "supply"]),
    (0, &["media", "rtmp-proto", "filter-wit"]),
];

/// Who may name a crate whose types would otherwise spread through the house.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
    ("wasmtime", &["filter", "filter-wit"]),
    ("wit-component", &["filter", "guest-build"]),
    ("filter-wit", &["filter"]),
    ("rtmp-proto", &["rtmp", "bench", "cli", "weir-fuzz"]),
    ("wit-bindgen", &["guest-sdk"]),
    ("minisign-verify", &["supply"]),
];

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, crates)| crates.contains(&name)).map(|(floor, _)| *floor)
}

/// (package, what it depends on) with the kind of the dependency: normal, dev, build.
fn imports(metadata: &Value) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let text = |v: &Value| v.as_str().unwrap_or("normal").to_owned();
            found.push((text(&package["name"]), text(&dependency["name"]), text(&dependency["kind"])));
        }
    }
    found
}

#[test]
fn every_crate_of_the_host_is_a_direct_child_and_has_a_floor() {
    let metadata = workspace::metadata(false);
    let mut seen = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        let manifest = package["manifest_path"].as_str().expect("a path");
        let manifest = std::path::Path::new(manifest).strip_prefix(workspace::root()).expect("inside").to_owned();
        if !manifest.starts_with("host") {
            continue;
        }
        assert_eq!(manifest, std::path::Path::new("host").join(name).join("Cargo.toml"), "named as its folder");
        assert!(floor(name).is_some(), "{name} has no floor: add it to FLOORS and to host/ARCHITECTURE.md");
        seen.push(name.to_owned());
    }
    for file in workspace::files().iter().filter(|f| f.starts_with("host") && f.ends_with("Cargo.toml")) {
        let folder = file.components().nth(1).expect("a folder").as_os_str().to_string_lossy().into_owned();
        assert!(seen.contains(&folder), "{} is not a member of the workspace", file.display());
    }
    let picture = workspace::read("host/ARCHITECTURE.md");
    for name in seen {
        assert!(picture.contains(&name), "host/ARCHITECTURE.md does not show {name}");
    }
}

#[test]
fn imports_go_to_lower_floors_only() {
    let metadata = workspace::metadata(false);
    let mut checked = 0;
    for (package, dependency, kind) in imports(&metadata) {
        if let (Some(from), Some(to)) = (floor(&package), floor(&dependency)) {
            checked += 1;
            // A crate's tests may use its neighbours, but nothing that stands on them.
            let fine = to < from || (kind == "dev" && to == from);
            assert!(fine, "{package} (floor {from}) imports {dependency} (floor {to}) as a {kind} dependency");
        }
    }
    assert!(checked >= 10, "{checked} imports between our crates: the table does not name them");
}

#[test]
fn guests_and_tests_reach_only_the_ground_floor() {
    let metadata = workspace::metadata(false);
    for (package, dependency, _) in imports(&metadata) {
        if floor(&package).is_none() {
            assert!(floor(&dependency).unwrap_or(0) == 0, "{package} imports {dependency}, which only the host may");
        }
    }
}

#[test]
fn front_ends_reach_filters_and_streams_through_the_router() {
    let metadata = workspace::metadata(false);
    for (package, dependency, kind) in imports(&metadata) {
        let front_end = ["rtmp", "web", "record", "relay"].contains(&package.as_str());
        assert!(
            !(front_end && kind == "normal" && dependency == "filter"),
            "{package} knows filters: it could pass them by"
        );
    }
}

#[test]
fn some_crates_stay_where_they_belong() {
    let metadata = workspace::metadata(false);
    for (package, dependency, kind) in imports(&metadata) {
        if kind == "dev" {
            continue;
        }
        if let Some((_, rooms)) = KEPT_IN.iter().find(|(name, _)| *name == dependency) {
            assert!(rooms.contains(&package.as_str()), "{package} uses {dependency}, which is kept in {rooms:?}");
        }
    }
}
