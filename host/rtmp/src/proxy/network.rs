//! Networks: `10.0.0.0/8`, `::1`, and the peers of socket files.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use crate::address::Peer;

/// Addresses with the same first bits, or whoever comes by a socket file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Addresses whose first bits are those of this one.
    Ip(IpAddr, u8),
    /// Every peer of a unix socket: its file says who may be one.
    Unix,
}

/// Why a text is no [`Network`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// No address before the slash.
    #[error("not an IP address, a network such as 10.0.0.0/8 or 2001:db8::/32, or \"unix\"")]
    Neither,
    /// A length that the address does not have.
    #[error("a network of {0} has 0 to {1} bits")]
    Length(IpAddr, u8),
    /// Bits behind the length: which of the two is meant?
    #[error("has bits behind its length; the network is {0}/{1}")]
    Bits(IpAddr, u8),
}

impl Network {
    pub(super) fn holds(&self, peer: &Peer) -> bool {
        match (self, peer) {
            (Network::Unix, Peer::Unix { .. }) => true,
            (Network::Ip(network, length), Peer::Ip(address)) => {
                network.is_ipv4() == address.is_ipv4() && bits(*network) == first(address.ip(), *length)
            }
            _ => false,
        }
    }
}

/// The address as a number, first bit highest.
fn bits(ip: IpAddr) -> u128 {
    match ip {
        // Both count from the top.
        IpAddr::V4(ip) => u128::from(ip.to_bits()) << 96,
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

fn first(ip: IpAddr, length: u8) -> u128 {
    bits(ip) & !u128::MAX.checked_shr(length.into()).unwrap_or(0)
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Network, NetworkError> {
        if text == "unix" {
            return Ok(Network::Unix);
        }
        let (ip, length) = match text.split_once('/') {
            Some((ip, length)) => (ip, Some(length)),
            None => (text, None),
        };
        let ip: IpAddr = ip.trim_matches(['[', ']']).parse().map_err(|_| NetworkError::Neither)?;
        let most = if ip.is_ipv4() { 32 } else { 128 };
        let length = match length {
            None => most,
            Some(text) => text.parse().ok().filter(|length| *length <= most).ok_or(NetworkError::Length(ip, most))?,
        };
        let network = first(ip, length);
        if network != bits(ip) {
            let network = match ip {
                IpAddr::V4(_) => IpAddr::V4(u32::try_from(network >> 96).unwrap_or_default().into()),
                IpAddr::V6(_) => IpAddr::V6(network.into()),
            };
            return Err(NetworkError::Bits(network, length));
        }
        Ok(Network::Ip(ip, length))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Network::Ip(ip, length) => write!(f, "{ip}/{length}"),
            Network::Unix => f.write_str("unix"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_in_a_network() {
        let table = [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("192.0.2.128/25", "192.0.2.127", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "203.0.113.9", false),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("[::1]", "::1", true),
            // As a dual-stack socket shows it.
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ];
        for (network, ip, is_in) in table {
            let network: Network = network.parse().unwrap();
            let peer = Peer::at((ip.parse::<IpAddr>().unwrap(), 4000).into());
            assert_eq!(network.holds(&peer), is_in, "{ip} in {network}");
            assert_eq!(network.to_string().parse(), Ok(network));
            assert!(!network.holds(&Peer::Unix { uid: None, pid: None }));
        }
        let unix: Network = "unix".parse().unwrap();
        assert!(unix.holds(&Peer::Unix { uid: Some(1), pid: None }));
        assert!(!unix.holds(&Peer::at("127.0.0.1:1".parse().unwrap())));
    }

    #[test]
    fn what_is_no_network_is_told() {
        let table = [
            ("", "not an IP address"),
            ("localhost", "not an IP address"),
            ("10.0.0/8", "not an IP address"),
            ("10.0.0.0/33", "0 to 32 bits"),
            ("::/129", "0 to 128 bits"),
            ("10.0.0.0/", "0 to 32 bits"),
            ("10.1.2.3/8", "the network is 10.0.0.0/8"),
            ("2001:db8::1/32", "the network is 2001:db8::/32"),
        ];
        for (text, expected) in table {
            let error = text.parse::<Network>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
