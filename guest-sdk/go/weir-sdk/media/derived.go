package media

import (
	"runtime"
	"unsafe"

	"weir/internal/abi"
	"weir/internal/peer"
)

//go:wasmimport weir:filter/output@0.1.0 add-track
func outputAddTrack(params, answer unsafe.Pointer)

//go:wasmimport weir:filter/output@0.1.0 [constructor]derived
func derivedNew(suffix unsafe.Pointer, length uint32, tags unsafe.Pointer, count uint32) uint32

//go:wasmimport weir:filter/output@0.1.0 [method]derived.open
func derivedOpen(self uint32, answer unsafe.Pointer)

//go:wasmimport weir:filter/output@0.1.0 [method]derived.pressure
func derivedPressure(self uint32) uint32

//go:wasmimport weir:filter/output@0.1.0 [method]derived.add-track
func derivedAddTrack(params, answer unsafe.Pointer)

//go:wasmimport weir:filter/output@0.1.0 [method]derived.push
func derivedPush(self, track, kind, codec, flags uint32, dts, pts int64, size uint32, unitTypes, seq, gop uint64, packet uint32, answer unsafe.Pointer)

//go:wasmimport weir:filter/output@0.1.0 [method]derived.set-metadata
func derivedSetMetadata(self uint32, name unsafe.Pointer, length uint32, fields unsafe.Pointer, count uint32, answer unsafe.Pointer)

//go:wasmimport weir:filter/output@0.1.0 [resource-drop]derived
func derivedDrop(self uint32)

// writeTrack writes a track-info and its header, an option<borrow<packet>>.
func writeTrack(w *abi.Writer, info *TrackInfo, header *Packet) {
	info.write(w)
	w.Option(4, 4, header != nil, func(w *abi.Writer) { w.U32(header.handle) })
}

// trackAnswer reads a result<track-id, output-error>.
func trackAnswer(answer unsafe.Pointer) (uint16, error) {
	r := abi.Read(answer)
	failed := r.Bool()
	r.Align(2)
	if failed {
		return 0, refusal(r.Byte())
	}
	return r.U16(), nil
}

// AddTrack puts a track beside those of the publisher, by grant: tracks. header is its sequence header, nil if it has none; again, with
// the id that it got, for a header that changes. It gets the id that info names if that is no track of the publisher's, otherwise the next
// free one; never 0. Its frames are emitted like any other.
func AddTrack(info *TrackInfo, header *Packet) (id uint16, err error) {
	params := abi.Allocate(72)
	writeTrack(abi.Write(params), info, header)
	answer := abi.Allocate(4)
	outputAddTrack(params, answer)
	runtime.KeepAlive(info)
	return trackAnswer(answer)
}

// Pressure is how much of the budget for emitted bytes is used up.
type Pressure uint8

// Pressures.
const (
	Low Pressure = iota
	High
	Full
)

// Derived is a stream of the filter's own beside the one in hand, by grant: derive. It is called as its parent with the suffix behind it,
// and ends with Close and with its parent; a new generation that opens the same suffix goes on with the same stream.
type Derived struct{ handle uint32 }

// NewDerived takes a suffix of 1 to 64 letters, digits, -, _ and .; the tags stand in the router's log.
func NewDerived(suffix string, tags Attributes) *Derived {
	at, length := abi.TextOf(suffix)
	list := abi.Allocate(8)
	abi.Write(list).Pairs(tags)
	r := abi.Read(list)
	derived := &Derived{derivedNew(at, length, abi.Pointer(r.U32()), r.U32())}
	runtime.KeepAlive(suffix)
	runtime.KeepAlive(tags)
	return derived
}

// Open asks for the name and gives it. It is published when the hook has returned: if the name is in use then, what is called
// afterwards returns ErrNameTaken, and Open may try again. Open is open: the same again.
func (d *Derived) Open() (StreamKey, error) {
	answer := abi.Allocate(28)
	derivedOpen(d.handle, answer)
	r := abi.Read(answer)
	failed := r.Bool()
	r.Align(4)
	if failed {
		return StreamKey{}, refusal(r.Byte())
	}
	return peer.ReadKey(r), nil
}

// Pressure tells how much of the budget is used up; Full for what is not open.
func (d *Derived) Pressure() Pressure { return Pressure(derivedPressure(d.handle)) }

// AddTrack adds a track with the id that info names, and its sequence header, nil if it has none; again for a header that changes.
func (d *Derived) AddTrack(info *TrackInfo, header *Packet) error {
	params := abi.Allocate(76)
	w := abi.Write(params)
	w.U32(d.handle)
	writeTrack(w, info, header)
	answer := abi.Allocate(4)
	derivedAddTrack(params, answer)
	runtime.KeepAlive(info)
	_, err := trackAnswer(answer)
	return err
}

// Push adds a frame of one of its tracks; a packet that was retained is shared, not copied. The times are the parent's.
func (d *Derived) Push(m *FrameMeta, packet *Packet) error {
	answer := abi.Allocate(2)
	derivedPush(d.handle, uint32(m.Track), uint32(m.Kind), uint32(m.Codec), uint32(m.Flags), m.DTS, m.PTS, m.Size, m.UnitTypes, m.Seq, m.GOP, packet.handle, answer)
	return outputError(answer)
}

// SetMetadata adds a data message; onMetaData is kept for players that join.
func (d *Derived) SetMetadata(metadata *Metadata) error {
	name, length, fields, count := metadata.lower()
	answer := abi.Allocate(2)
	derivedSetMetadata(d.handle, name, length, fields, count, answer)
	runtime.KeepAlive(metadata)
	return outputError(answer)
}

// Close ends the stream; it is not used afterwards.
func (d *Derived) Close() { derivedDrop(d.handle) }
