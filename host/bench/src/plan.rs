//! What a run does, and to whom.

use crate::clip;
use crate::error::Error;
use crate::tls::{Tls, Trust};
use rtmp_proto::client::Url;
use rtmp_proto::handshake::Layout;
use serde::Serialize;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

/// Connections of one run at most: a slip of the finger is not to flood a network.
pub const MAX_CONNECTIONS: u32 = 100_000;
/// The longest measurement.
pub const MAX_TIME: Duration = Duration::from_secs(7 * 24 * 3600);

/// Times faster than real time that publishers send at most.
pub const MAX_SPEED: u32 = 1000;

/// One run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to do.
    pub work: Work,
    /// The only server that is talked to: `rtmp://host[:port]/app/name`, or `rtmps`. With several streams, `{}` in it stands for the
    /// stream's number; without, the number is appended to the name.
    pub url: String,
    /// Whom to trust if the URL is `rtmps`.
    pub trust: Trust,
    /// What publishers send.
    pub clip: clip::Settings,
    /// How many times faster than real time they send, 1 to [`MAX_SPEED`]; timestamps go on with it, so an hour of a stream can
    /// pass in minutes.
    pub speed: u32,
    /// Whether handshakes carry a digest, as most real clients' do.
    pub digest: bool,
    /// Payload bytes per chunk that we send.
    pub chunk_size: u32,
    /// Players more that take nothing once they play, spread over the streams of [`Work::Play`] or [`Work::Mix`].
    pub stuck: u32,
    /// How long to measure.
    pub time: Duration,
    /// From the last player's first picture to the measurement.
    pub warm_up: Duration,
    /// How long publishers and players may take to start.
    pub start_timeout: Duration,
    /// Connections opened per second while a run starts.
    pub ramp: u32,
    /// The cores for the load's threads, one each; empty: wherever the kernel puts the one thread.
    pub cpus: Vec<usize>,
    /// A process of the server, whose cost is measured with that of its children.
    pub server_pid: Option<u32>,
}

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    /// Publish this many streams.
    Publish {
        /// How many.
        streams: u32,
    },
    /// Play streams that somebody else publishes.
    Play {
        /// How many there are.
        streams: u32,
        /// Players, spread over them.
        players: u32,
    },
    /// Publish and play.
    Mix {
        /// How many.
        streams: u32,
        /// Players, spread over them.
        players: u32,
    },
    /// Connect, play, and leave as soon as playing starts, over and over.
    Storm {
        /// Connections at one time.
        concurrency: u32,
        /// Connections in all, at most.
        connections: u32,
    },
    /// Connect and do nothing.
    Idle {
        /// How many.
        connections: u32,
        /// How far each goes.
        stage: Stage,
    },
}

/// How far an idle connection goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// TCP and nothing else.
    Tcp,
    /// To the end of connect.
    Connect,
}

impl Plan {
    /// A run of this kind against this URL, with the defaults of everything else.
    pub fn new(work: Work, url: &str) -> Plan {
        Plan {
            work,
            url: url.to_owned(),
            trust: Trust::default(),
            clip: clip::Settings::default(),
            speed: 1,
            digest: false,
            chunk_size: 4096,
            stuck: 0,
            time: Duration::from_secs(10),
            warm_up: Duration::from_secs(1),
            start_timeout: Duration::from_secs(30),
            ramp: 500,
            cpus: Vec::new(),
            server_pid: None,
        }
    }

    /// Publishers and players.
    pub(crate) fn counts(&self) -> (u32, u32) {
        match self.work {
            Work::Publish { streams } => (streams, 0),
            Work::Play { players, .. } => (0, players),
            Work::Mix { streams, players } => (streams, players),
            Work::Storm { concurrency, .. } => (0, concurrency),
            Work::Idle { connections, .. } => (0, connections),
        }
    }

    pub(crate) fn streams(&self) -> u32 {
        match self.work {
            Work::Publish { streams } | Work::Play { streams, .. } | Work::Mix { streams, .. } => streams,
            Work::Storm { .. } | Work::Idle { .. } => 1,
        }
    }

    pub(crate) fn layout(&self) -> Option<Layout> {
        self.digest.then_some(Layout::DigestFirst)
    }

