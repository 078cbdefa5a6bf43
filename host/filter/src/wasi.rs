//! WASI 0.2, linked empty: toolchains import more of it than filters use.
//!
//! No file, no socket, no argument, no variable of an environment; standard input is at its end; what is written to standard output
//! and error goes to the filter's log, line by line; clocks are the filter's clocks; random bytes need the grant `entropy`. Waiting
//! returns at once: a guest that wants to wait finds the time unchanged, and runs into its deadline. Whatever else is called traps.
//!
//! This is ours and not the WASI of wasmtime because that one may block the thread it is called on, which here serves streams.

use wasmtime::component::{Component, Linker, ResourceDynamic, ResourceType, Val, types::ComponentItem};
use wasmtime::{AsContextMut, StoreContextMut};

use filter_wit::media::weir::filter::log::Level;

use crate::host::State;
use crate::limits::overstep;

/// Resources by name; the numbers only have to differ.
const KINDS: [&str; 5] = ["error", "pollable", "input-stream", "output-stream", "descriptor"];
const STDOUT: u32 = 1;
const STDERR: u32 = 2;
/// Bytes that a stream takes at a time.
const PERMIT: u64 = 4096;
/// Unfinished lines are written at this length.
const MOST_LINE_BYTES: usize = 2048;

/// What a guest has written to standard output and error since the last line break.
#[derive(Default)]
pub(crate) struct Lines {
    pending: [Vec<u8>; 2],
}

