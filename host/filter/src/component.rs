//! Bytes of a file → a component whose imports and exports are known and allowed. Nothing of the guest runs here.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use wasmparser::{ComponentExternalKind, Encoding, Parser, Payload};
use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use crate::cache::hex;
use crate::{Error, Grants};

/// The contract that this router offers.
pub const OFFERED: &str = "weir:filter@0.1.0";
const PACKAGE: &str = "weir:filter";
/// Within a track nothing that exists changes: what the first two numbers name.
const TRACK: (u64, u64) = (0, 1);

/// Interfaces that every filter may import.
const FREE: [&str; 7] = ["types", "log", "metrics", "clock", "config", "frame", "output"];

/// What core modules get that import WASI 0.1, as those of Go do.
const PREVIEW1: &str = include_str!("preview1.wat");

/// What a file is, without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// SHA-256 of the file, in lower-case hex.
    pub digest: String,
    /// Bytes of the file.
    pub size: usize,
    /// A core module that is wrapped when it is loaded; false: a component.
    pub core_module: bool,
    /// Linear memory that an instance starts with, in bytes, all its memories together.
    pub memory_bytes: u64,
    /// What it imports: an honest list of what it can reach.
    pub imports: Vec<String>,
    /// What it exports.
    pub exports: Vec<String>,
    /// The worlds of the contract that it serves.
    pub worlds: Worlds,
}

/// Which hooks a filter has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worlds {
    /// `session-filter`.
    pub session: bool,
    /// `media-filter`.
    pub media: bool,
    /// `job-planner`.
    pub jobs: bool,
}

impl std::fmt::Display for Worlds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = [(self.session, "session-filter"), (self.media, "media-filter"), (self.jobs, "job-planner")];
        let names: Vec<_> = names.iter().filter(|(has, _)| *has).map(|(_, name)| *name).collect();
        f.write_str(&names.join(", "))
    }
}

/// A component that may be compiled.
pub(crate) struct Checked {
    pub(crate) bytes: Vec<u8>,
    pub(crate) inspection: Inspection,
}

/// Says what a file is: the imports and exports of a component, or of the component that a core module is wrapped into.
///
/// # Errors
/// [`Error::NotWasm`]; `name` appears in it.
pub fn inspect(name: &str, bytes: &[u8]) -> Result<Inspection, Error> {
    Ok(read(name, bytes)?.inspection)
}

/// [`inspect`], and whether all it imports is granted and all it exports is known.
pub(crate) fn check(name: &str, bytes: &[u8], grants: &Grants) -> Result<Checked, Error> {
    let checked = read(name, bytes)?;
    let all = checked.inspection.imports.iter().chain(&checked.inspection.exports);
    for interface in all {
        version(name, interface)?;
    }
    for import in &checked.inspection.imports {
        granted(name, import, grants)?;
        if checked.inspection.worlds.media && ours(import).is_some_and(|(interface, _)| interface == "outbound") {
            let why = "which a filter with media hooks cannot have: frames wait for nobody. Ask in a session filter";
            return Err(Error::NotGranted { name: name.to_owned(), interface: import.clone(), why: why.to_owned() });
        }
    }
    exported(name, &checked.inspection)?;
    Ok(checked)
}

fn read(name: &str, bytes: &[u8]) -> Result<Checked, Error> {
    let bad = |why: String| Error::NotWasm { name: name.to_owned(), why };
    if Engine::detect_precompiled(bytes).is_some() || bytes.starts_with(b"\x7fELF") {
        return Err(bad(
            "it is machine code; precompiled files are never loaded, give the .wasm file it was made from".into(),
        ));
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(bad("it does not start as wasm does".into()));
    }
    let (wrapped, shape) = match shape(bytes).map_err(bad)? {
        shape @ Shape { module: false, .. } => (None, shape),
        core => {
            if !core.typed {
                let why = "a core module without its component type: build it with the bindings of its language's SDK, or as a component";
                return Err(bad(why.into()));
            }
            let bytes = wrap(bytes).map_err(|e| bad(format!("the core module cannot be wrapped: {e:#}")))?;
            let shape = shape(&bytes).map_err(bad)?;
            (Some(bytes), shape)
        }
    };
    let worlds = Worlds { session: shape.has("session"), media: shape.has("media"), jobs: shape.has("jobs") };
    let inspection = Inspection {
        digest: hex(&Sha256::digest(bytes)[..]),
        size: bytes.len(),
        core_module: wrapped.is_some(),
        memory_bytes: shape.memory_bytes,
        imports: shape.imports,
        exports: shape.exports,
        worlds,
    };
    Ok(Checked { bytes: wrapped.unwrap_or_else(|| bytes.to_vec()), inspection })
}

