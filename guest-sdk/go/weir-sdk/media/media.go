// Package media is for filters of frames, sequence headers and metadata: the world media-filter.
package media

import (
	"unsafe"

	"weir"
	"weir/internal/abi"
	"weir/internal/lifecycle"
)

// Verdict is what becomes of a frame, header or message.
type Verdict uint8

// Verdicts.
const (
	// Goes on as it came.
	Pass Verdict = iota
	// Goes no further.
	Drop
	// Goes on with the edits of this call.
	Edited
	// The router keeps it, with the edits of this call, until ReleaseHeld or DropHeld.
	Hold
)

// Boundary is where a stream may go over to a new generation of the filter.
type Boundary uint8

// Boundaries.
const (
	AnyFrame Boundary = iota
	Keyframe
	Header
)

// Interest is one kind of frame that a filter asks for; every field must fit, an empty one fits all.
type Interest struct {
	Kinds         []Kind
	Codecs        []FourCC
	OnlyKeyframes bool
	// Frames that hold a NAL unit or OBU of one of these types.
	UnitTypes []uint8
}

// Subscription is what a filter wants to see.
type Subscription struct {
	// A frame is shown if any of these fits. Empty: no frames.
	Frames            []Interest
	Headers, Metadata bool
	SwapAt            Boundary
	// At most this many frames are held; the oldest is released when one more comes.
	MaxHoldFrames uint32
	// OnTick this often in stream time, at least 10; 0: never.
	TickMs uint32
}

// Stream is a filter at work on one stream: one hook at a time, frames in the order they came.
//
// A panic becomes a line in the log with its place and costs the stream its filter until the next key frame; the frame in hand is
// then treated by the operator's on_failure. Embed Base for hooks that the filter does not need.
type Stream interface {
	// Subscribe is asked once. The router calls the filter for nothing else.
	Subscribe() Subscription
	// OnHeader gets a sequence header. Edited with frame.Replace puts another record in its place.
	OnHeader(track *TrackInfo, record []byte, frame Frame) (Verdict, error)
	// OnMetadata gets a data message. Edited with SetMetadata puts another in its place.
	OnMetadata(metadata *Metadata) (Verdict, error)
	// OnFrame gets a coded frame that the subscription asked for.
	OnFrame(meta *FrameMeta, frame Frame) Verdict
	// OnTick comes every TickMs; now is the stream's time in microseconds.
	OnTick(now int64)
	// Flush is the last call for output.
	Flush()
	// Snapshot gives state for the next generation; nil: none.
	Snapshot() *SavedState
	// End is the last call.
	End(reason EndReason)
}

// Base passes everything.
type Base struct{}

// Subscribe asks for every frame.
func (Base) Subscribe() Subscription { return Subscription{Frames: []Interest{{}}} }

// OnHeader passes.
func (Base) OnHeader(*TrackInfo, []byte, Frame) (Verdict, error) { return Pass, nil }

// OnMetadata passes.
func (Base) OnMetadata(*Metadata) (Verdict, error) { return Pass, nil }

// OnFrame passes.
func (Base) OnFrame(*FrameMeta, Frame) Verdict { return Pass }

// OnTick does nothing.
func (Base) OnTick(int64) {}

// Flush does nothing.
func (Base) Flush() {}

// Snapshot keeps nothing.
func (Base) Snapshot() *SavedState { return nil }

// End does nothing.
func (Base) End(EndReason) {}

// Filter is what Export takes.
type Filter struct {
	Description weir.Description
	// Configure reads the settings, once per instance; a weir.InvalidConfig keeps the filter from being loaded. May be nil.
	Configure func(weir.Settings) error
	// Open starts a stream, or takes it over with the state of the generation before, or restarts it after a fault.
	Open func(stream *StreamInfo, resume *SavedState) (Stream, error)
}

var (
	open func(*StreamInfo, *SavedState) (Stream, error)
	// By the number that the router knows them by, from 1.
	streams = map[uint32]Stream{}
	last    uint32
)

// Export makes the program a media filter; called from an init function.
func Export(filter Filter) {
	lifecycle.Description, lifecycle.Configure, open = filter.Description, filter.Configure, filter.Open
}

