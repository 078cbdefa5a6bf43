// Does what its setting do names: the media filter of the conformance suite in tests/languages.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"weir"
	"weir/clock"
	"weir/entropy"
	"weir/kv"
	"weir/log"
	"weir/media"
	"weir/metrics"
)

const (
	bucket = "conformance"
	sei    = 6
)

var known = strings.Fields(`pass drop interest remove-unit remove-units units-of insert-unit replace-unit replace edit-then-pass hold drop-held emit delay retime
	header header-fault metadata metadata-drop tick count say report refused kv entropy derive add-track trap unsupported`)

var config struct {
	Do   string `json:"do"`
	Text string `json:"text"`
}

func init() {
	media.Export(media.Filter{
		Description: weir.Description{Name: "conformance", Version: "1.0.0", Summary: "Does what its setting names.", StateSchema: 1},
		Configure: func(s weir.Settings) error {
			if err := s.Decode(&config); err != nil {
				return err
			}
			if !slices.Contains(known, config.Do) {
				return weir.InvalidConfig(fmt.Sprintf("do: %q is nothing that this filter does", config.Do))
			}
			return nil
		},
		Open: open,
	})
}

type stream struct {
	media.Base
	info    *media.StreamInfo
	seen    uint64
	held    int
	was     media.FrameMeta
	kept    *media.Packet
	derived *media.Derived
	added   uint16
}

func open(info *media.StreamInfo, resume *media.SavedState) (media.Stream, error) {
	if config.Do == "unsupported" {
		return nil, weir.Unsupported("told not to")
	}
	s := &stream{info: info}
	if resume != nil {
		if resume.Schema != 1 {
			return nil, weir.ErrIncompatibleState
		}
		s.seen = binary.BigEndian.Uint64(resume.Data)
	}
	return s, nil
}