/// Defines all that a component imports of WASI.
pub(crate) fn link(linker: &mut Linker<State>, component: &Component) -> wasmtime::Result<()> {
    let engine = component.engine().clone();
    for (name, item) in component.component_type().imports(&engine) {
        let ComponentItem::ComponentInstance(instance) = item.ty else { continue };
        if !name.starts_with("wasi:") {
            continue;
        }
        let interface = name.split('@').next().unwrap_or(name).to_owned();
        let mut here = linker.instance(name)?;
        for (function, item) in instance.exports(&engine) {
            match item.ty {
                ComponentItem::Resource(_) => here.resource(function, kind(function), |_, _| Ok(()))?,
                ComponentItem::ComponentFunc(_) => {
                    let (interface, function_name) = (interface.clone(), function.to_owned());
                    here.func_new(function, move |mut store, _, params, results| {
                        store.data_mut().budget.host_call(0)?;
                        let answer = answer(&mut store, &interface, &function_name, params)?;
                        if let (Some(result), Some(answer)) = (results.first_mut(), answer) {
                            *result = answer;
                        }
                        Ok(())
                    })?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn number(name: &str) -> u32 {
    let known = KINDS.iter().position(|kind| *kind == name);
    // Others are never made, so they may share a number.
    u32::try_from(known.unwrap_or(KINDS.len())).unwrap_or_default()
}

fn kind(name: &str) -> ResourceType {
    ResourceType::host_dynamic(number(name))
}

fn resource(store: &mut StoreContextMut<'_, State>, name: &str, rep: u32) -> wasmtime::Result<Option<Val>> {
    let made = ResourceDynamic::new_own(rep, number(name)).try_into_resource_any(store.as_context_mut())?;
    Ok(Some(Val::Resource(made)))
}

fn ok(value: Option<Val>) -> Option<Val> {
    Some(Val::Result(Ok(value.map(Box::new))))
}

fn list(bytes: &[u8]) -> Val {
    Val::List(bytes.iter().map(|b| Val::U8(*b)).collect())
}

fn answer(
    store: &mut StoreContextMut<'_, State>,
    interface: &str,
    function: &str,
    params: &[Val],
) -> wasmtime::Result<Option<Val>> {
    Ok(match (interface, function) {
        ("wasi:cli/environment", "get-environment" | "get-arguments")
        | ("wasi:filesystem/preopens", "get-directories") => Some(Val::List(Vec::new())),
        ("wasi:cli/environment", "initial-cwd")
        | ("wasi:cli/terminal-stdin", "get-terminal-stdin")
        | ("wasi:cli/terminal-stdout", "get-terminal-stdout")
        | ("wasi:cli/terminal-stderr", "get-terminal-stderr") => Some(Val::Option(None)),
        ("wasi:cli/stdin", "get-stdin") => resource(store, "input-stream", 0)?,
        ("wasi:cli/stdout", "get-stdout") => resource(store, "output-stream", STDOUT)?,
        ("wasi:cli/stderr", "get-stderr") => resource(store, "output-stream", STDERR)?,
        ("wasi:cli/exit", _) => return Err(overstep("the guest called exit")),
        ("wasi:clocks/monotonic-clock", "now") => {
            let now = |it: &mut State| Ok(it.guest.clock.monotonic_ns());
            Some(Val::U64(store.data_mut().told("wasi:clocks/monotonic-clock.now", String::new, now)?))
        }
        ("wasi:clocks/monotonic-clock", "resolution") => Some(Val::U64(1_000)),
        ("wasi:clocks/wall-clock", "now") => {
            let now = |it: &mut State| Ok(it.guest.clock.unix_ms());
            Some(datetime(store.data_mut().told("wasi:clocks/wall-clock.now", String::new, now)?))
        }
        ("wasi:clocks/wall-clock", "resolution") => Some(datetime(1)),
        (_, "subscribe" | "subscribe-instant" | "subscribe-duration")
        | (_, "[method]input-stream.subscribe" | "[method]output-stream.subscribe") => resource(store, "pollable", 0)?,
        ("wasi:io/poll", "poll") => {
            let many = if let Some(Val::List(list)) = params.first() { list.len() } else { 0 };
            Some(Val::List((0..u32::try_from(many).unwrap_or(0)).map(Val::U32).collect()))
        }
        ("wasi:io/poll", "[method]pollable.ready") => Some(Val::Bool(true)),
        ("wasi:io/poll", "[method]pollable.block") => None,
        ("wasi:io/error", _) => Some(Val::String("closed".into())),
        ("wasi:io/streams", function) => return stream(store, function, params),
        ("wasi:random/insecure-seed", _) => Some(Val::Tuple(vec![Val::U64(0), Val::U64(0)])),
        ("wasi:random/random" | "wasi:random/insecure", function) => {
            return random(store, interface, function, params);
        }
        _ => return Err(overstep(format!("{interface}.{function} is not there: WASI is linked empty"))),
    })
}

fn datetime(unix_ms: u64) -> Val {
    let nanoseconds = u32::try_from(unix_ms % 1000).unwrap_or(0) * 1_000_000;
    Val::Record(vec![("seconds".into(), Val::U64(unix_ms / 1000)), ("nanoseconds".into(), Val::U32(nanoseconds))])
}

/// Bytes at a time.
const MOST_RANDOM: u64 = 4096;

fn random(
    store: &mut StoreContextMut<'_, State>,
    interface: &str,
    function: &str,
    params: &[Val],
) -> wasmtime::Result<Option<Val>> {
    let secure = interface == "wasi:random/random";
    if secure && !store.data().guest.entropy {
        return Err(overstep(format!("{interface}.{function}: random bytes need the grant `entropy`")));
    }
    let want = if let Some(Val::U64(n)) = params.first() { *n } else { 8 };
    if want > MOST_RANDOM {
        return Err(overstep(format!("{interface}.{function}: {want} bytes asked, at most {MOST_RANDOM}")));
    }
    let real = |it: &mut State| {
        let mut bytes = vec![0; usize::try_from(want).unwrap_or(0)];
        // Without the grant nothing differs from run to run.
        if it.guest.entropy {
            getrandom::fill(&mut bytes).map_err(|e| overstep(format!("{interface}.{function}: {e}")))?;
        }
        Ok(bytes)
    };
    let bytes = store.data_mut().told("wasi:random", || want.to_string(), real)?;
    store.data_mut().budget.copy(bytes.len())?;
    Ok(Some(match function.ends_with("-u64") {
        true => Val::U64(bytes.iter().fold(0, |n, b| (n << 8) | u64::from(*b))),
        false => list(&bytes),
    }))
}

fn stream(store: &mut StoreContextMut<'_, State>, function: &str, params: &[Val]) -> wasmtime::Result<Option<Val>> {
    let Some(Val::Resource(handle)) = params.first() else {
        return Err(overstep(format!("wasi:io/streams.{function} is not there: WASI is linked empty")));
    };
    let rep = ResourceDynamic::try_from_resource_any(*handle, store.as_context_mut())?.rep();
    Ok(match function {
        "[method]output-stream.check-write" => ok(Some(Val::U64(PERMIT))),
        "[method]output-stream.write" | "[method]output-stream.blocking-write-and-flush" => {
            let bytes: Vec<u8> = match params.get(1) {
                Some(Val::List(list)) => list.iter().map(|v| if let Val::U8(b) = v { *b } else { b'?' }).collect(),
                _ => Vec::new(),
            };
            store.data_mut().budget.copy(bytes.len())?;
            store.data_mut().print(rep, &bytes);
            ok(None)
        }
        "[method]output-stream.flush" | "[method]output-stream.blocking-flush" => ok(None),
        "[method]input-stream.read" | "[method]input-stream.blocking-read" => {
            Some(Val::Result(Err(Some(Box::new(Val::Variant("closed".into(), None))))))
        }
        _ => return Err(overstep(format!("wasi:io/streams.{function} is not there: WASI is linked empty"))),
    })
}

impl State {
    fn print(&mut self, rep: u32, bytes: &[u8]) {
        let (at, level) = if rep == STDERR { (1, Level::Warn) } else { (0, Level::Info) };
        let mut lines = self.desk.lines.take().unwrap_or_default();
        if let Some(pending) = lines.pending.get_mut(at) {
            for byte in bytes {
                let full = pending.len() >= MOST_LINE_BYTES;
                if *byte == b'\n' || full {
                    let text = String::from_utf8_lossy(pending).into_owned();
                    self.noted(|| format!("log {level:?}: {text}"));
                    self.say(level, &text, &[]);
                    pending.clear();
                }
                if *byte != b'\n' {
                    pending.push(*byte);
                }
            }
        }
        self.desk.lines = Some(lines);
    }
}

#[cfg(test)]
mod tests;
