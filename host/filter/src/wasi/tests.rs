//! A component that uses WASI as toolchains do, in text form.

use wasmtime::Store;
use wasmtime::component::Linker;

use super::*;
use crate::engine::Engines;

const COMPONENT: &str = r#"
(component
    (import "wasi:io/error@0.2.3" (instance $error (export "error" (type (sub resource)))))
    (alias export $error "error" (type $error_type))
    (import "wasi:io/streams@0.2.3" (instance $streams
        (export "output-stream" (type $out (sub resource)))
        (alias outer 1 $error_type (type $e))
        (export "error" (type $error' (eq $e)))
        (type $stream-error (variant (case "last-operation-failed" (own $error')) (case "closed")))
        (export "stream-error" (type $stream-error' (eq $stream-error)))
        (export "[method]output-stream.blocking-write-and-flush"
            (func (param "self" (borrow $out)) (param "contents" (list u8)) (result (result (error $stream-error')))))
    ))
    (alias export $streams "output-stream" (type $out))
    (import "wasi:cli/stdout@0.2.0" (instance $stdout
        (alias outer 1 $out (type $o))
        (export "output-stream" (type $out' (eq $o)))
        (export "get-stdout" (func (result (own $out'))))
    ))
    (import "wasi:random/random@0.2.3" (instance $random (export "get-random-u64" (func (result u64)))))
    (import "wasi:clocks/wall-clock@0.2.3" (instance $clock
        (type $t (record (field "seconds" u64) (field "nanoseconds" u32)))
        (export "datetime" (type $datetime (eq $t)))
        (export "now" (func (result $datetime)))
    ))
    (import "wasi:sockets/instance-network@0.2.3" (instance $net
        (export "network" (type $network (sub resource)))
        (export "instance-network" (func (result (own $network))))
    ))
    (core module $libc (memory (export "memory") 1) (data (i32.const 100) "first line\nsecond"))
    (core instance $libc (instantiate $libc))
    (alias core export $libc "memory" (core memory $memory))
    (core func $get-stdout (canon lower (func $stdout "get-stdout")))
    (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush") (memory $memory)))
    (core func $random (canon lower (func $random "get-random-u64")))
    (core func $now (canon lower (func $clock "now") (memory $memory)))
    (core func $network (canon lower (func $net "instance-network")))
    (core module $main
        (import "" "get-stdout" (func $get-stdout (result i32)))
        (import "" "write" (func $write (param i32 i32 i32 i32)))
        (import "" "random" (func $random (result i64)))
        (import "" "now" (func $now (param i32)))
        (import "" "network" (func $network (result i32)))
        (import "" "memory" (memory 1))
        (func (export "print") (result i32)
            (call $write (call $get-stdout) (i32.const 100) (i32.const 17) (i32.const 0))
            (i32.load8_u (i32.const 0)))
        (func (export "time") (result i64) (call $now (i32.const 16)) (i64.load (i32.const 16)))
        (func (export "draw") (result i64) (call $random))
        (func (export "connect") (result i32) (call $network))
    )
    (core instance $main (instantiate $main (with "" (instance
        (export "get-stdout" (func $get-stdout)) (export "write" (func $write)) (export "random" (func $random))
        (export "now" (func $now)) (export "network" (func $network)) (export "memory" (memory $memory))
    ))))
    (func (export "print") (result u32) (canon lift (core func $main "print")))
    (func (export "time") (result u64) (canon lift (core func $main "time")))
    (func (export "draw") (result u64) (canon lift (core func $main "draw")))
    (func (export "connect") (result u32) (canon lift (core func $main "connect")))
)"#;

fn state(entropy: bool) -> State {
    crate::host::tests::state(|guest| guest.entropy = entropy)
}

/// Calls one of the functions without parameters.
fn call<R>(function: &str, entropy: bool) -> (wasmtime::Result<R>, Store<State>)
where
    R: wasmtime::component::Lift + wasmtime::component::ComponentNamedList + Send + Sync + 'static,
{
    let engines = Engines::new().unwrap();
    let component = Component::new(&engines.media, wat::parse_str(COMPONENT).unwrap()).unwrap();
    let mut linker = Linker::new(&engines.media);
    link(&mut linker, &component).unwrap();
    let mut store = Store::new(&engines.media, state(entropy));
    store.set_epoch_deadline(1 << 40);
    let instance = linker.instantiate(&mut store, &component).unwrap();
    let function = instance.get_typed_func::<(), R>(&mut store, function).unwrap();
    (function.call(&mut store, ()), store)
}

#[test]
fn standard_output_is_the_log() {
    let (printed, store) = call::<(u32,)>("print", false);
    assert_eq!(printed.unwrap(), (0,), "ok");
    assert_eq!(
        store.data().desk.lines.as_ref().unwrap().pending[0],
        b"second",
        "the first line is written, the second is not whole"
    );
}

#[test]
fn clocks_are_the_filters() {
    assert_eq!(call::<(u64,)>("time", false).0.unwrap(), (1_700_000_000,));
}

#[test]
fn random_bytes_need_their_grant() {
    let refused = format!("{:?}", call::<(u64,)>("draw", false).0.unwrap_err());
    assert!(refused.contains("grant `entropy`"), "{refused}");
    assert_ne!(call::<(u64,)>("draw", true).0.unwrap(), call::<(u64,)>("draw", true).0.unwrap());
}

#[test]
fn what_is_not_there_traps_when_it_is_called() {
    let refused = format!("{:?}", call::<(u32,)>("connect", true).0.unwrap_err());
    assert!(refused.contains("wasi:sockets/instance-network.instance-network is not there"), "{refused}");
}
