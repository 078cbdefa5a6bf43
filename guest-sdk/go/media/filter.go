// my-filter drops SEI messages from H.264 and H.265, and says at the end how many there were.
package main

import (
	"weir"
	"weir/log"
	"weir/media"
)

// nal_unit_type of SEI messages.
var sei = map[media.FourCC][]uint8{media.AVC: {6}, media.HEVC: {39, 40}}

func init() {
	media.Export(media.Filter{
		Description: weir.Description{Name: "my-filter", Version: "0.1.0", Summary: "Drops SEI messages from H.264 and H.265."},
		Configure:   func(s weir.Settings) error { return s.Decode(&struct{}{}) },
		Open: func(*media.StreamInfo, *media.SavedState) (media.Stream, error) {
			return &stream{}, nil
		},
	})
}

// What is remembered of one stream.
type stream struct {
	media.Base
	dropped int
}

// The router calls for frames that hold an SEI message and for nothing else.
func (s *stream) Subscribe() media.Subscription {
	var frames []media.Interest
	for codec, types := range sei {
		frames = append(frames, media.Interest{Codecs: []media.FourCC{codec}, UnitTypes: types})
	}
	return media.Subscription{Frames: frames}
}

func (s *stream) OnFrame(meta *media.FrameMeta, frame media.Frame) media.Verdict {
	s.dropped += frame.RemoveUnits(sei[meta.Codec]...)
	return media.Edited
}

func (s *stream) End(media.EndReason) {
	log.Info("SEI messages dropped", "count", s.dropped)
}

func main() {}
