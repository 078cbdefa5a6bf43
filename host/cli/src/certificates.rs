//! The certificates of RTMPS as their files change: what is right replaces what runs, what is wrong never does.

use std::{path::PathBuf, time::SystemTime};

use rtmp::{
    Tls,
    tls::{ClientAuth, TlsSettings},
};

use crate::watch::Watch;

/// The files in use, watched.
pub(crate) struct Certificates {
    /// `None`: the system has no watch to give.
    watch: Option<Watch>,
    files: Option<TlsSettings>,
    /// What the last refusal said: the same is told once.
    refused: Option<String>,
}

impl Certificates {
    /// Watches nothing yet.
    pub(crate) fn new() -> Certificates {
        let watch = Watch::new().inspect_err(|error| {
            tracing::warn!(%error, "certificates cannot be watched: send HUP when one has changed");
        });
        Certificates { watch: watch.ok(), files: None, refused: None }
    }

    /// Watches these files from now on; what changed before goes unnoticed.
    pub(crate) fn set(&mut self, files: Option<TlsSettings>) {
        if let Some(watch) = &mut self.watch {
            watch.set(files.iter().flat_map(paths));
        }
        self.files = files;
        self.refused = None;
    }

    /// Waits until a file changes. Cancel safe.
    pub(crate) async fn changed(&mut self) {
        match &mut self.watch {
            Some(watch) => {
                watch.changed().await;
            }
            None => std::future::pending().await,
        }
    }

    /// Reads the files again, where nothing else waits for a disk: what to show from now on, if it is another than `current` and right.
    pub(crate) async fn reread(&mut self, current: Option<&Tls>) -> Option<Tls> {
        let files = self.files.clone()?;
        let outcome = match tokio::task::spawn_blocking(move || Tls::load(&files)).await.ok()? {
            Ok(tls) => match current.and_then(|current| worse(current, &tls, SystemTime::now())) {
                Some(why) => Err(why),
                None => Ok(tls),
            },
            Err(error) => Err(error.to_string()),
        };
        match outcome {
            Ok(tls) => {
                self.refused = None;
                (current != Some(&tls)).then_some(tls)
            }
            Err(why) => {
                if self.refused.as_ref() != Some(&why) {
                    tracing::error!("certificates refused, what was in force goes on: {why}");
                    self.refused = Some(why);
                }
                None
            }
        }
    }
}

fn paths(files: &TlsSettings) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        files.certificates.iter().flat_map(|pair| [pair.certificate.clone(), pair.key.clone()]).collect();
    if let ClientAuth::Optional(ca) | ClientAuth::Required(ca) = &files.client_auth {
        paths.push(ca.clone());
    }
    paths
}

/// Why `new` must not replace `current`: it has a certificate that clients refuse for its dates, and that is not in use already.
pub(crate) fn worse(current: &Tls, new: &Tls, now: SystemTime) -> Option<String> {
    let known: Vec<_> = current.certificates().iter().map(|certificate| certificate.fingerprint()).collect();
    let fresh = new.certificates().iter().filter(|certificate| !known.contains(&certificate.fingerprint()));
    fresh.filter_map(|certificate| certificate.is_out_of_date(now)).next()
}

/// Tells what is shown.
pub(crate) fn tell(tls: &Tls) {
    for certificate in tls.certificates() {
        let (file, names) = (certificate.path().display(), certificate.names().join(","));
        let (expires, sha256) = (certificate.expires(), certificate.fingerprint());
        tracing::info!(%file, names, expires, sha256, "certificate in force");
    }
}
