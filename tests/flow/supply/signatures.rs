//! Who must have signed a filter.

use std::sync::Arc;

use weir_tests::minisign::Signer;
use weir_tests::router::{Router, put};
use weir_tests::web::{Reply, Web};

use super::{SWITCHED, admits, assert_runs, line, start, tables, token, variant};

#[test]
fn only_what_a_trusted_key_has_signed_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let [ours, theirs] = ["ours", "theirs"].map(|name| Signer::new(folder.path(), name));
    let [hashed, legacy, foreign] =
        [ours.sign(token()), ours.sign_legacy(token()), theirs.sign(token())].map(Arc::<str>::from);
    let altered: Arc<str> = hashed.replace("file:filter.wasm", "file:another.wasm").into();
    let web = Web::start(move |request| match request.path.as_str() {
        "/hashed.wasm.minisig" | "/forged.wasm.minisig" => Reply::ok(hashed.as_bytes()),
        "/legacy.wasm.minisig" => Reply::ok(legacy.as_bytes()),
        "/foreign.wasm.minisig" => Reply::ok(foreign.as_bytes()),
        "/altered.wasm.minisig" => Reply::ok(altered.as_bytes()),
        "/page.wasm.minisig" => Reply::ok("<html>"),
        "/forged.wasm" => Reply::ok(variant(token(), "forged")),
        path if path.ends_with(".wasm") => Reply::ok(token()),
        _ => Reply::status(404),
    });
    let keys = format!("trusted_keys = [\"{}\"]", ours.public_key());
    for name in ["hashed.wasm", "legacy.wasm"] {
        let router = start(&web.url(name), "", &keys);
        line(&router, 0, &["fetched, the signature holds", &ours.public_key(), "file:filter.wasm"]);
        assert_runs(&router);
    }
    let elsewhere = format!("{keys}\nsignature = \"{}\"", web.url("hashed.wasm.minisig"));
    assert_runs(&start(&web.url("none.wasm"), "", &elsewhere));
    for (name, says) in [
        ("foreign.wasm", "another key than those in `trusted_keys`"),
        ("forged.wasm", "altered"),
        ("altered.wasm", "altered"),
        ("page.wasm", "form of minisign"),
        ("none.wasm", "no signature: the server answered 404"),
    ] {
        let router = start(&web.url(name), "", &keys);
        line(&router, 0, &["ERROR", "not fetched", says]);
        assert!(!admits(&router, "k"), "{name}");
    }
}

#[test]
fn a_key_that_is_trusted_no_more_takes_what_was_kept_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let [ours, theirs] = ["ours", "theirs"].map(|name| Signer::new(folder.path(), name));
    let signature = ours.sign(token());
    let web = Web::start(move |request| match request.path.ends_with(".minisig") {
        true => Reply::ok(signature.as_bytes()),
        false => Reply::ok(token()),
    });
    let with = |signer: &Signer| {
        let keys = format!("trusted_keys = [\"{}\"]\n", signer.public_key());
        keys + &tables(&web.url("f.wasm"), "", "")
    };
    let mut router = Router::start(&with(&ours));
    assert_runs(&router);
    let (old, new) = (with(&ours), with(&theirs));
    drop(web);
    router.kill_and_restart(&old);
    assert_runs(&router);
    router.kill_and_restart(&new);
    line(&router, 0, &["WARN", "not used", "another key"]);
    assert!(!admits(&router, "k"));
}

#[test]
fn files_of_this_machine_are_held_to_the_keys_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let ours = Signer::new(folder.path(), "ours");
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("f.wasm");
    put(token(), &file);
    let keys = format!("trusted_keys = [\"{}\"]\n", ours.public_key());
    let source = format!("file:{}", file.display());
    let router = Router::start(&(keys.clone() + &tables(&source, "", "")));
    line(&router, 0, &["ERROR", "filter not loaded", "f.wasm.minisig: no signature", "minisign -Sm"]);
    assert!(!admits(&router, "k"));

    let mark = router.process.mark();
    put(ours.sign(token()).as_bytes(), &place.path().join("f.wasm.minisig"));
    line(&router, mark, &[SWITCHED]);
    assert_runs(&router);

    let mark = router.process.mark();
    put(&variant(token(), "unsigned"), &file);
    line(&router, mark, &["ERROR", "new generation refused", "altered"]);
    assert_runs(&router);

    // What is exempt is said so.
    let exempt = Router::start(&(keys + &tables(&source, "", "trusted_keys = []")));
    assert_runs(&exempt);
}
