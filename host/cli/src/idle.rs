//! Settings of filters that do nothing where they stand: written, valid, and of no use to the filter as it is used.
//!
//! What has its default may be written anywhere, as the shipped file does. Whether a filter is asked about sessions, sees frames or
//! plans encoders is told by the chains that name it, and by its hooks once it has been loaded.

use std::collections::HashSet;

use filter::{Isolation, Limits, Placement, component::Worlds, placement::Queue, rollout::Shadow};

use crate::config::{App, Config, Filter, Loaded, Problem, Shown};

/// One of them.
#[derive(Debug)]
pub(crate) struct Idle {
    /// Where it stands, and what to do about it.
    pub(crate) problem: Problem,
    /// What the operator asked for does not happen, and it would matter when something goes wrong.
    pub(crate) is_grave: bool,
}

/// What a filter is for.
#[derive(Clone, Copy)]
struct Uses {
    session: bool,
    media: bool,
    jobs: bool,
}

/// All of them; `worlds` tells the hooks of a filter, as far as they are known. Of a filter that nobody uses nothing is said.
pub(crate) fn settings(loaded: &Loaded, worlds: impl Fn(&str) -> Option<Worlds>) -> Vec<Idle> {
    let mut found = Vec::new();
    let (chains, written) = (Chains::of(&loaded.config), loaded.written());
    for (name, filter) in &loaded.config.filters {
        let uses = chains.uses(name, worlds(name));
        if !(uses.session || uses.media || uses.jobs) {
            continue;
        }
        for Shown { key, toml, place, .. } in written.get(name.as_str()).into_iter().flatten() {
            let what = match key.as_str() {
                "grants" => grants(filter, uses),
                key => useless(key, toml, filter, uses).into_iter().collect(),
            };
            found.extend(what.into_iter().map(|what| {
                let problem = Problem { place: place.clone(), key: format!("filters.{name}.{key}"), what };
                Idle { problem, is_grave: key == "on_failure" }
            }));
        }
    }
    found.sort_by_key(|idle| idle.problem.order());
    found
}

/// Who is named in the chains of any application.
struct Chains<'c> {
    session: HashSet<&'c str>,
    media: HashSet<&'c str>,
    jobs: HashSet<&'c str>,
}