/// More packages than any contract has.
const MOST_PACKAGES: usize = 256;

/// Whether the packages of the component types that a module carries depend on each other without circles: the library that reads them
/// follows a circle until its stack is used up.
fn depends_in_order(module: &[u8]) -> Result<(), String> {
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        let payload = payload.map_err(|e| e.to_string())?;
        let wasmparser::Payload::CustomSection(section) = payload else { continue };
        if !section.name().starts_with("component-type") {
            continue;
        }
        let broken = |why: String| format!("its section {}: {why}", section.name());
        let mut reader = wasmparser::BinaryReader::new(section.data(), 0);
        // The form that came before has the encoding of strings and the name of the world in front.
        let encoded = match section.data().first() {
            Some(3) => {
                let named = reader.read_u8().and_then(|_| reader.read_u8()).and_then(|_| reader.read_string());
                named.map_err(|e| broken(e.to_string()))?;
                section.data().get(reader.original_position()..).unwrap_or_default()
            }
            _ => section.data(),
        };
        let decoded = wit_component::decode(encoded).map_err(|e| broken(format!("{e:#}")))?;
        let resolve = decoded.resolve();
        if resolve.packages.len() > MOST_PACKAGES {
            return Err(broken(format!("more than {MOST_PACKAGES} packages")));
        }
        let mut left: Vec<_> = resolve.packages.iter().map(|(id, _)| id).collect();
        loop {
            let before = left.len();
            let waiting = left.clone();
            left.retain(|id| resolve.package_direct_deps(*id).any(|on| waiting.contains(&on)));
            if left.is_empty() {
                break;
            }
            if left.len() == before {
                return Err(broken("packages depend on each other in a circle".into()));
            }
        }
    }
    Ok(())
}

fn wrap(module: &[u8]) -> Result<Vec<u8>, String> {
    depends_in_order(module)?;
    let preview1 = wat::parse_str(PREVIEW1).map_err(|e| e.to_string())?;
    let encoder = wit_component::ComponentEncoder::default().validate(true).module(module);
    // Left out where nothing imports it.
    let encoder = encoder.and_then(|encoder| encoder.adapter("wasi_snapshot_preview1", &preview1));
    let encoded = encoder.and_then(|mut encoder| encoder.encode());
    encoded.map_err(|e| format!("{e:#}"))
}

#[derive(Default)]
struct Shape {
    /// A core module.
    module: bool,
    /// It carries its component type.
    typed: bool,
    imports: Vec<String>,
    exports: Vec<String>,
    memory_bytes: u64,
}

impl Shape {
    /// Whether it exports an interface of the contract, in any version.
    fn has(&self, interface: &str) -> bool {
        self.exports.iter().any(|name| ours(name).is_some_and(|(i, _)| i == interface))
    }
}

