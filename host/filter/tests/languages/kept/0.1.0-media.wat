(component
  (type $ty-weir:filter/entropy@0.1.0 (;0;)
    (instance
      (type (;0;) (list u8))
      (type (;1;) (func (param "len" u32) (result 0)))
      (export (;0;) "fill" (func (type 1)))
    )
  )
  (import "weir:filter/entropy@0.1.0" (instance $weir:filter/entropy@0.1.0 (;0;) (type $ty-weir:filter/entropy@0.1.0)))
  (type $ty-weir:filter/kv@0.1.0 (;1;)
    (instance
      (type (;0;) (list u8))
      (type (;1;) (record (field "value" 0) (field "version" u64)))
      (export (;2;) "item" (type (eq 1)))
      (type (;3;) (variant (case "no-such-bucket") (case "denied") (case "too-large") (case "conflict") (case "unavailable" string)))
      (export (;4;) "kv-error" (type (eq 3)))
      (type (;5;) (option 2))
      (type (;6;) (result 5 (error 4)))
      (type (;7;) (func (param "bucket" string) (param "key" string) (result 6)))
      (export (;0;) "get" (func (type 7)))
      (type (;8;) (option u64))
      (type (;9;) (result u64 (error 4)))
      (type (;10;) (func (param "bucket" string) (param "key" string) (param "value" 0) (param "ttl-ms" 8) (result 9)))
      (export (;1;) "set" (func (type 10)))
      (type (;11;) (func (param "bucket" string) (param "key" string) (param "expect" 8) (param "value" 0) (param "ttl-ms" 8) (result 9)))
      (export (;2;) "compare-and-set" (func (type 11)))
      (type (;12;) (result s64 (error 4)))
      (type (;13;) (func (param "bucket" string) (param "key" string) (param "delta" s64) (param "ttl-ms" 8) (result 12)))
      (export (;3;) "add" (func (type 13)))
      (type (;14;) (result (error 4)))
      (type (;15;) (func (param "bucket" string) (param "key" string) (result 14)))
      (export (;4;) "delete" (func (type 15)))
    )
  )
  (import "weir:filter/kv@0.1.0" (instance $weir:filter/kv@0.1.0 (;1;) (type $ty-weir:filter/kv@0.1.0)))
  (type $ty-weir:filter/types@0.1.0 (;2;)
    (instance
      (type (;0;) u16)
      (export (;1;) "track-id" (type (eq 0)))
      (type (;2;) (enum "audio" "video" "data"))
      (export (;3;) "media-kind" (type (eq 2)))
      (type (;4;) u32)
      (export (;5;) "fourcc" (type (eq 4)))
      (type (;6;) (flags "key" "disposable" "end-of-sequence" "from-filter" "gap-before" "warm-up" "stereo" "spare1" "spare2" "spare3" "spare4" "spare5" "spare6" "spare7" "spare8" "spare9"))
      (export (;7;) "frame-flags" (type (eq 6)))
      (type (;8;) s64)
      (export (;9;) "stream-time" (type (eq 8)))
      (type (;10;) (record (field "track" 1) (field "kind" 3) (field "codec" 5) (field "flags" 7) (field "dts" 9) (field "pts" 9) (field "size" u32) (field "unit-types" u64) (field "seq" u64) (field "gop" u64)))
      (export (;11;) "frame-meta" (type (eq 10)))
      (type (;12;) (tuple u32 u32))
      (type (;13;) (record (field "width" u32) (field "height" u32) (field "profile" u32) (field "level" u32) (field "bit-depth" u8) (field "frame-rate" 12) (field "unit-length-bytes" u8)))
      (export (;14;) "video-params" (type (eq 13)))
      (type (;15;) (record (field "sample-rate" u32) (field "channels" u8) (field "bits" u8) (field "object-type" u8)))
      (export (;16;) "audio-params" (type (eq 15)))
      (type (;17;) (tuple string string))
      (type (;18;) (list 17))
      (export (;19;) "attributes" (type (eq 18)))
      (type (;20;) (option 14))
      (type (;21;) (option 16))
      (type (;22;) (record (field "id" 1) (field "kind" 3) (field "codec" 5) (field "video" 20) (field "audio" 21) (field "extra" 19)))
      (export (;23;) "track-info" (type (eq 22)))
      (type (;24;) (variant (case "number" f64) (case "bool" bool) (case "text" string) (case "date" f64) (case "null")))
      (export (;25;) "scalar" (type (eq 24)))
      (type (;26;) (tuple string 25))
      (type (;27;) (list 26))
      (type (;28;) (record (field "name" string) (field "fields" 27)))
      (export (;29;) "metadata" (type (eq 28)))
      (type (;30;) (record (field "app" string) (field "name" string) (field "query" 19)))
      (export (;31;) "stream-key" (type (eq 30)))
      (type (;32;) (record (field "offset" u32) (field "size" u32) (field "unit-type" u8) (field "reference" bool) (field "temporal-id" u8) (field "layer-id" u8)))
      (export (;33;) "unit-info" (type (eq 32)))
      (type (;34;) u64)
      (export (;35;) "stream-id" (type (eq 34)))
      (type (;36;) u64)
      (export (;37;) "conn-id" (type (eq 36)))
      (type (;38;) (option string))
      (type (;39;) (record (field "protocol" string) (field "sni" 38) (field "client-cert-sha256" 38)))
      (export (;40;) "tls-info" (type (eq 39)))
      (type (;41;) (option 40))
      (type (;42;) (list 5))
      (type (;43;) (record (field "id" 37) (field "protocol" string) (field "peer-ip" string) (field "peer-port" u16) (field "local-port" u16) (field "tls" 41) (field "app" string) (field "tc-url" string) (field "agent" string) (field "fourccs" 42) (field "extra" 19)))
      (export (;44;) "connection-info" (type (eq 43)))
      (type (;45;) (record (field "id" 35) (field "conn" 44) (field "key" 31) (field "tags" 19)))
      (export (;46;) "viewer-info" (type (eq 45)))
      (type (;47;) (list 23))
      (type (;48;) (option 46))
      (type (;49;) (record (field "id" 35) (field "key" 31) (field "publisher" 44) (field "tracks" 47) (field "tags" 19) (field "viewer" 48) (field "attempt" u32)))
      (export (;50;) "stream-info" (type (eq 49)))
      (type (;51;) (list u8))
      (type (;52;) (record (field "schema" u32) (field "data" 51)))
      (export (;53;) "saved-state" (type (eq 52)))
      (type (;54;) (enum "source-ended" "replaced" "denied" "swapped" "shutdown" "failed" "limit"))
      (export (;55;) "end-reason" (type (eq 54)))
      (type (;56;) (variant (case "invalid-config" string) (case "unsupported" string) (case "incompatible-state") (case "internal" string)))
      (export (;57;) "fault" (type (eq 56)))
    )
  )
  (import "weir:filter/types@0.1.0" (instance $weir:filter/types@0.1.0 (;2;) (type $ty-weir:filter/types@0.1.0)))
  (alias export $weir:filter/types@0.1.0 "frame-meta" (type $frame-meta (;3;)))
  (alias export $weir:filter/types@0.1.0 "track-info" (type $track-info (;4;)))
  (alias export $weir:filter/types@0.1.0 "track-id" (type $track-id (;5;)))
  (alias export $weir:filter/types@0.1.0 "metadata" (type $metadata (;6;)))
  (alias export $weir:filter/types@0.1.0 "attributes" (type $attributes (;7;)))
  (alias export $weir:filter/types@0.1.0 "stream-key" (type $stream-key (;8;)))
  (type $ty-weir:filter/output@0.1.0 (;9;)
    (instance
      (export (;0;) "packet" (type (sub resource)))
      (export (;1;) "derived" (type (sub resource)))
      (alias outer 1 $frame-meta (type (;2;)))
      (export (;3;) "frame-meta" (type (eq 2)))
      (type (;4;) (variant (case "denied") (case "no-such-track") (case "name-taken") (case "full") (case "out-of-order") (case "closed")))
      (export (;5;) "output-error" (type (eq 4)))
      (alias outer 1 $track-info (type (;6;)))
      (export (;7;) "track-info" (type (eq 6)))
      (alias outer 1 $track-id (type (;8;)))
      (export (;9;) "track-id" (type (eq 8)))
      (alias outer 1 $metadata (type (;10;)))
      (export (;11;) "metadata" (type (eq 10)))
      (alias outer 1 $attributes (type (;12;)))
      (export (;13;) "attributes" (type (eq 12)))
      (alias outer 1 $stream-key (type (;14;)))
      (export (;15;) "stream-key" (type (eq 14)))
      (type (;16;) (enum "low" "high" "full"))
      (export (;17;) "pressure" (type (eq 16)))
      (type (;18;) (list u8))
      (type (;19;) (own 0))
      (type (;20;) (func (param "data" 18) (result 19)))
      (export (;0;) "[constructor]packet" (func (type 20)))
      (type (;21;) (borrow 0))
      (type (;22;) (func (param "self" 21) (result u32)))
      (export (;1;) "[method]packet.size" (func (type 22)))
      (type (;23;) (func (param "self" 21) (param "offset" u32) (param "len" u32) (result 18)))
      (export (;2;) "[method]packet.read" (func (type 23)))
      (type (;24;) (own 1))
      (type (;25;) (func (param "suffix" string) (param "tags" 13) (result 24)))
      (export (;3;) "[constructor]derived" (func (type 25)))
      (type (;26;) (borrow 1))
      (type (;27;) (result 15 (error 5)))
      (type (;28;) (func (param "self" 26) (result 27)))
      (export (;4;) "[method]derived.open" (func (type 28)))
      (type (;29;) (func (param "self" 26) (result 17)))
      (export (;5;) "[method]derived.pressure" (func (type 29)))
      (type (;30;) (option 21))
      (type (;31;) (result 9 (error 5)))
      (type (;32;) (func (param "self" 26) (param "info" 7) (param "header" 30) (result 31)))
      (export (;6;) "[method]derived.add-track" (func (type 32)))
      (type (;33;) (result (error 5)))
      (type (;34;) (func (param "self" 26) (param "meta" 3) (param "pkt" 21) (result 33)))
      (export (;7;) "[method]derived.push" (func (type 34)))
      (type (;35;) (func (param "self" 26) (param "meta" 11) (result 33)))
      (export (;8;) "[method]derived.set-metadata" (func (type 35)))
      (type (;36;) (func (param "meta" 3) (param "pkt" 21) (result 33)))
      (export (;9;) "emit-before" (func (type 36)))
      (export (;10;) "emit-after" (func (type 36)))
      (type (;37;) (func (param "count" u32)))
      (export (;11;) "release-held" (func (type 37)))
      (export (;12;) "drop-held" (func (type 37)))
      (type (;38;) (func (param "info" 7) (param "header" 30) (result 31)))
      (export (;13;) "add-track" (func (type 38)))
      (type (;39;) (func (param "meta" 11) (result 33)))
      (export (;14;) "set-metadata" (func (type 39)))
    )
  )
  (import "weir:filter/output@0.1.0" (instance $weir:filter/output@0.1.0 (;3;) (type $ty-weir:filter/output@0.1.0)))
  (alias export $weir:filter/types@0.1.0 "unit-info" (type $unit-info (;10;)))
  (alias export $weir:filter/output@0.1.0 "packet" (type $packet (;11;)))
  (type $ty-weir:filter/frame@0.1.0 (;12;)
    (instance
      (alias outer 1 $unit-info (type (;0;)))
      (export (;1;) "unit-info" (type (eq 0)))
      (alias outer 1 $packet (type (;2;)))
      (export (;3;) "packet" (type (eq 2)))
      (type (;4;) (list 1))
      (type (;5;) (func (result 4)))
      (export (;0;) "units" (func (type 5)))
      (type (;6;) (list u8))
      (type (;7;) (func (param "offset" u32) (param "len" u32) (result 6)))
      (export (;1;) "read" (func (type 7)))
      (type (;8;) (func (param "index" u32)))
      (export (;2;) "remove-unit" (func (type 8)))
      (type (;9;) (func (param "index" u32) (param "data" 6)))
      (export (;3;) "replace-unit" (func (type 9)))
      (type (;10;) (func (param "before" u32) (param "data" 6)))
      (export (;4;) "insert-unit" (func (type 10)))
      (type (;11;) (func (param "data" 6)))
      (export (;5;) "replace" (func (type 11)))
      (type (;12;) (func (param "dts" s64) (param "pts" s64)))
      (export (;6;) "retime" (func (type 12)))
      (type (;13;) (own 3))
      (type (;14;) (func (result 13)))
      (export (;7;) "retain" (func (type 14)))
    )
  )
  (import "weir:filter/frame@0.1.0" (instance $weir:filter/frame@0.1.0 (;4;) (type $ty-weir:filter/frame@0.1.0)))
  (type $ty-weir:filter/log@0.1.0 (;13;)
    (instance
      (type (;0;) (enum "trace" "debug" "info" "warn" "error"))
      (export (;1;) "level" (type (eq 0)))
      (type (;2;) (tuple string string))
      (type (;3;) (list 2))
      (type (;4;) (func (param "level" 1) (param "message" string) (param "fields" 3)))
      (export (;0;) "write" (func (type 4)))
    )
  )
  (import "weir:filter/log@0.1.0" (instance $weir:filter/log@0.1.0 (;5;) (type $ty-weir:filter/log@0.1.0)))
  (type $ty-weir:filter/metrics@0.1.0 (;14;)
    (instance
      (type (;0;) (func (param "counter" string) (param "delta" u64)))
      (export (;0;) "add" (func (type 0)))
      (type (;1;) (func (param "gauge" string) (param "value" f64)))
      (export (;1;) "set" (func (type 1)))
      (type (;2;) (func (param "histogram" string) (param "value" f64)))
      (export (;2;) "observe" (func (type 2)))
    )
  )
  (import "weir:filter/metrics@0.1.0" (instance $weir:filter/metrics@0.1.0 (;6;) (type $ty-weir:filter/metrics@0.1.0)))
  (type $ty-weir:filter/clock@0.1.0 (;15;)
    (instance
      (type (;0;) (func (result u64)))
      (export (;0;) "monotonic-ns" (func (type 0)))
      (export (;1;) "unix-ms" (func (type 0)))
    )
  )
  (import "weir:filter/clock@0.1.0" (instance $weir:filter/clock@0.1.0 (;7;) (type $ty-weir:filter/clock@0.1.0)))
  (type $ty-weir:filter/config@0.1.0 (;16;)
    (instance
      (type (;0;) (func (result string)))
      (export (;0;) "json" (func (type 0)))
      (type (;1;) (option string))
      (type (;2;) (func (param "name" string) (result 1)))
      (export (;1;) "secret" (func (type 2)))
    )
  )
  (import "weir:filter/config@0.1.0" (instance $weir:filter/config@0.1.0 (;8;) (type $ty-weir:filter/config@0.1.0)))
  (core module $main (;0;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32) (result i32)))
    (type (;2;) (func (param i32 i32)))
    (type (;3;) (func (param i32 i32 i32 i32 i32)))
    (type (;4;) (func (param i32 i32 i32 i32 i32 i32 i32 i64 i32)))
    (type (;5;) (func (param i32 i32 i32 i32 i32 i64 i32 i32 i32 i64 i32)))
    (type (;6;) (func (param i32 i32 i32 i32 i64 i32 i64 i32)))
    (type (;7;) (func (param i32 i32) (result i32)))
    (type (;8;) (func (param i32 i32 i32 i32)))
    (type (;9;) (func (param i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)))
    (type (;10;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;11;) (func (param i32 i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)))
    (type (;12;) (func (param i32 i32 i32 i32 i32 i32)))
    (type (;13;) (func (param i32 i32 i32)))
    (type (;14;) (func (param i64 i64)))
    (type (;15;) (func (result i32)))
    (type (;16;) (func (param i32 i32 i64)))
    (type (;17;) (func (param i32 i32 f64)))
    (type (;18;) (func (result i64)))
    (type (;19;) (func (param i64) (result i32)))
    (type (;20;) (func (param i32 i32 i32 i32 i32) (result i32)))
    (type (;21;) (func (param i32 i64)))
    (type (;22;) (func (param i32 i32 i32 i32 i32 i32) (result i32)))
    (type (;23;) (func (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (type (;24;) (func (param i32 i32 i64 i32 i32 i32) (result i32)))
    (type (;25;) (func (param i32 i32 i32) (result i32)))
    (type (;26;) (func (param i32 f64)))
    (type (;27;) (func (param i32 i32 i32 i32 i32 i64 i64 i32 i64 i64 i64) (result i32)))
    (type (;28;) (func))
    (import "weir:filter/output@0.1.0" "[resource-drop]packet" (func (;0;) (type 0)))
    (import "weir:filter/output@0.1.0" "[resource-drop]derived" (func (;1;) (type 0)))
    (import "[export]weir:filter/media@0.1.0" "[resource-new]stream-filter" (func (;2;) (type 1)))
    (import "weir:filter/entropy@0.1.0" "fill" (func (;3;) (type 2)))
    (import "weir:filter/kv@0.1.0" "get" (func (;4;) (type 3)))
    (import "weir:filter/kv@0.1.0" "set" (func (;5;) (type 4)))
    (import "weir:filter/kv@0.1.0" "compare-and-set" (func (;6;) (type 5)))
    (import "weir:filter/kv@0.1.0" "add" (func (;7;) (type 6)))
    (import "weir:filter/kv@0.1.0" "delete" (func (;8;) (type 3)))
    (import "weir:filter/output@0.1.0" "[constructor]packet" (func (;9;) (type 7)))
    (import "weir:filter/output@0.1.0" "[method]packet.size" (func (;10;) (type 1)))
    (import "weir:filter/output@0.1.0" "[method]packet.read" (func (;11;) (type 8)))
    (import "weir:filter/output@0.1.0" "emit-before" (func (;12;) (type 9)))
    (import "weir:filter/output@0.1.0" "emit-after" (func (;13;) (type 9)))
    (import "weir:filter/output@0.1.0" "release-held" (func (;14;) (type 0)))
    (import "weir:filter/output@0.1.0" "drop-held" (func (;15;) (type 0)))
    (import "weir:filter/output@0.1.0" "add-track" (func (;16;) (type 2)))
    (import "weir:filter/output@0.1.0" "set-metadata" (func (;17;) (type 3)))
    (import "weir:filter/output@0.1.0" "[constructor]derived" (func (;18;) (type 10)))
    (import "weir:filter/output@0.1.0" "[method]derived.open" (func (;19;) (type 2)))
    (import "weir:filter/output@0.1.0" "[method]derived.pressure" (func (;20;) (type 1)))
    (import "weir:filter/output@0.1.0" "[method]derived.add-track" (func (;21;) (type 2)))
    (import "weir:filter/output@0.1.0" "[method]derived.push" (func (;22;) (type 11)))
    (import "weir:filter/output@0.1.0" "[method]derived.set-metadata" (func (;23;) (type 12)))
    (import "weir:filter/frame@0.1.0" "units" (func (;24;) (type 0)))
    (import "weir:filter/frame@0.1.0" "read" (func (;25;) (type 13)))
    (import "weir:filter/frame@0.1.0" "remove-unit" (func (;26;) (type 0)))
    (import "weir:filter/frame@0.1.0" "replace-unit" (func (;27;) (type 13)))
    (import "weir:filter/frame@0.1.0" "insert-unit" (func (;28;) (type 13)))
    (import "weir:filter/frame@0.1.0" "replace" (func (;29;) (type 2)))
    (import "weir:filter/frame@0.1.0" "retime" (func (;30;) (type 14)))
    (import "weir:filter/frame@0.1.0" "retain" (func (;31;) (type 15)))
    (import "weir:filter/log@0.1.0" "write" (func (;32;) (type 3)))
    (import "weir:filter/metrics@0.1.0" "add" (func (;33;) (type 16)))
    (import "weir:filter/metrics@0.1.0" "set" (func (;34;) (type 17)))
    (import "weir:filter/metrics@0.1.0" "observe" (func (;35;) (type 17)))
    (import "weir:filter/clock@0.1.0" "monotonic-ns" (func (;36;) (type 18)))
    (import "weir:filter/clock@0.1.0" "unix-ms" (func (;37;) (type 18)))
    (import "weir:filter/config@0.1.0" "json" (func (;38;) (type 0)))
    (import "weir:filter/config@0.1.0" "secret" (func (;39;) (type 13)))
    (table (;0;) 1 1 funcref)
    (memory (;0;) 17)
    (global (;0;) (mut i32) i32.const 1048576)
    (export "memory" (memory 0))
    (export "cabi_post_weir:filter/media@0.1.0#[static]stream-filter.open" (func 64))
    (export "cabi_post_weir:filter/media@0.1.0#[method]stream-filter.subscribe" (func 65))
    (export "cabi_post_weir:filter/media@0.1.0#[method]stream-filter.on-header" (func 66))
    (export "cabi_post_weir:filter/media@0.1.0#[method]stream-filter.on-metadata" (func 67))
    (export "cabi_post_weir:filter/media@0.1.0#[method]stream-filter.snapshot" (func 68))
    (export "cabi_post_weir:filter/lifecycle@0.1.0#describe" (func 69))
    (export "cabi_post_weir:filter/lifecycle@0.1.0#configure" (func 70))
    (export "cabi_realloc" (func 71))
    (export "weir:filter/media@0.1.0#[dtor]stream-filter" (func 92))
    (export "weir:filter/media@0.1.0#[static]stream-filter.open" (func 132))
    (export "weir:filter/media@0.1.0#[method]stream-filter.subscribe" (func 133))
    (export "weir:filter/media@0.1.0#[method]stream-filter.on-header" (func 134))
    (export "weir:filter/media@0.1.0#[method]stream-filter.on-metadata" (func 135))
    (export "weir:filter/media@0.1.0#[method]stream-filter.on-frame" (func 136))
    (export "weir:filter/media@0.1.0#[method]stream-filter.on-tick" (func 137))
    (export "weir:filter/media@0.1.0#[method]stream-filter.flush" (func 138))
    (export "weir:filter/media@0.1.0#[method]stream-filter.snapshot" (func 139))
    (export "weir:filter/media@0.1.0#[method]stream-filter.end" (func 140))
    (export "weir:filter/lifecycle@0.1.0#describe" (func 141))
    (export "weir:filter/lifecycle@0.1.0#configure" (func 142))
    (func (;40;) (type 0) (param i32)
      local.get 0
      i32.const 0
      i32.const 40
      call 149
      drop
      local.get 0
      i32.const 1049274
      call 94
      local.get 0
      i32.const 8
      i32.add
      i32.const 1049425
      call 94
      local.get 0
      i32.const 16
      i32.add
      i32.const 1049431
      call 94
      local.get 0
      i32.const 1
      i32.store offset=36
    )
    (func (;41;) (type 1) (param i32) (result i32)
      (local i32 i32 i32 i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 1
      global.set 0
      local.get 1
      i32.const 8
      i32.add
      call 130
      local.get 1
      i32.const 8
      i32.add
      i32.const 1049004
      call 42
      local.set 2
      local.get 1
      i32.const 8
      i32.add
      i32.const 1048639
      call 42
      local.set 3
      local.get 1
      i32.const 8
      i32.add
      call 73
      i32.const 0
      local.set 4
      i32.const 0
      local.get 3
      i32.const 1049463
      local.get 3
      select
      i32.store offset=1049652
      block ;; label = @1
        block ;; label = @2
          local.get 2
          i32.eqz
          br_if 0 (;@2;)
          i32.const -112
          local.set 3
          block ;; label = @3
            loop ;; label = @4
              local.get 2
              local.get 3
              i32.const 1049584
              i32.add
              i32.load
              call 154
              i32.eqz
              br_if 1 (;@3;)
              local.get 3
              i32.const 4
              i32.add
              local.tee 3
              i32.eqz
              br_if 2 (;@2;)
              br 0 (;@4;)
            end
          end
          i32.const 0
          local.get 2
          i32.store offset=1049656
          i32.const 1
          local.set 4
          br 1 (;@1;)
        end
        local.get 0
        i32.const 0
        i32.store8
        local.get 0
        i32.const 4
        i32.add
        i32.const 1048848
        call 94
      end
      local.get 1
      i32.const 16
      i32.add
      global.set 0
      local.get 4
    )
    (func (;42;) (type 7) (param i32 i32) (result i32)
      (local i32 i32 i32 i32)
      block ;; label = @1
        local.get 1
        call 153
        local.tee 2
        i32.const 4
        i32.add
        local.get 0
        i32.load offset=4
        i32.gt_u
        br_if 0 (;@1;)
        i32.const 0
        local.set 3
        loop ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load
            local.tee 4
            local.get 3
            i32.add
            local.tee 5
            i32.load8_u
            i32.const 34
            i32.ne
            br_if 0 (;@3;)
            local.get 5
            i32.const 1
            i32.add
            local.get 1
            local.get 2
            call 152
            br_if 0 (;@3;)
            local.get 4
            local.get 2
            i32.add
            local.get 3
            i32.add
            local.tee 5
            i32.const 1
            i32.add
            i32.load8_u
            i32.const 34
            i32.ne
            br_if 0 (;@3;)
            local.get 5
            i32.const 2
            i32.add
            i32.load8_u
            i32.const 58
            i32.ne
            br_if 0 (;@3;)
            local.get 5
            i32.const 3
            i32.add
            i32.load8_u
            i32.const 34
            i32.ne
            br_if 0 (;@3;)
            local.get 5
            i32.const 4
            i32.add
            local.tee 1
            local.set 5
            block ;; label = @4
              local.get 1
              local.get 0
              i32.load
              local.get 0
              i32.load offset=4
              i32.add
              local.tee 0
              i32.ge_u
              br_if 0 (;@4;)
              local.get 1
              local.set 5
              loop ;; label = @5
                local.get 5
                i32.load8_u
                i32.const 34
                i32.eq
                br_if 1 (;@4;)
                local.get 5
                i32.const 1
                i32.add
                local.tee 5
                local.get 0
                i32.lt_u
                br_if 0 (;@5;)
              end
              local.get 0
              local.set 5
            end
            local.get 5
            local.get 4
            i32.sub
            local.get 2
            i32.sub
            local.get 3
            i32.sub
            local.tee 3
            i32.const -3
            i32.add
            i32.const 1
            call 148
            local.tee 0
            local.get 1
            local.get 3
            i32.const -4
            i32.add
            call 151
            drop
            local.get 0
            return
          end
          local.get 2
          local.get 3
          i32.const 1
          i32.add
          local.tee 3
          i32.add
          i32.const 4
          i32.add
          local.get 0
          i32.load offset=4
          i32.le_u
          br_if 0 (;@2;)
        end
      end
      i32.const 0
    )
    (func (;43;) (type 10) (param i32 i32 i32 i32) (result i32)
      (local i32 i32 i32 i32 i64 i32)
      block ;; label = @1
        block ;; label = @2
          i32.const 0
          i32.load offset=1049656
          i32.const 1049326
          call 154
          local.tee 4
          br_if 0 (;@2;)
          local.get 0
          call 87
          local.get 3
          i32.const 1
          i32.store8
          local.get 3
          i32.const 4
          i32.add
          i32.const 1048980
          call 94
          br 1 (;@1;)
        end
        i32.const 1
        i32.const 408
        call 148
        local.tee 3
        local.get 0
        i32.const 312
        memory.copy
        block ;; label = @2
          local.get 1
          i32.eqz
          br_if 0 (;@2;)
          block ;; label = @3
            local.get 1
            i32.load
            i32.const 1
            i32.ne
            br_if 0 (;@3;)
            local.get 1
            i32.load offset=8
            local.tee 5
            i32.eqz
            br_if 0 (;@3;)
            i32.const 0
            local.set 0
            block ;; label = @4
              local.get 5
              i32.const 1
              i32.eq
              br_if 0 (;@4;)
              local.get 5
              i32.const 1
              i32.and
              local.set 6
              local.get 5
              i32.const -2
              i32.and
              local.set 7
              local.get 3
              i64.load offset=312
              local.set 8
              local.get 1
              i32.load offset=4
              local.set 9
              i32.const 0
              local.set 0
              loop ;; label = @5
                local.get 3
                local.get 8
                i64.const 8
                i64.shl
                local.get 9
                local.get 0
                i32.add
                local.tee 5
                i64.load8_u
                i64.or
                local.tee 8
                i64.store offset=312
                local.get 3
                local.get 8
                i64.const 8
                i64.shl
                local.get 5
                i32.const 1
                i32.add
                i64.load8_u
                i64.or
                local.tee 8
                i64.store offset=312
                local.get 7
                local.get 0
                i32.const 2
                i32.add
                local.tee 0
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 6
              i32.eqz
              br_if 1 (;@3;)
            end
            local.get 3
            local.get 3
            i64.load offset=312
            i64.const 8
            i64.shl
            local.get 1
            i32.load offset=4
            local.get 0
            i32.add
            i64.load8_u
            i64.or
            i64.store offset=312
          end
          local.get 1
          call 90
        end
        local.get 2
        local.get 3
        call 91
        i32.store
      end
      local.get 4
      i32.const 0
      i32.ne
    )
    (func (;44;) (type 2) (param i32 i32)
      (local i32 i32)
      local.get 1
      i32.const 0
      i32.const 24
      call 149
      drop
      local.get 1
      i32.const 1
      i32.store offset=4
      local.get 1
      i32.const 1
      i32.const 32
      call 148
      local.tee 2
      i32.store
      block ;; label = @1
        i32.const 0
        i32.load offset=1049656
        i32.const 1048644
        call 154
        br_if 0 (;@1;)
        local.get 2
        i32.const 1
        i32.store offset=4
        local.get 2
        i32.const 1
        i32.store offset=12
        local.get 2
        i32.const 1
        call 146
        local.tee 3
        i32.store
        local.get 3
        i32.const 1
        i32.store8
        i32.const 4
        call 146
        local.tee 3
        i32.const 1635148593
        i32.store
        local.get 2
        local.get 3
        i32.store offset=8
        local.get 2
        i64.const 32
        i64.store offset=24
        local.get 2
        i32.const 1
        i32.store8 offset=16
      end
      local.get 1
      i32.const 257
      i32.store16 offset=8
      block ;; label = @1
        block ;; label = @2
          i32.const 0
          i32.load offset=1049656
          i32.const 1049306
          call 154
          br_if 0 (;@2;)
          i32.const 3
          local.set 2
          br 1 (;@1;)
        end
        i32.const 0
        i32.const 3
        i32.const 0
        i32.load offset=1049656
        i32.const 1049311
        call 154
        select
        local.set 2
      end
      local.get 1
      local.get 2
      i32.store offset=12
      i32.const 0
      i32.load offset=1049656
      i32.const 1049077
      call 154
      local.set 2
      local.get 1
      i32.const 100
      i32.store offset=20
      local.get 1
      local.get 2
      i32.eqz
      i32.store8 offset=16
    )
    (func (;45;) (type 7) (param i32 i32) (result i32)
      (local i32 i32 i32 i32)
      global.get 0
      i32.const 80
      i32.sub
      local.tee 2
      global.set 0
      local.get 0
      local.get 0
      i64.load offset=312
      local.get 1
      i32.load16_u offset=8
      local.tee 3
      i32.const 32
      i32.and
      i32.eqz
      i64.extend_i32_u
      i64.add
      i64.store offset=312
      i32.const 1
      local.set 4
      local.get 3
      i32.const 1
      i32.and
      local.set 5
      local.get 1
      i32.load8_u offset=2
      local.set 3
      i32.const 0
      i32.const 0
      i32.store offset=1049664
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048951
            call 154
            br_if 0 (;@3;)
            local.get 3
            i32.const 255
            i32.and
            i32.const 1
            i32.eq
            local.get 5
            i32.const 65535
            i32.and
            i32.eqz
            i32.and
            local.set 4
            br 1 (;@2;)
          end
          i32.const 0
          i32.load offset=1049656
          i32.const 1048644
          call 154
          i32.eqz
          br_if 0 (;@2;)
          i32.const 0
          local.set 4
          block ;; label = @3
            block ;; label = @4
              i32.const 0
              i32.load offset=1049656
              i32.const 1048717
              call 154
              i32.eqz
              br_if 0 (;@4;)
              i32.const 0
              i32.load offset=1049656
              i32.const 1048729
              call 154
              br_if 1 (;@3;)
            end
            local.get 2
            i32.const 16
            i32.add
            call 116
            block ;; label = @4
              local.get 2
              i32.load offset=20
              local.tee 3
              i32.eqz
              br_if 0 (;@4;)
              i32.const 8
              local.set 0
              i32.const 0
              local.set 1
              i32.const 0
              local.set 4
              loop ;; label = @5
                block ;; label = @6
                  local.get 2
                  i32.load offset=16
                  local.get 0
                  i32.add
                  i32.load8_u
                  i32.const 6
                  i32.ne
                  br_if 0 (;@6;)
                  block ;; label = @7
                    i32.const 0
                    i32.load offset=1049656
                    i32.const 1048729
                    call 154
                    br_if 0 (;@7;)
                    i32.const 2
                    local.set 4
                    local.get 2
                    i32.const 2
                    i32.store offset=76
                    local.get 2
                    i32.const 1048628
                    i32.store offset=72
                    local.get 1
                    local.get 2
                    i32.const 72
                    i32.add
                    call 119
                    br 3 (;@4;)
                  end
                  local.get 1
                  call 118
                  i32.const 2
                  local.set 4
                  local.get 2
                  i32.load offset=20
                  local.set 3
                end
                local.get 0
                i32.const 12
                i32.add
                local.set 0
                local.get 1
                i32.const 1
                i32.add
                local.tee 1
                local.get 3
                i32.lt_u
                br_if 0 (;@5;)
              end
            end
            local.get 2
            i32.const 16
            i32.add
            call 86
            br 1 (;@2;)
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048705
            call 154
            br_if 0 (;@3;)
            local.get 3
            i32.const 255
            i32.and
            i32.const 1
            i32.ne
            br_if 0 (;@3;)
            local.get 2
            i32.const 16
            i32.add
            call 116
            i32.const 2
            local.set 4
            local.get 2
            i32.const 2
            i32.store offset=76
            local.get 2
            i32.const 1049420
            i32.store offset=72
            local.get 2
            i32.const 2
            i32.store offset=64
            local.get 2
            i32.const 1049159
            i32.store offset=60
            i32.const 0
            local.get 2
            i32.const 72
            i32.add
            call 120
            local.get 2
            i32.load offset=20
            local.get 2
            i32.const 60
            i32.add
            call 120
            local.get 2
            i32.const 16
            i32.add
            call 86
            br 1 (;@2;)
          end
          block ;; label = @3
            block ;; label = @4
              i32.const 0
              i32.load offset=1049656
              i32.const 1049286
              call 154
              i32.eqz
              br_if 0 (;@4;)
              i32.const 0
              i32.load offset=1049656
              i32.const 1048799
              call 154
              br_if 1 (;@3;)
            end
            i32.const 0
            i32.const -1
            local.get 2
            i32.const 72
            i32.add
            call 117
            local.get 2
            i32.load offset=72
            local.set 3
            local.get 2
            i32.load offset=76
            local.tee 1
            i32.const 1
            i32.add
            local.tee 4
            call 146
            local.tee 0
            local.get 3
            local.get 1
            call 151
            drop
            local.get 0
            local.get 1
            i32.add
            i32.const 33
            i32.store8
            local.get 2
            local.get 4
            i32.store offset=20
            local.get 2
            local.get 0
            i32.store offset=16
            local.get 2
            i32.const 16
            i32.add
            call 121
            local.get 0
            call 147
            local.get 2
            i32.const 72
            i32.add
            call 72
            i32.const 0
            i32.const 2
            i32.const 0
            i32.load offset=1049656
            i32.const 1049286
            call 154
            select
            local.set 4
            br 1 (;@2;)
          end
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                i32.const 0
                i32.load offset=1049656
                i32.const 1049306
                call 154
                i32.eqz
                br_if 0 (;@5;)
                i32.const 0
                i32.load offset=1049656
                i32.const 1049311
                call 154
                br_if 2 (;@3;)
                local.get 3
                i32.const 255
                i32.and
                i32.const 1
                i32.eq
                br_if 1 (;@4;)
                br 2 (;@3;)
              end
              local.get 3
              i32.const 255
              i32.and
              i32.const 1
              i32.ne
              br_if 1 (;@3;)
            end
            i32.const 3
            local.set 4
            block ;; label = @4
              local.get 0
              i32.load offset=320
              local.tee 1
              i32.const 3
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.set 1
              block ;; label = @5
                i32.const 0
                i32.load offset=1049656
                i32.const 1049311
                call 154
                br_if 0 (;@5;)
                i32.const 2
                call 107
              end
              i32.const 3
              call 106
            end
            local.get 0
            local.get 1
            i32.const 1
            i32.add
            i32.store offset=320
            br 1 (;@2;)
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048742
            call 154
            br_if 0 (;@3;)
            local.get 2
            i32.const 6
            i32.store offset=20
            local.get 2
            i32.const 1049204
            i32.store offset=16
            local.get 1
            local.get 2
            i32.const 16
            i32.add
            call 101
            local.tee 4
            call 83
            local.get 2
            i32.const 71
            i32.add
            call 104
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            call 82
            local.get 1
            local.get 1
            i32.load16_u
            call 46
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048614
            call 154
            br_if 0 (;@3;)
            local.get 3
            i32.const 255
            i32.and
            i32.const 1
            i32.ne
            br_if 0 (;@3;)
            block ;; label = @4
              local.get 0
              i32.load8_u offset=324
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              local.get 0
              local.get 1
              i64.load offset=16
              i64.store offset=344
              local.get 0
              local.get 1
              i64.load offset=24
              i64.store offset=352
              local.get 0
              i32.const 328
              i32.add
              local.get 0
              i32.load offset=392
              call 83
              local.get 2
              i32.const 71
              i32.add
              call 104
              i32.eqz
              br_if 3 (;@1;)
              local.get 0
              i32.load offset=392
              call 82
            end
            i32.const 1
            local.set 4
            local.get 0
            i32.const 1
            i32.store8 offset=324
            local.get 0
            local.get 1
            i64.load
            i64.store offset=328
            local.get 0
            local.get 1
            i64.load offset=8
            i64.store offset=336
            local.get 0
            local.get 1
            i64.load offset=16
            i64.store offset=344
            local.get 0
            local.get 1
            i64.load offset=24
            i64.store offset=352
            local.get 0
            local.get 1
            i64.load offset=32
            i64.store offset=360
            local.get 0
            local.get 1
            i64.load offset=40
            i64.store offset=368
            local.get 0
            local.get 1
            i64.load offset=48
            i64.store offset=376
            local.get 0
            local.get 1
            i64.load offset=56
            i64.store offset=384
            local.get 0
            call 123
            i32.store offset=392
            br 1 (;@2;)
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1049221
            call 154
            br_if 0 (;@3;)
            local.get 1
            i64.load offset=16
            i64.const 5000
            i64.add
            local.get 1
            i64.load offset=24
            i64.const 7000
            i64.add
            call 122
            i32.const 2
            local.set 4
            br 1 (;@2;)
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048672
            call 154
            br_if 0 (;@3;)
            local.get 5
            i32.eqz
            br_if 0 (;@3;)
            i32.const 1048678
            i32.const 1048882
            local.get 0
            i64.load offset=312
            f64.convert_i64_u
            call 47
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048610
            call 154
            br_if 0 (;@3;)
            local.get 0
            i64.load offset=312
            i64.const 1
            i64.ne
            br_if 0 (;@3;)
            local.get 2
            i32.const 16
            i32.add
            i32.const 1049418
            call 93
            local.get 2
            i32.const 16
            i32.add
            i32.const 8
            i32.or
            i32.const 1049423
            call 93
            local.get 2
            i32.const 32
            i32.add
            i32.const 1048639
            call 93
            local.get 2
            i32.const 40
            i32.add
            i32.const 0
            i32.load offset=1049652
            call 93
            i32.const 1049321
            local.get 2
            i32.const 16
            i32.add
            i32.const 2
            call 48
            local.get 2
            i32.const 72
            i32.add
            i32.const 1049025
            call 93
            local.get 2
            i32.const 60
            i32.add
            i32.const 1049068
            call 93
            local.get 2
            i32.const 8
            i32.add
            i32.const 1048836
            call 93
            local.get 2
            i32.const 72
            i32.add
            i64.const 2
            call 125
            local.get 2
            i32.const 60
            i32.add
            f64.const 0x1.8p+0 (;=1.5;)
            call 126
            local.get 2
            i32.const 8
            i32.add
            f64.const 0x1.4p+3 (;=10;)
            call 127
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048653
            call 154
            br_if 0 (;@3;)
            local.get 0
            local.get 1
            call 49
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1049338
            call 154
            br_if 0 (;@3;)
            local.get 0
            i64.load offset=312
            i64.const 2
            i64.ne
            br_if 0 (;@3;)
            local.get 1
            call 50
          end
          block ;; label = @3
            local.get 0
            i32.load8_u offset=396
            i32.const 1
            i32.ne
            br_if 0 (;@3;)
            local.get 3
            i32.const 255
            i32.and
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            call 123
            local.set 4
            local.get 0
            i32.load offset=400
            call 85
            local.get 1
            local.get 4
            call 83
            local.get 2
            i32.const 71
            i32.add
            call 114
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            call 82
          end
          block ;; label = @3
            local.get 0
            i32.load16_u offset=404
            local.tee 4
            i32.eqz
            br_if 0 (;@3;)
            local.get 3
            i32.const 255
            i32.and
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            local.get 1
            local.get 4
            call 46
          end
          i32.const 0
          local.set 4
          i32.const 0
          i32.load offset=1049656
          i32.const 1048971
          call 154
          br_if 0 (;@2;)
          local.get 0
          i32.load offset=304
          br_if 0 (;@2;)
          local.get 0
          i64.load offset=312
          i64.const 3
          i64.ne
          br_if 0 (;@2;)
          local.get 2
          i32.const 16
          i32.add
          i32.const 1048963
          call 51
          local.get 2
          i64.const 0
          i64.store offset=72
          i32.const 4
          local.get 2
          i32.const 16
          i32.add
          local.get 2
          i32.const 72
          i32.add
          call 124
          call 145
          unreachable
        end
        local.get 2
        i32.const 80
        i32.add
        global.set 0
        local.get 4
        i32.const 255
        i32.and
        return
      end
      call 145
      unreachable
    )
    (func (;46;) (type 2) (param i32 i32)
      (local i32)
      global.get 0
      i32.const 80
      i32.sub
      local.tee 2
      global.set 0
      local.get 2
      local.get 0
      i64.load
      i64.store offset=16
      local.get 2
      local.get 0
      i64.load offset=56
      i64.store offset=72
      local.get 2
      local.get 0
      i64.load offset=48
      i64.store offset=64
      local.get 2
      local.get 0
      i64.load offset=40
      i64.store offset=56
      local.get 2
      local.get 0
      i64.load offset=32
      i64.store offset=48
      local.get 2
      local.get 0
      i64.load offset=24
      i64.store offset=40
      local.get 2
      local.get 0
      i64.load offset=16
      i64.store offset=32
      local.get 2
      local.get 0
      i64.load offset=8
      i64.store offset=24
      local.get 2
      local.get 1
      i32.store16 offset=16
      block ;; label = @1
        local.get 2
        i32.const 16
        i32.add
        call 123
        local.tee 0
        call 83
        local.get 2
        i32.const 15
        i32.add
        call 105
        br_if 0 (;@1;)
        call 145
        unreachable
      end
      local.get 0
      call 82
      local.get 2
      i32.const 80
      i32.add
      global.set 0
    )
    (func (;47;) (type 17) (param i32 i32 f64)
      (local i32)
      global.get 0
      i32.const 48
      i32.sub
      local.tee 3
      global.set 0
      local.get 3
      local.get 1
      call 93
      local.get 3
      i32.const 0
      i32.store offset=9 align=1
      local.get 3
      i32.const 0
      i32.store8 offset=8
      local.get 3
      i32.const 0
      i32.store offset=12 align=1
      local.get 3
      local.get 2
      f64.store offset=16
      local.get 3
      i32.const 32
      i32.add
      local.get 0
      call 93
      local.get 3
      i32.const 1
      i32.store offset=44
      local.get 3
      local.get 3
      i32.store offset=40
      block ;; label = @1
        local.get 3
        i32.const 32
        i32.add
        local.get 3
        i32.const 31
        i32.add
        call 109
        br_if 0 (;@1;)
        call 145
        unreachable
      end
      local.get 3
      i32.const 48
      i32.add
      global.set 0
    )
    (func (;48;) (type 13) (param i32 i32 i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 3
      global.set 0
      local.get 3
      i32.const 8
      i32.add
      local.get 0
      call 93
      local.get 3
      local.get 2
      i32.store offset=4
      local.get 3
      local.get 1
      i32.store
      i32.const 2
      local.get 3
      i32.const 8
      i32.add
      local.get 3
      call 124
      local.get 3
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;49;) (type 2) (param i32 i32)
      (local i32 i64 i32 i32 i32 i64 i32 i32 i32 i32 i32 i32 i64 i32 i32 i32)
      global.get 0
      i32.const 208
      i32.sub
      local.tee 2
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i64.load offset=312
          i64.const 1
          i64.ne
          br_if 0 (;@2;)
          call 128
          local.set 3
          local.get 2
          i32.const 168
          i32.add
          i32.const 1048606
          call 93
          local.get 2
          i32.const 160
          i32.add
          i32.const 1049211
          call 93
          local.get 2
          i64.const 0
          i64.store offset=152
          local.get 2
          i32.const 168
          i32.add
          local.get 2
          i32.const 152
          i32.add
          call 131
          local.set 4
          local.get 2
          i32.const 160
          i32.add
          local.get 2
          i32.const 144
          i32.add
          call 131
          local.set 5
          local.get 2
          i32.const 1049034
          i32.store offset=32
          local.get 0
          i32.const 8
          i32.add
          call 52
          local.set 6
          local.get 2
          i32.const 1048576
          i32.store offset=40
          local.get 2
          local.get 6
          i32.store offset=36
          local.get 2
          local.get 0
          i64.load offset=24 align=4
          local.tee 7
          i64.store offset=176
          local.get 2
          local.get 7
          i64.store offset=24
          i32.const 0
          i32.load offset=1049664
          local.set 6
          local.get 2
          i32.const 24
          i32.add
          call 53
          i32.const 0
          i32.load offset=1049664
          local.tee 8
          i32.const 1
          i32.add
          local.tee 9
          i32.const 8192
          i32.ge_u
          br_if 1 (;@1;)
          local.get 8
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 9
          i32.store offset=1049664
          local.get 2
          i32.const 1048960
          i32.store offset=48
          local.get 2
          local.get 6
          i32.const 1049680
          i32.add
          i32.store offset=44
          local.get 9
          local.set 10
          block ;; label = @3
            local.get 0
            i32.load offset=52
            local.tee 11
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load offset=48
            local.set 10
            i32.const 0
            local.set 6
            loop ;; label = @4
              local.get 8
              local.get 6
              i32.add
              local.tee 12
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              local.get 12
              i32.const 1049681
              i32.add
              local.get 10
              local.get 6
              i32.add
              i32.load8_u
              i32.store8
              i32.const 0
              local.get 12
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 11
              local.get 6
              i32.const 1
              i32.add
              local.tee 6
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 8
            local.get 6
            i32.add
            i32.const 1
            i32.add
            local.set 10
          end
          local.get 10
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          local.get 10
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 10
          i32.const 1
          i32.add
          local.tee 13
          i32.store offset=1049664
          local.get 2
          i32.const 1048686
          i32.store offset=56
          local.get 2
          local.get 9
          i32.const 1049680
          i32.add
          i32.store offset=52
          local.get 13
          local.set 6
          block ;; label = @3
            local.get 0
            i32.load offset=116
            local.tee 8
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load offset=112
            local.set 11
            i32.const 0
            local.set 6
            loop ;; label = @4
              local.get 10
              local.get 6
              i32.add
              local.tee 12
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              local.get 12
              i32.const 1049681
              i32.add
              local.get 11
              local.get 6
              i32.add
              i32.load8_u
              i32.store8
              i32.const 0
              local.get 12
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 8
              local.get 6
              i32.const 1
              i32.add
              local.tee 6
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 10
            local.get 6
            i32.add
            i32.const 1
            i32.add
            local.set 6
          end
          local.get 6
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          local.get 6
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 6
          i32.const 1
          i32.add
          local.tee 6
          i32.store offset=1049664
          local.get 2
          i32.const 1048831
          i32.store offset=64
          local.get 2
          local.get 13
          i32.const 1049680
          i32.add
          i32.store offset=60
          local.get 2
          local.get 0
          i64.load offset=144 align=4
          local.tee 7
          i64.store offset=176
          local.get 2
          local.get 7
          i64.store offset=16
          local.get 2
          i32.const 16
          i32.add
          call 53
          i32.const 0
          i32.load offset=1049664
          local.tee 11
          i32.const 1
          i32.add
          local.tee 9
          i32.const 8192
          i32.ge_u
          br_if 1 (;@1;)
          local.get 11
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 9
          i32.store offset=1049664
          local.get 2
          i32.const 1048889
          i32.store offset=72
          local.get 2
          local.get 6
          i32.const 1049680
          i32.add
          i32.store offset=68
          i32.const 1049211
          local.set 6
          block ;; label = @3
            block ;; label = @4
              local.get 0
              i32.load8_u offset=152
              i32.const 1
              i32.eq
              br_if 0 (;@4;)
              local.get 9
              local.set 11
              br 1 (;@3;)
            end
            local.get 0
            i64.load offset=160
            local.set 7
            i32.const 0
            local.set 6
            loop ;; label = @4
              local.get 2
              i32.const 176
              i32.add
              local.get 6
              i32.add
              local.get 7
              local.get 7
              i64.const 10
              i64.div_u
              local.tee 14
              i64.const 10
              i64.mul
              i64.sub
              i32.wrap_i64
              i32.const 48
              i32.or
              i32.store8
              local.get 6
              i32.const 1
              i32.add
              local.set 6
              local.get 7
              i64.const 9
              i64.gt_u
              local.set 12
              local.get 14
              local.set 7
              local.get 12
              br_if 0 (;@4;)
            end
            local.get 9
            local.set 10
            block ;; label = @4
              local.get 6
              i32.eqz
              br_if 0 (;@4;)
              local.get 2
              i32.const 176
              i32.add
              i32.const -1
              i32.add
              local.set 10
              i32.const 0
              local.set 12
              loop ;; label = @5
                local.get 11
                local.get 12
                i32.add
                local.tee 8
                i32.const 8190
                i32.eq
                br_if 4 (;@1;)
                i32.const 0
                local.get 8
                i32.const 2
                i32.add
                i32.store offset=1049664
                local.get 8
                i32.const 1049681
                i32.add
                local.get 10
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                local.get 10
                i32.const -1
                i32.add
                local.set 10
                local.get 6
                local.get 12
                i32.const 1
                i32.add
                local.tee 12
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 11
              local.get 12
              i32.add
              i32.const 1
              i32.add
              local.set 10
            end
            local.get 10
            i32.const 8191
            i32.ge_u
            br_if 2 (;@1;)
            local.get 10
            i32.const 32
            i32.store8 offset=1049680
            i32.const 0
            local.get 10
            i32.const 1
            i32.add
            local.tee 8
            i32.store offset=1049664
            block ;; label = @4
              local.get 0
              i32.load offset=188
              local.tee 11
              i32.eqz
              br_if 0 (;@4;)
              local.get 0
              i32.load offset=184
              local.set 8
              i32.const 0
              local.set 6
              loop ;; label = @5
                local.get 10
                local.get 6
                i32.add
                local.tee 12
                i32.const 8190
                i32.eq
                br_if 4 (;@1;)
                local.get 12
                i32.const 1049681
                i32.add
                local.get 8
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                i32.const 0
                local.get 12
                i32.const 2
                i32.add
                i32.store offset=1049664
                local.get 11
                local.get 6
                i32.const 1
                i32.add
                local.tee 6
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 10
              local.get 6
              i32.add
              i32.const 1
              i32.add
              local.set 8
            end
            local.get 8
            i32.const 1
            i32.add
            local.tee 10
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 8
            i32.const 32
            i32.store8 offset=1049680
            i32.const 0
            local.get 10
            i32.store offset=1049664
            block ;; label = @4
              local.get 0
              i32.load offset=276
              local.tee 11
              i32.eqz
              br_if 0 (;@4;)
              local.get 0
              i32.load offset=272
              local.set 10
              i32.const 0
              local.set 6
              loop ;; label = @5
                local.get 8
                local.get 6
                i32.add
                local.tee 12
                i32.const 8190
                i32.eq
                br_if 4 (;@1;)
                local.get 12
                i32.const 1049681
                i32.add
                local.get 10
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                i32.const 0
                local.get 12
                i32.const 2
                i32.add
                i32.store offset=1049664
                local.get 11
                local.get 6
                i32.const 1
                i32.add
                local.tee 6
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 8
              local.get 6
              i32.add
              i32.const 1
              i32.add
              local.set 10
            end
            local.get 10
            i32.const 1
            i32.add
            local.tee 6
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 10
            i32.const 47
            i32.store8 offset=1049680
            i32.const 0
            local.get 6
            i32.store offset=1049664
            block ;; label = @4
              local.get 0
              i32.load offset=284
              local.tee 8
              i32.eqz
              br_if 0 (;@4;)
              local.get 0
              i32.load offset=280
              local.set 11
              i32.const 0
              local.set 6
              loop ;; label = @5
                local.get 10
                local.get 6
                i32.add
                local.tee 12
                i32.const 8190
                i32.eq
                br_if 4 (;@1;)
                local.get 12
                i32.const 1049681
                i32.add
                local.get 11
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                i32.const 0
                local.get 12
                i32.const 2
                i32.add
                i32.store offset=1049664
                local.get 8
                local.get 6
                i32.const 1
                i32.add
                local.tee 6
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 10
              local.get 6
              i32.add
              i32.const 1
              i32.add
              local.set 6
            end
            local.get 6
            i32.const 1
            i32.add
            local.tee 12
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 6
            i32.const 32
            i32.store8 offset=1049680
            i32.const 0
            local.get 12
            i32.store offset=1049664
            local.get 2
            local.get 0
            i64.load offset=288 align=4
            i64.store offset=8
            local.get 2
            i32.const 8
            i32.add
            call 53
            i32.const 0
            i32.load offset=1049664
            local.tee 6
            i32.const 1
            i32.add
            local.tee 12
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 6
            i32.const 32
            i32.store8 offset=1049680
            i32.const 0
            local.get 12
            i32.store offset=1049664
            local.get 2
            local.get 0
            i64.load offset=296 align=4
            i64.store
            local.get 2
            call 53
            i32.const 0
            i32.load offset=1049664
            local.tee 6
            i32.const 1
            i32.add
            local.tee 11
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 6
            i32.const 0
            i32.store8 offset=1049680
            i32.const 0
            local.get 11
            i32.store offset=1049664
            local.get 9
            i32.const 1049680
            i32.add
            local.set 6
          end
          local.get 2
          i32.const 1048660
          i32.store offset=80
          local.get 2
          local.get 6
          i32.store offset=76
          local.get 0
          i64.load32_u offset=304
          local.set 7
          i32.const 0
          local.set 6
          loop ;; label = @3
            local.get 2
            i32.const 176
            i32.add
            local.get 6
            i32.add
            local.get 7
            local.get 7
            i64.const 10
            i64.div_u
            local.tee 14
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 6
            i32.const 1
            i32.add
            local.set 6
            local.get 7
            i64.const 9
            i64.gt_u
            local.set 12
            local.get 14
            local.set 7
            local.get 12
            br_if 0 (;@3;)
          end
          local.get 11
          local.set 10
          block ;; label = @3
            local.get 6
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 176
            i32.add
            i32.const -1
            i32.add
            local.set 8
            local.get 11
            local.set 12
            loop ;; label = @4
              local.get 12
              i32.const 8191
              i32.ge_u
              br_if 3 (;@1;)
              i32.const 0
              local.get 12
              i32.const 1
              i32.add
              local.tee 10
              i32.store offset=1049664
              local.get 12
              i32.const 1049680
              i32.add
              local.get 8
              local.get 6
              i32.add
              i32.load8_u
              i32.store8
              local.get 10
              local.set 12
              local.get 6
              i32.const -1
              i32.add
              local.tee 6
              br_if 0 (;@4;)
            end
          end
          local.get 10
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          local.get 10
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 10
          i32.const 1
          i32.add
          local.tee 0
          i32.store offset=1049664
          local.get 2
          i32.const 1048639
          i32.store offset=88
          local.get 2
          i32.const 1048747
          i32.store offset=96
          local.get 2
          local.get 11
          i32.const 1049680
          i32.add
          i32.store offset=84
          local.get 2
          i32.const 0
          i32.load offset=1049652
          i32.store offset=92
          local.get 0
          local.set 12
          block ;; label = @3
            local.get 2
            i32.load offset=156
            local.tee 8
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.load offset=152
            local.set 11
            i32.const 0
            local.set 6
            loop ;; label = @4
              local.get 10
              local.get 6
              i32.add
              local.tee 12
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              local.get 12
              i32.const 1049681
              i32.add
              local.get 11
              local.get 6
              i32.add
              i32.load8_u
              i32.store8
              i32.const 0
              local.get 12
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 8
              local.get 6
              i32.const 1
              i32.add
              local.tee 6
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 10
            local.get 6
            i32.add
            i32.const 1
            i32.add
            local.set 12
          end
          local.get 12
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          i32.const 0
          local.set 6
          local.get 12
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 12
          i32.const 1
          i32.add
          i32.store offset=1049664
          local.get 2
          i32.const 1048814
          i32.store offset=112
          local.get 2
          i32.const 1049211
          i32.store offset=104
          local.get 2
          i32.const 1049189
          i32.const 1049174
          local.get 5
          select
          i32.store offset=108
          local.get 2
          local.get 0
          i32.const 1049680
          i32.add
          i32.store offset=100
          call 129
          local.set 7
          i32.const 0
          i32.load offset=1049664
          local.set 11
          loop ;; label = @3
            local.get 2
            i32.const 176
            i32.add
            local.get 6
            i32.add
            local.get 7
            local.get 7
            i64.const 10
            i64.div_u
            local.tee 14
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 6
            i32.const 1
            i32.add
            local.set 6
            local.get 7
            i64.const 9
            i64.gt_u
            local.set 12
            local.get 14
            local.set 7
            local.get 12
            br_if 0 (;@3;)
          end
          local.get 11
          local.set 12
          block ;; label = @3
            local.get 6
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 176
            i32.add
            i32.const -1
            i32.add
            local.set 8
            local.get 11
            local.set 10
            loop ;; label = @4
              local.get 10
              i32.const 1
              i32.add
              local.tee 12
              i32.const 8192
              i32.ge_u
              br_if 3 (;@1;)
              i32.const 0
              local.get 12
              i32.store offset=1049664
              local.get 10
              i32.const 1049680
              i32.add
              local.get 8
              local.get 6
              i32.add
              i32.load8_u
              i32.store8
              local.get 12
              local.set 10
              local.get 6
              i32.const -1
              i32.add
              local.tee 6
              br_if 0 (;@4;)
            end
          end
          local.get 12
          i32.const 1
          i32.add
          local.tee 6
          i32.const 8192
          i32.ge_u
          br_if 1 (;@1;)
          local.get 12
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 6
          i32.store offset=1049664
          local.get 2
          i32.const 1049294
          i32.store offset=120
          local.get 2
          local.get 11
          i32.const 1049680
          i32.add
          i32.store offset=116
          local.get 2
          i32.const 1049189
          i32.const 1049174
          call 128
          local.get 3
          i64.lt_u
          select
          i32.store offset=124
          i32.const 1049041
          local.get 2
          i32.const 32
          i32.add
          i32.const 12
          call 54
          local.get 4
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const 152
          i32.add
          call 73
        end
        local.get 2
        i32.const 168
        i32.add
        call 116
        i32.const 0
        i32.load offset=1049664
        local.tee 15
        local.set 6
        block ;; label = @2
          local.get 2
          i32.load offset=172
          local.tee 5
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const 32
          i32.add
          i32.const -1
          i32.add
          local.set 16
          local.get 2
          i32.const 32
          i32.add
          i32.const -1
          i32.add
          local.set 17
          local.get 2
          i32.const 32
          i32.add
          i32.const -1
          i32.add
          local.set 0
          local.get 2
          i32.load offset=168
          local.set 4
          i32.const 0
          local.set 9
          local.get 15
          local.set 6
          loop ;; label = @3
            block ;; label = @4
              block ;; label = @5
                i32.const 1049462
                i32.const 1049463
                local.get 9
                select
                local.tee 12
                i32.load8_u
                local.tee 10
                br_if 0 (;@5;)
                local.get 6
                local.set 12
                br 1 (;@4;)
              end
              local.get 12
              i32.const 1
              i32.add
              local.set 8
              loop ;; label = @5
                local.get 6
                i32.const 1
                i32.add
                local.tee 12
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                i32.const 0
                local.get 12
                i32.store offset=1049664
                local.get 6
                i32.const 1049680
                i32.add
                local.get 10
                i32.store8
                local.get 8
                i32.load8_u
                local.set 10
                local.get 8
                i32.const 1
                i32.add
                local.set 8
                local.get 12
                local.set 6
                local.get 10
                br_if 0 (;@5;)
              end
            end
            local.get 4
            local.get 9
            i32.const 12
            i32.mul
            i32.add
            local.tee 13
            i64.load8_u offset=8
            local.set 7
            i32.const 0
            local.set 6
            loop ;; label = @4
              local.get 2
              i32.const 32
              i32.add
              local.get 6
              i32.add
              local.get 7
              local.get 7
              i64.const 10
              i64.div_u
              local.tee 14
              i64.const 10
              i64.mul
              i64.sub
              i32.wrap_i64
              i32.const 48
              i32.or
              i32.store8
              local.get 6
              i32.const 1
              i32.add
              local.set 6
              local.get 7
              i64.const 9
              i64.gt_u
              local.set 10
              local.get 14
              local.set 7
              local.get 10
              br_if 0 (;@4;)
            end
            block ;; label = @4
              block ;; label = @5
                local.get 6
                br_if 0 (;@5;)
                local.get 12
                local.set 10
                br 1 (;@4;)
              end
              loop ;; label = @5
                local.get 12
                i32.const 1
                i32.add
                local.tee 10
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                i32.const 0
                local.get 10
                i32.store offset=1049664
                local.get 12
                i32.const 1049680
                i32.add
                local.get 0
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                local.get 10
                local.set 12
                local.get 6
                i32.const -1
                i32.add
                local.tee 6
                br_if 0 (;@5;)
              end
            end
            local.get 10
            i32.const 1
            i32.add
            local.tee 11
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 10
            i32.const 58
            i32.store8 offset=1049680
            i32.const 0
            local.set 6
            i32.const 0
            local.get 11
            i32.store offset=1049664
            local.get 13
            i64.load32_u
            local.set 7
            loop ;; label = @4
              local.get 2
              i32.const 32
              i32.add
              local.get 6
              i32.add
              local.get 7
              local.get 7
              i64.const 10
              i64.div_u
              local.tee 14
              i64.const 10
              i64.mul
              i64.sub
              i32.wrap_i64
              i32.const 48
              i32.or
              i32.store8
              local.get 6
              i32.const 1
              i32.add
              local.set 6
              local.get 7
              i64.const 9
              i64.gt_u
              local.set 12
              local.get 14
              local.set 7
              local.get 12
              br_if 0 (;@4;)
            end
            block ;; label = @4
              local.get 6
              i32.eqz
              br_if 0 (;@4;)
              i32.const 0
              local.set 12
              local.get 17
              local.set 8
              loop ;; label = @5
                local.get 10
                local.get 12
                i32.add
                local.tee 11
                i32.const 8190
                i32.eq
                br_if 4 (;@1;)
                i32.const 0
                local.get 11
                i32.const 2
                i32.add
                i32.store offset=1049664
                local.get 11
                i32.const 1049681
                i32.add
                local.get 8
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                local.get 8
                i32.const -1
                i32.add
                local.set 8
                local.get 6
                local.get 12
                i32.const 1
                i32.add
                local.tee 12
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 10
              local.get 12
              i32.add
              i32.const 1
              i32.add
              local.set 11
            end
            local.get 11
            i32.const 8191
            i32.ge_u
            br_if 2 (;@1;)
            local.get 11
            i32.const 43
            i32.store8 offset=1049680
            i32.const 0
            local.set 6
            i32.const 0
            local.get 11
            i32.const 1
            i32.add
            local.tee 10
            i32.store offset=1049664
            local.get 13
            i64.load32_u offset=4
            local.set 7
            loop ;; label = @4
              local.get 2
              i32.const 32
              i32.add
              local.get 6
              i32.add
              local.get 7
              local.get 7
              i64.const 10
              i64.div_u
              local.tee 14
              i64.const 10
              i64.mul
              i64.sub
              i32.wrap_i64
              i32.const 48
              i32.or
              i32.store8
              local.get 6
              i32.const 1
              i32.add
              local.set 6
              local.get 7
              i64.const 9
              i64.gt_u
              local.set 12
              local.get 14
              local.set 7
              local.get 12
              br_if 0 (;@4;)
            end
            block ;; label = @4
              local.get 6
              i32.eqz
              br_if 0 (;@4;)
              i32.const 0
              local.set 12
              local.get 16
              local.set 10
              loop ;; label = @5
                local.get 11
                local.get 12
                i32.add
                local.tee 8
                i32.const 8190
                i32.eq
                br_if 4 (;@1;)
                i32.const 0
                local.get 8
                i32.const 2
                i32.add
                i32.store offset=1049664
                local.get 8
                i32.const 1049681
                i32.add
                local.get 10
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                local.get 10
                i32.const -1
                i32.add
                local.set 10
                local.get 6
                local.get 12
                i32.const 1
                i32.add
                local.tee 12
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 11
              local.get 12
              i32.add
              i32.const 1
              i32.add
              local.set 10
            end
            block ;; label = @4
              block ;; label = @5
                i32.const 1048936
                i32.const 1049463
                local.get 13
                i32.load8_u offset=9
                select
                local.tee 6
                i32.load8_u
                local.tee 12
                br_if 0 (;@5;)
                local.get 10
                local.set 6
                br 1 (;@4;)
              end
              local.get 6
              i32.const 1
              i32.add
              local.set 8
              loop ;; label = @5
                local.get 10
                i32.const 1
                i32.add
                local.tee 6
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                i32.const 0
                local.get 6
                i32.store offset=1049664
                local.get 10
                i32.const 1049680
                i32.add
                local.get 12
                i32.store8
                local.get 8
                i32.load8_u
                local.set 12
                local.get 8
                i32.const 1
                i32.add
                local.set 8
                local.get 6
                local.set 10
                local.get 12
                br_if 0 (;@5;)
              end
            end
            local.get 9
            i32.const 1
            i32.add
            local.tee 9
            local.get 5
            i32.ne
            br_if 0 (;@3;)
          end
        end
        local.get 6
        i32.const 1
        i32.add
        local.tee 12
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 6
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 12
        i32.store offset=1049664
        local.get 2
        i32.const 168
        i32.add
        call 86
        i32.const 0
        i32.const 4
        local.get 2
        i32.const 160
        i32.add
        call 117
        i32.const 0
        i32.load offset=1049664
        local.tee 5
        local.set 12
        block ;; label = @2
          local.get 2
          i32.load offset=164
          local.tee 9
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const 32
          i32.add
          i32.const -1
          i32.add
          local.set 11
          local.get 2
          i32.load offset=160
          local.set 13
          i32.const 0
          local.set 0
          local.get 5
          local.set 12
          loop ;; label = @3
            block ;; label = @4
              block ;; label = @5
                i32.const 1049458
                i32.const 1049463
                local.get 0
                select
                local.tee 10
                i32.load8_u
                local.tee 6
                br_if 0 (;@5;)
                local.get 12
                local.set 10
                br 1 (;@4;)
              end
              local.get 10
              i32.const 1
              i32.add
              local.set 8
              loop ;; label = @5
                local.get 12
                i32.const 1
                i32.add
                local.tee 10
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                i32.const 0
                local.get 10
                i32.store offset=1049664
                local.get 12
                i32.const 1049680
                i32.add
                local.get 6
                i32.store8
                local.get 8
                i32.load8_u
                local.set 6
                local.get 8
                i32.const 1
                i32.add
                local.set 8
                local.get 10
                local.set 12
                local.get 6
                br_if 0 (;@5;)
              end
            end
            local.get 13
            local.get 0
            i32.add
            i64.load8_u
            local.set 7
            i32.const 0
            local.set 6
            loop ;; label = @4
              local.get 2
              i32.const 32
              i32.add
              local.get 6
              i32.add
              local.get 7
              local.get 7
              i64.const 10
              i64.div_u
              local.tee 14
              i64.const 10
              i64.mul
              i64.sub
              i32.wrap_i64
              i32.const 48
              i32.or
              i32.store8
              local.get 6
              i32.const 1
              i32.add
              local.set 6
              local.get 7
              i64.const 9
              i64.gt_u
              local.set 12
              local.get 14
              local.set 7
              local.get 12
              br_if 0 (;@4;)
            end
            block ;; label = @4
              block ;; label = @5
                local.get 6
                br_if 0 (;@5;)
                local.get 10
                local.set 12
                br 1 (;@4;)
              end
              loop ;; label = @5
                local.get 10
                i32.const 1
                i32.add
                local.tee 12
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                i32.const 0
                local.get 12
                i32.store offset=1049664
                local.get 10
                i32.const 1049680
                i32.add
                local.get 11
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                local.get 12
                local.set 10
                local.get 6
                i32.const -1
                i32.add
                local.tee 6
                br_if 0 (;@5;)
              end
            end
            local.get 0
            i32.const 1
            i32.add
            local.tee 0
            local.get 9
            i32.ne
            br_if 0 (;@3;)
          end
        end
        local.get 12
        i32.const 1
        i32.add
        local.tee 10
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        i32.const 0
        local.set 6
        local.get 12
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 10
        i32.store offset=1049664
        local.get 2
        i32.const 160
        i32.add
        call 72
        local.get 2
        i32.const 6
        i32.store offset=156
        local.get 2
        i32.const 1048769
        i32.store offset=152
        local.get 2
        i32.const 152
        i32.add
        call 101
        local.tee 0
        call 83
        local.tee 12
        i32.const 2
        i32.const 3
        local.get 2
        i32.const 144
        i32.add
        call 103
        local.get 12
        i32.const 4
        i32.const 100
        local.get 2
        i32.const 136
        i32.add
        call 103
        i32.const 0
        i32.load offset=1049664
        local.set 13
        local.get 12
        call 102
        i64.extend_i32_u
        local.set 7
        loop ;; label = @2
          local.get 2
          i32.const 32
          i32.add
          local.get 6
          i32.add
          local.get 7
          local.get 7
          i64.const 10
          i64.div_u
          local.tee 14
          i64.const 10
          i64.mul
          i64.sub
          i32.wrap_i64
          i32.const 48
          i32.or
          i32.store8
          local.get 6
          i32.const 1
          i32.add
          local.set 6
          local.get 7
          i64.const 9
          i64.gt_u
          local.set 12
          local.get 14
          local.set 7
          local.get 12
          br_if 0 (;@2;)
        end
        i32.const 0
        i32.load offset=1049664
        local.set 10
        block ;; label = @2
          block ;; label = @3
            local.get 6
            br_if 0 (;@3;)
            local.get 10
            local.set 12
            br 1 (;@2;)
          end
          local.get 2
          i32.const 32
          i32.add
          i32.const -1
          i32.add
          local.set 8
          loop ;; label = @3
            local.get 10
            i32.const 1
            i32.add
            local.tee 12
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            i32.const 0
            local.get 12
            i32.store offset=1049664
            local.get 10
            i32.const 1049680
            i32.add
            local.get 8
            local.get 6
            i32.add
            i32.load8_u
            i32.store8
            local.get 12
            local.set 10
            local.get 6
            i32.const -1
            i32.add
            local.tee 6
            br_if 0 (;@3;)
          end
        end
        local.get 12
        i32.const 1
        i32.add
        local.tee 10
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 12
        i32.const 32
        i32.store8 offset=1049680
        i32.const 0
        local.get 10
        i32.store offset=1049664
        block ;; label = @2
          local.get 2
          i32.load offset=148
          local.tee 8
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.load offset=144
          local.set 11
          i32.const 0
          local.set 6
          loop ;; label = @3
            local.get 12
            local.get 6
            i32.add
            local.tee 10
            i32.const 8190
            i32.eq
            br_if 2 (;@1;)
            local.get 10
            i32.const 1049681
            i32.add
            local.get 11
            local.get 6
            i32.add
            i32.load8_u
            i32.store8
            i32.const 0
            local.get 10
            i32.const 2
            i32.add
            i32.store offset=1049664
            local.get 8
            local.get 6
            i32.const 1
            i32.add
            local.tee 6
            i32.ne
            br_if 0 (;@3;)
          end
          local.get 12
          local.get 6
          i32.add
          i32.const 1
          i32.add
          local.set 10
        end
        local.get 10
        i32.const 1
        i32.add
        local.tee 12
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 10
        i32.const 32
        i32.store8 offset=1049680
        i32.const 0
        local.get 12
        i32.store offset=1049664
        block ;; label = @2
          local.get 2
          i32.load offset=140
          local.tee 8
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.load offset=136
          local.set 11
          i32.const 0
          local.set 6
          loop ;; label = @3
            local.get 10
            local.get 6
            i32.add
            local.tee 12
            i32.const 8190
            i32.eq
            br_if 2 (;@1;)
            local.get 12
            i32.const 1049681
            i32.add
            local.get 11
            local.get 6
            i32.add
            i32.load8_u
            i32.store8
            i32.const 0
            local.get 12
            i32.const 2
            i32.add
            i32.store offset=1049664
            local.get 8
            local.get 6
            i32.const 1
            i32.add
            local.tee 6
            i32.ne
            br_if 0 (;@3;)
          end
          local.get 10
          local.get 6
          i32.add
          i32.const 1
          i32.add
          local.set 12
        end
        local.get 12
        i32.const 1
        i32.add
        local.tee 10
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        i32.const 0
        local.set 6
        local.get 12
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 10
        i32.store offset=1049664
        local.get 2
        i32.const 144
        i32.add
        call 72
        local.get 2
        i32.const 136
        i32.add
        call 72
        local.get 0
        call 82
        local.get 2
        i32.const 1049107
        i32.store offset=32
        i32.const 0
        i32.load offset=1049664
        local.set 11
        local.get 1
        i64.load16_u
        local.set 7
        loop ;; label = @2
          local.get 2
          i32.const 176
          i32.add
          local.get 6
          i32.add
          local.get 7
          local.get 7
          i64.const 10
          i64.div_u
          local.tee 14
          i64.const 10
          i64.mul
          i64.sub
          i32.wrap_i64
          i32.const 48
          i32.or
          i32.store8
          local.get 6
          i32.const 1
          i32.add
          local.set 6
          local.get 7
          i64.const 9
          i64.gt_u
          local.set 12
          local.get 14
          local.set 7
          local.get 12
          br_if 0 (;@2;)
        end
        local.get 11
        local.set 12
        block ;; label = @2
          local.get 6
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const 176
          i32.add
          i32.const -1
          i32.add
          local.set 8
          local.get 11
          local.set 10
          loop ;; label = @3
            local.get 10
            i32.const 1
            i32.add
            local.tee 12
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            i32.const 0
            local.get 12
            i32.store offset=1049664
            local.get 10
            i32.const 1049680
            i32.add
            local.get 8
            local.get 6
            i32.add
            i32.load8_u
            i32.store8
            local.get 12
            local.set 10
            local.get 6
            i32.const -1
            i32.add
            local.tee 6
            br_if 0 (;@3;)
          end
        end
        local.get 12
        i32.const 1
        i32.add
        local.tee 0
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        i32.const 0
        local.set 6
        local.get 12
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 0
        i32.store offset=1049664
        local.get 2
        i32.const 1049301
        i32.store offset=40
        local.get 2
        i32.const 1049394
        i32.store offset=48
        local.get 2
        local.get 11
        i32.const 1049680
        i32.add
        i32.store offset=36
        local.get 2
        i32.const 1048998
        i32.const 1049404
        local.get 1
        i32.load8_u offset=2
        local.tee 10
        i32.const 1
        i32.eq
        select
        i32.const 1048992
        local.get 10
        select
        i32.store offset=44
        local.get 1
        i64.load32_u offset=4
        local.set 7
        loop ;; label = @2
          local.get 2
          i32.const 176
          i32.add
          local.get 6
          i32.add
          local.get 7
          local.get 7
          i64.const 10
          i64.div_u
          local.tee 14
          i64.const 10
          i64.mul
          i64.sub
          i32.wrap_i64
          i32.const 48
          i32.or
          i32.store8
          local.get 6
          i32.const 1
          i32.add
          local.set 6
          local.get 7
          i64.const 9
          i64.gt_u
          local.set 10
          local.get 14
          local.set 7
          local.get 10
          br_if 0 (;@2;)
        end
        local.get 0
        local.set 10
        block ;; label = @2
          local.get 6
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const 176
          i32.add
          i32.const -1
          i32.add
          local.set 8
          i32.const 0
          local.set 10
          loop ;; label = @3
            local.get 12
            local.get 10
            i32.add
            local.tee 11
            i32.const 8190
            i32.eq
            br_if 2 (;@1;)
            i32.const 0
            local.get 11
            i32.const 2
            i32.add
            i32.store offset=1049664
            local.get 11
            i32.const 1049681
            i32.add
            local.get 8
            local.get 6
            i32.add
            i32.load8_u
            i32.store8
            local.get 8
            i32.const -1
            i32.add
            local.set 8
            local.get 6
            local.get 10
            i32.const 1
            i32.add
            local.tee 10
            i32.ne
            br_if 0 (;@3;)
          end
          local.get 12
          local.get 10
          i32.add
          i32.const 1
          i32.add
          local.set 10
        end
        local.get 10
        i32.const 8191
        i32.ge_u
        br_if 0 (;@1;)
        i32.const 0
        local.set 6
        local.get 10
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 10
        i32.const 1
        i32.add
        i32.store offset=1049664
        local.get 2
        i32.const 1048606
        i32.store offset=56
        local.get 2
        i32.const 1048795
        i32.store offset=64
        local.get 2
        local.get 0
        i32.const 1049680
        i32.add
        i32.store offset=52
        local.get 2
        i32.const 1049174
        i32.const 1049189
        local.get 1
        i32.load16_u offset=8
        i32.const 1
        i32.and
        select
        i32.store offset=60
        local.get 1
        i64.load offset=16
        call 55
        local.set 12
        local.get 2
        i32.const 1048785
        i32.store offset=72
        local.get 2
        local.get 12
        i32.store offset=68
        local.get 1
        i64.load offset=24
        call 55
        local.set 12
        local.get 2
        i32.const 1049162
        i32.store offset=80
        local.get 2
        local.get 12
        i32.store offset=76
        local.get 1
        i64.load32_u offset=32
        local.set 7
        i32.const 0
        i32.load offset=1049664
        local.set 11
        loop ;; label = @2
          local.get 2
          i32.const 176
          i32.add
          local.get 6
          i32.add
          local.get 7
          local.get 7
          i64.const 10
          i64.div_u
          local.tee 14
          i64.const 10
          i64.mul
          i64.sub
          i32.wrap_i64
          i32.const 48
          i32.or
          i32.store8
          local.get 6
          i32.const 1
          i32.add
          local.set 6
          local.get 7
          i64.const 9
          i64.gt_u
          local.set 12
          local.get 14
          local.set 7
          local.get 12
          br_if 0 (;@2;)
        end
        local.get 11
        local.set 12
        block ;; label = @2
          local.get 6
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const 176
          i32.add
          i32.const -1
          i32.add
          local.set 8
          local.get 11
          local.set 10
          loop ;; label = @3
            local.get 10
            i32.const 1
            i32.add
            local.tee 12
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            i32.const 0
            local.get 12
            i32.store offset=1049664
            local.get 10
            i32.const 1049680
            i32.add
            local.get 8
            local.get 6
            i32.add
            i32.load8_u
            i32.store8
            local.get 12
            local.set 10
            local.get 6
            i32.const -1
            i32.add
            local.tee 6
            br_if 0 (;@3;)
          end
        end
        local.get 12
        i32.const 1
        i32.add
        local.tee 0
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        i32.const 0
        local.set 6
        local.get 12
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 0
        i32.store offset=1049664
        local.get 2
        i32.const 1049113
        i32.store offset=88
        local.get 2
        i32.const 1048938
        i32.store offset=96
        local.get 2
        local.get 11
        i32.const 1049680
        i32.add
        i32.store offset=84
        local.get 2
        i32.const 1049189
        i32.const 1049174
        local.get 1
        i64.load offset=40
        i64.const 64
        i64.and
        i64.eqz
        select
        i32.store offset=92
        local.get 1
        i64.load offset=48
        local.set 7
        loop ;; label = @2
          local.get 2
          i32.const 176
          i32.add
          local.get 6
          i32.add
          local.get 7
          local.get 7
          i64.const 10
          i64.div_u
          local.tee 14
          i64.const 10
          i64.mul
          i64.sub
          i32.wrap_i64
          i32.const 48
          i32.or
          i32.store8
          local.get 6
          i32.const 1
          i32.add
          local.set 6
          local.get 7
          i64.const 9
          i64.gt_u
          local.set 10
          local.get 14
          local.set 7
          local.get 10
          br_if 0 (;@2;)
        end
        local.get 0
        local.set 11
        block ;; label = @2
          local.get 6
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const 176
          i32.add
          i32.const -1
          i32.add
          local.set 8
          i32.const 0
          local.set 10
          loop ;; label = @3
            local.get 12
            local.get 10
            i32.add
            local.tee 11
            i32.const 8190
            i32.eq
            br_if 2 (;@1;)
            i32.const 0
            local.get 11
            i32.const 2
            i32.add
            i32.store offset=1049664
            local.get 11
            i32.const 1049681
            i32.add
            local.get 8
            local.get 6
            i32.add
            i32.load8_u
            i32.store8
            local.get 8
            i32.const -1
            i32.add
            local.set 8
            local.get 6
            local.get 10
            i32.const 1
            i32.add
            local.tee 10
            i32.ne
            br_if 0 (;@3;)
          end
          local.get 12
          local.get 10
          i32.add
          i32.const 1
          i32.add
          local.set 11
        end
        local.get 11
        i32.const 8191
        i32.ge_u
        br_if 0 (;@1;)
        i32.const 0
        local.set 6
        local.get 11
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 11
        i32.const 1
        i32.add
        local.tee 9
        i32.store offset=1049664
        local.get 2
        i32.const 1048956
        i32.store offset=104
        local.get 2
        local.get 0
        i32.const 1049680
        i32.add
        i32.store offset=100
        local.get 1
        i64.load offset=56
        local.set 7
        loop ;; label = @2
          local.get 2
          i32.const 176
          i32.add
          local.get 6
          i32.add
          local.get 7
          local.get 7
          i64.const 10
          i64.div_u
          local.tee 14
          i64.const 10
          i64.mul
          i64.sub
          i32.wrap_i64
          i32.const 48
          i32.or
          i32.store8
          local.get 6
          i32.const 1
          i32.add
          local.set 6
          local.get 7
          i64.const 9
          i64.gt_u
          local.set 12
          local.get 14
          local.set 7
          local.get 12
          br_if 0 (;@2;)
        end
        local.get 9
        local.set 12
        block ;; label = @2
          local.get 6
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const 176
          i32.add
          i32.const -1
          i32.add
          local.set 10
          i32.const 0
          local.set 12
          loop ;; label = @3
            local.get 11
            local.get 12
            i32.add
            local.tee 8
            i32.const 8190
            i32.eq
            br_if 2 (;@1;)
            i32.const 0
            local.get 8
            i32.const 2
            i32.add
            i32.store offset=1049664
            local.get 8
            i32.const 1049681
            i32.add
            local.get 10
            local.get 6
            i32.add
            i32.load8_u
            i32.store8
            local.get 10
            i32.const -1
            i32.add
            local.set 10
            local.get 6
            local.get 12
            i32.const 1
            i32.add
            local.tee 12
            i32.ne
            br_if 0 (;@3;)
          end
          local.get 11
          local.get 12
          i32.add
          i32.const 1
          i32.add
          local.set 12
        end
        local.get 12
        i32.const 8191
        i32.ge_u
        br_if 0 (;@1;)
        local.get 12
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 12
        i32.const 1
        i32.add
        i32.store offset=1049664
        local.get 2
        i32.const 1048769
        i32.store offset=128
        local.get 2
        i32.const 1049389
        i32.store offset=120
        local.get 2
        i32.const 1048789
        i32.store offset=112
        local.get 2
        local.get 13
        i32.const 1049680
        i32.add
        i32.store offset=132
        local.get 2
        local.get 5
        i32.const 1049680
        i32.add
        i32.store offset=124
        local.get 2
        local.get 15
        i32.const 1049680
        i32.add
        i32.store offset=116
        local.get 2
        local.get 9
        i32.const 1049680
        i32.add
        i32.store offset=108
        i32.const 1049233
        local.get 2
        i32.const 32
        i32.add
        i32.const 13
        call 54
        local.get 2
        i32.const 208
        i32.add
        global.set 0
        return
      end
      call 145
      unreachable
    )
    (func (;50;) (type 0) (param i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32)
      global.get 0
      i32.const 224
      i32.sub
      local.tee 1
      global.set 0
      local.get 1
      i32.const 0
      i32.store8 offset=223
      local.get 1
      i32.const 0
      i32.store8 offset=222
      local.get 1
      i32.const 0
      i32.store8 offset=221
      local.get 1
      i32.const 0
      i32.store8 offset=220
      call 123
      local.tee 2
      call 83
      local.set 3
      local.get 1
      local.get 0
      i64.load offset=56
      i64.store offset=208
      local.get 1
      local.get 0
      i64.load offset=48
      i64.store offset=200
      local.get 1
      local.get 0
      i64.load offset=40
      i64.store offset=192
      local.get 1
      local.get 0
      i64.load offset=32
      i64.store offset=184
      local.get 1
      local.get 0
      i64.load offset=24
      i64.store offset=176
      local.get 1
      local.get 0
      i64.load offset=16
      i64.store offset=168
      local.get 1
      local.get 0
      i64.load offset=8
      i64.store offset=160
      local.get 1
      local.get 0
      i64.load
      i64.store offset=152
      local.get 1
      local.get 0
      i64.load offset=56
      i64.store offset=144
      local.get 1
      local.get 0
      i64.load offset=48
      i64.store offset=136
      local.get 1
      local.get 0
      i64.load offset=40
      i64.store offset=128
      local.get 1
      local.get 0
      i64.load offset=32
      i64.store offset=120
      local.get 1
      local.get 0
      i64.load offset=24
      i64.store offset=112
      local.get 1
      local.get 0
      i64.load offset=16
      i64.store offset=104
      local.get 1
      local.get 0
      i64.load offset=8
      i64.store offset=96
      local.get 1
      local.get 0
      i64.load
      i64.store offset=88
      local.get 1
      local.get 1
      i64.load offset=168
      i64.const -1
      i64.add
      i64.store offset=168
      local.get 1
      local.get 1
      i64.load offset=176
      i64.const -1
      i64.add
      i64.store offset=176
      local.get 1
      i32.const 300
      i32.store16 offset=88
      local.get 1
      i32.const 152
      i32.add
      local.get 3
      local.get 1
      i32.const 223
      i32.add
      call 105
      local.set 4
      local.get 1
      i32.const 88
      i32.add
      local.get 3
      local.get 1
      i32.const 222
      i32.add
      call 105
      local.set 5
      local.get 1
      i32.const 80
      i32.add
      i32.const 1048600
      call 93
      local.get 1
      i64.const 0
      i64.store offset=72
      local.get 1
      i32.const 80
      i32.add
      local.get 1
      i32.const 72
      i32.add
      call 110
      local.tee 6
      call 85
      local.tee 7
      local.get 0
      local.get 3
      local.get 1
      i32.const 221
      i32.add
      call 114
      local.set 8
      local.get 7
      call 112
      local.set 0
      local.get 7
      local.get 1
      i32.const 48
      i32.add
      local.get 1
      i32.const 220
      i32.add
      call 111
      local.set 7
      local.get 1
      i32.const 1049184
      i32.store
      local.get 0
      i32.const 2
      i32.shl
      local.set 9
      i32.const 1049074
      local.set 0
      i32.const 1049074
      local.set 3
      block ;; label = @1
        local.get 4
        br_if 0 (;@1;)
        local.get 1
        i32.load8_u offset=223
        i32.const 2
        i32.shl
        i32.load offset=1049600
        local.set 3
      end
      local.get 9
      i32.load offset=1049584
      local.set 4
      local.get 1
      i32.const 1049148
      i32.store offset=8
      local.get 1
      local.get 3
      i32.store offset=4
      block ;; label = @1
        local.get 5
        br_if 0 (;@1;)
        local.get 1
        i32.load8_u offset=222
        i32.const 2
        i32.shl
        i32.load offset=1049600
        local.set 0
      end
      local.get 1
      i32.const 1049167
      i32.store offset=16
      local.get 1
      local.get 0
      i32.store offset=12
      i32.const 1049074
      local.set 0
      i32.const 1049074
      local.set 3
      block ;; label = @1
        local.get 7
        br_if 0 (;@1;)
        local.get 1
        i32.load8_u offset=220
        i32.const 2
        i32.shl
        i32.load offset=1049600
        local.set 3
      end
      local.get 1
      i32.const 1049356
      i32.store offset=24
      local.get 1
      local.get 3
      i32.store offset=20
      block ;; label = @1
        local.get 8
        br_if 0 (;@1;)
        local.get 1
        i32.load8_u offset=221
        i32.const 2
        i32.shl
        i32.load offset=1049600
        local.set 0
      end
      local.get 1
      local.get 4
      i32.store offset=36
      local.get 1
      i32.const 1049195
      i32.store offset=32
      local.get 1
      local.get 0
      i32.store offset=28
      i32.const 1049346
      local.get 1
      i32.const 5
      call 54
      local.get 6
      call 84
      local.get 2
      call 82
      local.get 1
      i32.const 224
      i32.add
      global.set 0
    )
    (func (;51;) (type 2) (param i32 i32)
      local.get 0
      local.get 1
      call 93
    )
    (func (;52;) (type 1) (param i32) (result i32)
      (local i32 i32 i32 i32 i32)
      i32.const 0
      i32.load offset=1049664
      local.tee 1
      local.set 2
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load offset=4
          local.tee 3
          i32.eqz
          br_if 0 (;@2;)
          local.get 0
          i32.load
          local.set 4
          local.get 1
          local.set 5
          loop ;; label = @3
            local.get 5
            i32.const 1
            i32.add
            local.tee 2
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 5
            i32.const 1049680
            i32.add
            local.get 4
            i32.load8_u
            i32.store8
            i32.const 0
            local.get 2
            i32.store offset=1049664
            local.get 4
            i32.const 1
            i32.add
            local.set 4
            local.get 2
            local.set 5
            local.get 3
            i32.const -1
            i32.add
            local.tee 3
            br_if 0 (;@3;)
          end
        end
        local.get 2
        i32.const 1
        i32.add
        local.tee 5
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 2
        i32.const 47
        i32.store8 offset=1049680
        i32.const 0
        local.get 5
        i32.store offset=1049664
        block ;; label = @2
          local.get 0
          i32.load offset=12
          local.tee 3
          i32.eqz
          br_if 0 (;@2;)
          local.get 0
          i32.load offset=8
          local.set 0
          i32.const 0
          local.set 5
          loop ;; label = @3
            local.get 2
            local.get 5
            i32.add
            local.tee 4
            i32.const 8190
            i32.eq
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049681
            i32.add
            local.get 0
            local.get 5
            i32.add
            i32.load8_u
            i32.store8
            i32.const 0
            local.get 4
            i32.const 2
            i32.add
            i32.store offset=1049664
            local.get 3
            local.get 5
            i32.const 1
            i32.add
            local.tee 5
            i32.ne
            br_if 0 (;@3;)
          end
          local.get 2
          local.get 5
          i32.add
          i32.const 1
          i32.add
          local.set 5
        end
        local.get 5
        i32.const 1
        i32.add
        local.tee 2
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 5
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 2
        i32.store offset=1049664
        local.get 1
        i32.const 1049680
        i32.add
        return
      end
      call 145
      unreachable
    )
    (func (;53;) (type 0) (param i32)
      (local i32 i32 i32 i32 i32 i32 i32)
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load offset=4
          local.tee 1
          i32.eqz
          br_if 0 (;@2;)
          local.get 0
          i32.load
          local.set 2
          i32.const 0
          i32.load offset=1049664
          local.set 3
          i32.const 0
          local.set 4
          loop ;; label = @3
            block ;; label = @4
              block ;; label = @5
                i32.const 1049460
                i32.const 1049463
                local.get 4
                select
                local.tee 0
                i32.load8_u
                local.tee 5
                br_if 0 (;@5;)
                local.get 3
                local.set 0
                br 1 (;@4;)
              end
              local.get 0
              i32.const 1
              i32.add
              local.set 6
              loop ;; label = @5
                local.get 3
                i32.const 1
                i32.add
                local.tee 0
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                i32.const 0
                local.get 0
                i32.store offset=1049664
                local.get 3
                i32.const 1049680
                i32.add
                local.get 5
                i32.store8
                local.get 6
                i32.load8_u
                local.set 5
                local.get 6
                i32.const 1
                i32.add
                local.set 6
                local.get 0
                local.set 3
                local.get 5
                br_if 0 (;@5;)
              end
            end
            block ;; label = @4
              block ;; label = @5
                local.get 2
                local.get 4
                i32.const 4
                i32.shl
                i32.add
                local.tee 7
                i32.load offset=4
                local.tee 6
                br_if 0 (;@5;)
                local.get 0
                local.set 5
                br 1 (;@4;)
              end
              local.get 7
              i32.load
              local.set 3
              loop ;; label = @5
                local.get 0
                i32.const 1
                i32.add
                local.tee 5
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                local.get 0
                i32.const 1049680
                i32.add
                local.get 3
                i32.load8_u
                i32.store8
                i32.const 0
                local.get 5
                i32.store offset=1049664
                local.get 3
                i32.const 1
                i32.add
                local.set 3
                local.get 5
                local.set 0
                local.get 6
                i32.const -1
                i32.add
                local.tee 6
                br_if 0 (;@5;)
              end
            end
            local.get 5
            i32.const 1
            i32.add
            local.tee 3
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 5
            i32.const 61
            i32.store8 offset=1049680
            i32.const 0
            local.get 3
            i32.store offset=1049664
            block ;; label = @4
              local.get 7
              i32.load offset=12
              local.tee 6
              i32.eqz
              br_if 0 (;@4;)
              local.get 7
              i32.load offset=8
              local.set 7
              i32.const 0
              local.set 0
              loop ;; label = @5
                local.get 5
                local.get 0
                i32.add
                local.tee 3
                i32.const 8190
                i32.eq
                br_if 4 (;@1;)
                local.get 3
                i32.const 1049681
                i32.add
                local.get 7
                local.get 0
                i32.add
                i32.load8_u
                i32.store8
                i32.const 0
                local.get 3
                i32.const 2
                i32.add
                i32.store offset=1049664
                local.get 6
                local.get 0
                i32.const 1
                i32.add
                local.tee 0
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 5
              local.get 0
              i32.add
              i32.const 1
              i32.add
              local.set 3
            end
            local.get 4
            i32.const 1
            i32.add
            local.tee 4
            local.get 1
            i32.ne
            br_if 0 (;@3;)
          end
        end
        return
      end
      call 145
      unreachable
    )
    (func (;54;) (type 13) (param i32 i32 i32)
      (local i32 i32 i32 i32)
      global.get 0
      i32.const 416
      i32.sub
      local.tee 3
      global.set 0
      local.get 2
      i32.const 24
      i32.mul
      local.set 4
      i32.const 0
      local.set 5
      loop ;; label = @1
        local.get 3
        i32.const 400
        i32.add
        local.get 1
        i32.load
        call 93
        local.get 3
        local.get 5
        i32.add
        local.tee 6
        local.get 3
        i64.load offset=400
        i64.store
        local.get 6
        i32.const 8
        i32.add
        i32.const 2
        i32.store8
        local.get 3
        i32.const 400
        i32.add
        local.get 1
        i32.const 4
        i32.add
        i32.load
        call 93
        local.get 6
        i32.const 16
        i32.add
        local.get 3
        i64.load offset=400
        i64.store
        local.get 1
        i32.const 8
        i32.add
        local.set 1
        local.get 4
        local.get 5
        i32.const 24
        i32.add
        local.tee 5
        i32.ne
        br_if 0 (;@1;)
      end
      local.get 3
      i32.const 400
      i32.add
      local.get 0
      call 93
      local.get 3
      local.get 2
      i32.store offset=412
      local.get 3
      local.get 3
      i32.store offset=408
      block ;; label = @1
        local.get 3
        i32.const 400
        i32.add
        local.get 3
        i32.const 399
        i32.add
        call 109
        i32.eqz
        br_if 0 (;@1;)
        local.get 3
        i32.const 416
        i32.add
        global.set 0
        return
      end
      call 145
      unreachable
    )
    (func (;55;) (type 19) (param i64) (result i32)
      (local i32 i32 i32 i32 i64 i32 i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      i32.const 0
      i32.load offset=1049664
      local.tee 3
      local.set 4
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i64.const -1
          i64.gt_s
          br_if 0 (;@2;)
          local.get 3
          i32.const 1
          i32.add
          local.tee 4
          i32.const 8192
          i32.ge_u
          br_if 1 (;@1;)
          local.get 3
          i32.const 45
          i32.store8 offset=1049680
          i32.const 0
          local.get 4
          i32.store offset=1049664
        end
        local.get 0
        local.get 0
        i64.const 63
        i64.shr_s
        local.tee 5
        i64.xor
        local.get 5
        i64.sub
        local.set 0
        loop ;; label = @2
          local.get 1
          local.get 2
          i32.add
          local.get 0
          local.get 0
          i64.const 10
          i64.div_u
          local.tee 5
          i64.const 10
          i64.mul
          i64.sub
          i32.wrap_i64
          i32.const 48
          i32.or
          i32.store8
          local.get 2
          i32.const 1
          i32.add
          local.set 2
          local.get 0
          i64.const 9
          i64.gt_u
          local.set 6
          local.get 5
          local.set 0
          local.get 6
          br_if 0 (;@2;)
        end
        block ;; label = @2
          block ;; label = @3
            local.get 2
            br_if 0 (;@3;)
            local.get 4
            local.set 6
            br 1 (;@2;)
          end
          local.get 1
          i32.const -1
          i32.add
          local.set 7
          loop ;; label = @3
            local.get 4
            i32.const 1
            i32.add
            local.tee 6
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            i32.const 0
            local.get 6
            i32.store offset=1049664
            local.get 4
            i32.const 1049680
            i32.add
            local.get 7
            local.get 2
            i32.add
            i32.load8_u
            i32.store8
            local.get 6
            local.set 4
            local.get 2
            i32.const -1
            i32.add
            local.tee 2
            br_if 0 (;@3;)
          end
        end
        local.get 6
        i32.const 1
        i32.add
        local.tee 2
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 6
        i32.const 0
        i32.store8 offset=1049680
        i32.const 0
        local.get 2
        i32.store offset=1049664
        local.get 1
        i32.const 32
        i32.add
        global.set 0
        local.get 3
        i32.const 1049680
        i32.add
        return
      end
      call 145
      unreachable
    )
    (func (;56;) (type 20) (param i32 i32 i32 i32 i32) (result i32)
      (local i32 i32 i32 i32 i32 i32 i32 i64 i64 i64 i64 i64 i64 i32 i32 i32)
      global.get 0
      i32.const 160
      i32.sub
      local.tee 5
      global.set 0
      i32.const 0
      i32.const 0
      i32.store offset=1049664
      local.get 1
      i32.load8_u offset=2
      local.set 6
      local.get 3
      i32.const 0
      i32.store8
      block ;; label = @1
        i32.const 0
        i32.load offset=1049656
        i32.const 1048922
        call 154
        br_if 0 (;@1;)
        local.get 2
        i32.load
        local.set 7
        local.get 2
        i32.load offset=4
        local.tee 8
        i32.const 1
        i32.add
        local.tee 9
        call 146
        local.tee 10
        local.get 7
        local.get 8
        call 151
        drop
        local.get 10
        local.get 8
        i32.add
        i32.const 170
        i32.store8
        local.get 5
        local.get 9
        i32.store offset=84
        local.get 5
        local.get 10
        i32.store offset=80
        local.get 5
        i32.const 80
        i32.add
        call 121
        local.get 10
        call 147
        local.get 3
        i32.const 2
        i32.store8
      end
      block ;; label = @1
        i32.const 0
        i32.load offset=1049656
        i32.const 1048692
        call 154
        local.tee 11
        br_if 0 (;@1;)
        local.get 4
        i32.const 1
        i32.store8
        local.get 4
        i32.const 4
        i32.add
        i32.const 1049055
        call 94
      end
      block ;; label = @1
        block ;; label = @2
          i32.const 0
          i32.load offset=1049656
          i32.const 1048653
          call 154
          br_if 0 (;@2;)
          i64.const 0
          local.set 12
          i64.const 0
          local.set 13
          i64.const 0
          local.set 14
          block ;; label = @3
            local.get 1
            i32.load8_u offset=8
            i32.const 1
            i32.ne
            br_if 0 (;@3;)
            local.get 1
            i64.load8_u offset=40
            local.set 13
            local.get 1
            i64.load32_u offset=12
            local.set 14
          end
          i64.const 0
          local.set 15
          block ;; label = @3
            local.get 1
            i32.load8_u offset=44
            i32.const 1
            i32.ne
            br_if 0 (;@3;)
            local.get 1
            i64.load8_u offset=52
            local.set 12
            local.get 1
            i64.load32_u offset=48
            local.set 15
          end
          local.get 5
          i32.const 1049107
          i32.store offset=80
          local.get 1
          i64.load16_u
          local.set 16
          i32.const 0
          local.set 3
          i32.const 0
          i32.load offset=1049664
          local.set 9
          loop ;; label = @3
            local.get 5
            i32.const 16
            i32.add
            local.get 3
            i32.add
            local.get 16
            local.get 16
            i64.const 10
            i64.div_u
            local.tee 17
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 16
            i64.const 9
            i64.gt_u
            local.set 10
            local.get 17
            local.set 16
            local.get 10
            br_if 0 (;@3;)
          end
          local.get 9
          local.set 10
          block ;; label = @3
            local.get 3
            i32.eqz
            br_if 0 (;@3;)
            local.get 5
            i32.const 16
            i32.add
            i32.const -1
            i32.add
            local.set 7
            local.get 9
            local.set 8
            loop ;; label = @4
              local.get 8
              i32.const 1
              i32.add
              local.tee 10
              i32.const 8192
              i32.ge_u
              br_if 3 (;@1;)
              i32.const 0
              local.get 10
              i32.store offset=1049664
              local.get 8
              i32.const 1049680
              i32.add
              local.get 7
              local.get 3
              i32.add
              i32.load8_u
              i32.store8
              local.get 10
              local.set 8
              local.get 3
              i32.const -1
              i32.add
              local.tee 3
              br_if 0 (;@4;)
            end
          end
          local.get 10
          i32.const 1
          i32.add
          local.tee 18
          i32.const 8192
          i32.ge_u
          br_if 1 (;@1;)
          i32.const 0
          local.set 3
          local.get 10
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 18
          i32.store offset=1049664
          local.get 5
          i32.const 1049301
          i32.store offset=88
          local.get 5
          i32.const 1049394
          i32.store offset=96
          local.get 5
          local.get 9
          i32.const 1049680
          i32.add
          i32.store offset=84
          local.get 5
          i32.const 1048998
          i32.const 1049404
          local.get 1
          i32.load8_u offset=2
          local.tee 8
          i32.const 1
          i32.eq
          select
          i32.const 1048992
          local.get 8
          select
          i32.store offset=92
          local.get 1
          i64.load32_u offset=4
          local.set 16
          loop ;; label = @3
            local.get 5
            i32.const 16
            i32.add
            local.get 3
            i32.add
            local.get 16
            local.get 16
            i64.const 10
            i64.div_u
            local.tee 17
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 16
            i64.const 9
            i64.gt_u
            local.set 8
            local.get 17
            local.set 16
            local.get 8
            br_if 0 (;@3;)
          end
          local.get 18
          local.set 9
          block ;; label = @3
            local.get 3
            i32.eqz
            br_if 0 (;@3;)
            local.get 5
            i32.const 16
            i32.add
            i32.const -1
            i32.add
            local.set 7
            i32.const 0
            local.set 8
            loop ;; label = @4
              local.get 10
              local.get 8
              i32.add
              local.tee 9
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              i32.const 0
              local.get 9
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 9
              i32.const 1049681
              i32.add
              local.get 7
              local.get 3
              i32.add
              i32.load8_u
              i32.store8
              local.get 7
              i32.const -1
              i32.add
              local.set 7
              local.get 3
              local.get 8
              i32.const 1
              i32.add
              local.tee 8
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 10
            local.get 8
            i32.add
            i32.const 1
            i32.add
            local.set 9
          end
          local.get 9
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          i32.const 0
          local.set 3
          local.get 9
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 9
          i32.const 1
          i32.add
          local.tee 19
          i32.store offset=1049664
          local.get 5
          i32.const 1049129
          i32.store offset=104
          local.get 5
          local.get 18
          i32.const 1049680
          i32.add
          i32.store offset=100
          loop ;; label = @3
            local.get 5
            i32.const 16
            i32.add
            local.get 3
            i32.add
            local.get 14
            local.get 14
            i64.const 10
            i64.div_u
            local.tee 16
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 14
            i64.const 9
            i64.gt_u
            local.set 10
            local.get 16
            local.set 14
            local.get 10
            br_if 0 (;@3;)
          end
          local.get 19
          local.set 18
          block ;; label = @3
            local.get 3
            i32.eqz
            br_if 0 (;@3;)
            local.get 5
            i32.const 16
            i32.add
            i32.const -1
            i32.add
            local.set 8
            i32.const 0
            local.set 10
            loop ;; label = @4
              local.get 9
              local.get 10
              i32.add
              local.tee 7
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              i32.const 0
              local.get 7
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 7
              i32.const 1049681
              i32.add
              local.get 8
              local.get 3
              i32.add
              i32.load8_u
              i32.store8
              local.get 8
              i32.const -1
              i32.add
              local.set 8
              local.get 3
              local.get 10
              i32.const 1
              i32.add
              local.tee 10
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 9
            local.get 10
            i32.add
            i32.const 1
            i32.add
            local.set 18
          end
          local.get 18
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          i32.const 0
          local.set 3
          local.get 18
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 18
          i32.const 1
          i32.add
          local.tee 20
          i32.store offset=1049664
          local.get 5
          i32.const 1049117
          i32.store offset=112
          local.get 5
          local.get 19
          i32.const 1049680
          i32.add
          i32.store offset=108
          loop ;; label = @3
            local.get 5
            i32.const 16
            i32.add
            local.get 3
            i32.add
            local.get 13
            local.get 13
            i64.const 10
            i64.div_u
            local.tee 14
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 13
            i64.const 9
            i64.gt_u
            local.set 10
            local.get 14
            local.set 13
            local.get 10
            br_if 0 (;@3;)
          end
          local.get 20
          local.set 9
          block ;; label = @3
            local.get 3
            i32.eqz
            br_if 0 (;@3;)
            local.get 5
            i32.const 16
            i32.add
            i32.const -1
            i32.add
            local.set 8
            i32.const 0
            local.set 10
            loop ;; label = @4
              local.get 18
              local.get 10
              i32.add
              local.tee 7
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              i32.const 0
              local.get 7
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 7
              i32.const 1049681
              i32.add
              local.get 8
              local.get 3
              i32.add
              i32.load8_u
              i32.store8
              local.get 8
              i32.const -1
              i32.add
              local.set 8
              local.get 3
              local.get 10
              i32.const 1
              i32.add
              local.tee 10
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 18
            local.get 10
            i32.add
            i32.const 1
            i32.add
            local.set 9
          end
          local.get 9
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          i32.const 0
          local.set 3
          local.get 9
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 9
          i32.const 1
          i32.add
          local.tee 19
          i32.store offset=1049664
          local.get 5
          i32.const 1049179
          i32.store offset=120
          local.get 5
          local.get 20
          i32.const 1049680
          i32.add
          i32.store offset=116
          loop ;; label = @3
            local.get 5
            i32.const 16
            i32.add
            local.get 3
            i32.add
            local.get 15
            local.get 15
            i64.const 10
            i64.div_u
            local.tee 14
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 15
            i64.const 9
            i64.gt_u
            local.set 10
            local.get 14
            local.set 15
            local.get 10
            br_if 0 (;@3;)
          end
          local.get 19
          local.set 18
          block ;; label = @3
            local.get 3
            i32.eqz
            br_if 0 (;@3;)
            local.get 5
            i32.const 16
            i32.add
            i32.const -1
            i32.add
            local.set 8
            i32.const 0
            local.set 10
            loop ;; label = @4
              local.get 9
              local.get 10
              i32.add
              local.tee 7
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              i32.const 0
              local.get 7
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 7
              i32.const 1049681
              i32.add
              local.get 8
              local.get 3
              i32.add
              i32.load8_u
              i32.store8
              local.get 8
              i32.const -1
              i32.add
              local.set 8
              local.get 3
              local.get 10
              i32.const 1
              i32.add
              local.tee 10
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 9
            local.get 10
            i32.add
            i32.const 1
            i32.add
            local.set 18
          end
          local.get 18
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          i32.const 0
          local.set 3
          local.get 18
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 18
          i32.const 1
          i32.add
          local.tee 20
          i32.store offset=1049664
          local.get 5
          i32.const 1048822
          i32.store offset=128
          local.get 5
          local.get 19
          i32.const 1049680
          i32.add
          i32.store offset=124
          loop ;; label = @3
            local.get 5
            i32.const 16
            i32.add
            local.get 3
            i32.add
            local.get 12
            local.get 12
            i64.const 10
            i64.div_u
            local.tee 14
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 12
            i64.const 9
            i64.gt_u
            local.set 10
            local.get 14
            local.set 12
            local.get 10
            br_if 0 (;@3;)
          end
          local.get 20
          local.set 9
          block ;; label = @3
            local.get 3
            i32.eqz
            br_if 0 (;@3;)
            local.get 5
            i32.const 16
            i32.add
            i32.const -1
            i32.add
            local.set 8
            i32.const 0
            local.set 10
            loop ;; label = @4
              local.get 18
              local.get 10
              i32.add
              local.tee 7
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              i32.const 0
              local.get 7
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 7
              i32.const 1049681
              i32.add
              local.get 8
              local.get 3
              i32.add
              i32.load8_u
              i32.store8
              local.get 8
              i32.const -1
              i32.add
              local.set 8
              local.get 3
              local.get 10
              i32.const 1
              i32.add
              local.tee 10
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 18
            local.get 10
            i32.add
            i32.const 1
            i32.add
            local.set 9
          end
          local.get 9
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          i32.const 0
          local.set 3
          local.get 9
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 9
          i32.const 1
          i32.add
          local.tee 18
          i32.store offset=1049664
          local.get 5
          i32.const 1048842
          i32.store offset=136
          local.get 5
          local.get 20
          i32.const 1049680
          i32.add
          i32.store offset=132
          local.get 2
          i64.load32_u offset=4
          local.set 14
          loop ;; label = @3
            local.get 5
            i32.const 16
            i32.add
            local.get 3
            i32.add
            local.get 14
            local.get 14
            i64.const 10
            i64.div_u
            local.tee 13
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 14
            i64.const 9
            i64.gt_u
            local.set 10
            local.get 13
            local.set 14
            local.get 10
            br_if 0 (;@3;)
          end
          local.get 18
          local.set 10
          block ;; label = @3
            local.get 3
            i32.eqz
            br_if 0 (;@3;)
            local.get 5
            i32.const 16
            i32.add
            i32.const -1
            i32.add
            local.set 8
            i32.const 0
            local.set 10
            loop ;; label = @4
              local.get 9
              local.get 10
              i32.add
              local.tee 7
              i32.const 8190
              i32.eq
              br_if 3 (;@1;)
              i32.const 0
              local.get 7
              i32.const 2
              i32.add
              i32.store offset=1049664
              local.get 7
              i32.const 1049681
              i32.add
              local.get 8
              local.get 3
              i32.add
              i32.load8_u
              i32.store8
              local.get 8
              i32.const -1
              i32.add
              local.set 8
              local.get 3
              local.get 10
              i32.const 1
              i32.add
              local.tee 10
              i32.ne
              br_if 0 (;@4;)
            end
            local.get 9
            local.get 10
            i32.add
            i32.const 1
            i32.add
            local.set 10
          end
          local.get 10
          i32.const 8191
          i32.ge_u
          br_if 1 (;@1;)
          local.get 10
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 10
          i32.const 1
          i32.add
          i32.store offset=1049664
          local.get 5
          local.get 18
          i32.const 1049680
          i32.add
          i32.store offset=140
          i32.const 1048929
          local.get 5
          i32.const 80
          i32.add
          i32.const 8
          call 54
        end
        local.get 11
        i32.const 0
        i32.ne
        local.set 3
        block ;; label = @2
          local.get 6
          i32.const 255
          i32.and
          br_if 0 (;@2;)
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1049167
            call 154
            i32.eqz
            br_if 0 (;@3;)
            i32.const 0
            i32.load offset=1049656
            i32.const 1049103
            call 154
            br_if 1 (;@2;)
          end
          local.get 5
          call 123
          local.tee 10
          call 83
          i32.store offset=76
          block ;; label = @3
            block ;; label = @4
              i32.const 0
              i32.load offset=1049656
              i32.const 1049103
              call 154
              br_if 0 (;@4;)
              local.get 1
              i32.load16_u
              local.set 3
              local.get 1
              i32.const 0
              i32.store16
              local.get 1
              local.get 5
              i32.const 76
              i32.add
              local.get 0
              i32.const 404
              i32.add
              local.get 5
              i32.const 159
              i32.add
              call 108
              local.set 8
              local.get 1
              local.get 3
              i32.store16
              local.get 10
              call 82
              i32.const 1
              local.set 3
              local.get 8
              i32.eqz
              br_if 1 (;@3;)
              br 2 (;@2;)
            end
            local.get 5
            i32.const 68
            i32.add
            i32.const 1048600
            call 93
            local.get 5
            i32.const 52
            i32.add
            i32.const 1049156
            call 93
            local.get 5
            i32.const 60
            i32.add
            i32.const 0
            i32.load offset=1049652
            call 93
            local.get 5
            i32.const 1
            i32.store offset=48
            local.get 5
            local.get 5
            i32.const 52
            i32.add
            i32.store offset=44
            local.get 5
            i32.const 68
            i32.add
            local.get 5
            i32.const 44
            i32.add
            call 110
            local.set 3
            local.get 0
            i32.const 1
            i32.store8 offset=396
            local.get 0
            local.get 3
            i32.store offset=400
            block ;; label = @4
              block ;; label = @5
                local.get 3
                call 85
                local.tee 8
                local.get 5
                i32.const 80
                i32.add
                local.get 5
                i32.const 159
                i32.add
                call 111
                i32.eqz
                br_if 0 (;@5;)
                local.get 8
                local.get 1
                local.get 5
                i32.const 76
                i32.add
                local.get 5
                i32.const 42
                i32.add
                local.get 5
                i32.const 159
                i32.add
                call 113
                br_if 1 (;@4;)
              end
              local.get 10
              call 82
              br 1 (;@3;)
            end
            local.get 5
            i32.const 16
            i32.add
            i32.const 1049241
            call 93
            local.get 5
            i64.const 0
            i64.store offset=25 align=1
            local.get 5
            i32.const 2
            i32.store8 offset=24
            local.get 5
            i64.const 0
            i64.store offset=32 align=1
            local.get 5
            local.get 5
            i32.const 80
            i32.add
            call 52
            call 93
            local.get 5
            local.get 5
            i64.load
            i64.store offset=32
            local.get 5
            i32.const 1049409
            call 93
            i32.const 1
            local.set 3
            local.get 5
            i32.const 1
            i32.store offset=12
            local.get 5
            local.get 5
            i32.const 16
            i32.add
            i32.store offset=8
            local.get 8
            local.get 5
            local.get 5
            i32.const 159
            i32.add
            call 115
            local.set 8
            local.get 5
            i32.const 80
            i32.add
            call 81
            local.get 10
            call 82
            local.get 8
            br_if 1 (;@2;)
          end
          local.get 4
          i32.const 3
          i32.store8
          local.get 4
          i32.const 4
          i32.add
          local.get 5
          i32.load8_u offset=159
          i32.const 2
          i32.shl
          i32.load offset=1049600
          call 94
          i32.const 0
          local.set 3
        end
        local.get 1
        call 88
        local.get 2
        call 72
        local.get 5
        i32.const 160
        i32.add
        global.set 0
        local.get 3
        return
      end
      call 145
      unreachable
    )
    (func (;57;) (type 10) (param i32 i32 i32 i32) (result i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i64)
      global.get 0
      i32.const 272
      i32.sub
      local.tee 4
      global.set 0
      i32.const 0
      i32.const 0
      i32.store offset=1049664
      local.get 2
      i32.const 0
      i32.store8
      block ;; label = @1
        block ;; label = @2
          i32.const 0
          i32.load offset=1049656
          i32.const 1049400
          call 154
          br_if 0 (;@2;)
          local.get 1
          i32.load offset=12
          local.tee 5
          i32.const 24
          i32.mul
          local.tee 6
          i32.const 24
          i32.add
          call 146
          local.tee 7
          local.get 1
          i32.load offset=8
          local.get 6
          call 151
          drop
          local.get 4
          i32.const 1049383
          call 93
          local.get 7
          local.get 6
          i32.add
          local.tee 6
          local.get 4
          i64.load
          i64.store
          local.get 6
          i32.const 2
          i32.store8 offset=8
          local.get 4
          i32.const 0
          i32.load offset=1049652
          call 93
          local.get 6
          local.get 4
          i64.load
          i64.store offset=16
          local.get 4
          local.get 5
          i32.const 1
          i32.add
          i32.store offset=12
          local.get 4
          local.get 7
          i32.store offset=8
          local.get 4
          local.get 1
          i64.load align=4
          i64.store
          local.get 4
          local.get 4
          i32.const 160
          i32.add
          call 109
          i32.eqz
          br_if 1 (;@1;)
          local.get 7
          call 147
          local.get 2
          i32.const 2
          i32.store8
        end
        block ;; label = @2
          i32.const 0
          i32.load offset=1049656
          i32.const 1048942
          call 154
          br_if 0 (;@2;)
          local.get 2
          i32.const 1
          i32.store8
        end
        block ;; label = @2
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048631
            call 154
            br_if 0 (;@3;)
            local.get 4
            i32.const 264
            i32.add
            i32.const 1049274
            call 93
            local.get 4
            i32.const 256
            i32.add
            i32.const 1049111
            call 93
            local.get 4
            i32.const 248
            i32.add
            i32.const 1049028
            call 93
            local.get 4
            i32.const 240
            i32.add
            i32.const 1048896
            call 93
            local.get 4
            i32.const 0
            i32.store offset=232
            local.get 4
            i64.const 0
            i64.store offset=224
            local.get 4
            i32.const 0
            i32.store offset=216
            local.get 4
            i64.const 0
            i64.store offset=208
            local.get 4
            i32.const 0
            i32.store offset=200
            local.get 4
            i64.const 0
            i64.store offset=192
            local.get 4
            i32.const 1049274
            call 93
            local.get 4
            i32.const 160
            i32.add
            i32.const 1049111
            call 93
            local.get 4
            i32.const 1049217
            call 153
            i32.store offset=140
            local.get 4
            i32.const 1049217
            i32.store offset=136
            local.get 4
            local.get 4
            i32.const 160
            i32.add
            local.get 4
            i32.const 136
            i32.add
            i32.const 0
            local.get 4
            i32.const 80
            i32.add
            local.get 4
            i32.const 224
            i32.add
            call 97
            i32.eqz
            br_if 1 (;@2;)
            local.get 4
            i32.const 264
            i32.add
            local.get 4
            i32.const 256
            i32.add
            local.get 4
            i32.const 160
            i32.add
            local.get 4
            i32.const 224
            i32.add
            call 96
            i32.eqz
            br_if 1 (;@2;)
            local.get 4
            i32.load8_u offset=160
            i32.const 1
            i32.and
            i32.eqz
            br_if 1 (;@2;)
            local.get 4
            i32.const 1049274
            call 93
            local.get 4
            i32.const 136
            i32.add
            i32.const 1049111
            call 93
            local.get 4
            i32.const 1048976
            call 153
            i32.store offset=116
            local.get 4
            i32.const 1048976
            i32.store offset=112
            local.get 4
            i64.const 60000
            i64.store offset=88
            local.get 4
            local.get 4
            i32.const 136
            i32.add
            local.get 4
            i32.const 80
            i32.add
            local.get 4
            i32.const 112
            i32.add
            local.get 4
            i32.const 88
            i32.add
            local.get 4
            i32.const 72
            i32.add
            local.get 4
            i32.const 224
            i32.add
            call 98
            local.set 7
            local.get 4
            i32.const 1049274
            call 93
            local.get 4
            i32.const 136
            i32.add
            i32.const 1049111
            call 93
            local.get 4
            i32.const 1049268
            call 153
            i32.store offset=116
            local.get 4
            i32.const 1049268
            i32.store offset=112
            local.get 4
            i64.const 60000
            i64.store offset=88
            local.get 4
            local.get 4
            i32.const 136
            i32.add
            i32.const 0
            local.get 4
            i32.const 112
            i32.add
            local.get 4
            i32.const 88
            i32.add
            local.get 4
            i32.const 72
            i32.add
            local.get 4
            i32.const 208
            i32.add
            call 98
            local.set 8
            local.get 7
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            i32.const 264
            i32.add
            local.get 4
            i32.const 256
            i32.add
            local.get 4
            i32.const 136
            i32.add
            local.get 4
            i32.const 224
            i32.add
            call 96
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            i32.load8_u offset=136
            i32.const 1
            i32.and
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            i32.const 264
            i32.add
            local.get 4
            i32.const 248
            i32.add
            i64.const 5
            i32.const 0
            local.get 4
            i32.const 64
            i32.add
            local.get 4
            i32.const 224
            i32.add
            call 99
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            i32.const 264
            i32.add
            local.get 4
            i32.const 248
            i32.add
            i64.const -2
            i32.const 0
            local.get 4
            i32.const 56
            i32.add
            local.get 4
            i32.const 224
            i32.add
            call 99
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            i32.const 264
            i32.add
            local.get 4
            i32.const 256
            i32.add
            local.get 4
            i32.const 224
            i32.add
            call 100
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            i32.const 264
            i32.add
            local.get 4
            i32.const 256
            i32.add
            local.get 4
            i32.const 112
            i32.add
            local.get 4
            i32.const 224
            i32.add
            call 96
            i32.eqz
            br_if 2 (;@1;)
            local.get 4
            i32.const 240
            i32.add
            local.get 4
            i32.const 256
            i32.add
            local.get 4
            i32.const 88
            i32.add
            local.get 4
            i32.const 192
            i32.add
            call 96
            local.set 9
            local.get 4
            i32.const 1048668
            i32.store
            i32.const 0
            i32.load offset=1049664
            local.tee 10
            local.set 7
            block ;; label = @4
              local.get 4
              i32.load offset=172
              local.tee 11
              i32.eqz
              br_if 0 (;@4;)
              local.get 4
              i32.load offset=168
              local.set 5
              local.get 10
              local.set 6
              loop ;; label = @5
                local.get 6
                i32.const 1
                i32.add
                local.tee 7
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                local.get 6
                i32.const 1049680
                i32.add
                local.get 5
                i32.load8_u
                i32.store8
                i32.const 0
                local.get 7
                i32.store offset=1049664
                local.get 5
                i32.const 1
                i32.add
                local.set 5
                local.get 7
                local.set 6
                local.get 11
                i32.const -1
                i32.add
                local.tee 11
                br_if 0 (;@5;)
              end
            end
            local.get 7
            i32.const 1
            i32.add
            local.tee 12
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 7
            i32.const 0
            i32.store8 offset=1049680
            i32.const 0
            local.get 12
            i32.store offset=1049664
            local.get 4
            i32.const 1049228
            i32.store offset=8
            local.get 4
            i32.const 1048976
            i32.store offset=16
            local.get 4
            local.get 10
            i32.const 1049680
            i32.add
            i32.store offset=4
            local.get 4
            i32.const 1049174
            i32.const 1049189
            local.get 4
            i64.load offset=176
            local.get 4
            i64.load offset=80
            i64.eq
            select
            i32.store offset=12
            local.get 12
            local.set 6
            block ;; label = @4
              local.get 4
              i32.load offset=148
              local.tee 11
              i32.eqz
              br_if 0 (;@4;)
              local.get 4
              i32.load offset=144
              local.set 10
              i32.const 0
              local.set 6
              loop ;; label = @5
                local.get 7
                local.get 6
                i32.add
                local.tee 5
                i32.const 8190
                i32.eq
                br_if 4 (;@1;)
                local.get 5
                i32.const 1049681
                i32.add
                local.get 10
                local.get 6
                i32.add
                i32.load8_u
                i32.store8
                i32.const 0
                local.get 5
                i32.const 2
                i32.add
                i32.store offset=1049664
                local.get 11
                local.get 6
                i32.const 1
                i32.add
                local.tee 6
                i32.ne
                br_if 0 (;@5;)
              end
              local.get 7
              local.get 6
              i32.add
              i32.const 1
              i32.add
              local.set 6
            end
            local.get 6
            i32.const 8191
            i32.ge_u
            br_if 2 (;@1;)
            local.get 6
            i32.const 0
            i32.store8 offset=1049680
            i32.const 0
            local.get 6
            i32.const 1
            i32.add
            i32.store offset=1049664
            local.get 4
            i32.const 1048776
            i32.store offset=24
            local.get 4
            local.get 12
            i32.const 1049680
            i32.add
            i32.store offset=20
            i32.const 1049074
            local.set 7
            i32.const 1049074
            local.set 6
            block ;; label = @4
              local.get 8
              br_if 0 (;@4;)
              local.get 4
              i32.load8_u offset=208
              i32.const 2
              i32.shl
              i32.load offset=1049632
              local.set 6
            end
            local.get 4
            i32.const 1049030
            i32.store offset=32
            local.get 4
            local.get 6
            i32.store offset=28
            local.get 4
            i64.load offset=56
            local.get 4
            i64.load offset=64
            i64.add
            call 55
            local.set 6
            local.get 4
            i32.const 1049216
            i32.store offset=40
            local.get 4
            local.get 6
            i32.store offset=36
            local.get 4
            i32.const 1048896
            i32.store offset=48
            local.get 4
            i32.const 1049189
            i32.const 1049174
            local.get 4
            i32.load8_u offset=112
            select
            i32.store offset=44
            block ;; label = @4
              local.get 9
              br_if 0 (;@4;)
              local.get 4
              i32.load8_u offset=192
              i32.const 2
              i32.shl
              i32.load offset=1049632
              local.set 7
            end
            local.get 4
            local.get 7
            i32.store offset=52
            i32.const 1048634
            local.get 4
            i32.const 7
            call 54
            local.get 4
            i32.const 160
            i32.add
            call 74
            local.get 4
            i32.const 136
            i32.add
            call 74
            local.get 2
            i32.const 2
            i32.store8
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049656
            i32.const 1048582
            call 154
            br_if 0 (;@3;)
            i32.const 16
            local.get 4
            i32.const 136
            i32.add
            call 95
            i32.const 16
            local.get 4
            i32.const 112
            i32.add
            call 95
            local.get 4
            i32.const 1048842
            i32.store offset=160
            i32.const 0
            local.set 7
            i32.const 0
            i32.load offset=1049664
            local.set 10
            local.get 4
            i64.load32_u offset=140
            local.set 13
            loop ;; label = @4
              local.get 4
              local.get 7
              i32.add
              local.get 13
              local.get 13
              i64.const 10
              i64.div_u
              local.tee 14
              i64.const 10
              i64.mul
              i64.sub
              i32.wrap_i64
              i32.const 48
              i32.or
              i32.store8
              local.get 7
              i32.const 1
              i32.add
              local.set 7
              local.get 13
              i64.const 9
              i64.gt_u
              local.set 6
              local.get 14
              local.set 13
              local.get 6
              br_if 0 (;@4;)
            end
            local.get 10
            local.set 6
            block ;; label = @4
              local.get 7
              i32.eqz
              br_if 0 (;@4;)
              local.get 4
              i32.const -1
              i32.add
              local.set 11
              local.get 10
              local.set 5
              loop ;; label = @5
                local.get 5
                i32.const 1
                i32.add
                local.tee 6
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                i32.const 0
                local.get 6
                i32.store offset=1049664
                local.get 5
                i32.const 1049680
                i32.add
                local.get 11
                local.get 7
                i32.add
                i32.load8_u
                i32.store8
                local.get 6
                local.set 5
                local.get 7
                i32.const -1
                i32.add
                local.tee 7
                br_if 0 (;@5;)
              end
            end
            local.get 6
            i32.const 1
            i32.add
            local.tee 7
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 6
            i32.const 0
            i32.store8 offset=1049680
            i32.const 0
            local.get 7
            i32.store offset=1049664
            local.get 4
            i32.const 1048902
            i32.store offset=168
            local.get 4
            local.get 10
            i32.const 1049680
            i32.add
            i32.store offset=164
            local.get 4
            i32.const 1049174
            i32.const 1049189
            local.get 4
            i32.load offset=136
            local.get 4
            i32.load offset=112
            i32.const 16
            call 152
            select
            i32.store offset=172
            i32.const 1048590
            local.get 4
            i32.const 160
            i32.add
            i32.const 2
            call 54
            local.get 4
            i32.const 136
            i32.add
            call 72
            local.get 4
            i32.const 112
            i32.add
            call 72
            local.get 2
            i32.const 2
            i32.store8
          end
          local.get 1
          call 89
          local.get 4
          i32.const 272
          i32.add
          global.set 0
          i32.const 1
          return
        end
        i32.const 0
        i32.const 1
        i32.const 1049268
        local.get 4
        i32.const 72
        i32.add
        local.get 4
        i32.const 208
        i32.add
        call 58
      end
      call 145
      unreachable
    )
    (func (;58;) (type 3) (param i32 i32 i32 i32 i32)
      (local i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 5
      global.set 0
      local.get 5
      i32.const 24
      i32.add
      i32.const 1049274
      call 93
      local.get 5
      i32.const 16
      i32.add
      i32.const 1049111
      call 93
      local.get 5
      local.get 2
      call 153
      i32.store offset=12
      local.get 5
      local.get 2
      i32.store offset=8
      local.get 5
      i64.const 60000
      i64.store
      block ;; label = @1
        block ;; label = @2
          local.get 1
          i32.eqz
          br_if 0 (;@2;)
          local.get 5
          i32.const 24
          i32.add
          local.get 5
          i32.const 16
          i32.add
          local.get 0
          local.get 5
          i32.const 8
          i32.add
          local.get 5
          local.get 3
          local.get 4
          call 98
          drop
          br 1 (;@1;)
        end
        local.get 5
        i32.const 24
        i32.add
        local.get 5
        i32.const 16
        i32.add
        local.get 5
        i32.const 8
        i32.add
        i32.const 0
        local.get 3
        local.get 4
        call 97
        drop
      end
      local.get 5
      i32.const 32
      i32.add
      global.set 0
    )
    (func (;59;) (type 21) (param i32 i64)
      (local i32)
      global.get 0
      i32.const 48
      i32.sub
      local.tee 2
      global.set 0
      local.get 2
      i32.const 1048620
      call 93
      local.get 2
      i32.const 0
      i32.store offset=9 align=1
      local.get 2
      i32.const 0
      i32.store8 offset=8
      local.get 2
      i32.const 0
      i32.store offset=12 align=1
      local.get 2
      local.get 1
      f64.convert_i64_s
      f64.store offset=16
      local.get 2
      i32.const 32
      i32.add
      i32.const 1049082
      call 93
      local.get 2
      i32.const 1
      i32.store offset=44
      local.get 2
      local.get 2
      i32.store offset=40
      block ;; label = @1
        local.get 2
        i32.const 32
        i32.add
        local.get 2
        i32.const 31
        i32.add
        call 109
        br_if 0 (;@1;)
        call 145
        unreachable
      end
      local.get 2
      i32.const 48
      i32.add
      global.set 0
    )
    (func (;60;) (type 0) (param i32)
      (local i32 i32 i64 i32 i64 i32 i32)
      global.get 0
      i32.const 48
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      i32.const 0
      i32.const 0
      i32.store offset=1049664
      block ;; label = @1
        block ;; label = @2
          i32.const 0
          i32.load offset=1049656
          i32.const 1048610
          call 154
          br_if 0 (;@2;)
          local.get 1
          i32.const 1049025
          i32.store offset=8
          local.get 0
          i64.load offset=312
          local.set 3
          i32.const 0
          i32.load offset=1049664
          local.set 4
          loop ;; label = @3
            local.get 1
            i32.const 16
            i32.add
            local.get 2
            i32.add
            local.get 3
            local.get 3
            i64.const 10
            i64.div_u
            local.tee 5
            i64.const 10
            i64.mul
            i64.sub
            i32.wrap_i64
            i32.const 48
            i32.or
            i32.store8
            local.get 2
            i32.const 1
            i32.add
            local.set 2
            local.get 3
            i64.const 9
            i64.gt_u
            local.set 0
            local.get 5
            local.set 3
            local.get 0
            br_if 0 (;@3;)
          end
          local.get 4
          local.set 0
          block ;; label = @3
            local.get 2
            i32.eqz
            br_if 0 (;@3;)
            local.get 1
            i32.const 16
            i32.add
            i32.const -1
            i32.add
            local.set 6
            local.get 4
            local.set 7
            loop ;; label = @4
              local.get 7
              i32.const 1
              i32.add
              local.tee 0
              i32.const 8192
              i32.ge_u
              br_if 3 (;@1;)
              i32.const 0
              local.get 0
              i32.store offset=1049664
              local.get 7
              i32.const 1049680
              i32.add
              local.get 6
              local.get 2
              i32.add
              i32.load8_u
              i32.store8
              local.get 0
              local.set 7
              local.get 2
              i32.const -1
              i32.add
              local.tee 2
              br_if 0 (;@4;)
            end
          end
          local.get 0
          i32.const 1
          i32.add
          local.tee 2
          i32.const 8192
          i32.ge_u
          br_if 1 (;@1;)
          local.get 0
          i32.const 0
          i32.store8 offset=1049680
          i32.const 0
          local.get 2
          i32.store offset=1049664
          local.get 1
          local.get 4
          i32.const 1049680
          i32.add
          i32.store offset=12
          i32.const 1049135
          local.get 1
          i32.const 8
          i32.add
          i32.const 1
          call 54
        end
        local.get 1
        i32.const 48
        i32.add
        global.set 0
        return
      end
      call 145
      unreachable
    )
    (func (;61;) (type 7) (param i32 i32) (result i32)
      (local i32 i32)
      block ;; label = @1
        i32.const 0
        i32.load offset=1049656
        i32.const 1048672
        call 154
        local.tee 2
        br_if 0 (;@1;)
        local.get 1
        i32.const 8
        i32.store offset=8
        local.get 1
        i32.const 1
        i32.store
        local.get 1
        i32.const 8
        call 146
        local.tee 3
        i32.store offset=4
        local.get 3
        local.get 0
        i64.load8_u offset=319
        i64.store8
        local.get 1
        i32.load offset=4
        local.get 0
        i64.load16_u offset=318
        i64.store8 offset=1
        local.get 1
        i32.load offset=4
        local.get 0
        i64.load offset=312
        i64.const 40
        i64.shr_u
        i64.store8 offset=2
        local.get 1
        i32.load offset=4
        local.get 0
        i64.load32_u offset=316
        i64.store8 offset=3
        local.get 1
        i32.load offset=4
        local.get 0
        i64.load offset=312
        i64.const 24
        i64.shr_u
        i64.store8 offset=4
        local.get 1
        i32.load offset=4
        local.get 0
        i64.load offset=312
        i64.const 16
        i64.shr_u
        i64.store8 offset=5
        local.get 1
        i32.load offset=4
        local.get 0
        i64.load offset=312
        i64.const 8
        i64.shr_u
        i64.store8 offset=6
        local.get 1
        i32.load offset=4
        local.get 0
        i64.load offset=312
        i64.store8 offset=7
      end
      local.get 2
      i32.eqz
    )
    (func (;62;) (type 2) (param i32 i32)
      (local i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 2
      global.set 0
      block ;; label = @1
        i32.const 0
        i32.load offset=1049656
        i32.const 1048610
        call 154
        br_if 0 (;@1;)
        local.get 2
        i32.const 1049007
        call 93
        local.get 2
        i32.const 8
        i32.add
        i32.const 1048896
        i32.const 1049370
        local.get 1
        select
        call 93
        local.get 2
        i32.const 24
        i32.add
        i32.const 1049377
        call 93
        local.get 2
        i32.const 1
        i32.store offset=20
        local.get 2
        local.get 2
        i32.store offset=16
        i32.const 2
        local.get 2
        i32.const 24
        i32.add
        local.get 2
        i32.const 16
        i32.add
        call 124
      end
      local.get 2
      i32.const 32
      i32.add
      global.set 0
    )
    (func (;63;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load8_u offset=324
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=392
        call 82
      end
      block ;; label = @1
        local.get 0
        i32.load8_u offset=396
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=400
        call 84
      end
      local.get 0
      call 87
      local.get 0
      call 147
    )
    (func (;64;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load8_u
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                local.get 0
                i32.load8_u offset=4
                br_table 0 (;@5;) 1 (;@4;) 4 (;@1;) 2 (;@3;) 4 (;@1;)
              end
              local.get 0
              i32.load offset=12
              br_if 2 (;@2;)
              br 3 (;@1;)
            end
            local.get 0
            i32.load offset=12
            br_if 1 (;@2;)
            br 2 (;@1;)
          end
          local.get 0
          i32.load offset=12
          i32.eqz
          br_if 1 (;@1;)
        end
        local.get 0
        i32.load offset=8
        call 147
      end
    )
    (func (;65;) (type 0) (param i32)
      (local i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        local.tee 2
        local.set 0
        loop ;; label = @2
          block ;; label = @3
            local.get 0
            i32.const 4
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load
            call 147
          end
          block ;; label = @3
            local.get 0
            i32.const 12
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.const 8
            i32.add
            i32.load
            call 147
          end
          local.get 0
          i32.const 32
          i32.add
          local.set 0
          local.get 1
          i32.const -1
          i32.add
          local.tee 1
          br_if 0 (;@2;)
        end
        local.get 2
        call 147
      end
    )
    (func (;66;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load8_u
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                local.get 0
                i32.load8_u offset=4
                br_table 0 (;@5;) 1 (;@4;) 4 (;@1;) 2 (;@3;) 4 (;@1;)
              end
              local.get 0
              i32.load offset=12
              br_if 2 (;@2;)
              br 3 (;@1;)
            end
            local.get 0
            i32.load offset=12
            br_if 1 (;@2;)
            br 2 (;@1;)
          end
          local.get 0
          i32.load offset=12
          i32.eqz
          br_if 1 (;@1;)
        end
        local.get 0
        i32.load offset=8
        call 147
      end
    )
    (func (;67;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load8_u
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                local.get 0
                i32.load8_u offset=4
                br_table 0 (;@5;) 1 (;@4;) 4 (;@1;) 2 (;@3;) 4 (;@1;)
              end
              local.get 0
              i32.load offset=12
              br_if 2 (;@2;)
              br 3 (;@1;)
            end
            local.get 0
            i32.load offset=12
            br_if 1 (;@2;)
            br 2 (;@1;)
          end
          local.get 0
          i32.load offset=12
          i32.eqz
          br_if 1 (;@1;)
        end
        local.get 0
        i32.load offset=8
        call 147
      end
    )
    (func (;68;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load8_u
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=12
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=8
        call 147
      end
    )
    (func (;69;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 147
      end
      block ;; label = @1
        local.get 0
        i32.load offset=12
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=8
        call 147
      end
      block ;; label = @1
        local.get 0
        i32.load offset=20
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=16
        call 147
      end
      block ;; label = @1
        local.get 0
        i32.load8_u offset=24
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=32
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=28
        call 147
      end
    )
    (func (;70;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load8_u
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                local.get 0
                i32.load8_u offset=4
                br_table 0 (;@5;) 1 (;@4;) 4 (;@1;) 2 (;@3;) 4 (;@1;)
              end
              local.get 0
              i32.load offset=12
              br_if 2 (;@2;)
              br 3 (;@1;)
            end
            local.get 0
            i32.load offset=12
            br_if 1 (;@2;)
            br 2 (;@1;)
          end
          local.get 0
          i32.load offset=12
          i32.eqz
          br_if 1 (;@1;)
        end
        local.get 0
        i32.load offset=8
        call 147
      end
    )
    (func (;71;) (type 10) (param i32 i32 i32 i32) (result i32)
      block ;; label = @1
        local.get 3
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        local.get 3
        call 150
        local.tee 2
        br_if 0 (;@1;)
        call 145
        unreachable
      end
      local.get 2
    )
    (func (;72;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 147
      end
    )
    (func (;73;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 147
      end
      local.get 0
      i64.const 0
      i64.store align=4
    )
    (func (;74;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load8_u
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=12
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=8
        call 147
      end
    )
    (func (;75;) (type 0) (param i32)
      (local i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 147
      end
      local.get 0
      i64.const 0
      i64.store align=4
      block ;; label = @1
        local.get 0
        i32.load offset=12
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=8
        call 147
      end
      local.get 0
      i64.const 0
      i64.store offset=8 align=4
      block ;; label = @1
        local.get 0
        i32.load offset=20
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=16
        local.tee 2
        local.set 0
        loop ;; label = @2
          block ;; label = @3
            local.get 0
            i32.const 4
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load
            call 147
          end
          local.get 0
          i64.const 0
          i64.store align=4
          block ;; label = @3
            local.get 0
            i32.const 12
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.const 8
            i32.add
            i32.load
            call 147
          end
          local.get 0
          i32.const 8
          i32.add
          i64.const 0
          i64.store align=4
          local.get 0
          i32.const 16
          i32.add
          local.set 0
          local.get 1
          i32.const -1
          i32.add
          local.tee 1
          br_if 0 (;@2;)
        end
        local.get 2
        call 147
      end
    )
    (func (;76;) (type 0) (param i32)
      (local i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=12
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=8
        call 147
      end
      local.get 0
      i64.const 0
      i64.store offset=8 align=4
      block ;; label = @1
        local.get 0
        i32.load offset=20
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=16
        call 147
      end
      local.get 0
      i64.const 0
      i64.store offset=16 align=4
      block ;; label = @1
        local.get 0
        i32.load8_u offset=28
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        block ;; label = @2
          local.get 0
          i32.load offset=36
          i32.eqz
          br_if 0 (;@2;)
          local.get 0
          i32.load offset=32
          call 147
        end
        local.get 0
        i64.const 0
        i64.store offset=32 align=4
        block ;; label = @2
          local.get 0
          i32.load8_u offset=40
          i32.const 1
          i32.ne
          br_if 0 (;@2;)
          block ;; label = @3
            local.get 0
            i32.load offset=48
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load offset=44
            call 147
          end
          local.get 0
          i64.const 0
          i64.store offset=44 align=4
        end
        local.get 0
        i32.load8_u offset=52
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        block ;; label = @2
          local.get 0
          i32.load offset=60
          i32.eqz
          br_if 0 (;@2;)
          local.get 0
          i32.load offset=56
          call 147
        end
        local.get 0
        i64.const 0
        i64.store offset=56 align=4
      end
      block ;; label = @1
        local.get 0
        i32.load offset=68
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=64
        call 147
      end
      local.get 0
      i64.const 0
      i64.store offset=64 align=4
      block ;; label = @1
        local.get 0
        i32.load offset=76
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=72
        call 147
      end
      local.get 0
      i64.const 0
      i64.store offset=72 align=4
      block ;; label = @1
        local.get 0
        i32.load offset=84
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=80
        call 147
      end
      local.get 0
      i64.const 0
      i64.store offset=80 align=4
      block ;; label = @1
        local.get 0
        i32.load offset=92
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=88
        call 147
      end
      block ;; label = @1
        local.get 0
        i32.load offset=100
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=96
        local.tee 2
        local.set 0
        loop ;; label = @2
          block ;; label = @3
            local.get 0
            i32.const 4
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load
            call 147
          end
          local.get 0
          i64.const 0
          i64.store align=4
          block ;; label = @3
            local.get 0
            i32.const 12
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.const 8
            i32.add
            i32.load
            call 147
          end
          local.get 0
          i32.const 8
          i32.add
          i64.const 0
          i64.store align=4
          local.get 0
          i32.const 16
          i32.add
          local.set 0
          local.get 1
          i32.const -1
          i32.add
          local.tee 1
          br_if 0 (;@2;)
        end
        local.get 2
        call 147
      end
    )
    (func (;77;) (type 0) (param i32)
      (local i32 i32)
      local.get 0
      i32.const 8
      i32.add
      call 76
      local.get 0
      i32.const 112
      i32.add
      call 75
      block ;; label = @1
        local.get 0
        i32.load offset=140
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=136
        local.tee 2
        local.set 0
        loop ;; label = @2
          block ;; label = @3
            local.get 0
            i32.const 4
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load
            call 147
          end
          local.get 0
          i64.const 0
          i64.store align=4
          block ;; label = @3
            local.get 0
            i32.const 12
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.const 8
            i32.add
            i32.load
            call 147
          end
          local.get 0
          i32.const 8
          i32.add
          i64.const 0
          i64.store align=4
          local.get 0
          i32.const 16
          i32.add
          local.set 0
          local.get 1
          i32.const -1
          i32.add
          local.tee 1
          br_if 0 (;@2;)
        end
        local.get 2
        call 147
      end
    )
    (func (;78;) (type 0) (param i32)
      (local i32 i32 i32 i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        local.set 2
        i32.const 0
        local.set 3
        loop ;; label = @2
          block ;; label = @3
            local.get 2
            local.get 3
            i32.const 6
            i32.shl
            i32.add
            local.tee 0
            i32.load offset=60
            local.tee 4
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load offset=56
            local.tee 5
            local.set 0
            loop ;; label = @4
              block ;; label = @5
                local.get 0
                i32.const 4
                i32.add
                i32.load
                i32.eqz
                br_if 0 (;@5;)
                local.get 0
                i32.load
                call 147
              end
              local.get 0
              i64.const 0
              i64.store align=4
              block ;; label = @5
                local.get 0
                i32.const 12
                i32.add
                i32.load
                i32.eqz
                br_if 0 (;@5;)
                local.get 0
                i32.const 8
                i32.add
                i32.load
                call 147
              end
              local.get 0
              i32.const 8
              i32.add
              i64.const 0
              i64.store align=4
              local.get 0
              i32.const 16
              i32.add
              local.set 0
              local.get 4
              i32.const -1
              i32.add
              local.tee 4
              br_if 0 (;@4;)
            end
            local.get 5
            call 147
          end
          local.get 3
          i32.const 1
          i32.add
          local.tee 3
          local.get 1
          i32.ne
          br_if 0 (;@2;)
        end
        local.get 2
        call 147
      end
    )
    (func (;79;) (type 0) (param i32)
      (local i32 i32 i32)
      local.get 0
      i32.const 8
      i32.add
      call 75
      local.get 0
      i32.const 32
      i32.add
      call 76
      local.get 0
      i32.const 136
      i32.add
      call 78
      block ;; label = @1
        local.get 0
        i32.load offset=148
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=144
        local.tee 2
        local.set 3
        loop ;; label = @2
          block ;; label = @3
            local.get 3
            i32.const 4
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 3
            i32.load
            call 147
          end
          local.get 3
          i64.const 0
          i64.store align=4
          block ;; label = @3
            local.get 3
            i32.const 12
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 3
            i32.const 8
            i32.add
            i32.load
            call 147
          end
          local.get 3
          i32.const 8
          i32.add
          i64.const 0
          i64.store align=4
          local.get 3
          i32.const 16
          i32.add
          local.set 3
          local.get 1
          i32.const -1
          i32.add
          local.tee 1
          br_if 0 (;@2;)
        end
        local.get 2
        call 147
      end
      block ;; label = @1
        local.get 0
        i32.load8_u offset=152
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i32.const 160
        i32.add
        call 77
      end
    )
    (func (;80;) (type 0) (param i32)
      (local i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 147
      end
      local.get 0
      i64.const 0
      i64.store align=4
      block ;; label = @1
        local.get 0
        i32.load offset=12
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=8
        local.tee 2
        local.set 0
        loop ;; label = @2
          block ;; label = @3
            local.get 0
            i32.const 4
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load
            call 147
          end
          local.get 0
          i64.const 0
          i64.store align=4
          block ;; label = @3
            local.get 0
            i32.const 8
            i32.add
            i32.load8_u
            i32.const 2
            i32.ne
            br_if 0 (;@3;)
            block ;; label = @4
              local.get 0
              i32.const 20
              i32.add
              i32.load
              i32.eqz
              br_if 0 (;@4;)
              local.get 0
              i32.const 16
              i32.add
              i32.load
              call 147
            end
            local.get 0
            i32.const 16
            i32.add
            i64.const 0
            i64.store align=4
          end
          local.get 0
          i32.const 24
          i32.add
          local.set 0
          local.get 1
          i32.const -1
          i32.add
          local.tee 1
          br_if 0 (;@2;)
        end
        local.get 2
        call 147
      end
    )
    (func (;81;) (type 0) (param i32)
      local.get 0
      call 75
    )
    (func (;82;) (type 0) (param i32)
      local.get 0
      call 0
    )
    (func (;83;) (type 1) (param i32) (result i32)
      local.get 0
    )
    (func (;84;) (type 0) (param i32)
      local.get 0
      call 1
    )
    (func (;85;) (type 1) (param i32) (result i32)
      local.get 0
    )
    (func (;86;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 147
      end
    )
    (func (;87;) (type 0) (param i32)
      local.get 0
      call 79
    )
    (func (;88;) (type 0) (param i32)
      (local i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=60
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=56
        local.tee 2
        local.set 0
        loop ;; label = @2
          block ;; label = @3
            local.get 0
            i32.const 4
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.load
            call 147
          end
          local.get 0
          i64.const 0
          i64.store align=4
          block ;; label = @3
            local.get 0
            i32.const 12
            i32.add
            i32.load
            i32.eqz
            br_if 0 (;@3;)
            local.get 0
            i32.const 8
            i32.add
            i32.load
            call 147
          end
          local.get 0
          i32.const 8
          i32.add
          i64.const 0
          i64.store align=4
          local.get 0
          i32.const 16
          i32.add
          local.set 0
          local.get 1
          i32.const -1
          i32.add
          local.tee 1
          br_if 0 (;@2;)
        end
        local.get 2
        call 147
      end
    )
    (func (;89;) (type 0) (param i32)
      local.get 0
      call 80
    )
    (func (;90;) (type 0) (param i32)
      block ;; label = @1
        local.get 0
        i32.load offset=8
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=4
        call 147
      end
    )
    (func (;91;) (type 1) (param i32) (result i32)
      local.get 0
      call 2
    )
    (func (;92;) (type 0) (param i32)
      local.get 0
      call 63
    )
    (func (;93;) (type 2) (param i32 i32)
      local.get 0
      local.get 1
      i32.store
      local.get 0
      local.get 1
      call 153
      i32.store offset=4
    )
    (func (;94;) (type 2) (param i32 i32)
      (local i32)
      local.get 0
      local.get 1
      call 153
      local.tee 2
      i32.store offset=4
      local.get 0
      i32.const 0
      i32.const 0
      i32.const 1
      local.get 2
      call 71
      local.tee 2
      i32.store
      local.get 2
      local.get 1
      local.get 0
      i32.load offset=4
      call 151
      drop
    )
    (func (;95;) (type 2) (param i32 i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 2
      global.set 0
      local.get 0
      local.get 2
      i32.const 8
      i32.add
      call 3
      local.get 1
      local.get 2
      i64.load offset=8 align=4
      i64.store align=4
      local.get 2
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;96;) (type 10) (param i32 i32 i32 i32) (result i32)
      (local i32 i64 i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 4
      global.set 0
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      local.get 4
      call 4
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              local.get 4
              i32.load8_u
              br_table 0 (;@4;) 1 (;@3;) 2 (;@2;)
            end
            i32.const 1
            local.set 1
            block ;; label = @4
              block ;; label = @5
                local.get 4
                i32.load8_u offset=8
                i32.const 1
                i32.eq
                br_if 0 (;@5;)
                i32.const 0
                local.set 0
                br 1 (;@4;)
              end
              i32.const 1
              local.set 0
              local.get 4
              i64.load offset=24
              local.set 5
              local.get 4
              i32.load offset=20
              local.set 6
              local.get 4
              i32.load offset=16
              local.set 3
            end
            local.get 2
            local.get 5
            i64.store offset=16
            local.get 2
            local.get 6
            i32.store offset=12
            local.get 2
            local.get 3
            i32.store offset=8
            local.get 2
            local.get 0
            i32.store8
            br 2 (;@1;)
          end
          local.get 4
          i32.load offset=12
          local.set 0
          local.get 4
          i32.load offset=16
          local.set 6
          local.get 4
          i32.load8_u offset=8
          local.set 1
        end
        local.get 3
        local.get 6
        i32.store offset=8
        local.get 3
        local.get 0
        i32.store offset=4
        local.get 3
        local.get 1
        i32.store8
        i32.const 0
        local.set 1
      end
      local.get 4
      i32.const 32
      i32.add
      global.set 0
      local.get 1
    )
    (func (;97;) (type 22) (param i32 i32 i32 i32 i32 i32) (result i32)
      (local i32 i64 i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 6
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 3
          br_if 0 (;@2;)
          i64.const 0
          local.set 7
          br 1 (;@1;)
        end
        local.get 3
        i64.load
        local.set 7
      end
      i32.const 0
      local.set 8
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      local.get 2
      i32.load
      local.get 2
      i32.load offset=4
      local.get 3
      i32.const 0
      i32.ne
      local.get 7
      local.get 6
      i32.const 8
      i32.add
      call 5
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              local.get 6
              i32.load8_u offset=8
              br_table 0 (;@4;) 2 (;@2;) 1 (;@3;)
            end
            local.get 6
            i32.load offset=20
            local.set 3
            local.get 6
            i32.load offset=16
            local.set 8
          end
          local.get 4
          local.get 3
          i32.store offset=4
          local.get 4
          local.get 8
          i32.store
          i32.const 1
          local.set 3
          br 1 (;@1;)
        end
        local.get 5
        local.get 6
        i32.load8_u offset=16
        i32.store
        local.get 5
        local.get 6
        i32.load offset=24
        i32.store offset=8
        local.get 5
        local.get 6
        i32.load offset=20
        i32.store offset=4
        i32.const 0
        local.set 3
      end
      local.get 6
      i32.const 32
      i32.add
      global.set 0
      local.get 3
    )
    (func (;98;) (type 23) (param i32 i32 i32 i32 i32 i32 i32) (result i32)
      (local i32 i64 i64 i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 7
      global.set 0
      i64.const 0
      local.set 8
      i64.const 0
      local.set 9
      block ;; label = @1
        local.get 2
        i32.eqz
        br_if 0 (;@1;)
        local.get 2
        i64.load
        local.set 9
      end
      block ;; label = @1
        local.get 4
        i32.eqz
        br_if 0 (;@1;)
        local.get 4
        i64.load
        local.set 8
      end
      i32.const 0
      local.set 10
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      local.get 2
      i32.const 0
      i32.ne
      local.get 9
      local.get 3
      i32.load
      local.get 3
      i32.load offset=4
      local.get 4
      i32.const 0
      i32.ne
      local.get 8
      local.get 7
      i32.const 8
      i32.add
      call 6
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              local.get 7
              i32.load8_u offset=8
              br_table 0 (;@4;) 2 (;@2;) 1 (;@3;)
            end
            local.get 7
            i32.load offset=20
            local.set 4
            local.get 7
            i32.load offset=16
            local.set 10
          end
          local.get 5
          local.get 4
          i32.store offset=4
          local.get 5
          local.get 10
          i32.store
          i32.const 1
          local.set 4
          br 1 (;@1;)
        end
        local.get 6
        local.get 7
        i32.load8_u offset=16
        i32.store
        local.get 6
        local.get 7
        i32.load offset=24
        i32.store offset=8
        local.get 6
        local.get 7
        i32.load offset=20
        i32.store offset=4
        i32.const 0
        local.set 4
      end
      local.get 7
      i32.const 32
      i32.add
      global.set 0
      local.get 4
    )
    (func (;99;) (type 24) (param i32 i32 i64 i32 i32 i32) (result i32)
      (local i32 i64 i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 6
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 3
          br_if 0 (;@2;)
          i64.const 0
          local.set 7
          br 1 (;@1;)
        end
        local.get 3
        i64.load
        local.set 7
      end
      i32.const 0
      local.set 8
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      local.get 2
      local.get 3
      i32.const 0
      i32.ne
      local.get 7
      local.get 6
      i32.const 8
      i32.add
      call 7
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              local.get 6
              i32.load8_u offset=8
              br_table 0 (;@4;) 2 (;@2;) 1 (;@3;)
            end
            local.get 6
            i32.load offset=20
            local.set 3
            local.get 6
            i32.load offset=16
            local.set 8
          end
          local.get 4
          local.get 3
          i32.store offset=4
          local.get 4
          local.get 8
          i32.store
          i32.const 1
          local.set 3
          br 1 (;@1;)
        end
        local.get 5
        local.get 6
        i32.load8_u offset=16
        i32.store
        local.get 5
        local.get 6
        i32.load offset=24
        i32.store offset=8
        local.get 5
        local.get 6
        i32.load offset=20
        i32.store offset=4
        i32.const 0
        local.set 3
      end
      local.get 6
      i32.const 32
      i32.add
      global.set 0
      local.get 3
    )
    (func (;100;) (type 25) (param i32 i32 i32) (result i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 3
      global.set 0
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      local.get 3
      call 8
      block ;; label = @1
        local.get 3
        i32.load8_u
        i32.const 1
        i32.ne
        local.tee 1
        br_if 0 (;@1;)
        local.get 2
        local.get 3
        i32.load8_u offset=4
        i32.store8
        local.get 2
        local.get 3
        i32.load offset=12
        i32.store offset=8
        local.get 2
        local.get 3
        i32.load offset=8
        i32.store offset=4
      end
      local.get 3
      i32.const 16
      i32.add
      global.set 0
      local.get 1
    )
    (func (;101;) (type 1) (param i32) (result i32)
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      call 9
    )
    (func (;102;) (type 1) (param i32) (result i32)
      local.get 0
      call 10
    )
    (func (;103;) (type 8) (param i32 i32 i32 i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 4
      global.set 0
      local.get 0
      local.get 1
      local.get 2
      local.get 4
      i32.const 8
      i32.add
      call 11
      local.get 3
      local.get 4
      i64.load offset=8 align=4
      i64.store align=4
      local.get 4
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;104;) (type 25) (param i32 i32 i32) (result i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 3
      global.set 0
      local.get 0
      i32.load16_u
      local.get 0
      i32.load8_u offset=2
      local.get 0
      i32.load offset=4
      local.get 0
      i32.load16_u offset=8
      local.get 0
      i64.load offset=16
      local.get 0
      i64.load offset=24
      local.get 0
      i32.load offset=32
      local.get 0
      i64.load offset=40
      local.get 0
      i64.load offset=48
      local.get 0
      i64.load offset=56
      local.get 1
      local.get 3
      i32.const 14
      i32.add
      call 12
      block ;; label = @1
        local.get 3
        i32.load8_u offset=14
        i32.const 1
        i32.ne
        local.tee 0
        br_if 0 (;@1;)
        local.get 2
        local.get 3
        i32.load8_u offset=15
        i32.store8
      end
      local.get 3
      i32.const 16
      i32.add
      global.set 0
      local.get 0
    )
    (func (;105;) (type 25) (param i32 i32 i32) (result i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 3
      global.set 0
      local.get 0
      i32.load16_u
      local.get 0
      i32.load8_u offset=2
      local.get 0
      i32.load offset=4
      local.get 0
      i32.load16_u offset=8
      local.get 0
      i64.load offset=16
      local.get 0
      i64.load offset=24
      local.get 0
      i32.load offset=32
      local.get 0
      i64.load offset=40
      local.get 0
      i64.load offset=48
      local.get 0
      i64.load offset=56
      local.get 1
      local.get 3
      i32.const 14
      i32.add
      call 13
      block ;; label = @1
        local.get 3
        i32.load8_u offset=14
        i32.const 1
        i32.ne
        local.tee 0
        br_if 0 (;@1;)
        local.get 2
        local.get 3
        i32.load8_u offset=15
        i32.store8
      end
      local.get 3
      i32.const 16
      i32.add
      global.set 0
      local.get 0
    )
    (func (;106;) (type 0) (param i32)
      local.get 0
      call 14
    )
    (func (;107;) (type 0) (param i32)
      local.get 0
      call 15
    )
    (func (;108;) (type 10) (param i32 i32 i32 i32) (result i32)
      (local i32 i32 i32 i32)
      global.get 0
      i32.const 80
      i32.sub
      local.tee 4
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 1
          br_if 0 (;@2;)
          br 1 (;@1;)
        end
        local.get 1
        i32.load
        local.set 5
      end
      local.get 4
      local.get 0
      i32.load16_u
      i32.store16 offset=8
      local.get 4
      local.get 0
      i32.load8_u offset=2
      i32.store8 offset=10
      local.get 4
      local.get 0
      i32.load offset=4
      i32.store offset=12
      i32.const 0
      local.set 6
      i32.const 0
      local.set 7
      block ;; label = @1
        local.get 0
        i32.load8_u offset=8
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 4
        local.get 0
        i64.load offset=12 align=4
        i64.store offset=20 align=4
        local.get 4
        local.get 0
        i64.load offset=20 align=4
        i64.store offset=28 align=4
        local.get 4
        local.get 0
        i32.load8_u offset=28
        i32.store8 offset=36
        local.get 4
        local.get 0
        i64.load offset=32 align=4
        i64.store offset=40 align=4
        local.get 4
        local.get 0
        i32.load8_u offset=40
        i32.store8 offset=48
        i32.const 1
        local.set 7
      end
      local.get 4
      local.get 7
      i32.store8 offset=16
      block ;; label = @1
        local.get 0
        i32.load8_u offset=44
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 4
        local.get 0
        i32.load offset=48
        i32.store offset=56
        local.get 4
        local.get 0
        i32.load8_u offset=52
        i32.store8 offset=60
        local.get 4
        local.get 0
        i32.load16_u offset=53 align=1
        i32.store16 offset=61 align=1
        i32.const 1
        local.set 6
      end
      local.get 4
      local.get 6
      i32.store8 offset=52
      local.get 4
      local.get 0
      i64.load offset=56 align=4
      i64.store offset=64 align=4
      block ;; label = @1
        block ;; label = @2
          local.get 1
          br_if 0 (;@2;)
          i32.const 0
          local.set 0
          br 1 (;@1;)
        end
        local.get 4
        local.get 5
        i32.store offset=76
        i32.const 1
        local.set 0
      end
      local.get 4
      local.get 0
      i32.store8 offset=72
      local.get 4
      i32.const 8
      i32.add
      local.get 4
      i32.const 8
      i32.add
      call 16
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              local.get 4
              i32.load8_u offset=8
              br_table 0 (;@4;) 2 (;@2;) 1 (;@3;)
            end
            local.get 4
            i32.load16_u offset=10
            local.set 0
          end
          local.get 2
          local.get 0
          i32.store16
          i32.const 1
          local.set 0
          br 1 (;@1;)
        end
        local.get 3
        local.get 4
        i32.load8_u offset=10
        i32.store8
        i32.const 0
        local.set 0
      end
      local.get 4
      i32.const 80
      i32.add
      global.set 0
      local.get 0
    )
    (func (;109;) (type 7) (param i32 i32) (result i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 2
      global.set 0
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 0
      i32.load offset=8
      local.get 0
      i32.load offset=12
      local.get 2
      i32.const 14
      i32.add
      call 17
      block ;; label = @1
        local.get 2
        i32.load8_u offset=14
        i32.const 1
        i32.ne
        local.tee 0
        br_if 0 (;@1;)
        local.get 1
        local.get 2
        i32.load8_u offset=15
        i32.store8
      end
      local.get 2
      i32.const 16
      i32.add
      global.set 0
      local.get 0
    )
    (func (;110;) (type 7) (param i32 i32) (result i32)
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      call 18
    )
    (func (;111;) (type 25) (param i32 i32 i32) (result i32)
      (local i32 i32 i32 i32 i32 i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 3
      global.set 0
      local.get 0
      local.get 3
      i32.const 4
      i32.add
      call 19
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              local.get 3
              i32.load8_u offset=4
              br_table 0 (;@4;) 2 (;@2;) 1 (;@3;)
            end
            local.get 3
            i32.load offset=28
            local.set 4
            local.get 3
            i32.load offset=24
            local.set 5
            local.get 3
            i32.load offset=20
            local.set 6
            local.get 3
            i32.load offset=16
            local.set 7
            local.get 3
            i32.load offset=12
            local.set 0
            local.get 3
            i32.load offset=8
            local.set 8
          end
          local.get 1
          local.get 4
          i32.store offset=20
          local.get 1
          local.get 5
          i32.store offset=16
          local.get 1
          local.get 6
          i32.store offset=12
          local.get 1
          local.get 7
          i32.store offset=8
          local.get 1
          local.get 0
          i32.store offset=4
          local.get 1
          local.get 8
          i32.store
          i32.const 1
          local.set 1
          br 1 (;@1;)
        end
        local.get 2
        local.get 3
        i32.load8_u offset=8
        i32.store8
        i32.const 0
        local.set 1
      end
      local.get 3
      i32.const 32
      i32.add
      global.set 0
      local.get 1
    )
    (func (;112;) (type 1) (param i32) (result i32)
      local.get 0
      call 20
      i32.const 255
      i32.and
    )
    (func (;113;) (type 20) (param i32 i32 i32 i32 i32) (result i32)
      (local i32 i32 i32)
      global.get 0
      i32.const 80
      i32.sub
      local.tee 5
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 2
          br_if 0 (;@2;)
          br 1 (;@1;)
        end
        local.get 2
        i32.load
        local.set 6
      end
      local.get 5
      local.get 0
      i32.store offset=4
      local.get 5
      local.get 1
      i32.load16_u
      i32.store16 offset=8
      local.get 5
      local.get 1
      i32.load8_u offset=2
      i32.store8 offset=10
      local.get 5
      local.get 1
      i32.load offset=4
      i32.store offset=12
      i32.const 0
      local.set 0
      i32.const 0
      local.set 7
      block ;; label = @1
        local.get 1
        i32.load8_u offset=8
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 5
        local.get 1
        i64.load offset=12 align=4
        i64.store offset=20 align=4
        local.get 5
        local.get 1
        i64.load offset=20 align=4
        i64.store offset=28 align=4
        local.get 5
        local.get 1
        i32.load8_u offset=28
        i32.store8 offset=36
        local.get 5
        local.get 1
        i64.load offset=32 align=4
        i64.store offset=40 align=4
        local.get 5
        local.get 1
        i32.load8_u offset=40
        i32.store8 offset=48
        i32.const 1
        local.set 7
      end
      local.get 5
      local.get 7
      i32.store8 offset=16
      block ;; label = @1
        local.get 1
        i32.load8_u offset=44
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 5
        local.get 1
        i32.load offset=48
        i32.store offset=56
        local.get 5
        local.get 1
        i32.load8_u offset=52
        i32.store8 offset=60
        local.get 5
        local.get 1
        i32.load16_u offset=53 align=1
        i32.store16 offset=61 align=1
        i32.const 1
        local.set 0
      end
      local.get 5
      local.get 0
      i32.store8 offset=52
      local.get 5
      local.get 1
      i64.load offset=56 align=4
      i64.store offset=64 align=4
      block ;; label = @1
        block ;; label = @2
          local.get 2
          br_if 0 (;@2;)
          i32.const 0
          local.set 1
          br 1 (;@1;)
        end
        local.get 5
        local.get 6
        i32.store offset=76
        i32.const 1
        local.set 1
      end
      local.get 5
      local.get 1
      i32.store8 offset=72
      local.get 5
      i32.const 4
      i32.add
      local.get 5
      i32.const 4
      i32.add
      call 21
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              local.get 5
              i32.load8_u offset=4
              br_table 0 (;@4;) 2 (;@2;) 1 (;@3;)
            end
            local.get 5
            i32.load16_u offset=6
            local.set 1
          end
          local.get 3
          local.get 1
          i32.store16
          i32.const 1
          local.set 1
          br 1 (;@1;)
        end
        local.get 4
        local.get 5
        i32.load8_u offset=6
        i32.store8
        i32.const 0
        local.set 1
      end
      local.get 5
      i32.const 80
      i32.add
      global.set 0
      local.get 1
    )
    (func (;114;) (type 10) (param i32 i32 i32 i32) (result i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 4
      global.set 0
      local.get 0
      local.get 1
      i32.load16_u
      local.get 1
      i32.load8_u offset=2
      local.get 1
      i32.load offset=4
      local.get 1
      i32.load16_u offset=8
      local.get 1
      i64.load offset=16
      local.get 1
      i64.load offset=24
      local.get 1
      i32.load offset=32
      local.get 1
      i64.load offset=40
      local.get 1
      i64.load offset=48
      local.get 1
      i64.load offset=56
      local.get 2
      local.get 4
      i32.const 14
      i32.add
      call 22
      block ;; label = @1
        local.get 4
        i32.load8_u offset=14
        i32.const 1
        i32.ne
        local.tee 1
        br_if 0 (;@1;)
        local.get 3
        local.get 4
        i32.load8_u offset=15
        i32.store8
      end
      local.get 4
      i32.const 16
      i32.add
      global.set 0
      local.get 1
    )
    (func (;115;) (type 25) (param i32 i32 i32) (result i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 3
      global.set 0
      local.get 0
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      local.get 1
      i32.load offset=8
      local.get 1
      i32.load offset=12
      local.get 3
      i32.const 14
      i32.add
      call 23
      block ;; label = @1
        local.get 3
        i32.load8_u offset=14
        i32.const 1
        i32.ne
        local.tee 1
        br_if 0 (;@1;)
        local.get 2
        local.get 3
        i32.load8_u offset=15
        i32.store8
      end
      local.get 3
      i32.const 16
      i32.add
      global.set 0
      local.get 1
    )
    (func (;116;) (type 0) (param i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 1
      global.set 0
      local.get 1
      i32.const 8
      i32.add
      call 24
      local.get 0
      local.get 1
      i64.load offset=8 align=4
      i64.store align=4
      local.get 1
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;117;) (type 13) (param i32 i32 i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 3
      global.set 0
      local.get 0
      local.get 1
      local.get 3
      i32.const 8
      i32.add
      call 25
      local.get 2
      local.get 3
      i64.load offset=8 align=4
      i64.store align=4
      local.get 3
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;118;) (type 0) (param i32)
      local.get 0
      call 26
    )
    (func (;119;) (type 2) (param i32 i32)
      local.get 0
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      call 27
    )
    (func (;120;) (type 2) (param i32 i32)
      local.get 0
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      call 28
    )
    (func (;121;) (type 0) (param i32)
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      call 29
    )
    (func (;122;) (type 14) (param i64 i64)
      local.get 0
      local.get 1
      call 30
    )
    (func (;123;) (type 15) (result i32)
      call 31
    )
    (func (;124;) (type 13) (param i32 i32 i32)
      local.get 0
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      local.get 2
      i32.load
      local.get 2
      i32.load offset=4
      call 32
    )
    (func (;125;) (type 21) (param i32 i64)
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      call 33
    )
    (func (;126;) (type 26) (param i32 f64)
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      call 34
    )
    (func (;127;) (type 26) (param i32 f64)
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      call 35
    )
    (func (;128;) (type 18) (result i64)
      call 36
    )
    (func (;129;) (type 18) (result i64)
      call 37
    )
    (func (;130;) (type 0) (param i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 1
      global.set 0
      local.get 1
      i32.const 8
      i32.add
      call 38
      local.get 0
      local.get 1
      i64.load offset=8 align=4
      i64.store align=4
      local.get 1
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;131;) (type 7) (param i32 i32) (result i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 2
      global.set 0
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 2
      i32.const 4
      i32.add
      call 39
      local.get 1
      local.get 2
      i32.load offset=12
      i32.store offset=4
      local.get 1
      local.get 2
      i32.load offset=8
      i32.store
      local.get 2
      i32.load8_u offset=4
      local.set 0
      local.get 2
      i32.const 16
      i32.add
      global.set 0
      local.get 0
      i32.const 1
      i32.eq
    )
    (func (;132;) (type 1) (param i32) (result i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i64)
      global.get 0
      i32.const 352
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=60
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          i32.const 0
          local.set 3
          br 1 (;@1;)
        end
        i32.const 0
        local.set 4
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=72
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            i32.const 0
            local.set 5
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=80
          local.set 6
          local.get 0
          i32.load offset=76
          local.set 7
          i32.const 1
          local.set 5
        end
        i32.const 1
        local.set 3
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=84
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=92
          local.set 8
          local.get 0
          i32.load offset=88
          local.set 9
          i32.const 1
          local.set 4
        end
        local.get 0
        i32.load offset=68
        local.set 10
        local.get 0
        i32.load offset=64
        local.set 11
      end
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=152
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          br 1 (;@1;)
        end
        i32.const 1
        local.set 2
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=196
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            i32.const 0
            local.set 12
            br 1 (;@2;)
          end
          i32.const 0
          local.set 13
          block ;; label = @3
            block ;; label = @4
              local.get 0
              i32.load8_u offset=208
              i32.const 1
              i32.eq
              br_if 0 (;@4;)
              i32.const 0
              local.set 14
              br 1 (;@3;)
            end
            local.get 0
            i32.load offset=216
            local.set 15
            local.get 0
            i32.load offset=212
            local.set 16
            i32.const 1
            local.set 14
          end
          block ;; label = @3
            block ;; label = @4
              local.get 0
              i32.load8_u offset=220
              i32.const 1
              i32.eq
              br_if 0 (;@4;)
              br 1 (;@3;)
            end
            local.get 0
            i32.load offset=228
            local.set 17
            local.get 0
            i32.load offset=224
            local.set 18
            i32.const 1
            local.set 13
          end
          local.get 0
          i32.load offset=204
          local.set 19
          local.get 0
          i32.load offset=200
          local.set 20
          i32.const 1
          local.set 12
        end
        local.get 0
        i32.load offset=300
        local.set 21
        local.get 0
        i32.load offset=296
        local.set 22
        local.get 0
        i32.load offset=292
        local.set 23
        local.get 0
        i32.load offset=288
        local.set 24
        local.get 0
        i32.load offset=284
        local.set 25
        local.get 0
        i32.load offset=280
        local.set 26
        local.get 0
        i32.load offset=276
        local.set 27
        local.get 0
        i32.load offset=272
        local.set 28
        local.get 0
        i32.load offset=268
        local.set 29
        local.get 0
        i32.load offset=264
        local.set 30
        local.get 0
        i32.load offset=260
        local.set 31
        local.get 0
        i32.load offset=256
        local.set 32
        local.get 0
        i32.load offset=252
        local.set 33
        local.get 0
        i32.load offset=248
        local.set 34
        local.get 0
        i32.load offset=244
        local.set 35
        local.get 0
        i32.load offset=240
        local.set 36
        local.get 0
        i32.load offset=236
        local.set 37
        local.get 0
        i32.load offset=232
        local.set 38
        local.get 0
        i32.load16_u offset=194
        local.set 39
        local.get 0
        i32.load16_u offset=192
        local.set 40
        local.get 0
        i32.load offset=188
        local.set 41
        local.get 0
        i32.load offset=184
        local.set 42
        local.get 0
        i32.load offset=180
        local.set 43
        local.get 0
        i32.load offset=176
        local.set 44
        local.get 0
        i64.load offset=168
        local.set 45
        local.get 0
        i64.load offset=160
        local.set 46
      end
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=312
            br_table 0 (;@3;) 1 (;@2;) 2 (;@1;)
          end
          local.get 1
          i32.const 0
          i32.store8 offset=336
          br 1 (;@1;)
        end
        local.get 1
        i32.const 1
        i32.store8 offset=336
        local.get 1
        local.get 0
        i32.load offset=324
        i32.store offset=348
        local.get 1
        local.get 0
        i64.load offset=316 align=4
        i64.store offset=340 align=4
      end
      local.get 1
      local.get 3
      i32.store8 offset=84
      local.get 1
      local.get 5
      i32.store8 offset=96
      local.get 1
      local.get 4
      i32.store8 offset=108
      local.get 1
      local.get 8
      i32.store offset=116
      local.get 1
      local.get 9
      i32.store offset=112
      local.get 1
      local.get 6
      i32.store offset=104
      local.get 1
      local.get 7
      i32.store offset=100
      local.get 1
      local.get 10
      i32.store offset=92
      local.get 1
      local.get 11
      i32.store offset=88
      local.get 1
      local.get 0
      i64.load
      i64.store offset=24
      local.get 1
      local.get 0
      i64.load offset=8
      i64.store offset=32
      local.get 1
      local.get 0
      i64.load offset=16
      i64.store offset=40
      local.get 1
      local.get 0
      i64.load offset=24
      i64.store offset=48
      local.get 1
      local.get 0
      i64.load offset=32
      i64.store offset=56
      local.get 1
      local.get 0
      i64.load offset=40
      i64.store offset=64
      local.get 1
      local.get 0
      i64.load offset=48
      i64.store offset=72
      local.get 1
      local.get 0
      i32.load offset=56
      i32.store offset=80
      local.get 1
      local.get 46
      i64.store offset=184
      local.get 1
      local.get 45
      i64.store offset=192
      local.get 1
      local.get 44
      i32.store offset=200
      local.get 1
      local.get 43
      i32.store offset=204
      local.get 1
      local.get 42
      i32.store offset=208
      local.get 1
      local.get 41
      i32.store offset=212
      local.get 1
      local.get 20
      i32.store offset=224
      local.get 1
      local.get 19
      i32.store offset=228
      local.get 1
      local.get 16
      i32.store offset=236
      local.get 1
      local.get 15
      i32.store offset=240
      local.get 1
      local.get 18
      i32.store offset=248
      local.get 1
      local.get 17
      i32.store offset=252
      local.get 1
      local.get 38
      i32.store offset=256
      local.get 1
      local.get 37
      i32.store offset=260
      local.get 1
      local.get 36
      i32.store offset=264
      local.get 1
      local.get 35
      i32.store offset=268
      local.get 1
      local.get 34
      i32.store offset=272
      local.get 1
      local.get 33
      i32.store offset=276
      local.get 1
      local.get 32
      i32.store offset=280
      local.get 1
      local.get 31
      i32.store offset=284
      local.get 1
      local.get 30
      i32.store offset=288
      local.get 1
      local.get 29
      i32.store offset=292
      local.get 1
      local.get 28
      i32.store offset=296
      local.get 1
      local.get 27
      i32.store offset=300
      local.get 1
      local.get 26
      i32.store offset=304
      local.get 1
      local.get 25
      i32.store offset=308
      local.get 1
      local.get 24
      i32.store offset=312
      local.get 1
      local.get 23
      i32.store offset=316
      local.get 1
      local.get 22
      i32.store offset=320
      local.get 1
      local.get 21
      i32.store offset=324
      local.get 1
      local.get 13
      i32.store8 offset=244
      local.get 1
      local.get 14
      i32.store8 offset=232
      local.get 1
      local.get 12
      i32.store8 offset=220
      local.get 1
      local.get 39
      i32.store16 offset=218
      local.get 1
      local.get 40
      i32.store16 offset=216
      local.get 1
      local.get 2
      i32.store8 offset=176
      local.get 1
      local.get 0
      i32.load offset=96
      i32.store offset=120
      local.get 1
      local.get 0
      i64.load offset=100 align=4
      i64.store offset=124 align=4
      local.get 1
      local.get 0
      i64.load offset=108 align=4
      i64.store offset=132 align=4
      local.get 1
      local.get 0
      i64.load offset=116 align=4
      i64.store offset=140 align=4
      local.get 1
      local.get 0
      i64.load offset=124 align=4
      i64.store offset=148 align=4
      local.get 1
      local.get 0
      i64.load offset=132 align=4
      i64.store offset=156 align=4
      local.get 1
      local.get 0
      i64.load offset=140 align=4
      i64.store offset=164 align=4
      local.get 1
      local.get 0
      i32.load offset=148
      i32.store offset=172
      local.get 1
      local.get 0
      i32.load offset=304
      i32.store offset=328
      local.get 1
      i32.const 0
      i32.store offset=332
      local.get 1
      i32.const 24
      i32.add
      local.get 1
      i32.const 340
      i32.add
      i32.const 0
      local.get 1
      i32.load8_u offset=336
      select
      local.get 1
      i32.const 20
      i32.add
      local.get 1
      i32.const 8
      i32.add
      call 43
      local.set 2
      local.get 1
      i32.load offset=20
      local.set 4
      local.get 1
      i32.load offset=16
      local.set 3
      local.get 1
      i32.load offset=12
      local.set 11
      local.get 1
      i32.load offset=8
      local.set 13
      local.get 0
      call 147
      block ;; label = @1
        block ;; label = @2
          local.get 2
          br_if 0 (;@2;)
          i32.const 0
          i32.const 1
          i32.store8 offset=1057872
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 13
                  i32.const 255
                  i32.and
                  br_table 0 (;@6;) 1 (;@5;) 2 (;@4;) 3 (;@3;) 5 (;@1;)
                end
                i32.const 0
                local.get 3
                i32.store offset=1057884
                i32.const 0
                local.get 11
                i32.store offset=1057880
                i32.const 0
                i32.const 0
                i32.store8 offset=1057876
                br 4 (;@1;)
              end
              i32.const 0
              local.get 3
              i32.store offset=1057884
              i32.const 0
              i32.const 1
              i32.store8 offset=1057876
              i32.const 0
              local.get 11
              i32.store offset=1057880
              br 3 (;@1;)
            end
            i32.const 0
            i32.const 2
            i32.store8 offset=1057876
            br 2 (;@1;)
          end
          i32.const 0
          local.get 3
          i32.store offset=1057884
          i32.const 0
          i32.const 3
          i32.store8 offset=1057876
          i32.const 0
          local.get 11
          i32.store offset=1057880
          br 1 (;@1;)
        end
        i32.const 0
        local.get 4
        i32.store offset=1057876
        i32.const 0
        i32.const 0
        i32.store8 offset=1057872
      end
      local.get 1
      i32.const 352
      i32.add
      global.set 0
      i32.const 1057872
    )
    (func (;133;) (type 1) (param i32) (result i32)
      (local i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 1
      global.set 0
      local.get 0
      local.get 1
      i32.const 8
      i32.add
      call 44
      i32.const 0
      local.get 1
      i64.load offset=8 align=4
      i64.store offset=1057872 align=4
      i32.const 0
      local.get 1
      i32.load8_u offset=16
      i32.store8 offset=1057880
      i32.const 0
      local.get 1
      i32.load16_u offset=17 align=1
      i32.store16 offset=1057881 align=1
      i32.const 0
      local.get 1
      i32.load offset=20
      i32.store offset=1057884
      i32.const 0
      local.set 0
      block ;; label = @1
        local.get 1
        i32.load8_u offset=24
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        i32.const 0
        local.get 1
        i32.load offset=28
        i32.store offset=1057892
        i32.const 1
        local.set 0
      end
      i32.const 0
      local.get 0
      i32.store8 offset=1057888
      local.get 1
      i32.const 32
      i32.add
      global.set 0
      i32.const 1057872
    )
    (func (;134;) (type 1) (param i32) (result i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
      global.get 0
      i32.const 96
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=12
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          i32.const 0
          local.set 3
          br 1 (;@1;)
        end
        local.get 1
        i32.const 0
        i32.store16 offset=92
        local.get 1
        i32.const 0
        i32.store8 offset=94
        local.get 1
        i32.const 0
        i32.store16 offset=88
        local.get 1
        i32.const 0
        i32.store8 offset=90
        local.get 0
        i32.load8_u offset=44
        local.set 4
        local.get 0
        i32.load offset=40
        local.set 5
        local.get 0
        i32.load offset=36
        local.set 6
        local.get 0
        i32.load8_u offset=32
        local.set 7
        local.get 0
        i32.load offset=28
        local.set 8
        local.get 0
        i32.load offset=24
        local.set 9
        local.get 0
        i32.load offset=20
        local.set 10
        local.get 0
        i32.load offset=16
        local.set 11
        i32.const 1
        local.set 3
      end
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=48
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          br 1 (;@1;)
        end
        local.get 0
        i32.load8_u offset=58
        local.set 12
        local.get 0
        i32.load8_u offset=57
        local.set 13
        local.get 0
        i32.load8_u offset=56
        local.set 14
        local.get 0
        i32.load offset=52
        local.set 15
        i32.const 1
        local.set 2
      end
      local.get 1
      i32.const 0
      i32.store8 offset=27
      local.get 1
      local.get 7
      i32.store8 offset=52
      local.get 1
      local.get 8
      i32.store offset=48
      local.get 1
      local.get 9
      i32.store offset=44
      local.get 1
      local.get 10
      i32.store offset=40
      local.get 1
      local.get 11
      i32.store offset=36
      local.get 1
      local.get 3
      i32.store8 offset=32
      local.get 1
      local.get 1
      i32.load16_u offset=92
      i32.store16 offset=53 align=1
      local.get 1
      local.get 1
      i32.load8_u offset=94
      i32.store8 offset=55
      local.get 1
      local.get 4
      i32.store8 offset=64
      local.get 1
      local.get 5
      i32.store offset=60
      local.get 1
      local.get 6
      i32.store offset=56
      local.get 1
      local.get 0
      i32.load16_u offset=4
      i32.store16 offset=24
      local.get 1
      local.get 0
      i32.load8_u offset=6
      i32.store8 offset=26
      local.get 1
      local.get 0
      i32.load offset=8
      i32.store offset=28
      local.get 1
      local.get 15
      i32.store offset=72
      local.get 1
      i32.const 0
      i32.store8 offset=79
      local.get 1
      local.get 12
      i32.store8 offset=78
      local.get 1
      local.get 13
      i32.store8 offset=77
      local.get 1
      local.get 14
      i32.store8 offset=76
      local.get 1
      local.get 2
      i32.store8 offset=68
      local.get 1
      local.get 1
      i32.load8_u offset=90
      i32.store8 offset=67
      local.get 1
      local.get 1
      i32.load16_u offset=88
      i32.store16 offset=65 align=1
      local.get 1
      local.get 0
      i64.load offset=60 align=4
      i64.store offset=80 align=4
      local.get 1
      local.get 0
      i64.load offset=68 align=4
      i64.store offset=16 align=4
      local.get 0
      i32.load
      local.get 1
      i32.const 24
      i32.add
      local.get 1
      i32.const 16
      i32.add
      local.get 1
      i32.const 15
      i32.add
      local.get 1
      call 56
      local.set 2
      local.get 1
      i32.load8_u offset=15
      local.set 3
      local.get 1
      i32.load offset=8
      local.set 10
      local.get 1
      i32.load offset=4
      local.set 9
      local.get 1
      i32.load8_u
      local.set 11
      local.get 0
      call 147
      block ;; label = @1
        block ;; label = @2
          local.get 2
          br_if 0 (;@2;)
          i32.const 0
          i32.const 1
          i32.store8 offset=1057872
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 11
                  br_table 0 (;@6;) 1 (;@5;) 2 (;@4;) 3 (;@3;) 5 (;@1;)
                end
                i32.const 0
                local.get 10
                i32.store offset=1057884
                i32.const 0
                local.get 9
                i32.store offset=1057880
                i32.const 0
                i32.const 0
                i32.store8 offset=1057876
                br 4 (;@1;)
              end
              i32.const 0
              local.get 10
              i32.store offset=1057884
              i32.const 0
              i32.const 1
              i32.store8 offset=1057876
              i32.const 0
              local.get 9
              i32.store offset=1057880
              br 3 (;@1;)
            end
            i32.const 0
            i32.const 2
            i32.store8 offset=1057876
            br 2 (;@1;)
          end
          i32.const 0
          local.get 10
          i32.store offset=1057884
          i32.const 0
          i32.const 3
          i32.store8 offset=1057876
          i32.const 0
          local.get 9
          i32.store offset=1057880
          br 1 (;@1;)
        end
        i32.const 0
        local.get 3
        i32.store8 offset=1057876
        i32.const 0
        i32.const 0
        i32.store8 offset=1057872
      end
      local.get 1
      i32.const 96
      i32.add
      global.set 0
      i32.const 1057872
    )
    (func (;135;) (type 20) (param i32 i32 i32 i32 i32) (result i32)
      (local i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 5
      global.set 0
      local.get 5
      local.get 4
      i32.store offset=28
      local.get 5
      local.get 3
      i32.store offset=24
      local.get 5
      local.get 2
      i32.store offset=20
      local.get 5
      local.get 1
      i32.store offset=16
      block ;; label = @1
        block ;; label = @2
          local.get 0
          local.get 5
          i32.const 16
          i32.add
          local.get 5
          i32.const 15
          i32.add
          local.get 5
          call 57
          br_if 0 (;@2;)
          local.get 5
          i32.load offset=8
          local.set 4
          local.get 5
          i32.load offset=4
          local.set 3
          i32.const 0
          i32.const 1
          i32.store8 offset=1057872
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 5
                  i32.load8_u
                  br_table 0 (;@6;) 1 (;@5;) 2 (;@4;) 3 (;@3;) 5 (;@1;)
                end
                i32.const 0
                local.get 4
                i32.store offset=1057884
                i32.const 0
                local.get 3
                i32.store offset=1057880
                i32.const 0
                i32.const 0
                i32.store8 offset=1057876
                br 4 (;@1;)
              end
              i32.const 0
              local.get 4
              i32.store offset=1057884
              i32.const 0
              i32.const 1
              i32.store8 offset=1057876
              i32.const 0
              local.get 3
              i32.store offset=1057880
              br 3 (;@1;)
            end
            i32.const 0
            i32.const 2
            i32.store8 offset=1057876
            br 2 (;@1;)
          end
          i32.const 0
          local.get 4
          i32.store offset=1057884
          i32.const 0
          i32.const 3
          i32.store8 offset=1057876
          i32.const 0
          local.get 3
          i32.store offset=1057880
          br 1 (;@1;)
        end
        i32.const 0
        local.get 5
        i32.load8_u offset=15
        i32.store8 offset=1057876
        i32.const 0
        i32.const 0
        i32.store8 offset=1057872
      end
      local.get 5
      i32.const 32
      i32.add
      global.set 0
      i32.const 1057872
    )
    (func (;136;) (type 27) (param i32 i32 i32 i32 i32 i64 i64 i32 i64 i64 i64) (result i32)
      (local i32)
      global.get 0
      i32.const 64
      i32.sub
      local.tee 11
      global.set 0
      local.get 11
      i32.const 0
      i32.store offset=10 align=2
      local.get 11
      local.get 4
      i32.store16 offset=8
      local.get 11
      local.get 3
      i32.store offset=4
      local.get 11
      i32.const 0
      i32.store8 offset=3
      local.get 11
      local.get 2
      i32.store8 offset=2
      local.get 11
      local.get 1
      i32.store16
      local.get 11
      i32.const 0
      i32.store16 offset=14
      local.get 11
      local.get 10
      i64.store offset=56
      local.get 11
      local.get 9
      i64.store offset=48
      local.get 11
      local.get 8
      i64.store offset=40
      local.get 11
      i32.const 0
      i32.store offset=36
      local.get 11
      local.get 7
      i32.store offset=32
      local.get 11
      local.get 6
      i64.store offset=24
      local.get 11
      local.get 5
      i64.store offset=16
      local.get 0
      local.get 11
      call 45
      local.set 4
      local.get 11
      i32.const 64
      i32.add
      global.set 0
      local.get 4
    )
    (func (;137;) (type 21) (param i32 i64)
      local.get 0
      local.get 1
      call 59
    )
    (func (;138;) (type 0) (param i32)
      local.get 0
      call 60
    )
    (func (;139;) (type 1) (param i32) (result i32)
      (local i32 i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      block ;; label = @1
        local.get 0
        local.get 1
        i32.const 4
        i32.add
        call 61
        i32.eqz
        br_if 0 (;@1;)
        i32.const 0
        local.get 1
        i32.load offset=12
        i32.store offset=1057884
        i32.const 0
        local.get 1
        i64.load offset=4 align=4
        i64.store offset=1057876 align=4
        i32.const 1
        local.set 2
      end
      i32.const 0
      local.get 2
      i32.store8 offset=1057872
      local.get 1
      i32.const 16
      i32.add
      global.set 0
      i32.const 1057872
    )
    (func (;140;) (type 2) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 255
      i32.and
      call 62
    )
    (func (;141;) (type 15) (result i32)
      (local i32 i32)
      global.get 0
      i32.const 48
      i32.sub
      local.tee 0
      global.set 0
      local.get 0
      i32.const 8
      i32.add
      call 40
      i32.const 0
      local.get 0
      i64.load offset=8 align=4
      i64.store offset=1057872 align=4
      i32.const 0
      local.get 0
      i64.load offset=16 align=4
      i64.store offset=1057880 align=4
      i32.const 0
      local.get 0
      i64.load offset=24 align=4
      i64.store offset=1057888 align=4
      i32.const 0
      local.set 1
      block ;; label = @1
        local.get 0
        i32.load8_u offset=32
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        i32.const 0
        local.get 0
        i64.load offset=36 align=4
        i64.store offset=1057900 align=4
        i32.const 1
        local.set 1
      end
      i32.const 0
      local.get 1
      i32.store8 offset=1057896
      i32.const 0
      local.get 0
      i32.load offset=44
      i32.store offset=1057908
      local.get 0
      i32.const 48
      i32.add
      global.set 0
      i32.const 1057872
    )
    (func (;142;) (type 15) (result i32)
      (local i32 i32 i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 0
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.const 4
          i32.add
          call 41
          br_if 0 (;@2;)
          local.get 0
          i32.load offset=12
          local.set 1
          local.get 0
          i32.load offset=8
          local.set 2
          i32.const 0
          i32.const 1
          i32.store8 offset=1057872
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 0
                  i32.load8_u offset=4
                  br_table 0 (;@6;) 1 (;@5;) 2 (;@4;) 3 (;@3;) 5 (;@1;)
                end
                i32.const 0
                local.get 1
                i32.store offset=1057884
                i32.const 0
                local.get 2
                i32.store offset=1057880
                i32.const 0
                i32.const 0
                i32.store8 offset=1057876
                br 4 (;@1;)
              end
              i32.const 0
              local.get 1
              i32.store offset=1057884
              i32.const 0
              i32.const 1
              i32.store8 offset=1057876
              i32.const 0
              local.get 2
              i32.store offset=1057880
              br 3 (;@1;)
            end
            i32.const 0
            i32.const 2
            i32.store8 offset=1057876
            br 2 (;@1;)
          end
          i32.const 0
          local.get 1
          i32.store offset=1057884
          i32.const 0
          i32.const 3
          i32.store8 offset=1057876
          i32.const 0
          local.get 2
          i32.store offset=1057880
          br 1 (;@1;)
        end
        i32.const 0
        i32.const 0
        i32.store8 offset=1057872
      end
      local.get 0
      i32.const 16
      i32.add
      global.set 0
      i32.const 1057872
    )
    (func (;143;) (type 28)
      call 144
    )
    (func (;144;) (type 28))
    (func (;145;) (type 28)
      unreachable
    )
    (func (;146;) (type 1) (param i32) (result i32)
      (local i32 i32 i32)
      block ;; label = @1
        local.get 0
        i32.const 134217728
        i32.gt_u
        br_if 0 (;@1;)
        i32.const 3
        local.set 1
        i32.const 1057932
        local.set 2
        loop ;; label = @2
          local.get 2
          i32.const 4
          i32.add
          local.set 2
          i32.const 1
          local.get 1
          i32.const 1
          i32.add
          local.tee 1
          i32.shl
          local.tee 3
          local.get 0
          i32.lt_u
          br_if 0 (;@2;)
        end
        block ;; label = @2
          block ;; label = @3
            local.get 2
            i32.load
            local.tee 0
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            local.get 0
            i32.load offset=4
            i32.store
            br 1 (;@2;)
          end
          local.get 3
          i32.const 8
          i32.add
          local.set 2
          block ;; label = @3
            i32.const 0
            i32.load offset=1058032
            local.tee 0
            br_if 0 (;@3;)
            i32.const 0
            i32.const 1058048
            i32.const 15
            i32.add
            i32.const -16
            i32.and
            local.tee 0
            i32.store offset=1058032
          end
          block ;; label = @3
            local.get 2
            local.get 0
            i32.add
            local.tee 2
            memory.size
            i32.const 16
            i32.shl
            local.tee 3
            i32.le_u
            br_if 0 (;@3;)
            local.get 2
            local.get 3
            i32.sub
            i32.const 65535
            i32.add
            i32.const 16
            i32.shr_u
            memory.grow
            i32.const -1
            i32.eq
            br_if 2 (;@1;)
          end
          i32.const 0
          local.get 2
          i32.store offset=1058032
        end
        local.get 0
        local.get 1
        i32.store
        local.get 0
        i32.const 8
        i32.add
        return
      end
      unreachable
    )
    (func (;147;) (type 0) (param i32)
      (local i32)
      block ;; label = @1
        local.get 0
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.const -4
        i32.add
        local.get 0
        i32.const -8
        i32.add
        local.tee 0
        i32.load
        i32.const 2
        i32.shl
        local.tee 1
        i32.load offset=1057920
        i32.store
        local.get 1
        local.get 0
        i32.store offset=1057920
      end
    )
    (func (;148;) (type 7) (param i32 i32) (result i32)
      (local i64 i32 i32 i32 i32)
      block ;; label = @1
        local.get 0
        i64.extend_i32_u
        local.get 1
        i64.extend_i32_u
        i64.mul
        local.tee 2
        i64.const 32
        i64.shr_u
        i32.wrap_i64
        br_if 0 (;@1;)
        local.get 2
        i32.wrap_i64
        local.tee 3
        i32.const 134217728
        i32.gt_u
        br_if 0 (;@1;)
        local.get 3
        local.set 4
        i32.const 3
        local.set 0
        i32.const 1057932
        local.set 1
        loop ;; label = @2
          local.get 1
          i32.const 4
          i32.add
          local.set 1
          i32.const 1
          local.get 0
          i32.const 1
          i32.add
          local.tee 0
          i32.shl
          local.tee 5
          local.get 3
          i32.lt_u
          br_if 0 (;@2;)
        end
        block ;; label = @2
          block ;; label = @3
            local.get 1
            i32.load
            local.tee 6
            i32.eqz
            br_if 0 (;@3;)
            local.get 1
            local.get 6
            i32.load offset=4
            i32.store
            br 1 (;@2;)
          end
          local.get 5
          i32.const 8
          i32.add
          local.set 1
          block ;; label = @3
            i32.const 0
            i32.load offset=1058032
            local.tee 6
            br_if 0 (;@3;)
            i32.const 0
            i32.const 1058048
            i32.const 15
            i32.add
            i32.const -16
            i32.and
            local.tee 6
            i32.store offset=1058032
          end
          block ;; label = @3
            local.get 1
            local.get 6
            i32.add
            local.tee 1
            memory.size
            i32.const 16
            i32.shl
            local.tee 5
            i32.le_u
            br_if 0 (;@3;)
            local.get 1
            local.get 5
            i32.sub
            i32.const 65535
            i32.add
            i32.const 16
            i32.shr_u
            memory.grow
            i32.const -1
            i32.eq
            br_if 2 (;@1;)
          end
          i32.const 0
          local.get 1
          i32.store offset=1058032
        end
        local.get 6
        local.get 0
        i32.store
        local.get 6
        i32.const 8
        i32.add
        local.set 5
        block ;; label = @2
          local.get 4
          i32.eqz
          br_if 0 (;@2;)
          local.get 5
          local.set 1
          block ;; label = @3
            local.get 3
            i32.const 7
            i32.and
            local.tee 0
            i32.eqz
            br_if 0 (;@3;)
            local.get 3
            i32.const -8
            i32.and
            local.set 4
            local.get 5
            local.set 1
            loop ;; label = @4
              local.get 1
              i32.const 0
              i32.store8
              local.get 1
              i32.const 1
              i32.add
              local.set 1
              local.get 0
              i32.const -1
              i32.add
              local.tee 0
              br_if 0 (;@4;)
            end
          end
          local.get 3
          i32.const 8
          i32.lt_u
          br_if 0 (;@2;)
          loop ;; label = @3
            local.get 1
            i64.const 0
            i64.store align=1
            local.get 1
            i32.const 8
            i32.add
            local.set 1
            local.get 4
            i32.const -8
            i32.add
            local.tee 4
            br_if 0 (;@3;)
          end
        end
        local.get 5
        return
      end
      unreachable
    )
    (func (;149;) (type 25) (param i32 i32 i32) (result i32)
      (local i32 i32 i32)
      block ;; label = @1
        local.get 2
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        local.set 3
        local.get 2
        local.set 4
        block ;; label = @2
          local.get 2
          i32.const 7
          i32.and
          local.tee 5
          i32.eqz
          br_if 0 (;@2;)
          local.get 2
          i32.const -8
          i32.and
          local.set 4
          local.get 0
          local.set 3
          loop ;; label = @3
            local.get 3
            local.get 1
            i32.store8
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 5
            i32.const -1
            i32.add
            local.tee 5
            br_if 0 (;@3;)
          end
        end
        local.get 2
        i32.const 8
        i32.lt_u
        br_if 0 (;@1;)
        loop ;; label = @2
          local.get 3
          local.get 1
          i32.store8
          local.get 3
          i32.const 7
          i32.add
          local.get 1
          i32.store8
          local.get 3
          i32.const 6
          i32.add
          local.get 1
          i32.store8
          local.get 3
          i32.const 5
          i32.add
          local.get 1
          i32.store8
          local.get 3
          i32.const 4
          i32.add
          local.get 1
          i32.store8
          local.get 3
          i32.const 3
          i32.add
          local.get 1
          i32.store8
          local.get 3
          i32.const 2
          i32.add
          local.get 1
          i32.store8
          local.get 3
          i32.const 1
          i32.add
          local.get 1
          i32.store8
          local.get 3
          i32.const 8
          i32.add
          local.set 3
          local.get 4
          i32.const -8
          i32.add
          local.tee 4
          br_if 0 (;@2;)
        end
      end
      local.get 0
    )
    (func (;150;) (type 7) (param i32 i32) (result i32)
      (local i32 i32 i32 i32 i32 i32)
      block ;; label = @1
        block ;; label = @2
          local.get 0
          br_if 0 (;@2;)
          local.get 1
          i32.const 134217728
          i32.gt_u
          br_if 1 (;@1;)
          i32.const 3
          local.set 2
          i32.const 1057932
          local.set 3
          loop ;; label = @3
            local.get 3
            i32.const 4
            i32.add
            local.set 3
            i32.const 1
            local.get 2
            i32.const 1
            i32.add
            local.tee 2
            i32.shl
            local.tee 4
            local.get 1
            i32.lt_u
            br_if 0 (;@3;)
          end
          block ;; label = @3
            block ;; label = @4
              local.get 3
              i32.load
              local.tee 1
              i32.eqz
              br_if 0 (;@4;)
              local.get 3
              local.get 1
              i32.load offset=4
              i32.store
              br 1 (;@3;)
            end
            local.get 4
            i32.const 8
            i32.add
            local.set 3
            block ;; label = @4
              i32.const 0
              i32.load offset=1058032
              local.tee 1
              br_if 0 (;@4;)
              i32.const 0
              i32.const 1058048
              i32.const 15
              i32.add
              i32.const -16
              i32.and
              local.tee 1
              i32.store offset=1058032
            end
            block ;; label = @4
              local.get 3
              local.get 1
              i32.add
              local.tee 3
              memory.size
              i32.const 16
              i32.shl
              local.tee 4
              i32.le_u
              br_if 0 (;@4;)
              local.get 3
              local.get 4
              i32.sub
              i32.const 65535
              i32.add
              i32.const 16
              i32.shr_u
              memory.grow
              i32.const -1
              i32.eq
              br_if 3 (;@1;)
            end
            i32.const 0
            local.get 3
            i32.store offset=1058032
          end
          local.get 1
          local.get 2
          i32.store
          local.get 1
          i32.const 8
          i32.add
          return
        end
        block ;; label = @2
          local.get 1
          i32.const 1
          local.get 0
          i32.const -8
          i32.add
          local.tee 5
          i32.load
          local.tee 6
          i32.shl
          local.tee 4
          i32.gt_u
          br_if 0 (;@2;)
          local.get 0
          return
        end
        local.get 1
        i32.const 134217728
        i32.gt_u
        br_if 0 (;@1;)
        i32.const 3
        local.set 2
        i32.const 1057932
        local.set 3
        loop ;; label = @2
          local.get 3
          i32.const 4
          i32.add
          local.set 3
          i32.const 1
          local.get 2
          i32.const 1
          i32.add
          local.tee 2
          i32.shl
          local.tee 7
          local.get 1
          i32.lt_u
          br_if 0 (;@2;)
        end
        block ;; label = @2
          block ;; label = @3
            local.get 3
            i32.load
            local.tee 1
            i32.eqz
            br_if 0 (;@3;)
            local.get 3
            local.get 1
            i32.load offset=4
            i32.store
            br 1 (;@2;)
          end
          local.get 7
          i32.const 8
          i32.add
          local.set 3
          block ;; label = @3
            i32.const 0
            i32.load offset=1058032
            local.tee 1
            br_if 0 (;@3;)
            i32.const 0
            i32.const 1058048
            i32.const 15
            i32.add
            i32.const -16
            i32.and
            local.tee 1
            i32.store offset=1058032
          end
          block ;; label = @3
            local.get 3
            local.get 1
            i32.add
            local.tee 3
            memory.size
            i32.const 16
            i32.shl
            local.tee 7
            i32.le_u
            br_if 0 (;@3;)
            local.get 3
            local.get 7
            i32.sub
            i32.const 65535
            i32.add
            i32.const 16
            i32.shr_u
            memory.grow
            i32.const -1
            i32.eq
            br_if 2 (;@1;)
          end
          i32.const 0
          local.get 3
          i32.store offset=1058032
        end
        local.get 1
        local.get 2
        i32.store
        local.get 1
        i32.const 8
        i32.add
        local.set 7
        block ;; label = @2
          block ;; label = @3
            local.get 6
            i32.const 2
            i32.le_u
            br_if 0 (;@3;)
            local.get 0
            local.set 3
            local.get 7
            local.set 2
            br 1 (;@2;)
          end
          local.get 4
          i32.const 7
          i32.and
          local.set 1
          local.get 4
          i32.const -8
          i32.and
          local.set 4
          local.get 0
          local.set 3
          local.get 7
          local.set 2
          loop ;; label = @3
            local.get 2
            local.get 3
            i32.load8_u
            i32.store8
            local.get 2
            i32.const 1
            i32.add
            local.set 2
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            local.get 1
            i32.const -1
            i32.add
            local.tee 1
            br_if 0 (;@3;)
          end
        end
        block ;; label = @2
          local.get 6
          i32.const 3
          i32.lt_u
          br_if 0 (;@2;)
          loop ;; label = @3
            local.get 2
            local.get 3
            i64.load align=1
            i64.store align=1
            local.get 2
            i32.const 8
            i32.add
            local.set 2
            local.get 3
            i32.const 8
            i32.add
            local.set 3
            local.get 4
            i32.const -8
            i32.add
            local.tee 4
            br_if 0 (;@3;)
          end
        end
        local.get 0
        i32.const -4
        i32.add
        local.get 5
        i32.load
        i32.const 2
        i32.shl
        local.tee 3
        i32.load offset=1057920
        i32.store
        local.get 3
        local.get 5
        i32.store offset=1057920
        local.get 7
        return
      end
      unreachable
    )
    (func (;151;) (type 25) (param i32 i32 i32) (result i32)
      (local i32 i32 i32)
      block ;; label = @1
        local.get 2
        i32.eqz
        br_if 0 (;@1;)
        block ;; label = @2
          block ;; label = @3
            local.get 2
            i32.const 7
            i32.and
            local.tee 3
            br_if 0 (;@3;)
            local.get 0
            local.set 4
            local.get 2
            local.set 5
            br 1 (;@2;)
          end
          local.get 2
          i32.const -8
          i32.and
          local.set 5
          local.get 0
          local.set 4
          loop ;; label = @3
            local.get 4
            local.get 1
            i32.load8_u
            i32.store8
            local.get 4
            i32.const 1
            i32.add
            local.set 4
            local.get 1
            i32.const 1
            i32.add
            local.set 1
            local.get 3
            i32.const -1
            i32.add
            local.tee 3
            br_if 0 (;@3;)
          end
        end
        local.get 2
        i32.const 8
        i32.lt_u
        br_if 0 (;@1;)
        loop ;; label = @2
          local.get 4
          local.get 1
          i64.load align=1
          i64.store align=1
          local.get 4
          i32.const 8
          i32.add
          local.set 4
          local.get 1
          i32.const 8
          i32.add
          local.set 1
          local.get 5
          i32.const -8
          i32.add
          local.tee 5
          br_if 0 (;@2;)
        end
      end
      local.get 0
    )
    (func (;152;) (type 25) (param i32 i32 i32) (result i32)
      (local i32 i32)
      block ;; label = @1
        local.get 2
        i32.eqz
        br_if 0 (;@1;)
        loop ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u
            local.tee 3
            local.get 1
            i32.load8_u
            local.tee 4
            i32.eq
            br_if 0 (;@3;)
            local.get 3
            local.get 4
            i32.sub
            return
          end
          local.get 1
          i32.const 1
          i32.add
          local.set 1
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          local.get 2
          i32.const -1
          i32.add
          local.tee 2
          br_if 0 (;@2;)
        end
      end
      i32.const 0
    )
    (func (;153;) (type 1) (param i32) (result i32)
      (local i32 i32 i32)
      i32.const 0
      local.set 1
      loop ;; label = @1
        local.get 0
        local.get 1
        i32.add
        local.set 2
        local.get 1
        i32.const 1
        i32.add
        local.tee 3
        local.set 1
        local.get 2
        i32.load8_u
        br_if 0 (;@1;)
      end
      local.get 3
      i32.const -1
      i32.add
    )
    (func (;154;) (type 7) (param i32 i32) (result i32)
      (local i32)
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u
          local.tee 2
          br_if 0 (;@2;)
          i32.const 0
          local.set 2
          br 1 (;@1;)
        end
        local.get 0
        i32.const 1
        i32.add
        local.set 0
        block ;; label = @2
          loop ;; label = @3
            local.get 2
            i32.const 255
            i32.and
            local.get 1
            i32.load8_u
            i32.ne
            br_if 1 (;@2;)
            local.get 1
            i32.const 1
            i32.add
            local.set 1
            local.get 0
            i32.load8_u
            local.set 2
            local.get 0
            i32.const 1
            i32.add
            local.set 0
            local.get 2
            br_if 0 (;@3;)
          end
          i32.const 0
          local.set 2
        end
        local.get 2
        i32.const 255
        i32.and
        local.set 2
      end
      local.get 2
      local.get 1
      i32.load8_u
      i32.sub
    )
    (data (;0;) (i32.const 1048576) "query\00entropy\00onEntropy\00_copy\00key\00say\00delay\00now\00low\00\06w\00kv\00onKv\00text\00interest\00report\00attempt\00got\00count\00onCount\00agent\00header-fault\00insert-unit\00remove-unit\00replace-unit\00emit\00secret\00no-such-bucket\00packet\00conflict\00pts\00units\00dts\00edit-then-pass\00unix_ms\00channels\00tags\00sizes\00bytes\00do: nothing that this filter does\00frames\00viewer\00other\00differ\00out-of-order\00header\00onHeader\00seq\00metadata-drop\00gop\00ip\00told to trap\00two\00told not to\00audio\00video\00do\00reason\00name-taken\00seen\00sum\00stream\00onStream\00full\00told to fail\00level\00ok\00tick\00onTick\00no-such-track\00add-track\00sei\00unit_length\00width\00onFlush\00high\00missing\00of\00\06f\00size\00derive\00true\00rate\00late\00false\00pressure\00before\00none\00gone\00retime\00same\00onFrame\00name\00unavailable\00too-large\00three\00conformance\00replace\00onward\00kind\00hold\00drop-held\00said\00unsupported\00refused\00onRefused\00closed\00denied\00source-ended\00added\00head\00codec\00metadata\00onMetaData\00\06U\001\001.0.0\00Does what its setting names.\00,\00 \00\00\00\00\00\00\00\00\00\e9\00\10\00w\01\10\00D\00\10\00\8d\00\10\00\81\00\10\00\99\00\10\00\c6\02\10\00\df\00\10\00\da\02\10\00\df\02\10\00\a6\00\10\00&\00\10\00\85\02\10\00Z\01\10\00t\00\10\008\03\10\00n\01\10\00\f5\01\10\00`\00\10\00\22\00\10\00M\00\10\00\fa\02\10\007\00\10\00\06\00\10\00O\02\10\00\0f\02\10\00\8b\01\10\00\ee\02\10\000\00\10\007\02\10\00\da\01\10\00\00\00\00\00\13\03\10\00\01\02\10\00\b6\01\10\00\da\01\10\00M\01\10\00\0c\03\10\00\00\00\00\00\00\00\00\00\b2\00\10\00\13\03\10\00\aa\02\10\00\c8\00\10\00\9e\02\10\00")
    (data (;1;) (i32.const 1049652) "w\03\10\00w\03\10\00")
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-shim-module (;1;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (param i32 i32 i32 i32)))
    (type (;2;) (func (param i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)))
    (type (;3;) (func (param i32 i32)))
    (type (;4;) (func (param i32 i32 i32 i32 i32)))
    (type (;5;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;6;) (func (param i32 i32)))
    (type (;7;) (func (param i32 i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)))
    (type (;8;) (func (param i32 i32 i32 i32 i32 i32)))
    (type (;9;) (func (param i32 i32 i32 i32 i32 i32 i32 i64 i32)))
    (type (;10;) (func (param i32 i32 i32 i32 i32 i64 i32 i32 i32 i64 i32)))
    (type (;11;) (func (param i32 i32 i32 i32 i64 i32 i64 i32)))
    (type (;12;) (func (param i32)))
    (type (;13;) (func (param i32 i32 i32)))
    (type (;14;) (func (param i32 i32 i32)))
    (type (;15;) (func (param i32 i32)))
    (type (;16;) (func (param i32 i32 i32 i32 i32)))
    (type (;17;) (func (param i32 i32 i64)))
    (type (;18;) (func (param i32 i32 f64)))
    (type (;19;) (func (param i32 i32 i32)))
    (type (;20;) (func (param i32)))
    (table (;0;) 29 29 funcref)
    (export "0" (func 0))
    (export "1" (func 1))
    (export "2" (func 2))
    (export "3" (func 3))
    (export "4" (func 4))
    (export "5" (func 5))
    (export "6" (func 6))
    (export "7" (func 7))
    (export "8" (func 8))
    (export "9" (func 9))
    (export "10" (func 10))
    (export "11" (func 11))
    (export "12" (func 12))
    (export "13" (func 13))
    (export "14" (func 14))
    (export "15" (func 15))
    (export "16" (func 16))
    (export "17" (func 17))
    (export "18" (func 18))
    (export "19" (func 19))
    (export "20" (func 20))
    (export "21" (func 21))
    (export "22" (func 22))
    (export "23" (func 23))
    (export "24" (func 24))
    (export "25" (func 25))
    (export "26" (func 26))
    (export "27" (func 27))
    (export "28" (func 28))
    (export "$imports" (table 0))
    (func (;0;) (type 0) (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.const 0
      call_indirect (type 0)
    )
    (func (;1;) (type 1) (param i32 i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      i32.const 1
      call_indirect (type 1)
    )
    (func (;2;) (type 2) (param i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      local.get 6
      local.get 7
      local.get 8
      local.get 9
      local.get 10
      local.get 11
      i32.const 2
      call_indirect (type 2)
    )
    (func (;3;) (type 2) (param i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      local.get 6
      local.get 7
      local.get 8
      local.get 9
      local.get 10
      local.get 11
      i32.const 3
      call_indirect (type 2)
    )
    (func (;4;) (type 3) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 4
      call_indirect (type 3)
    )
    (func (;5;) (type 4) (param i32 i32 i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      i32.const 5
      call_indirect (type 4)
    )
    (func (;6;) (type 5) (param i32 i32 i32 i32) (result i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      i32.const 6
      call_indirect (type 5)
    )
    (func (;7;) (type 6) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 7
      call_indirect (type 6)
    )
    (func (;8;) (type 3) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 8
      call_indirect (type 3)
    )
    (func (;9;) (type 7) (param i32 i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      local.get 6
      local.get 7
      local.get 8
      local.get 9
      local.get 10
      local.get 11
      local.get 12
      i32.const 9
      call_indirect (type 7)
    )
    (func (;10;) (type 8) (param i32 i32 i32 i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      i32.const 10
      call_indirect (type 8)
    )
    (func (;11;) (type 6) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 11
      call_indirect (type 6)
    )
    (func (;12;) (type 4) (param i32 i32 i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      i32.const 12
      call_indirect (type 4)
    )
    (func (;13;) (type 9) (param i32 i32 i32 i32 i32 i32 i32 i64 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      local.get 6
      local.get 7
      local.get 8
      i32.const 13
      call_indirect (type 9)
    )
    (func (;14;) (type 10) (param i32 i32 i32 i32 i32 i64 i32 i32 i32 i64 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      local.get 6
      local.get 7
      local.get 8
      local.get 9
      local.get 10
      i32.const 14
      call_indirect (type 10)
    )
    (func (;15;) (type 11) (param i32 i32 i32 i32 i64 i32 i64 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      local.get 6
      local.get 7
      i32.const 15
      call_indirect (type 11)
    )
    (func (;16;) (type 4) (param i32 i32 i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      i32.const 16
      call_indirect (type 4)
    )
    (func (;17;) (type 12) (param i32)
      local.get 0
      i32.const 17
      call_indirect (type 12)
    )
    (func (;18;) (type 13) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 18
      call_indirect (type 13)
    )
    (func (;19;) (type 14) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 19
      call_indirect (type 14)
    )
    (func (;20;) (type 14) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 20
      call_indirect (type 14)
    )
    (func (;21;) (type 15) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 21
      call_indirect (type 15)
    )
    (func (;22;) (type 16) (param i32 i32 i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      i32.const 22
      call_indirect (type 16)
    )
    (func (;23;) (type 17) (param i32 i32 i64)
      local.get 0
      local.get 1
      local.get 2
      i32.const 23
      call_indirect (type 17)
    )
    (func (;24;) (type 18) (param i32 i32 f64)
      local.get 0
      local.get 1
      local.get 2
      i32.const 24
      call_indirect (type 18)
    )
    (func (;25;) (type 18) (param i32 i32 f64)
      local.get 0
      local.get 1
      local.get 2
      i32.const 25
      call_indirect (type 18)
    )
    (func (;26;) (type 12) (param i32)
      local.get 0
      i32.const 26
      call_indirect (type 12)
    )
    (func (;27;) (type 19) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 27
      call_indirect (type 19)
    )
    (func (;28;) (type 20) (param i32)
      local.get 0
      i32.const 28
      call_indirect (type 20)
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-fixup (;2;)
    (type (;0;) (func (param i32 i32) (result i32)))
    (type (;1;) (func (param i32 i32 i32 i32)))
    (type (;2;) (func (param i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)))
    (type (;3;) (func (param i32 i32)))
    (type (;4;) (func (param i32 i32 i32 i32 i32)))
    (type (;5;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;6;) (func (param i32 i32)))
    (type (;7;) (func (param i32 i32 i32 i32 i32 i64 i64 i32 i64 i64 i64 i32 i32)))
    (type (;8;) (func (param i32 i32 i32 i32 i32 i32)))
    (type (;9;) (func (param i32 i32 i32 i32 i32 i32 i32 i64 i32)))
    (type (;10;) (func (param i32 i32 i32 i32 i32 i64 i32 i32 i32 i64 i32)))
    (type (;11;) (func (param i32 i32 i32 i32 i64 i32 i64 i32)))
    (type (;12;) (func (param i32)))
    (type (;13;) (func (param i32 i32 i32)))
    (type (;14;) (func (param i32 i32 i32)))
    (type (;15;) (func (param i32 i32)))
    (type (;16;) (func (param i32 i32 i32 i32 i32)))
    (type (;17;) (func (param i32 i32 i64)))
    (type (;18;) (func (param i32 i32 f64)))
    (type (;19;) (func (param i32 i32 i32)))
    (type (;20;) (func (param i32)))
    (import "" "0" (func (;0;) (type 0)))
    (import "" "1" (func (;1;) (type 1)))
    (import "" "2" (func (;2;) (type 2)))
    (import "" "3" (func (;3;) (type 2)))
    (import "" "4" (func (;4;) (type 3)))
    (import "" "5" (func (;5;) (type 4)))
    (import "" "6" (func (;6;) (type 5)))
    (import "" "7" (func (;7;) (type 6)))
    (import "" "8" (func (;8;) (type 3)))
    (import "" "9" (func (;9;) (type 7)))
    (import "" "10" (func (;10;) (type 8)))
    (import "" "11" (func (;11;) (type 6)))
    (import "" "12" (func (;12;) (type 4)))
    (import "" "13" (func (;13;) (type 9)))
    (import "" "14" (func (;14;) (type 10)))
    (import "" "15" (func (;15;) (type 11)))
    (import "" "16" (func (;16;) (type 4)))
    (import "" "17" (func (;17;) (type 12)))
    (import "" "18" (func (;18;) (type 13)))
    (import "" "19" (func (;19;) (type 14)))
    (import "" "20" (func (;20;) (type 14)))
    (import "" "21" (func (;21;) (type 15)))
    (import "" "22" (func (;22;) (type 16)))
    (import "" "23" (func (;23;) (type 17)))
    (import "" "24" (func (;24;) (type 18)))
    (import "" "25" (func (;25;) (type 18)))
    (import "" "26" (func (;26;) (type 12)))
    (import "" "27" (func (;27;) (type 19)))
    (import "" "28" (func (;28;) (type 20)))
    (import "" "$imports" (table (;0;) 29 29 funcref))
    (elem (;0;) (i32.const 0) func 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28)
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core instance $wit-component-shim-instance (;0;) (instantiate $wit-component-shim-module))
  (alias export $weir:filter/types@0.1.0 "stream-info" (type $stream-info (;17;)))
  (alias export $weir:filter/types@0.1.0 "track-info" (type $"#type18 track-info" (@name "track-info") (;18;)))
  (alias export $weir:filter/types@0.1.0 "frame-meta" (type $"#type19 frame-meta" (@name "frame-meta") (;19;)))
  (alias export $weir:filter/types@0.1.0 "metadata" (type $"#type20 metadata" (@name "metadata") (;20;)))
  (alias export $weir:filter/types@0.1.0 "saved-state" (type $saved-state (;21;)))
  (alias export $weir:filter/types@0.1.0 "end-reason" (type $end-reason (;22;)))
  (alias export $weir:filter/types@0.1.0 "fault" (type $fault (;23;)))
  (alias export $weir:filter/types@0.1.0 "media-kind" (type $media-kind (;24;)))
  (alias export $weir:filter/types@0.1.0 "fourcc" (type $fourcc (;25;)))
  (type (;26;) (enum "pass" "drop" "edited" "hold"))
  (type (;27;) (enum "any-frame" "keyframe" "header"))
  (type (;28;) (list $media-kind))
  (type (;29;) (list $fourcc))
  (type (;30;) (record (field "kinds" 28) (field "codecs" 29) (field "only-keyframes" bool) (field "unit-types" u64)))
  (type (;31;) (list 30))
  (type (;32;) (option u32))
  (type (;33;) (record (field "frames" 31) (field "headers" bool) (field "metadata" bool) (field "swap-at" 27) (field "max-hold-frames" u32) (field "tick-ms" 32)))
  (alias core export $wit-component-shim-instance "28" (core func $dtor-stream-filter (;0;)))
  (type $stream-filter (;34;) (resource (rep i32) (dtor $dtor-stream-filter)))
  (type (;35;) (option string))
  (type (;36;) (record (field "name" string) (field "version" string) (field "summary" string) (field "config-schema" 35) (field "state-schema" u32)))
  (alias export $weir:filter/output@0.1.0 "packet" (type $"#type37 packet" (@name "packet") (;37;)))
  (core func $resource.drop (;1;) (canon resource.drop $"#type37 packet"))
  (alias export $weir:filter/output@0.1.0 "derived" (type $derived (;38;)))
  (core func $"#core-func2 resource.drop" (@name "resource.drop") (;2;) (canon resource.drop $derived))
  (alias core export $wit-component-shim-instance "0" (core func $"indirect-weir:filter/output@0.1.0-[constructor]packet" (;3;)))
  (alias export $weir:filter/output@0.1.0 "[method]packet.size" (func $"[method]packet.size" (;0;)))
  (core func $"[method]packet.size" (;4;) (canon lower (func $"[method]packet.size")))
  (alias core export $wit-component-shim-instance "1" (core func $"indirect-weir:filter/output@0.1.0-[method]packet.read" (;5;)))
  (alias core export $wit-component-shim-instance "2" (core func $indirect-weir:filter/output@0.1.0-emit-before (;6;)))
  (alias core export $wit-component-shim-instance "3" (core func $indirect-weir:filter/output@0.1.0-emit-after (;7;)))
  (alias export $weir:filter/output@0.1.0 "release-held" (func $release-held (;1;)))
  (core func $release-held (;8;) (canon lower (func $release-held)))
  (alias export $weir:filter/output@0.1.0 "drop-held" (func $drop-held (;2;)))
  (core func $drop-held (;9;) (canon lower (func $drop-held)))
  (alias core export $wit-component-shim-instance "4" (core func $indirect-weir:filter/output@0.1.0-add-track (;10;)))
  (alias core export $wit-component-shim-instance "5" (core func $indirect-weir:filter/output@0.1.0-set-metadata (;11;)))
  (alias core export $wit-component-shim-instance "6" (core func $"indirect-weir:filter/output@0.1.0-[constructor]derived" (;12;)))
  (alias core export $wit-component-shim-instance "7" (core func $"indirect-weir:filter/output@0.1.0-[method]derived.open" (;13;)))
  (alias export $weir:filter/output@0.1.0 "[method]derived.pressure" (func $"[method]derived.pressure" (;3;)))
  (core func $"[method]derived.pressure" (;14;) (canon lower (func $"[method]derived.pressure")))
  (alias core export $wit-component-shim-instance "8" (core func $"indirect-weir:filter/output@0.1.0-[method]derived.add-track" (;15;)))
  (alias core export $wit-component-shim-instance "9" (core func $"indirect-weir:filter/output@0.1.0-[method]derived.push" (;16;)))
  (alias core export $wit-component-shim-instance "10" (core func $"indirect-weir:filter/output@0.1.0-[method]derived.set-metadata" (;17;)))
  (core instance $weir:filter/output@0.1.0 (;1;)
    (export "[resource-drop]packet" (func $resource.drop))
    (export "[resource-drop]derived" (func $"#core-func2 resource.drop"))
    (export "[constructor]packet" (func $"indirect-weir:filter/output@0.1.0-[constructor]packet"))
    (export "[method]packet.size" (func $"[method]packet.size"))
    (export "[method]packet.read" (func $"indirect-weir:filter/output@0.1.0-[method]packet.read"))
    (export "emit-before" (func $indirect-weir:filter/output@0.1.0-emit-before))
    (export "emit-after" (func $indirect-weir:filter/output@0.1.0-emit-after))
    (export "release-held" (func $release-held))
    (export "drop-held" (func $drop-held))
    (export "add-track" (func $indirect-weir:filter/output@0.1.0-add-track))
    (export "set-metadata" (func $indirect-weir:filter/output@0.1.0-set-metadata))
    (export "[constructor]derived" (func $"indirect-weir:filter/output@0.1.0-[constructor]derived"))
    (export "[method]derived.open" (func $"indirect-weir:filter/output@0.1.0-[method]derived.open"))
    (export "[method]derived.pressure" (func $"[method]derived.pressure"))
    (export "[method]derived.add-track" (func $"indirect-weir:filter/output@0.1.0-[method]derived.add-track"))
    (export "[method]derived.push" (func $"indirect-weir:filter/output@0.1.0-[method]derived.push"))
    (export "[method]derived.set-metadata" (func $"indirect-weir:filter/output@0.1.0-[method]derived.set-metadata"))
  )
  (core func $resource.new (;18;) (canon resource.new $stream-filter))
  (core instance $"[export]weir:filter/media@0.1.0" (;2;)
    (export "[resource-new]stream-filter" (func $resource.new))
  )
  (alias core export $wit-component-shim-instance "11" (core func $indirect-weir:filter/entropy@0.1.0-fill (;19;)))
  (core instance $weir:filter/entropy@0.1.0 (;3;)
    (export "fill" (func $indirect-weir:filter/entropy@0.1.0-fill))
  )
  (alias core export $wit-component-shim-instance "12" (core func $indirect-weir:filter/kv@0.1.0-get (;20;)))
  (alias core export $wit-component-shim-instance "13" (core func $indirect-weir:filter/kv@0.1.0-set (;21;)))
  (alias core export $wit-component-shim-instance "14" (core func $indirect-weir:filter/kv@0.1.0-compare-and-set (;22;)))
  (alias core export $wit-component-shim-instance "15" (core func $indirect-weir:filter/kv@0.1.0-add (;23;)))
  (alias core export $wit-component-shim-instance "16" (core func $indirect-weir:filter/kv@0.1.0-delete (;24;)))
  (core instance $weir:filter/kv@0.1.0 (;4;)
    (export "get" (func $indirect-weir:filter/kv@0.1.0-get))
    (export "set" (func $indirect-weir:filter/kv@0.1.0-set))
    (export "compare-and-set" (func $indirect-weir:filter/kv@0.1.0-compare-and-set))
    (export "add" (func $indirect-weir:filter/kv@0.1.0-add))
    (export "delete" (func $indirect-weir:filter/kv@0.1.0-delete))
  )
  (alias core export $wit-component-shim-instance "17" (core func $indirect-weir:filter/frame@0.1.0-units (;25;)))
  (alias core export $wit-component-shim-instance "18" (core func $indirect-weir:filter/frame@0.1.0-read (;26;)))
  (alias export $weir:filter/frame@0.1.0 "remove-unit" (func $remove-unit (;4;)))
  (core func $remove-unit (;27;) (canon lower (func $remove-unit)))
  (alias core export $wit-component-shim-instance "19" (core func $indirect-weir:filter/frame@0.1.0-replace-unit (;28;)))
  (alias core export $wit-component-shim-instance "20" (core func $indirect-weir:filter/frame@0.1.0-insert-unit (;29;)))
  (alias core export $wit-component-shim-instance "21" (core func $indirect-weir:filter/frame@0.1.0-replace (;30;)))
  (alias export $weir:filter/frame@0.1.0 "retime" (func $retime (;5;)))
  (core func $retime (;31;) (canon lower (func $retime)))
  (alias export $weir:filter/frame@0.1.0 "retain" (func $retain (;6;)))
  (core func $retain (;32;) (canon lower (func $retain)))
  (core instance $weir:filter/frame@0.1.0 (;5;)
    (export "units" (func $indirect-weir:filter/frame@0.1.0-units))
    (export "read" (func $indirect-weir:filter/frame@0.1.0-read))
    (export "remove-unit" (func $remove-unit))
    (export "replace-unit" (func $indirect-weir:filter/frame@0.1.0-replace-unit))
    (export "insert-unit" (func $indirect-weir:filter/frame@0.1.0-insert-unit))
    (export "replace" (func $indirect-weir:filter/frame@0.1.0-replace))
    (export "retime" (func $retime))
    (export "retain" (func $retain))
  )
  (alias core export $wit-component-shim-instance "22" (core func $indirect-weir:filter/log@0.1.0-write (;33;)))
  (core instance $weir:filter/log@0.1.0 (;6;)
    (export "write" (func $indirect-weir:filter/log@0.1.0-write))
  )
  (alias core export $wit-component-shim-instance "23" (core func $indirect-weir:filter/metrics@0.1.0-add (;34;)))
  (alias core export $wit-component-shim-instance "24" (core func $indirect-weir:filter/metrics@0.1.0-set (;35;)))
  (alias core export $wit-component-shim-instance "25" (core func $indirect-weir:filter/metrics@0.1.0-observe (;36;)))
  (core instance $weir:filter/metrics@0.1.0 (;7;)
    (export "add" (func $indirect-weir:filter/metrics@0.1.0-add))
    (export "set" (func $indirect-weir:filter/metrics@0.1.0-set))
    (export "observe" (func $indirect-weir:filter/metrics@0.1.0-observe))
  )
  (alias export $weir:filter/clock@0.1.0 "monotonic-ns" (func $monotonic-ns (;7;)))
  (core func $monotonic-ns (;37;) (canon lower (func $monotonic-ns)))
  (alias export $weir:filter/clock@0.1.0 "unix-ms" (func $unix-ms (;8;)))
  (core func $unix-ms (;38;) (canon lower (func $unix-ms)))
  (core instance $weir:filter/clock@0.1.0 (;8;)
    (export "monotonic-ns" (func $monotonic-ns))
    (export "unix-ms" (func $unix-ms))
  )
  (alias core export $wit-component-shim-instance "26" (core func $indirect-weir:filter/config@0.1.0-json (;39;)))
  (alias core export $wit-component-shim-instance "27" (core func $indirect-weir:filter/config@0.1.0-secret (;40;)))
  (core instance $weir:filter/config@0.1.0 (;9;)
    (export "json" (func $indirect-weir:filter/config@0.1.0-json))
    (export "secret" (func $indirect-weir:filter/config@0.1.0-secret))
  )
  (core instance $main (;10;) (instantiate $main
      (with "weir:filter/output@0.1.0" (instance $weir:filter/output@0.1.0))
      (with "[export]weir:filter/media@0.1.0" (instance $"[export]weir:filter/media@0.1.0"))
      (with "weir:filter/entropy@0.1.0" (instance $weir:filter/entropy@0.1.0))
      (with "weir:filter/kv@0.1.0" (instance $weir:filter/kv@0.1.0))
      (with "weir:filter/frame@0.1.0" (instance $weir:filter/frame@0.1.0))
      (with "weir:filter/log@0.1.0" (instance $weir:filter/log@0.1.0))
      (with "weir:filter/metrics@0.1.0" (instance $weir:filter/metrics@0.1.0))
      (with "weir:filter/clock@0.1.0" (instance $weir:filter/clock@0.1.0))
      (with "weir:filter/config@0.1.0" (instance $weir:filter/config@0.1.0))
    )
  )
  (alias core export $main "memory" (core memory $memory (;0;)))
  (alias core export $wit-component-shim-instance "$imports" (core table $"shim table" (;0;)))
  (alias export $weir:filter/output@0.1.0 "[constructor]packet" (func $"[constructor]packet" (;9;)))
  (alias core export $main "cabi_realloc" (core func $realloc (;41;)))
  (core func $"#core-func42 indirect-weir:filter/output@0.1.0-[constructor]packet" (@name "indirect-weir:filter/output@0.1.0-[constructor]packet") (;42;) (canon lower (func $"[constructor]packet") (memory $memory)))
  (alias export $weir:filter/output@0.1.0 "[method]packet.read" (func $"[method]packet.read" (;10;)))
  (core func $"#core-func43 indirect-weir:filter/output@0.1.0-[method]packet.read" (@name "indirect-weir:filter/output@0.1.0-[method]packet.read") (;43;) (canon lower (func $"[method]packet.read") (memory $memory) (realloc $realloc)))
  (alias export $weir:filter/output@0.1.0 "emit-before" (func $emit-before (;11;)))
  (core func $"#core-func44 indirect-weir:filter/output@0.1.0-emit-before" (@name "indirect-weir:filter/output@0.1.0-emit-before") (;44;) (canon lower (func $emit-before) (memory $memory)))
  (alias export $weir:filter/output@0.1.0 "emit-after" (func $emit-after (;12;)))
  (core func $"#core-func45 indirect-weir:filter/output@0.1.0-emit-after" (@name "indirect-weir:filter/output@0.1.0-emit-after") (;45;) (canon lower (func $emit-after) (memory $memory)))
  (alias export $weir:filter/output@0.1.0 "add-track" (func $add-track (;13;)))
  (core func $"#core-func46 indirect-weir:filter/output@0.1.0-add-track" (@name "indirect-weir:filter/output@0.1.0-add-track") (;46;) (canon lower (func $add-track) (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/output@0.1.0 "set-metadata" (func $set-metadata (;14;)))
  (core func $"#core-func47 indirect-weir:filter/output@0.1.0-set-metadata" (@name "indirect-weir:filter/output@0.1.0-set-metadata") (;47;) (canon lower (func $set-metadata) (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/output@0.1.0 "[constructor]derived" (func $"[constructor]derived" (;15;)))
  (core func $"#core-func48 indirect-weir:filter/output@0.1.0-[constructor]derived" (@name "indirect-weir:filter/output@0.1.0-[constructor]derived") (;48;) (canon lower (func $"[constructor]derived") (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/output@0.1.0 "[method]derived.open" (func $"[method]derived.open" (;16;)))
  (core func $"#core-func49 indirect-weir:filter/output@0.1.0-[method]derived.open" (@name "indirect-weir:filter/output@0.1.0-[method]derived.open") (;49;) (canon lower (func $"[method]derived.open") (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/output@0.1.0 "[method]derived.add-track" (func $"[method]derived.add-track" (;17;)))
  (core func $"#core-func50 indirect-weir:filter/output@0.1.0-[method]derived.add-track" (@name "indirect-weir:filter/output@0.1.0-[method]derived.add-track") (;50;) (canon lower (func $"[method]derived.add-track") (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/output@0.1.0 "[method]derived.push" (func $"[method]derived.push" (;18;)))
  (core func $"#core-func51 indirect-weir:filter/output@0.1.0-[method]derived.push" (@name "indirect-weir:filter/output@0.1.0-[method]derived.push") (;51;) (canon lower (func $"[method]derived.push") (memory $memory)))
  (alias export $weir:filter/output@0.1.0 "[method]derived.set-metadata" (func $"[method]derived.set-metadata" (;19;)))
  (core func $"#core-func52 indirect-weir:filter/output@0.1.0-[method]derived.set-metadata" (@name "indirect-weir:filter/output@0.1.0-[method]derived.set-metadata") (;52;) (canon lower (func $"[method]derived.set-metadata") (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/entropy@0.1.0 "fill" (func $fill (;20;)))
  (core func $"#core-func53 indirect-weir:filter/entropy@0.1.0-fill" (@name "indirect-weir:filter/entropy@0.1.0-fill") (;53;) (canon lower (func $fill) (memory $memory) (realloc $realloc)))
  (alias export $weir:filter/kv@0.1.0 "get" (func $get (;21;)))
  (core func $"#core-func54 indirect-weir:filter/kv@0.1.0-get" (@name "indirect-weir:filter/kv@0.1.0-get") (;54;) (canon lower (func $get) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/kv@0.1.0 "set" (func $set (;22;)))
  (core func $"#core-func55 indirect-weir:filter/kv@0.1.0-set" (@name "indirect-weir:filter/kv@0.1.0-set") (;55;) (canon lower (func $set) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/kv@0.1.0 "compare-and-set" (func $compare-and-set (;23;)))
  (core func $"#core-func56 indirect-weir:filter/kv@0.1.0-compare-and-set" (@name "indirect-weir:filter/kv@0.1.0-compare-and-set") (;56;) (canon lower (func $compare-and-set) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/kv@0.1.0 "add" (func $add (;24;)))
  (core func $"#core-func57 indirect-weir:filter/kv@0.1.0-add" (@name "indirect-weir:filter/kv@0.1.0-add") (;57;) (canon lower (func $add) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/kv@0.1.0 "delete" (func $delete (;25;)))
  (core func $"#core-func58 indirect-weir:filter/kv@0.1.0-delete" (@name "indirect-weir:filter/kv@0.1.0-delete") (;58;) (canon lower (func $delete) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/frame@0.1.0 "units" (func $units (;26;)))
  (core func $"#core-func59 indirect-weir:filter/frame@0.1.0-units" (@name "indirect-weir:filter/frame@0.1.0-units") (;59;) (canon lower (func $units) (memory $memory) (realloc $realloc)))
  (alias export $weir:filter/frame@0.1.0 "read" (func $read (;27;)))
  (core func $"#core-func60 indirect-weir:filter/frame@0.1.0-read" (@name "indirect-weir:filter/frame@0.1.0-read") (;60;) (canon lower (func $read) (memory $memory) (realloc $realloc)))
  (alias export $weir:filter/frame@0.1.0 "replace-unit" (func $replace-unit (;28;)))
  (core func $"#core-func61 indirect-weir:filter/frame@0.1.0-replace-unit" (@name "indirect-weir:filter/frame@0.1.0-replace-unit") (;61;) (canon lower (func $replace-unit) (memory $memory)))
  (alias export $weir:filter/frame@0.1.0 "insert-unit" (func $insert-unit (;29;)))
  (core func $"#core-func62 indirect-weir:filter/frame@0.1.0-insert-unit" (@name "indirect-weir:filter/frame@0.1.0-insert-unit") (;62;) (canon lower (func $insert-unit) (memory $memory)))
  (alias export $weir:filter/frame@0.1.0 "replace" (func $replace (;30;)))
  (core func $"#core-func63 indirect-weir:filter/frame@0.1.0-replace" (@name "indirect-weir:filter/frame@0.1.0-replace") (;63;) (canon lower (func $replace) (memory $memory)))
  (alias export $weir:filter/log@0.1.0 "write" (func $write (;31;)))
  (core func $"#core-func64 indirect-weir:filter/log@0.1.0-write" (@name "indirect-weir:filter/log@0.1.0-write") (;64;) (canon lower (func $write) (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/metrics@0.1.0 "add" (func $"#func32 add" (@name "add") (;32;)))
  (core func $"#core-func65 indirect-weir:filter/metrics@0.1.0-add" (@name "indirect-weir:filter/metrics@0.1.0-add") (;65;) (canon lower (func $"#func32 add") (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/metrics@0.1.0 "set" (func $"#func33 set" (@name "set") (;33;)))
  (core func $"#core-func66 indirect-weir:filter/metrics@0.1.0-set" (@name "indirect-weir:filter/metrics@0.1.0-set") (;66;) (canon lower (func $"#func33 set") (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/metrics@0.1.0 "observe" (func $observe (;34;)))
  (core func $"#core-func67 indirect-weir:filter/metrics@0.1.0-observe" (@name "indirect-weir:filter/metrics@0.1.0-observe") (;67;) (canon lower (func $observe) (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/config@0.1.0 "json" (func $json (;35;)))
  (core func $"#core-func68 indirect-weir:filter/config@0.1.0-json" (@name "indirect-weir:filter/config@0.1.0-json") (;68;) (canon lower (func $json) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/config@0.1.0 "secret" (func $secret (;36;)))
  (core func $"#core-func69 indirect-weir:filter/config@0.1.0-secret" (@name "indirect-weir:filter/config@0.1.0-secret") (;69;) (canon lower (func $secret) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias core export $main "weir:filter/media@0.1.0#[dtor]stream-filter" (core func $"weir:filter/media@0.1.0#[dtor]stream-filter" (;70;)))
  (core instance $fixup-args (;11;)
    (export "$imports" (table $"shim table"))
    (export "0" (func $"#core-func42 indirect-weir:filter/output@0.1.0-[constructor]packet"))
    (export "1" (func $"#core-func43 indirect-weir:filter/output@0.1.0-[method]packet.read"))
    (export "2" (func $"#core-func44 indirect-weir:filter/output@0.1.0-emit-before"))
    (export "3" (func $"#core-func45 indirect-weir:filter/output@0.1.0-emit-after"))
    (export "4" (func $"#core-func46 indirect-weir:filter/output@0.1.0-add-track"))
    (export "5" (func $"#core-func47 indirect-weir:filter/output@0.1.0-set-metadata"))
    (export "6" (func $"#core-func48 indirect-weir:filter/output@0.1.0-[constructor]derived"))
    (export "7" (func $"#core-func49 indirect-weir:filter/output@0.1.0-[method]derived.open"))
    (export "8" (func $"#core-func50 indirect-weir:filter/output@0.1.0-[method]derived.add-track"))
    (export "9" (func $"#core-func51 indirect-weir:filter/output@0.1.0-[method]derived.push"))
    (export "10" (func $"#core-func52 indirect-weir:filter/output@0.1.0-[method]derived.set-metadata"))
    (export "11" (func $"#core-func53 indirect-weir:filter/entropy@0.1.0-fill"))
    (export "12" (func $"#core-func54 indirect-weir:filter/kv@0.1.0-get"))
    (export "13" (func $"#core-func55 indirect-weir:filter/kv@0.1.0-set"))
    (export "14" (func $"#core-func56 indirect-weir:filter/kv@0.1.0-compare-and-set"))
    (export "15" (func $"#core-func57 indirect-weir:filter/kv@0.1.0-add"))
    (export "16" (func $"#core-func58 indirect-weir:filter/kv@0.1.0-delete"))
    (export "17" (func $"#core-func59 indirect-weir:filter/frame@0.1.0-units"))
    (export "18" (func $"#core-func60 indirect-weir:filter/frame@0.1.0-read"))
    (export "19" (func $"#core-func61 indirect-weir:filter/frame@0.1.0-replace-unit"))
    (export "20" (func $"#core-func62 indirect-weir:filter/frame@0.1.0-insert-unit"))
    (export "21" (func $"#core-func63 indirect-weir:filter/frame@0.1.0-replace"))
    (export "22" (func $"#core-func64 indirect-weir:filter/log@0.1.0-write"))
    (export "23" (func $"#core-func65 indirect-weir:filter/metrics@0.1.0-add"))
    (export "24" (func $"#core-func66 indirect-weir:filter/metrics@0.1.0-set"))
    (export "25" (func $"#core-func67 indirect-weir:filter/metrics@0.1.0-observe"))
    (export "26" (func $"#core-func68 indirect-weir:filter/config@0.1.0-json"))
    (export "27" (func $"#core-func69 indirect-weir:filter/config@0.1.0-secret"))
    (export "28" (func $"weir:filter/media@0.1.0#[dtor]stream-filter"))
  )
  (core instance $fixup (;12;) (instantiate $wit-component-fixup
      (with "" (instance $fixup-args))
    )
  )
  (type (;39;) (option $saved-state))
  (type (;40;) (own $stream-filter))
  (type (;41;) (result 40 (error $fault)))
  (type (;42;) (func (param "info" $stream-info) (param "resume" 39) (result 41)))
  (alias core export $main "weir:filter/media@0.1.0#[static]stream-filter.open" (core func $"weir:filter/media@0.1.0#[static]stream-filter.open" (;71;)))
  (alias core export $main "cabi_post_weir:filter/media@0.1.0#[static]stream-filter.open" (core func $"cabi_post_weir:filter/media@0.1.0#[static]stream-filter.open" (;72;)))
  (func $"[static]stream-filter.open" (;37;) (type 42) (canon lift (core func $"weir:filter/media@0.1.0#[static]stream-filter.open") (memory $memory) (realloc $realloc) string-encoding=utf8 (post-return $"cabi_post_weir:filter/media@0.1.0#[static]stream-filter.open")))
  (type (;43;) (borrow $stream-filter))
  (type (;44;) (func (param "self" 43) (result 33)))
  (alias core export $main "weir:filter/media@0.1.0#[method]stream-filter.subscribe" (core func $"weir:filter/media@0.1.0#[method]stream-filter.subscribe" (;73;)))
  (alias core export $main "cabi_post_weir:filter/media@0.1.0#[method]stream-filter.subscribe" (core func $"cabi_post_weir:filter/media@0.1.0#[method]stream-filter.subscribe" (;74;)))
  (func $"[method]stream-filter.subscribe" (;38;) (type 44) (canon lift (core func $"weir:filter/media@0.1.0#[method]stream-filter.subscribe") (memory $memory) (post-return $"cabi_post_weir:filter/media@0.1.0#[method]stream-filter.subscribe")))
  (type (;45;) (list u8))
  (type (;46;) (result 26 (error $fault)))
  (type (;47;) (func (param "self" 43) (param "track" $"#type18 track-info") (param "header" 45) (result 46)))
  (alias core export $main "weir:filter/media@0.1.0#[method]stream-filter.on-header" (core func $"weir:filter/media@0.1.0#[method]stream-filter.on-header" (;75;)))
  (alias core export $main "cabi_post_weir:filter/media@0.1.0#[method]stream-filter.on-header" (core func $"cabi_post_weir:filter/media@0.1.0#[method]stream-filter.on-header" (;76;)))
  (func $"[method]stream-filter.on-header" (;39;) (type 47) (canon lift (core func $"weir:filter/media@0.1.0#[method]stream-filter.on-header") (memory $memory) (realloc $realloc) string-encoding=utf8 (post-return $"cabi_post_weir:filter/media@0.1.0#[method]stream-filter.on-header")))
  (type (;48;) (func (param "self" 43) (param "meta" $"#type20 metadata") (result 46)))
  (alias core export $main "weir:filter/media@0.1.0#[method]stream-filter.on-metadata" (core func $"weir:filter/media@0.1.0#[method]stream-filter.on-metadata" (;77;)))
  (alias core export $main "cabi_post_weir:filter/media@0.1.0#[method]stream-filter.on-metadata" (core func $"cabi_post_weir:filter/media@0.1.0#[method]stream-filter.on-metadata" (;78;)))
  (func $"[method]stream-filter.on-metadata" (;40;) (type 48) (canon lift (core func $"weir:filter/media@0.1.0#[method]stream-filter.on-metadata") (memory $memory) (realloc $realloc) string-encoding=utf8 (post-return $"cabi_post_weir:filter/media@0.1.0#[method]stream-filter.on-metadata")))
  (type (;49;) (func (param "self" 43) (param "meta" $"#type19 frame-meta") (result 26)))
  (alias core export $main "weir:filter/media@0.1.0#[method]stream-filter.on-frame" (core func $"weir:filter/media@0.1.0#[method]stream-filter.on-frame" (;79;)))
  (func $"[method]stream-filter.on-frame" (;41;) (type 49) (canon lift (core func $"weir:filter/media@0.1.0#[method]stream-filter.on-frame")))
  (type (;50;) (func (param "self" 43) (param "now" s64)))
  (alias core export $main "weir:filter/media@0.1.0#[method]stream-filter.on-tick" (core func $"weir:filter/media@0.1.0#[method]stream-filter.on-tick" (;80;)))
  (func $"[method]stream-filter.on-tick" (;42;) (type 50) (canon lift (core func $"weir:filter/media@0.1.0#[method]stream-filter.on-tick")))
  (type (;51;) (func (param "self" 43)))
  (alias core export $main "weir:filter/media@0.1.0#[method]stream-filter.flush" (core func $"weir:filter/media@0.1.0#[method]stream-filter.flush" (;81;)))
  (func $"[method]stream-filter.flush" (;43;) (type 51) (canon lift (core func $"weir:filter/media@0.1.0#[method]stream-filter.flush")))
  (type (;52;) (func (param "self" 43) (result 39)))
  (alias core export $main "weir:filter/media@0.1.0#[method]stream-filter.snapshot" (core func $"weir:filter/media@0.1.0#[method]stream-filter.snapshot" (;82;)))
  (alias core export $main "cabi_post_weir:filter/media@0.1.0#[method]stream-filter.snapshot" (core func $"cabi_post_weir:filter/media@0.1.0#[method]stream-filter.snapshot" (;83;)))
  (func $"[method]stream-filter.snapshot" (;44;) (type 52) (canon lift (core func $"weir:filter/media@0.1.0#[method]stream-filter.snapshot") (memory $memory) (post-return $"cabi_post_weir:filter/media@0.1.0#[method]stream-filter.snapshot")))
  (type (;53;) (func (param "self" 43) (param "reason" $end-reason)))
  (alias core export $main "weir:filter/media@0.1.0#[method]stream-filter.end" (core func $"weir:filter/media@0.1.0#[method]stream-filter.end" (;84;)))
  (func $"[method]stream-filter.end" (;45;) (type 53) (canon lift (core func $"weir:filter/media@0.1.0#[method]stream-filter.end")))
  (alias export $weir:filter/types@0.1.0 "stream-id" (type $stream-id (;54;)))
  (alias export $weir:filter/types@0.1.0 "attributes" (type $"#type55 attributes" (@name "attributes") (;55;)))
  (alias export $weir:filter/types@0.1.0 "stream-key" (type $"#type56 stream-key" (@name "stream-key") (;56;)))
  (alias export $weir:filter/types@0.1.0 "conn-id" (type $conn-id (;57;)))
  (alias export $weir:filter/types@0.1.0 "tls-info" (type $tls-info (;58;)))
  (alias export $weir:filter/types@0.1.0 "connection-info" (type $connection-info (;59;)))
  (alias export $weir:filter/types@0.1.0 "track-id" (type $"#type60 track-id" (@name "track-id") (;60;)))
  (alias export $weir:filter/types@0.1.0 "video-params" (type $video-params (;61;)))
  (alias export $weir:filter/types@0.1.0 "audio-params" (type $audio-params (;62;)))
  (alias export $weir:filter/types@0.1.0 "viewer-info" (type $viewer-info (;63;)))
  (alias export $weir:filter/types@0.1.0 "frame-flags" (type $frame-flags (;64;)))
  (alias export $weir:filter/types@0.1.0 "stream-time" (type $stream-time (;65;)))
  (alias export $weir:filter/types@0.1.0 "scalar" (type $scalar (;66;)))
  (component $weir:filter/media@0.1.0-shim-component (;0;)
    (type (;0;) u64)
    (import "import-type-stream-id" (type (;1;) (eq 0)))
    (type (;2;) (tuple string string))
    (type (;3;) (list 2))
    (import "import-type-attributes" (type (;4;) (eq 3)))
    (type (;5;) (record (field "app" string) (field "name" string) (field "query" 4)))
    (import "import-type-stream-key" (type (;6;) (eq 5)))
    (type (;7;) u64)
    (import "import-type-conn-id" (type (;8;) (eq 7)))
    (type (;9;) (option string))
    (type (;10;) (record (field "protocol" string) (field "sni" 9) (field "client-cert-sha256" 9)))
    (import "import-type-tls-info" (type (;11;) (eq 10)))
    (type (;12;) u32)
    (import "import-type-fourcc" (type (;13;) (eq 12)))
    (type (;14;) (option 11))
    (type (;15;) (list 13))
    (type (;16;) (record (field "id" 8) (field "protocol" string) (field "peer-ip" string) (field "peer-port" u16) (field "local-port" u16) (field "tls" 14) (field "app" string) (field "tc-url" string) (field "agent" string) (field "fourccs" 15) (field "extra" 4)))
    (import "import-type-connection-info" (type (;17;) (eq 16)))
    (type (;18;) u16)
    (import "import-type-track-id" (type (;19;) (eq 18)))
    (type (;20;) (enum "audio" "video" "data"))
    (import "import-type-media-kind" (type (;21;) (eq 20)))
    (type (;22;) (tuple u32 u32))
    (type (;23;) (record (field "width" u32) (field "height" u32) (field "profile" u32) (field "level" u32) (field "bit-depth" u8) (field "frame-rate" 22) (field "unit-length-bytes" u8)))
    (import "import-type-video-params" (type (;24;) (eq 23)))
    (type (;25;) (record (field "sample-rate" u32) (field "channels" u8) (field "bits" u8) (field "object-type" u8)))
    (import "import-type-audio-params" (type (;26;) (eq 25)))
    (type (;27;) (option 24))
    (type (;28;) (option 26))
    (type (;29;) (record (field "id" 19) (field "kind" 21) (field "codec" 13) (field "video" 27) (field "audio" 28) (field "extra" 4)))
    (import "import-type-track-info" (type (;30;) (eq 29)))
    (type (;31;) (record (field "id" 1) (field "conn" 17) (field "key" 6) (field "tags" 4)))
    (import "import-type-viewer-info" (type (;32;) (eq 31)))
    (type (;33;) (list 30))
    (type (;34;) (option 32))
    (type (;35;) (record (field "id" 1) (field "key" 6) (field "publisher" 17) (field "tracks" 33) (field "tags" 4) (field "viewer" 34) (field "attempt" u32)))
    (import "import-type-stream-info" (type (;36;) (eq 35)))
    (type (;37;) (flags "key" "disposable" "end-of-sequence" "from-filter" "gap-before" "warm-up" "stereo" "spare1" "spare2" "spare3" "spare4" "spare5" "spare6" "spare7" "spare8" "spare9"))
    (import "import-type-frame-flags" (type (;38;) (eq 37)))
    (type (;39;) s64)
    (import "import-type-stream-time" (type (;40;) (eq 39)))
    (type (;41;) (record (field "track" 19) (field "kind" 21) (field "codec" 13) (field "flags" 38) (field "dts" 40) (field "pts" 40) (field "size" u32) (field "unit-types" u64) (field "seq" u64) (field "gop" u64)))
    (import "import-type-frame-meta" (type (;42;) (eq 41)))
    (type (;43;) (variant (case "number" f64) (case "bool" bool) (case "text" string) (case "date" f64) (case "null")))
    (import "import-type-scalar" (type (;44;) (eq 43)))
    (type (;45;) (tuple string 44))
    (type (;46;) (list 45))
    (type (;47;) (record (field "name" string) (field "fields" 46)))
    (import "import-type-metadata" (type (;48;) (eq 47)))
    (type (;49;) (list u8))
    (type (;50;) (record (field "schema" u32) (field "data" 49)))
    (import "import-type-saved-state" (type (;51;) (eq 50)))
    (type (;52;) (enum "source-ended" "replaced" "denied" "swapped" "shutdown" "failed" "limit"))
    (import "import-type-end-reason" (type (;53;) (eq 52)))
    (type (;54;) (variant (case "invalid-config" string) (case "unsupported" string) (case "incompatible-state") (case "internal" string)))
    (import "import-type-fault" (type (;55;) (eq 54)))
    (import "import-type-stream-filter" (type (;56;) (sub resource)))
    (import "import-type-stream-info0" (type (;57;) (eq 36)))
    (import "import-type-saved-state0" (type (;58;) (eq 51)))
    (type (;59;) (option 58))
    (type (;60;) (own 56))
    (import "import-type-fault0" (type (;61;) (eq 55)))
    (type (;62;) (result 60 (error 61)))
    (type (;63;) (func (param "info" 57) (param "resume" 59) (result 62)))
    (import "import-static-stream-filter-open" (func (;0;) (type 63)))
    (type (;64;) (borrow 56))
    (import "import-type-media-kind0" (type (;65;) (eq 21)))
    (type (;66;) (list 65))
    (import "import-type-fourcc0" (type (;67;) (eq 13)))
    (type (;68;) (list 67))
    (type (;69;) (record (field "kinds" 66) (field "codecs" 68) (field "only-keyframes" bool) (field "unit-types" u64)))
    (import "import-type-interest" (type (;70;) (eq 69)))
    (type (;71;) (list 70))
    (type (;72;) (enum "any-frame" "keyframe" "header"))
    (import "import-type-boundary" (type (;73;) (eq 72)))
    (type (;74;) (option u32))
    (type (;75;) (record (field "frames" 71) (field "headers" bool) (field "metadata" bool) (field "swap-at" 73) (field "max-hold-frames" u32) (field "tick-ms" 74)))
    (import "import-type-subscription" (type (;76;) (eq 75)))
    (type (;77;) (func (param "self" 64) (result 76)))
    (import "import-method-stream-filter-subscribe" (func (;1;) (type 77)))
    (import "import-type-track-info0" (type (;78;) (eq 30)))
    (type (;79;) (enum "pass" "drop" "edited" "hold"))
    (import "import-type-verdict" (type (;80;) (eq 79)))
    (type (;81;) (result 80 (error 61)))
    (type (;82;) (func (param "self" 64) (param "track" 78) (param "header" 49) (result 81)))
    (import "import-method-stream-filter-on-header" (func (;2;) (type 82)))
    (import "import-type-metadata0" (type (;83;) (eq 48)))
    (type (;84;) (func (param "self" 64) (param "meta" 83) (result 81)))
    (import "import-method-stream-filter-on-metadata" (func (;3;) (type 84)))
    (import "import-type-frame-meta0" (type (;85;) (eq 42)))
    (type (;86;) (func (param "self" 64) (param "meta" 85) (result 80)))
    (import "import-method-stream-filter-on-frame" (func (;4;) (type 86)))
    (type (;87;) (func (param "self" 64) (param "now" s64)))
    (import "import-method-stream-filter-on-tick" (func (;5;) (type 87)))
    (type (;88;) (func (param "self" 64)))
    (import "import-method-stream-filter-flush" (func (;6;) (type 88)))
    (type (;89;) (func (param "self" 64) (result 59)))
    (import "import-method-stream-filter-snapshot" (func (;7;) (type 89)))
    (import "import-type-end-reason0" (type (;90;) (eq 53)))
    (type (;91;) (func (param "self" 64) (param "reason" 90)))
    (import "import-method-stream-filter-end" (func (;8;) (type 91)))
    (export (;92;) "stream-info" (type 36))
    (export (;93;) "track-info" (type 30))
    (export (;94;) "frame-meta" (type 42))
    (export (;95;) "metadata" (type 48))
    (export (;96;) "saved-state" (type 51))
    (export (;97;) "end-reason" (type 53))
    (export (;98;) "fault" (type 55))
    (export (;99;) "media-kind" (type 21))
    (export (;100;) "fourcc" (type 13))
    (type (;101;) (enum "pass" "drop" "edited" "hold"))
    (export (;102;) "verdict" (type 101))
    (type (;103;) (enum "any-frame" "keyframe" "header"))
    (export (;104;) "boundary" (type 103))
    (type (;105;) (list 99))
    (type (;106;) (list 100))
    (type (;107;) (record (field "kinds" 105) (field "codecs" 106) (field "only-keyframes" bool) (field "unit-types" u64)))
    (export (;108;) "interest" (type 107))
    (type (;109;) (list 108))
    (type (;110;) (option u32))
    (type (;111;) (record (field "frames" 109) (field "headers" bool) (field "metadata" bool) (field "swap-at" 104) (field "max-hold-frames" u32) (field "tick-ms" 110)))
    (export (;112;) "subscription" (type 111))
    (export (;113;) "stream-filter" (type 56))
    (type (;114;) (option 96))
    (type (;115;) (own 113))
    (type (;116;) (result 115 (error 98)))
    (type (;117;) (func (param "info" 92) (param "resume" 114) (result 116)))
    (export (;9;) "[static]stream-filter.open" (func 0) (func (type 117)))
    (type (;118;) (borrow 113))
    (type (;119;) (func (param "self" 118) (result 112)))
    (export (;10;) "[method]stream-filter.subscribe" (func 1) (func (type 119)))
    (type (;120;) (result 102 (error 98)))
    (type (;121;) (func (param "self" 118) (param "track" 93) (param "header" 49) (result 120)))
    (export (;11;) "[method]stream-filter.on-header" (func 2) (func (type 121)))
    (type (;122;) (func (param "self" 118) (param "meta" 95) (result 120)))
    (export (;12;) "[method]stream-filter.on-metadata" (func 3) (func (type 122)))
    (type (;123;) (func (param "self" 118) (param "meta" 94) (result 102)))
    (export (;13;) "[method]stream-filter.on-frame" (func 4) (func (type 123)))
    (type (;124;) (func (param "self" 118) (param "now" s64)))
    (export (;14;) "[method]stream-filter.on-tick" (func 5) (func (type 124)))
    (type (;125;) (func (param "self" 118)))
    (export (;15;) "[method]stream-filter.flush" (func 6) (func (type 125)))
    (type (;126;) (func (param "self" 118) (result 114)))
    (export (;16;) "[method]stream-filter.snapshot" (func 7) (func (type 126)))
    (type (;127;) (func (param "self" 118) (param "reason" 97)))
    (export (;17;) "[method]stream-filter.end" (func 8) (func (type 127)))
  )
  (instance $weir:filter/media@0.1.0-shim-instance (;9;) (instantiate $weir:filter/media@0.1.0-shim-component
      (with "import-static-stream-filter-open" (func $"[static]stream-filter.open"))
      (with "import-method-stream-filter-subscribe" (func $"[method]stream-filter.subscribe"))
      (with "import-method-stream-filter-on-header" (func $"[method]stream-filter.on-header"))
      (with "import-method-stream-filter-on-metadata" (func $"[method]stream-filter.on-metadata"))
      (with "import-method-stream-filter-on-frame" (func $"[method]stream-filter.on-frame"))
      (with "import-method-stream-filter-on-tick" (func $"[method]stream-filter.on-tick"))
      (with "import-method-stream-filter-flush" (func $"[method]stream-filter.flush"))
      (with "import-method-stream-filter-snapshot" (func $"[method]stream-filter.snapshot"))
      (with "import-method-stream-filter-end" (func $"[method]stream-filter.end"))
      (with "import-type-stream-id" (type $stream-id))
      (with "import-type-attributes" (type $"#type55 attributes"))
      (with "import-type-stream-key" (type $"#type56 stream-key"))
      (with "import-type-conn-id" (type $conn-id))
      (with "import-type-tls-info" (type $tls-info))
      (with "import-type-fourcc" (type $fourcc))
      (with "import-type-connection-info" (type $connection-info))
      (with "import-type-track-id" (type $"#type60 track-id"))
      (with "import-type-media-kind" (type $media-kind))
      (with "import-type-video-params" (type $video-params))
      (with "import-type-audio-params" (type $audio-params))
      (with "import-type-track-info" (type $"#type18 track-info"))
      (with "import-type-viewer-info" (type $viewer-info))
      (with "import-type-stream-info" (type $stream-info))
      (with "import-type-frame-flags" (type $frame-flags))
      (with "import-type-stream-time" (type $stream-time))
      (with "import-type-frame-meta" (type $"#type19 frame-meta"))
      (with "import-type-scalar" (type $scalar))
      (with "import-type-metadata" (type $"#type20 metadata"))
      (with "import-type-saved-state" (type $saved-state))
      (with "import-type-end-reason" (type $end-reason))
      (with "import-type-fault" (type $fault))
      (with "import-type-stream-filter" (type $stream-filter))
      (with "import-type-stream-info0" (type $stream-info))
      (with "import-type-saved-state0" (type $saved-state))
      (with "import-type-fault0" (type $fault))
      (with "import-type-media-kind0" (type $media-kind))
      (with "import-type-fourcc0" (type $fourcc))
      (with "import-type-interest" (type 30))
      (with "import-type-boundary" (type 27))
      (with "import-type-subscription" (type 33))
      (with "import-type-track-info0" (type $"#type18 track-info"))
      (with "import-type-verdict" (type 26))
      (with "import-type-metadata0" (type $"#type20 metadata"))
      (with "import-type-frame-meta0" (type $"#type19 frame-meta"))
      (with "import-type-end-reason0" (type $end-reason))
    )
  )
  (export $weir:filter/media@0.1.0 (;10;) "weir:filter/media@0.1.0" (instance $weir:filter/media@0.1.0-shim-instance))
  (type (;67;) (func (result 36)))
  (alias core export $main "weir:filter/lifecycle@0.1.0#describe" (core func $weir:filter/lifecycle@0.1.0#describe (;85;)))
  (alias core export $main "cabi_post_weir:filter/lifecycle@0.1.0#describe" (core func $cabi_post_weir:filter/lifecycle@0.1.0#describe (;86;)))
  (func $describe (;46;) (type 67) (canon lift (core func $weir:filter/lifecycle@0.1.0#describe) (memory $memory) string-encoding=utf8 (post-return $cabi_post_weir:filter/lifecycle@0.1.0#describe)))
  (type (;68;) (result (error $fault)))
  (type (;69;) (func (result 68)))
  (alias core export $main "weir:filter/lifecycle@0.1.0#configure" (core func $weir:filter/lifecycle@0.1.0#configure (;87;)))
  (alias core export $main "cabi_post_weir:filter/lifecycle@0.1.0#configure" (core func $cabi_post_weir:filter/lifecycle@0.1.0#configure (;88;)))
  (func $configure (;47;) (type 69) (canon lift (core func $weir:filter/lifecycle@0.1.0#configure) (memory $memory) string-encoding=utf8 (post-return $cabi_post_weir:filter/lifecycle@0.1.0#configure)))
  (component $weir:filter/lifecycle@0.1.0-shim-component (;1;)
    (type (;0;) (variant (case "invalid-config" string) (case "unsupported" string) (case "incompatible-state") (case "internal" string)))
    (import "import-type-fault" (type (;1;) (eq 0)))
    (type (;2;) (option string))
    (type (;3;) (record (field "name" string) (field "version" string) (field "summary" string) (field "config-schema" 2) (field "state-schema" u32)))
    (import "import-type-description" (type (;4;) (eq 3)))
    (type (;5;) (func (result 4)))
    (import "import-func-describe" (func (;0;) (type 5)))
    (import "import-type-fault0" (type (;6;) (eq 1)))
    (type (;7;) (result (error 6)))
    (type (;8;) (func (result 7)))
    (import "import-func-configure" (func (;1;) (type 8)))
    (export (;9;) "fault" (type 1))
    (type (;10;) (option string))
    (type (;11;) (record (field "name" string) (field "version" string) (field "summary" string) (field "config-schema" 10) (field "state-schema" u32)))
    (export (;12;) "description" (type 11))
    (type (;13;) (func (result 12)))
    (export (;2;) "describe" (func 0) (func (type 13)))
    (type (;14;) (result (error 9)))
    (type (;15;) (func (result 14)))
    (export (;3;) "configure" (func 1) (func (type 15)))
  )
  (instance $weir:filter/lifecycle@0.1.0-shim-instance (;11;) (instantiate $weir:filter/lifecycle@0.1.0-shim-component
      (with "import-func-describe" (func $describe))
      (with "import-func-configure" (func $configure))
      (with "import-type-fault" (type $fault))
      (with "import-type-description" (type 36))
      (with "import-type-fault0" (type $fault))
    )
  )
  (export $weir:filter/lifecycle@0.1.0 (;12;) "weir:filter/lifecycle@0.1.0" (instance $weir:filter/lifecycle@0.1.0-shim-instance))
  (@producers
    (processed-by "wit-component" "0.254.2")
  )
)
