"""A conversation is handed on by mail, to a program, into a folder: once, and nothing is lost whatever fails."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from tests import keyrings
from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, TWO_AGENTS, done, journal, message, one_line, policy, queued
from tests.handing_desk import PRIVATE, documents, events, hand, with_login, with_mail, with_program
from tests.outside.desk import script
from tests.servers import mail

KEYS = {
    "type", "id", "ticket", "to", "way", "where", "format", "private", "note", "state", "at", "by", "reason",
    "message_id", "question",
}  # fmt: skip


# ---------------------------------------------------------------------------------------------------- by mail


def test_a_mail_goes_out_once_and_is_told_everywhere(cli: Cli) -> None:
    ticket = queued(cli, message(text=PRIVATE))
    with mail.post_office() as post:
        with_mail(cli, post.port)
        first = done(hand(cli, ticket, "baggage", "--note", "Please trace it.")).record
        again = hand(cli, ticket, "baggage", "--note", "Please trace it.")
    assert first.keys() == KEYS
    assert (first["state"], first["to"], first["way"], first["where"]) == (
        "sent", "baggage", "smtp", "bags@partner.example",
    )  # fmt: skip
    assert (done(again).record, len(post.mails)) == (first, 1)
    assert "handed on before" in again.err
    (letter,) = post.letters
    assert (letter["To"], letter["Message-ID"]) == ("bags@partner.example", first["message_id"])
    assert ticket in letter["Subject"]
    assert str(letter["From"]) == "Northline Air <help@northline.example>"
    text = letter.get_body().get_content()  # type: ignore[union-attr]
    assert text.startswith("Please trace it.")
    assert "my bag never arrived" in text
    assert "jo.doe@example.com" not in text
    (attached,) = letter.iter_attachments()
    assert json.loads(attached.get_content())["ticket"]["id"] == ticket
    assert "jo.doe@example.com" not in attached.get_content().decode()
    (told,) = [one for one in done(cli("show", ticket, "--json")).records if one["type"] == "handoff"]
    assert told == first
    assert "handed on to baggage (smtp: bags@partner.example): sent" in done(cli("show", ticket)).out
    assert [one["event"] for one in events(cli, "handoff", "handed")] == ["handoff", "handed"]
    assert "Please trace it." in done(cli("log", ticket)).out


def test_private_data_goes_along_only_where_it_is_asked_for(cli: Cli) -> None:
    ticket = queued(cli, message(text=PRIVATE))
    with mail.post_office() as post:
        with_mail(cli, post.port)
        masked = done(hand(cli, ticket)).record
        full = done(hand(cli, ticket, "baggage", "--private")).record
    assert masked["id"] != full["id"]
    bodies = [one.get_body().get_content() for one in post.letters]  # type: ignore[union-attr]
    assert ["jo.doe@example.com" in one for one in bodies] == [False, True]


def test_what_was_said_since_makes_another_one_of_it(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port)
        first = done(hand(cli, ticket)).record
        row = message("m2", "It is a blue one", created_at="2026-11-20T10:05:30Z", in_reply_to="m1")
        cli.write("inbox.jsonl", message(), row)
        done(cli("fetch", now=LATER))
        second = done(hand(cli, ticket)).record
    assert first["id"] != second["id"]
    assert len(post.mails) == 2
    assert "It is a blue one" in post.letters[1].get_body().get_content()  # type: ignore[union-attr]


def test_again_sends_it_anew_under_the_same_message_id(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port)
        done(hand(cli, ticket))
        done(hand(cli, ticket, "baggage", "--again"))
    first, second = post.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_a_dry_run_and_a_missing_yes_send_and_write_nothing(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port)
        planned = done(hand(cli, ticket, "baggage", "--dry-run")).record
        bare = cli("move-offline", ticket, "--hand-to", "baggage", "--as", "sb", now=LATER)
    assert (planned["state"], planned["at"], planned["message_id"][:11]) == ("planned", None, "<socialcli.")
    assert (bare.code, one_line(bare)[0]) == (2, "handing on needs a yes")
    assert (post.mails, journal(cli)) == ([], before)


def test_a_login_over_starttls_with_a_checked_certificate(cli: Cli, tmp_path: Path) -> None:
    made = mail.certificate(tmp_path)
    if made is None:
        pytest.skip("nothing here can make a certificate: no openssl")
    ticket = queued(cli)
    trusting = {"SSL_CERT_FILE": str(made), "SOCIALCLI_MAIL_PASSWORD": mail.PASSWORD}
    with mail.post_office(login=True, certificate=made) as post:
        with_login(cli, post.port, host="localhost", security="starttls")
        doubting = hand(cli, ticket, env={"SOCIALCLI_MAIL_PASSWORD": mail.PASSWORD})
        assert (doubting.code, post.logins) == (1, 0)
        assert "its certificate is not trusted" in doubting.error["message"]
        sent = done(hand(cli, ticket, env=trusting)).record
    assert (sent["state"], post.tls, post.logins) == ("sent", [True], 1)
    everything = journal(cli) + b"".join(
        one.read_bytes() for one in cli.workspace.rglob("*") if one.is_file()
    )
    assert mail.PASSWORD.encode() not in everything


def test_tls_from_the_start(cli: Cli, tmp_path: Path) -> None:
    made = mail.certificate(tmp_path)
    if made is None:
        pytest.skip("nothing here can make a certificate: no openssl")
    ticket = queued(cli)
    with mail.post_office(certificate=made, from_the_start=True) as post:
        with_mail(cli, post.port, host="localhost", security="tls")
        doubting = hand(cli, ticket)
        assert (doubting.code, post.mails) == (1, [])
        assert done(hand(cli, ticket, env={"SSL_CERT_FILE": str(made)})).record["state"] == "sent"
    assert len(post.mails) == 1


def test_without_starttls_nothing_is_said_in_the_clear(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port, security="starttls")
        run = hand(cli, ticket)
    assert (run.code, post.mails) == (1, [])
    assert "cannot do what is asked of it" in run.error["message"]


def test_a_password_from_the_file_that_only_we_may_read(cli: Cli) -> None:
    ticket = queued(cli)
    kept = cli.home / "config" / "socialcli" / "credentials.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({f"mail:{mail.USER}@127.0.0.1": {"password": mail.PASSWORD}}))
    kept.chmod(0o644)
    with mail.post_office(login=True) as post:
        with_login(cli, post.port)
        assert hand(cli, ticket).code == 4
        kept.chmod(0o600)
        assert done(hand(cli, ticket)).record["state"] == "sent"
    assert len(post.mails) == 1


def test_login_tries_the_password_and_keeps_it(cli: Cli) -> None:
    ticket = queued(cli)
    kept = cli.home / "config" / "socialcli" / "credentials.json"
    with mail.post_office(login=True) as post:
        with_login(cli, post.port)
        assert cli("login", "--mail", "--from", "-", input="wrong one\n").code == 4
        assert not kept.exists()
        tried = done(cli("login", "--mail", "--from", "-", "--dry-run", input=mail.PASSWORD))
        assert "not kept" in tried.out
        assert not kept.exists()
        done(cli("login", "--mail", "--from", "-", input=f"{mail.PASSWORD}\n"))
        assert kept.stat().st_mode & 0o077 == 0
        assert done(hand(cli, ticket)).record["state"] == "sent"
        assert mail.PASSWORD not in tried.out + tried.err
        assert "removed from" in done(cli("login", "--mail", "--forget")).out
        assert hand(cli, ticket, "baggage", "--again").code == 4
    assert cli("login", "--mail", "support", "--from", "-", input="x").code == 2
    with_mail(cli, post.port)
    assert cli("login", "--mail", "--from", "-", input="x").code == 2  # the server asks for none


def test_login_keeps_the_password_in_the_keyring_where_there_is_one(cli: Cli, tmp_path: Path) -> None:
    ticket = queued(cli)
    ring = tmp_path / "ring.json"
    env = {
        "PYTHON_KEYRING_BACKEND": keyrings.NAME,
        keyrings.VARIABLE: str(ring),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with mail.post_office(login=True) as post:
        with_login(cli, post.port)
        done(cli("login", "--mail", "--from", "-", input=mail.PASSWORD, env=env))
        assert json.loads(ring.read_text()) == {f"socialcli/mail:{mail.USER}@127.0.0.1": mail.PASSWORD}
        assert done(hand(cli, ticket, env=env)).record["state"] == "sent"
        with_login(cli, post.port, host="localhost")  # another host is given none of it
        assert hand(cli, ticket, "baggage", "--again", env=env).code == 4
        with_login(cli, post.port)
        assert "removed from the keyring" in done(cli("login", "--mail", "--forget", env=env)).out
    assert json.loads(ring.read_text()) == {}


def test_a_wrong_or_missing_password_is_exit_4_and_told_nowhere(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    with mail.post_office(login=True) as post:
        with_login(cli, post.port)
        missing = hand(cli, ticket)
        assert (missing.code, journal(cli)) == (4, before)
        assert "SOCIALCLI_MAIL_PASSWORD" in missing.error["hint"]
        wrong = hand(cli, ticket, env={"SOCIALCLI_MAIL_PASSWORD": "not-this-one"})
    assert (wrong.code, wrong.record["state"], post.mails) == (4, "failed", [])
    assert "not-this-one" not in wrong.out + wrong.err + journal(cli).decode()


def test_a_server_that_says_the_password_back_is_not_repeated(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office(login=True) as post:
        with_login(cli, post.port)
        post.answers["MAIL"] = ["550 hunter2hunter2 may not send \x1b[31m"]
        env = {"SOCIALCLI_MAIL_PASSWORD": mail.PASSWORD}
        run = hand(cli, ticket, env=env)
        post.answers["MAIL"] = [f"550 {mail.PASSWORD} is weak"]
        told = hand(cli, ticket, env=env)
    assert "\x1b" not in run.err + journal(cli).decode()
    assert mail.PASSWORD not in told.err + told.out + journal(cli).decode()
    assert "550 ... is weak" in told.error["message"]


def test_a_server_that_says_the_whole_login_back_is_not_repeated(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.rogue(mail.says_logins_back) as port:
        with_login(cli, port)
        run = hand(cli, ticket, env={"SOCIALCLI_MAIL_PASSWORD": mail.PASSWORD})
    assert run.code == 4
    assert "535 no: AUTH PLAIN ..." in run.error["message"]
    said = b64encode(f"\0{mail.USER}\0{mail.PASSWORD}".encode()).decode()
    assert said not in run.err + run.out + journal(cli).decode()


def test_a_password_that_cannot_be_sent_is_told_and_nothing_is_left_unknown(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office(login=True) as post:
        with_login(cli, post.port)
        run = hand(cli, ticket, env={"SOCIALCLI_MAIL_PASSWORD": "p\u00e4ssword"})
        assert (run.code, run.record["state"], post.mails) == (4, "failed", [])
        assert "other letters than those of ASCII" in run.error["message"]
        tried = cli("login", "--mail", "--from", "-", input="p\u00e4ssword\n")
        assert tried.code == 4
        assert "p\u00e4ssword" not in run.err + run.out + tried.err + tried.out + journal(cli).decode()
        right = {"SOCIALCLI_MAIL_PASSWORD": mail.PASSWORD}
        assert done(hand(cli, ticket, env=right)).record["state"] == "sent"


@pytest.mark.parametrize(
    ("stage", "answer", "code", "why"),
    [
        ("RCPT", "450 greylisted, come back in a minute", 75, "450 greylisted, come back in a minute"),
        ("MAIL", "421 too busy", 75, "421 too busy"),
        ("DATA", "452 disk full", 75, "452 disk full"),
        ("RCPT", "550 no such user here", 1, "bags@partner.example: 550 no such user here"),
        ("DATA", "554 5.7.1 looks like spam", 1, "554 5.7.1 looks like spam"),
    ],
)
def test_a_server_that_says_no_loses_nothing(cli: Cli, stage: str, answer: str, code: int, why: str) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port)
        post.answers[stage] = [answer]
        refused = hand(cli, ticket)
        assert (refused.code, refused.record["state"], post.mails) == (code, "failed", [])
        assert why in refused.error["message"]
        assert why in refused.record["reason"]
        sent = done(hand(cli, ticket)).record  # the next time it goes through
    assert (sent["state"], sent["id"], len(post.mails)) == ("sent", refused.record["id"], 1)


def test_where_one_address_is_refused_nobody_gets_it(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port, to="bags@partner.example, gone@partner.example")
        post.answers["RCPT gone@partner.example"] = ["550 unknown"]
        refused = hand(cli, ticket)
        assert (refused.code, post.mails) == (1, [])
        assert "gone@partner.example: 550 unknown" in refused.error["message"]
        done(hand(cli, ticket))
    assert post.to == [["bags@partner.example", "gone@partner.example"]]


@pytest.mark.parametrize("act", [mail.silent, mail.hangs_up, mail.drips])
def test_a_server_that_misbehaves_before_the_mail_is_temporary(cli: Cli, act: mail.Act) -> None:
    ticket = queued(cli)
    with mail.rogue(act) as port:
        with_mail(cli, port, timeout="1s")
        run = hand(cli, ticket)
    assert (run.code, run.record["state"]) == (75, "failed")
    assert run.error["message"].startswith(f"mail server 127.0.0.1:{port}: ")
    with mail.post_office() as post:
        with_mail(cli, post.port)
        assert done(hand(cli, ticket)).record["state"] == "sent"
    assert len(post.mails) == 1


def test_a_server_that_is_down_is_temporary(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.rogue(mail.hangs_up) as port:
        pass
    with_mail(cli, port)
    run = hand(cli, ticket)
    assert (run.code, run.error["message"]) == (75, f"mail server 127.0.0.1:{port}: nobody answers there")


@pytest.mark.parametrize(
    ("act", "limit"),
    [
        (mail.dies_after_the_mail, "60s"),
        (mail.nonsense_after_the_mail, "60s"),
        (mail.silent_after_the_mail, "4s"),
    ],
)
def test_silence_after_the_mail_is_unknown_and_never_sent_blindly(
    cli: Cli, act: mail.Act, limit: str
) -> None:
    ticket = queued(cli)
    with mail.rogue(act) as port:
        with_mail(cli, port, timeout=limit)
        run = hand(cli, ticket)
    assert (run.code, run.record["state"]) == (75, "unknown")
    with mail.post_office() as post:
        with_mail(cli, post.port)
        before = journal(cli)
        again = hand(cli, ticket)
        assert (again.code, again.record["state"]) == (75, "unknown")
        assert "--again" in again.error["hint"]
        assert (post.mails, journal(cli)) == ([], before)
        assert done(hand(cli, ticket, "baggage", "--again")).record["state"] == "sent"
    assert post.letters[0]["Message-ID"] == run.record["message_id"]


# ------------------------------------------------------------------------------------------------------ killed


@pytest.mark.parametrize(
    ("point", "mails", "state"),
    [("handoff:intended", 0, "unknown"), ("handoff:accepted", 1, "unknown"), ("handoff:received", 1, "sent")],
)
def test_killed_between_intent_and_receipt(cli: Cli, point: str, mails: int, state: str) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port)
        assert hand(cli, ticket, env={"SOCIALCLI_FAIL_POINT": point}).code == -9
        assert len(post.mails) == mails
        run = hand(cli, ticket)
        assert (run.record["state"], run.code) == (state, 75 if state == "unknown" else 0)
        assert len(post.mails) == mails
        done(hand(cli, ticket, "baggage", *(["--again"] if state == "unknown" else [])))
    assert len({one["Message-ID"] for one in post.letters}) == 1


@pytest.mark.parametrize(
    "point",
    [f"handoff-file:{name}" for name in ("before", "half", "written", "synced", "linked")]
    + ["handoff:intended", "handoff:accepted", "handoff:received"],
)
def test_a_file_is_there_once_and_whole_whatever_was_killed(cli: Cli, point: str) -> None:
    ticket = queued(cli)
    env = {"SOCIALCLI_FAIL_POINT": point}
    assert hand(cli, ticket, "folder", "--format", "json", env=env).code == -9
    run = done(hand(cli, ticket, "folder", "--format", "json"))
    assert run.record["state"] == "sent"
    (document,) = [one for one in documents(cli) if not one.name.startswith(".")]
    assert cli.workspace / run.record["where"] == document
    assert json.loads(document.read_text())["ticket"]["id"] == ticket


@pytest.mark.parametrize("point", ["before", "half", "written", "linked"])
def test_a_full_disk_writes_no_half_file(cli: Cli, point: str) -> None:
    ticket = queued(cli)
    run = hand(cli, ticket, "folder", env={"SOCIALCLI_FAIL_POINT": f"handoff-file:{point}=ENOSPC"})
    assert (run.code, run.record["state"], documents(cli)) == (1, "failed", [])
    assert "the disk is full" in run.error["message"]
    assert done(hand(cli, ticket, "folder")).record["state"] == "sent"


# ------------------------------------------------------------------------------------------ folder and program


def test_a_file_never_takes_the_place_of_another(cli: Cli) -> None:
    ticket = queued(cli)
    first = done(hand(cli, ticket, "folder")).record
    (document,) = documents(cli)
    assert document.stat().st_mode & 0o077 == 0
    document.write_text("changed by hand")
    done(hand(cli, ticket, "folder"))
    second = done(hand(cli, ticket, "folder", "--again")).record
    assert document.read_text() == "changed by hand"
    assert (first["id"], second["where"]) == (second["id"], first["where"].replace(".md", "-2.md"))
    assert "my bag never arrived" in (cli.workspace / second["where"]).read_text()


def test_a_folder_that_is_a_file_is_told_and_can_be_mended(cli: Cli) -> None:
    ticket = queued(cli)
    folder = cli.workspace / "handed-on"
    folder.write_text("something else")
    run = hand(cli, ticket, "folder")
    assert (run.code, run.record["state"]) == (1, "failed")
    assert f"{folder}: " in run.error["message"]
    assert folder.read_text() == "something else"
    folder.unlink()
    assert done(hand(cli, ticket, "folder")).record["state"] == "sent"


def test_each_form_of_a_file(cli: Cli) -> None:
    ticket = queued(cli)
    policy(cli, f'{TWO_AGENTS}\n[mail]\nfrom = "help@northline.example"\n')
    found = {
        form: done(hand(cli, ticket, "folder", "--format", form)).record for form in ("md", "json", "eml")
    }
    texts = {form: (cli.workspace / one["where"]).read_text() for form, one in found.items()}
    assert texts["md"].startswith(f"# Ticket {ticket}")
    assert json.loads(texts["json"])["ticket"]["id"] == ticket
    assert f"Message-ID: {found['eml']['message_id']}" in texts["eml"]
    assert {one["message_id"] for one in (found["md"], found["json"])} == {None}


PROGRAM = """
import os, sys
text = sys.stdin.read()
open("got.txt", "a").write(text)
open("env.txt", "w").write("\\n".join(sorted(k for k in os.environ if k.startswith("SOCIALCLI_"))))
"""


def test_a_program_gets_the_document_and_no_secret(cli: Cli) -> None:
    ticket = queued(cli, message(text=PRIVATE))
    with_program(cli, script(cli.workspace, PROGRAM), form="json")
    env = {"SOCIALCLI_SUPPORT_ACCESS_TOKEN": "t0ken", "SOCIALCLI_MAIL_PASSWORD": "hunter2"}
    sent = done(hand(cli, ticket, "desk", env=env)).record
    done(hand(cli, ticket, "desk"))
    told = json.loads((cli.workspace / "got.txt").read_text())  # once: else it is no JSON
    assert (sent["state"], sent["where"], told["ticket"]["id"]) == ("sent", sys.executable, ticket)
    assert "jo.doe@example.com" not in json.dumps(told)
    assert (cli.workspace / "env.txt").read_text().split() == ["SOCIALCLI_HANDOFF", "SOCIALCLI_TICKET"]


@pytest.mark.parametrize(
    ("source", "limit", "code", "state", "why"),
    [
        ("import sys; sys.exit('\\x1b[31mno such case')", "60s", 1, "failed", "no such case"),
        ("import sys; sys.exit(75)", "60s", 75, "failed", "ended with exit code 75"),
        ("import time; time.sleep(60)", "1s", 75, "unknown", "did not answer within 1s"),
        ("import os; os.kill(os.getpid(), 9)", "60s", 75, "unknown", "was ended by signal 9"),
        ("while True: print('x' * 1000)", "60s", 75, "unknown", "says more than a megabyte"),
    ],
)
def test_a_program_that_fails_is_told_with_its_last_line(
    cli: Cli, source: str, limit: str, code: int, state: str, why: str
) -> None:
    ticket = queued(cli)
    with_program(cli, script(cli.workspace, source), timeout=limit)
    run = hand(cli, ticket, "desk")
    assert (run.code, run.record["state"]) == (code, state)
    assert why in run.error["message"]
    assert "\x1b" not in cli("show", ticket, now=LATER).out
    if state == "unknown":  # it may have done its work: it is not run again
        with_program(cli, script(cli.workspace, "open('ran.txt', 'w')"))
        assert (hand(cli, ticket, "desk").code, (cli.workspace / "ran.txt").exists()) == (75, False)


def test_a_program_that_is_not_there_is_a_usage_error_and_can_be_mended(cli: Cli) -> None:
    ticket = queued(cli)
    with_program(cli, ["bin/not-there"])
    run = hand(cli, ticket, "desk")
    assert (run.code, run.record["state"]) == (2, "failed")
    with_program(cli, script(cli.workspace, PROGRAM))
    assert done(hand(cli, ticket, "desk")).record["state"] == "sent"


# --------------------------------------------------------------------------------------------------- who and how


def test_who_only_drafts_or_has_not_the_ticket_hands_nothing_on(cli: Cli) -> None:
    ticket = queued(cli)
    policy(cli, TWO_AGENTS.replace('initials = "SB"', 'initials = "SB"\nrole = "draft"'))
    assert hand(cli, ticket, "folder").code == 3
    policy(cli, TWO_AGENTS)
    done(cli("claim", ticket, "--as", "mo", now=NOW))
    assert hand(cli, ticket, "folder").code == 6
    assert documents(cli) == []


def test_usage(cli: Cli) -> None:
    ticket = queued(cli)
    unknown = hand(cli, ticket, "nowhere")
    assert (unknown.code, unknown.error["message"]) == (5, 'no hand-off "nowhere"')
    assert hand(cli, ticket, "folder", "--to", "email").code == 2
    assert hand(cli, ticket, "folder", "--format", "eml").code == 2
    assert cli("move-offline", ticket, "--note", "x", now=LATER).code == 2
    with mail.post_office() as post:
        with_mail(cli, post.port)
        assert hand(cli, ticket, "baggage", "--format", "md").code == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[mail]\nhost = "mail.northline.example"\nsecurity = "none"\n', "allowed only to this machine"),
        (
            '[[handoffs]]\nname = "a"\nway = "smtp"\nto = "x@y.example"\n',
            "mail.host and mail.from is not set",
        ),
        ('[[handoffs]]\nname = "a"\nway = "smtp"\nto = "x y"\n', "is no e-mail address"),
        ('[[handoffs]]\nname = "a"\nway = "command"\n', 'is needed where way = "command"'),
        ('[[handoffs]]\nname = "a"\nway = "file"\nfolder = "../up"\n', "is not a path inside the workspace"),
        ('[[handoffs]]\nname = "a"\nway = "file"\nfolder = "x"\nformat = "eml"\n', "mail.from is not set"),
        ('[mail]\npassword = "hunter2"\n', "secrets never stand in policies.toml"),
        ('[[experts]]\nid = "a"\nname = "A"\n', "needs one of"),
        ('[[experts]]\nid = "a"\nname = "A"\nhandoff = "b"\n', 'there is no [[handoffs]] "b"'),
        ('[[experts]]\nid = "a"\nname = "A"\nto = "x@y.example"\n', "no mail can go out"),
    ],
)
def test_mistakes_in_the_policy_are_told_with_their_line(cli: Cli, text: str, told: str) -> None:
    policy(cli, text)
    run = cli("expert", "list")
    assert run.code == 7
    assert told in run.err
    assert "policies.toml:" in run.err
    assert "hunter2" not in run.err


# ------------------------------------------------------------------------------------------------------- erased


def test_an_erasure_takes_the_files_and_names_who_is_out_of_reach(cli: Cli) -> None:
    ticket = queued(cli)
    other = queued(cli, message(), message("m9", "@NorthlineAir where is my lost bag?", "cust9"))
    other = next(
        one["id"] for one in cli("list", "--json", now=NOW).records if one["customer"]["handle"] == "cust9"
    )
    with mail.post_office() as post:
        with_mail(
            cli, post.port, more='\n[[handoffs]]\nname = "folder"\nway = "file"\nfolder = "handed-on"\n'
        )
        done(hand(cli, ticket, "baggage", "--note", "cust1 says the bag is blue"))
        done(hand(cli, ticket, "folder", "--note", "cust1 says the bag is blue"))
        done(hand(cli, other, "folder"))
    planned = done(cli("forget", "@cust1", "--dry-run", "--as", "sb", now=LATER))
    assert "handed-on/" in planned.out
    assert len(documents(cli)) == 2
    run = done(cli("forget", "@cust1", "--yes", "--as", "sb", now=LATER))
    assert "handed on to baggage, which is out of reach" in run.err
    assert [one.name.startswith(other) for one in documents(cli)] == [True]
    assert b"blue" not in journal(cli)
    assert "nothing is left to erase" in cli("forget", "@cust1", "--yes", "--as", "sb", now=LATER).err
    (kept,) = {one["state"] for one in cli("show", ticket, "--json").records if one["type"] == "handoff"}
    assert kept == "sent"


def test_an_erasure_names_a_folder_that_lies_elsewhere(cli: Cli, tmp_path: Path) -> None:
    ticket = queued(cli)
    elsewhere = tmp_path / "share"
    elsewhere.mkdir()
    (cli.workspace / "handed-on").symlink_to(elsewhere)
    done(hand(cli, ticket, "folder"))
    run = done(cli("forget", "@cust1", "--yes", "--as", "sb", now=LATER))
    assert len(list(elsewhere.iterdir())) == 1  # what lies outside the workspace is not ours to delete
    assert "handed on to folder, which is out of reach" in run.err
