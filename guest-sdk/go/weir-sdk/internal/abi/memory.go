// Package abi reads and writes values as the component model's canonical ABI lays them out in memory.
package abi

import "unsafe"

// What the host has put into memory, and what it has yet to read: of the call at hand, and of the one before it, whose answer the
// host read after the call had returned.
var current, previous [][]uint64

//go:wasmexport cabi_realloc
func realloc(old unsafe.Pointer, oldSize, align, newSize uint32) unsafe.Pointer {
	fresh := Allocate(newSize)
	if oldSize > 0 {
		copy(unsafe.Slice((*byte)(fresh), newSize), unsafe.Slice((*byte)(old), min(oldSize, newSize)))
	}
	return fresh
}

// Allocate gives zeroed memory, aligned to eight bytes, that stays until the end of the next call.
func Allocate(size uint32) unsafe.Pointer {
	words := make([]uint64, max(1, (size+7)/8))
	current = append(current, words)
	return unsafe.Pointer(&words[0])
}

// Done ends an exported call: what the call before it left can go.
func Done() {
	previous, current = current, previous[:0]
	clear(current[:cap(current)])
}

// Keep holds on to what the host is to read after the call has returned.
func Keep[T any](values []T) unsafe.Pointer {
	if len(values) == 0 {
		return nil
	}
	kept = append(kept, unsafe.Pointer(&values[0]))
	return unsafe.Pointer(&values[0])
}

var kept []unsafe.Pointer

// Forget lets go of what was kept for the answer before.
func Forget() { kept = kept[:0] }

// Reader reads fields in their order; each is aligned to its size.
//
// It holds a number and no pointer: behind the last field it stands one past its memory, where the garbage collector wants to see no pointer.
// The memory itself is held by those who asked for it (Allocate).
type Reader struct{ at uintptr }

// Read starts at an address.
func Read(at unsafe.Pointer) *Reader { return &Reader{uintptr(at)} }

// Align skips to the alignment of a record.
func (r *Reader) Align(to uintptr) {
	r.at += -r.at & (to - 1)
}

// Byte reads a u8, a bool or the number of a case.
func (r *Reader) Byte() uint8 {
	v := *(*uint8)(unsafe.Pointer(r.at))
	r.at += 1
	return v
}

// Bool reads a bool.
func (r *Reader) Bool() bool { return r.Byte() != 0 }

// U16 reads a u16.
func (r *Reader) U16() uint16 {
	r.Align(2)
	v := *(*uint16)(unsafe.Pointer(r.at))
	r.at += 2
	return v
}

// U32 reads a u32.
func (r *Reader) U32() uint32 {
	r.Align(4)
	v := *(*uint32)(unsafe.Pointer(r.at))
	r.at += 4
	return v
}

// U64 reads a u64.
func (r *Reader) U64() uint64 {
	r.Align(8)
	v := *(*uint64)(unsafe.Pointer(r.at))
	r.at += 8
	return v
}

// F64 reads an f64.
func (r *Reader) F64() float64 {
	r.Align(8)
	v := *(*float64)(unsafe.Pointer(r.at))
	r.at += 8
	return v
}

// Text reads a string, without copying it: it keeps the host's memory alive.
func (r *Reader) Text() string {
	at, length := r.U32(), r.U32()
	return String(at, length)
}

// Bytes reads a list<u8>, without copying it.
func (r *Reader) Bytes() []byte {
	at, length := r.U32(), r.U32()
	if length == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(Pointer(at)), length)
}

// Option reads whether a value is there, and it if so; `align` and `size` are those of the value.
func (r *Reader) Option(align, size uintptr, value func(*Reader)) {
	r.Align(align)
	there := r.Bool()
	r.Align(align)
	end := r.at + size
	if there {
		value(r)
	}
	r.at = end
}

// List reads elements of a size that is a multiple of their alignment.
func List[T any](r *Reader, size uintptr, element func(*Reader) T) []T {
	at, length := r.U32(), r.U32()
	if length == 0 {
		return nil
	}
	values := make([]T, length)
	for i := range values {
		values[i] = element(&Reader{uintptr(at) + uintptr(i)*size})
	}
	return values
}