/// Names at the top level; what is nested belongs to the component's own works.
fn shape(bytes: &[u8]) -> Result<Shape, String> {
    let mut shape = Shape::default();
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|e| format!("{e:#}"))? {
            Payload::Version { encoding, .. } => {
                depth += 1;
                shape.module |= depth == 1 && encoding == Encoding::Module;
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 1 => {
                shape.typed |= section.name().starts_with("component-type")
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    let memory = memory.map_err(|e| format!("{e:#}"))?;
                    // A page is 64 KiB unless it says otherwise.
                    let bytes = memory.initial.checked_shl(memory.page_size_log2.unwrap_or(16)).unwrap_or(u64::MAX);
                    shape.memory_bytes = shape.memory_bytes.saturating_add(bytes);
                }
            }
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    shape.imports.push(import.map_err(|e| format!("{e:#}"))?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    let export = export.map_err(|e| format!("{e:#}"))?;
                    if export.kind == ComponentExternalKind::Instance {
                        shape.exports.push(export.name.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    Ok(shape)
}

/// The functions that a component imports, as `INTERFACE.FUNCTION` without versions. Toolchains leave out what is never called.
pub(crate) fn functions(component: &Component) -> Arc<[String]> {
    let engine = component.engine();
    let mut found = Vec::new();
    for (name, item) in component.component_type().imports(engine) {
        let interface = name.split('@').next().unwrap_or(name);
        if let ComponentItem::ComponentInstance(instance) = item.ty {
            let functions =
                instance.exports(engine).filter(|(_, item)| matches!(item.ty, ComponentItem::ComponentFunc(_)));
            found.extend(functions.map(|(function, _)| format!("{interface}.{function}")));
        }
    }
    found.into()
}

/// Interface and version of a name of the contract.
fn ours(name: &str) -> Option<(&str, Option<&str>)> {
    let rest = name.strip_prefix(PACKAGE)?.strip_prefix('/')?;
    Some(rest.split_once('@').map_or((rest, None), |(interface, version)| (interface, Some(version))))
}

fn version(name: &str, interface: &str) -> Result<(), Error> {
    let Some((_, version)) = ours(interface) else { return Ok(()) };
    let mut numbers = version.unwrap_or_default().split(['.', '-', '+']).map(str::parse::<u64>);
    let track = (numbers.next(), numbers.next());
    let pre_release = version.is_some_and(|v| v.contains('-'));
    if track == (Some(Ok(TRACK.0)), Some(Ok(TRACK.1))) && !pre_release {
        return Ok(());
    }
    let found = version.map_or_else(|| format!("{PACKAGE} without a version"), |v| format!("{PACKAGE}@{v}"));
    Err(Error::Version { name: name.to_owned(), found, offered: OFFERED.to_owned() })
}

fn granted(name: &str, import: &str, grants: &Grants) -> Result<(), Error> {
    let refuse = |why: String| Err(Error::NotGranted { name: name.to_owned(), interface: import.to_owned(), why });
    if import.starts_with("wasi:") {
        return Ok(());
    }
    let Some((interface, _)) = ours(import) else { return refuse("which this router does not have".into()) };
    let needs = match interface {
        "entropy" if !grants.entropy => "entropy",
        "kv" if grants.kv.is_empty() => "kv:BUCKET",
        "outbound" if grants.http.is_empty() => "http:ORIGIN",
        "entropy" | "kv" | "outbound" => return Ok(()),
        free if FREE.contains(&free) => return Ok(()),
        _ => "",
    };
    if !needs.is_empty() {
        let why = format!("which needs the grant `{needs}`: write grants = [\"{needs}\"] under [filters.{name}]");
        return refuse(why);
    }
    refuse(format!("which is no interface of {OFFERED}"))
}

fn exported(name: &str, it: &Inspection) -> Result<(), Error> {
    let refuse = |why: String| Err(Error::World { name: name.to_owned(), why });
    if it.worlds == Worlds::default() {
        let has = if it.exports.is_empty() { "nothing".to_owned() } else { it.exports.join(", ") };
        return refuse(format!(
            "it exports {has}; a filter exports {PACKAGE}/session, {PACKAGE}/media or {PACKAGE}/jobs of {OFFERED}"
        ));
    }
    if !it.exports.iter().any(|e| ours(e).is_some_and(|(i, _)| i == "lifecycle")) {
        return refuse(format!("it does not export {PACKAGE}/lifecycle@0.1.0, which every filter has"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wasm(text: &str) -> Vec<u8> {
        wat::parse_str(text).unwrap()
    }

    /// A component with these instance imports and (empty) instance exports.
    fn component(imports: &[&str], exports: &[&str]) -> Vec<u8> {
        let mut text = "(component ".to_owned();
        for import in imports {
            text += &format!("(import \"{import}\" (instance)) ");
        }
        text += "(instance $empty) ";
        for export in exports {
            text += &format!("(export \"{export}\" (instance $empty)) ");
        }
        wasm(&(text + ")"))
    }

    const SESSION: [&str; 2] = ["weir:filter/lifecycle@0.1.0", "weir:filter/session@0.1.0"];

    #[test]
    fn imports_and_exports_are_listed_and_nested_ones_are_not() {
        let inner = "(component $inner (import \"weir:filter/entropy@0.1.0\" (instance)))";
        let text = format!("(component {inner} (import \"weir:filter/log@0.1.0\" (instance)))");
        let it = inspect("x", &wasm(&text)).unwrap();
        assert_eq!((it.imports, it.exports), (vec!["weir:filter/log@0.1.0".to_owned()], vec![]));
        let it = check("x", &component(&["weir:filter/log@0.1.7"], &SESSION), &Grants::default()).unwrap().inspection;
        assert_eq!(it.worlds.to_string(), "session-filter");
        assert!(!it.core_module && it.digest.len() == 64);
    }

    #[test]
    fn what_is_refused_and_what_the_message_says() {
        let with = |import: &str| component(&[import], &SESSION);
        let rows: &[(&str, Vec<u8>, &[&str])] = &[
            (
                "entropy",
                with("weir:filter/entropy@0.1.0"),
                &["weir:filter/entropy@0.1.0", "grants = [\"entropy\"]", "[filters.f]"],
            ),
            ("kv", with("weir:filter/kv@0.1.0"), &["grants = [\"kv:BUCKET\"]", "[filters.f]"]),
            ("http", with("weir:filter/outbound@0.1.0"), &["grants = [\"http:ORIGIN\"]", "[filters.f]"]),
            (
                "no such interface",
                with("weir:filter/teleport@0.1.0"),
                &["teleport", "no interface of weir:filter@0.1.0"],
            ),
            ("another package", with("acme:gpu/compute@1.0.0"), &["acme:gpu/compute@1.0.0", "does not have"]),
            ("newer imports", with("weir:filter/log@0.2.0"), &["weir:filter@0.2.0", "offers weir:filter@0.1.0"]),
            ("pre-release", with("weir:filter/log@0.1.0-rc1"), &["0.1.0-rc1", "offers weir:filter@0.1.0"]),
            (
                "newer exports",
                component(&[], &["weir:filter/lifecycle@1.0.0", "weir:filter/session@1.0.0"]),
                &["weir:filter@1.0.0", "offers weir:filter@0.1.0"],
            ),
            ("nothing exported", component(&[], &[]), &["exports nothing", "weir:filter/media"]),
            ("no lifecycle", component(&[], &["weir:filter/media@0.1.0"]), &["weir:filter/lifecycle@0.1.0"]),
            ("core module", wasm("(module)"), &["component type"]),
            ("text", b"(component)".to_vec(), &["not start as wasm"]),
            ("empty", vec![], &["not start as wasm"]),
            ("machine code", b"\x7fELF\x02\x01\x01 and so on".to_vec(), &["precompiled"]),
            ("truncated", component(&[], &SESSION)[..40].to_vec(), &["not a usable wasm file"]),
        ];
        for (what, bytes, says) in rows {
            let text =
                check("f", bytes, &Grants::default()).err().unwrap_or_else(|| panic!("{what} passed")).to_string();
            for part in *says {
                assert!(text.contains(part) && text.contains("`f`"), "{what}: {text}");
            }
        }
        let grants = Grants::parse(["entropy", "kv:b", "http:https://auth.example"]).unwrap();
        for import in ["weir:filter/entropy@0.1.0", "weir:filter/kv@0.1.0", "weir:filter/outbound@0.1.0"] {
            assert!(check("f", &with(import), &grants).is_ok());
        }
        let media =
            component(&["weir:filter/outbound@0.1.0"], &["weir:filter/lifecycle@0.1.0", "weir:filter/media@0.1.0"]);
        let text = check("f", &media, &grants).err().unwrap().to_string();
        assert!(text.contains("outbound") && text.contains("Ask in a session filter"), "{text}");
        assert!(check("f", &with("wasi:cli/environment@0.2.3"), &Grants::default()).is_ok());
    }

    #[test]
    fn machine_code_of_wasmtime_is_refused() {
        let engines = crate::engine::Engines::new().unwrap();
        let code = engines.media.precompile_component(&wasm("(component)")).unwrap();
        assert!(inspect("f", &code).unwrap_err().to_string().contains("precompiled"));
    }

    #[test]
    fn no_cut_and_no_flipped_bit_panics() {
        let good = component(&["weir:filter/log@0.1.0", "weir:filter/clock@0.1.0"], &SESSION);
        for end in 0..good.len() {
            let _ = check("f", &good[..end], &Grants::default());
        }
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let _ = check("f", &bytes, &Grants::default());
        }
    }
}
