package media

import (
	"weir/internal/abi"
	"weir/internal/peer"
)

// ConnectionInfo is a peer's link and what it said in its connect command.
type ConnectionInfo = peer.ConnectionInfo

// StreamKey is the name of a stream.
type StreamKey = peer.StreamKey

// Attributes are names and values in the order in which they were given.
type Attributes = peer.Attributes

// Kind is what a frame is made for.
type Kind uint8

// Kinds of frames.
const (
	Audio Kind = iota
	Video
	Data
)

// FourCC is a codec's number: its four letters, big-endian.
type FourCC uint32

// Codecs.
const (
	AVC  FourCC = 'a'<<24 | 'v'<<16 | 'c'<<8 | '1'
	HEVC FourCC = 'h'<<24 | 'v'<<16 | 'c'<<8 | '1'
	AV1  FourCC = 'a'<<24 | 'v'<<16 | '0'<<8 | '1'
	AAC  FourCC = 'm'<<24 | 'p'<<16 | '4'<<8 | 'a'
	Opus FourCC = 'O'<<24 | 'p'<<16 | 'u'<<8 | 's'
)

// Flags are facts about one frame.
type Flags uint16

// Flags of frames.
const (
	// A decoder can start here.
	Key Flags = 1 << iota
	// No other frame refers to this one.
	Disposable
	// The track ends here.
	EndOfSequence
	// A filter before this one made it.
	FromFilter
	// A frame that others refer to was dropped before this one.
	GapBefore
	// Shown to a new generation for warm-up only: what it answers is thrown away.
	WarmUp
	// Audio of two channels, of a codec without sequence header.
	Stereo
)

// FrameMeta is one frame in numbers. Times are in microseconds on the stream's own timeline.
type FrameMeta struct {
	Track uint16
	Kind  Kind
	Codec FourCC
	Flags Flags
	// Decoding time, which never goes back within a track, and presentation time.
	DTS, PTS int64
	// Bytes of the payload.
	Size uint32
	// Bit n is set when the frame holds a NAL unit or OBU of type n.
	UnitTypes uint64
	// Counts the frames of the stream, from 0.
	Seq uint64
	// Counts the key frames of the default video track.
	GOP uint64
}

// IsKey says whether a decoder can start here.
func (m *FrameMeta) IsKey() bool { return m.Flags&Key != 0 }

// HasUnit says whether the frame holds a NAL unit or OBU of this type.
func (m *FrameMeta) HasUnit(unitType uint8) bool { return m.UnitTypes>>unitType&1 != 0 }

// UnitInfo is one NAL unit or OBU of the frame in hand.
type UnitInfo struct {
	// Where it starts in the payload, behind its length prefix, and its bytes.
	Offset, Size uint32
	// nal_unit_type or obu_type.
	Type uint8
	// Other frames may refer to it.
	Reference           bool
	TemporalID, LayerID uint8
}

// VideoParams is what a video track's record says; 0 where it says nothing.
type VideoParams struct {
	Width, Height, Profile, Level uint32
	BitDepth                      uint8
	// Frames per second as numerator and denominator.
	FrameRate [2]uint32
	// Bytes of the length before each NAL unit; 0 for codecs without NAL units.
	UnitLengthBytes uint8
}

// AudioParams is what is known of an audio track.
type AudioParams struct {
	SampleRate                 uint32
	Channels, Bits, ObjectType uint8
}

// TrackInfo is one track of a stream.
type TrackInfo struct {
	ID    uint16
	Kind  Kind
	Codec FourCC
	Video *VideoParams
	Audio *AudioParams
	Extra Attributes
}

const trackSize = 64

func readTrack(r *abi.Reader) TrackInfo {
	r.Align(4)
	t := TrackInfo{ID: r.U16(), Kind: Kind(r.Byte()), Codec: FourCC(r.U32())}
	r.Option(4, 32, func(r *abi.Reader) {
		t.Video = &VideoParams{r.U32(), r.U32(), r.U32(), r.U32(), r.Byte(), [2]uint32{r.U32(), r.U32()}, r.Byte()}
	})
	r.Option(4, 8, func(r *abi.Reader) { t.Audio = &AudioParams{r.U32(), r.Byte(), r.Byte(), r.Byte()} })
	t.Extra = r.Pairs()
	return t
}

