"""Tokens: which source counts, to whom they are given, and what is said where they are missing or wrong."""

from __future__ import annotations

import json
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from socialcli import credentials
from socialcli.credentials import NoTokensError, given, kept
from socialcli.errors import CredentialsError, UsageError
from socialcli.model.tokens import Tokens
from socialcli.policy.schema import Account
from tests import keyrings

SUPPORT = Account("support", "x", "NorthlineAir")
FOUR = Tokens("key-c0ffee", "secret-c0ffee", "12-token-c0ffee", "token-secret-c0ffee")
BEARER = Tokens(bearer_token="bearer-c0ffee")
OTHER = Tokens(bearer_token="other-c0ffee")


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the file; no keyring unless the test asks for one."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield tmp_path / "config" / "socialcli"
    keyring.set_keyring(before)


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file behind a keyring that works."""
    monkeypatch.setenv(keyrings.VARIABLE, str(tmp_path / "keyring.json"))
    keyring.set_keyring(keyrings.FileKeyring())  # type: ignore[no-untyped-call]
    return tmp_path / "keyring.json"


def environment(monkeypatch: pytest.MonkeyPatch, tokens: Tokens, prefix: str = "SOCIALCLI_SUPPORT_") -> None:
    for key in given.KEYS:
        if getattr(tokens, key):
            monkeypatch.setenv(prefix + key.upper(), getattr(tokens, key))


def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, name: str = "SUPPORT") -> None:
    script = tmp_path / "tokens of support.py"
    script.write_text(code, encoding="utf-8")
    monkeypatch.setenv(f"SOCIALCLI_{name}_COMMAND", f"{sys.executable} '{script}'")


# Which source counts


def test_nothing_anywhere_names_the_next_step() -> None:
    with pytest.raises(NoTokensError, match=r"no tokens for api\.x\.com") as missing:
        credentials.tokens_for(SUPPORT)
    assert missing.value.hint == "socialcli login support"


def test_the_first_source_counts(ring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = []
    kept.keep(SUPPORT, BEARER, "file")
    sources.append(credentials.find(SUPPORT).source)
    program(monkeypatch, tmp_path, "print('BEARER_TOKEN=bearer-c0ffee')")
    sources.append(credentials.find(SUPPORT).source)
    ring.write_text(json.dumps({"socialcli/support@api.x.com": '{"bearer_token": "bearer-c0ffee"}'}))
    sources.append(credentials.find(SUPPORT).source)
    environment(monkeypatch, BEARER)
    sources.append(credentials.find(SUPPORT).source)
    file = str(kept.file_path())
    assert sources == [file, "the command in SOCIALCLI_SUPPORT_COMMAND", "the keyring", "the environment"]


def test_the_accounts_own_variables_go_before_the_common_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, Tokens("common", "common", "common", "common"), "SOCIALCLI_X_")
    environment(monkeypatch, Tokens(access_token="own", access_token_secret="own"))
    assert credentials.tokens_for(SUPPORT) == Tokens("common", "common", "own", "own")


@pytest.mark.parametrize(
    ("base_url", "given_away"),
    [
        (None, True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("https://x.example", False),
    ],
)
def test_the_common_variables_go_to_x_and_this_machine_only(
    monkeypatch: pytest.MonkeyPatch, base_url: str | None, given_away: bool
) -> None:
    """A policies.toml of somebody else's may name any host."""
    monkeypatch.setenv("SOCIALCLI_X_BEARER_TOKEN", "bearer-c0ffee")
    account = Account("support", "x", "NorthlineAir", base_url=base_url)
    if given_away:
        assert credentials.tokens_for(account) == BEARER
    else:
        with pytest.raises(NoTokensError):
            credentials.find(account)
        monkeypatch.setenv("SOCIALCLI_SUPPORT_BEARER_TOKEN", "bearer-c0ffee")
        assert credentials.tokens_for(account) == BEARER


def test_the_name_of_an_account_becomes_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, BEARER, "SOCIALCLI_PRESS_UK_2_")
    assert credentials.tokens_for(Account("press-uk-2", "x", "NorthlineNews")) == BEARER


def test_white_space_around_a_token_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALCLI_SUPPORT_BEARER_TOKEN", "  bearer-c0ffee \r\n")
    monkeypatch.setenv("SOCIALCLI_SUPPORT_CONSUMER_KEY", " \n")
    assert credentials.tokens_for(SUPPORT) == BEARER