// say sends a data message with names and values in turn.
func say(name string, fields ...any) {
	message := media.Metadata{Name: name}
	for i := 0; i < len(fields); i += 2 {
		message.Fields = append(message.Fields, media.Field{Path: fields[i].(string), Value: fmt.Sprint(fields[i+1])})
	}
	must(media.SetMetadata(&message))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func pairs(attributes media.Attributes) string {
	var parts []string
	for _, pair := range attributes {
		parts = append(parts, pair[0]+"="+pair[1])
	}
	return strings.Join(parts, ",")
}

func kind(k media.Kind) string { return [...]string{"audio", "video", "data"}[k] }

// tag gives the contract's word for a refusal.
func tag(err error) string {
	for tag, is := range map[string]error{
		"denied": media.ErrDenied, "no-such-track": media.ErrNoSuchTrack, "out-of-order": media.ErrOutOfOrder, "closed": media.ErrClosed,
		"conflict": kv.ErrConflict,
	} {
		if errors.Is(err, is) {
			return tag
		}
	}
	if errors.Is(err, kv.ErrDenied) {
		return "denied"
	}
	return fmt.Sprint(err)
}

func (s *stream) Subscribe() media.Subscription {
	wanted := media.Interest{}
	if config.Do == "interest" {
		wanted = media.Interest{Kinds: []media.Kind{media.Video}, Codecs: []media.FourCC{media.AVC}, UnitTypes: []uint8{5}, OnlyKeyframes: true}
	}
	subscription := media.Subscription{Frames: []media.Interest{wanted}, Headers: true, Metadata: true}
	switch config.Do {
	case "hold", "drop-held":
		subscription.MaxHoldFrames = 3
	case "tick":
		subscription.TickMs = 100
	}
	return subscription
}

func (s *stream) OnHeader(track *media.TrackInfo, record []byte, frame media.Frame) (media.Verdict, error) {
	switch {
	case config.Do == "header":
		frame.Replace(append(slices.Clone(record), 0xaa))
		return media.Edited, nil
	case config.Do == "header-fault":
		return 0, weir.Unsupported("told to fail")
	case config.Do == "report":
		video, audio := media.VideoParams{}, media.AudioParams{}
		if track.Video != nil {
			video = *track.Video
		}
		if track.Audio != nil {
			audio = *track.Audio
		}
		say("onHeader", "track", track.ID, "kind", kind(track.Kind), "codec", uint32(track.Codec), "width", video.Width,
			"unit_length", video.UnitLengthBytes, "rate", audio.SampleRate, "channels", audio.Channels, "bytes", len(record))
	case config.Do == "derive" && track.Kind == media.Audio:
		s.derived = media.NewDerived("_copy", media.Attributes{{"of", config.Text}})
		key, err := s.derived.Open()
		if err != nil {
			return 0, err
		}
		if err := s.derived.AddTrack(track, frame.Retain()); err != nil {
			return 0, err
		}
		name := media.Metadata{Name: "onMetaData", Fields: []media.Field{{Path: "name", Value: key.Path()}}}
		return media.Pass, s.derived.SetMetadata(&name)
	case config.Do == "add-track" && track.Kind == media.Audio:
		own := *track
		own.ID = 0
		var err error
		s.added, err = media.AddTrack(&own, frame.Retain())
		return media.Pass, err
	}
	return media.Pass, nil
}

func (s *stream) OnMetadata(metadata *media.Metadata) (media.Verdict, error) {
	switch config.Do {
	case "metadata":
		metadata.Set("added", config.Text)
		return media.Edited, media.SetMetadata(metadata)
	case "metadata-drop":
		return media.Drop, nil
	case "kv":
		return media.Edited, useKV()
	case "entropy":
		one, two := entropy.Bytes(16), entropy.Bytes(16)
		say("onEntropy", "bytes", len(one), "differ", !bytes.Equal(one, two))
		return media.Edited, nil
	}
	return media.Pass, nil
}

func useKV() error {
	first, err := kv.Set(bucket, "k", []byte("one"), 0)
	if err != nil {
		return err
	}
	got, err := kv.Get(bucket, "k")
	if err != nil {
		return err
	}
	if _, err := kv.CompareAndSet(bucket, "k", got, []byte("two"), time.Minute); err != nil {
		return err
	}
	_, conflict := kv.CompareAndSet(bucket, "k", nil, []byte("three"), 0)
	two, err := kv.Get(bucket, "k")
	if err != nil {
		return err
	}
	five, err := kv.Add(bucket, "n", 5, 0)
	if err != nil {
		return err
	}
	three, err := kv.Add(bucket, "n", -2, 0)
	if err != nil {
		return err
	}
	if err := kv.Delete(bucket, "k"); err != nil {
		return err
	}
	gone, err := kv.Get(bucket, "k")
	if err != nil {
		return err
	}
	_, other := kv.Get("other", "k")
	say("onKv", "got", string(got.Value), "same", got.Version == first, "two", string(two.Value), "conflict", tag(conflict),
		"sum", five+three, "gone", gone == nil, "other", tag(other))
	return nil
}

func (s *stream) OnFrame(meta *media.FrameMeta, frame media.Frame) media.Verdict {
	video := meta.Kind == media.Video
	if meta.Flags&media.WarmUp == 0 {
		s.seen++
	}
	switch config.Do {
	case "drop":
		if video && !meta.IsKey() {
			return media.Drop
		}
	case "interest":
		return media.Drop
	case "remove-units":
		if frame.RemoveUnits(sei) > 0 {
			return media.Edited
		}
	case "units-of":
		verdict := media.Pass
		for i := range frame.UnitsOf(sei) {
			frame.RemoveUnit(i)
			verdict = media.Edited
		}
		return verdict
	case "remove-unit", "replace-unit":
		verdict := media.Pass
		for i, unit := range frame.Units() {
			if unit.Type != sei {
				continue
			}
			verdict = media.Edited
			if config.Do == "replace-unit" {
				frame.ReplaceUnit(i, []byte{6, 0x77})
				break
			}
			frame.RemoveUnit(i)
		}
		return verdict
	case "insert-unit":
		if video {
			frame.InsertUnit(0, []byte{6, 0x55})
			frame.InsertUnit(len(frame.Units()), []byte{6, 0x66})
			return media.Edited
		}
	case "replace", "edit-then-pass":
		frame.Replace(append(frame.Payload(), '!'))
		if config.Do == "replace" {
			return media.Edited
		}
	case "hold", "drop-held":
		if video {
			if s.held == 3 {
				if config.Do == "drop-held" {
					media.DropHeld(2)
				}
				media.ReleaseHeld(3)
				s.held = 0
			}
			s.held++
			return media.Hold
		}
	case "emit":
		own, kept := media.NewPacket([]byte("before")), frame.Retain()
		must(media.EmitBefore(meta, own))
		must(media.EmitAfter(meta, kept))
		own.Close()
		kept.Close()
	case "delay":
		if video {
			// The payload of the frame before goes on at the time of this one.
			if s.kept != nil {
				s.was.DTS, s.was.PTS = meta.DTS, meta.PTS
				must(media.EmitBefore(&s.was, s.kept))
				s.kept.Close()
			}
			s.was, s.kept = *meta, frame.Retain()
			return media.Drop
		}
	case "retime":
		frame.Retime(meta.DTS+5000, meta.PTS+7000)
		return media.Edited
	case "count":
		if meta.IsKey() {
			must(media.SetMetadata(&media.Metadata{Name: "onCount", Fields: []media.Field{{Path: "frames", Value: float64(s.seen)}}}))
		}
	case "say":
		if s.seen == 1 {
			log.Info("said", "a", 1, "text", config.Text)
			metrics.Add("seen", 2)
			metrics.Set("level", 1.5)
			metrics.Observe("sizes", 10)
		}
	case "report":
		s.report(meta, frame)
	case "refused":
		if s.seen == 2 {
			packet, late, missing := frame.Retain(), *meta, *meta
			late.DTS, late.PTS, missing.Track = meta.DTS-1, meta.PTS-1, 300
			tooLate, noTrack := media.EmitAfter(&late, packet), media.EmitAfter(&missing, packet)
			derived := media.NewDerived("_copy", nil)
			closed := derived.Push(meta, packet)
			pressure := [...]string{"low", "high", "full"}[derived.Pressure()]
			_, denied := derived.Open()
			say("onRefused", "late", tag(tooLate), "missing", tag(noTrack), "derive", tag(denied), "closed", tag(closed), "pressure", pressure)
		}
	case "derive":
		if !video && s.derived != nil {
			must(s.derived.Push(meta, frame.Retain()))
		}
	case "add-track":
		if !video && s.added != 0 {
			own := *meta
			own.Track = s.added
			must(media.EmitAfter(&own, frame.Retain()))
		}
	case "trap":
		if s.info.Attempt == 0 && s.seen == 3 {
			panic("told to trap")
		}
	}
	return media.Pass
}

func (s *stream) report(meta *media.FrameMeta, frame media.Frame) {
	if s.seen == 1 {
		i, started := s.info, clock.MonotonicNs()
		secret, _ := weir.Secret("key")
		_, there := weir.Secret("none")
		viewer := "none"
		if v := i.Viewer; v != nil {
			viewer = fmt.Sprint(v.ID, " ", v.Conn.PeerIP, " ", v.Key.Path(), " ", pairs(v.Key.Query), " ", pairs(v.Tags))
		}
		say("onStream", "stream", i.Key.Path(), "query", pairs(i.Key.Query), "ip", i.Publisher.PeerIP, "agent", i.Publisher.Agent,
			"tags", pairs(i.Tags), "viewer", viewer, "attempt", i.Attempt, "text", config.Text, "secret", secret,
			"none", !there, "unix_ms", clock.UnixMs(), "onward", clock.MonotonicNs() >= started)
	}
	var units, head []string
	for _, u := range frame.Units() {
		reference := ""
		if u.Reference {
			reference = "r"
		}
		units = append(units, fmt.Sprintf("%d:%d+%d%s", u.Type, u.Offset, u.Size, reference))
	}
	for _, b := range frame.Read(0, 4) {
		head = append(head, fmt.Sprint(b))
	}
	packet := media.NewPacket([]byte("packet"))
	say("onFrame", "track", meta.Track, "kind", kind(meta.Kind), "codec", uint32(meta.Codec), "key", meta.IsKey(), "dts", meta.DTS,
		"pts", meta.PTS, "size", meta.Size, "sei", meta.HasUnit(sei), "seq", meta.Seq, "gop", meta.GOP,
		"units", strings.Join(units, " "), "head", strings.Join(head, "."),
		"packet", fmt.Sprintf("%d %s %s", packet.Size(), packet.Read(2, 3), packet.Read(4, 100)))
	packet.Close()
}

func (s *stream) OnTick(now int64) {
	must(media.SetMetadata(&media.Metadata{Name: "onTick", Fields: []media.Field{{Path: "now", Value: float64(now)}}}))
}

func (s *stream) Flush() {
	if config.Do == "say" {
		say("onFlush", "seen", s.seen)
	}
}

func (s *stream) Snapshot() *media.SavedState {
	if config.Do != "count" {
		return nil
	}
	return &media.SavedState{Schema: 1, Data: binary.BigEndian.AppendUint64(nil, s.seen)}
}

func (s *stream) End(reason media.EndReason) {
	if config.Do == "say" {
		log.Info("ended", "reason", reason)
	}
}

func main() {}
