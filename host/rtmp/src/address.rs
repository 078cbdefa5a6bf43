//! Where to listen, and who came.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What stands before the path of a socket file.
const UNIX: &str = "unix:";
/// Bytes of a socket file's path: `sun_path` without the NUL at its end; 103 where the system is a BSD.
const MAX_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// An address to listen on: `127.0.0.1:1935`, `[::1]:1935`, `unix:/run/weir.sock`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// TCP over IPv4 or IPv6.
    Tcp(SocketAddr),
    /// A socket file of this machine.
    Unix(PathBuf),
}

/// Why a text is no [`Address`]; says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Neither of the two kinds.
    #[error("not an address and a port, such as 127.0.0.1:1935 or [::1]:1935")]
    Neither,
    /// IPv6 without brackets.
    #[error("an IPv6 address stands in brackets before its port: [{0}]:{1}")]
    NoBrackets(IpAddr, u16),
    /// An IP address alone.
    #[error("the port is missing: {0}:1935")]
    NoPort(IpAddr),
    /// A port alone.
    #[error("the address before the port is missing; every address of this machine is [::]:{0}")]
    NoHost(u16),
    /// A host's name.
    #[error(
        "{0} is a name, and names are not looked up here: write the IP address, [::] for every one of this machine"
    )]
    Name(String),
    /// `unix:~/…`
    #[error("`~` is not expanded here: write the whole path")]
    Home,
    /// `unix:@…`
    #[error("sockets without a file (@) are not listened on: write the path of a file")]
    Abstract,
    /// `unix:`
    #[error("the path of the socket file is missing")]
    NoPath,
    /// A path that the system's own address cannot hold.
    #[error("the path of a socket file has at most {MAX_PATH} bytes, this one has {0}")]
    LongPath(usize),
}

impl Address {
    /// The IP address and port; `None` for a socket file.
    pub fn tcp(&self) -> Option<SocketAddr> {
        if let Address::Tcp(address) = self { Some(*address) } else { None }
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Address {
        Address::Tcp(address)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        if let Some(path) = text.strip_prefix(UNIX) {
            return socket_file(path);
        }
        if let Ok(address) = text.parse() {
            return Ok(Address::Tcp(address));
        }
        let number = |text: &str| text.parse::<u16>().ok();
        if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            // The last group may be meant for a port.
            let split = text.rsplit_once(':').and_then(|(ip, port)| Some((ip.parse().ok()?, number(port)?)));
            return Err(match split {
                Some((ip, port)) => AddressError::NoBrackets(ip, port),
                None if ip.is_ipv6() && !text.starts_with('[') => AddressError::NoBrackets(ip, 1935),
                None => AddressError::NoPort(ip),
            });
        }
        if let Some(port) = number(text.trim_start_matches([':', '*'])) {
            return Err(AddressError::NoHost(port));
        }
        match text.rsplit_once(':') {
            Some((host, port)) if number(port).is_some() && host.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Err(AddressError::Name(host.to_owned()))
            }
            _ => Err(AddressError::Neither),
        }
    }
}

fn socket_file(path: &str) -> Result<Address, AddressError> {
    match path.as_bytes() {
        [] => Err(AddressError::NoPath),
        [b'~', ..] => Err(AddressError::Home),
        [b'@', ..] => Err(AddressError::Abstract),
        bytes if bytes.len() > MAX_PATH => Err(AddressError::LongPath(bytes.len())),
        _ => Ok(Address::Unix(path.into())),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp(address) => address.fmt(f),
            Address::Unix(path) => write!(f, "{UNIX}{}", show(path)),
        }
    }
}

/// A path without what a terminal would obey.
fn show(path: &Path) -> String {
    String::from_utf8_lossy(path.as_os_str().as_bytes()).escape_debug().to_string()
}

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Ip(SocketAddr),
    /// Came by a socket file: the user and the process, where the system knows them.
    Unix {
        uid: Option<u32>,
        pid: Option<i32>,
    },
}

impl Peer {
    /// A mapped IPv4 address is shown and judged as what it is.
    pub(crate) fn at(address: SocketAddr) -> Peer {
        Peer::Ip(SocketAddr::new(address.ip().to_canonical(), address.port()))
    }

    /// The address as filters get it: `unix` for one without.
    pub(crate) fn ip(&self) -> String {
        match self {
            Peer::Ip(address) => address.ip().to_string(),
            Peer::Unix { .. } => "unix".to_owned(),
        }
    }

    /// 0 without an address.
    pub(crate) fn port(&self) -> u16 {
        if let Peer::Ip(address) = self { address.port() } else { 0 }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Peer::Ip(address) => address.fmt(f),
            Peer::Unix { uid, pid } => {
                f.write_str("unix")?;
                if let Some(uid) = uid {
                    write!(f, ":uid={uid}")?;
                }
                if let Some(pid) = pid {
                    write!(f, ":pid={pid}")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["127.0.0.1:1935", "[::]:443", "[2001:db8::1]:19350", "[fe80::1%2]:1935", "unix:/run/weir.sock"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_none_is_told_with_what_to_write() {
        let long = format!("unix:/{}", "x".repeat(MAX_PATH));
        let table = [
            ("", "not an address and a port"),
            ("::1", "[::1]:1935"),
            ("::1:443", "stands in brackets before its port: [::1]:443"),
            ("2001:db8::a", "[2001:db8::a]:1935"),
            ("[::1]", "the port is missing"),
            ("10.0.0.1", "the port is missing: 10.0.0.1:1935"),
            ("1935", "[::]:1935"),
            (":1935", "[::]:1935"),
            ("*:1935", "[::]:1935"),
            ("localhost:1935", "localhost is a name"),
            ("127.0.0.1:99999", "not an address and a port"),
            ("unix:", "the path of the socket file is missing"),
            ("unix:~/weir.sock", "`~` is not expanded"),
            ("unix:@weir", "sockets without a file"),
            (long.as_str(), "at most"),
        ];
        for (text, expected) in table {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn peers() {
        let mapped = Peer::at("[::ffff:192.0.2.7]:4000".parse().unwrap());
        assert_eq!(
            (mapped.to_string(), mapped.ip(), mapped.port()),
            ("192.0.2.7:4000".into(), "192.0.2.7".into(), 4000)
        );
        let v6 = Peer::at("[2001:db8::7]:4000".parse().unwrap());
        assert_eq!((v6.to_string(), v6.ip()), ("[2001:db8::7]:4000".into(), "2001:db8::7".into()));
        let unix = Peer::Unix { uid: Some(1000), pid: Some(77) };
        assert_eq!((unix.to_string(), unix.ip(), unix.port()), ("unix:uid=1000:pid=77".into(), "unix".into(), 0));
        assert_eq!(Peer::Unix { uid: None, pid: None }.to_string(), "unix");
    }
}
