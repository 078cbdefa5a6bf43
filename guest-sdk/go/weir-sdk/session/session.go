// Package session is for filters that say who may connect, publish and play: the world session-filter.
package session

import (
	"unsafe"

	"weir"
	"weir/internal/abi"
	"weir/internal/lifecycle"
	"weir/internal/peer"
)

// ConnectionInfo is a peer's link and what it said in its connect command.
type ConnectionInfo = peer.ConnectionInfo

// StreamKey is the name of a stream.
type StreamKey = peer.StreamKey

// Attributes are names and values in the order in which they were given.
type Attributes = peer.Attributes

// EndReason is why a session ended.
type EndReason = peer.EndReason

// PublishRequest asks to publish.
type PublishRequest struct {
	Conn ConnectionInfo
	Key  StreamKey
	// live, record or append, as the peer said.
	Mode string
	// True if a publisher of this name would have to give way.
	TakesOver bool
}

// PlayRequest asks to play.
type PlayRequest struct {
	Conn ConnectionInfo
	Key  StreamKey
	// As sent: -2000 or -2 live or recorded, -1000 or -1 live only, from 0 a position.
	StartMs int64
	// As sent: -1 until the end.
	DurationMs int64
}

// Role is what a session is doing.
type Role uint8

// Roles.
const (
	Connecting Role = iota
	Publishing
	Playing
)

// Ref is a session that was allowed earlier.
type Ref struct {
	Conn ConnectionInfo
	Role Role
	// 0 for a connection that neither publishes nor plays.
	Stream uint64
	// The key as the peer asked for it, before any rename; nil for a connection.
	Key *StreamKey
	// What this filter and the others left with their allow.
	Tags Attributes
}

// Summary is what a session came to.
type Summary struct {
	BytesIn, BytesOut, DurationMs uint64
	Reason                        EndReason
}

// Grant is the terms of a yes.
type Grant struct {
	// The public name for a secret key; nil: as asked.
	Rename *StreamKey
	// Told to the media filters, and given back in OnRecheck and OnClose.
	Tags Attributes
	// The router ends a publication whose bitrate stays above this; 0: no limit.
	MaxKbps uint32
	// The router ends the session after this long; 0: no limit.
	MaxDurationMs uint64
	// Ask again after this long, at least 100; 0: never.
	RecheckMs uint32
	// rtmp(s) URLs to push this stream to, among the origins granted.
	PushTo []string
}

// Denial is a no.
type Denial struct {
	// The status code; empty: the usual one.
	Code string
	// The text that the encoder shows.
	Reason string
	// Close the connection too.
	Disconnect bool
	// Answer only after this long: slows guessers.
	HoldMs uint32
}

// Decision is an answer: Abstain, Allow, AllowWith, Deny, DenyWith or Redirect makes one. The zero value abstains.
type Decision struct {
	kind      uint8
	grant     Grant
	denial    Denial
	url       string
	permanent bool
}

// Abstain has no opinion: the next filter is asked.
func Abstain() Decision { return Decision{} }

// Allow is a yes without terms.
func Allow() Decision { return Decision{kind: 1} }

// AllowWith is a yes with terms.
func AllowWith(terms Grant) Decision { return Decision{kind: 1, grant: terms} }

// Deny is a no with the text that the encoder shows.
func Deny(reason string) Decision { return DenyWith(Denial{Reason: reason}) }

// DenyWith is a no in full.
func DenyWith(denial Denial) Decision { return Decision{kind: 2, denial: denial} }

// Redirect sends the peer to another server.
func Redirect(url string, permanent bool) Decision {
	return Decision{kind: 3, url: url, permanent: permanent}
}

func (d *Decision) write() unsafe.Pointer {
	answer := abi.Allocate(88)
	w := abi.Write(answer)
	w.Byte(d.kind)
	w.Align(8)
	switch d.kind {
	case 1:
		g := &d.grant
		w.Option(4, peer.KeySize, g.Rename != nil, func(w *abi.Writer) { g.Rename.Write(w) })
		w.Pairs(g.Tags)
		w.Option(4, 4, g.MaxKbps != 0, func(w *abi.Writer) { w.U32(g.MaxKbps) })
		w.Option(8, 8, g.MaxDurationMs != 0, func(w *abi.Writer) { w.U64(g.MaxDurationMs) })
		w.Option(4, 4, g.RecheckMs != 0, func(w *abi.Writer) { w.U32(g.RecheckMs) })
		abi.WriteList(w, 8, g.PushTo, (*abi.Writer).Text)
	case 2:
		w.Text(d.denial.Code)
		w.Text(d.denial.Reason)
		w.Bool(d.denial.Disconnect)
		w.U32(d.denial.HoldMs)
	case 3:
		w.Text(d.url)
		w.Bool(d.permanent)
	}
	return answer
}

