"""``lint --format sarif`` against the parts of SARIF 2.1.0 that its readers need, typed out by hand."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import Cli

# Object -> the properties it must have, those it may have of what we write.
REQUIRED: dict[str, set[str]] = {
    "log": {"version", "runs"},
    "run": {"tool", "results"},
    "tool": {"driver"},
    "driver": {"name", "rules"},
    "rule": {"id", "shortDescription"},
    "result": {"message", "ruleId", "ruleIndex", "level", "locations"},
    "physicalLocation": {"artifactLocation", "region"},
}
MORE: dict[str, set[str]] = {
    "log": {"$schema"},
    "run": {"columnKind"},
    "tool": set(),
    "driver": {"semanticVersion"},
    "rule": {"help", "defaultConfiguration"},
    "result": set(),
    "physicalLocation": set(),
}
REGION = {"startLine", "startColumn", "endLine", "endColumn", "charOffset", "charLength"}
LEVELS = {"none", "note", "warning", "error"}


def _keeps_to(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    assert set(value) >= REQUIRED[kind], kind
    assert set(value) <= REQUIRED[kind] | MORE[kind], kind
    return value


def _results(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of a document that keeps to the schema."""
    _keeps_to("log", document)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    _keeps_to("run", run)
    assert run["columnKind"] == "unicodeCodePoints"
    driver = _keeps_to("driver", _keeps_to("tool", run["tool"])["driver"])
    names = [_keeps_to("rule", rule)["id"] for rule in driver["rules"]]
    assert len(set(names)) == len(names)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule.get("defaultConfiguration", {"level": "error"})["level"] in LEVELS
    for result in run["results"]:
        _keeps_to("result", result)
        assert result["message"]["text"]
        assert result["level"] in LEVELS
        assert names[result["ruleIndex"]] == result["ruleId"]
        for location in result["locations"]:
            _region(_keeps_to("physicalLocation", location["physicalLocation"]))
    results: list[dict[str, Any]] = run["results"]
    return results


def _region(place: dict[str, Any]) -> None:
    assert place["artifactLocation"]["uri"]
    region = place["region"]
    assert set(region) <= REGION
    assert region["startLine"] >= 1
    assert region.get("startColumn", 1) >= 1
    assert region.get("charOffset", 0) >= 0


def test_findings_in_a_file(cli: Cli) -> None:
    text = "Hej 🛫 Marta,\nWeâ€™re at the gate."
    (cli.workspace / "ünder way.txt").write_text(text, encoding="utf-8")
    run = cli("lint", "ünder way.txt", "--format", "sarif")
    assert run.code == 3
    encoding, signoff = _results(json.loads(run.out))
    assert (encoding["ruleId"], encoding["level"]) == ("text/encoding", "warning")
    place = encoding["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "%C3%BCnder%20way.txt", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {
        "startLine": 2,
        "startColumn": 3,
        "endLine": 2,
        "endColumn": 6,
        "charOffset": text.index("â"),
        "charLength": 3,
    }
    assert (signoff["ruleId"], signoff["level"]) == ("signoff/missing", "error")


def test_findings_in_records_and_on_the_command_line(cli: Cli) -> None:
    (record,) = _results(json.loads(cli("lint", "--records", "--format", "sarif", input='{"text":1}\n').out))
    assert record["ruleId"] == "record/invalid"
    assert record["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "stdin"}
    (text,) = _results(json.loads(cli("lint", "--text", "Hello", "--format", "sarif").out))
    assert (text["ruleId"], text["locations"]) == ("signoff/missing", [])
    assert _results(json.loads(cli("lint", "--text", "Hello ^SB", "--format", "sarif").out)) == []


def test_findings_in_templates_of_the_workspace_and_of_the_program(cli: Cli) -> None:
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    head = '+++\ntitle = "Open"\nallow = {"tone/shouting" = "glad", "tone/odd" = "glad"}\n+++\n'
    (folder / "open.j2").write_text(f"{head}Gate B is open!!!!\n", encoding="utf-8")
    (cli.workspace / "policies.toml").write_text("[reply]\nsoft_length = 60\n", encoding="utf-8")
    results = _results(json.loads(cli("lint", "--templates", "--format", "sarif").out))
    ours = [
        one for one in results if one["locations"][0]["physicalLocation"]["artifactLocation"].get("uriBaseId")
    ]
    assert [(one["ruleId"], one["level"]) for one in ours] == [
        ("tone/shouting", "note"),
        ("allow/unknown", "warning"),
    ]
    regions = [one["locations"][0]["physicalLocation"]["region"] for one in ours]
    assert regions == [{"startLine": 5, "startColumn": 15}, {"startLine": 3}]
    theirs = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results} - {
        "templates/replies/open.j2"
    }
    assert theirs
    assert all(uri.startswith("file:///") for uri in theirs)
