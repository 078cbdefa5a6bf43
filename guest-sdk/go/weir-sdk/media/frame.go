package media

import (
	"iter"
	"math/bits"
	"runtime"
	"unsafe"

	"weir/internal/abi"
)

//go:wasmimport weir:filter/frame@0.1.0 units
func frameUnits(answer unsafe.Pointer)

//go:wasmimport weir:filter/frame@0.1.0 read
func frameRead(offset, length uint32, answer unsafe.Pointer)

//go:wasmimport weir:filter/frame@0.1.0 remove-unit
func frameRemoveUnit(index uint32)

//go:wasmimport weir:filter/frame@0.1.0 remove-units
func frameRemoveUnits(types uint64) uint32

//go:wasmimport weir:filter/frame@0.1.0 units-of
func frameUnitsOf(types uint64) uint64

//go:wasmimport weir:filter/frame@0.1.0 replace-unit
func frameReplaceUnit(index uint32, data unsafe.Pointer, length uint32)

//go:wasmimport weir:filter/frame@0.1.0 insert-unit
func frameInsertUnit(before uint32, data unsafe.Pointer, length uint32)

//go:wasmimport weir:filter/frame@0.1.0 replace
func frameReplace(data unsafe.Pointer, length uint32)

//go:wasmimport weir:filter/frame@0.1.0 retime
func frameRetime(dts, pts int64)

//go:wasmimport weir:filter/frame@0.1.0 retain
func frameRetain() uint32

// Frame is the frame (or sequence header) in hand. It costs nothing unless it is asked.
//
// Edits count when the hook answers Edited or Hold; with any other answer they are thrown away.
type Frame struct{}

// Units lists the NAL units or OBUs, in order, as they came; none for other codecs.
func (Frame) Units() []UnitInfo {
	answer := abi.Allocate(8)
	frameUnits(answer)
	return abi.List(abi.Read(answer), 12, func(r *abi.Reader) UnitInfo {
		return UnitInfo{r.U32(), r.U32(), r.Byte(), r.Bool(), r.Byte(), r.Byte()}
	})
}

// Read copies length bytes from offset, clipped to the payload as it came.
func (Frame) Read(offset, length uint32) []byte {
	answer := abi.Allocate(8)
	frameRead(offset, length, answer)
	return abi.Read(answer).Bytes()
}

// Payload copies the whole payload as it came.
func (f Frame) Payload() []byte { return f.Read(0, 1<<32-1) }

// ReadUnit copies one unit.
func (f Frame) ReadUnit(unit UnitInfo) []byte { return f.Read(unit.Offset, unit.Size) }

// RemoveUnit removes a unit by its index in Units; no byte is copied. A frame without units left is dropped.
func (Frame) RemoveUnit(index int) { frameRemoveUnit(uint32(index)) }

// RemoveUnits removes every unit of these types without a list of units, and returns how many there were. A frame without units left
// is dropped.
func (Frame) RemoveUnits(types ...uint8) int { return int(frameRemoveUnits(bitsOf(types))) }

// UnitsOf says which of the first 64 units are of these types, by their index in Units, rising and without a list of units. They are those
// of the frame as it came, so that units may be edited on the way.
func (Frame) UnitsOf(types ...uint8) iter.Seq[int] {
	found := frameUnitsOf(bitsOf(types))
	return func(yield func(int) bool) {
		for left := found; left != 0; left &= left - 1 {
			if !yield(bits.TrailingZeros64(left)) {
				return
			}
		}
	}
}

func bitsOf(types []uint8) (set uint64) {
	for _, t := range types {
		set |= 1 << t
	}
	return set
}

// ReplaceUnit puts another unit, without length prefix, in the place of one.
func (Frame) ReplaceUnit(index int, data []byte) {
	at, length := abi.BytesOf(data)
	frameReplaceUnit(uint32(index), at, length)
	runtime.KeepAlive(data)
}

// InsertUnit puts a unit before the one with this index; at the end when the index equals the number of units.
func (Frame) InsertUnit(before int, data []byte) {
	at, length := abi.BytesOf(data)
	frameInsertUnit(uint32(before), at, length)
	runtime.KeepAlive(data)
}

// Replace puts another payload (in OnHeader: another record) in place of the whole.
func (Frame) Replace(payload []byte) {
	at, length := abi.BytesOf(payload)
	frameReplace(at, length)
	runtime.KeepAlive(payload)
}

// Retime changes the times, in microseconds. A dts before the track's last one is raised to it.
func (Frame) Retime(dts, pts int64) { frameRetime(dts, pts) }

// Retain gives a reference to the payload as it came, which outlives the call; no byte is copied.
func (Frame) Retain() *Packet { return &Packet{frameRetain()} }