//go:wasmimport [export]weir:filter/media@0.1.0 [resource-new]stream-filter
func resourceNew(number uint32) uint32

//go:wasmexport weir:filter/media@0.1.0#[static]stream-filter.open
func openStream(params unsafe.Pointer) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	r := abi.Read(params)
	info := readStream(r)
	var resume *SavedState
	r.Option(4, 12, func(r *abi.Reader) { resume = &SavedState{r.U32(), r.Bytes()} })
	stream, err := open(info, resume)
	if err != nil {
		return lifecycle.Result(err)
	}
	last++
	streams[last] = stream
	answer := lifecycle.Result(nil)
	w := abi.Write(unsafe.Add(answer, 4))
	w.U32(resourceNew(last))
	return answer
}

//go:wasmexport weir:filter/media@0.1.0#[dtor]stream-filter
func dropStream(self uint32) { delete(streams, self) }

//go:wasmexport weir:filter/media@0.1.0#[method]stream-filter.subscribe
func subscribe(self uint32) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	s := streams[self].Subscribe()
	answer := abi.Allocate(24)
	w := abi.Write(answer)
	abi.WriteList(w, 32, s.Frames, func(w *abi.Writer, i Interest) {
		abi.WriteList(w, 1, i.Kinds, func(w *abi.Writer, k Kind) { w.Byte(uint8(k)) })
		abi.WriteList(w, 4, i.Codecs, func(w *abi.Writer, c FourCC) { w.U32(uint32(c)) })
		w.Bool(i.OnlyKeyframes)
		var types uint64
		for _, t := range i.UnitTypes {
			types |= 1 << t
		}
		w.U64(types)
	})
	w.Bool(s.Headers)
	w.Bool(s.Metadata)
	w.Byte(uint8(s.SwapAt))
	w.U32(s.MaxHoldFrames)
	w.Option(4, 4, s.TickMs != 0, func(w *abi.Writer) { w.U32(s.TickMs) })
	return answer
}

func verdict(v Verdict, err error) unsafe.Pointer {
	answer := lifecycle.Result(err)
	if err == nil {
		abi.Write(unsafe.Add(answer, 4)).Byte(uint8(v))
	}
	return answer
}

//go:wasmexport weir:filter/media@0.1.0#[method]stream-filter.on-header
func onHeader(params unsafe.Pointer) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	r := abi.Read(params)
	stream := streams[r.U32()]
	track := readTrack(r)
	return verdict(stream.OnHeader(&track, r.Bytes(), Frame{}))
}

//go:wasmexport weir:filter/media@0.1.0#[method]stream-filter.on-metadata
func onMetadata(self, name, length, fields, count uint32) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	m := Metadata{Name: abi.String(name, length), Fields: make([]Field, count)}
	for i := range m.Fields {
		m.Fields[i] = readField(abi.Read(unsafe.Add(abi.Pointer(fields), 24*i)))
	}
	return verdict(streams[self].OnMetadata(&m))
}

//go:wasmexport weir:filter/media@0.1.0#[method]stream-filter.on-frame
func onFrame(self, track, kind, codec, flags uint32, dts, pts int64, size uint32, unitTypes, seq, gop uint64) uint32 {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	meta := FrameMeta{uint16(track), Kind(kind), FourCC(codec), Flags(flags), dts, pts, size, unitTypes, seq, gop}
	return uint32(streams[self].OnFrame(&meta, Frame{}))
}

//go:wasmexport weir:filter/media@0.1.0#[method]stream-filter.on-tick
func onTick(self uint32, now int64) {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	streams[self].OnTick(now)
}

//go:wasmexport weir:filter/media@0.1.0#[method]stream-filter.flush
func flush(self uint32) {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	streams[self].Flush()
}

//go:wasmexport weir:filter/media@0.1.0#[method]stream-filter.snapshot
func snapshot(self uint32) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	state := streams[self].Snapshot()
	answer := abi.Allocate(16)
	abi.Write(answer).Option(4, 12, state != nil, func(w *abi.Writer) {
		w.U32(state.Schema)
		w.Bytes(state.Data)
	})
	return answer
}

//go:wasmexport weir:filter/media@0.1.0#[method]stream-filter.end
func end(self, reason uint32) {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	streams[self].End(EndReason(reason))
}
