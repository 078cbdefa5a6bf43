//! Addresses and networks as operators write them: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.

use std::net::{IpAddr, Ipv6Addr};

/// All addresses that begin with the same bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    /// As 128 bits, those of IPv4 mapped into IPv6 (RFC 4291 §2.5.5.2), so that either way of writing an address means the same.
    bits: u128,
    /// How many of them count, from the top.
    length: u32,
}

/// Where the 32 bits of an IPv4 address stand among the 128.
const MAPPED: u32 = 96;

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => Ipv6Addr::to_bits(v6),
    }
}

fn mask(length: u32) -> u128 {
    u128::MAX.checked_shl(128 - length).unwrap_or(0)
}

impl Network {
    /// # Errors
    /// What is expected instead, without the text itself.
    pub fn parse(text: &str) -> Result<Network, String> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let expected = || "expected an address or a network, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32".to_owned();
        let address: IpAddr = address.parse().map_err(|_| expected())?;
        let (most, before) = if address.is_ipv4() { (32, MAPPED) } else { (128, 0) };
        let length = match length {
            None => most,
            // `parse` takes a sign.
            Some(length) => match length.parse() {
                Ok(bits) if bits <= most && !length.starts_with('+') => bits,
                _ => return Err(format!("expected at most {most} bits behind the slash")),
            },
        };
        let network = Network { bits: bits(address), length: before + length };
        let inside = network.bits & mask(network.length);
        if inside == network.bits {
            return Ok(network);
        }
        // A slip of the pen here opens a door: it is asked about rather than guessed.
        let first = Ipv6Addr::from_bits(inside).to_canonical();
        Err(format!("the address has bits behind the slash's; expected {first}/{length}"))
    }

    /// Whether the address is one of the network's.
    pub fn holds(&self, address: IpAddr) -> bool {
        bits(address) & mask(self.length) == self.bits
    }
}
