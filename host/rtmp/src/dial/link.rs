//! The socket of a dialled connection, with or without TLS.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use rtmp_proto::client::Url;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use super::{DialSettings, End, Progress, Stage, State, Target};
use crate::bind;

/// How long one address is tried before the next one is tried beside it (RFC 8305 §5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);
/// Added to the write timeout before the kernel itself gives a silent peer up.
const GRACE: Duration = Duration::from_secs(5);

/// What a dialled connection reads from and writes to.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Makes a connection to the host of `url`, up to the end of the TLS handshake if it is `rtmps`.
pub(super) async fn open(url: &Url, target: &Target, progress: &Progress) -> Result<Box<dyn Duplex>, End> {
    let settings = &target.settings;
    let stream = reach(&url.host, url.port, settings, progress).await?;
    if !url.tls {
        return Ok(Box::new(stream));
    }
    progress.enter(State::Handshaking);
    match timeout(settings.handshake_timeout, target.tls.connect(&url.host, stream)).await {
        Ok(shaken) => Ok(Box::new(shaken?)),
        Err(_) => Err(End::Timeout(Stage::Tls, settings.handshake_timeout)),
    }
}

async fn reach(host: &str, port: u16, settings: &DialSettings, progress: &Progress) -> Result<TcpStream, End> {
    progress.enter(State::Resolving);
    let deadline = Instant::now() + settings.connect_timeout;
    let unresolved = |why: String| End::Unresolved { host: host.to_owned(), why };
    let addresses: Vec<SocketAddr> = match timeout_at(deadline, lookup_host((host, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(error)) => return Err(unresolved(error.to_string())),
        Err(_) => return Err(End::Timeout(Stage::Resolve, settings.connect_timeout)),
    };
    progress.enter(State::Connecting);
    match timeout_at(deadline, first_of(addresses, TcpStream::connect)).await {
        Ok(Ok((address, stream))) => {
            // A connection that is gone already says so with the first byte.
            let _ = bind::fit(&stream, settings.write_timeout + GRACE);
            progress.connected_to(address.to_string());
            Ok(stream)
        }
        Ok(Err(Some((address, why)))) => Err(End::Unreachable { address: address.to_string(), why }),
        Ok(Err(None)) => Err(unresolved("it has no address".to_owned())),
        Err(_) => Err(End::Timeout(Stage::Connect, settings.connect_timeout)),
    }
}

/// The first address that takes a connection: each is tried when the one before it has failed, or has not answered for a
/// quarter of a second. An error is that of the last one to fail; there is none without an address.
async fn first_of<T, F>(
    addresses: Vec<SocketAddr>,
    connect: impl Fn(SocketAddr) -> F,
) -> Result<(SocketAddr, T), Option<(SocketAddr, String)>>
where
    T: Send + 'static,
    F: Future<Output = std::io::Result<T>> + Send + 'static,
{
    let mut waiting = addresses.into_iter();
    let mut tries = JoinSet::new();
    let mut failed = None;
    loop {
        if let Some(address) = waiting.next() {
            let connecting = connect(address);
            tries.spawn(async move { (address, connecting.await) });
        }
        let tried = if waiting.len() > 0 {
            timeout(NEXT_ADDRESS, tries.join_next()).await
        } else {
            Ok(tries.join_next().await)
        };
        match tried {
            // The next one is tried beside those that have not answered.
            Err(_) => {}
            Ok(Some(Ok((address, Ok(made))))) => return Ok((address, made)),
            Ok(Some(Ok((address, Err(error))))) => failed = Some((address, error.to_string())),
            Ok(Some(Err(_))) => {}
            Ok(None) => return Err(failed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn addresses(n: u8) -> Vec<SocketAddr> {
        (1..=n).map(|last| SocketAddr::from(([127, 0, 0, last], 1935))).collect()
    }

    async fn last_byte(address: SocketAddr) -> u8 {
        match address.ip() {
            std::net::IpAddr::V4(ip) => ip.octets()[3],
            std::net::IpAddr::V6(_) => 0,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_address_holds_up_nobody() {
        let connect = |address| async move {
            match last_byte(address).await {
                1 => std::future::pending().await,
                2 => Err(io::ErrorKind::ConnectionRefused.into()),
                n => Ok(n),
            }
        };
        assert_eq!(first_of(addresses(4), connect).await.unwrap().1, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_address_may_still_be_the_first() {
        let connect = |address| async move {
            let n = last_byte(address).await;
            tokio::time::sleep(Duration::from_millis(if n == 1 { 300 } else { 3000 })).await;
            Ok(n)
        };
        assert_eq!(first_of(addresses(3), connect).await.unwrap().1, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn if_all_fail_the_last_one_is_told() {
        let refuse = |_| async { Err::<u8, _>(io::ErrorKind::ConnectionRefused.into()) };
        let (address, why) = first_of(addresses(2), refuse).await.unwrap_err().unwrap();
        assert_eq!((address, why.as_str()), (addresses(2)[1], "connection refused"));
        assert_eq!(first_of(Vec::new(), refuse).await, Err(None));
    }
}
