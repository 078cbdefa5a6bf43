//! The manifest of an artifact (OCI Image Specification 1.1): which of its blobs is the file.

use serde::Deserialize;

use crate::{Digest, Wrong};

/// Bytes that a manifest may have: what the specification lets registries refuse above.
pub(crate) const MOST: u64 = 4 << 20;

/// Asked for. Indexes are among them so that a registry sends one rather than "not found", and it can be told.
pub(crate) const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, \
application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// What wasm tools call a layer with a module or a component.
const WASM: &[&str] = &["application/wasm", "application/vnd.wasm.content.layer.v1+wasm"];

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "mediaType")]
    media_type: Option<String>,
    layers: Option<Vec<Layer>>,
    manifests: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Layer {
    #[serde(rename = "mediaType")]
    media_type: String,
    digest: String,
    size: u64,
}

/// The blob that is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) digest: Digest,
    pub(crate) size: u64,
}

/// What an artifact is expected to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One WebAssembly file.
    Wasm,
    /// One file of any media type: tools have no common one for signatures.
    Any,
}

/// The one blob of an artifact.
pub(crate) fn blob(bytes: &[u8], kind: Kind) -> Result<Blob, Wrong> {
    let artifact = |what: String| Err(Wrong::Artifact(what));
    let manifest: Manifest = match serde_json::from_slice(bytes) {
        Ok(manifest) => manifest,
        Err(error) => return artifact(format!("the manifest cannot be read: {error}")),
    };
    let media_type = manifest.media_type.unwrap_or_default();
    if manifest.manifests.is_some() || media_type.contains("index") || media_type.contains("manifest.list") {
        return artifact(
            "this is an image index, a list of artifacts for several platforms: name one of them, by its tag or as @sha256:…"
                .to_owned(),
        );
    }
    let layers = manifest.layers.unwrap_or_default();
    let types = || layers.iter().map(|layer| layer.media_type.as_str()).collect::<Vec<_>>().join(", ");
    let [layer] = &layers[..] else {
        return artifact(format!("expected an artifact with one layer, found {} ({})", layers.len(), types()));
    };
    if kind == Kind::Wasm && !WASM.contains(&layer.media_type.as_str()) {
        let expected = WASM.join(" or ");
        return artifact(format!(
            "expected a layer of {expected}, found {}; push it with `wkg oci push`, or `oras push REF FILE:application/wasm`",
            types()
        ));
    }
    let Ok(digest) = layer.digest.parse() else {
        return artifact(format!("the layer is named by {}, which is no SHA-256", layer.digest));
    };
    Ok(Blob { digest, size: layer.size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(layers: &str) -> String {
        format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{}},"layers":[{layers}]}}"#
        )
    }

    fn layer(media_type: &str) -> String {
        format!(r#"{{"mediaType":"{media_type}","digest":"{}","size":3,"annotations":{{}}}}"#, Digest::of(b"abc"))
    }

    #[test]
    fn the_one_layer_is_found() {
        for media_type in WASM {
            let blob = blob(manifest(&layer(media_type)).as_bytes(), Kind::Wasm).unwrap();
            assert_eq!(blob, Blob { digest: Digest::of(b"abc"), size: 3 });
        }
        let tar = manifest(&layer("application/vnd.oci.image.layer.v1.tar"));
        assert!(blob(tar.as_bytes(), Kind::Any).is_ok());
    }

    #[test]
    fn everything_else_is_told() {
        let wasm = layer("application/wasm");
        for (text, says) in [
            ("<html>".to_owned(), "cannot be read"),
            (manifest(""), "one layer, found 0"),
            (manifest(&format!("{wasm},{wasm}")), "one layer, found 2 (application/wasm, application/wasm)"),
            (manifest(&layer("application/vnd.oci.image.layer.v1.tar+gzip")), "push it with `wkg"),
            (manifest(&wasm.replace("sha256:", "sha512:")), "no SHA-256"),
            (r#"{"schemaVersion":2,"manifests":[]}"#.into(), "image index"),
            (r#"{"mediaType":"application/vnd.oci.image.index.v1+json"}"#.into(), "image index"),
        ] {
            let error = blob(text.as_bytes(), Kind::Wasm).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
