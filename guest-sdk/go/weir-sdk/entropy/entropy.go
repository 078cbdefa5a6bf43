// Package entropy gives random bytes. By grant: entropy.
package entropy

import (
	"unsafe"

	"weir/internal/abi"
)

//go:wasmimport weir:filter/entropy@0.1.0 fill
func hostFill(length uint32, answer unsafe.Pointer)

// Bytes gives random bytes, fit for keys; at most 4096 at a time, more traps.
func Bytes(length int) []byte {
	answer := abi.Allocate(8)
	hostFill(uint32(length), answer)
	return abi.Read(answer).Bytes()
}
