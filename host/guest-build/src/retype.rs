//! Types of the contract that an interpreter's toolchain hands over slowly: it is shown others of the same bytes, and the component gets
//! the contract's own back.
//!
//! To the canonical ABI a record is its fields one after the other, as a tuple is, and flags are a number. To an interpreter they are
//! far apart: a field is looked up by its name, each flag is a property of an object, and that for every frame. So the toolchain is given
//! a contract in which such a type is a tuple or a number, the SDK makes of it what the author sees, and in the component that comes out
//! the type gets its definition back. Not a byte of code changes; the host compares the types with the contract's when it loads the file.

use std::collections::HashMap;

use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent, component_utils};
use wasm_encoder::{Component, ComponentTypeSection, InstanceType};
use wasmparser::{
    Chunk, ComponentAlias, ComponentDefinedType, ComponentExternalKind, ComponentOuterAliasKind, ComponentType,
    ComponentTypeRef, ComponentTypeSectionReader, ComponentValType, InstanceTypeDeclaration, Parser, Payload,
    PrimitiveValType, TypeBounds,
};
use wit_parser::{FlagsRepr, Resolve, SizeAlign, Tuple, Type, TypeDefKind, TypeId};

/// Records become tuples, flags and enums numbers; a record of `in_lists`, whose bytes lie in memory, becomes a tuple of 32-bit words.
///
/// # Errors
/// A type of `names` is not in the contract, or none of these.
pub(crate) fn flatten(resolve: &mut Resolve, names: &[&str], in_lists: &[&str]) -> Result<(), String> {
    let mut sizes = SizeAlign::default();
    sizes.fill(resolve);
    for name in names {
        let id = named(resolve, name)?;
        let ty = resolve.types.get_mut(id).ok_or("a type without a definition")?;
        ty.kind = match &ty.kind {
            TypeDefKind::Record(_) if in_lists.contains(name) => {
                let bytes = sizes.size(&Type::Id(id)).size_wasm32();
                if bytes % 4 != 0 || sizes.align(&Type::Id(id)).align_wasm32() != 4 {
                    return Err(format!("{name}: it is not made of words"));
                }
                TypeDefKind::Tuple(Tuple { types: vec![Type::U32; bytes / 4] })
            }
            TypeDefKind::Record(record) => {
                TypeDefKind::Tuple(Tuple { types: record.fields.iter().map(|field| field.ty).collect() })
            }
            TypeDefKind::Flags(flags) => match flags.repr() {
                FlagsRepr::U8 => TypeDefKind::Type(Type::U8),
                FlagsRepr::U16 => TypeDefKind::Type(Type::U16),
                FlagsRepr::U32(_) => TypeDefKind::Type(Type::U32),
            },
            TypeDefKind::Enum(_) => TypeDefKind::Type(Type::U8),
            other => return Err(format!("{name}: a {} has no flat form", other.as_str())),
        };
    }
    Ok(())
}

/// The component with the definitions that `names` have in `contract`.
///
/// # Errors
/// It is no component, or a type of `names` is not in the contract, or has fields that have no flat form.
pub(crate) fn restore<'r>(component: &[u8], contract: &'r Resolve, names: &[&'r str]) -> Result<Vec<u8>, String> {
    let mut restorer = Restorer { contract, names: HashMap::new(), components: Vec::new() };
    for name in names {
        restorer.names.insert(name, named(contract, name)?);
    }
    let mut out = Component::new();
    restorer.parse_component(&mut out, Parser::new(0), component).map_err(|e| e.to_string())?;
    Ok(out.finish())
}

fn named(resolve: &Resolve, name: &str) -> Result<TypeId, String> {
    // Types that other interfaces `use` have the same name, but are no definitions.
    let mut ids = resolve
        .types
        .iter()
        .filter(|(_, ty)| ty.name.as_deref() == Some(name) && !matches!(ty.kind, TypeDefKind::Type(Type::Id(_))));
    ids.next().map(|(id, _)| id).ok_or_else(|| format!("{name}: not in the contract"))
}

