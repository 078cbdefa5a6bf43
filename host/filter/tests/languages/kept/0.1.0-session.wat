(component
  (type $ty-weir:filter/log@0.1.0 (;0;)
    (instance
      (type (;0;) (enum "trace" "debug" "info" "warn" "error"))
      (export (;1;) "level" (type (eq 0)))
      (type (;2;) (tuple string string))
      (type (;3;) (list 2))
      (type (;4;) (func (param "level" 1) (param "message" string) (param "fields" 3)))
      (export (;0;) "write" (func (type 4)))
    )
  )
  (import "weir:filter/log@0.1.0" (instance $weir:filter/log@0.1.0 (;0;) (type $ty-weir:filter/log@0.1.0)))
  (type $ty-weir:filter/metrics@0.1.0 (;1;)
    (instance
      (type (;0;) (func (param "counter" string) (param "delta" u64)))
      (export (;0;) "add" (func (type 0)))
    )
  )
  (import "weir:filter/metrics@0.1.0" (instance $weir:filter/metrics@0.1.0 (;1;) (type $ty-weir:filter/metrics@0.1.0)))
  (type $ty-weir:filter/config@0.1.0 (;2;)
    (instance
      (type (;0;) (func (result string)))
      (export (;0;) "json" (func (type 0)))
      (type (;1;) (option string))
      (type (;2;) (func (param "name" string) (result 1)))
      (export (;1;) "secret" (func (type 2)))
    )
  )
  (import "weir:filter/config@0.1.0" (instance $weir:filter/config@0.1.0 (;2;) (type $ty-weir:filter/config@0.1.0)))
  (type $ty-weir:filter/types@0.1.0 (;3;)
    (instance
      (type (;0;) u64)
      (export (;1;) "conn-id" (type (eq 0)))
      (type (;2;) (option string))
      (type (;3;) (record (field "protocol" string) (field "sni" 2) (field "client-cert-sha256" 2)))
      (export (;4;) "tls-info" (type (eq 3)))
      (type (;5;) u32)
      (export (;6;) "fourcc" (type (eq 5)))
      (type (;7;) (tuple string string))
      (type (;8;) (list 7))
      (export (;9;) "attributes" (type (eq 8)))
      (type (;10;) (option 4))
      (type (;11;) (list 6))
      (type (;12;) (record (field "id" 1) (field "protocol" string) (field "peer-ip" string) (field "peer-port" u16) (field "local-port" u16) (field "tls" 10) (field "app" string) (field "tc-url" string) (field "agent" string) (field "fourccs" 11) (field "extra" 9)))
      (export (;13;) "connection-info" (type (eq 12)))
      (type (;14;) (record (field "app" string) (field "name" string) (field "query" 9)))
      (export (;15;) "stream-key" (type (eq 14)))
      (type (;16;) (record (field "conn" 13) (field "key" 15) (field "mode" string) (field "takes-over" bool)))
      (export (;17;) "publish-request" (type (eq 16)))
      (type (;18;) (record (field "conn" 13) (field "key" 15) (field "start-ms" s64) (field "duration-ms" s64)))
      (export (;19;) "play-request" (type (eq 18)))
      (type (;20;) u64)
      (export (;21;) "stream-id" (type (eq 20)))
      (type (;22;) (enum "source-ended" "replaced" "denied" "swapped" "shutdown" "failed" "limit"))
      (export (;23;) "end-reason" (type (eq 22)))
      (type (;24;) (variant (case "invalid-config" string) (case "unsupported" string) (case "incompatible-state") (case "internal" string)))
      (export (;25;) "fault" (type (eq 24)))
    )
  )
  (import "weir:filter/types@0.1.0" (instance $weir:filter/types@0.1.0 (;3;) (type $ty-weir:filter/types@0.1.0)))
  (type $ty-weir:filter/kv@0.1.0 (;4;)
    (instance
      (type (;0;) (variant (case "no-such-bucket") (case "denied") (case "too-large") (case "conflict") (case "unavailable" string)))
      (export (;1;) "kv-error" (type (eq 0)))
      (type (;2;) (option u64))
      (type (;3;) (result s64 (error 1)))
      (type (;4;) (func (param "bucket" string) (param "key" string) (param "delta" s64) (param "ttl-ms" 2) (result 3)))
      (export (;0;) "add" (func (type 4)))
    )
  )
  (import "weir:filter/kv@0.1.0" (instance $weir:filter/kv@0.1.0 (;4;) (type $ty-weir:filter/kv@0.1.0)))
  (core module $main (;0;)
    (type (;0;) (func (param i32 i32 i32 i32 i32)))
    (type (;1;) (func (param i32 i32 i64)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (param i32 i32 i32)))
    (type (;4;) (func (param i32 i32 i32 i32 i64 i32 i64 i32)))
    (type (;5;) (func (param i32) (result i32)))
    (type (;6;) (func (param i32 i32) (result i32)))
    (type (;7;) (func (param i32 i32)))
    (type (;8;) (func (param i64) (result i32)))
    (type (;9;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;10;) (func (param i32 i64)))
    (type (;11;) (func (param i32 i32 i64 i32 i32 i32) (result i32)))
    (type (;12;) (func (result i32)))
    (type (;13;) (func))
    (type (;14;) (func (param i32 i32 i32) (result i32)))
    (import "weir:filter/log@0.1.0" "write" (func (;0;) (type 0)))
    (import "weir:filter/metrics@0.1.0" "add" (func (;1;) (type 1)))
    (import "weir:filter/config@0.1.0" "json" (func (;2;) (type 2)))
    (import "weir:filter/config@0.1.0" "secret" (func (;3;) (type 3)))
    (import "weir:filter/kv@0.1.0" "add" (func (;4;) (type 4)))
    (table (;0;) 1 1 funcref)
    (memory (;0;) 17)
    (global (;0;) (mut i32) i32.const 1048576)
    (export "memory" (memory 0))
    (export "cabi_post_weir:filter/session@0.1.0#on-connect" (func 19))
    (export "cabi_post_weir:filter/session@0.1.0#on-publish" (func 20))
    (export "cabi_post_weir:filter/session@0.1.0#on-play" (func 21))
    (export "cabi_post_weir:filter/session@0.1.0#on-recheck" (func 22))
    (export "cabi_post_weir:filter/lifecycle@0.1.0#describe" (func 23))
    (export "cabi_post_weir:filter/lifecycle@0.1.0#configure" (func 24))
    (export "cabi_realloc" (func 25))
    (export "weir:filter/session@0.1.0#on-connect" (func 40))
    (export "weir:filter/session@0.1.0#on-publish" (func 41))
    (export "weir:filter/session@0.1.0#on-play" (func 42))
    (export "weir:filter/session@0.1.0#on-recheck" (func 43))
    (export "weir:filter/session@0.1.0#on-close" (func 44))
    (export "weir:filter/lifecycle@0.1.0#describe" (func 45))
    (export "weir:filter/lifecycle@0.1.0#configure" (func 46))
    (func (;5;) (type 2) (param i32)
      local.get 0
      i32.const 0
      i32.const 40
      call 53
      drop
      local.get 0
      i32.const 1048920
      call 34
      local.get 0
      i32.const 8
      i32.add
      i32.const 1048996
      call 34
      local.get 0
      i32.const 16
      i32.add
      i32.const 1049004
      call 34
    )
    (func (;6;) (type 5) (param i32) (result i32)
      (local i32 i32 i32 i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 1
      global.set 0
      local.get 1
      i32.const 8
      i32.add
      call 37
      local.get 1
      i32.const 8
      i32.add
      i32.const 1048803
      call 7
      local.set 2
      local.get 1
      i32.const 8
      i32.add
      i32.const 1048648
      call 7
      local.set 3
      local.get 1
      i32.const 8
      i32.add
      call 26
      i32.const 0
      local.set 4
      i32.const 0
      local.get 3
      i32.const 1049041
      local.get 3
      select
      i32.store offset=1049056
      block ;; label = @1
        block ;; label = @2
          local.get 2
          i32.eqz
          br_if 0 (;@2;)
          block ;; label = @3
            local.get 2
            i32.const 1048806
            call 58
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 1048639
            call 58
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 1048582
            call 58
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 1048689
            call 58
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 1048851
            call 58
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 1048663
            call 58
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 1048798
            call 58
            i32.eqz
            br_if 0 (;@3;)
            local.get 2
            i32.const 1048645
            call 58
            br_if 1 (;@2;)
          end
          i32.const 0
          local.get 2
          i32.store offset=1049060
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
        i32.const 1048728
        call 34
      end
      local.get 1
      i32.const 16
      i32.add
      global.set 0
      local.get 4
    )
    (func (;7;) (type 6) (param i32 i32) (result i32)
      (local i32 i32 i32 i32)
      block ;; label = @1
        local.get 1
        call 57
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
            call 56
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
            call 52
            local.tee 0
            local.get 1
            local.get 3
            i32.const -4
            i32.add
            call 55
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
    (func (;8;) (type 7) (param i32 i32)
      (local i32 i32)
      i32.const 0
      i32.const 0
      i32.store offset=1049072
      block ;; label = @1
        block ;; label = @2
          i32.const 0
          i32.load offset=1049060
          i32.const 1048663
          call 58
          br_if 0 (;@2;)
          local.get 1
          i32.const 0
          i32.const 88
          call 53
          drop
          local.get 1
          i32.const 1
          i32.store8
          i32.const 0
          i32.load offset=1049072
          local.tee 2
          local.get 0
          i32.load offset=68
          local.tee 3
          i32.add
          i32.const 8192
          i32.ge_u
          br_if 1 (;@1;)
          local.get 2
          i32.const 1049088
          i32.add
          local.tee 2
          local.get 0
          i32.load offset=64
          local.get 3
          call 55
          drop
          i32.const 0
          i32.const 0
          i32.load offset=1049072
          local.get 3
          i32.add
          local.tee 3
          i32.store offset=1049072
          local.get 3
          i32.const -8191
          i32.add
          i32.const -8193
          i32.le_u
          br_if 1 (;@1;)
          local.get 3
          i32.const 1049088
          i32.add
          i32.const 1049041
          i32.const 1
          call 55
          drop
          i32.const 0
          i32.const 0
          i32.load offset=1049072
          i32.const 1
          i32.add
          i32.store offset=1049072
          local.get 1
          i32.load offset=36
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.const 16
          i32.add
          call 54
          local.tee 3
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 1048786
          call 34
          local.get 3
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 8
          i32.add
          local.get 2
          call 34
          local.get 1
          local.get 3
          i32.store offset=36
          local.get 1
          local.get 1
          i32.load offset=40
          i32.const 1
          i32.add
          i32.store offset=40
          local.get 0
          call 29
          return
        end
        local.get 1
        call 9
        local.get 0
        call 29
        return
      end
      call 49
      unreachable
    )
    (func (;9;) (type 2) (param i32)
      (local i32 i32 i32 i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 1
      global.set 0
      local.get 0
      i32.const 0
      i32.const 88
      call 53
      drop
      local.get 0
      i32.const 0
      i32.store8
      block ;; label = @1
        block ;; label = @2
          i32.const 0
          i32.load offset=1049060
          i32.const 1048639
          call 58
          br_if 0 (;@2;)
          local.get 0
          i32.const 0
          i32.const 88
          call 53
          drop
          local.get 0
          i32.const 1
          i32.store8 offset=8
          local.get 0
          i32.const 1
          i32.store8
          local.get 0
          i32.const 12
          i32.add
          i32.const 1048889
          call 34
          local.get 0
          i32.const 20
          i32.add
          i32.const 1048979
          call 34
          local.get 0
          i32.load offset=36
          local.get 0
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.const 16
          i32.add
          call 54
          local.tee 2
          local.get 0
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 1048823
          call 34
          local.get 2
          local.get 0
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 8
          i32.add
          i32.const 1048932
          call 34
          local.get 0
          local.get 2
          i32.store offset=36
          local.get 0
          local.get 0
          i32.load offset=40
          i32.const 1
          i32.add
          local.tee 3
          i32.store offset=40
          i32.const 0
          i32.load offset=1049056
          local.set 4
          local.get 2
          local.get 3
          i32.const 4
          i32.shl
          i32.const 16
          i32.add
          call 54
          local.tee 2
          local.get 0
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 1048648
          call 34
          local.get 2
          local.get 0
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 8
          i32.add
          local.get 4
          call 34
          local.get 0
          local.get 2
          i32.store offset=36
          local.get 0
          i32.const 1
          i32.store8 offset=72
          local.get 0
          i32.const 1
          i32.store8 offset=56
          local.get 0
          i32.const 500
          i32.store offset=76
          local.get 0
          i64.const 60000
          i64.store offset=64
          local.get 0
          i32.const 3000
          i32.store offset=48
          local.get 0
          i32.const 1
          i32.store8 offset=44
          local.get 0
          local.get 0
          i32.load offset=40
          i32.const 1
          i32.add
          i32.store offset=40
          i32.const 8
          call 50
          local.set 2
          local.get 0
          i32.const 1
          i32.store offset=84
          local.get 0
          local.get 2
          i32.store offset=80
          local.get 2
          i32.const 1048615
          call 34
          br 1 (;@1;)
        end
        block ;; label = @2
          i32.const 0
          i32.load offset=1049060
          i32.const 1048582
          call 58
          br_if 0 (;@2;)
          i32.const 0
          i32.load offset=1049056
          local.set 2
          local.get 0
          i32.const 0
          i32.const 88
          call 53
          drop
          local.get 0
          i32.const 2
          i32.store8
          local.get 0
          i32.const 8
          i32.add
          local.tee 3
          i32.const 1049041
          call 34
          local.get 0
          i32.const 16
          i32.add
          local.get 2
          call 34
          local.get 3
          i32.const 1048954
          call 34
          local.get 0
          i32.const 1500
          i32.store offset=28
          local.get 0
          i32.const 1
          i32.store8 offset=24
          br 1 (;@1;)
        end
        block ;; label = @2
          i32.const 0
          i32.load offset=1049060
          i32.const 1048689
          call 58
          br_if 0 (;@2;)
          local.get 0
          i32.const 3
          i32.store8
          local.get 0
          i32.const 8
          i32.add
          i32.const 1048591
          call 34
          local.get 0
          i32.const 1
          i32.store8 offset=16
          br 1 (;@1;)
        end
        block ;; label = @2
          i32.const 0
          i32.load offset=1049060
          i32.const 1048851
          call 58
          br_if 0 (;@2;)
          local.get 0
          i32.const 0
          i32.const 88
          call 53
          drop
          local.get 0
          i32.const 500
          i32.store offset=76
          local.get 0
          i32.const 1
          i32.store8 offset=72
          local.get 0
          i32.const 1
          i32.store8
          br 1 (;@1;)
        end
        i32.const 0
        i32.load offset=1049060
        i32.const 1048798
        call 58
        br_if 0 (;@1;)
        local.get 1
        i32.const 8
        i32.add
        i32.const 1048790
        call 10
        local.get 1
        i64.const 0
        i64.store
        i32.const 4
        local.get 1
        i32.const 8
        i32.add
        local.get 1
        call 35
        call 49
        unreachable
      end
      local.get 1
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;10;) (type 7) (param i32 i32)
      local.get 0
      local.get 1
      call 33
    )
    (func (;11;) (type 7) (param i32 i32)
      (local i32 i32 i32 i32 i32 i64 i64 i32)
      global.get 0
      i32.const 80
      i32.sub
      local.tee 2
      global.set 0
      i32.const 0
      i32.const 0
      i32.store offset=1049072
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            i32.const 0
            i32.load offset=1049060
            i32.const 1048663
            call 58
            br_if 0 (;@3;)
            local.get 1
            i32.const 0
            i32.const 88
            call 53
            drop
            local.get 1
            i32.const 1
            i32.store8
            local.get 0
            i32.const 104
            i32.add
            call 12
            local.set 3
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048828
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            local.get 2
            local.get 0
            i64.load offset=120 align=4
            i64.store offset=16
            local.get 2
            i32.const 16
            i32.add
            call 13
            local.set 3
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048576
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            i32.const 0
            i32.load offset=1049072
            local.tee 3
            local.get 0
            i32.load offset=132
            local.tee 4
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 3
            i32.const 1049088
            i32.add
            local.tee 3
            local.get 0
            i32.load offset=128
            local.get 4
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 4
            i32.add
            local.tee 4
            i32.store offset=1049072
            local.get 4
            i32.const -8191
            i32.add
            i32.const -8193
            i32.le_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            i32.const 1049041
            i32.const 1
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            i32.const 1
            i32.add
            i32.store offset=1049072
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048915
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            local.tee 3
            i32.store offset=40
            local.get 0
            i32.load8_u offset=136
            local.set 5
            local.get 4
            local.get 3
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048770
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            i32.const 1048894
            i32.const 1048899
            local.get 5
            select
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            local.get 0
            i64.load
            call 14
            local.set 3
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048937
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            i32.const 0
            i32.load offset=1049072
            local.tee 3
            local.get 0
            i32.load offset=12
            local.tee 4
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 3
            i32.const 1049088
            i32.add
            local.tee 3
            local.get 0
            i32.load offset=8
            local.get 4
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 4
            i32.add
            local.tee 4
            i32.store offset=1049072
            local.get 4
            i32.const -8191
            i32.add
            i32.const -8193
            i32.le_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            i32.const 1049041
            i32.const 1
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            i32.const 1
            i32.add
            i32.store offset=1049072
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048842
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            local.get 0
            i32.load offset=20
            local.tee 3
            i32.const 0
            i32.load offset=1049072
            local.tee 4
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            local.tee 6
            local.get 0
            i32.load offset=16
            local.get 3
            call 55
            drop
            i32.const 0
            local.set 4
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 3
            i32.add
            i32.store offset=1049072
            i32.const 1048994
            call 57
            local.tee 3
            i32.const 0
            i32.load offset=1049072
            local.tee 5
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 5
            i32.const 1049088
            i32.add
            i32.const 1048994
            local.get 3
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 3
            i32.add
            local.tee 5
            i32.store offset=1049072
            local.get 0
            i64.load16_u offset=24
            local.set 7
            loop ;; label = @4
              local.get 2
              i32.const 48
              i32.add
              local.get 4
              i32.add
              i32.const 19
              i32.add
              local.get 7
              local.get 7
              i64.const 10
              i64.div_u
              local.tee 8
              i64.const 10
              i64.mul
              i64.sub
              i32.wrap_i64
              i32.const 48
              i32.or
              i32.store8
              local.get 4
              i32.const -1
              i32.add
              local.set 4
              local.get 7
              i64.const 9
              i64.gt_u
              local.set 3
              local.get 8
              local.set 7
              local.get 3
              br_if 0 (;@4;)
            end
            local.get 5
            local.get 4
            i32.sub
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 5
            i32.const 1049088
            i32.add
            local.get 2
            i32.const 48
            i32.add
            local.get 4
            i32.add
            i32.const 20
            i32.add
            i32.const 0
            local.get 4
            i32.sub
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 4
            i32.sub
            local.tee 4
            i32.store offset=1049072
            local.get 4
            i32.const -8191
            i32.add
            i32.const -8193
            i32.le_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            i32.const 1049041
            i32.const 1
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            i32.const 1
            i32.add
            i32.store offset=1049072
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048781
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 6
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            local.get 0
            i64.load16_u offset=26
            call 14
            local.set 3
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048665
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            i32.const 0
            i32.load offset=1049072
            local.set 3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 0
                  i32.load8_u offset=28
                  i32.const 1
                  i32.ne
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=36
                  local.tee 4
                  local.get 3
                  i32.add
                  i32.const 8192
                  i32.ge_u
                  br_if 5 (;@1;)
                  local.get 3
                  i32.const 1049088
                  i32.add
                  local.get 0
                  i32.load offset=32
                  local.get 4
                  call 55
                  drop
                  i32.const 0
                  i32.const 0
                  i32.load offset=1049072
                  local.get 4
                  i32.add
                  i32.store offset=1049072
                  i32.const 1049040
                  call 57
                  local.tee 4
                  i32.const 0
                  i32.load offset=1049072
                  local.tee 5
                  i32.add
                  i32.const 8192
                  i32.ge_u
                  br_if 5 (;@1;)
                  local.get 5
                  i32.const 1049088
                  i32.add
                  i32.const 1049040
                  local.get 4
                  call 55
                  drop
                  i32.const 0
                  i32.const 0
                  i32.load offset=1049072
                  local.get 4
                  i32.add
                  local.tee 4
                  i32.store offset=1049072
                  local.get 0
                  i32.load8_u offset=40
                  i32.const 1
                  i32.ne
                  br_if 2 (;@4;)
                  local.get 0
                  i32.load offset=48
                  local.tee 5
                  local.get 4
                  i32.add
                  i32.const 8192
                  i32.ge_u
                  br_if 5 (;@1;)
                  local.get 4
                  i32.const 1049088
                  i32.add
                  local.get 0
                  i32.load offset=44
                  local.get 5
                  call 55
                  drop
                  br 1 (;@5;)
                end
                i32.const 1048905
                call 57
                local.tee 5
                i32.const 0
                i32.load offset=1049072
                local.tee 4
                i32.add
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                local.get 4
                i32.const 1049088
                i32.add
                i32.const 1048905
                local.get 5
                call 55
                drop
              end
              i32.const 0
              i32.const 0
              i32.load offset=1049072
              local.get 5
              i32.add
              local.tee 4
              i32.store offset=1049072
            end
            local.get 4
            i32.const -8191
            i32.add
            i32.const -8193
            i32.le_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            i32.const 1049041
            i32.const 1
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            i32.const 1
            i32.add
            i32.store offset=1049072
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048719
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            i32.const 1049088
            i32.add
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            i32.const 0
            i32.load offset=1049072
            local.tee 3
            local.get 0
            i32.load offset=76
            local.tee 4
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 3
            i32.const 1049088
            i32.add
            local.tee 3
            local.get 0
            i32.load offset=72
            local.get 4
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 4
            i32.add
            local.tee 4
            i32.store offset=1049072
            local.get 4
            i32.const -8191
            i32.add
            i32.const -8193
            i32.le_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            i32.const 1049041
            i32.const 1
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            i32.const 1
            i32.add
            i32.store offset=1049072
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048835
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            i32.const 0
            i32.load offset=1049072
            local.tee 3
            local.get 0
            i32.load offset=84
            local.tee 4
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 3
            i32.const 1049088
            i32.add
            local.tee 3
            local.get 0
            i32.load offset=80
            local.get 4
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 4
            i32.add
            local.tee 4
            i32.store offset=1049072
            local.get 4
            i32.const -8191
            i32.add
            i32.const -8193
            i32.le_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            i32.const 1049041
            i32.const 1
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            i32.const 1
            i32.add
            i32.store offset=1049072
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048676
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            i32.const 0
            i32.load offset=1049072
            local.tee 9
            local.set 4
            block ;; label = @4
              local.get 0
              i32.load offset=92
              i32.eqz
              br_if 0 (;@4;)
              i32.const 0
              local.set 5
              loop ;; label = @5
                i32.const 1049038
                i32.const 1049041
                local.get 5
                select
                local.tee 4
                call 57
                local.tee 3
                i32.const 0
                i32.load offset=1049072
                local.tee 6
                i32.add
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                local.get 6
                i32.const 1049088
                i32.add
                local.get 4
                local.get 3
                call 55
                drop
                i32.const 0
                local.set 4
                i32.const 0
                i32.const 0
                i32.load offset=1049072
                local.get 3
                i32.add
                local.tee 6
                i32.store offset=1049072
                local.get 0
                i32.load offset=88
                local.get 5
                i32.const 2
                i32.shl
                i32.add
                i64.load32_u
                local.set 7
                loop ;; label = @6
                  local.get 2
                  i32.const 48
                  i32.add
                  local.get 4
                  i32.add
                  i32.const 19
                  i32.add
                  local.get 7
                  local.get 7
                  i64.const 10
                  i64.div_u
                  local.tee 8
                  i64.const 10
                  i64.mul
                  i64.sub
                  i32.wrap_i64
                  i32.const 48
                  i32.or
                  i32.store8
                  local.get 4
                  i32.const -1
                  i32.add
                  local.set 4
                  local.get 7
                  i64.const 9
                  i64.gt_u
                  local.set 3
                  local.get 8
                  local.set 7
                  local.get 3
                  br_if 0 (;@6;)
                end
                local.get 6
                local.get 4
                i32.sub
                i32.const 8192
                i32.ge_u
                br_if 4 (;@1;)
                local.get 6
                i32.const 1049088
                i32.add
                local.get 2
                i32.const 48
                i32.add
                local.get 4
                i32.add
                i32.const 20
                i32.add
                i32.const 0
                local.get 4
                i32.sub
                call 55
                drop
                i32.const 0
                i32.const 0
                i32.load offset=1049072
                local.get 4
                i32.sub
                local.tee 4
                i32.store offset=1049072
                local.get 5
                i32.const 1
                i32.add
                local.tee 5
                local.get 0
                i32.load offset=92
                i32.lt_u
                br_if 0 (;@5;)
              end
            end
            local.get 4
            i32.const -8191
            i32.add
            i32.const -8193
            i32.le_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            i32.const 1049041
            i32.const 1
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            i32.const 1
            i32.add
            i32.store offset=1049072
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048762
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 9
            i32.const 1049088
            i32.add
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            local.get 2
            local.get 0
            i64.load offset=96 align=4
            i64.store offset=8
            local.get 2
            i32.const 8
            i32.add
            call 13
            local.set 3
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048986
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            local.tee 3
            i32.store offset=40
            i32.const 0
            i32.load offset=1049056
            local.set 5
            local.get 4
            local.get 3
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048648
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 5
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            local.get 2
            i32.const 48
            i32.add
            i32.const 1048587
            call 33
            local.get 2
            i32.const 40
            i32.add
            i32.const 1048905
            call 33
            local.get 2
            i64.const 0
            i64.store offset=32
            local.get 2
            i32.const 48
            i32.add
            local.get 2
            i32.const 32
            i32.add
            call 38
            local.set 5
            i32.const 0
            i32.load offset=1049072
            local.tee 3
            local.get 2
            i32.load offset=36
            local.tee 4
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 3
            i32.const 1049088
            i32.add
            local.tee 3
            local.get 2
            i32.load offset=32
            local.get 4
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 4
            i32.add
            local.tee 4
            i32.store offset=1049072
            local.get 4
            i32.const -8191
            i32.add
            i32.const -8193
            i32.le_u
            br_if 2 (;@1;)
            local.get 4
            i32.const 1049088
            i32.add
            i32.const 1049041
            i32.const 1
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            i32.const 1
            i32.add
            i32.store offset=1049072
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048682
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            local.get 3
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            local.get 2
            i32.const 40
            i32.add
            local.get 2
            i32.const 24
            i32.add
            call 38
            local.set 3
            local.get 1
            i32.load offset=36
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.const 16
            i32.add
            call 54
            local.tee 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 1048905
            call 34
            local.get 4
            local.get 1
            i32.load offset=40
            i32.const 4
            i32.shl
            i32.add
            i32.const 8
            i32.add
            i32.const 1048899
            i32.const 1048894
            local.get 3
            select
            call 34
            local.get 1
            local.get 4
            i32.store offset=36
            local.get 1
            local.get 1
            i32.load offset=40
            i32.const 1
            i32.add
            i32.store offset=40
            local.get 5
            i32.eqz
            br_if 1 (;@2;)
            local.get 2
            i32.const 32
            i32.add
            call 26
            br 1 (;@2;)
          end
          block ;; label = @3
            i32.const 0
            i32.load offset=1049060
            i32.const 1048645
            call 58
            br_if 0 (;@3;)
            local.get 2
            i32.const 40
            i32.add
            i32.const 1048920
            call 33
            local.get 2
            i64.const 60000
            i64.store offset=32
            local.get 2
            i32.const 40
            i32.add
            local.get 0
            i32.const 112
            i32.add
            i64.const 1
            local.get 2
            i32.const 32
            i32.add
            local.get 2
            i32.const 24
            i32.add
            local.get 2
            i32.const 48
            i32.add
            call 39
            local.set 4
            local.get 1
            i32.const 0
            i32.const 88
            call 53
            drop
            block ;; label = @4
              local.get 4
              i32.eqz
              br_if 0 (;@4;)
              local.get 1
              i32.const 1
              i32.store8
              local.get 2
              i64.load offset=24
              call 15
              local.set 3
              local.get 1
              i32.load offset=36
              local.get 1
              i32.load offset=40
              i32.const 4
              i32.shl
              i32.const 16
              i32.add
              call 54
              local.tee 4
              local.get 1
              i32.load offset=40
              i32.const 4
              i32.shl
              i32.add
              i32.const 1048670
              call 34
              local.get 4
              local.get 1
              i32.load offset=40
              i32.const 4
              i32.shl
              i32.add
              i32.const 8
              i32.add
              local.get 3
              call 34
              local.get 1
              local.get 4
              i32.store offset=36
              local.get 1
              local.get 1
              i32.load offset=40
              i32.const 1
              i32.add
              i32.store offset=40
              br 2 (;@2;)
            end
            local.get 1
            i32.const 2
            i32.store8
            local.get 1
            i32.const 8
            i32.add
            i32.const 1049041
            call 34
            local.get 1
            i32.const 16
            i32.add
            i32.const 1048645
            call 34
            br 1 (;@2;)
          end
          local.get 1
          call 9
        end
        local.get 0
        call 30
        local.get 2
        i32.const 80
        i32.add
        global.set 0
        return
      end
      call 49
      unreachable
    )
    (func (;12;) (type 5) (param i32) (result i32)
      (local i32 i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        local.tee 1
        i32.const 0
        i32.load offset=1049072
        local.tee 2
        i32.add
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 2
        i32.const 1049088
        i32.add
        local.tee 3
        local.get 0
        i32.load
        local.get 1
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        local.get 1
        i32.add
        i32.store offset=1049072
        i32.const 1049002
        call 57
        local.tee 1
        i32.const 0
        i32.load offset=1049072
        local.tee 2
        i32.add
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 2
        i32.const 1049088
        i32.add
        i32.const 1049002
        local.get 1
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        local.get 1
        i32.add
        local.tee 1
        i32.store offset=1049072
        local.get 0
        i32.load offset=12
        local.tee 2
        local.get 1
        i32.add
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 1
        i32.const 1049088
        i32.add
        local.get 0
        i32.load offset=8
        local.get 2
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        local.get 2
        i32.add
        local.tee 0
        i32.store offset=1049072
        local.get 0
        i32.const -8191
        i32.add
        i32.const -8193
        i32.le_u
        br_if 0 (;@1;)
        local.get 0
        i32.const 1049088
        i32.add
        i32.const 1049041
        i32.const 1
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        i32.const 1
        i32.add
        i32.store offset=1049072
        local.get 3
        return
      end
      call 49
      unreachable
    )
    (func (;13;) (type 5) (param i32) (result i32)
      (local i32 i32 i32 i32)
      i32.const 0
      i32.load offset=1049072
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
          local.set 0
          i32.const 1049041
          call 57
          local.tee 2
          i32.const 0
          i32.load offset=1049072
          local.tee 4
          i32.add
          i32.const 8191
          i32.gt_u
          br_if 1 (;@1;)
          local.get 4
          i32.const 1049088
          i32.add
          i32.const 1049041
          local.get 2
          call 55
          drop
          i32.const 0
          i32.const 0
          i32.load offset=1049072
          local.get 2
          i32.add
          local.tee 2
          i32.store offset=1049072
          local.get 0
          i32.load offset=4
          local.tee 4
          local.get 2
          i32.add
          i32.const 8191
          i32.gt_u
          br_if 1 (;@1;)
          local.get 2
          i32.const 1049088
          i32.add
          local.get 0
          i32.load
          local.get 4
          call 55
          drop
          i32.const 0
          i32.const 0
          i32.load offset=1049072
          local.get 4
          i32.add
          i32.store offset=1049072
          i32.const 1048992
          call 57
          local.tee 2
          i32.const 0
          i32.load offset=1049072
          local.tee 4
          i32.add
          i32.const 8191
          i32.gt_u
          br_if 1 (;@1;)
          local.get 4
          i32.const 1049088
          i32.add
          i32.const 1048992
          local.get 2
          call 55
          drop
          i32.const 0
          i32.const 0
          i32.load offset=1049072
          local.get 2
          i32.add
          local.tee 2
          i32.store offset=1049072
          local.get 0
          i32.load offset=12
          local.tee 4
          local.get 2
          i32.add
          i32.const 8191
          i32.gt_u
          br_if 1 (;@1;)
          local.get 2
          i32.const 1049088
          i32.add
          local.get 0
          i32.load offset=8
          local.get 4
          call 55
          drop
          i32.const 0
          i32.const 0
          i32.load offset=1049072
          local.get 4
          i32.add
          local.tee 2
          i32.store offset=1049072
          local.get 3
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          local.get 0
          i32.const 28
          i32.add
          local.set 0
          local.get 3
          i32.const -1
          i32.add
          local.set 4
          loop ;; label = @3
            i32.const 1049038
            call 57
            local.tee 2
            i32.const 0
            i32.load offset=1049072
            local.tee 3
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 3
            i32.const 1049088
            i32.add
            i32.const 1049038
            local.get 2
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 2
            i32.add
            local.tee 2
            i32.store offset=1049072
            local.get 0
            i32.const -8
            i32.add
            i32.load
            local.tee 3
            local.get 2
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 2
            i32.const 1049088
            i32.add
            local.get 0
            i32.const -12
            i32.add
            i32.load
            local.get 3
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 3
            i32.add
            i32.store offset=1049072
            i32.const 1048992
            call 57
            local.tee 2
            i32.const 0
            i32.load offset=1049072
            local.tee 3
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 3
            i32.const 1049088
            i32.add
            i32.const 1048992
            local.get 2
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 2
            i32.add
            local.tee 2
            i32.store offset=1049072
            local.get 0
            i32.load
            local.tee 3
            local.get 2
            i32.add
            i32.const 8192
            i32.ge_u
            br_if 2 (;@1;)
            local.get 2
            i32.const 1049088
            i32.add
            local.get 0
            i32.const -4
            i32.add
            i32.load
            local.get 3
            call 55
            drop
            i32.const 0
            i32.const 0
            i32.load offset=1049072
            local.get 3
            i32.add
            local.tee 2
            i32.store offset=1049072
            local.get 0
            i32.const 16
            i32.add
            local.set 0
            local.get 4
            i32.const -1
            i32.add
            local.tee 4
            br_if 0 (;@3;)
          end
        end
        local.get 2
        i32.const -8191
        i32.add
        i32.const -8193
        i32.le_u
        br_if 0 (;@1;)
        local.get 2
        i32.const 1049088
        i32.add
        i32.const 1049041
        i32.const 1
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        i32.const 1
        i32.add
        i32.store offset=1049072
        local.get 1
        i32.const 1049088
        i32.add
        return
      end
      call 49
      unreachable
    )
    (func (;14;) (type 8) (param i64) (result i32)
      (local i32 i32 i32 i64 i32)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      i32.const 0
      i32.load offset=1049072
      local.set 3
      loop ;; label = @1
        local.get 1
        local.get 2
        i32.add
        i32.const 19
        i32.add
        local.get 0
        local.get 0
        i64.const 10
        i64.div_u
        local.tee 4
        i64.const 10
        i64.mul
        i64.sub
        i32.wrap_i64
        i32.const 48
        i32.or
        i32.store8
        local.get 2
        i32.const -1
        i32.add
        local.set 2
        local.get 0
        i64.const 9
        i64.gt_u
        local.set 5
        local.get 4
        local.set 0
        local.get 5
        br_if 0 (;@1;)
      end
      block ;; label = @1
        local.get 3
        local.get 2
        i32.sub
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 3
        i32.const 1049088
        i32.add
        local.tee 5
        local.get 1
        local.get 2
        i32.add
        i32.const 20
        i32.add
        i32.const 0
        local.get 2
        i32.sub
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        local.get 2
        i32.sub
        local.tee 2
        i32.store offset=1049072
        local.get 2
        i32.const -8191
        i32.add
        i32.const -8193
        i32.le_u
        br_if 0 (;@1;)
        local.get 2
        i32.const 1049088
        i32.add
        i32.const 1049041
        i32.const 1
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        i32.const 1
        i32.add
        i32.store offset=1049072
        local.get 1
        i32.const 32
        i32.add
        global.set 0
        local.get 5
        return
      end
      call 49
      unreachable
    )
    (func (;15;) (type 8) (param i64) (result i32)
      (local i32 i32 i32 i32 i32 i32 i64)
      global.get 0
      i32.const 32
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      i32.const 0
      i32.load offset=1049072
      local.set 3
      block ;; label = @1
        i32.const 1049036
        i32.const 1049041
        local.get 0
        i64.const 0
        i64.lt_s
        select
        local.tee 4
        call 57
        local.tee 5
        i32.const 0
        i32.load offset=1049072
        local.tee 6
        i32.add
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 6
        i32.const 1049088
        i32.add
        local.get 4
        local.get 5
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        local.get 5
        i32.add
        local.tee 4
        i32.store offset=1049072
        local.get 0
        local.get 0
        i64.const 63
        i64.shr_s
        local.tee 7
        i64.xor
        local.get 7
        i64.sub
        local.set 0
        loop ;; label = @2
          local.get 1
          local.get 2
          i32.add
          i32.const 19
          i32.add
          local.get 0
          local.get 0
          i64.const 10
          i64.div_u
          local.tee 7
          i64.const 10
          i64.mul
          i64.sub
          i32.wrap_i64
          i32.const 48
          i32.or
          i32.store8
          local.get 2
          i32.const -1
          i32.add
          local.set 2
          local.get 0
          i64.const 9
          i64.gt_u
          local.set 5
          local.get 7
          local.set 0
          local.get 5
          br_if 0 (;@2;)
        end
        local.get 4
        local.get 2
        i32.sub
        i32.const 8192
        i32.ge_u
        br_if 0 (;@1;)
        local.get 4
        i32.const 1049088
        i32.add
        local.get 1
        local.get 2
        i32.add
        i32.const 20
        i32.add
        i32.const 0
        local.get 2
        i32.sub
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        local.get 2
        i32.sub
        local.tee 2
        i32.store offset=1049072
        local.get 2
        i32.const -8191
        i32.add
        i32.const -8193
        i32.le_u
        br_if 0 (;@1;)
        local.get 2
        i32.const 1049088
        i32.add
        i32.const 1049041
        i32.const 1
        call 55
        drop
        i32.const 0
        i32.const 0
        i32.load offset=1049072
        i32.const 1
        i32.add
        i32.store offset=1049072
        local.get 1
        i32.const 32
        i32.add
        global.set 0
        local.get 3
        i32.const 1049088
        i32.add
        return
      end
      call 49
      unreachable
    )
    (func (;16;) (type 7) (param i32 i32)
      (local i32 i32)
      i32.const 0
      i32.const 0
      i32.store offset=1049072
      block ;; label = @1
        i32.const 0
        i32.load offset=1049060
        i32.const 1048663
        call 58
        br_if 0 (;@1;)
        local.get 1
        i32.const 0
        i32.const 88
        call 53
        drop
        local.get 1
        i32.const 1
        i32.store8
        local.get 0
        i32.const 104
        i32.add
        call 12
        local.set 2
        local.get 1
        i32.load offset=36
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.const 16
        i32.add
        call 54
        local.tee 3
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.add
        i32.const 1048828
        call 34
        local.get 3
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.add
        i32.const 8
        i32.add
        local.get 2
        call 34
        local.get 1
        local.get 3
        i32.store offset=36
        local.get 1
        local.get 1
        i32.load offset=40
        i32.const 1
        i32.add
        i32.store offset=40
        local.get 0
        i64.load offset=128
        call 15
        local.set 2
        local.get 1
        i32.load offset=36
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.const 16
        i32.add
        call 54
        local.tee 3
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.add
        i32.const 1048698
        call 34
        local.get 3
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.add
        i32.const 8
        i32.add
        local.get 2
        call 34
        local.get 1
        local.get 3
        i32.store offset=36
        local.get 1
        local.get 1
        i32.load offset=40
        i32.const 1
        i32.add
        i32.store offset=40
        local.get 0
        i64.load offset=136
        call 15
        local.set 2
        local.get 1
        i32.load offset=36
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.const 16
        i32.add
        call 54
        local.tee 3
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.add
        i32.const 1048707
        call 34
        local.get 3
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.add
        i32.const 8
        i32.add
        local.get 2
        call 34
        local.get 1
        local.get 3
        i32.store offset=36
        local.get 1
        local.get 1
        i32.load offset=40
        i32.const 1
        i32.add
        i32.store offset=40
        local.get 0
        call 31
        return
      end
      local.get 1
      call 9
      local.get 0
      call 31
    )
    (func (;17;) (type 7) (param i32 i32)
      (local i32 i32 i32 i64 i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 2
      global.set 0
      i32.const 0
      i32.const 0
      i32.store offset=1049072
      block ;; label = @1
        block ;; label = @2
          i32.const 0
          i32.load offset=1049060
          i32.const 1048663
          call 58
          br_if 0 (;@2;)
          local.get 1
          i32.const 0
          i32.const 88
          call 53
          drop
          local.get 1
          i32.const 1
          i32.store8
          local.get 0
          i32.load8_u offset=104
          local.set 3
          local.get 1
          i32.load offset=36
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.const 16
          i32.add
          call 54
          local.tee 4
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 1048910
          call 34
          local.get 4
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 8
          i32.add
          local.get 3
          i32.const 2
          i32.shl
          i32.load offset=1049044
          call 34
          local.get 1
          local.get 4
          i32.store offset=36
          local.get 1
          local.get 1
          i32.load offset=40
          i32.const 1
          i32.add
          i32.store offset=40
          i64.const 0
          local.set 5
          block ;; label = @3
            local.get 0
            i32.load8_u offset=112
            i32.const 1
            i32.ne
            br_if 0 (;@3;)
            local.get 0
            i64.load offset=120
            local.set 5
          end
          local.get 5
          call 14
          local.set 3
          local.get 1
          i32.load offset=36
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.const 16
          i32.add
          call 54
          local.tee 4
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 1048937
          call 34
          local.get 4
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 8
          i32.add
          local.get 3
          call 34
          local.get 1
          local.get 4
          i32.store offset=36
          local.get 1
          local.get 1
          i32.load offset=40
          i32.const 1
          i32.add
          local.tee 3
          i32.store offset=40
          i32.const 1048905
          local.set 6
          block ;; label = @3
            local.get 0
            i32.load8_u offset=128
            i32.const 1
            i32.ne
            br_if 0 (;@3;)
            local.get 0
            i32.const 132
            i32.add
            call 12
            local.set 6
            local.get 1
            i32.load offset=40
            local.set 3
            local.get 1
            i32.load offset=36
            local.set 4
          end
          local.get 4
          local.get 3
          i32.const 4
          i32.shl
          i32.const 16
          i32.add
          call 54
          local.tee 4
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 1048828
          call 34
          local.get 4
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 8
          i32.add
          local.get 6
          call 34
          local.get 1
          local.get 4
          i32.store offset=36
          local.get 1
          local.get 1
          i32.load offset=40
          i32.const 1
          i32.add
          i32.store offset=40
          local.get 2
          local.get 0
          i64.load offset=156 align=4
          i64.store offset=8
          local.get 2
          i32.const 8
          i32.add
          call 13
          local.set 3
          local.get 1
          i32.load offset=36
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.const 16
          i32.add
          call 54
          local.tee 4
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 1048723
          call 34
          local.get 4
          local.get 1
          i32.load offset=40
          i32.const 4
          i32.shl
          i32.add
          i32.const 8
          i32.add
          local.get 3
          call 34
          local.get 1
          local.get 4
          i32.store offset=36
          local.get 1
          local.get 1
          i32.load offset=40
          i32.const 1
          i32.add
          i32.store offset=40
          br 1 (;@1;)
        end
        block ;; label = @2
          block ;; label = @3
            i32.const 0
            i32.load offset=1049060
            i32.const 1048851
            call 58
            br_if 0 (;@3;)
            block ;; label = @4
              local.get 0
              i32.load offset=160
              br_if 0 (;@4;)
              i64.const 1
              local.set 5
              br 2 (;@2;)
            end
            i32.const 0
            local.set 3
            i64.const 0
            local.set 5
            i32.const 12
            local.set 4
            loop ;; label = @4
              block ;; label = @5
                local.get 0
                i32.load offset=156
                local.get 4
                i32.add
                local.tee 6
                i32.const -8
                i32.add
                i32.load
                i32.const 5
                i32.ne
                br_if 0 (;@5;)
                local.get 6
                i32.const -12
                i32.add
                i32.load
                i32.const 1048670
                i32.const 5
                call 56
                br_if 0 (;@5;)
                local.get 6
                i32.load
                i32.const 1
                i32.ne
                br_if 0 (;@5;)
                local.get 6
                i32.const -4
                i32.add
                i32.load
                i32.load8_u
                i32.const -48
                i32.add
                local.tee 6
                i64.extend_i32_u
                local.get 5
                local.get 6
                local.get 5
                i32.wrap_i64
                i32.gt_s
                select
                local.set 5
              end
              local.get 4
              i32.const 16
              i32.add
              local.set 4
              local.get 3
              i32.const 1
              i32.add
              local.tee 3
              local.get 0
              i32.load offset=160
              i32.lt_u
              br_if 0 (;@4;)
            end
            local.get 5
            i64.const 1
            i64.add
            local.tee 5
            i64.const 3
            i64.ne
            br_if 1 (;@2;)
            local.get 1
            i32.const 0
            i32.const 88
            call 53
            drop
            local.get 1
            i32.const 2
            i32.store8
            local.get 1
            i32.const 8
            i32.add
            i32.const 1049041
            call 34
            local.get 1
            i32.const 16
            i32.add
            i32.const 1048947
            call 34
            br 2 (;@1;)
          end
          local.get 1
          call 9
          br 1 (;@1;)
        end
        local.get 1
        i32.const 0
        i32.const 88
        call 53
        drop
        local.get 1
        i32.const 1
        i32.store8
        local.get 5
        call 14
        local.set 3
        local.get 1
        i32.load offset=36
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.const 16
        i32.add
        call 54
        local.tee 4
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.add
        i32.const 1048670
        call 34
        local.get 4
        local.get 1
        i32.load offset=40
        i32.const 4
        i32.shl
        i32.add
        i32.const 8
        i32.add
        local.get 3
        call 34
        local.get 1
        local.get 4
        i32.store offset=36
        local.get 1
        i32.const 500
        i32.store offset=76
        local.get 1
        i32.const 1
        i32.store8 offset=72
        local.get 1
        local.get 1
        i32.load offset=40
        i32.const 1
        i32.add
        i32.store offset=40
      end
      local.get 0
      call 32
      local.get 2
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;18;) (type 7) (param i32 i32)
      (local i32)
      global.get 0
      i32.const 80
      i32.sub
      local.tee 2
      global.set 0
      i32.const 0
      i32.const 0
      i32.store offset=1049072
      local.get 2
      i32.const 72
      i32.add
      i32.const 1048940
      call 33
      local.get 2
      i32.const 64
      i32.add
      i32.const 1048940
      call 33
      local.get 2
      i32.const 72
      i32.add
      i64.const 1
      call 36
      local.get 2
      i32.const 16
      i32.add
      i32.const 1048814
      call 33
      local.get 2
      i32.const 16
      i32.add
      i32.const 8
      i32.or
      local.get 1
      i64.load
      call 14
      call 33
      local.get 2
      i32.const 32
      i32.add
      i32.const 1048653
      call 33
      local.get 2
      i32.const 40
      i32.add
      local.get 1
      i64.load offset=8
      call 14
      call 33
      local.get 2
      i32.const 48
      i32.add
      i32.const 1048707
      call 33
      local.get 2
      i32.const 56
      i32.add
      local.get 1
      i64.load offset=16
      call 14
      call 33
      local.get 2
      i32.const 3
      i32.store offset=12
      local.get 2
      local.get 2
      i32.const 16
      i32.add
      i32.store offset=8
      i32.const 2
      local.get 2
      i32.const 64
      i32.add
      local.get 2
      i32.const 8
      i32.add
      call 35
      local.get 0
      call 32
      local.get 2
      i32.const 80
      i32.add
      global.set 0
    )
    (func (;19;) (type 2) (param i32)
      (local i32 i32 i32)
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 0
                  i32.load8_u
                  i32.const -1
                  i32.add
                  br_table 0 (;@6;) 1 (;@5;) 2 (;@4;) 5 (;@1;)
                end
                block ;; label = @6
                  local.get 0
                  i32.load8_u offset=8
                  i32.const 1
                  i32.ne
                  br_if 0 (;@6;)
                  block ;; label = @7
                    local.get 0
                    i32.load offset=16
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 0
                    i32.load offset=12
                    call 51
                  end
                  block ;; label = @7
                    local.get 0
                    i32.load offset=24
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 0
                    i32.load offset=20
                    call 51
                  end
                  local.get 0
                  i32.load offset=32
                  local.tee 1
                  i32.eqz
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=28
                  local.tee 2
                  local.set 3
                  loop ;; label = @7
                    block ;; label = @8
                      local.get 3
                      i32.const 4
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.load
                      call 51
                    end
                    block ;; label = @8
                      local.get 3
                      i32.const 12
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.const 8
                      i32.add
                      i32.load
                      call 51
                    end
                    local.get 3
                    i32.const 16
                    i32.add
                    local.set 3
                    local.get 1
                    i32.const -1
                    i32.add
                    local.tee 1
                    br_if 0 (;@7;)
                  end
                  local.get 2
                  call 51
                end
                block ;; label = @6
                  local.get 0
                  i32.load offset=40
                  local.tee 1
                  i32.eqz
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=36
                  local.tee 2
                  local.set 3
                  loop ;; label = @7
                    block ;; label = @8
                      local.get 3
                      i32.const 4
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.load
                      call 51
                    end
                    block ;; label = @8
                      local.get 3
                      i32.const 12
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.const 8
                      i32.add
                      i32.load
                      call 51
                    end
                    local.get 3
                    i32.const 16
                    i32.add
                    local.set 3
                    local.get 1
                    i32.const -1
                    i32.add
                    local.tee 1
                    br_if 0 (;@7;)
                  end
                  local.get 2
                  call 51
                end
                local.get 0
                i32.load offset=84
                local.tee 1
                i32.eqz
                br_if 4 (;@1;)
                local.get 0
                i32.load offset=80
                local.tee 0
                local.set 3
                loop ;; label = @6
                  block ;; label = @7
                    local.get 3
                    i32.const 4
                    i32.add
                    i32.load
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 3
                    i32.load
                    call 51
                  end
                  local.get 3
                  i32.const 8
                  i32.add
                  local.set 3
                  local.get 1
                  i32.const -1
                  i32.add
                  local.tee 1
                  br_if 0 (;@6;)
                  br 4 (;@2;)
                end
              end
              block ;; label = @5
                local.get 0
                i32.load offset=12
                i32.eqz
                br_if 0 (;@5;)
                local.get 0
                i32.load offset=8
                call 51
              end
              local.get 0
              i32.load offset=20
              i32.eqz
              br_if 3 (;@1;)
              i32.const 16
              local.set 3
              br 1 (;@3;)
            end
            local.get 0
            i32.load offset=12
            i32.eqz
            br_if 2 (;@1;)
            i32.const 8
            local.set 3
          end
          local.get 0
          local.get 3
          i32.add
          i32.load
          local.set 0
        end
        local.get 0
        call 51
      end
    )
    (func (;20;) (type 2) (param i32)
      (local i32 i32 i32)
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 0
                  i32.load8_u
                  i32.const -1
                  i32.add
                  br_table 0 (;@6;) 1 (;@5;) 2 (;@4;) 5 (;@1;)
                end
                block ;; label = @6
                  local.get 0
                  i32.load8_u offset=8
                  i32.const 1
                  i32.ne
                  br_if 0 (;@6;)
                  block ;; label = @7
                    local.get 0
                    i32.load offset=16
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 0
                    i32.load offset=12
                    call 51
                  end
                  block ;; label = @7
                    local.get 0
                    i32.load offset=24
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 0
                    i32.load offset=20
                    call 51
                  end
                  local.get 0
                  i32.load offset=32
                  local.tee 1
                  i32.eqz
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=28
                  local.tee 2
                  local.set 3
                  loop ;; label = @7
                    block ;; label = @8
                      local.get 3
                      i32.const 4
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.load
                      call 51
                    end
                    block ;; label = @8
                      local.get 3
                      i32.const 12
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.const 8
                      i32.add
                      i32.load
                      call 51
                    end
                    local.get 3
                    i32.const 16
                    i32.add
                    local.set 3
                    local.get 1
                    i32.const -1
                    i32.add
                    local.tee 1
                    br_if 0 (;@7;)
                  end
                  local.get 2
                  call 51
                end
                block ;; label = @6
                  local.get 0
                  i32.load offset=40
                  local.tee 1
                  i32.eqz
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=36
                  local.tee 2
                  local.set 3
                  loop ;; label = @7
                    block ;; label = @8
                      local.get 3
                      i32.const 4
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.load
                      call 51
                    end
                    block ;; label = @8
                      local.get 3
                      i32.const 12
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.const 8
                      i32.add
                      i32.load
                      call 51
                    end
                    local.get 3
                    i32.const 16
                    i32.add
                    local.set 3
                    local.get 1
                    i32.const -1
                    i32.add
                    local.tee 1
                    br_if 0 (;@7;)
                  end
                  local.get 2
                  call 51
                end
                local.get 0
                i32.load offset=84
                local.tee 1
                i32.eqz
                br_if 4 (;@1;)
                local.get 0
                i32.load offset=80
                local.tee 0
                local.set 3
                loop ;; label = @6
                  block ;; label = @7
                    local.get 3
                    i32.const 4
                    i32.add
                    i32.load
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 3
                    i32.load
                    call 51
                  end
                  local.get 3
                  i32.const 8
                  i32.add
                  local.set 3
                  local.get 1
                  i32.const -1
                  i32.add
                  local.tee 1
                  br_if 0 (;@6;)
                  br 4 (;@2;)
                end
              end
              block ;; label = @5
                local.get 0
                i32.load offset=12
                i32.eqz
                br_if 0 (;@5;)
                local.get 0
                i32.load offset=8
                call 51
              end
              local.get 0
              i32.load offset=20
              i32.eqz
              br_if 3 (;@1;)
              i32.const 16
              local.set 3
              br 1 (;@3;)
            end
            local.get 0
            i32.load offset=12
            i32.eqz
            br_if 2 (;@1;)
            i32.const 8
            local.set 3
          end
          local.get 0
          local.get 3
          i32.add
          i32.load
          local.set 0
        end
        local.get 0
        call 51
      end
    )
    (func (;21;) (type 2) (param i32)
      (local i32 i32 i32)
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 0
                  i32.load8_u
                  i32.const -1
                  i32.add
                  br_table 0 (;@6;) 1 (;@5;) 2 (;@4;) 5 (;@1;)
                end
                block ;; label = @6
                  local.get 0
                  i32.load8_u offset=8
                  i32.const 1
                  i32.ne
                  br_if 0 (;@6;)
                  block ;; label = @7
                    local.get 0
                    i32.load offset=16
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 0
                    i32.load offset=12
                    call 51
                  end
                  block ;; label = @7
                    local.get 0
                    i32.load offset=24
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 0
                    i32.load offset=20
                    call 51
                  end
                  local.get 0
                  i32.load offset=32
                  local.tee 1
                  i32.eqz
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=28
                  local.tee 2
                  local.set 3
                  loop ;; label = @7
                    block ;; label = @8
                      local.get 3
                      i32.const 4
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.load
                      call 51
                    end
                    block ;; label = @8
                      local.get 3
                      i32.const 12
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.const 8
                      i32.add
                      i32.load
                      call 51
                    end
                    local.get 3
                    i32.const 16
                    i32.add
                    local.set 3
                    local.get 1
                    i32.const -1
                    i32.add
                    local.tee 1
                    br_if 0 (;@7;)
                  end
                  local.get 2
                  call 51
                end
                block ;; label = @6
                  local.get 0
                  i32.load offset=40
                  local.tee 1
                  i32.eqz
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=36
                  local.tee 2
                  local.set 3
                  loop ;; label = @7
                    block ;; label = @8
                      local.get 3
                      i32.const 4
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.load
                      call 51
                    end
                    block ;; label = @8
                      local.get 3
                      i32.const 12
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.const 8
                      i32.add
                      i32.load
                      call 51
                    end
                    local.get 3
                    i32.const 16
                    i32.add
                    local.set 3
                    local.get 1
                    i32.const -1
                    i32.add
                    local.tee 1
                    br_if 0 (;@7;)
                  end
                  local.get 2
                  call 51
                end
                local.get 0
                i32.load offset=84
                local.tee 1
                i32.eqz
                br_if 4 (;@1;)
                local.get 0
                i32.load offset=80
                local.tee 0
                local.set 3
                loop ;; label = @6
                  block ;; label = @7
                    local.get 3
                    i32.const 4
                    i32.add
                    i32.load
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 3
                    i32.load
                    call 51
                  end
                  local.get 3
                  i32.const 8
                  i32.add
                  local.set 3
                  local.get 1
                  i32.const -1
                  i32.add
                  local.tee 1
                  br_if 0 (;@6;)
                  br 4 (;@2;)
                end
              end
              block ;; label = @5
                local.get 0
                i32.load offset=12
                i32.eqz
                br_if 0 (;@5;)
                local.get 0
                i32.load offset=8
                call 51
              end
              local.get 0
              i32.load offset=20
              i32.eqz
              br_if 3 (;@1;)
              i32.const 16
              local.set 3
              br 1 (;@3;)
            end
            local.get 0
            i32.load offset=12
            i32.eqz
            br_if 2 (;@1;)
            i32.const 8
            local.set 3
          end
          local.get 0
          local.get 3
          i32.add
          i32.load
          local.set 0
        end
        local.get 0
        call 51
      end
    )
    (func (;22;) (type 2) (param i32)
      (local i32 i32 i32)
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                block ;; label = @6
                  local.get 0
                  i32.load8_u
                  i32.const -1
                  i32.add
                  br_table 0 (;@6;) 1 (;@5;) 2 (;@4;) 5 (;@1;)
                end
                block ;; label = @6
                  local.get 0
                  i32.load8_u offset=8
                  i32.const 1
                  i32.ne
                  br_if 0 (;@6;)
                  block ;; label = @7
                    local.get 0
                    i32.load offset=16
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 0
                    i32.load offset=12
                    call 51
                  end
                  block ;; label = @7
                    local.get 0
                    i32.load offset=24
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 0
                    i32.load offset=20
                    call 51
                  end
                  local.get 0
                  i32.load offset=32
                  local.tee 1
                  i32.eqz
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=28
                  local.tee 2
                  local.set 3
                  loop ;; label = @7
                    block ;; label = @8
                      local.get 3
                      i32.const 4
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.load
                      call 51
                    end
                    block ;; label = @8
                      local.get 3
                      i32.const 12
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.const 8
                      i32.add
                      i32.load
                      call 51
                    end
                    local.get 3
                    i32.const 16
                    i32.add
                    local.set 3
                    local.get 1
                    i32.const -1
                    i32.add
                    local.tee 1
                    br_if 0 (;@7;)
                  end
                  local.get 2
                  call 51
                end
                block ;; label = @6
                  local.get 0
                  i32.load offset=40
                  local.tee 1
                  i32.eqz
                  br_if 0 (;@6;)
                  local.get 0
                  i32.load offset=36
                  local.tee 2
                  local.set 3
                  loop ;; label = @7
                    block ;; label = @8
                      local.get 3
                      i32.const 4
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.load
                      call 51
                    end
                    block ;; label = @8
                      local.get 3
                      i32.const 12
                      i32.add
                      i32.load
                      i32.eqz
                      br_if 0 (;@8;)
                      local.get 3
                      i32.const 8
                      i32.add
                      i32.load
                      call 51
                    end
                    local.get 3
                    i32.const 16
                    i32.add
                    local.set 3
                    local.get 1
                    i32.const -1
                    i32.add
                    local.tee 1
                    br_if 0 (;@7;)
                  end
                  local.get 2
                  call 51
                end
                local.get 0
                i32.load offset=84
                local.tee 1
                i32.eqz
                br_if 4 (;@1;)
                local.get 0
                i32.load offset=80
                local.tee 0
                local.set 3
                loop ;; label = @6
                  block ;; label = @7
                    local.get 3
                    i32.const 4
                    i32.add
                    i32.load
                    i32.eqz
                    br_if 0 (;@7;)
                    local.get 3
                    i32.load
                    call 51
                  end
                  local.get 3
                  i32.const 8
                  i32.add
                  local.set 3
                  local.get 1
                  i32.const -1
                  i32.add
                  local.tee 1
                  br_if 0 (;@6;)
                  br 4 (;@2;)
                end
              end
              block ;; label = @5
                local.get 0
                i32.load offset=12
                i32.eqz
                br_if 0 (;@5;)
                local.get 0
                i32.load offset=8
                call 51
              end
              local.get 0
              i32.load offset=20
              i32.eqz
              br_if 3 (;@1;)
              i32.const 16
              local.set 3
              br 1 (;@3;)
            end
            local.get 0
            i32.load offset=12
            i32.eqz
            br_if 2 (;@1;)
            i32.const 8
            local.set 3
          end
          local.get 0
          local.get 3
          i32.add
          i32.load
          local.set 0
        end
        local.get 0
        call 51
      end
    )
    (func (;23;) (type 2) (param i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 51
      end
      block ;; label = @1
        local.get 0
        i32.load offset=12
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=8
        call 51
      end
      block ;; label = @1
        local.get 0
        i32.load offset=20
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=16
        call 51
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
        call 51
      end
    )
    (func (;24;) (type 2) (param i32)
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
        call 51
      end
    )
    (func (;25;) (type 9) (param i32 i32 i32 i32) (result i32)
      block ;; label = @1
        local.get 3
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        local.get 3
        call 54
        local.tee 2
        br_if 0 (;@1;)
        call 49
        unreachable
      end
      local.get 2
    )
    (func (;26;) (type 2) (param i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 51
      end
      local.get 0
      i64.const 0
      i64.store align=4
    )
    (func (;27;) (type 2) (param i32)
      (local i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=4
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load
        call 51
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
        call 51
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
            call 51
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
            call 51
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
        call 51
      end
    )
    (func (;28;) (type 2) (param i32)
      (local i32 i32)
      block ;; label = @1
        local.get 0
        i32.load offset=12
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=8
        call 51
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
        call 51
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
          call 51
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
            call 51
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
          call 51
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
        call 51
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
        call 51
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
        call 51
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
        call 51
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
            call 51
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
            call 51
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
        call 51
      end
    )
    (func (;29;) (type 2) (param i32)
      local.get 0
      call 28
    )
    (func (;30;) (type 2) (param i32)
      local.get 0
      call 28
      local.get 0
      i32.const 104
      i32.add
      call 27
      block ;; label = @1
        local.get 0
        i32.load offset=132
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=128
        call 51
      end
      local.get 0
      i64.const 0
      i64.store offset=128 align=4
    )
    (func (;31;) (type 2) (param i32)
      local.get 0
      call 28
      local.get 0
      i32.const 104
      i32.add
      call 27
    )
    (func (;32;) (type 2) (param i32)
      (local i32 i32)
      local.get 0
      call 28
      block ;; label = @1
        local.get 0
        i32.load8_u offset=128
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i32.const 132
        i32.add
        call 27
      end
      block ;; label = @1
        local.get 0
        i32.load offset=160
        local.tee 1
        i32.eqz
        br_if 0 (;@1;)
        local.get 0
        i32.load offset=156
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
            call 51
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
            call 51
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
        call 51
      end
    )
    (func (;33;) (type 7) (param i32 i32)
      local.get 0
      local.get 1
      i32.store
      local.get 0
      local.get 1
      call 57
      i32.store offset=4
    )
    (func (;34;) (type 7) (param i32 i32)
      (local i32)
      local.get 0
      local.get 1
      call 57
      local.tee 2
      i32.store offset=4
      local.get 0
      i32.const 0
      i32.const 0
      i32.const 1
      local.get 2
      call 25
      local.tee 2
      i32.store
      local.get 2
      local.get 1
      local.get 0
      i32.load offset=4
      call 55
      drop
    )
    (func (;35;) (type 3) (param i32 i32 i32)
      local.get 0
      local.get 1
      i32.load
      local.get 1
      i32.load offset=4
      local.get 2
      i32.load
      local.get 2
      i32.load offset=4
      call 0
    )
    (func (;36;) (type 10) (param i32 i64)
      local.get 0
      i32.load
      local.get 0
      i32.load offset=4
      local.get 1
      call 1
    )
    (func (;37;) (type 2) (param i32)
      (local i32)
      global.get 0
      i32.const 16
      i32.sub
      local.tee 1
      global.set 0
      local.get 1
      i32.const 8
      i32.add
      call 2
      local.get 0
      local.get 1
      i64.load offset=8 align=4
      i64.store align=4
      local.get 1
      i32.const 16
      i32.add
      global.set 0
    )
    (func (;38;) (type 6) (param i32 i32) (result i32)
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
      call 3
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
    (func (;39;) (type 11) (param i32 i32 i64 i32 i32 i32) (result i32)
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
      call 4
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
    (func (;40;) (type 5) (param i32) (result i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
      global.get 0
      i32.const 192
      i32.sub
      local.tee 1
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=28
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          i32.const 0
          local.set 2
          br 1 (;@1;)
        end
        i32.const 0
        local.set 3
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=40
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            i32.const 0
            local.set 4
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=48
          local.set 5
          local.get 0
          i32.load offset=44
          local.set 6
          i32.const 1
          local.set 4
        end
        i32.const 1
        local.set 2
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=52
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=60
          local.set 7
          local.get 0
          i32.load offset=56
          local.set 8
          i32.const 1
          local.set 3
        end
        local.get 0
        i32.load offset=36
        local.set 9
        local.get 0
        i32.load offset=32
        local.set 10
      end
      local.get 1
      local.get 7
      i32.store offset=148
      local.get 1
      local.get 8
      i32.store offset=144
      local.get 1
      local.get 3
      i32.store8 offset=140
      local.get 1
      local.get 5
      i32.store offset=136
      local.get 1
      local.get 6
      i32.store offset=132
      local.get 1
      local.get 4
      i32.store8 offset=128
      local.get 1
      local.get 9
      i32.store offset=124
      local.get 1
      local.get 10
      i32.store offset=120
      local.get 1
      local.get 2
      i32.store8 offset=116
      local.get 1
      local.get 0
      i64.load
      i64.store offset=88
      local.get 1
      local.get 0
      i32.load offset=8
      i32.store offset=96
      local.get 1
      local.get 0
      i64.load offset=12 align=4
      i64.store offset=100 align=4
      local.get 1
      local.get 0
      i64.load offset=20 align=4
      i64.store offset=108 align=4
      local.get 1
      local.get 0
      i32.load offset=64
      i32.store offset=152
      local.get 1
      local.get 0
      i32.load offset=68
      i32.store offset=156
      local.get 1
      local.get 0
      i64.load offset=72
      i64.store offset=160
      local.get 1
      local.get 0
      i64.load offset=80
      i64.store offset=168
      local.get 1
      local.get 0
      i64.load offset=88
      i64.store offset=176
      local.get 1
      local.get 0
      i64.load offset=96
      i64.store offset=184
      local.get 1
      i32.const 88
      i32.add
      local.get 1
      call 8
      local.get 0
      call 51
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                local.get 1
                i32.load8_u
                br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;) 4 (;@1;)
              end
              i32.const 0
              i32.const 0
              i32.store8 offset=1057280
              br 3 (;@1;)
            end
            i32.const 0
            local.set 0
            i32.const 0
            i32.const 1
            i32.store8 offset=1057280
            i32.const 0
            local.set 3
            block ;; label = @4
              local.get 1
              i32.load8_u offset=8
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i64.load offset=12 align=4
              i64.store offset=1057292 align=4
              i32.const 0
              local.get 1
              i64.load offset=20 align=4
              i64.store offset=1057300 align=4
              i32.const 0
              local.get 1
              i64.load offset=28 align=4
              i64.store offset=1057308 align=4
              i32.const 1
              local.set 3
            end
            i32.const 0
            local.get 3
            i32.store8 offset=1057288
            i32.const 0
            local.get 1
            i64.load offset=36 align=4
            i64.store offset=1057316 align=4
            block ;; label = @4
              local.get 1
              i32.load8_u offset=44
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i32.load offset=48
              i32.store offset=1057328
              i32.const 1
              local.set 0
            end
            i32.const 0
            local.set 3
            i32.const 0
            local.get 0
            i32.store8 offset=1057324
            i32.const 0
            local.set 0
            block ;; label = @4
              local.get 1
              i32.load8_u offset=56
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i64.load offset=64
              i64.store offset=1057344
              i32.const 1
              local.set 0
            end
            i32.const 0
            local.get 0
            i32.store8 offset=1057336
            block ;; label = @4
              local.get 1
              i32.load8_u offset=72
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i32.load offset=76
              i32.store offset=1057356
              i32.const 1
              local.set 3
            end
            i32.const 0
            local.get 3
            i32.store8 offset=1057352
            i32.const 0
            local.get 1
            i64.load offset=80
            i64.store offset=1057360
            br 2 (;@1;)
          end
          i32.const 0
          i32.const 2
          i32.store8 offset=1057280
          i32.const 0
          local.get 1
          i64.load offset=8
          i64.store offset=1057288
          i32.const 0
          local.get 1
          i64.load offset=16
          i64.store offset=1057296
          i32.const 0
          local.get 1
          i32.load8_u offset=24
          i32.store8 offset=1057304
          i32.const 0
          local.get 1
          i32.load offset=28
          i32.store offset=1057308
          br 1 (;@1;)
        end
        i32.const 0
        i32.const 3
        i32.store8 offset=1057280
        i32.const 0
        local.get 1
        i64.load offset=8
        i64.store offset=1057288
        i32.const 0
        local.get 1
        i32.load8_u offset=16
        i32.store8 offset=1057296
      end
      local.get 1
      i32.const 192
      i32.add
      global.set 0
      i32.const 1057280
    )
    (func (;41;) (type 5) (param i32) (result i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
      global.get 0
      i32.const 240
      i32.sub
      local.tee 1
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=28
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          i32.const 0
          local.set 2
          br 1 (;@1;)
        end
        i32.const 0
        local.set 3
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=40
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            i32.const 0
            local.set 4
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=48
          local.set 5
          local.get 0
          i32.load offset=44
          local.set 6
          i32.const 1
          local.set 4
        end
        i32.const 1
        local.set 2
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=52
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=60
          local.set 7
          local.get 0
          i32.load offset=56
          local.set 8
          i32.const 1
          local.set 3
        end
        local.get 0
        i32.load offset=36
        local.set 9
        local.get 0
        i32.load offset=32
        local.set 10
      end
      local.get 1
      local.get 7
      i32.store offset=156
      local.get 1
      local.get 8
      i32.store offset=152
      local.get 1
      local.get 3
      i32.store8 offset=148
      local.get 1
      local.get 5
      i32.store offset=144
      local.get 1
      local.get 6
      i32.store offset=140
      local.get 1
      local.get 4
      i32.store8 offset=136
      local.get 1
      local.get 9
      i32.store offset=132
      local.get 1
      local.get 10
      i32.store offset=128
      local.get 1
      local.get 2
      i32.store8 offset=124
      local.get 1
      local.get 0
      i64.load
      i64.store offset=96
      local.get 1
      local.get 0
      i32.load offset=8
      i32.store offset=104
      local.get 1
      local.get 0
      i64.load offset=12 align=4
      i64.store offset=108 align=4
      local.get 1
      local.get 0
      i64.load offset=20 align=4
      i64.store offset=116 align=4
      local.get 1
      local.get 0
      i32.load offset=64
      i32.store offset=160
      local.get 1
      local.get 0
      i32.load offset=68
      i32.store offset=164
      local.get 1
      local.get 0
      i64.load offset=72
      i64.store offset=168
      local.get 1
      local.get 0
      i64.load offset=80
      i64.store offset=176
      local.get 1
      local.get 0
      i64.load offset=88
      i64.store offset=184
      local.get 1
      local.get 0
      i64.load offset=96
      i64.store offset=192
      local.get 1
      local.get 0
      i64.load offset=104
      i64.store offset=200
      local.get 1
      local.get 0
      i64.load offset=112
      i64.store offset=208
      local.get 1
      local.get 0
      i64.load offset=120
      i64.store offset=216
      local.get 1
      local.get 0
      i32.load offset=128
      i32.store offset=224
      local.get 1
      i32.const 0
      i32.store offset=233 align=1
      local.get 1
      i32.const 0
      i32.store offset=236 align=1
      local.get 1
      local.get 0
      i32.load offset=132
      i32.store offset=228
      local.get 1
      local.get 0
      i32.load8_u offset=136
      i32.const 0
      i32.ne
      i32.store8 offset=232
      local.get 1
      i32.const 96
      i32.add
      local.get 1
      i32.const 8
      i32.add
      call 11
      local.get 0
      call 51
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                local.get 1
                i32.load8_u offset=8
                br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;) 4 (;@1;)
              end
              i32.const 0
              i32.const 0
              i32.store8 offset=1057280
              br 3 (;@1;)
            end
            i32.const 0
            local.set 0
            i32.const 0
            i32.const 1
            i32.store8 offset=1057280
            i32.const 0
            local.set 3
            block ;; label = @4
              local.get 1
              i32.load8_u offset=16
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i64.load offset=20 align=4
              i64.store offset=1057292 align=4
              i32.const 0
              local.get 1
              i64.load offset=28 align=4
              i64.store offset=1057300 align=4
              i32.const 0
              local.get 1
              i64.load offset=36 align=4
              i64.store offset=1057308 align=4
              i32.const 1
              local.set 3
            end
            i32.const 0
            local.get 3
            i32.store8 offset=1057288
            i32.const 0
            local.get 1
            i64.load offset=44 align=4
            i64.store offset=1057316 align=4
            block ;; label = @4
              local.get 1
              i32.load8_u offset=52
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i32.load offset=56
              i32.store offset=1057328
              i32.const 1
              local.set 0
            end
            i32.const 0
            local.set 3
            i32.const 0
            local.get 0
            i32.store8 offset=1057324
            i32.const 0
            local.set 0
            block ;; label = @4
              local.get 1
              i32.load8_u offset=64
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i64.load offset=72
              i64.store offset=1057344
              i32.const 1
              local.set 0
            end
            i32.const 0
            local.get 0
            i32.store8 offset=1057336
            block ;; label = @4
              local.get 1
              i32.load8_u offset=80
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i32.load offset=84
              i32.store offset=1057356
              i32.const 1
              local.set 3
            end
            i32.const 0
            local.get 3
            i32.store8 offset=1057352
            i32.const 0
            local.get 1
            i64.load offset=88
            i64.store offset=1057360
            br 2 (;@1;)
          end
          i32.const 0
          i32.const 2
          i32.store8 offset=1057280
          i32.const 0
          local.get 1
          i64.load offset=16
          i64.store offset=1057288
          i32.const 0
          local.get 1
          i64.load offset=24
          i64.store offset=1057296
          i32.const 0
          local.get 1
          i32.load8_u offset=32
          i32.store8 offset=1057304
          i32.const 0
          local.get 1
          i32.load offset=36
          i32.store offset=1057308
          br 1 (;@1;)
        end
        i32.const 0
        i32.const 3
        i32.store8 offset=1057280
        i32.const 0
        local.get 1
        i64.load offset=16
        i64.store offset=1057288
        i32.const 0
        local.get 1
        i32.load8_u offset=24
        i32.store8 offset=1057296
      end
      local.get 1
      i32.const 240
      i32.add
      global.set 0
      i32.const 1057280
    )
    (func (;42;) (type 5) (param i32) (result i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
      global.get 0
      i32.const 240
      i32.sub
      local.tee 1
      global.set 0
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=28
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          i32.const 0
          local.set 2
          br 1 (;@1;)
        end
        i32.const 0
        local.set 3
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=40
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            i32.const 0
            local.set 4
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=48
          local.set 5
          local.get 0
          i32.load offset=44
          local.set 6
          i32.const 1
          local.set 4
        end
        i32.const 1
        local.set 2
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=52
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=60
          local.set 7
          local.get 0
          i32.load offset=56
          local.set 8
          i32.const 1
          local.set 3
        end
        local.get 0
        i32.load offset=36
        local.set 9
        local.get 0
        i32.load offset=32
        local.set 10
      end
      local.get 1
      local.get 7
      i32.store offset=156
      local.get 1
      local.get 8
      i32.store offset=152
      local.get 1
      local.get 3
      i32.store8 offset=148
      local.get 1
      local.get 5
      i32.store offset=144
      local.get 1
      local.get 6
      i32.store offset=140
      local.get 1
      local.get 4
      i32.store8 offset=136
      local.get 1
      local.get 9
      i32.store offset=132
      local.get 1
      local.get 10
      i32.store offset=128
      local.get 1
      local.get 2
      i32.store8 offset=124
      local.get 1
      local.get 0
      i64.load
      i64.store offset=96
      local.get 1
      local.get 0
      i32.load offset=8
      i32.store offset=104
      local.get 1
      local.get 0
      i64.load offset=12 align=4
      i64.store offset=108 align=4
      local.get 1
      local.get 0
      i64.load offset=20 align=4
      i64.store offset=116 align=4
      local.get 1
      local.get 0
      i32.load offset=64
      i32.store offset=160
      local.get 1
      local.get 0
      i32.load offset=68
      i32.store offset=164
      local.get 1
      local.get 0
      i64.load offset=72
      i64.store offset=168
      local.get 1
      local.get 0
      i64.load offset=80
      i64.store offset=176
      local.get 1
      local.get 0
      i64.load offset=88
      i64.store offset=184
      local.get 1
      local.get 0
      i64.load offset=96
      i64.store offset=192
      local.get 1
      local.get 0
      i64.load offset=104
      i64.store offset=200
      local.get 1
      local.get 0
      i64.load offset=112
      i64.store offset=208
      local.get 1
      local.get 0
      i64.load offset=120
      i64.store offset=216
      local.get 1
      local.get 0
      i64.load offset=128
      i64.store offset=224
      local.get 1
      local.get 0
      i64.load offset=136
      i64.store offset=232
      local.get 1
      i32.const 96
      i32.add
      local.get 1
      i32.const 8
      i32.add
      call 16
      local.get 0
      call 51
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                local.get 1
                i32.load8_u offset=8
                br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;) 4 (;@1;)
              end
              i32.const 0
              i32.const 0
              i32.store8 offset=1057280
              br 3 (;@1;)
            end
            i32.const 0
            local.set 0
            i32.const 0
            i32.const 1
            i32.store8 offset=1057280
            i32.const 0
            local.set 3
            block ;; label = @4
              local.get 1
              i32.load8_u offset=16
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i64.load offset=20 align=4
              i64.store offset=1057292 align=4
              i32.const 0
              local.get 1
              i64.load offset=28 align=4
              i64.store offset=1057300 align=4
              i32.const 0
              local.get 1
              i64.load offset=36 align=4
              i64.store offset=1057308 align=4
              i32.const 1
              local.set 3
            end
            i32.const 0
            local.get 3
            i32.store8 offset=1057288
            i32.const 0
            local.get 1
            i64.load offset=44 align=4
            i64.store offset=1057316 align=4
            block ;; label = @4
              local.get 1
              i32.load8_u offset=52
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i32.load offset=56
              i32.store offset=1057328
              i32.const 1
              local.set 0
            end
            i32.const 0
            local.set 3
            i32.const 0
            local.get 0
            i32.store8 offset=1057324
            i32.const 0
            local.set 0
            block ;; label = @4
              local.get 1
              i32.load8_u offset=64
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i64.load offset=72
              i64.store offset=1057344
              i32.const 1
              local.set 0
            end
            i32.const 0
            local.get 0
            i32.store8 offset=1057336
            block ;; label = @4
              local.get 1
              i32.load8_u offset=80
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i32.load offset=84
              i32.store offset=1057356
              i32.const 1
              local.set 3
            end
            i32.const 0
            local.get 3
            i32.store8 offset=1057352
            i32.const 0
            local.get 1
            i64.load offset=88
            i64.store offset=1057360
            br 2 (;@1;)
          end
          i32.const 0
          i32.const 2
          i32.store8 offset=1057280
          i32.const 0
          local.get 1
          i64.load offset=16
          i64.store offset=1057288
          i32.const 0
          local.get 1
          i64.load offset=24
          i64.store offset=1057296
          i32.const 0
          local.get 1
          i32.load8_u offset=32
          i32.store8 offset=1057304
          i32.const 0
          local.get 1
          i32.load offset=36
          i32.store offset=1057308
          br 1 (;@1;)
        end
        i32.const 0
        i32.const 3
        i32.store8 offset=1057280
        i32.const 0
        local.get 1
        i64.load offset=16
        i64.store offset=1057288
        i32.const 0
        local.get 1
        i32.load8_u offset=24
        i32.store8 offset=1057296
      end
      local.get 1
      i32.const 240
      i32.add
      global.set 0
      i32.const 1057280
    )
    (func (;43;) (type 5) (param i32) (result i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i32 i32 i32 i32 i32 i32 i32)
      global.get 0
      i32.const 256
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=28
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
            i32.load8_u offset=40
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            i32.const 0
            local.set 5
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=48
          local.set 6
          local.get 0
          i32.load offset=44
          local.set 7
          i32.const 1
          local.set 5
        end
        i32.const 1
        local.set 3
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=52
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=60
          local.set 8
          local.get 0
          i32.load offset=56
          local.set 9
          i32.const 1
          local.set 4
        end
        local.get 0
        i32.load offset=36
        local.set 10
        local.get 0
        i32.load offset=32
        local.set 11
      end
      block ;; label = @1
        local.get 0
        i32.load8_u offset=112
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i64.load offset=120
        local.set 12
        i32.const 1
        local.set 2
      end
      i32.const 1
      local.set 13
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=128
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          i32.const 0
          local.set 13
          br 1 (;@1;)
        end
        local.get 0
        i32.load offset=152
        local.set 14
        local.get 0
        i32.load offset=148
        local.set 15
        local.get 0
        i32.load offset=144
        local.set 16
        local.get 0
        i32.load offset=140
        local.set 17
        local.get 0
        i32.load offset=136
        local.set 18
        local.get 0
        i32.load offset=132
        local.set 19
      end
      local.get 1
      local.get 8
      i32.store offset=148
      local.get 1
      local.get 9
      i32.store offset=144
      local.get 1
      local.get 4
      i32.store8 offset=140
      local.get 1
      local.get 6
      i32.store offset=136
      local.get 1
      local.get 7
      i32.store offset=132
      local.get 1
      local.get 5
      i32.store8 offset=128
      local.get 1
      local.get 10
      i32.store offset=124
      local.get 1
      local.get 11
      i32.store offset=120
      local.get 1
      local.get 3
      i32.store8 offset=116
      local.get 1
      local.get 0
      i64.load
      i64.store offset=88
      local.get 1
      local.get 0
      i32.load offset=8
      i32.store offset=96
      local.get 1
      local.get 0
      i64.load offset=12 align=4
      i64.store offset=100 align=4
      local.get 1
      local.get 0
      i64.load offset=20 align=4
      i64.store offset=108 align=4
      local.get 1
      local.get 0
      i32.load offset=64
      i32.store offset=152
      local.get 1
      i32.const 0
      i32.store offset=193 align=1
      local.get 1
      i32.const 0
      i32.store offset=196 align=1
      local.get 1
      local.get 2
      i32.store8 offset=200
      local.get 1
      local.get 13
      i32.store8 offset=216
      local.get 1
      local.get 14
      i32.store offset=240
      local.get 1
      local.get 15
      i32.store offset=236
      local.get 1
      local.get 16
      i32.store offset=232
      local.get 1
      local.get 17
      i32.store offset=228
      local.get 1
      local.get 18
      i32.store offset=224
      local.get 1
      local.get 19
      i32.store offset=220
      local.get 1
      local.get 12
      i64.store offset=208
      local.get 1
      local.get 0
      i32.load offset=68
      i32.store offset=156
      local.get 1
      local.get 0
      i64.load offset=72
      i64.store offset=160
      local.get 1
      local.get 0
      i64.load offset=80
      i64.store offset=168
      local.get 1
      local.get 0
      i64.load offset=88
      i64.store offset=176
      local.get 1
      local.get 0
      i64.load offset=96
      i64.store offset=184
      local.get 1
      local.get 0
      i32.load8_u offset=104
      i32.store8 offset=192
      local.get 1
      i32.const 0
      i32.store offset=252
      local.get 1
      local.get 0
      i64.load offset=156 align=4
      i64.store offset=244 align=4
      local.get 1
      i32.const 88
      i32.add
      local.get 1
      call 17
      local.get 0
      call 51
      block ;; label = @1
        block ;; label = @2
          block ;; label = @3
            block ;; label = @4
              block ;; label = @5
                local.get 1
                i32.load8_u
                br_table 0 (;@5;) 1 (;@4;) 2 (;@3;) 3 (;@2;) 4 (;@1;)
              end
              i32.const 0
              i32.const 0
              i32.store8 offset=1057280
              br 3 (;@1;)
            end
            i32.const 0
            local.set 0
            i32.const 0
            i32.const 1
            i32.store8 offset=1057280
            i32.const 0
            local.set 2
            block ;; label = @4
              local.get 1
              i32.load8_u offset=8
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i64.load offset=12 align=4
              i64.store offset=1057292 align=4
              i32.const 0
              local.get 1
              i64.load offset=20 align=4
              i64.store offset=1057300 align=4
              i32.const 0
              local.get 1
              i64.load offset=28 align=4
              i64.store offset=1057308 align=4
              i32.const 1
              local.set 2
            end
            i32.const 0
            local.get 2
            i32.store8 offset=1057288
            i32.const 0
            local.get 1
            i64.load offset=36 align=4
            i64.store offset=1057316 align=4
            block ;; label = @4
              local.get 1
              i32.load8_u offset=44
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i32.load offset=48
              i32.store offset=1057328
              i32.const 1
              local.set 0
            end
            i32.const 0
            local.set 2
            i32.const 0
            local.get 0
            i32.store8 offset=1057324
            i32.const 0
            local.set 0
            block ;; label = @4
              local.get 1
              i32.load8_u offset=56
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i64.load offset=64
              i64.store offset=1057344
              i32.const 1
              local.set 0
            end
            i32.const 0
            local.get 0
            i32.store8 offset=1057336
            block ;; label = @4
              local.get 1
              i32.load8_u offset=72
              i32.const 1
              i32.ne
              br_if 0 (;@4;)
              i32.const 0
              local.get 1
              i32.load offset=76
              i32.store offset=1057356
              i32.const 1
              local.set 2
            end
            i32.const 0
            local.get 2
            i32.store8 offset=1057352
            i32.const 0
            local.get 1
            i64.load offset=80
            i64.store offset=1057360
            br 2 (;@1;)
          end
          i32.const 0
          i32.const 2
          i32.store8 offset=1057280
          i32.const 0
          local.get 1
          i64.load offset=8
          i64.store offset=1057288
          i32.const 0
          local.get 1
          i64.load offset=16
          i64.store offset=1057296
          i32.const 0
          local.get 1
          i32.load8_u offset=24
          i32.store8 offset=1057304
          i32.const 0
          local.get 1
          i32.load offset=28
          i32.store offset=1057308
          br 1 (;@1;)
        end
        i32.const 0
        i32.const 3
        i32.store8 offset=1057280
        i32.const 0
        local.get 1
        i64.load offset=8
        i64.store offset=1057288
        i32.const 0
        local.get 1
        i32.load8_u offset=16
        i32.store8 offset=1057296
      end
      local.get 1
      i32.const 256
      i32.add
      global.set 0
      i32.const 1057280
    )
    (func (;44;) (type 2) (param i32)
      (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i32 i32 i32 i32 i32 i32 i32)
      global.get 0
      i32.const 208
      i32.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.set 2
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=28
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
            i32.load8_u offset=40
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            i32.const 0
            local.set 5
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=48
          local.set 6
          local.get 0
          i32.load offset=44
          local.set 7
          i32.const 1
          local.set 5
        end
        i32.const 1
        local.set 3
        block ;; label = @2
          block ;; label = @3
            local.get 0
            i32.load8_u offset=52
            i32.const 1
            i32.eq
            br_if 0 (;@3;)
            br 1 (;@2;)
          end
          local.get 0
          i32.load offset=60
          local.set 8
          local.get 0
          i32.load offset=56
          local.set 9
          i32.const 1
          local.set 4
        end
        local.get 0
        i32.load offset=36
        local.set 10
        local.get 0
        i32.load offset=32
        local.set 11
      end
      block ;; label = @1
        local.get 0
        i32.load8_u offset=112
        i32.const 1
        i32.ne
        br_if 0 (;@1;)
        local.get 0
        i64.load offset=120
        local.set 12
        i32.const 1
        local.set 2
      end
      i32.const 1
      local.set 13
      block ;; label = @1
        block ;; label = @2
          local.get 0
          i32.load8_u offset=128
          i32.const 1
          i32.eq
          br_if 0 (;@2;)
          i32.const 0
          local.set 13
          br 1 (;@1;)
        end
        local.get 0
        i32.load offset=152
        local.set 14
        local.get 0
        i32.load offset=148
        local.set 15
        local.get 0
        i32.load offset=144
        local.set 16
        local.get 0
        i32.load offset=140
        local.set 17
        local.get 0
        i32.load offset=136
        local.set 18
        local.get 0
        i32.load offset=132
        local.set 19
      end
      local.get 1
      local.get 8
      i32.store offset=100
      local.get 1
      local.get 9
      i32.store offset=96
      local.get 1
      local.get 4
      i32.store8 offset=92
      local.get 1
      local.get 6
      i32.store offset=88
      local.get 1
      local.get 7
      i32.store offset=84
      local.get 1
      local.get 5
      i32.store8 offset=80
      local.get 1
      local.get 10
      i32.store offset=76
      local.get 1
      local.get 11
      i32.store offset=72
      local.get 1
      local.get 3
      i32.store8 offset=68
      local.get 1
      local.get 0
      i64.load
      i64.store offset=40
      local.get 1
      local.get 0
      i32.load offset=8
      i32.store offset=48
      local.get 1
      local.get 0
      i64.load offset=12 align=4
      i64.store offset=52 align=4
      local.get 1
      local.get 0
      i64.load offset=20 align=4
      i64.store offset=60 align=4
      local.get 1
      local.get 0
      i32.load offset=64
      i32.store offset=104
      local.get 1
      i32.const 0
      i32.store offset=145 align=1
      local.get 1
      i32.const 0
      i32.store offset=148 align=1
      local.get 1
      local.get 2
      i32.store8 offset=152
      local.get 1
      local.get 13
      i32.store8 offset=168
      local.get 1
      local.get 14
      i32.store offset=192
      local.get 1
      local.get 15
      i32.store offset=188
      local.get 1
      local.get 16
      i32.store offset=184
      local.get 1
      local.get 17
      i32.store offset=180
      local.get 1
      local.get 18
      i32.store offset=176
      local.get 1
      local.get 19
      i32.store offset=172
      local.get 1
      local.get 12
      i64.store offset=160
      local.get 1
      local.get 0
      i32.load offset=68
      i32.store offset=108
      local.get 1
      local.get 0
      i64.load offset=72
      i64.store offset=112
      local.get 1
      local.get 0
      i64.load offset=80
      i64.store offset=120
      local.get 1
      local.get 0
      i64.load offset=88
      i64.store offset=128
      local.get 1
      local.get 0
      i64.load offset=96
      i64.store offset=136
      local.get 1
      local.get 0
      i32.load8_u offset=104
      i32.store8 offset=144
      local.get 1
      i32.const 0
      i32.store offset=204
      local.get 1
      local.get 0
      i64.load offset=156 align=4
      i64.store offset=196 align=4
      local.get 1
      i32.const 0
      i32.store offset=33 align=1
      local.get 1
      i32.const 0
      i32.store offset=36 align=1
      local.get 1
      local.get 0
      i64.load offset=168
      i64.store offset=8
      local.get 1
      local.get 0
      i64.load offset=176
      i64.store offset=16
      local.get 1
      local.get 0
      i64.load offset=184
      i64.store offset=24
      local.get 1
      local.get 0
      i32.load8_u offset=192
      i32.store8 offset=32
      local.get 1
      i32.const 40
      i32.add
      local.get 1
      i32.const 8
      i32.add
      call 18
      local.get 0
      call 51
      local.get 1
      i32.const 208
      i32.add
      global.set 0
    )
    (func (;45;) (type 12) (result i32)
      (local i32 i32)
      global.get 0
      i32.const 48
      i32.sub
      local.tee 0
      global.set 0
      local.get 0
      i32.const 8
      i32.add
      call 5
      i32.const 0
      local.get 0
      i64.load offset=8 align=4
      i64.store offset=1057280
      i32.const 0
      local.get 0
      i64.load offset=16 align=4
      i64.store offset=1057288
      i32.const 0
      local.get 0
      i64.load offset=24 align=4
      i64.store offset=1057296
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
        i64.store offset=1057308 align=4
        i32.const 1
        local.set 1
      end
      i32.const 0
      local.get 1
      i32.store8 offset=1057304
      i32.const 0
      local.get 0
      i32.load offset=44
      i32.store offset=1057316
      local.get 0
      i32.const 48
      i32.add
      global.set 0
      i32.const 1057280
    )
    (func (;46;) (type 12) (result i32)
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
          call 6
          br_if 0 (;@2;)
          local.get 0
          i32.load offset=12
          local.set 1
          local.get 0
          i32.load offset=8
          local.set 2
          i32.const 0
          i32.const 1
          i32.store8 offset=1057280
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
                i32.store offset=1057292
                i32.const 0
                local.get 2
                i32.store offset=1057288
                i32.const 0
                i32.const 0
                i32.store8 offset=1057284
                br 4 (;@1;)
              end
              i32.const 0
              local.get 1
              i32.store offset=1057292
              i32.const 0
              i32.const 1
              i32.store8 offset=1057284
              i32.const 0
              local.get 2
              i32.store offset=1057288
              br 3 (;@1;)
            end
            i32.const 0
            i32.const 2
            i32.store8 offset=1057284
            br 2 (;@1;)
          end
          i32.const 0
          local.get 1
          i32.store offset=1057292
          i32.const 0
          i32.const 3
          i32.store8 offset=1057284
          i32.const 0
          local.get 2
          i32.store offset=1057288
          br 1 (;@1;)
        end
        i32.const 0
        i32.const 0
        i32.store8 offset=1057280
      end
      local.get 0
      i32.const 16
      i32.add
      global.set 0
      i32.const 1057280
    )
    (func (;47;) (type 13)
      call 48
    )
    (func (;48;) (type 13))
    (func (;49;) (type 13)
      unreachable
    )
    (func (;50;) (type 5) (param i32) (result i32)
      (local i32 i32 i32)
      block ;; label = @1
        local.get 0
        i32.const 134217728
        i32.gt_u
        br_if 0 (;@1;)
        i32.const 3
        local.set 1
        i32.const 1057388
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
            i32.load offset=1057488
            local.tee 0
            br_if 0 (;@3;)
            i32.const 0
            i32.const 1057504
            i32.const 15
            i32.add
            i32.const -16
            i32.and
            local.tee 0
            i32.store offset=1057488
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
          i32.store offset=1057488
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
    (func (;51;) (type 2) (param i32)
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
        i32.load offset=1057376
        i32.store
        local.get 1
        local.get 0
        i32.store offset=1057376
      end
    )
    (func (;52;) (type 6) (param i32 i32) (result i32)
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
        i32.const 1057388
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
            i32.load offset=1057488
            local.tee 6
            br_if 0 (;@3;)
            i32.const 0
            i32.const 1057504
            i32.const 15
            i32.add
            i32.const -16
            i32.and
            local.tee 6
            i32.store offset=1057488
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
          i32.store offset=1057488
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
    (func (;53;) (type 14) (param i32 i32 i32) (result i32)
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
    (func (;54;) (type 6) (param i32 i32) (result i32)
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
          i32.const 1057388
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
              i32.load offset=1057488
              local.tee 1
              br_if 0 (;@4;)
              i32.const 0
              i32.const 1057504
              i32.const 15
              i32.add
              i32.const -16
              i32.and
              local.tee 1
              i32.store offset=1057488
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
            i32.store offset=1057488
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
        i32.const 1057388
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
            i32.load offset=1057488
            local.tee 1
            br_if 0 (;@3;)
            i32.const 0
            i32.const 1057504
            i32.const 15
            i32.add
            i32.const -16
            i32.and
            local.tee 1
            i32.store offset=1057488
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
          i32.store offset=1057488
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
        i32.load offset=1057376
        i32.store
        local.get 3
        local.get 5
        i32.store offset=1057376
        local.get 7
        return
      end
      unreachable
    )
    (func (;55;) (type 14) (param i32 i32 i32) (result i32)
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
    (func (;56;) (type 14) (param i32 i32 i32) (result i32)
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
    (func (;57;) (type 5) (param i32) (result i32)
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
    (func (;58;) (type 6) (param i32 i32) (result i32)
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
    (data (;0;) (i32.const 1048576) "query\00deny\00key\00rtmp://127.0.0.2/live/x\00rtmp://127.0.0.1/live/x\00allow\00kv\00text\00bytes_out\00report\00count\00agent\00secret\00redirect\00start_ms\00duration_ms\00tls\00tags\00do: nothing that this filter does\00fourccs\00takes_over\00peer\00app\00told to trap\00do\00abstain\00bytes_in\00plan\00stream\00tc_url\00protocol\00recheck\00playing\00connecting\00publishing\00live\00true\00false\00none\00role\00mode\00conformance\00gold\00id\00closed\00kicked\00NetStream.Publish.Denied\00public\00extra\00=\00:\001.0.0\00/\00Answers what its setting names.\00-\00,\00 \00\00\00#\01\10\00.\01\10\00\1b\01\10\00")
    (data (;1;) (i32.const 1049056) "\d1\01\10\00\d1\01\10\00")
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-shim-module (;1;)
    (type (;0;) (func (param i32 i32 i32 i32 i32)))
    (type (;1;) (func (param i32 i32 i64)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (param i32 i32 i32)))
    (type (;4;) (func (param i32 i32 i32 i32 i64 i32 i64 i32)))
    (table (;0;) 5 5 funcref)
    (export "0" (func 0))
    (export "1" (func 1))
    (export "2" (func 2))
    (export "3" (func 3))
    (export "4" (func 4))
    (export "$imports" (table 0))
    (func (;0;) (type 0) (param i32 i32 i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      i32.const 0
      call_indirect (type 0)
    )
    (func (;1;) (type 1) (param i32 i32 i64)
      local.get 0
      local.get 1
      local.get 2
      i32.const 1
      call_indirect (type 1)
    )
    (func (;2;) (type 2) (param i32)
      local.get 0
      i32.const 2
      call_indirect (type 2)
    )
    (func (;3;) (type 3) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 3
      call_indirect (type 3)
    )
    (func (;4;) (type 4) (param i32 i32 i32 i32 i64 i32 i64 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      local.get 6
      local.get 7
      i32.const 4
      call_indirect (type 4)
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-fixup (;2;)
    (type (;0;) (func (param i32 i32 i32 i32 i32)))
    (type (;1;) (func (param i32 i32 i64)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func (param i32 i32 i32)))
    (type (;4;) (func (param i32 i32 i32 i32 i64 i32 i64 i32)))
    (import "" "0" (func (;0;) (type 0)))
    (import "" "1" (func (;1;) (type 1)))
    (import "" "2" (func (;2;) (type 2)))
    (import "" "3" (func (;3;) (type 3)))
    (import "" "4" (func (;4;) (type 4)))
    (import "" "$imports" (table (;0;) 5 5 funcref))
    (elem (;0;) (i32.const 0) func 0 1 2 3 4)
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core instance $wit-component-shim-instance (;0;) (instantiate $wit-component-shim-module))
  (alias export $weir:filter/types@0.1.0 "connection-info" (type $connection-info (;5;)))
  (alias export $weir:filter/types@0.1.0 "publish-request" (type $publish-request (;6;)))
  (alias export $weir:filter/types@0.1.0 "play-request" (type $play-request (;7;)))
  (alias export $weir:filter/types@0.1.0 "stream-key" (type $stream-key (;8;)))
  (alias export $weir:filter/types@0.1.0 "stream-id" (type $stream-id (;9;)))
  (alias export $weir:filter/types@0.1.0 "attributes" (type $attributes (;10;)))
  (alias export $weir:filter/types@0.1.0 "end-reason" (type $end-reason (;11;)))
  (type (;12;) (option $stream-key))
  (type (;13;) (option u32))
  (type (;14;) (option u64))
  (type (;15;) (list string))
  (type (;16;) (record (field "rename" 12) (field "tags" $attributes) (field "max-kbps" 13) (field "max-duration-ms" 14) (field "recheck-ms" 13) (field "push-to" 15)))
  (type (;17;) (record (field "code" string) (field "reason" string) (field "disconnect" bool) (field "hold-ms" u32)))
  (type (;18;) (record (field "url" string) (field "permanent" bool)))
  (type (;19;) (variant (case "abstain") (case "allow" 16) (case "deny" 17) (case "redirect" 18)))
  (type (;20;) (enum "connecting" "publishing" "playing"))
  (type (;21;) (option $stream-id))
  (type (;22;) (record (field "conn" $connection-info) (field "role" 20) (field "stream" 21) (field "key" 12) (field "tags" $attributes)))
  (type (;23;) (record (field "bytes-in" u64) (field "bytes-out" u64) (field "duration-ms" u64) (field "reason" $end-reason)))
  (alias export $weir:filter/types@0.1.0 "fault" (type $fault (;24;)))
  (type (;25;) (option string))
  (type (;26;) (record (field "name" string) (field "version" string) (field "summary" string) (field "config-schema" 25) (field "state-schema" u32)))
  (alias core export $wit-component-shim-instance "0" (core func $indirect-weir:filter/log@0.1.0-write (;0;)))
  (core instance $weir:filter/log@0.1.0 (;1;)
    (export "write" (func $indirect-weir:filter/log@0.1.0-write))
  )
  (alias core export $wit-component-shim-instance "1" (core func $indirect-weir:filter/metrics@0.1.0-add (;1;)))
  (core instance $weir:filter/metrics@0.1.0 (;2;)
    (export "add" (func $indirect-weir:filter/metrics@0.1.0-add))
  )
  (alias core export $wit-component-shim-instance "2" (core func $indirect-weir:filter/config@0.1.0-json (;2;)))
  (alias core export $wit-component-shim-instance "3" (core func $indirect-weir:filter/config@0.1.0-secret (;3;)))
  (core instance $weir:filter/config@0.1.0 (;3;)
    (export "json" (func $indirect-weir:filter/config@0.1.0-json))
    (export "secret" (func $indirect-weir:filter/config@0.1.0-secret))
  )
  (alias core export $wit-component-shim-instance "4" (core func $indirect-weir:filter/kv@0.1.0-add (;4;)))
  (core instance $weir:filter/kv@0.1.0 (;4;)
    (export "add" (func $indirect-weir:filter/kv@0.1.0-add))
  )
  (core instance $main (;5;) (instantiate $main
      (with "weir:filter/log@0.1.0" (instance $weir:filter/log@0.1.0))
      (with "weir:filter/metrics@0.1.0" (instance $weir:filter/metrics@0.1.0))
      (with "weir:filter/config@0.1.0" (instance $weir:filter/config@0.1.0))
      (with "weir:filter/kv@0.1.0" (instance $weir:filter/kv@0.1.0))
    )
  )
  (alias core export $main "memory" (core memory $memory (;0;)))
  (alias core export $wit-component-shim-instance "$imports" (core table $"shim table" (;0;)))
  (alias export $weir:filter/log@0.1.0 "write" (func $write (;0;)))
  (alias core export $main "cabi_realloc" (core func $realloc (;5;)))
  (core func $"#core-func6 indirect-weir:filter/log@0.1.0-write" (@name "indirect-weir:filter/log@0.1.0-write") (;6;) (canon lower (func $write) (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/metrics@0.1.0 "add" (func $add (;1;)))
  (core func $"#core-func7 indirect-weir:filter/metrics@0.1.0-add" (@name "indirect-weir:filter/metrics@0.1.0-add") (;7;) (canon lower (func $add) (memory $memory) string-encoding=utf8))
  (alias export $weir:filter/config@0.1.0 "json" (func $json (;2;)))
  (core func $"#core-func8 indirect-weir:filter/config@0.1.0-json" (@name "indirect-weir:filter/config@0.1.0-json") (;8;) (canon lower (func $json) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/config@0.1.0 "secret" (func $secret (;3;)))
  (core func $"#core-func9 indirect-weir:filter/config@0.1.0-secret" (@name "indirect-weir:filter/config@0.1.0-secret") (;9;) (canon lower (func $secret) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/kv@0.1.0 "add" (func $"#func4 add" (@name "add") (;4;)))
  (core func $"#core-func10 indirect-weir:filter/kv@0.1.0-add" (@name "indirect-weir:filter/kv@0.1.0-add") (;10;) (canon lower (func $"#func4 add") (memory $memory) (realloc $realloc) string-encoding=utf8))
  (core instance $fixup-args (;6;)
    (export "$imports" (table $"shim table"))
    (export "0" (func $"#core-func6 indirect-weir:filter/log@0.1.0-write"))
    (export "1" (func $"#core-func7 indirect-weir:filter/metrics@0.1.0-add"))
    (export "2" (func $"#core-func8 indirect-weir:filter/config@0.1.0-json"))
    (export "3" (func $"#core-func9 indirect-weir:filter/config@0.1.0-secret"))
    (export "4" (func $"#core-func10 indirect-weir:filter/kv@0.1.0-add"))
  )
  (core instance $fixup (;7;) (instantiate $wit-component-fixup
      (with "" (instance $fixup-args))
    )
  )
  (type (;27;) (func (param "info" $connection-info) (result 19)))
  (alias core export $main "weir:filter/session@0.1.0#on-connect" (core func $weir:filter/session@0.1.0#on-connect (;11;)))
  (alias core export $main "cabi_post_weir:filter/session@0.1.0#on-connect" (core func $cabi_post_weir:filter/session@0.1.0#on-connect (;12;)))
  (func $on-connect (;5;) (type 27) (canon lift (core func $weir:filter/session@0.1.0#on-connect) (memory $memory) (realloc $realloc) string-encoding=utf8 (post-return $cabi_post_weir:filter/session@0.1.0#on-connect)))
  (type (;28;) (func (param "req" $publish-request) (result 19)))
  (alias core export $main "weir:filter/session@0.1.0#on-publish" (core func $weir:filter/session@0.1.0#on-publish (;13;)))
  (alias core export $main "cabi_post_weir:filter/session@0.1.0#on-publish" (core func $cabi_post_weir:filter/session@0.1.0#on-publish (;14;)))
  (func $on-publish (;6;) (type 28) (canon lift (core func $weir:filter/session@0.1.0#on-publish) (memory $memory) (realloc $realloc) string-encoding=utf8 (post-return $cabi_post_weir:filter/session@0.1.0#on-publish)))
  (type (;29;) (func (param "req" $play-request) (result 19)))
  (alias core export $main "weir:filter/session@0.1.0#on-play" (core func $weir:filter/session@0.1.0#on-play (;15;)))
  (alias core export $main "cabi_post_weir:filter/session@0.1.0#on-play" (core func $cabi_post_weir:filter/session@0.1.0#on-play (;16;)))
  (func $on-play (;7;) (type 29) (canon lift (core func $weir:filter/session@0.1.0#on-play) (memory $memory) (realloc $realloc) string-encoding=utf8 (post-return $cabi_post_weir:filter/session@0.1.0#on-play)))
  (type (;30;) (func (param "who" 22) (result 19)))
  (alias core export $main "weir:filter/session@0.1.0#on-recheck" (core func $weir:filter/session@0.1.0#on-recheck (;17;)))
  (alias core export $main "cabi_post_weir:filter/session@0.1.0#on-recheck" (core func $cabi_post_weir:filter/session@0.1.0#on-recheck (;18;)))
  (func $on-recheck (;8;) (type 30) (canon lift (core func $weir:filter/session@0.1.0#on-recheck) (memory $memory) (realloc $realloc) string-encoding=utf8 (post-return $cabi_post_weir:filter/session@0.1.0#on-recheck)))
  (type (;31;) (func (param "who" 22) (param "how" 23)))
  (alias core export $main "weir:filter/session@0.1.0#on-close" (core func $weir:filter/session@0.1.0#on-close (;19;)))
  (func $on-close (;9;) (type 31) (canon lift (core func $weir:filter/session@0.1.0#on-close) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (alias export $weir:filter/types@0.1.0 "conn-id" (type $conn-id (;32;)))
  (alias export $weir:filter/types@0.1.0 "tls-info" (type $tls-info (;33;)))
  (alias export $weir:filter/types@0.1.0 "fourcc" (type $fourcc (;34;)))
  (component $weir:filter/session@0.1.0-shim-component (;0;)
    (type (;0;) u64)
    (import "import-type-conn-id" (type (;1;) (eq 0)))
    (type (;2;) (option string))
    (type (;3;) (record (field "protocol" string) (field "sni" 2) (field "client-cert-sha256" 2)))
    (import "import-type-tls-info" (type (;4;) (eq 3)))
    (type (;5;) u32)
    (import "import-type-fourcc" (type (;6;) (eq 5)))
    (type (;7;) (tuple string string))
    (type (;8;) (list 7))
    (import "import-type-attributes" (type (;9;) (eq 8)))
    (type (;10;) (option 4))
    (type (;11;) (list 6))
    (type (;12;) (record (field "id" 1) (field "protocol" string) (field "peer-ip" string) (field "peer-port" u16) (field "local-port" u16) (field "tls" 10) (field "app" string) (field "tc-url" string) (field "agent" string) (field "fourccs" 11) (field "extra" 9)))
    (import "import-type-connection-info" (type (;13;) (eq 12)))
    (type (;14;) (record (field "app" string) (field "name" string) (field "query" 9)))
    (import "import-type-stream-key" (type (;15;) (eq 14)))
    (type (;16;) (record (field "conn" 13) (field "key" 15) (field "mode" string) (field "takes-over" bool)))
    (import "import-type-publish-request" (type (;17;) (eq 16)))
    (type (;18;) (record (field "conn" 13) (field "key" 15) (field "start-ms" s64) (field "duration-ms" s64)))
    (import "import-type-play-request" (type (;19;) (eq 18)))
    (type (;20;) u64)
    (import "import-type-stream-id" (type (;21;) (eq 20)))
    (type (;22;) (enum "source-ended" "replaced" "denied" "swapped" "shutdown" "failed" "limit"))
    (import "import-type-end-reason" (type (;23;) (eq 22)))
    (import "import-type-connection-info0" (type (;24;) (eq 13)))
    (import "import-type-stream-key0" (type (;25;) (eq 15)))
    (type (;26;) (option 25))
    (import "import-type-attributes0" (type (;27;) (eq 9)))
    (type (;28;) (option u32))
    (type (;29;) (option u64))
    (type (;30;) (list string))
    (type (;31;) (record (field "rename" 26) (field "tags" 27) (field "max-kbps" 28) (field "max-duration-ms" 29) (field "recheck-ms" 28) (field "push-to" 30)))
    (import "import-type-grant" (type (;32;) (eq 31)))
    (type (;33;) (record (field "code" string) (field "reason" string) (field "disconnect" bool) (field "hold-ms" u32)))
    (import "import-type-denial" (type (;34;) (eq 33)))
    (type (;35;) (record (field "url" string) (field "permanent" bool)))
    (import "import-type-redirection" (type (;36;) (eq 35)))
    (type (;37;) (variant (case "abstain") (case "allow" 32) (case "deny" 34) (case "redirect" 36)))
    (import "import-type-decision" (type (;38;) (eq 37)))
    (type (;39;) (func (param "info" 24) (result 38)))
    (import "import-func-on-connect" (func (;0;) (type 39)))
    (import "import-type-publish-request0" (type (;40;) (eq 17)))
    (type (;41;) (func (param "req" 40) (result 38)))
    (import "import-func-on-publish" (func (;1;) (type 41)))
    (import "import-type-play-request0" (type (;42;) (eq 19)))
    (type (;43;) (func (param "req" 42) (result 38)))
    (import "import-func-on-play" (func (;2;) (type 43)))
    (type (;44;) (enum "connecting" "publishing" "playing"))
    (import "import-type-role" (type (;45;) (eq 44)))
    (import "import-type-stream-id0" (type (;46;) (eq 21)))
    (type (;47;) (option 46))
    (type (;48;) (record (field "conn" 24) (field "role" 45) (field "stream" 47) (field "key" 26) (field "tags" 27)))
    (import "import-type-session-ref" (type (;49;) (eq 48)))
    (type (;50;) (func (param "who" 49) (result 38)))
    (import "import-func-on-recheck" (func (;3;) (type 50)))
    (import "import-type-end-reason0" (type (;51;) (eq 23)))
    (type (;52;) (record (field "bytes-in" u64) (field "bytes-out" u64) (field "duration-ms" u64) (field "reason" 51)))
    (import "import-type-summary" (type (;53;) (eq 52)))
    (type (;54;) (func (param "who" 49) (param "how" 53)))
    (import "import-func-on-close" (func (;4;) (type 54)))
    (export (;55;) "connection-info" (type 13))
    (export (;56;) "publish-request" (type 17))
    (export (;57;) "play-request" (type 19))
    (export (;58;) "stream-key" (type 15))
    (export (;59;) "stream-id" (type 21))
    (export (;60;) "attributes" (type 9))
    (export (;61;) "end-reason" (type 23))
    (type (;62;) (option 58))
    (type (;63;) (option u32))
    (type (;64;) (option u64))
    (type (;65;) (list string))
    (type (;66;) (record (field "rename" 62) (field "tags" 60) (field "max-kbps" 63) (field "max-duration-ms" 64) (field "recheck-ms" 63) (field "push-to" 65)))
    (export (;67;) "grant" (type 66))
    (type (;68;) (record (field "code" string) (field "reason" string) (field "disconnect" bool) (field "hold-ms" u32)))
    (export (;69;) "denial" (type 68))
    (type (;70;) (record (field "url" string) (field "permanent" bool)))
    (export (;71;) "redirection" (type 70))
    (type (;72;) (variant (case "abstain") (case "allow" 67) (case "deny" 69) (case "redirect" 71)))
    (export (;73;) "decision" (type 72))
    (type (;74;) (enum "connecting" "publishing" "playing"))
    (export (;75;) "role" (type 74))
    (type (;76;) (option 59))
    (type (;77;) (record (field "conn" 55) (field "role" 75) (field "stream" 76) (field "key" 62) (field "tags" 60)))
    (export (;78;) "session-ref" (type 77))
    (type (;79;) (record (field "bytes-in" u64) (field "bytes-out" u64) (field "duration-ms" u64) (field "reason" 61)))
    (export (;80;) "summary" (type 79))
    (type (;81;) (func (param "info" 55) (result 73)))
    (export (;5;) "on-connect" (func 0) (func (type 81)))
    (type (;82;) (func (param "req" 56) (result 73)))
    (export (;6;) "on-publish" (func 1) (func (type 82)))
    (type (;83;) (func (param "req" 57) (result 73)))
    (export (;7;) "on-play" (func 2) (func (type 83)))
    (type (;84;) (func (param "who" 78) (result 73)))
    (export (;8;) "on-recheck" (func 3) (func (type 84)))
    (type (;85;) (func (param "who" 78) (param "how" 80)))
    (export (;9;) "on-close" (func 4) (func (type 85)))
  )
  (instance $weir:filter/session@0.1.0-shim-instance (;5;) (instantiate $weir:filter/session@0.1.0-shim-component
      (with "import-func-on-connect" (func $on-connect))
      (with "import-func-on-publish" (func $on-publish))
      (with "import-func-on-play" (func $on-play))
      (with "import-func-on-recheck" (func $on-recheck))
      (with "import-func-on-close" (func $on-close))
      (with "import-type-conn-id" (type $conn-id))
      (with "import-type-tls-info" (type $tls-info))
      (with "import-type-fourcc" (type $fourcc))
      (with "import-type-attributes" (type $attributes))
      (with "import-type-connection-info" (type $connection-info))
      (with "import-type-stream-key" (type $stream-key))
      (with "import-type-publish-request" (type $publish-request))
      (with "import-type-play-request" (type $play-request))
      (with "import-type-stream-id" (type $stream-id))
      (with "import-type-end-reason" (type $end-reason))
      (with "import-type-connection-info0" (type $connection-info))
      (with "import-type-stream-key0" (type $stream-key))
      (with "import-type-attributes0" (type $attributes))
      (with "import-type-grant" (type 16))
      (with "import-type-denial" (type 17))
      (with "import-type-redirection" (type 18))
      (with "import-type-decision" (type 19))
      (with "import-type-publish-request0" (type $publish-request))
      (with "import-type-play-request0" (type $play-request))
      (with "import-type-role" (type 20))
      (with "import-type-stream-id0" (type $stream-id))
      (with "import-type-session-ref" (type 22))
      (with "import-type-end-reason0" (type $end-reason))
      (with "import-type-summary" (type 23))
    )
  )
  (export $weir:filter/session@0.1.0 (;6;) "weir:filter/session@0.1.0" (instance $weir:filter/session@0.1.0-shim-instance))
  (type (;35;) (func (result 26)))
  (alias core export $main "weir:filter/lifecycle@0.1.0#describe" (core func $weir:filter/lifecycle@0.1.0#describe (;20;)))
  (alias core export $main "cabi_post_weir:filter/lifecycle@0.1.0#describe" (core func $cabi_post_weir:filter/lifecycle@0.1.0#describe (;21;)))
  (func $describe (;10;) (type 35) (canon lift (core func $weir:filter/lifecycle@0.1.0#describe) (memory $memory) string-encoding=utf8 (post-return $cabi_post_weir:filter/lifecycle@0.1.0#describe)))
  (type (;36;) (result (error $fault)))
  (type (;37;) (func (result 36)))
  (alias core export $main "weir:filter/lifecycle@0.1.0#configure" (core func $weir:filter/lifecycle@0.1.0#configure (;22;)))
  (alias core export $main "cabi_post_weir:filter/lifecycle@0.1.0#configure" (core func $cabi_post_weir:filter/lifecycle@0.1.0#configure (;23;)))
  (func $configure (;11;) (type 37) (canon lift (core func $weir:filter/lifecycle@0.1.0#configure) (memory $memory) string-encoding=utf8 (post-return $cabi_post_weir:filter/lifecycle@0.1.0#configure)))
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
  (instance $weir:filter/lifecycle@0.1.0-shim-instance (;7;) (instantiate $weir:filter/lifecycle@0.1.0-shim-component
      (with "import-func-describe" (func $describe))
      (with "import-func-configure" (func $configure))
      (with "import-type-fault" (type $fault))
      (with "import-type-description" (type 26))
      (with "import-type-fault0" (type $fault))
    )
  )
  (export $weir:filter/lifecycle@0.1.0 (;8;) "weir:filter/lifecycle@0.1.0" (instance $weir:filter/lifecycle@0.1.0-shim-instance))
  (@producers
    (processed-by "wit-component" "0.254.2")
  )
)
