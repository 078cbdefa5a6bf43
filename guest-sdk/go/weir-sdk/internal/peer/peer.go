// Package peer holds the plain data that both worlds share.
package peer

import "weir/internal/abi"

// Attributes are names and values in the order in which they were given; a name may occur more than once.
type Attributes [][2]string

// Get gives the first value of this name.
func (a Attributes) Get(name string) (value string, there bool) {
	for _, pair := range a {
		if pair[0] == name {
			return pair[1], true
		}
	}
	return "", false
}

// StreamKey is the name of a stream: what stands behind the host in its URL.
type StreamKey struct {
	// The RTMP application, and the stream's name without the query.
	App, Name string
	// The arguments behind ?, percent-decoded.
	Query Attributes
}

// Path is app/name, without the query.
func (k *StreamKey) Path() string { return k.App + "/" + k.Name }

// KeySize is the size of a stream-key.
const KeySize = 24

// ReadKey reads a stream-key.
func ReadKey(r *abi.Reader) StreamKey {
	return StreamKey{App: r.Text(), Name: r.Text(), Query: r.Pairs()}
}

// Write writes a stream-key.
func (k *StreamKey) Write(w *abi.Writer) {
	w.Text(k.App)
	w.Text(k.Name)
	w.Pairs(k.Query)
}

// TLSInfo is what is known of a TLS link.
type TLSInfo struct {
	// TLSv1.2 or TLSv1.3.
	Protocol string
	// The server name that the peer asked for; empty: none.
	SNI string
	// SHA-256 of the peer's certificate, in lower-case hex; empty: it showed none.
	ClientCertSHA256 string
}

// ConnectionInfo is a peer's link and what it said in its connect command.
type ConnectionInfo struct {
	ID uint64
	// rtmp, rtmps, rtmpe, …
	Protocol string
	PeerIP   string
	PeerPort uint16
	// The port of ours that it came to.
	LocalPort uint16
	// nil without TLS.
	TLS *TLSInfo
	// The application of the connect command, without the query.
	App string
	// The URL that the peer says it connected to; its query may carry a token.
	TcURL string
	// The peer's name for itself.
	Agent string
	// The codecs that it announced by Enhanced RTMP.
	FourCCs []uint32
	// Further connect properties.
	Extra Attributes
}

// ConnectionSize is the size of a connection-info.
const ConnectionSize = 104

// ReadConnection reads a connection-info.
func ReadConnection(r *abi.Reader) ConnectionInfo {
	r.Align(8)
	c := ConnectionInfo{ID: r.U64(), Protocol: r.Text(), PeerIP: r.Text(), PeerPort: r.U16(), LocalPort: r.U16()}
	r.Option(4, 32, func(r *abi.Reader) {
		tls := &TLSInfo{Protocol: r.Text()}
		r.Option(4, 8, func(r *abi.Reader) { tls.SNI = r.Text() })
		r.Option(4, 8, func(r *abi.Reader) { tls.ClientCertSHA256 = r.Text() })
		c.TLS = tls
	})
	c.App, c.TcURL, c.Agent = r.Text(), r.Text(), r.Text()
	c.FourCCs = abi.List(r, 4, (*abi.Reader).U32)
	c.Extra = r.Pairs()
	return c
}

// EndReason is why something ended.
type EndReason uint8

// Reasons.
const (
	SourceEnded EndReason = iota
	Replaced
	Denied
	Swapped
	Shutdown
	Failed
	Limit
)

func (e EndReason) String() string {
	names := [...]string{"source-ended", "replaced", "denied", "swapped", "shutdown", "failed", "limit"}
	if int(e) < len(names) {
		return names[e]
	}
	return "unknown"
}
