package media

import (
	"errors"
	"runtime"
	"unsafe"

	"weir/internal/abi"
)

//go:wasmimport weir:filter/output@0.1.0 [constructor]packet
func packetNew(data unsafe.Pointer, length uint32) uint32

//go:wasmimport weir:filter/output@0.1.0 [method]packet.size
func packetSize(self uint32) uint32

//go:wasmimport weir:filter/output@0.1.0 [method]packet.read
func packetRead(self, offset, length uint32, answer unsafe.Pointer)

//go:wasmimport weir:filter/output@0.1.0 [resource-drop]packet
func packetDrop(self uint32)

//go:wasmimport weir:filter/output@0.1.0 emit-before
func outputEmitBefore(track, kind, codec, flags uint32, dts, pts int64, size uint32, unitTypes, seq, gop uint64, packet uint32, answer unsafe.Pointer)

//go:wasmimport weir:filter/output@0.1.0 emit-after
func outputEmitAfter(track, kind, codec, flags uint32, dts, pts int64, size uint32, unitTypes, seq, gop uint64, packet uint32, answer unsafe.Pointer)

//go:wasmimport weir:filter/output@0.1.0 set-metadata
func outputSetMetadata(name unsafe.Pointer, length uint32, fields unsafe.Pointer, count uint32, answer unsafe.Pointer)

// ReleaseHeld lets the oldest count held frames go on, in order, before the frame in hand; more than there are means all.
//
//go:wasmimport weir:filter/output@0.1.0 release-held
func ReleaseHeld(count uint32)

// DropHeld throws the oldest count held frames away; more than there are means all.
//
//go:wasmimport weir:filter/output@0.1.0 drop-held
func DropHeld(count uint32)

// Why the router does not take something.
var (
	ErrDenied      = errors.New("not granted to this filter, or not offered by this router")
	ErrNoSuchTrack = errors.New("no such track")
	ErrNameTaken   = errors.New("the name is taken")
	ErrFull        = errors.New("over the budget for emitted or retained bytes")
	ErrOutOfOrder  = errors.New("the time goes back within the track")
	ErrClosed      = errors.New("closed")
)

func outputError(answer unsafe.Pointer) error {
	r := abi.Read(answer)
	if r.Byte() == 0 {
		return nil
	}
	return refusal(r.Byte())
}

// refusal is an output-error by its number.
func refusal(n uint8) error {
	errs := [...]error{ErrDenied, ErrNoSuchTrack, ErrNameTaken, ErrFull, ErrOutOfOrder, ErrClosed}
	if int(n) < len(errs) {
		return errs[n]
	}
	return errors.New("refused")
}

// Packet is a payload that the router keeps: the filter's own, or a frame's. Close lets it go.
type Packet struct{ handle uint32 }

// NewPacket copies data to the router.
func NewPacket(data []byte) *Packet {
	at, length := abi.BytesOf(data)
	packet := &Packet{packetNew(at, length)}
	runtime.KeepAlive(data)
	return packet
}

// Size is the number of bytes.
func (p *Packet) Size() uint32 { return packetSize(p.handle) }

// Read copies the range, clipped to the payload.
func (p *Packet) Read(offset, length uint32) []byte {
	answer := abi.Allocate(8)
	packetRead(p.handle, offset, length, answer)
	return abi.Read(answer).Bytes()
}

// Close lets the payload go; the packet is not used afterwards.
func (p *Packet) Close() { packetDrop(p.handle) }

// EmitBefore puts a frame of the filter's own before the one in hand.
func EmitBefore(m *FrameMeta, packet *Packet) error {
	answer := abi.Allocate(2)
	outputEmitBefore(uint32(m.Track), uint32(m.Kind), uint32(m.Codec), uint32(m.Flags), m.DTS, m.PTS, m.Size, m.UnitTypes, m.Seq, m.GOP, packet.handle, answer)
	return outputError(answer)
}

// EmitAfter puts a frame of the filter's own behind the one in hand.
func EmitAfter(m *FrameMeta, packet *Packet) error {
	answer := abi.Allocate(2)
	outputEmitAfter(uint32(m.Track), uint32(m.Kind), uint32(m.Codec), uint32(m.Flags), m.DTS, m.PTS, m.Size, m.UnitTypes, m.Seq, m.GOP, packet.handle, answer)
	return outputError(answer)
}

// SetMetadata says, in OnMetadata with Edited, what goes on in place of the message in hand; elsewhere, a message of the filter's own.
func SetMetadata(metadata *Metadata) error {
	name, length, fields, count := metadata.lower()
	answer := abi.Allocate(2)
	outputSetMetadata(name, length, fields, count, answer)
	runtime.KeepAlive(metadata)
	return outputError(answer)
}

// lower gives place and length of the name and of the fields, for a call that returns before they go.
func (m *Metadata) lower() (name unsafe.Pointer, length uint32, fields unsafe.Pointer, count uint32) {
	list := abi.Allocate(8)
	abi.WriteList(abi.Write(list), 24, m.Fields, func(w *abi.Writer, f Field) { f.write(w) })
	r := abi.Read(list)
	name, length = abi.TextOf(m.Name)
	return name, length, abi.Pointer(r.U32()), r.U32()
}
