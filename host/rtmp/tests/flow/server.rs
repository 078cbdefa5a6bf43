//! A listener on a port of the kernel's choice, with one open application.

use std::net::SocketAddr;

use router::{App, Router, Settings, Summary};
use rtmp::{ConnectionSettings, Handle, ListenSettings, Listener, Snapshot};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::wait;

pub struct Server {
    /// Where it listens for RTMP, or for RTMPS if it has a certificate: its first address that is no socket file.
    pub address: SocketAddr,
    pub router: Router,
    handle: Handle,
    shutdown: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<Snapshot>>,
}

impl Server {
    pub async fn start() -> Server {
        Server::start_with(ListenSettings::default(), |_| {}).await
    }

    pub async fn start_for(connection: ConnectionSettings) -> Server {
        Server::start_with(ListenSettings { connection, ..ListenSettings::default() }, |_| {}).await
    }

    pub async fn start_with(settings: ListenSettings, change: impl FnOnce(&mut App)) -> Server {
        let addresses = vec!["127.0.0.1:0".parse().unwrap()];
        let (addresses, tls_addresses) =
            if settings.connection.tls.is_some() { (Vec::new(), addresses) } else { (addresses, Vec::new()) };
        Server::listen(ListenSettings { addresses, tls_addresses, ..settings }, change).await
    }

    /// Listens where the settings say.
    pub async fn listen(settings: ListenSettings, change: impl FnOnce(&mut App)) -> Server {
        let mut app = App::default();
        change(&mut app);
        let router = Router::new(Settings { apps: [("live".to_owned(), app)].into(), ..Settings::default() });
        let listener = Listener::bind(settings).unwrap();
        let addresses = listener.addresses().into_iter().chain(listener.tls_addresses());
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let address = addresses.filter_map(|address| address.tcp()).next().unwrap_or(nowhere);
        let handle = listener.handle();
        let (shutdown, stop) = oneshot::channel::<()>();
        let serving = listener.serve(router.clone(), async {
            let _ = stop.await;
        });
        Server { address, router, handle, shutdown: Some(shutdown), served: Some(tokio::spawn(serving)) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("rtmp://{}/{path}", self.address)
    }

    pub fn counters(&self) -> Snapshot {
        self.handle.counters()
    }

    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Asks the server to stop; gives what `serve` returns when it has.
    pub fn shut_down(&mut self) -> JoinHandle<Snapshot> {
        let _ = self.shutdown.take().expect("shut down once").send(());
        self.served.take().expect("shut down once")
    }

    /// Waits until the listing says so of one stream.
    async fn until(&self, what: &str, name: &str, is: impl Fn(Option<&Summary>) -> bool) {
        self.wait(&format!("{name} {what}"), || is(self.router.streams().iter().find(|s| s.key.to_string() == name)))
            .await;
    }

    /// Waits until the counters say so.
    pub async fn counted(&self, what: &str, is: impl Fn(Snapshot) -> bool) {
        self.wait(what, || is(self.counters())).await;
    }

    async fn wait(&self, what: &str, is: impl Fn() -> bool) {
        let instead = || format!("{:?}; {:?}", self.router.streams(), self.counters());
        wait::until(what, || if is() { Ok(()) } else { Err(instead()) }).await;
    }

    pub async fn live(&self, name: &str) {
        self.until("is live", name, |s| s.is_some_and(|s| s.live)).await;
    }

    pub async fn gone(&self, name: &str) {
        self.until("is gone", name, |s| s.is_none_or(|s| !s.live)).await;
    }

    pub async fn gop(&self, name: &str) {
        self.until("has a key frame", name, |s| s.is_some_and(|s| s.gop)).await;
    }

    pub async fn subscribers(&self, name: &str, n: usize) {
        self.until("has its players", name, |s| s.is_some_and(|s| s.subscribers == n)).await;
    }
}
