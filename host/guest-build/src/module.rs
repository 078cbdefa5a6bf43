//! The last steps of a core module whose compiler cannot take them: names of exports, and the component type.

use std::path::Path;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

use crate::Error;
use crate::source::Source;
use crate::world::World;

/// Renames exports, embeds the component type, and puts the file into its place whole, for the router may be watching it.
pub(crate) fn finish(source: &Source, part: &Path, world: &World, names: &[(&str, &str)]) -> Result<(), Error> {
    let module = std::fs::read(part).map_err(Error::io(part))?;
    let bad = |why: String| Error::Compile {
        dir: source.dir.clone(),
        output: format!("the module made of it is not usable: {why}"),
    };
    let mut module = if names.is_empty() { module } else { rename(&module, names).map_err(bad)? };
    world.embed(&mut module).map_err(bad)?;
    std::fs::write(part, &module).map_err(Error::io(part))?;
    std::fs::rename(part, source.artifact()).map_err(Error::io(source.artifact()))
}

/// The same module, its exports by other names.
fn rename(bytes: &[u8], names: &[(&str, &str)]) -> Result<Vec<u8>, String> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|e| e.to_string())?;
        if let Payload::ExportSection(section) = payload {
            let mut exports = ExportSection::new();
            for export in section {
                let export = export.map_err(|e| e.to_string())?;
                let name = names.iter().find(|(old, _)| *old == export.name).map_or(export.name, |(_, new)| new);
                let kind = RoundtripReencoder.export_kind(export.kind).map_err(|e| e.to_string())?;
                exports.export(name, kind, export.index);
            }
            module.section(&exports);
        } else if let Some((id, range)) = payload.as_section() {
            let data = bytes.get(range).ok_or("a section without bytes")?;
            module.section(&RawSection { id, data });
        }
    }
    Ok(module.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_get_other_names_and_nothing_else_changes() {
        // (module (func (export "a")) (memory (export "m") 1))
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x07\x09\x02\x01a\0\0\x01m\x02\0\x0a\x04\x01\x02\0\x0b";
        assert_eq!(rename(module, &[]).unwrap(), module);
        let renamed = rename(module, &[("a", "x#y")]).unwrap();
        assert!(renamed.windows(3).any(|w| w == b"x#y") && renamed.len() == module.len() + 2);
    }
}
