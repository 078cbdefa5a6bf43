//! What a filter is given and cannot use: its file does not import what would ask for it.

use filter::Grants;

use crate::config;

/// What of its table is of no use, and why.
pub(super) fn found(imports: &[String], settings: &config::Filter) -> Vec<(&'static str, String)> {
    let calls = |prefix: &str| imports.iter().any(|function| function.starts_with(prefix));
    let Grants { entropy, kv, http, derive, tracks, .. } = &settings.grants;
    // WASI's random numbers are by the same grant.
    let draws = calls("weir:filter/entropy.") || calls("wasi:");
    let unused = [
        (*entropy && !draws, "entropy", "asks for no random bytes"),
        (!kv.is_empty() && !calls("weir:filter/kv."), "kv:…", "keeps nothing in buckets"),
        (!http.is_empty() && !calls("weir:filter/outbound."), "http:…", "calls no server"),
        (*derive && !calls("weir:filter/output.[constructor]derived"), "derive", "makes no streams"),
        (*tracks && !calls("weir:filter/output.add-track"), "tracks", "adds no tracks"),
    ];
    let grants = unused.into_iter().filter(|(unused, ..)| *unused);
    let mut found: Vec<_> = grants
        .map(|(_, grant, does)| ("grants", format!("\"{grant}\" does nothing: this filter {does}; take it out")))
        .collect();
    if !settings.secrets.is_empty() && !calls("weir:filter/config.secret") {
        found.push((
            "secrets",
            "this filter asks for no secrets, and knows its `config` only; take them out".to_owned(),
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_cannot_ask_for_is_told_and_what_it_can_is_not() {
        let config = config::test(
            "[filters.f]\nsource = 'file:f'\nsecrets.key = 'k'\ngrants = ['entropy', 'kv:b', 'http:https://h', 'derive', 'tracks', 'push:*']",
        );
        let unused = |imports: &[&str]| {
            let imports: Vec<_> = imports.iter().map(|name| format!("weir:filter/{name}")).collect();
            found(&imports, &config.filters["f"])
                .into_iter()
                .map(|(key, what)| format!("{key}: {what}"))
                .collect::<Vec<_>>()
        };
        let all = unused(&["config.json", "output.emit-after"]);
        assert_eq!(all.len(), 6, "{all:#?}");
        assert_eq!(all[1], "grants: \"kv:…\" does nothing: this filter keeps nothing in buckets; take it out");
        assert!(all[5].starts_with("secrets: this filter asks for no secrets"), "{all:#?}");
        let asks = [
            "entropy.fill",
            "kv.get",
            "outbound.call",
            "output.[constructor]derived",
            "output.add-track",
            "config.secret",
        ];
        assert_eq!(unused(&asks), [""; 0]);
        let wasi = ["wasi:random/random.get-random-bytes".to_owned()];
        assert!(!found(&wasi, &config.filters["f"]).iter().any(|(_, what)| what.contains("entropy")));
    }
}
