// Package clock tells the time; virtual in the offline runner.
package clock

// MonotonicNs gives nanoseconds from a fixed point; it never goes back.
//
//go:wasmimport weir:filter/clock@0.1.0 monotonic-ns
func MonotonicNs() uint64

// UnixMs gives milliseconds since 1970-01-01 UTC.
//
//go:wasmimport weir:filter/clock@0.1.0 unix-ms
func UnixMs() uint64
