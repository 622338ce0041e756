"""Mails of strangers, read with care."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from socialcli.handing import boxes, letters, quoting, stripping
from socialcli.handing.letters import LetterError, read

NEW = "The bag is in Oslo."


@pytest.mark.parametrize(
    "text",
    [
        f"{NEW}\n\nOn Fri, 20 Nov 2026, Northline wrote:\n> old\n> words",
        f"On Fri, 20 Nov 2026, Northline wrote:\n> old\n\n{NEW}",
        f"> old\n{NEW}",
        f"{NEW}\n\nAm 20.11.2026 um 10:00 schrieb Northline:\n\n> alt",
        f"{NEW}\n\nLe ven. 20 nov. 2026 à 10:00, Northline a écrit :\n> vieux",
        f"{NEW}\n\nEl vie, 20 nov 2026, Northline\n<help@northline.example> escribió:\n> viejo",
        f"{NEW}\n\n-----Original Message-----\nFrom: Northline\nold words",
        f"{NEW}\n\n________________________________\nFrom: Northline\nold",
        f"{NEW}\n\nVon: Northline\nGesendet: Freitag\nAn: Kim\nalt",
        f"{NEW}\n\nAm Fr., 20. Nov. 2026 um 10:06 Uhr schrieb Northline <\nhelp@northline.example>:\n\n> alt",
        f"{NEW}\n\nNorthline <help@northline.example> schrieb am Fr., 20. Nov. 2026, 10:06:\n\n> alt",
        f"{NEW}\n\nLe ven. 20 nov. 2026 à 10:06, Northline <help@northline.example> a\nécrit :\n\n> vieux",
        f"{NEW}\n\nEm sex., 20 de nov. de 2026, Northline <\nhelp@northline.example> escreveu:\n> velho",
        f"{NEW}\n\nDe: Northline\nEnviado el: viernes\nPara: Kim\nviejo",
        f"{NEW}\n\nDe: Northline\nEnviada em: sexta-feira\nPara: Kim\nvelho",
        f"{NEW}\n-- \nKim Berg\nBaggage Desk",
    ],
)
def test_only_what_is_new_is_taken(text: str) -> None:
    assert quoting.new_words(text).strip() == NEW


def test_answers_between_the_quotes_stay() -> None:
    text = "Kim wrote:\n> Where is it?\nIn Oslo.\n> Which tag?\nNL7."
    assert quoting.new_words(text) == "In Oslo.\nNL7."


def test_where_all_is_quoted_all_is_kept() -> None:
    assert quoting.new_words("> only\n> this") == "> only\n> this"
    assert (
        quoting.new_words("-----Original Message-----\nforwarded") == "-----Original Message-----\nforwarded"
    )


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a < b &lt;b&gt;", "a < b <b>"),
        ("<style>p{}", ""),
        ("<!-- hidden -->seen<!-- and the rest", "seen"),
        ('New<div class="gmail_quote">old</div>', "New"),
        ("<blockquote>all of it</blockquote>", "all of it"),
        ("<p>N wrote:</p><blockquote>a<blockquote>b</blockquote>c</blockquote><p>New</p>", "N wrote:\n\nNew"),
        ("<blockquote>Where?</blockquote>In Oslo.<blockquote>Tag?</blockquote>NL7.", "In Oslo.\nNL7."),
        ("New<blockquote>old</blockquote><div>&nbsp;</div>", "New"),
        ("New<blockquote>old, and never closed", "New"),
        ("<SCRIPT>x</SCRIPT >y", "y"),
    ],
)
def test_a_page_as_text(page: str, text: str) -> None:
    assert stripping.plain_text(page) == text


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no header"),
        (b"\x00\xff\xfe", "no header"),
        (b"From: a@b\r\n\r\n" + b"x" * letters.MOST, "larger than 25 MB"),
        (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + b"--b\r\nContent-Type: multipart/mixed\r\n\r\n" * 300,
            "too many parts",
        ),
        (b"From: a@b\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 500, "too many parts"),
        (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 150 + b"x\n" * 200_000,
            "too many parts",
        ),
    ],
)
def test_what_is_no_mail_says_why(raw: bytes, why: str) -> None:
    with pytest.raises(LetterError, match=why):
        read(raw)


@pytest.mark.parametrize(
    "header",
    [
        b"From: =?bogus?b?!!!?= <a@b.example>",
        b"From: a@b.example\r\nSubject: =?utf-8?b?////?=",
        b"From: a@b.example\r\nContent-Type: text/plain; charset*=bogus''%ff",
        b"From: a@b.example\r\nContent-Disposition: attachment; filename*0*=bogus''%ff; filename*1=x",
        b"From: a@b.example\r\nContent-Transfer-Encoding: base64",
        b"From: a@b.example\r\nContent-Type: multipart/mixed",
        b"From: a@b.example\r\nMessage-ID: <<<>>>\r\nReferences: <",
        b"From: \xff\xfe <a@b.example>\r\nIn-Reply-To: \xff",
    ],
)
def test_nonsense_in_headers_loses_no_mail(header: bytes) -> None:
    found = read(header + b"\r\n\r\nwords of the mail\r\n")
    assert found.sender in ("a@b.example", "nobody")


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 300_000 + ">x\n" * 300_000,
        "<" * 1_000_000,
        "<!--" * 250_000,
        "<blockquote>" * 40_000 + "</blockquote>x" * 40_000,
        "<script>" * 125_000,
        "wrote: " * 150_000,
        "-" * 1_000_000,
        "_" * 1_000_000 + "x",
        ">" * 1_000_000,
        "From: x\n" * 120_000,
        "&" * 1_000_000,
    ],
)
def test_a_megabyte_of_spite_is_read(text: str) -> None:
    for kind in ("plain", "html"):
        raw = f"From: a@b.example\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{text}".encode()
        assert len(read(raw).text) <= 20_100


@pytest.mark.parametrize(
    "header",
    [
        b'Content-Type: text/plain; x="' + b";" * 1_000_000,
        b"Content-Type: text/plain" + b"; a=b" * 200_000,
        b'Content-Disposition: inline; filename="' + b";" * 1_000_000,
        b'Content-Type: multipart/mixed; boundary="' + b";" * 1_000_000,
        b"From: " + b"(" * 1_000_000,
        b"Content-Type: text/plain; charset=punycode\r\n\r\nabc-" + b"9aaz" * 250_000,
        b"Content-Type: text/plain; charset=idna\r\n\r\nxn--" + b"9aaz" * 250_000,
    ],
)
def test_a_megabyte_of_spite_in_a_header_is_read(header: bytes) -> None:
    assert len(read(b"Subject: x\r\n" + header + b"\r\n\r\nwords").text) <= 20_100


def test_what_is_no_charset_is_not_used_as_one() -> None:
    raw = b"From: a@b\r\nContent-Type: text/plain; charset=unicode_escape\r\n\r\n\\x41\\q"
    assert read(raw).text == "\\x41\\q"


def test_what_a_mail_program_moves_meanwhile_is_passed_over(tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    for name in ("1", "2", "3"):
        (new / name).write_bytes(name.encode())
    found = boxes.mails(str(tmp_path))
    first = next(found)
    (new / "2").unlink()
    assert [first, *found] == [("new/1", b"1"), ("new/3", b"3")]


@given(some.binary(max_size=600))
def test_any_bytes_are_a_mail_or_none(raw: bytes) -> None:
    for one in (raw, b"From: a@b\r\nSubject: x\r\nContent-Type: " + raw):
        try:
            found = read(one)
        except LetterError:
            continue
        assert "\x1b" not in found.sender + found.subject
        found.text.encode()


def test_the_key_is_that_of_the_message_id() -> None:
    one, two = (read(b"From: a@b\r\nMessage-ID: <x@y>\r\n\r\n" + body) for body in (b"1", b"2"))
    assert one.key == two.key
    assert read(b"From: a@b\r\n\r\n1").key != read(b"From: a@b\r\n\r\n2").key
