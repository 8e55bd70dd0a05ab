"""`make scans`: how often the looks at papers err, on generated scans of every kind, as one JSON object."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from tests.scans.kinds import DOUBTFUL, GOOD, KINDS, scan
from tests.scans.papers import PAPERS, WRITTEN, paper_looked_at
from tests.scans.papers import right_of as paper_right_of
from tests.scans.taking import WAYS

SEEDS = 4
WITHOUT_CODE = ("flat", "photographed")
"""Ways of which there is one scan of each kind whose blank bears no code of ours."""


def judged(case: tuple[str, str, int, bool]) -> tuple[tuple[str, str, int, bool], str, list[str]]:
    kind, way, seed, coded = case
    said = scan(kind, way, seed, coded=coded).looked_at()
    return case, said["verdict"], [one["code"] for one in said["findings"]]


def judged_paper(one: tuple[str, str, int]) -> tuple[tuple[str, str, int], str]:
    return one, paper_looked_at(*one)["verdict"]


def right_of(case: tuple[str, str, int, bool]) -> frozenset[str]:
    """A person may always be asked where there is no code."""
    kind, _, _, coded = case
    return KINDS[kind].right if coded else KINDS[kind].right | {DOUBTFUL}


def rates(results: list[tuple[tuple[str, str, int, bool], str, list[str]]]) -> dict[str, Any]:
    good = [verdict for (kind, *_), verdict, _ in results if GOOD in KINDS[kind].right]
    wrong = [verdict for (kind, *_), verdict, _ in results if GOOD not in KINDS[kind].right]
    return {
        "good": len(good),
        "good_taken": good.count("good"),
        "good_doubtful": good.count("doubtful"),
        "good_refused": good.count("bad"),
        "wrong": len(wrong),
        "wrong_taken": wrong.count("good"),
        "wrong_doubtful": wrong.count("doubtful"),
        "wrong_refused": wrong.count("bad"),
    }


def main() -> None:
    begun = time.perf_counter()
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    cases = [(kind, way, seed, True) for seed in range(seeds) for kind in KINDS for way in WAYS]
    cases += [(kind, way, 0, False) for kind in KINDS for way in WITHOUT_CODE]
    papers = [(kind, way, seed) for seed in range(seeds) for kind in PAPERS for way in (WRITTEN, *WAYS)]
    with ProcessPoolExecutor() as pool:
        results, of_papers = [], list(pool.map(judged_paper, papers))
        for number, result in enumerate(pool.map(judged, cases), 1):
            results.append(result)
            print(f"{number} of {len(cases)}: {result}", file=sys.stderr)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for (kind, *_), verdict, _ in results:
        kinds[kind][verdict] += 1
    told = {
        "scans": len(results),
        "with_code": rates([one for one in results if one[0][3]]),
        "without_code": rates([one for one in results if not one[0][3]]),
        "kinds": kinds,
        "ways": {way: rates([one for one in results if one[0][1] == way and one[0][3]]) for way in WAYS},
        "not_right": [[*case, verdict, codes] for case, verdict, codes in results if verdict not in right_of(case)],
        "papers": {kind: Counter(one for (of, *_), one in of_papers if of == kind) for kind in PAPERS},
        "papers_not_right": [[*one, said] for one, said in of_papers if said not in paper_right_of(*one[:2])],
        "seconds": round(time.perf_counter() - begun, 1),
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
