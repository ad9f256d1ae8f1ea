#!/usr/bin/python3
"""Are the files for editors right? .vscode and .devcontainer: each is JSON, and what it calls
exists: commands of ./quire and their options, CMake presets, tasks, inputs, files.

    editors.py TREE
"""

import json
import re
import subprocess
import sys
from pathlib import Path

root = Path(sys.argv[1]).resolve()
wrong = []


def check(good, text):
    if not good:
        wrong.append(text)


def load(path):
    try:
        return json.loads((root / path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        wrong.append("%s: %s" % (path, error))
        return {}


def check_command(where, line, inputs=()):
    """A shell command of several parts: each is ./quire with a command that it has, or cmake."""
    for name in re.findall(r"\$\{input:(\w+)\}", line):
        check(name in inputs, "%s asks for %s, which is no input" % (where, name))
    for part in line.split("&&"):
        words = part.split()
        if words[0] == "./quire":
            check(words[1] in commands, "%s: ./quire has no command %s" % (where, words[1]))
        elif words[:2] == ["cmake", "--preset"]:
            check(words[2] in presets, "%s: no preset %s" % (where, words[2]))
            continue
        else:
            check(words[:2] == ["cmake", "--build"] and words[2].split("/")[1] in presets,
                  "%s: unknown command %s" % (where, part))
            continue
        for option in re.findall(r"(?<= )--?[a-z][a-z-]*", part):
            check(option in sources, "%s: no tool knows %s" % (where, option))


def check_path(where, text):
    for path in re.findall(r"\$\{workspaceFolder\}/([\w./-]+)", text):
        check(path.startswith("build/") or (root / path).exists(), "%s: no %s" % (where, path))


usage = subprocess.run([root / "quire", "--help"], capture_output=True, text=True, check=True).stdout
commands = set(re.findall(r"^  ([a-z-]+)(?= )", usage, re.M))
presets = {preset["name"] for preset in load("CMakePresets.json")["configurePresets"]}
sources = (root / "quire").read_text() + "".join(
    file.read_text() for file in root.glob("tools/**/*") if file.suffix in (".c", ".txt"))

tasks = load(".vscode/tasks.json")
inputs = {item["id"] for item in tasks.get("inputs", [])}
labels = [task["label"] for task in tasks.get("tasks", [])]
check(labels and len(labels) == len(set(labels)), "tasks.json: no tasks, or two of one name")
for task in tasks.get("tasks", []):
    check_command("tasks.json, " + task["label"], task["command"], inputs)

configurations = load(".vscode/launch.json").get("configurations", [])
check(configurations, "launch.json: no configuration")
for launch in configurations:
    check(launch["preLaunchTask"] in labels, "launch.json: no task " + launch["preLaunchTask"])
    check_path("launch.json", json.dumps(launch))
    server = launch["miDebuggerServerAddress"].replace("${workspaceFolder}/", "")
    before = next((t for t in tasks["tasks"] if t["label"] == launch["preLaunchTask"]), {})
    check("--server %s " % server in before.get("command", ""), "launch.json: another socket")
    ends = before.get("problemMatcher", {}).get("background", {}).get("endsPattern", "^$")
    said = (root / "tools/run/debugger.c").read_text()
    check(re.search(ends.replace("^quire: ", ""), said), "tasks.json: nobody says " + ends)

container = load(".devcontainer/devcontainer.json")
known = {"name", "image", "onCreateCommand", "postCreateCommand", "customizations", "remoteUser"}
check(set(container) <= known, "devcontainer.json: unknown %s" % (set(container) - known))
check(re.search(r"bookworm|debian:12", container.get("image", "")), "devcontainer.json: no Debian 12")
check_command("devcontainer.json", container.get("onCreateCommand", "nothing"))
load(".vscode/extensions.json")

print("\n".join(wrong + ["editors: %d tasks, %d things wrong" % (len(labels), len(wrong))]))
sys.exit(1 if wrong else 0)
