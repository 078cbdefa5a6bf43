//! What a filter's source asks of the contract: its world, and the interfaces that need a grant.
//!
//! Read from its imports of the SDK. Some toolchains import all that a world has, used or not, so they are given a world of the
//! filter's own: it has the granted interfaces that the source names and no other.

use std::path::{Path, PathBuf};

use wit_component::{StringEncoding, WitPrinter};
use wit_parser::{PackageId, Resolve};

use crate::{Error, retype};

/// The contract, file by file.
const WIT: [(&str, &str); 4] = [
    ("types.wit", include_str!("../../../wit/types.wit")),
    ("hooks.wit", include_str!("../../../wit/hooks.wit")),
    ("host.wit", include_str!("../../../wit/host.wit")),
    ("worlds.wit", include_str!("../../../wit/worlds.wit")),
];

/// Interfaces that need a grant, by the SDK module that calls them.
const GRANTED: [(&str, &str); 3] = [("entropy", "entropy"), ("kv", "kv"), ("http", "outbound")];

/// Records of the contract that come in lists only.
const IN_LISTS: &[&str] = &["unit-info"];

/// Which hooks a filter has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Media,
    Session,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Media => "media",
            Kind::Session => "session",
        }
    }
}

/// What the imports of the source name.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct World {
    pub(crate) kind: Kind,
    granted: Vec<&'static str>,
}

impl World {
    /// Reads the sources; `imports` says whether a file's text imports the SDK's module of this name.
    pub(crate) fn of(dir: &Path, sources: &[PathBuf], imports: fn(&str, &str) -> bool) -> Result<World, Error> {
        let mut texts = Vec::new();
        for file in sources {
            let bytes = std::fs::read(file).map_err(Error::io(file))?;
            texts.push(String::from_utf8_lossy(&bytes).into_owned());
        }
        let has = |module: &str| texts.iter().any(|text| imports(text, module));
        let refuse = |why: &str| Err(Error::NoSource { dir: dir.into(), why: why.into() });
        let kind = match (has("media"), has("session")) {
            (true, false) => Kind::Media,
            (false, true) => Kind::Session,
            (true, true) => return refuse("it imports the SDK's modules media and session: a filter is of one world"),
            (false, false) => return refuse("no source file imports the SDK's module media or session"),
        };
        let granted = GRANTED.iter().filter(|(module, _)| has(module)).map(|(_, interface)| *interface).collect();
        Ok(World { kind, granted })
    }

    /// The world as WIT, of the name `filter`.
    fn wit(&self) -> String {
        let mut text = "package weir:filter@0.1.0;\n\nworld filter {\n    include base;\n".to_owned();
        let media: &[&str] = if self.kind == Kind::Media { &["frame", "output"] } else { &[] };
        for import in media.iter().chain(&self.granted) {
            text.push_str(&format!("    import {import};\n"));
        }
        text.push_str(&format!("    export {};\n}}\n", self.kind.name()));
        text
    }

    /// Writes the contract with this world into a folder, with the types of `flat` flattened: what [`World::restore`] undoes.
    pub(crate) fn write(&self, folder: &Path, flat: &[&str]) -> Result<(), Error> {
        let text = self.resolve().and_then(|(mut resolve, package)| {
            retype::flatten(&mut resolve, flat, IN_LISTS)?;
            let mut printer = WitPrinter::default();
            printer.print(&resolve, package, &[]).map_err(|e| format!("{e:#}"))?;
            Ok(printer.output.to_string())
        });
        let path = folder.join("contract.wit");
        let text = text.map_err(|why| Error::Compile {
            dir: folder.into(),
            output: format!("the contract is not usable: {why}"),
        })?;
        // What was written here before would be read too.
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        std::fs::write(&path, text).map_err(Error::io(&path))
    }

    /// Gives the types of `flat` back to the component that was made of a folder so written.
    pub(crate) fn restore(&self, dir: &Path, component: &Path, flat: &[&str]) -> Result<(), Error> {
        let bytes = std::fs::read(component).map_err(Error::io(component))?;
        let restored = self.resolve().and_then(|(contract, _)| retype::restore(&bytes, &contract, flat));
        let restored = restored.map_err(|why| Error::Compile {
            dir: dir.into(),
            output: format!("the component made of it is not usable: {why}"),
        })?;
        std::fs::write(component, restored).map_err(Error::io(component))
    }

