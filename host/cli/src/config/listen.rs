//! What `[rtmp]` and `[rtmps]` have in common: addresses, and the load balancers in front of them.

use std::net::{Ipv4Addr, SocketAddr};

use ::rtmp::{
    Address, Proxies,
    address::AddressError,
    proxy::{Network, NetworkError},
};

use super::{
    kind::{Kind, List},
    read::{Context, Table},
    search,
    tree::{Node, quote},
};

/// An address to listen on.
struct At;

impl Kind for At {
    type Out = Address;
    fn expects(&self) -> String {
        "an address and port in quotes, such as \"[::]:1935\" or \"127.0.0.1:1935\", or \"unix:/run/weir/rtmp.sock\""
            .into()
    }
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<Address> {
        let what = match context.text(node).as_deref().map(str::parse) {
            Some(Ok(Address::Unix(path))) if let Some(what) = search::no_socket(&path) => what,
            Some(Ok(address)) => return Some(address),
            None | Some(Err(AddressError::Neither)) => format!("expected {}, found {}", self.expects(), node.toml()),
            Some(Err(error)) => format!("{}: {error}", node.toml()),
        };
        context.problem(&node.place, key, what);
        // Never used, for what has a problem is refused: but a list with a wrong address in it is not empty.
        Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
    }
    fn write(&self, value: &Address) -> String {
        quote(&value.to_string())
    }
}

/// `listen` of a table: where each address can be had once.
pub(super) fn addresses(table: &mut Table<'_, '_>, default: Vec<Address>) -> Vec<Address> {
    let addresses = table.read("listen", List(At), default);
    for (i, address) in addresses.iter().enumerate() {
        let any_port = matches!(address, Address::Tcp(at) if at.port() == 0);
        if !any_port && addresses.iter().take(i).any(|other| other == address) {
            let (place, key) = (table.place_of("listen"), format!("{}[{i}]", table.name("listen")));
            table.context().problem(&place, &key, format!("{} is in this list already", quote(&address.to_string())));
        }
    }
    addresses
}

/// Permission bits in octal.
pub(super) struct Mode;

impl Kind for Mode {
    type Out = u32;
    fn expects(&self) -> String {
        "permissions as three octal digits in quotes, such as \"660\"".into()
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<u32> {
        let text = context.text(node)?;
        let digits = text.strip_prefix('0').filter(|rest| rest.len() == 3).unwrap_or(&text);
        let octal = digits.len() == 3 && digits.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
        octal.then(|| u32::from_str_radix(digits, 8).ok())?
    }
    fn write(&self, value: &u32) -> String {
        quote(&format!("{value:03o}"))
    }
}

/// A network whose connections are believed.
struct From;

impl Kind for From {
    type Out = Network;
    fn expects(&self) -> String {
        "an IP address, a network such as \"10.0.0.0/8\" or \"2001:db8::/32\", or \"unix\"".into()
    }
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<Network> {
        match context.text(node)?.parse() {
            Ok(network) => Some(network),
            Err(NetworkError::Neither) => None,
            Err(error) => {
                context.problem(&node.place, key, format!("{}: {error}", node.toml()));
                Some(Network::Unix)
            }
        }
    }
    fn write(&self, value: &Network) -> String {
        quote(&value.to_string())
    }
}

/// `proxy_protocol = { from = […] }`.
pub(super) fn proxies(mut table: Table<'_, '_>) -> Proxies {
    let trusted = table.read("from", List(From), Vec::new());
    table.finish();
    Proxies::new(trusted)
}
