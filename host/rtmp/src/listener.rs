//! The accept loop: permits, patience when the machine is out of descriptors, one task per connection, the drain.

use std::io;
use std::pin::pin;
use std::sync::{Arc, OnceLock, RwLock};
use std::task::Poll;
use std::time::{Duration, Instant};

use router::Router;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::address::{Address, Peer};
use crate::bind::{self, Bound};
use crate::connection::{self, Connection};
use crate::counters::{Counters, Open};
use crate::crowd::Crowds;
use crate::link::Link;
use crate::socket;
use crate::throttle::Throttle;
use crate::{ConnectionSettings, Error, ListenSettings, Snapshot, Tls, proxy, tls};

/// The pause after an accept that failed for want of descriptors; doubles up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// How much later than our own write timeout the kernel gives up a peer that acknowledges nothing, so that the log has our reason.
const GRACE: Duration = Duration::from_secs(20);

/// Sockets that listen for RTMP and RTMPS. Dropping it closes them and removes socket files.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<Socket>,
    settings: ListenSettings,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Socket {
    bound: Bound,
    tls: bool,
}

/// A connection as the kernel gives it.
struct Accepted {
    socket: socket::Socket,
    peer: Peer,
    tls: bool,
}

/// What the connections of one listener share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) counters: Arc<Counters>,
    pub(crate) warnings: Throttle,
    pub(crate) crowds: Arc<Crowds>,
    pub(crate) drain: Drain,
    settings: RwLock<Arc<ConnectionSettings>>,
}

/// Tells every connection that the listener goes.
#[derive(Debug, Default)]
pub(crate) struct Drain {
    by: OnceLock<tokio::time::Instant>,
    said: Notify,
}

impl Drain {
    /// Peers that were asked to leave may stay until `by`.
    fn begin(&self, by: tokio::time::Instant) {
        if self.by.set(by).is_ok() {
            self.said.notify_waiters();
        }
    }

    /// Returns when the drain begins: until when peers may stay.
    pub(crate) async fn begun(&self) -> tokio::time::Instant {
        loop {
            // It hears what is said from here on, so that nothing falls between the look and the wait.
            let said = self.said.notified();
            if let Some(by) = self.by.get() {
                return *by;
            }
            said.await;
        }
    }
}

/// Reads the counters and changes the settings of a listener while it serves. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle(Arc<Shared>);

impl Handle {
    /// The counters now.
    pub fn counters(&self) -> Snapshot {
        self.0.counters.snapshot()
    }

    /// Sets what holds for connections accepted from now on; open ones keep what they have. Without a certificate the old
    /// one stays: its sockets are open.
    pub fn reconfigure(&self, mut settings: ConnectionSettings) {
        let mut current = self.0.settings.write().unwrap_or_else(|e| e.into_inner());
        settings.tls = settings.tls.or_else(|| current.tls.clone());
        *current = Arc::new(settings);
    }

    /// Sets what handshakes are answered with from now on, and nothing else.
    pub fn set_tls(&self, tls: Tls) {
        let mut current = self.0.settings.write().unwrap_or_else(|e| e.into_inner());
        *current = Arc::new(ConnectionSettings { tls: Some(tls), ..(**current).clone() });
    }
}

impl Shared {
    fn settings(&self) -> Arc<ConnectionSettings> {
        self.settings.read().unwrap_or_else(|e| e.into_inner()).clone()
    }
}

impl Listener {
    /// Listens on every address of `settings`. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`Error::NoAddress`] without an address, [`Error::NoCertificate`] with one for RTMPS and no certificate,
    /// [`Error::Bind`] for the first address that cannot be had; then none is kept.
    pub fn bind(settings: ListenSettings) -> Result<Listener, Error> {
        if settings.addresses.is_empty() && settings.tls_addresses.is_empty() {
            return Err(Error::NoAddress);
        }
        if !settings.tls_addresses.is_empty() && settings.connection.tls.is_none() {
            return Err(Error::NoCertificate);
        }
        let mut sockets = Vec::new();
        for (addresses, tls) in [(&settings.addresses, false), (&settings.tls_addresses, true)] {
            for address in addresses {
                let bound = Bound::new(address, settings.backlog, settings.unix_mode)
                    .map_err(|source| Error::Bind { address: address.clone(), source })?;
                sockets.push(Socket { bound, tls });
            }
        }
        let counters: Arc<Counters> = Arc::default();
        let shared = Arc::new(Shared {
            crowds: Crowds::new(Arc::clone(&counters)),
            counters,
            warnings: Throttle::default(),
            drain: Drain::default(),
            settings: RwLock::new(Arc::new(settings.connection.clone())),
        });
        Ok(Listener { sockets, settings, shared })
    }