@pytest.mark.parametrize(
    "value", ["c0ffee\nX-Evil: 1", "c0ffee\x1b[2J", "c0ffée", "c0 ffee", "c0ffee" * 1000]
)
def test_what_no_token_holds_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SOCIALCLI_X_BEARER_TOKEN", value)
    with pytest.raises(CredentialsError, match="SOCIALCLI_X_BEARER_TOKEN") as refused:
        credentials.find(SUPPORT)
    assert "c0ff" not in refused.value.message


def test_a_part_of_the_four_is_told_by_the_names_of_what_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, Tokens("key-c0ffee", "", "12-token-c0ffee"))
    with pytest.raises(CredentialsError, match="the environment") as partly:
        credentials.find(SUPPORT)
    for name in ("SOCIALCLI_SUPPORT_CONSUMER_SECRET", "SOCIALCLI_SUPPORT_ACCESS_TOKEN_SECRET"):
        assert name in partly.value.message
    assert "c0ffee" not in partly.value.message


# The file


def test_the_file_is_for_its_owner_only(config: Path) -> None:
    assert kept.keep(SUPPORT, FOUR, None) == str(config / "credentials.json")
    assert stat.S_IMODE((config / "credentials.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(config.stat().st_mode) == 0o700
    assert credentials.find(SUPPORT) == credentials.Found(FOUR, str(config / "credentials.json"))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_may_read_is_refused(config: Path, mode: int) -> None:
    kept.keep(SUPPORT, FOUR, "file")
    (config / "credentials.json").chmod(mode)
    with pytest.raises(CredentialsError, match="others may read it") as refused:
        credentials.find(SUPPORT)
    assert refused.value.hint == f"chmod 600 {config / 'credentials.json'}"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '"c0ffee"', "[" * 100_000, '{"support@api.x.com": {"bearer_token": 5}}']
)
def test_a_broken_file_is_told_and_not_shown(config: Path, content: str) -> None:
    config.mkdir(parents=True)
    path = config / "credentials.json"
    path.touch(0o600)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CredentialsError, match=r"credentials\.json") as broken:
        credentials.find(SUPPORT)
    assert "c0ffee" not in broken.value.message


def test_they_are_given_to_one_account_and_one_host_only() -> None:
    kept.keep(SUPPORT, BEARER, "file")
    near = Account("support", "x", "NorthlineAir", base_url="https://API.x.com/")
    assert credentials.tokens_for(near) == BEARER
    for other in (
        Account("support", "x", "NorthlineAir", base_url="https://x.mallory.example"),
        Account("support", "x", "NorthlineAir", base_url="https://api.x.com.mallory.example"),
        Account("support", "x", "NorthlineAir", base_url="https://api.x.com:8443"),
        Account("press", "x", "NorthlineNews"),
    ):
        with pytest.raises(NoTokensError):
            credentials.find(other)


def test_accounts_stand_beside_each_other_in_the_file() -> None:
    press = Account("press", "x", "NorthlineNews")
    kept.keep(SUPPORT, BEARER, "file")
    kept.keep(press, OTHER, "file")
    assert (credentials.tokens_for(SUPPORT), credentials.tokens_for(press)) == (BEARER, OTHER)
    assert kept.forget(press) == [str(kept.file_path())]
    assert credentials.tokens_for(SUPPORT) == BEARER
    assert kept.forget(press) == []


# The keyring


def test_the_keyring_is_taken_where_there_is_one(ring: Path, config: Path) -> None:
    kept.keep(SUPPORT, OTHER, "file")
    assert kept.keep(SUPPORT, FOUR, None) == "the keyring"
    assert credentials.find(SUPPORT) == credentials.Found(FOUR, "the keyring")
    assert "c0ffee" not in (config / "credentials.json").read_text()  # kept in one place only
    kept.keep(SUPPORT, BEARER, "file")
    assert "c0ffee" not in ring.read_text()
    assert credentials.tokens_for(SUPPORT) == BEARER


def test_forget_empties_the_keyring(ring: Path) -> None:
    kept.keep(SUPPORT, FOUR, "keyring")
    assert kept.forget(SUPPORT, dry_run=True) == ["the keyring"]
    assert "c0ffee" in ring.read_text()
    assert kept.forget(SUPPORT) == ["the keyring"]
    assert "c0ffee" not in ring.read_text()


