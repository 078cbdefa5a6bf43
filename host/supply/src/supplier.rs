//! The way from an order to a file that is what was ordered.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ureq_proto::http::StatusCode;
use ureq_proto::http::header::{self, HeaderMap, HeaderValue};

use crate::client::{Client, Get};
use crate::manifest::Kind;
use crate::order::{Credentials, Order, Place};
use crate::registry::{self, Pulled, authorization};
use crate::store::{Entry, Store};
use crate::tls::Tls;
use crate::url::Url;
use crate::{Digest, Error, Remote, Wrong, signature};

/// What all fetches have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The folder for the last good files; `None`: a temporary one.
    pub dir: Option<PathBuf>,
    /// A file may have so many bytes.
    pub max_bytes: u64,
    /// A fetch, with its redirects, token and signature, may take so long.
    pub timeout: Duration,
    /// A PEM file with authorities that are trusted beside the machine's own.
    pub ca: Option<PathBuf>,
}

/// Fetches files and keeps the good ones. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Supplier(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    client: Client,
    store: Store,
}

/// What a server said of a file, to ask it later whether it has another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    /// In a registry.
    pub(crate) manifest: Option<Digest>,
}

/// What came of asking.
#[derive(Debug)]
pub enum Answer {
    /// The server has what was seen before.
    Unchanged,
    /// A file. It is kept when [`Supplier::keep`] is told that it is good.
    New(Fetched),
}

/// A file that is what was ordered.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Where it is.
    pub file: PathBuf,
    /// What it is.
    pub digest: Digest,
    /// How long it is.
    pub bytes: u64,
    /// Who signed it and the comment that was signed with it, if that was demanded.
    pub signed: Option<String>,
    /// To ask again.
    pub seen: Seen,
    signature: Option<String>,
}

/// The last good file of a source.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Where it is.
    pub file: PathBuf,
    /// What it is.
    pub digest: Digest,
    /// How long ago it was fetched.
    pub age: Duration,
    /// To ask again.
    pub seen: Seen,
}

impl Supplier {
    /// Opens the folder.
    ///
    /// # Errors
    /// It cannot be made, or others may write to it.
    pub fn new(settings: Settings) -> Result<Supplier, Error> {
        let store = Store::open(settings.dir.as_deref());
        let dir = settings.dir.as_deref().map_or_else(|| "a temporary folder".to_owned(), |d| d.display().to_string());
        let store = store.map_err(|error| {
            Wrong::Disk(format!("files from elsewhere cannot be kept here: {error} (dir under [wasm.fetch])")).at(dir)
        })?;
        let client = Client::new(Tls::new(settings.ca.clone()));
        Ok(Supplier(Arc::new(Inner { settings, client, store })))
    }

    /// Asks the server. With `seen`, only for something else than that.
    ///
    /// # Errors
    /// Nothing came, or it is not what was ordered.
    pub async fn fetch(&self, order: &Order, seen: Option<&Seen>) -> Result<Answer, Error> {
        order.check().map_err(|error| Wrong::Protocol(error.to_string()).at(&order.source))?;
        let time = self.0.settings.timeout;
        let fetched = tokio::time::timeout(time, self.fetch_all(order, seen)).await;
        fetched.unwrap_or_else(|_| Err(Wrong::Timeout(time).at(&order.source)))
    }

    async fn fetch_all(&self, order: &Order, seen: Option<&Seen>) -> Result<Answer, Error> {
        let most = self.0.settings.max_bytes;
        let Some((bytes, seen)) = self.download(order, &order.source, Kind::Wasm, seen, most).await? else {
            return Ok(Answer::Unchanged);
        };
        let wrong = |wrong: Wrong| wrong.at(&order.source);
        let digest = Digest::of(&bytes);
        if let Some(expected) = order.digest.filter(|expected| *expected != digest) {
            return Err(wrong(Wrong::Digest { expected, found: digest }));
        }
        is_wasm(&bytes).map_err(wrong)?;
        let (mut signed, mut signature) = (None, None);
        if let Some(trust) = &order.trust {
            let place = order.signature(trust);
            let text = self.signature(order, &place).await?;
            let (key, comment) = signature::verify(&bytes, &text, &trust.keys).map_err(|wrong| wrong.at(&place))?;
            signed = Some(format!("{key}, {comment}"));
            signature = Some(text);
        }
        let length = bytes.len() as u64;
        let inner = Arc::clone(&self.0);
        let put = tokio::task::spawn_blocking(move || inner.store.put(digest, &bytes)).await;
        let put = put.unwrap_or_else(|panic| Err(std::io::Error::other(panic)));
        let file = put.map_err(|error| self.disk(&error))?;
        Ok(Answer::New(Fetched { file, digest, bytes: length, signed, seen, signature }))
    }

    /// The bytes of one file; `None`: what was seen before.
    async fn download(
        &self,
        order: &Order,
        from: &Remote,
        kind: Kind,
        seen: Option<&Seen>,
        most: u64,
    ) -> Result<Option<(Vec<u8>, Seen)>, Error> {
        let client = &self.0.client;
        let credentials = if for_server(order, from) { &order.credentials } else { &Credentials::None };
        let url = match from {
            Remote::Oci(reference) => {
                return Ok(match registry::pull(client, reference, credentials, kind, seen, most).await? {
                    Pulled::Unchanged => None,
                    Pulled::File(bytes, seen) => Some((bytes, seen)),
                });
            }
            Remote::Http(url) => url,
        };
        let login = url.login().map(|(user, password)| Credentials::Basic(user.to_owned(), password.to_owned()));
        let authorization = authorization(login.as_ref().unwrap_or(credentials));
        let pinned = order.digest.is_some();
        let headers = seen.map(Seen::conditions).unwrap_or_default();
        let get = Get { url, authorization: authorization.as_ref(), headers, most, pinned };
        let got = client.get(get).await?;
        match got.status {
            StatusCode::OK => Ok(Some((got.body, Seen::of(&got.headers)))),
            StatusCode::NOT_MODIFIED if seen.is_some() => Ok(None),
            status => Err(Wrong::status(status).at(url)),
        }
    }

