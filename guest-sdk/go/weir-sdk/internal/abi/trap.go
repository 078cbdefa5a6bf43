package abi

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"
)

//go:wasmimport weir:filter/log@0.1.0 write
func logWrite(level uint32, message unsafe.Pointer, length uint32, fields unsafe.Pointer, count uint32)

// Log writes one line.
func Log(level uint32, message string, fields [][2]string) {
	at, length := TextOf(message)
	list := Allocate(uint32(16 * len(fields)))
	w := Write(list)
	for _, field := range fields {
		w.Text(field[0])
		w.Text(field[1])
	}
	logWrite(level, at, length, list, uint32(len(fields)))
	runtime.KeepAlive(message)
	runtime.KeepAlive(fields)
}

// Trap is deferred by every hook: a panic says what and where in the log, and goes on to the trap.
func Trap() {
	what := recover()
	if what == nil {
		return
	}
	fields := [][2]string{}
	if place := place(); place != "" {
		fields = append(fields, [2]string{"panic", place})
	}
	Log(4, fmt.Sprint(what), fields)
	panic(what)
}

// place is the line of the filter that panicked: the first one below the runtime that is not the SDK's.
func place() string {
	var counters [64]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters[:])])
	for {
		frame, more := frames.Next()
		if frame.File != "" && !strings.HasPrefix(frame.Function, "runtime.") && !strings.HasPrefix(frame.Function, "weir/") {
			return fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
		}
		if !more {
			return ""
		}
	}
}