struct Restorer<'r> {
    contract: &'r Resolve,
    /// What was flattened.
    names: HashMap<&'r str, TypeId>,
    /// Of the components around the place in hand: how many types were declared, and the definitions to put in their places.
    components: Vec<(usize, HashMap<usize, ComponentDefinedType<'r>>)>,
}

impl Restorer<'_> {
    fn enter(&mut self, parser: &Parser, data: &[u8]) -> Result<(), Error<String>> {
        let scope = Scope::of_component(self, parser.clone(), data).map_err(Error::UserError)?;
        self.components.push((0, scope.back));
        Ok(())
    }
}

/// The types of a component or an instance type, as far as they were read.
#[derive(Default)]
struct Scope<'r> {
    /// Which declaration each index is of; none for those that stand for another type.
    types: Vec<Option<usize>>,
    declarations: usize,
    names: HashMap<String, u32>,
    /// What belongs in the place of a declaration.
    back: HashMap<usize, ComponentDefinedType<'r>>,
}

impl<'r> Scope<'r> {
    fn declared(&mut self) {
        self.types.push(Some(self.declarations));
        self.declarations += 1;
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) {
        let (ComponentAlias::Outer { kind: ComponentOuterAliasKind::Type, .. }
        | ComponentAlias::InstanceExport { kind: ComponentExternalKind::Type, .. }) = alias
        else {
            return;
        };
        self.types.push(None);
    }

    /// A type gets a name, which is how it is known for one of those that were flattened.
    fn name(&mut self, restorer: &mut Restorer<'r>, name: &str, ty: ComponentTypeRef) -> Result<(), String> {
        let ComponentTypeRef::Type(bounds) = ty else { return Ok(()) };
        // In the component around an exported interface, the types that it uses are imports.
        let name = name.strip_prefix("import-type-").unwrap_or(name);
        let of = match bounds {
            TypeBounds::Eq(index) => self.types.get(index as usize).copied().flatten(),
            TypeBounds::SubResource => None,
        };
        if let (Some(at), Some(id)) = (of, restorer.names.get(name)) {
            self.back.insert(at, definition(restorer.contract, *id, &self.names)?);
        }
        self.names.insert(name.to_owned(), u32::try_from(self.types.len()).unwrap_or(u32::MAX));
        self.types.push(None);
        Ok(())
    }

    /// The declarations of a component, without those inside of it.
    fn of_component(restorer: &mut Restorer<'r>, mut parser: Parser, mut data: &[u8]) -> Result<Scope<'r>, String> {
        let mut scope = Scope::default();
        let malformed = |e: wasmparser::BinaryReaderError| e.to_string();
        while !data.is_empty() {
            let Chunk::Parsed { consumed, payload } = parser.parse(data, true).map_err(malformed)? else { break };
            let mut skip = consumed;
            match payload {
                Payload::ComponentSection { unchecked_range, .. } | Payload::ModuleSection { unchecked_range, .. } => {
                    skip += unchecked_range.len();
                }
                Payload::ComponentTypeSection(section) => (0..section.count()).for_each(|_| scope.declared()),
                Payload::ComponentAliasSection(section) => {
                    for alias in section {
                        scope.alias(&alias.map_err(malformed)?);
                    }
                }
                Payload::ComponentImportSection(section) => {
                    for import in section {
                        let import = import.map_err(malformed)?;
                        scope.name(restorer, import.name.name, import.ty)?;
                    }
                }
                Payload::ComponentExportSection(section) => {
                    for export in section {
                        if export.map_err(malformed)?.kind == ComponentExternalKind::Type {
                            scope.types.push(None);
                        }
                    }
                }
                _ => {}
            }
            data = data.get(skip..).unwrap_or_default();
        }
        Ok(scope)
    }
}

/// The definition, in terms of the types that have a name where it stands.
fn definition<'r>(
    contract: &'r Resolve,
    id: TypeId,
    scope: &HashMap<String, u32>,
) -> Result<ComponentDefinedType<'r>, String> {
    match contract.types.get(id).map(|ty| &ty.kind) {
        Some(TypeDefKind::Record(record)) => {
            let fields = record.fields.iter().map(|f| Ok((f.name.as_str(), value(contract, f.ty, scope)?)));
            Ok(ComponentDefinedType::Record(fields.collect::<Result<_, String>>()?))
        }
        Some(TypeDefKind::Flags(flags)) => {
            Ok(ComponentDefinedType::Flags(flags.flags.iter().map(|f| f.name.as_str()).collect()))
        }
        Some(TypeDefKind::Enum(of)) => {
            Ok(ComponentDefinedType::Enum(of.cases.iter().map(|c| c.name.as_str()).collect()))
        }
        _ => Err("a type that has no flat form".to_owned()),
    }
}

