// Package lifecycle exports what every filter has.
package lifecycle

import (
	"errors"
	"unsafe"

	"weir"
	"weir/internal/abi"
)

// Set by Export of the package of a world.
var (
	Description weir.Description
	Configure   func(weir.Settings) error
)

//go:wasmimport weir:filter/config@0.1.0 json
func configJSON(answer unsafe.Pointer)

//go:wasmexport weir:filter/lifecycle@0.1.0#describe
func describe() unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	d := Description
	answer := abi.Allocate(40)
	w := abi.Write(answer)
	w.Text(d.Name)
	w.Text(d.Version)
	w.Text(d.Summary)
	w.Option(4, 8, d.ConfigSchema != "", func(w *abi.Writer) { w.Text(d.ConfigSchema) })
	w.U32(d.StateSchema)
	return answer
}

//go:wasmexport weir:filter/lifecycle@0.1.0#configure
func configure() unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	list := abi.Allocate(8)
	configJSON(list)
	var err error
	if Configure != nil {
		err = Configure(abi.Read(list).Bytes())
	}
	return Result(err)
}

// Result writes a result<_, fault>.
func Result(err error) unsafe.Pointer {
	answer := abi.Allocate(16)
	if err != nil {
		w := abi.Write(answer)
		w.U32(1)
		Fault(w, err)
	}
	return answer
}

// Fault writes an error as the contract's fault.
func Fault(w *abi.Writer, err error) {
	var config weir.InvalidConfig
	var unsupported weir.Unsupported
	switch {
	case errors.As(err, &config):
		w.U32(0)
	case errors.As(err, &unsupported):
		w.U32(1)
	case errors.Is(err, weir.ErrIncompatibleState):
		w.U32(2)
	default:
		w.U32(3)
	}
	w.Text(err.Error())
}
