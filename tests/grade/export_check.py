"""Read every exported format with a parser of its own, and hold it against the platform's rules."""
import csv
import json
import sys
from pathlib import Path

import junitparser

work = Path(sys.argv[1])
HIDDEN = "HIDDEN"
HIDDEN_TITLES = ("Holds wherever preemption comes", "Survives what is not told")


def load(name):
    return json.loads((work / name).read_text())


# Gradescope, "Output Format": which values are allowed; hidden checks stay hidden.
g = load("gradescope.json")
assert g["stdout_visibility"] in {"visible", "hidden", "after_due_date", "after_published"}
assert "unused variable" in g["output"] and "Host test model_test" in g["output"]
assert "vm_test" not in g["output"]  # it passed
assert g["score"] == sum(t["score"] for t in g["tests"]) == 12
for t in g["tests"]:
    assert t["status"] in {"passed", "failed"} and t["output_format"] == "text"
    assert t["visibility"] in {"visible", "after_published"}
    assert 0 <= t["score"] <= t["max_score"]
    assert HIDDEN not in t["output"] or t["visibility"] == "after_published"

# Autolab: the last line has the scores, the one before it the feedback.
lines = (work / "autolab.txt").read_text().splitlines()
assert json.loads(lines[-1]) == {"scores": {"total": 12}, "scoreboard": [12]}
feedback = json.loads(lines[-2])
assert feedback["_presentation"] == "semantic" and set(feedback["stages"]) <= set(feedback)
assert all(isinstance(c["passed"], bool) for c in feedback["Checks"].values())
notes = feedback["Build"]["Compiler and host tests"]
assert notes["passed"] is False and notes["hint"] == g["output"]

# Classroom 50: whole numbers that add up.
c = load("classroom50.json")
assert c["schema"] == "classroom50/result/v1" and c["assignment"] == "lab-7"
assert type(c["score"]) is int and c["score"] == sum(t["score"] for t in c["tests"])
assert c["tests"][0] == {"test-name": "Compiler and host tests", "passed": False, "score": 0,
                         "max-score": 0, "message": g["output"]}
assert c["max-score"] == 20 == sum(t["max-score"] for t in c["tests"]) and c["datetime"] == "2026-01-01T00:00:00Z"

# Those that cannot hide a check show all hidden ones as one; its points are still counted.
assert c["tests"][-1] == {"test-name": "Hidden checks", "passed": False, "score": 10,
                          "max-score": 10, "message": ""}

# PrairieLearn: a share of one; not gradable is no zero.
p = load("prairielearn.json")
assert p["gradable"] is True and p["score"] == 0.6
n = load("prairielearn_not_graded.json")
assert n["gradable"] is False and "score" not in n and n["format_errors"]

# JUnit: failures are the student's, errors the grader's.
suites = list(junitparser.JUnitXml.fromfile(str(work / "junit.xml")))
assert [(s.tests, s.failures, s.errors, s.skipped) for s in suites] == [(4, 2, 0, 1), (1, 0, 1, 0)]
assert isinstance(list(suites[1])[0].result[0], junitparser.Error)

# Canvas: header, possible points, an empty cell where there is no grade.
rows = list(csv.reader((work / "canvas_roster.csv").open()))
assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 7 (4711)"]
assert rows[1][0].strip() == "Points Possible" and rows[1][5] == "20"
assert rows[2] == ["Doe, Alice", "101", "a-1", "alice", "S1", "12"]
assert rows[3] == ["Roe, Bob", "102", "a-2", "bob", "S1", ""] and len(rows) == 4

rows = list(csv.reader((work / "canvas.csv").open()))
assert rows[1][5] == "20" and rows[2][0] == "bob" and rows[2][5] == "" and rows[3][5] == "12"

# Moodle: an address, a grade or none, a feedback that no spreadsheet calculates.
rows = list(csv.reader((work / "moodle.csv").open()))
assert rows[1][:2] == ["alice@school.example", "12"]
assert rows[2][:2] == ["bob@school.example", ""] and "not be graded" in rows[2][2]
assert all(row[2][0] not in "=+-@" for row in rows[1:])

for name in ("autolab.txt", "classroom50.json", "prairielearn.json", "junit.xml", "moodle.csv"):
    text = (work / name).read_text()
    assert not any(secret in text for secret in (HIDDEN, *HIDDEN_TITLES)), name
    assert text.count("Hidden checks") == 1, name
    assert "\a" not in text, name
print("every format is read by its parser")
