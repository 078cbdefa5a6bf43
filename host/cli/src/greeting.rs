//! What a person sees after the start: where to publish and to play.

use std::{fmt::Write, net::SocketAddr};

use rtmp::{Address, DEFAULT_PORT, DEFAULT_TLS_PORT};

use crate::{
    config::{App, Config},
    telemetry::escape,
};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The addresses that the router listens on.
pub(crate) struct Listens<'a> {
    pub(crate) plain: &'a [Address],
    /// For RTMPS.
    pub(crate) tls: &'a [Address],
}

/// The URLs and commands of every application; `ready` says whether a filter is loaded.
pub(crate) fn text(config: &Config, listens: &Listens<'_>, ready: &dyn Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let list = |addresses: &[Address]| addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let first = |addresses: &[Address]| addresses.iter().find_map(Address::tcp);
    let origin = match (first(listens.plain), first(listens.tls)) {
        (Some(first), _) => format!("rtmp://{}", host(first)),
        (None, Some(first)) => format!("rtmps://HOST{}", port(first, DEFAULT_TLS_PORT)),
        // Socket files only: clients come to what stands in front.
        (None, None) => "rtmp://HOST".to_owned(),
    };
    // Writing to a string cannot fail.
    let _ = match listens.plain {
        [] => writeln!(text, "weir {VERSION} listens for RTMPS on {}", list(listens.tls)),
        plain => writeln!(text, "weir {VERSION} listens on {}", list(plain)),
    };
    if !listens.tls.is_empty() {
        let port = first(listens.tls).map(|first| port(first, DEFAULT_TLS_PORT)).unwrap_or_default();
        let same = format!("rtmps://HOST{port}/...");
        let _ = writeln!(text, "RTMPS on {}: {same}, HOST being a name in the certificate", list(listens.tls));
    }
    text.push('\n');
    for (name, app) in &config.apps {
        let url = format!("{origin}/{}", escape(name));
        let query = match app.example_query.as_str() {
            "" => String::new(),
            query => format!("?{}", escape(query)),
        };
        let _ = writeln!(text, "{}: {}", escape(name), terms(app));
        for missing in app.session.iter().chain(&app.media).chain(&app.jobs).filter(|name| !ready(name)) {
            let _ = writeln!(text, "  {} is NOT LOADED (see the log): its on_failure holds", escape(missing));
        }
        let _ = writeln!(text, "  publish  ffmpeg -re -i FILE -c copy -f flv \"{url}/NAME{query}\"");
        let _ = writeln!(text, "  play     ffplay \"{url}/NAME{query}\"");
        let _ = writeln!(text, "  OBS      server {url}, stream key NAME{query}\n");
    }
    text
}

/// What an application asks and does, in a few words.
fn terms(app: &App) -> String {
    match (app.session.as_slice(), app.media.as_slice()) {
        ([], []) => "open to everyone, unfiltered".into(),
        ([], media) => format!("open to everyone, frames through {}", escape(&media.join(", "))),
        (session, []) => format!("admission by {}, frames unfiltered", escape(&session.join(", "))),
        (session, media) => {
            format!("admission by {}, frames through {}", escape(&session.join(", ")), escape(&media.join(", ")))
        }
    }
}

/// The host in a URL that works on this machine.
fn host(address: SocketAddr) -> String {
    let ip = match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => "127.0.0.1".into(),
        // [::] takes IPv4 too, and 127.0.0.1 works everywhere.
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => "127.0.0.1".into(),
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    };
    format!("{ip}{}", port(address, DEFAULT_PORT))
}

/// The port as a URL names it: not at all if it is the usual one.
fn port(address: SocketAddr, usual: u16) -> String {
    if address.port() == usual { String::new() } else { format!(":{}", address.port()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_is_told_with_its_terms() {
        let config = crate::config::test(
            "[filters.t]\nsource = 'file:t'\n[apps.open]\n[apps.closed]\nsession = ['t']\nexample_query = 'key=k'",
        );
        let addresses = ["[::]:1935".parse().unwrap(), "[::1]:2935".parse().unwrap()];
        let listens = Listens { plain: &addresses, tls: &[] };
        let text = text(&config, &listens, &|name| name != "t");
        for part in [
            "listens on [::]:1935, [::1]:2935\n",
            "open: open to everyone, unfiltered\n  publish  ffmpeg -re -i FILE -c copy -f flv \"rtmp://127.0.0.1/open/NAME\"",
            "closed: admission by t, frames unfiltered\n  t is NOT LOADED (see the log): its on_failure holds\n",
            "  play     ffplay \"rtmp://127.0.0.1/closed/NAME?key=k\"\n",
            "  OBS      server rtmp://127.0.0.1/closed, stream key NAME?key=k\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn rtmps_is_told_beside_rtmp_and_alone() {
        let config = crate::config::test("[apps.live]");
        let (plain, tls) = (["[::]:1935".parse().unwrap()], ["[::]:443".parse().unwrap()]);
        let both = text(&config, &Listens { plain: &plain, tls: &tls }, &|_| true);
        assert!(
            both.contains(" listens on [::]:1935\nRTMPS on [::]:443: rtmps://HOST/..., HOST being a name"),
            "{both}"
        );
        assert!(both.contains("ffplay \"rtmp://127.0.0.1/live/NAME\""), "{both}");
        let tls = ["127.0.0.1:8443".parse().unwrap()];
        let alone = text(&config, &Listens { plain: &[], tls: &tls }, &|_| true);
        assert!(alone.contains(" listens for RTMPS on 127.0.0.1:8443\n"), "{alone}");
        assert!(alone.contains("ffplay \"rtmps://HOST:8443/live/NAME\""), "{alone}");
    }

    #[test]
    fn a_socket_file_is_told_and_no_url_is_made_of_it() {
        let config = crate::config::test("[apps.live]");
        let plain: [Address; 2] = ["unix:/run/weir.sock", "127.0.0.1:2935"].map(|text| text.parse().unwrap());
        let only = text(&config, &Listens { plain: &plain[..1], tls: &[] }, &|_| true);
        assert!(only.contains(" listens on unix:/run/weir.sock\n"), "{only}");
        assert!(only.contains("ffplay \"rtmp://HOST/live/NAME\""), "{only}");
        let beside = text(&config, &Listens { plain: &plain, tls: &[] }, &|_| true);
        assert!(beside.contains(" listens on unix:/run/weir.sock, 127.0.0.1:2935\n"), "{beside}");
        assert!(beside.contains("ffplay \"rtmp://127.0.0.1:2935/live/NAME\""), "{beside}");
    }

    #[test]
    fn hosts() {
        let table = [
            ("[::]:1935", "127.0.0.1"),
            ("0.0.0.0:2935", "127.0.0.1:2935"),
            ("192.0.2.7:1935", "192.0.2.7"),
            ("[2001:db8::1]:1935", "[2001:db8::1]"),
            ("[2001:db8::1]:19350", "[2001:db8::1]:19350"),
        ];
        for (address, expected) in table {
            assert_eq!(host(address.parse().unwrap()), expected);
        }
    }
}
