//! The operator's lists.

use std::net::IpAddr;

use guest_sdk::{Config, Fault};
use serde::Deserialize;

use crate::network::Network;

/// Who may do what.
#[derive(Debug)]
pub struct Lists {
    pub(crate) connect: Option<List>,
    pub(crate) publish: Option<List>,
    pub(crate) play: Option<List>,
    pub(crate) deny: List,
    pub(crate) recheck_ms: Option<u32>,
    pub(crate) hold_ms: u32,
}

/// Networks; what is on it holds for all their addresses.
#[derive(Debug)]
pub(crate) struct List(Vec<Network>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    connect: Option<Vec<String>>,
    publish: Option<Vec<String>>,
    play: Option<Vec<String>>,
    #[serde(default)]
    deny: Vec<String>,
    recheck_ms: Option<u32>,
    #[serde(default)]
    hold_ms: u32,
}

impl List {
    fn read(key: &str, entries: Vec<String>) -> Result<List, Fault> {
        let one = |(i, text): (usize, String)| {
            Network::parse(&text).map_err(|why| Fault::InvalidConfig(format!("{key}[{i}]: `{text}`: {why}")))
        };
        entries.into_iter().enumerate().map(one).collect::<Result<_, _>>().map(List)
    }

    /// Who has no address that can be read is on no list.
    pub(crate) fn holds(&self, address: Option<IpAddr>) -> bool {
        address.is_some_and(|address| self.0.iter().any(|network| network.holds(address)))
    }
}

impl Lists {
    pub(crate) fn read(config: &Config) -> Result<Lists, Fault> {
        let table: Table = config.parse()?;
        let wrong = |what: &str| Err(Fault::InvalidConfig(what.to_owned()));
        if table.connect.is_none() && table.publish.is_none() && table.play.is_none() && table.deny.is_empty() {
            return wrong("publish: missing; expected at least one list of `connect`, `publish`, `play` and `deny`");
        }
        match table.recheck_ms {
            Some(0..100) => return wrong("recheck_ms: expected at least 100"),
            _ if table.hold_ms > 10_000 => return wrong("hold_ms: expected at most 10000"),
            _ => {}
        }
        let list = |key, entries: Option<Vec<String>>| entries.map(|entries| List::read(key, entries)).transpose();
        Ok(Lists {
            connect: list("connect", table.connect)?,
            publish: list("publish", table.publish)?,
            play: list("play", table.play)?,
            deny: List::read("deny", table.deny)?,
            recheck_ms: table.recheck_ms,
            hold_ms: table.hold_ms,
        })
    }
}
