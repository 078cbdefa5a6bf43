// Package weir holds what both kinds of filter have: a description, settings, errors.
//
// A filter is a program with an empty main that names itself in an init function: [weir/media.Export] for filters of frames,
// [weir/session.Export] for filters that say who may publish and play.
package weir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"weir/internal/abi"
)

// Description is what a filter says of itself; the operator sees it with `weir filter inspect`.
type Description struct {
	Name, Version string
	// One line for the operator.
	Summary string
	// JSON Schema of the config table; empty: none.
	ConfigSchema string
	// The layout that Snapshot writes, from 1; 0 if the filter keeps no state.
	StateSchema uint32
}

// InvalidConfig says that the operator's config table is wrong: which key, and what is expected.
type InvalidConfig string

func (e InvalidConfig) Error() string { return string(e) }

// Unsupported says that the filter does not handle a stream, and why.
type Unsupported string

func (e Unsupported) Error() string { return string(e) }

// ErrIncompatibleState refuses a saved state that this version does not read.
var ErrIncompatibleState = errors.New("incompatible state")

// Settings is the config table of the operator's file, as a JSON object.
type Settings []byte

// Decode reads the settings into a struct, by encoding/json's rules; a key that the struct lacks is refused.
// The error is an InvalidConfig that names the key.
func (s Settings) Decode(into any) error {
	decoder := json.NewDecoder(bytes.NewReader(s))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &kind):
		return InvalidConfig(fmt.Sprintf("%s: expected %s, found %s", kind.Field, kind.Type, kind.Value))
	}
	// json: unknown field "name"
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return InvalidConfig(strings.Trim(name, `"`) + ": unknown key")
	}
	return InvalidConfig(err.Error())
}

//go:wasmimport weir:filter/config@0.1.0 secret
func configSecret(name unsafe.Pointer, length uint32, answer unsafe.Pointer)

// Secret gives a secret by the name it has in the operator's file.
func Secret(name string) (secret string, there bool) {
	at, length := abi.TextOf(name)
	answer := abi.Allocate(12)
	configSecret(at, length, answer)
	runtime.KeepAlive(name)
	abi.Read(answer).Option(4, 8, func(r *abi.Reader) { secret, there = r.Text(), true })
	return secret, there
}