    /// Checks the numbers and finds the server.
    pub(crate) fn target(&self) -> Result<Target, Error> {
        let plan = |text: &str| Err(Error::Plan(text.into()));
        let (publishers, players) = self.counts();
        if self.stuck > 0 && !matches!(self.work, Work::Play { .. } | Work::Mix { .. }) {
            return plan("stuck players only go with players");
        }
        if self.streams() == 0 || publishers.saturating_add(players).saturating_add(self.stuck) == 0 {
            return plan("nothing to do: at least one stream and one connection");
        }
        if matches!(self.work, Work::Mix { players: 0, .. }) && self.stuck == 0 {
            return plan("a mix without players: `weir bench publish` publishes only");
        }
        if matches!(self.work, Work::Storm { connections: 0, .. }) {
            return plan("nothing to do: at least one connection in all");
        }
        if publishers.saturating_add(players).saturating_add(self.stuck) > MAX_CONNECTIONS {
            return plan(&format!("at most {MAX_CONNECTIONS} connections"));
        }
        if self.time.is_zero() || self.time > MAX_TIME {
            return plan("the time must be above zero and at most a week");
        }
        if self.ramp == 0 || !(1..=0xFF_FFFF).contains(&self.chunk_size) {
            return plan("ramp and chunk size must be above zero");
        }
        if !(1..=MAX_SPEED).contains(&self.speed) {
            return plan(&format!("the speed must be 1 to {MAX_SPEED}"));
        }
        let target = Target::find(&self.url, &self.trust)?;
        if target.url.name.is_empty() && !matches!(self.work, Work::Idle { .. }) {
            return plan("the URL names no stream: rtmp://host/app/name");
        }
        Ok(target)
    }
}

/// A server, found.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) url: Url,
    pub(crate) address: SocketAddr,
    pub(crate) tls: Option<Tls>,
}

impl Target {
    pub(crate) fn find(text: &str, trust: &Trust) -> Result<Target, Error> {
        let url = Url::parse(text).map_err(|source| Error::Url { url: text.into(), source })?;
        let tls = url.tls.then(|| Tls::new(&url.host, trust)).transpose()?;
        let resolve = |source| Error::Resolve { host: url.host.clone(), source };
        let mut addresses = (url.host.as_str(), url.port).to_socket_addrs().map_err(resolve)?;
        let address = addresses.next().ok_or_else(|| resolve(std::io::ErrorKind::NotFound.into()))?;
        Ok(Target { url, address, tls })
    }

    /// The name of stream `number` of `streams`.
    pub(crate) fn name(&self, number: u32, streams: u32) -> String {
        let name = &self.url.name;
        if name.contains("{}") {
            return name.replace("{}", &number.to_string());
        }
        if streams <= 1 {
            return name.clone();
        }
        match name.split_once('?') {
            Some((name, query)) => format!("{name}-{number}?{query}"),
            None => format!("{name}-{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_have_names() {
        let name = |url: &str, number, streams| Target::find(url, &Trust::System).unwrap().name(number, streams);
        assert_eq!(name("rtmp://127.0.0.1/live/cam", 0, 1), "cam");
        assert_eq!(name("rtmp://127.0.0.1/live/cam", 3, 5), "cam-3");
        assert_eq!(name("rtmp://127.0.0.1/live/cam?k=1", 3, 5), "cam-3?k=1");
        assert_eq!(name("rtmp://127.0.0.1/live/c{}x?k={}", 3, 1), "c3x?k=3");
    }

    #[test]
    fn rtmps_has_a_port_and_a_name_of_its_own() {
        let target = Target::find("rtmps://localhost/live/cam", &Trust::Anyone).unwrap();
        assert_eq!((target.address.port(), target.tls.is_some()), (443, true));
        assert!(Target::find("rtmp://localhost/live/cam", &Trust::Anyone).unwrap().tls.is_none());
    }

    #[test]
    fn plans_without_sense_are_refused() {
        let url = "rtmp://127.0.0.1/live/cam";
        let good = Plan::new(Work::Mix { streams: 1, players: 1 }, url);
        assert!(good.target().is_ok());
        let stuck = Plan { stuck: 1, work: Work::Play { streams: 1, players: 0 }, ..good.clone() };
        assert!(stuck.target().is_ok());
        for bad in [
            Plan { url: "rtmp://127.0.0.1/live".into(), ..good.clone() },
            Plan { url: "rtmps://127.0.0.1/live/cam".into(), trust: Trust::File("/gone.pem".into()), ..good.clone() },
            Plan { url: "http://127.0.0.1/live/cam".into(), ..good.clone() },
            Plan { time: Duration::ZERO, ..good.clone() },
            Plan { ramp: 0, ..good.clone() },
            Plan { speed: 0, ..good.clone() },
            Plan { speed: MAX_SPEED + 1, ..good.clone() },
            Plan { stuck: MAX_CONNECTIONS, ..good.clone() },
            Plan { stuck: 1, work: Work::Publish { streams: 1 }, ..good.clone() },
            Plan { work: Work::Play { streams: 1, players: 0 }, ..good.clone() },
            Plan { work: Work::Play { streams: 0, players: 1 }, ..good.clone() },
            Plan { work: Work::Mix { streams: 1, players: 0 }, ..good.clone() },
            Plan { work: Work::Storm { concurrency: 1, connections: 0 }, ..good.clone() },
            Plan { work: Work::Publish { streams: MAX_CONNECTIONS + 1 }, ..good.clone() },
        ] {
            assert!(bad.target().is_err(), "{bad:?}");
        }
    }
}
