"""Cases that wait for a later look than a schedule has now: an edit and a run of it say which, and what looks now."""

import pytest

from tests.console.test_schedules import WHY
from tests.console.transcripts import spoken


@pytest.mark.usefixtures("copied")
def test_a_new_recheck_says_which_cases_keep_the_look_that_was_set_before() -> None:
    kept = (
        "cases that keep a later look, set before this recheck: 3, the first RZ-0004 at 19:54, the last at 03-08 08:00"
    )
    for more in (("--dry",), ()):
        code, _, err = spoken(["schedule", "edit", "unprocessed", "--recheck", "1m", "--reason", WHY, *more])
        assert (code, kept in " ".join(err.split())) == (0, True)
        assert "caseward case retry NUMBER" in err
    assert "keep a later look" not in spoken(["schedule", "edit", "unprocessed", "--batch", "9", "--reason", WHY])[2]
    assert "keep a later look" not in spoken(["schedule", "edit", "unprocessed", "--recheck", "1d", "--reason", WHY])[2]


@pytest.mark.usefixtures("copied")
def test_a_run_that_finds_nothing_due_says_which_cases_wait_for_their_time() -> None:
    """It said that there was nothing to do, beside cases that waited in its state."""
    later = "cases that wait for a later look: 1, the first RZ-0001 at 19:54"
    for more in (("--dry",), ()):
        code, _, err = spoken(["schedule", "run", "awaiting_captcha", *more])
        assert (code, later in " ".join(err.split())) == (0, True), err
        assert "caseward case retry NUMBER" in err
    assert "later look" not in spoken(["schedule", "run", "unprocessed"])[2], "RZ-0010 is due"
    assert "later look" not in spoken(["schedule", "run", "audit"])[2]