    /// The contract with this world.
    fn resolve(&self) -> Result<(Resolve, PackageId), String> {
        let mut resolve = Resolve::default();
        let own = self.wit();
        let mut map = wit_parser::SourceMap::new();
        for (name, text) in WIT.iter().copied().chain([("filter.wit", own.as_str())]) {
            map.push(Path::new(name), text);
        }
        let group = map.parse().map_err(|(_, e)| format!("{e:?}"))?;
        let package = resolve.push_group(group).map_err(|e| format!("{e:#}"))?;
        Ok((resolve, package))
    }

    /// Adds the component type of the world to a core module, where the host reads it.
    ///
    /// # Errors
    /// The module is none.
    pub(crate) fn embed(&self, module: &mut Vec<u8>) -> Result<(), String> {
        let (resolve, package) = self.resolve()?;
        let world = resolve.select_world(&[package], Some("filter")).map_err(|e| format!("{e:#}"))?;
        wit_component::embed_component_metadata(module, &resolve, world, StringEncoding::UTF8)
            .map_err(|e| format!("{e:#}"))
    }
}

/// Whether JavaScript or TypeScript imports `weir-sdk/MODULE`, from wherever that folder is.
pub(crate) fn script_imports(text: &str, module: &str) -> bool {
    let path = format!("weir-sdk/{module}");
    let lines = text.lines().map(str::trim_start).filter(|l| !l.starts_with("//"));
    lines.into_iter().any(|line| {
        line.match_indices(&path).any(|(at, _)| {
            line.get(at + path.len()..).is_some_and(|rest| rest.starts_with(['"', '\'']) || rest.starts_with(".js"))
        })
    })
}

/// Whether Go imports `weir/MODULE`.
pub(crate) fn go_imports(text: &str, module: &str) -> bool {
    let path = format!("\"weir/{module}\"");
    text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(&path))
}

/// Whether Python imports `weir.MODULE`, in any of the forms of an import statement.
pub(crate) fn python_imports(text: &str, module: &str) -> bool {
    let named = |list: &str| {
        list.split(',').any(|item| item.trim_matches([' ', '(', ')', '\\']).split(' ').next() == Some(module))
    };
    // What stands in parentheses may go over several lines.
    let mut statement = String::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        statement.push_str(line);
        if statement.starts_with("from ") && statement.contains('(') && !statement.contains(')') {
            statement.push(' ');
            continue;
        }
        let whole = std::mem::take(&mut statement);
        let dotted = format!("weir.{module}");
        let found = if let Some(rest) = whole.strip_prefix("from ") {
            let (from, list) = rest.split_once(" import ").unwrap_or((rest, ""));
            from.trim() == dotted || (from.trim() == "weir" && named(list))
        } else {
            let list = whole.strip_prefix("import ").unwrap_or_default();
            list.split(',').any(|item| item.split_whitespace().next() == Some(dotted.as_str()))
        };
        if found {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_in_the_forms_that_a_language_has() {
        let python = "import weir.kv as k\nfrom weir import log, entropy\nfrom weir.media import (\n  A,\n  B,\n)\n# import weir.http\n";
        let found = |m| python_imports(python, m);
        assert_eq!(["kv", "entropy", "media", "session", "http"].map(found), [true, true, true, false, false]);
        assert!(python_imports("from weir import (\n    kv,\n    log,\n)\n", "kv"));

        let script = "import { a } from \"../weir-sdk/media.js\";\n// import \"./weir-sdk/kv.js\"\nimport * as l from './weir-sdk/log';\n";
        let found = |m| script_imports(script, m);
        assert_eq!(["media", "log", "kv", "session"].map(found), [true, true, false, false]);

        let go = "import (\n\t\"weir\"\n\t\"weir/session\"\n\t// \"weir/kv\"\n)\n";
        assert_eq!(["session", "media", "kv"].map(|m| go_imports(go, m)), [true, false, false]);
    }

    #[test]
    fn the_world_of_a_filter_has_what_it_names() {
        let world = World { kind: Kind::Media, granted: vec!["kv"] };
        assert!(world.wit().contains("import frame;") && world.wit().contains("import kv;"));
        assert!(!world.wit().contains("entropy"));
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        world.embed(&mut module).unwrap();
        assert!(module.len() > 1000);
    }
}
