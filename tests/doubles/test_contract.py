"""The double of the bureau is held to the very tests that the Chromium is held to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.bureau.sessions import HttpSessions
from adapters.http import Http
from tests.adapters.conftest import NOW, Office
from tests.adapters.outside import DEVICES, Book, Outside, running
from tests.adapters.test_portal_faults import (  # noqa: F401 - collected here, with the office of this file
    test_a_busy_page_after_the_click_may_hide_a_confirmation,
    test_a_busy_page_before_the_click_means_that_nothing_was_sent,
    test_a_changed_page_stops_the_hand_before_the_click,
    test_a_closed_bureau_says_so_and_the_draft_is_found_the_next_morning,
    test_a_code_request_without_its_reply_is_made_once,
    test_a_confirmation_without_its_reply_may_have_happened_and_is_made_once,
    test_a_lost_right_at_the_gate_stops_the_click,
    test_a_page_of_another_title_or_applicant_is_not_confirmed,
    test_a_receipt_that_looks_different_is_no_definite_answer,
    test_a_seal_page_without_its_reply_was_uploaded_once,
    test_a_success_page_without_effect_shows_only_in_the_question_afterwards,
    test_a_value_that_the_bureau_does_not_take_is_refused_in_its_own_words,
    test_a_wrong_code_is_an_answer_and_not_an_error,
    test_somebody_elses_login_ends_the_session_before_anything_is_applied,
    test_the_blank_page_is_refused_as_a_seal_page,
)
from tests.adapters.test_whole_way import (  # noqa: F401
    test_a_correction_is_found_filled_with_new_materials_and_confirmed,
    test_a_filing_goes_from_the_login_to_the_certificate,
    test_an_applicant_who_owns_nothing_files_under_his_own_name,
    test_what_somebody_filed_by_hand_is_counted_as_strange,
)
from tests.doubles.bureau import HttpBureau
from workflow.clock import SetClock


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with running(tmp_path_factory.mktemp("outside-of-the-double")) as outside:
        yield outside


@pytest.fixture
def office(outside: Outside) -> Office:
    book = Book({login: (f"pass-{login}", 1) for login in DEVICES}, {})
    sessions = HttpSessions(Http("portal", outside.portal), book)
    bureau = HttpBureau(outside.portal, sessions, book, SetClock(NOW))
    return Office(outside, bureau, sessions, book, bureau.browser)
