"""What a platform reads after four gradings of lab 2: right, wrong, broken, lacking a file."""
import json
import sys
from pathlib import Path

import jsonschema

platform, work = sys.argv[1], Path(sys.argv[2])

# Gradescope, "Autograder Specifications", "Output Format".
VISIBILITY = {"enum": ["visible", "hidden", "after_due_date", "after_published"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
GRADESCOPE = {
    "type": "object",
    "required": ["tests"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["score", "max_score", "name", "status"],
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number", "minimum": 0},
                    "max_score": {"type": "number", "minimum": 0},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string", "minLength": 1},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}
# Of hidden.toml: what a student must not read where nothing can be hidden.
SECRETS = ("driver-holes", "stretch's last block", "beyond the end of a stretch", "never across it")


def gradescope():
    results = {}
    for name in ("right", "wrong", "broken"):
        r = results[name] = json.loads((work / f"{name}.json").read_text())
        jsonschema.validate(r, GRADESCOPE)
        assert r["score"] == sum(t["score"] for t in r["tests"]), name
        assert sum(t["max_score"] for t in r["tests"]) == 100, name
        assert r["stdout_visibility"] == "hidden", name
        for t in r["tests"]:
            assert (t["status"] == "passed") == (t["score"] == t["max_score"]) or not t["max_score"]
            if any(secret in t["output"] for secret in SECRETS):
                assert t["visibility"] == "after_published", t
    hidden = [t for t in results["wrong"]["tests"] if t["visibility"] != "visible"]
    assert any(t["status"] == "failed" and t["output"] for t in hidden), "no hidden check fails"
    # Predictions are not answered in these trees; all else is right.
    assert all(t["status"] == "passed" or "rediction" in t["name"] or "writing" in t["name"]
               for t in results["right"]["tests"]), results["right"]
    assert results["right"]["score"] == 90 and results["wrong"]["score"] < 60
    assert results["broken"]["score"] == 0
    assert "'nowhere' undeclared" in results["broken"]["output"]
    assert "does not build" in results["broken"]["output"]
    assert not (work / "lacking.json").exists(), "a grade for what could not be graded"
    assert "could not be graded: " in (work / "lacking.out").read_text()
    assert "frame.c" in (work / "lacking.out").read_text()


def autolab():
    scores = {}
    for name in ("right", "wrong", "broken"):
        text = (work / f"{name}.out").read_text()
        assert not any(secret in text for secret in SECRETS), f"{name}: hidden checks are told"
        lines = text.splitlines()
        score = json.loads(lines[-1])
        assert set(score) == {"scores", "scoreboard"} and set(score["scores"]) == {"total"}
        assert score["scoreboard"] == [score["scores"]["total"]]
        scores[name] = score["scores"]["total"]
        shown = json.loads(lines[-2])
        assert shown["_presentation"] == "semantic" and shown["stages"] == ["Build", "Checks"]
        for stage in shown["stages"]:
            for entry in shown[stage].values():
                assert isinstance(entry["passed"], bool) and isinstance(entry.get("hint", ""), str)
        if name == "broken":
            (build,) = shown["Build"].values()
            assert not build["passed"] and "'nowhere' undeclared" in build["hint"]
        if name == "wrong":
            assert any(not e["passed"] and e["hint"] for e in shown["Checks"].values())
    assert scores["right"] == 90 and scores["wrong"] < 60 and scores["broken"] == 0, scores
    lacking = (work / "lacking.out").read_text()
    assert "could not be graded: " in lacking and "frame.c" in lacking, lacking
    assert "scores" not in lacking


globals()[platform]()
print(f"{platform} can read all of it")
