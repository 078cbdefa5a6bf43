//! The conformance suite over the languages that need nothing but a compiler; `languages` has them all.

mod suite;

#[test]
fn every_check_holds_in_rust_and_c() {
    suite::run(&["rust", "c"]);
}