impl<'c> Chains<'c> {
    fn of(config: &'c Config) -> Chains<'c> {
        let named =
            |chain: fn(&App) -> &Vec<String>| config.apps.values().flat_map(chain).map(String::as_str).collect();
        Chains { session: named(|app| &app.session), media: named(|app| &app.media), jobs: named(|app| &app.jobs) }
    }

    /// How a filter is used: in which chains, and of those in which it has hooks for.
    fn uses(&self, name: &str, worlds: Option<Worlds>) -> Uses {
        let has = worlds.unwrap_or(Worlds { session: true, media: true, jobs: true });
        Uses {
            session: has.session && self.session.contains(name),
            media: has.media && self.media.contains(name),
            jobs: has.jobs && self.jobs.contains(name),
        }
    }
}

/// Why a key that was written is of no use, and what to do.
fn useless(key: &str, toml: &str, filter: &Filter, uses: Uses) -> Option<String> {
    let Filter { limits, placement, queue, isolation, repair, .. } = filter;
    let (usual, usual_queue, usual_swap) = (placement.limits(), Queue::of(*placement), filter::Swap::default());
    let differs = |of: fn(&Limits) -> u64| of(limits) != of(&usual);
    let ms = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    // What is about frames, and differs from what holds anyway.
    let of_frames = match key {
        "placement" => *placement != Placement::Ingest,
        "queue" => queue.time != usual_queue.time,
        "queue_bytes" => queue.bytes != usual_queue.bytes,
        "overflow" => queue.overflow != usual_queue.overflow,
        "departed_streams" => queue.departed_streams != usual_queue.departed_streams,
        "departed_bytes" => queue.departed_bytes != usual_queue.departed_bytes,
        "isolation" => *isolation != Isolation::Stream,
        "repair" => *repair,
        // Of a session filter's calls none are recorded.
        "record.folder" => filter.record.is_some(),
        "swap.shadow" => filter.swap.shadow != Shadow::Off,
        "swap.shadow_streams" => filter.swap.shadow_streams != usual_swap.shadow_streams,
        "swap.shadow_differs" => filter.swap.shadow_differs.total_cmp(&usual_swap.shadow_differs).is_ne(),
        "limits.media_time" => ms(limits.media_time) != ms(usual.media_time),
        "limits.streams_per_instance" => differs(|l| l.streams_per_instance as u64),
        "limits.retained" => differs(|l| l.retained_bytes as u64),
        "limits.emit_ratio" => limits.emit_ratio.total_cmp(&usual.emit_ratio).is_ne(),
        "limits.viewers" => differs(|l| l.viewers as u64),
        "limits.derived_streams" => differs(|l| l.derived_streams as u64),
        _ => false,
    };
    if of_frames && !uses.media {
        let what = if uses.session { "a session filter" } else { "a planner" };
        return Some(format!("it is used as {what}, which sees no frames: this does nothing; take it out"));
    }
    let of_questions = match key {
        "limits.session_time" => ms(limits.session_time) != ms(usual.session_time),
        "limits.session_wait" => ms(limits.session_wait) != ms(usual.session_wait),
        "limits.session_instances" => differs(|l| l.session_instances as u64),
        "limits.http_calls" => differs(|l| l.http_calls as u64),
        "limits.http_calls_per_second" => differs(|l| u64::from(l.http_calls_per_second)),
        "limits.http_request" => differs(|l| l.http_request_bytes as u64),
        "limits.http_response" => differs(|l| l.http_response_bytes as u64),
        "limits.http_time" => ms(limits.http_time) != ms(usual.http_time),
        _ => false,
    };
    if of_questions && !uses.session && !uses.jobs {
        return Some(
            "it is used as a media filter, which is not asked about sessions: this does nothing; take it out".into(),
        );
    }
    let said = |words: &[&str]| words.iter().any(|word| toml == format!("\"{word}\""));
    match key {
        "queue" | "queue_bytes" | "overflow" | "departed_streams" | "departed_bytes"
            if of_frames && !placement.is_aside() =>
        {
            Some("frames wait for it: this does something only with placement = \"observe\" or \"beside\"".into())
        }
        "swap.shadow_streams" | "swap.shadow_differs" if of_frames && filter.swap.shadow == Shadow::Off => {
            Some("nothing runs beside: this does something only with `swap.shadow`, such as \"10s\"".into())
        }
        key if key.strip_prefix("record.").is_some_and(|key| filter.unrecorded.contains(&key)) => {
            Some("nothing is recorded: this does something only with `record.folder`".into())
        }
        "limits.streams_per_instance" if of_frames && *isolation != Isolation::Shared => {
            Some("each stream has an instance of its own: this does something only with isolation = \"shared\"".into())
        }
        "limits.viewers" if of_frames && *placement != Placement::Egress => Some(
            "it works once per stream, whoever watches: this does something only with placement = \"egress\"".into(),
        ),
        "limits.derived_streams" if of_frames && !filter.grants.derive => {
            Some("it may make no streams: this does something only with grants = [\"derive\"]".into())
        }
        "on_failure" if uses.media && !uses.session && said(&["deny", "allow"]) => Some(format!(
            "{toml} is about sessions, and this filter is only asked about frames, so \"bypass\" would hold: write \"bypass\" (frames pass \
             as they came), \"drop-to-key\" or \"end-stream\""
        )),
        "on_failure" if uses.session && !uses.media && said(&["bypass", "drop-to-key", "end-stream"]) => Some(format!(
            "{toml} is about frames, and this filter is only asked about sessions, so \"deny\" would hold: write \"deny\" or \"allow\""
        )),
        _ => None,
    }
}

/// Grants that mean nothing to a filter that is used so.
fn grants(filter: &Filter, uses: Uses) -> Vec<String> {
    let grants = &filter.grants;
    let mut found = Vec::new();
    let mut useless = |grant: &str, why: &str| found.push(format!("\"{grant}\" does nothing: {why}; take it out"));
    if !uses.session && !uses.jobs {
        for _ in grants.http.iter().take(1) {
            useless("http:…", "it is used as a media filter, and no frame waits for a server");
        }
    }
    if !uses.session {
        for _ in grants.push.iter().take(1) {
            useless("push:…", "only an answer to a publish command can order a push, and it is in no `session` chain");
        }
    }
    if !uses.media {
        for (granted, grant) in [(grants.derive, "derive"), (grants.tracks, "tracks")] {
            if granted {
                useless(grant, "it is in no `media` chain, and what makes streams or tracks sees frames");
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    fn told(text: &str, worlds: Option<Worlds>) -> Vec<String> {
        let loaded = config::test_loaded(text);
        settings(&loaded, |_| worlds)
            .into_iter()
            .map(|it| format!("{}{}", if it.is_grave { "!" } else { "" }, it.problem))
            .collect()
    }

    #[test]
    fn what_does_nothing_is_told_with_its_line_and_what_is_usual_is_not() {
        const SESSION: &str = "[apps.live]\nsession = ['f']\n";
        const MEDIA: &str = "[apps.live]\nmedia = ['f']\n";
        for (app, written, says) in [
            (SESSION, "placement = 'observe'", &["filters.f.placement: it is used as a session filter"][..]),
            (
                SESSION,
                "placement = 'beside'\ngrants = ['derive']\nqueue = '1s'\noverflow = 'detach'",
                &[
                    "built-in weir.toml:5: filters.f.placement: it is used as a session filter, which sees no frames: this does nothing; take it out",
                    "built-in weir.toml:6: filters.f.grants: \"derive\" does nothing",
                    "built-in weir.toml:7: filters.f.queue: it is used",
                    "built-in weir.toml:8: filters.f.overflow: it is used",
                ],
            ),
            (SESSION, "record.folder = 'r'", &["filters.f.record.folder: it is used as a session filter"]),
            (SESSION, "isolation = 'shared'", &["filters.f.isolation: it is used as a session filter"]),
            (
                SESSION,
                "on_failure = 'bypass'",
                &["!built-in weir.toml:5: filters.f.on_failure: \"bypass\" is about frames"],
            ),
            (SESSION, "on_failure = 'allow'\nlimits.session_time = '2s'\ngrants = ['http:*', 'push:*']", &[]),
            (
                MEDIA,
                "on_failure = 'deny'",
                &["!built-in weir.toml:5: filters.f.on_failure: \"deny\" is about sessions"],
            ),
            (MEDIA, "on_failure = 'end-stream'", &[]),
            (MEDIA, "grants = ['push:*']", &["filters.f.grants: \"push:…\" does nothing"]),
            (MEDIA, "grants = ['http:*']", &["filters.f.grants: \"http:…\" does nothing"]),
            (MEDIA, "limits.session_time = '2s'", &["filters.f.limits.session_time: it is used as a media filter"]),
            (MEDIA, "limits.streams_per_instance = 5", &["only with isolation = \"shared\""]),
            (MEDIA, "isolation = 'shared'\nlimits.streams_per_instance = 5", &[]),
            (MEDIA, "limits.viewers = 5", &["only with placement = \"egress\""]),
            (MEDIA, "placement = 'egress'\nlimits.viewers = 5", &[]),
            (
                MEDIA,
                "queue = '3s'\noverflow = 'detach'\nqueue_bytes = '1MiB'\ndeparted_streams = 7",
                &["only with placement = \"observe\" or \"beside\""; 4],
            ),
            (MEDIA, "placement = 'observe'\nqueue = '3s'\noverflow = 'detach'\ndeparted_streams = 7", &[]),
            (
                MEDIA,
                "swap = { shadow_streams = 7, shadow_differs = 0.5 }",
                &["swap.shadow_streams: nothing runs beside", "swap.shadow_differs: nothing runs beside"],
            ),
            (MEDIA, "swap = { shadow = '10s', shadow_streams = 7 }", &[]),
            (
                MEDIA,
                "record = { folder = '', bytes = '1MiB', time = '30s', streams = 'live/*' }",
                &["filters.f.record.bytes: nothing is recorded", "filters.f.record.streams: nothing is recorded"],
            ),
            (MEDIA, "record = { folder = 'r', bytes = '1MiB' }", &[]),
            (MEDIA, "limits = { viewers = 1000, streams_per_instance = 256, session_time = '1s' }", &[]),
            ("[apps.live]\nmedia = ['f']\nsession = ['f']\n", "on_failure = 'deny'\nplacement = 'observe'", &[]),
            ("[apps.live]\n", "placement = 'observe'\non_failure = 'deny'", &[]),
        ] {
            let text = format!("{app}[filters.f]\nsource = 'file:f.wasm'\n{written}\n");
            let told = told(&text, None);
            assert_eq!(told.len(), says.len(), "{text}: {told:#?}");
            for (told, says) in told.iter().zip(says) {
                assert!(told.contains(says), "{text}: {told}");
            }
        }
    }

    #[test]
    fn the_hooks_of_a_filter_count_as_soon_as_they_are_known() {
        let text =
            "[apps.live]\nmedia = ['f']\nsession = ['f']\n[filters.f]\nsource = 'file:f.wasm'\nplacement = 'observe'\n";
        assert_eq!(told(text, None).len(), 0);
        let session = Worlds { session: true, media: false, jobs: false };
        assert_eq!(told(text, Some(session)).len(), 1);
    }
}
