//! The conformance suite over the languages that need nothing but a compiler; `languages` has them all.

mod suite;

#[test]
fn every_check_holds_in_rust_and_c() {
    suite::run(&["rust", "c"]);
}

/// `kept/` holds the filters of C as they were built when that version came out. They are never made anew: what runs today has to
/// serve them as they are.
#[test]
fn every_check_holds_for_filters_that_were_built_with_0_1_0() {
    suite::run(&["0.1.0"]);
}
