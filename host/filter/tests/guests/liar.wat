;; A media filter of hand-written core code, which a test lets lie in one place: a line between `;;(NAME` and `;;)` is replaced.
;; Built by the rules of the canonical ABI of the component model: what is not scalar stands in memory.
(module
  (import "[export]weir:filter/media@0.1.0" "[resource-new]stream-filter" (func $new (param i32) (result i32)))
  ;;(IMPORTS
  ;;)
  (memory (export "memory") 64)
  (table $table 1 funcref)
  (global $free (mut i32) (i32.const 65536))
  (global $calls (mut i32) (i32.const 0))

  ;; Memory for what the host hands over. Nothing is kept longer than a call.
  (func (export "cabi_realloc") (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    ;;(REALLOC
    ;;)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 15)) (i32.const -16)))
    (if (i32.gt_u (i32.add (local.get $at) (local.get $size)) (i32.const 4194304))
      (then (local.set $at (i32.const 65536))))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (data (i32.const 16) "liar1.0.0Lies.")
  ;; description: name, version, summary, no schema, no state
  (data (i32.const 64) "\10\00\00\00\04\00\00\00\14\00\00\00\05\00\00\00\19\00\00\00\05\00\00\00")
  (func (export "weir:filter/lifecycle@0.1.0#describe") (result i32)
    ;;(DESCRIBE
    ;;)
    (i32.const 64))
  ;; 256: ok, of any result whose payload is 0
  (func (export "weir:filter/lifecycle@0.1.0#configure") (result i32) (i32.const 256))

  (func (export "weir:filter/media@0.1.0#[static]stream-filter.open") (param i32) (result i32)
    (i32.store (i32.const 512) (i32.const 0))
    (i32.store (i32.const 516) (call $new (i32.const 1)))
    ;;(OPEN
    ;;)
    (i32.const 512))
  ;; One interest that fits every frame; headers and metadata; any frame; no hold, no tick.
  (data (i32.const 640) "\00\03\00\00\01\00\00\00\01\01\00\00")
  (func (export "weir:filter/media@0.1.0#[method]stream-filter.subscribe") (param i32) (result i32)
    ;;(SUBSCRIBE
    ;;)
    (i32.const 640))
  (func (export "weir:filter/media@0.1.0#[method]stream-filter.on-header") (param i32) (result i32)
    ;;(HEADER
    ;;)
    (i32.const 256))
  (func (export "weir:filter/media@0.1.0#[method]stream-filter.on-metadata") (param i32 i32 i32 i32 i32) (result i32)
    (i32.const 256))
  (func (export "weir:filter/media@0.1.0#[method]stream-filter.on-frame")
    (param $self i32) (param $track i32) (param $kind i32) (param $codec i32) (param $flags i32) (param $dts i64)
    (param $pts i64) (param $size i32) (param $types i64) (param $seq i64) (param $gop i64) (result i32)
    (local $n i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    ;;(FRAME
    ;;)
    (i32.const 0))
  (func (export "weir:filter/media@0.1.0#[method]stream-filter.on-tick") (param i32 i64))
  (func (export "weir:filter/media@0.1.0#[method]stream-filter.flush") (param i32))
  (func (export "weir:filter/media@0.1.0#[method]stream-filter.snapshot") (param i32) (result i32)
    ;;(SNAPSHOT
    ;;)
    (i32.const 1024))
  (func (export "weir:filter/media@0.1.0#[method]stream-filter.end") (param i32 i32))
  (func (export "weir:filter/media@0.1.0#[dtor]stream-filter") (param i32)
    ;;(DROP
    ;;)
  )
  ;;(START
  ;;)
)