// Pairs reads a list<tuple<string, string>>.
func (r *Reader) Pairs() [][2]string {
	return List(r, 16, func(r *Reader) [2]string { return [2]string{r.Text(), r.Text()} })
}

// Writer writes fields in their order; a number for the same reason.
type Writer struct{ at uintptr }

// Write starts at an address.
func Write(at unsafe.Pointer) *Writer { return &Writer{uintptr(at)} }

// Align skips to the alignment of a record.
func (w *Writer) Align(to uintptr) {
	w.at += -w.at & (to - 1)
}

// Byte writes a u8 or the number of a case.
func (w *Writer) Byte(v uint8) {
	*(*uint8)(unsafe.Pointer(w.at)) = v
	w.at += 1
}

// Bool writes a bool.
func (w *Writer) Bool(v bool) {
	if v {
		w.Byte(1)
	} else {
		w.Byte(0)
	}
}

// U16 writes a u16.
func (w *Writer) U16(v uint16) {
	w.Align(2)
	*(*uint16)(unsafe.Pointer(w.at)) = v
	w.at += 2
}

// U32 writes a u32.
func (w *Writer) U32(v uint32) {
	w.Align(4)
	*(*uint32)(unsafe.Pointer(w.at)) = v
	w.at += 4
}

// U64 writes a u64.
func (w *Writer) U64(v uint64) {
	w.Align(8)
	*(*uint64)(unsafe.Pointer(w.at)) = v
	w.at += 8
}

// F64 writes an f64.
func (w *Writer) F64(v float64) {
	w.Align(8)
	*(*float64)(unsafe.Pointer(w.at)) = v
	w.at += 8
}

// Text writes a string, which must stay until it is read: it is kept.
func (w *Writer) Text(v string) {
	w.Bytes(unsafe.Slice(unsafe.StringData(v), len(v)))
}

// Bytes writes a list<u8>, which is kept.
func (w *Writer) Bytes(v []byte) {
	w.U32(Address(Keep(v)))
	w.U32(uint32(len(v)))
}

// WriteList writes elements of a size that is a multiple of their alignment.
func WriteList[T any](w *Writer, size uint32, values []T, element func(*Writer, T)) {
	at := Allocate(size * uint32(len(values)))
	for i, v := range values {
		element(&Writer{uintptr(at) + uintptr(size)*uintptr(i)}, v)
	}
	w.U32(Address(at))
	w.U32(uint32(len(values)))
}

// Pairs writes a list<tuple<string, string>>.
func (w *Writer) Pairs(v [][2]string) {
	WriteList(w, 16, v, func(w *Writer, p [2]string) { w.Text(p[0]); w.Text(p[1]) })
}

// Option writes an option of a value with this alignment and size.
func (w *Writer) Option(align, size uintptr, there bool, value func(*Writer)) {
	w.Align(align)
	w.Bool(there)
	w.Align(align)
	end := w.at + size
	if there {
		value(w)
	}
	w.at = end
}

// Pointer is the place of an address that the host gave.
func Pointer(at uint32) unsafe.Pointer {
	return unsafe.Pointer(uintptr(at))
}

// Address is what the host knows a place by.
func Address(at unsafe.Pointer) uint32 { return uint32(uintptr(at)) }

// String is the text at an address.
func String(at, length uint32) string {
	if length == 0 {
		return ""
	}
	return unsafe.String((*byte)(Pointer(at)), length)
}

// TextOf gives place and length of a string, for a call that returns before the string goes.
func TextOf(v string) (unsafe.Pointer, uint32) {
	return unsafe.Pointer(unsafe.StringData(v)), uint32(len(v))
}

// BytesOf gives place and length of bytes.
func BytesOf(v []byte) (unsafe.Pointer, uint32) {
	return unsafe.Pointer(unsafe.SliceData(v)), uint32(len(v))
}
