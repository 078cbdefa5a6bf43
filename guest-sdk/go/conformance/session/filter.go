// Answers what its setting do names: the session filter of the conformance suite in tests/languages.
package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir"
	"weir/kv"
	"weir/log"
	"weir/metrics"
	"weir/session"
)

var known = strings.Fields("abstain allow deny redirect recheck report trap kv")

type filter struct {
	Do   string `json:"do"`
	Text string `json:"text"`
}

func init() {
	session.Export(weir.Description{Name: "conformance", Version: "1.0.0", Summary: "Answers what its setting names."}, configure)
}

func configure(settings weir.Settings) (session.Filter, error) {
	f := &filter{}
	if err := settings.Decode(f); err != nil {
		return nil, err
	}
	if !slices.Contains(known, f.Do) {
		return nil, weir.InvalidConfig(fmt.Sprintf("do: %q is nothing that this filter does", f.Do))
	}
	return f, nil
}

func pairs(attributes session.Attributes) string {
	var parts []string
	for _, pair := range attributes {
		parts = append(parts, pair[0]+"="+pair[1])
	}
	return strings.Join(parts, ",")
}

// told allows, with names and values in turn as tags.
func told(fields ...any) session.Decision {
	var tags session.Attributes
	for i := 0; i < len(fields); i += 2 {
		tags = append(tags, [2]string{fields[i].(string), fmt.Sprint(fields[i+1])})
	}
	return session.AllowWith(session.Grant{Tags: tags})
}

func (f *filter) answer() session.Decision {
	switch f.Do {
	case "allow":
		return session.AllowWith(session.Grant{
			Rename:        &session.StreamKey{App: "live", Name: "public"},
			Tags:          session.Attributes{{"plan", "gold"}, {"text", f.Text}},
			MaxKbps:       3000,
			MaxDurationMs: 60_000,
			RecheckMs:     500,
			PushTo:        []string{"rtmp://127.0.0.1/live/x"},
		})
	case "deny":
		return session.DenyWith(session.Denial{Code: "NetStream.Publish.Denied", Reason: f.Text, Disconnect: true, HoldMs: 1500})
	case "redirect":
		return session.Redirect("rtmp://127.0.0.2/live/x", true)
	case "recheck":
		return session.AllowWith(session.Grant{RecheckMs: 500})
	case "trap":
		panic("told to trap")
	}
	return session.Abstain()
}

func (f *filter) OnConnect(connection *session.ConnectionInfo) session.Decision {
	if f.Do == "report" {
		return told("app", connection.App)
	}
	return f.answer()
}

func (f *filter) OnPublish(request *session.PublishRequest) session.Decision {
	switch f.Do {
	case "kv":
		count, err := kv.Add("conformance", request.Key.Name, 1, time.Minute)
		if err != nil {
			return session.Deny(err.Error())
		}
		return told("count", count)
	case "report":
		c, tls := &request.Conn, "none"
		if c.TLS != nil {
			tls = c.TLS.Protocol + " " + c.TLS.SNI
		}
		fourccs := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(c.FourCCs), "[]")), ",")
		secret, _ := weir.Secret("key")
		_, there := weir.Secret("none")
		return told("stream", request.Key.Path(), "query", pairs(request.Key.Query), "mode", request.Mode, "takes_over", request.TakesOver,
			"id", c.ID, "protocol", c.Protocol, "peer", fmt.Sprintf("%s:%d", c.PeerIP, c.PeerPort), "port", c.LocalPort, "tls", tls,
			"tc_url", c.TcURL, "agent", c.Agent, "fourccs", fourccs, "extra", pairs(c.Extra), "text", f.Text, "secret", secret, "none", !there)
	}
	return f.answer()
}

func (f *filter) OnPlay(request *session.PlayRequest) session.Decision {
	if f.Do == "report" {
		return told("stream", request.Key.Path(), "start_ms", request.StartMs, "duration_ms", request.DurationMs)
	}
	return f.answer()
}

func (f *filter) OnRecheck(ref *session.Ref) session.Decision {
	switch f.Do {
	case "report":
		stream := "none"
		if ref.Key != nil {
			stream = ref.Key.Path()
		}
		role := [...]string{"connecting", "publishing", "playing"}[ref.Role]
		return told("role", role, "id", ref.Stream, "stream", stream, "tags", pairs(ref.Tags))
	case "recheck":
		// The instance may be another one each time: what is counted stands in a tag.
		count := 0
		for _, tag := range ref.Tags {
			if tag[0] == "count" {
				n, _ := strconv.Atoi(tag[1])
				count = max(count, n)
			}
		}
		if count++; count == 3 {
			return session.Deny("kicked")
		}
		return session.AllowWith(session.Grant{Tags: session.Attributes{{"count", strconv.Itoa(count)}}, RecheckMs: 500})
	}
	return f.answer()
}

func (f *filter) OnClose(_ *session.Ref, summary *session.Summary) {
	metrics.Add("closed", 1)
	log.Info("closed", "bytes_in", summary.BytesIn, "bytes_out", summary.BytesOut, "duration_ms", summary.DurationMs)
}

func main() {}
