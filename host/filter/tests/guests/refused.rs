//! Files that are no filters of this router, built from real ones.

use filter::{Error, Grants, RuntimeConfig, Spec};
use serde_json::json;

use crate::kit::*;

async fn refused(bytes: &[u8]) -> Error {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.wasm");
    std::fs::write(&path, bytes).unwrap();
    let (it, loaded) = runtime().load(Spec { config: json!({ "mode": "pass" }), ..Spec::new("bad", &path) }).await;
    assert!(!it.is_ready());
    loaded.unwrap_err()
}

#[tokio::test]
async fn what_is_not_granted_is_refused_by_name() {
    let (_, loaded) = runtime().load(spec("conformance/media-granted", json!({}))).await;
    let text = loaded.unwrap_err().to_string();
    assert!(text.contains("weir:filter/entropy@0.1.0") || text.contains("weir:filter/kv@0.1.0"), "{text}");
    let grants = Grants::parse(["entropy"]).unwrap();
    let (_, loaded) = runtime().load(Spec { grants, ..spec("conformance/media-granted", json!({})) }).await;
    let text = loaded.unwrap_err().to_string();
    assert!(text.contains("weir:filter/kv@0.1.0") && text.contains("grants = [\"kv:BUCKET\"]"), "{text}");
    let grants = Grants::parse(["entropy", "kv:conformance"]).unwrap();
    let (_, loaded) =
        runtime().load(Spec { grants, ..spec("conformance/session-granted", json!({ "url": "http://x" })) }).await;
    assert!(matches!(loaded, Err(Error::NotGranted { .. })));
}

#[tokio::test]
async fn another_version_of_the_contract_is_refused_by_both_names() {
    let good = std::fs::read(wasm("conformance/noop")).unwrap();
    let (from, to) = (b"weir:filter/", b"@0.1.0");
    let component = wit_component::ComponentEncoder::default().module(&good).unwrap().encode().unwrap();
    let mut newer = component.clone();
    for at in 0..newer.len() - to.len() {
        // Names of interfaces end in the version: 0.1.0 becomes 0.2.0.
        let named = newer[at.saturating_sub(40)..at].windows(from.len()).any(|w| w == from);
        if &newer[at..at + to.len()] == to && named {
            newer[at + 3] = b'2';
        }
    }
    let text = refused(&newer).await.to_string();
    assert!(text.contains("weir:filter@0.2.0") && text.contains("weir:filter@0.1.0"), "{text}");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("component.wasm");
    std::fs::write(&path, &component).unwrap();
    let it = load(&runtime(), Spec::new("it", path)).await;
    assert!(it.worlds().media, "the component itself is as good as the module");
}

#[tokio::test]
async fn no_damage_to_a_file_is_more_than_an_error() {
    let good = std::fs::read(wasm("conformance/noop")).unwrap();
    for end in [0, 1, 7, 8, 9, 100, good.len() / 2, good.len() - 1] {
        refused(&good[..end]).await;
    }
    // Every flipped bit is refused or harmless; which of both depends on the bit.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flipped.wasm");
    let runtime = filter::Runtime::new(RuntimeConfig::default()).unwrap();
    for n in 0..60 {
        let mut bytes = good.clone();
        let at = n * 7919 % (good.len() * 8);
        bytes[at / 8] ^= 1 << (at % 8);
        std::fs::write(&path, &bytes).unwrap();
        let (it, _) = runtime.load(Spec::new("flipped", &path)).await;
        let frames = video(0..3, 3);
        assert!(all(&it, frames).len() <= 3);
    }
}

#[tokio::test]
async fn a_file_over_the_cap_is_not_read_to_its_end() {
    let config = RuntimeConfig { max_file_bytes: 1000, ..RuntimeConfig::default() };
    let (_, loaded) = filter::Runtime::new(config).unwrap().load(Spec::new("big", wasm("conformance/noop"))).await;
    assert!(loaded.unwrap_err().to_string().contains("larger than 1000 bytes"));
    let (_, loaded) = runtime().load(Spec::new("endless", "/dev/zero")).await;
    assert!(loaded.unwrap_err().to_string().contains("a regular file is needed"));
}

#[tokio::test]
async fn a_session_filter_in_a_media_chain_is_left_out() {
    let it = load(&runtime(), spec("conformance/session", json!({}))).await;
    let frames = video(0..4, 2);
    assert_eq!(seen(&all(&it, frames.clone())), seen(&frames));
}
