//! Filters in an OCI registry, as wkg and oras push them.

use std::sync::{Arc, Mutex};

use weir_tests::minisign::Signer;
use weir_tests::router::Router;
use weir_tests::web::{Reply, Request, Web};

use super::{SWITCHED, admits, assert_runs, line, sha256, tables, token, variant};

const WASM: &str = "application/vnd.wasm.content.layer.v1+wasm";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Blobs and what tags name.
#[derive(Default)]
struct Registry {
    blobs: Vec<(String, Vec<u8>)>,
    /// Tag or digest, the manifest's media type, the manifest.
    manifests: Vec<(String, String, Vec<u8>)>,
    /// What a token is given for: `None` asks nobody who he is.
    login: Option<&'static str>,
    token: Option<String>,
}

impl Registry {
    fn push(&mut self, tag: &str, media_type: &str, bytes: &[u8]) -> String {
        let digest = sha256(bytes);
        self.blobs.insert(0, (digest.clone(), bytes.to_vec()));
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"application/vnd.wasm.config.v0+json","digest":"{digest}","size":2}},"layers":[{{"mediaType":"{media_type}","digest":"{digest}","size":{}}}]}}"#,
            bytes.len()
        );
        self.manifest(tag, MANIFEST, manifest.as_bytes())
    }

    fn manifest(&mut self, tag: &str, media_type: &str, bytes: &[u8]) -> String {
        let digest = sha256(bytes);
        for name in [tag, &digest] {
            self.manifests.insert(0, (name.to_owned(), media_type.to_owned(), bytes.to_vec()));
        }
        digest
    }

    fn answer(&self, request: &Request, address: &str) -> Reply {
        if let Some(query) = request.path.strip_prefix("/token?") {
            assert_eq!(query, "service=test&scope=repository:acme/token:pull");
            return match self.login {
                Some(login) if request.header("authorization") != Some(login) => Reply::status(401),
                _ => Reply::ok(r#"{"token":"t0ken"}"#),
            };
        }
        if self.token.is_some() && request.header("authorization") != Some("Bearer t0ken") {
            let challenge = format!(
                "Bearer realm=\"http://{address}/token\",service=\"test\",scope=\"repository:acme/token:pull\""
            );
            return Reply::status(401).with("WWW-Authenticate", &challenge);
        }
        let Some(path) = request.path.strip_prefix("/v2/acme/token/") else { return Reply::status(404) };
        if let Some(name) = path.strip_prefix("manifests/") {
            let found = self.manifests.iter().find(|(known, ..)| known == name);
            return found
                .map_or(Reply::status(404), |(_, kind, bytes)| Reply::ok(bytes.clone()).with("Content-Type", kind));
        }
        let blob = path.strip_prefix("blobs/").and_then(|name| self.blobs.iter().find(|(known, _)| known == name));
        // As large registries do: somewhere else, where the token means nothing.
        match blob {
            Some((digest, _)) if self.token.is_some() => {
                Reply::status(307).with("Location", &format!("http://localhost:{}/cdn/{digest}", port(address)))
            }
            Some((_, bytes)) => Reply::ok(bytes.clone()),
            None => Reply::status(404),
        }
    }
}

fn port(address: &str) -> &str {
    address.rsplit(':').next().expect("a port")
}

/// Serves a registry, and its blobs under `/cdn/`.
fn serve(registry: &Arc<Mutex<Registry>>) -> Web {
    let web = Web::start(|_| Reply::status(503));
    let (registry, address) = (Arc::clone(registry), web.address.to_string());
    web.answer(move |request| {
        let registry = registry.lock().expect("registry");
        match request.path.strip_prefix("/cdn/") {
            Some(_) if request.header("authorization").is_some() => Reply::status(400),
            Some(digest) => {
                let blob = registry.blobs.iter().find(|(known, _)| known == digest);
                blob.map_or(Reply::status(404), |(_, bytes)| Reply::ok(bytes.clone()))
            }
            None => registry.answer(request, &address),
        }
    });
    web
}