def test_a_locked_keyring_is_named_where_nothing_else_is_found(ring: Path) -> None:
    ring.mkdir()
    with pytest.raises(NoTokensError, match="the keyring cannot be read: KeyringLocked"):
        credentials.find(SUPPORT)
    with pytest.raises(UsageError, match="KeyringLocked") as refused:
        kept.keep(SUPPORT, FOUR, "keyring")
    assert "--store file" in refused.value.hint
    assert kept.keep(SUPPORT, FOUR, None) == str(kept.file_path())
    assert credentials.tokens_for(SUPPORT) == FOUR


# The command


def test_the_command_is_run_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import json, sys; print(json.dumps({'CONSUMER_KEY': sys.argv[1]} | dict.fromkeys(sys.argv[2:], 'v')))"
    program(monkeypatch, tmp_path, code, "X")
    more = " '$HOME;*' consumer_secret ACCESS_TOKEN access_token_secret"
    monkeypatch.setenv("SOCIALCLI_X_COMMAND", f"{sys.executable} '{tmp_path}/tokens of support.py'{more}")
    assert credentials.tokens_for(SUPPORT) == Tokens("$HOME;*", "v", "v", "v")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("print('c0ffee'); raise SystemExit('c0ffee')", "failed (exit 1)"),
        ("print('c0ffee')", "not KEY=VALUE"),
        ("print('c0ffee=c0ffee')", "not a key that is known"),
        ("print('{\"c0ffee\": 5}')", "a value is no text"),
        ("", "printed nothing"),
        ("print('BEARER_TOKEN=c0 ffee')", "no token has"),
    ],
)
def test_a_command_that_fails_is_named_and_its_output_is_not(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    code: str,
    words: str,
) -> None:
    program(monkeypatch, tmp_path, code)
    with pytest.raises(CredentialsError, match="SOCIALCLI_SUPPORT_COMMAND") as failed:
        credentials.find(SUPPORT)
    assert words in failed.value.message
    assert "c0ff" not in f"{failed.value.message} {failed.value.hint} {capfd.readouterr()}"


@pytest.mark.parametrize("command", ["/nowhere/tokens", "tokens 'of support"])
def test_a_command_that_is_none(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("SOCIALCLI_SUPPORT_COMMAND", command)
    with pytest.raises(CredentialsError, match="cannot be run"):
        credentials.find(SUPPORT)


def test_a_command_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one whose child holds on to its output."""
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(5)']).wait()"
    program(monkeypatch, tmp_path, child)
    monkeypatch.setattr(credentials, "_PATIENCE", 1)
    began = time.monotonic()
    with pytest.raises(CredentialsError, match="took more than 1 seconds"):
        credentials.find(SUPPORT)
    assert time.monotonic() - began < 4


# What a person gives


@pytest.mark.parametrize(
    "text",
    [
        "BEARER_TOKEN=bearer-c0ffee",
        "# from the console\n\n export SOCIALCLI_SUPPORT_BEARER_TOKEN = 'bearer-c0ffee' \r\n",
        'SOCIALCLI_X_BEARER_TOKEN="bearer-c0ffee"',
        ' {"bearer_token": " bearer-c0ffee "}',
    ],
)
def test_lines_and_json_are_read(text: str) -> None:
    assert given.parse(text, "here") == BEARER


def test_what_x_calls_them_is_read_too() -> None:
    text = "API_KEY=key-c0ffee\nAPI_KEY_SECRET=secret-c0ffee\nACCESS_TOKEN=12-token-c0ffee\nACCESS_TOKEN_SECRET=token-secret-c0ffee\n"
    assert given.parse(text, "here") == FOUR


@pytest.mark.parametrize(
    "text", ["BEARER_TOKEN", "c0ffee=1", "BEARER_TOKEN=a\n=c0ffee", '{"c0ffee": "1"}', "{c0ffee"]
)
def test_what_cannot_be_read_is_not_shown(text: str) -> None:
    with pytest.raises(CredentialsError, match="here") as refused:
        given.parse(text, "here")
    assert "c0ffee" not in f"{refused.value.message} {refused.value.hint}"
