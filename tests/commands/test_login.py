"""``login``: tokens are tried before they are kept, and stand nowhere but where they are kept."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import keyrings
from tests.conftest import Cli
from tests.e2e.staging import done, policy
from tests.e2e.test_terminal import ENTER, terminal
from tests.servers.x.network import PROJECT, XNetwork

BAG = "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!"


@pytest.fixture(scope="module")
def shared() -> Iterator[XNetwork]:
    with XNetwork() as network:
        yield network


@pytest.fixture
def network(shared: XNetwork, cli: Cli) -> XNetwork:
    """The network, and a policy with an account on it."""
    shared.calm()
    shared.forget_requests()
    account = f'name = "support"\nnetwork = "x"\nhandle = "NorthlineAir"\nbase_url = "{shared.base_url}"'
    policy(cli, f"[[accounts]]\n{account}\n")
    return shared


def lines(tokens: dict[str, str], *names: str) -> str:
    return "".join(f"{name}={tokens[name]}\n" for name in names or tokens)


def kept(cli: Cli) -> Path:
    return cli.home / "config" / "socialcli" / "credentials.json"


def with_keyring(cli: Cli) -> Path:
    """A keyring that works, and the file behind it."""
    path = cli.home / "keyring.json"
    cli.env |= {
        "PYTHONPATH": str(PROJECT),
        "PYTHON_KEYRING_BACKEND": keyrings.NAME,
        keyrings.VARIABLE: str(path),
    }
    return path


def test_they_are_tried_and_kept_and_work(cli: Cli, network: XNetwork) -> None:
    record = done(cli("login", "support", "--from", "-", "--json", input=lines(network.credentials()))).record
    assert set(record) == {"type", "what", "state", "detail", "next"}
    assert (record["type"], record["state"], record["next"]) == ("health", "ok", "socialcli doctor")
    assert "@NorthlineAir" in record["detail"]
    assert str(kept(cli)) in record["detail"]
    assert stat.S_IMODE(kept(cli).stat().st_mode) == 0o600
    (health,) = [one for one in done(cli("doctor", "--json")).records if one["what"].startswith("account")]
    assert health["state"] == "ok"
    assert "@NorthlineAir" in health["detail"]
    assert str(kept(cli)) in health["detail"]


def test_json_in_a_file_and_the_only_account_on_x(cli: Cli, network: XNetwork) -> None:
    file = cli.workspace / "tokens.json"
    file.write_text(json.dumps(network.credentials()), encoding="utf-8")
    assert done(cli("login", "--from", file, "--store", "file", "--json")).record["state"] == "ok"


def test_a_bearer_token_alone_reads(cli: Cli, network: XNetwork) -> None:
    run = done(cli("login", "--from", "-", "--json", input=lines(network.credentials(), "BEARER_TOKEN")))
    assert "read" in run.record["detail"]
    assert [one.auth for one in network.requests()] == ["bearer"]


def test_a_dry_run_tries_them_and_keeps_nothing(cli: Cli, network: XNetwork) -> None:
    run = done(cli("login", "--from", "-", "--dry-run", input=lines(network.credentials())))
    assert "not kept" in run.out
    assert network.requests("GET users/me")
    assert not kept(cli).exists()


def test_those_of_somebody_else_are_refused_by_name(cli: Cli, network: XNetwork) -> None:
    network.user("NorthlineNews")
    tokens = lines(network.credentials("NorthlineNews"))
    run = cli("login", "support", "--from", "-", "--json", input=tokens)
    assert (run.code, run.out) == (4, "")
    assert "@NorthlineAir" in run.error["message"]
    assert "@NorthlineNews" in run.error["message"]
    assert not kept(cli).exists()


def test_those_that_x_does_not_know_are_refused(cli: Cli, network: XNetwork) -> None:
    network.fault("GET users/me", "401")
    run = cli("login", "--from", "-", "--json", input=lines(network.credentials()))
    assert (run.code, run.error["code"]) == (4, 4)
    assert "401" in run.error["message"]
    assert "nothing was kept" in run.error["message"]
    assert not kept(cli).exists()


def test_where_x_does_not_answer_nothing_is_kept(cli: Cli, network: XNetwork) -> None:
    network.fault("GET users/me", "503", 3)
    assert cli("login", "--from", "-", input=lines(network.credentials())).code == 75
    assert not kept(cli).exists()


def test_a_part_of_them_is_told_before_anything_is_asked(cli: Cli, network: XNetwork) -> None:
    given = lines(network.credentials(), "CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN")
    run = cli("login", "--from", "-", "--json", input=given)
    assert run.code == 4
    assert "lacks ACCESS_TOKEN_SECRET" in run.error["message"]
    assert not network.requests()


def test_forget_removes_them(cli: Cli, network: XNetwork) -> None:
    done(cli("login", "--from", "-", input=lines(network.credentials())))
    assert "would remove" in done(cli("login", "--forget", "--dry-run")).out
    assert network.credentials()["ACCESS_TOKEN"] in kept(cli).read_text()
    assert str(kept(cli)) in done(cli("login", "--forget")).out
    assert network.credentials()["ACCESS_TOKEN"] not in kept(cli).read_text()
    assert "nothing was kept" in done(cli("login", "support", "--forget")).out
    run = cli("fetch", "--account", "support", "--json")
    assert run.code in {4, 8}
    assert "socialcli login support" in run.err


def test_the_keyring_comes_first(cli: Cli, network: XNetwork) -> None:
    ring = with_keyring(cli)
    assert "kept in the keyring" in done(cli("login", "--from", "-", input=lines(network.credentials()))).out
    assert network.credentials()["ACCESS_TOKEN"] in ring.read_text()
    assert not kept(cli).exists()
    assert "tokens from the keyring" in done(cli("doctor")).out


def test_a_keyring_that_is_not_there_is_said(cli: Cli, network: XNetwork) -> None:
    run = cli("login", "--from", "-", "--store", "keyring", "--json", input=lines(network.credentials()))
    assert run.code == 2
    assert "--store file" in run.error["hint"]


def test_what_goes_before_the_kept_ones_is_said(cli: Cli, network: XNetwork) -> None:
    env = {"SOCIALCLI_SUPPORT_BEARER_TOKEN": "another"}
    run = done(cli("login", "--from", "-", input=lines(network.credentials()), env=env))
    assert "the environment goes before" in run.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("login",), "no terminal"),
        (("login", "--from", "nowhere.txt"), "nowhere.txt"),
        (("login", "files", "--from", "-"), "takes no login"),
        (("login", "--forget", "--store", "file"), "--forget"),
    ],
)
def test_what_cannot_be_meant_is_told(
    cli: Cli, network: XNetwork, arguments: tuple[str, ...], words: str
) -> None:
    path = cli.workspace / "policies.toml"
    files = '[[accounts]]\nname = "files"\nnetwork = "file"\nhandle = "NorthlineAir"\n'
    path.write_text(path.read_text() + files, encoding="utf-8")
    run = cli(*arguments, "--json")
    assert run.code == 2
    assert words in run.error["message"]
    assert not network.requests()


def test_a_person_is_asked_and_nothing_typed_is_shown(cli: Cli, network: XNetwork) -> None:
    tokens = network.credentials()
    with terminal(cli, "login", "support") as shown:
        for question, name in (
            ("API key (", "CONSUMER_KEY"),
            ("API key secret", "CONSUMER_SECRET"),
            ("Access token:", "ACCESS_TOKEN"),
            ("Access token secret", "ACCESS_TOKEN_SECRET"),
        ):
            shown.until(question)
            shown.type(tokens[name] + ENTER)
        shown.until("Bearer token")
        shown.type(ENTER)
        assert shown.end() == 0, shown.lines
        assert not [name for name, token in tokens.items() if token in shown.written]
        assert "@NorthlineAir" in shown.written
    assert tokens["ACCESS_TOKEN_SECRET"] in kept(cli).read_text()


# Doctor


def state_of_account(cli: Cli, code: int) -> tuple[str, str, str]:
    run = cli("doctor", "--json")
    assert run.code == code, run.err
    (health,) = [one for one in run.records if one["what"].startswith("account support (")]
    return health["state"], health["detail"], health["next"]


def test_doctor_without_tokens(cli: Cli, network: XNetwork) -> None:
    state, detail, following = state_of_account(cli, 4)
    assert (state, following) == ("missing", "socialcli login support")
    assert "no tokens" in detail
    assert not network.requests()


def test_doctor_with_a_part_of_them(cli: Cli, network: XNetwork) -> None:
    cli.env |= network.env("support", names=["CONSUMER_KEY"])
    state, detail, _ = state_of_account(cli, 4)
    assert state == "broken"
    assert "SOCIALCLI_SUPPORT_ACCESS_TOKEN_SECRET" in detail


def test_doctor_with_tokens_that_are_not_taken(cli: Cli, network: XNetwork) -> None:
    cli.env |= network.env("support")
    network.fault("GET users/me", "401")
    state, detail, following = state_of_account(cli, 4)
    assert (state, following) == ("broken", "socialcli login support")
    assert "401" in detail


def test_doctor_does_not_blame_the_tokens_for_the_weather(cli: Cli, network: XNetwork) -> None:
    cli.env |= network.env("support")
    network.fault("GET users/me", "429")
    state, detail, following = state_of_account(cli, 0)
    assert state == "missing"
    assert "not tried" in detail
    assert following


def test_doctor_tells_what_the_month_has_cost(cli: Cli, network: XNetwork) -> None:
    cli.env |= network.env("support")
    network.write("cust1", BAG, at="2026-11-20T10:00:00Z")
    done(cli("fetch"))
    costs = [one for one in done(cli("doctor", "--json")).records if one["what"] == "account support: cost"]
    (cost,) = costs
    assert cost["state"] == "ok"
    assert "USD this month" in cost["detail"]


# Secrets


def test_no_token_stands_in_anything_that_a_run_writes(cli: Cli, network: XNetwork, tmp_path: Path) -> None:
    """Streams, workspace, home, traces; with every way of going wrong."""
    traces = tmp_path / "traces"
    traces.mkdir()
    cli.env |= network.env("support") | {"TMPDIR": str(traces)}
    network.write("cust2", BAG)
    runs = [cli(*more) for more in (("-v", "doctor"), ("-v", "fetch", "--json"), ("-v", "triage"), ("log",))]
    for fault in ("401", "429-garbage", "list-body", "truncated", "redirect"):
        network.fault("GET *", fault, 3)
        runs.append(cli("-v", "fetch"))
        network.calm()
    network.fault("GET *", "403")
    runs.append(cli("-v", "login", "--from", "-", "--dry-run", input=lines(network.credentials())))
    broken = lines(network.credentials()).replace("CONSUMER_KEY", "CONSUMER KEY")
    runs.append(cli("-v", "login", "--from", "-", input=broken))
    runs.append(
        cli("login", "--json", "--from", "-", input=lines(network.credentials()).replace("=", " = a "))
    )
    written = [run.out + run.err for run in runs]
    for folder in (cli.workspace, cli.home, traces):
        written += [path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file()]
    assert len(network.requests()) > 10
    assert any("@cust2" in text or "cust2" in text for text in written)
    for secret in network.credentials().values():
        assert not [text for text in written if secret in text]


def test_light_commands_load_no_network(cli: Cli, network: XNetwork) -> None:
    """An account on X costs `list` and `doctor --help` nothing."""
    del network
    code = (
        "import sys; from socialcli.cli import run; run(sys.argv[1:]); "
        "heavy = {'tweepy', 'requests', 'urllib3', 'keyring', 'stamina', 'questionary'} & set(sys.modules); "
        "sys.exit(','.join(sorted(heavy)) or None)"
    )
    for arguments in (["--help"], ["login", "--help"], ["-w", str(cli.workspace), "list"]):
        run = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=os.environ | cli.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, (arguments, run.stderr)
