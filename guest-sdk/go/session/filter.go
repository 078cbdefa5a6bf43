// my-filter lets publish who knows the key; everyone may play.
package main

import (
	"weir"
	"weir/session"
)

func init() {
	session.Export(
		weir.Description{Name: "my-filter", Version: "0.1.0", Summary: "Publishers need ?key=… behind the stream's name."},
		configure,
	)
}

type filter struct {
	session.Base
	key, role string
}

func configure(settings weir.Settings) (session.Filter, error) {
	config := struct {
		Role string `json:"role"`
	}{Role: "publisher"}
	if err := settings.Decode(&config); err != nil {
		return nil, err
	}
	key, _ := weir.Secret("key")
	if key == "" {
		return nil, weir.InvalidConfig(`write secrets = { key = "..." } in the filter's table`)
	}
	return &filter{key: key, role: config.Role}, nil
}

func (f *filter) OnPublish(request *session.PublishRequest) session.Decision {
	if key, _ := request.Key.Query.Get("key"); key == f.key {
		return session.AllowWith(session.Grant{Tags: session.Attributes{{"role", f.role}}})
	}
	return session.Deny("the key behind the stream's name is wrong or missing")
}

func (f *filter) OnPlay(*session.PlayRequest) session.Decision { return session.Allow() }

func main() {}
