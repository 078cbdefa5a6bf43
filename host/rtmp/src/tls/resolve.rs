//! Which certificate a client gets: by the name that it asks for, and by what it can verify.

use std::collections::HashMap;
use std::sync::Arc;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::Certificate;

/// Certificates by the names in them.
#[derive(Debug)]
pub(super) struct ByName {
    keys: Vec<Arc<CertifiedKey>>,
    /// Places in `keys`, in the order of the settings.
    exact: HashMap<String, Vec<usize>>,
    /// The same by what stands behind `*.`, which is for one label (RFC 6125 section 6.4.3).
    wildcard: HashMap<String, Vec<usize>>,
}

impl ByName {
    pub(super) fn new(certificates: &[Certificate], keys: Vec<CertifiedKey>) -> ByName {
        let (mut exact, mut wildcard) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (at, certificate) in certificates.iter().enumerate() {
            for name in certificate.names() {
                match name.strip_prefix("*.") {
                    Some(parent) => wildcard.entry(parent.to_owned()).or_default().push(at),
                    None => exact.entry(name.clone()).or_default().push(at),
                }
            }
        }
        ByName { keys: keys.into_iter().map(Arc::new).collect(), exact, wildcard }
    }

    /// Places of the certificates for a name: those that name it, then those with a wildcard; empty if there is none.
    fn candidates(&self, name: &str) -> impl Iterator<Item = usize> {
        let exact = self.exact.get(name);
        let wildcard = name.split_once('.').and_then(|(_, parent)| self.wildcard.get(parent));
        exact.into_iter().chain(wildcard).flatten().copied()
    }
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let can_verify = |at: &usize| {
            self.keys.get(*at).is_some_and(|key| key.key.choose_scheme(hello.signature_schemes()).is_some())
        };
        let name = hello.server_name().map(str::to_ascii_lowercase).unwrap_or_default();
        let named: Vec<usize> = self.candidates(&name).collect();
        // A name may have an RSA and an ECDSA certificate; not every client knows both.
        let chosen = named.iter().copied().find(can_verify).or(named.first().copied());
        self.keys.get(chosen.unwrap_or(0)).cloned()
    }
}