    /// The addresses listened on for RTMP, with the ports that the kernel chose.
    pub fn addresses(&self) -> Vec<Address> {
        self.local(false)
    }

    /// The same for RTMPS.
    pub fn tls_addresses(&self) -> Vec<Address> {
        self.local(true)
    }

    fn local(&self, tls: bool) -> Vec<Address> {
        let sockets = self.sockets.iter().filter(|s| s.tls == tls);
        sockets.filter_map(|s| s.bound.address()).collect()
    }

    /// A handle that outlives `serve`.
    pub fn handle(&self) -> Handle {
        Handle(self.shared.clone())
    }

    /// Accepts and serves until `shutdown` completes; then accepts no more, tells every peer, waits for the connections
    /// to end (at most `drain_timeout`), cuts the rest and returns the counters.
    ///
    /// Dropping the future cuts everything at once.
    pub async fn serve(self, router: Router, shutdown: impl Future<Output = ()>) -> Snapshot {
        let Listener { sockets, settings, shared } = self;
        let mut tasks = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        let mut turn = 0;
        let mut pause = PAUSE.0;
        let mut resume = None;
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                Some(ended) = tasks.join_next() => reap(&shared, ended),
                () = sleep_until(resume), if resume.is_some() => resume = None,
                accepted = accept(&sockets, &mut turn), if resume.is_none() => match accepted {
                    Ok(accepted) => {
                        pause = PAUSE.0;
                        if tasks.len() >= settings.max_connections {
                            refuse(&shared, accepted.peer, settings.max_connections);
                        } else {
                            admit(&shared, &router, &mut tasks, accepted);
                        }
                    }
                    Err(error) => {
                        Counters::add(&shared.counters.accept_errors, 1);
                        if bind::is_exhausted(&error) {
                            if let Some(held_back) = shared.warnings.pass(Instant::now()) {
                                tracing::error!(%error, ?pause, held_back, "cannot accept; trying again");
                            }
                            // Connections that end meanwhile give their descriptors back.
                            resume = Some(tokio::time::Instant::now() + pause);
                            pause = (pause * 2).min(PAUSE.1);
                        }
                    }
                },
            }
        }
        drop(sockets);
        let open = tasks.len();
        // Peers that were asked to leave are told to before everyone is cut.
        let now = tokio::time::Instant::now();
        shared.drain.begin(now + settings.drain_timeout / 4 * 3);
        let mut deadline = pin!(tokio::time::sleep_until(now + settings.drain_timeout));
        loop {
            tokio::select! {
                ended = tasks.join_next() => match ended {
                    Some(ended) => reap(&shared, ended),
                    None => break,
                },
                () = &mut deadline => {
                    tracing::warn!(cut = tasks.len(), "drain: time is up");
                    tasks.shutdown().await;
                    break;
                }
            }
        }
        tracing::info!(connections = open, "drained");
        shared.counters.snapshot()
    }
}

/// The next connection on any socket; the sockets take turns, so that a busy one does not starve the others.
async fn accept(sockets: &[Socket], turn: &mut usize) -> io::Result<Accepted> {
    std::future::poll_fn(|cx| {
        for _ in 0..sockets.len() {
            *turn = turn.wrapping_add(1);
            let Some(socket) = sockets.get(*turn % sockets.len()) else { continue };
            if let Poll::Ready(accepted) = socket.bound.poll_accept(cx) {
                let tls = socket.tls;
                return Poll::Ready(accepted.map(|(socket, peer)| Accepted { socket, peer, tls }));
            }
        }
        Poll::Pending
    })
    .await
}

async fn sleep_until(at: Option<tokio::time::Instant>) {
    if let Some(at) = at {
        tokio::time::sleep_until(at).await;
    }
}

