"""Who we are: asked once, kept without a secret, asked again when anything changed."""

from __future__ import annotations

import stat

import pytest

from socialcli.errors import CredentialsError
from tests.channels.x.conftest import Desk, fetched


def asked(desk: Desk) -> int:
    return len(desk.network.requests("GET users/me")) + len(desk.network.requests("GET users/by"))


def test_asked_once(desk: Desk) -> None:
    fetched(desk.channel())
    fetched(desk.channel())
    assert asked(desk) == 1


def test_what_is_kept_holds_no_secret_and_is_ours_alone(desk: Desk) -> None:
    fetched(desk.channel())
    kept = desk.folder / "x-support.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for path in desk.folder.rglob("*"):
        content = path.read_text()
        assert not [one for one in desk.network.secrets() if one in content]


def test_other_tokens_are_asked_again(desk: Desk) -> None:
    fetched(desk.channel())
    fetched(desk.reader())
    assert asked(desk) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"key": 7}', b"\xff"])
def test_a_file_that_cannot_be_used_is_made_again(desk: Desk, content: bytes) -> None:
    fetched(desk.channel())
    (desk.folder / "x-support.json").write_bytes(content)
    fetched(desk.channel())
    fetched(desk.channel())
    assert asked(desk) == 2


def test_a_folder_that_cannot_be_written(desk: Desk) -> None:
    desk.folder.write_text("a file where the folder should be")
    fetched(desk.channel())
    assert asked(desk) == 1


def test_the_handle_in_any_case(desk: Desk) -> None:
    assert "@NorthlineAir" in desk.channel(handle="northlineair").check_login()


def test_tokens_of_somebody_else(desk: Desk) -> None:
    with pytest.raises(CredentialsError, match=r"@NorthlinePress, but .* @NorthlineAir"):
        desk.channel(handle="NorthlinePress").check_login()


def test_a_handle_that_x_does_not_know(desk: Desk) -> None:
    with pytest.raises(CredentialsError, match=r"@NobodyHere"):
        desk.reader(handle="NobodyHere").check_login()


def test_a_login_is_checked_with_the_network(desk: Desk) -> None:
    both = desk.channel().check_login()
    assert both == f"logged in as @NorthlineAir (id {desk.network.brand.id})"
    assert "only read" in desk.reader().check_login()
    desk.network.fault("GET users/me", "401")
    with pytest.raises(CredentialsError):
        desk.channel().check_login()