    async fn signature(&self, order: &Order, place: &Place) -> Result<String, Error> {
        let unsigned = |why: String| Wrong::Unsigned(why).at(place);
        let bytes = match place {
            Place::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || signature::read(&path)).await;
                let read = read.unwrap_or_else(|panic| Err(std::io::Error::other(panic)));
                read.map_err(|error| unsigned(error.to_string()))?
            }
            Place::Remote(remote) => {
                let fetched = self.download(order, remote, Kind::Any, None, signature::MOST).await;
                match fetched {
                    Ok(Some((bytes, _))) => bytes,
                    Ok(None) => Vec::new(),
                    Err(Error { wrong: wrong @ (Wrong::Status(..) | Wrong::Artifact(_)), .. }) => {
                        return Err(unsigned(wrong.to_string()));
                    }
                    Err(error) => return Err(error),
                }
            }
        };
        String::from_utf8(bytes).map_err(|_| Wrong::Signature("it is no text".to_owned()).at(place))
    }

    /// The last good file of an order's source, if it is what is ordered now. Reads the whole file: not for a thread that serves peers.
    ///
    /// # Errors
    /// There is one, and it is damaged, or not what is ordered.
    pub fn kept(&self, order: &Order) -> Result<Option<Kept>, Error> {
        let Some(entry) = self.0.store.entry(&order.source) else { return Ok(None) };
        let wrong = |wrong: Wrong| wrong.at(format!("what was kept of {}", order.source));
        let damaged = |error: &dyn fmt::Display| wrong(Wrong::Disk(error.to_string()));
        let digest: Digest = entry.digest.parse().map_err(|()| damaged(&"its entry is damaged"))?;
        if let Some(expected) = order.digest.filter(|expected| *expected != digest) {
            return Err(wrong(Wrong::Digest { expected, found: digest }));
        }
        let (file, bytes) = self.0.store.read(digest, self.0.settings.max_bytes).map_err(|error| damaged(&error))?;
        if let Some(trust) = &order.trust {
            let text =
                entry.signature.as_deref().ok_or_else(|| wrong(Wrong::Unsigned("it came without one".into())))?;
            signature::verify(&bytes, text, &trust.keys).map_err(wrong)?;
        }
        let fetched = SystemTime::UNIX_EPOCH + Duration::from_secs(entry.fetched);
        let age = SystemTime::now().duration_since(fetched).unwrap_or_default();
        let manifest = entry.manifest.and_then(|digest| digest.parse().ok());
        let seen = Seen { etag: entry.etag, last_modified: entry.last_modified, manifest };
        Ok(Some(Kept { file, digest, age, seen }))
    }

    /// A file that was fetched is good: from now on it is the last good one of its source.
    ///
    /// # Errors
    /// The folder does not take it. What was kept before stays.
    pub fn keep(&self, order: &Order, fetched: &Fetched) -> Result<(), Error> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let seen = fetched.seen.clone();
        let entry = Entry {
            source: order.source.to_string(),
            digest: fetched.digest.to_string(),
            fetched: now.as_secs(),
            etag: seen.etag,
            last_modified: seen.last_modified,
            manifest: seen.manifest.map(|digest| digest.to_string()),
            signature: fetched.signature.clone(),
        };
        self.0.store.keep(&order.source, &entry).map_err(|error| self.disk(&error))
    }

    /// A file that was fetched is of no use.
    pub fn discard(&self, fetched: &Fetched) {
        self.0.store.discard(fetched.digest);
    }

    fn disk(&self, error: &std::io::Error) -> Error {
        let dir = self.0.settings.dir.as_deref().map_or_else(|| "temporary folder".into(), |d| d.display().to_string());
        Wrong::Disk(format!("it cannot be written: {error}")).at(dir)
    }
}

impl Seen {
    pub(crate) fn of(headers: &HeaderMap) -> Seen {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Seen { etag: text(header::ETAG), last_modified: text(header::LAST_MODIFIED), manifest: None }
    }

    /// What makes a server answer 304 if nothing has changed (RFC 9110 §13).
    pub(crate) fn conditions(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut condition = |name, value: &Option<String>| {
            let value = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok());
            if let Some(value) = value {
                headers.insert(name, value);
            }
        };
        condition(header::IF_NONE_MATCH, &self.etag);
        if self.etag.is_none() {
            condition(header::IF_MODIFIED_SINCE, &self.last_modified);
        }
        headers
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File(path) => path.display().fmt(f),
            Place::Remote(remote) => remote.fmt(f),
        }
    }
}

/// Whether the order's credentials are meant for the server of this place.
fn for_server(order: &Order, place: &Remote) -> bool {
    let server = |remote: &Remote| -> Option<Url> { remote.server().ok() };
    server(&order.source).zip(server(place)).is_some_and(|(one, other)| one.same_origin(&other))
}

/// Whether bytes begin as every module and component does: the usual thing to come in their place is a page that says why.
fn is_wasm(bytes: &[u8]) -> Result<(), Wrong> {
    const MAGIC: &[u8] = b"\0asm";
    if bytes.starts_with(MAGIC) {
        return Ok(());
    }
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(40)).unwrap_or_default()).into_owned();
    Err(Wrong::NotWasm(if bytes.is_empty() { "it is empty".to_owned() } else { format!("it begins with {start:?}") }))
}