fn admit(shared: &Arc<Shared>, router: &Router, tasks: &mut JoinSet<()>, Accepted { socket, peer, tls }: Accepted) {
    let settings = shared.settings();
    let id = router.connection_id();
    Counters::add(&shared.counters.accepted, 1);
    // A unix socket has no delay, and its peer cannot be gone without a word.
    if let socket::Socket::Tcp(stream) = &socket
        && let Err(error) = bind::fit(stream, settings.write_timeout + GRACE)
    {
        tracing::debug!(id, %peer, %error, "gone before it was served");
        return;
    }
    let mut random = [0; 32];
    if let Err(error) = getrandom::fill(&mut random) {
        tracing::error!(id, %peer, %error, "the system gives no random bytes for the handshake");
        return;
    }
    let secure = match (tls, &settings.tls) {
        (false, _) => None,
        (true, Some(tls)) => Some(tls.clone()),
        // Nothing is ever told in the clear to who came for TLS; `bind` has seen to it that there is a certificate.
        (true, None) => return,
    };
    let proxies = if tls { &settings.tls_proxies } else { &settings.proxies };
    let proxied = proxies.trust(&peer);
    let mut origin = connection::Origin {
        id,
        peer,
        accepted: tokio::time::Instant::now(),
        settings,
        router: router.clone(),
        shared: shared.clone(),
        open: Open::new(shared.counters.clone()),
        random,
    };
    if !proxied && secure.is_none() {
        tasks.spawn(Connection::new(origin, Link::plain(socket)));
        return;
    }
    tasks.spawn(async move {
        // Boxed: a handshake takes room that the connection need not keep.
        if let Some(link) = Box::pin(open(socket, proxied, secure, &mut origin)).await {
            Connection::new(origin, link).await;
        }
    });
}

/// What comes before RTMP: the header of a proxy, then TLS. `None` if it did not come as it should.
async fn open(
    mut socket: socket::Socket,
    proxied: bool,
    secure: Option<Tls>,
    origin: &mut connection::Origin,
) -> Option<Link> {
    if proxied {
        socket = proxy::accept::accept(socket, origin).await?;
    }
    Some(match secure {
        None => Link::plain(socket),
        Some(tls) => Link::Tls(tls::accept::accept(&tls, socket, origin).await?),
    })
}

fn refuse(shared: &Shared, peer: Peer, max: usize) {
    Counters::add(&shared.counters.refused, 1);
    if let Some(held_back) = shared.warnings.pass(Instant::now()) {
        tracing::warn!(%peer, max_connections = max, held_back, "connection refused: too many");
    }
}

fn reap(shared: &Shared, ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        Counters::add(&shared.counters.panics, 1);
        tracing::error!(%error, "a connection's task panicked; the others go on");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::net::SocketAddr;

    use tokio::net::TcpStream;

    fn shared() -> Shared {
        Shared {
            crowds: Crowds::new(Arc::default()),
            counters: Arc::default(),
            warnings: Throttle::default(),
            drain: Drain::default(),
            settings: RwLock::new(Arc::new(ConnectionSettings::default())),
        }
    }

    #[tokio::test]
    async fn a_panic_is_counted_and_a_cut_is_not() {
        let shared = shared();
        let mut tasks = JoinSet::new();
        tasks.spawn(async { std::panic::resume_unwind(Box::new("a fault of ours")) });
        reap(&shared, tasks.join_next().await.unwrap());
        assert_eq!(shared.counters.snapshot().panics, 1);
        tasks.spawn(std::future::pending());
        tasks.abort_all();
        reap(&shared, tasks.join_next().await.unwrap());
        assert_eq!(shared.counters.snapshot().panics, 1);
    }

    #[tokio::test]
    async fn an_address_that_is_taken_is_named() {
        let settings = |address: Address| ListenSettings { addresses: vec![address], ..ListenSettings::default() };
        let first = Listener::bind(settings("127.0.0.1:0".parse().unwrap())).unwrap();
        let taken = first.addresses().remove(0);
        let error = Listener::bind(settings(taken.clone())).unwrap_err();
        assert!(matches!(&error, Error::Bind { address, .. } if *address == taken));
        assert!(error.to_string().contains(&taken.to_string()));
        let none = ListenSettings { addresses: Vec::new(), ..ListenSettings::default() };
        assert!(matches!(Listener::bind(none.clone()), Err(Error::NoAddress)));
        let bare = ListenSettings { tls_addresses: vec![taken], ..none };
        assert!(matches!(Listener::bind(bare), Err(Error::NoCertificate)));
    }

    #[tokio::test]
    async fn every_address_is_accepted_from() {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let addresses = vec![any.into(); 3];
        let listener = Listener::bind(ListenSettings { addresses, ..ListenSettings::default() }).unwrap();
        let mut clients = Vec::new();
        for address in listener.addresses().iter().filter_map(Address::tcp) {
            clients.push(TcpStream::connect(address).await.unwrap());
            clients.push(TcpStream::connect(address).await.unwrap());
        }
        let mut turn = 0;
        let mut ports = Vec::new();
        for _ in 0..clients.len() {
            let accepted = accept(&listener.sockets, &mut turn).await.unwrap();
            ports.push(accepted.socket.local_port());
        }
        ports.sort_unstable();
        let of_each: Vec<usize> = ports.chunk_by(|a, b| a == b).map(<[u16]>::len).collect();
        assert_eq!(of_each, [2, 2, 2]);
    }
}
