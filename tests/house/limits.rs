//! What a peer may cost, rule by rule, and the tests that hold it: a rule without a test is a wish.

use weir_tests::workspace;

const RULES: &[(&str, &[&str])] = &[
    (
        "memory grows with what came, never with what is declared; one budget for all partial messages; 64 chunk streams",
        &[
            "bodies_grow_with_received_bytes_only",
            "partial_messages_share_one_budget",
            "partial_messages_have_a_small_budget_before_connect_and_a_large_one_after",
            "memory_is_not_taken_on_a_declared_length",
            "a_flood_of_chunk_streams_is_cut",
            "chunk_sizes_that_make_no_sense_close",
            "illegal_chunk_sizes_are_errors_and_large_ones_cost_nothing",
        ],
    ),
    (
        "AMF is bounded in depth, elements and references; text that is not UTF-8 is kept, and never raw in a log",
        &[
            "depth_is_bounded",
            "elements_are_bounded_and_counts_allocate_nothing",
            "references_cannot_multiply_text",
            "references_cannot_multiply_elements",
            "hostile_amf_closes_before_and_after_connect",
            "text_that_is_not_utf8_survives_and_prints_safely",
            "a_peer_cannot_forge_a_line_of_the_log",
        ],
    ),
    (
        "answers wait in a bounded queue; who does not take them is not read, and closed; pings and acknowledgements merge",
        &[
            "a_flood_of_commands_stops_being_read_until_the_answers_are_sent",
            "a_ping_flood_costs_one_answer_at_a_time",
            "a_flood_of_pings_by_a_peer_that_never_reads_stops_being_read",
            "answers_that_nobody_takes_end_their_connection",
            "a_player_that_keeps_talking_gets_its_answers_between_whole_frames",
        ],
    ),
    (
        "a slow player costs nobody else: it skips to a key frame, and is closed when it is stuck",
        &[
            "a_slow_player_skips_to_a_key_frame_and_stays",
            "a_player_that_never_reads_is_closed_and_a_healthy_one_gets_everything",
            "a_player_that_acknowledges_and_never_reads_is_kept_little_for",
            "those_who_stop_reading_do_not_hold_up_the_others",
            "a_player_that_does_not_read_delays_nobody",
        ],
    ),
    (
        "the GOP cache is bounded in bytes, frames and seconds",
        &["a_gop_over_the_limit_is_dropped_and_joiners_wait_for_the_next", "a_gop_older_than_the_limit_is_dropped"],
    ),
    (
        "a second publisher is refused; a name is free on FIN, RST and silence; who comes back keeps its players",
        &[
            "a_second_publisher_is_refused_and_the_first_goes_on",
            "a_half_closed_publisher_frees_its_name",
            "a_name_is_free_at_once_after_a_reset",
            "a_half_handshake_and_an_idle_peer_are_closed",
            "a_publisher_that_stops_and_starts_keeps_its_players",
        ],
    ),
    (
        "work per turn is bounded: a flooding peer takes no worker",
        &[
            "peers_that_send_without_end_take_no_worker",
            "media_stops_being_read_until_its_events_are_taken",
            "an_aggregate_of_very_many_parts_comes_in_turns",
        ],
    ),
    (
        "a filter's call has an end on a full machine too; what waits for filters is bounded, and outlives its stream not for long",
        &[
            "wall_time_has_a_ceiling_and_a_call_that_was_not_run_has_a_tick_to_come_back",
            "frames_go_on_while_the_guest_is_stuck_and_the_queue_is_bounded",
            "a_stream_that_ends_before_its_turn_keeps_its_queue_only_for_its_time_and_gets_no_instance",
            "of_more_than_may_wait_the_first_lose_what_waits_at_once",
            "who_asks_does_not_wait_behind_those_who_have_gone",
            "ends_that_wait_are_bounded",
        ],
    ),
    (
        "codec parsing is best effort: what cannot be read ends nobody",
        &["headers_and_frames_that_cannot_be_read_end_nobody", "hostile_metadata_is_dropped_and_the_publish_lives"],
    ),
    (
        "handshakes, of TLS too, and silence have their time; accepting recovers when descriptors come back",
        &[
            "half_a_handshake_and_a_silent_guest_time_out",
            "who_does_not_finish_the_handshake_is_cut_and_who_brings_no_tls_harms_nobody",
            "a_silent_publisher_is_pinged_and_then_gone",
            "accepting_goes_on_when_descriptors_come_back",
        ],
    ),
    (
        "a drain ends everyone well within its deadline; a reload touches nobody whose settings did not change",
        &[
            "the_drain_gives_everyone_a_clean_end",
            "the_drain_cuts_who_does_not_leave",
            "a_reload_changes_what_is_new_and_leaves_what_runs",
            "a_certificate_is_renewed_while_the_router_runs_and_a_wrong_one_changes_nothing",
        ],
    ),
    (
        "a filter from elsewhere is bounded in bytes, time and redirects, held to its pin and keys, and replaces nothing unless it runs",
        &[
            "whatever_a_server_sends_instead_what_runs_goes_on",
            "https_needs_an_authority_that_is_trusted_and_stays_https",
            "a_pin_takes_nothing_else_and_needs_no_second_question",
            "only_what_a_trusted_key_has_signed_is_taken",
            "what_was_kept_and_is_damaged_is_not_used",
        ],
    ),
];

#[test]
fn every_limit_has_its_tests() {
    let sources: Vec<String> =
        workspace::rust_files("").iter().filter(|file| !file.starts_with("tests/house")).map(workspace::read).collect();
    for (rule, tests) in RULES {
        for test in *tests {
            let named = format!("fn {test}(");
            assert!(sources.iter().any(|source| source.contains(&named)), "«{rule}» has lost its test {test}");
        }
    }
}
