//! Name → checked address → TCP → TLS.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::address::{self, Network};
use super::origin::Origin;
use super::{Failure, Settings};

/// One of several addresses may be silent for so long before the next is tried.
const PATIENCE: Duration = Duration::from_secs(1);
/// Names looked up at the same time. Each occupies a thread of the system's resolver, which cannot be called off.
const MOST_LOOKUPS: usize = 16;

/// Makes connections.
pub(super) struct Connector {
    tls: TlsConnector,
    /// Why nobody can be trusted, if so.
    nobody: Option<String>,
    networks: Vec<Network>,
    lookups: Arc<Semaphore>,
}

impl Connector {
    pub(super) fn new(settings: &Settings) -> Result<Connector, String> {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(found.certs);
        if let Some(file) = &settings.ca {
            add(&mut roots, file).map_err(|why| format!("`ca` under [wasm.http]: {}: {why}", file.display()))?;
        }
        let nobody = roots.is_empty().then(|| {
            let why = found.errors.first().map(|error| format!("; {error}")).unwrap_or_default();
            format!("this machine knows no authorities (Debian: install ca-certificates{why}); or name one as `ca` under [wasm.http]")
        });
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(|e| e.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (tls, lookups) = (TlsConnector::from(Arc::new(config)), Arc::new(Semaphore::new(MOST_LOOKUPS)));
        Ok(Connector { tls, nobody, networks: settings.networks.clone(), lookups })
    }

    /// To a server that may be called.
    pub(super) async fn connect(&self, origin: &Origin) -> Result<Link, Failure> {
        let addresses = match origin.literal() {
            // Whether it may be called was asked before.
            Some(ip) => vec![SocketAddr::new(ip, origin.port)],
            None => self.look_up(origin).await?,
        };
        let tcp = dial(origin, &addresses).await?;
        // A request is one small write: it waits for nothing.
        let _ = tcp.set_nodelay(true);
        if !origin.tls {
            return Ok(Link::Plain(tcp));
        }
        if let Some(why) = &self.nobody {
            return Err(Failure::Tls(why.clone()));
        }
        let name = ServerName::try_from(origin.host.clone()).map_err(|e| Failure::Tls(e.to_string()))?;
        let tls = self.tls.connect(name, tcp).await.map_err(|e| Failure::Tls(format!("{origin}: {e}")))?;
        Ok(Link::Tls(Box::new(tls)))
    }

    /// The addresses of a name that it may lead to.
    async fn look_up(&self, origin: &Origin) -> Result<Vec<SocketAddr>, Failure> {
        let gone = |e: &dyn std::fmt::Display| Failure::Connect(format!("{}: {e}", origin.host));
        let place = Arc::clone(&self.lookups).acquire_owned().await.map_err(|e| gone(&e))?;
        let target = (origin.host.clone(), origin.port);
        let found = tokio::task::spawn_blocking(move || {
            // Held to the end of the lookup, which goes on when nobody waits for it any more.
            let _place = place;
            target.to_socket_addrs().map(Iterator::collect::<Vec<_>>)
        });
        let found = found.await.map_err(|e| gone(&e))?.map_err(|e| gone(&e))?;
        let may: Vec<_> = found.iter().copied().filter(|a| address::may(a.ip(), &self.networks)).collect();
        match (may.is_empty(), found.is_empty()) {
            (true, true) => Err(gone(&"the name has no address")),
            (true, false) => {
                let refused: Vec<IpAddr> = found.iter().map(SocketAddr::ip).collect();
                Err(Failure::Address(address::refused(&origin.host, &refused)))
            }
            _ => Ok(may),
        }
    }
}

fn add(roots: &mut RootCertStore, file: &Path) -> Result<(), String> {
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| e.to_string())? {
        roots.add(certificate.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    }
    if roots.len() == before { Err("no certificate in it".to_owned()) } else { Ok(()) }
}

/// The first that answers.
async fn dial(origin: &Origin, addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
    let mut last = Failure::Connect(format!("{}: the name has no address", origin.host));
    for (n, address) in addresses.iter().enumerate() {
        let tried = TcpStream::connect(address);
        let tried = match n + 1 < addresses.len() {
            true => tokio::time::timeout(PATIENCE, tried).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())),
            false => tried.await,
        };
        match tried {
            Ok(stream) => return Ok(stream),
            Err(e) => last = Failure::Connect(format!("{address}: {e}")),
        }
    }
    Err(last)
}

/// A connection to a server.
pub(super) enum Link {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// The same call on whichever it is.
macro_rules! either {
    ($link:expr, $io:ident => $call:expr) => {
        match $link.get_mut() {
            Link::Plain($io) => {
                let $io = Pin::new($io);
                $call
            }
            Link::Tls($io) => {
                let $io = Pin::new($io.as_mut());
                $call
            }
        }
    };
}

impl AsyncRead for Link {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        either!(self, io => io.poll_read(cx, buf))
    }
}

impl AsyncWrite for Link {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        either!(self, io => io.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, io => io.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, io => io.poll_shutdown(cx))
    }
}
