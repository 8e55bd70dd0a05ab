"""The refusals of databases, and what people are told of each: what is wrong, and the cure."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from workflow.sentence import Sentence

FULL = (
    Sentence("disk_full", "its disk is full"),
    Sentence("make_room_nothing_claimed", "make room; nothing is claimed until then"),
)
SILENT = (
    Sentence("disk_does_not_answer", "its disk does not answer"),
    Sentence("look_at_disk_then", "look at the disk, then start again"),
)
SHUT = (
    Sentence("file_cannot_be_opened", "the file cannot be opened"),
    Sentence("make_folder_writable_for", "make its folder writable for this user"),
)
"""SQLite says these two also where a full disk has no room for its extra files."""
READ_ONLY = (
    Sentence("read_only", "it is read-only"),
    Sentence("point_caseward_database_url", "point CASEWARD_DATABASE_URL at the primary"),
)
CURES = {
    "53100": FULL,
    "25006": READ_ONLY,
    "53200": (
        Sentence("out_memory", "it is out of memory"),
        Sentence("give_more_or_run", "give it more, or run fewer workers"),
    ),
    "53300": (
        Sentence("has_no_connection_left", "it has no connection left"),
        Sentence("raise_max_connections_or", "raise max_connections or run fewer workers"),
    ),
    "28P01": (
        Sentence("refused_password", "it refused the password"),
        Sentence("correct_password_in_caseward", "correct the password in CASEWARD_DATABASE_URL"),
    ),
    "28000": (
        Sentence("refused_login", "it refused the login"),
        Sentence("correct_user_and_password", "correct user and password in CASEWARD_DATABASE_URL"),
    ),
    "3D000": (
        Sentence("there_no_such_database", "there is no such database"),
        Sentence("create_or_correct_name", "create it, or correct its name in CASEWARD_DATABASE_URL"),
    ),
    "57014": (
        Sentence("broke_statement_off", "it broke a statement off"),
        Sentence("look_at_statement_timeout", "look at its statement_timeout and at what else it does"),
    ),
    "57P01": (Sentence("being_shut_down", "it is being shut down"), Sentence("start_again", "start it again")),
    "57P02": (
        Sentence("crashed_and_begins_anew", "it crashed and begins anew"),
        Sentence("look_at_log", "look at its log"),
    ),
    "57P03": (
        Sentence("starting_up", "it is starting up"),
        Sentence("wait_until_has_started", "wait until it has started"),
    ),
    "55P03": (
        Sentence("another_program_holds_locked", "another program holds it locked"),
        Sentence("stop_program_that_has", "stop the program that has it open, and try again"),
    ),
    "58030": (
        Sentence("disk_does_not_answer", "its disk does not answer"),
        Sentence("look_at_disk_and", "look at its disk and its log"),
    ),
    "XX001": (
        Sentence("page_damaged", "a page of it is damaged"),
        Sentence("restore_from_backup", "restore it from a backup"),
    ),
    "XX002": (Sentence("index_damaged", "an index of it is damaged"), Sentence("rebuild_index", "rebuild the index")),
    "42P01": (
        Sentence("table_missing", "a table is missing"),
        Sentence(
            "start_this_version_caseward", "start this version of Caseward once against it, or restore it from a backup"
        ),
    ),
    "42703": (
        Sentence("column_missing", "a column is missing"),
        Sentence(
            "start_this_version_caseward", "start this version of Caseward once against it, or restore it from a backup"
        ),
    ),
    "42501": (
        Sentence("role_may_not_do", "the role may not do this"),
        Sentence("grant_role_select_insert", "grant the role SELECT, INSERT and UPDATE on its tables"),
    ),
}


def said_of(error: SQLAlchemyError) -> tuple[Sentence, Sentence] | None:
    """What is wrong, and the cure."""
    original = getattr(error, "orig", None)
    text = str(original or error).strip()
    state = getattr(original, "sqlstate", None)
    if state in CURES:
        return CURES[state]
    for sign, what, cure in (
        (
            "database is locked",
            Sentence("another_program_holds_locked", "another program holds it locked"),
            Sentence("stop_program_that_has", "stop the program that has it open, and try again"),
        ),
        (
            "readonly database",
            Sentence("file_or_folder_read", "the file or its folder is read-only"),
            Sentence("make_both_writable_for", "make both writable for this user"),
        ),
        (
            "not a database",
            Sentence("file_not_database", "the file is not a database"),
            Sentence("move_away_or_correct", "move it away, or correct CASEWARD_DATABASE_URL"),
        ),
        (
            "malformed",
            Sentence("file_damaged", "the file is damaged"),
            Sentence("restore_from_backup", "restore it from a backup"),
        ),
        ("unable to open", *SHUT),
        ("disk is full", *FULL),
        ("disk i/o error", *SILENT),
        ("password authentication failed", *CURES["28P01"]),
        ("fatal:  database", *CURES["3D000"]),
        (
            "connection refused",
            Sentence("nothing_answers_there", "nothing answers there"),
            Sentence("start_or_correct_caseward", "start it, or correct CASEWARD_DATABASE_URL"),
        ),
        (
            "connection failed",
            Sentence("nothing_answers_there", "nothing answers there"),
            Sentence("start_or_correct_caseward", "start it, or correct CASEWARD_DATABASE_URL"),
        ),
        (
            "timeout expired",
            Sentence("nothing_answers_there_in", "nothing answers there in time"),
            Sentence("start_or_correct_caseward", "start it, or correct CASEWARD_DATABASE_URL"),
        ),
        (
            "closed the connection",
            Sentence("broke_connection_off", "it broke the connection off"),
            Sentence("look_at_server_and", "look at the server and the network"),
        ),
        (
            "connection is lost",
            Sentence("fell_silent", "it fell silent"),
            Sentence("look_at_server_and", "look at the server and the network"),
        ),
        (
            "resolve host",
            Sentence("host_not_known", "its host is not known"),
            Sentence("correct_caseward_database_url", "correct CASEWARD_DATABASE_URL"),
        ),
    ):
        if sign in text.lower():
            return what, cure
    return None