func (t *TrackInfo) write(w *abi.Writer) {
	w.U16(t.ID)
	w.Byte(uint8(t.Kind))
	w.U32(uint32(t.Codec))
	w.Option(4, 32, t.Video != nil, func(w *abi.Writer) {
		v := t.Video
		for _, n := range []uint32{v.Width, v.Height, v.Profile, v.Level} {
			w.U32(n)
		}
		w.Byte(v.BitDepth)
		w.U32(v.FrameRate[0])
		w.U32(v.FrameRate[1])
		w.Byte(v.UnitLengthBytes)
	})
	w.Option(4, 8, t.Audio != nil, func(w *abi.Writer) {
		w.U32(t.Audio.SampleRate)
		w.Byte(t.Audio.Channels)
		w.Byte(t.Audio.Bits)
		w.Byte(t.Audio.ObjectType)
	})
	w.Pairs(t.Extra)
}

// ViewerInfo is one who plays a stream.
type ViewerInfo struct {
	// The number of the play; never used twice.
	ID   uint64
	Conn ConnectionInfo
	// The key as the peer asked for it, before any rename, with its query.
	Key StreamKey
	// What the session filters left with their allow of the connect and of the play.
	Tags Attributes
}

const viewerSize = 8 + peer.ConnectionSize + peer.KeySize + 8

// StreamInfo is the stream that a filter is opened for.
type StreamInfo struct {
	ID uint64
	// The public name, after any rename.
	Key       StreamKey
	Publisher ConnectionInfo
	// The tracks known so far; more are told by OnHeader.
	Tracks []TrackInfo
	// What the session filters left with their allow.
	Tags Attributes
	// For whom, where the operator placed the filter at each viewer (egress).
	Viewer *ViewerInfo
	// 0 the first time, then counts restarts after a fault.
	Attempt uint32
}

func readStream(r *abi.Reader) *StreamInfo {
	r.Align(8)
	s := &StreamInfo{ID: r.U64(), Key: peer.ReadKey(r), Publisher: peer.ReadConnection(r)}
	s.Tracks = abi.List(r, trackSize, readTrack)
	s.Tags = r.Pairs()
	r.Option(8, viewerSize, func(r *abi.Reader) {
		s.Viewer = &ViewerInfo{r.U64(), peer.ReadConnection(r), peer.ReadKey(r), r.Pairs()}
	})
	s.Attempt = r.U32()
	r.Align(8)
	return s
}

// SavedState is what one generation hands to the next.
type SavedState struct {
	// The number that the description names.
	Schema uint32
	Data   []byte
}

// Metadata is an onMetaData or other data message, flattened to paths with dots: width, trackInfo.0.language.
type Metadata struct {
	Name   string
	Fields []Field
}

// Field is one value of a message: a float64, bool, string, Date or nil.
type Field struct {
	Path  string
	Value any
}

// Date is milliseconds since 1970-01-01 UTC.
type Date float64

// Get gives the first value of this path; nil if there is none.
func (m *Metadata) Get(path string) any {
	for _, field := range m.Fields {
		if field.Path == path {
			return field.Value
		}
	}
	return nil
}

// Set puts a value in place of the first one of this path, or behind the others.
func (m *Metadata) Set(path string, value any) {
	for i := range m.Fields {
		if m.Fields[i].Path == path {
			m.Fields[i].Value = value
			return
		}
	}
	m.Fields = append(m.Fields, Field{path, value})
}

func readField(r *abi.Reader) Field {
	f := Field{Path: r.Text()}
	kind := r.Byte()
	r.Align(8)
	switch kind {
	case 0:
		f.Value = r.F64()
	case 1:
		f.Value = r.Bool()
	case 2:
		f.Value = r.Text()
	case 3:
		f.Value = Date(r.F64())
	}
	return f
}

func (f Field) write(w *abi.Writer) {
	w.Text(f.Path)
	kind := func(n uint8) {
		w.Byte(n)
		w.Align(8)
	}
	switch v := f.Value.(type) {
	case float64:
		kind(0)
		w.F64(v)
	case int:
		kind(0)
		w.F64(float64(v))
	case bool:
		kind(1)
		w.Bool(v)
	case string:
		kind(2)
		w.Text(v)
	case Date:
		kind(3)
		w.F64(float64(v))
	case nil:
		kind(4)
	default:
		panic("weir/media: a field's value is a float64, bool, string, Date or nil")
	}
}

// EndReason is why something ended.
type EndReason = peer.EndReason