// Filter says who may connect, publish and play. One value per instance.
//
// Instances are pooled: two calls about one session may reach two of them, so what must be remembered of a session belongs into
// the tags of its grant. A panic becomes a line in the log, and the peer is denied. Embed Base for hooks that are not needed.
type Filter interface {
	// OnConnect is the connect command.
	OnConnect(connection *ConnectionInfo) Decision
	// OnPublish is the publish command.
	OnPublish(request *PublishRequest) Decision
	// OnPlay is the play command.
	OnPlay(request *PlayRequest) Decision
	// OnRecheck comes RecheckMs after a yes; only a no or a redirect ends the session.
	OnRecheck(session *Ref) Decision
	// OnClose tells that a session that was allowed is over.
	OnClose(session *Ref, summary *Summary)
}

// Base has no opinion.
type Base struct{}

// OnConnect abstains.
func (Base) OnConnect(*ConnectionInfo) Decision { return Abstain() }

// OnPublish abstains.
func (Base) OnPublish(*PublishRequest) Decision { return Abstain() }

// OnPlay abstains.
func (Base) OnPlay(*PlayRequest) Decision { return Abstain() }

// OnRecheck abstains.
func (Base) OnRecheck(*Ref) Decision { return Abstain() }

// OnClose does nothing.
func (Base) OnClose(*Ref, *Summary) {}

var filter Filter

// Export makes the program a session filter; called from an init function. Configure reads the settings, once per instance: a
// weir.InvalidConfig keeps the filter from being loaded, and everything that it guards stays shut.
func Export(description weir.Description, configure func(weir.Settings) (Filter, error)) {
	lifecycle.Description = description
	lifecycle.Configure = func(settings weir.Settings) (err error) {
		filter, err = configure(settings)
		return err
	}
}

//go:wasmexport weir:filter/session@0.1.0#on-connect
func onConnect(params unsafe.Pointer) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	connection := peer.ReadConnection(abi.Read(params))
	decision := filter.OnConnect(&connection)
	return decision.write()
}

//go:wasmexport weir:filter/session@0.1.0#on-publish
func onPublish(params unsafe.Pointer) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	r := abi.Read(params)
	request := PublishRequest{peer.ReadConnection(r), peer.ReadKey(r), r.Text(), r.Bool()}
	decision := filter.OnPublish(&request)
	return decision.write()
}

//go:wasmexport weir:filter/session@0.1.0#on-play
func onPlay(params unsafe.Pointer) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	r := abi.Read(params)
	request := PlayRequest{peer.ReadConnection(r), peer.ReadKey(r), int64(r.U64()), int64(r.U64())}
	decision := filter.OnPlay(&request)
	return decision.write()
}

func readRef(r *abi.Reader) *Ref {
	ref := &Ref{Conn: peer.ReadConnection(r), Role: Role(r.Byte())}
	r.Option(8, 8, func(r *abi.Reader) { ref.Stream = r.U64() })
	r.Option(4, peer.KeySize, func(r *abi.Reader) {
		key := peer.ReadKey(r)
		ref.Key = &key
	})
	ref.Tags = r.Pairs()
	r.Align(8)
	return ref
}

//go:wasmexport weir:filter/session@0.1.0#on-recheck
func onRecheck(params unsafe.Pointer) unsafe.Pointer {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	decision := filter.OnRecheck(readRef(abi.Read(params)))
	return decision.write()
}

//go:wasmexport weir:filter/session@0.1.0#on-close
func onClose(params unsafe.Pointer) {
	defer abi.Done()
	defer abi.Trap()
	abi.Forget()
	r := abi.Read(params)
	ref := readRef(r)
	filter.OnClose(ref, &Summary{r.U64(), r.U64(), r.U64(), EndReason(r.Byte())})
}
