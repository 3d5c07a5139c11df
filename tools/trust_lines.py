"""What people may rely on: each check in a sentence, the tests that hold it, and what no test holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One line. ``tests`` are ``file::name`` below ``tests``, or a whole file; ``figures`` name measured runs."""

    number: int
    says: str
    tests: tuple[str, ...]
    figures: tuple[str, ...] = ()
    gap: str = ""


@dataclass(frozen=True)
class Part:
    """Checks under one heading."""

    heading: str
    checks: tuple[Check, ...]


def _check(number: int, says: str, tests: str, figures: str = "", gap: str = "") -> Check:
    return Check(number, says, tuple(tests.split()), tuple(figures.split()), gap)


PARTS = (
    Part(
        "What was acknowledged stays",
        (
            _check(
                1,
                "Serving processes may be killed or told to end while results are saved: each token that somebody "
                "was given still opens, and the database finds nothing wrong with itself",
                """faults/test_killed.py::test_kill_9_of_the_serving_process_loses_nothing
                faults/test_killed.py::test_kill_9_of_everything_loses_nothing
                faults/test_killed.py::test_kill_9_of_one_worker_of_two_loses_nothing
                store/test_sqlite.py::test_it_is_whole_after_kill_9_under_load
                store/test_processes.py::test_it_has_all_it_acknowledged_after_kill_9_under_load""",
                """kill_9_of_the_serving_process_loses_nothing kill_9_of_everything_loses_nothing
                kill_9_of_one_worker_of_two_loses_nothing""",
            ),
            _check(
                2,
                "A bank goes live whole or not at all, wherever the publisher is killed; going back is one more "
                "line of history; two publishers make one history",
                """editing/test_killed.py::test_a_kill_at_any_step_leaves_old_or_new_and_the_next_start_settles_it
                editing/test_publishing.py::test_it_rolls_back_as_a_new_revision_with_its_cases
                faults/test_publishers.py::test_two_publishers_make_one_history""",
                "two_publishers_make_one_history",
            ),
            _check(
                3,
                "SQLite keeps references whole, waits for the disk at each commit, and begins every write as one",
                """store/test_sqlite.py::test_it_waits_for_the_disk_at_every_commit
                store/test_sqlite.py::test_it_writes_for_editors_only_in_transactions_that_began_immediate
                store/test_processes.py::test_it_loses_no_write_of_four_processes""",
                "load",
            ),
            _check(
                4,
                "Writing and emptying the log happen on one connection; the doctor names the SQLite in use",
                """store/test_sqlite.py::test_it_lets_nobody_write_over_a_reading_connection
                test_cli.py::test_the_doctor_finds_nothing_bad_here""",
                gap="the bug of older SQLite itself is not provoked",
            ),
            _check(
                5,
                "A database of any earlier schema is brought up to date with its rows, by whichever of several "
                "processes is first",
                """store/test_sqlite_schema.py::test_it_keeps_data_through_an_upgrade_from_every_older_schema
                store/test_postgres.py::test_it_keeps_data_through_an_upgrade_from_every_older_schema
                store/test_processes.py::test_it_migrates_once_when_four_processes_start_at_the_same_time""",
            ),
            _check(
                6,
                "A backup taken while results are saved is restored elsewhere with every row as it was",
                """faults/test_restored.py::test_a_backup_taken_under_load_holds_all_that_was_acknowledged
                store/test_backup.py::test_it_is_restored_on_an_empty_machine_row_by_row""",
                """a_backup_taken_under_load_holds_all_that_was_acknowledged[sqlite]
                a_backup_taken_under_load_holds_all_that_was_acknowledged[postgres]""",
            ),
            _check(
                7,
                "On a full disk pages are still read, saving is refused with 503 and a plain page, and it goes on "
                "once there is room",
                """faults/test_disk_full.py::test_a_full_disk_refuses_and_recovers
                faults/test_disk_full.py::test_a_full_disk_of_postgresql_refuses_and_recovers
                store/test_backup.py::test_on_a_full_disk_it_says_so_and_leaves_nothing_behind""",
                "a_full_disk_refuses_and_recovers a_full_disk_of_postgresql_refuses_and_recovers",
            ),
            _check(
                8,
                "PostgreSQL may die, be slow, fall silent, hand over to its standby or run out of connections: "
                "takers get 503 for a while, nobody hangs, nothing is lost",
                """faults/test_database.py::test_kill_9_of_the_database_loses_nothing
                faults/test_database.py::test_a_standby_takes_over_and_nothing_is_lost
                faults/test_database.py::test_a_pool_that_is_used_up_is_told_and_no_hang
                faults/test_database.py::test_a_slow_database_makes_slow_answers_and_no_wrong_ones
                faults/test_database.py::test_a_network_that_falls_silent_is_not_waited_for
                test_server_waiting.py::test_killed_again_and_again_in_an_outage_it_is_there_when_the_database_is""",
                """kill_9_of_the_database_loses_nothing a_standby_takes_over_and_nothing_is_lost
                a_pool_that_is_used_up_is_told_and_no_hang a_slow_database_makes_slow_answers_and_no_wrong_ones
                a_network_that_falls_silent_is_not_waited_for""",
            ),
            _check(
                9,
                "Sending twice, going back and a second tab make one result; of two editors the later one is told, "
                "and keeps what was typed",
                """web/test_results.py::test_sending_twice_makes_one_result
                browser/test_whole_quiz.py::test_pressing_the_button_twice_makes_one_result
                store/test_results.py::test_it_gives_one_token_to_a_double_click_from_many_threads
                web/test_taking.py::test_reloading_and_a_second_tab_show_the_same
                test_bank_save.py::test_of_two_editors_who_save_at_once_one_is_told_of_the_conflict""",
            ),
            _check(
                10,
                "Workers are replaced one by one under load, and no post fails",
                """faults/test_killed.py::test_a_rolling_restart_fails_no_post
                test_server.py::test_a_request_at_hand_is_finished_before_the_server_ends""",
                "a_rolling_restart_fails_no_post",
            ),
            _check(
                11,
                "Days are Japan's, also at the end of a year; a clock that was wrong by a day, or by a second "
                "between two workers, loses nobody's answers or results; one that is far ahead removes none for good",
                """faults/test_clock.py faults/test_fast_clock.py
                web/test_taking.py::test_the_day_of_the_result_is_the_day_in_japan
                store/test_limits.py::test_it_shuts_nobody_out_for_longer_than_a_bucket_takes_to_fill_after_a_clock_was_wrong""",
            ),
        ),
    ),
    Part(
        "Nobody gets in",
        (
            _check(
                12,
                "The policy of every page allows no script or style but its own, no frame and no other form target; "
                "only a card without cookies and forms may be framed, by the sites that are set; what is answered "
                "without a page carries the policy too, but for granian's own answers to what is no HTTP (400, 414, "
                "431)",
                """test_server.py::test_half_sent_bodies_hold_up_nobody_and_are_refused
                web/test_security.py::test_every_response_carries_the_headers_that_keep_it_safe
                web/test_embed.py::test_the_sites_that_are_set_may_frame_the_card_and_nothing_else
                browser/test_safe.py::test_a_site_that_is_set_shows_the_card_and_the_quiz_opens_outside_of_it
                browser/test_safe.py::test_no_text_of_a_hostile_bank_runs_on_any_page""",
            ),
            _check(
                13,
                "Cookies are bound to host and scheme and out of reach of scripts; a session is new at each sign-in, "
                "ends on the server, and has two limits",
                """web/test_security.py::test_over_https_cookies_are_bound_to_the_host_and_https_is_remembered
                web/edit/test_signing_in.py::test_over_https_the_cookie_is_bound_to_host_and_scheme
                web/edit/test_signing_in.py::test_the_secret_changes_whenever_somebody_signs_in
                web/edit/test_signing_in.py::test_signing_out_ends_the_session_on_the_server
                web/edit/test_signing_in.py::test_a_session_ends_when_it_is_not_used
                web/edit/test_signing_in.py::test_a_session_ends_however_much_it_is_used""",
            ),
            _check(
                14,
                "What changes something wants the token of its form; opening a page changes nothing",
                """web/test_security.py::test_every_route_that_changes_something_refuses_a_missing_token
                web/test_security.py::test_opening_any_page_changes_nothing
                web/edit/test_roles.py::test_every_route_that_changes_something_refuses_a_missing_token
                web/edit/test_roles.py::test_opening_any_page_changes_nothing""",
            ),
            _check(
                15,
                "Tokens of results cannot be guessed; gone, expired and never there look alike; neither caches nor "
                "search engines nor other sites learn of them",
                """store/test_results.py::test_it_makes_tokens_nobody_can_guess_and_any_address_can_carry
                store/test_results.py::test_it_tells_unknown_expired_and_deleted_results_in_the_same_words
                web/test_results.py::test_a_result_is_private_and_kept_out_of_caches_and_search
                browser/test_safe.py::test_a_click_out_of_a_result_tells_the_other_side_neither_token_nor_page""",
            ),
            _check(
                16,
                "Every route of the editing pages against every role, and what is one editor's against another",
                """web/edit/test_roles.py::test_every_route_lets_in_who_may_and_nobody_else
                web/edit/test_roles.py::test_nobody_changes_the_draft_of_another
                web/edit/test_roles.py::test_sessions_and_passwords_are_ones_own
                web/test_results.py::test_only_its_maker_can_decide_about_a_result""",
            ),
            _check(
                17,
                "Passwords are argon2id, few at a time; tries and saved results are counted over all workers",
                """web/edit/test_signing_in_passwords.py::test_it_is_argon2id_with_what_owasp_asks_for
                web/edit/test_signing_in_passwords.py::test_only_so_many_are_worked_on_at_once
                web/edit/test_signing_in_limits.py::test_two_processes_on_one_store_count_together
                web/edit/test_signing_in_limits.py::test_writing_an_address_otherwise_gives_no_more_tries
                web/edit/test_known_browsers.py::test_an_editor_gets_in_while_strangers_use_up_the_tries
                web/edit/test_signing_in_limits.py::test_refusals_are_told_once_in_a_while
                web/test_results.py::test_an_address_saves_only_so_many_results_in_a_day
                test_operating.py::test_two_workers_count_one_visitor_together
                test_operating.py::test_two_workers_count_together_in_redis_and_each_alone_while_it_is_away
                test_operating.py::test_a_redis_that_is_silent_holds_up_one_request_in_a_second""",
            ),
            _check(
                18,
                "There is no secret that everybody has: one is made and kept privately, or production does not start; "
                "an earlier one is still read",
                """test_config.py::test_the_kept_secret_is_for_its_owner_alone
                test_config.py::test_production_refuses_to_start_without_a_secret
                web/test_security.py::test_an_earlier_secret_still_opens_cookies""",
            ),
            _check(
                19,
                "Only named hosts are answered, proxies are believed only where set, and no form leads to another site",
                """web/test_security.py::test_a_host_that_is_not_trusted_is_refused
                web/test_security.py::test_without_proxy_hops_a_forwarded_host_is_not_believed
                web/test_security.py::test_no_scheme_but_http_and_https_is_believed
                web/test_security.py::test_another_spelling_of_an_address_leads_to_the_same_host_and_scheme
                test_deploy_proxies.py::test_plain_http_leads_to_https_and_other_names_get_nothing
                web/test_security.py::test_the_language_form_never_leads_elsewhere
                web/edit/test_signing_in.py::test_nobody_is_led_elsewhere""",
            ),
            _check(
                20,
                "No body is larger than its address has use for, and no form that is dear to read is read; neither "
                "half-sent bodies nor silent connections nor very many requests hold up others or fill the memory. "
                "On the internet a proxy is needed against those who are slow to fetch",
                """web/test_security.py::test_a_body_that_is_too_large_is_refused_whatever_its_kind
                web/test_security.py::test_an_address_takes_no_larger_body_than_it_has_use_for
                web/test_security.py::test_a_form_that_is_dear_to_read_is_refused_before_it_is_read
                fuzz/test_addresses.py::test_a_part_without_a_name_makes_no_form_fail
                test_server.py::test_a_body_in_crumbs_is_refused_and_one_in_the_pieces_of_a_slow_network_arrives
                test_server.py::test_large_bodies_that_come_half_fill_no_memory_and_hold_up_no_taker
                test_server.py::test_silent_connections_shut_nobody_out_and_are_cut
                test_server.py::test_of_very_many_requests_at_once_some_are_told_to_come_again
                test_deploy_proxies.py::test_one_address_cannot_take_up_every_connection
                web/test_api.py::test_a_large_body_of_unknown_length_is_refused
                test_server.py::test_half_sent_bodies_hold_up_nobody_and_are_refused""",
            ),
        ),
    ),
    Part(
        "A hostile bank harms nobody",
        (
            _check(
                21,
                "YAML is bounded before and while it is read; what has no place in a bank is refused at once; "
                "no run of accents, long line or long chain of named values holds up others",
                """test_bank_reader.py::test_a_hostile_text_is_refused_quickly
                test_bank_reader.py::test_forty_kilobytes_of_brackets_are_refused_in_milliseconds
                test_bank_reader.py::test_it_says_which_cap_was_passed
                test_bank_many_problems.py::test_a_long_chain_of_values_is_read_in_any_order
                test_letters.py::test_a_long_run_of_accents_holds_nobody_up
                test_letters.py::test_letters_are_folded_in_one_place_only
                web/edit/test_attacks.py::test_a_strange_line_does_not_hold_up_completion
                fuzz/test_own.py::test_a_minute_of_banks_and_rules_that_nobody_would_write_does_no_harm""",
                "fuzz",
            ),
            _check(
                22,
                "Rules are bounded before they are parsed, never run, and refused within a moment",
                """rules/test_language.py::test_it_refuses_hostile_text_within_a_moment
                fuzz/test_own.py::test_a_minute_of_banks_and_rules_that_nobody_would_write_does_no_harm""",
                "fuzz",
            ),
            _check(
                23,
                "A payload in every text of a bank, and in every field and address, stays text",
                """browser/test_safe.py::test_no_text_of_a_hostile_bank_runs_on_any_page
                web/test_hostile.py::test_every_page_of_a_hostile_bank_is_valid_and_shows_the_texts_as_they_are
                web/edit/test_pages_hostile.py::test_no_page_around_a_draft_takes_a_text_for_markup
                fuzz/test_odd_drafts.py::test_odd_values_anywhere_in_a_bank_break_no_page_of_the_desk
                fuzz/test_addresses.py::test_no_address_with_no_form_makes_it_fail
                fuzz/test_addresses.py::test_no_body_of_any_kind_makes_it_fail""",
            ),
            _check(
                24,
                "What is imported stays in its place, whatever its names; exported cells are no formulas",
                """editing/test_bundle.py::test_a_name_that_is_no_bank_is_refused
                editing/test_bundle.py::test_a_link_or_device_is_refused
                editing/test_bundle.py::test_names_that_are_equal_once_folded_are_refused
                editing/test_bundle.py::test_a_bomb_is_refused_before_it_is_read
                editing/test_audit_export.py::test_no_cell_is_taken_for_a_formula""",
            ),
            _check(
                25,
                "A bank with a problem or a failing case does not go live, and the one before goes on",
                """editing/test_publishing.py::test_it_refuses_problems_all_at_once
                editing/test_publishing.py::test_it_refuses_a_failing_case
                test_bank_broken.py""",
            ),
        ),
    ),
    Part(
        "Privacy",
        (
            _check(
                26,
                "A quiz asks no name; pages ask nothing of other sites; logs hold neither answers nor tokens",
                """browser/test_whole_quiz.py::test_a_stranger_gets_from_the_first_page_to_a_result
                web/test_sending.py::test_neither_answers_nor_tokens_are_logged
                web/edit/test_log_lines.py::test_after_a_whole_journey_no_line_holds_an_answer_a_token_a_name_or_a_password""",
            ),
            _check(
                27,
                "Who made a result deletes it, and chooses which answers its link shows; its time ends by itself",
                """web/test_results.py::test_deleting_asks_once_and_then_the_link_is_as_if_it_had_never_been
                web/test_results.py::test_answers_taken_off_the_link_are_neither_shown_nor_copied_nor_in_the_api
                store/test_results.py::test_it_removes_what_has_expired_and_nothing_else
                store/test_sqlite.py::test_it_leaves_no_trace_of_a_deleted_result_in_any_file""",
            ),
        ),
    ),
    Part(
        "Everyone can use it",
        (
            _check(
                28,
                "axe finds nothing on any page; the keyboard alone is enough, and so are 320 pixels",
                """browser/test_everyone.py::test_axe_finds_nothing_on_any_page
                browser/test_everyone.py::test_pages_fit_320_pixels
                browser/test_everyone.py::test_text_of_double_size_is_neither_cut_nor_too_wide
                browser/test_whole_quiz.py::test_the_keyboard_alone_takes_the_whole_quiz_and_the_focus_is_always_seen
                browser/test_editing_forms.py::test_axe_finds_nothing_and_nothing_is_wider_than_the_screen
                web/test_taking.py::test_every_written_taker_gets_from_start_to_result""",
            ),
        ),
    ),
    Part(
        "Supply",
        (
            _check(
                29,
                "Every package is pinned by its hash and its licence known; advisories fail the run",
                """test_supply.py::test_every_pin_is_exact_and_hashed
                test_supply.py::test_no_file_holds_an_address_of_this_kind
                test_packaging.py::test_every_licence_is_an_agreed_one_and_others_are_refused
                test_packaging.py::test_an_advisory_fails_the_audit""",
            ),
        ),
    ),
)
