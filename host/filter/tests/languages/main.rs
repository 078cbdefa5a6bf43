//! The conformance suite over every language that filters are written in: `tests/run languages`.
//!
//! One list of checks, one media and one session filter per language (`guest-sdk/LANGUAGE/conformance`), which do what their setting `do`
//! names. A plain `cargo test` runs it for the languages that need nothing but a compiler: `conformance`.

mod suite;

#[test]
fn every_check_holds_in_every_language() {
    suite::run(&["rust", "c", "go", "js", "python", "assemblyscript"]);
}
