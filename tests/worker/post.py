"""A post office whose remote names a queue of its own: CASEWARD_APP=tests.worker.post:POST."""

from __future__ import annotations

from datetime import timedelta

from tests.engine.letters import Office, PaperOffice, S, letters, post
from workflow import To
from workflow.flow.remotes import Remote
from workflow.system import System

POST = System(
    "post",
    "邮局",
    "Post",
    flows=(letters(To(S.posted, do=post)).flow,),
    remotes=(Remote("office", Office, PaperOffice(), queue="slow", settles=timedelta(0)),),
)