/// A type by its name where it has one, or else what it is.
fn value(contract: &Resolve, ty: Type, scope: &HashMap<String, u32>) -> Result<ComponentValType, String> {
    let primitive = match ty {
        Type::Bool => PrimitiveValType::Bool,
        Type::U8 => PrimitiveValType::U8,
        Type::U16 => PrimitiveValType::U16,
        Type::U32 => PrimitiveValType::U32,
        Type::U64 => PrimitiveValType::U64,
        Type::S64 => PrimitiveValType::S64,
        Type::Id(id) => {
            let ty = contract.types.get(id).ok_or("a type without a definition")?;
            if let Some(index) = ty.name.as_deref().and_then(|name| scope.get(name)) {
                return Ok(ComponentValType::Type(*index));
            }
            return match ty.kind {
                TypeDefKind::Type(ty) => value(contract, ty, scope),
                _ => Err(format!("{}: it is not there", ty.name.as_deref().unwrap_or("a type"))),
            };
        }
        _ => return Err("a field of a type that has no flat form".to_owned()),
    };
    Ok(ComponentValType::Primitive(primitive))
}

impl Reencode for Restorer<'_> {
    type Error = String;
}

impl ReencodeComponent for Restorer<'_> {
    fn parse_component(&mut self, component: &mut Component, parser: Parser, data: &[u8]) -> Result<(), Error<String>> {
        self.enter(&parser, data)?;
        component_utils::parse_component(self, component, parser, data, data)?;
        self.components.pop();
        Ok(())
    }

    fn parse_component_subcomponent(
        &mut self,
        component: &mut Component,
        parser: Parser,
        data: &[u8],
        whole: &[u8],
    ) -> Result<(), Error<String>> {
        self.enter(&parser, data)?;
        component_utils::parse_component_subcomponent(self, component, parser, data, whole)?;
        self.components.pop();
        Ok(())
    }

    fn parse_component_type_section(
        &mut self,
        types: &mut ComponentTypeSection,
        section: ComponentTypeSectionReader<'_>,
    ) -> Result<(), Error<String>> {
        for ty in section {
            let back = self.components.last_mut().and_then(|(declared, back)| {
                *declared += 1;
                back.remove(&(*declared - 1))
            });
            match back {
                Some(definition) => self.parse_component_type(types.ty(), ComponentType::Defined(definition))?,
                None => self.parse_component_type(types.ty(), ty?)?,
            }
        }
        Ok(())
    }

    fn component_instance_type(
        &mut self,
        declarations: Box<[InstanceTypeDeclaration<'_>]>,
    ) -> Result<InstanceType, Error<String>> {
        let mut scope = Scope::default();
        for declaration in &declarations {
            match declaration {
                InstanceTypeDeclaration::Type(_) => scope.declared(),
                InstanceTypeDeclaration::Alias(alias) => scope.alias(alias),
                InstanceTypeDeclaration::Export { name, ty } => {
                    scope.name(self, name.name, *ty).map_err(Error::UserError)?;
                }
                InstanceTypeDeclaration::CoreType(_) => {}
            }
        }
        let mut declared = 0;
        let restored = Vec::from(declarations).into_iter().map(|declaration| {
            let InstanceTypeDeclaration::Type(_) = declaration else { return declaration };
            declared += 1;
            match scope.back.remove(&(declared - 1)) {
                Some(definition) => InstanceTypeDeclaration::Type(ComponentType::Defined(definition)),
                None => declaration,
            }
        });
        component_utils::component_instance_type(self, restored.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use wasmparser::{Validator, WasmFeatures};
    use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, WitPrinter};

    use super::*;

    const CONTRACT: &str = "package test:contract@0.1.0;
interface types {
    type time = s64;
    flags facts { key, last, spare }
    enum kind { audio, video }
    record meta { track: u16, %kind: kind, facts: facts, dts: time, key: bool }
    record place { at: u32, layer: u8, last: bool }
}
interface host {
    use types.{meta, place};
    last: func() -> list<meta>;
    places: func() -> list<place>;
}
interface hooks {
    use types.{meta, kind};
    on: func(of: meta) -> kind;
}
world filter {
    import host;
    export hooks;
}";
    const NAMES: &[&str] = &["facts", "meta", "place"];

    /// A component of the world, made as the toolchains do: from a module that says nothing of types but by its component type.
    fn component(contract: &str) -> Vec<u8> {
        let mut resolve = Resolve::default();
        let package = resolve.push_str(Path::new("contract.wit"), contract).unwrap();
        let world = resolve.select_world(&[package], None).unwrap();
        let module = "(module (import \"test:contract/host@0.1.0\" \"last\" (func (param i32)))
            (import \"test:contract/host@0.1.0\" \"places\" (func (param i32)))
            (memory (export \"memory\") 1)
            (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) unreachable)
            (func (export \"test:contract/hooks@0.1.0#on\") (param i32 i32 i32 i64 i32) (result i32) unreachable))";
        let mut module = wat::parse_str(module).unwrap();
        wit_component::embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
    }

    fn contract() -> Resolve {
        let mut resolve = Resolve::default();
        resolve.push_str(Path::new("contract.wit"), CONTRACT).unwrap();
        resolve
    }

    /// The WIT of a component.
    fn wit(component: &[u8]) -> String {
        Validator::new_with_features(WasmFeatures::all()).validate_all(component).unwrap();
        let DecodedWasm::Component(resolve, world) = wit_component::decode(component).unwrap() else {
            panic!("no component")
        };
        let mut printer = WitPrinter::default();
        printer.print(&resolve, resolve.worlds[world].package.unwrap(), &[]).unwrap();
        for id in resolve.packages.iter().map(|(id, _)| id) {
            printer.print(&resolve, id, &[]).unwrap();
        }
        printer.output.to_string()
    }

    fn flat() -> String {
        let mut resolve = contract();
        flatten(&mut resolve, NAMES, &["place"]).unwrap();
        let package = resolve.packages.iter().next().unwrap().0;
        let mut printer = WitPrinter::default();
        printer.print(&resolve, package, &[]).unwrap();
        printer.output.to_string()
    }

    #[test]
    fn a_component_of_the_flat_contract_becomes_one_of_the_contract() {
        let flat = component(&flat());
        for tuple in ["tuple<u16, kind, facts, time, bool>", "tuple<u32, u32>"] {
            assert!(wit(&flat).contains(tuple), "{}", wit(&flat));
        }
        let restored = restore(&flat, &contract(), NAMES).unwrap();
        assert_eq!(wit(&restored), wit(&component(CONTRACT)));
    }

    #[test]
    fn what_was_not_flattened_stays_as_it_is() {
        let same = component(CONTRACT);
        assert_eq!(restore(&same, &contract(), NAMES).unwrap(), same);
    }

    #[test]
    fn a_type_that_the_contract_lacks_is_named() {
        assert_eq!(flatten(&mut contract(), &["units"], &[]).unwrap_err(), "units: not in the contract");
        assert_eq!(flatten(&mut contract(), &["time"], &[]).unwrap_err(), "time: a type has no flat form");
    }
}