fn started(source: &str, fetch: &str, filter: &str) -> Router {
    Router::start(&tables(source, fetch, filter))
}

#[test]
fn a_tag_is_followed_and_a_digest_stays() {
    let registry = Arc::new(Mutex::new(Registry::default()));
    let first = registry.lock().expect("registry").push("1.0", WASM, token());
    let web = serve(&registry);
    let of = |version: &str| format!("oci://{}/acme/token{version}", web.address);
    let router = started(&of(":1.0"), "refresh = \"300ms\"", "");
    line(&router, 0, &["fetched", &of(":1.0"), &sha256(token())]);
    assert_runs(&router);
    let fixed = started(&of(&format!("@{first}")), "refresh = \"300ms\"", "");
    assert_runs(&fixed);

    let mark = router.process.mark();
    registry.lock().expect("registry").push("1.0", "application/wasm", &variant(token(), "new"));
    line(&router, mark, &[SWITCHED]);
    assert_runs(&router);
    assert_eq!(fixed.process.count(0, |line| line.contains(SWITCHED)), 0);
    let blobs = web.requests().iter().filter(|request| request.path.contains("/blobs/")).count();
    assert_eq!(blobs, 3, "what is known is not sent again");
}

#[test]
fn tokens_are_asked_for_with_and_without_a_login() {
    let registry = Arc::new(Mutex::new(Registry { token: Some("t0ken".into()), ..Registry::default() }));
    registry.lock().expect("registry").push("latest", WASM, token());
    let web = serve(&registry);
    let source = format!("oci://{}/acme/token", web.address);
    assert_runs(&started(&source, "", ""));
    web.wait_for("blob from elsewhere", |request| request.path.starts_with("/cdn/"));

    registry.lock().expect("registry").login = Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let stranger = started(&source, "", "");
    line(&stranger, 0, &["ERROR", "not fetched", "401", "credentials"]);
    assert!(!admits(&stranger, "k"));
    let known = started(&source, "", "credentials = { user = \"Aladdin\", password = \"open sesame\" }");
    assert_runs(&known);
    let said = known.process.said();
    assert!(!said.contains("sesame") && !said.contains("t0ken"), "{said}");
}

#[test]
fn what_is_no_filter_is_told() {
    let registry = Arc::new(Mutex::new(Registry::default()));
    let mut it = registry.lock().expect("registry");
    it.manifest("index", "application/vnd.oci.image.index.v1+json", br#"{"schemaVersion":2,"manifests":[]}"#);
    it.push("tar", "application/vnd.oci.image.layer.v1.tar+gzip", b"tar");
    it.push("forged", WASM, token());
    let length = token().len();
    let mut forged = token().to_vec();
    forged[length - 1] ^= 1;
    it.blobs[0].1 = forged;
    drop(it);
    let web = serve(&registry);
    for (tag, says) in [
        ("index", "image index"),
        ("tar", "wkg oci push"),
        ("forged", "the digest is wrong"),
        ("none", "the server answered 404"),
    ] {
        let router = started(&format!("oci://{}/acme/token:{tag}", web.address), "", "");
        line(&router, 0, &["ERROR", "not fetched", says]);
        assert!(!admits(&router, "k"), "{tag}");
    }
}

#[test]
fn a_signature_stands_beside_its_tag() {
    let folder = tempfile::tempdir().expect("a folder");
    let ours = Signer::new(folder.path(), "ours");
    let keys = format!("trusted_keys = [\"{}\"]", ours.public_key());
    let registry = Arc::new(Mutex::new(Registry::default()));
    registry.lock().expect("registry").push("1.0", WASM, token());
    let web = serve(&registry);
    let source = format!("oci://{}/acme/token:1.0", web.address);
    let unsigned = started(&source, "", &keys);
    line(&unsigned, 0, &["ERROR", "not fetched", "1.0.minisig", "no signature"]);
    let signature = ours.sign(token());
    registry.lock().expect("registry").push(
        "1.0.minisig",
        "application/vnd.oci.image.layer.v1.tar",
        signature.as_bytes(),
    );
    assert_runs(&started(&source, "", &keys));
}
