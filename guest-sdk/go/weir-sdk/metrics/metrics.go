// Package metrics holds numbers of the filter's own, exported beside the router's.
package metrics

import (
	"runtime"
	"unsafe"

	"weir/internal/abi"
)

//go:wasmimport weir:filter/metrics@0.1.0 add
func hostAdd(name unsafe.Pointer, length uint32, delta uint64)

//go:wasmimport weir:filter/metrics@0.1.0 set
func hostSet(name unsafe.Pointer, length uint32, value float64)

//go:wasmimport weir:filter/metrics@0.1.0 observe
func hostObserve(name unsafe.Pointer, length uint32, value float64)

// Add adds to a counter.
func Add(counter string, delta uint64) {
	at, length := abi.TextOf(counter)
	hostAdd(at, length, delta)
	runtime.KeepAlive(counter)
}

// Set sets a gauge.
func Set(gauge string, value float64) {
	at, length := abi.TextOf(gauge)
	hostSet(at, length, value)
	runtime.KeepAlive(gauge)
}

// Observe notes one observation of a histogram.
func Observe(histogram string, value float64) {
	at, length := abi.TextOf(histogram)
	hostObserve(at, length, value)
	runtime.KeepAlive(histogram)
}
